//! The JSON Schemas in `schemas/` are generated from the types. After changing a type, run
//! `PCF_UPDATE_SCHEMAS=1 cargo test --test house schemas` and read the difference before committing it.

use std::fs;
use std::path::PathBuf;

use pcf_ledger::codec::{Body, decode_header};
use pcf_ledger::model::{
    Activity, Actor, Annual, Assurance, Authority, Factor, Genesis, Header, Product, Publication, Redaction,
    State, Statement, SupplierFootprint, Withdrawal,
};
use pcf_ledger::proof;
use schemars::{JsonSchema, schema_for};
use serde_json::{Value, json};

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
fn schemas_of_headers_and_bodies_are_those_of_the_types() {
    assert_no_drift::<Header>("header");
    assert_no_drift::<Body>("body");
}

#[test]
fn the_schema_of_a_proof_is_that_of_the_type() {
    assert_no_drift::<proof::Document>("proof");
}

#[test]
fn the_schema_of_the_evidence_in_a_pact_document_is_that_of_the_type() {
    assert_no_drift::<proof::CarriedProof>("evidence");
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
        Redaction::schema_name(),
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

fn validator(name: &str) -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(&fs::read_to_string(path(name)).unwrap()).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

#[track_caller]
fn assert_valid(schema: &jsonschema::Validator, document: &Value) {
    let faults: Vec<String> = schema.iter_errors(document).map(|e| e.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?} in {document}");
}

/// The stored proof, and the headers and bodies in it.
fn stored() -> (Value, Vec<Value>, Vec<Value>) {
    let text = include_str!("../vectors/bundle/casing.pcfproof");
    let proof: Value = serde_json::from_str(text).unwrap();
    let statements = proof["statements"].as_array().unwrap().iter();
    let headers = statements.clone().map(|s| serde_json::from_str(s["header"].as_str().unwrap()).unwrap());
    let bodies = statements.filter_map(|s| Some(serde_json::from_str(s["body"].as_str()?).unwrap()));
    (proof.clone(), headers.collect(), bodies.collect())
}

#[test]
fn a_real_proof_and_its_statements_are_valid_by_the_schemas() {
    let (proof, statements, bodies) = stored();
    assert_valid(&validator("proof"), &proof);
    let (schema, of_bodies) = (validator("header"), validator("body"));
    for statement in &statements {
        assert_valid(&schema, statement);
        assert!(!of_bodies.is_valid(statement), "{statement}");
    }
    for body in &bodies {
        assert_valid(&of_bodies, body);
        assert!(!schema.is_valid(body), "{body}");
    }
    assert!(!bodies.is_empty());
    let kinds: std::collections::BTreeSet<&str> =
        statements.iter().map(|s| s["type"].as_str().unwrap()).collect();
    let expected = ["activity", "actor", "assurance", "factor", "ledger", "product", "publication"];
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn the_evidence_of_a_real_proof_is_valid_by_its_schema_and_gives_the_proof_back() {
    let bytes = include_bytes!("../vectors/bundle/casing.pcfproof");
    let proof = proof::Proof::parse(bytes).unwrap();
    let extension = proof::CarriedProof::extension(&proof, "a key".into()).unwrap();
    assert_eq!(extension.data_schema, proof::EVIDENCE_SCHEMA);
    let data = Value::Object(extension.data);
    assert_valid(&validator("evidence"), &data);
    let carried: proof::CarriedProof = serde_json::from_value(data.clone()).unwrap();
    assert_eq!(carried.proof().unwrap().to_bytes().unwrap(), bytes);
    for name in ["figuresDigest", "ledgerId"] {
        let mut bent = data.clone();
        bent[name] = "0".repeat(64).into();
        let carried: proof::CarriedProof = serde_json::from_value(bent).unwrap();
        let error = carried.proof().unwrap_err().to_string();
        assert!(error.contains(&format!("extensions[].data.{name}: expected ")), "{error}");
    }
    let mut more = data;
    more["note"] = "not in the schema".into();
    assert!(!validator("evidence").is_valid(&more));
}

#[test]
fn a_bent_proof_is_not_valid_by_its_schema() {
    let (proof, ..) = stored();
    let schema = validator("proof");
    let bends: [(&str, Value); 9] = [
        ("/checkpoint", json!(1)),
        ("/consistency", json!(["00"])),
        ("/publication", json!("not hexadecimal")),
        ("/seals/0/index", json!(0)),
        ("/seals/0/seal", Value::Null),
        ("/statements/0/ordinal", json!("-1")),
        ("/type", json!("footprint")),
        ("/used", json!({})),
        ("/v", json!("2")),
    ];
    for (place, value) in bends {
        let mut bent = proof.clone();
        *bent.pointer_mut(place).unwrap() = value;
        assert!(!schema.is_valid(&bent), "{place}");
    }
    for key in proof.as_object().unwrap().keys() {
        let mut bent = proof.clone();
        bent.as_object_mut().unwrap().remove(key);
        assert!(!schema.is_valid(&bent), "without {key}");
    }
    for place in ["", "/seals/0", "/statements/0"] {
        let mut bent = proof.clone();
        bent.pointer_mut(place).unwrap()["more"] = json!("1");
        assert!(!schema.is_valid(&bent), "more in `{place}`");
    }
}

#[test]
fn a_bent_statement_is_neither_read_nor_valid() {
    let (_, statements, _) = stored();
    let schema = validator("header");
    for statement in &statements {
        for always in ["by", "type", "v"] {
            let mut without = statement.clone();
            without.as_object_mut().unwrap().remove(always);
            assert!(!schema.is_valid(&without), "without {always}: {without}");
            let mut other = statement.clone();
            other[always] = json!(7);
            assert!(!schema.is_valid(&other), "{other}");
            assert!(decode_header(&serde_json::to_vec(&other).unwrap()).is_err());
        }
        let mut more = statement.clone();
        more["more"] = json!("1");
        assert!(!schema.is_valid(&more), "{more}");
    }
}
