//! Folds statements in log order into what holds, and says who may sign what. Pure: no store, no clock. The ledger, the footprint
//! proof and the audit all judge through [`Book`], so that the three can never disagree; and all calculate from the
//! inventory made here. It never reads bytes from a disk and never signs.

mod admit;
mod book;
mod deaths;
mod entries;
mod fact;
mod fold;
mod hashed;
mod inventory;
mod keyring;
mod numbers;
mod pending;
mod products;
mod reach;
mod refusal;
mod said;
mod seals;
pub mod shelf;
pub mod state;

pub use book::{Announced, Book, Death, Scope};
pub use entries::{EachEntry, Entries};
pub use fact::{Entry, Fact, Makes};
pub use inventory::{InventoryError, changes_since, inventory, inventory_where};
pub use keyring::{Keyring, Signer};
pub use reach::{Holdings, Sought, inventory_of};
pub use refusal::{Refusal, WrongState};
pub use said::Said;
