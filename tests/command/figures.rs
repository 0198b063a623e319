//! Small ledgers whose figures were once wrong without a word (`tests/vectors/figures`): each gives
//! the figure that is right, or stops, and says what is in doubt.

use std::fs;
use std::path::{Path, PathBuf};

use pcf_testing::desk::Desk;
use serde_json::Value;

use crate::PCF;

/// What a case comes to.
enum Comes {
    /// This figure over the whole life, or to the gate.
    To(&'static str),
    /// No figure, and a sentence with these words.
    Stops(&'static str),
}

use Comes::{Stops, To};

/// Folder, product, what else is asked, what comes of it, and which rules of `check` ask for attention.
const CASES: &[(&str, &str, &str, Comes, &[&str])] = &[
    ("01-site-on-one-row-only", "A", "2025", Stops("outputs are stated twice"), &[]),
    ("02-site-in-two-spellings", "A", "2025", Stops("outputs are stated twice"), &[]),
    ("03-batch-on-one-row-only", "A", "2025", Stops("outputs are stated twice"), &[]),
    ("04-quarterly-power-yearly-gas", "A", "2025", Stops("take the output out of one of them"), &[]),
    ("05-scenario-beside-base", "A", "2025", To("11"), &[]),
    ("05-scenario-beside-base", "A", "2025 --scenario solar", To("3"), &[]),
    ("05-scenario-beside-base", "A", "2025 --scenario SOLAR", To("3"), &[]),
    ("06-applies-to-of-last-year", "A", "2025", To("3"), &[]),
    ("07-one-day-for-a-year", "A", "2025", To("3"), &["short-period"]),
    ("08-eleven-months-of-electricity", "A", "2025", To("1.916666666666667"), &["flow-coverage"]),
    ("09-three-milligrams-beside-ten-megatonnes", "A", "2025", To("1"), &[]),
    ("09-three-milligrams-beside-ten-megatonnes", "B", "2025", To("1"), &[]),
    ("10-certificate-in-two-spellings", "A", "2025", Stops("2000 kWh of it are claimed"), &[]),
    ("11-certificate-over-two-processes", "A", "2025", To("12"), &[]),
    ("12-wind-without-certificate", "A", "2025", To("12"), &["generation-without-claim"]),
    ("13-second-bill-after-the-first", "A", "2025", To("3.5"), &[]),
    ("14-campaign-over-the-month-end", "A", "2025-01..2025-02", To("3"), &["short-period"]),
    ("14-campaign-over-the-month-end", "B", "2025-01..2025-02", To("3"), &["short-period"]),
    ("16-quarter-without-output-on-a-shared-meter", "A", "2025", To("1.846666666666667"), &[]),
    ("16-quarter-without-output-on-a-shared-meter", "B", "2025", To("2.037142857142857"), &[]),
    ("18-two-studies-apply", "A", "2025", To("3"), &[]),
    ("19-one-bill-for-a-year", "A", "2025", To("0.083333333333333"), &["flow-coverage"]),
    ("20-heating-in-winter", "A", "2025", To("2"), &[]),
    ("21-yearly-total-beside-the-months", "A", "2025", Stops("read twice on the same days"), &[]),
    ("23-screw-and-gearbox-in-one-hall", "A", "2025", To("1"), &[]),
    ("23-screw-and-gearbox-in-one-hall", "B", "2025", To("1"), &[]),
    ("24-bill-over-new-year", "A", "2025", Stops("--split-at 2025-01-01"), &[]),
    ("26-wood-as-suppliers-round-it", "A", "2025", To("0"), &[]),
];

fn folder(case: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/figures").join(case)
}

/// The tables of a case in the order in which they are recorded.
fn tables(case: &str) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = fs::read_dir(folder(case))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "csv"))
        .collect();
    let rank = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (["factors.csv", "products.csv"].iter().position(|first| *first == name).unwrap_or(9), name)
    };
    all.sort_by_key(rank);
    all
}

fn recorded(case: &str, more: &str) -> Desk {
    let desk = Desk::with_acme(PCF);
    desk.pcf("actor add acme --stage use --sign-with led-keys/operator.pem").ok();
    for table in tables(case) {
        desk.write("table.csv", &fs::read(table).unwrap());
        desk.pcf(&format!("record table.csv --sign-with acme.pem{more}")).ok();
    }
    desk
}

fn headline(answer: &Value) -> String {
    let figures = &answer["figures"];
    let set = if figures["grave"].is_null() { &figures["gate"] } else { &figures["grave"] };
    set["excludingUptake"].as_str().unwrap().to_owned()
}

#[test]
fn every_case_gives_the_figure_that_is_right_or_none() {
    for (case, product, asked, comes, found) in CASES {
        let desk = recorded(case, "");
        let product = format!("urn:pact:acme.example:product-id:{product}");
        let asked = format!("{product} --period {asked}");
        match comes {
            To(kg) => assert_eq!(headline(&desk.json(&format!("footprint {asked}"))), *kg, "{case} {asked}"),
            Stops(words) => {
                let stopped = desk.pcf(&format!("footprint {asked}"));
                assert!(stopped.code == 1 && stopped.err.contains(words), "{case}: {}", stopped.err);
            }
        }
        if let To(_) = comes {
            let period = asked.split_whitespace().nth(2).unwrap();
            let checked = desk.pcf(&format!("check {product} --period {period} --format json"));
            let report: Value = serde_json::from_str(&checked.out).unwrap();
            let findings = report["findings"].as_array().unwrap();
            let rules: Vec<&str> = findings
                .iter()
                .filter(|finding| finding["severity"] != "note")
                .map(|finding| finding["rule"].as_str().unwrap())
                .collect();
            assert_eq!(rules, *found, "{case}: {}", checked.out);
        }
    }
}

#[test]
fn a_second_bill_never_stands_in_place_of_the_first() {
    let desk = recorded("13-second-bill-after-the-first", " --correct");
    let asked = "footprint urn:pact:acme.example:product-id:A --period 2025";
    assert_eq!(headline(&desk.json(asked)), "3.5");
}

#[test]
fn with_the_output_taken_out_of_the_gas_the_year_is_right() {
    let case = "04-quarterly-power-yearly-gas";
    let text = fs::read_to_string(folder(case).join("activities.csv")).unwrap();
    let desk = Desk::with_acme(PCF);
    desk.write("products.csv", &fs::read(folder(case).join("products.csv")).unwrap());
    desk.pcf("record products.csv --sign-with acme.pem").ok();
    desk.write("activities.csv", text.replace(",12000,piece,gas,", ",,,gas,").as_bytes());
    desk.pcf("record activities.csv --sign-with acme.pem").ok();
    let asked = "footprint urn:pact:acme.example:product-id:A --period 2025";
    assert_eq!(headline(&desk.json(asked)), "3.5");
}

#[test]
fn a_bill_over_new_year_keeps_neither_year_from_being_looked_at() {
    let desk = recorded("24-bill-over-new-year", "");
    let checked = desk.pcf("check --format json");
    let report: Value = serde_json::from_str(&checked.out).unwrap();
    let periods = report["looked"][0]["periods"].as_array().unwrap();
    let starts: Vec<&Value> = periods.iter().map(|period| &period["start"]).collect();
    assert_eq!(starts, ["2024-01-01", "2025-01-01"]);
    assert!(checked.out.contains("--split-at 2025-01-01"), "{}", checked.out);
}
