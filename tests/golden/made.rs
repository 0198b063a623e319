//! The invented ledgers: products in loops, redacted statements, and revoked and replaced keys. It
//! owns their
//! makers, and the commands that only they have.

use pcf_ledger::model::{PublicationStatus, StatementId, StatementKind};
use pcf_ledger::publish::Disclosure;
use serde_json::{Value, json};

use crate::commands::Asked;
use crate::desk::Desk;
use crate::maker::{Maker, Publish, actor, key, public, with};
use crate::products::assure;

const ALL_TYPES: &[&str] =
    &["activity", "annual", "assurance", "factor", "product", "publication", "supplierFootprint"];
const STAGES: &[&str] = &["procurement", "production"];

fn id(name: &str) -> String {
    format!("urn:pact:golden.example:product-id:{name}")
}

fn product(by: &str, name: &str, unit: &str, more: Value) -> Value {
    let body = json!({"type": "product", "by": by, "ids": [id(name)], "name": format!("Product {name}"),
        "description": "A product of a golden ledger",
        "boundary": "cradle-to-gate", "declaredUnit": {"amount": "1", "unit": unit}, "massPerDeclaredUnit": "1",
        "packaging": {"included": false}, "ccsIncluded": false, "exemptions": "none",
        "carbon": {"biogenic": "0", "fossil": "0"},
        "processes": [{"name": "making", "stage": "production", "signers": [by]}]});
    with(body, more)
}

fn factor(by: &str, name: &str, unit: &str, kg: &str, more: Value) -> Value {
    let body = json!({"type": "factor", "by": by, "factor": name, "name": name, "unit": unit,
        "category": if unit == "kWh" { "electricity.lifecycle" } else { "material" }, "scope": "life-cycle",
        "data": "secondary", "year": "2024", "source": "a source", "licence": "open", "gwp": "AR6",
        "values": {"fossilGhgEmissions": kg}});
    with(body, more)
}

/// Work of the year 2025 with outputs of name, amount and unit.
fn activity(by: &str, outputs: &[(&str, &str, &str)], flows: Value, more: Value) -> Value {
    let output = |(name, amount, unit): &(&str, &str, &str)| {
        json!({"product": id(name), "amount": amount,
            "unit": unit})
    };
    let outputs: Vec<Value> = outputs.iter().map(output).collect();
    let body = json!({"type": "activity", "by": by, "stage": "production", "process": "making",
        "site": {"name": "Plant 7", "country": "CN"}, "period": {"start": "2025-01-01", "end": "2026-01-01"},
        "outputs": outputs, "flows": flows});
    with(body, more)
}

fn flow(name: &str, amount: &str, unit: &str, source: &str) -> Value {
    let (kind, what) = source.split_once(':').unwrap();
    let what = if kind == "product" { id(what) } else { what.to_owned() };
    let flow = if unit == "kWh" { "energy" } else { "material" };
    json!({"name": name, "kind": flow, "amount": amount, "unit": unit, kind: what, "data": "primary"})
}

fn year(by: &str, year: u32, emissions: &str) -> Value {
    json!({"type": "annual", "by": by, "subject": "Plant 7", "year": year.to_string(), "valueAdded": "1000.5",
        "directEmissions": emissions, "energy": {"amount": emissions, "unit": "kWh"},
        "output": {"amount": "250", "unit": "t"}})
}

fn company(name: &str) -> Value {
    json!({"companyIds": [format!("urn:{name}:company:1")]})
}

fn begun(origin: &str, actors: &[&str]) -> Maker {
    let mut maker = Maker::new(origin);
    for &name in actors {
        maker.key_file(name);
    }
    let enrolled =
        actors.iter().map(|name| actor(name, &format!("{name} Ltd"), ALL_TYPES, STAGES, company(name)));
    maker.say("operator", enrolled.collect());
    maker
}

/// Steel, power and coke feed each other; two works have more than one output, and a chain hangs on
/// the loop.
pub fn loops() -> Desk {
    let mut maker = begun("loops.example/ledger", &["mill", "grid-co"]);
    let vague = json!({"uncertainty": "1.21"});
    maker.say(
        "mill",
        vec![
            factor("mill", "ore", "kg", "0.05", vague.clone()),
            factor("mill", "coal", "kg", "2.4201", json!({"gwp": "AR5"})),
            factor("mill", "wind", "kWh", "0.0113", vague),
        ],
    );
    maker.one("grid-co", product("grid-co", "power", "kWh", json!({"massPerDeclaredUnit": "0"})));
    let of_kg = ["steel", "coke", "tar", "slag", "bolt"];
    maker.say("mill", of_kg.iter().map(|name| product("mill", name, "kg", json!({}))).collect());
    maker.one("mill", product("mill", "bridge", "piece", json!({"massPerDeclaredUnit": "100"})));
    maker.one(
        "grid-co",
        activity(
            "grid-co",
            &[("power", "1000000", "kWh")],
            json!([
                flow("towers", "130", "kg", "product:steel"),
                flow("coke", "7000", "kg", "product:coke"),
                flow("wind", "900000", "kWh", "factor:wind")
            ]),
            json!({}),
        ),
    );
    let mut smelting = activity(
        "mill",
        &[("steel", "70000", "kg"), ("slag", "21000", "kg")],
        json!([
            flow("coke", "33000", "kg", "product:coke"),
            flow("power", "41000", "kWh", "product:power"),
            flow("ore", "100000", "kg", "factor:ore"),
            flow("rollers", "90", "kg", "product:steel")
        ]),
        json!({"allocation": "price"}),
    );
    for (output, price) in smelting["outputs"].as_array_mut().unwrap().iter_mut().zip(["49000", "630"]) {
        output["value"] = json!(price);
    }
    let coking = activity(
        "mill",
        &[("coke", "50000", "kg"), ("tar", "3000", "kg")],
        json!([
            flow("coal", "64000", "kg", "factor:coal"),
            flow("power", "1300", "kWh", "product:power"),
            flow("doors", "7", "kg", "product:steel")
        ]),
        json!({"allocation": "mass"}),
    );
    let bolts = activity(
        "mill",
        &[("bolt", "300", "kg")],
        json!([flow("steel", "303", "kg", "product:steel")]),
        json!({}),
    );
    let bridge = json!([
        flow("bolts", "7", "kg", "product:bolt"),
        flow("steel", "93", "kg", "product:steel"),
        flow("tar", "1.5", "kg", "product:tar"),
        flow("power", "12", "kWh", "product:power")
    ]);
    let bridges = activity("mill", &[("bridge", "3", "piece")], bridge, json!({}));
    maker.say("mill", vec![smelting, coking, bolts, bridges]);
    maker.say("mill", (2020..2026).map(|n| year("mill", n, &format!("{}.25", 3000 - n))).collect());
    maker.publish("mill", &Publish::of(&id("bridge"), "2025", PublicationStatus::Draft));
    let asked = Asked::of(&id("bridge"), "2025", "mill").beside(&id("steel"));
    Desk::new(
        "loops",
        maker,
        asked,
        &["footprint 'Product tar' --period 2025", "trace 'Product coke' --period 2025"],
    )
}

/// Two products with one factor each, and one work of each in 2024 and 2025.
fn plain(maker: &mut Maker) -> Vec<StatementId> {
    maker.one("acme", factor("acme", "grid", "kWh", "0.5777", json!({})));
    maker.one("bolt", factor("bolt", "wire", "kg", "1.9", json!({"uncertainty": "1.05"})));
    maker.one("acme", product("acme", "pump", "piece", json!({})));
    maker.one("bolt", product("bolt", "screw", "piece", json!({"massPerDeclaredUnit": "0.01"})));
    let mut works = Vec::new();
    for start in [2024, 2025] {
        let period =
            json!({"period": {"start": format!("{start}-01-01"), "end": format!("{}-01-01", start + 1)}});
        let screws = json!([flow("wire", "1100", "kg", "factor:wire")]);
        let pumps = json!([
            flow("electricity", &format!("{}", start + 3000), "kWh", "factor:grid"),
            flow("screws", "8000", "piece", "product:screw")
        ]);
        works.push(
            maker.one("bolt", activity("bolt", &[("screw", "100000", "piece")], screws, period.clone())),
        );
        works.push(maker.one("acme", activity("acme", &[("pump", "1000", "piece")], pumps, period)));
    }
    works
}

/// A publication rests on what is then redacted: an activity, a year, and a factor that another
/// replaces.
pub fn redacted() -> Desk {
    let mut maker = begun("redacted.example/ledger", &["acme", "bolt"]);
    let works = plain(&mut maker);
    let annual = maker.one("acme", year("acme", 2020, "900"));
    maker.say("acme", vec![year("acme", 2021, "870"), year("acme", 2022, "850.5")]);
    maker.publish("acme", &Publish::of(&id("pump"), "2025", PublicationStatus::Final));
    let kind = StatementKind::Factor;
    let grid = maker.ledger.book().live(kind, "grid").unwrap().unwrap();
    for (n, target) in [(1, works[3]), (2, annual), (3, grid)] {
        let reason = format!("names person {n}").parse().unwrap();
        let redaction = maker.ledger.redaction(&target, reason, pcf_testing::salt_of(n)).unwrap();
        let at_s = maker.now_s();
        maker.ledger.redact(&key("operator"), at_s, redaction).unwrap();
    }
    maker.one("acme", with(factor("acme", "grid", "kWh", "0.58", json!({})), json!({"replaces": grid})));
    maker.state();
    maker.checkpoint();
    let asked = Asked::of(&id("pump"), "2025", "acme").beside(&id("screw"));
    let lines = [
        "prove {footprint} --earlier published/{footprint}.pcfproof --out out/later.pcfproof",
        "footprint {product} --period 2024",
        "trace {product} --period 2024",
        "footprint {other} --period 2024",
    ];
    Desk::new("redacted", maker, asked, &lines)
}

/// Keys that are revoked from an earlier index on, replaced by the operator and by the recovery
/// key;
/// statements and a publication withdrawn.
pub fn revoked() -> Desk {
    let mut maker = begun("revoked.example/ledger", &["acme", "bolt", "auditor"]);
    let works = plain(&mut maker);
    let first = maker.publish("acme", &Publish::of(&id("pump"), "2024", PublicationStatus::Final));
    assure(&mut maker, "auditor", &first);
    let enrolled = maker.ledger.book().live(StatementKind::Actor, "acme").unwrap().unwrap();
    let both = json!({"keys": [public("acme"), public("acme-2")], "replaces": enrolled});
    maker.key_file("acme-2");
    let twice =
        maker.one("operator", actor("acme", "acme Ltd", ALL_TYPES, STAGES, with(company("acme"), both)));
    let stolen = maker.ledger.size();
    let flows = json!([flow("electricity", "77", "kWh", "factor:grid")]);
    let batch =
        |name: &str| activity("acme", &[("pump", "10", "piece")], flows.clone(), json!({"batch": name}));
    maker.say("acme", vec![batch("B1"), batch("B2")]);
    let kept = maker.one("acme-2", batch("B3"));
    let ended = json!([{"key": public("acme"), "from": stolen.to_string()}]);
    let ended = json!({"keys": [public("acme-2")], "replaces": twice, "revoked": ended});
    maker.one("operator", actor("acme", "acme Ltd", ALL_TYPES, STAGES, with(company("acme"), ended)));
    maker.key_file("log-2");
    maker.one("operator", json!({"type": "authority", "by": "operator", "logKey": public("log-2")}));
    maker.log = "log-2";
    maker.key_file("operator-2");
    maker
        .one("recovery", json!({"type": "authority", "by": "recovery", "operatorKey": public("operator-2")}));
    maker.operator = "operator-2";
    let withdrawn = |by: &str, id: &dyn ToString| {
        json!({"type": "withdrawal", "by": by, "statement": id.to_string(),
            "reason": "read twice"})
    };
    maker.one("acme-2", withdrawn("acme", &kept));
    maker.one("operator-2", withdrawn("operator", &works[0]));
    let wire = json!([flow("wire", "1200", "kg", "factor:wire")]);
    let replaced = json!({"replaces": works[2]});
    maker.one("bolt", activity("bolt", &[("screw", "100000", "piece")], wire, replaced));
    let pump = id("pump");
    let mut later = Publish::of(&pump, "2025", PublicationStatus::Final);
    later.disclosure = Disclosure::default();
    maker.publish("acme-2", &later);
    let (said, _) = pcf_ledger::publish::find(&maker.ledger, &first).unwrap();
    maker.one("acme-2", withdrawn("acme", &said));
    maker.publish("acme-2", &Publish::of(&id("pump"), "2025", PublicationStatus::Final));
    let asked = Asked::of(&id("pump"), "2025", "acme-2").beside(&id("screw"));
    let lines = [
        "record inputs/none.jsonl --sign-with keys/acme.pem --dry-run",
        "log receipt {statement} --sign-with keys/log.pem --out out/receipt.cose",
        "footprint {product} --period 2025 --batch B3",
        "footprint {product} --period 2025 --batch B2",
    ];
    Desk::new("revoked", maker, asked, &lines)
}
