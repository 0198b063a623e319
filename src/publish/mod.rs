//! The publication gate, and what is made of a publication: its proof, its PACT document, its page, the list of pages. Page and list are pure
//! functions from values to HTML; the rest reads a ledger. Nothing here signs, appends or writes a file.

pub mod chart;
pub mod gate;
pub mod page;
pub mod policy;
pub mod site;

mod documents;
mod error;
mod gather;
mod prepare;
mod shorten;
mod show;
mod state;
mod target;
mod texts;
mod view;
mod words;

pub use documents::{PactOptions, pact};
pub use error::PublishError;
pub use gate::GateItem;
pub use gather::{Disclosure, assurances, find, gather, gather_after, publications};
pub use policy::Policy;
pub use prepare::{METHOD_VERSION, Order, Prepared, prepare, prepare_with, recalculate, request_of, used};
pub use shorten::{SIGNIFICANT_DIGITS, Shortened, shorten, shorten_decimal};
pub use show::{index_of, page_of};
pub use state::{state_of, states_due};
pub use target::target_svg;
