//! How uncertain a footprint is, as `footprint` prints it: the arguments, to first order and by Monte Carlo. No verb of its own.

use std::num::NonZeroUsize;

use pcf_desk::sampling::monte_carlo;
use pcf_ledger::calc::uncertainty::{Cause, FirstOrder, Plan, first_order};
use pcf_ledger::calc::{Chain, Inventory, Request};
use pcf_ledger::model::{Co2e, Decimal, ProductId};
use serde::Serialize;

use crate::error::CliError;
use crate::output::Page;

/// How many causes of the variance are shown.
const CAUSES_SHOWN: usize = 10;

/// What is asked about the uncertainty of a footprint.
#[derive(Debug, clap::Args)]
pub struct Asked {
    /// How uncertain the figure is, to first order, and which amounts and factors make it so
    #[arg(long)]
    uncertainty: bool,
    /// Draws the footprint N times, every uncertain amount and factor from its log-normal distribution
    #[arg(long, value_name = "N", requires = "seed")]
    monte_carlo: Option<u32>,
    /// States the draws: the same seed gives the same ones, on every machine and with any number of threads
    #[arg(long, value_name = "S", requires = "monte_carlo")]
    seed: Option<u64>,
    /// Another product, by id or name, drawn together with this one: how often this one lies below it
    #[arg(long, value_name = "OTHER", requires = "monte_carlo")]
    pub against: Option<String>,
}

/// What is said about it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answers {
    #[serde(skip_serializing_if = "Option::is_none")]
    uncertainty: Option<Order>,
    #[serde(skip_serializing_if = "Option::is_none")]
    monte_carlo: Option<Drawn>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Order {
    kg_co2e: Co2e,
    standard_deviation_kg_co2e: Co2e,
    #[serde(skip_serializing_if = "Option::is_none")]
    gsd2: Option<Decimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    low_kg_co2e: Option<Co2e>,
    #[serde(skip_serializing_if = "Option::is_none")]
    high_kg_co2e: Option<Co2e>,
    amounts_stated_percent: Decimal,
    factors_stated_percent: Decimal,
    causes: Vec<Causing>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Causing {
    name: String,
    kind: &'static str,
    gsd2: Decimal,
    kg_co2e: Co2e,
    variance_percent: Decimal,
    statement: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Drawn {
    iterations: u32,
    seed: String,
    low_kg_co2e: Co2e,
    median_kg_co2e: Co2e,
    high_kg_co2e: Co2e,
    mean_kg_co2e: Co2e,
    #[serde(skip_serializing_if = "Option::is_none")]
    gsd: Option<Decimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<Against>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Against {
    product: ProductId,
    median_kg_co2e: Co2e,
    below_percent: Decimal,
}

impl Asked {
    /// Calculates what is asked for; nothing where nothing is.
    ///
    /// # Errors
    /// What stops the footprint of either product, and what stops the draws.
    pub fn answer(
        &self,
        inventory: &Inventory,
        product: &ProductId,
        other: Option<&ProductId>,
        request: &Request,
    ) -> Result<Answers, CliError> {
        let mut answers = Answers { uncertainty: None, monte_carlo: None };
        if !self.uncertainty && self.monte_carlo.is_none() {
            return Ok(answers);
        }
        let asked: Vec<&ProductId> = std::iter::once(product).chain(other).collect();
        let chain = Chain::of(inventory, &asked, request)?;
        if self.uncertainty {
            answers.uncertainty = Some(order(first_order(&chain.trace(product)?)?));
        }
        if let (Some(iterations), Some(seed)) = (self.monte_carlo, self.seed) {
            let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
            let draws = monte_carlo(&chain, &Plan { iterations, seed }, threads)?;
            let spread = draws.spread(product)?;
            let against = |other: &&ProductId| -> Result<Against, CliError> {
                Ok(Against {
                    product: (*other).clone(),
                    median_kg_co2e: draws.spread(other)?.median,
                    below_percent: draws.below(product, other)?,
                })
            };
            answers.monte_carlo = Some(Drawn {
                iterations,
                seed: seed.to_string(),
                low_kg_co2e: spread.low,
                median_kg_co2e: spread.median,
                high_kg_co2e: spread.high,
                mean_kg_co2e: spread.mean,
                gsd: spread.gsd,
                against: other.as_ref().map(against).transpose()?,
            });
        }
        Ok(answers)
    }
}

fn order(found: FirstOrder) -> Order {
    let cause = |cause: Cause| Causing {
        name: cause.name,
        kind: if cause.flow.is_some() { "amount" } else { "factor" },
        gsd2: cause.gsd2,
        kg_co2e: cause.kg,
        variance_percent: cause.percent,
        statement: cause.statement.to_string(),
    };
    Order {
        kg_co2e: found.kg,
        standard_deviation_kg_co2e: found.standard_deviation,
        gsd2: found.gsd2,
        low_kg_co2e: found.interval.map(|i| i.0),
        high_kg_co2e: found.interval.map(|i| i.1),
        amounts_stated_percent: found.amounts_stated_percent,
        factors_stated_percent: found.factors_stated_percent,
        causes: found.causes.into_iter().take(CAUSES_SHOWN).map(cause).collect(),
    }
}

impl Answers {
    /// The same for people.
    pub fn text(&self, page: &mut Page) {
        if let Some(order) = &self.uncertainty {
            order.text(page);
        }
        if let Some(drawn) = &self.monte_carlo {
            drawn.text(page);
        }
    }
}

impl Order {
    fn text(&self, page: &mut Page) {
        page.blank();
        page.heading("uncertainty, to first order");
        let mut pairs = Vec::new();
        pairs.extend(self.gsd2.map(|gsd2| ("squared geometric standard deviation", gsd2.to_string())));
        if let (Some(low), Some(high)) = (self.low_kg_co2e, self.high_kg_co2e) {
            pairs.push(("95 % of the distribution", format!("{low} to {high} kg CO2e")));
        }
        pairs.push(("standard deviation", format!("{} kg CO2e", self.standard_deviation_kg_co2e)));
        let stated = format!("{} % of the contributions", self.amounts_stated_percent);
        pairs.push(("amounts with a stated uncertainty", stated));
        let stated = format!("{} % of the contributions", self.factors_stated_percent);
        pairs.push(("factors with a stated uncertainty", stated));
        page.pairs(&pairs);
        page.sentence("What states no uncertainty counts as exact.");
        if self.causes.is_empty() {
            return;
        }
        page.blank();
        let row = |c: &Causing| {
            let (percent, gsd2, kg) =
                (format!("{} %", c.variance_percent), c.gsd2.to_string(), c.kg_co2e.to_string());
            vec![c.name.clone(), c.kind.to_owned(), gsd2, kg, percent]
        };
        let rows: Vec<_> = self.causes.iter().map(row).collect();
        page.table(&["what makes the variance", "", ">GSD2", ">kg CO2e that hang on it", ">part"], &rows);
    }
}

impl Drawn {
    fn text(&self, page: &mut Page) {
        page.blank();
        page.heading(&format!("Monte Carlo, {} draws with seed {}", self.iterations, self.seed));
        let mut pairs = vec![
            ("2.5 % lie below", format!("{} kg CO2e", self.low_kg_co2e)),
            ("50 % lie below", format!("{} kg CO2e", self.median_kg_co2e)),
            ("97.5 % lie below", format!("{} kg CO2e", self.high_kg_co2e)),
            ("mean", format!("{} kg CO2e", self.mean_kg_co2e)),
        ];
        pairs.extend(self.gsd.map(|gsd| ("geometric standard deviation", gsd.to_string())));
        page.pairs(&pairs);
        if let Some(against) = &self.against {
            page.line(format!(
                "Below {} (median {} kg CO2e) in {} % of the draws.",
                against.product, against.median_kg_co2e, against.below_percent
            ));
        }
    }
}
