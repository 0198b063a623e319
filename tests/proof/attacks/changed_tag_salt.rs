//! A product gets another salt for its tags: the activities of before are its own no more, and no set of a
//! state lists them.

use pcf_ledger::model::{Salt, Statement};
use pcf_testing::{
    ACME, PUMP, PUMP_ALIAS, SCREW, activity, key, product, statement, submission, submit, with, withdrawal,
};
use serde_json::Value;

use super::hall::{audited, finds, forged, has, ledger, store_of, submissions};

const NEW: &str = "urn:pact:acme.example:product-id:new";

fn salted(value: Value, salt: Salt) -> Value {
    with(value, "tagSalt", salt)
}

fn other() -> Salt {
    Salt::from_bytes(*b"another tag salt")
}

#[test]
fn a_statement_that_replaces_it_repeats_the_salt() {
    let mut ledger = ledger();
    let held = ledger.book().product(&PUMP.parse().unwrap()).unwrap().unwrap().id;
    let newer = with(product("acme", &[PUMP, PUMP_ALIAS], &["acme"]), "replaces", held);
    let mut refused = |values: &[Value]| {
        let submission = submission(*ledger.id().as_bytes(), ACME, values);
        let error = ledger.submit(&submission).unwrap_err().to_string();
        has(&error, "expected the tagSalt that the earlier statements of");
    };
    refused(&[salted(newer.clone(), other())]);
    // Not by dropping an id, nor by taking the product back first, nor under the same seal.
    refused(&[salted(with(product("acme", &[PUMP], &["acme"]), "replaces", held), other())]);
    refused(&[withdrawal("acme", &held), salted(product("acme", &[PUMP_ALIAS], &["acme"]), other())]);
    let first = product("acme", &[NEW], &["acme"]);
    let first_id = pcf_testing::id(&statement(with(first.clone(), "salt", "AAECAwQFBgcICQoLDA0ODw")));
    let second = salted(with(product("acme", &[NEW], &["acme"]), "replaces", first_id), other());
    refused(&[with(first, "salt", "AAECAwQFBgcICQoLDA0ODw"), second]);
    submit(&mut ledger, ACME, &[newer]);
}

#[test]
fn a_salt_stays_also_after_the_product_was_taken_back() {
    let mut ledger = ledger();
    let held = ledger.book().product(&PUMP.parse().unwrap()).unwrap().unwrap().id;
    submit(&mut ledger, ACME, &[withdrawal("acme", &held)]);
    let again =
        submission(*ledger.id().as_bytes(), ACME, &[salted(product("acme", &[PUMP], &["acme"]), other())]);
    has(
        &ledger.submit(&again).unwrap_err().to_string(),
        "expected the tagSalt that the earlier statements of",
    );
    // A draft that states none gets the one that it had.
    let Statement::Product(mut draft) = statement(product("acme", &[PUMP], &["acme"])) else {
        unreachable!()
    };
    draft.tag_salt = None;
    ledger.append(&key(ACME), 0, &[draft.into()]).unwrap();
    let told = ledger.book().product(&PUMP.parse().unwrap()).unwrap().unwrap();
    assert_eq!(told.statement.tag_salt, Some(pcf_testing::tag_salt()));
    submit(&mut ledger, ACME, &[with(activity("acme", &[PUMP]), "batch", "b")]);
}

#[test]
fn two_products_with_two_salts_never_become_one() {
    let mut ledger = ledger();
    submit(&mut ledger, ACME, &[salted(product("acme", &[NEW], &["acme"]), other())]);
    let held = ledger.book().product(&PUMP.parse().unwrap()).unwrap().unwrap().id;
    for salt in [other(), pcf_testing::tag_salt()] {
        let both = with(product("acme", &[PUMP, NEW], &["acme"]), "replaces", held);
        let both = submission(*ledger.id().as_bytes(), ACME, &[salted(both, salt)]);
        assert!(ledger.submit(&both).is_err());
    }
}

#[test]
fn written_past_the_door_the_audit_finds_it() {
    let ledger = ledger();
    let id = *ledger.id().as_bytes();
    let held = ledger.book().product(&PUMP.parse().unwrap()).unwrap().unwrap().id;
    let mut all = submissions(&store_of(&ledger));
    let newer = with(product("acme", &[PUMP, PUMP_ALIAS], &["acme"]), "replaces", held);
    all.push(submission(id, ACME, &[salted(newer, other())]));
    finds(&audited(&forged(id, &all)), "rules", "expected the tagSalt that the earlier statements of");
    assert_ne!(SCREW, PUMP);
}
