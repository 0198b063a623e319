//! Arguments that several verbs share.

mod declared;
mod witnessing;

pub use declared::Declared;
pub use witnessing::Witnessing;
