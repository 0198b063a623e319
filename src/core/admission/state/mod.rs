#![doc = include_str!("../../../../schemas/state.md")]

mod entry;
mod tree;

pub use entry::{EntryKind, StateEntry, Value, key_of, key_of_actor, set_of};
pub use tree::StateTree;
