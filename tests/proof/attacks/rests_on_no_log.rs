//! Figures that rest on a log that never was, or that do not follow from their own parts.

use pcf_ledger::audit::Beside;
use pcf_ledger::model::Digest;
use pcf_ledger::{audit, merkle};
use pcf_testing::{ACME, PUMP, publication, submit};

use super::hall::{has, ledger, refused};

#[test]
fn a_publication_that_rests_on_a_log_that_is_yet_to_come_or_on_none() {
    let mut ledger = ledger();
    let mut told = publication(&ledger, "acme", PUMP, 1);
    told["log"]["size"] = (ledger.size() + 1).to_string().into();
    has(&refused(&mut ledger, ACME, &[told.clone()]), "names the log size");
    told["log"]["size"] = "0".into();
    told["log"]["root"] = Digest::from_bytes(merkle::empty_root()).to_string().into();
    has(&refused(&mut ledger, ACME, &[told]), "names a root that the log did not have");
}

#[test]
fn a_publication_whose_totals_do_not_follow_from_its_own_parts_passes_no_audit() {
    for part in ["/figures/gate", "/figures/stages/0/figures", "/figures/processes/0/figures"] {
        let mut ledger = ledger();
        let mut told = publication(&ledger, "acme", PUMP, 1);
        told.pointer_mut(part).unwrap()["excludingUptake"] = "7".into();
        submit(&mut ledger, ACME, &[told]);
        let report = audit::run(&ledger.into_store(), &Beside::default(), &mut |_, _| {}).unwrap();
        let found: Vec<_> = report.findings.iter().map(|f| f.rule).collect();
        assert_eq!((report.holds(), found), (false, vec!["publication-figures"]));
    }
}
