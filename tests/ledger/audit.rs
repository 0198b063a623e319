//! The audit finds nothing in a good ledger, and reports each tampering under the right check with
//! its place.

use std::fs;
use std::path::Path;

use pcf_ledger::admission::Book;
use pcf_ledger::audit::{self, Beside, Finding, Place, Report, Severity};
use pcf_ledger::codec::digest::sha256;
use pcf_ledger::codec::{encode_statement, figures_digest, leaf_hash};
use pcf_ledger::ledger::{CheckpointSource, Ledger, Submission};
use pcf_ledger::merkle;
use pcf_ledger::model::{Digest, Statement, StatementId, StatementKind};
use pcf_ledger::store::file::{FileReader, FileStore};
use pcf_ledger::store::manifest::Manifest;
use pcf_ledger::store::memory::MemoryStore;
use pcf_ledger::store::{self, Reader, Store};
use pcf_testing::audits;
use pcf_testing::{
    ACME, BOLT, LOG, OPERATOR, PUMP, activity, factor, fill, genesis, holder, key, product, public,
    publication, statement, submission, submit, uuid_of, with, withdrawal,
};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A ledger with two publications at different sizes and an assurance: size 9.
fn published<S: Store>(ledger: &mut Ledger<S>) {
    fill(ledger);
    let first = publication(ledger, "acme", PUMP, 1);
    submit(ledger, ACME, std::slice::from_ref(&first)); // 5
    let pump = ledger.book().product(&PUMP.parse().unwrap()).unwrap().unwrap().id;
    submit(ledger, ACME, &[with(product("acme", &[PUMP], &["acme"]), "replaces", pump)]); // 6
    let second = publication(ledger, "acme", PUMP, 2);
    submit(ledger, ACME, &[second]); // 7
    let Statement::Publication(first) = statement(first) else { unreachable!() };
    let figures = figures_digest(&first).unwrap().to_string();
    submit(ledger, BOLT, &[opinion(ledger, &figures)]); // 8
}

fn opinion<S: Reader>(ledger: &Ledger<S>, figures: &str) -> Value {
    json!({"type": "assurance", "by": "bolt", "figures": figures, "level": "limited", "opinion": "unmodified",
        "scope": "all", "standard": "ISO 14064-3",
        "log": {"size": ledger.size().to_string(), "root": Digest::from_bytes(ledger.root())}})
}

fn on_disk() -> (TempDir, Ledger<FileStore>) {
    let dir = TempDir::new().unwrap();
    let mut ledger = Ledger::create(dir.path(), genesis(), &key(OPERATOR), 0, &holder()).unwrap();
    published(&mut ledger);
    (dir, ledger)
}

fn in_memory() -> Ledger<MemoryStore> {
    let mut ledger = Ledger::in_memory(genesis(), &key(OPERATOR), 0).unwrap();
    published(&mut ledger);
    ledger
}

fn first_activity<S: Reader>(ledger: &Ledger<S>) -> StatementId {
    let mut entries = ledger.book().all_entries().map(Result::unwrap);
    entries.find(|entry| entry.kind == StatementKind::Activity).unwrap().id
}

fn audited(dir: &Path) -> Report {
    audits::of_directory(dir)
}

fn run<R: Reader + Sync>(reader: &R) -> Report {
    audits::of(reader, &Beside::default())
}

/// The findings as `check @ place`, without the file where there is a place in the log.
fn found(report: &Report) -> Vec<String> {
    report.findings.iter().map(|f| format!("{} @ {}", f.rule, in_log(f))).collect()
}

fn in_log(finding: &Finding) -> String {
    let place = finding.about.clone();
    match place.index {
        Some(_) => Place { file: None, offset: None, ..place }.to_string(),
        None => place.to_string(),
    }
}

fn only(report: &Report) -> &Finding {
    assert_eq!(report.findings.len(), 1, "{:#?}", report.findings);
    &report.findings[0]
}

fn seals<R: Reader>(reader: &R) -> Vec<Submission> {
    let all = reader.read(None).unwrap().map(|stored| stored.unwrap());
    all.map(|s| Submission {
        seal: pcf_ledger::sign::Seal::parse(&s.seal).unwrap(),
        statements: s.statements.iter().map(|body| body.statement().unwrap().to_vec()).collect(),
    })
    .collect()
}

/// A store that holds these submissions, whatever the rules say; commits have the roots of a real log.
fn forged(ledger_id: [u8; 32], submissions: &[Submission]) -> MemoryStore {
    let mut tree = merkle::Frontier::new();
    let mut store: Option<MemoryStore> = None;
    for Submission { seal, statements } in submissions {
        tree.push(leaf_hash(&seal.to_bytes()));
        let statements: Vec<&[u8]> = statements.iter().map(Vec::as_slice).collect();
        let (seal, new_root) = (&seal.to_bytes(), tree.root());
        let next = store::Submission { seal, statements: &statements, new_root };
        match &mut store {
            None => store = Some(MemoryStore::new(ledger_id, &next).unwrap()),
            Some(store) => drop(store.append(&store.head().unwrap(), &[next]).unwrap()),
        }
    }
    store.unwrap()
}

#[test]
fn a_good_ledger_has_no_findings() {
    let (dir, ledger) = on_disk();
    let beside = dir.path().join("elsewhere");
    ledger.sign_checkpoint(&key(LOG), &[CheckpointSource { path: &beside }]).unwrap();
    let kept = vec![("beside the key".to_owned(), fs::read(&beside).unwrap())];
    let mut heard = Vec::new();
    let report = audit::directory(dir.path(), kept, &mut |done, all| heard.push((done, all))).unwrap();
    assert!(report.findings.is_empty() && report.holds(), "{:#?}", report.findings);
    assert_eq!((report.size, report.root), (ledger.size(), ledger.root()));
    assert_eq!((report.ledger_id, report.statements, report.publications), (ledger.id(), 10, 2));
    let count = |name: &str| report.check(name).unwrap().looked_at;
    for (name, expected) in [
        ("store", 9),
        ("seal-signature", 9),
        ("canonical", 10),
        ("bodies", 4),
        ("log-root", 9),
        ("head", 1),
        ("manifest", 1),
        ("signed-checkpoint", 2),
        ("publication-figures", 2),
        ("publication-used", 2),
        ("assurance-figures", 1),
    ] {
        assert_eq!(count(name), expected, "{name}");
    }
    let expected: Vec<_> = (1..=9).map(|n| (n, 9)).chain([(1, 2), (2, 2)]).collect();
    assert_eq!(heard, expected);
    // Neither the index nor the leaf hashes are needed.
    drop(ledger);
    fs::remove_dir_all(dir.path().join("index")).unwrap();
    fs::remove_dir_all(dir.path().join("log")).unwrap();
    assert!(audited(dir.path()).findings.is_empty());
}

/// Replaces bytes in the only segment and mends the CRC of the frame around them; the frame's offset.
fn rewrite(dir: &Path, from: &[u8], to: &[u8]) -> usize {
    assert_eq!(from.len(), to.len());
    let path = dir.join("segments/000000");
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes.windows(from.len()).position(|w| w == from).unwrap();
    let start = bytes[..at].iter().rposition(|b| *b == b'{').unwrap();
    let start = (0..=start)
        .rev()
        .find(|s| bytes[*s..].starts_with(b"{\"") && [1, 3].contains(&bytes[s - 5]) && bytes[s - 9] == 0);
    let frame = start.unwrap() - 9;
    bytes[at..at + to.len()].copy_from_slice(to);
    let len = u32::from_be_bytes(bytes[frame..frame + 4].try_into().unwrap()) as usize;
    let body = frame + 9..frame + 9 + len;
    assert!(body.contains(&at), "{body:?} {at}");
    let crc = crc32c([&bytes[frame..frame + 5], &bytes[body]].concat());
    bytes[frame + 5..frame + 9].copy_from_slice(&crc.to_be_bytes());
    fs::write(path, bytes).unwrap();
    frame
}

/// CRC-32C, bit by bit.
fn crc32c(bytes: Vec<u8>) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { c >> 1 ^ 0x82f6_3b78 } else { c >> 1 })
    })
}

#[test]
fn a_rewritten_statement_is_found_though_its_checksum_is_right() {
    let (dir, ledger) = on_disk();
    drop(ledger);
    rewrite(dir.path(), b"0.5777", b"0.4777");
    let report = audited(dir.path());
    let found = found(&report);
    assert!(found[0].starts_with("bodies @ index 2, statement 1 ("), "{found:?}");
    assert_eq!(report.size, 9, "the audit goes on");
    assert_eq!(report.publications, 2);
    assert!(found[1..].iter().all(|f| f.starts_with("publication-figures @ index ")), "{found:?}");
    assert_eq!(found.len(), 3);
    assert!(report.findings[1].sentence.contains("grid"), "{}", report.findings[1].sentence);
}

#[test]
fn a_rewritten_statement_that_is_no_longer_canonical_is_found_as_that_too() {
    let (dir, ledger) = on_disk();
    drop(ledger);
    rewrite(dir.path(), b"0.5777", b"0.5770");
    let found = found(&audited(dir.path()));
    assert!(found[0].starts_with("bodies @ index 2, statement 1 ("), "{found:?}");
}

#[test]
fn a_rewritten_header_is_found_though_its_checksum_is_right() {
    let (dir, ledger) = on_disk();
    drop(ledger);
    rewrite(dir.path(), b"\"factor\":\"grid\"", b"\"factor\":\"grit\"");
    let found = found(&audited(dir.path()));
    assert_eq!(found[0], "sealed-statements @ index 2", "{found:?}");
}

#[test]
fn a_flipped_byte_is_found_where_it_is() {
    let (dir, ledger) = on_disk();
    drop(ledger);
    let segment = dir.path().join("segments/000000");
    let whole = fs::read(&segment).unwrap();
    for at in (0..whole.len()).step_by(97) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x20;
        fs::write(&segment, bytes).unwrap();
        let report = audited(dir.path());
        let finding = report.findings.iter().find(|f| f.rule == "store").unwrap();
        let (file, offset) = (finding.about.file.clone().unwrap(), finding.about.offset.unwrap());
        let offset = usize::try_from(offset).unwrap();
        assert!(
            file.ends_with("segments/000000") && offset <= at && at < offset + 3000,
            "{at}: {}",
            finding.about
        );
        assert!(!report.holds());
    }
    fs::write(&segment, &whole).unwrap();
    let head = dir.path().join("head");
    let slots = fs::read(&head).unwrap();
    for at in [0, 50, 4095, 4096, 4200, 8191] {
        let mut bytes = slots.clone();
        bytes[at] ^= 1;
        fs::write(&head, bytes).unwrap();
        let report = audited(dir.path());
        assert!(only(&report).about.file.as_ref().unwrap().ends_with("head"), "{:?}", report.findings);
        assert_eq!((report.size, report.publications), (9, 2), "the log is audited all the same");
    }
    fs::write(&head, &slots[..4096]).unwrap();
    assert_eq!(only(&audited(dir.path())).about.offset, Some(4096));
    fs::write(&head, slots).unwrap();
    fs::write(&segment, &whole[..whole.len() - 1]).unwrap();
    let report = audited(dir.path());
    assert!(report.findings.iter().all(|f| f.rule == "store") && !report.holds(), "{:?}", report.findings);
}

#[test]
fn what_lies_before_the_damage_is_audited_all_the_same() {
    let (dir, ledger) = on_disk();
    let last = ledger.submission(8).unwrap();
    drop(ledger);
    let segment = dir.path().join("segments/000000");
    let mut bytes = fs::read(&segment).unwrap();
    let at = bytes.windows(40).position(|w| w == &last.statements[0][..40]).unwrap();
    bytes[at + 5] ^= 1;
    fs::write(&segment, bytes).unwrap();
    let report = audited(dir.path());
    assert!(only(&report).sentence.contains("of this submission only the seal could be read"), "{report:?}");
    assert_eq!((report.size, report.unread, report.publications), (9, 1, 2));
}

#[test]
fn submissions_in_another_order_or_left_out_are_found() {
    let ledger = in_memory();
    let store = ledger.into_store();
    let good = seals(&store);
    assert!(run(&forged(store.ledger_id(), &good)).findings.is_empty());
    // With roots that fit the new order only the rules are broken: the factor stands before its actor.
    let mut swapped = good.clone();
    swapped.swap(1, 2);
    let report = run(&forged(store.ledger_id(), &swapped));
    assert_eq!(found(&report)[0], "rules @ index 1");
    assert!(report.findings[0].sentence.contains("unknown"), "{}", report.findings[0].sentence);
    // Left out: the publications name a root that this log never had.
    let mut shorter = good.clone();
    shorter.remove(4);
    let report = run(&forged(store.ledger_id(), &shorter));
    assert_eq!(found(&report)[0], "rules @ index 4");
    assert!(
        report.findings[0].sentence.contains("names the log size 5, the log has 4"),
        "{}",
        report.findings[0].sentence
    );
}

#[test]
fn a_signed_checkpoint_finds_a_history_that_is_whole_in_itself() {
    let (dir, ledger) = on_disk();
    ledger.sign_checkpoint(&key(LOG), &[]).unwrap();
    let note = fs::read(dir.path().join("signed/checkpoint")).unwrap();
    let store = in_memory().into_store();
    let all = seals(&store);
    let other = forged(store.ledger_id(), &all);
    let shorter = forged(store.ledger_id(), &all[..8]);
    for (store, says) in [(other, "this log has the root"), (shorter, "this log has 8 submissions")] {
        let beside = Beside { checkpoints: vec![("kept".into(), note.clone())], ..Beside::default() };
        let report = audit::run(&store, &beside, &mut |_, _| {}).unwrap();
        let finding = only(&report);
        assert_eq!((finding.rule, finding.about.to_string().as_str()), ("signed-checkpoint", "kept"));
        assert!(
            finding.sentence.contains("signed at size 9") && finding.sentence.contains(says),
            "{finding:?}"
        );
    }
    let beside = Beside { checkpoints: vec![("kept".into(), b"nonsense".to_vec())], ..Beside::default() };
    assert_eq!(only(&audit::run(&store, &beside, &mut |_, _| {}).unwrap()).rule, "signed-checkpoint");
}

#[test]
fn a_commit_with_another_root_is_found_with_its_index() {
    let store = in_memory().into_store();
    let all = seals(&store);
    let mut copy = forged(store.ledger_id(), &all[..4]);
    for submission in &all[4..] {
        let statements: Vec<&[u8]> = submission.statements.iter().map(Vec::as_slice).collect();
        let seal = &submission.seal.to_bytes();
        let next = store::Submission { seal, statements: &statements, new_root: [0xaa; 32] };
        copy.append(&copy.head().unwrap(), &[next]).unwrap();
    }
    let report = run(&copy);
    assert_eq!(found(&report), ["log-root @ index 4", "head @ head"]);
    assert!(report.findings[0].sentence.contains("4 commits after it"), "{:?}", report.findings);
}

#[test]
fn a_swapped_seal_is_found() {
    let store = in_memory().into_store();
    let good = seals(&store);
    let mut swapped = good.clone();
    (swapped[2].seal, swapped[3].seal) = (good[3].seal, good[2].seal);
    let found = found(&run(&forged(store.ledger_id(), &swapped)));
    assert_eq!(&found[..2], ["sealed-statements @ index 2", "sealed-statements @ index 3"]);
    // A seal with another's signature, and one that is none.
    let mut unsigned = good.clone();
    let mut bytes = good[8].seal.to_bytes();
    bytes[120..].copy_from_slice(good[7].seal.signature());
    unsigned[8].seal = pcf_ledger::sign::Seal::parse(&bytes).unwrap();
    let report = run(&forged(store.ledger_id(), &unsigned));
    assert_eq!(only(&report).rule, "seal-signature");
    assert_eq!(only(&report).about.index, Some(8));
}

#[test]
fn bytes_that_are_no_seal_are_found_and_the_audit_goes_on() {
    let ledger = in_memory();
    let mut book = ledger.book().clone();
    let mut store = ledger.into_store();
    fake(&mut store, &mut book, &[0xee; 184], &[b"{}".to_vec()]);
    let report = run(&store);
    let found = found(&report);
    assert!(
        found[0] == "seal @ index 9" && found[1].starts_with("canonical @ index 9, statement 1 ("),
        "{found:?}"
    );
    assert_eq!((found.len(), report.size), (2, 10));
}

/// Appends past the rules.
fn fake<S: Store>(store: &mut S, book: &mut Book, seal: &[u8; 184], statements: &[Vec<u8>]) {
    let leaf = leaf_hash(seal);
    let statements: Vec<&[u8]> = statements.iter().map(Vec::as_slice).collect();
    let next = store::Submission { seal, statements: &statements, new_root: book.root_with(leaf) };
    store.append(&store.head().unwrap(), &[next]).unwrap();
    book.fold(leaf, sha256(&[&seal[..120]]), public(99), Vec::new()).unwrap();
}

#[test]
fn what_was_appended_past_the_rules_is_found_and_counts_for_nothing() {
    let (dir, ledger) = on_disk();
    let (mut book, id) = (ledger.book().clone(), *ledger.id().as_bytes());
    drop(ledger);
    let mut store = FileStore::open_writer(dir.path(), &holder()).unwrap();
    let unknown = submission(id, 77, &[factor("acme", "unknown")]);
    let other = submission([9; 32], ACME, &[factor("acme", "elsewhere")]);
    let captured = submission(id, BOLT, &[factor("bolt", "grid")]);
    let good = submission(id, ACME, &[factor("acme", "good")]);
    for next in [&unknown, &other, &captured, &good] {
        fake(&mut store, &mut book, &next.seal.to_bytes(), &next.statements);
    }
    drop(store);
    let report = audited(dir.path());
    assert_eq!(found(&report), ["rules @ index 9", "ledger-id @ index 10", "rules @ index 11"]);
    let says = ["is unknown here", "the seal is for ledger 0909", "belongs to `acme`"];
    for (finding, part) in report.findings.iter().zip(says) {
        assert!(finding.sentence.contains(part), "{finding:?}");
        assert_eq!(finding.severity, Severity::Stops);
    }
    assert_eq!((report.size, report.root), (13, book.root()));
}

#[test]
fn a_figure_that_does_not_follow_is_found_with_its_statement() {
    let mut ledger = Ledger::in_memory(genesis(), &key(OPERATOR), 0).unwrap();
    published(&mut ledger);
    let id_of = |value: &Value| -> StatementId {
        let statement = statement(value.clone());
        pcf_ledger::codec::statement_id(&encode_statement(&statement).unwrap())
    };
    let mut wrong = publication(&ledger, "acme", PUMP, 3);
    wrong["salt"] = pcf_testing::salt_of(3).to_string().into();
    wrong["figures"]["primaryDataShare"] = "99".into();
    submit(&mut ledger, ACME, std::slice::from_ref(&wrong));
    let report = run(&ledger.into_store());
    let finding = only(&report);
    assert_eq!((finding.rule, finding.about.statement), ("publication-figures", Some(id_of(&wrong))));
    assert!(
        finding.sentence.starts_with("primaryDataShare: expected \"0\", got \"99\""),
        "{}",
        finding.sentence
    );
    assert_eq!(report.publications, 3);
}

#[test]
fn a_publication_that_names_other_statements_than_it_used_is_found() {
    let mut ledger = in_memory();
    let mut wrong = publication(&ledger, "acme", PUMP, 3);
    wrong["used"]["activities"]["count"] = "2".into();
    submit(&mut ledger, ACME, &[wrong]);
    let mut wrong = publication(&ledger, "acme", PUMP, 4);
    wrong["used"]["sources"]["root"] = "00".repeat(32).into();
    submit(&mut ledger, ACME, &[wrong]);
    let report = run(&ledger.into_store());
    assert_eq!(report.findings.len(), 2);
    assert!(report.findings.iter().all(|f| f.rule == "publication-used"), "{:?}", report.findings);
    assert!(
        report.findings[0].sentence.contains("expected 1 activities with the root"),
        "{:?}",
        report.findings
    );
}

#[test]
fn a_publication_rests_on_what_held_at_its_size_and_not_on_what_came_later() {
    let mut ledger = in_memory();
    let said = first_activity(&ledger);
    let early = publication(&ledger, "acme", PUMP, 3);
    submit(&mut ledger, ACME, &[withdrawal("acme", &said)]);
    submit(&mut ledger, ACME, std::slice::from_ref(&early));
    assert!(run(&Ledger::over_store(ledger.into_store()).unwrap().into_store()).findings.is_empty());
    // The same figures, said to rest on a size at which the activity no longer held.
    let mut ledger = in_memory();
    let said = first_activity(&ledger);
    submit(&mut ledger, ACME, &[withdrawal("acme", &said)]);
    let mut late = early;
    late["log"] = json!({"size": ledger.size().to_string(), "root": Digest::from_bytes(ledger.root())});
    submit(&mut ledger, ACME, &[late]);
    let report = run(&ledger.into_store());
    assert!(only(&report).sentence.starts_with("the figures cannot be calculated again"), "{report:?}");
}

#[test]
fn an_assurance_of_figures_that_nobody_published_is_a_notice() {
    let mut ledger = in_memory();
    let value = opinion(&ledger, &"ab".repeat(32));
    submit(&mut ledger, BOLT, &[value]);
    let report = run(&ledger.into_store());
    assert_eq!((only(&report).rule, only(&report).severity), ("assurance-figures", Severity::Note));
    assert!(report.holds());
}

#[test]
fn a_manifest_that_says_something_else_than_the_genesis_is_found() {
    let (dir, _ledger) = on_disk();
    let manifest = Manifest::read(dir.path()).unwrap();
    let reader = FileReader::open(dir.path()).unwrap();
    let changed = |change: &dyn Fn(&mut Manifest)| {
        let mut manifest = manifest.clone();
        change(&mut manifest);
        let beside = Beside { manifest: Some(manifest), ..Beside::default() };
        audit::run(&reader, &beside, &mut |_, _| {}).unwrap()
    };
    assert!(changed(&|_| {}).findings.is_empty());
    let other = manifest.log_key.replace("example.com/log", "example.com/lag");
    for report in [
        changed(&|m| m.ledger_id[0] ^= 1),
        changed(&|m| m.origin.push('x')),
        changed(&|m| m.log_key = other.clone()),
    ] {
        assert_eq!(
            (only(&report).rule, only(&report).about.to_string().as_str()),
            ("manifest", "ledger.toml")
        );
    }
}

#[test]
fn an_empty_directory_is_no_ledger_and_no_finding() {
    let dir = TempDir::new().unwrap();
    assert!(audit::directory(dir.path(), Vec::new(), &mut |_, _| {}).is_err());
}

#[test]
fn what_another_year_has_changes_no_figure_and_is_named_where_there_are_none() {
    let mut ledger = in_memory();
    let later = json!({"start": "2026-01-01", "end": "2027-01-01"});
    submit(&mut ledger, ACME, &[with(activity("acme", &[PUMP]), "period", later.clone())]);
    let value = publication(&ledger, "acme", PUMP, 3);
    submit(&mut ledger, ACME, std::slice::from_ref(&value));
    let store = ledger.into_store();
    let report = run(&store);
    assert!(report.holds() && report.publications == 3, "{:?}", report.findings);

    let mut ledger = Ledger::over_store(store).unwrap();
    let none = json!({"start": "2027-01-01", "end": "2028-01-01"});
    submit(&mut ledger, ACME, &[with(with(value, "footprint", uuid_of(4)), "period", none)]);
    let report = run(&ledger.into_store());
    let (begin, years) =
        ("the figures cannot be calculated again", "2026-01-01..2027-01-01, 2025-01-01..2026-01-01");
    let message = &only(&report).sentence;
    assert!(message.starts_with(begin) && message.contains(years), "{message}");
}

#[test]
fn an_audit_that_cannot_put_aside_what_it_has_to_remember_says_so_and_nothing_else() {
    let store = in_memory().into_store();
    let (scratch, threads) = (TempDir::new().unwrap(), std::num::NonZero::<usize>::MIN);
    let audit = |dir: &Path, held, heard: &mut audit::Progress<'_>| {
        let options = audit::Options { held, threads, scratch: dir.to_owned(), ..Default::default() };
        audit::run_with(&store, &Beside::default(), &options, heard)
    };
    let whole = audit(scratch.path(), 1, &mut |_, _| {}).unwrap();
    assert!(whole.holds() && fs::read_dir(scratch.path()).unwrap().next().is_none(), "no name is left");
    let missing = scratch.path().join("missing");
    assert_eq!(audit(&missing, 1000, &mut |_, _| {}).unwrap(), whole, "a short log needs no files");
    // Sooner or later on the way there is no room any more.
    let mut failed = 0;
    for calls in 0..12 {
        let dir = TempDir::new().unwrap();
        let mut left = calls;
        let heard = &mut |_, _| match left {
            0 => drop(fs::remove_dir_all(dir.path())),
            _ => left -= 1,
        };
        match audit(dir.path(), 1, heard) {
            Ok(report) => assert_eq!(report, whole),
            Err(error) => {
                failed += 1;
                let cause = format!("cannot use temporary files in {}", dir.path().display());
                assert!(error.to_string().starts_with(&cause), "{error}");
            }
        }
    }
    assert!(failed > 5, "{failed} failed");
}

#[test]
fn any_number_of_threads_finds_the_same() {
    let (dir, ledger) = on_disk();
    drop(ledger);
    rewrite(dir.path(), b"0.5777", b"0.4777");
    let on = |threads: usize| {
        let options =
            audit::Options { threads: std::num::NonZero::new(threads).unwrap(), ..Default::default() };
        audit::directory_with(dir.path(), Vec::new(), &options, &mut |_, _| {}).unwrap()
    };
    let one = on(1);
    assert!(!one.holds());
    for threads in [2, 3, 16] {
        assert_eq!(on(threads), one, "{threads} threads");
    }
}

#[test]
fn a_submission_that_stands_twice_is_found() {
    let store = in_memory().into_store();
    let mut twice = seals(&store);
    twice.push(twice[4].clone());
    let report = run(&forged(store.ledger_id(), &twice));
    assert_eq!((only(&report).rule, only(&report).about.index), ("rules", Some(9)));
    assert!(
        only(&report).sentence.contains("is already in the log, in the submission at index 4"),
        "{report:?}"
    );
}

#[test]
fn a_statement_put_into_a_sealed_submission_is_found() {
    let store = in_memory().into_store();
    let mut more = seals(&store);
    let put_in = encode_statement(&statement(factor("acme", "more"))).unwrap();
    more[2].statements.push(put_in);
    let found = found(&run(&forged(store.ledger_id(), &more)));
    assert_eq!(found[0], "sealed-statements @ index 2", "{found:?}");
}

#[test]
fn a_submission_of_another_ledger_is_found_wherever_it_is_put() {
    let store = in_memory().into_store();
    let replayed = submission([7; 32], ACME, &[factor("acme", "replayed")]);
    for at in 1..=9 {
        let mut all = seals(&store);
        all.insert(at, replayed.clone());
        let found = found(&run(&forged(store.ledger_id(), &all)));
        assert!(found.contains(&format!("ledger-id @ index {at}")), "{found:?}");
    }
}

#[test]
fn findings_are_bounded_and_the_rest_is_counted() {
    let mut ledger = Ledger::in_memory(genesis(), &key(OPERATOR), 0).unwrap();
    fill(&mut ledger);
    let mut book = ledger.book().clone();
    let mut store = ledger.into_store();
    let more = 25;
    for _ in 0..audit::FINDINGS_MAX + more {
        fake(&mut store, &mut book, &[0xee; 184], &[b"{}".to_vec()]);
    }
    let report = run(&store);
    let kept = report.findings.iter().filter(|f| f.rule == "seal").count() as u64;
    assert_eq!(
        (kept, report.check("seal").unwrap().errors),
        (audit::FINDINGS_MAX, audit::FINDINGS_MAX + more)
    );
    assert_eq!(report.left_out, 2 * more, "of the seals and of the statements");
}
