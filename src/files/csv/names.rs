//! Names as a file holds them: what a spreadsheet made of a name is not the name, and two names
//! that a reader takes for one are pointed out. It judges cells of text columns and changes none.

use std::collections::HashMap;

use super::Problems;
use super::table::Row;
use encoding_rs::WINDOWS_1252;

use crate::fold;
use crate::source::Stored;
use pcf_core::model::is_unseen;

/// Columns whose cells are names, numbers of registries or ids, of every kind of table.
const NAMES: &[&str] = &[
    "process",
    "meter",
    "site",
    "flow",
    "allocation",
    "allocation_keys",
    "source_version",
    "scenario",
    "batch",
    "part",
    "part_name",
    "parent",
    "name",
    "id",
    "product",
    "source",
    "upstream",
    "evidence",
    "instrument",
    "substitutes",
    "signers",
    "actor",
    "company_ids",
    "keys",
    "products",
    "subject",
    "licence",
    "classifications",
    "rule",
    "rule_operator",
    "material",
    "ev",
    "erec",
    "ereceol",
    "evstar",
    "ed",
    "eer",
    "eheat",
    "eelec",
];

/// Columns in which a name that differs from another only in what nobody sees splits what belongs
/// together.
const COMPARED: [&str; 4] = ["process", "site", "batch", "scenario"];

/// The most digits that a spreadsheet keeps of a number.
const DIGITS_MAX: usize = 15;

/// How many characters of a name a sentence shows.
const SHOWN_MAX: usize = 100;

/// How many names of a column are kept to compare others with.
const KEPT_MAX: usize = 20_000;

/// The column, where it is one of names.
pub(super) fn known(column: &str) -> Option<&'static str> {
    NAMES.iter().copied().find(|name| *name == column)
}

/// What is wrong with any cell, whatever its column.
pub(super) fn unseen(cell: &str) -> Option<String> {
    if cell.is_ascii() {
        return None;
    }
    if let Some(meant) = misdecoded(cell) {
        let shown: String = cell.chars().take(SHOWN_MAX).collect();
        return Some(format!(
            "`{shown}` is `{meant}` in UTF-8 that was read as Windows-1252 before: save the file anew as \"CSV UTF-8\" from where it came"
        ));
    }
    // At its ends, white space is no part of a cell; a byte-order mark is.
    let found = cell.trim().chars().find(|c| is_unseen(*c) || *c == '\u{fffd}')?;
    let shown: String = fold::shown(cell.trim()).chars().take(SHOWN_MAX).collect();
    Some(if found == '\u{fffd}' {
        format!(
            "`{shown}` holds U+FFFD, which stands for a character that was lost when the text was converted: save the file anew as \"CSV UTF-8\""
        )
    } else {
        format!("`{shown}` holds a character that nobody sees: type the name anew without it")
    })
}

/// What was meant by a text whose UTF-8 was taken for Windows-1252, as `KÃ¶ln`: read back, all of
/// its bytes are UTF-8, which a text that was meant so hardly is.
fn misdecoded(cell: &str) -> Option<String> {
    let is_lead = |c: char| matches!(c, '\u{c2}'..='\u{f4}');
    if !cell.chars().any(is_lead) {
        return None;
    }
    let (bytes, _, lossy) = WINDOWS_1252.encode(cell);
    let meant = (!lossy).then(|| String::from_utf8(bytes.into_owned()).ok()).flatten()?;
    Some(meant.chars().take(SHOWN_MAX).collect())
}

/// What a spreadsheet made of the name in a cell.
pub(super) fn altered(cell: &str, stored: Option<Stored>) -> Option<String> {
    let remedy = "format the column as text and write the name again";
    let digits = || cell.bytes().filter(u8::is_ascii_digit).count();
    match stored {
        Some(Stored::Day) => Some(format!("the spreadsheet holds a day here, {cell}, and no name: {remedy}")),
        Some(Stored::Truth) => {
            Some(format!("the spreadsheet holds a truth value here, shown as {cell}, and no name: {remedy}"))
        }
        Some(Stored::Share) => {
            Some(format!("the spreadsheet holds a percentage here, {cell}, and no name: {remedy}"))
        }
        Some(Stored::Padded) => Some(format!(
            "the spreadsheet holds the number {cell} here and shows it with zeros in front: {remedy}"
        )),
        Some(Stored::Reshaped | Stored::Scaled | Stored::PercentText) => {
            Some(format!("the spreadsheet holds the number {cell} here and shows it otherwise: {remedy}"))
        }
        Some(Stored::Number) if digits() > DIGITS_MAX => Some(format!(
            "the spreadsheet holds the number {cell} here, of which it keeps only {DIGITS_MAX} digits: {remedy}"
        )),
        Some(Stored::Number) => None,
        None => of_text(cell)
            .map(|what| format!("`{}` is {what} of a spreadsheet, and no name: {remedy}", fold::shown(cell))),
    }
}

/// What a text is that a spreadsheet wrote for a name; most cells begin with a letter.
fn of_text(cell: &str) -> Option<&'static str> {
    let bytes = cell.as_bytes();
    match bytes.first()? {
        b'=' => Some("a formula"),
        b'"' if bytes.len() > 2 && bytes.ends_with(b"\"") => Some("a text in quotation marks"),
        b'\'' if bytes.get(1).is_some_and(u8::is_ascii_digit) => Some("a text behind an apostrophe"),
        b'#' if cell.ends_with(['!', '?']) || matches!(cell, "#N/A" | "#NV") => Some("an error"),
        b'#' if bytes.len() > 2 && bytes.iter().all(|b| *b == b'#') => Some("a cell that is too narrow"),
        _ if matches!(cell, "TRUE" | "FALSE" | "WAHR" | "FALSCH" | "VRAI" | "FAUX") => Some("a truth value"),
        b'0'..=b'9' if is_exponent(cell) => Some("a number that is cut short"),
        b'0'..=b'9' if cell.strip_suffix('%').is_some_and(is_decimal) => Some("a percentage"),
        _ => None,
    }
}

fn is_decimal(text: &str) -> bool {
    text.trim_end().bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
}

/// `4.71E+11`, as a narrow column shows a long number.
fn is_exponent(cell: &str) -> bool {
    let Some((digits, power)) = cell.split_once(['E', 'e']) else { return false };
    let power = power.strip_prefix('+').unwrap_or_default();
    is_decimal(digits) && power.len() > 1 && power.bytes().all(|b| b.is_ascii_digit())
}

/// The names of a table so far, as a reader compares them.
#[derive(Default)]
pub(super) struct Seen {
    /// For each compared column its last cell, which most rows repeat.
    last: [String; COMPARED.len()],
    names: [HashMap<String, (String, u64)>; COMPARED.len()],
}

impl Seen {
    /// Points out a name that differs from an earlier one only in what a reader does not see, or in
    /// its case.
    pub(super) fn look(&mut self, row: Row<'_>, problems: &mut Problems) {
        for ((column, last), names) in COMPARED.iter().zip(&mut self.last).zip(&mut self.names) {
            let cell = row.cell(column);
            if cell.is_empty() || cell == last {
                continue;
            }
            cell.clone_into(last);
            // A name with a character that nobody sees is refused by itself.
            if unseen(cell).is_some() {
                continue;
            }
            if names.len() >= KEPT_MAX {
                continue;
            }
            let folded = fold::folded(cell);
            let (earlier, line) = match names.get(&folded) {
                Some(known) => known,
                None => {
                    names.insert(folded, (cell.to_owned(), row.line));
                    continue;
                }
            };
            if earlier == cell {
                continue;
            }
            let apart = format!(
                "`{cell}` differs from `{earlier}` in row {line} only {}",
                fold::told_apart(cell, earlier)
            );
            if fold::folded_in_its_case(cell) == fold::folded_in_its_case(earlier) {
                problems.push(row.line, column, format!("{apart}: write one name alike"));
            } else {
                problems.note(row.line, column, &format!("{apart}: they count as two"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_made_of_a_name_is_told_from_a_name() {
        for (cell, stored, says) in [
            ("2025-03-05", Some(Stored::Day), "a day"),
            ("yes", Some(Stored::Truth), "a truth value"),
            ("7%", Some(Stored::Share), "a percentage"),
            ("4711", Some(Stored::Padded), "zeros in front"),
            ("123456789012345000", Some(Stored::Number), "15 digits"),
            ("=A1", None, "a formula"),
            ("#REF!", None, "an error"),
            ("#N/A", None, "an error"),
            ("#####", None, "too narrow"),
            ("TRUE", None, "a truth value"),
            ("1.23E+17", None, "cut short"),
            ("7 %", None, "a percentage"),
            ("1.1", Some(Stored::Reshaped), "shows it otherwise"),
            ("WAHR", None, "a truth value"),
            ("\"Plant 7\"", None, "quotation marks"),
            ("'004711", None, "an apostrophe"),
        ] {
            let said = altered(cell, stored).unwrap_or_else(|| panic!("{cell}"));
            assert!(said.contains(says) && said.contains("as text"), "{cell}: {said}");
        }
        for (cell, stored) in [
            ("4711", Some(Stored::Number)),
            ("123456789012345", Some(Stored::Number)),
            ("2025-03-05", None),
            ("#7 press", None),
            ("5E", None),
            ("'s-Hertogenbosch", None),
            ("Plant \"7\"", None),
            ("3-5", None),
            ("压铸", None),
            ("123456789012345678", None),
        ] {
            assert_eq!(altered(cell, stored), None, "{cell}");
        }
    }

    #[test]
    fn a_character_that_nobody_sees_is_shown() {
        assert!(unseen("assembly\u{200b}").unwrap().contains("assembly<U+200B>"));
        assert!(unseen("Werk KÃ¶ln").unwrap().contains("is `Werk Köln` in UTF-8"));
        assert_eq!((unseen("Werk Köln"), unseen("Ãrea"), unseen("São Paulo")), (None, None, None));
        assert!(unseen("caf\u{fffd}").unwrap().contains("converted"));
        assert_eq!((unseen("assembly\u{a0}"), unseen("压铸")), (None, None));
    }
}
