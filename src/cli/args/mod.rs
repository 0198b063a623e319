//! Groups of arguments that verbs share, and what they mean to the library.

pub mod question;
pub mod spread;
pub mod trust;
