//! What is known of products while others are calculated.

use crate::calc::lower::LineSource;
use crate::calc::lower::source::{GwpSets, SourceValue};
use crate::model::{ByCategory, Co2e};

/// Figures of products.
pub(in crate::calc) trait Values {
    /// The gate of a product; nothing at all while its loop is being solved; none where it has
    /// none.
    fn product(&self, number: usize) -> Option<SourceValue>;

    /// The publication that takes the place of a product without data.
    fn stand_in(&self, number: usize) -> Option<LineSource>;

    /// The figures of a row in a loop that is solved, and the GWP sets of the whole loop.
    fn solved(&self, number: usize, row: u32) -> Option<(ByCategory<Co2e>, GwpSets)>;
}
