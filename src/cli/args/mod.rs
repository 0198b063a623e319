//! Arguments that several verbs share.

mod declared;
mod import;
mod signing;
mod witnessing;

pub use declared::Declared;
pub use import::ImportOptions;
pub use signing::Signing;
pub use witnessing::Witnessing;
