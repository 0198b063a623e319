//! The same submissions in another order, under roots that fit the new order.

use pcf_testing::{ACME, BOLT, LOG, factor, key, submit};

use super::hall::{audited, audited_with, finds, forged, ledger, submissions};

#[test]
fn a_right_is_used_before_it_was_given() {
    let ledger = ledger();
    let id = *ledger.id().as_bytes();
    let mut all = submissions(&ledger.into_store());
    assert!(audited(&forged(id, &all)).holds());
    all.swap(1, 2);
    finds(&audited(&forged(id, &all)), "rules", "is unknown here");
}

#[test]
fn an_order_that_breaks_no_rule_is_found_by_what_was_signed_over_the_first() {
    let mut ledger = ledger();
    submit(&mut ledger, ACME, &[factor("acme", "a")]);
    submit(&mut ledger, BOLT, &[factor("bolt", "b")]);
    let signed = ledger.checkpoint().unwrap().sign(&key(LOG)).unwrap().to_string();
    let id = *ledger.id().as_bytes();
    let size = usize::try_from(ledger.size()).unwrap();
    let mut all = submissions(&ledger.into_store());
    all.swap(size - 1, size - 2);
    assert!(audited(&forged(id, &all)).holds(), "nothing in the files alone says which came first");
    finds(
        &audited_with(&forged(id, &all), &[signed.as_bytes()]),
        "signed-checkpoint",
        "this log has the root",
    );
}

#[test]
fn statements_change_places_under_their_seal() {
    let ledger = ledger();
    let id = *ledger.id().as_bytes();
    let mut all = submissions(&ledger.into_store());
    all[1].statements.swap(0, 1);
    finds(&audited(&forged(id, &all)), "sealed-statements", "expected statements with the root");
}
