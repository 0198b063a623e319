//! Whether two statements say the same, whatever the order of their rows, and in which fields they
//! differ.

use std::collections::BTreeMap;

use pcf_ledger::model::{Salt, Statement};
use serde_json::Value;

/// How many fields a sentence names.
const NAMED_MAX: usize = 3;

/// How many characters of a value a sentence shows.
const SHOWN_MAX: usize = 60;

/// Fields that differ between statements that say the same.
const ASIDE: [&str; 4] = ["salt", "replaces", "series", "tagSalt"];

/// The statement without what differs between two that say the same.
pub(crate) fn bare(statement: Statement) -> Statement {
    let mut bare = statement.with_salt(Salt::from_bytes([0; 16])).replacing(None);
    match &mut bare {
        Statement::Activity(said) => (said.series, said.tags) = (None, Vec::new()),
        Statement::Product(said) => said.tag_salt = None,
        _ => {}
    }
    bare
}

/// True where what comes says what is held once more. That everybody may read a factor is said in no table, so
/// one that does not say it leaves that as it is.
pub fn says_again(held: &Statement, coming: &Statement) -> bool {
    let mut held = bare(held.clone());
    if let (Statement::Factor(held), Statement::Factor(coming)) = (&mut held, coming) {
        held.open &= coming.open;
    }
    same(&held, &bare(coming.clone()))
}

/// True where two statements in their bare form say the same.
pub fn same(one: &Statement, other: &Statement) -> bool {
    one == other || one.kind() == other.kind() && in_order(one.clone()) == in_order(other.clone())
}

/// A statement with its rows in an order of their own. The first id of a product is the one it is
/// filed under and keeps its place.
fn in_order(mut statement: Statement) -> Statement {
    match &mut statement {
        Statement::Activity(activity) => {
            activity.flows.sort_by_cached_key(spelt);
            activity.r#for.sort_unstable();
            activity.outputs.sort_by_cached_key(spelt);
            activity.evidence.sort_by_cached_key(spelt);
        }
        Statement::Product(product) => {
            product.processes.sort_by_cached_key(spelt);
            for process in &mut product.processes {
                process.signers.sort();
            }
            if let Some((_, further)) = product.ids.split_first_mut() {
                further.sort();
            }
            if let Some(recycling) = &mut product.recycling {
                recycling.materials.sort_by_cached_key(spelt);
            }
        }
        _ => {}
    }
    statement
}

fn spelt(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The fields in which a statement differs from the one that holds, each with both values.
pub fn difference(held: &Statement, coming: &Statement) -> String {
    let tree = |statement: &Statement| serde_json::to_value(in_order(statement.clone())).unwrap_or_default();
    let mut found = Vec::new();
    compare("", &tree(held), &tree(coming), &mut found);
    let more = found.len().saturating_sub(NAMED_MAX);
    found.truncate(NAMED_MAX);
    if more > 0 {
        found.push(format!("and {more} more"));
    }
    found.join("; ")
}

fn compare(path: &str, held: &Value, coming: &Value, found: &mut Vec<String>) {
    if held == coming {
        return;
    }
    match (held, coming) {
        (Value::Object(held), Value::Object(coming)) => {
            let names: std::collections::BTreeSet<&String> = held.keys().chain(coming.keys()).collect();
            for name in names.into_iter().filter(|name| !ASIDE.contains(&name.as_str())) {
                let of =
                    |object: &serde_json::Map<String, Value>| object.get(name).cloned().unwrap_or_default();
                let path = if path.is_empty() { name.clone() } else { format!("{path} {name}") };
                compare(&path, &of(held), &of(coming), found);
            }
        }
        (Value::Array(held), Value::Array(coming)) if named(held) && named(coming) => {
            let (held, coming) = (by_name(held), by_name(coming));
            let names: std::collections::BTreeSet<&String> = held.keys().chain(coming.keys()).collect();
            for name in names {
                let of = |all: &BTreeMap<String, Value>| all.get(name).cloned().unwrap_or_default();
                compare(&format!("{path} `{name}`"), &of(&held), &of(&coming), found);
            }
        }
        (held, coming) => found.push(format!("{path}: {} there, {} here", shown(held), shown(coming))),
    }
}

/// The name by which a part of a list is known.
fn name(part: &Value) -> Option<&str> {
    ["name", "product", "material"].iter().find_map(|field| part.get(field)?.as_str())
}

fn named(list: &[Value]) -> bool {
    list.iter().all(|part| name(part).is_some())
}

/// The parts of a list by their names; of several with one name, each its number.
fn by_name(list: &[Value]) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for part in list {
        let plain = name(part).unwrap_or_default();
        let key = (1..).map(|n| if n == 1 { plain.to_owned() } else { format!("{plain} ({n})") });
        let free = key.into_iter().find(|key| !all.contains_key(key)).unwrap_or_default();
        all.insert(free, part.clone());
    }
    all
}

fn shown(value: &Value) -> String {
    let text = match value {
        Value::Null => return "nothing".to_owned(),
        Value::String(text) => text.clone(),
        Value::Object(_) | Value::Array(_) => return "something".to_owned(),
        other => other.to_string(),
    };
    let cut: String = text.chars().take(SHOWN_MAX).collect();
    format!("`{cut}{}`", if cut.len() < text.len() { "…" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "stage,process,start,end,product,output,output_unit,flow,kind,amount,unit,source";
    const SHARED: &str = "production,p,2025-01-01,2026-01-01,urn:gtin:06901234000016,10,piece";

    fn read(rows: &[&str]) -> Statement {
        let rows: Vec<String> = rows.iter().map(|row| format!("{SHARED},{row}")).collect();
        let text = format!("{HEADER}\n{}\n", rows.join("\n"));
        let by = "acme".parse().unwrap();
        let mut drafts = pcf_files::csv::read_statements(text.as_bytes(), "a.csv", &by).unwrap();
        drafts.remove(0).statement
    }

    #[test]
    fn rows_in_another_order_are_the_same_statement_and_another_number_is_named() {
        let power = "power,energy,3000,kWh,factor:a";
        let one = read(&[power, "gas,energy,100,m3,factor:b"]);
        let turned = read(&["gas,energy,+100.000,m3,factor:b", "power,energy, 3000.0 ,kWh,factor:a"]);
        assert!(one != turned && same(&one, &turned));
        let other = read(&[power, "gas,energy,101,m3,factor:b"]);
        assert!(!same(&one, &other));
        assert_eq!(difference(&one, &other), "flows `gas` amount: `100` there, `101` here");
        let without = read(&[power]);
        assert_eq!(difference(&one, &without), "flows `gas`: something there, nothing here");
        // A row that stands twice is not one that stands once.
        assert!(!same(&without, &read(&[power, power])));
    }
}
