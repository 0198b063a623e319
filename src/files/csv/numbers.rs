//! Numbers as people write them, as far as they have one meaning: decimal points and commas, thousands separators, full-width digits, shares in
//! percent. What has two meanings is refused with both, unless the file's decimal mark is stated.

use std::str::FromStr;

use crate::fold;
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

/// Columns that hold shares of a whole, in which a percentage is a number.
const SHARES: &[&str] =
    &["key", "a", "b", "r1", "r2", "r3", "qsinqp", "qsoutqp", "xheat", "xelec", "unit_tolerance_percent"];

/// How a file writes its numbers.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    stated: Option<DecimalMark>,
    /// Why a point may stand between thousands in this file, where it may.
    doubtful: Option<&'static str>,
    /// The first cell that can only hold a decimal comma.
    comma: Option<(u64, String)>,
    columns: Vec<(String, Written)>,
}

/// How one column writes its numbers, as far as its marks tell.
#[derive(Debug, Default)]
struct Written {
    /// True where a cell can only hold a decimal point.
    point: bool,
    /// Cells with a point that may stand between thousands.
    points: Cells,
    /// Cells with a comma that may stand between thousands.
    commas: Cells,
}

/// Cells of one column with the same doubt: the first, and how many there are.
#[derive(Debug, Default)]
struct Cells {
    first: Option<(u64, String)>,
    count: usize,
}

impl Cells {
    fn add(&mut self, row: u64, text: &str) {
        self.first.get_or_insert_with(|| (row, text.to_owned()));
        self.count += 1;
    }

    fn others(&self) -> String {
        match self.count {
            0 | 1 => String::new(),
            2 => "; 1 more cell of this column is written so".to_owned(),
            count => format!("; {} more cells of this column are written so", count - 1),
        }
    }
}

impl Marks {
    pub(crate) fn new(stated: Option<DecimalMark>) -> Self {
        Self { stated, ..Self::default() }
    }

    /// Points may stand between thousands, for this reason.
    pub(crate) fn doubting(&mut self, why: Option<&'static str>) {
        self.doubtful = why;
    }

    /// Reads a number. Where its mark has two meanings it is read with one, and [`Self::doubts`] says so in the end.
    pub(crate) fn number<T: FromStr<Err = ValueError>>(
        &mut self,
        row: u64,
        column: &str,
        text: &str,
    ) -> Result<T, String> {
        // What nearly all cells are.
        let unpointed = self.stated != Some(DecimalMark::Comma) || !text.contains('.');
        if let Some(Ok(number)) = (unpointed && is_plain(text)).then(|| text.parse::<T>()) {
            self.doubt_point(row, column, text);
            return Ok(number);
        }
        let plain = fold::half_width(text).replace('\u{2212}', "-");
        let plain = plain.trim();
        let (plain, share) = plain.strip_suffix('%').map_or((plain, false), |rest| (rest.trim_end(), true));
        if share && !is_share(column) {
            return Err(format!(
                "expected an amount, got the percentage `{}`: write how much it is, since this column holds no shares",
                short(text)
            ));
        }
        let plain = signed_in_front(plain);
        let (plain, power) = without_exponent(&plain);
        let read = unmarked(plain, self.stated).map_err(|e| format!("{e}, got `{}`", short(text)))?;
        if read.mark == Some(DecimalMark::Comma) && self.stated.is_none() && self.comma.is_none() {
            self.comma = Some((row, text.to_owned()));
        }
        let hundredth = share && !column.ends_with("percent");
        let number = shifted(&read.plain, power.unwrap_or(0) - if hundredth { 2 } else { 0 });
        let parsed = trimmed(&number).parse::<T>().map_err(|_| refusal(&number, text))?;
        if read.is_doubtful && self.stated.is_none() {
            self.column(column).commas.add(row, plain);
        } else if power.is_none() {
            self.doubt_point(row, column, plain);
        }
        Ok(parsed)
    }

    fn column(&mut self, column: &str) -> &mut Written {
        let at = self.columns.iter().position(|(name, _)| name == column).unwrap_or_else(|| {
            self.columns.push((column.to_owned(), Written::default()));
            self.columns.len() - 1
        });
        // The position was just found or made.
        &mut self.columns[at].1
    }

    /// Remembers `1.234`: in a file of decimal commas it means 1234. Any other number with a point tells that its column has decimal points.
    fn doubt_point(&mut self, row: u64, column: &str, text: &str) {
        if self.stated.is_some() {
            return;
        }
        let unsigned = text.trim_start_matches(['+', '-']);
        let Some((whole, rest)) = unsigned.split_once('.') else { return };
        let grouped = rest.len() == 3 && !whole.starts_with('0') && whole.len() <= 3 && !rest.contains(',');
        if grouped {
            self.column(column).points.add(row, text);
        } else if !text.contains(',') && !rest.contains('.') {
            self.column(column).point = true;
        }
    }

    /// The columns whose marks have two meanings: the first cell of each, with both.
    pub(super) fn doubts(&self) -> Vec<(u64, String, String)> {
        let mut doubts = Vec::new();
        for (column, written) in &self.columns {
            let why = match (&self.comma, self.doubtful) {
                (Some((row, comma)), _) => Some(format!("as `{comma}` in row {row} has a decimal comma")),
                (None, Some(why)) if !written.point => Some(why.to_owned()),
                _ => None,
            };
            if let (Some(why), Some((row, text))) = (why, &written.points.first) {
                let whole = text.replace('.', "");
                let others = written.points.others();
                let sentence = format!(
                    "`{text}` is {text} with a decimal point, or {whole} with a point between the thousands, {why}: state --decimal comma or --decimal point, or write all numbers alike{others}"
                );
                doubts.push((*row, column.clone(), sentence));
            }
            if let Some((row, text)) = &written.commas.first {
                let (whole, point) = (text.replace(',', ""), text.replace(',', "."));
                let others = written.commas.others();
                let sentence = format!(
                    "expected a number of one meaning: this is {whole} with a comma between the thousands, or {point} with a decimal comma; state --decimal comma or --decimal point, got `{text}`{others}"
                );
                doubts.push((*row, column.clone(), sentence));
            }
        }
        doubts
    }
}

fn is_share(column: &str) -> bool {
    // A column of a family that ends in a total holds the variants' shares of it.
    SHARES.contains(&column) || column.contains(['|', '\u{ff5c}']) && column.contains('=')
}

/// `12-` and `(12)`, as bookkeepers write what is below zero, with the sign in front.
fn signed_in_front(text: &str) -> String {
    let inner = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let inner = inner.or_else(|| text.strip_suffix('-')).map(str::trim);
    match inner {
        Some(inner) if inner.starts_with(|c: char| c.is_ascii_digit()) => format!("-{inner}"),
        _ => text.to_owned(),
    }
}

/// The number in front of a power of ten, and the power; none where it has none.
fn without_exponent(text: &str) -> (&str, Option<i32>) {
    let Some((digits, power)) = text.split_once(['e', 'E']) else { return (text, None) };
    let plain = power.strip_prefix(['+', '-']).unwrap_or(power);
    let written = (1..=2).contains(&plain.len()) && plain.bytes().all(|b| b.is_ascii_digit());
    let power =
        power.parse::<i32>().ok().filter(|_| written && digits.ends_with(|c: char| c.is_ascii_digit()));
    power.map_or((text, None), |power| (digits, Some(power)))
}

fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-') && !text.ends_with('0')
        || text.bytes().all(|b| b.is_ascii_digit())
}

fn short(text: &str) -> String {
    text.chars().take(80).collect()
}

/// A number with a decimal point and nothing between its thousands.
struct Unmarked {
    plain: String,
    /// The decimal mark that it can only have.
    mark: Option<DecimalMark>,
    /// True where its only comma may be a decimal one or stand between thousands, as which it is read.
    is_doubtful: bool,
}

const fn spaced(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '\u{2019}' | '_')
}

fn unmarked(text: &str, stated: Option<DecimalMark>) -> Result<Unmarked, String> {
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
fn shifted(plain: &str, places: i32) -> String {
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

    fn read(text: &str, stated: Option<DecimalMark>) -> Result<String, String> {
        let mut marks = Marks::new(stated);
        let number = marks.number::<Decimal>(2, "amount", text).map(|n| n.to_string())?;
        marks.doubts().pop().map_or(Ok(number), |(_, _, sentence)| Err(sentence))
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
            ("12-", "-12"),
            ("(1,234.5)", "-1234.5"),
            ("1 234\u{202f}567", "1234567"),
            ("1e3", "1000"),
            ("1.2E-05", "0.000012"),
            ("5.77E-01", "0.577"),
            ("-1,5E+2", "-150"),
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
            ("1E-13", "more of the output"),
            ("1e300", "plain decimal"),
            ("10\u{b2}", "plain decimal"),
            ("<0.01", "a limit"),
            ("12%", "the percentage"),
            ("0.5 %", "the percentage"),
            (".5", "plain decimal"),
            ("1.", "plain decimal"),
            ("1,", "plain decimal"),
            ("#N/A", "plain decimal"),
            ("٣", "plain decimal"),
            ("123。5", "full stop of Chinese text"),
            ("0.0000000000001", "12 after the point"),
            ("%", "the percentage"),
        ] {
            let sentence = read(text, None).unwrap_err();
            let shown = fold::half_width(text);
            assert!(
                sentence.contains(says) && (sentence.contains(text) || sentence.contains(&shown)),
                "{text}: {sentence}"
            );
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
    fn a_file_that_may_have_decimal_commas_is_asked_about_by_column() {
        let read = |cells: &[(&str, &str)]| {
            let mut marks = Marks::new(None);
            marks.doubting(Some("semicolons"));
            for (row, (column, text)) in (2..).zip(cells) {
                marks.number::<Decimal>(row, column, text).unwrap();
            }
            marks.doubts()
        };
        let doubts = read(&[("amount", "3.000"), ("amount", "5"), ("amount", "1.234"), ("output", "0.125")]);
        assert_eq!(doubts.len(), 1);
        assert_eq!((doubts[0].0, doubts[0].1.as_str()), (2, "amount"));
        assert!(doubts[0].2.contains("or 3000") && doubts[0].2.contains("1 more cell"), "{}", doubts[0].2);
        // What can only have a decimal point tells for its column.
        assert_eq!(read(&[("amount", "3.000"), ("amount", "12.5")]), []);
        assert_eq!(read(&[("amount", "3.000"), ("amount", "12.5"), ("output", "7,5")]).len(), 1);
    }

    #[test]
    fn a_column_in_percent_keeps_its_number() {
        let mut marks = Marks::new(None);
        assert_eq!(marks.number::<Decimal>(2, "unit_tolerance_percent", "5%").unwrap().to_string(), "5");
        assert_eq!(marks.number::<Decimal>(2, "unit_tolerance_percent", "5").unwrap().to_string(), "5");
        for (text, share) in [("12%", "0.12"), ("0.5 %", "0.005"), ("100％", "1")] {
            assert_eq!(marks.number::<Decimal>(2, "r1", text).unwrap().to_string(), share);
        }
    }
}
