//! Each plausibility rule finds what it is for, at its level, in an inventory with one fault; the
//! honest inventory beside it needs nobody's attention.

mod cases;
mod days;
mod places;

use Severity::Note;
use cases::{CASES, Case, days, energy, made, read};
use pcf_ledger::plausibility::{Asked, Finding, Known, LeftOut, RULES, Severity, check, months};
use pcf_testing::inventory::{Ledger, id, input, with, year};
use serde_json::json;

/// A product `p` of one process, 1 kg a piece, with the factors of every case.
fn shop() -> Ledger {
    let mut ledger = Ledger::new();
    ledger.product("p", json!({"massPerDeclaredUnit": "1"}));
    let electricity = json!({"category": "electricity.lifecycle", "values": {"fossilGhgEmissions": "0.5"}});
    ledger.factor_with("grid", "kWh", electricity.clone()).factor_with("wind", "kWh", electricity);
    ledger.factor("steel", "kg", "2").factor("shredding", "kg", "0.1");
    let freight = json!({"category": "transport.freight", "values": {"fossilGhgEmissions": "0.1"}});
    ledger.factor_with("freight", "tkm", freight);
    ledger
}

fn found(case: &Case, faulty: bool) -> Vec<Finding> {
    let mut ledger = shop();
    let mut asked = Asked { request: Some(year()), ..Asked::default() };
    (case.2)(faulty, &mut ledger, &mut asked);
    check(&ledger.inventory, &asked).findings
}

#[test]
fn each_rule_finds_its_fault_and_leaves_what_is_honest_alone() {
    let mut wrong = Vec::new();
    for case in CASES {
        let (rule, severity, _) = case;
        let faulty = found(case, true);
        let finding = faulty.iter().find(|finding| finding.rule == *rule);
        if finding.map(|finding| finding.severity) != Some(*severity) {
            wrong.push(format!("{rule}: expected {}, got {faulty:#?}", severity.as_str()));
        }
        if finding.is_some_and(|finding| finding.sentence.is_empty() || finding.remedy.is_empty()) {
            wrong.push(format!("{rule}: says nothing, or no way out"));
        }
        let honest: Vec<Finding> =
            found(case, false).into_iter().filter(|f| f.rule == *rule || f.severity != Note).collect();
        if !honest.is_empty() {
            wrong.push(format!("{rule}: the honest inventory gives {honest:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_of_the_list_has_a_case_here() {
    let mut names: Vec<&str> = CASES.iter().map(|case| case.0).collect();
    names.sort_unstable();
    let mut listed: Vec<&str> = RULES.iter().map(|(rule, _)| *rule).collect();
    listed.sort_unstable();
    assert_eq!(names, listed);
}

#[test]
fn what_leaves_emissions_out_says_so_and_an_accepted_finding_lapses_with_its_data() {
    let of = |rule: &str| {
        let case = CASES.iter().find(|case| case.0 == rule).unwrap();
        found(case, true).into_iter().find(|finding| finding.rule == rule).unwrap()
    };
    for rule in ["output-days", "energy-missing"] {
        assert_eq!(of(rule).about.left_out, LeftOut::Unknown, "{rule}");
    }
    assert!(matches!(of("flow-coverage").about.left_out, LeftOut::About(kg) if kg.quanta() > 0));
    assert_eq!(of("mass-balance").about.left_out, LeftOut::Nothing);
    let mut ids: Vec<_> = CASES.iter().map(|case| of(case.0).id()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), CASES.len(), "two findings are not one");
}

#[test]
fn an_input_of_the_ledger_is_no_material_that_somebody_hauls_in_unsaid() {
    let mut ledger = Ledger::new();
    ledger.product("p", json!({})).product("lid", json!({}));
    ledger.factor_with(
        "grid",
        "kWh",
        json!({"category": "electricity.lifecycle", "values": {"fossilGhgEmissions": "0.5"}}),
    );
    ledger.made("lid", "100", json!([energy("10", "grid")]));
    ledger.made("p", "100", json!([energy("50", "grid"), input("100", "piece", "lid")]));
    let asked = Asked { request: Some(year()), ..Asked::default() };
    let findings = check(&ledger.inventory, &asked).findings;
    assert!(findings.iter().all(|finding| finding.severity == Note), "{findings:#?}");
}

/// A year of output, of which electricity is read up to a day.
fn read_until(end: &str) -> Ledger {
    let mut ledger = shop();
    made(&mut ledger, "100", json!({"flows": null}));
    read(&mut ledger, json!([energy("50", "grid")]), days("2025-01-01", end));
    ledger
}

#[test]
fn a_gap_is_a_note_below_one_percent_of_the_gate_or_what_a_policy_says() {
    let weight = |end: &str, percent: Option<&str>| {
        let gap_percent_max = percent.map(|percent| percent.parse().unwrap());
        let asked = Asked { request: Some(year()), gap_percent_max, ..Asked::default() };
        let findings = check(&read_until(end).inventory, &asked).findings;
        findings.iter().find(|finding| finding.rule == "flow-coverage").map(|finding| finding.severity)
    };
    // Three days of 365 are 0.83 % of what was read on the others, four 1.1 %.
    assert_eq!(weight("2025-12-29", None), Some(Note));
    assert_eq!(weight("2025-12-28", None), Some(Severity::Attention));
    assert_eq!(weight("2025-12-28", Some("2")), Some(Note));
    assert_eq!(weight("2025-12-29", Some("0.5")), Some(Severity::Attention));
}

#[test]
fn months_show_where_output_and_readings_are_known() {
    let mut ledger = read_until("2025-06-15");
    let estimated = with(energy("9", "grid"), json!({"data": "estimated"}));
    read(&mut ledger, json!([estimated]), days("2025-08-01", "2025-09-01"));
    let known = months(&ledger.inventory, &id("p"), &year());
    assert_eq!(known.months.len(), 12);
    let rows: Vec<(&str, String)> =
        known.rows.iter().map(|row| (row.what.as_str(), marks(&row.months))).collect();
    let expected = [("output", "############".to_owned()), ("electricity", "#####+.~....".to_owned())];
    assert_eq!(rows, expected);
    let quarter = pcf_ledger::calc::Request { period: "2025-06-15..2025-09-01".parse().unwrap(), ..year() };
    assert_eq!(months(&ledger.inventory, &id("p"), &quarter).months.len(), 3, "as far as each lies in it");
    let long = pcf_ledger::calc::Request { period: "2020-01-01..2024-01-01".parse().unwrap(), ..year() };
    assert!(months(&ledger.inventory, &id("p"), &long).months.is_empty());
}

fn marks(months: &[Known]) -> String {
    let mark = |known: &Known| match known {
        Known::Measured => '#',
        Known::Estimated => '~',
        Known::Part => '+',
        Known::Nothing => '.',
    };
    months.iter().map(mark).collect()
}
