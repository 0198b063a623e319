//! A redaction survives a loss of power, also after a process that ended in the middle of one and
//! another that appended behind it.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use pcf_ledger::admission::Said;
use pcf_ledger::audit;
use pcf_ledger::ledger::{Ledger, Options};
use pcf_ledger::model::StatementId;
use pcf_ledger::store::file;
use pcf_ledger::store::medium::Medium;
use pcf_testing::{ACME, OPERATOR, factor, fill, genesis, holder, key, submission};

use super::losing_disk::{Change, Random, Recorder, Syncs, load, lose_power, store};

fn options(medium: Arc<dyn Medium>) -> Options {
    Options { store: file::Options { medium, ..file::Options::default() }, ..Options::default() }
}

/// A ledger that calculates, and the activity of it.
fn ledger(dir: &Path) -> StatementId {
    let mut ledger = Ledger::create(dir, genesis(), &key(OPERATOR), 0, &holder()).unwrap();
    fill(&mut ledger);
    ledger.book().all_entries().map(Result::unwrap).last().unwrap().id
}

fn redact(ledger: &mut Ledger<file::FileStore>, target: &StatementId) {
    let redaction = ledger.redaction(target, "r".parse().unwrap(), pcf_testing::salt_of(1)).unwrap();
    ledger.redact(&key(OPERATOR), 0, redaction).unwrap();
}

/// Opens what is left, and holds that nothing is there by half. How many submissions there are, and one more where the text is gone.
fn reached(dir: &Path, target: &StatementId) -> usize {
    let ledger = Ledger::open(dir, &holder()).unwrap_or_else(|e| panic!("it does not open: {e}"));
    let gone = matches!(ledger.said(target).unwrap(), Said::Header(_));
    assert_eq!(
        gone,
        ledger.book().redaction_of(target).unwrap().is_some(),
        "announced and not carried out, or the other way"
    );
    let size = usize::try_from(ledger.size()).unwrap();
    drop(ledger);
    let report = audit::directory(dir, Vec::new(), &mut |_, _| {}).unwrap();
    assert!(report.holds(), "{:?}", report.findings);
    size + usize::from(gone)
}

/// Runs `write` on the ledger in `dir`; every change that it makes.
fn recorded(dir: &Path, write: impl FnOnce(&mut Ledger<file::FileStore>)) -> Vec<Change> {
    let recorder = Arc::new(Recorder::default());
    let medium: Arc<dyn Medium> = Arc::<Recorder>::clone(&recorder);
    let mut ledger = Ledger::open_with(dir, &holder(), options(medium)).unwrap();
    write(&mut ledger);
    recorder.note(Change::Answer(usize::try_from(ledger.size()).unwrap() + 1));
    drop(ledger);
    let changes = recorder.changes.lock().unwrap();
    changes.clone()
}

#[test]
fn whenever_the_power_goes_a_redaction_that_was_answered_stays_and_so_does_what_follows_it() {
    let dir = tempfile::tempdir().unwrap();
    let target = ledger(dir.path());
    let start = load(dir.path());
    let redacting = recorded(dir.path(), |ledger| redact(ledger, &target));
    let id = *Ledger::read(dir.path()).unwrap().id().as_bytes();
    let air = submission(id, ACME, &[factor("acme", "air")]);
    let appending = recorded(dir.path(), |ledger| drop(ledger.submit(&air).unwrap()));

    let renamed = redacting.iter().position(|change| matches!(change, Change::Rename(..))).unwrap();
    assert!(
        matches!(redacting[renamed + 1], Change::SyncDir { of_segments: true }),
        "the name is synced at once"
    );
    let whole = [&redacting[..], &appending].concat();
    // The process ends after the rename and before the name is synced; another one appends, on what the system shows it.
    let killed = [&redacting[..=renamed], &appending].concat();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for changes in [whole, killed] {
        let mut kept = BTreeSet::new();
        for end in 0..=changes.len() {
            for _ in 0..8 {
                let (files, answered) = lose_power(&start, &changes[..end], Syncs::Kept, &mut random);
                let scratch = tempfile::tempdir().unwrap();
                store(scratch.path(), &files);
                let reached = reached(scratch.path(), &target);
                assert!(reached >= answered, "after {end} changes: answered {answered}, reached {reached}");
                kept.insert(reached);
            }
        }
        assert_eq!(kept.into_iter().collect::<Vec<_>>(), [5, 7, 8], "not begun, redacted, appended to");
    }
}
