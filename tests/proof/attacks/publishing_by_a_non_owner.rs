//! Publishing what belongs to somebody else.

use pcf_testing::{ACME, BOLT, PUMP, PUMP_ALIAS, publication, submit, with};

use super::hall::{SCREW_URN, has, ledger, refused};

#[test]
fn a_publication_of_somebody_elses_product_by_its_second_id() {
    let mut ledger = ledger();
    let told = with(publication(&ledger, "acme", PUMP_ALIAS, 1), "by", "bolt");
    has(&refused(&mut ledger, BOLT, &[told]), "belongs to `acme`");
}

#[test]
fn a_publication_under_the_uuid_of_somebody_elses() {
    let mut ledger = ledger();
    let pump = publication(&ledger, "acme", PUMP, 1);
    submit(&mut ledger, ACME, &[pump]);
    let told = publication(&ledger, "bolt", SCREW_URN, 1);
    has(&refused(&mut ledger, BOLT, &[told]), "belongs to `acme`");
}
