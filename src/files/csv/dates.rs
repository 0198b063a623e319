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
    let serial = plain.parse::<u32>().is_ok_and(|serial| SERIALS.contains(&serial));
    let hint =
        if serial { "; this looks like a spreadsheet's day number: format the column as a date" } else { "" };
    Err(format!("{error}{hint}"))
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
    // The Buddhist calendar counts 543 years more.
    let hint = match year - 543 {
        meant if (FIRST_YEAR..=last.min(LAST_YEAR)).contains(&meant) => {
            format!("; {year} is a year of the Buddhist calendar: write {meant}")
        }
        _ if year == 1900 || year == 1899 => {
            "; this is a day that a spreadsheet made of an empty cell".to_owned()
        }
        _ => String::new(),
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
        for text in ["2025-04-01", "2025/4/1", "2025/04/01", "2025.4.1", "2025年4月1日", "２０２５/４/１"]
        {
            assert_eq!(date(text, None).unwrap().to_string(), "2025-04-01", "{text}");
        }
        for text in
            ["1/4/2025", "4/1/25", "01.04.2025", "2025-13-01", "2025/2/30", "20250401", "2025-4", "April"]
        {
            assert!(date(text, None).is_err(), "{text}");
        }
        assert!(date("01.04.2025", None).unwrap_err().contains("--dates day-first"));
        assert!(date("45748", None).unwrap_err().contains("day number"));
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
}
