//! Many submissions as one undertaking, by the public API: each is judged knowing those before it, none is written before all are judged, and what
//! is written is what was judged.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper that fails fails its test")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::*;
use pcf_ledger::codec::encode_statement;
use pcf_ledger::ledger::{Ledger, LedgerError, Options, Plan, Submission};
use pcf_ledger::sign::SigningKey;
use pcf_ledger::store::fault::{Fault, FaultStore};
use pcf_ledger::store::file::FileStore;
use pcf_ledger::store::memory::MemoryStore;
use pcf_ledger::store::{AppendError, Store};
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
fn plan<S: Store>(plan: &mut Plan<S>, signer: &SigningKey, values: &[Value]) -> Submission {
    let statements = bytes_of(values);
    Submission { seal: plan.seal(signer, 7, &statements).unwrap(), statements }
}

fn refused<S: Store>(plan: &mut Plan<S>, values: &[Value]) -> String {
    plan.seal(&key(ACME), 7, &bytes_of(values)).unwrap_err().to_string()
}

/// Carries a plan out; what was heard of, and how it ended.
fn carry_out<S: Store>(
    plan: Plan<S>,
    all: Vec<Result<Submission, LedgerError>>,
    until: u64,
) -> (Vec<u64>, Result<Ledger<S>, LedgerError>) {
    let mut heard = Vec::new();
    let ended = plan.carry_out(all.into_iter(), |receipt| {
        heard.push(receipt.index);
        if receipt.index == until { Err(AppendError::Poisoned.into()) } else { Ok(()) }
    });
    (heard, ended)
}

#[test]
fn what_is_planned_and_carried_out_is_what_submitting_one_by_one_gives() {
    let (one, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    drop(filled(one.path()));
    copy(one.path(), other.path());
    // Runs of the index become complete, and the derived files are brought up to date, in the middle of it.
    let options = || Options { run_statements: 700, ..Options::default() };
    let open = |dir: &Path| Ledger::open_with(dir, &holder(), options()).unwrap();
    let batch = |n: usize| -> Vec<Value> {
        let start = |k: usize| format!("{}-{:02}-01", 1000 + (n * 1500 + k) / 12, (n * 1500 + k) % 12 + 1);
        (0..1500)
            .map(|k| {
                let period = serde_json::json!({"start": start(k), "end": start(k + 1)});
                with(activity("acme", &[PUMP]), "period", period)
            })
            .collect()
    };
    let mut plan = open(one.path()).plan();
    let submissions: Vec<Submission> = (0..5).map(|n| self::plan(&mut plan, &key(ACME), &batch(n))).collect();
    assert_eq!(Ledger::read(one.path()).unwrap().size(), 5, "nothing is written before all are judged");
    let all = submissions.iter().cloned().map(Ok).collect();
    let (heard, planned) = carry_out(plan, all, u64::MAX);
    let mut planned = planned.unwrap();
    let mut single = open(other.path());
    submissions.iter().for_each(|submission| drop(single.submit(submission).unwrap()));
    assert_eq!(heard, [5, 6, 7, 8, 9]);
    assert_eq!(seen(planned.book()), seen(single.book()));
    // The ledger that comes back is as good as any.
    let last = submission(*single.id().as_bytes(), ACME, &[factor("acme", "last")]);
    let end = |ledger: &mut Ledger<FileStore>| {
        ledger.submit(&last).unwrap();
        ledger.flush().unwrap();
        format!("{:?}", ledger.inventory_of(&PUMP.parse().unwrap()).unwrap())
    };
    let said = [end(&mut planned), end(&mut single)];
    assert_eq!(said[0], said[1]);
    drop((planned, single));
    let written = |dir: &Path| -> Vec<(PathBuf, Vec<u8>)> {
        let kept = ["head", "log/entries", "log/leaves"].map(|name| dir.join(name));
        let all = files(&dir.join("segments")).into_iter().chain(kept);
        all.map(|file| (file.strip_prefix(dir).unwrap().into(), fs::read(&file).unwrap())).collect()
    };
    assert!(written(one.path()) == written(other.path()), "every byte of log, head, entries and leaves");
    assert_eq!(format!("{:?}", open(one.path()).inventory_of(&PUMP.parse().unwrap()).unwrap()), said[0]);
}

#[test]
fn each_is_judged_knowing_those_before_it_and_one_that_is_refused_leaves_the_plan_as_it_was() {
    let dir = TempDir::new().unwrap();
    let mut plan = filled(dir.path()).plan();
    let first =
        self::plan(&mut plan, &key(ACME), &[factor("acme", "a"), product("acme", &[SCREW], &["acme"])]);
    let id = pcf_ledger::codec::statement_id(&first.statements[0]);
    assert!(plan.holds(&id) && plan.ledger().book().holds(&id));
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
    let broken = vec![b"{}".to_vec()];
    assert!(matches!(plan.seal(&key(ACME), 7, &broken), Err(LedgerError::Refused(_))));
    assert_eq!(seen(plan.ledger().book()), before);
    let second = self::plan(&mut plan, &key(ACME), &[with(factor("acme", "a"), "replaces", id)]);
    let third = self::plan(&mut plan, &key(ACME), &[activity("acme", &[SCREW])]);
    let (heard, ledger) = carry_out(plan, [first, second, third].map(Ok).into(), u64::MAX);
    assert_eq!(heard, [5, 6, 7]);
    let expected = answers(&ledger.unwrap());
    assert_eq!(answers(&Ledger::open(dir.path(), &holder()).unwrap()), expected);
    assert!(pcf_ledger::audit::directory(dir.path(), Vec::new(), &mut |_, _| {}).unwrap().holds());
}

#[test]
fn a_redaction_is_no_part_of_a_plan() {
    let dir = TempDir::new().unwrap();
    let ledger = filled(dir.path());
    let target = ledger.book().entries().iter().last().unwrap().id;
    let reason = "a name in it".parse().unwrap();
    let redaction = ledger.redaction(&target, reason, pcf_ledger::model::Salt::from_bytes([9; 16])).unwrap();
    let mut plan = ledger.plan();
    let refusal = plan.seal(&key(OPERATOR), 7, &[encode_statement(&redaction.into()).unwrap()]).unwrap_err();
    assert!(refusal.to_string().contains("submitted alone"), "{refusal}");
    assert_eq!(plan.ledger().size(), 5);
}

#[test]
fn what_is_written_is_what_was_planned_up_to_the_first_that_is_not() {
    let dir = TempDir::new().unwrap();
    drop(filled(dir.path()));
    let mut size = 5;
    let mut names = (0..).map(|n| format!("f{n}"));
    let mut three = || -> (Plan<FileStore>, Vec<Submission>) {
        let mut plan = Ledger::open(dir.path(), &holder()).unwrap().plan();
        let mut one = || self::plan(&mut plan, &key(ACME), &[factor("acme", &names.next().unwrap())]);
        let all = vec![one(), one(), one()];
        (plan, all)
    };
    let mut check = |plan, all, until, expected: u64| -> LedgerError {
        let (heard, ended) = carry_out(plan, all, until);
        assert_eq!(heard, (size..size + expected).collect::<Vec<_>>());
        size += expected;
        assert_eq!(Ledger::read(dir.path()).unwrap().size(), size);
        ended.err().unwrap()
    };
    // One that cannot be had.
    let (plan, all) = three();
    let all = vec![Ok(all[0].clone()), Err(AppendError::Poisoned.into()), Ok(all[2].clone())];
    check(plan, all, u64::MAX, 1);
    // One that is missing, at the end and in the middle; one that comes again, and one more than was planned.
    for (chosen, written) in
        [(&[0, 1][..], 2), (&[0, 2], 1), (&[1, 0, 2], 0), (&[0, 0], 1), (&[0, 1, 2, 2], 3)]
    {
        let (plan, all) = three();
        let error = check(plan, chosen.iter().map(|n| Ok(all[*n].clone())).collect(), u64::MAX, written);
        assert!(matches!(error, LedgerError::Unplanned { .. }), "{error}");
    }
    // A bit of a statement; another statement under its own seal, by the same signer at the same time.
    let (plan, mut all) = three();
    all[1].statements[0][40] ^= 1;
    assert!(matches!(check(plan, all.into_iter().map(Ok).collect(), u64::MAX, 1), LedgerError::Sign(_)));
    let (plan, mut all) = three();
    all[1] = submission(*plan.ledger().id().as_bytes(), ACME, &[factor("acme", "other")]);
    let error = check(plan, all.into_iter().map(Ok).collect(), u64::MAX, 1);
    assert!(matches!(error, LedgerError::Unplanned { index: _ }), "{error}");
    // Who listens ends it, and what was heard of is there.
    let (plan, all) = three();
    let until = plan.ledger().size() - 2;
    check(plan, all.into_iter().map(Ok).collect(), until, 2);
    // A plan that is dropped leaves nothing.
    drop(three());
    assert_eq!(Ledger::read(dir.path()).unwrap().size(), until + 1);
    assert!(pcf_ledger::audit::directory(dir.path(), Vec::new(), &mut |_, _| {}).unwrap().holds());
}

#[test]
fn where_writing_fails_what_was_heard_of_is_there() {
    let submissions = 4;
    for nth in 1..=submissions {
        for fault in [Fault::Lost, Fault::Persisted, Fault::Torn] {
            let ledger = Ledger::in_memory(genesis(), &key(OPERATOR), 0).unwrap();
            let store = FaultStore::new(ledger.into_store(), nth + 1, fault);
            let mut ledger: Ledger<FaultStore<MemoryStore>> = Ledger::over_store(store).unwrap();
            submit(&mut ledger, OPERATOR, &[actor("acme", &[ACME])]);
            let mut plan = ledger.plan();
            let all: Vec<_> = (0..submissions)
                .map(|n| Ok(self::plan(&mut plan, &key(ACME), &[factor("acme", &format!("f{n}"))])))
                .collect();
            let (heard, ended) = carry_out(plan, all, u64::MAX);
            assert!(matches!(ended, Err(LedgerError::Append(AppendError::Unknown(_)))), "{nth} {fault:?}");
            assert_eq!(heard.len() as u64, nth - 1, "{nth} {fault:?}");
        }
    }
}
