//! An operator who says another state to another auditor, or two of one size.

use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::Digest;
use pcf_ledger::store::memory::MemoryStore;
use pcf_testing::{LOG, OPERATOR, key, submission, submit, with};
use serde_json::{Value, json};

use super::hall::{audited, audited_with, finds, forged, has, ledger, refused, store_of, submissions};

fn state(ledger: &Ledger<MemoryStore>, size: u64) -> Value {
    let root = Digest::from_bytes(ledger.book().state_at(size).unwrap().root());
    json!({"type": "state", "by": "operator", "size": size.to_string(), "root": root})
}

#[test]
fn two_of_one_size_are_one_too_many() {
    let mut ledger = ledger();
    let size = ledger.size();
    let said = state(&ledger, size);
    submit(&mut ledger, OPERATOR, &[said]);
    let again = state(&ledger, size);
    let id = *ledger.id().as_bytes();
    let mut all = submissions(&store_of(&ledger));
    all.push(submission(id, OPERATOR, std::slice::from_ref(&again)));
    has(&refused(&mut ledger, OPERATOR, &[again]), "there is already a live state statement about this");
    finds(&audited(&forged(id, &all)), "rules", "there is already a live state statement about this");
}

#[test]
fn two_histories_that_each_hold_are_caught_by_the_checkpoint_of_the_other() {
    // To one auditor a ledger without bolt's activity, to the other the whole: each state follows from what each auditor sees.
    let mut whole = ledger();
    let id = *whole.id().as_bytes();
    let mut all = submissions(&store_of(&whole));
    all.pop();
    let mut part = Ledger::over_store(forged(id, &all)).unwrap();
    for ledger in [&mut whole, &mut part] {
        let said = state(ledger, ledger.size());
        submit(ledger, OPERATOR, &[said]);
    }
    let note =
        |ledger: &Ledger<MemoryStore>| ledger.checkpoint().unwrap().sign(&key(LOG)).unwrap().to_string();
    let (shown_here, shown_there) = (note(&whole), note(&part));
    let (whole, part) = (store_of(&whole), store_of(&part));
    for (store, note) in [(&whole, &shown_here), (&part, &shown_there)] {
        assert!(audited_with(store, &[note.as_bytes()]).holds(), "alone each is right");
    }
    finds(&audited_with(&whole, &[shown_there.as_bytes()]), "signed-checkpoint", "this log has the root");
}

#[test]
fn another_root_in_the_same_history_does_not_follow() {
    let ledger = ledger();
    let id = *ledger.id().as_bytes();
    let lie = with(state(&ledger, ledger.size()), "root", Digest::from_bytes([7; 32]));
    let mut all = submissions(&store_of(&ledger));
    all.push(submission(id, OPERATOR, &[lie]));
    finds(&audited(&forged(id, &all)), "states", "got 0707");
}
