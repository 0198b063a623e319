//! Soundness: what somebody without the keys changes is found.
//!
//! A footprint proof: if a changed one still holds, then its publication, the ids it uses, its checkpoint's text and every seal and
//! statement in it, each with its place, are byte for byte those of the genuine one, and no check holds that did not hold there. So
//! all that can be done is to leave out what was disclosed voluntarily, cosignatures included.
//!
//! A ledger: if the audit of a changed directory finds nothing, then its submissions are byte for byte the first ones of the
//! genuine ledger, at least as many as the checkpoint kept elsewhere covers, and its manifest says the same.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use pcf_ledger::admission::Entry;
use pcf_ledger::audit;
use pcf_ledger::ledger::{CheckpointSource, Ledger};
use pcf_ledger::model::{Salt, Statement, StatementKind};
use pcf_ledger::proof::{Document, Outcome, Proof, Trust, Verdict};
use pcf_ledger::sign::{Note, SigningKey};
use pcf_ledger::store::file::{FileReader, FileStore, Options};
use pcf_ledger::store::manifest::Manifest;
use pcf_ledger::store::{Holder, Reader, Store, StoredSubmission, Submission};
use pcf_testing::world;
use serde_json::Value;
use tempfile::TempDir;

use super::ledger_files::{edited, mend, mend_frames};

struct Genuine {
    bytes: Vec<u8>,
    document: Document,
    trust: Trust,
    /// The checks that hold.
    holding: BTreeSet<&'static str>,
}

fn genuine() -> &'static Genuine {
    static GENUINE: OnceLock<Genuine> = OnceLock::new();
    GENUINE.get_or_init(|| {
        let mut world = world::World::new(1);
        let (id, used) = world.life();
        let proof = world.proof(id, &used);
        let bytes = proof.to_bytes().unwrap();
        let report = proof.verify(&world.trust());
        assert_eq!(report.verdict(), Verdict::Holds);
        let holding = report.checks.iter().filter(|c| c.outcome == Outcome::Holds).map(|c| c.name).collect();
        Genuine { document: serde_json::from_slice(&bytes).unwrap(), bytes, trust: world.trust(), holding }
    })
}

/// Every node below `value`, in order.
fn nodes(value: &Value, at: String, out: &mut Vec<String>) {
    match value {
        Value::Array(list) => list.iter().enumerate().for_each(|(n, v)| nodes(v, format!("{at}/{n}"), out)),
        Value::Object(map) => map.iter().for_each(|(k, v)| nodes(v, format!("{at}/{k}"), out)),
        _ => {}
    }
    out.push(at);
}

/// One change of the document: which node, what is done to it, and two operands.
fn change(document: &mut Value, step: &[u8]) {
    let mut all = Vec::new();
    nodes(document, String::new(), &mut all);
    let pick = |a: u8, b: u8| all[usize::from(u16::from_be_bytes([a, b])) % all.len()].clone();
    let (target, other) = (pick(step[0], step[1]), pick(step[3], step[4]));
    let copy = document.pointer(&other).cloned().unwrap_or_default();
    let Some(node) = document.pointer_mut(&target) else { return };
    let (n, letter) = (usize::from(step[3]), step[4]);
    match (step[2] % 6, node) {
        // The same kind of thing from another place.
        (0, node) if std::mem::discriminant(&*node) == std::mem::discriminant(&copy) => *node = copy,
        (1, Value::Array(list)) if !list.is_empty() => drop(list.remove(n % list.len())),
        (2, Value::Array(list)) => list.push(copy),
        (3, Value::Array(list)) if !list.is_empty() => {
            let len = list.len();
            list.swap(n % len, usize::from(letter) % len);
        }
        (4, Value::Array(list)) if !list.is_empty() => {
            let twin = list[n % list.len()].clone();
            list.insert(n % list.len(), twin);
        }
        (_, Value::String(text)) if !text.is_empty() => {
            let at = (usize::from(step[3]) << 8 | usize::from(step[2])) % text.len();
            let mut bytes = std::mem::take(text).into_bytes();
            match letter {
                0..=127 => bytes[at] = letter,
                128..=191 => drop(bytes.remove(at)),
                192.. => bytes.insert(at, letter & 0x7f),
            }
            *text = String::from_utf8_lossy(&bytes).into_owned();
        }
        _ => {}
    }
}

/// The first byte says whether the file or the document is changed; the rest are the changes.
pub fn sound_proof(data: &[u8]) {
    let Some((how, script)) = data.split_first() else { return };
    let genuine = genuine();
    let bytes = if how & 1 == 0 {
        let mut document: Value = serde_json::from_slice(&genuine.bytes).unwrap();
        script.chunks_exact(5).take(6).for_each(|step| change(&mut document, step));
        serde_json::to_vec(&document).unwrap()
    } else {
        edited(&genuine.bytes, script)
    };
    let Ok(proof) = Proof::parse(&bytes) else { return };
    let report = proof.verify(&genuine.trust);
    if report.verdict() == Verdict::Fails {
        return;
    }
    let held: Document = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(held.publication, genuine.document.publication);
    assert_eq!(held.used, genuine.document.used);
    let text = |document: &Document| Note::parse(document.checkpoint.as_bytes()).unwrap().text().to_owned();
    assert_eq!(text(&held), text(&genuine.document));
    assert!(
        held.seals.iter().all(|seal| genuine.document.seals.contains(seal)),
        "a seal that was never made"
    );
    let known = |statement| genuine.document.statements.contains(statement);
    assert!(held.statements.iter().all(known), "a statement, or a place, that was never signed");
    for check in report.checks.iter().filter(|check| check.outcome == Outcome::Holds) {
        assert!(genuine.holding.contains(check.name), "`{}` holds here only", check.name);
    }
}

struct Base {
    files: Vec<(&'static str, Vec<u8>)>,
    submissions: Vec<StoredSubmission>,
    manifest: Manifest,
    checkpoint: Vec<u8>,
    /// Submissions that the checkpoint kept elsewhere covers.
    covered: usize,
}

const FILES: [&str; 5] = ["segments/000000", "segments/000001", "head", "ledger.toml", "signed/checkpoint"];

fn holder() -> Holder {
    Holder { label: "a fuzz target".to_owned(), started: "2025-06-01T08:00:00Z".to_owned() }
}

/// The world's ledger on disk, in two segments, with a signed checkpoint before its last submission and, behind that, a redaction.
fn base() -> &'static Base {
    static BASE: OnceLock<Base> = OnceLock::new();
    BASE.get_or_init(|| {
        let mut world = world::World::new(1);
        world.life();
        let (memory, dir) = (&world.ledger, TempDir::new().unwrap());
        let Statement::Ledger(genesis) = memory.statement(&memory.id()).unwrap() else { unreachable!() };
        let on_disk = Ledger::create(dir.path(), genesis, &world.operator, 1_760_000_000, &holder()).unwrap();
        drop(on_disk);
        let sealed: Vec<_> = (0..memory.size()).map(|n| memory.submission(n).unwrap()).collect();
        let root = |size: u64| memory.book().root_at(size).unwrap().unwrap();
        let options = Options { segment_bytes_max: 6_000, ..Options::default() };
        let mut store = FileStore::open_writer_with(dir.path(), &holder(), options).unwrap();
        let key = world::key_of(&world.log);
        let beside = dir.path().join("beside");
        for (index, submission) in (0..).zip(&sealed).skip(1) {
            let statements: Vec<&[u8]> = submission.statements.iter().map(Vec::as_slice).collect();
            let seal = submission.seal.to_bytes();
            let one = Submission { seal: &seal, statements: &statements, new_root: root(index + 1) };
            let head = store.head().unwrap();
            store.append(&head, &[one]).unwrap();
            if index + 2 == memory.size() {
                drop(store);
                let ledger = Ledger::open(dir.path(), &holder()).unwrap();
                ledger.sign_checkpoint(&key, &[CheckpointSource { path: &beside }]).unwrap();
                store = ledger.into_store();
            }
        }
        drop(store);
        redact(dir.path(), &world.operator);
        let reader = FileReader::open(dir.path()).unwrap();
        let submissions: Vec<_> = reader.read(None).unwrap().map(Result::unwrap).collect();
        let there = FILES.iter().filter(|name| dir.path().join(name).exists());
        let files = there.map(|name| (*name, fs::read(dir.path().join(name)).unwrap())).collect();
        let covered = submissions.len() - 2;
        let checkpoint = fs::read(&beside).unwrap();
        Base { files, submissions, manifest: Manifest::read(dir.path()).unwrap(), checkpoint, covered }
    })
}

/// The last activity is redacted.
fn redact(dir: &Path, operator: &SigningKey) {
    let mut ledger = Ledger::open(dir, &holder()).unwrap();
    let activity = |entry: &Entry| entry.kind == StatementKind::Activity;
    let target =
        ledger.book().all_entries().map(Result::unwrap).filter(|entry| activity(entry)).last().unwrap().id;
    let salt = Salt::from_bytes(*b"0123456789abcdef");
    let redaction = ledger.redaction(&target, "names a person".parse().unwrap(), salt).unwrap();
    ledger.redact(operator, 1_760_000_000, redaction).unwrap();
}

/// Each six bytes name a file and an edit of it; the first byte says whether checksums are made to fit.
pub fn sound_ledger(data: &[u8]) {
    let Some((how, script)) = data.split_first() else { return };
    let base = base();
    let dir = TempDir::new().unwrap();
    fs::create_dir(dir.path().join("segments")).unwrap();
    fs::create_dir(dir.path().join("signed")).unwrap();
    for (n, (name, whole)) in base.files.iter().enumerate() {
        let steps = script.chunks_exact(6).filter(|step| usize::from(step[0]) % base.files.len() == n);
        let edits: Vec<u8> = steps.flat_map(|step| step[1..].to_vec()).collect();
        let mut bytes = edited(whole, &edits);
        if how & 1 == 0 && name.starts_with("segments") {
            mend_frames(&mut bytes);
        }
        if how & 1 == 0 && *name == "head" {
            mend(&mut bytes, 0, 104);
            mend(&mut bytes, 4096, 4200);
        }
        fs::write(dir.path().join(name), bytes).unwrap();
    }
    if how & 2 != 0 {
        drop(FileStore::open_writer(dir.path(), &holder())); // as far as it can, it makes the files whole
    }
    let kept = vec![("kept elsewhere".to_owned(), base.checkpoint.clone())];
    let Ok(report) = audit::directory(dir.path(), kept, &mut |_, _| {}) else { return };
    if !report.holds() {
        return;
    }
    let reader = FileReader::open(dir.path()).unwrap();
    let found: Vec<_> = reader.read(None).unwrap().map(Result::unwrap).collect();
    assert!(found.len() >= base.covered, "{} of {} and nothing was found", found.len(), base.covered);
    assert!(found.len() <= base.submissions.len(), "a submission that was never made");
    for (found, made) in found.iter().zip(&base.submissions) {
        assert_eq!((&found.statements, found.seal), (&made.statements, made.seal), "at index {}", made.index);
    }
    assert_eq!(Manifest::read(dir.path()).unwrap(), base.manifest);
}
