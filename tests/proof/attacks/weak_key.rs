//! Keys that anybody can sign with, and signatures that are changed without the key.

use pcf_ledger::codec::{encode_statement, statement_leaf};
use pcf_ledger::ledger::{Ledger, Submission};
use pcf_ledger::model::PublicKey;
use pcf_ledger::sign::Seal;
use pcf_testing::{ACME, OPERATOR, actor, factor, genesis, key, statement, submission, with};
use serde_json::json;

use super::hall::{audited, finds, forged, has, ledger, refused, submissions};

/// Points of small order and spellings that are not canonical, each as a key.
const WEAK: [&str; 5] = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "0200000000000000000000000000000000000000000000000000000000000000",
    "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

fn weak(text: &str) -> PublicKey {
    PublicKey::from_bytes(hex::decode(text).unwrap().try_into().unwrap())
}

#[test]
fn no_key_that_anybody_or_nobody_can_sign_with_is_enrolled() {
    let mut ledger = ledger();
    for text in WEAK {
        let key = weak(text);
        has(&refused(&mut ledger, OPERATOR, &[with(actor("eve", &[]), "keys", [key])]), "is no signer's");
        for role in ["operatorKey", "logKey"] {
            let told = json!({"type": "authority", "by": "operator", role: key});
            has(&refused(&mut ledger, OPERATOR, &[told]), "is no signer's");
        }
    }
}

#[test]
fn no_ledger_begins_with_a_key_that_anybody_or_nobody_can_sign_with() {
    for text in WEAK {
        for role in ["logKey", "recoveryKey"] {
            let mut weakened = serde_json::to_value(genesis()).unwrap();
            weakened[role] = json!(weak(text));
            let weakened = serde_json::from_value(weakened).unwrap();
            let refused = Ledger::in_memory(weakened, &key(OPERATOR), 0).map(drop).unwrap_err();
            has(&refused.to_string(), "is no signer's");
        }
    }
}

#[test]
fn a_seal_by_a_small_order_key_holds_nowhere() {
    let ledger = ledger();
    let id = *ledger.id().as_bytes();
    let bytes = encode_statement(&statement(factor("eve", "cheap"))).unwrap();
    let mut seal = Seal::sign(&key(60), id, 0, &[statement_leaf(&bytes)]).unwrap().to_bytes();
    seal[40..72].copy_from_slice(weak(WEAK[0]).as_bytes());
    // R is the neutral element and S is 0: plain verification accepts it for the neutral element as the key, whatever the message.
    seal[120..].fill(0);
    seal[120] = 1;
    let seal = Seal::parse(&seal).unwrap();
    has(&seal.verify_signature().unwrap_err().to_string(), "small order");
    let mut all = submissions(&ledger.into_store());
    all.push(Submission { seal, statements: vec![bytes] });
    finds(&audited(&forged(id, &all)), "seal-signature", "small order");
}

#[test]
fn a_signature_with_the_order_of_the_group_added_is_another_spelling_and_is_refused() {
    const ORDER: &str = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
    let mut ledger = ledger();
    let honest = submission(*ledger.id().as_bytes(), ACME, &[factor("acme", "steel")]);
    let mut bytes = honest.seal.to_bytes();
    let mut carry = 0_u16;
    for (n, byte) in hex::decode(ORDER).unwrap().into_iter().enumerate() {
        let sum = u16::from(bytes[152 + n]) + u16::from(byte) + carry;
        (bytes[152 + n], carry) = ((sum & 0xff) as u8, sum >> 8);
    }
    assert_eq!(carry, 0);
    let bent = Submission { seal: Seal::parse(&bytes).unwrap(), statements: honest.statements.clone() };
    has(&ledger.submit(&bent).unwrap_err().to_string(), "does not verify");
    ledger.submit(&honest).unwrap();
    // Neither is it taken for the one that is there.
    has(&ledger.submit(&bent).unwrap_err().to_string(), "does not verify");
}
