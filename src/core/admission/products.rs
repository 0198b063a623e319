//! The products that hold, found by any of their ids, as far as somebody asked for them lately.
//! Every activity asks here, so that what is asked for lies behind one key.

use std::sync::{Arc, PoisonError, RwLock};

use super::hashed::ByHash;
use crate::codec::digest::Sha256Bytes;
use crate::model::{Product, StatementId};

/// How many ids are remembered; beyond them all are forgotten. A product statement takes 1 to 2 kB.
const REMEMBERED_MAX: usize = 1 << 15;

/// A product that holds, with its statement.
#[derive(Debug)]
#[non_exhaustive]
pub struct HeldProduct {
    /// The id of its statement.
    pub id: StatementId,
    /// What it says.
    pub statement: Product,
}

/// Products by SHA-256 of each of their ids, and by the tag of each; for one that no product holds, nothing.
#[derive(Debug, Default)]
pub(super) struct Remembered(RwLock<ByHash<Sha256Bytes, Option<Arc<HeldProduct>>>>);

/// A copy remembers nothing: it costs nothing, and looks up what it is asked.
impl Clone for Remembered {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Remembered {
    /// The product with the id that hashes to this; none where nobody asked before.
    pub fn get(&self, key: &Sha256Bytes) -> Option<Option<Arc<HeldProduct>>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    /// Remembers what was found.
    pub fn put(&self, key: Sha256Bytes, found: Option<Arc<HeldProduct>>) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= REMEMBERED_MAX {
            all.clear();
        }
        all.insert(key, found);
    }

    /// Forgets everything: a product came, went or changed.
    pub fn forget(&mut self) {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
