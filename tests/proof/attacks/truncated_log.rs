//! The end of the log cut off, the head and the checkpoint written anew: what came last never was.

use std::fs;

use pcf_ledger::audit;
use pcf_ledger::ledger::Ledger;
use pcf_testing::{ACME, LOG, PUMP, fill, holder, key, publication, submit};

use super::hall::{audited_with, errors, finds, forged, ledger, on_disk, submissions};

#[test]
fn a_shorter_log_with_a_head_and_a_signature_of_its_own_is_whole_in_itself_and_contradicts_what_was_signed_before()
 {
    let mut ledger = ledger();
    let told = publication(&ledger, "acme", PUMP, 1);
    submit(&mut ledger, ACME, &[told]);
    let before = ledger.checkpoint().unwrap().sign(&key(LOG)).unwrap().to_string();
    let id = *ledger.id().as_bytes();
    let mut all = submissions(&ledger.into_store());
    all.pop();
    let shorter = forged(id, &all);
    let again = Ledger::over_store(shorter.clone()).unwrap().checkpoint().unwrap().sign(&key(LOG)).unwrap();
    assert!(audited_with(&shorter, &[again.to_string().as_bytes()]).holds());
    let report = audited_with(&shorter, &[again.to_string().as_bytes(), before.as_bytes()]);
    finds(&report, "signed-checkpoint", "this log has 7 submissions");
}

#[test]
fn a_segment_cut_off_before_its_head_is_no_shorter_ledger() {
    let (dir, mut ledger) = on_disk();
    fill(&mut ledger);
    drop(ledger);
    let segment = dir.path().join("segments/000000");
    let whole = fs::read(&segment).unwrap();
    for cut in [1, 200, 900] {
        fs::write(&segment, &whole[..whole.len() - cut]).unwrap();
        assert!(Ledger::open(dir.path(), &holder()).is_err(), "{cut} bytes");
        let report = audit::directory(dir.path(), Vec::new(), &mut |_, _| {}).unwrap();
        assert!(errors(&report).contains(&"store"), "{cut} bytes: {:?}", report.findings);
    }
}
