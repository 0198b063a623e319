//! What statements cause is said when they are recorded; `--strict` records nothing of what needs
//! attention.

use pcf_testing::calendar::{moved, year};
use pcf_testing::desk::Desk;
use serde_json::Value;

use crate::PCF;

/// Electricity of ten times the usual amount in the last of four quarters.
fn with_a_slip() -> Desk {
    let desk = Desk::with_acme(PCF);
    desk.write(
        "products.csv",
        b"id,name,boundary,declared_amount,declared_unit,stage,process,signers\n\
          urn:pact:acme.example:product-id:A,A,cradle-to-gate,1,piece,production,casting,acme\n",
    );
    let factors = format!(
        "id,name,category,unit,kgco2e,gwp_set,scope,year,source,licence,data\n\
         grid,Grid,electricity.lifecycle,kWh,0.5,AR6,life-cycle,{},x,x,secondary\n",
        year(2025)
    );
    desk.write("factors.csv", factors.as_bytes());
    let head = "stage,process,start,end,product,output,output_unit,flow,kind,amount,unit,source,data";
    let row = |start: &str, end: &str, kwh: u32| {
        let of = "urn:pact:acme.example:product-id:A,100,piece,grid,energy";
        format!("production,casting,{start},{end},{of},{kwh},kWh,factor:grid,primary")
    };
    let quarters = [("2025-01-01", "2025-04-01"), ("2025-04-01", "2025-07-01"), ("2025-07-01", "2025-10-01")];
    let good: Vec<String> = quarters.iter().map(|(start, end)| row(start, end, 50)).collect();
    desk.write("good.csv", moved(&format!("{head}\n{}\n", good.join("\n"))).as_bytes());
    desk.write("slip.csv", moved(&format!("{head}\n{}\n", row("2025-10-01", "2026-01-01", 500))).as_bytes());
    for file in ["factors.csv", "products.csv", "good.csv"] {
        desk.pcf(&format!("record {file} --strict --sign-with acme.pem")).ok();
    }
    desk
}

#[test]
fn strict_records_nothing_that_needs_attention_and_says_what_it_is() {
    let desk = with_a_slip();
    let size = desk.size();
    desk.pcf("record slip.csv --strict --sign-with acme.pem").refused(
        1,
        &["nothing was appended: the statements cause 1 finding that needs attention", "far-from-before"],
    );
    assert_eq!(desk.size(), size);
}

#[test]
fn what_statements_cause_is_said_after_they_are_recorded() {
    let desk = with_a_slip();
    let recorded = desk.json("record slip.csv --sign-with acme.pem");
    let caused = &recorded["caused"];
    assert_eq!(
        (&caused["attention"], &caused["weighs"]),
        (&Value::from(1), &Value::Bool(true)),
        "{caused:#}"
    );
    assert_eq!(caused["findings"][0]["rule"], "far-from-before");
}
