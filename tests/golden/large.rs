//! A ledger of a hundred thousand statements: three hundred products, each made of the one before
//! it, in
//! submissions of a thousand batches. Few verbs run on it; it shows what only length shows.

use std::fmt::Write as _;

use pcf_ledger::model::PublicationStatus;
use serde_json::json;

use crate::commands::Asked;
use crate::desk::Desk;
use crate::maker::{Maker, Publish, actor};

const PRODUCTS: usize = 300;
const SUBMISSIONS: usize = 100;
const STATEMENTS: usize = 1_000;
/// A product is made of the one before it, but for every tenth.
const CHAIN: usize = 10;

fn id(n: usize) -> String {
    format!("urn:pact:large.example:product-id:part-{n:03}")
}

/// One statement a row: a batch of one product.
fn rows(from: usize) -> String {
    let mut text =
        "stage,process,site,start,end,batch,product,output,output_unit,flow,kind,amount,unit,source\n"
            .to_owned();
    for n in from..from + STATEMENTS {
        let part = n % PRODUCTS;
        let (amount, unit, source) = match part % CHAIN {
            0 => (100 + n % 97, "kWh", "factor:grid".to_owned()),
            _ => (1 + n % 7, "kg", format!("product:{}", id(part - 1))),
        };
        let kind = if unit == "kWh" { "energy" } else { "material" };
        let (year, output) = (2024 + n / PRODUCTS % 2, 50 + n % 13);
        let _ = writeln!(
            text,
            "production,making,Hall {},{year}-01-01,{}-01-01,B{n},{},{output},kg,input,{kind},{amount},\
             {unit},{source}",
            n % 5,
            year + 1,
            id(part)
        );
    }
    text
}

/// The ledger, published once.
pub fn large() -> Desk {
    let mut maker = Maker::new("large.example/ledger");
    maker.key_file("maker");
    let types = ["activity", "factor", "product", "publication"];
    let company = json!({"companyIds": ["urn:maker:company:1"]});
    maker.one("operator", actor("maker", "Maker Ltd", &types, &["production"], company));
    let grid = json!({"type": "factor", "by": "maker", "factor": "grid", "name": "grid", "unit": "kWh",
        "category": "electricity.lifecycle", "scope": "life-cycle", "data": "secondary", "year": "2024",
        "source": "a source", "licence": "open", "gwp": "AR6", "values": {"fossilGhgEmissions": "0.5777"}});
    maker.one("maker", grid);
    let product = |n: usize| {
        json!({"type": "product", "by": "maker", "ids": [id(n)], "name": format!("Part {n:03}"),
            "boundary": "cradle-to-gate", "declaredUnit": {"amount": "1", "unit": "kg"},
            "massPerDeclaredUnit": "1", 
            "processes": [{"name": "making", "stage": "production", "signers": ["maker"]}]})
    };
    maker.say("maker", (0..PRODUCTS).map(product).collect());
    for n in 0..SUBMISSIONS {
        maker.record("maker", "batches.csv", &rows(n * STATEMENTS));
    }
    maker.publish("maker", &Publish::of(&id(9), "2024", PublicationStatus::Draft));
    Desk::new("large", maker, Asked::of(&id(9), "2024", "maker").beside(&id(299)), &[])
}
