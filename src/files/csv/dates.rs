//! Days as people write them, as far as the order of their parts has one meaning: the year first,
//! or as it is stated for the file.

use std::str::FromStr;

use pcf_core::model::{Date, ValueError};

/// What stands first in days whose year stands last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayOrder {
    /// `31.01.2025`, `31/1/2025`.
    DayFirst,
    /// `1/31/2025`.
    MonthFirst,
}

impl FromStr for DayOrder {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        match text {
            "day-first" => Ok(Self::DayFirst),
            "month-first" => Ok(Self::MonthFirst),
            _ => Err(ValueError::spelling("order of dates", "day-first or month-first", text)),
        }
    }
}

/// The first serial number of a spreadsheet's days that is taken for one in a hint: 2000-01-01.
const SERIALS: std::ops::Range<u32> = 36_526..73_051;

/// `2025-04-01`, `2025/4/1`, `2025.4.1` or `2025年4月1日`; `1.4.2025` where the order is stated.
pub(super) fn date(text: &str, order: Option<DayOrder>) -> Result<Date, String> {
    let exact = text.parse::<Date>();
    let Err(error) = exact else { return exact.map_err(|e: ValueError| e.to_string()) };
    let plain = crate::fold::half_width(text);
    let plain = plain.replace(['年', '月'], "-").replace('日', "");
    let plain = without_midnight(&plain);
    if let Some(date) = compact(plain) {
        return Ok(date);
    }
    for separator in ['-', '/', '.'] {
        let parts: Vec<&str> = plain.split(separator).map(str::trim).collect();
        let [first, second, third] = parts[..] else { continue };
        if !parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit())) {
            continue;
        }
        let (year, month, day) = match (parts_of(first, second, third), order) {
            (Some(Parts::YearFirst), _) => (first, second, third),
            (Some(Parts::YearLast), Some(DayOrder::DayFirst)) => (third, second, first),
            (Some(Parts::YearLast), Some(DayOrder::MonthFirst)) => (third, first, second),
            (Some(Parts::YearLast), None) => {
                let remedy = "say which with --dates day-first or --dates month-first";
                return Err(format!("in `{text}` day and month may be swapped: {remedy}"));
            }
            (None, _) => continue,
        };
        let parsed = format!("{year}-{month:0>2}-{day:0>2}").parse();
        return parsed
            .map_err(|_: ValueError| format!("expected a day of the calendar{}, got `{text}`", said(order)));
    }
    Err(format!("{error}{}", hint(plain)))
}

/// What a text may be that is no day.
fn hint(plain: &str) -> String {
    if plain.parse::<u32>().is_ok_and(|serial| SERIALS.contains(&serial)) {
        return "; this looks like a spreadsheet's day number: format the column as a date".to_owned();
    }
    let parts: Vec<&str> = plain.trim_end_matches('-').split(['-', '/', '.']).map(str::trim).collect();
    let number = |part: &&str| part.parse::<i16>().ok();
    match parts.as_slice() {
        [year, month] if year.len() == 4 && number(year).is_some() && number(month).is_some() => {
            format!("; this is a month: write its first day, {year}-{month:0>2}-01")
        }
        // The calendar of the Republic of China counts from 1912.
        [year, ..] if matches!(number(year), Some(100..=199)) && parts.len() == 3 => {
            let meant = number(year).unwrap_or(0) + 1911;
            format!("; {year} is a year of the Minguo calendar: write {meant}")
        }
        _ => String::new(),
    }
}

/// A day without the midnight that programs write behind it.
fn without_midnight(text: &str) -> &str {
    let Some((day, time)) = text.split_once(['T', ' ']) else { return text };
    let midnight = ["00:00", "0:00", "00:00:00", "0:00:00", "00:00:00.000"].contains(&time.trim());
    if midnight { day } else { text }
}

/// `20250401`, as many systems write a day.
fn compact(text: &str) -> Option<Date> {
    let digits = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    let (year, rest) = text.split_at_checked(4).filter(|_| digits)?;
    let (month, day) = rest.split_at_checked(2)?;
    let date: Date = format!("{year}-{month}-{day}").parse().ok()?;
    within_years(date, true, None).ok().map(|()| date)
}

/// The order of the days of each column whose year stands last, as far as the column tells it: by a
/// day above the twelfth.
#[derive(Debug, Default)]
pub(crate) struct Days {
    columns: Vec<Told>,
}

#[derive(Debug)]
struct Told {
    column: &'static str,
    /// The last cell, which most rows repeat.
    last: String,
    /// A day above the twelfth in each order: its row and text.
    first: [Option<(u64, String)>; 2],
    /// True where another day is read in the order that is told.
    used: bool,
}

const ORDERS: [DayOrder; 2] = [DayOrder::DayFirst, DayOrder::MonthFirst];

impl Days {
    /// Looks at a day before any is read.
    pub(super) fn look(&mut self, row: u64, column: &'static str, text: &str) {
        if text.is_empty() || text.as_bytes().get(4) == Some(&b'-') {
            return;
        }
        let at = self.columns.iter().position(|told| told.column == column).unwrap_or_else(|| {
            let first = [None, None];
            self.columns.push(Told { column, last: String::new(), first, used: false });
            self.columns.len() - 1
        });
        let Some(told) = self.columns.get_mut(at).filter(|told| told.last != text) else { return };
        text.clone_into(&mut told.last);
        if let Some(Some(order)) = order_told(text) {
            for (known, first) in ORDERS.iter().zip(&mut told.first) {
                if *known == order {
                    first.get_or_insert_with(|| (row, text.to_owned()));
                }
            }
        }
    }

    /// The order to read a day in: what its column tells; any where the day is the same in both.
    pub(super) fn order(&mut self, column: &str, text: &str) -> Option<Option<DayOrder>> {
        if ORDERS.map(|order| date(text, Some(order)).ok()).windows(2).all(|two| two.first() == two.last()) {
            return Some(Some(DayOrder::DayFirst));
        }
        let told = self.columns.iter_mut().find(|told| told.column == column)?;
        let order = match &told.first {
            [Some(_), None] => DayOrder::DayFirst,
            [None, Some(_)] => DayOrder::MonthFirst,
            _ => return None,
        };
        told.used |= order_told(text) == Some(None);
        Some(Some(order))
    }

    /// What was told by what, for the columns in which it mattered.
    pub(super) fn notes(&self) -> Vec<(u64, String, String)> {
        let mut notes = Vec::new();
        for told in self.columns.iter().filter(|told| told.used) {
            let firsts = told.first.iter().zip(ORDERS);
            for (first, order) in firsts.filter_map(|(first, order)| Some((first.as_ref()?, order))) {
                let (row, text) = first;
                let sentence =
                    format!("the days of this column are read with{}, as in `{text}`", said(Some(order)));
                notes.push((*row, told.column.to_owned(), sentence.replace("with, ", "with ")));
            }
        }
        notes
    }
}

/// Holds a year that is written alone to those that a file can speak of.
pub(super) fn year_within(text: &str, latest: Option<i16>) -> Result<(), String> {
    let Ok(year) = text.parse::<i16>() else { return Ok(()) };
    let last = latest.unwrap_or(LAST_YEAR);
    if text.len() != 4 || (FIRST_YEAR..=last).contains(&year) {
        return Ok(());
    }
    Err(format!("expected a year from {FIRST_YEAR} to {last}, got {year}{}", buddhist(year, last)))
}

/// The year that one of the Buddhist calendar is, which counts 543 years more.
fn buddhist(year: i16, last: i16) -> String {
    match year - 543 {
        meant if (FIRST_YEAR..=last.min(LAST_YEAR)).contains(&meant) => {
            format!("; {year} is a year of the Buddhist calendar: write {meant}")
        }
        _ => String::new(),
    }
}

/// True for a day whose year stands last and whose order is therefore not told.
pub(super) fn is_unordered(text: &str) -> bool {
    order_told(text).is_some()
}

/// The first year that a period may begin in.
const FIRST_YEAR: i16 = 1990;

/// The last year of any period, where nobody says which year it is.
const LAST_YEAR: i16 = 2200;

/// Holds a day to the years that a file can speak of; `is_end` where it is the first day after a
/// period.
pub(super) fn within_years(date: Date, is_end: bool, latest: Option<i16>) -> Result<(), String> {
    let year = date.year();
    let new_year = is_end && date.to_string().ends_with("-01-01");
    let last = latest.unwrap_or(LAST_YEAR);
    if (FIRST_YEAR..=last).contains(&year) || new_year && year == last + 1 {
        return Ok(());
    }
    let hint = match year {
        1899 | 1900 => "; this is a day that a spreadsheet made of an empty cell".to_owned(),
        _ => buddhist(year, last),
    };
    Err(format!("expected a day from {FIRST_YEAR} to {last}, got {date}{hint}"))
}

/// The order that was stated, for a sentence.
const fn said(order: Option<DayOrder>) -> &'static str {
    match order {
        None => "",
        Some(DayOrder::DayFirst) => ", the day first",
        Some(DayOrder::MonthFirst) => ", the month first",
    }
}

/// Where the year of three numbers stands.
enum Parts {
    YearFirst,
    YearLast,
}

fn parts_of(first: &str, second: &str, third: &str) -> Option<Parts> {
    match [first, second, third].map(str::len) {
        [4, 1 | 2, 1 | 2] => Some(Parts::YearFirst),
        [1 | 2, 1 | 2, 4] => Some(Parts::YearLast),
        _ => None,
    }
}

/// The order that a day tells whose year stands last: none where day and month may be swapped.
pub(crate) fn order_told(text: &str) -> Option<Option<DayOrder>> {
    match [DayOrder::DayFirst, DayOrder::MonthFirst].map(|order| date(text, Some(order)).is_ok()) {
        _ if date(text, None).is_ok() => None,
        [true, true] => Some(None),
        [true, false] => Some(Some(DayOrder::DayFirst)),
        [false, true] => Some(Some(DayOrder::MonthFirst)),
        [false, false] => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_where_its_year_stands_first_and_refused_where_day_and_month_may_be_swapped() {
        for text in [
            "2025-04-01",
            "2025/4/1",
            "2025/04/01",
            "2025.4.1",
            "2025年4月1日",
            "２０２５/４/１",
            "20250401",
            "2025-04-01T00:00:00",
            "2025/4/1 0:00",
        ] {
            assert_eq!(date(text, None).unwrap().to_string(), "2025-04-01", "{text}");
        }
        for text in
            ["1/4/2025", "4/1/25", "01.04.2025", "2025-13-01", "2025/2/30", "20251301", "2025-4", "April"]
        {
            assert!(date(text, None).is_err(), "{text}");
        }
        assert!(date("01.04.2025", None).unwrap_err().contains("--dates day-first"));
        assert!(date("45748", None).unwrap_err().contains("day number"));
        assert!(date("2025-4", None).unwrap_err().contains("write its first day, 2025-04-01"));
        assert!(date("114/4/1", None).unwrap_err().contains("Minguo calendar: write 2025"));
        assert!(date("2025-04-01 06:00", None).is_err());
    }

    #[test]
    fn a_day_whose_year_stands_last_is_read_in_the_order_that_is_stated() {
        let (day, month) = (Some(DayOrder::DayFirst), Some(DayOrder::MonthFirst));
        for (text, order) in [
            ("01.04.2025", day),
            ("1/4/2025", day),
            ("1-4-2025", day),
            ("4/1/2025", month),
            ("04/01/2025", month),
        ] {
            assert_eq!(date(text, order).unwrap().to_string(), "2025-04-01", "{text}");
        }
        assert!(date("31/1/2025", month).is_err() && date("1.4.25", day).is_err());
        // The year first has one meaning, whatever is stated.
        assert_eq!(date("2025-04-01", month).unwrap().to_string(), "2025-04-01");
        assert_eq!(order_told("31.01.2025"), Some(day));
        assert_eq!(order_told("1/31/2025"), Some(month));
        assert_eq!(order_told("1/4/2025"), Some(None));
        assert_eq!((order_told("2025-04-01"), order_told("April")), (None, None));
    }

    #[test]
    fn a_column_tells_the_order_of_its_days_by_one_above_the_twelfth() {
        let read = |looked: &[&str], text: &str| {
            let mut days = Days::default();
            (2..).zip(looked).for_each(|(row, day)| days.look(row, "start", day));
            (days.order("start", text), days.notes().len())
        };
        let (day, month) = (Some(Some(DayOrder::DayFirst)), Some(Some(DayOrder::MonthFirst)));
        assert_eq!(read(&["01.02.2025", "31.12.2024"], "01.02.2025"), (day, 1));
        assert_eq!(read(&["2/1/2025", "1/31/2025"], "2/1/2025"), (month, 1));
        assert_eq!(read(&["2/1/2025"], "2/1/2025"), (None, 0));
        assert_eq!(read(&["31.1.2025", "1/31/2025"], "2/1/2025"), (None, 0));
        // One above the twelfth, and one whose day is its month, have one meaning.
        assert_eq!(read(&["31.12.2024"], "31.12.2024"), (day, 0));
        assert_eq!(read(&[], "01.01.2025"), (day, 0));
    }
}
