//! Shortening a figure for reading: four significant digits, exact decimal arithmetic, half to even. Owns nothing else, and never
//! shortens silently: the result says whether digits were dropped.

use pcf_core::model::{Co2e, Decimal};

/// Significant digits that a shortened figure keeps.
pub const SIGNIFICANT_DIGITS: u32 = 4;

/// A figure as it is read first, and whether it lost digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortened {
    /// The text; with all four digits, trailing zeros included, where digits were dropped.
    pub text: String,
    /// True where `text` is the exact figure.
    pub is_exact: bool,
}

/// Shortens a mass to four significant digits, half to even; a mass that needs no more comes back as it is.
///
/// ```
/// use pcf_pages::shorten;
/// let long = shorten("1.23456789".parse()?);
/// assert_eq!((long.text.as_str(), long.is_exact), ("1.235", false));
/// let short = shorten("-0.5".parse()?);
/// assert_eq!((short.text.as_str(), short.is_exact), ("-0.5", true));
/// # Ok::<(), pcf_core::model::ValueError>(())
/// ```
pub fn shorten(mass: Co2e) -> Shortened {
    significant(mass.quanta(), Co2e::SCALE)
}

/// Shortens a number, such as a percentage, in the same way.
pub fn shorten_decimal(value: Decimal) -> Shortened {
    significant(value.quanta(), Decimal::SCALE)
}

/// The text of `quanta * 10^-scale` with at most four significant digits. OK for every `i128` of a model value: they are below 10^33.
fn significant(quanta: i128, scale: u32) -> Shortened {
    let magnitude = quanta.unsigned_abs();
    let digits = magnitude.checked_ilog10().map_or(1, |log| log + 1);
    let mut dropped = digits.saturating_sub(SIGNIFICANT_DIGITS);
    let unit = 10_u128.pow(dropped);
    let (mut kept, rest) = (magnitude / unit, magnitude % unit);
    if rest == 0 {
        return Shortened { text: fixed(quanta < 0, magnitude, scale, None), is_exact: true };
    }
    let half = unit / 2; // OK because a rest above zero means that the unit is at least ten.
    if rest > half || (rest == half && kept % 2 == 1) {
        kept += 1;
    }
    if kept == 10_u128.pow(SIGNIFICANT_DIGITS) {
        (kept, dropped) = (kept / 10, dropped + 1);
    }
    let decimals = scale.saturating_sub(dropped);
    let text = fixed(quanta < 0, kept * 10_u128.pow(dropped), scale, Some(decimals));
    Shortened { text, is_exact: false }
}

/// Writes `magnitude * 10^-scale`, with exactly `decimals` digits after the point or, without, as few as it needs.
fn fixed(negative: bool, magnitude: u128, scale: u32, decimals: Option<u32>) -> String {
    let one = 10_u128.pow(scale);
    let (whole, fraction) = (magnitude / one, magnitude % one);
    let width = usize::try_from(scale).unwrap_or_default();
    let digits = format!("{fraction:0width$}");
    let fraction = match decimals {
        Some(count) => digits.get(..usize::try_from(count).unwrap_or_default()).unwrap_or_default(),
        None => digits.trim_end_matches('0'),
    };
    let sign = if negative { "-" } else { "" };
    // At scale 0 the one digit of the empty fraction is a zero and falls away.
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortening_rounds_half_to_even_and_says_so() {
        for (exact, short, is_exact) in [
            ("0", "0", true),
            ("1", "1", true),
            ("1234", "1234", true),
            ("0.0001234", "0.0001234", true),
            ("123500", "123500", true),
            ("12345", "12340", false),
            ("12355", "12360", false),
            ("12345.000000000000001", "12350", false),
            ("1.00049", "1.000", false),
            ("0.99996", "1.000", false),
            ("0.0999950000001", "0.1000", false),
            ("9999.5", "10000", false),
            ("9998.5", "9998", false),
            ("-2.71828", "-2.718", false),
            ("0.000000000001234", "0.000000000001234", true),
            ("0.000000000012345", "0.00000000001234", false),
            ("999999999999999999.999999999999999", "1000000000000000000", false),
        ] {
            let found = shorten(exact.parse().unwrap());
            assert_eq!((found.text.as_str(), found.is_exact), (short, is_exact), "{exact}");
        }
    }

    #[test]
    fn a_percentage_is_shortened_at_its_own_scale() {
        assert_eq!(shorten_decimal("87.125".parse().unwrap()).text, "87.12");
        assert_eq!(shorten_decimal("100".parse().unwrap()).text, "100");
    }
}
