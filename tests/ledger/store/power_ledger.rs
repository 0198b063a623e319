//! After a loss of power, statements, seals, roots and the audit of a whole ledger with rotating
//! segments agree on what is left.

use std::path::Path;
use std::sync::Arc;

use pcf_ledger::audit::{self, Beside};
use pcf_ledger::ledger::{self, Ledger, LedgerError, Submission};
use pcf_ledger::merkle::Hash;
use pcf_ledger::store::Reader;
use pcf_ledger::store::file::{FileStore, Options};
use pcf_testing::{
    ACME, OPERATOR, PUMP, activity, actor, factor, genesis, holder, key, product, public, submission, with,
};

use super::losing_disk::{Change, Recorder, load};
use super::power::lose_power_everywhere;

/// Segments this small hold one or two submissions each.
fn options(medium: Arc<Recorder>) -> Options {
    Options { segment_bytes_max: 2_500, medium }
}

/// What is handed in after the genesis, of one to three statements each.
pub fn submissions(ledger_id: [u8; 32]) -> Vec<Submission> {
    let batches =
        |of: &[&str]| of.iter().map(|b| with(activity("acme", &[PUMP]), "batch", b)).collect::<Vec<_>>();
    let mut all = vec![
        submission(ledger_id, OPERATOR, &[actor("acme", &[ACME])]),
        submission(ledger_id, ACME, &[factor("acme", "grid"), product("acme", &[PUMP], &["acme"])]),
    ];
    for of in [&["1", "2", "3"][..], &["4"], &["5", "6"], &["7", "8", "9"]] {
        all.push(submission(ledger_id, ACME, &batches(of)));
    }
    all
}

/// Writes the submissions into a ledger and says at once how far it has been answered; gives the roots of all its sizes.
type Written = dyn Fn(&Path, &Arc<Recorder>, &[Submission]) -> Vec<Option<Hash>>;

fn roots<S: Reader>(ledger: &Ledger<S>) -> Vec<Option<Hash>> {
    (0..=ledger.size()).map(|size| ledger.book().root_at(size).unwrap()).collect()
}

#[test]
fn a_ledger_in_several_segments_keeps_every_answer_whenever_the_power_goes() {
    power_goes(5, &|dir, recorder, submissions| {
        let store = FileStore::open_writer_with(dir, &holder(), options(Arc::clone(recorder))).unwrap();
        let mut ledger = Ledger::over_store(store).unwrap();
        recorder.note(Change::Answer(1));
        for one in submissions {
            let index = ledger.submit(one).unwrap().index;
            recorder.note(Change::Answer(usize::try_from(index).unwrap() + 1));
        }
        roots(&ledger)
    });
}

#[test]
fn a_plan_that_is_staged_in_several_segments_is_there_once_it_was_answered_whenever_the_power_goes() {
    // The head is written once, so that more rounds are needed to spoil it.
    power_goes(30, &|dir, recorder, submissions| {
        let options = ledger::Options {
            store: options(Arc::clone(recorder)),
            held_bytes_max: 0,
            ..ledger::Options::default()
        };
        let mut plan = Ledger::open_with(dir, &holder(), options).unwrap().plan();
        recorder.note(Change::Answer(1));
        for one in submissions {
            let signer = if one.seal.signer() == public(OPERATOR).as_bytes() { OPERATOR } else { ACME };
            let seal = plan.seal(&key(signer), one.seal.signed_at_s(), &mut one.statements.clone()).unwrap();
            assert_eq!(seal, one.seal);
        }
        let ledger = plan.carry_out(|receipt| -> Result<(), LedgerError> {
            recorder.note(Change::Answer(usize::try_from(receipt.index).unwrap() + 1));
            Ok(())
        });
        roots(&ledger.unwrap())
    });
}

fn power_goes(rounds: usize, written: &Written) {
    let dir = tempfile::tempdir().unwrap();
    let created = Ledger::create(dir.path(), genesis(), &key(OPERATOR), 0, &holder()).unwrap();
    let submissions = submissions(*created.id().as_bytes());
    drop(created);
    let (start, recorder) = (load(dir.path()), Arc::new(Recorder::default()));
    let roots = written(dir.path(), &recorder, &submissions);
    assert!(load(dir.path()).len() > 5, "several segments");
    let changes = recorder.changes.lock().unwrap().clone();

    let check = |dir: &Path, medium: Arc<Recorder>| -> Result<usize, String> {
        let store =
            FileStore::open_writer_with(dir, &holder(), options(medium)).map_err(|e| e.to_string())?;
        let ledger = Ledger::over_store(store).map_err(|e| e.to_string())?;
        let size = usize::try_from(ledger.size()).unwrap();
        assert_eq!(Some(ledger.root()), roots[size], "the root of another history");
        for (index, one) in (1..ledger.size()).zip(&submissions) {
            assert_eq!(ledger.submission(index).map_err(|e| e.to_string())?, *one, "at index {index}");
        }
        let report = audit::run(&ledger.into_store(), &Beside::default(), &mut |_, _| {}).unwrap();
        assert!(report.holds(), "{:?}", report.findings);
        Ok(size)
    };
    lose_power_everywhere(&start, &changes, rounds, &check).assert_all_but_a();
}
