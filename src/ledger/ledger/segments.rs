//! The segments of a ledger as what the derived runs do not hold: texts and seals, read again where
//! they are asked for. It never writes.

use std::path::Path;
use std::sync::Arc;

use super::base::{Answer, Base, Texts, said_at};
use super::placed::Placed;
use crate::admission::{Book, IndexError, Said, Scope, Sealing};
use crate::codec::digest::sha256;
use crate::model::{ProductTag, PublicKey, Statement};
use crate::runs::Runs;
use crate::sign::Seal;
use crate::store::file::FileReader;
use crate::store::{LogState, Position, Reader, StoreError};

/// The segments of a ledger, as the runs' texts.
pub(super) struct Segments(FileReader);

impl Segments {
    /// Opens them for reading, beside a writer in this process too.
    pub(super) fn open(dir: &Path) -> Result<Self, StoreError> {
        FileReader::open(dir).map(Self)
    }

    /// The base over these runs, where they are of the log in these segments: its commit at their
    /// end has their size and root. Runs of another or a longer history give nothing.
    pub(super) fn base(self, runs: Runs) -> Result<Option<Base>, StoreError> {
        let head = runs.head();
        if head.size == 0 || self.0.head()?.size < head.size {
            return Ok(None);
        }
        let ends = runs.seal(head.size - 1).is_ok_and(|row| row.end == head.position);
        let same = |state: LogState| (state.size, state.root) == (head.size, head.root);
        let is_of_this_log = ends && self.0.ending(head.position).is_ok_and(|(state, _)| same(state));
        Ok(is_of_this_log.then(|| Base::over(runs, Box::new(self))).flatten())
    }
}

impl Texts for Segments {
    fn body(&self, _: usize, at: Position) -> Answer<Option<Arc<Statement>>> {
        Ok(match said_at(&self.0, at)? {
            Said::Whole(statement) => Some(Arc::new(statement)),
            Said::Header(_) => None,
        })
    }

    fn makes(&self, at: Position, product: &ProductTag) -> Answer<bool> {
        Ok(said_at(&self.0, at)?.tags().contains(product))
    }

    fn sealing(&self, index: u64, end: Position) -> Answer<Sealing> {
        let (_, bytes) = self.0.ending(end).map_err(IndexError::new)?;
        let seal = Seal::parse(&bytes).map_err(IndexError::new)?;
        Ok(Sealing { index, key: PublicKey::from_bytes(*seal.signer()), message: sha256(&[&seal.message()]) })
    }

    fn read_again(&self, seals: u64) -> Answer<(Book, Placed)> {
        let (mut book, mut placed) = (Book::new(Scope::Whole), Placed::from(0, 0));
        placed.replay(&self.0, None, &mut book, Some(seals)).map_err(IndexError::new)?;
        Ok((book, placed))
    }
}
