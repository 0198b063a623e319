//! A proof under the checkpoint of another ledger, which somebody trusted signed.

use pcf_ledger::proof::Proof;
use pcf_testing::world::World;

use super::vault::{published, refuses};

#[test]
fn the_signature_of_another_log_proves_nothing_here() {
    let (world, _, mut parts) = published(1);
    let mut other = World::new(50);
    other.life();
    parts.checkpoint = other.ledger.sign_checkpoint(&other.log, &[]).unwrap().note().to_string();
    let proof = Proof::new(parts).unwrap();
    for trust in [world.trust(), other.trust()] {
        let report = proof.verify(&trust);
        refuses(&report, "checkpoint-signature", "no genesis in its place names a log key");
        refuses(&report, "publication-in-log", "index");
    }
    refuses(&proof.verify(&other.trust()), "trust-anchor", "expected the log key");
}

#[test]
fn a_genesis_that_names_a_trusted_log_key_makes_no_ledger_of_it() {
    // The attacker's own ledger names the honest log's key and origin; he cannot sign its checkpoints.
    let honest = World::new(1);
    let (forger, _, parts) = published(50);
    let trust = honest.trust();
    refuses(&Proof::new(parts).unwrap().verify(&trust), "trust-anchor", "expected the log key");
    assert_ne!(forger.ledger.id(), honest.ledger.id());
}
