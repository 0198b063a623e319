//! Somebody records a false document under a supplier's UUID before the true one comes.

use pcf_testing::{ACME, BOLT, OPERATOR, submit, withdrawal};

use super::hall::{DOCUMENT, DOCUMENT_ID, has, ledger, received, refused};

#[test]
fn the_first_to_record_a_suppliers_footprint_keeps_no_other_from_it_once_the_operator_withdrew_it() {
    let mut ledger = ledger();
    let false_one = DOCUMENT.replace("\"0.384\"", "\"0.001\"");
    assert_ne!(false_one, DOCUMENT);
    submit(&mut ledger, BOLT, &[received("bolt", &false_one, DOCUMENT_ID)]);
    let recorded = ledger.book().all_entries().map(Result::unwrap).last().unwrap().id;
    // The receiver of the true one hears that there is another, and whose.
    let refusal = refused(&mut ledger, ACME, &[received("acme", DOCUMENT, DOCUMENT_ID)]);
    has(&refusal, &format!("{recorded} of `bolt` records this supplier's footprint already"));
    submit(&mut ledger, OPERATOR, &[withdrawal("operator", &recorded)]);
    submit(&mut ledger, ACME, &[received("acme", DOCUMENT, DOCUMENT_ID)]);
    let held = ledger.inventory().unwrap().bought.into_values().next().unwrap();
    assert_eq!(held.id, ledger.book().all_entries().map(Result::unwrap).last().unwrap().id);
    // And now the true one is safe from the forger.
    has(&refused(&mut ledger, BOLT, &[received("bolt", &false_one, DOCUMENT_ID)]), "of `acme` records");
}
