//! Every body of a ledger is erased: what holds, every state and every refusal stay what they were, and no
//! file has a body's bytes any more.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pcf_ledger::admission::Said;
use pcf_ledger::codec::{encode_statement, parts_of, statement_id};
use pcf_ledger::ledger::{Ledger, Options, Submission};
use pcf_ledger::merkle::{self, LeafHashes as _};
use pcf_ledger::model::{Digest, Document, Statement, StatementId, StatementKind};
use pcf_ledger::sign::Seal;
use pcf_ledger::store::fault::{Fault, FaultMedium};
use pcf_ledger::store::file::{self, FileStore};
use pcf_ledger::store::memory::MemoryStore;
use pcf_ledger::store::{self, Reader, Store};
use pcf_testing::{
    ACME, BOLT, OPERATOR, PUMP, PUMP_ALIAS, SCREW, activity, actor, audits, copy, factor, files, fill,
    genesis, holder, key, product, publication, reading, statement, submit, with, withdrawal,
};
use serde_json::{Value, json};
use tempfile::TempDir;

const DOCUMENT: &str = include_str!("../vectors/pact/figures-1.json");
const DOCUMENT_ID: &str = "12345678-9abc-def0-1234-567812345678";

fn received(by: &str, document: &str) -> Value {
    let digest = Digest::from_bytes(pcf_ledger::codec::digest::sha256(&[document.as_bytes()]));
    let document = Document::new(document.as_bytes().to_vec()).unwrap().to_string();
    json!({"type": "supplierFootprint", "by": by, "footprint": DOCUMENT_ID, "document": document, "digest": digest})
}

fn annual(energy: &str) -> Value {
    json!({"type": "annual", "by": "acme", "subject": "works", "year": "2025", "valueAdded": "1", "directEmissions": "2",
        "energy": {"amount": energy, "unit": "L"}, "output": {"amount": "4", "unit": "g"}})
}

fn month(value: Value, month: u32) -> Value {
    let period = json!({"start": format!("2024-{month:02}-01"), "end": format!("2024-{:02}-01", month + 1)});
    with(value, "period", period)
}

fn shared() -> Value {
    with(activity("acme", &[PUMP_ALIAS, SCREW]), "process", "assembly")
}

fn newest<S: Reader>(ledger: &Ledger<S>) -> StatementId {
    ledger.book().all_entries().map(Result::unwrap).last().unwrap().id
}

fn state<S: Store>(ledger: &mut Ledger<S>) {
    let size = ledger.size();
    let root = Digest::from_bytes(ledger.book().state_root_at(size).unwrap());
    submit(
        ledger,
        OPERATOR,
        &[json!({"type": "state", "by": "operator", "size": size.to_string(), "root": root})],
    );
}

/// Every type with a body, live, replaced and withdrawn, in a ledger with states and a publication.
fn lived<S: Store>(ledger: &mut Ledger<S>) {
    fill(ledger);
    submit(ledger, BOLT, &[product("bolt", &[SCREW], &["bolt", "acme"]), activity("bolt", &[SCREW])]);
    let screws = newest(ledger);
    submit(ledger, ACME, &[publication(ledger, "acme", PUMP, 1)]);
    state(ledger);
    submit(
        ledger,
        ACME,
        &[month(reading("acme", PUMP, "water"), 1), month(reading("acme", PUMP, "water"), 2)],
    );
    submit(ledger, ACME, &[month(with(shared(), "allocation", "pieces"), 3)]);
    submit(ledger, ACME, &[factor("acme", "steel"), annual("3"), received("acme", DOCUMENT)]);
    let grid = ledger.book().factor(&"grid".parse().unwrap()).unwrap().unwrap().0;
    submit(ledger, ACME, &[with(factor("acme", "grid"), "replaces", grid)]);
    submit(ledger, BOLT, &[with(activity("bolt", &[SCREW]), "replaces", screws)]);
    let annuals = ledger.book().all_entries().map(Result::unwrap);
    let year = annuals.filter(|entry| entry.kind == StatementKind::Annual).last().unwrap().id;
    submit(ledger, ACME, &[withdrawal("acme", &year)]);
    state(ledger);
}

/// The ids of all statements with a body that can be taken out.
fn parted<S: Reader>(ledger: &Ledger<S>) -> Vec<StatementId> {
    let all = ledger.book().all_entries().map(Result::unwrap);
    let all = all.filter(|entry| entry.kind != StatementKind::Publication).map(|entry| entry.id);
    all.filter(|id| parts_of(&ledger.statement_bytes(id).unwrap()).1.is_some()).collect()
}

fn announced(ids: &[StatementId]) -> Vec<Statement> {
    let said = |id: &StatementId| {
        statement(json!({"type": "redaction", "by": "operator", "statement": id, "reason": "names a person"}))
    };
    ids.iter().map(said).collect()
}

/// Two stores with the same log, in which every body is announced to go: in the one all are still there, in
/// the other none.
fn before_and_after() -> (MemoryStore, MemoryStore, Vec<Submission>) {
    let mut ledger = Ledger::in_memory(genesis(), &key(OPERATOR), 0).unwrap();
    lived(&mut ledger);
    let said: Vec<_> = (0..ledger.size()).map(|index| ledger.submission(index).unwrap()).collect();
    let ids = parted(&ledger);
    assert!(ids.len() >= 11, "{}", ids.len());
    let mut before = ledger.into_store();
    let redactions = announced(&ids);
    let sealed = Submission::sign(&key(OPERATOR), before.ledger_id(), 0, &redactions).unwrap();
    let mut tree = merkle::Frontier::new();
    said.iter().chain([&sealed]).for_each(|s| tree.push(pcf_ledger::codec::leaf_hash(&s.seal.to_bytes())));
    let statements: Vec<&[u8]> = sealed.statements.iter().map(Vec::as_slice).collect();
    let next =
        store::Submission { seal: &sealed.seal.to_bytes(), statements: &statements, new_root: tree.root() };
    let head = before.head().unwrap();
    before.append(&head, &[next]).unwrap();
    let mut after = before.clone();
    for stored in before.read(None).unwrap().map(Result::unwrap) {
        for (text, at) in stored.statements.iter().zip(stored.positions) {
            if ids.contains(&statement_id(text.text())) {
                after.remove_body(at).unwrap();
            }
        }
    }
    (before, after, said)
}

#[test]
fn what_holds_and_every_state_root_stay_what_they_were() {
    let (before, after, _) = before_and_after();
    let report = audits::of(&after, &audits_beside());
    assert!(report.holds(), "{:?}", report.findings);
    assert!(report.redacted >= 11);
    let (before, after) = (Ledger::over_store(before).unwrap(), Ledger::over_store(after).unwrap());
    assert_eq!(before.size(), after.size());
    for size in 0..=before.size() {
        let root = |ledger: &Ledger<MemoryStore>| ledger.book().state_root_at(size).unwrap();
        assert_eq!(root(&before), root(&after), "size {size}");
        assert_eq!(before.book().root_at(size).unwrap(), after.book().root_at(size).unwrap());
    }
    for index in 0..before.size() {
        assert_eq!(before.leaves().leaf(index).unwrap(), after.leaves().leaf(index).unwrap());
    }
    let entries = |ledger: &Ledger<MemoryStore>| {
        let book = ledger.book();
        let all = book.all_entries().map(|entry| entry.unwrap().into_owned());
        let told = |entry: pcf_ledger::admission::Entry| {
            let (ended, holds) = (book.ended(&entry.id).unwrap(), book.holds(&entry.id).unwrap());
            let live = book.live_with(entry.kind, entry.subject).unwrap();
            format!("{entry:?} {ended:?} {holds} {live:?}")
        };
        all.map(told).collect::<Vec<_>>()
    };
    assert_eq!(entries(&before), entries(&after));
}

fn audits_beside() -> pcf_ledger::audit::Beside {
    pcf_ledger::audit::Beside::default()
}

/// What somebody may try: signer and statements. Of the answers some are refusals and some are not.
fn attempts(ledger: &Ledger<MemoryStore>) -> Vec<(u8, Vec<Value>)> {
    let id_of = |kind: StatementKind, by: &str, n: usize| {
        let all = ledger.book().all_entries().map(|entry| entry.unwrap().into_owned());
        all.filter(|e| e.kind == kind && e.by.as_str() == by).nth(n).unwrap().id
    };
    use StatementKind as K;
    let (pump, screws) = (id_of(K::Activity, "acme", 0), id_of(K::Activity, "bolt", 0));
    let (water, grid) = (id_of(K::Activity, "acme", 1), id_of(K::Factor, "acme", 0));
    let (year, bought) = (id_of(K::Annual, "acme", 0), id_of(K::SupplierFootprint, "acme", 0));
    let replacing = |value: Value, id: StatementId| with(value, "replaces", id);
    let water_of = |n| month(reading("acme", PUMP, "water"), n);
    let stage = with(activity("acme", &[PUMP]), "stage", "use");
    let process = with(activity("acme", &[PUMP]), "process", "painting");
    let moved = with(month(reading("acme", PUMP, "water"), 1), "meter", "M1");
    vec![
        (ACME, vec![activity("acme", &[PUMP])]),
        (ACME, vec![activity("acme", &[PUMP_ALIAS])]),
        (ACME, vec![replacing(activity("acme", &[PUMP]), pump)]),
        (BOLT, vec![replacing(activity("bolt", &[PUMP]), pump)]),
        (ACME, vec![replacing(activity("acme", &[SCREW]), pump)]),
        (ACME, vec![activity("acme", &[SCREW])]),
        (BOLT, vec![activity("bolt", &[SCREW])]),
        (BOLT, vec![replacing(activity("bolt", &[SCREW]), screws)]),
        (BOLT, vec![activity("bolt", &[PUMP])]),
        (ACME, vec![stage]),
        (ACME, vec![process]),
        (ACME, vec![activity("acme", &["urn:gtin:06901234000023"])]),
        (ACME, vec![water_of(1)]),
        (ACME, vec![water_of(3)]),
        (ACME, vec![replacing(water_of(1), water)]),
        (ACME, vec![replacing(water_of(2), water)]),
        (ACME, vec![moved.clone()]),
        (ACME, vec![moved.clone(), moved]),
        (ACME, vec![month(with(shared(), "allocation", "pieces"), 3)]),
        (ACME, vec![factor("acme", "grid")]),
        (BOLT, vec![factor("bolt", "steel")]),
        (ACME, vec![replacing(factor("acme", "grid"), grid)]),
        (ACME, vec![replacing(factor("acme", "steel"), grid)]),
        (ACME, vec![annual("5")]),
        (ACME, vec![replacing(annual("5"), year)]),
        (ACME, vec![received("acme", DOCUMENT)]),
        (BOLT, vec![received("bolt", DOCUMENT)]),
        (ACME, vec![replacing(received("acme", DOCUMENT), bought)]),
        (ACME, vec![withdrawal("acme", &pump), activity("acme", &[PUMP])]),
        (BOLT, vec![withdrawal("bolt", &pump)]),
        (BOLT, vec![withdrawal("bolt", &screws)]),
        (OPERATOR, vec![withdrawal("operator", &grid)]),
        (OPERATOR, vec![json!({"type": "redaction", "by": "operator", "statement": pump, "reason": "r"})]),
        (ACME, vec![product("acme", &[PUMP, PUMP_ALIAS], &["bolt"])]),
        (BOLT, vec![product("bolt", &[PUMP], &["bolt"])]),
        (ACME, vec![publication(ledger, "acme", PUMP, 1)]),
        (BOLT, vec![with(publication(ledger, "acme", PUMP, 2), "by", "bolt")]),
        (OPERATOR, vec![actor("acme", &[ACME])]),
    ]
}

#[test]
fn every_refusal_stays_what_it_was() {
    let (before, after, said) = before_and_after();
    let held = Ledger::over_store(before.clone()).unwrap();
    let sealed = |(signer, values): (u8, Vec<Value>)| {
        let statements: Vec<_> = values.into_iter().map(statement).collect();
        Submission::sign(&key(signer), before.ledger_id(), 1, &statements).unwrap()
    };
    let mut tried: Vec<Submission> = attempts(&held).into_iter().map(sealed).collect();
    // Everything that is in the log: as it was handed in, and each statement under a new seal.
    tried.extend(said.iter().cloned());
    for text in said.iter().flat_map(|submission| &submission.statements) {
        for signer in [ACME, BOLT, OPERATOR] {
            let leaf = pcf_ledger::codec::statement_leaf(text);
            let seal = Seal::sign(&key(signer), before.ledger_id(), 2, &[leaf]).unwrap();
            tried.push(Submission { seal, statements: vec![text.clone()] });
        }
    }
    let (mut refusals, mut admitted, mut known) = (0, 0, 0);
    for submission in &tried {
        let answer = |store: &MemoryStore| {
            let mut ledger = Ledger::over_store(store.clone()).unwrap();
            let answer = ledger.submit(submission).map_err(|error| error.to_string());
            let root = ledger.book().state_root_at(ledger.size()).unwrap();
            (answer, root)
        };
        let (expected, got) = (answer(&before), answer(&after));
        assert_eq!(got, expected);
        match expected.0 {
            Err(_) => refusals += 1,
            Ok(receipt) if receipt.already => known += 1,
            Ok(_) => admitted += 1,
        }
    }
    assert!(refusals > 60 && admitted > 5, "{refusals} refusals, {admitted} admitted");
    assert_eq!(known, said.len());
}

/// What stands in bodies only: the salt of each, without which nobody has a copy of it, and amounts and names.
fn confidential<S: Reader>(ledger: &Ledger<S>) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for id in parted(ledger) {
        let text = ledger.statement_bytes(&id).unwrap();
        let value: Value = serde_json::from_slice(parts_of(&text).1.unwrap()).unwrap();
        all.push(value["salt"].as_str().unwrap().as_bytes().to_vec());
    }
    all.extend(["electricity", "0.5777", "a source"].map(|words| words.as_bytes().to_vec()));
    all
}

fn leaks(dir: &Path, confidential: &[Vec<u8>]) -> Vec<PathBuf> {
    let leaks = |path: &PathBuf| {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            // A derived file that was merged into another one meanwhile holds nothing any more.
            Err(gone) if gone.kind() == std::io::ErrorKind::NotFound => return false,
            Err(error) => panic!("{}: {error}", path.display()),
        };
        confidential.iter().any(|part| bytes.windows(part.len()).any(|at| at[0] == part[0] && at == part))
    };
    files(dir).into_iter().filter(leaks).collect()
}

fn created(dir: &Path) -> (Vec<StatementId>, Vec<Vec<u8>>) {
    let store = file::Options { segment_bytes_max: 6_000, ..file::Options::default() };
    let options = Options { store, run_statements: 4, ..Options::default() };
    let mut ledger: Ledger<FileStore> =
        Ledger::create_with(dir, genesis(), &key(OPERATOR), 0, &holder(), options).unwrap();
    lived(&mut ledger);
    ledger.flush().unwrap();
    (parted(&ledger), confidential(&ledger))
}

/// All bodies go in one submission, and each change of the disk fails in turn, in each way: whoever opens
/// next finds all gone, or none
/// announced.
#[test]
fn whichever_change_of_the_disk_fails_no_file_holds_an_erased_body() {
    let base = TempDir::new().unwrap();
    let (ids, confidential) = created(base.path());
    assert!(files(&base.path().join("segments")).len() > 1, "several segments");
    let spread = leaks(base.path(), &confidential);
    assert!(spread.len() > 1, "{spread:?}");
    let run = |nth: u64, fault: Fault| {
        let dir = TempDir::new().unwrap();
        copy(base.path(), dir.path());
        let medium = Arc::new(FaultMedium::new(nth, fault));
        let store = file::Options { medium: Arc::clone(&medium) as _, segment_bytes_max: 6_000 };
        let options = Options { store, run_statements: 4, ..Options::default() };
        let opened = Ledger::open_with(dir.path(), &holder(), options);
        let answer =
            opened.and_then(|mut ledger| ledger.append(&key(OPERATOR), 0, &announced(&ids)).map(drop));
        (dir, answer, medium.changes())
    };
    let (whole, answer, changes) = run(0, Fault::Lost);
    answer.unwrap();
    assert_eq!(leaks(whole.path(), &confidential), Vec::<PathBuf>::new(), "before anybody opens it again");
    assert!(changes > 50, "only {changes} changes");
    let mut told = 0;
    for nth in 1..=changes {
        for fault in [Fault::Lost, Fault::Persisted, Fault::Torn] {
            let what = format!("change {nth} of {changes}, {fault:?}");
            let (dir, answer, _) = run(nth, fault);
            assert!(answer.is_err(), "{what}: nobody heard of it");
            let ledger = Ledger::open(dir.path(), &holder()).unwrap_or_else(|e| panic!("{what}: {e}"));
            let is_announced = ledger.book().redaction_of(&ids[0]).unwrap().is_some();
            for id in &ids {
                assert_eq!(ledger.book().redaction_of(id).unwrap().is_some(), is_announced, "{what}");
                assert_eq!(matches!(ledger.said(id).unwrap(), Said::Header(_)), is_announced, "{what}: {id}");
            }
            drop(ledger);
            let left = leaks(dir.path(), &confidential);
            assert_eq!(left.is_empty(), is_announced, "{what}: {left:?}");
            let segments = files(&dir.path().join("segments"));
            assert!(segments.iter().all(|path| path.extension().is_none()), "{what}: {segments:?}");
            told += u32::from(is_announced);
            if nth % 7 == 0 {
                let report = audits::of_directory(dir.path());
                assert!(report.holds(), "{what}: {:?}", report.findings);
            }
        }
    }
    assert!(told > 100, "only {told} were announced");
}

/// One after the other, with the ledger opened again between: the last leaves nothing, and each leaves the
/// others.
#[test]
fn one_by_one_each_erasure_takes_its_own_body_and_no_other() {
    let dir = TempDir::new().unwrap();
    let (ids, _) = created(dir.path());
    let mut texts = Vec::new();
    let ledger = Ledger::read(dir.path()).unwrap();
    for id in &ids {
        let text = ledger.statement_bytes(id).unwrap();
        assert_eq!(encode_statement(&ledger.statement(id).unwrap()).unwrap(), text);
        texts.push(vec![parts_of(&text).1.unwrap().to_vec()]);
    }
    drop(ledger);
    for (n, id) in ids.iter().enumerate() {
        let mut ledger = Ledger::open(dir.path(), &holder()).unwrap();
        ledger.append(&key(OPERATOR), 0, &announced(std::slice::from_ref(id))).unwrap();
        drop(ledger);
        for (other, text) in texts.iter().enumerate() {
            assert_eq!(leaks(dir.path(), text).is_empty(), other <= n, "{other} after {n}");
        }
    }
    let report = audits::of_directory(dir.path());
    assert!(report.holds(), "{:?}", report.findings);
    assert_eq!(report.redacted, ids.len() as u64);
}

/// The derived runs hold hashes of what bodies say, by which a word that somebody guesses could be confirmed.
#[test]
fn the_derived_runs_are_those_of_a_ledger_that_never_saw_the_bodies() {
    let runs = |dir: &Path| {
        let name = |path: &PathBuf| path.strip_prefix(dir).unwrap().to_path_buf();
        let all = files(&dir.join("log"));
        all.iter().map(|path| (name(path), std::fs::read(path).unwrap())).collect::<Vec<_>>()
    };
    let dir = TempDir::new().unwrap();
    let (ids, _) = created(dir.path());
    let before = runs(dir.path());
    let mut ledger = Ledger::open(dir.path(), &holder()).unwrap();
    ledger.append(&key(OPERATOR), 0, &announced(&ids)).unwrap();
    ledger.flush().unwrap();
    drop(ledger);
    let after = runs(dir.path());
    let anew = TempDir::new().unwrap();
    copy(dir.path(), anew.path());
    for derived in ["log", "index"] {
        std::fs::remove_dir_all(anew.path().join(derived)).unwrap();
    }
    Ledger::open(anew.path(), &holder()).unwrap().flush().unwrap();
    let bytes = |runs: &[(PathBuf, Vec<u8>)]| runs.iter().map(|(_, bytes)| bytes.clone()).collect::<Vec<_>>();
    assert_eq!(bytes(&after), bytes(&runs(anew.path())));
    // No run of before is left.
    assert!(!before.is_empty() && bytes(&before).iter().all(|run| !bytes(&after).contains(run)));
}
