//! The publication gate, the page and the site.

mod documents;
mod error;
pub mod gate;
mod gather;
mod prepare;
mod shorten;

pub use documents::{PactOptions, pact};
pub use error::PublishError;
pub use gate::GateItem;
pub use gather::{Disclosure, assurances, find, gather};
pub use prepare::{METHOD_VERSION, Order, Prepared, prepare, recalculate, request_of, used};
pub use shorten::{SIGNIFICANT_DIGITS, Shortened, shorten, shorten_decimal};
