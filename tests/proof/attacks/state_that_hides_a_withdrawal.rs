//! A state in which a withdrawn publication still holds.

use pcf_ledger::admission::state::{EntryKind, key_of};
use pcf_ledger::codec::statement_leaf;
use pcf_ledger::model::StatementId;
use pcf_ledger::proof::{Parts, Proof};
use pcf_testing::world::{World, statement};
use serde_json::json;

use super::vault::{refuses, state, stated};

/// A publication that was withdrawn, and the parts of its proof with the state that says so.
fn withdrawn() -> (World, StatementId, Parts) {
    let (mut world, parts) = stated(1);
    let id = parts.publication;
    let operator = pcf_testing::world::key_of(&world.operator);
    let said = statement("withdrawal", "operator", json!({"statement": id.to_string(), "reason": "wrong"}));
    let cause = world.ledger.append(&operator, 0, &[said]).unwrap().ids[0];
    let parts = state(&mut world);
    (world, cause, parts)
}

fn without(mut parts: Parts, cause: &StatementId) -> Parts {
    parts.statements.retain(|placed| statement_leaf(&placed.bytes) != *cause.as_bytes());
    parts
}

#[test]
fn the_publisher_leaves_the_withdrawal_out_and_the_state_still_says_so() {
    let (world, cause, parts) = withdrawn();
    let report = Proof::new(without(parts, &cause)).unwrap().verify(&world.trust());
    refuses(&report, "status", &format!("{cause} ended it, says the state of size"));
}

#[test]
fn the_publisher_leaves_the_entry_out_too_and_shows_nothing() {
    let (world, cause, parts) = withdrawn();
    let mut hidden = without(parts, &cause);
    let place = (EntryKind::Dead, key_of(&hidden.publication));
    let newest = hidden.states.last_mut().unwrap();
    newest.entries.retain(|shown| shown.entry.place() != place);
    refuses(&Proof::new(hidden).unwrap().verify(&world.trust()), "status", "is not shown to say whether");
}

#[test]
fn the_operator_signs_the_state_from_before_and_the_door_makes_it_again() {
    let (mut world, _, _) = withdrawn();
    let (operator, size) = (pcf_testing::world::key_of(&world.operator), world.ledger.size());
    let (_, (_, before)) = world.ledger.book().states().unwrap().iter().next().unwrap();
    let before = before.to_string();
    let lie = statement("state", "operator", json!({"root": before, "size": size.to_string()}));
    let refused = world.ledger.append(&operator, 0, &[lie]).unwrap_err().to_string();
    assert!(refused.contains(&format!("got {before}")), "{refused}");
}
