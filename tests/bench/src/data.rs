//! The statements that are measured: made from their number alone, the same on every run and every machine.

use std::sync::OnceLock;

use pcf_ledger::codec::{decode_draft, leaf_hash};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{Genesis, PublicKey, Salt, Statement};
use pcf_ledger::sign::{Seal, SigningKey};
use pcf_ledger::store::{Holder, Store};

use crate::Fail;

/// Activity statements in one submission.
pub const BATCH: u64 = 1_000;
/// Activity statements about one product: ten years of months.
const PER_PRODUCT: u64 = 100;

/// One activity statement with what an index wants to know of it.
pub struct Row {
    pub bytes: Vec<u8>,
    pub product: String,
    /// Product, stage, process and period in one text.
    pub subject: String,
}

pub fn operator() -> SigningKey {
    SigningKey::generate([1; 32])
}

pub fn log_key() -> SigningKey {
    SigningKey::generate([3; 32])
}

/// The key that signs activities, made once: whoever signs has it at hand.
pub fn maker() -> &'static SigningKey {
    static KEY: OnceLock<SigningKey> = OnceLock::new();
    KEY.get_or_init(|| SigningKey::generate([10; 32]))
}

pub fn holder() -> Holder {
    Holder { label: "bench".into(), started: "2026-01-01T00:00:00Z".into() }
}

pub fn genesis() -> Result<Genesis, Fail> {
    let public = |key: &SigningKey| PublicKey::from_bytes(key.verifying_key().to_bytes());
    Ok(Genesis {
        by: "operator".parse()?,
        log_key: public(&log_key()),
        operator_key: public(&operator()),
        origin: "bench.example/ledger".parse()?,
        recovery_key: public(&SigningKey::generate([2; 32])),
        salt: Salt::from_bytes([0; 16]),
        r#type: Default::default(),
        v: Default::default(),
    })
}

/// How many products `count` activity statements speak of.
pub fn products(count: u64) -> u64 {
    count.div_ceil(PER_PRODUCT).max(1)
}

fn product_id(n: u64) -> String {
    format!("urn:pact:maker.example:product-id:part-{n:06}")
}

pub fn salt(n: u64) -> String {
    let mut bytes = [0; 16];
    for (half, step) in bytes.chunks_exact_mut(8).zip(0..) {
        half.copy_from_slice(&split_mix(n.wrapping_mul(2).wrapping_add(step)).to_be_bytes());
    }
    Salt::from_bytes(bytes).to_string()
}

/// SplitMix64 (Steele, Lea, Flood 2014): spreads a counter over 64 bits.
pub fn split_mix(n: u64) -> u64 {
    let mut z = n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Activity statement number `n` about so many products: neighbours speak of different ones.
pub fn row(n: u64, products: u64) -> Row {
    about(n, product_id(n % products), n / products)
}

/// A statement about the first product that no other number makes: a batch of its own.
pub fn spare(n: u64) -> Row {
    let mut row = about(n, product_id(0), n % PER_PRODUCT);
    let batch = format!(r#"{{"batch":"{n}","#);
    row.bytes.splice(..1, batch.into_bytes());
    row
}

fn about(n: u64, product: String, month: u64) -> Row {
    let start = format!("{}-{:02}-01", 2015 + month / 12, month % 12 + 1);
    let end = format!("{}-{:02}-01", 2015 + (month + 1) / 12, (month + 1) % 12 + 1);
    let amount = |step: u64, below: u64| split_mix(n.wrapping_mul(8).wrapping_add(step)) % below + 1;
    let bytes = format!(
        concat!(
            r#"{{"by":"maker","flows":[{{"amount":"{}","data":"primary","factor":"grid","kind":"energy","name":"grid electricity, hall 7","unit":"kWh"}},"#,
            r#"{{"amount":"{}.{}","data":"primary","factor":"grid","kind":"energy","name":"compressed air, by meter","unit":"kWh"}},"#,
            r#"{{"amount":"0.{:03}","gas":"HFC134a","kind":"emission","name":"refrigerant lost","unit":"kg"}}],"#,
            r#""outputs":[{{"amount":"{}","product":"{}","unit":"piece"}}],"period":{{"end":"{}","start":"{}"}},"process":"assembly","salt":"{}","stage":"production","type":"activity","v":"1"}}"#
        ),
        amount(0, 90_000),
        amount(1, 9_000),
        amount(2, 9),
        amount(3, 90) * 10 + 1,
        amount(4, 20_000),
        product,
        end,
        start,
        salt(n)
    );
    let subject = format!("{product}|production|assembly|{start}|{end}");
    Row { bytes: bytes.into_bytes(), product, subject }
}

/// The rows of submission number `batch` of `count` rows.
pub fn batch(batch: u64, count: u64, products: u64) -> Vec<Row> {
    (batch * BATCH..((batch + 1) * BATCH).min(count)).map(|n| row(n, products)).collect()
}

/// What every engine does first with a submission: the statements' leaf hashes, and the seal over them.
pub fn seal(ledger_id: [u8; 32], rows: &[Row]) -> Result<(Seal, Vec<[u8; 32]>), Fail> {
    let leaves: Vec<[u8; 32]> = rows.iter().map(|row| leaf_hash(&row.bytes)).collect();
    Ok((Seal::sign(maker(), ledger_id, 1_767_225_600, &leaves)?, leaves))
}

/// Actors, factor and products, so that the activity statements can be admitted.
pub fn prepare<S: Store>(ledger: &mut Ledger<S>, products: u64) -> Result<(), Fail> {
    let now = 1_767_225_600;
    let maker_key = PublicKey::from_bytes(maker().verifying_key().to_bytes());
    let actor = format!(
        r#"{{"actor":"maker","by":"operator","keys":["{maker_key}"],"name":"Maker","rights":{{"stages":["production"],"types":["activity","factor","product","publication"]}},"salt":"{}","type":"actor","v":"1"}}"#,
        salt(u64::MAX)
    );
    ledger.append(&operator(), now, &[decode_draft(actor.as_bytes())?])?;
    let factor = format!(
        r#"{{"by":"maker","category":"electricity.lifecycle","data":"secondary","factor":"grid","gwp":"unstated","licence":"public","name":"Grid electricity","salt":"{}","scope":"life-cycle","source":"ministry","type":"factor","unit":"kWh","v":"1","values":{{"fossilGhgEmissions":"0.5777"}},"year":"2024"}}"#,
        salt(u64::MAX - 1)
    );
    let mut statements = vec![decode_draft(factor.as_bytes())?];
    for n in 0..products {
        statements.push(product(n)?);
        if statements.len() == 1_000 {
            ledger.append(maker(), now, &statements)?;
            statements.clear();
        }
    }
    if !statements.is_empty() {
        ledger.append(maker(), now, &statements)?;
    }
    Ok(())
}

fn product(n: u64) -> Result<Statement, Fail> {
    let text = format!(
        r#"{{"boundary":"cradle-to-gate","by":"maker","declaredUnit":{{"amount":"1","unit":"piece"}},"ids":["{}"],"name":"Part {n}","processes":[{{"name":"assembly","signers":["maker"],"stage":"production"}}],"salt":"{}","type":"product","v":"1"}}"#,
        product_id(n),
        salt(u64::MAX / 2 + n)
    );
    Ok(decode_draft(text.as_bytes())?)
}
