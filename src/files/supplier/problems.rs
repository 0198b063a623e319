//! All that is wrong in a PACT document at once. The reader of the format stops at the first
//! problem; here each one is noted, a right value is put in its place in a copy, and the copy is
//! read again. The copy is thrown away.

use std::collections::BTreeSet;

use pcf_core::pact::PactError;
use pcf_core::pact::import::bought;
use serde_json::Value;

use crate::csv::numbers::{shifted, without_exponent};

/// The most problems of one document that are listed.
const PROBLEMS_MAX: usize = 100;

/// A right value for every key that a document must have, and for those of which a wrong one may be
/// replaced.
const RIGHT: &str = include_str!("right.json");

/// Everything that keeps a document from being used, in the order in which it is met; empty for one
/// that can be used.
///
/// ```
/// let document = br#"{"specVersion": "3.0.0", "id": null, "status": "active"}"#;
/// let problems = pcf_files::supplier::problems(document);
/// let places: Vec<String> = problems.iter().map(ToString::to_string).collect();
/// assert!(places[0].starts_with("at id: ") && places.iter().any(|p| p.starts_with("at status: ")));
/// ```
pub fn problems(document: &[u8]) -> Vec<PactError> {
    let Err(first) = bought(document) else { return Vec::new() };
    let bare = document.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(document);
    let right: Value = serde_json::from_str(RIGHT).unwrap_or_default();
    let Ok(mut copy) = serde_json::from_slice::<Value>(bare) else { return vec![first] };
    let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
    let mut next = Some(first);
    while let Some(error) = next.take() {
        let PactError::Field { place, problem } = &error else {
            // What is wrong with the document as a whole ends the search.
            found.push(error);
            break;
        };
        if found.len() == PROBLEMS_MAX || !seen.insert((place.clone(), problem.clone())) {
            break;
        }
        let at = path(place, problem);
        let told = format!("{problem}{}", said(problem, get(&copy, &at)));
        found.push(PactError::Field { place: place.clone(), problem: told });
        put(&mut copy, &at, get(&right, &at).cloned());
        next = serde_json::to_vec(&copy).ok().and_then(|copy| bought(&copy).err());
    }
    found
}

/// The keys that lead to what is wrong; an index of a list leads to the whole list.
fn path(place: &str, problem: &str) -> Vec<String> {
    let missing = problem.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    let place = if place == "the footprint" { "" } else { place };
    let keys = place.split('.').map(|key| key.split('[').next().unwrap_or_default());
    keys.filter(|key| !key.is_empty()).chain(missing).map(str::to_owned).collect()
}

fn get<'v>(value: &'v Value, at: &[String]) -> Option<&'v Value> {
    at.iter().try_fold(value, |value, key| value.get(key))
}

/// Sets a key, or takes it away.
fn put(value: &mut Value, at: &[String], right: Option<Value>) {
    let Some((last, above)) = at.split_last() else { return };
    let holder = above.iter().try_fold(value, |value, key| value.get_mut(key));
    if let Some(map) = holder.and_then(Value::as_object_mut) {
        match right {
            Some(right) => drop(map.insert(last.clone(), right)),
            None => drop(map.remove(last)),
        }
    }
}

/// What to write instead, where the value tells.
fn said(problem: &str, value: Option<&Value>) -> String {
    match value {
        Some(Value::Null) if problem.contains("null") => "; leave the key out".to_owned(),
        Some(Value::Number(number)) if problem.contains("expected a string") => {
            format!("; write it in quotation marks, \"{}\"", plain(&number.to_string()))
        }
        Some(Value::String(text)) if problem.starts_with("PACT decimal") => {
            let plain = plain(&text.replace(',', "."));
            let is_decimal = plain.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
            // A comma may stand between thousands.
            let one_meaning = is_decimal && plain != *text && !text.contains(',');
            if one_meaning { format!("; write \"{plain}\"") } else { String::new() }
        }
        Some(Value::String(text)) if problem.starts_with("unknown variant") => {
            let capital: String = text
                .chars()
                .enumerate()
                .map(|(at, c)| if at == 0 { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
                .collect();
            if problem.contains(&format!("`{capital}`")) && capital != *text {
                format!("; write \"{capital}\"")
            } else {
                String::new()
            }
        }
        _ => String::new(),
    }
}

/// A number without its exponent.
fn plain(text: &str) -> String {
    let (digits, power) = without_exponent(text);
    power.map_or_else(|| text.to_owned(), |power| shifted(digits, power))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wrong with the right document after a change.
    fn said(change: impl Fn(&mut Value)) -> Vec<String> {
        let mut document: Value = serde_json::from_str(RIGHT).unwrap();
        change(&mut document);
        problems(&serde_json::to_vec(&document).unwrap()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_right_document_has_no_problem() {
        assert_eq!(said(|_| ()), Vec::<String>::new());
    }

    #[test]
    fn every_problem_of_a_document_is_told_at_once_with_what_to_write() {
        let all = said(|document| {
            document["created"] = "yesterday".into();
            document["status"] = "active".into();
            document["comment"] = Value::Null;
            document["companyIds"] = serde_json::json!(["acme"]);
            let pcf = document["pcf"].as_object_mut().unwrap();
            pcf.insert("pcfExcludingBiogenicUptake".into(), "8.71E-02".into());
            pcf.insert("fossilGhgEmissions".into(), serde_json::json!(0.5));
            pcf.insert("declaredUnitAmount".into(), "-1".into());
            pcf.insert("primaryDataShare".into(), "120".into());
            pcf.insert("geographyCountry".into(), "China".into());
            pcf.remove("productMassPerDeclaredUnit");
        });
        for says in [
            "at created: date-time",
            "at status: unknown variant `active`, expected `Active` or `Deprecated`; write \"Active\"",
            "at comment: expected a value or no key at all, got null; leave the key out",
            "at companyIds[0]: expected a URN",
            "at pcf.pcfExcludingBiogenicUptake: PACT decimal",
            "; write \"0.0871\"",
            "at pcf.fossilGhgEmissions: ",
            "; write it in quotation marks, \"0.5\"",
            "at pcf.declaredUnitAmount: expected an amount above zero, got -1",
            "at pcf.primaryDataShare: ",
            "at pcf.geographyCountry: ",
            "missing field `productMassPerDeclaredUnit`",
        ] {
            assert!(all.iter().any(|problem| problem.contains(says)), "{says}: {all:#?}");
        }
        assert_eq!(all.len(), 10, "{all:#?}");
    }

    #[test]
    fn what_is_no_document_is_said_alone() {
        assert_eq!(problems(b"[]").len(), 1);
        assert_eq!(problems(b"{\"specVersion\": \"4.0.0\"}").len(), 1);
        assert_eq!(problems(b"{\"specVersion\": ").len(), 1);
    }
}
