//! Numbers as people write them, as far as they have one meaning: decimal points and commas, thousands separators, full-width digits, shares in
//! percent. What has two meanings is refused with both, unless the file's decimal mark is stated.

use std::str::FromStr;

use crate::words::half_width;
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

/// The most doubtful cells that are remembered.
const DOUBTS_MAX: usize = 100;

/// How a file writes its numbers.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    stated: Option<DecimalMark>,
    /// The first cell that can only hold a decimal comma.
    comma: Option<(u64, String)>,
    /// Cells with a point that would separate thousands in a file of decimal commas.
    doubtful: Vec<(u64, String, String)>,
}

impl Marks {
    pub(crate) fn new(stated: Option<DecimalMark>) -> Self {
        Self { stated, ..Self::default() }
    }

    /// Reads a number; a cell of a column in percent may show its sign.
    pub(crate) fn number<T: FromStr<Err = ValueError>>(
        &mut self,
        row: u64,
        column: &str,
        text: &str,
    ) -> Result<T, String> {
        // What nearly all cells are.
        let unpointed = self.stated != Some(DecimalMark::Comma) || !text.contains('.');
        if let Some(Ok(number)) = (unpointed && is_plain(text)).then(|| text.parse::<T>()) {
            self.doubt(row, column, text);
            return Ok(number);
        }
        let plain = half_width(text).replace('\u{2212}', "-");
        let plain = plain.trim();
        let (plain, share) = plain.strip_suffix('%').map_or((plain, false), |rest| (rest.trim_end(), true));
        let (plain, mark) =
            unmarked(plain, self.stated).map_err(|e| format!("{e}, got `{}`", short(text)))?;
        if mark == Some(DecimalMark::Comma) && self.stated.is_none() && self.comma.is_none() {
            self.comma = Some((row, text.to_owned()));
        }
        let plain = if share && !column.ends_with("percent") { hundredth(&plain) } else { plain };
        let parsed = trimmed(&plain).parse::<T>().map_err(|_| refusal(&plain, text))?;
        self.doubt(row, column, text);
        Ok(parsed)
    }

    /// Remembers `1.234`: in a file of decimal commas it means 1234.
    fn doubt(&mut self, row: u64, column: &str, text: &str) {
        if self.stated.is_some() || self.doubtful.len() >= DOUBTS_MAX {
            return;
        }
        let unsigned = text.trim_start_matches(['+', '-']);
        let grouped = unsigned
            .split_once('.')
            .is_some_and(|(whole, rest)| rest.len() == 3 && !whole.starts_with('0') && whole.len() <= 3);
        if grouped {
            self.doubtful.push((row, column.to_owned(), text.to_owned()));
        }
    }

    /// Cells whose point has two meanings, because another cell of the file holds a decimal comma.
    pub(super) fn doubts(&mut self) -> Vec<(u64, String, String)> {
        let Some((row, comma)) = self.comma.take() else { return Vec::new() };
        let sentence = |text: &str| {
            format!(
                "`{text}` is {text} with a decimal point, or {} with a point between the thousands, as `{comma}` in row {row} has a decimal comma: state --decimal comma or --decimal point, or write all numbers alike",
                text.replace('.', "")
            )
        };
        let doubtful = std::mem::take(&mut self.doubtful);
        doubtful.into_iter().map(|(row, column, text)| (row, column, sentence(&text))).collect()
    }
}

fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-') && !text.ends_with('0')
        || text.bytes().all(|b| b.is_ascii_digit())
}

fn short(text: &str) -> String {
    text.chars().take(80).collect()
}

/// The number with a decimal point and nothing between its thousands, and the decimal mark that it can only have.
fn unmarked(text: &str, stated: Option<DecimalMark>) -> Result<(String, Option<DecimalMark>), String> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest.trim_start()),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let spaced = |c: char| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '\u{2019}' | '_');
    let (points, commas) = (rest.matches('.').count(), rest.matches(',').count());
    let last = rest.rfind(['.', ',']);
    let mark = match (points, commas, stated) {
        (_, _, Some(mark)) => mark,
        (0 | 1, 0, None) => DecimalMark::Point,
        (_, 0, None) => DecimalMark::Comma,
        (0, 1, None) => return lone_comma(sign, rest, spaced),
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
    Ok((joined(sign, &whole, fraction), known))
}

/// `12,5` has one meaning; `1,234` has two.
fn lone_comma(
    sign: &str,
    rest: &str,
    spaced: impl Fn(char) -> bool,
) -> Result<(String, Option<DecimalMark>), String> {
    let (whole, fraction) = rest.split_once(',').unwrap_or((rest, ""));
    let group = fraction.len() == 3 && !whole.contains(&spaced);
    let group = group && matches!(whole.len(), 1..=3) && !whole.starts_with('0');
    if group && whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
        return Err(format!(
            "expected a number of one meaning: this is {sign}{whole}{fraction} with a comma between the thousands, or {sign}{whole}.{fraction} with a decimal comma; state --decimal comma or --decimal point"
        ));
    }
    let whole = ungrouped(whole, spaced)?;
    Ok((joined(sign, &whole, Some(fraction)), Some(DecimalMark::Comma)))
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

/// A hundredth, by moving the point.
fn hundredth(plain: &str) -> String {
    let (sign, rest) = plain.strip_prefix('-').map_or(("", plain), |rest| ("-", rest));
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
    if !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) || whole.is_empty() {
        return plain.to_owned();
    }
    let whole = format!("{whole:0>3}");
    let (up, down) = whole.split_at(whole.len() - 2);
    let up = up.trim_start_matches('0');
    format!("{sign}{}.{down}{fraction}", if up.is_empty() { "0" } else { up })
}

/// Without superfluous zeros behind the point.
fn trimmed(plain: &str) -> String {
    let trimmed = match plain.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() => match fraction.trim_end_matches('0') {
            "" => whole.to_owned(),
            rest => format!("{whole}.{rest}"),
        },
        _ => plain.to_owned(),
    };
    if trimmed == "-0" { "0".into() } else { trimmed }
}

fn refusal(plain: &str, text: &str) -> String {
    let digits = plain.bytes().any(|b| b.is_ascii_digit());
    if digits && plain.bytes().any(|b| b.eq_ignore_ascii_case(&b'e')) {
        let text = short(text);
        return format!(
            "expected a plain decimal without an exponent, got `{text}`: format the column as a number"
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

    fn read(text: &str, stated: Option<DecimalMark>) -> Result<String, String> {
        Marks::new(stated).number::<Decimal>(2, "amount", text).map(|n| n.to_string())
    }

    #[test]
    fn a_number_is_read_in_its_one_meaning_or_refused_with_a_sentence() {
        for (text, expected) in [
            ("1", "1"),
            ("+1.50", "1.5"),
            ("1.0", "1"),
            ("-0.0", "0"),
            ("0.5777", "0.5777"),
            ("100", "100"),
            ("0,5", "0.5"),
            ("12,5", "12.5"),
            ("0,123", "0.123"),
            ("1234,567", "1234.567"),
            ("1.234,5", "1234.5"),
            ("1,234.5", "1234.5"),
            ("1,234,567", "1234567"),
            ("1.234.567", "1234567"),
            ("1 234", "1234"),
            ("1\u{a0}234,5", "1234.5"),
            ("12'345.6", "12345.6"),
            ("１２３", "123"),
            ("１２，５", "12.5"),
            ("－１．５", "-1.5"),
            ("\u{2212}3", "-3"),
            ("12%", "0.12"),
            ("0.5 %", "0.005"),
            ("-7％", "-0.07"),
            ("1.2340", "1.234"),
        ] {
            assert_eq!(read(text, None).as_deref(), Ok(expected), "{text}");
        }
        for (text, says) in [
            ("1,234", "1234 with a comma between the thousands, or 1.234 with a decimal comma"),
            ("１，２３４", "1234 with a comma between the thousands, or 1.234"),
            ("12 34", "each three digits"),
            ("1,23,456", "each three digits"),
            ("1,2345,678", "each three digits"),
            ("1e3", "exponent"),
            ("1.2E-05", "exponent"),
            (".5", "plain decimal"),
            ("1.", "plain decimal"),
            ("1,", "plain decimal"),
            ("#N/A", "plain decimal"),
            ("٣", "plain decimal"),
            ("123。5", "full stop of Chinese text"),
            ("0.0000000000001", "12 after the point"),
            ("%", "plain decimal"),
            ("1%%", "plain decimal"),
        ] {
            let sentence = read(text, None).unwrap_err();
            assert!(sentence.contains(says) && sentence.contains(text), "{text}: {sentence}");
        }
    }

    #[test]
    fn a_stated_mark_gives_every_number_its_meaning() {
        let (comma, point) = (Some(DecimalMark::Comma), Some(DecimalMark::Point));
        for (text, mark, expected) in [
            ("1,234", comma, Some("1.234")),
            ("1.234", comma, Some("1234")),
            ("1.234,5", comma, Some("1234.5")),
            ("12.5", comma, None),
            ("1,234", point, Some("1234")),
            ("1.234", point, Some("1.234")),
            ("12,5", point, None),
            ("1.234,5", point, None),
        ] {
            assert_eq!(read(text, mark).ok().as_deref(), expected, "{text} {mark:?}");
        }
    }

    #[test]
    fn a_point_is_doubtful_where_another_cell_has_a_decimal_comma() {
        let mut marks = Marks::new(None);
        assert_eq!(marks.number::<Decimal>(2, "amount", "1.234").unwrap().to_string(), "1.234");
        assert!(marks.number::<Decimal>(3, "amount", "12.5").is_ok());
        assert!(marks.doubts().is_empty());
        assert!(marks.number::<Decimal>(4, "output", "7,5").is_ok());
        let doubts = marks.doubts();
        assert_eq!(doubts.len(), 1);
        assert!(doubts[0].2.contains("1234 with a point between the thousands"), "{}", doubts[0].2);
    }

    #[test]
    fn a_column_in_percent_keeps_its_number() {
        let mut marks = Marks::new(None);
        assert_eq!(marks.number::<Decimal>(2, "unit_tolerance_percent", "5%").unwrap().to_string(), "5");
        assert_eq!(marks.number::<Decimal>(2, "unit_tolerance_percent", "5").unwrap().to_string(), "5");
    }
}
