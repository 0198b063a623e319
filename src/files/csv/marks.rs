//! How the columns of a file write their numbers: each number is read in its one meaning, and what
//! has two is asked about by column, unless the file's decimal mark is stated.

use std::str::FromStr;

use super::numbers::{
    DecimalMark, is_plain, refusal, shifted, short, signed_in_front, trimmed, unmarked, without_exponent,
};
use crate::fold;
use pcf_core::model::ValueError;

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
    /// The first cell that can only hold a decimal point.
    point: Option<(u64, String)>,
    /// The first cell that can only hold a decimal comma.
    comma: Option<(u64, String)>,
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

    /// Reads a number. Where its mark has two meanings it is read with one, and [`Self::doubts`]
    /// says so in the end.
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
        if read.mark == Some(DecimalMark::Comma) && self.stated.is_none() {
            self.comma.get_or_insert_with(|| (row, text.to_owned()));
            self.column(column).comma.get_or_insert_with(|| (row, text.to_owned()));
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

    /// Remembers `1.234`: in a file of decimal commas it means 1234. Any other number with a point
    /// tells that its column has decimal points.
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
            self.column(column).point.get_or_insert_with(|| (row, text.to_owned()));
        }
    }

    /// The columns whose marks have two meanings: the first cell of each, with both.
    pub(super) fn doubts(&self) -> Vec<(u64, String, String)> {
        let mut doubts = Vec::new();
        for (column, written) in &self.columns {
            let why = match (&self.comma, self.doubtful) {
                (Some((row, comma)), _) => Some(format!("as `{comma}` in row {row} has a decimal comma")),
                (None, Some(why)) if written.point.is_none() => Some(why.to_owned()),
                _ => None,
            };
            if let (Some((row, point)), Some((of_comma, comma))) = (&written.point, &written.comma) {
                let sentence = format!(
                    "`{point}` has a decimal point and `{comma}` in row {of_comma} a decimal comma: write the numbers of one column alike"
                );
                doubts.push((*row, column.clone(), sentence));
            }
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

#[cfg(test)]
mod tests {
    use super::*;
    use pcf_core::model::Decimal;

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
            ("0.0000000000001", "12 digits after the point"),
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
        assert!(marks.number::<Decimal>(5, "output", "8").is_ok());
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
        assert_eq!(read(&[("amount", "3,000"), ("amount", "12.5")]).len(), 1);
        assert_eq!(read(&[("amount", "3,000"), ("amount", "12,5")]).len(), 1);
    }

    #[test]
    fn a_column_has_one_decimal_mark() {
        let mut marks = Marks::new(None);
        for (row, column, text) in [(2, "amount", "12.5"), (3, "output", "7,5"), (4, "amount", "8")] {
            assert!(marks.number::<Decimal>(row, column, text).is_ok());
        }
        assert_eq!(marks.doubts(), []);
        assert!(marks.number::<Decimal>(5, "amount", "7,5").is_ok());
        let doubts = marks.doubts();
        assert!(doubts[0].2.contains("`12.5` has a decimal point and `7,5` in row 5"), "{}", doubts[0].2);
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
