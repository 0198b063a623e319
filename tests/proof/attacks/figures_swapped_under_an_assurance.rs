//! An auditor assures a draft; the final then bears other figures, and the same assurance.

use pcf_ledger::codec::figures_digest;
use pcf_ledger::model::Digest;
use pcf_ledger::proof::Proof;
use pcf_testing::world::{World, key_of, place};
use serde_json::json;

use super::vault::{lower_the_figures, refuses, why};

#[test]
fn the_verifier_compares_the_digest_that_the_auditor_signed() {
    let mut world = World::new(1);
    let (draft, _) = world.figures("draft");
    world.publish("draft");
    let (auditor, opinion) =
        (key_of(&world.auditor), world.assurance(&figures_digest(&draft).unwrap(), json!({})));
    let index = world.append(&auditor, &[opinion]);
    let opinion =
        world.ledger.book().all_entries().map(Result::unwrap).find(|e| e.index == index).unwrap().id;
    // A correction between draft and final: other figures.
    lower_the_figures(&mut world);
    let (id, used) = world.publish("final");
    let plain = world.proof(id, &used).verify(&world.trust());
    assert!(why(&plain, "assurance").contains("no assurance in this file"), "{}", why(&plain, "assurance"));
    let mut parts = world.parts(id, &used);
    parts.statements.push(place(&world.ledger, &opinion));
    refuses(&Proof::new(parts).unwrap().verify(&world.trust()), "assurance", "expected the figures");
}

#[test]
fn an_assurance_of_a_log_that_did_not_have_what_the_figures_use_is_none() {
    let mut world = World::new(1);
    let (draft, _) = world.figures("draft");
    world.publish("draft");
    let root = Digest::from_bytes(world.ledger.book().root_at(2).unwrap().unwrap()).to_string();
    let early = json!({"log": {"root": root, "size": "2"}});
    let (auditor, opinion) =
        (key_of(&world.auditor), world.assurance(&figures_digest(&draft).unwrap(), early));
    world.append(&auditor, &[opinion]);
    let (id, used) = world.publish("final");
    let report = world.proof(id, &used).verify(&world.trust());
    refuses(&report, "assurance", "examined the log of size 2, and a used statement stands at index");
}
