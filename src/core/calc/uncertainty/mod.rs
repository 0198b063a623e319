//! How uncertain a footprint is: to first order at once, and by Monte Carlo with a stated seed. The
//! one room with floats: they describe a figure and never enter one. Every function beyond `+ - *
//! /` comes from `libm`, sums run in the order of statement ids, and a draw is a function of (seed,
//! statement id, flow, iteration), so that threads, the order of statements, the products asked for
//! and the platform change no bit.
//!
//! Amounts and factors are medians of log-normal distributions with the squared geometric standard
//! deviation `GSD2` that their statements give, or that follows from pedigree scores
//! ([`pedigree::gsd2_of_scores`]); `sigma = ln(GSD2) / 2`. What states no uncertainty counts as
//! exact, and how much of the footprint states one is said beside every result. Characterisation
//! factors, outputs and shares are not drawn.

mod first_order;
mod model;
mod monte_carlo;
mod normal;
pub mod pedigree;
mod shown;
mod spread;
mod threefry;

pub use first_order::{Cause, FirstOrder, first_order};
pub use monte_carlo::{DrawnRange, Draws, Plan, Sampling, monte_carlo};
pub use spread::Spread;
