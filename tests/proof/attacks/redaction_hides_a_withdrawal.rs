//! A withdrawal is taken out of the files, so that what it withdrew seems to hold.

use pcf_ledger::codec::{encode_kept, kept_of};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{Digest, StatementId, StatementKind};
use pcf_ledger::store::Store as _;
use pcf_ledger::store::memory::MemoryStore;
use pcf_testing::{BOLT, OPERATOR, actor, submission, submit, withdrawal};

use super::hall::{audited, finds, forged, has, ledger, place, redaction, refused, stays, submissions};

/// A ledger with a withdrawn activity: the ids of both.
fn withdrawn() -> (Ledger<MemoryStore>, StatementId, StatementId) {
    let mut ledger = ledger();
    let target = ledger.book().all_entries().map(Result::unwrap).last().unwrap().id;
    submit(&mut ledger, BOLT, &[withdrawal("bolt", &target)]);
    let withdrawal = ledger.book().all_entries().map(Result::unwrap).last().unwrap().id;
    (ledger, target, withdrawal)
}

#[test]
fn the_door_refuses_it_by_name() {
    let (mut ledger, _, hidden) = withdrawn();
    let error = refused(&mut ledger, OPERATOR, &[redaction(&hidden, b"anything")]);
    has(&error, "a statement of type `withdrawal` keeps its text: what became of other statements");
}

#[test]
fn an_announcement_that_was_written_all_the_same_is_refused_by_the_audit() {
    let (ledger, target, hidden) = withdrawn();
    // The facts of an activity of bolt's stand where its withdrawal stood.
    let mut kept = stays(&ledger, &target);
    kept.id = hidden;
    kept.subject = Digest::from_bytes([5; 32]);
    kept.facts.activity.as_mut().unwrap().scenario = Some("s".parse().unwrap());
    let kept = encode_kept(&kept).unwrap();
    let id = *ledger.id().as_bytes();
    let mut all = submissions(&ledger.into_store());
    all.push(submission(id, OPERATOR, &[redaction(&hidden, &kept)]));
    let store = forged(id, &all);
    finds(&audited(&store), "rules", "a statement of type `withdrawal` keeps its text");
    // Who opens such a ledger takes nothing out.
    let mut open = Ledger::over_store(store.clone()).unwrap();
    submit(&mut open, OPERATOR, &[actor("carl", &[40])]);
    let grid = open.book().factor(&"grid".parse().unwrap()).unwrap().unwrap().0;
    let said = redaction(&grid, &encode_kept(&stays(&open, &grid)).unwrap());
    submit(&mut open, OPERATOR, &[said]);
    assert!(open.statement(&hidden).is_ok() && open.statement(&grid).is_err());
    // The withdrawal is too short for what would have to stay of an activity.
    let mut store = store;
    let refusal = store.redact(place(&store, &hidden), &kept).unwrap_err().to_string();
    has(&refusal, "length in bytes of what is kept of a redacted statement out of range");
}

#[test]
fn a_year_in_its_place_needs_an_announcement_like_any_other() {
    let (ledger, _, hidden) = withdrawn();
    let (kept, mut store) = (as_a_year(&ledger, &hidden), ledger.into_store());
    store.redact(place(&store, &hidden), &kept).unwrap();
    finds(&audited(&store), "redactions", "no statement of the operator announces it");
}

#[test]
fn an_operator_who_owns_the_files_and_calls_it_a_year_is_caught_by_whoever_has_the_text() {
    let (ledger, target, hidden) = withdrawn();
    let (kept, text) = (as_a_year(&ledger, &hidden), ledger.statement(&hidden).unwrap());
    let id = *ledger.id().as_bytes();
    let mut all = submissions(&ledger.into_store());
    all.push(submission(id, OPERATOR, &[redaction(&hidden, &kept)]));
    let mut store = forged(id, &all);
    finds(&audited(&store), "rules", "a statement of type `withdrawal` keeps its text");
    store.redact(place(&store, &hidden), &kept).unwrap();
    // Once the text is gone nobody can see it from these files alone. What stays is the operator's claim, and signed: a backup, a reader who followed the log,
    // or a state that the operator signed before it, in which the withdrawal counts, shows that it is false.
    assert!(audited(&store).holds());
    let ledger = Ledger::over_store(store).unwrap();
    assert!(ledger.book().holds(&target).unwrap() && ledger.book().redaction_of(&hidden).unwrap().is_some());
    assert!(kept_of(hidden, &text).is_none(), "of a withdrawal nothing could have been announced");
}

/// The facts of a year of bolt's, for the place of another statement.
fn as_a_year(ledger: &Ledger<MemoryStore>, hidden: &StatementId) -> Vec<u8> {
    let mut kept = stays(
        ledger,
        &ledger
            .book()
            .all_entries()
            .map(Result::unwrap)
            .find(|e| e.kind == StatementKind::Activity && e.by.as_str() == "bolt")
            .unwrap()
            .id,
    );
    (kept.id, kept.facts.activity, kept.facts.r#type) = (*hidden, None, StatementKind::Annual);
    encode_kept(&kept).unwrap()
}
