//! Certificates and contracts: all claims of one stay within what it covers, whoever makes them,
//! and say the same of it.

use pcf_ledger::calc::{CalcError, FlowProblem, Request, footprint};
use pcf_ledger::model::{Activity, StatementId};
use pcf_testing::inventory::{Ledger, id, with, year};
use serde_json::{Value, json};

fn period(start: &str, end: &str) -> Value {
    json!({"start": start, "end": end})
}

/// A certificate of 2025.
fn certificate(id: &str, kwh: &str) -> Value {
    json!({"id": id, "kWh": kwh, "period": period("2025-01-01", "2026-01-01")})
}

fn power(amount: &str, unit: &str, instruments: Value) -> Value {
    json!({"name": "wind", "kind": "energy", "amount": amount, "unit": unit, "factor": "wind",
        "instruments": instruments})
}

fn claim(amount: &str, id: &str) -> Value {
    power(amount, "kWh", json!([certificate(id, "1000")]))
}

/// Two products, each made by `make`, and a factor of wind.
fn plant() -> Ledger {
    let mut ledger = Ledger::new();
    ledger.product("p", json!({})).product("q", json!({})).factor("wind", "kWh", "1");
    ledger
}

/// A plant where p claims one and q another.
fn both(p: Value, q: Value) -> (Ledger, StatementId, StatementId) {
    let mut ledger = plant();
    let (first, second) = (ledger.made("p", "1", json!([p])), ledger.made("q", "1", json!([q])));
    (ledger, first, second)
}

/// Whether p has a figure.
fn stands(ledger: &Ledger) -> bool {
    footprint(&ledger.inventory, &id("p"), &year()).is_ok()
}

#[test]
fn two_products_share_a_certificate_up_to_its_last_kwh() {
    let (ledger, ..) = both(claim("600", "GEC-0001"), claim("400", "GEC-0001"));
    assert_eq!((ledger.gate("p"), ledger.gate("q")), ("600".into(), "400".into()));
    let (ledger, first, second) = both(claim("600", "GEC-0001"), claim("400.000000000001", "GEC-0001"));
    let said = ledger.refusal("p");
    assert!(said.contains("covers 1000 kWh, and 1000.000000000001 kWh of it are claimed"), "{said}");
    assert!(said.contains(&format!("600 kWh by flow `wind` of statement {first}")), "{said}");
    assert!(said.contains(&format!("400.000000000001 kWh by flow `wind` of statement {second}")), "{said}");
    assert_eq!(ledger.refusal("q"), said);
}

#[test]
fn another_spelling_is_no_other_certificate() {
    for spelling in ["gec-0001", "GEC 0001", "gec0001", "GEC\u{2013}0001"] {
        let (ledger, ..) = both(claim("1000", "GEC-0001"), claim("1", spelling));
        assert!(ledger.refusal("p").contains("1001 kWh of it are claimed"), "{spelling}");
    }
    let (ledger, ..) = both(claim("1000", "GEC-0001"), claim("1000", "GEC-001"));
    assert_eq!(ledger.gate("p"), "1000");
}

#[test]
fn claims_in_other_units_add_up_without_rounding() {
    let heat = |factor: &str| {
        let mut flow = power("2400", "MJ", json!([certificate("GEC-1", "2000")]));
        flow["factor"] = json!(factor);
        flow
    };
    let mut ledger = plant();
    ledger.product("r", json!({}));
    for product in ["p", "q", "r"] {
        ledger.made(product, "1", json!([heat("wind")]));
    }
    assert!(stands(&ledger), "three times 2400 MJ are 2000 kWh");
    ledger.product("s", json!({})).made(
        "s",
        "1",
        json!([power("0.000000000001", "MJ", json!([certificate("GEC-1", "2000")]))]),
    );
    assert!(
        ledger.refusal("p").contains("covers 2000 kWh, and 2000.000000000000277778 kWh"),
        "{}",
        ledger.refusal("p")
    );
}

#[test]
fn a_flow_uses_up_its_certificates_in_their_order() {
    let quarters: Vec<Value> = (0..4).map(|quarter| certificate(&format!("GEC-Q{quarter}"), "250")).collect();
    let (ledger, ..) = both(power("900", "kWh", json!(quarters)), power("100", "kWh", json!([quarters[3]])));
    assert_eq!(ledger.gate("p"), "900");
    assert_eq!(ledger.footprint("p").notes.iter().filter(|note| note.contains("is covered by")).count(), 4);
    let (ledger, ..) = both(power("900", "kWh", json!(quarters)), power("101", "kWh", json!([quarters[3]])));
    assert!(ledger.refusal("q").contains("`GEC-Q3` covers 250 kWh, and 251 kWh"), "{}", ledger.refusal("q"));
    let (ledger, ..) = both(power("900", "kWh", json!(quarters)), power("1", "kWh", json!([quarters[0]])));
    assert!(ledger.refusal("p").contains("`GEC-Q0` covers 250 kWh, and 251 kWh"), "{}", ledger.refusal("p"));
    let mut short = plant();
    short.made("p", "1", json!([power("1000.1", "kWh", json!(quarters))]));
    let errors = short.errors("p");
    assert!(
        matches!(&errors[..], [CalcError::Flow { problem: FlowProblem::InstrumentShort { covered, .. }, .. }] if covered == "1000"),
        "{errors:?}"
    );
}

#[test]
fn a_range_is_one_certificate_of_all_its_kwh() {
    let range = |amount: &str, id: &str| power(amount, "kWh", json!([certificate(id, "3000")]));
    let (ledger, ..) = both(range("2000", "GEC1..GEC3"), range("1000", "gec-1 .. gec-3"));
    assert_eq!(ledger.gate("p"), "2000");
    let (ledger, ..) = both(range("2000", "GEC1..GEC3"), range("1001", "GEC1..GEC3"));
    assert!(ledger.refusal("p").contains("3001 kWh of it are claimed"));
    let (ledger, first, second) = both(range("1", "GEC1..GEC3"), claim("1", "GEC2"));
    let said = ledger.refusal("q");
    assert!(said.contains("`GEC1..GEC3` of 3000 kWh") && said.contains("`GEC2` of 1000 kWh"), "{said}");
    assert!(said.contains(&first.to_string()) && said.contains(&second.to_string()), "{said}");
    let (ledger, ..) = both(range("1", "GEC1..GEC3"), claim("1", "GEC4"));
    assert_eq!(ledger.gate("p"), "1");
}

#[test]
fn two_claims_that_say_otherwise_of_one_certificate_stop() {
    let other_kwh = power("1", "kWh", json!([certificate("gec-1", "999")]));
    let mut other_days = claim("1", "GEC-1");
    other_days["instruments"][0]["period"] = period("2025-01-01", "2025-07-01");
    for other in [other_kwh, other_days] {
        let (ledger, ..) = both(claim("1", "GEC-1"), other);
        let errors = ledger.errors("p");
        assert!(matches!(&errors[..], [CalcError::InstrumentApart { .. }]), "{errors:?}");
        assert_eq!(ledger.errors("q"), errors);
    }
}

fn scenario(name: &str) -> Request {
    Request { scenario: Some(name.parse().unwrap()), ..year() }
}

fn made_of_q(ledger: &mut Ledger, flow: Value, changes: Value) {
    let base = json!({"outputs": [{"product": id("q"), "amount": "1", "unit": "piece"}], "flows": [flow]});
    ledger.activity(with(base, changes));
}

#[test]
fn a_claim_of_other_days_counts_and_one_of_another_scenario_does_not() {
    let mut ledger = plant();
    ledger.made("p", "1", json!([claim("500", "GEC-1")]));
    let earlier = json!({"period": period("2024-01-01", "2025-01-01")});
    made_of_q(&mut ledger, claim("501", "GEC-1"), earlier);
    assert!(ledger.refusal("p").contains("1001 kWh"), "{}", ledger.refusal("p"));
    let mut ledger = plant();
    ledger.made("p", "1", json!([claim("500", "GEC-1")]));
    made_of_q(&mut ledger, claim("501", "GEC-1"), json!({"scenario": "more"}));
    assert_eq!(ledger.gate("p"), "500");
    assert!(!ledger.errors_of("p", &scenario("more")).is_empty());
}

#[test]
fn what_a_scenario_takes_the_place_of_claims_nothing() {
    for days in [period("2025-01-01", "2026-01-01"), period("2024-01-01", "2025-01-01")] {
        let mut ledger = plant();
        ledger.made("p", "1", json!([claim("500", "GEC-1")]));
        made_of_q(&mut ledger, claim("600", "GEC-1"), json!({"period": days}));
        let errors = ledger.errors_of("p", &scenario("less"));
        assert!(errors[0].to_string().contains("1100 kWh"), "nothing is in its place yet: {errors:?}");
        made_of_q(&mut ledger, claim("500", "GEC-1"), json!({"period": days, "scenario": "less"}));
        assert!(ledger.refusal("p").contains("1100 kWh"), "{}", ledger.refusal("p"));
        assert_eq!(ledger.asked("p", &scenario("less")).figures.gate.excluding_uptake.to_string(), "500");
        made_of_q(
            &mut ledger,
            claim("1", "GEC-1"),
            json!({"period": days, "scenario": "less", "batch": "b"}),
        );
        let errors = ledger.errors_of("p", &scenario("less"));
        assert!(errors[0].to_string().contains("1001 kWh"), "{errors:?}");
    }
}

#[test]
fn what_only_applied_until_it_was_measured_claims_nothing() {
    let mut ledger = plant();
    ledger.made("p", "1", json!([claim("500", "GEC-1")]));
    let applies = json!({"period": period("2024-01-01", "2025-01-01"), "appliesTo": period("2024-01-01", "2026-01-01")});
    made_of_q(&mut ledger, claim("600", "GEC-1"), applies);
    assert!(ledger.refusal("p").contains("1100 kWh"), "{}", ledger.refusal("p"));
    made_of_q(&mut ledger, claim("500", "GEC-1"), json!({}));
    assert_eq!(ledger.gate("p"), "500");
}

#[test]
fn a_certificate_counts_within_24_months_of_its_generation() {
    for (start, end, counts) in [
        ("2022-01-01", "2023-01-01", true),
        ("2022-01-01", "2022-12-31", false),
        ("2028-01-01", "2029-01-01", true),
        ("2028-01-02", "2029-01-01", false),
        ("2020-01-01", "2030-01-01", true),
    ] {
        let mut flow = claim("1", "GEC-1");
        flow["instruments"][0]["period"] = period(start, end);
        let mut ledger = plant();
        ledger.made("p", "1", json!([flow]));
        assert_eq!(stands(&ledger), counts, "{start} {end}");
        assert!(
            counts || ledger.refusal("p").contains("more than 24 months apart"),
            "{}",
            ledger.refusal("p")
        );
    }
}

#[test]
fn what_no_flow_can_claim_is_no_statement() {
    let read = |flow: Value| {
        let activity = json!({"v": "1", "type": "activity", "salt": "A".repeat(22), "by": "acme", "stage": "production",
            "process": "make", "period": period("2025-01-01", "2026-01-01"), "flows": [flow],
            "outputs": [{"product": id("p"), "amount": "1", "unit": "piece"}]});
        let read = serde_json::from_value::<Activity>(activity).map_err(|e| e.to_string());
        read.and_then(|activity| activity.check().map_err(|e| e.to_string()))
    };
    let none = json!({"name": "wind", "kind": "excluded", "estimate": "1", "reason": "small",
        "instruments": [certificate("GEC-1", "1")]});
    let twice = json!([certificate("GEC1..GEC3", "1"), certificate("gec-2", "1")]);
    let many = json!([certificate("A1..A10000", "1"), certificate("B", "1")]);
    for (flow, why) in [
        (claim("-1", "GEC-1"), "amount below zero"),
        (none, "no amount"),
        (power("1", "kWh", json!([certificate("GEC-1", "0")])), "of 0 kWh"),
        (power("1", "kWh", twice), "`GEC1..GEC3` and `gec-2`"),
        (power("1", "kWh", many), "10001 certificates"),
        (claim("1", "GEC1..REC3"), "same text"),
        (
            json!({"name": "wind", "kind": "energy", "amount": "1", "unit": "kWh", "factor": "wind",
            "instrument": certificate("GEC-1", "1")}),
            "instrument",
        ),
    ] {
        let said = read(flow).unwrap_err();
        assert!(said.contains(why), "{why}: {said}");
    }
    read(claim("0", "GEC-1")).unwrap();
}
