//! Numbers and units of a package as exact decimals: no float takes part in any arithmetic. Scales
//! a process where its smallest digits would else be lost.

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

/// A unit by the names of openLCA's reference data, with what an amount in it is multiplied by:
/// digits and a power of ten.
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

/// True for the name of a unit that this program has.
pub(super) fn by_name(name: &str) -> bool {
    matches!(unit(name), (PackageUnit::Known(_), ..))
}

/// The digits of a JSON number and their power of ten.
fn read(number: &serde_json::Number) -> Result<(i128, i32), ValueError> {
    let text = number.to_string();
    let refuse = || ValueError::Combination { what: "amount", problem: format!("cannot read `{text}`") };
    let (mantissa, power) = text.split_once(['e', 'E']).unwrap_or((&text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: i128 = format!("{whole}{fraction}").parse().map_err(|_| refuse())?;
    let power: i32 = power.trim_start_matches('+').parse().map_err(|_| refuse())?;
    let places = i32::try_from(fraction.len()).map_err(|_| refuse())?;
    Ok((digits, power.checked_sub(places).ok_or_else(refuse)?))
}

impl Measured {
    /// Reads a JSON number and a unit's name.
    ///
    /// # Errors
    /// [`ValueError`] for more digits than can be exact.
    pub fn new(number: &serde_json::Number, unit_name: &str) -> Result<Self, ValueError> {
        let (digits, power) = read(number)?;
        let (unit, factor, shift) = unit(unit_name);
        let digits = narrow(product(Wide::new(digits), Wide::new(factor), "amount")?, "amount")?;
        let exponent = power.saturating_add(shift);
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

    /// The amount times a factor without a unit.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn times(self, factor: &serde_json::Number) -> Result<Self, ValueError> {
        let (digits, power) = read(factor)?;
        let digits = narrow(product(Wide::new(self.digits), Wide::new(digits), "amount")?, "amount")?;
        Ok(Self { digits, exponent: self.exponent.saturating_add(power), ..self }.normal())
    }

    /// The amount divided by a factor, in a unit; and whether digits were lost.
    ///
    /// # Errors
    /// A sentence for a factor that is not above zero.
    pub fn divided(self, factor: &serde_json::Number, unit_name: &str) -> Result<(Self, bool), String> {
        let said = |e: ValueError| e.to_string();
        let (divisor, power) = read(factor).map_err(said)?;
        if divisor <= 0 {
            return Err(format!("the factor of its flow property is {factor}, not above zero"));
        }
        // So many digits more that what is lost is below what any amount of a package holds.
        let room = 30_u32.saturating_sub(self.digits.unsigned_abs().checked_ilog10().unwrap_or(0));
        let scaled =
            product(Wide::new(self.digits), power_of_ten(room).map_err(said)?, "amount").map_err(said)?;
        let digits =
            narrow(quotient(scaled, Wide::new(divisor), "amount").map_err(said)?, "amount").map_err(said)?;
        let lost = scaled % Wide::new(divisor) != 0;
        let (unit, times, shift) = unit(unit_name);
        // OK because the room is at most 30.
        let exponent = self.exponent - i32::try_from(room).unwrap_or(30) - power + shift;
        let counted = Self { digits, exponent, unit }.normal();
        let digits =
            narrow(product(Wide::new(counted.digits), Wide::new(times), "amount").map_err(said)?, "amount");
        Ok((Self { digits: digits.map_err(said)?, ..counted }.normal(), lost))
    }

    /// The same amount as a bare number of a unit of its dimension.
    ///
    /// # Errors
    /// A sentence where the two units do not convert, or not exactly.
    pub fn in_unit_of(self, unit_name: &str) -> Result<Self, String> {
        let (wanted, ..) = unit(unit_name);
        let refuse = || format!("{} does not convert to {unit_name}", self.unit.unit());
        if self.unit == wanted {
            return Ok(self);
        }
        let (PackageUnit::Known(own), PackageUnit::Known(other)) = (&self.unit, &wanted) else {
            return Err(refuse());
        };
        let (n, d) = own.ratio_to(*other).ok_or_else(refuse)?;
        let said = |e: ValueError| e.to_string();
        let times = product(Wide::new(self.digits), Wide::from(n), "amount").map_err(said)?;
        let times = product(times, power_of_ten(12).map_err(said)?, "amount").map_err(said)?;
        if times % Wide::from(d) != 0 {
            return Err(refuse());
        }
        let digits =
            narrow(quotient(times, Wide::from(d), "amount").map_err(said)?, "amount").map_err(said)?;
        Ok(Self { digits, exponent: self.exponent - 12, unit: wanted }.normal())
    }

    /// True where two amounts differ by less than a thousandth, as two spellings of one factor do.
    pub fn is_about(&self, other: &Self) -> bool {
        let thousandth = |amount: &Self| amount.scaled(0).map(|(quantity, _)| quantity);
        let (Ok(one), Ok(two)) = (thousandth(self), thousandth(other)) else { return self == other };
        let Some((n, d)) = one.unit.ratio_to(two.unit) else { return false };
        let (one, two) = (one.amount.quanta(), two.amount.quanta());
        let wide = |a: i128, b: u64| product(Wide::new(a), Wide::from(b), "amount");
        match (wide(one, n), wide(two, d)) {
            (Ok(one), Ok(two)) => {
                let apart = if one > two { one - two } else { two - one };
                let whole = if one < Wide::ZERO { Wide::ZERO - one } else { one };
                apart <= whole / Wide::new(1000) + Wide::new(1000)
            }
            _ => false,
        }
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
