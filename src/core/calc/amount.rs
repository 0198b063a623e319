//! Amounts of flows and outputs as exact fractions, and their one rounding: an amount divided by
//! what its source is per, to 1e-18. Knows units and the one link between mass and declared unit;
//! never guesses another.

use std::fmt;

use crate::model::wide::{Wide, narrow, power_of_ten, product, quotient};
use crate::model::{Amount, Decimal, Dimension, Measure, Quantity, RATIO_SCALE, Unit, ValueError};

const WHAT: &str = "conversion of an amount";

/// The least that an amount may round to: 1e-12 of its source's unit, in 1e-18.
const RATIO_MIN: Wide = Wide::new(1_000_000);

/// A number of units of a source or product: a whole number of 1e-18, printed as a plain decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ratio(Wide);

impl Ratio {
    /// None.
    pub(crate) const ZERO: Self = Self(Wide::ZERO);
    /// One unit.
    pub(crate) const ONE: Self = Self(Wide::new(10_i128.pow(RATIO_SCALE)));

    /// From a whole number of 1e-18.
    pub(crate) const fn from_quanta(quanta: Wide) -> Self {
        Self(quanta)
    }

    /// As a whole number of 1e-18.
    pub const fn quanta(self) -> Wide {
        self.0
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&plain_decimal(self.0, RATIO_SCALE as usize))
    }
}

/// Writes `quanta * 10^-scale` without exponent or superfluous zeros.
pub(crate) fn plain_decimal(quanta: Wide, scale: usize) -> String {
    let sign = if quanta < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", quanta.unsigned_abs().to_string(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale); // OK because the padding made scale + 1 digits.
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// An amount as stated, exact: `numerator / 10^digits / divisor` of `unit`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Exact {
    numerator: Wide,
    divisor: Wide,
    digits: u32,
    pub(crate) unit: Unit,
}

impl From<Quantity> for Exact {
    fn from(q: Quantity) -> Self {
        Self {
            numerator: Wide::new(q.amount.quanta()),
            divisor: Wide::ONE,
            digits: Decimal::SCALE,
            unit: q.unit,
        }
    }
}

impl Exact {
    /// The exact amount of a flow; `Ok(None)` where the two quantities of `of` make no known unit.
    pub(crate) fn of(amount: &Amount) -> Result<Option<Self>, ValueError> {
        match amount {
            Amount::Given(quantity) => Ok(Some((*quantity).into())),
            Amount::Of([a, b]) => Self::product_of(a, b),
        }
    }

    fn product_of(a: &Measure, b: &Measure) -> Result<Option<Self>, ValueError> {
        let Some((unit, ratio_a, ratio_b)) = product_unit(a.unit, b.unit) else { return Ok(None) };
        let amounts = product(Wide::new(a.amount.quanta()), Wide::new(b.amount.quanta()), WHAT)?;
        let n = product(Wide::from(ratio_a.0), Wide::from(ratio_b.0), WHAT)?;
        let divisor = product(Wide::from(ratio_a.1), Wide::from(ratio_b.1), WHAT)?;
        Ok(Some(Self { numerator: product(amounts, n, WHAT)?, divisor, digits: 2 * Decimal::SCALE, unit }))
    }

    /// This amount divided by `per`, to 1e-18, half to even; `Ok(None)` between two dimensions.
    pub(crate) fn per(self, per: Quantity) -> Result<Option<Wide>, ValueError> {
        if self.counts(per) {
            return product(self.numerator, power_of_ten(RATIO_SCALE - Decimal::SCALE)?, WHAT).map(Some);
        }
        let fraction = self.fraction(per)?;
        fraction.map(|(numerator, denominator)| quotient(numerator, denominator, WHAT)).transpose()
    }

    /// True where `per` is one of the unit that this amount was stated in: nothing is divided then.
    fn counts(self, per: Quantity) -> bool {
        self.unit == per.unit
            && per.amount == Decimal::ONE
            && self.digits == Decimal::SCALE
            && self.divisor == Wide::ONE
    }

    /// This amount divided by `per`, in 1e-18, before it is rounded.
    fn fraction(self, per: Quantity) -> Result<Option<(Wide, Wide)>, ValueError> {
        let Some((n, d)) = self.unit.ratio_to(per.unit) else { return Ok(None) };
        let scale = power_of_ten(RATIO_SCALE + Decimal::SCALE - self.digits)?; // OK because digits is 12 or 24.
        let numerator = product(product(self.numerator, Wide::from(n), WHAT)?, scale, WHAT)?;
        let declared = product(Wide::new(per.amount.quanta()), Wide::from(d), WHAT)?;
        Ok(Some((numerator, product(declared, self.divisor, WHAT)?)))
    }

    /// This amount per declared unit of something with a mass: inside the dimension of the declared
    /// unit directly, a mass through the mass per declared unit; `Ok(None)` where neither fits.
    pub(crate) fn per_declared(
        self,
        declared: Quantity,
        mass: Option<Decimal>,
    ) -> Result<Option<Wide>, ValueError> {
        self.comparable(declared, mass).map_or(Ok(None), |per| self.per(per))
    }

    /// True where [`Self::per_declared`] rounds to less than [`RATIO_MIN`]: fewer than six digits
    /// of the amount, or none, would be left.
    pub(crate) fn is_lost(self, declared: Quantity, mass: Option<Decimal>) -> Result<bool, ValueError> {
        let per = self.comparable(declared, mass).filter(|per| !self.counts(*per));
        let Some(per) = per else { return Ok(false) };
        let Some((numerator, denominator)) = self.fraction(per)? else { return Ok(false) };
        let small = (numerator / RATIO_MIN).abs() < denominator.abs();
        Ok(small && denominator != 0 && numerator % denominator != 0)
    }

    /// What the amount is divided by: the declared unit, or what it weighs.
    fn comparable(self, declared: Quantity, mass: Option<Decimal>) -> Option<Quantity> {
        if self.unit.dimension() == declared.unit.dimension() {
            return Some(declared);
        }
        let kg = mass.filter(|kg| kg.is_positive() && self.unit.dimension() == Dimension::Mass)?;
        Some(Quantity { amount: kg, unit: Unit::Kilogram })
    }
}

type Fraction = (u64, u64);

/// The unit of a product of two quantities, and what each is multiplied with to get there.
fn product_unit(a: Unit, b: Unit) -> Option<(Unit, Fraction, Fraction)> {
    match (a.dimension(), b.dimension()) {
        (Dimension::Mass, Dimension::Distance) => {
            Some((Unit::KilogramKilometre, a.ratio_to(Unit::Kilogram)?, b.ratio_to(Unit::Kilometre)?))
        }
        (Dimension::Distance, Dimension::Mass) => {
            Some((Unit::KilogramKilometre, a.ratio_to(Unit::Kilometre)?, b.ratio_to(Unit::Kilogram)?))
        }
        (Dimension::Distance, Dimension::Distance) => {
            Some((Unit::SquareMetre, a.ratio_to(Unit::Metre)?, b.ratio_to(Unit::Metre)?))
        }
        (Dimension::Count, _) => Some((b, a.ratio_to(Unit::Piece)?, (1, 1))),
        (_, Dimension::Count) => Some((a, (1, 1), b.ratio_to(Unit::Piece)?)),
        _ => None,
    }
}

/// Electricity in MJ, as a whole number of 1e-18; `Ok(None)` for what is no energy as delivered. In
/// MJ, since kWh, GJ and tce are decimals of it and none is rounded.
pub(crate) fn electricity(amount: Exact) -> Result<Option<Wide>, ValueError> {
    amount.per(Quantity { amount: Decimal::ONE, unit: Unit::Megajoule })
}

/// What [`electricity`] gives, in kWh as a person reads it.
pub(crate) fn kwh_text(megajoule: Wide) -> String {
    // OK because ten times an amount of a statement fits.
    quotient(megajoule * Wide::new(10), Wide::new(36), WHAT)
        .map_or_else(|problem| problem.to_string(), |kwh| plain_decimal(kwh, RATIO_SCALE as usize))
}

/// An amount as a person reads it.
pub(crate) fn amount_text(amount: &Amount) -> String {
    match amount {
        Amount::Given(q) => format!("{} {}", q.amount, q.unit),
        Amount::Of([a, b]) => {
            format!("{} {} {} times {} {} {}", a.name, a.amount, a.unit, b.name, b.amount, b.unit)
        }
    }
}

/// `numerator / denominator` rounded half to even to 6 fractional digits, where the numerator has
/// the scale of a decimal.
pub(crate) fn six_digits(numerator: Wide, denominator: Wide) -> Result<Decimal, ValueError> {
    let step = Wide::new(1_000_000); // quanta of 1e-12 in 1e-6
    let rounded = quotient(numerator, product(denominator, step, "mean")?, "mean")?;
    Decimal::from_quanta(narrow(product(rounded, step, "mean")?, "mean")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(amount: &str, unit: Unit) -> Measure {
        Measure { amount: amount.parse().unwrap(), name: "m".parse().unwrap(), unit }
    }

    fn one(unit: Unit) -> Quantity {
        Quantity { amount: Decimal::ONE, unit }
    }

    #[test]
    fn mass_times_distance_is_transport_work_in_either_order() {
        let (mass, way) = (measure("4.1", Unit::Ton), measure("800", Unit::Kilometre));
        for of in [[mass.clone(), way.clone()], [way, mass]] {
            let exact = Exact::of(&Amount::Of(of)).unwrap().unwrap();
            let tkm = exact.per(one(Unit::TonKilometre)).unwrap().unwrap();
            assert_eq!(Ratio::from_quanta(tkm).to_string(), "3280");
        }
    }

    #[test]
    fn a_length_times_a_length_is_an_area_in_metres() {
        let of = [measure("2", Unit::Kilometre), measure("3", Unit::Metre)];
        let exact = Exact::of(&Amount::Of(of)).unwrap().unwrap();
        assert_eq!(exact.unit, Unit::SquareMetre);
        let area = exact.per(one(Unit::SquareMetre)).unwrap().unwrap();
        assert_eq!(Ratio::from_quanta(area).to_string(), "6000");
    }

    #[test]
    fn anything_times_pieces_is_so_many_of_it() {
        for of in [
            [measure("2.5", Unit::Kilogram), measure("4", Unit::Piece)],
            [measure("4", Unit::Piece), measure("2.5", Unit::Kilogram)],
        ] {
            let kg = Exact::of(&Amount::Of(of)).unwrap().unwrap().per(one(Unit::Kilogram)).unwrap().unwrap();
            assert_eq!(Ratio::from_quanta(kg).to_string(), "10");
        }
    }

    #[test]
    fn a_ratio_is_rounded_half_to_even_and_not_cut_off() {
        // Of 1e-18: 2/3, 1/3, and halves on both sides of an even digit.
        let per = |amount: &str, declared: &str| {
            let exact = Exact::from(Quantity { amount: amount.parse().unwrap(), unit: Unit::Piece });
            let declared = Quantity { amount: declared.parse().unwrap(), unit: Unit::Piece };
            Ratio::from_quanta(exact.per(declared).unwrap().unwrap()).to_string()
        };
        assert_eq!(per("2", "3"), "0.666666666666666667");
        assert_eq!(per("1", "3"), "0.333333333333333333");
        assert_eq!(per("-2", "3"), "-0.666666666666666667");
        assert_eq!(per("0.000000000001", "2000000"), "0", "half a quantum");
        assert_eq!(per("0.000000000003", "2000000"), "0.000000000000000002", "one and a half");
        assert_eq!(per("0.000000000005", "2000000"), "0.000000000000000002", "two and a half");
    }

    #[test]
    fn an_amount_is_lost_where_it_rounds_below_1e_12_and_never_where_it_is_exact() {
        let lost = |amount: &str, declared: &str, mass: Option<&str>| {
            let exact = Exact::from(Quantity { amount: amount.parse().unwrap(), unit: Unit::Kilogram });
            let unit = if mass.is_some() { Unit::Piece } else { Unit::Kilogram };
            let declared = Quantity { amount: declared.parse().unwrap(), unit };
            exact.is_lost(declared, mass.map(|kg| kg.parse().unwrap())).unwrap()
        };
        assert!(lost("0.000000000001", "3", None) && lost("-0.000000000001", "3", None));
        assert!(lost("0.000000000001", "1", Some("3")), "by its mass");
        assert!(!lost("0.000000000001", "1000000", None), "1e-18, exact");
        assert!(!lost("0.000000000003", "2.9", None), "just above");
        assert!(!lost("0", "3", None) && !lost("1", "3", None));
    }

    #[test]
    fn energy_times_energy_is_nothing() {
        let of = Amount::Of([measure("1", Unit::KilowattHour), measure("1", Unit::KilowattHour)]);
        assert!(Exact::of(&of).unwrap().is_none());
    }

    #[test]
    fn an_amount_agrees_with_the_quantity_it_is() {
        let pounds = Quantity { amount: "3".parse().unwrap(), unit: Unit::Pound };
        let per = Quantity { amount: "7".parse().unwrap(), unit: Unit::Ton };
        assert_eq!(Exact::from(pounds).per(per).unwrap(), Some(pounds.per(per).unwrap()));
    }

    #[test]
    fn ratios_print_without_superfluous_zeros() {
        for (quanta, text) in
            [(0, "0"), (1, "0.000000000000000001"), (-15 * 10_i128.pow(17), "-1.5"), (10_i128.pow(18), "1")]
        {
            assert_eq!(Ratio::from_quanta(Wide::new(quanta)).to_string(), text);
        }
    }

    #[test]
    fn means_are_rounded_half_to_even_at_the_sixth_digit() {
        let mean = |quanta: i128| six_digits(Wide::new(quanta), Wide::ONE).unwrap().to_string();
        assert_eq!(mean(500_000), "0");
        assert_eq!(mean(1_500_000), "0.000002");
        assert_eq!(mean(500_001), "0.000001");
    }
}
