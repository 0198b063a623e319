//! Bills and productions over the edge of a year are split by days, only where they were asked to
//! be, and the calculation says when.

use pcf_testing::desk::{BOTTLE, Desk};
use serde_json::{Value, json};

use crate::PCF;

const BOTTLE_ID: &str = "urn:gtin:06901234000016";

const HEADER: &str = "stage,process,start,end,product,output,output_unit,flow,kind,amount,unit,source,data";

/// Case 24: a year's production, a bill over new year, and the bill of the rest.
fn over_new_year() -> Desk {
    let desk = Desk::with_acme(PCF);
    desk.write("products.csv", BOTTLE);
    desk.pcf("product add products.csv --sign-with acme.pem").ok();
    let rows = [
        format!("production,casting,2025-01-01,2026-01-01,{BOTTLE_ID},12000,piece,,,,,,"),
        format!(
            "production,casting,2024-12-15,2025-01-15,{BOTTLE_ID},,,electricity,emission,3100,kg,gas:CO2,primary"
        ),
        format!(
            "production,casting,2025-01-15,2026-01-01,{BOTTLE_ID},,,electricity,emission,10600,kg,gas:CO2,primary"
        ),
    ];
    desk.write("activities.csv", format!("{HEADER}\n{}\n", rows.join("\n")).as_bytes());
    desk
}

fn footprint(desk: &Desk) -> Value {
    desk.json(&format!("footprint {BOTTLE_ID} --period 2025"))
}

/// The command of a hint, with the key that it leaves open.
fn hinted(error: &str) -> String {
    let hint = error.lines().find_map(|line| line.strip_prefix("hint: pcf ")).unwrap();
    hint.replace("KEY", "acme.pem").replace("'split by days'", "split-by-days")
}

#[test]
fn a_bill_over_new_year_stops_names_the_split_and_counts_in_parts_after_it() {
    let desk = over_new_year();
    desk.pcf("record activities.csv --sign-with acme.pem").ok();
    let stopped = desk.pcf(&format!("footprint {BOTTLE_ID} --period 2025"));
    let way = "its period 2024-12-15..2025-01-15 lies partly outside the period asked for, 2025-01-01..2026-01-01, and is never prorated; \
        ask for a period that holds it, or withdraw it and record it in parts: pcf record FILE --split-at 2025-01-01\n";
    assert!(stopped.code == 1 && stopped.err.contains(way), "{}", stopped.err);
    let checked = desk.pcf("check --period 2025");
    assert!(checked.out.contains("pcf record FILE --split-at 2025-01-01; or ask"), "{}", checked.out);

    let record = "record activities.csv --split-at 2025-01-01 --sign-with acme.pem";
    let before = desk.size();
    let stands = desk.pcf(record);
    let said = "activities.csv:3: all of 2024-12-15..2025-01-15 is recorded already, in ";
    assert!(stands.code == 1 && stands.err.contains(said), "{}", stands.err);
    assert_eq!(desk.size(), before, "nothing was appended");
    assert_eq!(hinted(&stands.err), hinted(&stopped.err));
    desk.pcf(&hinted(&stands.err)).ok();

    let tried = desk.pcf(&format!("{record} --dry-run"));
    let lines = "Split by days; every part is estimated and names the whole:\n  \
        activities.csv:3  2024-12-15..2025-01-15 (31 days) into 2024-12-15..2025-01-01 (17 days), 2025-01-01..2025-01-15 (14 days)\n    \
        electricity: 3100 kg = 1700 + 1400\n";
    assert!(
        tried.out.starts_with("Would record 2 statements; skipped 2") && tried.out.contains(lines),
        "{}",
        tried.out
    );
    assert_eq!(desk.size(), before + 1, "only the withdrawal");
    let recorded = desk.pcf(record).ok();
    assert!(recorded.contains(lines), "{recorded}");

    let found = footprint(&desk);
    assert_eq!(found["figures"]["gate"]["excludingUptake"], "1");
    assert_eq!(found["figures"]["primaryDataShare"], "88.333333");
    let again = desk.json(record);
    assert_eq!((&again["recorded"], &again["skipped"]), (&0.into(), &4.into()), "the same split again");
}

#[test]
fn both_parts_are_estimated_and_name_the_days_and_the_amount_of_the_bill() {
    let desk = over_new_year();
    let recorded = desk.json("record activities.csv --split-at 2025-01-01 --sign-with acme.pem");
    let split = &recorded["split"];
    assert_eq!(
        split[0]["amounts"],
        json!([{"name": "electricity", "unit": "kg", "whole": "3100", "parts": ["1700", "1400"]}])
    );
    assert_eq!(split.as_array().unwrap().len(), 1, "what no day divides stays whole: {split}");
    let ids = recorded["submissions"][0]["statements"].as_array().unwrap();
    let said = |at: usize| -> Value {
        let text = desk.pcf(&format!("log statement {}", ids[at].as_str().unwrap())).ok();
        let mut parts = text.lines().map(|line| serde_json::from_str::<serde_json::Map<_, _>>(line).unwrap());
        let mut whole = parts.next().unwrap();
        whole.extend(parts.flatten());
        whole.into()
    };
    assert_eq!(ids.len(), 4);
    for (at, days, amount) in
        [(1, ["2024-12-15", "2025-01-01"], "1700"), (2, ["2025-01-01", "2025-01-15"], "1400")]
    {
        let part = said(at);
        assert_eq!(part["period"], json!({"start": days[0], "end": days[1]}));
        assert_eq!(part["splitFrom"], json!({"start": "2024-12-15", "end": "2025-01-15"}));
        let flow = &part["flows"][0];
        assert_eq!(
            (&flow["amount"], &flow["splitFrom"], &flow["data"]),
            (&amount.into(), &"3100".into(), &"estimated".into())
        );
    }
    assert_eq!(said(0).get("splitFrom"), None);
    assert_eq!(said(3)["flows"][0]["data"], "primary");
}

#[test]
fn several_days_split_one_row_into_as_many_parts_and_every_day_must_split_something() {
    let desk = over_new_year();
    let record = "record activities.csv --sign-with acme.pem --split-at 2025-01-01";
    let before = desk.size();
    desk.pcf(&format!("{record} --split-at 2026-01-01")).refused(
        1,
        &["no activity of these files has days before and from 2026-01-01; nothing was appended"],
    );
    assert_eq!(desk.size(), before);
    let recorded = desk.json(&format!("{record} --split-at 2024-12-31"));
    let parts = &recorded["split"][0]["amounts"][0]["parts"];
    assert_eq!(parts, &json!(["1600", "100", "1400"]));
    assert_eq!(footprint(&desk)["figures"]["gate"]["excludingUptake"], "1");
}

#[test]
fn a_production_is_split_with_its_output_and_its_flows() {
    let desk = over_new_year();
    let row = format!(
        "production,casting,2024-12-15,2025-01-15,{BOTTLE_ID},620,piece,burner,emission,310,kg,gas:CO2,primary"
    );
    desk.write("activities.csv", format!("{HEADER}\n{row}\n").as_bytes());
    let recorded = desk.pcf("record activities.csv --split-at 2025-01-01 --sign-with acme.pem").ok();
    assert!(
        recorded
            .contains(&format!("    {BOTTLE_ID}: 620 piece = 340 + 280\n    burner: 310 kg = 170 + 140\n")),
        "{recorded}"
    );
    assert_eq!(footprint(&desk)["figures"]["gate"]["excludingUptake"], "0.5");
}

#[test]
fn a_bill_that_is_longer_than_the_period_is_offered_both_days() {
    let desk = over_new_year();
    desk.pcf("record activities.csv --sign-with acme.pem").ok();
    desk.pcf(&format!("footprint {BOTTLE_ID} --period 2025-02")).refused(
        1,
        &[
            "2025-02-01..2025-03-01, and is never prorated",
            "pcf record FILE --split-at 2025-02-01 --split-at 2025-03-01\n",
        ],
    );
}
