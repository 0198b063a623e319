//! A publication that takes the place of what others published.

use pcf_testing::{
    ACME, BOLT, PUMP, PUMP_ALIAS, activity, product, publication, submit, uuid_of, with, withdrawal,
};

use super::hall::{SCREW_URN, has, ledger, refused};

#[test]
fn a_publication_that_follows_footprints_nobody_published() {
    let mut ledger = ledger();
    let told = with(publication(&ledger, "acme", PUMP, 1), "preceding", [uuid_of(9)]);
    has(&refused(&mut ledger, ACME, &[told]), "which is no publication of this ledger");
}

#[test]
fn a_publication_that_follows_another_products_footprint() {
    let mut ledger = ledger();
    let screw = publication(&ledger, "bolt", SCREW_URN, 1);
    submit(&mut ledger, BOLT, &[screw]);
    let told = with(publication(&ledger, "acme", PUMP, 2), "preceding", [uuid_of(1)]);
    has(&refused(&mut ledger, ACME, &[told]), SCREW_URN);
}

#[test]
fn a_publication_that_follows_itself() {
    let mut ledger = ledger();
    let told = with(publication(&ledger, "acme", PUMP, 1), "preceding", [uuid_of(1)]);
    has(&refused(&mut ledger, ACME, &[told]), "which is no publication of this ledger");
}

#[test]
fn a_publication_follows_its_own_products_footprints_by_whichever_id_also_within_one_submission() {
    let mut ledger = ledger();
    let first = publication(&ledger, "acme", PUMP_ALIAS, 1);
    let second = with(publication(&ledger, "acme", PUMP, 2), "preceding", [uuid_of(1)]);
    let index = submit(&mut ledger, ACME, &[first, second]);
    let third = with(publication(&ledger, "acme", PUMP, 3), "preceding", [uuid_of(2), uuid_of(1)]);
    assert_eq!(submit(&mut ledger, ACME, &[third]), index + 1);
}

#[test]
fn a_replacement_that_turns_a_footprint_into_another_products() {
    let mut ledger = ledger();
    let other = "urn:pact:acme.example:product-id:valve";
    submit(&mut ledger, ACME, &[product("acme", &[other], &["acme"]), activity("acme", &[other])]);
    let first = publication(&ledger, "acme", PUMP, 1);
    submit(&mut ledger, ACME, &[first]);
    let id = ledger.book().publications().unwrap()[0].0;
    let swapped = with(publication(&ledger, "acme", other, 1), "replaces", id);
    has(&refused(&mut ledger, ACME, &[swapped]), "is a footprint of");
    // Nor by way of a withdrawal.
    submit(&mut ledger, ACME, &[withdrawal("acme", &id)]);
    let again = publication(&ledger, "acme", other, 1);
    has(&refused(&mut ledger, ACME, &[again]), "is a footprint of");
}
