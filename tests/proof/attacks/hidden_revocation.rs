//! A proof from which the statement that takes something back is left out.

use pcf_ledger::codec::statement_leaf;
use pcf_ledger::model::{Statement, StatementId};
use pcf_ledger::proof::{Proof, Verdict};
use pcf_testing::world::{MAKES, World, actor, key, key_of, public};
use serde_json::json;

use super::vault::{refuses, why};

fn renamed(world: &World, name: &str, more: serde_json::Value) -> Statement {
    let live = *world.ledger.book().actor_history(&"maker".parse().unwrap()).unwrap().last().unwrap();
    let mut body = json!({"name": name, "replaces": live.to_string()});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    actor("maker", &key(80), MAKES, body)
}

#[test]
fn a_gap_in_the_history_of_an_actor_shows_and_its_cut_off_end_is_said_not_to() {
    let mut world = World::new(1);
    let (id, used) = world.life();
    let honest = world.parts(id, &used);
    let operator = key_of(&world.operator);
    let index = world.ledger.sealed(&id).unwrap().index.to_string();
    let revoking = renamed(
        &world,
        "maker Ltd",
        json!({"revoked": [{"from": index, "key": public(&world.maker).to_string()}]}),
    );
    world.append(&operator, &[revoking]);
    let again = renamed(&world, "Maker Ltd", json!({}));
    world.append(&operator, &[again]);
    let parts = world.parts(id, &used);
    refuses(&Proof::new(parts.clone()).unwrap().verify(&world.trust()), "signers-enrolled", "revoked");
    let history = world.ledger.book().actor_history(&"maker".parse().unwrap()).unwrap().to_vec();
    let without = |gone: &[StatementId]| {
        let mut parts = parts.clone();
        parts.statements.retain(|p| !gone.contains(&StatementId::from_bytes(statement_leaf(&p.bytes))));
        Proof::new(parts).unwrap().verify(&world.trust())
    };
    refuses(&without(&history[1..2]), "signers-enrolled", "is left out");
    // With the whole end gone nothing in the file knows of it: the verifier says what it cannot know.
    for report in [without(&history[1..]), Proof::new(honest).unwrap().verify(&world.trust())] {
        assert_eq!(report.verdict(), Verdict::Holds);
        assert!(why(&report, "status").contains("a key was revoked later"), "{}", why(&report, "status"));
    }
}
