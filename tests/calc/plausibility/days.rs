//! Days with and without data: what begins late, what is left out with an estimate, what only
//! applies, and what is still to come.

use pcf_ledger::plausibility::{Asked, LeftOut, Severity, check, coverage};
use pcf_testing::inventory::{Ledger, id, year};
use serde_json::{Value, json};

use super::cases::{and, change, days, energy, made, pieces, read};
use super::shop;

/// Rule and weight of what needs somebody.
fn weighty(ledger: &Ledger) -> Vec<&'static str> {
    let asked = Asked { request: Some(year()), ..Asked::default() };
    let findings = check(&ledger.inventory, &asked).findings;
    findings.iter().filter(|finding| finding.weighs()).map(|finding| finding.rule).collect()
}

fn excluded(name: &str, kg: &str) -> Value {
    json!({"name": name, "kind": "excluded", "estimate": kg, "reason": "the bill is lost"})
}

/// Eleven months of electricity, and December left out with an estimate.
fn without_december(kg: &str) -> Ledger {
    let mut ledger = shop();
    change(&mut ledger, json!({"exemptions": "listed"}));
    made(&mut ledger, "100", json!({"flows": null}));
    read(&mut ledger, json!([energy("50", "grid")]), days("2025-01-01", "2025-12-01"));
    read(&mut ledger, json!([excluded("electricity", kg)]), days("2025-12-01", "2026-01-01"));
    ledger
}

#[test]
fn an_estimate_of_what_is_left_out_ends_a_gap_and_one_of_zero_does_not() {
    assert_eq!(weighty(&without_december("2")), [""; 0]);
    assert_eq!(weighty(&without_december("0")), ["flow-coverage"]);
}

#[test]
fn days_that_are_left_out_are_neither_measured_nor_estimated() {
    for name in ["electricity", "electricity of December"] {
        let mut ledger = without_december("2");
        let held = ledger.inventory.activities.last_mut().unwrap();
        held.statement.flows[0].name = name.parse().unwrap();
        let covered = coverage(&ledger.inventory, &id("p"), &year()).unwrap();
        let counts = [covered.days, covered.measured, covered.estimated].map(|days| days.as_u64());
        assert_eq!(counts, [365, 334, 0], "{name}");
    }
}

#[test]
fn what_began_in_july_says_so_with_one_row_of_0() {
    let mut ledger = shop();
    made(&mut ledger, "0", and(days("2025-01-01", "2025-07-01"), json!({"flows": null})));
    made(&mut ledger, "100", days("2025-07-01", "2026-01-01"));
    assert_eq!(weighty(&ledger), [""; 0]);
    let mut standstill = shop();
    made(&mut standstill, "50", days("2025-01-01", "2025-08-01"));
    made(&mut standstill, "0", and(days("2025-08-01", "2025-09-01"), json!({"flows": null})));
    made(&mut standstill, "50", days("2025-09-01", "2026-01-01"));
    assert_eq!(weighty(&standstill), ["flow-coverage"], "a works that stands still has a meter");
}

#[test]
fn nothing_tells_how_much_is_missing_where_no_day_was_read() {
    let mut ledger = shop();
    made(&mut ledger, "100", and(days("2025-07-01", "2026-01-01"), json!({"flows": null})));
    read(&mut ledger, json!([energy("50", "grid")]), days("2025-01-01", "2025-07-01"));
    let asked = Asked { request: Some(year()), ..Asked::default() };
    let findings = check(&ledger.inventory, &asked).findings;
    let gap = findings.iter().find(|finding| finding.rule == "flow-coverage");
    if let Some(gap) = gap {
        assert_eq!(gap.about.left_out, LeftOut::Unknown, "{gap:#?}");
    }
    assert!(findings.iter().any(|finding| finding.weighs()), "{findings:#?}");
}

#[test]
fn a_study_of_one_day_that_applies_is_no_year() {
    let mut ledger = shop();
    let applies = json!({"appliesTo": {"start": "2024-01-01", "end": "2027-01-01"}});
    made(&mut ledger, "100", and(days("2024-06-01", "2024-06-02"), applies));
    assert_eq!(weighty(&ledger), ["short-period"]);
    let covered = coverage(&ledger.inventory, &id("p"), &year()).unwrap();
    assert_eq!(covered.reference_period.to_string(), "2024-06-01..2024-06-02");
    assert_eq!(covered.measured.as_u64(), 0);
}

#[test]
fn a_year_that_is_asked_for_is_over() {
    let mut ledger = shop();
    made(&mut ledger, "100", json!({}));
    let found = |today: &str, asked: bool| {
        let request = asked.then(year);
        let asked = Asked { request, today: Some(today.parse().unwrap()), ..Asked::default() };
        check(&ledger.inventory, &asked).findings.iter().any(|finding| finding.rule == "period-ahead")
    };
    assert!(found("2025-12-30", true));
    assert!(!found("2025-12-31", true), "the last day has come");
    assert!(!found("2025-02-01", false), "while it runs nobody is told");
    assert!(found("2024-12-31", false), "a year that has not begun is a slip");
}

#[test]
fn months_of_deliveries_beside_their_total_are_found() {
    let lorry = |tonnes: &str| json!([{"name": "lorry", "kind": "transport", "amount": tonnes, "unit": "tkm", "factor": "freight"}]);
    for (total, expected) in [("36", &["total-beside-parts"][..]), ("35", &[])] {
        let mut ledger = shop();
        made(&mut ledger, "100", json!({"outputs": pieces("100")}));
        for (start, end) in
            [("2025-01-01", "2025-05-01"), ("2025-05-01", "2025-09-01"), ("2025-09-01", "2026-01-01")]
        {
            read(&mut ledger, lorry("12"), days(start, end));
        }
        read(&mut ledger, lorry(total), json!({}));
        assert_eq!(weighty(&ledger), expected, "{total}");
    }
    assert_eq!(Severity::Attention.as_str(), "attention");
}

#[test]
fn a_bill_of_all_products_reaches_beyond_output_that_was_forgotten() {
    for (from, expected) in [("2025-02-01", &["reading-beyond-output"][..]), ("2025-01-01", &[])] {
        let mut ledger = shop();
        ledger.product("q", json!({"massPerDeclaredUnit": "1"}));
        made(&mut ledger, "100", and(days(from, "2026-01-01"), json!({"flows": null})));
        let other = json!([{"product": id("q"), "amount": "100", "unit": "piece"}]);
        made(
            &mut ledger,
            "100",
            and(days("2025-06-01", "2025-07-01"), json!({"flows": null, "outputs": other})),
        );
        for (start, end) in [("2025-01-01", "2025-02-01"), ("2025-02-01", "2026-01-01")] {
            let bill = json!({"for": ["*"], "allocation": "pieces", "flows": [energy("50", "grid")]});
            ledger.activity(and(bill, days(start, end)));
        }
        let asked = Asked { products: Some([id("p")].into()), request: Some(year()), ..Asked::default() };
        let findings = check(&ledger.inventory, &asked).findings;
        let rules: Vec<&str> = findings.iter().filter(|f| f.weighs()).map(|f| f.rule).collect();
        assert_eq!(rules, expected, "{from}");
    }
}

#[test]
fn electricity_of_other_years_and_none_of_this_one_is_missed() {
    let gas = json!([{"name": "gas", "kind": "energy", "amount": "10", "unit": "kg", "factor": "steel"}]);
    let mut ledger = shop();
    made(&mut ledger, "100", days("2024-01-01", "2025-01-01"));
    read(&mut ledger, gas.clone(), days("2024-01-01", "2025-01-01"));
    made(&mut ledger, "100", json!({"flows": gas}));
    assert_eq!(weighty(&ledger), ["energy-missing"]);
}

#[test]
fn a_month_of_holidays_is_not_far_from_the_others() {
    let august = |kwh: &str| {
        let mut ledger = shop();
        for month in 1..=12 {
            let end = if month == 12 { "2026-01-01".to_owned() } else { format!("2025-{:02}-01", month + 1) };
            let (amount, kwh) = if month == 8 { ("10", kwh) } else { ("100", "100") };
            let flows = json!({"flows": [energy(kwh, "grid")]});
            made(&mut ledger, amount, and(days(&format!("2025-{month:02}-01"), &end), flows));
        }
        weighty(&ledger)
    };
    assert_eq!(august("60"), [""; 0], "what runs while nothing is made");
    assert_eq!(august("100"), ["far-from-before"], "an output with a digit too few");
}

/// The reference period of statements of one product, asked for 2025.
fn reference(statements: &[Value]) -> String {
    let mut ledger = shop();
    for changes in statements {
        made(&mut ledger, "100", changes.clone());
    }
    coverage(&ledger.inventory, &id("p"), &year()).unwrap().reference_period.to_string()
}

#[test]
fn a_recipe_is_no_measured_data() {
    let recipe = |start: &str, end: &str| and(days(start, end), json!({"recipe": true}));
    let measured = days("2025-02-01", "2025-12-01");
    assert_eq!(reference(&[recipe("2020-01-01", "2030-01-01")]), "2025-01-01..2026-01-01");
    assert_eq!(reference(&[recipe("2020-01-01", "2030-01-01"), measured.clone()]), "2025-02-01..2025-12-01");
    assert_eq!(reference(&[recipe("2025-01-01", "2026-01-01"), measured.clone()]), "2025-02-01..2025-12-01");
    // One that was drawn up earlier and applies to these days is as old as it says.
    let applied = and(
        recipe("2022-05-01", "2022-06-01"),
        json!({"appliesTo": {"start": "2022-01-01", "end": "2030-01-01"}}),
    );
    assert_eq!(reference(&[applied.clone(), measured]), "2022-05-01..2025-12-01");
    assert_eq!(reference(&[applied]), "2022-05-01..2022-06-01");
}
