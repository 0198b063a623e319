//! Days as people write them, as far as the order of their parts has one meaning: the year first.

use crate::model::{Date, ValueError};

/// The first serial number of a spreadsheet's days that is taken for one in a hint: 2000-01-01.
const SERIALS: std::ops::Range<u32> = 36_526..73_051;

/// `2025-04-01`, `2025/4/1`, `2025.4.1` or `2025年4月1日`.
pub(super) fn date(text: &str) -> Result<Date, String> {
    let exact = text.parse::<Date>();
    let Err(error) = exact else { return exact.map_err(|e: ValueError| e.to_string()) };
    let plain = crate::exchange::words::half_width(text);
    let plain = plain.replace(['年', '月'], "-").replace('日', "");
    for separator in ['-', '/', '.'] {
        let parts: Vec<&str> = plain.split(separator).map(str::trim).collect();
        if let [year, month, day] = parts.as_slice()
            && year.len() == 4
            && [month, day].iter().all(|part| matches!(part.len(), 1 | 2))
            && parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()))
        {
            return format!("{year}-{month:0>2}-{day:0>2}").parse().map_err(|e: ValueError| e.to_string());
        }
    }
    let serial = plain.parse::<u32>().is_ok_and(|serial| SERIALS.contains(&serial));
    let hint =
        if serial { "; this looks like a spreadsheet's day number: format the column as a date" } else { "" };
    Err(format!("{error}{hint}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_where_its_year_stands_first_and_refused_where_day_and_month_may_be_swapped() {
        for text in ["2025-04-01", "2025/4/1", "2025/04/01", "2025.4.1", "2025年4月1日", "２０２５/４/１"]
        {
            assert_eq!(date(text).unwrap().to_string(), "2025-04-01", "{text}");
        }
        for text in
            ["1/4/2025", "4/1/25", "01.04.2025", "2025-13-01", "2025/2/30", "20250401", "2025-4", "April"]
        {
            assert!(date(text).is_err(), "{text}");
        }
        assert!(date("45748").unwrap_err().contains("day number"));
    }
}
