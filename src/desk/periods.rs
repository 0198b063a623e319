//! Periods as people type them. It adds one spelling to those of [`Period`] and decides nothing
//! else.

use pcf_ledger::model::{Period, ValueError};

/// Reads a period as a person types it: everything that [`Period`] reads, and a quarter without its
/// hyphen, such as `2025Q1`.
///
/// ```
/// use pcf_desk::periods;
/// let quarter = periods::read("2025Q1")?;
/// assert_eq!(quarter.to_string(), "2025-01-01..2025-04-01");
/// assert_eq!(periods::read("2025-03..2025-09")?.to_string(), "2025-03-01..2025-10-01");
/// assert!(periods::read("2025Q5").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`ValueError`] for a text that is no period.
pub fn read(text: &str) -> Result<Period, ValueError> {
    let ends: Vec<String> = text.split("..").map(hyphenated).collect();
    // The error shows what was typed.
    ends.join("..").parse().or_else(|_| text.parse())
}

/// `2025Q1` and `2025q1` as `2025-Q1`; any other text as it is.
fn hyphenated(text: &str) -> String {
    let text = text.trim();
    match text.split_once(['Q', 'q']) {
        Some((year, quarter)) => format!("{}-Q{quarter}", year.trim_end_matches('-')),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_needs_no_hyphen_and_no_capital() {
        for text in ["2025Q3", "2025-Q3", "2025q3", "2025-q3", "2025-07..2025-09", "2025Q3..2025Q3"] {
            assert_eq!(read(text).unwrap().to_string(), "2025-07-01..2025-10-01", "{text}");
        }
        assert_eq!(read("2024Q4..2025Q1").unwrap().to_string(), "2024-10-01..2025-04-01");
        for text in ["2025Q", "Q1", "2025Q0", "2025-Q1-Q2", "25Q1"] {
            assert!(read(text).unwrap_err().to_string().contains(text), "{text}");
        }
    }
}
