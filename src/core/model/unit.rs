//! Units by dimension, with exact ratios, and amounts in them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::word_list;
use super::wide::{Wide, product, quotient};
use super::{Decimal, ValueError};

word_list! {
    /// A physical dimension. Amounts convert exactly inside one and not at all between two, except that a product's
    /// stated mass links mass and its declared unit.
    pub enum Dimension as "dimension", "the name of a dimension" {
        /// Mass; base unit g.
        Mass = "mass",
        /// Energy as delivered (electricity, heat, statistics in coal equivalent); base unit kJ.
        Energy = "energy",
        /// Energy of a fuel on its net calorific value; base unit kJ.
        EnergyNet = "energy (net calorific)",
        /// Energy of a fuel on its gross calorific value; base unit kJ.
        EnergyGross = "energy (gross calorific)",
        /// Volume; base unit L.
        Volume = "volume",
        /// Volume of a gas at normal conditions (0 degrees C, 101.325 kPa); base unit Nm3.
        NormalVolume = "normal volume",
        /// Area; base unit m2.
        Area = "area",
        /// Time; base unit h.
        Time = "time",
        /// Distance; base unit m.
        Distance = "distance",
        /// Transport work; base unit kg km.
        MassDistance = "mass-distance",
        /// Pieces; base unit piece.
        Count = "count",
        /// Data rate over time; base unit Mbit.s.
        Data = "data",
    }
}

word_list! {
    /// A unit of measurement, in its one spelling.
    pub enum Unit as "unit", "one of kg, g, t, lb, kWh, MJ, GJ, tce, kWh_ncv, MJ_ncv, GJ_ncv, kWh_gcv, MJ_gcv, GJ_gcv, L, m3, Nm3, m2, h, km, m, tkm, kgkm, piece, Mbit.s" {
        /// Kilogram.
        Kilogram = "kg",
        /// Gram.
        Gram = "g",
        /// Metric ton, 1000 kg.
        Ton = "t",
        /// Avoirdupois pound, exactly 0.45359237 kg.
        Pound = "lb",
        /// Kilowatt hour, exactly 3.6 MJ.
        KilowattHour = "kWh",
        /// Megajoule.
        Megajoule = "MJ",
        /// Gigajoule.
        Gigajoule = "GJ",
        /// Ton of coal equivalent, exactly 29.3076 GJ (GB/T 2589: 29,307.6 kJ/kg).
        TonCoalEquivalent = "tce",
        /// Kilowatt hour of fuel, net calorific.
        KilowattHourNet = "kWh_ncv",
        /// Megajoule of fuel, net calorific.
        MegajouleNet = "MJ_ncv",
        /// Gigajoule of fuel, net calorific.
        GigajouleNet = "GJ_ncv",
        /// Kilowatt hour of fuel, gross calorific.
        KilowattHourGross = "kWh_gcv",
        /// Megajoule of fuel, gross calorific.
        MegajouleGross = "MJ_gcv",
        /// Gigajoule of fuel, gross calorific.
        GigajouleGross = "GJ_gcv",
        /// Litre.
        Litre = "L",
        /// Cubic metre.
        CubicMetre = "m3",
        /// Cubic metre of gas at normal conditions.
        NormalCubicMetre = "Nm3",
        /// Square metre.
        SquareMetre = "m2",
        /// Hour.
        Hour = "h",
        /// Kilometre.
        Kilometre = "km",
        /// Metre.
        Metre = "m",
        /// Ton kilometre.
        TonKilometre = "tkm",
        /// Kilogram kilometre.
        KilogramKilometre = "kgkm",
        /// Piece.
        Piece = "piece",
        /// Megabit second, as PACT names it.
        MegabitSecond = "Mbit.s",
    }
}

impl Unit {
    /// The dimension it measures.
    pub const fn dimension(self) -> Dimension {
        self.definition().0
    }

    /// How many quanta of its dimension one of it holds: whole, so that every ratio between two units is exact.
    const fn definition(self) -> (Dimension, u64) {
        match self {
            // Quantum of mass: 0.01 mg, so that the pound is whole.
            Self::Kilogram => (Dimension::Mass, 100_000_000),
            Self::Gram => (Dimension::Mass, 100_000),
            Self::Ton => (Dimension::Mass, 100_000_000_000),
            Self::Pound => (Dimension::Mass, 45_359_237),
            // Quantum of energy: 1 kJ.
            Self::KilowattHour => (Dimension::Energy, 3_600),
            Self::Megajoule => (Dimension::Energy, 1_000),
            Self::Gigajoule => (Dimension::Energy, 1_000_000),
            Self::TonCoalEquivalent => (Dimension::Energy, 29_307_600),
            Self::KilowattHourNet => (Dimension::EnergyNet, 3_600),
            Self::MegajouleNet => (Dimension::EnergyNet, 1_000),
            Self::GigajouleNet => (Dimension::EnergyNet, 1_000_000),
            Self::KilowattHourGross => (Dimension::EnergyGross, 3_600),
            Self::MegajouleGross => (Dimension::EnergyGross, 1_000),
            Self::GigajouleGross => (Dimension::EnergyGross, 1_000_000),
            Self::Litre => (Dimension::Volume, 1),
            Self::CubicMetre => (Dimension::Volume, 1_000),
            Self::NormalCubicMetre => (Dimension::NormalVolume, 1),
            Self::SquareMetre => (Dimension::Area, 1),
            Self::Hour => (Dimension::Time, 1),
            Self::Kilometre => (Dimension::Distance, 1_000),
            Self::Metre => (Dimension::Distance, 1),
            Self::TonKilometre => (Dimension::MassDistance, 1_000),
            Self::KilogramKilometre => (Dimension::MassDistance, 1),
            Self::Piece => (Dimension::Count, 1),
            Self::MegabitSecond => (Dimension::Data, 1),
        }
    }

    /// The exact ratio `self / other` as numerator and denominator; `None` between two dimensions.
    ///
    /// ```
    /// use pcf_core::model::Unit;
    /// assert_eq!(Unit::Ton.ratio_to(Unit::Kilogram), Some((1000, 1)));
    /// assert_eq!(Unit::Pound.ratio_to(Unit::Kilogram), Some((45_359_237, 100_000_000)));
    /// assert_eq!(Unit::KilowattHourNet.ratio_to(Unit::KilowattHourGross), None);
    /// ```
    pub fn ratio_to(self, other: Self) -> Option<(u64, u64)> {
        let ((from, n), (to, d)) = (self.definition(), other.definition());
        let divisor = gcd(n, d);
        (from == to).then_some((n / divisor, d / divisor))
    }
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// An amount in a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// How much.
    pub amount: Decimal,
    /// Of what unit.
    pub unit: Unit,
}

/// Fractional digits of a ratio of two amounts (an amount per declared amount of its source).
pub const RATIO_SCALE: u32 = 18;

impl Quantity {
    /// This amount divided by `per`, as a whole number of 1e-18, rounded half to even once.
    ///
    /// # Errors
    /// [`ValueError::Combination`] between two dimensions, naming both units; [`ValueError::Overflow`].
    ///
    /// ```
    /// use pcf_core::model::{Quantity, Unit};
    /// let kg = Quantity { amount: "250".parse()?, unit: Unit::Kilogram };
    /// let per_ton = Quantity { amount: "1".parse()?, unit: Unit::Ton };
    /// assert_eq!(kg.per(per_ton)?.as_i128(), 250_000_000_000_000_000);
    /// assert!(kg.per(Quantity { unit: Unit::Litre, ..per_ton }).is_err());
    /// # Ok::<(), pcf_core::model::ValueError>(())
    /// ```
    pub fn per(self, per: Self) -> Result<Wide, ValueError> {
        let Some((n, d)) = self.unit.ratio_to(per.unit) else {
            return Err(ValueError::Combination {
                what: "unit",
                problem: format!(
                    "{} ({}) does not convert to {} ({})",
                    self.unit,
                    self.unit.dimension(),
                    per.unit,
                    per.unit.dimension()
                ),
            });
        };
        let what = "conversion of an amount";
        let scale = super::wide::power_of_ten(RATIO_SCALE)?;
        let numerator = product(Wide::new(self.amount.quanta()), Wide::from(n), what)?;
        let denominator = product(Wide::new(per.amount.quanta()), Wide::from(d), what)?;
        quotient(product(numerator, scale, what)?, denominator, what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_exact_in_both_directions_and_only_inside_a_dimension() {
        for &a in Unit::ALL {
            for &b in Unit::ALL {
                let there = a.ratio_to(b);
                assert_eq!(there.is_some(), a.dimension() == b.dimension(), "{a} {b}");
                assert_eq!(there, b.ratio_to(a).map(|(n, d)| (d, n)));
            }
        }
        assert_eq!(Unit::TonCoalEquivalent.ratio_to(Unit::Gigajoule), Some((73_269, 2_500)));
        assert_eq!(Unit::TonCoalEquivalent.ratio_to(Unit::KilowattHour), Some((8_141, 1)));
    }

    /// Every unit in another of its dimension: numerator and denominator, from the standards and not
    /// from the code (ISO 80000; the pound of 1959; 1 tce = 29.3076 GJ, GB/T 2589).
    const TABLE: &[(&str, &str, u64, u64)] = &[
        ("kg", "kg", 1, 1),
        ("g", "kg", 1, 1000),
        ("t", "kg", 1000, 1),
        ("lb", "kg", 45_359_237, 100_000_000),
        ("MJ", "MJ", 1, 1),
        ("kWh", "MJ", 18, 5),
        ("GJ", "MJ", 1000, 1),
        ("tce", "MJ", 146_538, 5),
        ("MJ_ncv", "MJ_ncv", 1, 1),
        ("kWh_ncv", "MJ_ncv", 18, 5),
        ("GJ_ncv", "MJ_ncv", 1000, 1),
        ("MJ_gcv", "MJ_gcv", 1, 1),
        ("kWh_gcv", "MJ_gcv", 18, 5),
        ("GJ_gcv", "MJ_gcv", 1000, 1),
        ("L", "m3", 1, 1000),
        ("m3", "m3", 1, 1),
        ("Nm3", "Nm3", 1, 1),
        ("m2", "m2", 1, 1),
        ("h", "h", 1, 1),
        ("km", "km", 1, 1),
        ("m", "km", 1, 1000),
        ("tkm", "tkm", 1, 1),
        ("kgkm", "tkm", 1, 1000),
        ("piece", "piece", 1, 1),
        ("Mbit.s", "Mbit.s", 1, 1),
    ];

    #[test]
    fn every_unit_is_what_the_standards_say() {
        let unit = |name: &str| name.parse::<Unit>().unwrap_or_else(|error| panic!("{error}"));
        for (name, other, n, d) in TABLE {
            assert_eq!(unit(name).ratio_to(unit(other)), Some((*n, *d)), "{name} in {other}");
        }
        let named: std::collections::BTreeSet<&str> = TABLE.iter().map(|row| row.0).collect();
        assert_eq!(named.len(), Unit::ALL.len(), "every unit stands in the table");
        for (a, b) in [("MJ", "MJ_ncv"), ("MJ", "MJ_gcv"), ("MJ_ncv", "MJ_gcv"), ("m3", "Nm3")] {
            assert_eq!(unit(a).ratio_to(unit(b)), None, "{a} and {b} are different things");
        }
    }

    #[test]
    fn an_amount_per_nothing_is_an_error() {
        let one = Quantity { amount: Decimal::ONE, unit: Unit::Piece };
        assert!(one.per(Quantity { amount: Decimal::ZERO, unit: Unit::Piece }).is_err());
    }
}
