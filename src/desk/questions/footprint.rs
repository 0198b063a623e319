//! A product's footprint, calculated from the statements that hold or that held at an earlier size
//! of the log.

use pcf_ledger::calc::{self, Request};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::DataCoverage;
use pcf_ledger::model::{Boundary, Figures, Period, ProductId, Whole};
use pcf_ledger::plausibility::{self, Months};
use pcf_ledger::store::Reader;
use serde::Serialize;

use super::LogQuestionError;
use super::product;
use super::uncertainty::{SpreadAsked, SpreadReport, spread};
use super::views::{self, Credit, Main};
use crate::DeskError;
use crate::words::declared_unit;

/// What is asked of a product.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The calculation.
    pub request: Request,
    /// Only the first so many submissions of the log count; absent: all.
    pub as_of: Option<u64>,
    /// What is asked about its uncertainty.
    pub spread: SpreadAsked,
}

/// One footprint.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Answer {
    /// The id that the product is filed under.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// What the figures are per, as `1 piece`.
    pub declared_unit: String,
    /// How far the figures reach.
    pub boundary: Boundary,
    /// The period.
    pub period: Period,
    /// The figures.
    pub figures: Figures,
    /// The processes that make at least 80 % of them, largest first.
    pub main_processes: Vec<Main>,
    /// Credits inside the total, among the product's own flows; absent where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<Credit>,
    /// On how many days of the period there are data to the gate; absent where nothing was
    /// measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<DataCoverage>,
    /// Of each process to the gate, which months of the period are known; absent where nothing was
    /// measured.
    #[serde(skip_serializing_if = "nothing_measured")]
    pub by_month: Months,
    /// How many statements enter them.
    pub used_statements: usize,
    /// The size of the log that they rest on.
    pub log_size: Whole,
    /// What a reader should know about them.
    pub notes: Vec<String>,
    /// How uncertain they are, where that was asked.
    #[serde(flatten)]
    pub spread: SpreadReport,
}

fn nothing_measured(months: &Months) -> bool {
    months.rows.is_empty()
}

/// Calculates the footprint of the product with this id or name.
///
/// # Errors
/// [`LogQuestionError::LogSize`]; those of [`product`]; [`DeskError::Calc`] where there is no figure.
pub fn footprint<S: Reader>(ledger: &Ledger<S>, text: &str, asked: &Asked) -> Result<Answer, DeskError> {
    let Asked { request, as_of, spread: uncertainty } = asked;
    let size = size(ledger, *as_of)?;
    let id = product(ledger.book(), text)?;
    let other = uncertainty.against.as_deref().map(|text| product(ledger.book(), text));
    // The figure is told missing before the product that it is compared with.
    let known = other.as_ref().and_then(|other| other.as_ref().ok());
    let products: Vec<ProductId> = std::iter::once(&id).chain(known).cloned().collect();
    let inventory = ledger.inventory_at(&products, size, None)?;
    let footprint = calc::footprint(&inventory, &id, request)?;
    let other = other.transpose()?;
    let spread = spread(&inventory, (&id, other.as_ref()), request, uncertainty)?;
    let stated = inventory.products.get(&footprint.product).map(|held| &held.statement);
    Ok(Answer {
        name: stated.map(|product| product.name.to_string()).unwrap_or_default(),
        declared_unit: stated.map(declared_unit).unwrap_or_default(),
        product: footprint.product,
        boundary: footprint.boundary,
        period: request.period,
        main_processes: views::main_processes(&footprint.figures)?,
        credits: views::credits(&footprint.contributions),
        figures: footprint.figures,
        coverage: plausibility::coverage(&inventory, &id, request),
        by_month: plausibility::months(&inventory, &id, request),
        used_statements: footprint.used.len(),
        log_size: Whole::new(size)?,
        notes: footprint.notes,
        spread,
    })
}

/// The size of the log that is asked for, or the present one.
///
/// # Errors
/// [`LogQuestionError::LogSize`] beyond the present one.
pub(super) fn size<S: Reader>(ledger: &Ledger<S>, as_of: Option<u64>) -> Result<u64, DeskError> {
    match as_of {
        Some(got) if got > ledger.size() => {
            Err(LogQuestionError::LogSize { size: ledger.size(), got }.into())
        }
        Some(size) => Ok(size),
        None => Ok(ledger.size()),
    }
}
