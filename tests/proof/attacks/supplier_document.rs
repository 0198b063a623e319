//! A supplier's document that stops every calculation, or is another footprint's.

use pcf_testing::{ACME, submit, uuid_of};

use super::hall::{DOCUMENT, DOCUMENT_ID, has, ledger, received, refused};

#[test]
fn a_suppliers_document_that_nobody_can_read_would_stop_every_calculation() {
    let mut ledger = ledger();
    for document in ["{}", "no JSON", "{\"id\":null}", &DOCUMENT.replace("\"0.384\"", "\"much\"")] {
        has(
            &refused(&mut ledger, ACME, &[received("acme", document, DOCUMENT_ID)]),
            "the supplier's document",
        );
    }
    let deep = "[".repeat(200_000);
    has(&refused(&mut ledger, ACME, &[received("acme", &deep, DOCUMENT_ID)]), "the supplier's document");
    submit(&mut ledger, ACME, &[received("acme", DOCUMENT, DOCUMENT_ID)]);
    assert_eq!(ledger.inventory().unwrap().bought.len(), 1);
}

#[test]
fn a_suppliers_document_recorded_under_another_footprints_id() {
    let refusal = refused(&mut ledger(), ACME, &[received("acme", DOCUMENT, &uuid_of(1))]);
    has(&refusal, DOCUMENT_ID);
    has(&refusal, &uuid_of(1));
}
