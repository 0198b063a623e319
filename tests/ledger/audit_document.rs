//! The JSON object of an audit is the one that `schemas/audit.schema.json` describes. After changing it, run
//! `PCF_UPDATE_SCHEMAS=1 cargo test --test ledger audit_document` and read the difference before committing it.

use std::fs;
use std::path::PathBuf;

use pcf_ledger::audit::{self, Document};
use pcf_ledger::ledger::Ledger;
use pcf_testing::{OPERATOR, fill, genesis, holder, key};
use serde_json::Value;

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schemas/audit.schema.json")
}

#[test]
fn the_schema_of_an_audit_is_that_of_the_type() {
    let mut generated = serde_json::to_string_pretty(&schemars::schema_for!(Document)).unwrap();
    generated.push('\n');
    if std::env::var_os("PCF_UPDATE_SCHEMAS").is_some() {
        fs::write(path(), &generated).unwrap();
    }
    assert!(fs::read_to_string(path()).unwrap_or_default() == generated, "see the head of this test");
}

#[test]
fn what_an_audit_prints_fits_its_schema_whether_the_ledger_holds_or_not() {
    let schema: Value = serde_json::from_str(&fs::read_to_string(path()).unwrap()).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let dir = tempfile::TempDir::new().unwrap();
    let mut ledger = Ledger::create(dir.path(), genesis(), &key(OPERATOR), 0, &holder()).unwrap();
    fill(&mut ledger);
    drop(ledger);
    let mut verdicts = Vec::new();
    for damage in [false, true] {
        if damage {
            let segment = dir.path().join("segments/000000");
            let mut bytes = fs::read(&segment).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            fs::write(segment, bytes).unwrap();
        }
        let report = audit::directory(dir.path(), Vec::new(), &mut |_, _| {}).unwrap();
        let printed = serde_json::to_value(report.document()).unwrap();
        assert!(schema.is_valid(&printed), "{printed:#}");
        verdicts.push(printed["verdict"].clone());
    }
    assert_eq!(verdicts, ["holds", "does not hold"]);
}
