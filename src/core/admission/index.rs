//! What is known of a log without reading it again: statements by number and by key, what ended
//! them, seals and roots. The trait is what admission and the inventory need and no more; memory,
//! files or another process may stand behind it.

use std::fmt::{self, Debug};
use std::ops::Range;
use std::sync::Arc;

use super::ended::Ended;
use super::seals::Sealing;
use super::{Entry, Sought};
use crate::merkle::{Frontier, Hash};
use crate::model::{ProductTag, Statement};

/// An index that could not answer. It never means that something is not there.
#[derive(Clone)]
pub struct IndexError(Arc<dyn std::error::Error + Send + Sync>);

impl IndexError {
    /// Wraps what went wrong.
    pub fn new(cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self(Arc::new(cause))
    }

    /// What went wrong.
    pub fn cause(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
        &*self.0
    }
}

impl fmt::Display for IndexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Debug for IndexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Debug::fmt(&self.0, f)
    }
}

impl std::error::Error for IndexError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

/// What an iterator over statements gives.
pub type Entries<'a> = Box<dyn Iterator<Item = Result<Entry, IndexError>> + Send + 'a>;

/// A log from its genesis up to some seal. Statements are numbered from 0 in log order, seals by
/// their index.
///
/// Every method answers from what was recorded, or says that it cannot: an answer is never made up,
/// and nothing that is there is left out. A number or an index beyond what it holds is an error.
pub trait Index: Debug + Send + Sync {
    /// How many statements it holds.
    fn statements(&self) -> usize;

    /// The tree over its seals.
    fn frontier(&self) -> &Frontier;

    /// The statement with a number.
    ///
    /// # Errors
    /// [`IndexError`]; so for every method here.
    fn entry(&self, number: usize) -> Result<Entry, IndexError>;

    /// Statements with these numbers, ascending.
    fn entries(&self, numbers: Range<usize>) -> Entries<'_>;

    /// The numbers filed under what is sought, ascending: all of them, and perhaps some of others
    /// with the same tag.
    ///
    /// # Errors
    /// [`IndexError`].
    fn found(&self, sought: &Sought<'_>) -> Result<Vec<usize>, IndexError>;

    /// Asks for many tags in one pass: `each` hears a tag with each number that is filed under it.
    /// The tags are sorted.
    ///
    /// # Errors
    /// [`IndexError`].
    fn found_all(&self, tags: &[u64], each: &mut dyn FnMut(u64, usize)) -> Result<(), IndexError>;

    /// What ended the statement with a number, if anything did.
    ///
    /// # Errors
    /// [`IndexError`].
    fn ended(&self, number: usize) -> Result<Option<Ended>, IndexError>;

    /// Every statement that ended, by number, in the order in which they ended.
    ///
    /// # Errors
    /// [`IndexError`].
    fn all_ended(&self) -> Result<Vec<(usize, Ended)>, IndexError>;

    /// What a statement says of a type whose text admission needs again; none where the text was
    /// taken out.
    ///
    /// # Errors
    /// [`IndexError`].
    fn body(&self, number: usize) -> Result<Option<Arc<Statement>>, IndexError>;

    /// Whether an activity puts out the product with this very tag.
    ///
    /// # Errors
    /// [`IndexError`].
    fn makes(&self, number: usize, product: &ProductTag) -> Result<bool, IndexError>;

    /// The number of the first statement under the seal with an index.
    ///
    /// # Errors
    /// [`IndexError`].
    fn first_of(&self, index: u64) -> Result<usize, IndexError>;

    /// Who sealed what at an index.
    ///
    /// # Errors
    /// [`IndexError`].
    fn sealing(&self, index: u64) -> Result<Sealing, IndexError>;

    /// The root of the log with `size` seals, of which there is at least one.
    ///
    /// # Errors
    /// [`IndexError`].
    fn root_at(&self, size: u64) -> Result<Hash, IndexError>;
}
