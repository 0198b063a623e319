//! Which figure differs: the first, by its path, with both sides.

use serde_json::Value;

use crate::calc::Footprint;
use crate::model::Publication;

/// The first figure that differs, with both sides.
pub(super) fn difference(footprint: &Footprint, publication: &Publication) -> String {
    let values = (serde_json::to_value(&footprint.figures), serde_json::to_value(&publication.figures));
    let (Ok(expected), Ok(got)) = values else {
        return "the figures are not those that follow from the statements".into();
    };
    let mut path = String::new();
    let (expected, got) = first_difference(&expected, &got, &mut path);
    format!("{}: expected {expected}, got {got}", path.trim_start_matches('.'))
}

fn first_difference(expected: &Value, got: &Value, path: &mut String) -> (String, String) {
    match (expected, got) {
        (Value::Object(a), Value::Object(b)) => {
            let keys = a.keys().chain(b.keys());
            if let Some(key) = keys.into_iter().find(|key| a.get(*key) != b.get(*key)) {
                path.push('.');
                path.push_str(key);
                let value = |map: &serde_json::Map<String, Value>| map.get(key).cloned().unwrap_or_default();
                return first_difference(&value(a), &value(b), path);
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            let longest = a.len().max(b.len());
            if let Some(n) = (0..longest).find(|n| a.get(*n) != b.get(*n)) {
                path.push_str(&format!("[{n}]"));
                let value = |list: &[Value]| list.get(n).cloned().unwrap_or_default();
                return first_difference(&value(a), &value(b), path);
            }
        }
        _ => {}
    }
    let say = |value: &Value| if value.is_null() { "nothing".into() } else { value.to_string() };
    (say(expected), say(got))
}
