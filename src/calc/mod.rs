//! Pure calculation: an inventory in, footprints and their trace out. Never sees a store, a key or a clock.

mod inventory;

pub use inventory::{BoughtFootprint, Footprint, Held, Inventory, Request};

/// One flow's part of a footprint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contribution;
