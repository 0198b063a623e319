//! Folds statements in log order into what holds, and says who may sign what. Pure: no store, no clock. The ledger, the footprint
//! proof and the audit all judge through [`Book`], so that the three can never disagree; and all calculate from the
//! inventory made here. It never reads bytes from a disk and never signs.

mod admission;
mod book;
pub mod bought;
mod fold;
mod hashed;
mod inventory;
mod keyring;
mod pending;
mod refusal;
pub mod state;

pub use book::{Book, Death, Entry, Fact, Scope, tag};
pub use inventory::{InventoryError, inventory, inventory_where};
pub use keyring::{Keyring, Signer};
pub use refusal::Refusal;
