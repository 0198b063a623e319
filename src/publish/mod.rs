//! The publication gate, the page and the site. The page and the site are pure functions from values to HTML text: they read nothing,
//! calculate nothing, and print every figure with the digits it has.

pub mod chart;
pub mod page;
pub mod site;

mod error;
mod shorten;
mod view;
mod words;

pub use error::PublishError;
pub use shorten::{SIGNIFICANT_DIGITS, Shortened, shorten, shorten_decimal};
