//! A thief signs with an actor's key until it is found out; the operator then revokes it from the index of the theft on.

use pcf_ledger::model::StatementKind;
use pcf_testing::{
    ACME, BOLT, OPERATOR, PUMP, activity, actor, factor, public, publication, reading, submit, with,
    withdrawal,
};
use serde_json::json;

use super::hall::{audited, has, ledger, live_actor, refused, revoke};

#[test]
fn what_the_thief_signed_falls_and_what_the_actor_signed_before_stands() {
    let mut ledger = ledger();
    let (before, theft) = (ledger.inventory().unwrap(), ledger.size());
    let honest = publication(&ledger, "acme", PUMP, 1);
    submit(&mut ledger, ACME, &[factor("acme", "cheap"), reading("acme", PUMP, "false electricity")]);
    let told = publication(&ledger, "acme", PUMP, 2);
    submit(&mut ledger, ACME, &[told]);
    assert_ne!(ledger.inventory().unwrap(), before);
    revoke(&mut ledger, "acme", ACME, theft, 11);
    assert_eq!(ledger.inventory().unwrap(), before);
    assert_eq!(publication(&ledger, "acme", PUMP, 1)["figures"], honest["figures"]);
    assert_eq!(ledger.book().publications().unwrap().len(), 0);
    // The history is still right: what was published then followed from what held then.
    assert!(audited(&ledger.into_store()).holds());
}

#[test]
fn what_the_thief_replaced_or_withdrew_does_not_come_back_by_itself_and_is_said_again() {
    let mut ledger = ledger();
    let grid = ledger.book().factor(&"grid".parse().unwrap()).unwrap().unwrap().0;
    let theft = ledger.size();
    submit(&mut ledger, ACME, &[with(factor("acme", "grid"), "replaces", grid)]);
    let said = ledger
        .book()
        .all_entries()
        .map(Result::unwrap)
        .find(|e| e.kind == StatementKind::Activity)
        .unwrap()
        .id;
    submit(&mut ledger, ACME, &[withdrawal("acme", &said)]);
    revoke(&mut ledger, "acme", ACME, theft, 11);
    assert!(!ledger.book().holds(&grid).unwrap() && !ledger.book().holds(&said).unwrap());
    assert!(ledger.book().factor(&"grid".parse().unwrap()).unwrap().is_none());
    submit(&mut ledger, 11, &[factor("acme", "grid"), activity("acme", &[PUMP])]);
    assert!(ledger.book().factor(&"grid".parse().unwrap()).unwrap().is_some());
}

#[test]
fn the_thief_cannot_reach_back_himself_nor_beyond_the_end_nor_at_others() {
    let mut ledger = ledger();
    let live = live_actor(&ledger, "acme");
    let revoked = |key: u8, from: u64| json!([{"key": public(key), "from": from.to_string()}]);
    let told = |key, from| with(with(actor("acme", &[11]), "revoked", revoked(key, from)), "replaces", live);
    has(&refused(&mut ledger, ACME, &[told(ACME, 0)]), "sealed it");
    let size = ledger.size();
    has(&refused(&mut ledger, OPERATOR, &[told(ACME, size + 1)]), "cannot be revoked from index");
    has(&refused(&mut ledger, OPERATOR, &[told(BOLT, 0)]), "was never a key of `acme`");
    submit(&mut ledger, OPERATOR, &[told(ACME, 3)]);
    // A later statement about the actor that names no revocation does not undo it.
    let live = live_actor(&ledger, "acme");
    submit(&mut ledger, OPERATOR, &[with(actor("acme", &[11]), "replaces", live)]);
    let owner = ledger.book().keyring().unwrap().owner(&public(ACME)).unwrap().clone();
    assert_eq!(owner.revoked, Some(3));
}

#[test]
fn a_stolen_auditors_key_assures_nothing_once_it_is_revoked_from_before() {
    use super::vault::{refuses, why};
    use pcf_ledger::proof::{Proof, Verdict};
    use pcf_testing::world::{World, actor, key, key_of, place, public};
    let mut world = World::new(1);
    let (id, used) = world.life();
    let opinion = world
        .ledger
        .book()
        .all_entries()
        .map(Result::unwrap)
        .find(|e| e.kind.as_str() == "assurance")
        .unwrap()
        .into_owned();
    assert_eq!(world.proof(id, &used).verify(&world.trust()).verdict(), Verdict::Holds);
    let parts_before = world.parts(id, &used);
    let live = world.ledger.book().actor_history(&"auditor".parse().unwrap()).unwrap()[0];
    let revoked = json!([{"from": opinion.index.to_string(), "key": public(&world.auditor).to_string()}]);
    let more =
        json!({"keys": [public(&key(81)).to_string()], "replaces": live.to_string(), "revoked": revoked});
    let operator = key_of(&world.operator);
    world.append(&operator, &[actor("auditor", &key(81), &["assurance"], more)]);
    let mut parts = world.parts(id, &used);
    let history = world.ledger.book().actor_history(&"auditor".parse().unwrap()).unwrap();
    parts.statements.extend(history.iter().chain([&opinion.id]).map(|id| place(&world.ledger, id)));
    let report = Proof::new(parts).unwrap().verify(&world.trust());
    refuses(&report, "assurance", "its key was revoked by");
    // A proof from before the revocation cannot know of it, and does not claim to.
    let report = Proof::new(parts_before).unwrap().verify(&world.trust());
    assert_eq!(report.verdict(), Verdict::Holds);
    assert!(why(&report, "status").contains("a key was revoked later"), "{}", why(&report, "status"));
}
