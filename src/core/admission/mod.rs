//! Folds statements in log order into what holds, and says who may sign what. Pure: no store, no clock. The ledger, the footprint
//! proof and the audit all judge through [`Book`], so that the three can never disagree; and all calculate from the
//! inventory made here. It never reads bytes from a disk and never signs.

mod admit;
mod behind;
mod book;
mod declared;
mod ended;
mod fact;
mod fold;
mod hashed;
mod holdings;
mod index;
mod inventory;
mod keyring;
mod lists;
mod lookups;
mod numbers;
mod pending;
mod products;
mod reach;
mod readings;
mod refusal;
mod said;
mod seals;
mod snapshot;
mod sought;
pub mod state;
mod tail;
mod turns;
mod used;

pub use book::{Announced, Book, Scope, States};
pub use ended::{Death, Ended};
pub use fact::{Entry, Fact, Makes, ReadingPlace};
pub use holdings::Holdings;
pub use index::{Entries, Index, IndexError};
pub use inventory::{InventoryError, changes_since, inventory, inventory_but_activities};
pub use keyring::{Keyring, Signer};
pub use lists::Owned;
pub use products::HeldProduct;
pub use reach::inventory_of;
pub use readings::Readings;
pub use refusal::{Refusal, WrongState};
pub use said::Said;
pub use seals::Sealing;
pub use snapshot::Snapshot;
pub use sought::{Series, Sought};
pub use turns::{Turn, Turns};
pub use used::{UsedIds, root_over};
