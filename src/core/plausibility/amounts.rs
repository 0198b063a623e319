//! Amounts for comparison: masses of flows and outputs, shares, amounts per declared unit, and how they are shown. Exact until it prints four
//! significant digits; what has no mass that anybody stated is unknown, never zero.

use crate::calc::amount::{Exact, plain_decimal};
use crate::calc::{Inventory, Share};
use crate::model::wide::{Wide, power_of_ten, product, quotient};
use crate::model::{
    Co2e, Decimal, Dimension, Flow, FlowSource, Product, ProductId, Quantity, RATIO_SCALE, Unit,
};

/// Digits that a compared amount is shown with.
const SHOWN_DIGITS: usize = 4;

/// A whole number of 1e-18 of something.
pub(super) const ONE: Wide = Wide::new(10_i128.pow(RATIO_SCALE));

/// A flow's amount in the first unit of its dimension, in 1e-18; none where its two quantities make no unit.
pub(super) fn amount(flow: &Flow) -> Option<(Wide, Unit)> {
    let exact = Exact::of(flow.amount.as_ref()?).ok()??;
    let unit = base(exact.unit.dimension());
    let amount = exact.per(Quantity { amount: Decimal::ONE, unit }).ok()??;
    Some((amount, unit))
}

/// The unit that amounts of a dimension are compared and shown in.
const fn base(dimension: Dimension) -> Unit {
    match dimension {
        Dimension::Mass => Unit::Kilogram,
        Dimension::Energy => Unit::KilowattHour,
        Dimension::EnergyNet => Unit::KilowattHourNet,
        Dimension::EnergyGross => Unit::KilowattHourGross,
        Dimension::Volume => Unit::Litre,
        Dimension::NormalVolume => Unit::NormalCubicMetre,
        Dimension::Area => Unit::SquareMetre,
        Dimension::Time => Unit::Hour,
        Dimension::Distance => Unit::Kilometre,
        Dimension::MassDistance => Unit::TonKilometre,
        Dimension::Count => Unit::Piece,
        Dimension::Data => Unit::MegabitSecond,
    }
}

/// The mass of a flow in 1e-18 kg: stated, or through the mass per declared unit of the product or footprint it names.
pub(super) fn mass(inventory: &Inventory, flow: &Flow) -> Option<Wide> {
    let exact = Exact::of(flow.amount.as_ref()?).ok()??;
    if exact.unit.dimension() == Dimension::Mass {
        return exact.per(Quantity { amount: Decimal::ONE, unit: Unit::Kilogram }).ok()?;
    }
    let (declared, kg) = match &flow.source {
        FlowSource::Product(id) => {
            let product = find(inventory, id)?;
            (product.declared_unit, product.mass_per_declared_unit?)
        }
        FlowSource::Footprint(id) => {
            let bought = &inventory.bought.get(id)?.statement;
            (bought.declared_unit, bought.mass_per_declared_unit?)
        }
        _ => return None,
    };
    scaled(exact.per(declared).ok()??, kg)
}

/// A product by any of its ids.
pub(super) fn find<'a>(inventory: &'a Inventory, id: &ProductId) -> Option<&'a Product> {
    let filed = inventory.aliases.get(id).unwrap_or(id);
    inventory.products.get(filed).map(|held| &held.statement)
}

/// `amount * kg`, in 1e-18 kg.
pub(super) fn scaled(amount: Wide, kg: Decimal) -> Option<Wide> {
    let what = "mass";
    quotient(product(amount, Wide::new(kg.quanta()), what).ok()?, Wide::new(Decimal::ONE_QUANTA), what).ok()
}

/// The mass of one declared unit of a product in 1e-18 kg, packaging aside.
pub(super) fn unit_mass(product: &Product) -> Option<Wide> {
    if product.declared_unit.unit.dimension() == Dimension::Mass {
        return product.declared_unit.per(Quantity { amount: Decimal::ONE, unit: Unit::Kilogram }).ok();
    }
    product.mass_per_declared_unit.filter(|kg| kg.is_positive()).and_then(|kg| scaled(ONE, kg))
}

/// The product's part of an amount.
pub(super) fn shared(amount: Wide, share: Share) -> Option<Wide> {
    let whole = product(amount, Wide::new(share.quanta()), "share").ok()?;
    quotient(whole, Wide::new(Share::ONE.quanta()), "share").ok()
}

/// `amount / units`, in 1e-18 per declared unit.
pub(super) fn over(amount: Wide, units: Wide) -> Option<Wide> {
    let what = "amount per declared unit";
    quotient(product(amount, power_of_ten(RATIO_SCALE).ok()?, what).ok()?, units, what).ok()
}

/// `amount * share / units`, in 1e-18 per declared unit.
pub(super) fn per_unit(amount: Wide, share: Share, units: Wide) -> Option<Wide> {
    // In two steps: an amount times a share of thirty digits leaves no room for another eighteen.
    over(shared(amount, share)?, units)
}

/// True where the two lie further apart than `percent` of the larger.
pub(super) fn apart(a: Wide, b: Wide, percent: i128) -> bool {
    let larger = a.abs().max(b.abs());
    // OK because compared amounts stay below 10^60 and 256 bits end beyond 10^76; a sum that does not fit counts as apart.
    let difference = a.checked_sub(b).and_then(|d| d.abs().checked_mul(Wide::new(100)));
    match (difference, larger.checked_mul(Wide::new(percent))) {
        (Some(difference), Some(allowed)) => difference > allowed,
        _ => true,
    }
}

/// As [`apart`], by a part that a product states.
pub(super) fn apart_by(a: Wide, b: Wide, percent: Decimal) -> bool {
    let larger = a.abs().max(b.abs());
    let hundred = Wide::new(Decimal::from_i32(100).quanta());
    let difference = a.checked_sub(b).and_then(|d| d.abs().checked_mul(hundred));
    match (difference, larger.checked_mul(Wide::new(percent.quanta()))) {
        (Some(difference), Some(allowed)) => difference > allowed,
        _ => true,
    }
}

/// A mass of CO2e with four significant digits.
pub(super) fn shown_kg(kg: Co2e) -> String {
    // OK because a mass is below 10^33 quanta of 1e-15.
    shown(Wide::new(kg.quanta()) * Wide::new(1_000))
}

/// An amount with four significant digits; `about` in front where it lost some.
pub(super) fn shown(amount: Wide) -> String {
    let digits = amount.unsigned_abs().to_string().len();
    let step = digits
        .checked_sub(SHOWN_DIGITS)
        .and_then(|dropped| u32::try_from(dropped).ok())
        .and_then(|dropped| power_of_ten(dropped).ok())
        .unwrap_or(Wide::ONE);
    let rounded = quotient(amount, step, "shown").ok().and_then(|q| q.checked_mul(step)).unwrap_or(amount);
    let about = if rounded == amount { "" } else { "about " };
    format!("{about}{}", plain_decimal(rounded, RATIO_SCALE as usize))
}

/// How many percent `part` is of `whole`, with four significant digits.
pub(super) fn percent(part: Wide, whole: Wide) -> String {
    let hundred = part.checked_mul(ONE).and_then(|p| p.checked_mul(Wide::new(100)));
    hundred.and_then(|p| quotient(p, whole, "percent").ok()).map_or_else(|| "an unknown".to_owned(), shown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calc::allocation::shares;

    #[test]
    fn masses_are_apart_by_more_than_the_percentage_and_not_by_just_it() {
        let of = |n: i128| Wide::new(n);
        assert!(!apart(of(95), of(100), 5) && !apart(of(100), of(95), 5) && !apart(of(0), of(0), 5));
        assert!(apart(of(94), of(100), 5) && apart(of(100), of(94), 5) && apart(of(1), of(0), 5));
        assert!(apart(of(-100), of(100), 5), "the sign counts");
    }

    #[test]
    fn amounts_are_shown_with_four_digits_and_say_where_they_lost_some() {
        for (quanta, text) in [
            (10_i128.pow(18), "1"),
            (1_234_567 * 10_i128.pow(15), "about 1235"),
            (-12_345 * 10_i128.pow(14), "about -1.234"),
            (1, "0.000000000000000001"),
            (0, "0"),
        ] {
            assert_eq!(shown(Wide::new(quanta)), text);
        }
        assert_eq!(percent(Wide::new(1), Wide::new(3)), "about 33.33");
        assert_eq!(percent(Wide::new(1), Wide::ZERO), "an unknown");
    }

    #[test]
    fn an_amount_per_unit_counts_the_share() {
        let ids: [ProductId; 2] =
            ["urn:gtin:06901234000016", "urn:gtin:06901234000023"].map(|id| id.parse().unwrap());
        let half = shares(&[(&ids[0], Wide::ONE), (&ids[1], Wide::ONE)]).unwrap()[0];
        let (ten, four) = (ONE * Wide::new(10), ONE * Wide::new(4));
        assert_eq!(per_unit(ten, half, four).map(shown), Some("1.25".to_owned()));
        assert_eq!(per_unit(ten, half, Wide::ZERO), None);
    }
}
