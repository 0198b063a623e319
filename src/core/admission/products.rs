//! The products that hold, found by any of their ids. Every activity asks here, so that what is asked for lies behind one key.

use std::sync::Arc;

use super::fact::key_of_product;
use super::hashed::ByHash;
use crate::codec::digest::Sha256Bytes;
use crate::model::{Product, ProductId, StatementId};

/// A product that holds, with its statement.
#[derive(Debug)]
pub(super) struct HeldProduct {
    pub id: StatementId,
    pub statement: Product,
}

/// All of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Products {
    /// By SHA-256 of each of its ids.
    by_key: ByHash<Sha256Bytes, Arc<HeldProduct>>,
}

impl Products {
    /// The product with this id.
    pub fn get(&self, id: &ProductId) -> Option<&HeldProduct> {
        self.with(&key_of_product(id))
    }

    /// The product with the id that hashes to this.
    pub fn with(&self, key: &Sha256Bytes) -> Option<&HeldProduct> {
        self.by_key.get(key).map(AsRef::as_ref)
    }

    /// Files a product under all its ids.
    pub fn put(&mut self, id: StatementId, statement: Product) {
        let keys: Vec<Sha256Bytes> = statement.ids.iter().map(key_of_product).collect();
        let held = Arc::new(HeldProduct { id, statement });
        self.by_key.extend(keys.into_iter().map(|key| (key, Arc::clone(&held))));
    }

    /// Takes out the product that is filed under this id, with all its ids.
    pub fn remove(&mut self, filed: &ProductId) {
        if let Some(held) = self.by_key.remove(&key_of_product(filed)) {
            for alias in &held.statement.ids {
                self.by_key.remove(&key_of_product(alias));
            }
        }
    }

    /// Each once, with the id that it is filed under, in the order of these.
    pub fn all(&self) -> Vec<(&ProductId, &HeldProduct)> {
        let filed =
            self.by_key.values().filter_map(|held| Some((held.statement.ids.first()?, held.as_ref())));
        let mut all: Vec<_> = filed.collect();
        all.sort_unstable_by_key(|(id, _)| *id);
        all.dedup_by_key(|(id, _)| *id);
        all
    }
}
