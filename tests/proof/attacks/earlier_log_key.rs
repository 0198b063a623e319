//! The log key was lost or stolen and replaced; the earlier one signs checkpoints all the same.

use pcf_ledger::audit;
use pcf_ledger::ledger::LedgerError;
use pcf_testing::{LOG, OPERATOR, fill, key, public, submit};
use serde_json::json;

use super::hall::{audited_with, finds, on_disk};

#[test]
fn the_replaced_key_signs_no_checkpoint_of_the_ledger_any_more_and_what_it_signed_still_binds() {
    let (dir, mut ledger) = on_disk();
    fill(&mut ledger);
    let old = ledger.sign_checkpoint(&key(LOG), &[]).unwrap().note().to_string();
    submit(&mut ledger, OPERATOR, &[json!({"type": "authority", "by": "operator", "logKey": public(40)})]);
    assert!(matches!(ledger.sign_checkpoint(&key(LOG), &[]), Err(LedgerError::NotLogKey { .. })));
    ledger.sign_checkpoint(&key(40), &[]).unwrap();
    drop(ledger);
    // What the earlier key signed binds the log: another history is found by it.
    let kept = vec![("old".to_owned(), old.clone().into_bytes())];
    assert!(audit::directory(dir.path(), kept, &mut |_, _| {}).unwrap().holds());
    let mut other = super::hall::ledger();
    submit(&mut other, OPERATOR, &[json!({"type": "authority", "by": "operator", "logKey": public(40)})]);
    finds(&audited_with(&other.into_store(), &[old.as_bytes()]), "signed-checkpoint", "signed at size 5");
}

#[test]
fn a_proof_under_the_earlier_key_fails_where_its_authority_statement_is_in_it() {
    use super::vault::refuses;
    use pcf_ledger::proof::{Proof, Verdict};
    use pcf_testing::world::{World, gather, key, key_of, public, statement};
    let mut world = World::new(1);
    let (id, used) = world.life();
    let new = key(90);
    let before = world.trust();
    let authority = statement("authority", "operator", json!({"logKey": public(&new).to_string()}));
    let operator = key_of(&world.operator);
    world.append(&operator, &[authority]);
    let forged = world.ledger.checkpoint().unwrap().sign(&world.log).unwrap().to_string();
    let note = world.ledger.sign_checkpoint(&new, &[]).unwrap().note().to_string();
    let honest = gather(&world.ledger, note, id, &used, |_| true);
    assert_eq!(Proof::new(honest.clone()).unwrap().verify(&world.trust()).verdict(), Verdict::Holds);
    refuses(&Proof::new(honest.clone()).unwrap().verify(&before), "trust-anchor", "was replaced at index");
    let mut bent = honest;
    bent.checkpoint = forged;
    refuses(&Proof::new(bent).unwrap().verify(&world.trust()), "checkpoint-signature", "expected");
}
