//! One green certificate for two products, or one that somebody else bought.

use pcf_ledger::calc;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::Digest;
use pcf_ledger::store::memory::MemoryStore;
use pcf_testing::{ACME, BOLT, OPERATOR, PUMP, SCREW, asked, publication, reading, submit, with, withdrawal};
use serde_json::{Value, json};

use super::hall::{audited, finds, has, ledger};

fn green(by: &str, product: &str) -> Value {
    let mut value = reading(by, product, "green electricity");
    value["flows"][0]["instrument"] =
        json!({"id": "GEC-2025-0001", "kWh": "5000", "period": {"start": "2025-01-01", "end": "2026-01-01"}});
    value
}

fn calculated(ledger: &Ledger<MemoryStore>, product: &str) -> Result<(), String> {
    let request = asked("2025");
    let answer = calc::footprint(&ledger.inventory().unwrap(), &product.parse().unwrap(), &request);
    answer.map(drop).map_err(|e| e.to_string())
}

#[test]
fn both_products_stop_and_each_names_the_other_statement() {
    let mut ledger = ledger();
    submit(&mut ledger, ACME, &[green("acme", PUMP)]);
    calculated(&ledger, PUMP).unwrap();
    let told = publication(&ledger, "bolt", SCREW, 1);
    submit(&mut ledger, BOLT, &[green("bolt", SCREW)]);
    for product in [PUMP, SCREW] {
        has(&calculated(&ledger, product).unwrap_err(), "the instrument `GEC-2025-0001` is claimed by flow");
    }
    // Published all the same, the figures do not follow.
    let position = json!({"size": ledger.size().to_string(), "root": Digest::from_bytes(ledger.root())});
    submit(&mut ledger, BOLT, &[with(told, "log", position)]);
    finds(&audited(&ledger.into_store()), "publication-figures", "it can be claimed once");
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
