//! A withdrawal is taken out of the files, so that what it withdrew seems to hold.

use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{StatementId, StatementKind};
use pcf_ledger::store::Store as _;
use pcf_ledger::store::memory::MemoryStore;
use pcf_testing::{BOLT, OPERATOR, submission, submit, withdrawal};

use super::hall::{audited, finds, forged, has, ledger, newest, place, redaction, refused, submissions};

/// A ledger with a withdrawn activity: the ids of both.
fn withdrawn() -> (Ledger<MemoryStore>, StatementId, StatementId) {
    let mut ledger = ledger();
    let target = newest(&ledger, StatementKind::Activity);
    submit(&mut ledger, BOLT, &[withdrawal("bolt", &target)]);
    let withdrawal = newest(&ledger, StatementKind::Withdrawal);
    (ledger, target, withdrawal)
}

/// The same, with a redaction of the withdrawal written past the door.
fn announced() -> (MemoryStore, StatementId, StatementId) {
    let (ledger, target, hidden) = withdrawn();
    let id = *ledger.id().as_bytes();
    let mut all = submissions(&ledger.into_store());
    all.push(submission(id, OPERATOR, &[redaction(&hidden)]));
    (forged(id, &all), target, hidden)
}

#[test]
fn the_door_refuses_it_by_name() {
    let (mut ledger, _, hidden) = withdrawn();
    let error = refused(&mut ledger, OPERATOR, &[redaction(&hidden)]);
    has(
        &error,
        "a statement of type `withdrawal` has no body that could go: what became of other statements",
    );
}

#[test]
fn an_announcement_that_was_written_all_the_same_is_refused_by_the_audit_and_carried_out_by_nobody() {
    let (mut store, target, hidden) = announced();
    finds(&audited(&store), "rules", "a statement of type `withdrawal` has no body that could go");
    has(&store.remove_body(place(&store, &hidden)).unwrap_err().to_string(), "a statement with a body");
    // What it withdrew stays withdrawn, whoever opens such a ledger.
    let ledger = Ledger::over_store(store).unwrap();
    assert!(ledger.statement(&hidden).is_ok());
    assert!(!ledger.book().holds(&target).unwrap());
}

#[test]
fn what_a_withdrawal_names_is_in_its_header_and_stays_withdrawn_after_its_own_erasure() {
    let (mut ledger, target, _) = withdrawn();
    submit(&mut ledger, OPERATOR, &[redaction(&target)]);
    assert!(ledger.statement(&target).is_err(), "its body is gone");
    let ledger = Ledger::over_store(ledger.into_store()).unwrap();
    assert!(!ledger.book().holds(&target).unwrap());
    assert!(audited(&ledger.into_store()).holds());
}
