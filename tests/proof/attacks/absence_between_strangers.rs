//! A proof that claims absence with two paths between which something stands.

use pcf_ledger::admission::state::{EntryKind, key_of};
use pcf_ledger::codec::statement_leaf;
use pcf_ledger::proof::{Parts, Proof, Report, Verdict};
use pcf_testing::world::{World, statement};
use serde_json::json;

use super::vault::{failing, refuses, state, stated};

/// A proof of a publication that was withdrawn; the place of the entry that says so; both neighbours are shown too.
fn withdrawn() -> (World, Parts, usize) {
    let (mut world, parts) = stated(1);
    let id = parts.publication;
    let operator = pcf_testing::world::key_of(&world.operator);
    let said = statement("withdrawal", "operator", json!({"statement": id.to_string(), "reason": "wrong"}));
    world.append(&operator, &[said]);
    let mut parts = state(&mut world);
    let cause = world.ledger.book().death(&id).unwrap().unwrap().cause();
    parts.statements.retain(|placed| statement_leaf(&placed.bytes) != *cause.as_bytes());
    let newest = parts.states.last().unwrap();
    let place = (EntryKind::Dead, key_of(&id));
    let at = newest.entries.iter().position(|shown| shown.entry.place() == place).unwrap();
    assert!(at > 0 && at + 1 < newest.entries.len(), "both neighbours are shown");
    (world, parts, at)
}

fn verified(world: &World, parts: Parts) -> Report {
    Proof::new(parts).unwrap().verify(&world.trust())
}

#[test]
fn two_places_that_are_no_neighbours_show_nothing() {
    let (world, mut parts, at) = withdrawn();
    parts.states.last_mut().unwrap().entries.remove(at);
    refuses(&verified(&world, parts), "status", "is not shown to say whether");
}

#[test]
fn places_that_are_moved_together_have_other_paths() {
    let (world, mut parts, at) = withdrawn();
    let newest = parts.states.last_mut().unwrap();
    newest.entries.remove(at);
    for shown in newest.entries.iter_mut().skip(at) {
        shown.at -= 1;
    }
    newest.count -= 1;
    refuses(&verified(&world, parts), "states", "the entry");
}

#[test]
fn an_end_of_the_list_that_is_none_has_another_path() {
    let (world, mut parts, at) = withdrawn();
    // As if the list ended before the entry.
    let newest = parts.states.last_mut().unwrap();
    newest.entries.truncate(at);
    newest.count = newest.entries.last().unwrap().at + 1;
    let report = verified(&world, parts);
    assert_eq!(report.verdict(), Verdict::Fails);
    assert!(failing(&report).contains(&"states") || failing(&report).contains(&"status"));
}
