//! Why a footprint cannot be calculated. Every error names the statement and the flow or product it
//! is about, both sides, and how to mend it. Never a number in place of one that is missing.

use super::errors::{InstrumentUse, NamedProduct, ReadFlow, members, named_uses, parts, way_to_loop};
use super::{FlowProblem, LoopProblem};
use crate::model::{
    Allocation, CertificateId, Date, Decimal, FactorId, FootprintId, Period, ProductId, Stage, StatementId,
    Text, Unit, ValueError,
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
    /// Something is wrong with one flow.
    #[error("statement {statement}, flow `{flow}`: {problem}")]
    Flow {
        /// The activity statement.
        statement: StatementId,
        /// The flow's name.
        flow: Text,
        /// What is wrong, and how to mend it.
        problem: FlowProblem,
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
    /// Guard 1: two productions of a process overlap, and neither sites nor batches tell them apart.
    #[error(
        "product {product}, {stage} process `{process}`: the statements {first} ({first_period}) and {second} ({second_period}) overlap, so its outputs are stated twice and every flow would be divided by too many; take the output out of one of them, which then is a reading of what was used (withdraw it and record it again without the output), or withdraw the one that was recorded twice"
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
    /// Guard 1b: one flow of one process is read twice on the same days.
    #[error(
        "product {product}, {stage} process `{process}`: {first} and {second} are one flow, read twice on the same days; withdraw the one that is a total of the others, or name the meter of both where there are two"
    )]
    ReadTwice {
        /// The product.
        product: ProductId,
        /// The stage.
        stage: Stage,
        /// The unit process.
        process: Text,
        /// One reading.
        first: Box<ReadFlow>,
        /// The other.
        second: Box<ReadFlow>,
    },
    /// A reading has no measured production in the period asked for that it could be for.
    #[error(
        "product {product}, {stage} process `{process}`: the reading `{flow}` of {period} (statement {statement}) has no production in {asked} that it could be for; record what was made (a row with an output), or correct its site or batch"
    )]
    ReadingWithoutProduction {
        /// The reading.
        statement: StatementId,
        /// Its first flow.
        flow: Text,
        /// Its period.
        period: Period,
        /// The product.
        product: ProductId,
        /// The stage.
        stage: Stage,
        /// The process.
        process: Text,
        /// The period asked for.
        asked: Period,
    },
    /// A reading is shared, and its productions have nothing to share it by.
    #[error(
        "statement {statement}: {stage} process `{process}` made nothing in the period asked for that this reading could be shared by; record what was made, or correct its site or batch"
    )]
    NothingToShareBy {
        /// The reading.
        statement: StatementId,
        /// The stage.
        stage: Stage,
        /// The process.
        process: Text,
    },
    /// A reading is shared and does not say by what causes the use.
    #[error(
        "statement {statement}: {stage} process `{process}` made several products or batches, and the reading {said}; fill in `allocation`: mass, pieces, or a key such as machine hours that each production states"
    )]
    NeedsAllocation {
        /// What it says instead.
        said: &'static str,
        /// The reading.
        statement: StatementId,
        /// The stage.
        stage: Stage,
        /// The process.
        process: Text,
    },
    /// Guard 7: two statements that only apply end on the same day.
    #[error(
        "product {product}, {stage} process `{process}`: the statements {first} and {second} both only apply (appliesTo) and end on the same day, so neither is the newer one; withdraw one"
    )]
    AppliesTwice {
        /// The product.
        product: ProductId,
        /// The stage.
        stage: Stage,
        /// The process.
        process: Text,
        /// One statement.
        first: StatementId,
        /// The other.
        second: StatementId,
    },
    /// A process that has the units of another has outputs of its own.
    #[error(
        "product {product}, process `{process}`: it has the units of `{units_of}`, and statement {statement} states outputs of its own; withdraw that and record what it used as a reading, or take `units of` off the product's file"
    )]
    OwnOutputs {
        /// The product.
        product: ProductId,
        /// The process.
        process: Text,
        /// The production.
        statement: StatementId,
        /// Whose units it has.
        units_of: Text,
    },
    /// A process used something and made nothing.
    #[error(
        "product {product}, {stage} process `{process}`: it made nothing in {asked}, so what it used cannot be divided; record its output, or ask for days in which it made something"
    )]
    NothingMade {
        /// The product.
        product: ProductId,
        /// The stage.
        stage: Stage,
        /// The process.
        process: Text,
        /// The period asked for.
        asked: Period,
    },
    /// Guard 5: a statement's period lies partly outside the period asked for.
    #[error(
        "statement {statement} of {product}: its period {period} lies partly outside the period asked for, {asked}, and is never prorated; ask for a period that holds it, or {}", parts(.split_at)
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
        /// The days that divide it into what lies inside and what does not; none where none do.
        split_at: Vec<Date>,
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
    /// A product has no data, and the figures of its publication are per something else.
    #[error(
        "product {product}: its publication {publication} cannot take the place of data: its figures are per {then}, and the declared unit is {now} now, to which they do not convert; record what was made in the period, or publish the product again per {now}"
    )]
    PublishedPer {
        /// The product.
        product: ProductId,
        /// The publication.
        publication: FootprintId,
        /// The declared unit of its figures.
        then: Box<str>,
        /// The declared unit of the product statement that holds.
        now: Box<str>,
    },
    /// A statement in scope was redacted.
    #[error(
        "product {product}, {stage} process `{process}`: statement {statement} ({period}) is redacted and what it said is no longer there; record it again in its place (`replaces`), or withdraw it"
    )]
    Redacted {
        /// The redacted activity statement.
        statement: StatementId,
        /// The product.
        product: ProductId,
        /// The stage.
        stage: Stage,
        /// The process.
        process: Text,
        /// Its period, or what it applies to.
        period: Period,
    },
    /// A factor that a product's recycling names was redacted.
    #[error(
        "product {product}, recycling of `{material}`: the factor {factor} is redacted (statement {statement}) and its values are no longer there; record it again in its place (`replaces`), or name another"
    )]
    RedactedMaterial {
        /// The product.
        product: ProductId,
        /// The material.
        material: Text,
        /// The factor.
        factor: FactorId,
        /// The redacted factor statement.
        statement: StatementId,
    },
    /// The grave is asked for, and the product's statement reaches the gate.
    #[error(
        "product {product}: its statement reaches from cradle to gate and cradle-to-grave was asked for; ask for the gate, or state the boundary and the processes after the gate"
    )]
    BeyondBoundary {
        /// The product.
        product: ProductId,
    },
    /// Products that consume each other have no figures.
    #[error(
        "the loop of {} {problem}: {cycle}{}", members(.products, *.count), way_to_loop(.needed_by)
    )]
    Loop {
        /// The first of them: those of the cycle in its order, then others by id.
        products: Box<[NamedProduct]>,
        /// How many there are.
        count: usize,
        /// One cycle of it with its amounts and their product, the gain, as a person reads them.
        cycle: Box<str>,
        /// Why.
        problem: LoopProblem,
        /// From the product asked for to the one of the loop that it needs; empty inside the loop.
        needed_by: Box<[NamedProduct]>,
    },
    /// A product's recycling cannot be calculated.
    #[error("product {product}, recycling of `{material}`: {problem}")]
    Recycling {
        /// The product.
        product: ProductId,
        /// The material.
        material: Text,
        /// What is wrong, and how to mend it.
        problem: Box<str>,
    },
    /// More is claimed of a certificate than it covers.
    #[error(
        "the instrument `{instrument}` covers {covered} kWh, and {claimed} kWh of it are claimed: {}",
        named_uses(.uses, *.count)
    )]
    InstrumentOver {
        /// The certificate's number.
        instrument: CertificateId,
        /// kWh it covers.
        covered: Decimal,
        /// kWh that are claimed.
        claimed: String,
        /// The first claims, by statement.
        uses: Vec<InstrumentUse>,
        /// How many there are.
        count: usize,
    },
    /// Two claims of one certificate do not say the same of it.
    #[error(
        "{first_said}, {second_said}: a certificate has one number of kWh and one period; state both claims alike"
    )]
    InstrumentApart {
        /// One statement.
        first: StatementId,
        /// Its flow, and the certificate as it states it.
        first_said: Box<str>,
        /// The other.
        second: StatementId,
        /// Its flow, and the certificate as that states it.
        second_said: Box<str>,
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
        missing: String,
        /// The output.
        product: ProductId,
    },
    /// Co-products of very different values are allocated by something physical.
    #[error(
        "statement {statement}: a unit of {dearer} is worth more than five times one of {cheaper}, so price is what the flows are shared by, got {allocation}; allocate by price, or name in the product statement the product rule that asks for {allocation}"
    )]
    AllocationOrder {
        /// The activity statement.
        statement: StatementId,
        /// How the flows are shared.
        allocation: Allocation,
        /// The output that is worth most a unit.
        dearer: ProductId,
        /// The output that is worth least a unit.
        cheaper: ProductId,
    },
    /// A value of a statement is outside what is allowed or exact.
    #[error("statement {statement}: {problem}")]
    Value {
        /// The statement.
        statement: StatementId,
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
