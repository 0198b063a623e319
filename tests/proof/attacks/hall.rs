//! Where attacks are tried: small ledgers in memory and on disk, what an attacker who owns the files can write there, and what an audit says of it.

use pcf_ledger::audit::{self, Beside, Report};
use pcf_ledger::codec::digest::sha256;
use pcf_ledger::codec::{leaf_hash, statement_id};
use pcf_ledger::ledger::{Ledger, Submission};
use pcf_ledger::merkle;
use pcf_ledger::model::{Digest, Document, PublicKey, StatementId, StatementKind};
use pcf_ledger::sign::{Seal, SigningKey};
use pcf_ledger::store::memory::MemoryStore;
use pcf_ledger::store::{Body, Position, Reader, Store};
use pcf_testing::audits;
use pcf_testing::{
    BOLT, OPERATOR, SCREW, activity, actor, fill, genesis, holder, key, product, public, seen, statement,
    submission, submit, with,
};
use serde_json::{Value, json};
use tempfile::TempDir;

pub const DOCUMENT: &str = include_str!("../../vectors/pact/figures-1.json");
pub const DOCUMENT_ID: &str = "12345678-9abc-def0-1234-567812345678";
pub const SCREW_URN: &str = SCREW;

pub fn has(text: &str, part: &str) {
    assert!(text.contains(part), "expected a text with `{part}`, got: {text}");
}

pub fn received(by: &str, document: &str, footprint: &str) -> Value {
    let digest = Digest::from_bytes(sha256(&[document.as_bytes()]));
    let document = Document::new(document.as_bytes().to_vec()).unwrap().to_string();
    json!({"type": "supplierFootprint", "by": by, "footprint": footprint, "document": document, "digest": digest})
}

/// Acme makes the pump, bolt the screw; both calculate.
pub fn ledger() -> Ledger<MemoryStore> {
    let mut ledger = Ledger::in_memory(genesis(), &key(OPERATOR), 0).unwrap();
    fill(&mut ledger);
    submit(&mut ledger, BOLT, &[product("bolt", &[SCREW], &["bolt"])]);
    submit(&mut ledger, BOLT, &[activity("bolt", &[SCREW])]);
    ledger
}

/// Hands in and must be refused; nothing of it may have changed the ledger.
pub fn refused<S: Store>(ledger: &mut Ledger<S>, signer: u8, values: &[Value]) -> String {
    let before = seen(ledger.book());
    let submission = submission(*ledger.id().as_bytes(), signer, values);
    let Err(error) = ledger.submit(&submission) else { panic!("expected a refusal") };
    assert_eq!(seen(ledger.book()), before, "a refused submission changed the book");
    error.to_string()
}

pub fn on_disk() -> (TempDir, Ledger<pcf_ledger::store::file::FileStore>) {
    let dir = TempDir::new().unwrap();
    let ledger = Ledger::create(dir.path(), genesis(), &key(OPERATOR), 0, &holder()).unwrap();
    (dir, ledger)
}

pub fn of(key: &SigningKey) -> PublicKey {
    PublicKey::from_bytes(key.verifying_key().to_bytes())
}

/// Every submission of a store, in order.
pub fn submissions<R: Reader>(reader: &R) -> Vec<Submission> {
    let all = reader.read(None).unwrap().map(Result::unwrap);
    let whole = |body: &Body| body.statement().unwrap().to_vec();
    all.map(|s| Submission {
        seal: Seal::parse(&s.seal).unwrap(),
        statements: s.statements.iter().map(whole).collect(),
    })
    .collect()
}

/// Where a statement lies.
pub fn place(store: &MemoryStore, target: &StatementId) -> Position {
    let all: Vec<_> = store.read(None).unwrap().map(Result::unwrap).collect();
    let found = all
        .iter()
        .flat_map(|s| s.statements.iter().zip(&s.positions))
        .find(|(body, _)| statement_id(body.text()) == *target);
    *found.unwrap().1
}

/// A redaction as the operator signs it.
pub fn redaction(target: &StatementId) -> Value {
    json!({"type": "redaction", "by": "operator", "statement": target, "reason": "names a person"})
}

/// The newest statement of a type.
pub fn newest<S: Reader>(ledger: &Ledger<S>, kind: StatementKind) -> StatementId {
    let all = ledger.book().all_entries().map(Result::unwrap);
    all.filter(|entry| entry.kind == kind).last().unwrap().id
}

/// What an attacker who owns the files can write: any submissions in any order, with the right frames, checksums, commits and roots.
pub fn forged(ledger_id: [u8; 32], submissions: &[Submission]) -> MemoryStore {
    let mut tree = merkle::Frontier::new();
    let mut store: Option<MemoryStore> = None;
    for Submission { seal, statements } in submissions {
        tree.push(leaf_hash(&seal.to_bytes()));
        let statements: Vec<&[u8]> = statements.iter().map(Vec::as_slice).collect();
        let (seal, new_root) = (&seal.to_bytes(), tree.root());
        let next = pcf_ledger::store::Submission { seal, statements: &statements, new_root };
        match &mut store {
            None => store = Some(MemoryStore::new(ledger_id, &next).unwrap()),
            Some(store) => drop(store.append(&store.head().unwrap(), &[next]).unwrap()),
        }
    }
    store.unwrap()
}

pub fn audited<R: Reader + Sync>(reader: &R) -> Report {
    audits::of(reader, &Beside::default())
}

/// An audit with signed checkpoints from elsewhere.
pub fn audited_with<R: Reader + Sync>(reader: &R, notes: &[&[u8]]) -> Report {
    let checkpoints = notes.iter().map(|note| ("elsewhere".to_owned(), note.to_vec())).collect();
    audits::of(reader, &Beside { checkpoints, ..Beside::default() })
}

/// The checks that found an error, in the order of the log.
pub fn errors(report: &Report) -> Vec<&'static str> {
    let weighs = report.findings.iter().filter(|f| f.severity == audit::Severity::Stops);
    weighs.map(|f| f.rule).collect()
}

/// The audit finds this and says so.
#[track_caller]
pub fn finds(report: &Report, check: &str, part: &str) {
    assert!(!report.holds(), "the audit holds");
    let found = report.findings.iter().find(|f| f.rule == check && f.sentence.contains(part));
    assert!(found.is_some(), "expected {check} with `{part}`: {:#?}", report.findings);
}

/// The statement in force about an actor, as it is replaced.
pub fn live_actor<S: Reader>(ledger: &Ledger<S>, actor: &str) -> StatementId {
    ledger.book().actor(&actor.parse().unwrap()).unwrap().unwrap().0
}

/// The operator revokes a key of an actor from an index on and enrols another.
pub fn revoke<S: Store>(ledger: &mut Ledger<S>, name: &str, gone: u8, from: u64, newer: u8) -> u64 {
    let revoked = json!([{"key": public(gone), "from": from.to_string()}]);
    let live = live_actor(ledger, name);
    submit(ledger, OPERATOR, &[with(with(actor(name, &[newer]), "revoked", revoked), "replaces", live)])
}

/// Seals values with a claimed time.
pub fn sealed_at(ledger_id: [u8; 32], signer: u8, at: u64, values: &[Value]) -> Submission {
    let statements: Vec<_> = values.iter().cloned().map(statement).collect();
    Submission::sign(&key(signer), ledger_id, at, &statements).unwrap()
}

/// A copy of a ledger's store as it is.
pub fn store_of<S: Reader>(ledger: &Ledger<S>) -> MemoryStore {
    let all: Vec<_> = (0..ledger.size()).map(|index| ledger.submission(index).unwrap()).collect();
    forged(*ledger.id().as_bytes(), &all)
}
