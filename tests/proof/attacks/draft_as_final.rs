//! A draft handed on as if its publisher stood by it.

use pcf_ledger::proof::Proof;
use pcf_testing::world::World;

use super::vault::why;

#[test]
fn the_proof_of_a_draft_says_draft_and_no_byte_of_it_makes_it_final() {
    let mut world = World::new(1);
    let (id, used) = world.publish("draft");
    let proof = world.proof(id, &used);
    let report = proof.verify(&world.trust());
    assert!(report.is_draft() && why(&report, "status").starts_with("a draft"));
    let text = String::from_utf8(proof.to_bytes().unwrap()).unwrap();
    let bent = text.replace(r#"\"status\":\"draft\""#, r#"\"status\":\"final\""#);
    assert_ne!(bent, text);
    // The publication's id, by which the proof names it, is that of other bytes now.
    assert!(Proof::parse(bent.as_bytes()).is_err());
}
