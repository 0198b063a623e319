//! Numbers as people write them: decimal points and commas, thousands separators, signs behind and
//! exponents, spelt as a decimal. What their marks mean in a file is told by its columns.

use std::str::FromStr;

use pcf_core::model::{Decimal, ValueError};

/// What stands between the whole number and its fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecimalMark {
    /// `1.5`; a comma separates thousands.
    Point,
    /// `1,5`; a point separates thousands.
    Comma,
}

impl FromStr for DecimalMark {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        match text {
            "point" | "." => Ok(Self::Point),
            "comma" | "," => Ok(Self::Comma),
            _ => Err(ValueError::spelling("decimal mark", "point or comma", text)),
        }
    }
}

/// `12-` and `(12)`, as bookkeepers write what is below zero, with the sign in front.
pub(super) fn signed_in_front(text: &str) -> String {
    let inner = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let inner = inner.or_else(|| text.strip_suffix('-')).map(str::trim);
    match inner {
        Some(inner) if inner.starts_with(|c: char| c.is_ascii_digit()) => format!("-{inner}"),
        _ => text.to_owned(),
    }
}

/// The number in front of a power of ten, and the power; none where it has none.
pub(crate) fn without_exponent(text: &str) -> (&str, Option<i32>) {
    let Some((digits, power)) = text.split_once(['e', 'E']) else { return (text, None) };
    let plain = power.strip_prefix(['+', '-']).unwrap_or(power);
    let written = (1..=2).contains(&plain.len()) && plain.bytes().all(|b| b.is_ascii_digit());
    let power =
        power.parse::<i32>().ok().filter(|_| written && digits.ends_with(|c: char| c.is_ascii_digit()));
    power.map_or((text, None), |power| (digits, Some(power)))
}

pub(super) fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-') && !text.ends_with('0')
        || text.bytes().all(|b| b.is_ascii_digit())
}

pub(super) fn short(text: &str) -> String {
    text.chars().take(80).collect()
}

/// A number with a decimal point and nothing between its thousands.
pub(super) struct Unmarked {
    pub(super) plain: String,
    /// The decimal mark that it can only have.
    pub(super) mark: Option<DecimalMark>,
    /// True where its only comma may be a decimal one or stand between thousands, as which it is
    /// read.
    pub(super) is_doubtful: bool,
}

const fn spaced(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '\u{2019}' | '_')
}

pub(super) fn unmarked(text: &str, stated: Option<DecimalMark>) -> Result<Unmarked, String> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest.trim_start()),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (points, commas) = (rest.matches('.').count(), rest.matches(',').count());
    let last = rest.rfind(['.', ',']);
    let mark = match (points, commas, stated) {
        (_, _, Some(mark)) => mark,
        (0 | 1, 0, None) => DecimalMark::Point,
        (_, 0, None) => DecimalMark::Comma,
        (0, 1, None) => return lone_comma(sign, rest),
        (0, _, None) => DecimalMark::Point,
        // Both stand in it: the last one is the decimal mark.
        _ if last.and_then(|at| rest.get(at..)).is_some_and(|tail| tail.starts_with(',')) => {
            DecimalMark::Comma
        }
        _ => DecimalMark::Point,
    };
    let (point, thousands) = match mark {
        DecimalMark::Point => ('.', ','),
        DecimalMark::Comma => (',', '.'),
    };
    let (whole, fraction) = rest.split_once(point).map_or((rest, None), |(whole, rest)| (whole, Some(rest)));
    let whole = ungrouped(whole, |c| c == thousands || spaced(c))?;
    let known = (commas > 0 && mark == DecimalMark::Comma || points > 1).then_some(DecimalMark::Comma);
    Ok(Unmarked { plain: joined(sign, &whole, fraction), mark: known, is_doubtful: false })
}

/// `12,5` has one meaning; `1,234` has two.
fn lone_comma(sign: &str, rest: &str) -> Result<Unmarked, String> {
    let (whole, fraction) = rest.split_once(',').unwrap_or((rest, ""));
    let group = fraction.len() == 3 && !whole.contains(spaced);
    let group = group && matches!(whole.len(), 1..=3) && !whole.starts_with('0');
    if group && whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
        return Ok(Unmarked { plain: format!("{sign}{whole}{fraction}"), mark: None, is_doubtful: true });
    }
    let whole = ungrouped(whole, spaced)?;
    Ok(Unmarked {
        plain: joined(sign, &whole, Some(fraction)),
        mark: Some(DecimalMark::Comma),
        is_doubtful: false,
    })
}

fn joined(sign: &str, whole: &str, fraction: Option<&str>) -> String {
    match fraction {
        Some(fraction) => format!("{sign}{whole}.{fraction}"),
        None => format!("{sign}{whole}"),
    }
}

/// Digits without what stands between each three of them.
fn ungrouped(whole: &str, separates: impl Fn(char) -> bool) -> Result<String, String> {
    let mut groups = whole.split(&separates);
    let first = groups.next().unwrap_or_default();
    let mut digits = first.to_owned();
    for (n, group) in groups.enumerate() {
        if group.len() != 3 || n == 0 && !matches!(first.len(), 1..=3) {
            return Err("expected a plain decimal such as 1234.5: thousands separators stand between each three digits".into());
        }
        digits.push_str(group);
    }
    Ok(digits)
}

/// A number with its point moved so many places to the right.
pub(crate) fn shifted(plain: &str, places: i32) -> String {
    if places == 0 {
        return plain.to_owned();
    }
    let (sign, rest) = plain.strip_prefix('-').map_or(("", plain), |rest| ("-", rest));
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
    if !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) || whole.is_empty() {
        return plain.to_owned();
    }
    let zeros = "0".repeat(usize::try_from(places.unsigned_abs()).unwrap_or(0));
    let digits =
        if places < 0 { format!("{zeros}{whole}{fraction}") } else { format!("{whole}{fraction}{zeros}") };
    // Zeros in front keep the point where the fraction began, zeros behind move it by their number.
    let point = whole.len() + if places < 0 { 0 } else { zeros.len() };
    let (up, down) = digits.split_at(point);
    let up = up.trim_start_matches('0');
    let point = if down.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{down}", if up.is_empty() { "0" } else { up })
}

/// Without superfluous zeros behind the point.
pub(super) fn trimmed(plain: &str) -> String {
    let trimmed = match plain.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() => match fraction.trim_end_matches('0') {
            "" => whole.to_owned(),
            rest => format!("{whole}.{rest}"),
        },
        _ => plain.to_owned(),
    };
    if trimmed == "-0" { "0".into() } else { trimmed }
}

pub(super) fn refusal(plain: &str, text: &str) -> String {
    let digits = plain.bytes().any(|b| b.is_ascii_digit());
    let is_number = digits && plain.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    if is_number && plain.split_once('.').is_some_and(|(_, down)| down.len() > 12) {
        let text = short(text);
        return format!(
            "expected at most 12 digits after the point, got `{text}`: state it for more of the output, such as for 1000 times as many, or in a smaller unit"
        );
    }
    if text.trim_start().starts_with(['<', '>', '~', '≈', '≤', '≥']) && digits {
        return format!(
            "expected a number, got a limit, `{}`: write the number that is to count",
            short(text)
        );
    }
    if digits && plain.contains(['。', '、']) {
        let text = short(text);
        return format!("expected a decimal point, got `{text}`, which holds a full stop of Chinese text");
    }
    format!(
        "expected a plain decimal such as 12 or -0.5 with at most 18 digits before and 12 after the point, got `{}`",
        short(text)
    )
}

/// The exact product, where a statement can hold it.
pub(crate) fn times(a: Decimal, b: Decimal) -> Option<Decimal> {
    // As whole numbers of powers of ten, so that no step is larger than the result needs.
    let stripped = |mut quanta: i128| {
        let mut exponent = -12_i32;
        while quanta != 0 && quanta % 10 == 0 {
            (quanta, exponent) = (quanta / 10, exponent + 1);
        }
        (quanta, exponent)
    };
    let ((a, of_a), (b, of_b)) = (stripped(a.quanta()), stripped(b.quanta()));
    let exponent = u32::try_from(of_a + of_b + 12).ok();
    let product = a.checked_mul(b)?;
    if product == 0 {
        return Decimal::from_quanta(0).ok();
    }
    let quanta = 10_i128.checked_pow(exponent?).and_then(|power| product.checked_mul(power))?;
    Decimal::from_quanta(quanta).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_is_exact_or_none() {
        let of = |a: &str, b: &str| times(a.parse().unwrap(), b.parse().unwrap()).map(|p| p.to_string());
        assert_eq!(of("0.25", "12000").as_deref(), Some("3000"));
        assert_eq!(of("0.000001", "0.000001").as_deref(), Some("0.000000000001"));
        assert_eq!(of("0.0000001", "0.000001"), None);
        assert_eq!(of("-1.5", "1.5").as_deref(), Some("-2.25"));
        assert_eq!(of("999999999999999999", "10"), None);
        assert_eq!(of("0", "999999999999999999").as_deref(), Some("0"));
        assert_eq!(of("500000000000000000", "0.5").as_deref(), Some("250000000000000000"));
    }
}
