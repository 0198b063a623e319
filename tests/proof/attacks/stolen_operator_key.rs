//! The operator key is stolen or lost; the recovery key replaces it, and the thief cannot take the recovery key away.

use pcf_testing::{ACME, OPERATOR, RECOVERY, actor, factor, key, public, submit, with};
use serde_json::{Value, json};

use super::hall::{audited, has, ledger, live_actor, refused};

fn authority(by: &str, role: &str, key: u8) -> Value {
    json!({"type": "authority", "by": by, role: public(key)})
}

/// What even the reader of a statement refuses, read past the check that the builders make.
fn unread(value: Value) -> String {
    let mut value = with(value, "v", "1");
    value["salt"] = "AAECAwQFBgcICQoLDA0ODw".into();
    let bytes = pcf_ledger::codec::encode(&value).unwrap();
    pcf_ledger::codec::decode_draft(&bytes).unwrap_err().to_string()
}

#[test]
fn the_thief_of_the_operator_key_cannot_put_a_recovery_key_of_his_own_in_the_place_of_the_true_one() {
    has(
        &unread(authority("operator", "recoveryKey", 66)),
        "a new recovery key is named by `recovery` itself",
    );
}

#[test]
fn whatever_the_thief_replaces_the_recovery_key_gets_the_ledger_back() {
    let mut ledger = ledger();
    submit(&mut ledger, OPERATOR, &[authority("operator", "operatorKey", 66)]);
    submit(&mut ledger, 66, &[authority("operator", "logKey", 67), actor("mallory", &[68])]);
    has(&refused(&mut ledger, OPERATOR, &[actor("eve", &[60])]), "is revoked since index");
    submit(&mut ledger, RECOVERY, &[authority("recovery", "operatorKey", 50)]);
    submit(&mut ledger, RECOVERY, &[authority("recovery", "logKey", 51)]);
    submit(&mut ledger, RECOVERY, &[authority("recovery", "recoveryKey", 52)]);
    has(&refused(&mut ledger, 66, &[actor("eve", &[60])]), "is revoked since index");
    has(
        &refused(&mut ledger, RECOVERY, &[authority("recovery", "operatorKey", 53)]),
        "is revoked since index",
    );
    // The true operator takes back what the thief granted, from the first index on.
    let live = live_actor(&ledger, "mallory");
    let revoked = json!([{"key": public(68), "from": "0"}]);
    let none = with(with(actor("mallory", &[]), "revoked", revoked), "replaces", live);
    submit(&mut ledger, 50, &[none]);
    has(&refused(&mut ledger, 68, &[factor("mallory", "cheap")]), "is revoked since index 0");
    assert!(ledger.is_log_key(&key(51)).unwrap());
    assert!(audited(&ledger.into_store()).holds());
}

#[test]
fn a_lost_operator_key_is_replaced_and_what_it_enrolled_stands() {
    let mut ledger = ledger();
    submit(&mut ledger, RECOVERY, &[authority("recovery", "operatorKey", 50)]);
    has(&refused(&mut ledger, OPERATOR, &[actor("eve", &[60])]), "is revoked since index");
    submit(&mut ledger, 50, &[actor("carl", &[61])]);
    submit(&mut ledger, ACME, &[factor("acme", "steel")]);
    submit(&mut ledger, 61, &[factor("carl", "brass")]);
    has(&refused(&mut ledger, RECOVERY, &[factor("recovery", "x")]), "may not sign");
}
