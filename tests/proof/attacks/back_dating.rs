//! Saying that something was signed earlier, or later, than it was. The time in a seal is a claim that admits nothing: the place in the log does.

use pcf_testing::{ACME, LOG, OPERATOR, actor, factor, key, submit};

use super::hall::{
    audited, audited_with, errors, finds, forged, has, ledger, revoke, sealed_at, submissions,
};

const LONG_AGO: u64 = 1;
const FAR_AHEAD: u64 = 4_000_000_000;

#[test]
fn a_revoked_key_signs_with_a_time_from_before_it_was_revoked() {
    let mut ledger = ledger();
    let now = ledger.size();
    revoke(&mut ledger, "acme", ACME, now, 11);
    let before = ledger.size();
    for at in [0, LONG_AGO, FAR_AHEAD] {
        let late = sealed_at(*ledger.id().as_bytes(), ACME, at, &[factor("acme", "cheap")]);
        has(&ledger.submit(&late).unwrap_err().to_string(), "is revoked since index");
    }
    assert_eq!(ledger.size(), before);
}

#[test]
fn a_key_that_is_not_enrolled_yet_signs_with_a_time_from_after_its_enrolment() {
    let mut ledger = ledger();
    let early = sealed_at(*ledger.id().as_bytes(), 60, FAR_AHEAD, &[factor("eve", "cheap")]);
    has(&ledger.submit(&early).unwrap_err().to_string(), "is unknown here");
    submit(&mut ledger, OPERATOR, &[actor("eve", &[60])]);
    ledger.submit(&early).unwrap();
}

#[test]
fn the_owner_of_the_files_puts_a_statement_of_today_among_those_of_yesterday() {
    let mut ledger = ledger();
    let signed = ledger.checkpoint().unwrap().sign(&key(LOG)).unwrap().to_string();
    let now = ledger.size();
    revoke(&mut ledger, "acme", ACME, now, 11);
    let id = *ledger.id().as_bytes();
    let mut all = submissions(&ledger.into_store());
    all.insert(3, sealed_at(id, ACME, LONG_AGO, &[factor("acme", "cheap")]));
    // Whole in itself: only the signed checkpoint knows that it was not so.
    assert_eq!(errors(&audited(&forged(id, &all))), Vec::<&str>::new());
    finds(
        &audited_with(&forged(id, &all), &[signed.as_bytes()]),
        "signed-checkpoint",
        "this log has the root",
    );
    // Behind its place in the log the claimed time helps nothing.
    let late = all.remove(3);
    all.push(late);
    finds(&audited(&forged(id, &all)), "rules", "is revoked since index");
}
