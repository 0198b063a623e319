//! Whoever owns the files takes a statement's body out, and nobody announced it.

use pcf_ledger::calc;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::StatementKind;
use pcf_ledger::store::Store as _;
use pcf_testing::{OPERATOR, SCREW, asked, submit};

use super::hall::{audited, finds, has, ledger, newest, place, redaction};

#[test]
fn the_audit_asks_for_the_operators_statement() {
    let ledger = ledger();
    let target = newest(&ledger, StatementKind::Activity);
    let mut store = ledger.into_store();
    store.remove_body(place(&store, &target)).unwrap();
    let report = audited(&store);
    finds(&report, "redactions", "its body is gone, and no statement of the operator announces that");
    assert_eq!((report.redacted, report.statements), (1, 8), "it is counted all the same");
    // Its amounts are missing, and nothing is calculated as if it had stated none.
    let ledger = Ledger::over_store(store).unwrap();
    let errors = calc::footprint(&ledger.inventory().unwrap(), &SCREW.parse().unwrap(), &asked("2025"));
    has(&errors.unwrap_err().to_string(), "is redacted");
    has(&ledger.statement(&target).unwrap_err().to_string(), "is redacted: its text is no longer there");
}

#[test]
fn an_announcement_of_another_statement_is_none_of_this_one() {
    let mut ledger = ledger();
    let target = newest(&ledger, StatementKind::Activity);
    let grid = newest(&ledger, StatementKind::Factor);
    submit(&mut ledger, OPERATOR, &[redaction(&grid)]);
    let mut store = ledger.into_store();
    store.remove_body(place(&store, &target)).unwrap();
    let report = audited(&store);
    finds(&report, "redactions", "no statement of the operator announces that");
    assert_eq!(report.check("redactions").unwrap().errors, 1, "the other is announced");
}

#[test]
fn a_withdrawal_or_a_replacement_announces_nothing() {
    let mut ledger = ledger();
    let target = newest(&ledger, StatementKind::Activity);
    submit(&mut ledger, OPERATOR, &[pcf_testing::withdrawal("operator", &target)]);
    let mut store = ledger.into_store();
    store.remove_body(place(&store, &target)).unwrap();
    finds(&audited(&store), "redactions", "no statement of the operator announces that");
}

#[test]
fn a_statement_that_has_no_body_has_none_to_take_out() {
    let ledger = ledger();
    let product = newest(&ledger, StatementKind::Product);
    let mut store = ledger.into_store();
    let before = store.clone();
    let refusal = store.remove_body(place(&store, &product)).unwrap_err().to_string();
    has(&refusal, "a statement with a body");
    assert_eq!(format!("{store:?}"), format!("{before:?}"));
}
