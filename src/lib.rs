//! An embedded, append-only ledger of a product's life, from design to recycling.
//!
//! Manufacturers, suppliers, carriers and recyclers put signed statements into it; it calculates each product's
//! carbon footprint exactly from them; whoever receives a published footprint proves it offline.
//!
//! # Floors
//!
//! Imports go only downward.
//!
//! | floor | rooms | what they own |
//! |---|---|---|
//! | 0 | [`model`], [`store`] | values; bytes on disk |
//! | 1 | [`codec`], [`calc`] | the one spelling of everything signed; the calculation |
//! | 2 | [`merkle`] | RFC 6962 trees and proofs |
//! | 3 | [`sign`] | keys, seals, signed notes |
//! | 4 | [`log`] | checkpoints |
//! | 5 | [`rules`] | what holds, and who may sign what |
//! | 6 | [`ledger`], [`exchange`], [`bundle`] | the one writer; files in and out; the footprint proof |
//! | 7 | [`publish`], [`audit`] | the publication gate and page; checking everything again |

pub mod audit;
pub mod bundle;
pub mod calc;
pub mod codec;
pub mod exchange;
pub mod ledger;
pub mod log;
pub mod merkle;
pub mod model;
pub mod publish;
pub mod rules;
pub mod sign;
pub mod store;
