//! The index (sled) of a ledger, replaced by one that knows other things. It is derived: the segments are the truth.

use std::fs;

use pcf_ledger::audit;
use pcf_ledger::ledger::Ledger;
use pcf_testing::{
    ACME, BOLT, OPERATOR, PUMP, actor, copy, factor, fill, holder, publication, reading, submit,
};

use super::hall::on_disk;

#[test]
fn an_index_of_another_history_of_the_same_ledger_changes_no_figure() {
    let ((dir, mut honest), (other, mut twin)) = (on_disk(), on_disk());
    fill(&mut honest);
    submit(&mut honest, ACME, &[reading("acme", PUMP, "second electricity")]);
    // The twin has the same genesis and as many statements, and nothing of the pump.
    submit(&mut twin, OPERATOR, &[actor("acme", &[ACME]), actor("bolt", &[BOLT])]);
    for n in 0..4 {
        submit(&mut twin, ACME, &[factor("acme", &format!("f{n}"))]);
    }
    let (pump, expected) = (PUMP.parse().unwrap(), publication(&honest, "acme", PUMP, 1));
    assert_eq!(honest.id(), twin.id());
    honest.flush().unwrap();
    twin.flush().unwrap();
    drop((honest, twin));
    fs::remove_dir_all(dir.path().join("index")).unwrap();
    copy(&other.path().join("index"), &dir.path().join("index"));
    let ledger = Ledger::open(dir.path(), &holder()).unwrap();
    assert_eq!(ledger.inventory_of(std::slice::from_ref(&pump)).unwrap().activities.len(), 2);
    assert_eq!(publication(&ledger, "acme", PUMP, 1)["figures"], expected["figures"]);
    drop(ledger);
    assert!(audit::directory(dir.path(), Vec::new(), &mut |_, _| {}).unwrap().holds());
}
