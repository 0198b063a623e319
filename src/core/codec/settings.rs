//! Settings that a person writes (TOML): a size limit, one version, every field known. What they are for is their reader's business.

use serde::de::DeserializeOwned;

use crate::limits::SETTINGS_VERSION;

/// Reads a settings file of at most `limit` bytes; `T` has a field for `version` and refuses unknown ones.
///
/// # Errors
/// What was expected and what was found, with the line where there is one.
pub fn read<T: DeserializeOwned>(text: &str, limit: usize) -> Result<T, String> {
    if text.len() > limit {
        return Err(format!("expected at most {limit} bytes, got {}", text.len()));
    }
    let broken = |e: toml::de::Error| {
        let before = e.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        format!("line {}: {}", before.matches('\n').count() + 1, e.message())
    };
    let table: toml::Table = toml::from_str(text).map_err(broken)?;
    match table.get("version").and_then(toml::Value::as_integer) {
        Some(SETTINGS_VERSION) => toml::from_str(text).map_err(broken),
        Some(other) => Err(format!("expected version {SETTINGS_VERSION}, got {other}")),
        None => Err(format!("expected `version = {SETTINGS_VERSION}`, got none")),
    }
}
