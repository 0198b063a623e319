//! What a product's rows come to: sums on their way, figures of each row, and the gate that others
//! consume.

use std::borrow::Cow;

use crate::calc::lower::source::{GwpSets, SourceValue};
use crate::calc::result::quality::{Primary, Weights};
use crate::model::wide::Wide;
use crate::model::{ByCategory, Co2e, Decimal, FigureSet, Stage, Text, ValueError};

/// Everything of one row before the division by its units.
pub(in crate::calc) struct Sums {
    /// 1e-33 kg times the row's parts.
    pub(super) categories: ByCategory<Wide>,
    pub(super) weights: Weights,
    pub(super) excluded: Wide,
    pub(super) gwp: GwpSets,
    /// Declared units, in 1e-18.
    pub(super) units: Wide,
}

impl Sums {
    pub(super) fn new(units: Wide) -> Self {
        Self {
            categories: ByCategory::from_fn(|_| Wide::ZERO),
            weights: Weights::default(),
            excluded: Wide::ZERO,
            gwp: GwpSets::default(),
            units,
        }
    }
}

/// A row with its figures per declared unit and what belongs to them.
#[derive(Debug, Clone)]
pub(in crate::calc) struct RowResult<'a> {
    pub(in crate::calc) stage: Stage,
    pub(in crate::calc) process: Cow<'a, Text>,
    pub(in crate::calc) figures: FigureSet,
    pub(in crate::calc) weights: Weights,
    /// kg CO2e left out, per declared unit.
    pub(in crate::calc) excluded: Co2e,
    pub(in crate::calc) gwp: GwpSets,
}

/// The gate of one product: its rows, and what it gives to those who consume it.
pub(in crate::calc) struct GatePart<'a> {
    pub(in crate::calc) rows: Vec<RowResult<'a>>,
    pub(in crate::calc) value: SourceValue,
}

impl<'a> GatePart<'a> {
    pub(super) fn new(rows: Vec<RowResult<'a>>) -> Result<Self, ValueError> {
        let mut figures = ByCategory::<Co2e>::default();
        let (mut weights, mut gwp) = (Weights::default(), GwpSets::default());
        for row in &rows {
            figures = figures.plus(&row.figures.categories)?;
            weights.add(&row.weights)?;
            gwp.add(row.gwp);
        }
        let figures = FigureSet::new(figures)?;
        let primary = Primary::Percent(weights.primary_data_share()?.unwrap_or(Decimal::ZERO));
        let value = SourceValue::new(figures.categories, gwp, primary, weights.ratings()?)?;
        Ok(Self { rows, value })
    }
}

/// A product of a loop, with everything but what comes from the loop.
pub(super) struct Prepared<'a> {
    /// Each row by place.
    pub(super) sums: Vec<(u32, Sums)>,
    /// What comes from no activity: recycled material.
    pub(super) recycled: Vec<RowResult<'a>>,
}
