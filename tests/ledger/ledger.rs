//! What the one writer has answered survives a reopening, lost and damaged derived files, and a
//! store that fails.

use std::fs;
use std::path::Path;

use pcf_ledger::admission::Refusal;
use pcf_ledger::ledger::{CheckpointSource, Ledger, LedgerError, Submission};
use pcf_ledger::log::SignedCheckpoint;
use pcf_ledger::sign::SigningKey;
use pcf_ledger::store::fault::{Fault, FaultStore};
use pcf_ledger::store::file::FileStore;
use pcf_ledger::store::memory::MemoryStore;
use pcf_ledger::store::{AppendError, Reader};
use pcf_testing::{
    ACME, BOLT, LOG, OPERATOR, PUMP, PUMP_ALIAS, RECOVERY, SCREW, activity, actor, answers, copy, factor,
    files, fill, genesis, genesis_value, holder, id, key, product, public, publication, quiet, statement,
    submission, submit, with, withdrawal,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use tempfile::TempDir;

fn create(dir: &Path) -> Ledger<FileStore> {
    Ledger::create(dir, genesis(), &key(OPERATOR), 0, &holder()).unwrap()
}

fn filled(dir: &Path) -> Ledger<FileStore> {
    let mut ledger = create(dir);
    fill(&mut ledger);
    ledger
}

fn reopened(dir: &Path) -> String {
    answers(&Ledger::open(dir, &holder()).unwrap())
}

#[test]
fn opening_again_reading_and_replaying_give_the_same_answers() {
    let dir = TempDir::new().unwrap();
    let ledger = filled(dir.path());
    let before = answers(&ledger);
    assert_eq!(answers(&Ledger::read(dir.path()).unwrap()), before, "beside the writer");
    drop(ledger);
    assert_eq!(reopened(dir.path()), before);
    assert_eq!(reopened(dir.path()), before, "from the index");
    assert!(matches!(
        Ledger::create(dir.path(), genesis(), &key(OPERATOR), 0, &holder()),
        Err(LedgerError::Store(_))
    ));
}

#[test]
fn a_reader_sees_what_was_appended_since_when_it_is_opened_again() {
    let dir = TempDir::new().unwrap();
    let mut writer = filled(dir.path());
    let reader = Ledger::read(dir.path()).unwrap();
    submit(&mut writer, ACME, &[factor("acme", "later")]);
    assert_eq!((reader.size(), writer.size()), (5, 6));
    answers(&reader);
    assert_eq!(answers(&Ledger::read(dir.path()).unwrap()), answers(&writer));
    let Err(LedgerError::Store(error)) = Ledger::open(dir.path(), &holder()) else { panic!("two writers") };
    assert!(error.to_string().contains("another writer"), "{error}");
}

#[test]
fn derived_files_that_are_lost_or_damaged_are_made_again() {
    quiet();
    let dir = TempDir::new().unwrap();
    let before = answers(&filled(dir.path()));
    reopened(dir.path());
    for lost in [&["index"][..], &["log"], &["index", "log"]] {
        lost.iter().for_each(|name| fs::remove_dir_all(dir.path().join(name)).unwrap());
        assert_eq!(reopened(dir.path()), before, "{lost:?}");
        assert_eq!(reopened(dir.path()), before, "{lost:?}, the second time");
    }
    for name in ["index", "log"] {
        // What is made again may have another name, so that the files are listed anew.
        for nth in 0.. {
            let Some(file) = files(&dir.path().join(name)).get(nth).cloned() else { break };
            let whole = fs::read(&file).unwrap();
            let used = whole.iter().rposition(|b| *b != 0).map_or(1, |n| n + 1);
            for at in (0..used).step_by((used / 8).max(1)) {
                let Ok(mut bytes) = fs::read(&file) else { continue };
                let Some(byte) = bytes.get_mut(at) else { continue };
                *byte ^= 0x55;
                fs::write(&file, bytes).unwrap();
                assert_eq!(reopened(dir.path()), before, "{} byte {at}", file.display());
            }
        }
    }
    fs::remove_dir_all(dir.path().join("log")).unwrap();
    assert_eq!(answers(&Ledger::read(dir.path()).unwrap()), before, "a reader needs none of them");
}

#[test]
fn derived_files_of_another_history_are_made_again() {
    let (one, other, longer) = (TempDir::new().unwrap(), TempDir::new().unwrap(), TempDir::new().unwrap());
    // The same genesis, the same lengths and therefore the same positions, other statements.
    let base = |dir: &Path, factors: &[&str]| {
        let mut ledger = filled(dir);
        for name in factors {
            submit(&mut ledger, ACME, &[factor("acme", name)]);
        }
        ledger.flush().unwrap();
        answers(&ledger)
    };
    let before = base(one.path(), &["aaa", "bbb"]);
    base(other.path(), &["ccc", "ddd"]);
    base(longer.path(), &["aaa", "bbb", "ccc", "ddd"]);
    for source in [&other, &longer] {
        for name in ["index", "log"] {
            fs::remove_dir_all(one.path().join(name)).unwrap();
            copy(&source.path().join(name), &one.path().join(name));
            assert_eq!(reopened(one.path()), before, "{name}");
            assert_eq!(answers(&Ledger::read(one.path()).unwrap()), before, "{name}");
        }
    }
}

#[test]
fn a_submission_lands_whole_or_not_at_all() {
    let mut ledger = Ledger::in_memory(genesis(), &key(OPERATOR), 0).unwrap();
    fill(&mut ledger);
    let before = answers(&ledger);
    let bad = submission(*ledger.id().as_bytes(), ACME, &[factor("acme", "new"), factor("bolt", "x")]);
    assert!(matches!(ledger.submit(&bad), Err(LedgerError::Refused(_))));
    assert_eq!(answers(&ledger), before);
}

#[test]
fn the_same_submission_again_is_answered_with_its_index() {
    let dir = TempDir::new().unwrap();
    let mut ledger = filled(dir.path());
    let said = submission(*ledger.id().as_bytes(), ACME, &[factor("acme", "a"), factor("acme", "b")]);
    let first = ledger.submit(&said).unwrap();
    submit(&mut ledger, ACME, &[factor("acme", "c")]);
    let before = answers(&ledger);
    let again = ledger.submit(&said).unwrap();
    assert_eq!((again.index, &again.ids, again.already), (first.index, &first.ids, true));
    assert_eq!(answers(&ledger), before);
    drop(ledger);
    let mut ledger = Ledger::open(dir.path(), &holder()).unwrap();
    assert!(ledger.submit(&said).unwrap().already);
    // The seal of something that is there answers for nothing else.
    let mut forged = said.clone();
    forged.statements[1] = submission([0; 32], ACME, &[factor("acme", "z")]).statements.remove(0);
    let refuses = |ledger: &mut Ledger<_>, said: &Submission| {
        let refused = ledger.submit(said).unwrap_err();
        assert!(matches!(refused, LedgerError::Refused(Refusal::Seal(_))), "{refused:?}");
    };
    refuses(&mut ledger, &forged);
    forged.statements.pop();
    refuses(&mut ledger, &forged);
    let mut unsigned = said.clone();
    let mut bytes = said.seal.to_bytes();
    bytes[150] ^= 1;
    unsigned.seal = pcf_ledger::sign::Seal::parse(&bytes).unwrap();
    refuses(&mut ledger, &unsigned);
}

#[test]
fn a_submission_cannot_be_replayed_into_another_ledger() {
    let mut one = Ledger::in_memory(genesis(), &key(OPERATOR), 0).unwrap();
    let mut value = genesis_value();
    value["origin"] = "example.com/two".into();
    let pcf_ledger::model::Statement::Ledger(second) = statement(value) else { unreachable!() };
    let mut two = Ledger::in_memory(second, &key(OPERATOR), 0).unwrap();
    fill(&mut one);
    let first = one.submission(1).unwrap();
    let refusal = two.submit(&first).unwrap_err().to_string();
    assert!(refusal.contains("the seal is for ledger"), "{refusal}");
}

// ---- submission files

#[test]
fn a_submission_file_reads_back_as_it_was_written() {
    let said = submission([7; 32], ACME, &[factor("acme", "a"), factor("acme", "b")]);
    let text = said.to_file().unwrap();
    assert_eq!(text.lines().count(), 5, "the seal, two headers and two bodies");
    assert_eq!(Submission::from_file(text.as_bytes()).unwrap(), said);
}

#[test]
fn a_submission_file_that_is_not_one_is_refused_with_its_line() {
    let said = submission([7; 32], ACME, &[factor("acme", "a"), factor("acme", "b")]);
    let text = said.to_file().unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let refused = |text: String| Submission::from_file(text.as_bytes()).unwrap_err().to_string();
    let line = |text: String, n: usize| {
        let error = refused(text);
        assert!(error.starts_with(&format!("line {n} of the submission file")), "{error}");
    };
    line(String::new(), 1);
    line(text.trim_end().to_owned(), 1);
    line(format!("{}\n\n{}\n{}\n", lines[0], lines[1], lines[2]), 2);
    line(format!("{text}\n"), 6);
    line(format!("!{text}"), 1);
    line(format!("{}\n{}\n", &lines[0][4..], lines[1]), 1);
    line(format!("\u{feff}{text}"), 1);
    line(text.replace('\n', "\r\n"), 1);
    // A header that names a body comes with it; no body comes alone or first.
    line(format!("{}\n{}\n", lines[0], lines[1]), 2);
    line(format!("{}\n{}\n{}\n{}\n", lines[0], lines[1], lines[2], lines[3]), 4);
    line(format!("{}\n{}\n{}\n{}\n{}\n", lines[0], lines[2], lines[1], lines[3], lines[4]), 4);
    // Whole lines that the seal does not cover: the seal says what it covers.
    for wrong in [
        format!("{}\n", lines[0]),
        format!("{}\n{}\n{}\n", lines[0], lines[1], lines[2]),
        format!("{}\n{}\n{}\n{}\n{}\n", lines[0], lines[3], lines[4], lines[1], lines[2]),
        format!("{text}{}\n{}\n", lines[1], lines[2]),
        text.replace("\"factor\":\"a\"", "\"factor\":\"c\""),
    ] {
        assert!(matches!(Submission::from_file(wrong.as_bytes()), Err(LedgerError::Sign(_))), "{wrong}");
    }
    let huge = vec![b'\n'; pcf_ledger::limits::SUBMISSION_FILE_BYTES_MAX + 1];
    assert!(Submission::from_file(&huge).unwrap_err().to_string().contains("expected at most"));
}

// ---- checkpoints

fn sign<S: Reader>(ledger: &Ledger<S>, key: &SigningKey, beside: &Path) -> Result<u64, LedgerError> {
    let signed = ledger.sign_checkpoint(key, &[CheckpointSource { path: beside }])?;
    assert_eq!(signed.checkpoint().root(), &ledger.root());
    Ok(signed.checkpoint().size())
}

#[test]
fn a_ledger_that_was_rolled_back_is_not_signed_again() {
    let (dir, keys) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let (live, beside) = (dir.path().join("live"), keys.path().join("checkpoint"));
    let mut ledger = filled(&live);
    assert!(ledger.signed_checkpoint().unwrap().is_none());
    assert_eq!(sign(&ledger, &key(LOG), &beside).unwrap(), 5);
    drop(ledger);
    copy(&live, &dir.path().join("backup"));
    ledger = Ledger::open(&live, &holder()).unwrap();
    submit(&mut ledger, ACME, &[factor("acme", "one")]);
    submit(&mut ledger, ACME, &[factor("acme", "two")]);
    assert_eq!(sign(&ledger, &key(LOG), &beside).unwrap(), 7);
    assert_eq!(sign(&ledger, &key(LOG), &beside).unwrap(), 7, "the same again is no fork");
    let kept = fs::read(&beside).unwrap();
    // Rolled back, and then grown into another history of a greater size.
    let mut back = Ledger::open(&dir.path().join("backup"), &holder()).unwrap();
    for n in 0..3 {
        let error = sign(&back, &key(LOG), &beside).unwrap_err();
        assert!(matches!(error, LedgerError::Fork { signed: 7, size, .. } if size == 5 + n), "{error}");
        assert!(error.to_string().contains("at size 7"), "{error}");
        submit(&mut back, ACME, &[factor("acme", &format!("other{n}"))]);
    }
    assert!(matches!(sign(&back, &key(LOG), &beside), Err(LedgerError::Fork { size: 8, signed: 7, .. })));
    assert_eq!(fs::read(&beside).unwrap(), kept);
    assert_eq!(back.signed_checkpoint().unwrap().unwrap().checkpoint().size(), 5);
}

#[test]
fn what_a_witness_has_said_to_a_checkpoint_outlives_signing_it_again() {
    let (dir, keys) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let beside = keys.path().join("checkpoint");
    let source = [CheckpointSource { path: &beside }];
    let mut ledger = filled(dir.path());
    let signed = ledger.sign_checkpoint(&key(LOG), &source).unwrap();
    let mut note = signed.note().clone();
    note.cosign("witness.example/w1", &key(60), 1_760_000_000).unwrap();
    let cosigned = SignedCheckpoint::from_note(note, &ledger.verifier_key().unwrap()).unwrap();
    ledger.keep_cosigned(&cosigned, &source).unwrap();
    assert_eq!(ledger.signed_checkpoint().unwrap().unwrap(), cosigned);
    assert_eq!(ledger.sign_checkpoint(&key(LOG), &source).unwrap(), cosigned, "signed again");
    assert_eq!(fs::read_to_string(&beside).unwrap(), cosigned.note().to_string());
    // A newer checkpoint has none of it, and what belongs to an older one is no longer kept.
    submit(&mut ledger, ACME, &[factor("acme", "newer")]);
    let newer = ledger.sign_checkpoint(&key(LOG), &source).unwrap();
    assert_eq!(newer.note().signatures().len(), 1);
    let late = ledger.keep_cosigned(&cosigned, &source);
    assert!(matches!(late, Err(LedgerError::NotNewest { expected: 6, got: 5 })), "{late:?}");
    assert_eq!(ledger.newest_signed(&source).unwrap().unwrap(), newer);
}

#[test]
fn only_the_log_key_in_force_signs_and_what_an_earlier_one_signed_still_binds() {
    let (dir, keys) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let beside = keys.path().join("checkpoint");
    let mut ledger = filled(dir.path());
    for wrong in [OPERATOR, RECOVERY, ACME, 40] {
        assert!(matches!(sign(&ledger, &key(wrong), &beside), Err(LedgerError::NotLogKey { .. })));
    }
    assert!(!beside.exists());
    sign(&ledger, &key(LOG), &beside).unwrap();
    submit(&mut ledger, OPERATOR, &[json!({"type": "authority", "by": "operator", "logKey": public(40)})]);
    assert!(matches!(sign(&ledger, &key(LOG), &beside), Err(LedgerError::NotLogKey { .. })));
    assert_eq!(ledger.signed_checkpoint().unwrap().unwrap().checkpoint().size(), 5);
    assert_eq!(sign(&ledger, &key(40), &beside).unwrap(), 6);
    assert_eq!(ledger.signed_checkpoint().unwrap().unwrap().checkpoint().size(), 6);
}

#[test]
fn a_damaged_signed_checkpoint_stops_signing() {
    let (dir, keys) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let beside = keys.path().join("checkpoint");
    let ledger = filled(dir.path());
    sign(&ledger, &key(LOG), &beside).unwrap();
    for path in [beside.clone(), dir.path().join("signed/checkpoint")] {
        let whole = fs::read(&path).unwrap();
        for damaged in [&b""[..], &whole[..whole.len() - 5], &[b'x'; 2_000_000]] {
            fs::write(&path, damaged).unwrap();
            assert!(sign(&ledger, &key(LOG), &beside).is_err(), "{} {}", path.display(), damaged.len());
        }
        fs::write(&path, whole).unwrap();
    }
    sign(&ledger, &key(LOG), &beside).unwrap();
}

// ---- a store that fails

fn memory() -> MemoryStore {
    let mut book = pcf_ledger::admission::Book::new(pcf_ledger::admission::Scope::Whole);
    let first = submission(*id(&genesis().into()).as_bytes(), OPERATOR, &[genesis_value()]);
    book.admit(&first.seal, &first.statements).unwrap();
    let genesis = pcf_ledger::store::Submission {
        seal: &first.seal.to_bytes(),
        statements: &[&first.statements[0]],
        new_root: book.root(),
    };
    MemoryStore::new(*first.seal.ledger_id(), &genesis).unwrap()
}

#[test]
fn after_an_unknown_append_the_ledger_shows_the_old_or_the_new_and_never_half() {
    for nth in 1..=5 {
        for fault in [Fault::Lost, Fault::Persisted, Fault::Torn] {
            let mut ledger = Ledger::over_store(FaultStore::new(memory(), nth, fault)).unwrap();
            let ledger_id = *ledger.id().as_bytes();
            submit_or(&mut ledger, OPERATOR, &[actor("acme", &[ACME])]);
            let mut states = vec![(ledger.size(), ledger.root())];
            for n in 0..6 {
                let two = [factor("acme", &format!("a{n}")), factor("acme", &format!("b{n}"))];
                match ledger.submit(&submission(ledger_id, ACME, &two)) {
                    Ok(_) => states.push((ledger.size(), ledger.root())),
                    Err(LedgerError::Append(AppendError::Unknown(_) | AppendError::Poisoned)) => {
                        assert_eq!(states.last(), Some(&(ledger.size(), ledger.root())));
                    }
                    // Where acme's enrolment was what failed, nobody knows acme.
                    Err(LedgerError::Refused(_)) => assert_eq!(nth, 1),
                    Err(error) => panic!("{error}"),
                }
            }
            let size = ledger.size();
            let again = Ledger::over_store(ledger.into_store().reopen()).unwrap();
            let grown = u64::from(fault == Fault::Persisted);
            assert_eq!(again.size(), size + grown, "append {nth}, {fault:?}");
            let statements = again.book().statements() as u64;
            assert!(again.size() < 3 || statements == 2 + 2 * (again.size() - 2));
            answers(&again);
        }
    }
}

fn submit_or<S: pcf_ledger::store::Store>(ledger: &mut Ledger<S>, signer: u8, values: &[Value]) {
    let _ = ledger.submit(&submission(*ledger.id().as_bytes(), signer, values));
}

// ---- any sequence

/// One thing that somebody tries; most of it fits, some of it is refused.
fn attempt(kind: u8, which: u8, target: Option<pcf_ledger::model::StatementId>) -> (u8, Vec<Value>) {
    let name = format!("f{}", which % 4);
    let (signer, by) = if which.is_multiple_of(2) { (ACME, "acme") } else { (BOLT, "bolt") };
    let ids = [PUMP, PUMP_ALIAS, SCREW];
    let values = match kind % 8 {
        0 => vec![factor(by, &name)],
        1 => vec![factor(by, &name), factor(by, &format!("{name}x"))],
        2 => vec![product(by, &ids[usize::from(which % 3)..], &["acme", "bolt"])],
        3 | 4 => vec![activity(by, &[ids[usize::from(which % 3)]])],
        5 => target.iter().map(|t| withdrawal(by, t)).collect(),
        6 => target.iter().map(|t| with(factor(by, &name), "replaces", t)).collect(),
        _ => {
            let from = json!([{"key": public(11 + which % 2), "from": which.to_string()}]);
            let value = with(with(actor("acme", &[ACME]), "revoked", from), "replaces", target);
            return (OPERATOR, vec![value]);
        }
    };
    (signer, values)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn index_and_segments_fold_any_sequence_into_the_same_book(
        tries in prop::collection::vec((any::<u8>(), any::<u8>(), any::<prop::sample::Index>(), any::<u8>()), 1..40),
    ) {
        let dir = TempDir::new().unwrap();
        let mut ledger = create(dir.path());
        submit(&mut ledger, OPERATOR, &[actor("acme", &[ACME, 11, 12]), actor("bolt", &[BOLT])]);
        for (kind, which, target, pause) in tries {
            let entries: Vec<_> = ledger.book().all_entries().map(Result::unwrap).collect();
            let target = Some(target.get(&entries).id);
            let (signer, values) = attempt(kind, which, target);
            if values.is_empty() {
                continue;
            }
            submit_or(&mut ledger, signer, &values);
            match pause % 8 {
                0 => ledger.flush().unwrap(),
                1 => {
                    drop(ledger);
                    ledger = Ledger::open(dir.path(), &holder()).unwrap();
                }
                _ => {}
            }
        }
        let before = answers(&ledger);
        drop(ledger);
        prop_assert_eq!(&answers(&Ledger::read(dir.path()).unwrap()), &before);
        prop_assert_eq!(&reopened(dir.path()), &before);
        prop_assert_eq!(&reopened(dir.path()), &before);
    }
}

#[test]
fn a_key_rotates_under_one_actor_and_what_each_of_its_keys_signed_stands() {
    const NEXT: u8 = 77;
    let dir = TempDir::new().unwrap();
    let mut ledger = filled(dir.path());
    let acme = |ledger: &mut Ledger<FileStore>, keys: &[u8]| {
        let live = ledger.book().actor(&"acme".parse().unwrap()).unwrap().unwrap().0;
        let said = with(actor("acme", keys), "replaces", live);
        submit(ledger, OPERATOR, &[said]);
    };
    // For a while both keys count, then only the next one.
    acme(&mut ledger, &[ACME, NEXT]);
    submit(&mut ledger, ACME, &[factor("acme", "old-one")]);
    submit(&mut ledger, NEXT, &[factor("acme", "next-one")]);
    acme(&mut ledger, &[NEXT]);
    let late = submission(*ledger.id().as_bytes(), ACME, &[factor("acme", "too-late")]);
    let refusal = ledger.submit(&late).unwrap_err().to_string();
    assert!(refusal.contains("`acme` is revoked since index 8 of the log"), "{refusal}");
    // The actor's own statements are its own under either key: the next one corrects what the old one said.
    let grid = ledger.book().factor(&"grid".parse().unwrap()).unwrap().unwrap().0;
    submit(&mut ledger, NEXT, &[with(factor("acme", "grid"), "replaces", grid)]);
    let said = publication(&ledger, "acme", PUMP, 1);
    submit(&mut ledger, NEXT, &[said]);
    let live = answers(&ledger);
    drop(ledger);
    assert_eq!(answers(&Ledger::read(dir.path()).unwrap()), live);
    let report = pcf_ledger::audit::directory(dir.path(), Vec::new(), &mut |_, _| {}).unwrap();
    assert!(report.holds() && report.publications == 1, "{:?}", report.findings);
}
