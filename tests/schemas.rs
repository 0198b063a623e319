//! The JSON Schemas in `schemas/` are generated from the types. After changing a type, run
//! `PCF_UPDATE_SCHEMAS=1 cargo test --test schemas` and read the difference before committing it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that meets the unexpected has failed")]

use std::fs;
use std::path::PathBuf;

use pcf_ledger::model::{
    Activity, Actor, Annual, Assurance, Authority, Factor, Genesis, Product, Publication, State, Statement,
    SupplierFootprint, Withdrawal,
};
use schemars::{JsonSchema, schema_for};

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schemas").join(format!("{name}.schema.json"))
}

fn generated<T: JsonSchema>() -> String {
    let mut text = serde_json::to_string_pretty(&schema_for!(T)).unwrap();
    text.push('\n');
    text
}

fn assert_no_drift<T: JsonSchema>(name: &str) {
    let (path, generated) = (path(name), generated::<T>());
    if std::env::var_os("PCF_UPDATE_SCHEMAS").is_some() {
        fs::write(&path, &generated).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == generated, "{} differs from the types; see the head of this test", path.display());
}

#[test]
fn schemas_of_statements_are_those_of_the_types() {
    assert_no_drift::<Statement>("statement");
}

#[test]
fn every_type_of_statement_stands_in_the_schema() {
    let schema: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(path("statement")).unwrap()).unwrap();
    let definitions = schema["$defs"].as_object().unwrap();
    let names = [
        Activity::schema_name(),
        Actor::schema_name(),
        Annual::schema_name(),
        Assurance::schema_name(),
        Authority::schema_name(),
        Factor::schema_name(),
        Genesis::schema_name(),
        Product::schema_name(),
        Publication::schema_name(),
        State::schema_name(),
        SupplierFootprint::schema_name(),
        Withdrawal::schema_name(),
    ];
    for name in names {
        let definition = &definitions[name.as_ref()];
        assert_eq!(definition["additionalProperties"], false, "{name} must refuse unknown keys");
        let required = definition["required"].as_array().unwrap();
        for always in ["by", "salt", "type", "v"] {
            assert!(required.iter().any(|r| r == always), "{name} requires `{always}`");
        }
    }
}
