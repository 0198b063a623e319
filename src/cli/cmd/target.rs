//! `pcf target`: the years of a site or product line against a base year. Calculates and prints; changes nothing.

use std::path::PathBuf;

use pcf_ledger::admission::Said;
use pcf_ledger::calc::explain::{self, Side, Split};
use pcf_ledger::calc::target::{self, Goal, GoalStatus, Measure, Target, TargetRequest, TargetYear};
use pcf_ledger::calc::{Inventory, Request};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{
    Annual, Co2e, Decimal, FactorId, GwpSet, ProductId, Statement, StatementKind, Text, Year,
};
use pcf_ledger::store::file::FileReader;
use pcf_pages::target_svg;
use serde::Serialize;

use super::question;
use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::importing::write_new;
use crate::output::{Page, Report, bar};

/// Compares the years of a site or product line with a base year: intensity, causes, peak, goal
///
/// The years are `annual` statements (`pcf template years.csv --kind years`, then `pcf record`). With a goal whose year is stated and that was
/// missed, the exit code is 1.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  pcf target 'Plant 7' --base 2020 --goal 13.5 --by-year 2025 --electricity cn.mee.elec.2023.national\n\n\
    JSON: {subject, baseYear, years: [{year, valueAdded, energy, output, direct, electricityKwh?, electricityFactor?, \
    electricityEmissions?, emissions, energyIntensityDecrease?, emissionIntensityDecrease?, energyPerOutputDecrease?, \
    emissionPerOutputDecrease?, changeByActivity, changeByFactors}], peak: {year, emissions, status}, goal?: {measure, percent, year, \
    percentAYear, judgedYear?, askedByThen?, reached?, status, againstBenchmark, benchmark?}, notes, product?: {product, years: [{year, \
    kgCo2e?, byActivity?, byFactors?, byInputs?, problem?}]}}"
)]
pub struct Args {
    /// The site or product line, as the annual statements name it
    #[arg(value_name = "SUBJECT")]
    subject: Text,
    /// The year that is compared with
    #[arg(long, value_name = "YEAR")]
    base: Year,
    /// The decrease of intensity to be reached, in percent; with --by-year
    #[arg(long, value_name = "PERCENT", requires = "by_year")]
    goal: Option<Decimal>,
    /// The year by which it is to be reached
    #[arg(long, value_name = "YEAR", requires = "goal")]
    by_year: Option<Year>,
    /// What the goal is about, per value added
    #[arg(long, value_enum, default_value_t = Of::Energy)]
    of: Of,
    /// The society's own decrease in the same measure and years, in percent; left out, the comparison with it is unknown
    #[arg(long, value_name = "PERCENT", requires = "goal")]
    benchmark: Option<Decimal>,
    /// A direct electricity factor of the ledger for the kWh in the site's activities; each year takes the newest that is not of a later
    /// year. May be given several times
    #[arg(long, value_name = "FACTOR")]
    electricity: Vec<FactorId>,
    /// A product whose footprint per declared unit is shown year by year, with the causes of its change
    #[arg(long, value_name = "PRODUCT")]
    product: Option<String>,
    /// The GWP set that gases are characterised with: SAR, TAR, AR4, AR5 or AR6
    #[arg(long, value_name = "SET", default_value = "AR6")]
    gwp: GwpSet,
    /// Writes the emissions of the years as a drawing; an existing file is not overwritten
    #[arg(long, value_name = "FILE.svg")]
    chart: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Of {
    /// Energy per value added
    Energy,
    /// Emissions per value added
    Emissions,
}

#[derive(Serialize)]
struct Answer {
    #[serde(flatten)]
    target: Target,
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<ProductYears>,
}

/// A product's footprint in the years of the target.
#[derive(Serialize)]
struct ProductYears {
    product: ProductId,
    years: Vec<ProductYear>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProductYear {
    year: Year,
    #[serde(skip_serializing_if = "Option::is_none")]
    kg_co2e: Option<Co2e>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_activity: Option<Co2e>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_factors: Option<Co2e>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_inputs: Option<Co2e>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let ledger = context.read_ledger()?;
    let inventory = ledger.inventory()?;
    let factor = |id: &FactorId| {
        let unknown = || CliError::usage(format!("no factor `{id}` in this ledger"));
        inventory.factors.get(id).ok_or_else(|| unknown().hint("pcf factor search electricity --country CN"))
    };
    let measure = match args.of {
        Of::Energy => Measure::Energy,
        Of::Emissions => Measure::Emissions,
    };
    let goal = args.goal.zip(args.by_year).map(|(percent, year)| Goal { measure, percent, year });
    let request = TargetRequest {
        subject: &args.subject,
        base_year: args.base,
        goal,
        benchmark: args.benchmark,
        electricity: args.electricity.iter().map(factor).collect::<Result<_, _>>()?,
        gwp: args.gwp,
    };
    let annuals = annuals(&ledger, &args.subject)?;
    let target = target::target(&annuals, &inventory, &request).map_err(|error| {
        let hint = match &error {
            target::TargetError::NoBaseYear { .. } => "pcf template years.csv --kind years".to_owned(),
            target::TargetError::Straddles { statement, .. } => format!("pcf log statement {statement}"),
            _ => "pcf target --help".to_owned(),
        };
        CliError::no(error).hint(hint)
    })?;
    let product = match &args.product {
        Some(text) => {
            let id = question::product(ledger.book(), text)?;
            Some(product_years(&inventory, id, &target, args.gwp)?)
        }
        None => None,
    };
    if let Some(path) = &args.chart {
        write_new(path, target_svg(&target)?.as_bytes())?;
        context.output.note(&format!("wrote {}", path.display()));
    }
    let missed = target.goal.as_ref().is_some_and(|goal| goal.status == GoalStatus::Missed);
    context.output.report(&Answer { target, product })?;
    Ok(if missed { Outcome::No } else { Outcome::Done })
}

/// The annual statements that hold; one of this subject that was redacted is missed, and never passed over.
fn annuals(ledger: &Ledger<FileReader>, subject: &Text) -> Result<Vec<Annual>, CliError> {
    let book = ledger.book();
    let mut annuals = Vec::new();
    for entry in book.entries().iter().filter(|e| e.kind == StatementKind::Annual && book.holds(&e.id)) {
        match ledger.said(&entry.id)? {
            Said::Whole(Statement::Annual(annual)) => annuals.push(annual),
            Said::Whole(_) => {}
            Said::Kept(_) => {
                // Only a digest of whose year it was stays.
                let said = |year: u32| book.live(StatementKind::Annual, &format!("{subject}\0{year:04}"));
                if (0..=9999).any(|year| said(year) == Some(entry.id)) {
                    ledger.statement_bytes(&entry.id)?;
                }
            }
        }
    }
    Ok(annuals)
}

fn product_years(
    inventory: &Inventory,
    product: ProductId,
    target: &Target,
    gwp: GwpSet,
) -> Result<ProductYears, CliError> {
    let request = |year: Year| -> Result<Request, CliError> {
        let period = year.to_string().parse()?;
        Ok(Request { period, boundary: None, scenario: None, batch: None, gwp })
    };
    let base = request(target.base_year)?;
    let mut years = Vec::new();
    for TargetYear { year, .. } in &target.years {
        let later = request(*year)?;
        let sides = [&base, &later].map(|request| Side { inventory, request });
        let [before, after] = sides;
        let line = match explain::difference(&product, before, after) {
            Ok(found) => {
                let Split { activity, factor, inputs } = found.split;
                ProductYear {
                    year: *year,
                    kg_co2e: Some(found.after),
                    by_activity: Some(activity),
                    by_factors: Some(factor.plus(found.rounding)?),
                    by_inputs: Some(inputs),
                    problem: None,
                }
            }
            Err(errors) => ProductYear {
                year: *year,
                kg_co2e: None,
                by_activity: None,
                by_factors: None,
                by_inputs: None,
                problem: Some(errors.to_string()),
            },
        };
        years.push(line);
    }
    Ok(ProductYears { product, years })
}

impl Report for Answer {
    fn text(&self, page: &mut Page) {
        let target = &self.target;
        page.heading(&format!("{}, against {}", target.subject, target.base_year));
        let percent = |d: Option<Decimal>| d.map_or_else(|| "unknown".to_owned(), |d| format!("{d} %"));
        let rows: Vec<Vec<String>> = target
            .years
            .iter()
            .map(|y| {
                vec![
                    y.year.to_string(),
                    percent(y.energy_intensity_decrease),
                    percent(y.emission_intensity_decrease),
                    percent(y.energy_per_output_decrease),
                    percent(y.emission_per_output_decrease),
                ]
            })
            .collect();
        let headers = [
            "decrease of",
            ">energy per value added",
            ">emissions per value added",
            ">energy per output",
            ">emissions per output",
        ];
        page.table(&headers, &rows);
        page.blank();
        let most = target.years.iter().map(|y| y.emissions.quanta().unsigned_abs()).max().unwrap_or_default();
        let rows: Vec<Vec<String>> = target.years.iter().map(|y| emissions(y, most)).collect();
        page.table(&["kg CO2e", ">emissions", ">by activity", ">by factors", "~", "electricity"], &rows);
        page.blank();
        let peak = &target.peak;
        page.line(format!("Highest year {}: {}.", peak.year, peak.status.as_str()));
        self.goal(page);
        self.product(page);
        for note in &target.notes {
            page.line(format!("Note: {note}"));
        }
    }
}

impl Answer {
    fn goal(&self, page: &mut Page) {
        let Some(goal) = &self.target.goal else { return };
        let what = match goal.measure {
            Measure::Energy => "energy",
            Measure::Emissions => "emissions",
        };
        page.line(format!(
            "Goal: {what} per value added {} % below {} by {}, that is {} % a year: {}.",
            goal.percent,
            self.target.base_year,
            goal.year,
            goal.percent_a_year,
            goal.status.as_str()
        ));
        if let (Some(year), Some(asked), Some(reached)) = (goal.judged_year, goal.asked_by_then, goal.reached)
        {
            page.line(format!("  {year}: {reached} % reached, {asked} % asked by then."));
        }
        page.line(match goal.benchmark {
            Some(benchmark) => {
                format!(
                    "  Against the society's own {benchmark} %: {}.",
                    match goal.against_benchmark {
                        GoalStatus::Met => "at least as far",
                        GoalStatus::Missed => "less far",
                        _ => "unknown",
                    }
                )
            }
            None => "  Against the society's own decrease: unknown (--benchmark is not given).".to_owned(),
        });
    }

    fn product(&self, page: &mut Page) {
        let Some(product) = &self.product else { return };
        page.blank();
        let text = |kg: Option<Co2e>| kg.map_or_else(|| "none".to_owned(), |kg| kg.to_string());
        let rows: Vec<Vec<String>> = product
            .years
            .iter()
            .map(|y| {
                let parts = [y.kg_co2e, y.by_activity, y.by_factors, y.by_inputs].map(text);
                std::iter::once(y.year.to_string()).chain(parts).collect()
            })
            .collect();
        let headers =
            ["kg CO2e per declared unit", ">footprint", ">by activity", ">by factors", ">by looped inputs"];
        page.line(product.product.as_str());
        page.table(&headers, &rows);
        for year in product.years.iter().filter(|y| y.problem.is_some()) {
            page.line(format!("{}: {}", year.year, year.problem.as_deref().unwrap_or_default()));
        }
    }
}

fn emissions(year: &TargetYear, most: u128) -> Vec<String> {
    let electricity = match (&year.electricity_kwh, &year.electricity_factor) {
        (Some(kwh), Some(factor)) => format!("{kwh} kWh by {factor}"),
        _ => String::new(),
    };
    vec![
        year.year.to_string(),
        year.emissions.to_string(),
        year.change_by_activity.to_string(),
        year.change_by_factors.to_string(),
        bar(year.emissions.quanta(), most),
        electricity,
    ]
}
