//! The guard of a gate footprint: biogenic carbon that balances.

use crate::calc::CalcError;
use crate::calc::amount::plain_decimal;
use crate::calc::lower::source::SourceValue;
use crate::model::wide::Wide;
use crate::model::{Category, Co2e, Decimal, Product, ProductId};

/// A difference of uptake, release and carbon content that suppliers round away, in percent.
pub(crate) const NOTE_PERCENT: u8 = 1;

/// The largest difference that leaves a figure, in percent.
const STOPS_PERCENT: u8 = 5;

/// How far uptake, release and carbon content may miss each other unsaid: 12e-9 kg, in 1e-15 kg.
const BALANCE_TOLERANCE: i128 = 12_000_000;

/// The biogenic carbon that goes in and out up to the gate must be what is in product
/// and packaging.
pub(super) fn check_carbon(id: &ProductId, stated: &Product, gate: &SourceValue) -> Result<(), CalcError> {
    let carbon = carbon_held(stated);
    let (uptake, released) =
        (gate.categories[Category::BiogenicUptake], gate.categories[Category::BiogenicReleased]);
    let balance = uptake.quanta() + released.quanta(); // OK because both are below 10^33.
    if carbon_balances(carbon, balance) {
        return Ok(());
    }
    let product = id.clone();
    let decimal = |quanta| plain_decimal(Wide::new(quanta), Co2e::SCALE as usize);
    Err(match carbon {
        None => CalcError::CarbonUnstated { product, balance: decimal(balance) },
        Some(carbon) => CalcError::CarbonBalance {
            product,
            uptake: uptake.to_string(),
            released: released.to_string(),
            carbon: decimal(carbon),
        },
    })
}

/// True where `|12 (uptake + released) + 44 C|` is within 5 % of `44 C`, with C the biogenic carbon
/// in product and packaging; where C is not stated, nothing may be left. `balance` is uptake +
/// released.
pub(super) fn carbon_balances(carbon: Option<i128>, balance: i128) -> bool {
    carbon.map_or(balance == 0, |carbon| carbon_miss(carbon, balance) <= Miss::Percent(STOPS_PERCENT))
}

/// How far uptake, release and carbon content miss each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Miss {
    /// Within 12e-9 kg: the digits of a factor.
    Nothing,
    /// At most so many percent of what the carbon content asks for.
    Percent(u8),
    /// More.
    Far,
}

/// The least of 0, 1 and 5 percent that holds the difference.
pub(crate) fn carbon_miss(carbon: i128, balance: i128) -> Miss {
    // OK because all are below 2 * 10^33 and i128 ends at 1.7 * 10^38.
    let difference = (12 * balance + 44 * carbon).abs();
    let within = |percent: u8| 100 * difference <= i128::from(percent) * 44 * carbon.abs();
    match difference {
        0..=BALANCE_TOLERANCE => Miss::Nothing,
        _ if within(NOTE_PERCENT) => Miss::Percent(NOTE_PERCENT),
        _ if within(STOPS_PERCENT) => Miss::Percent(STOPS_PERCENT),
        _ => Miss::Far,
    }
}

/// Biogenic carbon in product and packaging as the product states it, in 1e-15 kg.
pub(crate) fn carbon_held(stated: &Product) -> Option<i128> {
    let in_product = stated.carbon.as_ref().and_then(|c| c.biogenic)?;
    let packed = stated.packaging.as_ref().and_then(|p| p.biogenic_carbon).unwrap_or(Decimal::ZERO);
    // OK because both are below 10^33.
    Some(Co2e::from_kg(in_product).quanta() + Co2e::from_kg(packed).quanta())
}
