//! The owner of an emission factor changes it after figures that rest on it were published.

use pcf_ledger::model::{Digest, Statement};
use pcf_testing::{ACME, BOLT, PUMP, factor, publication, statement, submit, with};
use serde_json::json;

use super::hall::{audited, errors, has, ledger, refused, store_of};

#[test]
fn what_was_published_rests_on_the_factor_as_it_was_and_follows_from_it_for_ever() {
    let mut ledger = ledger();
    let told = publication(&ledger, "acme", PUMP, 1);
    submit(&mut ledger, ACME, std::slice::from_ref(&told));
    let size = ledger.size();
    let grid = ledger.book().factor(&"grid".parse().unwrap()).unwrap().unwrap().0;
    let mut lower = with(factor("acme", "grid"), "replaces", grid);
    lower["values"]["fossilGhgEmissions"] = "0.1".into();
    submit(&mut ledger, ACME, &[lower]);
    let Statement::Publication(published) = statement(told.clone()) else { unreachable!() };
    let again = pcf_ledger::publish::recalculate(&ledger, &published).unwrap().1;
    assert_eq!(again.figures, *published.figures);
    assert!(audited(&store_of(&ledger)).holds());
    // Figures with the new factor that claim to rest on the log from before it.
    let mut bent = publication(&ledger, "acme", PUMP, 2);
    assert_ne!(bent["figures"], told["figures"]);
    bent["log"] = json!({"size": size.to_string(), "root": Digest::from_bytes(ledger.book().root_at(size).unwrap().unwrap())});
    submit(&mut ledger, ACME, &[bent]);
    let report = audited(&store_of(&ledger));
    assert_eq!(errors(&report), ["publication-figures", "publication-used"], "{:?}", report.findings);
    // Nobody but its owner changes it.
    let live = ledger.book().factor(&"grid".parse().unwrap()).unwrap().unwrap().0;
    has(&refused(&mut ledger, BOLT, &[with(factor("bolt", "grid"), "replaces", live)]), "belongs to `acme`");
}
