//! `pcf trace`: from a figure down to the statement, seal, signer and factor behind each part of it.

use pcf_ledger::calc::{self, Contribution, ContributionSource};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{Amount, Co2e, Instant, PublicKey, StatementId};
use pcf_ledger::store::file::FileReader;
use serde::Serialize;

use super::question::{self, Question};
use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::output::{Page, Report, bar};

/// Shows where a footprint comes from: every flow with its amount, factor, statement, seal and signer
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf trace urn:gtin:06901234000016 --period 2024 --top 5\n\n\
    JSON: {product, gateKgCo2e, graveKgCo2e?, flows: [{stage, process, flow, kgCo2e, amount, source, sourceKgCo2e, per, share, \
    declaredUnits, activity, sourceStatement?, signedBy, signerKey, sealIndex, claimedTime}]}")]
pub struct Args {
    /// The product, by id or name
    #[arg(value_name = "PRODUCT")]
    product: String,
    #[command(flatten)]
    question: Question,
    /// Only the largest N
    #[arg(long, value_name = "N", default_value_t = usize::MAX, hide_default_value = true)]
    top: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Trace {
    product: String,
    gate_kg_co2e: Co2e,
    #[serde(skip_serializing_if = "Option::is_none")]
    grave_kg_co2e: Option<Co2e>,
    flows: Vec<Flow>,
}

/// One flow of the footprint, with the chain down to who signed it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Flow {
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
    let inventory = ledger.inventory()?;
    let id = question::product(ledger.book(), &args.product)?;
    let footprint = calc::footprint(&inventory, &id, &args.question.request()?)?;
    let flows = footprint.contributions.iter().take(args.top).map(|c| flow(&ledger, c));
    context.output.report(&Trace {
        product: footprint.product.to_string(),
        gate_kg_co2e: footprint.figures.gate.excluding_uptake,
        grave_kg_co2e: footprint.figures.grave.as_ref().map(|set| set.excluding_uptake),
        flows: flows.collect::<Result<_, _>>()?,
    })?;
    Ok(Outcome::Done)
}

fn flow(ledger: &Ledger<FileReader>, part: &Contribution) -> Result<Flow, CliError> {
    let book = ledger.book();
    let entry = book.entry(&part.statement).map(|(_, entry)| entry);
    let index = entry.map(|e| e.index).unwrap_or_default();
    let seal = ledger.submission(index)?.seal;
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
        signer_key: book.key_at(index).copied(),
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
