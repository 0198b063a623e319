//! Attacks, one a test: each name says what the attacker tries, and the test holds the door shut.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper that fails fails its test")]

mod common;

use std::fs;
use std::time::{Duration, Instant};

use common::*;
use pcf_ledger::audit::{self, Beside};
use pcf_ledger::calc::{self, Request};
use pcf_ledger::codec::digest::sha256;
use pcf_ledger::codec::{encode_statement, leaf_hash};
use pcf_ledger::ledger::{CheckpointSource, Ledger, LedgerError, Submission};
use pcf_ledger::merkle;
use pcf_ledger::model::{Digest, Document, PublicKey, StatementKind};
use pcf_ledger::sign::{Seal, SigningKey};
use pcf_ledger::store::memory::MemoryStore;
use pcf_ledger::store::{Reader, Store};
use serde_json::{Value, json};
use tempfile::TempDir;

const DOCUMENT: &str = include_str!("vectors/pact/figures-1.json");
const DOCUMENT_ID: &str = "12345678-9abc-def0-1234-567812345678";
const SCREW_URN: &str = SCREW;

fn has(text: &str, part: &str) {
    assert!(text.contains(part), "expected a text with `{part}`, got: {text}");
}

fn received(by: &str, document: &str, footprint: &str) -> Value {
    let digest = Digest::from_bytes(sha256(&[document.as_bytes()]));
    let document = Document::new(document.as_bytes().to_vec()).unwrap().to_string();
    json!({"type": "supplierFootprint", "by": by, "footprint": footprint, "document": document, "digest": digest})
}

/// Acme makes the pump, bolt the screw; both calculate.
fn ledger() -> Ledger<MemoryStore> {
    let mut ledger = Ledger::in_memory(genesis(), &key(OPERATOR), 0).unwrap();
    fill(&mut ledger);
    submit(&mut ledger, BOLT, &[product("bolt", &[SCREW], &["bolt"])]);
    submit(&mut ledger, BOLT, &[activity("bolt", &[SCREW])]);
    ledger
}

/// What the owner of a product would publish as of now.
fn publication<S: Reader>(ledger: &Ledger<S>, by: &str, product: &str, uuid: u8) -> Value {
    let request = Request {
        period: "2025-01-01..2026-01-01".parse().unwrap(),
        boundary: None,
        scenario: None,
        batch: None,
        gwp: "AR6".parse().unwrap(),
    };
    let inventory = ledger.inventory().unwrap();
    let footprint = calc::footprint(&inventory, &product.parse().unwrap(), &request).unwrap();
    let leaves: Vec<_> = footprint.used.iter().map(|id| sha256(&[&[0], id.as_bytes()])).collect();
    json!({"type": "publication", "by": by, "boundary": footprint.boundary, "created": "2026-02-01T00:00:00Z",
        "figures": footprint.figures, "footprint": uuid_of(uuid),
        "log": {"size": ledger.size().to_string(), "root": Digest::from_bytes(ledger.root())},
        "method": {"gwp": "AR6", "version": "1"}, "period": {"start": "2025-01-01", "end": "2026-01-01"},
        "product": product, "status": "final", "validity": {"start": "2026-02-01", "end": "2028-01-01"},
        "used": {"count": leaves.len().to_string(), "root": Digest::from_bytes(merkle::root(&leaves))}})
}

fn uuid_of(n: u8) -> String {
    format!("3f0a7c3e-0000-4000-8000-0000000000{n:02x}")
}

/// Hands in and must be refused; nothing of it may have changed the ledger.
fn refused<S: Store>(ledger: &mut Ledger<S>, signer: u8, values: &[Value]) -> String {
    let before = seen(ledger.book());
    let submission = submission(*ledger.id().as_bytes(), signer, values);
    let Err(error) = ledger.submit(&submission) else { panic!("expected a refusal") };
    assert_eq!(seen(ledger.book()), before, "a refused submission changed the book");
    error.to_string()
}

// ---- suppliers' documents

#[test]
fn a_suppliers_document_that_nobody_can_read_would_stop_every_calculation() {
    let mut ledger = ledger();
    for document in ["{}", "no JSON", "{\"id\":null}", &DOCUMENT.replace("\"0.384\"", "\"much\"")] {
        has(
            &refused(&mut ledger, ACME, &[received("acme", document, DOCUMENT_ID)]),
            "the supplier's document",
        );
    }
    let deep = "[".repeat(200_000);
    has(&refused(&mut ledger, ACME, &[received("acme", &deep, DOCUMENT_ID)]), "the supplier's document");
    submit(&mut ledger, ACME, &[received("acme", DOCUMENT, DOCUMENT_ID)]);
    assert_eq!(ledger.inventory().unwrap().bought.len(), 1);
}

#[test]
fn a_suppliers_document_recorded_under_another_footprints_id() {
    let refusal = refused(&mut ledger(), ACME, &[received("acme", DOCUMENT, &uuid_of(1))]);
    has(&refusal, DOCUMENT_ID);
    has(&refusal, &uuid_of(1));
}

// ---- publications

#[test]
fn a_publication_that_follows_footprints_nobody_published() {
    let mut ledger = ledger();
    let told = with(publication(&ledger, "acme", PUMP, 1), "preceding", [uuid_of(9)]);
    has(&refused(&mut ledger, ACME, &[told]), "which is no publication of this ledger");
}

#[test]
fn a_publication_that_follows_another_products_footprint() {
    let mut ledger = ledger();
    let screw = publication(&ledger, "bolt", SCREW_URN, 1);
    submit(&mut ledger, BOLT, &[screw]);
    let told = with(publication(&ledger, "acme", PUMP, 2), "preceding", [uuid_of(1)]);
    has(&refused(&mut ledger, ACME, &[told]), SCREW_URN);
}

#[test]
fn a_publication_that_follows_itself() {
    let mut ledger = ledger();
    let told = with(publication(&ledger, "acme", PUMP, 1), "preceding", [uuid_of(1)]);
    has(&refused(&mut ledger, ACME, &[told]), "which is no publication of this ledger");
}

#[test]
fn a_publication_follows_its_own_products_footprints_by_whichever_id_also_within_one_submission() {
    let mut ledger = ledger();
    let first = publication(&ledger, "acme", PUMP_ALIAS, 1);
    let second = with(publication(&ledger, "acme", PUMP, 2), "preceding", [uuid_of(1)]);
    let index = submit(&mut ledger, ACME, &[first, second]);
    let third = with(publication(&ledger, "acme", PUMP, 3), "preceding", [uuid_of(2), uuid_of(1)]);
    assert_eq!(submit(&mut ledger, ACME, &[third]), index + 1);
}

#[test]
fn a_replacement_that_turns_a_footprint_into_another_products() {
    let mut ledger = ledger();
    let other = "urn:pact:acme.example:product-id:valve";
    submit(&mut ledger, ACME, &[product("acme", &[other], &["acme"]), activity("acme", &[other])]);
    let first = publication(&ledger, "acme", PUMP, 1);
    submit(&mut ledger, ACME, &[first]);
    let id = *ledger.book().publications().next().unwrap().1;
    let swapped = with(publication(&ledger, "acme", other, 1), "replaces", id);
    has(&refused(&mut ledger, ACME, &[swapped]), "is a footprint of");
    // Nor by way of a withdrawal.
    submit(&mut ledger, ACME, &[withdrawal("acme", &id)]);
    let again = publication(&ledger, "acme", other, 1);
    has(&refused(&mut ledger, ACME, &[again]), "is a footprint of");
}

#[test]
fn a_publication_by_a_method_that_nobody_can_calculate_again_escapes_every_check() {
    let mut ledger = ledger();
    let mut told = publication(&ledger, "acme", PUMP, 1);
    told["method"]["version"] = "999".into();
    told["figures"]["primaryDataShare"] = "100".into();
    has(&refused(&mut ledger, ACME, &[told]), "expected method version 1, got 999");
}

#[test]
fn a_publication_of_somebody_elses_product_by_its_second_id() {
    let mut ledger = ledger();
    let told = with(publication(&ledger, "acme", PUMP_ALIAS, 1), "by", "bolt");
    has(&refused(&mut ledger, BOLT, &[told]), "belongs to `acme`");
}

#[test]
fn a_publication_under_the_uuid_of_somebody_elses() {
    let mut ledger = ledger();
    let pump = publication(&ledger, "acme", PUMP, 1);
    submit(&mut ledger, ACME, &[pump]);
    let told = publication(&ledger, "bolt", SCREW_URN, 1);
    has(&refused(&mut ledger, BOLT, &[told]), "belongs to `acme`");
}

#[test]
fn a_publication_that_rests_on_a_log_that_is_yet_to_come_or_on_none() {
    let mut ledger = ledger();
    let mut told = publication(&ledger, "acme", PUMP, 1);
    told["log"]["size"] = (ledger.size() + 1).to_string().into();
    has(&refused(&mut ledger, ACME, &[told.clone()]), "names the log size");
    told["log"]["size"] = "0".into();
    told["log"]["root"] = Digest::from_bytes(merkle::empty_root()).to_string().into();
    has(&refused(&mut ledger, ACME, &[told]), "names a root that the log did not have");
}

#[test]
fn a_publication_whose_totals_do_not_follow_from_its_own_parts_passes_no_audit() {
    for part in ["/figures/gate", "/figures/stages/0/figures", "/figures/processes/0/figures"] {
        let mut ledger = ledger();
        let mut told = publication(&ledger, "acme", PUMP, 1);
        told.pointer_mut(part).unwrap()["excludingUptake"] = "7".into();
        submit(&mut ledger, ACME, &[told]);
        let report = audit::run(&ledger.into_store(), &Beside::default(), &mut |_, _| {});
        let found: Vec<_> = report.findings.iter().map(|f| f.check).collect();
        assert_eq!((report.holds(), found), (false, vec!["publication-figures"]));
    }
}

// ---- ids of products and factors

#[test]
fn a_second_id_that_was_given_up_is_not_free_for_others() {
    let mut notary = Notary::with_actors();
    let pump = notary.one(ACME, product("acme", &[PUMP, PUMP_ALIAS], &["acme"]));
    notary.one(ACME, with(product("acme", &[PUMP], &["acme"]), "replaces", pump));
    has(&notary.refused(BOLT, &[product("bolt", &[PUMP_ALIAS], &["bolt"])]), "belongs to `acme`");
    has(&notary.refused(BOLT, &[product("bolt", &[SCREW, PUMP_ALIAS], &["bolt"])]), "belongs to `acme`");
}

#[test]
fn an_id_stays_its_owners_after_the_operator_withdrew_the_product() {
    let mut notary = Notary::with_actors();
    let pump = notary.one(ACME, product("acme", &[PUMP, PUMP_ALIAS], &["acme"]));
    notary.one(OPERATOR, withdrawal("operator", &pump));
    for id in [PUMP, PUMP_ALIAS] {
        has(&notary.refused(BOLT, &[product("bolt", &[id], &["bolt"])]), "belongs to `acme`");
    }
}

#[test]
fn two_products_of_one_submission_that_share_an_id() {
    let mut notary = Notary::with_actors();
    let valve = "urn:pact:acme.example:product-id:valve";
    let twins =
        [product("acme", &[PUMP, PUMP_ALIAS], &["acme"]), product("acme", &[valve, PUMP_ALIAS], &["acme"])];
    has(&notary.refused(ACME, &twins), "is an id of the product filed under another id");
}

#[test]
fn an_activity_for_a_second_id_whose_product_lets_others_sign() {
    let mut notary = Notary::with_actors();
    notary.one(ACME, product("acme", &[PUMP, PUMP_ALIAS], &["acme"]));
    has(&notary.refused(BOLT, &[activity("bolt", &[PUMP_ALIAS])]), "lets acme sign it");
}

// ---- keys, roles, and timing within one submission

#[test]
fn the_operator_speaks_as_an_actor_or_as_recovery() {
    let mut notary = Notary::with_actors();
    has(&notary.refused(OPERATOR, &[factor("acme", "grid")]), "but `operator` sealed it");
    has(&notary.refused(OPERATOR, &[factor("operator", "grid")]), "may not sign statements of type `factor`");
    let as_recovery = json!({"type": "authority", "by": "recovery", "operatorKey": public(50)});
    has(&notary.refused(OPERATOR, &[as_recovery]), "but `operator` sealed it");
    has(
        &notary.refused(RECOVERY, &[with(actor("eve", &[60]), "by", "operator")]),
        "but `recovery` sealed it",
    );
    has(&notary.refused(LOG, &[actor("eve", &[60])]), "is unknown here");
}

#[test]
fn an_actor_withdraws_what_is_not_its_own_or_is_the_operators() {
    let mut notary = Notary::with_actors();
    let grid = notary.one(ACME, factor("acme", "grid"));
    has(&notary.refused(BOLT, &[withdrawal("bolt", &grid)]), "it is a statement of `acme`");
    let enrolment = *notary.book.actor(&"bolt".parse().unwrap()).unwrap().0;
    has(&notary.refused(BOLT, &[withdrawal("bolt", &enrolment)]), "it is a statement of `operator`");
    has(&notary.refused(OPERATOR, &[withdrawal("operator", &enrolment)]), "cannot be withdrawn");
}

#[test]
fn a_key_swapped_to_another_actor_within_one_submission() {
    let mut notary = Notary::with_actors();
    let acme = *notary.book.actor(&"acme".parse().unwrap()).unwrap().0;
    let bolt = *notary.book.actor(&"bolt".parse().unwrap()).unwrap().0;
    let swap =
        [with(actor("acme", &[11]), "replaces", acme), with(actor("bolt", &[BOLT, ACME]), "replaces", bolt)];
    has(&notary.refused(OPERATOR, &swap), "belongs to `acme` for ever");
    let twice = [actor("eve", &[60]), actor("mallory", &[60])];
    has(&notary.refused(OPERATOR, &twice), "belongs to `eve` for ever");
}

#[test]
fn a_new_operator_key_signs_in_the_very_submission_that_names_it() {
    let mut notary = Notary::new();
    let authority = json!({"type": "authority", "by": "operator", "operatorKey": public(50)});
    has(&notary.refused(50, &[authority.clone(), actor("eve", &[60])]), "is unknown here");
    notary.one(OPERATOR, authority);
    has(&notary.refused(OPERATOR, &[actor("eve", &[60])]), "is revoked since index 2");
    notary.one(50, actor("eve", &[60]));
}

#[test]
fn a_seal_by_a_key_that_anybody_can_sign_with() {
    let mut notary = Notary::new();
    let weak = PublicKey::from_bytes(std::array::from_fn(|n| u8::from(n == 0)));
    let mut eve = actor("eve", &[60]);
    eve["keys"] = json!([weak]);
    // Whether it is enrolled or not: no seal by it may hold.
    let _ = notary.say(OPERATOR, &[eve]);
    let bytes = encode_statement(&statement(factor("eve", "grid"))).unwrap();
    let honest = Seal::sign(&key(60), notary.ledger_id, 0, &[leaf_hash(&bytes)]).unwrap();
    let mut seal = honest.to_bytes();
    seal[40..72].copy_from_slice(weak.as_bytes());
    seal[120..].fill(0);
    seal[120] = 1;
    let before = seen(&notary.book);
    assert!(notary.book.admit(&Seal::parse(&seal).unwrap(), &[bytes]).is_err());
    assert_eq!(seen(&notary.book), before);
}

#[test]
fn a_replay_of_a_submission_under_other_statements() {
    let mut ledger = ledger();
    let honest = submission(*ledger.id().as_bytes(), ACME, &[factor("acme", "steel")]);
    ledger.submit(&honest).unwrap();
    let other = submission(*ledger.id().as_bytes(), ACME, &[factor("acme", "brass")]);
    let mixed = Submission { seal: honest.seal, statements: other.statements };
    assert!(ledger.submit(&mixed).is_err());
    let mut bent = honest.seal.to_bytes();
    bent[183] ^= 1;
    let bent = Submission { seal: Seal::parse(&bent).unwrap(), statements: honest.statements.clone() };
    assert!(ledger.submit(&bent).is_err(), "a seal that is not signed is answered as if it were in the log");
    assert!(ledger.submit(&honest).unwrap().already);
}

// ---- checkpoints

fn on_disk() -> (TempDir, Ledger<pcf_ledger::store::file::FileStore>) {
    let dir = TempDir::new().unwrap();
    let ledger = Ledger::create(dir.path(), genesis(), &key(OPERATOR), 0, &holder()).unwrap();
    (dir, ledger)
}

#[test]
fn a_ledger_whose_signed_directory_is_gone_signs_another_history() {
    let (dir, mut ledger) = on_disk();
    let beside = dir.path().join("keys").join("checkpoint");
    let source = [CheckpointSource { path: &beside }];
    fill(&mut ledger);
    ledger.sign_checkpoint(&key(LOG), &source).unwrap();
    drop(ledger);
    // The same genesis, another history, no `signed/`: only the copy beside the key knows.
    let (other, mut rolled) = on_disk();
    let fork = |ledger: &Ledger<_>| ledger.sign_checkpoint(&key(LOG), &source);
    assert!(matches!(fork(&rolled), Err(LedgerError::Fork { size: 1, signed: 5, .. })));
    for n in 0..6 {
        submit(&mut rolled, OPERATOR, &[actor(&format!("eve-{n}"), &[60 + n])]);
    }
    assert!(matches!(fork(&rolled), Err(LedgerError::Fork { size: 7, signed: 5, .. })));
    assert!(!other.path().join("signed").exists(), "a refused signature left a checkpoint behind");
}

#[test]
fn a_damaged_copy_beside_the_key_is_no_leave_to_sign() {
    let (dir, ledger) = on_disk();
    let beside = dir.path().join("copy");
    for bytes in [&b""[..], b"\n", b"example.com/log\n1\nAAAA\n\n"] {
        fs::write(&beside, bytes).unwrap();
        let refused = ledger.sign_checkpoint(&key(LOG), &[CheckpointSource { path: &beside }]).unwrap_err();
        assert!(refused.to_string().starts_with(&beside.display().to_string()), "{refused}");
    }
    assert!(!dir.path().join("signed").join("checkpoint").exists());
}

#[test]
fn a_link_that_leads_nowhere_is_no_leave_to_sign() {
    let (dir, ledger) = on_disk();
    let beside = dir.path().join("copy");
    std::os::unix::fs::symlink(dir.path().join("not-mounted").join("copy"), &beside).unwrap();
    assert!(ledger.sign_checkpoint(&key(LOG), &[CheckpointSource { path: &beside }]).is_err());
}

// ---- time and memory

#[test]
fn a_submission_file_of_nothing_but_line_ends_fills_the_memory() {
    let file = submission([7; 32], ACME, &[factor("acme", "a")]).to_file().unwrap();
    let mut bytes = file.lines().next().unwrap().as_bytes().to_vec();
    bytes.extend(std::iter::repeat_n(b'\n', 70_000));
    has(&Submission::from_file(&bytes).unwrap_err().to_string(), "at most 65536 statements");
}

#[test]
fn many_replacements_one_by_one_stay_fast() {
    const CHAIN: usize = 50_000;
    let mut notary = Notary::with_actors();
    notary.one(ACME, product("acme", &[PUMP], &["acme"]));
    let mut chain = vec![statement(activity("acme", &[PUMP]))];
    for _ in 1..CHAIN {
        let next = statement(with(activity("acme", &[PUMP]), "replaces", id(chain.last().unwrap())));
        chain.push(next);
    }
    let (seal, bytes) = notary.sealed(ACME, &chain);
    let begun = Instant::now();
    notary.book.admit(&seal, &bytes).unwrap();
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    assert_eq!(notary.book.entries().iter().filter(|e| notary.book.holds(&e.id)).count(), 5);
    // A key revoked from the beginning, and many other keys with it, go through the log once.
    let revoked: Vec<_> = (0..=1_000_u32).map(|n| if n == 0 { key(ACME) } else { numbered(n) }).collect();
    let keys: Vec<_> = revoked.iter().map(of).collect();
    let acme = *notary.book.actor(&"acme".parse().unwrap()).unwrap().0;
    let with_keys = with(with(actor("acme", &[]), "keys", &keys), "replaces", acme);
    let (seal, bytes) = notary.sealed(OPERATOR, &[statement(with_keys)]);
    let enrolled = notary.book.admit(&seal, &bytes).unwrap()[0];
    let revocations: Vec<_> = keys.iter().map(|key| json!({"key": key, "from": "0"})).collect();
    let gone = with(with(actor("acme", &[11]), "revoked", revocations), "replaces", enrolled);
    let (seal, bytes) = notary.sealed(OPERATOR, &[statement(gone)]);
    let begun = Instant::now();
    notary.book.admit(&seal, &bytes).unwrap();
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    let live =
        |kind| notary.book.entries().iter().filter(|e| e.kind == kind && notary.book.holds(&e.id)).count();
    assert_eq!((live(StatementKind::Activity), live(StatementKind::Product)), (0, 0));
}

fn numbered(n: u32) -> SigningKey {
    let mut seed = [0xaa; 32];
    seed[..4].copy_from_slice(&n.to_be_bytes());
    SigningKey::generate(seed)
}

fn of(key: &SigningKey) -> PublicKey {
    PublicKey::from_bytes(key.verifying_key().to_bytes())
}

// ---- the audit

#[test]
fn an_audit_of_a_ledger_whose_owner_published_by_an_unknown_method_does_not_hold() {
    let mut ledger = ledger();
    let mut told = publication(&ledger, "acme", PUMP, 1);
    told["method"]["version"] = "2".into();
    let forged = submission(*ledger.id().as_bytes(), ACME, &[told]);
    // Put into the store past the rules.
    let mut store = {
        submit(&mut ledger, ACME, &[factor("acme", "last")]);
        ledger.into_store()
    };
    let head = store.head().unwrap();
    let mut book = Ledger::over_store(clone(&store)).unwrap().book().clone();
    let leaf = leaf_hash(&forged.seal.to_bytes());
    book.fold(leaf, [0; 32], of(&key(ACME)), Vec::new());
    let bytes: Vec<&[u8]> = forged.statements.iter().map(Vec::as_slice).collect();
    let next = pcf_ledger::store::Submission {
        seal: &forged.seal.to_bytes(),
        statements: &bytes,
        new_root: book.root(),
    };
    store.append(&head, &[next]).unwrap();
    let report = audit::run(&store, &Beside::default(), &mut |_, _| {});
    assert!(!report.holds(), "{:?}", report.findings);
}

fn clone(store: &MemoryStore) -> MemoryStore {
    let all: Vec<_> = store.read(None).unwrap().map(Result::unwrap).collect();
    let borrowed: Vec<Vec<&[u8]>> =
        all.iter().map(|s| s.statements.iter().map(Vec::as_slice).collect()).collect();
    let submissions: Vec<_> = all
        .iter()
        .zip(&borrowed)
        .map(|(s, b)| pcf_ledger::store::Submission { seal: &s.seal, statements: b, new_root: s.new.root })
        .collect();
    let mut copy = MemoryStore::new(store.ledger_id(), &submissions[0]).unwrap();
    for submission in &submissions[1..] {
        let head = copy.head().unwrap();
        copy.append(&head, std::slice::from_ref(submission)).unwrap();
    }
    copy
}
