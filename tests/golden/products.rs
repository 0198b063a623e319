//! The two ledgers of real products: the bottle of `pcf demo` and the corrugated box of
//! `tests/corrugated`,
//! from the same input files. It owns their makers, and the commands that only they have.

use std::fs;
use std::path::Path;

use pcf_files::supplier;
use pcf_ledger::codec::figures_digest;
use pcf_ledger::model::{Digest, FootprintId, PublicationStatus};
use pcf_ledger::publish;
use serde_json::{Value, json};

use crate::commands::Asked;
use crate::desk::Desk;
use crate::maker::{Maker, Publish, actor};

const BOTTLE: &str = "urn:gtin:06901234000016";
const BILLET: &str = "urn:pact:shanlan-metal.example:product-id:billet-1070";
const BOX: &str = "urn:pact:linjiang-packaging.example:product-id:0201-400x300x250-b";
/// A product may be named instead of its id.
const BOX_NAME: &str = "Corrugated box 400 x 300 x 250 mm";
const OWN_AMOUNTS: &str = "The amounts are the example’s own; no such company or bottle exists.";
const DEMO_FACTORS: &[&str] = &[
    "cn.mee.elec_footprint.2024.national",
    "uk.desnz2025.1_100_1004_1_1",
    "uk.desnz2025.11_100_1004_1_1",
    "uk.desnz2025.27_304_3132_14_1",
    "uk.desnz2025.28_907_3132_14_1",
    "uk.desnz2025.17_404_4005_1_1",
    "uk.desnz2025.19_504_5104_15_1",
    "uk.desnz2025.19_504_5107_15_1",
    "uk.desnz2025.19_505_5124_15_1",
    "uk.desnz2025.20_504_5352_15_1",
    "uk.desnz2025.20_505_5425_15_1",
    "uk.desnz2025.20_505_5390_15_1",
];
const BOX_FACTORS: &[&str] = &[
    "cn.mee.elec_footprint.2024.national",
    "uk.desnz2025.11_100_1004_1_1",
    "uk.desnz2025.17_404_4005_1_1",
    "uk.desnz2025.19_505_5124_15_1",
    "uk.desnz2025.19_506_5159_15_1",
    "uk.desnz2025.1_100_1004_1_1",
    "uk.desnz2025.20_506_5443_15_1",
    "uk.desnz2025.27_304_3132_14_1",
    "uk.desnz2025.28_907_3132_14_1",
];

fn read(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

fn demo_actors() -> Vec<Value> {
    let id = |name: &str| json!({"companyIds": [format!("urn:pact:{name}.example:company-id:1")]});
    let bottle = ["activity", "factor", "product", "publication", "supplierFootprint"];
    vec![
        actor(
            "linhu-bottle",
            "Linhu Bottle 临湖瓶业 (example)",
            &bottle,
            &["design", "procurement", "production", "use"],
            id("linhu"),
        ),
        actor(
            "shanlan-metal",
            "Shanlan Metal 山岚铝业 (example)",
            &["activity", "product", "publication"],
            &["procurement", "production"],
            id("shanlan-metal"),
        ),
        actor(
            "jiangnan-carrier",
            "Jiangnan Carrier 江南物流 (example)",
            &["activity"],
            &["procurement", "transport", "storage"],
            json!({}),
        ),
        actor(
            "xunhuan-recycler",
            "Xunhuan Recycling 循环再生 (example)",
            &["activity"],
            &["recycling"],
            json!({}),
        ),
        actor(
            "zhongheng-assurance",
            "Zhongheng Assurance 中衡核查 (example)",
            &["assurance"],
            &[],
            json!({}),
        ),
    ]
}

/// The life of the demo's bottle: recorded, drafted, assured, published.
pub fn demo() -> Desk {
    let mut maker = Maker::new("linhu.example/bottles");
    let (linhu, shanlan) = ("linhu-bottle", "shanlan-metal");
    for actor in demo_actors() {
        maker.key_file(actor["actor"].as_str().unwrap());
        maker.one("operator", actor);
    }
    maker.factors(linhu, DEMO_FACTORS);
    let input = |file: &str| read(&format!("src/cli/demo/{file}"));
    maker.record(shanlan, "product-ingot.csv", &input("product-ingot.csv"));
    maker.record(linhu, "product-bottle.csv", &input("product-bottle.csv"));
    let cap = input("cap-pact.json");
    maker.write("inputs/cap-pact.json", &cap);
    let (bought, _) = supplier::read(cap.as_bytes(), &linhu.parse().unwrap(), Vec::new()).unwrap();
    maker.append(linhu, vec![bought.statement]);
    maker.record(shanlan, "activities-ingot.csv", &input("activities-ingot.csv"));
    maker.record(linhu, "activities-bottle.csv", &input("activities-bottle.csv"));
    maker.record("jiangnan-carrier", "activities-carrier.csv", &input("activities-carrier.csv"));
    maker.record("xunhuan-recycler", "activities-recycler.csv", &input("activities-recycler.csv"));
    let mut asked = Publish::of(BOTTLE, "2024", PublicationStatus::Draft);
    asked.comment = Some(OWN_AMOUNTS);
    let draft = maker.publish(linhu, &asked);
    assure(&mut maker, "zhongheng-assurance", &draft);
    (asked.status, asked.standards) = (PublicationStatus::Final, &["ISO14067"]);
    maker.publish(linhu, &asked);
    let changed = input("activities-bottle.csv").replace(",26400,kg,", ",26500,kg,");
    maker.write("inputs/changed.csv", changed);
    let earlier = input("activities-carrier.csv").replace("2025-01-01", "2024-01-01");
    maker.write("inputs/earlier-haulage.csv", earlier.replace(",2024-01-01,2024-", ",2023-01-01,2024-"));
    maker.write("inputs/newer-cap.json", newer_cap(&cap));
    let mut products = Vec::new();
    for held in maker.ledger.book().products().unwrap().into_values() {
        products.extend(maker.ledger.statement_bytes(&held.id).unwrap());
        products.push(b'\n');
    }
    maker.write("inputs/products.jsonl", products);
    Desk::new("demo", maker, Asked::of(BOTTLE, "2024", linhu).beside(BILLET), &DEMO_LINES)
}

/// A later document of the same supplier, which follows the one that the flows name.
fn newer_cap(cap: &str) -> String {
    let mut newer: Value = serde_json::from_str(cap).unwrap();
    newer["precedingPfIds"] = json!([newer["id"]]);
    newer["id"] = "11111111-2222-4333-8444-555555555555".into();
    newer.to_string()
}

/// An auditor's opinion on the figures of a publication and on the newest state.
pub fn assure(maker: &mut Maker, auditor: &str, footprint: &FootprintId) {
    let (_, publication) = publish::find(&maker.ledger, footprint).unwrap();
    let newest = maker.ledger.book().states().unwrap().last_key_value();
    let root = newest.map(|(_, (_, root))| *root).unwrap();
    let log =
        json!({"root": Digest::from_bytes(maker.ledger.root()), "size": maker.ledger.size().to_string()});
    let opinion = json!({"type": "assurance", "by": auditor, "figures": figures_digest(&publication).unwrap(),
        "findings": ["none to report"], "level": "limited", "log": log, "opinion": "unmodified",
        "scope": "all stages, figures calculated again", "standard": "ISO 14064-3:2019", "stateRoot": root});
    maker.one(auditor, opinion);
}

const DEMO_LINES: [&str; 12] = [
    "footprint {product} --period 2024 --what-if inputs/changed.csv",
    "record inputs/changed.csv --sign-with keys/linhu-bottle.pem --dry-run",
    "record inputs/changed.csv --sign-with keys/linhu-bottle.pem --dry-run --correct",
    "record inputs/activities-bottle.csv --sign-with keys/linhu-bottle.pem --dry-run",
    "record inputs/activities-bottle.csv --sign-with keys/jiangnan-carrier.pem --dry-run",
    "record inputs/cap-pact.json --sign-with keys/linhu-bottle.pem --dry-run",
    "product add inputs/product-bottle.csv --sign-with keys/linhu-bottle.pem --dry-run",
    "factor use uk.desnz2025.1_100_1004_1_1 --sign-with keys/linhu-bottle.pem --dry-run",
    "factor use uk.desnz2025.1_100_1004_1_2 --sign-with keys/linhu-bottle.pem --dry-run",
    "supplier add inputs/cap-pact.json --sign-with keys/linhu-bottle.pem",
    "template out/mapping.toml --mapping-for inputs/activities-bottle.csv",
    "assure {product} --level limited --standard s --scope s --sign-with keys/jiangnan-carrier.pem",
];

/// The corrugated box, from the tables that fill the workbook of `tests/corrugated`.
pub fn corrugated() -> Desk {
    let mut maker = Maker::new("linjiang-packaging.example/ledger");
    let types = ["activity", "factor", "product", "publication"];
    let company = json!({"companyIds": ["urn:pact:linjiang-packaging.example:company-id:1"]});
    let name = "Linjiang Packaging (example)";
    maker.key_file("linjiang");
    maker.one("operator", actor("linjiang", name, &types, &["procurement", "production"], company));
    let input = |file: &str| read(&format!("tests/corrugated/{file}.csv"));
    maker.record("linjiang", "factors.csv", &input("Factors"));
    maker.record("linjiang", "products.csv", &input("Products"));
    maker.record("linjiang", "activities.csv", &input("Activities"));
    maker.factors("linjiang", BOX_FACTORS);
    maker.publish("linjiang", &Publish::of(BOX, "2024", PublicationStatus::Final));
    let cleaner = input("Activities").replace(",38500,kWh,", ",30000,kWh,");
    maker.write("inputs/changed.csv", &cleaner);
    maker.write(
        "inputs/broken.csv",
        cleaner.replace(",346,t,", ",3x6,t,").replace("2024-01-01", "2024-13-01"),
    );
    Desk::new("box", maker, Asked::of(BOX, "2024", "linjiang").beside(BOX_NAME), &BOX_LINES)
}

const BOX_LINES: [&str; 6] = [
    "footprint {product} --period 2024 --what-if inputs/changed.csv",
    "record inputs/changed.csv --sign-with keys/linjiang.pem --dry-run --correct",
    "record inputs/broken.csv --sign-with keys/linjiang.pem --dry-run",
    "record inputs/none.csv --sign-with keys/linjiang.pem --dry-run",
    "factor add inputs/factors.csv --sign-with keys/linjiang.pem --dry-run",
    "factor add inputs/products.csv --sign-with keys/linjiang.pem --dry-run",
];
