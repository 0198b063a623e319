//! Catalogue cases: values, canonical JSON, PACT documents, files and footprint proofs.

use std::path::Path;

use pcf_files::{self, library::Library};
use pcf_ledger::codec::{decode_statement, encode_statement};
use pcf_ledger::ledger::Submission;
use pcf_ledger::model::{ActorId, Co2e, Decimal, Period, Statement, Whole};
use pcf_ledger::pact;
use pcf_ledger::proof::{Pins, Proof};
use pcf_ledger::stored;
use serde_json::{Value, json};

use super::catalogue::Catalogue;

fn proof(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let text = include_bytes!("../../vectors/bundle/casing.pcfproof");
    let mut document: Value = serde_json::from_slice(text).unwrap();
    change(&mut document);
    serde_json::to_vec(&document).unwrap()
}

pub fn provoke(c: &mut Catalogue) {
    values(c);
    statements(c);
    pact_documents(c);
    files(c);
    proofs(c);
}

fn values(c: &mut Catalogue) {
    c.case("a trust file without a version", Pins::from_toml("[[actor]]\nactor = \"a\"\nkeys = []\n"));
    c.case("the decimal `1.50`", "1.50".parse::<Decimal>());
    c.case("the decimal `1e3`", "1e3".parse::<Decimal>());
    c.case("the period `2025-01-01..2024-01-01`", "2025-01-01..2024-01-01".parse::<Period>());
    c.case("a number of 19 digits", "1000000000000000000".parse::<Decimal>());
    let statement =
        |value: Value| serde_json::from_value::<pcf_ledger::model::Activity>(value).map(Statement::from);
    let empty = json!({"v": "1", "type": "activity", "salt": "A".repeat(22), "by": "acme", "stage": "production", "process": "make",
        "period": {"start": "2025-01-01", "end": "2026-01-01"}, "outputs": [], "flows": []});
    let empty = statement(empty).unwrap();
    c.case("an activity without outputs", empty.check());
    c.case("an activity without outputs, to be written", encode_statement(&empty));
    let key = pcf_ledger::sign::SigningKey::generate([1; 32]);
    c.case("an activity without outputs, to be sealed", Submission::sign(&key, [0; 32], 0, &[empty]));
    c.case("the count 10^18", Whole::new(1_000_000_000_000_000_000));
    let most: Co2e = "999999999999999999".parse().unwrap();
    c.case("twice 999,999,999,999,999,999 kg", most.plus(most));
}

fn statements(c: &mut Catalogue) {
    c.case("a statement of 2 MiB", decode_statement(&vec![b' '; 2 << 20]));
    c.case(
        "a misspelt key",
        decode_statement(
            br#"{"by":"acme","reson":"typo","salt":"AAAAAAAAAAAAAAAAAAAAAA","type":"withdrawal","v":"1"}"#,
        ),
    );
    c.case("a statement of version 2", decode_statement(br#"{"type":"withdrawal","v":"2"}"#));
    let spaced = format!(
        r#"{{"by":"acme","reason":"twice", "salt":"AAAAAAAAAAAAAAAAAAAAAA","statement":"{}","type":"withdrawal","v":"1"}}"#,
        "0".repeat(64)
    );
    c.case("a statement with a space behind a comma", decode_statement(spaced.as_bytes()));
    c.case("a stored value that was cut off", stored::read::<Vec<u64>>(&[200]));
}

fn cap(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let text = include_bytes!("../../../src/cli/demo/cap-pact.json");
    let mut document: Value = serde_json::from_slice(text).unwrap();
    change(&mut document);
    serde_json::to_vec(&document).unwrap()
}

fn pact_documents(c: &mut Catalogue) {
    c.case("a document of 20 MiB", pact::read(&vec![b' '; 20 << 20]));
    c.case("a document of PACT 4.0.0", pact::read(&cap(|d| d["specVersion"] = json!("4.0.0"))));
    c.case("a document of PACT 2.0.0", pact::read(&cap(|d| d["specVersion"] = json!("2.0.0"))));
    c.case("a document whose `id` is null", pact::read(&cap(|d| d["id"] = Value::Null)));
    c.case("a mass of `-1`", pact::read(&cap(|d| d["pcf"]["productMassPerDeclaredUnit"] = json!("-1"))));
}

fn files(c: &mut Catalogue) {
    let acme: ActorId = "acme".parse().unwrap();
    c.case("a file that is not there", pcf_desk::files::load(Path::new("absent.csv")));
    c.case("a folder", pcf_desk::files::load(Path::new("src")));
    let read = |bytes: &[u8]| pcf_files::read_statements(bytes, "file.csv", &acme);
    c.case("an empty file", read(b""));
    c.case("text in Latin-1", read(b"stage,process\nproduction,M\xe9tal\n"));
    c.case("a web page", read(b"<!DOCTYPE html>\n<table>\n"));
    c.case("an XML document", read(b"<?xml version=\"1.0\"?>\n<table/>\n"));
    let saved = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/spreadsheets/open-document.ods");
    let saved = std::fs::read(saved).unwrap();
    let opened = pcf_files::tables::open_bytes(saved, "file.ods", &pcf_files::tables::Options::default());
    c.case("an OpenDocument spreadsheet", opened.map(drop));
    let good = pcf_files::template::activities();
    c.case("a misspelt column", read(good.replacen("process", "proces", 1).as_bytes()));
    c.case("`12000x` pieces", read(good.replace(",12000,", ",12000x,").as_bytes()));
    c.case("a JSON line with a misspelt key", read(b"{\"type\":\"withdrawal\",\"reson\":\"typo\"}\n"));
    c.case("a supplier's document that is none", pcf_files::supplier::read(b"{}", &acme, Vec::new()));
    let library = Library::shipped().unwrap();
    let refused = library.rows().iter().map(|row| row.to_factor(&acme)).find(Result::is_err);
    if let Some(refused) = refused {
        c.case("a row of the factor library that no factor can be made of", refused);
    }
}

fn proofs(c: &mut Catalogue) {
    c.case("a file that is no proof", Proof::parse(b"{}"));
    c.case(
        "a proof whose first statement is `{}`",
        Proof::parse(&proof(|d| d["statements"][0]["header"] = json!("{}"))),
    );
    c.case(
        "a proof whose first seal is three bytes",
        Proof::parse(&proof(|d| d["seals"][0]["seal"] = json!("UENG"))),
    );
    c.case(
        "a proof without a genesis",
        Proof::parse(&proof(|d| drop(d["statements"].as_array_mut().unwrap().remove(0)))),
    );
    let note = "hello\n2\nAAAA\n\n\u{2014} example.com/log AAAAAAAA\n";
    c.case(
        "a proof whose checkpoint is no checkpoint",
        Proof::parse(&proof(|d| d["checkpoint"] = json!(note))),
    );
}
