//! All that stops a calculation, together, and why a loop of products has no figures.

use std::fmt;

use super::{CalcError, FlowProblem};
use crate::model::{Date, Period, ProductId, StatementId, Text, ValueError};

impl CalcError {
    /// True where nothing is wrong but that what is needed was redacted.
    pub const fn is_redaction(&self) -> bool {
        matches!(
            self,
            Self::Redacted { .. }
                | Self::RedactedMaterial { .. }
                | Self::Flow {
                    problem: FlowProblem::RedactedFactor { .. } | FlowProblem::RedactedFootprint { .. },
                    ..
                }
        )
    }

    /// True for the error of the loop that begins with these products.
    pub(super) fn is_loop_of(&self, of: &[NamedProduct]) -> bool {
        matches!(self, Self::Loop { products, .. } if **products == *of)
    }
}

/// A flow in its statement.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReadFlow {
    /// The statement.
    pub statement: StatementId,
    /// The flow's name.
    pub flow: Text,
    /// The statement's period.
    pub period: Period,
}

impl fmt::Display for ReadFlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` of {} (statement {})", self.flow, self.period, self.statement)
    }
}

/// What one flow uses of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InstrumentUse {
    /// The statement.
    pub statement: StatementId,
    /// Its flow.
    pub flow: Text,
    /// kWh.
    pub kwh: String,
}

pub(super) fn named_uses(uses: &[InstrumentUse], count: usize) -> String {
    let of = |u: &InstrumentUse| format!("{} kWh by flow `{}` of statement {}", u.kwh, u.flow, u.statement);
    let named: Vec<String> = uses.iter().map(of).collect();
    let more = match count - named.len().min(count) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    format!("{}{more}", named.join(", "))
}

/// A product as an error names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedProduct {
    /// The id it is filed under.
    pub id: ProductId,
    /// Its name.
    pub name: Text,
}

impl fmt::Display for NamedProduct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ({})", self.name, self.id)
    }
}

/// Why a loop of products has no figures.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoopProblem {
    /// More goes in than comes out.
    #[error("consumes more than it makes, or as much; correct the amounts")]
    Consumes,
    /// More goes in than comes out where credits count as use, in more than 64 unit processes.
    #[error(
        "consumes more than it makes, or as much, where its credits count as use; above 64 unit processes no figures follow from it; correct the amounts"
    )]
    Credits,
    /// The equations have no solution, or any number of them.
    #[error("has amounts that cancel, so that no footprints follow from it; correct the amounts")]
    Singular,
    /// No proof was found, and the exact method is for small loops.
    #[error(
        "is too large for exact elimination (more than 64 unit processes), and no proof was found that it makes more than it consumes"
    )]
    TooLarge,
    /// A figure stayed undecided.
    #[error("has a figure too close to a half of its last digit to be decided")]
    Undecided,
    /// A number leaves the exact range.
    #[error("leads to numbers outside the exact range ({0})")]
    Range(ValueError),
}

/// The products of a loop, the first ones by name and id.
pub(super) fn members(products: &[NamedProduct], count: usize) -> String {
    let named: Vec<String> = products.iter().map(ToString::to_string).collect();
    let (plural, more) = (if count == 1 { "" } else { "s" }, if count > named.len() { ", …" } else { "" });
    format!("{count} product{plural} ({}{more})", named.join(", "))
}

/// How the product asked for comes to need a loop; nothing where it is in the loop itself.
pub(super) fn way_to_loop(way: &[NamedProduct]) -> String {
    let [first, between @ .., last] = way else { return String::new() };
    let through = match between {
        [] => String::new(),
        [one] => format!("{one}, which needs "),
        [one, ..] => format!("{one}, which needs, through {} more, ", between.len() - 1),
    };
    format!("; {first} cannot be calculated because it needs {through}{last} of this loop")
}

/// How a statement that lies partly inside is stated in parts.
pub(super) fn parts(split_at: &[Date]) -> String {
    match split_options(split_at) {
        Some(options) => format!("withdraw it and record it in parts: pcf record FILE {options}"),
        None => "state parts of it".to_owned(),
    }
}

/// The options of `pcf record` that split files at days, where there are some.
pub(crate) fn split_options(days: &[Date]) -> Option<String> {
    let options: Vec<String> = days.iter().map(|day| format!("--split-at {day}")).collect();
    (!options.is_empty()).then(|| options.join(" "))
}

/// Everything that stops a calculation, reported together: sorted by message, each once, never
/// empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalcErrors(Vec<CalcError>);

impl CalcErrors {
    /// Sorts the errors and leaves away what is said twice.
    pub(super) fn new(mut errors: Vec<CalcError>) -> Self {
        errors.sort_by_cached_key(ToString::to_string);
        errors.dedup();
        Self(errors)
    }

    /// True where nothing is wrong but that what is needed was redacted.
    pub fn are_redactions(&self) -> bool {
        self.0.iter().all(CalcError::is_redaction)
    }

    /// Each error, sorted.
    pub fn errors(&self) -> &[CalcError] {
        &self.0
    }
}

impl fmt::Display for CalcErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, error) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for CalcErrors {}

impl From<CalcError> for CalcErrors {
    fn from(error: CalcError) -> Self {
        Self(vec![error])
    }
}
