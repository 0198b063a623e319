//! Builders that several test runners share. This root has keys, statements as JSON and a small
//! ledger that calculates; `inventory` builds
//! inventories without a ledger, `world` a ledger with a publication and its proof, `desk` a
//! directory in which the real binary runs.

pub mod audits;
pub mod calendar;
pub mod desk;
pub mod inventory;
pub mod tools;
pub mod workbook;
pub mod world;

use std::fs;
use std::path::{Path, PathBuf};

use pcf_ledger::admission::{Book, Owned, Refusal, Scope};
use pcf_ledger::calc::{self, Request};
use pcf_ledger::codec::{
    decode_draft, decode_header, encode, encode_statement, parts_of, product_tag, series_place, statement_id,
    statement_leaf,
};
use pcf_ledger::ledger::{Ledger, Submission};
use pcf_ledger::merkle::{Hash, LeafHashes as _};
use pcf_ledger::model::{Digest, Genesis, Header, PublicKey, Salt, Statement, StatementId};
use pcf_ledger::sign::{Seal, SigningKey};
use pcf_ledger::store::index::panic_is_contained;
use pcf_ledger::store::{Holder, Reader};
use serde_json::{Value, json};

pub const OPERATOR: u8 = 1;
pub const RECOVERY: u8 = 2;
pub const LOG: u8 = 3;
pub const ACME: u8 = 10;
pub const BOLT: u8 = 20;
pub const PUMP: &str = "urn:gtin:06901234000016";
pub const PUMP_ALIAS: &str = "urn:pact:acme.example:product-id:pump";
pub const SCREW: &str = "urn:pact:bolt.example:product-id:screw";

pub fn key(n: u8) -> SigningKey {
    SigningKey::generate([n; 32])
}

pub fn public(n: u8) -> PublicKey {
    PublicKey::from_bytes(key(n).verifying_key().to_bytes())
}

pub fn holder() -> Holder {
    Holder { label: "test".into(), started: "2026-01-01T00:00:00Z".into() }
}

/// A salt that no other call gives.
fn salt() -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    salted(NEXT.fetch_add(1, Ordering::SeqCst))
}

fn salted(n: u64) -> String {
    let mut bytes = [0; 16];
    bytes[8..].copy_from_slice(&n.to_be_bytes());
    Salt::from_bytes(bytes).to_string()
}

/// A statement from the parts that matter; version and salt are added where they are missing.
pub fn statement(mut value: Value) -> Statement {
    let map = value.as_object_mut().unwrap();
    map.entry("v").or_insert("1".into());
    map.entry("salt").or_insert_with(|| salt().into());
    complete(decode_draft(&encode(&value).unwrap()).unwrap_or_else(|e| panic!("{value}: {e}")))
}

/// What the tags of every product of the tests are made with.
/// A salt that is the same in every run, and that the door lets in.
pub fn salt_of(n: u8) -> Salt {
    let mut bytes = [n; 16];
    bytes[15] = !n;
    Salt::from_bytes(bytes)
}

pub fn tag_salt() -> Salt {
    salted(0x0074_6167).parse().unwrap()
}

/// A draft as it is sealed: all products have one salt of their tags, and the series of a reading follows from
/// what its readings have in common.
pub fn complete(statement: Statement) -> Statement {
    match statement {
        Statement::Product(mut said) => {
            said.tag_salt.get_or_insert_with(tag_salt);
            said.into()
        }
        Statement::Activity(mut said) => {
            if said.tags.is_empty() {
                said.tags = said.products().map(|id| product_tag(&tag_salt(), id)).collect();
            }
            let place = series_place(&said.clone().into());
            if let (Some(place), None) = (place, said.series) {
                let mut series = [0; 16];
                series.copy_from_slice(&place[..16]);
                said.series = Some(Salt::from_bytes(series));
            }
            said.into()
        }
        Statement::Publication(mut said) => {
            said.figures_salt.get_or_insert_with(tag_salt);
            said.into()
        }
        other => other,
    }
}

/// The header of a statement.
pub fn header_of(statement: &Statement) -> Header {
    let text = encode_statement(&complete(statement.clone())).unwrap();
    decode_header(parts_of(&text).0).unwrap()
}

pub fn id(statement: &Statement) -> StatementId {
    statement_id(&encode_statement(statement).unwrap())
}

pub fn genesis_value() -> Value {
    json!({"type": "ledger", "by": "operator", "origin": "example.com/log", "salt": salted(0),
        "logKey": public(LOG), "operatorKey": public(OPERATOR), "recoveryKey": public(RECOVERY)})
}

pub fn genesis() -> Genesis {
    match statement(genesis_value()) {
        Statement::Ledger(genesis) => genesis,
        _ => unreachable!(),
    }
}

pub fn actor(name: &str, keys: &[u8]) -> Value {
    let keys: Vec<_> = keys.iter().map(|n| public(*n)).collect();
    json!({"type": "actor", "by": "operator", "actor": name, "name": name, "keys": keys, "rights": {
        "types": ["activity", "annual", "assurance", "factor", "product", "publication", "supplierFootprint"],
        "stages": ["procurement", "production"]}})
}

pub fn factor(by: &str, name: &str) -> Value {
    json!({"type": "factor", "by": by, "factor": name, "name": name, "unit": "kWh", "category": "electricity.lifecycle",
        "scope": "life-cycle", "data": "secondary", "year": "2024", "source": "a source", "licence": "open", "gwp": "AR6",
        "values": {"fossilGhgEmissions": "0.5777"}})
}

pub fn product(by: &str, ids: &[&str], signers: &[&str]) -> Value {
    json!({"type": "product", "by": by, "ids": ids, "name": "a product", "boundary": "cradle-to-gate",
        "declaredUnit": {"amount": "1", "unit": "piece"}, "massPerDeclaredUnit": "2",
        "processes": [{"name": "assembly", "stage": "production", "signers": signers}]})
}

pub fn activity(by: &str, products: &[&str]) -> Value {
    let outputs: Vec<_> =
        products.iter().map(|p| json!({"product": p, "amount": "1000", "unit": "piece"})).collect();
    let mut value = json!({"type": "activity", "by": by, "stage": "production", "process": "assembly",
        "period": {"start": "2025-01-01", "end": "2026-01-01"}, "outputs": outputs,
        "flows": [{"name": "electricity", "kind": "energy", "amount": "5000", "unit": "kWh", "factor": "grid", "data": "primary"}]});
    if products.len() > 1 {
        value["allocation"] = "pieces".into();
    }
    value
}

/// What assembly of a product used, beside the statement of what it made.
pub fn reading(by: &str, product: &str, flow: &str) -> Value {
    let mut value = activity(by, &[]);
    value.as_object_mut().unwrap().remove("outputs");
    value["for"] = json!([product]);
    value["flows"][0]["name"] = flow.into();
    value
}

pub fn withdrawal(by: &str, target: &StatementId) -> Value {
    json!({"type": "withdrawal", "by": by, "statement": target, "reason": "a mistake"})
}

pub fn with(mut value: Value, key: &str, part: impl serde::Serialize) -> Value {
    value[key] = serde_json::to_value(part).unwrap();
    value
}

/// A book, and who signs for it.
#[derive(Clone)]
pub struct Notary {
    pub book: Book,
    pub ledger_id: [u8; 32],
}

impl Default for Notary {
    fn default() -> Self {
        Self::new()
    }
}

impl Notary {
    /// A book with its genesis.
    pub fn new() -> Self {
        let genesis = Statement::from(genesis());
        let ledger_id = *id(&genesis).as_bytes();
        let mut notary = Self { book: Book::new(Scope::Whole), ledger_id };
        notary.admit(OPERATOR, &[genesis]).unwrap();
        notary
    }

    /// With the actors acme and bolt enrolled at index 1.
    pub fn with_actors() -> Self {
        let mut notary = Self::new();
        notary.say(OPERATOR, &[actor("acme", &[ACME]), actor("bolt", &[BOLT])]).unwrap();
        notary
    }

    pub fn sealed(&self, signer: u8, statements: &[Statement]) -> (Seal, Vec<Vec<u8>>) {
        let bytes: Vec<_> = statements.iter().map(|s| encode_statement(s).unwrap()).collect();
        let leaves: Vec<_> = bytes.iter().map(|b| statement_leaf(b)).collect();
        (Seal::sign(&key(signer), self.ledger_id, self.book.size(), &leaves).unwrap(), bytes)
    }

    /// Admits, and holds the rules to everything or nothing: a refused submission leaves what can be seen as it was.
    pub fn admit(&mut self, signer: u8, statements: &[Statement]) -> Result<Vec<StatementId>, Refusal> {
        let (seal, bytes) = self.sealed(signer, statements);
        let before = seen(&self.book);
        let answer = self.book.admit(&seal, &bytes);
        match &answer {
            Ok(ids) => assert_eq!(ids.len(), statements.len()),
            Err(_) => assert_eq!(seen(&self.book), before, "a refused submission changed the book"),
        }
        answer
    }

    pub fn say(&mut self, signer: u8, values: &[Value]) -> Result<Vec<StatementId>, Refusal> {
        let statements: Vec<_> = values.iter().cloned().map(statement).collect();
        self.admit(signer, &statements)
    }

    /// Says one statement that must pass.
    pub fn one(&mut self, signer: u8, value: Value) -> StatementId {
        self.say(signer, &[value]).unwrap()[0]
    }

    /// Says statements that must not pass; the refusal as a text.
    pub fn refused(&mut self, signer: u8, values: &[Value]) -> String {
        match self.say(signer, values) {
            Ok(_) => panic!("expected a refusal"),
            Err(refusal) => refusal.to_string(),
        }
    }
}

/// All that can be seen of a book, in an order of its own.
pub fn seen(book: &Book) -> String {
    use std::fmt::Write as _;
    let mut out = format!("{:?} {:?} {} {:?}\n", book.ledger_id(), book.origin(), book.size(), book.root());
    for size in 0..=book.size() + 1 {
        let (root, sealing) = (book.root_at(size).unwrap(), book.sealing(size).unwrap());
        let first = book.first_of(size).unwrap();
        let _ = writeln!(out, "{root:?} {sealing:?} {first}");
        if let Some(sealing) = sealing {
            assert_eq!(book.index_of_seal(&sealing.message).unwrap(), Some(size));
        }
    }
    for (number, entry) in book.all_entries().enumerate() {
        let entry = entry.unwrap();
        let placed = book.entry(&entry.id).unwrap().map(|found| found.0);
        assert_eq!(placed, Some(number));
        assert_eq!(book.entry_at(number).unwrap().as_deref(), Some(&*entry));
        let _ = writeln!(
            out,
            "{entry:?} {:?} {}",
            book.ended(&entry.id).unwrap(),
            book.holds(&entry.id).unwrap()
        );
        let _ = writeln!(out, "{:?}", book.live_with(entry.kind, entry.subject).unwrap());
    }
    for (name, (id, statement)) in book.actors().unwrap() {
        let _ = writeln!(out, "{name} {id} {statement:?} {:?}", book.actor_history(&name).unwrap());
        assert_eq!(book.actor(&name).unwrap(), Some((id, statement)));
    }
    for (name, held) in book.products().unwrap() {
        let live = book.live(statement_kind("product"), name.as_str()).unwrap();
        let _ = writeln!(out, "{name} {held:?} {live:?}");
        for id in &held.statement.ids {
            let owner = book.owner(&Owned::Product(id)).unwrap();
            let _ = writeln!(out, "{owner:?} {:?}", book.product(id).unwrap());
        }
        assert!(book.products_named(held.statement.name.as_str()).unwrap().contains(&name));
    }
    for (name, (id, statement)) in book.factors().unwrap() {
        let owner = book.owner(&Owned::Factor(&name)).unwrap();
        let _ = writeln!(out, "{name} {id} {statement:?} {owner:?}");
    }
    for (id, publication) in book.publications().unwrap() {
        let product = book.product_of_footprint(&publication.footprint).unwrap();
        let _ = writeln!(out, "{id} {publication:?} {product:?}");
    }
    let _ = writeln!(out, "{:?} {:?}", book.redactions().unwrap(), book.all_ended().unwrap());
    let _ = writeln!(out, "{:?} {:?}", book.keyring().unwrap(), book.states().unwrap());
    let _ = writeln!(out, "{:?}", book.state_root_at(book.size()).unwrap());
    out
}

/// Everything that a ledger answers.
pub fn answers<S: Reader>(ledger: &Ledger<S>) -> String {
    let mut out = seen(ledger.book());
    let leaves: Vec<Hash> = (0..ledger.size()).map(|index| ledger.leaves().leaf(index).unwrap()).collect();
    out.push_str(&format!("{:?} {leaves:?} {:?}\n", ledger.id(), ledger.checkpoint().unwrap()));
    for entry in ledger.book().all_entries().map(Result::unwrap) {
        out.push_str(&format!("{:?}\n", ledger.statement(&entry.id).unwrap()));
        out.push_str(&format!("{:?}\n", ledger.sealed(&entry.id).unwrap()));
    }
    for index in 0..ledger.size() {
        out.push_str(&format!("{:?}\n", ledger.submission(index).unwrap()));
    }
    out.push_str(&format!("{:?}", ledger.inventory().unwrap()));
    out
}

fn statement_kind(word: &str) -> pcf_ledger::model::StatementKind {
    word.parse().unwrap()
}

/// Seals and submits; the index.
pub fn submit<S: pcf_ledger::store::Store>(ledger: &mut Ledger<S>, signer: u8, values: &[Value]) -> u64 {
    let statements: Vec<_> = values.iter().cloned().map(statement).collect();
    ledger.append(&key(signer), 1_760_000_000, &statements).unwrap().index
}

pub fn submission(ledger_id: [u8; 32], signer: u8, values: &[Value]) -> Submission {
    let statements: Vec<_> = values.iter().cloned().map(statement).collect();
    Submission::sign(&key(signer), ledger_id, 1_760_000_000, &statements).unwrap()
}

/// The whole of a period, AR6, as far as the product says.
pub fn asked(period: &str) -> Request {
    Request {
        period: period.parse().unwrap(),
        boundary: None,
        scenario: None,
        batch: None,
        gwp: "AR6".parse().unwrap(),
    }
}

/// What the owner of a product would publish of 2025 as of now, before anybody changes a figure in it.
pub fn publication<S: Reader>(ledger: &Ledger<S>, by: &str, product: &str, uuid: u8) -> Value {
    let inventory = ledger.inventory().unwrap();
    let footprint = calc::footprint(&inventory, &product.parse().unwrap(), &asked("2025")).unwrap();
    let used = pcf_ledger::admission::UsedIds::of(&inventory, &footprint.used).stated().unwrap();
    json!({"type": "publication", "by": by, "boundary": footprint.boundary, "created": "2026-02-01T00:00:00Z",
        "figures": footprint.figures, "footprint": uuid_of(uuid),
        "log": {"size": ledger.size().to_string(), "root": Digest::from_bytes(ledger.root())},
        "method": {"gwp": "AR6", "version": "1"}, "period": {"start": "2025-01-01", "end": "2026-01-01"},
        "product": product, "status": "final", "validity": {"start": "2026-02-01", "end": "2028-01-01"},
        "used": used})
}

pub fn uuid_of(n: u8) -> String {
    format!("3f0a7c3e-0000-4000-8000-0000000000{n:02x}")
}

/// Actors, a factor, a product and an activity that calculates: size 5.
pub fn fill<S: pcf_ledger::store::Store>(ledger: &mut Ledger<S>) {
    submit(ledger, OPERATOR, &[actor("acme", &[ACME]), actor("bolt", &[BOLT])]);
    submit(ledger, ACME, &[factor("acme", "grid")]);
    submit(ledger, ACME, &[product("acme", &[PUMP, PUMP_ALIAS], &["acme"])]);
    submit(ledger, ACME, &[activity("acme", &[PUMP])]);
}

/// Copies a directory with all that is in it.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}

/// Every file below a directory, sorted.
pub fn files(dir: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all.sort();
    all
}

/// Damaged databases panic in sled; those panics are expected and kept out of the test's output.
pub fn quiet() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !panic_is_contained() {
                usual(info)
            }
        }));
    });
}
