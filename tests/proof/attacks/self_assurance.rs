//! The publisher assures its own figures.

use pcf_ledger::codec::figures_digest;
use pcf_ledger::model::{Statement, StatementId};
use pcf_ledger::proof::Verdict;
use pcf_testing::world::{MAKES, World, actor, key_of, statement};
use serde_json::json;

use super::vault::why;

/// A publication with an opinion of the publisher itself.
fn own(world: &mut World) -> (StatementId, std::collections::BTreeSet<StatementId>) {
    let types: Vec<&str> = MAKES.iter().copied().chain(["assurance"]).collect();
    let live = world.ledger.book().actor_history(&"maker".parse().unwrap()).unwrap()[0].to_string();
    let rights = json!({"replaces": live, "rights": {"stages": ["production"], "types": types}});
    let (operator, maker) = (key_of(&world.operator), key_of(&world.maker));
    let newer = actor("maker", &world.maker, MAKES, rights);
    world.append(&operator, &[newer]);
    let (id, used) = world.publish("final");
    let Statement::Publication(publication) = world.ledger.statement(&id).unwrap() else { unreachable!() };
    let opinion = world.assurance(&figures_digest(&publication).unwrap(), json!({"level": "reasonable"}));
    let opinion = statement("assurance", "maker", serde_json::to_value(opinion).unwrap());
    world.append(&maker, &[opinion]);
    (id, used)
}

#[test]
fn it_counts_for_nothing_at_the_verifier() {
    let mut world = World::new(1);
    let (id, used) = own(&mut world);
    let report = world.proof(id, &used).verify(&world.trust());
    assert_eq!(report.verdict(), Verdict::Holds);
    assert!(why(&report, "assurance").contains("only the publisher itself"), "{}", why(&report, "assurance"));
    assert!(report.assurances[0].is_own);
}

#[test]
fn it_is_no_verification_in_a_pact_file() {
    use pcf_ledger::publish;
    let mut world = World::new(1);
    let (id, _) = own(&mut world);
    let Statement::Publication(publication) = world.ledger.statement(&id).unwrap() else { unreachable!() };
    // The casing states too little for a PACT file: what is missing is named, and the verification is not what stops it.
    let missing =
        publish::pact(&world.ledger, &publication, publish::Openness::Whole, None).unwrap_err().to_string();
    assert!(missing.contains("productDescription"), "{missing}");
    let opinions = publish::assurances(&world.ledger, &figures_digest(&publication).unwrap()).unwrap();
    assert_eq!(opinions.len(), 1);
}
