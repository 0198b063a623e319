//! Whoever owns the files takes a statement's text out, and nobody announced it.

use pcf_ledger::calc;
use pcf_ledger::codec::encode_kept;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{StatementId, StatementKind};
use pcf_ledger::store::Store as _;
use pcf_ledger::store::memory::MemoryStore;
use pcf_testing::{OPERATOR, SCREW, asked, submit};

use super::hall::{audited, finds, has, ledger, place, redaction, stays};

fn screws(ledger: &Ledger<MemoryStore>) -> StatementId {
    let all = ledger.book().all_entries().map(Result::unwrap);
    all.filter(|entry| entry.kind == StatementKind::Activity).last().unwrap().id
}

#[test]
fn the_audit_asks_for_the_operators_statement() {
    let ledger = ledger();
    let target = screws(&ledger);
    let kept = encode_kept(&stays(&ledger, &target)).unwrap();
    let mut store = ledger.into_store();
    store.redact(place(&store, &target), &kept).unwrap();
    let report = audited(&store);
    finds(&report, "redactions", "no statement of the operator announces it");
    assert_eq!((report.redacted, report.statements), (1, 8), "it is counted all the same");
    // What it said is missing, and nothing is calculated as if it had said nothing.
    let ledger = Ledger::over_store(store).unwrap();
    let errors = calc::footprint(&ledger.inventory().unwrap(), &SCREW.parse().unwrap(), &asked("2025"));
    has(&errors.unwrap_err().to_string(), "is redacted");
    has(&ledger.statement(&target).unwrap_err().to_string(), "is redacted: its text is no longer there");
}

#[test]
fn an_announcement_of_another_statement_is_none_of_this_one() {
    let mut ledger = ledger();
    let target = screws(&ledger);
    let grid = ledger.book().factor(&"grid".parse().unwrap()).unwrap().unwrap().0;
    let (kept, of_grid) =
        (encode_kept(&stays(&ledger, &target)).unwrap(), encode_kept(&stays(&ledger, &grid)).unwrap());
    submit(&mut ledger, OPERATOR, &[redaction(&grid, &of_grid)]);
    let mut store = ledger.into_store();
    store.redact(place(&store, &target), &kept).unwrap();
    let report = audited(&store);
    finds(&report, "redactions", "no statement of the operator announces it");
    assert_eq!(report.check("redactions").unwrap().errors, 1, "the other is announced");
}

#[test]
fn bytes_that_are_nothing_at_all_in_its_place() {
    let ledger = ledger();
    let target = screws(&ledger);
    let kept = encode_kept(&stays(&ledger, &target)).unwrap();
    let mut behind = kept.clone();
    behind.extend_from_slice(b"hidden behind the zeros");
    let store = ledger.into_store();
    for (bytes, words) in [
        (&kept[..20], "expected at least 68 bytes"),
        (&kept[..32], "byte 68: expected"),
        (&behind[..], "expected nothing but zeros behind the facts"),
    ] {
        let mut store = store.clone();
        store.redact(place(&store, &target), bytes).unwrap();
        let report = audited(&store);
        assert!(!report.holds());
        let said = format!("{:?}", report.findings);
        assert!(report.check("redactions").unwrap().errors > 0, "{words}: {said}");
        assert!(Ledger::over_store(store).is_err(), "and no ledger opens over it");
    }
}
