//! A state that leaves an activity out, so that figures without it seem complete.

use pcf_ledger::admission::state::EntryKind;
use pcf_ledger::ledger::{Ledger, Submission};
use pcf_ledger::model::Digest;
use pcf_ledger::proof::{Outcome, Proof};
use pcf_ledger::store::memory::MemoryStore;
use pcf_testing::{OPERATOR, key, statement};
use serde_json::{Value, json};

use super::hall::{audited, finds, forged, has, ledger, refused, store_of, submissions};
use super::vault;

/// The root of the state that a ledger would have without its last activity.
fn root_without(ledger: &Ledger<MemoryStore>) -> Digest {
    let mut all = submissions(&store_of(ledger));
    all.pop();
    let shorter = Ledger::over_store(forged(*ledger.id().as_bytes(), &all)).unwrap();
    Digest::from_bytes(shorter.book().state_at(shorter.size()).unwrap().root())
}

fn lie(ledger: &Ledger<MemoryStore>) -> Value {
    json!({"type": "state", "by": "operator", "size": ledger.size().to_string(), "root": root_without(ledger)})
}

#[test]
fn the_door_and_the_audit_make_the_root_again() {
    let mut ledger = ledger();
    let lie = lie(&ledger);
    let size = ledger.size();
    let right = Digest::from_bytes(ledger.book().state_at(size).unwrap().root());
    let got = root_without(&ledger);
    has(
        &refused(&mut ledger, OPERATOR, std::slice::from_ref(&lie)),
        &format!("the state at log size {size}: expected the root {right}, got {got}"),
    );
    // Whoever owns the files writes it past the door.
    let id = *ledger.id().as_bytes();
    let mut all = submissions(&store_of(&ledger));
    let said = statement(lie);
    let written = Submission::sign(&key(OPERATOR), id, 0, std::slice::from_ref(&said)).unwrap();
    let state = pcf_ledger::codec::statement_id(&written.statements[0]);
    all.push(written);
    let report = audited(&forged(id, &all));
    finds(&report, "states", &format!("expected the root {right}, got {got}"));
    let found = report.findings.iter().find(|finding| finding.rule == "states").unwrap();
    assert_eq!(
        (found.about.index, found.about.ordinal, found.about.statement),
        (Some(size), Some(1), Some(state))
    );
    assert_eq!(report.check("states").unwrap().looked_at, 1);
}

#[test]
fn a_proof_that_lists_an_activity_less_has_another_root() {
    let (world, parts) = vault::stated(1);
    let report = Proof::new(parts.clone()).unwrap().verify(&world.trust());
    assert_eq!(report.check("complete").unwrap().outcome, Outcome::Holds);
    let mut less = parts;
    let product =
        less.states[0].entries.iter_mut().find(|shown| shown.entry.kind == EntryKind::Product).unwrap();
    product.ids.as_mut().unwrap().clear();
    vault::refuses(&Proof::new(less).unwrap().verify(&world.trust()), "states", "the entry `product`");
}
