//! `pcf trace`: from a figure down to the statement, seal, signer and factor behind each part of it.

use std::path::PathBuf;

use pcf_ledger::calc::{Chain, Contribution, ContributionSource, Grouping, TopFlows, Trace as Traced};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{Amount, Co2e, Instant, PublicKey, StatementId};
use pcf_ledger::store::file::FileReader;
use serde::Serialize;

use super::breakdown::{self, By};
use super::history;
use super::question::{self, Question};
use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::output::{Page, Report, bar};

/// Shows where a footprint comes from: every flow of the product and of all it is made of, with amount, factor, statement, seal and signer
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Every flow that ends in a factor, a gas or a footprint from outside counts with the amount of its product that the asked \
    one needs, loops included. Figures are exact until they are printed; flows, rest and rounding add up to the footprint.\n\n\
    Example:\n  pcf trace urn:gtin:06901234000016 --period 2024 --top 5\n  \
    pcf trace urn:gtin:06901234000016 --period 2024 --by supplier\n  \
    pcf trace urn:gtin:06901234000016 --period 2024 --sankey network.json\n  \
    pcf trace urn:gtin:06901234000016 --history\n\n\
    JSON: {product, kgCo2e, gateKgCo2e, graveKgCo2e?, burdensKgCo2e, creditsKgCo2e, restFlows, restKgCo2e, roundingKgCo2e, flows: [{product, \
    unitsNeeded, stage, process, flow, kgCo2e, amount, source, sourceKgCo2e, per, share, declaredUnits, activity, sourceStatement?, \
    signedBy, signerKey, sealIndex, claimedTime}]}; with --by {product, kgCo2e, by, groups: [{name, burdensKgCo2e, creditsKgCo2e, \
    kgCo2e}], roundingKgCo2e}; the file of --sankey {product, kgCo2e, nodes: [{id, name}], links: [{source, target, kind, kgCo2e}], \
    roundingKgCo2e}, or the links as CSV; with --history {product, name, statements: [{index, statement, type, by, claimedTime?, what, holds, \
    ended?, followedBy?}]}"
)]
pub struct Args {
    /// The product, by id or name
    #[arg(value_name = "PRODUCT")]
    product: String,
    #[command(flatten)]
    question: Option<Question>,
    /// Only the largest N
    #[arg(long, value_name = "N", default_value_t = usize::MAX, hide_default_value = true)]
    top: usize,
    /// What the footprint is broken down by
    #[arg(long, value_name = "WHAT", default_value = "flow")]
    by: By,
    /// Only the product's own flows: what it consumes stands at its figure and is not looked into
    #[arg(long, conflicts_with_all = ["by", "sankey"])]
    own: bool,
    /// Writes the network of flows to a file, as .json or .csv; --top then counts its links
    #[arg(long, value_name = "FILE", conflicts_with = "by")]
    sankey: Option<PathBuf>,
    /// Everything that was ever said of the product in place of its figure: what each statement said, and what became of it
    #[arg(long, conflicts_with_all = ["period", "top", "by", "own", "sankey"])]
    history: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Trace {
    product: String,
    kg_co2e: Co2e,
    gate_kg_co2e: Co2e,
    #[serde(skip_serializing_if = "Option::is_none")]
    grave_kg_co2e: Option<Co2e>,
    burdens_kg_co2e: Co2e,
    credits_kg_co2e: Co2e,
    rest_flows: usize,
    rest_kg_co2e: Co2e,
    rounding_kg_co2e: Co2e,
    flows: Vec<Flow>,
}

/// One flow of the footprint, with the chain down to who signed it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Flow {
    product: String,
    units_needed: String,
    stage: String,
    process: String,
    flow: String,
    kg_co2e: Co2e,
    amount: String,
    source: String,
    source_kg_co2e: Co2e,
    per: String,
    share: String,
    declared_units: String,
    activity: StatementId,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_statement: Option<StatementId>,
    signed_by: String,
    signer_key: Option<PublicKey>,
    seal_index: u64,
    claimed_time: Option<Instant>,
}

pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let ledger = context.read_ledger()?;
    let id = question::product(ledger.book(), &args.product)?;
    if args.history {
        context.output.report(&history::of(&ledger, &id)?)?;
        return Ok(Outcome::Done);
    }
    let missing = || CliError::usage("expected --period PERIOD").hint("pcf trace --help");
    let request = args.question.as_ref().ok_or_else(missing)?.request()?;
    let inventory = ledger.inventory()?;
    let chain = Chain::of(&inventory, &[&id], &request)?;
    let trace = chain.trace(&id)?;
    if let Some(file) = &args.sankey {
        breakdown::write_sankey(&trace, args.top, file, context)?;
        return Ok(Outcome::Done);
    }
    match args.by.grouping() {
        Some(grouping) => breakdown::report(&trace, grouping, args.by, args.top, context)?,
        None => context.output.report(&flows(&ledger, &trace, &args)?)?,
    }
    Ok(Outcome::Done)
}

fn flows(ledger: &Ledger<FileReader>, trace: &Traced<'_, '_>, args: &Args) -> Result<Trace, CliError> {
    let TopFlows { mut flows, mut rest_count, mut rest, burdens, credits, rounding } =
        if args.own { trace.own()? } else { trace.top(args.top)? };
    for left in flows.drain(args.top.min(flows.len())..) {
        rest_count += 1;
        rest = rest.plus(left.excluding_uptake)?;
    }
    let figures = trace.figures();
    Ok(Trace {
        product: trace.product().map(ToString::to_string).unwrap_or_default(),
        kg_co2e: trace.total(),
        gate_kg_co2e: figures.gate.excluding_uptake,
        grave_kg_co2e: figures.grave.as_ref().map(|set| set.excluding_uptake),
        burdens_kg_co2e: burdens,
        credits_kg_co2e: credits,
        rest_flows: rest_count,
        rest_kg_co2e: rest,
        rounding_kg_co2e: rounding,
        flows: flows.iter().map(|part| flow(ledger, part)).collect::<Result<_, _>>()?,
    })
}

fn flow(ledger: &Ledger<FileReader>, part: &Contribution) -> Result<Flow, CliError> {
    let book = ledger.book();
    let entry = book.entry(&part.statement).map(|(_, entry)| entry);
    let index = entry.as_ref().map(|e| e.index).unwrap_or_default();
    let seal = ledger.seal(index)?;
    let (source, source_statement) = match &part.source {
        ContributionSource::Factor { factor, statement } => {
            let named = book.factor(factor).map(|(_, f)| format!("{}, {}, {}", f.name, f.source, f.year));
            (format!("factor {factor} ({})", named.unwrap_or_default()), Some(*statement))
        }
        ContributionSource::Product { product, statement } => {
            (format!("product {product}, calculated here"), Some(*statement))
        }
        ContributionSource::Publication { product, footprint, statement } => {
            (format!("product {product}, as published in {footprint}"), Some(*statement))
        }
        ContributionSource::Footprint { footprint, statement } => {
            (format!("supplier's footprint {footprint}"), Some(*statement))
        }
        ContributionSource::Gas(gas) => (format!("gas {gas}, emitted here"), None),
        _ => ("a source that this version of the command does not know".to_owned(), None),
    };
    Ok(Flow {
        product: part.product.to_string(),
        units_needed: part.level.to_string(),
        stage: part.stage.to_string(),
        process: part.process.to_string(),
        flow: if part.upstream { format!("{} (upstream)", part.name) } else { part.name.to_string() },
        kg_co2e: part.excluding_uptake,
        amount: amount(&part.amount),
        source,
        source_kg_co2e: part.source_figures.excluding_uptake()?,
        per: format!("{} {}", part.source_unit.amount, part.source_unit.unit),
        share: part.share.to_string(),
        declared_units: part.declared_units.to_string(),
        activity: part.statement,
        source_statement,
        signed_by: entry.map(|e| e.by.to_string()).unwrap_or_default(),
        signer_key: book.key_at(index),
        seal_index: index,
        claimed_time: i64::try_from(seal.signed_at_s()).ok().and_then(|s| Instant::from_unix_s(s).ok()),
    })
}

fn amount(amount: &Amount) -> String {
    match amount {
        Amount::Given(q) => format!("{} {}", q.amount, q.unit),
        Amount::Of([a, b]) => format!("{} {} x {} {}", a.amount, a.unit, b.amount, b.unit),
    }
}

impl By {
    /// What the library groups by; nothing where single flows are meant.
    fn grouping(self) -> Option<Grouping> {
        match self {
            Self::Flow => None,
            Self::Supplier => Some(Grouping::Supplier),
            Self::Stage => Some(Grouping::Stage),
            Self::Process => Some(Grouping::Process),
            Self::Category => Some(Grouping::Category),
        }
    }
}

impl Report for Trace {
    fn text(&self, page: &mut Page) {
        page.heading(&format!("{}: {} kg CO2e to the gate", self.product, self.gate_kg_co2e));
        if let Some(grave) = self.grave_kg_co2e {
            page.line(format!("{grave} kg CO2e to the grave"));
        }
        overview(page, &self.flows);
        for flow in &self.flows {
            page.blank();
            page.heading(&format!(
                "{} kg CO2e  {} / {} / {}",
                flow.kg_co2e, flow.stage, flow.process, flow.flow
            ));
            if flow.product != self.product {
                page.sentence(format!(
                    "  in {}, of which {} declared units are needed",
                    flow.product, flow.units_needed
                ));
            }
            page.sentence(format!(
                "  {} over {} declared units, share {}",
                flow.amount, flow.declared_units, flow.share
            ));
            page.sentence(format!("  {} kg CO2e per {}: {}", flow.source_kg_co2e, flow.per, flow.source));
            let time = flow.claimed_time.map(|t| t.to_string()).unwrap_or_default();
            page.sentence(format!(
                "  signed by {} in seal {} (claimed {time})",
                flow.signed_by, flow.seal_index
            ));
            page.line(format!("  statement {}", flow.activity));
            if let Some(statement) = flow.source_statement {
                page.line(format!("  source statement {statement}"));
            }
        }
        page.blank();
        if self.rest_flows > 0 {
            page.line(format!("{} kg CO2e  {} more flows", self.rest_kg_co2e, self.rest_flows));
        }
        breakdown::rounding(page, self.rounding_kg_co2e);
        page.line(format!("{} kg CO2e  together", self.kg_co2e));
        page.sentence(format!(
            "Burdens {} kg CO2e, credits {} kg CO2e.",
            self.burdens_kg_co2e, self.credits_kg_co2e
        ));
    }
}

/// The flows under each other, before each is told in full.
fn overview(page: &mut Page, flows: &[Flow]) {
    let largest = flows.iter().map(|flow| flow.kg_co2e.quanta().unsigned_abs()).max().unwrap_or_default();
    let row = |flow: &Flow| {
        let place = format!("{} / {}", flow.stage, flow.process);
        vec![flow.flow.clone(), place, flow.kg_co2e.to_string(), bar(flow.kg_co2e.quanta(), largest)]
    };
    let rows: Vec<Vec<String>> = flows.iter().map(row).collect();
    page.blank();
    page.table(&["flow", "stage / process", ">kg CO2e", "~"], &rows);
}
