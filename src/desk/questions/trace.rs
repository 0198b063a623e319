//! From a figure down to the statement, seal, signer and factor behind each part of it.

use pcf_ledger::calc::{Chain, Contribution, ContributionSource, Inventory, Request, TopFlows, Trace};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{Amount, Co2e, Instant, ProductId, PublicKey, StatementId};
use pcf_ledger::store::Reader;
use serde::Serialize;

use crate::DeskError;

/// What a trace is made from: what holds, and what is asked of it.
#[derive(Debug)]
pub struct Tracing {
    inventory: Inventory,
    product: ProductId,
    request: Request,
}

impl Tracing {
    /// Reads what a trace of a product is made from.
    ///
    /// # Errors
    /// [`DeskError::Ledger`].
    pub fn new<S: Reader>(
        ledger: &Ledger<S>,
        product: ProductId,
        request: Request,
    ) -> Result<Self, DeskError> {
        let inventory = ledger.inventory_of(std::slice::from_ref(&product))?;
        Ok(Self { inventory, product, request })
    }

    /// Traces the footprint and hands it to `ask`.
    pub(super) fn with<T>(
        &self,
        ask: impl FnOnce(&Trace<'_, '_>) -> Result<T, DeskError>,
    ) -> Result<T, DeskError> {
        let chain = Chain::of(&self.inventory, &[&self.product], &self.request)?;
        ask(&chain.trace(&self.product)?)
    }
}

/// A footprint with its largest flows; they, the rest and the rounding add up to it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FlowTrace {
    /// The product.
    pub product: String,
    /// Its footprint within the boundary asked for, per declared unit.
    pub kg_co2e: Co2e,
    /// To the gate.
    pub gate_kg_co2e: Co2e,
    /// To the grave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grave_kg_co2e: Option<Co2e>,
    /// What all flows emit.
    pub burdens_kg_co2e: Co2e,
    /// What all flows remove or avoid.
    pub credits_kg_co2e: Co2e,
    /// How many flows are not told.
    pub rest_flows: usize,
    /// What those give.
    pub rest_kg_co2e: Co2e,
    /// What the roundings on the way leave.
    pub rounding_kg_co2e: Co2e,
    /// The flows, largest first.
    pub flows: Vec<TracedFlow>,
}

/// One flow of a footprint, with the chain down to who signed it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TracedFlow {
    /// The product whose flow it is.
    pub product: String,
    /// Declared units of that product in one of the asked one.
    pub units_needed: String,
    /// Its stage.
    pub stage: String,
    /// Its unit process.
    pub process: String,
    /// Its name.
    pub flow: String,
    /// What it gives per declared unit of the asked product.
    pub kg_co2e: Co2e,
    /// The amount as stated.
    pub amount: String,
    /// Where the figure came from.
    pub source: String,
    /// What one `per` of the source gives.
    pub source_kg_co2e: Co2e,
    /// What the source's figure is per.
    pub per: String,
    /// The product's share of the statement.
    pub share: String,
    /// Declared units that the process served.
    pub declared_units: String,
    /// The activity statement.
    pub activity: StatementId,
    /// The source's statement; none for a gas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_statement: Option<StatementId>,
    /// The actor who signed the activity.
    pub signed_by: String,
    /// The key that sealed it.
    pub signer_key: Option<PublicKey>,
    /// The index of its seal in the log.
    pub seal_index: u64,
    /// When it was signed, as its seal claims.
    pub claimed_time: Option<Instant>,
}

/// Tells the `top` largest flows of a footprint, or of its product's own flows alone.
///
/// # Errors
/// [`DeskError::Calc`] where there is no figure; [`DeskError::Ledger`] for a seal that cannot be read.
pub fn flows<S: Reader>(
    ledger: &Ledger<S>,
    tracing: &Tracing,
    top: usize,
    own: bool,
) -> Result<FlowTrace, DeskError> {
    tracing.with(|trace| told(ledger, trace, top, own))
}

fn told<S: Reader>(
    ledger: &Ledger<S>,
    trace: &Trace<'_, '_>,
    top: usize,
    own: bool,
) -> Result<FlowTrace, DeskError> {
    let found = if own { trace.own()? } else { trace.top(top)? };
    let TopFlows { mut flows, mut rest_count, mut rest, burdens, credits, rounding } = found;
    for left in flows.drain(top.min(flows.len())..) {
        rest_count += 1;
        rest = rest.plus(left.excluding_uptake)?;
    }
    let figures = trace.figures();
    Ok(FlowTrace {
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

fn flow<S: Reader>(ledger: &Ledger<S>, part: &Contribution) -> Result<TracedFlow, DeskError> {
    let book = ledger.book();
    let entry = book.entry(&part.statement)?.map(|(_, entry)| entry);
    let index = entry.as_ref().map(|entry| entry.index).unwrap_or_default();
    let seal = ledger.seal(index)?;
    let mut source = part.source.explained();
    if let ContributionSource::Factor { factor, .. } = &part.source {
        let named = book.factor(factor)?.map(|(_, f)| format!("{}, {}, {}", f.name, f.source, f.year));
        source = format!("{source} ({})", named.unwrap_or_default());
    }
    Ok(TracedFlow {
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
        source_statement: part.source.statement(),
        signed_by: entry.map(|entry| entry.by.to_string()).unwrap_or_default(),
        signer_key: book.key_at(index)?,
        seal_index: index,
        claimed_time: super::claimed_time(seal.signed_at_s()),
    })
}

fn amount(amount: &Amount) -> String {
    match amount {
        Amount::Given(q) => format!("{} {}", q.amount, q.unit),
        Amount::Of([a, b]) => format!("{} {} x {} {}", a.amount, a.unit, b.amount, b.unit),
    }
}
