//! What can be wrong with one flow of an activity statement. Says it with both sides; the statement
//! and the flow's name stand around it.

use crate::model::{
    CertificateId, FactorCategory, FactorId, FootprintId, Gas, GwpSet, Period, ProductId, RecyclingMethod,
    Scope, StatementId, Unit, ValueError,
};

/// Why a flow gives no figure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FlowProblem {
    /// A flow names a product that has no statement.
    #[error("expected a product of this ledger, got {product}, which has no product statement")]
    UnknownInput {
        /// What it names.
        product: ProductId,
    },
    /// A flow names a factor that has no statement.
    #[error("the factor {factor} is not in the ledger; record it first")]
    UnknownFactor {
        /// What it names.
        factor: FactorId,
    },
    /// A flow names a supplier's footprint that was never received.
    #[error("the footprint {footprint} is not in the ledger; import the supplier's document first")]
    UnknownFootprint {
        /// What it names.
        footprint: FootprintId,
    },
    /// A flow names a factor that was redacted.
    #[error(
        "the factor {factor} is redacted (statement {statement}) and its values are no longer there; record it again in its place (`replaces`), or name another"
    )]
    RedactedFactor {
        /// What it names.
        factor: FactorId,
        /// The redacted factor statement.
        statement: StatementId,
    },
    /// A flow names a supplier's footprint that was redacted.
    #[error(
        "the footprint {footprint} is redacted (statement {statement}) and its document is no longer there; import the supplier's document again in its place"
    )]
    RedactedFootprint {
        /// What it names.
        footprint: FootprintId,
        /// The redacted statement.
        statement: StatementId,
    },
    /// An amount does not convert to what its source is per.
    #[error("{amount} does not convert to what {source_name} is per ({expected}){hint}")]
    UnitMismatch {
        /// The amount as stated, with its unit.
        amount: Box<str>,
        /// The source, as a person names it.
        source_name: Box<str>,
        /// The amount and unit that the source is per.
        expected: Box<str>,
        /// How to mend it, with its own punctuation; may be empty.
        hint: &'static str,
    },
    /// The two quantities of `of` have no product among the units.
    #[error(
        "{first} times {second} is no known unit; expected mass times distance, distance times distance, or pieces times any unit"
    )]
    NoProductUnit {
        /// Unit of the first quantity.
        first: Unit,
        /// Unit of the second.
        second: Unit,
    },
    /// So little of its source that digits of the amount would be lost.
    #[error(
        "{amount} is less than 0.000000000001 of {expected}, what {source_name} is per, so digits of it would be lost; state the statement for more of the output, such as for 1,000 pieces in place of one, with 1,000 times every amount"
    )]
    TooSmall {
        /// The amount as stated.
        amount: Box<str>,
        /// What the flow takes, with its id.
        source_name: Box<str>,
        /// What the source is per.
        expected: Box<str>,
    },
    /// A product that a flow consumes has no footprint itself; its own errors say why.
    #[error("the product {product} has no footprint in this period; mend its errors first")]
    InputFails {
        /// The product consumed.
        product: ProductId,
    },
    /// A direct factor stands alone.
    #[error(
        "{factor} is a direct factor of {category}; name the factor of its upstream on the same flow (`upstream`)"
    )]
    UpstreamMissing {
        /// The direct factor.
        factor: FactorId,
        /// Its category.
        category: FactorCategory,
    },
    /// A factor at the busbar stands without the losses of the grid.
    #[error("{factor} leaves out grid losses; name a factor of electricity.td_loss as `upstream`, got {}", optional(.upstream.as_ref()))]
    GridLossesMissing {
        /// The factor at the busbar.
        factor: FactorId,
        /// What is named as upstream instead.
        upstream: Option<FactorId>,
    },
    /// What is named as upstream is none.
    #[error("the upstream factor {upstream} must have the scope upstream, got {scope}")]
    UpstreamScope {
        /// The upstream factor.
        upstream: FactorId,
        /// Its scope.
        scope: Scope,
    },
    /// An upstream beside a factor that holds it already.
    #[error(
        "{factor} has the scope {scope} and leaves out no grid losses, so the upstream {upstream} would count twice; leave it away"
    )]
    UpstreamTwice {
        /// The factor.
        factor: FactorId,
        /// Its scope.
        scope: Scope,
        /// What would count twice.
        upstream: FactorId,
    },
    /// A factor of generation, which is for organisations.
    #[error(
        "{factor} holds the direct emissions of generation, which is for organisations; a product takes a factor of electricity.lifecycle (the electricity footprint factor)"
    )]
    DirectElectricity {
        /// The factor.
        factor: FactorId,
    },
    /// A waste factor leaves combustion out, and what the waste holds is not stated.
    #[error(
        "{factor} leaves combustion out; state the waste's {missing} (kg C per unit, 0 where it holds none)"
    )]
    WasteCarbonUnstated {
        /// The factor.
        factor: FactorId,
        /// The missing field.
        missing: &'static str,
    },
    /// A waste factor leaves combustion out, and the waste holds carbon.
    #[error(
        "{factor} leaves combustion out and the waste holds {carbon} kg C per unit; take a factor that holds its combustion"
    )]
    WasteHoldsCarbon {
        /// The factor.
        factor: FactorId,
        /// The carbon stated.
        carbon: String,
    },
    /// A supplier's footprint is not valid throughout the period.
    #[error(
        "the footprint {footprint} is valid in {validity}, expected all of {asked}; ask the supplier for a newer one"
    )]
    FootprintNotValid {
        /// The footprint.
        footprint: FootprintId,
        /// When it is valid.
        validity: Period,
        /// The period asked for.
        asked: Period,
    },
    /// The set asked for has no value for a gas, or for a component of a blend.
    #[error("{set} has no characterisation factor for {lacking}{}; ask for another set", of_blend(*.gas, *.lacking))]
    NoGwp {
        /// The gas.
        gas: Gas,
        /// The component that the set lacks; the gas itself where it is no blend.
        lacking: Gas,
        /// The set asked for.
        set: GwpSet,
    },
    /// The certificates of a flow cover less than the flow.
    #[error(
        "its instruments (`{instruments}`) cover {covered} kWh of {amount}; split the flow in two and give the rest the residual or national mix"
    )]
    InstrumentShort {
        /// The certificates' numbers.
        instruments: Box<str>,
        /// kWh that they cover together.
        covered: String,
        /// The amount as stated, with its unit.
        amount: Box<str>,
    },
    /// A certificate of another time.
    #[error(
        "the instrument `{instrument}` is of {valid}, the statement measured {period}; they lie more than 24 months apart, so it does not count"
    )]
    InstrumentPeriod {
        /// The certificate's number.
        instrument: CertificateId,
        /// When it was generated.
        valid: Period,
        /// The statement's period.
        period: Period,
    },
    /// A flow is left out where the product does not say that anything is.
    #[error("it is left out, and {product} {stated}; state its exemptions as listed")]
    Excluded {
        /// The product.
        product: ProductId,
        /// What the product statement says instead.
        stated: &'static str,
    },
    /// An estimate of what is left out is below zero.
    #[error("the estimate of what is left out must be at least 0, got {estimate} kg")]
    NegativeEstimate {
        /// kg CO2e.
        estimate: String,
    },
    /// Something avoided is counted at the end of life beside the recycling method.
    #[error(
        "it counts {fossil} kg CO2e of something replaced as a credit at the end of life, which mixes recycling methods: {method} is what {product} names; state the material with its parameters under `recycling` of the product, and here what its treatment emits"
    )]
    RecyclingCredit {
        /// kg of fossil CO2e of the whole flow.
        fossil: String,
        /// The one method of the product.
        method: RecyclingMethod,
        /// The product.
        product: ProductId,
    },
    /// A value is outside what is allowed or exact.
    #[error(transparent)]
    Value(#[from] ValueError),
}

fn optional(factor: Option<&FactorId>) -> String {
    factor.map_or_else(|| "none".to_owned(), ToString::to_string)
}

fn of_blend(gas: Gas, lacking: Gas) -> String {
    if gas == lacking { String::new() } else { format!(", a component of {gas}") }
}
