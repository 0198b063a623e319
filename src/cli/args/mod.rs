//! Groups of arguments that verbs share, and what they mean to the library.

mod accepting;
mod declared;
mod import;
pub mod question;
mod showing;
mod signing;
pub mod spread;
pub mod trust;
mod witnessing;

pub use accepting::acceptances;
pub use declared::Declared;
pub use import::ImportOptions;
pub use showing::Showing;
pub use signing::Signing;
pub use witnessing::Witnessing;
