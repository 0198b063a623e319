//! Files as people have them are read as they were meant, or refused with a sentence: one file a
//! case, with what is right beside it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use pcf_files::catalog::Catalog;
use pcf_files::tables::{self, File, Options};
use pcf_ledger::model::{Amount, Statement};
use serde_json::Value;

/// The fewest files that are tried.
const FILES_MIN: usize = 120;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/files")
}

/// An activity in short, its flows sorted.
fn in_short(statement: &Statement) -> String {
    let Statement::Activity(activity) = statement else { return statement.kind().to_string() };
    let outputs: Vec<String> = activity.outputs.iter().map(|o| format!("{} {}", o.amount, o.unit)).collect();
    let mut flows: Vec<String> = activity
        .flows
        .iter()
        .map(|flow| match &flow.amount {
            Some(Amount::Given(given)) => format!("{}={} {}", flow.name, given.amount, given.unit),
            other => format!("{}={other:?}", flow.name),
        })
        .collect();
    flows.sort();
    format!(
        "{}/{} {} {}: {}",
        activity.stage,
        activity.process,
        activity.period,
        outputs.join(" "),
        flows.join(", ")
    )
}

fn options(entry: &Value) -> Options {
    let stated = |key: &str| entry[key].as_str().map(str::to_owned);
    Options {
        decimal: stated("decimal").map(|text| text.parse().unwrap()),
        dates: stated("dates").map(|text| text.parse().unwrap()),
        encoding: stated("stated").map(|text| text.parse().unwrap()),
        skip_totals: entry["skipTotals"] == true,
        latest_year: entry["latestYear"].as_i64().map(|year| i16::try_from(year).unwrap()),
        ..Options::default()
    }
}

/// The statements of a file in short, and what is noted.
fn read(file: &str, entry: &Value) -> Result<(Vec<String>, String), String> {
    let bytes = fs::read(folder().join(file)).unwrap();
    let opened = tables::open_bytes(bytes, file, &options(entry)).map_err(|e| e.to_string())?;
    let File::Tables(tables) = opened else { return Err("JSON".into()) };
    let (mut all, mut notes) = (Vec::new(), Vec::new());
    for table in tables {
        notes.extend(table.beside().iter().cloned());
        notes.extend(table.notes());
        let mut keep = |draft: pcf_files::Draft| {
            all.push(in_short(&draft.statement));
            true
        };
        let read = table.read(&"acme".parse().unwrap(), &Catalog::default(), &mut keep);
        notes.extend(read.map_err(|e| e.to_string())?);
    }
    all.sort();
    Ok((all, notes.join("\n")))
}

fn texts(entry: &Value, key: &str) -> Option<Vec<String>> {
    let texts = entry[key].as_array()?;
    Some(texts.iter().map(|text| text.as_str().unwrap().to_owned()).collect())
}

/// What is wrong with how a file was taken.
fn judged(file: &str, entry: &Value) -> Option<String> {
    let read = read(file, entry);
    if let Some(says) = texts(entry, "says") {
        let Err(refused) = read else { return Some(format!("read as {:?}", read.unwrap().0)) };
        let silent = says.iter().find(|part| !refused.contains(*part))?;
        return Some(format!("does not say `{silent}`: {refused}"));
    }
    let (all, notes) = match read {
        Ok(read) => read,
        Err(refused) => return Some(format!("refused: {refused}")),
    };
    if Some(&all) != texts(entry, "reads").as_ref() {
        return Some(format!("read as {all:?}"));
    }
    let expected = texts(entry, "notes").unwrap_or_default();
    let silent = expected.iter().find(|part| !notes.contains(*part));
    if let Some(silent) = silent {
        return Some(format!("does not note `{silent}`: {notes}"));
    }
    (expected.is_empty() && !notes.is_empty()).then(|| format!("notes: {notes}"))
}

#[test]
fn every_file_is_read_as_it_was_meant_or_refused_with_a_sentence() {
    let expected = fs::read(folder().join("expected.json")).unwrap();
    let expected: Vec<Value> = serde_json::from_slice(&expected).unwrap();
    let mut wrong = Vec::new();
    for entry in &expected {
        let file = entry["file"].as_str().unwrap();
        wrong.extend(judged(file, entry).map(|what| format!("{file}: {what}")));
    }
    assert!(expected.len() >= FILES_MIN, "{} files", expected.len());
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), expected.len(), wrong.join("\n"));
    let named: BTreeSet<&str> = expected.iter().map(|entry| entry["file"].as_str().unwrap()).collect();
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        let beside = ["README.md", "make.py", "expected.json"].contains(&name.as_str());
        assert!(beside || named.contains(name.as_str()), "{name} has no expected result");
    }
}
