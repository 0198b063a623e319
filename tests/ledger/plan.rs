//! A plan of many submissions judges each after those before it, writes nothing until all are
//! judged, and writes exactly what was judged.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use pcf_ledger::codec::{decode_statement, encode_statement};
use pcf_ledger::ledger::{Ledger, LedgerError, Options, Plan};
use pcf_ledger::sign::SigningKey;
use pcf_ledger::store::fault::{Fault, FaultMedium};
use pcf_ledger::store::file::{self, FileStore};
use pcf_ledger::store::medium::{Disk, Medium};
use pcf_ledger::store::{AppendError, Store};
use pcf_testing::{
    ACME, OPERATOR, PUMP, SCREW, activity, answers, copy, factor, files, fill, genesis, holder, key, product,
    seen, statement, submission, with, withdrawal,
};
use serde_json::Value;
use tempfile::TempDir;

fn filled(dir: &Path) -> Ledger<FileStore> {
    let mut ledger = Ledger::create(dir, genesis(), &key(OPERATOR), 0, &holder()).unwrap();
    fill(&mut ledger);
    ledger
}

fn bytes_of(values: &[Value]) -> Vec<Vec<u8>> {
    values.iter().map(|value| encode_statement(&statement(value.clone())).unwrap()).collect()
}

/// Plans a submission that must pass.
fn plan<S: Store>(plan: &mut Plan<S>, signer: &SigningKey, values: &[Value]) {
    let mut statements = bytes_of(values);
    plan.seal(signer, 7, &mut statements).unwrap();
    assert!(statements.is_empty(), "the plan has them");
}

fn refused<S: Store>(plan: &mut Plan<S>, values: &[Value]) -> String {
    let mut statements = bytes_of(values);
    let before = statements.clone();
    let refusal = plan.seal(&key(ACME), 7, &mut statements).unwrap_err().to_string();
    assert_eq!(statements, before, "what is refused is given back");
    refusal
}

/// Carries a plan out; what was heard of, and how it ended.
fn carry_out<S: Store>(plan: Plan<S>) -> (Vec<u64>, Result<Ledger<S>, LedgerError>) {
    let mut heard = Vec::new();
    let ended = plan.carry_out(|receipt| {
        heard.push(receipt.index);
        Ok(())
    });
    (heard, ended)
}

/// Keeps nothing of a plan in memory, and begins a segment after every few submissions.
fn staging(run_statements: u32, segment_bytes_max: u64) -> Options {
    let store = file::Options { segment_bytes_max, ..file::Options::default() };
    Options { store, run_statements, held_bytes_max: 0 }
}

/// The files of the log: their names and bytes.
fn segments(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let all = files(&dir.join("segments")).into_iter();
    all.map(|file| (file.strip_prefix(dir).unwrap().into(), fs::read(&file).unwrap())).collect()
}

fn holds(dir: &Path) -> bool {
    pcf_ledger::audit::directory(dir, Vec::new(), &mut |_, _| {}).unwrap().holds()
}

#[test]
fn what_is_planned_and_carried_out_is_what_submitting_one_by_one_gives() {
    let (held, staged, single) = (TempDir::new().unwrap(), TempDir::new().unwrap(), TempDir::new().unwrap());
    drop(filled(held.path()));
    copy(held.path(), staged.path());
    copy(held.path(), single.path());
    // Runs of the index become complete, and the derived files are brought up to date, in the middle of it; a segment takes two submissions.
    let options = |held_bytes_max| Options { held_bytes_max, ..staging(700, 1 << 21) };
    let open = |dir: &Path, held| Ledger::open_with(dir, &holder(), options(held)).unwrap();
    let batch = |n: usize| -> Vec<Value> {
        let start = |k: usize| format!("{}-{:02}-01", 1000 + (n * 1500 + k) / 12, (n * 1500 + k) % 12 + 1);
        (0..1500)
            .map(|k| {
                let period = serde_json::json!({"start": start(k), "end": start(k + 1)});
                with(activity("acme", &[PUMP]), "period", period)
            })
            .collect()
    };
    let batches: Vec<_> = (0..5).map(|n| bytes_of(&batch(n))).collect();
    let carried = |dir: &Path, held: usize| {
        let mut plan = open(dir, held).plan();
        for batch in &batches {
            plan.seal(&key(ACME), 7, &mut batch.clone()).unwrap();
        }
        assert_eq!(Ledger::read(dir).unwrap().size(), 5, "nobody sees it before all are judged");
        let (heard, ledger) = carry_out(plan);
        assert_eq!(heard, [5, 6, 7, 8, 9]);
        ledger.unwrap()
    };
    let in_memory = carried(held.path(), usize::MAX);
    let through_files = carried(staged.path(), 0);
    let mut one_by_one = open(single.path(), 0);
    for batch in &batches {
        let statements: Vec<_> = batch.iter().map(|bytes| decode_statement(bytes).unwrap()).collect();
        one_by_one.append(&key(ACME), 7, &statements).unwrap();
    }
    assert!(segments(held.path()) == segments(single.path()), "every byte of the log");
    let numbers = |dir: &Path| segments(dir).len();
    assert_eq!(numbers(staged.path()), numbers(held.path()) + 1, "those that are staged begin a segment");
    let last = submission(*one_by_one.id().as_bytes(), ACME, &[factor("acme", "last")]);
    let inventory = |ledger: &Ledger<FileStore>| {
        format!("{} {:?}", seen(ledger.book()), ledger.inventory_of(&[PUMP.parse().unwrap()]).unwrap())
    };
    let mut said = Vec::new();
    for mut ledger in [one_by_one, in_memory, through_files] {
        // The ledger that comes back is as good as any.
        ledger.submit(&last).unwrap();
        ledger.flush().unwrap();
        said.push(inventory(&ledger));
    }
    for dir in [&single, &held, &staged] {
        assert!(holds(dir.path()));
        said.push(inventory(&open(dir.path(), 0)));
    }
    assert!(said.iter().all(|one| *one == said[0]));
}

#[test]
fn each_is_judged_knowing_those_before_it_and_one_that_is_refused_leaves_the_plan_as_it_was() {
    let dir = TempDir::new().unwrap();
    let mut plan = filled(dir.path()).plan();
    self::plan(&mut plan, &key(ACME), &[factor("acme", "a"), product("acme", &[SCREW], &["acme"])]);
    let id = plan.ledger().book().factor(&"a".parse().unwrap()).unwrap().unwrap().0;
    assert!(plan.holds(&id).unwrap() && plan.ledger().book().holds(&id).unwrap());
    assert!(matches!(plan.ledger().said(&id), Err(LedgerError::NoStatement { .. })));
    let before = seen(plan.ledger().book());
    for (said, expected) in [
        (factor("acme", "a"), "already a live factor"),
        (factor("bolt", "b"), "bolt"),
        (activity("acme", &["urn:gtin:06901234000023"]), "06901234000023"),
        (with(withdrawal("acme", &id), "statement", "00".repeat(32)), "no such statement"),
    ] {
        let refusal = refused(&mut plan, &[factor("acme", "c"), said]);
        assert!(refusal.contains(expected), "{refusal}");
        assert_eq!(seen(plan.ledger().book()), before, "{refusal}");
    }
    assert!(refused(&mut plan, &[]).contains("0"), "no statement");
    let mut broken = vec![b"{}".to_vec()];
    assert!(matches!(plan.seal(&key(ACME), 7, &mut broken), Err(LedgerError::Refused(_))));
    assert_eq!(seen(plan.ledger().book()), before);
    self::plan(&mut plan, &key(ACME), &[with(factor("acme", "a"), "replaces", id)]);
    self::plan(&mut plan, &key(ACME), &[activity("acme", &[SCREW])]);
    let (heard, ledger) = carry_out(plan);
    assert_eq!(heard, [5, 6, 7]);
    let expected = answers(&ledger.unwrap());
    assert_eq!(answers(&Ledger::open(dir.path(), &holder()).unwrap()), expected);
    assert!(holds(dir.path()));
}

#[test]
fn a_redaction_is_no_part_of_a_plan() {
    let dir = TempDir::new().unwrap();
    let ledger = filled(dir.path());
    let target = ledger.book().all_entries().map(Result::unwrap).last().unwrap().id;
    let reason = "a name in it".parse().unwrap();
    let redaction = ledger.redaction(&target, reason, pcf_testing::salt_of(9)).unwrap();
    let mut plan = ledger.plan();
    let mut statements = vec![encode_statement(&redaction.into()).unwrap()];
    let refusal = plan.seal(&key(OPERATOR), 7, &mut statements).unwrap_err();
    assert!(refusal.to_string().contains("submitted alone"), "{refusal}");
    assert_eq!(plan.ledger().size(), 5);
}

#[test]
fn a_plan_that_is_given_up_leaves_the_log_as_it_was() {
    let dir = TempDir::new().unwrap();
    drop(filled(dir.path()));
    let before = segments(dir.path());
    let open = || Ledger::open_with(dir.path(), &holder(), staging(700, 4096)).unwrap();
    let planned = || {
        let mut plan = open().plan();
        (0..20).for_each(|n| self::plan(&mut plan, &key(ACME), &[factor("acme", &format!("f{n}"))]));
        assert!(segments(dir.path()).len() > before.len() + 1, "some segments are staged");
        assert_eq!(Ledger::read(dir.path()).unwrap().size(), 5);
        plan
    };
    drop(planned());
    assert!(segments(dir.path()) == before);
    // What a process leaves that ends without a word.
    let left = TempDir::new().unwrap();
    let plan = planned();
    copy(dir.path(), left.path());
    drop(plan);
    assert!(segments(left.path()).len() > before.len());
    assert!(holds(left.path()));
    assert_eq!(Ledger::open(left.path(), &holder()).unwrap().size(), 5);
    assert!(segments(left.path()) == before, "opening removes what was staged");
    // Who listens may end it; all that was planned is there.
    let ended = planned().carry_out(|_| Err(LedgerError::from(AppendError::Poisoned)));
    assert!(ended.is_err());
    assert_eq!(Ledger::read(dir.path()).unwrap().size(), 25);
    assert!(holds(dir.path()));
}

/// At every change of the disk, in every way it can fail.
#[test]
fn where_the_disk_fails_all_of_a_plan_is_there_or_a_first_part_and_only_what_is_unknown() {
    let full = TempDir::new().unwrap();
    drop(filled(full.path()));
    let mut counts = BTreeMap::new();
    for fault in [Fault::Lost, Fault::Persisted, Fault::Torn] {
        for nth in 1.. {
            let dir = TempDir::new().unwrap();
            copy(full.path(), dir.path());
            let medium = Arc::new(FaultMedium::new(nth, fault));
            let mut options = staging(700, 4096);
            options.store.medium = Arc::<FaultMedium>::clone(&medium);
            let mut plan = Ledger::open_with(dir.path(), &holder(), options).unwrap().plan();
            let mut all = (0..20).map(|n| bytes_of(&[factor("acme", &format!("f{n}"))]));
            let sealed = all.try_for_each(|mut one| plan.seal(&key(ACME), 7, &mut one).map(drop));
            let (heard, ended) = carry_out(plan);
            // Nobody takes a part for the whole.
            assert!(sealed.is_ok() || ended.is_err() && heard.is_empty(), "{nth} {fault:?}");
            let ended = sealed.and(ended.map(drop));
            let staged = segments(dir.path()).iter().any(|(name, _)| name.extension().is_some());
            let size = Ledger::open(dir.path(), &holder()).unwrap().size();
            assert!(holds(dir.path()), "{nth} {fault:?}");
            assert!(
                segments(dir.path()).iter().all(|(name, _)| name.extension().is_none()),
                "{nth} {fault:?}"
            );
            let ending = match ended {
                Ok(()) => {
                    assert_eq!((size, heard.len(), medium.changes() < nth), (25, 20, true));
                    break;
                }
                Err(LedgerError::Append(AppendError::Refused(_))) => "refused",
                Err(LedgerError::Append(AppendError::Unknown(_))) => "unknown",
                Err(error) => panic!("{nth} {fault:?}: {error}"),
            };
            assert!((5..=25).contains(&size) && heard.is_empty(), "{nth} {fault:?}");
            counts.entry(ending).or_insert_with(BTreeSet::new).insert(size);
            counts.entry("left").or_insert_with(BTreeSet::new).extend(staged.then_some(size));
        }
    }
    assert_eq!(counts["refused"], BTreeSet::from([5]), "refused is: nothing of it is there");
    let unknown = &counts["unknown"];
    assert!(unknown.contains(&5) && unknown.contains(&25) && unknown.len() > 2, "{counts:?}");
    assert!(!counts["left"].is_empty(), "{counts:?}");
}

/// A disk that makes no staged segment once, and whatever it is asked for after that.
#[derive(Default)]
struct NoRoomOnce(AtomicBool);

impl Medium for NoRoomOnce {
    fn create(&self, path: &Path) -> std::io::Result<fs::File> {
        if path.extension().is_some() && !self.0.swap(true, Ordering::SeqCst) {
            return Err(std::io::Error::from(std::io::ErrorKind::StorageFull));
        }
        Disk.create(path)
    }
}

#[test]
fn a_plan_that_could_not_be_staged_once_is_not_carried_out() {
    let dir = TempDir::new().unwrap();
    drop(filled(dir.path()));
    let mut options = staging(700, 4096);
    options.store.medium = Arc::new(NoRoomOnce::default());
    let mut plan = Ledger::open_with(dir.path(), &holder(), options).unwrap().plan();
    let refusal = plan.seal(&key(ACME), 7, &mut bytes_of(&[factor("acme", "a")])).unwrap_err();
    assert!(refusal.to_string().contains("the disk is full"), "{refusal}");
    let _ = plan.seal(&key(ACME), 7, &mut bytes_of(&[factor("acme", "b")]));
    let (heard, ended) = carry_out(plan);
    assert!(matches!(ended, Err(LedgerError::Append(AppendError::Poisoned))));
    assert_eq!((heard.len(), Ledger::read(dir.path()).unwrap().size()), (0, 5));
}
