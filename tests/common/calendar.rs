//! Dates for tests that run the real binary, which reads the system's clock. A footprint holds for
//! at most three years after its data, so that
//! fixed dates would make a test fail one day. Tests are written for 2026; in later years their
//! dates move with the clock.

use std::time::{SystemTime, UNIX_EPOCH};

use pcf_ledger::model::{Date, Instant};

/// The year for which the tests are written.
const WRITTEN: i16 = 2026;

/// How many years have passed since the tests were written.
fn later() -> i16 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let today = Instant::from_unix_s(since.as_secs().try_into().unwrap()).unwrap().date();
    (today.year() - WRITTEN).max(0)
}

/// The year that a test written for 2026 means by `written`.
pub fn year(written: i16) -> i16 {
    written + later()
}

/// The text with each date `YYYY-MM-DD`, and each year behind `--period `, in the year that it
/// means today.
pub fn moved(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let begins = !out.ends_with(|before: char| before.is_alphanumeric() || before == '-');
        let date = rest.get(..10).filter(|_| begins).and_then(|word| word.parse::<Date>().ok());
        let period = rest.get(..4).filter(|_| out.ends_with("--period ")).and_then(|word| word.parse().ok());
        let (moved, taken) = match (date, period) {
            (Some(date), _) => (date.plus_years(later()).unwrap().to_string(), 10),
            (None, Some(written)) => (year(written).to_string(), 4),
            (None, None) => (c.to_string(), c.len_utf8()),
        };
        out.push_str(&moved);
        rest = &rest[taken..];
    }
    out
}
