//! Figures by a method that nobody can calculate again.

use pcf_ledger::audit;
use pcf_ledger::audit::Beside;
use pcf_ledger::codec::leaf_hash;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::store::Reader as _;
use pcf_ledger::store::Store as _;
use pcf_testing::{ACME, PUMP, factor, key, publication, submission, submit};

use super::hall::{has, ledger, of, refused};

#[test]
fn a_publication_by_a_method_that_nobody_can_calculate_again_escapes_every_check() {
    let mut ledger = ledger();
    let mut told = publication(&ledger, "acme", PUMP, 1);
    told["method"]["version"] = "999".into();
    told["figures"]["primaryDataShare"] = "100".into();
    has(&refused(&mut ledger, ACME, &[told]), "expected method version 1, got 999");
}

#[test]
fn an_audit_of_a_ledger_whose_owner_published_by_an_unknown_method_does_not_hold() {
    let mut ledger = ledger();
    let mut told = publication(&ledger, "acme", PUMP, 1);
    told["method"]["version"] = "2".into();
    let forged = submission(*ledger.id().as_bytes(), ACME, &[told]);
    // Put into the store past the rules.
    let mut store = {
        submit(&mut ledger, ACME, &[factor("acme", "last")]);
        ledger.into_store()
    };
    let head = store.head().unwrap();
    let mut book = Ledger::over_store(store.clone()).unwrap().book().clone();
    let leaf = leaf_hash(&forged.seal.to_bytes());
    book.fold(leaf, [0; 32], of(&key(ACME)), Vec::new()).unwrap();
    let bytes: Vec<&[u8]> = forged.statements.iter().map(Vec::as_slice).collect();
    let next = pcf_ledger::store::Submission {
        seal: &forged.seal.to_bytes(),
        statements: &bytes,
        new_root: book.root(),
    };
    store.append(&head, &[next]).unwrap();
    let report = audit::run(&store, &Beside::default(), &mut |_, _| {}).unwrap();
    assert!(!report.holds(), "{:?}", report.findings);
}
