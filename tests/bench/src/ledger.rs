//! A ledger for questions through the command: `ledger --products P --activities A --dir DIR` makes
//! it through the library and leaves it in `DIR/led`, with key files beside it. Five flows an
//! activity, up to ten activities of a product and year; ten products make a chain, so that the last
//! of each chain rests on a hundred activities.

use std::path::Path;
use std::time::Instant;

use pcf_ledger::codec::decode_draft;
use pcf_ledger::keyfile;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{PublicKey, Statement};
use pcf_ledger::sign::SigningKey;
use pcf_ledger::store::Store;

use crate::data::{self, BATCH, salt, split_mix};
use crate::{Fail, process};

/// Products that are made of each other, one after the other.
const CHAIN: u64 = 10;
/// Factors, of which each activity names four or five.
const FACTORS: u64 = 1_000;
/// When everything was signed.
const SIGNED_AT_S: u64 = 1_767_225_600;
/// The days between which the activities of a year lie.
const DAYS: [&str; 11] =
    ["01-01", "02-06", "03-15", "04-20", "05-27", "07-02", "08-08", "09-13", "10-20", "11-25", "01-01"];
/// The year of the first activities of each product; further ones lie in the years before.
const YEAR: u64 = 2025;

/// How large the ledger is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Products.
    pub products: u64,
    /// Activities about them.
    pub activities: u64,
}

/// Makes the ledger, and prints what a question about it needs.
pub fn make(size: Size, dir: &Path) -> Result<(), Fail> {
    let led = dir.join("led");
    if led.exists() {
        return Err(format!("{} is there already", led.display()).into());
    }
    std::fs::create_dir_all(dir)?;
    let start = Instant::now();
    for (name, key) in
        [("operator", data::operator()), ("log", data::log_key()), ("maker", data::maker().clone())]
    {
        keyfile::write_new(&dir.join(format!("{name}.pem")), &key.to_pem(None)?)?;
    }
    let mut ledger = Ledger::create(&led, data::genesis()?, &data::operator(), SIGNED_AT_S, &data::holder())?;
    ledger.append(&data::operator(), SIGNED_AT_S, &[actor()?])?;
    append(&mut ledger, (0..FACTORS).map(factor))?;
    append(&mut ledger, (0..size.products).map(product))?;
    append(&mut ledger, (0..size.activities).map(|n| activity(n, size.products)))?;
    ledger.flush()?;
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{}: {} products, {} activities, {} flows in {seconds:.1} s; on disk {:.0} MB",
        led.display(),
        size.products,
        size.activities,
        size.activities * 5,
        process::disk_bytes(&led)? as f64 / 1e6
    );
    println!("one: {} of {YEAR}, with the {CHAIN} products of its chain", id(CHAIN - 1));
    println!("keys: maker.pem, log.pem and operator.pem in {}", dir.display());
    Ok(())
}

/// Appends statements in submissions of the usual size.
fn append<S: Store>(
    ledger: &mut Ledger<S>,
    statements: impl Iterator<Item = Result<Statement, Fail>>,
) -> Result<(), Fail> {
    let mut statements = statements.peekable();
    while statements.peek().is_some() {
        let some = statements.by_ref().take(BATCH as usize).collect::<Result<Vec<_>, Fail>>()?;
        ledger.append(data::maker(), SIGNED_AT_S, &some)?;
    }
    Ok(())
}

fn id(n: u64) -> String {
    format!("urn:pact:maker.example:product-id:part-{n:06}")
}

fn actor() -> Result<Statement, Fail> {
    let public = |key: &SigningKey| PublicKey::from_bytes(key.verifying_key().to_bytes());
    let text = format!(
        r#"{{"actor":"maker","by":"operator","companyIds":["urn:maker:company:1"],"keys":["{}"],"name":"Maker","rights":{{"stages":["production"],"types":["activity","factor","product","publication"]}},"salt":"{}","type":"actor","v":"1"}}"#,
        public(data::maker()),
        salt(u64::MAX)
    );
    Ok(decode_draft(text.as_bytes())?)
}

fn factor(n: u64) -> Result<Statement, Fail> {
    let text = format!(
        r#"{{"by":"maker","category":"electricity.lifecycle","data":"secondary","factor":"f{n}","gwp":"AR6","licence":"public","name":"Factor {n}","salt":"{}","scope":"life-cycle","source":"ministry","type":"factor","unit":"kWh","v":"1","values":{{"fossilGhgEmissions":"0.{:04}"}},"year":"{YEAR}"}}"#,
        salt(u64::MAX - 1 - n),
        split_mix(n) % 900 * 10 + 1_001
    );
    Ok(decode_draft(text.as_bytes())?)
}

fn product(n: u64) -> Result<Statement, Fail> {
    let text = format!(
        r#"{{"boundary":"cradle-to-gate","by":"maker","declaredUnit":{{"amount":"1","unit":"piece"}},"ids":["{}"],"massPerDeclaredUnit":"1","name":"Part {n}","processes":[{{"name":"assembly","signers":["maker"],"stage":"production"}}],"salt":"{}","type":"product","v":"1"}}"#,
        id(n),
        salt(u64::MAX / 2 + n)
    );
    Ok(decode_draft(text.as_bytes())?)
}

/// Activity number `n`: neighbours are of different products.
fn activity(n: u64, products: u64) -> Result<Statement, Fail> {
    let (product, nth) = (n % products, n / products);
    let (year, part) = (YEAR - nth / CHAIN, (nth % CHAIN) as usize);
    let end_year = year + u64::from(part + 2 == DAYS.len());
    let random = |step: u64, below: u64| split_mix(n.wrapping_mul(16).wrapping_add(step)) % below + 1;
    let flow = |step: u64| match (step, product % CHAIN) {
        (0, place) if place > 0 => format!(
            r#"{{"amount":"{}","kind":"material","name":"part","product":"{}","unit":"piece"}}"#,
            random(step, 100),
            id(product - 1)
        ),
        _ => format!(
            r#"{{"amount":"{}","data":"primary","factor":"f{}","kind":"energy","name":"electricity, meter {step}","unit":"kWh"}}"#,
            random(step, 1_000),
            random(step + 8, FACTORS) - 1
        ),
    };
    let flows: Vec<String> = (0..5).map(flow).collect();
    let text = format!(
        r#"{{"by":"maker","flows":[{}],"outputs":[{{"amount":"{}","product":"{}","unit":"piece"}}],"period":{{"end":"{end_year}-{}","start":"{year}-{}"}},"process":"assembly","salt":"{}","stage":"production","type":"activity","v":"1"}}"#,
        flows.join(","),
        random(15, 1_000) + 100,
        id(product),
        DAYS.get(part + 1).ok_or("a day")?,
        DAYS.get(part).ok_or("a day")?,
        salt(n)
    );
    Ok(decode_draft(text.as_bytes())?)
}
