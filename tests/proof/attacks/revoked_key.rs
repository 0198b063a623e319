//! Somebody whose key was revoked goes on signing.

use pcf_testing::{ACME, OPERATOR, actor, factor, submission, submit, with};
use serde_json::json;

use super::hall::{audited, finds, forged, has, ledger, live_actor, refused, revoke, submissions};

#[test]
fn the_door_names_since_when() {
    let mut ledger = ledger();
    let at = ledger.size();
    let live = live_actor(&ledger, "acme");
    submit(&mut ledger, OPERATOR, &[with(actor("acme", &[11]), "replaces", live)]);
    has(&refused(&mut ledger, ACME, &[factor("acme", "steel")]), &format!("is revoked since index {at}"));
    // What it signed before stands, and the new key speaks for the same actor.
    assert!(ledger.book().factor(&"grid".parse().unwrap()).unwrap().is_some());
    let grid = ledger.book().factor(&"grid".parse().unwrap()).unwrap().unwrap().0;
    submit(&mut ledger, 11, &[with(factor("acme", "grid"), "replaces", grid)]);
    // It never comes back, neither for acme nor for another.
    let live = live_actor(&ledger, "acme");
    let back = with(actor("acme", &[11, ACME]), "replaces", live);
    has(&refused(&mut ledger, OPERATOR, &[back]), "cannot come back");
    has(&refused(&mut ledger, OPERATOR, &[actor("acme-two", &[ACME])]), "belongs to `acme` for ever");
}

#[test]
fn written_past_the_door_the_audit_finds_it() {
    let mut ledger = ledger();
    let now = ledger.size();
    revoke(&mut ledger, "acme", ACME, now, 11);
    let id = *ledger.id().as_bytes();
    let mut all = submissions(&ledger.into_store());
    all.push(submission(id, ACME, &[factor("acme", "steel")]));
    finds(&audited(&forged(id, &all)), "rules", "is revoked since index");
}

#[test]
fn the_verifier_judges_the_key_at_the_place_of_the_publication() {
    use super::vault::refuses;
    use pcf_testing::world::{MAKES, World, actor, key, key_of, public};
    let mut world = World::new(1);
    let (publication, used) = world.figures("final");
    let history = world.ledger.book().actor_history(&"maker".parse().unwrap()).unwrap()[0];
    let more = json!({"keys": [public(&key(80)).to_string()], "replaces": history.to_string()});
    let operator = key_of(&world.operator);
    world.append(&operator, &[actor("maker", &key(80), MAKES, more)]);
    // Past the door: the owner of the files writes the publication of the revoked key into the store, and signs the log.
    let (id, size) = (*world.ledger.id().as_bytes(), world.ledger.size());
    let sealed = pcf_ledger::ledger::Submission::sign(&world.maker, id, 0, &[publication.into()]).unwrap();
    let mut all = super::hall::submissions(&world.ledger.into_store());
    all.push(sealed);
    world.ledger = pcf_ledger::ledger::Ledger::over_store(super::hall::forged(id, &all)).unwrap();
    let publication = world.ledger.book().all_entries().map(Result::unwrap).last().unwrap().id;
    let report = world.proof(publication, &used).verify(&world.trust());
    refuses(&report, "signers-enrolled", &format!("index {size}"));
    refuses(&report, "signers-enrolled", "is revoked since index");
}
