//! The same submission handed in twice, so that what it says counts twice.

use pcf_ledger::codec::{parts_of, statement_leaf};
use pcf_ledger::ledger::{Ledger, Shared, Submission};
use pcf_ledger::model::StatementId;
use pcf_ledger::sign::Seal;
use pcf_ledger::store::Reader;
use pcf_ledger::store::memory::MemoryStore;
use pcf_testing::{ACME, OPERATOR, PUMP, activity, factor, key, seen, submission, submit, with};
use serde_json::json;

use super::hall::{audited, finds, forged, has, ledger, redaction, refused, submissions};

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
    let leaves: Vec<_> = sent.statements.iter().map(|bytes| statement_leaf(bytes)).collect();
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

/// A ledger with a submission of acme's in it, of which the activity was redacted since.
fn redacted() -> (Ledger<MemoryStore>, Submission, StatementId) {
    let mut ledger = ledger();
    let earlier = json!({"start": "2023-01-01", "end": "2024-01-01"});
    let values = [factor("acme", "steel"), with(activity("acme", &[PUMP]), "period", earlier)];
    let sent = submission(*ledger.id().as_bytes(), ACME, &values);
    let target = ledger.submit(&sent).unwrap().ids[1];
    submit(&mut ledger, OPERATOR, &[redaction(&target)]);
    assert!(ledger.statement(&target).is_err());
    (ledger, sent, target)
}

#[test]
fn after_a_redaction_it_is_answered_with_its_index_and_the_erased_body_does_not_come_back() {
    let (mut ledger, sent, target) = redacted();
    let before = (seen(ledger.book()), ledger.size());
    let again = ledger.submit(&sent).unwrap();
    assert_eq!((again.already, again.index), (true, 7));
    assert_eq!(again.ids[1], target);
    assert_eq!((seen(ledger.book()), ledger.size()), before);
    assert!(ledger.statement(&target).is_err(), "it came back");
    // Nor where several submit at a time, nor on disk.
    let store = ledger.into_store();
    let shared = Shared::new(Ledger::over_store(store.clone()).unwrap());
    assert!(shared.submit(sent.clone()).unwrap().already);
    assert_eq!(format!("{:?}", shared.into_ledger().unwrap().into_store()), format!("{store:?}"));
    // The same statement under a new seal is refused by its id.
    let leaves: Vec<_> = sent.statements.iter().map(|text| statement_leaf(text)).collect();
    let seal = Seal::sign(&key(ACME), Reader::ledger_id(&store), 77, &leaves).unwrap();
    let mut ledger = Ledger::over_store(store).unwrap();
    let refusal = ledger.submit(&Submission { seal, statements: sent.statements }).unwrap_err();
    has(&refusal.to_string(), "is already in the log");
}

#[test]
fn a_replay_with_other_bodies_or_none_is_answered_by_nobody() {
    let (mut ledger, sent, _) = redacted();
    let header = |text: &Vec<u8>| parts_of(text).0.to_vec();
    let bare: Vec<_> = sent.statements.iter().map(header).collect();
    let other = |text: &Vec<u8>| [&header(text)[..], b"\n{}"].concat();
    let bent: Vec<_> = sent.statements.iter().map(other).collect();
    for statements in [bare, bent] {
        let error = ledger.submit(&Submission { seal: sent.seal, statements }).unwrap_err().to_string();
        has(&error, "statement 1 of the submission: at body: expected the");
    }
}
