//! A number as a spreadsheet stores it (binary, about 15 decimal digits) as the decimal that its user sees, or a sentence. Nothing is rounded
//! that a person typed; only the noise behind the digits a spreadsheet shows is dropped.

/// Digits that every binary number of a spreadsheet keeps exactly.
const DIGITS_EXACT: usize = 15;

/// A rounding to [`DIGITS_EXACT`] that leaves at most so many digits shows that the rest was noise, as of `0.1+0.2`.
const DIGITS_OF_A_SUM: usize = 12;

/// The shortest decimal that means this number; `0.1` for what is stored as 0.1.
pub(super) fn decimal(value: f64) -> Result<String, String> {
    if !value.is_finite() {
        return Err("expected a number, got none that is finite".into());
    }
    let shortest = format!("{value}");
    if digits(&shortest) <= DIGITS_EXACT {
        return Ok(shortest);
    }
    let rounded = format!("{value:.*e}", DIGITS_EXACT - 1).parse::<f64>().map(|seen| format!("{seen}"));
    match rounded {
        Ok(seen) if digits(&seen) <= DIGITS_OF_A_SUM => Ok(seen),
        _ => Err(format!(
            "the cell holds {shortest}, more digits than a spreadsheet keeps exactly: round it, as with =ROUND(…, 6), or write it as text"
        )),
    }
}

/// A share as it is shown: `0.12` as `12%`.
pub(super) fn percent(value: f64) -> Result<String, String> {
    let plain = decimal(value)?;
    let (sign, plain) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let fraction = format!("{fraction:0<2}");
    let (up, rest) = fraction.split_at(2);
    let whole = format!("{whole}{up}");
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if rest.is_empty() { "" } else { "." };
    Ok(format!("{sign}{whole}{point}{rest}%"))
}

/// Significant digits.
fn digits(decimal: &str) -> usize {
    let plain: String = decimal.chars().filter(char::is_ascii_digit).collect();
    let plain = plain.trim_start_matches('0');
    if decimal.contains('.') { plain.len() } else { plain.trim_end_matches('0').len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_number_is_the_decimal_that_was_typed() {
        for (value, text) in [
            (0.1, "0.1"),
            (1.1, "1.1"),
            (53000.0, "53000"),
            (-0.000_012, "-0.000012"),
            (6_901_234_000_016.0, "6901234000016"),
            (0.1 + 0.2, "0.3"),
            (1.1 * 3.0, "3.3"),
            (4.35 * 100.0, "435"),
            (1e20, "100000000000000000000"),
        ] {
            assert_eq!(decimal(value).as_deref(), Ok(text));
        }
        for value in [1.0 / 3.0, 123_456_789_012_345_680.0, f64::NAN, f64::INFINITY, 2.0_f64.sqrt()] {
            assert!(decimal(value).is_err(), "{value}");
        }
    }

    #[test]
    fn every_number_of_fifteen_digits_comes_back_as_it_was_typed() {
        let mut state = 1_u64;
        for _ in 0..20_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let digits = (state >> 14) % 1_000_000_000_000_000;
            let point = usize::try_from(state % 12).unwrap_or(0);
            let text = format!("{digits:015}");
            let (whole, fraction) = text.split_at(15 - point);
            let whole = whole.trim_start_matches('0');
            let fraction = fraction.trim_end_matches('0');
            let whole = if whole.is_empty() { "0" } else { whole };
            let typed = if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") };
            assert_eq!(decimal(typed.parse().unwrap()).as_deref(), Ok(typed.as_str()));
        }
    }

    #[test]
    fn a_share_is_shown_in_percent() {
        for (value, text) in [(0.12, "12%"), (0.005, "0.5%"), (1.0, "100%"), (-0.125, "-12.5%"), (0.0, "0%")]
        {
            assert_eq!(percent(value).as_deref(), Ok(text));
        }
    }
}
