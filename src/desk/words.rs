//! Small spellings that reports and texts share, and the one spelling of a report as JSON.

use pcf_ledger::model::Product;
use serde::Serialize;

/// Returns a word as a shell takes it: quoted where it holds more than plain letters.
pub fn quoted(word: impl AsRef<str>) -> String {
    let word = word.as_ref();
    let plain = |c: char| c.is_alphanumeric() || "-_./:=,+@".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Writes a report as JSON: indented, ended by a line feed. Every verb prints and writes its
/// reports so.
///
/// # Errors
/// What `serde_json` says where a report has no JSON, such as a map whose keys are no texts.
pub fn json(report: &impl Serialize) -> serde_json::Result<String> {
    let mut text = serde_json::to_string_pretty(report)?;
    text.push('\n');
    Ok(text)
}

/// Returns `1 statement`, `2 statements`.
pub fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Returns a product's declared unit, as `1 piece`.
pub fn declared_unit(product: &Product) -> String {
    format!("{} {}", product.declared_unit.amount, product.declared_unit.unit)
}
