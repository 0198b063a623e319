//! The guards of a gate footprint: units that agree, and biogenic carbon that balances.

use crate::calc::CalcError;
use crate::calc::amount::{Ratio, plain_decimal};
use crate::calc::lower::source::SourceValue;
use crate::model::wide::{Wide, product};
use crate::model::{Category, Co2e, Decimal, Product, ProductId, Text};

/// How far apart the units of gate processes may lie where a product states nothing, in percent.
const UNIT_TOLERANCE_PERCENT: i32 = 2;

/// How far uptake, release and carbon content may miss each other: 12e-9 kg, in 1e-15 kg.
const BALANCE_TOLERANCE: i128 = 12_000_000;

/// Second guard: what is measured inside the period must have gone through the same number of
/// units, within the tolerance.
pub(in crate::calc) fn check_units<'t>(
    id: &ProductId,
    stated: &Product,
    measured: impl Iterator<Item = (Wide, &'t Text)> + Clone,
) -> Result<(), CalcError> {
    let (Some(fewer), Some(more)) = (measured.clone().min(), measured.max()) else { return Ok(()) };
    let tolerance = stated.unit_tolerance_percent.unwrap_or(Decimal::from_i32(UNIT_TOLERANCE_PERCENT));
    let result = |problem| CalcError::Result { product: id.clone(), problem };
    let what = "comparison of units";
    let hundred = Wide::new(Decimal::from_i32(100).quanta());
    let apart = product(more.0 - fewer.0, hundred, what).map_err(result)?; // OK because both are above zero.
    let allowed = product(more.0, Wide::new(tolerance.quanta()), what).map_err(result)?;
    if apart <= allowed {
        return Ok(());
    }
    Err(CalcError::UnitsApart {
        product: id.clone(),
        tolerance: tolerance.to_string(),
        more_process: more.1.clone(),
        more: Ratio::from_quanta(more.0).to_string(),
        fewer_process: fewer.1.clone(),
        fewer: Ratio::from_quanta(fewer.0).to_string(),
    })
}

/// Third guard: the biogenic carbon that goes in and out up to the gate must be what is in product
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

/// `|12 (uptake + released) + 44 C| <= 12e-9 kg` with C the biogenic carbon in product and
/// packaging; where C is not stated, nothing may be left. `balance` is uptake + released.
pub(super) fn carbon_balances(carbon: Option<i128>, balance: i128) -> bool {
    // OK because all are below 2 * 10^33 and i128 ends at 1.7 * 10^38.
    carbon.map_or(balance == 0, |carbon| (12 * balance + 44 * carbon).abs() <= BALANCE_TOLERANCE)
}

/// Biogenic carbon in product and packaging as the product states it, in 1e-15 kg.
pub(super) fn carbon_held(stated: &Product) -> Option<i128> {
    let in_product = stated.carbon.as_ref().and_then(|c| c.biogenic)?;
    let packed = stated.packaging.as_ref().and_then(|p| p.biogenic_carbon).unwrap_or(Decimal::ZERO);
    // OK because both are below 10^33.
    Some(Co2e::from_kg(in_product).quanta() + Co2e::from_kg(packed).quanta())
}
