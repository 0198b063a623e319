//! Further views of a footprint that is calculated: the processes that make most of it, and the
//! credits inside its total. Adds up what the calculation gave; calculates nothing.

use pcf_ledger::calc::{Contribution, ContributionSource};
use pcf_ledger::model::{Co2e, Decimal, Figures, ProcessFigures, Stage, Text, ValueError};
use serde::Serialize;

/// Percent of the figure that the named processes make together (PEF method, section 6.3.3).
const MOST_PERCENT: i128 = 80;

/// A process with its part of the figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Main {
    /// Its stage.
    pub stage: Stage,
    /// Its name.
    pub process: Text,
    /// kg CO2e per declared unit, excluding biogenic uptake.
    pub kg_co2e: Co2e,
    /// Its part of the sum of all sizes, in percent, rounded down to 1e-12.
    pub percent: Decimal,
    /// The same of it and those before it.
    pub together_percent: Decimal,
}

/// A credit inside the total: an emission that the work makes needless.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Credit {
    /// The stage of the flow.
    pub stage: Stage,
    /// Its process.
    pub process: Text,
    /// Its name.
    pub flow: Text,
    /// kg CO2e per declared unit, below zero.
    pub kg_co2e: Co2e,
}

/// The processes that make at least 80 % of the figure, by size whatever the sign, largest first;
/// nothing where the figure is 0.
///
/// # Errors
/// Figures beyond the exact range.
pub fn main_processes(figures: &Figures) -> Result<Vec<Main>, ValueError> {
    let size = |of: &ProcessFigures| of.figures.excluding_uptake.quanta().unsigned_abs();
    let mut all: Vec<&ProcessFigures> = counted(figures);
    let whole: u128 = all.iter().map(|of| size(of)).sum();
    all.sort_by(|a, b| size(b).cmp(&size(a)).then_with(|| (a.stage, &a.process).cmp(&(b.stage, &b.process))));
    let mut together = 0;
    let mut found = Vec::new();
    for of in all {
        let is_enough = together * 100 >= whole * MOST_PERCENT.unsigned_abs();
        if is_enough || size(of) == 0 {
            break;
        }
        together += size(of);
        found.push(Main {
            stage: of.stage,
            process: of.process.clone(),
            kg_co2e: of.figures.excluding_uptake,
            percent: percent(size(of), whole)?,
            together_percent: percent(together, whole)?,
        });
    }
    Ok(found)
}

/// The processes that the last total adds up: to the grave, or to the gate, where design counts
/// only if the total says so.
fn counted(figures: &Figures) -> Vec<&ProcessFigures> {
    let total = figures.grave.as_ref().unwrap_or(&figures.gate).excluding_uptake;
    let all: Vec<&ProcessFigures> = figures.processes.iter().collect();
    let sum: i128 = all.iter().map(|of| of.figures.excluding_uptake.quanta()).sum();
    if sum == total.quanta() {
        return all;
    }
    all.into_iter().filter(|of| of.stage.is_before_gate()).collect()
}

/// `part` of `whole` in percent.
fn percent(part: u128, whole: u128) -> Result<Decimal, ValueError> {
    let overflow = || ValueError::Overflow { what: "share of a process" };
    // Both are sizes in 1e-15 kg; in 1e-6 percent, so that nothing overflows below 10^23 kg.
    let millionths = part.checked_mul(100_000_000).ok_or_else(overflow)?.checked_div(whole);
    let millionths = i128::try_from(millionths.unwrap_or_default()).map_err(|_| overflow())?;
    Decimal::from_quanta(millionths.checked_mul(1_000_000).ok_or_else(overflow)?)
}

/// The credits among a product's own flows, largest first.
pub fn credits(contributions: &[Contribution]) -> Vec<Credit> {
    let is_credit = |c: &&Contribution| {
        c.amount.is_negative()
            && c.excluding_uptake.quanta() < 0
            && !matches!(c.source, ContributionSource::Gas(_))
    };
    let credit = |c: &Contribution| Credit {
        stage: c.stage,
        process: c.process.clone(),
        flow: c.name.clone(),
        kg_co2e: c.excluding_uptake,
    };
    contributions.iter().filter(is_credit).map(credit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use pcf_ledger::model::{ByCategory, Category, FigureSet};

    fn figures(processes: &[(Stage, &str, &str)], gate: &str) -> Figures {
        let set = |kg: &str| {
            let mut categories = ByCategory::<Co2e>::default();
            categories[Category::Fossil] = kg.parse().unwrap();
            FigureSet::new(categories).unwrap()
        };
        let of = |(stage, name, kg): &(Stage, &str, &str)| ProcessFigures {
            figures: set(kg),
            process: name.parse().unwrap(),
            stage: *stage,
        };
        Figures {
            data_quality: None,
            exempted_emissions_percent: None,
            gate: set(gate),
            grave: None,
            gwp: Vec::new(),
            primary_data_share: Decimal::ZERO,
            stages: Vec::new(),
            processes: processes.iter().map(of).collect(),
        }
    }

    fn names(figures: &Figures) -> Vec<(String, String)> {
        let found = main_processes(figures).unwrap();
        found.iter().map(|of| (of.process.to_string(), of.together_percent.to_string())).collect()
    }

    fn told(rows: &[(&str, &str)]) -> Vec<(String, String)> {
        rows.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    #[test]
    fn the_fewest_processes_that_make_80_percent_are_named() {
        use Stage::{Procurement, Production};
        let all =
            figures(&[(Procurement, "a", "50"), (Production, "b", "30"), (Production, "c", "20")], "100");
        assert_eq!(names(&all), told(&[("a", "50"), ("b", "80")]), "80 is enough");
        let all =
            figures(&[(Procurement, "a", "50"), (Production, "b", "29"), (Production, "c", "21")], "100");
        assert_eq!(names(&all), told(&[("a", "50"), ("b", "79"), ("c", "100")]));
        let credit = figures(&[(Procurement, "a", "60"), (Production, "b", "-40")], "20");
        assert_eq!(names(&credit), told(&[("a", "60"), ("b", "100")]), "by size");
        let third = figures(&[(Procurement, "a", "1"), (Procurement, "b", "1"), (Production, "c", "1")], "3");
        assert_eq!(names(&third)[0], ("a".to_owned(), "33.333333".to_owned()));
        assert_eq!(names(&figures(&[(Production, "a", "0")], "0")), []);
    }

    #[test]
    fn design_counts_only_where_the_total_counts_it() {
        let rows = [(Stage::Design, "d", "90"), (Stage::Production, "b", "10")];
        assert_eq!(names(&figures(&rows, "10")), told(&[("b", "100")]));
        assert_eq!(names(&figures(&rows, "100")), told(&[("d", "90")]));
    }
}
