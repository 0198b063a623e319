//! `pcf footprint`: calculates, prints, changes nothing.

use std::path::PathBuf;

use pcf_ledger::calc;
use pcf_ledger::model::{Boundary, Co2e, FigureSet, Figures, FootprintId, Period, Product, ProductId, Whole};
use pcf_pages::shorten;
use serde::Serialize;

use super::question::{self, Question};
use super::spread::{Answers, Asked};
use super::what_if;
use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::output::{Page, Report, bar};

/// Calculates a product's carbon footprint from the statements that hold
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf footprint urn:gtin:06901234000016 --period 2024\n  \
    pcf footprint urn:gtin:06901234000016 --period 2024 --as-of 12\n  \
    pcf footprint urn:gtin:06901234000016 --period 2024 --gwp AR6 --sf6 24300\n  \
    pcf footprint urn:gtin:06901234000016 --period 2024 --uncertainty --monte-carlo 1000 --seed 1\n  \
    pcf footprint urn:gtin:06901234000016 --period 2024 --what-if cleaner-grid.csv\n  \
    pcf footprint --difference 5f0c1e0a-6f86-4e0c-9f63-1c6ae4b6d0c1 0d9b7c52-3c0f-4c8e-8a55-0a2b6f7a9e11\n\n\
    JSON: {product, name, declaredUnit, boundary, period, figures, usedStatements, logSize, notes, uncertainty?: {kgCo2e, \
    standardDeviationKgCo2e, gsd2?, lowKgCo2e?, highKgCo2e?, amountsStatedPercent, factorsStatedPercent, causes: [{name, kind, gsd2, \
    kgCo2e, variancePercent, statement}]}, monteCarlo?: {iterations, seed, lowKgCo2e, medianKgCo2e, highKgCo2e, meanKgCo2e, gsd?, \
    against?: {product, medianKgCo2e, belowPercent}}}; with --all \
    {period, products: [{product, name, declaredUnit, gateKgCo2e?, problem?}]}; with --difference {product, publications, difference}; \
    with --what-if {product, period, added, replaced, after, difference?, problem?}, where difference is {boundary, before, after, \
    difference, byActivity, byFactors, byInputs, rounding, flows: [{stage, process, flow, before?, after?, byActivity, byFactors, \
    byInputs, sourcesBefore, sourcesAfter}]}")]
pub struct Args {
    /// The product, by id or name
    #[arg(value_name = "PRODUCT", required_unless_present_any = ["all", "difference"])]
    product: Option<String>,
    /// Every product of the ledger at once, gate figures only
    #[arg(long, conflicts_with_all = ["product", "uncertainty", "monte_carlo"])]
    all: bool,
    /// Only the first SIZE submissions of the log count: what the answer would have been then
    #[arg(long, value_name = "SIZE", value_parser = clap::value_parser!(u64).range(1..))]
    as_of: Option<u64>,
    /// Adds the statements of a file (CSV or JSON lines, as `pcf record` takes them) without recording them, and shows before and after; those
    /// about the same thing as a live one take its place
    #[arg(long, value_name = "FILE", conflicts_with_all = ["all", "uncertainty", "monte_carlo"])]
    what_if: Option<PathBuf>,
    /// Explains why two publications of one product differ: which flows, how much by activity, how much by factors
    #[arg(long, num_args = 2, value_names = ["EARLIER", "LATER"], conflicts_with_all = ["product", "all", "as_of", "what_if", "period", "boundary", "scenario", "batch", "uncertainty", "monte_carlo"])]
    difference: Option<Vec<FootprintId>>,
    #[command(flatten)]
    question: Option<Question>,
    #[command(flatten)]
    spread: Asked,
}

/// One footprint, as it is printed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    product: ProductId,
    name: String,
    declared_unit: String,
    boundary: Boundary,
    period: Period,
    figures: Figures,
    used_statements: usize,
    log_size: Whole,
    notes: Vec<String>,
    #[serde(flatten)]
    spread: Answers,
}

/// The gate figures of every product.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Overview {
    period: Period,
    products: Vec<Line>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    product: ProductId,
    name: String,
    declared_unit: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    gate_kg_co2e: Option<Co2e>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let ledger = context.read_ledger()?;
    if let Some([earlier, later]) = args.difference.as_deref() {
        return what_if::publications(&ledger, earlier, later, context);
    }
    let missing = || CliError::usage("expected --period PERIOD").hint("pcf footprint --help");
    let request = args.question.ok_or_else(missing)?.request()?;
    let (inventory, size) = match args.as_of {
        Some(size) if size > ledger.size() => {
            let cause = format!("expected a log size of at most {}, got {size}", ledger.size());
            return Err(CliError::usage(cause).hint("pcf log show"));
        }
        Some(size) => (ledger.inventory_at(size)?, size),
        None => (ledger.inventory()?, ledger.size()),
    };
    let Some(text) = &args.product else {
        let all = calc::footprints(&inventory, &request)?;
        let line = |(product, result): (ProductId, Result<Figures, calc::CalcErrors>)| {
            let held = inventory.products.get(&product).map(|held| &held.statement);
            Line {
                name: held.map(|p| p.name.to_string()).unwrap_or_default(),
                declared_unit: held.map(declared_unit).unwrap_or_default(),
                gate_kg_co2e: result.as_ref().ok().map(|f| f.gate.excluding_uptake),
                problem: result.err().map(|e| e.to_string()),
                product,
            }
        };
        let overview = Overview { period: request.period, products: all.into_iter().map(line).collect() };
        let whole = overview.products.iter().all(|line| line.problem.is_none());
        context.output.report(&overview)?;
        return Ok(if whole { Outcome::Done } else { Outcome::No });
    };
    let id = question::product(ledger.book(), text)?;
    if let Some(file) = &args.what_if {
        return what_if::statements(&ledger, (inventory, &request), &id, file, context);
    }
    let footprint = calc::footprint(&inventory, &id, &request)?;
    let other =
        args.spread.against.as_deref().map(|text| question::product(ledger.book(), text)).transpose()?;
    let spread = args.spread.answer(&inventory, &id, other.as_ref(), &request)?;
    let product = inventory.products.get(&footprint.product).map(|held| &held.statement);
    context.output.report(&Answer {
        name: product.map(|p| p.name.to_string()).unwrap_or_default(),
        declared_unit: product.map(declared_unit).unwrap_or_default(),
        product: footprint.product,
        boundary: footprint.boundary,
        period: request.period,
        figures: footprint.figures,
        used_statements: footprint.used.len(),
        log_size: Whole::new(size)?,
        notes: footprint.notes,
        spread,
    })?;
    Ok(Outcome::Done)
}

/// A product's declared unit, as `1 piece`.
pub fn declared_unit(product: &Product) -> String {
    format!("{} {}", product.declared_unit.amount, product.declared_unit.unit)
}

impl Report for Answer {
    fn text(&self, page: &mut Page) {
        page.heading(&format!("{} ({})", self.name, self.product));
        page.sentence(format!("{}, {}, per {}", self.boundary, self.period, self.declared_unit));
        page.blank();
        figures(page, &self.figures);
        page.blank();
        page.line(format!("{} statements enter, log size {}.", self.used_statements, self.log_size));
        for note in &self.notes {
            page.paragraph("Note: ", "      ", note);
        }
        self.spread.text(page);
    }
}

/// Stages with bars, totals, categories that are not zero, quality.
pub fn figures(page: &mut Page, figures: &Figures) {
    let largest = figures.stages.iter().map(|s| s.figures.excluding_uptake.quanta().unsigned_abs()).max();
    let row = |name: &str, set: &FigureSet| {
        let value = set.excluding_uptake;
        vec![name.to_owned(), value.to_string(), bar(value.quanta(), largest.unwrap_or_default())]
    };
    let mut rows: Vec<Vec<String>> =
        figures.stages.iter().map(|s| row(s.stage.as_str(), &s.figures)).collect();
    let total = |name: &str, set: &FigureSet| {
        let short = shorten(set.excluding_uptake);
        let about = if short.is_exact { String::new() } else { format!("about {}", short.text) };
        vec![name.to_owned(), set.excluding_uptake.to_string(), about]
    };
    rows.push(total("to the gate", &figures.gate));
    rows.extend(figures.grave.iter().map(|set| total("to the grave", set)));
    page.table(&["excluding biogenic uptake", ">kg CO2e", "~"], &rows);
    page.blank();
    let whole = figures.grave.as_ref().unwrap_or(&figures.gate);
    let shown = whole.categories.iter().filter(|(_, value)| !value.is_zero());
    let categories: Vec<Vec<String>> = shown
        .map(|(category, value)| {
            let inside = if category.is_of_which() { "  of which " } else { "" };
            vec![format!("{inside}{category}"), value.to_string()]
        })
        .collect();
    page.table(&["by category", ">kg CO2e"], &categories);
    page.blank();
    let sets: Vec<&str> = figures.gwp.iter().map(|set| set.as_str()).collect();
    let mut pairs = vec![
        ("including biogenic uptake", format!("{} kg CO2e", whole.including_uptake)),
        ("primary data share, to the gate", format!("{} %", figures.primary_data_share)),
        ("GWP sets that entered", sets.join(", ")),
    ];
    pairs.extend(
        figures.exempted_emissions_percent.map(|p| ("exempted emissions, to the gate", format!("{p} %"))),
    );
    pairs.extend(figures.data_quality.map(|q| {
        let text = format!("technology {}, geography {}, time {}", q.technology, q.geography, q.time);
        ("data quality to the gate, 1 best to 5", text)
    }));
    page.pairs(&pairs);
}

impl Report for Overview {
    fn text(&self, page: &mut Page) {
        let size = |line: &Line| line.gate_kg_co2e.map(|kg| kg.quanta().unsigned_abs());
        let largest = self.products.iter().filter_map(size).max().unwrap_or_default();
        let row = |line: &Line| {
            let value = line.gate_kg_co2e.map_or_else(|| "none".to_owned(), |v| v.to_string());
            let bar = line.gate_kg_co2e.map_or_else(String::new, |v| bar(v.quanta(), largest));
            vec![line.name.clone(), line.product.to_string(), line.declared_unit.clone(), value, bar]
        };
        let rows: Vec<_> = self.products.iter().map(row).collect();
        page.table(&["product", "id", "per", ">kg CO2e to the gate", "~"], &rows);
        for line in self.products.iter().filter(|l| l.problem.is_some()) {
            page.blank();
            let problem = line.problem.as_deref().unwrap_or_default();
            problem.lines().for_each(|problem| page.sentence(format!("{}: {problem}", line.product)));
        }
    }
}
