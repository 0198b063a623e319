//! The years of the demo and of examples in hints and help. A footprint holds for at most three years
//! after its data, so that fixed dates would be refused one day: the years move with the clock.

use pcf_ledger::model::Date;

/// How many years after 2026, for which the examples are written, they take place.
#[derive(Debug, Clone, Copy)]
pub struct Years {
    later: i16,
}

impl Years {
    /// The year for which the inputs are written.
    const WRITTEN: i16 = 2026;

    /// Returns the years of examples shown on this day.
    pub fn of(today: Date) -> Self {
        Self { later: (today.year() - Self::WRITTEN).max(0) }
    }

    /// The text with the year of the data for `YEAR`, and the last day of the validity for `UNTIL`.
    pub fn line(self, text: &str) -> String {
        let (data, until) = (Self::WRITTEN - 2 + self.later, Self::WRITTEN + 1 + self.later);
        text.replace("YEAR", &data.to_string()).replace("UNTIL", &format!("{until}-12-31"))
    }

    /// The hint or help with both where it shows a publication; a product's id stays as it is.
    pub fn example(self, text: &str) -> String {
        text.replace(PUBLICATION, &self.line(PUBLICATION))
    }

    /// An input of the demo with each of its dates in a later year; numbers, ids and the names of
    /// factors are no dates. The amounts and the factors stay as they are.
    pub fn input(self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let begins = !out.ends_with(|before: char| before.is_alphanumeric() || before == '-');
            let date = rest.get(..10).filter(|_| begins).and_then(|word| word.parse::<Date>().ok());
            if let Some(later) = date.and_then(|date| date.plus_years(self.later).ok()) {
                out.push_str(&later.to_string());
                rest = &rest[10..];
            } else {
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
        out
    }
}

/// How an example of a publication names its years.
const PUBLICATION: &str = "--period YEAR --valid-until UNTIL";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cmd::demo::INPUTS;

    fn in_year(year: i16) -> Years {
        Years::of(Date::new(year, 6, 1).unwrap())
    }

    #[test]
    fn the_example_is_as_written_until_2026_and_moves_with_the_clock_afterwards() {
        for (_, text) in INPUTS {
            assert_eq!(in_year(2025).input(text), text);
            assert_eq!(in_year(2026).input(text), text);
        }
        let row = "2024-01-01,2025-01-01,factor:cn.mee.elec_footprint.2024.national,footprint:7c9d4e12-5b6f-4a83-9d21-0c4f8e6a1b35";
        let later = row.replace("2024-01-01,2025-01-01", "2038-01-01,2039-01-01");
        assert_eq!(in_year(2040).input(row), later);
        assert_eq!(in_year(2031).line(PUBLICATION), "--period 2029 --valid-until 2032-12-31");
    }

    #[test]
    fn an_example_is_accepted_on_every_day_it_is_shown_and_keeps_the_id_of_its_product() {
        for year in 2025..2100 {
            for (month, day) in [(1, 1), (2, 28), (12, 31)] {
                let today = Date::new(year, month, day).unwrap();
                let shown = Years::of(today).example(PUBLICATION);
                let (data, until) = shown[9..].split_once(" --valid-until ").unwrap();
                let until: Date = until.parse().unwrap();
                let limit = Date::new(data.parse::<i16>().unwrap() + 4, 1, 1).unwrap();
                assert!(today < until && until < limit, "on {today}: {shown}");
            }
        }
        let hint = "pcf publish urn:x:YEAR:UNTIL --draft";
        assert_eq!(in_year(2031).example(hint), hint);
    }
}
