//! Why a footprint cannot be calculated. Every error names the statement and the flow or the product it is about, both sides, and where it
//! helps how to mend it. Never a panic, never a number in place of one that is missing.

use std::fmt;

use crate::model::{
    Allocation, FactorCategory, FactorId, FootprintId, Gas, GwpSet, Period, ProductId, RecyclingMethod,
    Scope, Stage, StatementId, Text, Unit, ValueError,
};

/// One thing that stops a calculation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CalcError {
    /// The product asked for has no statement.
    #[error("product {product}: no product statement holds for it; record one first")]
    UnknownProduct {
        /// The id asked for.
        product: ProductId,
    },
    /// A flow names a product that has no statement.
    #[error(
        "statement {statement}, flow `{flow}`: expected a product of this ledger, got {product}, which has no product statement"
    )]
    UnknownInput {
        /// The activity statement.
        statement: StatementId,
        /// The flow's name.
        flow: Text,
        /// What it names.
        product: ProductId,
    },
    /// A flow names a factor that has no statement.
    #[error(
        "statement {statement}, flow `{flow}`: the factor {factor} is not in the ledger; record it first"
    )]
    UnknownFactor {
        /// The activity statement.
        statement: StatementId,
        /// The flow's name.
        flow: Text,
        /// What it names.
        factor: FactorId,
    },
    /// A flow names a supplier's footprint that was never received.
    #[error(
        "statement {statement}, flow `{flow}`: the footprint {footprint} is not in the ledger; import the supplier's document first"
    )]
    UnknownFootprint {
        /// The activity statement.
        statement: StatementId,
        /// The flow's name.
        flow: Text,
        /// What it names.
        footprint: FootprintId,
    },
    /// An amount does not convert to what its source is per.
    #[error(
        "statement {statement}, flow `{flow}`: {amount} does not convert to what {source_name} is per ({expected}){hint}"
    )]
    UnitMismatch {
        /// The activity statement.
        statement: StatementId,
        /// The flow's name.
        flow: Text,
        /// The amount as stated, with its unit.
        amount: String,
        /// The source, as a person names it.
        source_name: String,
        /// The amount and unit that the source is per.
        expected: String,
        /// How to mend it, with its own punctuation; may be empty.
        hint: &'static str,
    },
    /// The two quantities of `of` have no product among the units.
    #[error(
        "statement {statement}, flow `{flow}`: {first} times {second} is no known unit; expected mass times distance, distance times distance, or pieces times any unit"
    )]
    NoProductUnit {
        /// The activity statement.
        statement: StatementId,
        /// The flow's name.
        flow: Text,
        /// Unit of the first quantity.
        first: Unit,
        /// Unit of the second.
        second: Unit,
    },
    /// An output is in a unit that does not convert to the product's declared unit.
    #[error(
        "statement {statement}: the output of {product} is in {unit}, its declared unit in {declared}; state the output in that dimension, or the product's mass per declared unit"
    )]
    OutputUnit {
        /// The activity statement.
        statement: StatementId,
        /// The product.
        product: ProductId,
        /// The output's unit.
        unit: Unit,
        /// The unit of the declared unit.
        declared: Unit,
    },
    /// One statement names one product twice, by two of its ids.
    #[error(
        "statement {statement}: the product {product} is an output twice, by two of its ids; state it once"
    )]
    OutputTwice {
        /// The activity statement.
        statement: StatementId,
        /// The product, by the id it is filed under.
        product: ProductId,
    },
    /// First guard: two statements of one product, process, site, batch and scenario overlap in time.
    #[error(
        "product {product}, {stage} process `{process}`: the statements {first} ({first_period}) and {second} ({second_period}) overlap, so their average would be too low; merge them into one statement, or name them as two processes"
    )]
    OverlappingPeriods {
        /// The product.
        product: ProductId,
        /// The stage.
        stage: Stage,
        /// The unit process.
        process: Text,
        /// One statement.
        first: StatementId,
        /// Its period.
        first_period: Period,
        /// The other.
        second: StatementId,
        /// Its period.
        second_period: Period,
    },
    /// Second guard: two gate processes went through clearly different numbers of units.
    #[error(
        "product {product}: its gate processes must serve the same units within {tolerance} %, got {more} declared units in `{more_process}` and {fewer} in `{fewer_process}`; count good output only, or make one product per site and a product whose flows are their volumes"
    )]
    UnitsApart {
        /// The product.
        product: ProductId,
        /// The tolerance in percent.
        tolerance: String,
        /// The process with the most units.
        more_process: Text,
        /// How many declared units.
        more: String,
        /// The process with the fewest.
        fewer_process: Text,
        /// How many declared units.
        fewer: String,
    },
    /// Third guard: a statement's period lies partly outside the period asked for.
    #[error(
        "statement {statement} of {product}: its period {period} lies partly outside the period asked for, {asked}, and is never prorated; ask for a period that holds it, or state parts of it"
    )]
    PartialPeriod {
        /// The activity statement.
        statement: StatementId,
        /// The product.
        product: ProductId,
        /// The statement's period, or what it applies to.
        period: Period,
        /// The period asked for.
        asked: Period,
    },
    /// A statement is of a process that the product statement does not list.
    #[error(
        "statement {statement}: {product} lists no process `{process}` of {stage}; list it in the product statement or correct the name"
    )]
    UnlistedProcess {
        /// The activity statement.
        statement: StatementId,
        /// The product.
        product: ProductId,
        /// The stage.
        stage: Stage,
        /// The process it names.
        process: Text,
    },
    /// A listed process of the boundary has no data in scope.
    #[error("product {product}: no data for its {stage} process `{process}` in {period}{hint}")]
    NoData {
        /// The product.
        product: ProductId,
        /// The stage.
        stage: Stage,
        /// The process.
        process: Text,
        /// The period asked for.
        period: Period,
        /// What there is instead, with its own punctuation; may be empty.
        hint: String,
    },
    /// The grave is asked for, and the product's statement reaches the gate.
    #[error(
        "product {product}: its statement reaches from cradle to gate and cradle-to-grave was asked for; ask for the gate, or state the boundary and the processes after the gate"
    )]
    BeyondBoundary {
        /// The product.
        product: ProductId,
    },
    /// Products consume each other.
    #[error("{count} product(s) consume each other in a loop, which this version does not calculate: {}", names(.products, *.count))]
    Loop {
        /// The first of them, sorted.
        products: Vec<ProductId>,
        /// How many there are.
        count: usize,
    },
    /// A product that a flow consumes has no footprint itself; its own errors say why.
    #[error(
        "statement {statement}, flow `{flow}`: the product {product} has no footprint in this period; mend its errors first"
    )]
    InputFails {
        /// The activity statement.
        statement: StatementId,
        /// The flow's name.
        flow: Text,
        /// The product consumed.
        product: ProductId,
    },
    /// The recycling method is known and not calculated.
    #[error(
        "product {product}: the recycling method {method} is not calculated by this version; expected cut-off"
    )]
    RecyclingMethod {
        /// The product.
        product: ProductId,
        /// What its statement names.
        method: RecyclingMethod,
    },
    /// A direct factor stands alone.
    #[error(
        "statement {statement}, flow `{flow}`: {factor} is a direct factor of {category}; name the factor of its upstream on the same flow (`upstream`)"
    )]
    UpstreamMissing {
        /// The activity statement.
        statement: StatementId,
        /// The flow's name.
        flow: Text,
        /// The direct factor.
        factor: FactorId,
        /// Its category.
        category: FactorCategory,
    },
    /// A factor at the busbar stands without the losses of the grid.
    #[error("statement {statement}, flow `{flow}`: {factor} leaves out grid losses; name a factor of electricity.td_loss as `upstream`, got {}", optional(.upstream.as_ref()))]
    GridLossesMissing {
        /// The activity statement.
        statement: StatementId,
        /// The flow's name.
        flow: Text,
        /// The factor at the busbar.
        factor: FactorId,
        /// What is named as upstream instead.
        upstream: Option<FactorId>,
    },
    /// What is named as upstream is none.
    #[error(
        "statement {statement}, flow `{flow}`: the upstream factor {upstream} must have the scope upstream, got {scope}"
    )]
    UpstreamScope {
        /// The activity statement.
        statement: StatementId,
        /// The flow's name.
        flow: Text,
        /// The upstream factor.
        upstream: FactorId,
        /// Its scope.
        scope: Scope,
    },
    /// An upstream beside a factor that holds it already.
    #[error(
        "statement {statement}, flow `{flow}`: {factor} has the scope {scope} and leaves out no grid losses, so the upstream {upstream} would count twice; leave it away"
    )]
    UpstreamTwice {
        /// The activity statement.
        statement: StatementId,
        /// The flow's name.
        flow: Text,
        /// The factor.
        factor: FactorId,
        /// Its scope.
        scope: Scope,
        /// What would count twice.
        upstream: FactorId,
    },
    /// A factor of generation, which is for organisations.
    #[error(
        "statement {statement}, flow `{flow}`: {factor} holds the direct emissions of generation, which is for organisations; a product takes a factor of electricity.lifecycle (the electricity footprint factor)"
    )]
    DirectElectricity {
        /// The activity statement.
        statement: StatementId,
        /// The flow's name.
        flow: Text,
        /// The factor.
        factor: FactorId,
    },
    /// A waste factor leaves combustion out, and what the waste holds is not stated.
    #[error(
        "statement {statement}, flow `{flow}`: {factor} leaves combustion out; state the waste's {missing} (kg C per unit, 0 where it holds none)"
    )]
    WasteCarbonUnstated {
        /// The activity statement.
        statement: StatementId,
        /// The flow's name.
        flow: Text,
        /// The factor.
        factor: FactorId,
        /// The missing field.
        missing: &'static str,
    },
    /// A waste factor leaves combustion out, and the waste holds carbon.
    #[error(
        "statement {statement}, flow `{flow}`: {factor} leaves combustion out and the waste holds {carbon} kg C per unit; take a factor that holds its combustion"
    )]
    WasteHoldsCarbon {
        /// The activity statement.
        statement: StatementId,
        /// The flow's name.
        flow: Text,
        /// The factor.
        factor: FactorId,
        /// The carbon stated.
        carbon: String,
    },
    /// A supplier's footprint is not valid throughout the period.
    #[error(
        "statement {statement}, flow `{flow}`: the footprint {footprint} is valid in {validity}, expected all of {asked}; ask the supplier for a newer one"
    )]
    FootprintNotValid {
        /// The activity statement.
        statement: StatementId,
        /// The flow's name.
        flow: Text,
        /// The footprint.
        footprint: FootprintId,
        /// When it is valid.
        validity: Period,
        /// The period asked for.
        asked: Period,
    },
    /// The set asked for has no value for a gas.
    #[error(
        "statement {statement}, flow `{flow}`: {set} has no characterisation factor for {gas}; ask for another set"
    )]
    NoGwp {
        /// The activity statement.
        statement: StatementId,
        /// The flow's name.
        flow: Text,
        /// The gas.
        gas: Gas,
        /// The set asked for.
        set: GwpSet,
    },
    /// A certificate is claimed twice.
    #[error(
        "the instrument `{instrument}` is claimed by flow `{first_flow}` of statement {first} and by flow `{second_flow}` of {second}; it can be claimed once"
    )]
    InstrumentTwice {
        /// The certificate's number.
        instrument: Text,
        /// One statement.
        first: StatementId,
        /// Its flow.
        first_flow: Text,
        /// The other.
        second: StatementId,
        /// Its flow.
        second_flow: Text,
    },
    /// A certificate covers less than the flow.
    #[error(
        "statement {statement}, flow `{flow}`: the instrument `{instrument}` covers {covered} kWh of {amount}; split the flow in two and give the rest the residual or national mix"
    )]
    InstrumentShort {
        /// The activity statement.
        statement: StatementId,
        /// The flow's name.
        flow: Text,
        /// The certificate's number.
        instrument: Text,
        /// kWh it covers.
        covered: String,
        /// The amount as stated, with its unit.
        amount: String,
    },
    /// A certificate of another time.
    #[error(
        "statement {statement}, flow `{flow}`: the instrument `{instrument}` is valid in {valid}, the statement measured {period}; they have no day in common"
    )]
    InstrumentPeriod {
        /// The activity statement.
        statement: StatementId,
        /// The flow's name.
        flow: Text,
        /// The certificate's number.
        instrument: Text,
        /// When it is valid.
        valid: Period,
        /// The statement's period.
        period: Period,
    },
    /// A flow is left out where the product does not say that anything is.
    #[error(
        "statement {statement}, flow `{flow}`: it is left out, and {product} {stated}; state its exemptions as listed"
    )]
    Excluded {
        /// The activity statement.
        statement: StatementId,
        /// The flow's name.
        flow: Text,
        /// The product.
        product: ProductId,
        /// What the product statement says instead.
        stated: &'static str,
    },
    /// An estimate of what is left out is below zero.
    #[error(
        "statement {statement}, flow `{flow}`: the estimate of what is left out must be at least 0, got {estimate} kg"
    )]
    NegativeEstimate {
        /// The activity statement.
        statement: StatementId,
        /// The flow's name.
        flow: Text,
        /// kg CO2e.
        estimate: String,
    },
    /// Biogenic carbon flows through the gate and the product does not say how much it holds.
    #[error(
        "product {product}: {balance} kg of biogenic CO2 stay in it at the gate (uptake and release), and its statement does not say its biogenic carbon content; state it"
    )]
    CarbonUnstated {
        /// The product.
        product: ProductId,
        /// kg, uptake + released.
        balance: String,
    },
    /// Biogenic uptake and release at the gate do not fit what the product holds.
    #[error(
        "product {product}: uptake {uptake} kg and release {released} kg of biogenic CO2 at the gate must balance {carbon} kg of biogenic carbon in product and packaging (times 44/12)"
    )]
    CarbonBalance {
        /// The product.
        product: ProductId,
        /// kg CO2, at most 0.
        uptake: String,
        /// kg CO2, at least 0.
        released: String,
        /// kg C.
        carbon: String,
    },
    /// An output says nothing about itself in the allocation's key.
    #[error("statement {statement}: allocation by {allocation} needs {missing} of the output {product}")]
    AllocationKey {
        /// The activity statement.
        statement: StatementId,
        /// How the flows are shared.
        allocation: Allocation,
        /// What is missing.
        missing: &'static str,
        /// The output.
        product: ProductId,
    },
    /// A value of a statement is outside what is allowed or exact.
    #[error("statement {statement}{}: {problem}", in_flow(.flow.as_ref()))]
    Value {
        /// The statement.
        statement: StatementId,
        /// The flow's name, where it is one's.
        flow: Option<Text>,
        /// What is wrong.
        problem: ValueError,
    },
    /// A result of a product leaves the exact range.
    #[error("product {product}: {problem}")]
    Result {
        /// The product.
        product: ProductId,
        /// What is wrong.
        problem: ValueError,
    },
}

fn names(products: &[ProductId], count: usize) -> String {
    let named: Vec<&str> = products.iter().map(ProductId::as_str).collect();
    let more = if count > named.len() { ", …" } else { "" };
    format!("{}{more}", named.join(", "))
}

fn optional(factor: Option<&FactorId>) -> String {
    factor.map_or_else(|| "none".to_owned(), ToString::to_string)
}

fn in_flow(flow: Option<&Text>) -> String {
    flow.map(|name| format!(", flow `{name}`")).unwrap_or_default()
}

/// Everything that stops a calculation, reported together: sorted by message, each once, never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalcErrors(Vec<CalcError>);

impl CalcErrors {
    /// Sorts the errors and leaves away what is said twice.
    pub(super) fn new(mut errors: Vec<CalcError>) -> Self {
        errors.sort_by_cached_key(ToString::to_string);
        errors.dedup();
        Self(errors)
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
