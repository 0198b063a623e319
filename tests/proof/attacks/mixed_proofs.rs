//! The publication of one product with the statements, the seal or the place of another.

use pcf_ledger::codec::statement_leaf;
use pcf_ledger::proof::{Outcome, Proof};
use pcf_testing::world::{World, place};

use super::vault::{lower_the_figures, published, refuses};

#[test]
fn the_statements_of_another_publication_are_not_those_that_this_one_names() {
    let mut world = World::new(1);
    let (draft, used) = world.publish("draft");
    lower_the_figures(&mut world);
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
    let ours = parts.statements.iter_mut().find(|p| statement_leaf(&p.bytes) == *id.as_bytes()).unwrap();
    (ours.index, ours.log_path, ours.seal, ours.path) =
        (theirs.index, theirs.log_path, theirs.seal, theirs.path);
    let report = Proof::new(parts).unwrap().verify(&world.trust());
    refuses(&report, "publication-seal", "its place under the seal");
}
