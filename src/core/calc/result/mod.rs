//! What is told of a product whose gate is solved: figures, the statements behind them, and what a
//! reader must know.

mod figures;
mod footprint;
mod products;
pub(super) mod quality;
mod used;

pub use footprint::footprint;
pub use products::{Activities, Gates, Products, Reading, footprints};
