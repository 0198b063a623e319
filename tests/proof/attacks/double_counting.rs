//! The same work counted for one product twice, or an output twice, through two ids of one product.

use pcf_ledger::calc;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::store::memory::MemoryStore;
use pcf_testing::{ACME, PUMP, PUMP_ALIAS, activity, asked, submit, with};
use serde_json::json;

use super::hall::{has, ledger};

fn calculated(ledger: &Ledger<MemoryStore>) -> String {
    let request = asked("2025");
    match calc::footprint(&ledger.inventory().unwrap(), &PUMP.parse().unwrap(), &request) {
        Ok(footprint) => footprint.figures.gate.excluding_uptake.to_string(),
        Err(errors) => errors.to_string(),
    }
}

#[test]
fn twice_the_output_by_the_products_other_id_halves_no_figure() {
    let mut ledger = ledger();
    let honest = calculated(&ledger);
    // The same statement once more, with a gram of electricity, about the alias.
    let mut again = activity("acme", &[PUMP_ALIAS]);
    again["flows"][0]["amount"] = "0.001".into();
    submit(&mut ledger, ACME, &[again]);
    let said = calculated(&ledger);
    assert_ne!(said, honest);
    has(&said, "overlap");
}

#[test]
fn one_statement_that_puts_out_both_ids_of_a_product_is_one_product_twice() {
    let mut ledger = ledger();
    let mut both = with(
        activity("acme", &[PUMP, PUMP_ALIAS]),
        "period",
        json!({"start": "2024-01-01", "end": "2025-01-01"}),
    );
    both["batch"] = "both".into();
    submit(&mut ledger, ACME, &[both]);
    let request = asked("2024");
    let answer = calc::footprint(&ledger.inventory().unwrap(), &PUMP.parse().unwrap(), &request);
    // 5,000 kWh at 0.5777 kg over 2,000 pieces, whichever id they have, or an error: never over 1,000, and never each half lost.
    match answer {
        Ok(footprint) => assert_eq!(footprint.figures.gate.excluding_uptake.to_string(), "1.44425"),
        Err(errors) => has(&errors.to_string(), PUMP),
    }
}
