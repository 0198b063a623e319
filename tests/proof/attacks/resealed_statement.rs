//! Somebody else's statement, byte for byte or with other figures, under one's own seal.

use pcf_ledger::codec::statement_leaf;
use pcf_ledger::ledger::Submission;
use pcf_ledger::sign::Seal;
use pcf_testing::{BOLT, factor, key, submission};

use super::hall::{audited, finds, forged, has, ledger, refused, submissions};

#[test]
fn the_door_asks_who_says_it_and_who_sealed_it() {
    let mut ledger = ledger();
    has(&refused(&mut ledger, BOLT, &[factor("acme", "steel")]), "is said by `acme`, but `bolt` sealed it");
    // The very bytes that acme sealed are in the log already.
    let honest = ledger.submission(2).unwrap();
    let leaves: Vec<_> = honest.statements.iter().map(|bytes| statement_leaf(bytes)).collect();
    let seal = Seal::sign(&key(BOLT), *ledger.id().as_bytes(), 0, &leaves).unwrap();
    assert!(ledger.submit(&Submission { seal, statements: honest.statements }).is_err());
}

#[test]
fn written_past_the_door_the_audit_finds_it() {
    let ledger = ledger();
    let id = *ledger.id().as_bytes();
    let mut all = submissions(&ledger.into_store());
    let cheap = factor("acme", "cheap");
    all.push(submission(id, BOLT, &[cheap]));
    finds(&audited(&forged(id, &all)), "rules", "is said by `acme`, but `bolt` sealed it");
}

#[test]
fn the_verifier_finds_a_publication_under_a_strangers_seal() {
    use super::vault::{published, refuses};
    use pcf_ledger::proof::Proof;
    let (world, _, mut parts) = published(1);
    let publication = parts.publication;
    let placed =
        parts.statements.iter_mut().find(|p| statement_leaf(&p.bytes) == *publication.as_bytes()).unwrap();
    placed.seal = Seal::sign(&key(77), *placed.seal.ledger_id(), 0, &[*publication.as_bytes()]).unwrap();
    let report = Proof::new(parts).unwrap().verify(&world.trust());
    refuses(&report, "publication-in-log", "index");
    refuses(&report, "signers-enrolled", "not proven");
}
