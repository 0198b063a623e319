//! Targets, earlier log sizes, tried statements, compared publications and imported packages give
//! the right answers through the command.

use std::fs;

use pcf_testing::desk::{BOTTLE, Desk};
use serde_json::Value;

use crate::PCF;

/// A product with electricity of one year, published; then the same product with a cleaner supply.
fn with_electricity() -> Desk {
    let desk = Desk::with_acme(PCF);
    desk.pcf("actor add acme --type annual --type publication --sign-with led-keys/operator.pem").ok();
    desk.write("products.csv", BOTTLE);
    desk.write(
        "factors.csv",
        b"id,name,category,unit,kgco2e,gwp_set,scope,year,source,licence,data\n\
          grid-2020,Grid,electricity.lifecycle,kWh,0.8,AR6,life-cycle,2020,x,x,secondary\n\
          grid-2025,Grid,electricity.lifecycle,kWh,0.5,AR6,life-cycle,2025,x,x,secondary\n\
          direct-2020,Grid direct,electricity.generation,kWh,0.6,AR6,direct,2020,x,x,secondary\n\
          direct-2025,Grid direct,electricity.generation,kWh,0.4,AR6,direct,2025,x,x,secondary\n",
    );
    desk.write("y2020.csv", activity(2020, 1000, "grid-2020").as_bytes());
    desk.write("y2025.csv", activity(2025, 900, "grid-2025").as_bytes());
    for line in ["product add products.csv", "factor add factors.csv", "record y2020.csv", "record y2025.csv"]
    {
        desk.pcf(&format!("{line} --sign-with acme.pem")).ok();
    }
    desk
}

fn activity(year: i32, kwh: u32, factor: &str) -> String {
    format!(
        "stage,process,site,start,end,product,output,output_unit,flow,kind,amount,unit,source\n\
         production,casting,Plant 7,{year}-01-01,{}-01-01,urn:gtin:06901234000016,100,piece,electricity,energy,{kwh},kWh,factor:{factor}\n",
        year + 1
    )
}

fn text<'v>(value: &'v Value, path: &str) -> &'v str {
    value.pointer(path).and_then(Value::as_str).unwrap_or_else(|| panic!("{path} in {value}"))
}

#[test]
fn years_from_a_spreadsheet_become_intensities_causes_a_peak_and_a_verdict() {
    let desk = with_electricity();
    desk.write(
        "years.csv",
        b"subject,year,value_added,energy,energy_unit,direct_emissions_kg,output,output_unit\n\
          Plant 7,2020,1000,50,GJ,1000,100,t\nPlant 7,2025,1200,52,GJ,950,110,t\n",
    );
    desk.pcf("record years.csv --sign-with acme.pem").ok();
    let base: Vec<&str> = vec![
        "target",
        "Plant 7",
        "--base",
        "2020",
        "--electricity",
        "direct-2020",
        "--electricity",
        "direct-2025",
    ];
    let mut goal = base.clone();
    goal.extend([
        "--goal",
        "13.5",
        "--by-year",
        "2025",
        "--product",
        "Bottle",
        "--chart",
        "years.svg",
        "--format",
        "json",
    ]);
    // 1 - (52/1200)/(50/1000) is 13.333333 %: just missed.
    let ran = desk.run(&goal);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let answer: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(text(&answer, "/years/1/energyIntensityDecrease"), "13.333333");
    assert_eq!(text(&answer, "/goal/percentAYear"), "2.858854");
    assert_eq!(text(&answer, "/goal/status"), "missed");
    assert_eq!(text(&answer, "/goal/againstBenchmark"), "unknown");
    // 1000 + 1000 kWh * 0.6, and 950 + 900 kWh * 0.4; at the base year's factor 950 + 540.
    assert_eq!(text(&answer, "/years/0/emissions"), "1600");
    assert_eq!(text(&answer, "/years/1/emissions"), "1310");
    assert_eq!(text(&answer, "/years/1/changeByActivity"), "-110");
    assert_eq!(text(&answer, "/years/1/changeByFactors"), "-180");
    assert_eq!(text(&answer, "/peak/status"), "provisional");
    // 8 kg, then 4.5: one kWh less at 0.8, and nine kWh at 0.3 less.
    assert_eq!(text(&answer, "/product/years/1/kgCo2e"), "4.5");
    assert_eq!(text(&answer, "/product/years/1/byActivity"), "-0.8");
    assert_eq!(text(&answer, "/product/years/1/byFactors"), "-2.7");
    let svg = fs::read_to_string(desk.path("years.svg")).unwrap();
    assert!(svg.starts_with("<svg") && svg.contains("1310") && svg.contains("highest in 2020 (provisional)"));
    let mut met = base.clone();
    met.extend(["--goal", "13", "--by-year", "2025", "--benchmark", "12"]);
    let out = desk.run(&met).ok();
    assert!(out.contains(": met.") && out.contains("12 %: at least as far"), "{out}");
    assert!(out.contains("Highest year 2020: provisional."), "{out}");
    // The chart in the terminal: the higher year has the longer bar, in proportion.
    let bar = |year: &str, kg: &str| {
        let line = out.lines().find(|line| line.starts_with(year) && line.contains(kg));
        line.unwrap_or_else(|| panic!("{year} with {kg} in {out}")).chars().filter(|c| *c == '#').count()
    };
    let (most, less) = (bar("2020", "1600"), bar("2025", "1310"));
    assert!(most >= 10 && less == most * 1310 / 1600, "{most} {less} in {out}");
    let mut absent = base;
    absent[3] = "2019";
    desk.run(&absent).refused(
        1,
        &["expected an annual statement of the base year 2019, got those of 2020, 2025", "hint: "],
    );
}

#[test]
fn a_footprint_as_of_an_earlier_size_does_not_know_what_came_later() {
    let desk = with_electricity();
    let size = desk.size();
    desk.write("better.csv", activity(2025, 600, "grid-2025").as_bytes());
    desk.pcf("record better.csv --correct --sign-with acme.pem").ok();
    let now = desk.json("footprint Bottle --period 2025");
    assert_eq!(text(&now, "/figures/gate/excludingUptake"), "3");
    let then = desk.json(&format!("footprint Bottle --period 2025 --as-of {size}"));
    assert_eq!(text(&then, "/figures/gate/excludingUptake"), "4.5");
    assert_eq!(text(&then, "/logSize"), size.to_string());
    desk.pcf("footprint Bottle --period 2025 --as-of 999").refused(2, &["at most", "got 999"]);
}

#[test]
fn a_file_that_is_only_tried_shows_before_and_after_and_records_nothing() {
    let desk = with_electricity();
    let size = desk.size();
    desk.write("better.csv", activity(2025, 600, "grid-2020").as_bytes());
    let tried = desk.json("footprint Bottle --period 2025 --what-if better.csv");
    for (path, expected) in [
        ("/difference/before", "4.5"),
        ("/difference/after", "4.8"),
        ("/difference/difference", "0.3"),
        ("/difference/byActivity", "-1.5"),
        ("/difference/byFactors", "1.8"),
        ("/difference/rounding", "0"),
    ] {
        assert_eq!(text(&tried, path), expected, "{path}");
    }
    assert_eq!(tried["replaced"].as_array().unwrap().len(), 1);
    let out = desk.pcf("footprint Bottle --period 2025 --what-if better.csv").ok();
    assert!(out.contains("Nothing was recorded"), "{out}");
    assert_eq!(desk.size(), size);
    desk.pcf("footprint Bottle --period 2025 --what-if absent.csv")
        .refused(3, &["absent.csv", "cannot be read"]);
}

#[test]
fn two_publications_are_explained_flow_by_flow_and_the_parts_sum_to_the_difference() {
    let desk = with_electricity();
    let publish = |year: &str| {
        let said = desk.json(&format!("publish Bottle --period {year} --valid-until 2099-12-31 --draft --sign-with acme.pem --log-key led-keys/log.pem --out out{year}"));
        text(&said, "/footprint").to_owned()
    };
    let (first, second) = (publish("2020"), publish("2025"));
    let found = desk.json(&format!("footprint --difference {first} {second}"));
    for (path, expected) in [
        ("/difference/before", "8"),
        ("/difference/after", "4.5"),
        ("/difference/byActivity", "-0.8"),
        ("/difference/byFactors", "-2.7"),
        ("/difference/flows/0/flow", "electricity"),
    ] {
        assert_eq!(text(&found, path), expected, "{path}");
    }
    let out = desk.pcf(&format!("footprint --difference {first} {second}")).ok();
    assert!(out.contains("factor grid-2020 -> factor grid-2025"), "{out}");
    desk.pcf(&format!("footprint --difference {first} 11111111-2222-4333-8444-555555555555"))
        .refused(1, &["no publication"]);
}

#[test]
fn an_openlca_package_becomes_products_and_says_what_it_left_out() {
    let desk = Desk::with_acme(PCF);
    let write = |name: &str, body: &str| {
        let path = desk.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, body).unwrap();
    };
    write(
        "lca/flows/co2.json",
        r#"{"@id":"co2","name":"Carbon dioxide, fossil","flowType":"ELEMENTARY_FLOW"}"#,
    );
    write("lca/flows/ore.json", r#"{"@id":"ore","name":"Ore","flowType":"PRODUCT_FLOW"}"#);
    write("lca/flows/iron.json", r#"{"@id":"iron","name":"Iron","flowType":"PRODUCT_FLOW"}"#);
    write(
        "lca/processes/iron.json",
        r#"{"@id":"11111111-0000-4000-8000-000000000001","name":"Iron making","exchanges":[
            {"isQuantitativeReference":true,"amount":2,"flow":{"@id":"iron","name":"Iron"},"unit":{"name":"t"}},
            {"isInput":true,"amount":3,"flow":{"@id":"ore","name":"Ore"},"unit":{"name":"t"}},
            {"amount":3600,"flow":{"@id":"co2","name":"Carbon dioxide, fossil"},"unit":{"name":"kg"}}]}"#,
    );
    let ran = desk.pcf("product import lca --period 2017 --report cut.json --sign-with acme.pem");
    assert!(
        ran.err.contains("cut off: no process of the package provides it: 1 (Ore in Iron making)"),
        "{}",
        ran.err
    );
    ran.ok();
    let report: Value = serde_json::from_slice(&fs::read(desk.path("cut.json")).unwrap()).unwrap();
    assert_eq!(text(&report, "/findings/0/kind"), "no-provider");
    let figure = desk.json("footprint urn:uuid:11111111-0000-4000-8000-000000000001 --period 2017");
    assert_eq!(text(&figure, "/figures/gate/excludingUptake"), "1800");
    desk.pcf("product import cut.json --period 2017 --sign-with acme.pem")
        .refused(1, &["expected a zip file or a folder"]);
}

#[test]
fn a_long_file_is_foreseen_in_time_and_told_in_few_lines() {
    let desk = Desk::with_bottle(PCF);
    let header = "stage,process,start,end,product,output,output_unit,flow,kind,amount,unit,source,data\n";
    let mut rows = header.to_owned();
    let mut day: pcf_ledger::model::Date = "2016-01-01".parse().unwrap();
    for _ in 0..1500 {
        let next = day.next_day().unwrap();
        rows.push_str(&format!("production,casting,{day},{next},urn:gtin:06901234000016,100,piece,grid electricity,energy,900,kWh,factor:unknown.one,primary\n"));
        day = next;
    }
    desk.write("days.csv", rows.as_bytes());
    let ran = desk.pcf("record days.csv --sign-with acme.pem --dry-run");
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.out.lines().count() < 400, "{} lines", ran.out.lines().count());
    assert!(
        ran.out.contains("calculation: and ") && ran.out.contains(" more; --format json has all"),
        "{}",
        ran.out
    );
    assert!(!ran.out.contains("statement days.csv"), "a place stands for the statement\u{2019}s id");
    assert!(
        !ran.err.contains("the period ends before"),
        "a day that ends a month is followed by the next: {}",
        ran.err
    );
}
