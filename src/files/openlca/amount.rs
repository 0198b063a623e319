//! Numbers and units of a package as exact decimals: no float takes part in any arithmetic. Scales a process where its smallest digits would
//! else be lost.

use pcf_core::model::wide::{Wide, narrow, power_of_ten, product, quotient};
use pcf_core::model::{Decimal, Quantity, Unit, ValueError};

/// `digits * 10^exponent` of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    digits: i128,
    exponent: i32,
    pub unit: PackageUnit,
}

/// A unit of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackageUnit {
    /// One that this program has.
    Known(Unit),
    /// Another one, counted in pieces: it converts to itself alone.
    Counted(String),
}

impl PackageUnit {
    /// The unit that statements are written in.
    pub const fn unit(&self) -> Unit {
        match self {
            Self::Known(unit) => *unit,
            Self::Counted(_) => Unit::Piece,
        }
    }

    /// True where an amount in `self` can be counted in units of `other`.
    pub fn converts_to(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Known(a), Self::Known(b)) => a.dimension() == b.dimension(),
            (Self::Counted(a), Self::Counted(b)) => a == b,
            _ => false,
        }
    }
}

/// A unit by the names of openLCA's reference data, with what an amount in it is multiplied by: digits and a power of ten.
fn unit(name: &str) -> (PackageUnit, i128, i32) {
    let (unit, digits, exponent) = match name {
        "kg" => (Unit::Kilogram, 1, 0),
        "g" => (Unit::Gram, 1, 0),
        "mg" => (Unit::Gram, 1, -3),
        "t" => (Unit::Ton, 1, 0),
        "lb av" | "lb" => (Unit::Pound, 1, 0),
        "sh tn" => (Unit::Pound, 2000, 0),
        "kWh" => (Unit::KilowattHour, 1, 0),
        "MWh" => (Unit::KilowattHour, 1, 3),
        "GWh" => (Unit::KilowattHour, 1, 6),
        "J" => (Unit::Megajoule, 1, -6),
        "kJ" => (Unit::Megajoule, 1, -3),
        "MJ" => (Unit::Megajoule, 1, 0),
        "GJ" => (Unit::Gigajoule, 1, 0),
        "TJ" => (Unit::Gigajoule, 1, 3),
        // International table, 1055.05585262 J.
        "btu" | "BTU" => (Unit::Megajoule, 105_505_585_262, -14),
        "l" | "L" | "dm3" => (Unit::Litre, 1, 0),
        "ml" => (Unit::Litre, 1, -3),
        "m3" => (Unit::CubicMetre, 1, 0),
        // 231 cubic inches, and 1,728 of them.
        "gal (US liq)" | "gal" => (Unit::Litre, 3_785_411_784, -9),
        "cu ft" | "ft3" => (Unit::Litre, 28_316_846_592, -9),
        "m2" => (Unit::SquareMetre, 1, 0),
        "ha" => (Unit::SquareMetre, 1, 4),
        "km2" => (Unit::SquareMetre, 1, 6),
        "m" => (Unit::Metre, 1, 0),
        "km" => (Unit::Kilometre, 1, 0),
        "h" => (Unit::Hour, 1, 0),
        "t*km" | "tkm" => (Unit::TonKilometre, 1, 0),
        "kg*km" => (Unit::KilogramKilometre, 1, 0),
        "Item(s)" | "item(s)" | "p" | "unit" => (Unit::Piece, 1, 0),
        other => return (PackageUnit::Counted(other.to_owned()), 1, 0),
    };
    (PackageUnit::Known(unit), digits, exponent)
}

impl Measured {
    /// Reads a JSON number and a unit's name.
    ///
    /// # Errors
    /// [`ValueError`] for more digits than can be exact.
    pub fn new(number: &serde_json::Number, unit_name: &str) -> Result<Self, ValueError> {
        let text = number.to_string();
        let refuse = || ValueError::Combination { what: "amount", problem: format!("cannot read `{text}`") };
        let (mantissa, power) = text.split_once(['e', 'E']).unwrap_or((&text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits: i128 = format!("{whole}{fraction}").parse().map_err(|_| refuse())?;
        let power: i32 = power.trim_start_matches('+').parse().map_err(|_| refuse())?;
        let places = i32::try_from(fraction.len()).map_err(|_| refuse())?;
        let (unit, factor, shift) = unit(unit_name);
        let digits = narrow(product(Wide::new(digits), Wide::new(factor), "amount")?, "amount")?;
        let exponent = power.checked_sub(places).and_then(|e| e.checked_add(shift)).ok_or_else(refuse)?;
        Ok(Self { digits, exponent, unit }.normal())
    }

    /// Without zeros at the end.
    fn normal(mut self) -> Self {
        while self.digits != 0 && self.digits % 10 == 0 {
            (self.digits, self.exponent) = (self.digits / 10, self.exponent + 1);
        }
        if self.digits == 0 {
            self.exponent = 0;
        }
        self
    }

    pub const fn is_zero(&self) -> bool {
        self.digits == 0
    }

    pub const fn is_positive(&self) -> bool {
        self.digits > 0
    }

    /// The same with the other sign.
    pub fn negated(self) -> Self {
        Self { digits: -self.digits, ..self } // OK because the digits came from a JSON number times a small factor.
    }

    /// Powers of ten by which it must grow to have at most 12 fractional digits.
    pub fn lacking(&self) -> i32 {
        (-Self::PLACES - self.exponent).max(0)
    }

    /// Powers of ten by which it may grow and still has at most 17 integer digits.
    pub fn room(&self) -> i32 {
        let digits = self.digits.unsigned_abs().checked_ilog10().map_or(0, |log| log + 1);
        17 - (i32::try_from(digits).unwrap_or(i32::MAX)).saturating_add(self.exponent)
    }

    const PLACES: i32 = 12;

    /// The amount times `10^scale` as a decimal, and whether digits were lost.
    ///
    /// # Errors
    /// [`ValueError`] for 18 integer digits or more.
    pub fn scaled(&self, scale: i32) -> Result<(Quantity, bool), ValueError> {
        let exponent = self.exponent.saturating_add(scale).saturating_add(Self::PLACES);
        let digits = Wide::new(self.digits);
        let power = |n: i32| power_of_ten(u32::try_from(n).unwrap_or(u32::MAX));
        let (quanta, lost) = if exponent >= 0 {
            (product(digits, power(exponent)?, "amount")?, false)
        } else if exponent < -60 {
            (Wide::ZERO, self.digits != 0)
        } else {
            let divisor = power(-exponent)?;
            (quotient(digits, divisor, "amount")?, digits % divisor != 0)
        };
        let amount = Decimal::from_quanta(narrow(quanta, "amount")?)?;
        Ok((Quantity { amount, unit: self.unit.unit() }, lost))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(number: &str, unit: &str) -> Measured {
        Measured::new(&serde_json::from_str(number).unwrap(), unit).unwrap()
    }

    #[test]
    fn numbers_and_units_are_taken_exactly() {
        for (number, unit, expected) in [
            ("1.5", "kg", "1.5 kg"),
            ("-2.5e-3", "MWh", "-2.5 kWh"),
            ("2", "sh tn", "4000 lb"),
            ("100", "btu", "0.105505585262 MJ"),
            ("1", "ha", "10000 m2"),
            ("3", "p*km", "3 piece"),
            ("1e3", "t*km", "1000 tkm"),
        ] {
            let (quantity, lost) = read(number, unit).scaled(0).unwrap();
            assert_eq!(format!("{} {}", quantity.amount, quantity.unit), expected);
            assert!(!lost);
        }
    }

    #[test]
    fn digits_below_the_last_place_are_kept_by_scaling_and_their_loss_is_told() {
        let small = read("7.49e-16", "kg");
        assert_eq!(small.lacking(), 6);
        assert_eq!(small.scaled(6).unwrap().0.amount.to_string(), "0.00000000074900".trim_end_matches('0'));
        let (rounded, lost) = small.scaled(0).unwrap();
        assert!(lost && rounded.amount.is_zero());
    }

    #[test]
    fn an_amount_beyond_the_exact_range_is_an_error() {
        assert!(read("1e30", "kg").scaled(0).is_err());
    }

    #[test]
    fn a_unit_nobody_knows_converts_to_itself_alone() {
        let (a, b, c) = (read("1", "p*km"), read("1", "USD"), read("1", "Item(s)"));
        assert!(a.unit.converts_to(&a.unit) && !a.unit.converts_to(&b.unit) && !a.unit.converts_to(&c.unit));
    }
}
