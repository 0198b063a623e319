//! What `record` says where a row stands beside another, takes something away, or replaces nothing,
//! and whether the remedies that it prints work when they are typed.

use pcf_testing::desk::Desk;
use serde_json::Value;

use crate::PCF;

const A: &str = "urn:pact:acme.example:product-id:A";
const HEAD: &str = "stage,process,start,end,product,output,output_unit,flow,kind,amount,unit,source,data";

/// A product of one process, and factors of electricity, gas and lorries.
fn works() -> Desk {
    let desk = Desk::with_acme(PCF);
    let products = format!(
        "id,name,boundary,declared_amount,declared_unit,stage,process,signers\n\
         {A},A,cradle-to-gate,1,piece,production,casting,acme\n"
    );
    desk.write("products.csv", products.as_bytes());
    desk.pcf("product add products.csv --sign-with acme.pem").ok();
    let factors = "id,name,category,unit,kgco2e,gwp_set,scope,year,source,licence,data\n\
        e,Grid,electricity.lifecycle,kWh,0.5,AR6,life-cycle,2025,me,own,secondary\n\
        gas,Gas,fuel.combustion,m3,2,AR6,life-cycle,2025,me,own,secondary\n\
        truck,Lorry,transport.freight,tkm,0.1,AR6,life-cycle,2025,me,own,secondary\n";
    desk.write("factors.csv", factors.as_bytes());
    desk.pcf("factor add factors.csv --sign-with acme.pem").ok();
    desk
}

/// Writes rows of `casting`, each without its first columns: `START,END,OUTPUT,FLOW…`.
fn rows(desk: &Desk, file: &str, more: &str, rows: &[&str]) {
    let mut text = format!("{HEAD}{more}\n");
    for row in rows {
        let (start, rest) = row.split_once(',').unwrap();
        let (end, rest) = rest.split_once(',').unwrap();
        text += &format!("production,casting,{start},{end},{A},{rest}\n");
    }
    desk.write(file, text.as_bytes());
}

fn kg(desk: &Desk) -> Value {
    desk.json(&format!("footprint {A} --period 2025"))["figures"]["gate"]["excludingUptake"].clone()
}

/// What `pcf check` finds by one rule.
fn findings(desk: &Desk, rule: &str) -> Vec<Value> {
    let ran = desk.pcf("check --period 2025 --format json");
    let checked: Value = serde_json::from_str(&ran.out).unwrap();
    let all = checked["findings"].as_array().unwrap().clone();
    all.into_iter().filter(|finding| finding["rule"] == rule).collect()
}

fn withdraw(desk: &Desk, statement: &Value) {
    let id = statement["statement"].as_str().or(statement.as_str()).unwrap();
    desk.pcf(&format!("withdraw {id} --reason anew --sign-with acme.pem")).ok();
}

#[test]
fn a_correction_that_would_take_flows_away_is_not_offered() {
    let desk = works();
    rows(&desk, "1.csv", "", &["2025-01-01,2026-01-01,100,piece,power,energy,1000,kWh,factor:e,primary"]);
    rows(&desk, "2.csv", "", &["2025-01-01,2026-01-01,100,piece,gas,energy,10,m3,factor:gas,primary"]);
    desk.pcf("record 1.csv --sign-with acme.pem").ok();
    let ran = desk.pcf("record 2.csv --sign-with acme.pem");
    assert!(!ran.err.contains("--correct"), "{}", ran.err);
    ran.refused(
        1,
        &["2.csv:2", "states `power` too", "as a reading, a row with its flow and without output"],
    );
    // Typed all the same, it is said what is gone.
    let tried = desk.pcf("record 2.csv --correct --dry-run --sign-with acme.pem");
    let gone = "1 row states less than what was replaced, so that flows are gone: 2.csv:2 (`power`)";
    assert!(tried.out.contains(gone), "{}", tried.out);
    // The way that is named.
    rows(&desk, "2.csv", "", &["2025-01-01,2026-01-01,,,gas,energy,10,m3,factor:gas,primary"]);
    desk.pcf("record 2.csv --sign-with acme.pem").ok();
    assert_eq!(kg(&desk), "5.2");
    // Another number of the same flows is still a correction.
    rows(&desk, "1.csv", "", &["2025-01-01,2026-01-01,100,piece,power,energy,1100,kWh,factor:e,primary"]);
    desk.pcf("record 1.csv --sign-with acme.pem").refused(1, &["hint: pcf record 1.csv", "--correct"]);
}

#[test]
fn no_command_withdraws_one_of_two_overlapping_productions() {
    let desk = works();
    rows(
        &desk,
        "1.csv",
        ",site",
        &[
            "2025-01-01,2026-01-01,100,piece,gas,energy,100,m3,factor:gas,primary,Plant 7",
            "2025-01-01,2026-01-01,100,piece,power,energy,400,kWh,factor:e,primary,",
        ],
    );
    desk.pcf("record 1.csv --sign-with acme.pem").ok();
    let stopped = desk.pcf(&format!("footprint {A} --period 2025"));
    assert!(stopped.code == 1 && !stopped.err.contains("hint: pcf withdraw"), "{}", stopped.err);
    let found = findings(&desk, "overlapping-periods");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].get("command"), None, "{}", found[0]);
    let remedy = found[0]["remedy"].as_str().unwrap();
    assert!(remedy.starts_with("take the output out of one of them"), "{remedy}");
    // Typed: one is withdrawn, and what it used is a reading.
    withdraw(&desk, &found[0]["statements"][1]);
    let text = String::from_utf8(std::fs::read(desk.path("1.csv")).unwrap()).unwrap();
    let reading = text.lines().skip(1).map(|row| row.replace(",100,piece,", ",,,")).collect::<Vec<_>>();
    desk.write("2.csv", format!("{HEAD},site\n{}\n", reading.join("\n")).as_bytes());
    let both = desk.json("record 2.csv --sign-with acme.pem");
    assert_eq!(both["recorded"], 2);
}

#[test]
fn a_correction_says_which_rows_replaced_nothing() {
    let desk = works();
    rows(
        &desk,
        "1.csv",
        "",
        &[
            "2025-01-01,2026-01-01,1200,piece,,,,,,",
            "2025-01-01,2026-01-01,,,power,energy,1000,kWh,factor:e,primary",
        ],
    );
    desk.pcf("record 1.csv --sign-with acme.pem").ok();
    rows(
        &desk,
        "2.csv",
        "",
        &[
            "2025-01-01,2026-01-01,,,power,energy,1100,kWh,factor:e,primary",
            "2025-01-01,2026-01-01,,,electricity,energy,1200,kWh,factor:e,primary",
        ],
    );
    let tried = desk.pcf("record 2.csv --correct --sign-with acme.pem --dry-run");
    assert!(
        tried.out.contains("1 row replaced nothing: it stands beside what is there: 2.csv:3"),
        "{}",
        tried.out
    );
    let said = desk.json("record 2.csv --correct --sign-with acme.pem");
    assert_eq!((&said["corrected"], &said["replacedNothing"]), (&1.into(), &serde_json::json!(["2.csv:3"])));
    // Without a correction nobody meant to replace anything.
    rows(&desk, "3.csv", "", &["2025-01-01,2026-01-01,,,gas,energy,1,m3,factor:gas,primary"]);
    assert_eq!(desk.json("record 3.csv --sign-with acme.pem").get("replacedNothing"), None);
}

#[test]
fn a_meter_that_is_named_later_needs_the_old_reading_withdrawn() {
    let desk = works();
    rows(
        &desk,
        "1.csv",
        ",site",
        &[
            "2025-01-01,2026-01-01,100,piece,,,,,,,",
            "2025-01-01,2026-01-01,,,power,energy,1000,kWh,factor:e,primary,",
            "2025-01-01,2026-01-01,,,power,energy,900,kWh,factor:e,primary,P",
        ],
    );
    desk.pcf("record 1.csv --sign-with acme.pem").ok();
    let found = findings(&desk, "calculation");
    let remedy = found[0]["remedy"].as_str().unwrap();
    assert!(remedy.contains("withdraw both first (`pcf withdraw ID --reason"), "{remedy}");
    for statement in found[0]["statements"].as_array().unwrap() {
        withdraw(&desk, statement);
    }
    rows(
        &desk,
        "2.csv",
        ",meter,site",
        &[
            "2025-01-01,2026-01-01,,,power,energy,1000,kWh,factor:e,primary,M1,",
            "2025-01-01,2026-01-01,,,power,energy,900,kWh,factor:e,primary,M2,P",
        ],
    );
    desk.pcf("record 2.csv --sign-with acme.pem").ok();
    assert_eq!(kg(&desk), "9.5");
}

#[test]
fn a_wrong_last_day_is_mended_by_the_command_that_is_printed() {
    let desk = works();
    let with_end = |file: &str, end: &str| {
        let [made, used] = [",100,piece,,,,,,", ",,,power,energy,100,kWh,factor:e,primary"];
        rows(&desk, file, "", &[&format!("2025-01-01,{end}{made}"), &format!("2025-01-01,{end}{used}")]);
    };
    with_end("1.csv", "2025-12-31");
    desk.pcf("record 1.csv --sign-with acme.pem").ok();
    let found = findings(&desk, "period-end");
    assert_eq!(found.len(), 2);
    for finding in &found {
        let command = finding["command"].as_str().unwrap();
        assert!(command.starts_with("pcf withdraw "), "{command}");
        withdraw(&desk, &finding["statements"][0]);
    }
    with_end("2.csv", "2026-01-01");
    desk.pcf("record 2.csv --sign-with acme.pem").ok();
    assert_eq!(kg(&desk), "0.5");
    assert!(findings(&desk, "period-end").is_empty());
}

#[test]
fn a_bill_whose_parts_are_recorded_is_not_recorded_whole() {
    let desk = works();
    let bill = ["2025-03-15,2025-04-15,,,lorry,transport,0.3,t,factor:truck,primary,500,km"];
    rows(&desk, "bill.csv", ",times,times_unit", &bill);
    desk.pcf("record bill.csv --split-at 2025-04-01 --sign-with acme.pem").ok();
    let size = desk.size();
    let said = [
        "bill.csv:2: 2025-03-15..2025-04-15 is recorded already, split by days, in ",
        "(2025-03-15..2025-04-01)",
        "and would count twice beside them; nothing was appended, withdraw them first",
        "hint: pcf withdraw ",
    ];
    desk.pcf("record bill.csv --sign-with acme.pem").refused(1, &said);
    desk.pcf("record bill.csv --correct --sign-with acme.pem").refused(1, &said);
    desk.pcf("record bill.csv --split-at 2025-04-10 --sign-with acme.pem").refused(1, &said);
    assert_eq!(desk.size(), size, "nothing was appended");
    // The same parts again are skipped, and another bill of these days is another.
    let again = desk.json("record bill.csv --split-at 2025-04-01 --sign-with acme.pem");
    assert_eq!((&again["recorded"], &again["skipped"]), (&0.into(), &2.into()));
    rows(&desk, "other.csv", ",times,times_unit", &[&bill[0].replace("lorry", "van")]);
    desk.pcf("record other.csv --sign-with acme.pem").ok();
}

#[test]
fn an_allocation_of_one_output_with_its_own_flows_is_refused() {
    let desk = works();
    rows(
        &desk,
        "1.csv",
        ",allocation",
        &["2025-01-01,2026-01-01,100,piece,power,energy,1000,kWh,factor:e,primary,pieces"],
    );
    desk.pcf("record 1.csv --sign-with acme.pem")
        .refused(1, &["1.csv:2", "allocation", "this production has one output", "in a row without output"]);
    // Outputs in rows of their own, and the flow once.
    rows(
        &desk,
        "1.csv",
        ",allocation",
        &[
            "2025-01-01,2026-01-01,100,piece,,,,,,,pieces",
            "2025-01-01,2026-01-01,,,power,energy,1000,kWh,factor:e,primary,pieces",
        ],
    );
    desk.pcf("record 1.csv --sign-with acme.pem").ok();
    assert_eq!(kg(&desk), "5");
}

#[test]
fn what_is_part_of_a_readings_name_is_mended_by_withdrawing_it_first() {
    // A site that nothing was made at, two flows of one name, and a plant's own electricity.
    let production = "2025-01-01,2026-01-01,100,piece,,,,,,,,,,Plant 7";
    let cases = [
        (
            "calculation",
            vec!["2025-01-01,2026-01-01,,,power,energy,1000,kWh,factor:e,primary,,,,Plant 8"],
            vec!["2025-01-01,2026-01-01,,,power,energy,1000,kWh,factor:e,primary,,,,Plant 7"],
            "5",
        ),
        (
            "name-twice",
            vec![
                "2025-01-01,2026-01-01,,,lorry,transport,1,t,factor:truck,primary,100,km,,Plant 7",
                "2025-01-01,2026-01-01,,,lorry,transport,3,t,factor:truck,primary,300,km,,Plant 7",
            ],
            vec![
                "2025-01-01,2026-01-01,,,lorry 1,transport,1,t,factor:truck,primary,100,km,,Plant 7",
                "2025-01-01,2026-01-01,,,lorry 2,transport,3,t,factor:truck,primary,300,km,,Plant 7",
            ],
            "1",
        ),
    ];
    for (rule, wrong, right, figure) in cases {
        let desk = works();
        rows(&desk, "1.csv", ",times,times_unit,meter,site", &[vec![production], wrong].concat());
        desk.pcf("record 1.csv --sign-with acme.pem").ok();
        let found = findings(&desk, rule);
        let remedy = found[0]["remedy"].as_str().unwrap();
        assert!(remedy.contains("first (`pcf withdraw ID --reason 'recorded anew'"), "{rule}: {remedy}");
        withdraw(&desk, &found[0]["statements"][0]);
        rows(&desk, "2.csv", ",times,times_unit,meter,site", &right);
        desk.pcf("record 2.csv --sign-with acme.pem").ok();
        assert_eq!((kg(&desk), findings(&desk, rule).len()), (figure.into(), 0), "{rule}");
    }
}

#[test]
fn a_process_takes_the_units_of_another_once_its_own_outputs_are_withdrawn() {
    let desk = works();
    let products = |units_of: &str| {
        format!(
            "id,name,boundary,declared_amount,declared_unit,stage,process,signers,units_of\n\
             {A},A,cradle-to-gate,1,piece,production,casting,acme,{units_of}\n\
             {A},,,,,production,packing,acme,\n"
        )
    };
    desk.write("products.csv", products("").as_bytes());
    desk.pcf("product add products.csv --correct --sign-with acme.pem").ok();
    rows(
        &desk,
        "1.csv",
        "",
        &[
            "2025-01-01,2026-01-01,1320,piece,,,,,,",
            "2025-01-01,2026-01-01,,,power,energy,1320,kWh,factor:e,primary",
        ],
    );
    let casting = String::from_utf8(std::fs::read(desk.path("1.csv")).unwrap()).unwrap();
    let packing = casting.replace("casting", "packing").replace(",1320,", ",1200,");
    desk.write("2.csv", packing.as_bytes());
    desk.pcf("record 1.csv 2.csv --sign-with acme.pem").ok();
    let remedy = findings(&desk, "uneven-units")[0]["remedy"].as_str().unwrap().to_owned();
    assert!(remedy.contains("withdraw what the earlier process made (`pcf withdraw ID"), "{remedy}");
    desk.write("products.csv", products("packing").as_bytes());
    desk.pcf("product add products.csv --correct --sign-with acme.pem").ok();
    let found = findings(&desk, "calculation");
    assert!(
        found[0]["remedy"].as_str().unwrap().starts_with("withdraw what this process made"),
        "{}",
        found[0]
    );
    withdraw(&desk, &found[0]["statements"][0]);
    assert_eq!(kg(&desk), "1.05");
}
