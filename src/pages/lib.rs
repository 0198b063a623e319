//! What people read: the page of a publication, the list of pages, and the drawing of a target.
//! Pure functions from values to text: nothing
//! here reads a ledger, calculates or writes a file.

pub mod chart;
pub mod page;
pub mod site;

mod error;
mod shorten;
mod target;
mod view;
mod words;

pub use error::PageError;
pub use shorten::{SIGNIFICANT_DIGITS, Shortened, shorten, shorten_decimal};
pub use target::target_svg;
