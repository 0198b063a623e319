//! The publication of one product with the statements, the seal or the place of another.

use pcf_ledger::codec::leaf_hash;
use pcf_ledger::model::Statement;
use pcf_ledger::proof::{Outcome, Proof};
use pcf_testing::world::{World, key_of, place};

use super::vault::{published, refuses};

#[test]
fn the_statements_of_another_publication_are_not_those_that_this_one_names() {
    let mut world = World::new(1);
    let (draft, used) = world.publish("draft");
    let maker = key_of(&world.maker);
    let activity = world
        .ledger
        .book()
        .all_entries()
        .map(Result::unwrap)
        .filter(|e| e.kind.as_str() == "activity")
        .last()
        .unwrap()
        .id;
    let Statement::Activity(mut lower) = world.ledger.statement(&activity).unwrap() else { unreachable!() };
    lower.flows.pop();
    lower.replaces = Some(activity);
    world.append(&maker, &[lower.into()]);
    let (other, others_used) = world.publish("final");
    assert_ne!(used, others_used);
    let mut parts = world.parts(draft, &used);
    let others = world.parts(other, &others_used);
    parts.used = others.used.clone();
    parts.statements = others.statements.iter().cloned().chain([place(&world.ledger, &draft)]).collect();
    let report = Proof::new(parts).unwrap().verify(&world.trust());
    refuses(&report, "used-set", "expected the root");
    refuses(&report, "disclosed-statements", "is not among the used ones");
    assert_ne!(report.check("figures-recalculated").unwrap().outcome, Outcome::Holds);
}

#[test]
fn the_place_of_another_publication_proves_nothing() {
    let (world, id, mut parts) = published(1);
    let draft = world
        .ledger
        .book()
        .all_entries()
        .map(Result::unwrap)
        .find(|e| e.kind.as_str() == "publication")
        .unwrap()
        .id;
    let theirs = place(&world.ledger, &draft);
    let ours = parts.statements.iter_mut().find(|p| leaf_hash(&p.bytes) == *id.as_bytes()).unwrap();
    (ours.index, ours.log_path, ours.seal, ours.path) =
        (theirs.index, theirs.log_path, theirs.seal, theirs.path);
    let report = Proof::new(parts).unwrap().verify(&world.trust());
    refuses(&report, "publication-seal", "its place under the seal");
}
