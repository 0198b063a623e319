//! The same submission handed in twice, so that what it says counts twice.

use pcf_ledger::codec::leaf_hash;
use pcf_ledger::ledger::Submission;
use pcf_ledger::sign::Seal;
use pcf_testing::{ACME, PUMP, activity, factor, key, submission, submit, with};

use super::hall::{audited, finds, forged, has, ledger, refused, submissions};

#[test]
fn the_door_answers_with_the_index_of_the_first_time() {
    let mut ledger = ledger();
    let sent = submission(*ledger.id().as_bytes(), ACME, &[factor("acme", "steel")]);
    let first = ledger.submit(&sent).unwrap();
    let again = ledger.submit(&sent).unwrap();
    assert_eq!((first.already, again.already, again.index, again.ids), (false, true, first.index, first.ids));
    assert_eq!(ledger.size(), first.index + 1);
}

#[test]
fn the_same_statement_under_a_new_seal_is_refused_by_its_id() {
    let mut ledger = ledger();
    let sent = submission(*ledger.id().as_bytes(), ACME, &[factor("acme", "steel")]);
    ledger.submit(&sent).unwrap();
    let leaves: Vec<_> = sent.statements.iter().map(|bytes| leaf_hash(bytes)).collect();
    let seal = Seal::sign(&key(ACME), *ledger.id().as_bytes(), 77, &leaves).unwrap();
    let refusal = ledger.submit(&Submission { seal, statements: sent.statements }).unwrap_err();
    has(&refusal.to_string(), "is already in the log");
}

#[test]
fn the_same_activity_under_another_salt_is_refused_by_its_subject() {
    let mut ledger = ledger();
    has(
        &refused(&mut ledger, ACME, &[activity("acme", &[PUMP])]),
        "already a live activity statement about this",
    );
    let twins =
        [with(activity("acme", &[PUMP]), "batch", "b"), with(activity("acme", &[PUMP]), "batch", "b")];
    has(&refused(&mut ledger, ACME, &twins), "already a live activity statement about this");
    submit(&mut ledger, ACME, &[with(activity("acme", &[PUMP]), "batch", "b")]);
}

#[test]
fn written_past_the_door_the_audit_finds_it() {
    let ledger = ledger();
    let id = *ledger.id().as_bytes();
    let mut all = submissions(&ledger.into_store());
    all.push(all[4].clone());
    finds(&audited(&forged(id, &all)), "rules", "is already in the log");
}
