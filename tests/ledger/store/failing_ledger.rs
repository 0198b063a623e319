//! Every change that a ledger asks of the disk fails in turn, in each way. What was answered stays,
//! no half statement appears, and the ledger opens again.

use std::path::Path;
use std::sync::Arc;

use pcf_ledger::audit;
use pcf_ledger::ledger::{Ledger, LedgerError, Options, Submission};
use pcf_ledger::store::fault::{Fault, FaultMedium};
use pcf_ledger::store::file::{self, FileStore};
use pcf_ledger::store::medium::Medium;
use pcf_testing::{self, OPERATOR, genesis, holder, key};

use super::power_ledger::submissions;

/// Segments this small hold one or two submissions each.
fn options(medium: Arc<dyn Medium>) -> Options {
    Options { store: file::Options { segment_bytes_max: 2_500, medium }, ..Options::default() }
}

/// How many were answered as durable before the first that was not.
fn hand_in(ledger: &mut Ledger<FileStore>, all: &[Submission]) -> (usize, Option<LedgerError>) {
    for (done, one) in all.iter().enumerate() {
        match ledger.submit(one) {
            Ok(receipt) => assert_eq!(receipt.index, done as u64 + 1),
            Err(error) => return (done, Some(error)),
        }
    }
    (all.len(), None)
}

/// The ledger opens, holds a whole first part with at least what was answered, passes the audit, and takes in the rest.
fn holds(dir: &Path, all: &[Submission], answered: usize, what: &str) {
    let mut ledger = Ledger::open_with(dir, &holder(), options(Arc::new(FaultMedium::new(0, Fault::Lost))))
        .unwrap_or_else(|error| panic!("{what}: {error}"));
    let size = usize::try_from(ledger.size()).unwrap();
    assert!(
        (answered + 1..=answered + 2).contains(&size),
        "{what}: {answered} were answered, {size} are there"
    );
    for (index, one) in (1..ledger.size()).zip(all) {
        assert_eq!(ledger.submission(index).unwrap(), *one, "{what}: at index {index}");
    }
    for (index, one) in (1..).zip(all) {
        let receipt = ledger.submit(one).unwrap_or_else(|error| panic!("{what}: again: {error}"));
        assert_eq!((receipt.index, receipt.already), (index, index < size as u64), "{what}");
    }
    drop(ledger);
    let report = audit::directory(dir, Vec::new(), &mut |_, _| {}).unwrap();
    assert!(report.holds(), "{what}: {:?}", report.findings);
}

#[test]
fn whichever_change_of_the_disk_fails_under_a_ledger_what_was_answered_stays() {
    let base = tempfile::tempdir().unwrap();
    let created = Ledger::create(base.path(), genesis(), &key(OPERATOR), 0, &holder()).unwrap();
    let all = submissions(*created.id().as_bytes());
    drop(created);
    // How many changes there are, counted where none fails.
    let counted = copy(base.path());
    let medium = Arc::new(FaultMedium::new(0, Fault::Lost));
    let medium_of_ledger: Arc<dyn Medium> = Arc::<FaultMedium>::clone(&medium);
    let mut ledger = Ledger::open_with(counted.path(), &holder(), options(medium_of_ledger)).unwrap();
    assert!(hand_in(&mut ledger, &all).1.is_none());
    drop(ledger);
    let changes = medium.changes();
    assert!(changes > 20, "only {changes} changes");
    let mut poisoned = 0;
    for nth in 1..=changes {
        for fault in [Fault::Lost, Fault::Persisted, Fault::Torn] {
            let what = format!("change {nth} of {changes}, {fault:?}");
            let dir = copy(base.path());
            let medium = Arc::new(FaultMedium::new(nth, fault));
            let mut answered = 0;
            // Opening may fail already: it takes away what a crash left.
            if let Ok(mut ledger) = Ledger::open_with(dir.path(), &holder(), options(medium)) {
                let (done, error) = hand_in(&mut ledger, &all);
                answered = done;
                let error = error.unwrap_or_else(|| panic!("{what}: nobody heard of it"));
                // Until it is opened again, it answers nothing and takes nothing in.
                let again = ledger.submit(all.last().unwrap());
                assert!(again.is_err(), "{what}: after {error} it said {again:?}");
                poisoned += 1;
            }
            holds(dir.path(), &all, answered, &what);
        }
    }
    assert!(poisoned > 60, "only {poisoned} faults were met while writing");
}

#[test]
fn whichever_change_fails_while_a_ledger_is_created_it_is_no_ledger_or_a_whole_one() {
    let medium = Arc::new(FaultMedium::new(0, Fault::Lost));
    let create = |dir: &Path, medium: Arc<dyn Medium>| {
        Ledger::create_with(dir, genesis(), &key(OPERATOR), 0, &holder(), options(medium)).map(|l| l.size())
    };
    let dir = tempfile::tempdir().unwrap();
    let counting: Arc<dyn Medium> = Arc::<FaultMedium>::clone(&medium);
    assert_eq!(create(&dir.path().join("led"), counting).unwrap(), 1);
    let changes = medium.changes();
    assert!(changes > 8, "only {changes} changes");
    for nth in 1..=changes {
        for fault in [Fault::Lost, Fault::Persisted, Fault::Torn] {
            let dir = tempfile::tempdir().unwrap();
            let (led, what) = (dir.path().join("led"), format!("change {nth} of {changes}, {fault:?}"));
            assert!(
                create(&led, Arc::new(FaultMedium::new(nth, fault))).is_err(),
                "{what}: nobody heard of it"
            );
            match Ledger::open(&led, &holder()) {
                Ok(ledger) => assert_eq!(ledger.size(), 1, "{what}"),
                // `ledger.toml` comes last: without it there is no ledger.
                Err(error) => assert!(!led.join("ledger.toml").exists(), "{what}: {error}"),
            }
        }
    }
}

fn copy(from: &Path) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    pcf_testing::copy(from, dir.path());
    dir
}
