//! The fast reader of compact JSON beside `serde_json`: for every type that is read by it, whatever it gives is what `serde_json` gives, and
//! what is spelt as the project spells it is never left to the slow way.

use std::collections::BTreeMap;
use std::fmt::Debug;

use pcf_ledger::model::{
    Activity, Actor, Annual, Assurance, Authority, Factor, Genesis, Product, Publication, State,
    SupplierFootprint, Withdrawal,
};
use pcf_ledger::proof::Document;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[path = "../../../src/core/codec/plain.rs"]
mod plain;
#[path = "../../../src/core/codec/reader.rs"]
mod reader;

/// Every kind of value that can be asked for, in one place.
#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(deny_unknown_fields)]
struct Shapes {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    any: BTreeMap<String, Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    list: Option<Vec<Shapes>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    one: Option<Box<Shapes>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pair: Option<(String, bool)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    word: Option<Word>,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(rename_all = "lowercase")]
enum Word {
    Gate,
    Grave,
}

/// Deepest nesting in `text`, whose strings have no escapes.
fn depth(text: &str) -> usize {
    let (mut depth, mut most, mut quoted) = (0_usize, 0, false);
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => depth += 1,
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        most = most.max(depth);
    }
    most
}

fn same<T: Serialize + DeserializeOwned + PartialEq + Debug>(text: &str) {
    let (fast, slow) = (reader::read::<T>(text), serde_json::from_str::<T>(text).ok());
    if fast.is_some() {
        assert_eq!(fast, slow, "both read {text}");
    } else if let Some(slow) = slow {
        let plain =
            !text.contains('\\') && depth(text) <= 64 && !has_others(&serde_json::to_value(&slow).unwrap());
        let written = serde_json::to_string(&slow).unwrap();
        assert!(!plain || written != text, "left to the slow way: {text}");
    }
}

/// True where a number or a `null` is in it, which the project never writes.
fn has_others(value: &Value) -> bool {
    match value {
        Value::Null | Value::Number(_) => true,
        Value::Array(list) => list.iter().any(has_others),
        Value::Object(map) => map.values().any(has_others),
        _ => false,
    }
}

/// One text, read as everything.
pub fn reader(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    same::<Shapes>(text);
    same::<Value>(text);
    same::<Document>(text);
    same::<Activity>(text);
    same::<Actor>(text);
    same::<Annual>(text);
    same::<Assurance>(text);
    same::<Authority>(text);
    same::<Factor>(text);
    same::<Genesis>(text);
    same::<Product>(text);
    same::<Publication>(text);
    same::<State>(text);
    same::<SupplierFootprint>(text);
    same::<Withdrawal>(text);
}
