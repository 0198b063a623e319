//! One green certificate for more electricity than it covers: for two products, in another
//! spelling, or one that somebody else bought.

use pcf_ledger::calc::{self, Request};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{Digest, ProductId};
use pcf_ledger::store::memory::MemoryStore;
use pcf_testing::{ACME, BOLT, OPERATOR, PUMP, SCREW, asked, publication, reading, submit, with, withdrawal};
use serde_json::{Value, json};

use super::hall::{audited, finds, has, ledger};

/// A certificate of 5,000 kWh, or a range with this id, claimed for so many kWh.
fn claim(by: &str, product: &str, kwh: &str, id: &str) -> Value {
    let mut value = reading(by, product, "green electricity");
    value["flows"][0]["amount"] = kwh.into();
    value["flows"][0]["instruments"] =
        json!([{"id": id, "kWh": "5000", "period": {"start": "2025-01-01", "end": "2026-01-01"}}]);
    value
}

fn green(by: &str, product: &str) -> Value {
    claim(by, product, "5000", "GEC-2025-0001")
}

/// The answer from everything that holds; what is looked up for the product alone gives the same.
fn answer(ledger: &Ledger<MemoryStore>, product: &str, request: &Request) -> Result<(), String> {
    let product: ProductId = product.parse().unwrap();
    let all = ledger.inventory().unwrap();
    let expected = calc::footprint(&all, &product, request);
    for asked in [None, Some(request)] {
        let part = ledger.inventory_at(std::slice::from_ref(&product), ledger.size(), asked).unwrap();
        let found = calc::footprint(&part, &product, request);
        assert_eq!(format!("{found:?}"), format!("{expected:?}"), "{asked:?}");
    }
    expected.map(drop).map_err(|e| e.to_string())
}

fn calculated(ledger: &Ledger<MemoryStore>, product: &str) -> Result<(), String> {
    answer(ledger, product, &asked("2025"))
}

#[test]
fn both_products_stop_and_each_names_the_other_statement() {
    let mut ledger = ledger();
    submit(&mut ledger, ACME, &[green("acme", PUMP)]);
    calculated(&ledger, PUMP).unwrap();
    let told = publication(&ledger, "bolt", SCREW, 1);
    submit(&mut ledger, BOLT, &[green("bolt", SCREW)]);
    for product in [PUMP, SCREW] {
        has(&calculated(&ledger, product).unwrap_err(), "covers 5000 kWh, and 10000 kWh of it are claimed");
    }
    // Published all the same, the figures do not follow.
    let position = json!({"size": ledger.size().to_string(), "root": Digest::from_bytes(ledger.root())});
    submit(&mut ledger, BOLT, &[with(told, "log", position)]);
    finds(&audited(&ledger.into_store()), "publication-figures", "10000 kWh of it are claimed");
}

#[test]
fn whoever_claims_anothers_certificate_holds_him_up_until_the_operator_withdraws_the_claim() {
    let mut ledger = ledger();
    submit(&mut ledger, BOLT, &[green("bolt", SCREW)]);
    let false_one = ledger.book().all_entries().map(Result::unwrap).last().unwrap().id;
    submit(&mut ledger, ACME, &[green("acme", PUMP)]);
    has(&calculated(&ledger, PUMP).unwrap_err(), &false_one.to_string());
    submit(&mut ledger, OPERATOR, &[withdrawal("operator", &false_one)]);
    calculated(&ledger, PUMP).unwrap();
}

#[test]
fn a_certificate_is_found_in_every_spelling_and_in_every_range_that_holds_it() {
    for other in ["gec 2025 0001", "GEC20250001", "GEC-2025-0000..GEC-2025-0003"] {
        let mut ledger = ledger();
        submit(&mut ledger, ACME, &[green("acme", PUMP)]);
        submit(&mut ledger, BOLT, &[claim("bolt", SCREW, "1", other)]);
        let range = other.contains("..");
        for product in [PUMP, SCREW] {
            let said = calculated(&ledger, product).unwrap_err();
            has(&said, if range { "state both claims alike" } else { "5001 kWh of it are claimed" });
        }
    }
    let mut ledger = ledger();
    submit(&mut ledger, ACME, &[claim("acme", PUMP, "3000", "GEC1..GEC5")]);
    submit(&mut ledger, BOLT, &[claim("bolt", SCREW, "2000", "gec-1..gec-5")]);
    calculated(&ledger, PUMP).unwrap();
    calculated(&ledger, SCREW).unwrap();
}

#[test]
fn a_claim_that_a_scenario_replaces_is_judged_alike_from_the_whole_ledger_and_from_a_part() {
    let less = Request { scenario: Some("less".parse().unwrap()), ..asked("2025") };
    for year in ["2025", "2024"] {
        let of_year = |value: Value| {
            let next: i32 = year.parse::<i32>().unwrap() + 1;
            let period = json!({"start": format!("{year}-01-01"), "end": format!("{next}-01-01")});
            with(value, "period", period)
        };
        let mut ledger = ledger();
        submit(&mut ledger, ACME, &[claim("acme", PUMP, "3000", "GEC-1")]);
        submit(&mut ledger, BOLT, &[of_year(claim("bolt", SCREW, "3000", "GEC-1"))]);
        let instead = with(of_year(claim("bolt", SCREW, "2000", "REC-1")), "scenario", "less");
        submit(&mut ledger, BOLT, &[instead]);
        has(&calculated(&ledger, PUMP).unwrap_err(), "6000 kWh of it are claimed");
        answer(&ledger, PUMP, &less).unwrap();
    }
}
