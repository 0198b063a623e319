//! One flow of an activity statement: an amount of something and the source of its footprint, in memory and as it is spelt.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

use super::{
    Certificates, Co2e, DataKind, Decimal, FactorId, FlowKind, FootprintId, Gas, Instrument, ProductId,
    Quantity, Text, Uncertainty, Unit, ValueError,
};

/// One line of an activity statement: an amount of something with the source of its footprint.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "FlowText<'static>")]
#[schemars(with = "FlowText<'static>")]
pub struct Flow {
    /// How much; absent only for an excluded flow.
    pub amount: Option<Amount>,
    /// kg of biogenic carbon per unit, for waste whose factor leaves combustion out.
    pub biogenic_carbon: Option<Decimal>,
    /// Whether the amount was measured; not stated counts as not primary.
    pub data: Option<DataKind>,
    /// True where the factor already holds the haulage to the door.
    pub delivered: bool,
    /// kg of fossil carbon per unit, for waste whose factor leaves combustion out.
    pub fossil_carbon: Option<Decimal>,
    /// The certificates and contracts that cover it, in the order in which it uses them.
    pub instruments: Vec<Instrument>,
    /// What it is.
    pub kind: FlowKind,
    /// Its name with the one who says it.
    pub name: Text,
    /// Where its footprint comes from: exactly one.
    pub source: FlowSource,
    /// In a part of an activity: the amount of the whole, in the same unit; of two quantities the
    /// first.
    pub split_from: Option<Decimal>,
    /// System expansion: the product whose making a co-product of this work makes needless. The amount is then below zero.
    pub substitutes: Option<Text>,
    /// How uncertain the amount is.
    pub uncertainty: Option<Uncertainty>,
}

/// Where a flow's footprint comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FlowSource {
    /// An emission factor, with a second one for its upstream where the first is direct.
    Factor {
        /// The factor.
        factor: FactorId,
        /// The factor of the upstream.
        upstream: Option<FactorId>,
    },
    /// A product made in this ledger.
    Product(ProductId),
    /// A footprint received from a supplier.
    Footprint(FootprintId),
    /// A gas emitted here.
    Gas(Gas),
    /// Left out of the sum, for a reason.
    Excluded {
        /// Estimated kg CO2e of the whole flow.
        estimate: Co2e,
        /// Why it is left out.
        reason: Text,
    },
}

/// How much of a flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amount {
    /// Stated.
    Given(Quantity),
    /// The exact product of two named quantities, such as a mass and a distance.
    Of([Measure; 2]),
}

impl Amount {
    /// True below zero.
    pub fn is_negative(&self) -> bool {
        match self {
            Self::Given(q) => q.amount.is_negative(),
            Self::Of([a, b]) => a.amount.is_negative() != b.amount.is_negative(),
        }
    }
}

/// A named quantity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Measure {
    /// How much.
    pub amount: Decimal,
    /// What is measured.
    pub name: Text,
    /// In what unit.
    pub unit: Unit,
}

/// A flow as it is written: every part optional but name and kind, checked together.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "Flow")]
struct FlowText<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<Decimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    biogenic_carbon: Option<Decimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<DataKind>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    delivered: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    estimate: Option<Co2e>,
    #[serde(skip_serializing_if = "Option::is_none")]
    factor: Option<Cow<'a, FactorId>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    footprint: Option<Cow<'a, FootprintId>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fossil_carbon: Option<Decimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gas: Option<Gas>,
    #[serde(default, skip_serializing_if = "is_empty")]
    instruments: Cow<'a, [Instrument]>,
    kind: FlowKind,
    name: Cow<'a, Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<Cow<'a, [Measure; 2]>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<Cow<'a, ProductId>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Cow<'a, Text>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    split_from: Option<Decimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    substitutes: Option<Cow<'a, Text>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uncertainty: Option<Uncertainty>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<Unit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upstream: Option<Cow<'a, FactorId>>,
}

fn is_empty(instruments: &[Instrument]) -> bool {
    instruments.is_empty()
}

fn unfit(name: &Text, problem: &str) -> ValueError {
    ValueError::Combination { what: "flow", problem: format!("`{name}` {problem}") }
}

/// What is wrong with the certificates that a flow claims.
fn claims_problem(claimed: &[Instrument], amount: Option<&Amount>) -> Option<String> {
    if claimed.is_empty() {
        return None;
    }
    match amount {
        None => return Some("claims a certificate and has no amount that it could cover".to_owned()),
        Some(amount) if amount.is_negative() => {
            return Some("claims a certificate for an amount below zero".to_owned());
        }
        Some(_) => {}
    }
    if let Some(Instrument { id, kwh, .. }) = claimed.iter().find(|claimed| !claimed.kwh.is_positive()) {
        return Some(format!("claims the instrument `{id}` of {kwh} kWh; expected more than 0"));
    }
    let certificates: Vec<Certificates> = claimed.iter().map(|claimed| claimed.id.certificates()).collect();
    let twice = Certificates::shared(&certificates).into_iter().next();
    let (first, second) = twice.and_then(|(first, second)| claimed.get(first).zip(claimed.get(second)))?;
    Some(format!("claims `{}` and `{}`, which name a certificate twice; name each once", first.id, second.id))
}

impl FlowText<'_> {
    fn amount(&self) -> Result<Option<Amount>, ValueError> {
        match (self.amount, self.unit, &self.of) {
            (Some(amount), Some(unit), None) => Ok(Some(Amount::Given(Quantity { amount, unit }))),
            (None, None, Some(of)) => Ok(Some(Amount::Of(of.clone().into_owned()))),
            (None, None, None) => Ok(None),
            _ => Err(unfit(&self.name, "needs either an amount with its unit or two quantities in `of`")),
        }
    }

    fn source(&mut self) -> Result<FlowSource, ValueError> {
        let one = "needs exactly one of factor, product, footprint, gas, or an estimate with its reason";
        let texts = (self.factor.take(), self.product.take(), self.footprint.take());
        let source = match (texts, self.gas, self.estimate) {
            ((Some(factor), None, None), None, None) => {
                let upstream = self.upstream.take().map(Cow::into_owned);
                FlowSource::Factor { factor: factor.into_owned(), upstream }
            }
            ((None, Some(product), None), None, None) => FlowSource::Product(product.into_owned()),
            ((None, None, Some(footprint)), None, None) => FlowSource::Footprint(footprint.into_owned()),
            ((None, None, None), Some(gas), None) => FlowSource::Gas(gas),
            ((None, None, None), None, Some(estimate)) => {
                let reason = self.reason.take().map(Cow::into_owned);
                let reason = reason.ok_or_else(|| unfit(&self.name, "is excluded and needs a reason"))?;
                FlowSource::Excluded { estimate, reason }
            }
            _ => return Err(unfit(&self.name, one)),
        };
        let excluded = matches!(source, FlowSource::Excluded { .. });
        if excluded != (self.kind == FlowKind::Excluded) {
            return Err(unfit(&self.name, "has an estimate if and only if its kind is excluded"));
        }
        if !excluded && self.reason.is_some() {
            return Err(unfit(&self.name, "has a reason, which only an excluded flow has"));
        }
        if matches!(source, FlowSource::Gas(_)) && self.kind != FlowKind::Emission {
            return Err(unfit(&self.name, "emits a gas, so its kind is emission"));
        }
        if self.upstream.is_some() && !matches!(source, FlowSource::Factor { .. }) {
            return Err(unfit(&self.name, "has an upstream factor but no factor"));
        }
        Ok(source)
    }
}

impl TryFrom<FlowText<'_>> for Flow {
    type Error = ValueError;

    fn try_from(mut text: FlowText<'_>) -> Result<Self, ValueError> {
        let (amount, source) = (text.amount()?, text.source()?);
        if amount.is_none() && text.kind != FlowKind::Excluded {
            return Err(unfit(&text.name, "has no amount; a missing number is never zero"));
        }
        if amount.is_none() && text.split_from.is_some() {
            return Err(unfit(&text.name, "has no amount, so that it names none that it was split from"));
        }
        if [text.fossil_carbon, text.biogenic_carbon].into_iter().flatten().any(Decimal::is_negative) {
            return Err(unfit(&text.name, "has a carbon content below zero"));
        }
        if let Some(problem) = claims_problem(&text.instruments, amount.as_ref()) {
            return Err(unfit(&text.name, &problem));
        }
        let credit = matches!(&amount, Some(Amount::Given(q)) if q.amount.is_negative());
        if text.substitutes.is_some() && (!credit || matches!(source, FlowSource::Gas(_))) {
            return Err(unfit(
                &text.name,
                "substitutes a product, so it is an amount below zero of its footprint",
            ));
        }
        Ok(Self {
            amount,
            biogenic_carbon: text.biogenic_carbon,
            data: text.data,
            delivered: text.delivered,
            fossil_carbon: text.fossil_carbon,
            instruments: text.instruments.into_owned(),
            kind: text.kind,
            name: text.name.into_owned(),
            source,
            split_from: text.split_from,
            substitutes: text.substitutes.map(Cow::into_owned),
            uncertainty: text.uncertainty,
        })
    }
}

impl<'a> From<&'a Flow> for FlowText<'a> {
    fn from(flow: &'a Flow) -> Self {
        let mut text = Self {
            amount: None,
            biogenic_carbon: flow.biogenic_carbon,
            data: flow.data,
            delivered: flow.delivered,
            estimate: None,
            factor: None,
            footprint: None,
            fossil_carbon: flow.fossil_carbon,
            gas: None,
            instruments: Cow::Borrowed(&flow.instruments),
            kind: flow.kind,
            name: Cow::Borrowed(&flow.name),
            of: None,
            product: None,
            reason: None,
            split_from: flow.split_from,
            substitutes: flow.substitutes.as_ref().map(Cow::Borrowed),
            uncertainty: flow.uncertainty,
            unit: None,
            upstream: None,
        };
        match &flow.amount {
            Some(Amount::Given(q)) => (text.amount, text.unit) = (Some(q.amount), Some(q.unit)),
            Some(Amount::Of(of)) => text.of = Some(Cow::Borrowed(of)),
            None => {}
        }
        match &flow.source {
            FlowSource::Factor { factor, upstream } => {
                (text.factor, text.upstream) =
                    (Some(Cow::Borrowed(factor)), upstream.as_ref().map(Cow::Borrowed));
            }
            FlowSource::Product(product) => text.product = Some(Cow::Borrowed(product)),
            FlowSource::Footprint(footprint) => text.footprint = Some(Cow::Borrowed(footprint)),
            FlowSource::Gas(gas) => text.gas = Some(*gas),
            FlowSource::Excluded { estimate, reason } => {
                (text.estimate, text.reason) = (Some(*estimate), Some(Cow::Borrowed(reason)));
            }
        }
        text
    }
}

impl Serialize for Flow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        FlowText::from(self).serialize(serializer)
    }
}

impl Flow {
    /// The flow, where its parts agree as they must in a statement.
    ///
    /// # Errors
    /// [`ValueError::Combination`] naming what does not fit.
    pub fn checked(self) -> Result<Self, ValueError> {
        FlowText::from(&self).try_into()
    }
}
