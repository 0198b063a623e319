//! The statements that enter a figure, parted into those that every proof shows and those that it
//! may hide.

use std::collections::BTreeSet;

use crate::calc::Inventory;
use crate::merkle::{Frontier, leaf_hash};
use crate::model::{Digest, StatementId, Used, UsedActivities, UsedSources, ValueError, Whole};

/// The statements that enter any figure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UsedIds {
    /// Activities.
    pub activities: BTreeSet<StatementId>,
    /// All others, such as products, factors and suppliers' footprints.
    pub sources: BTreeSet<StatementId>,
}

impl UsedIds {
    /// Parts the statements that enter the figures of this inventory.
    pub fn of(inventory: &Inventory, used: &BTreeSet<StatementId>) -> Self {
        let activities: BTreeSet<StatementId> =
            inventory.activities.iter().map(|held| held.id).filter(|id| used.contains(id)).collect();
        Self { sources: used.difference(&activities).copied().collect(), activities }
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &StatementId> {
        self.activities.iter().chain(&self.sources)
    }

    /// What a publication says of them.
    ///
    /// # Errors
    /// [`ValueError`] from 10^18 statements on.
    pub fn stated(&self) -> Result<Used, ValueError> {
        let count = Whole::new(self.activities.len() as u64)?; // OK because a usize has at most 64 bits.
        let activities = UsedActivities { count, root: root_over(&self.activities) };
        Ok(Used { activities, sources: UsedSources { root: root_over(&self.sources) } })
    }
}

/// The root over sorted statements, as [`Used`] has it.
pub fn root_over<'a>(sorted: impl IntoIterator<Item = &'a StatementId>) -> Digest {
    let mut tree = Frontier::new();
    sorted.into_iter().for_each(|id| tree.push(leaf_hash(id.as_bytes())));
    Digest::from_bytes(tree.root())
}
