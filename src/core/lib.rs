//! The pure half of pcf-ledger, and what an auditor embeds: values, the one spelling, signatures,
//! the log, the calculation, the rules and the
//! footprint proof. No file, no clock, no randomness, no network, no thread; it builds for
//! `wasm32-unknown-unknown`.
//!
//! Imports go only downward.
//!
//! | floor | rooms | what they own |
//! |---|---|---|
//! | 0 | [`limits`], [`checks`] | every limit and version, once; the one shape of checks |
//! | 1 | [`model`] | values |
//! | 2 | [`codec`], [`calc`] | the one spelling of everything signed; the calculation |
//! | 3 | [`merkle`], [`plausibility`] | RFC 6962 trees and proofs; the rules of `pcf check` |
//! | 4 | [`sign`], [`pact`] | keys, seals, signed notes; the PACT document, in and out |
//! | 5 | [`log`] | checkpoints |
//! | 6 | [`admission`] | what holds, and who may sign what |
//! | 7 | [`proof`] | the footprint proof |

pub mod admission;
pub mod calc;
pub mod checks;
pub mod codec;
pub mod limits;
pub mod log;
pub mod merkle;
pub mod model;
pub mod pact;
pub mod plausibility;
pub mod proof;
pub mod sign;
