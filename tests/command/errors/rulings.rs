//! Catalogue cases: every refusal of the rules of admission.

use pcf_ledger::admission::Refusal;
use pcf_ledger::model::{Digest, Statement};
use pcf_testing::{
    ACME, BOLT, Notary, OPERATOR, PUMP, SCREW, activity, actor, factor, genesis, key, product, statement,
    with, withdrawal,
};
use serde_json::{Value, json};

use super::catalogue::Catalogue;

/// A book with acme's pump, its factor and an activity.
fn shop() -> (Notary, pcf_ledger::model::StatementId) {
    let mut notary = Notary::with_actors();
    notary.one(ACME, factor("acme", "grid"));
    notary.one(ACME, product("acme", &[PUMP], &["acme"]));
    let made = notary.one(ACME, activity("acme", &[PUMP]));
    (notary, made)
}

fn said(notary: &mut Notary, signer: u8, value: Value) -> Result<(), Refusal> {
    notary.say(signer, &[value]).map(drop)
}

pub fn provoke(c: &mut Catalogue) {
    let (mut n, made) = shop();
    let (seal, bytes) = n.sealed(ACME, &[statement(activity("acme", &[PUMP]))]);
    c.case(
        "a seal with two statements where one was sealed",
        n.book.admit(&seal, &[bytes[0].clone(), bytes[0].clone()]),
    );
    let text = String::from_utf8(bytes[0].clone()).unwrap().replacen(':', ": ", 1).into_bytes();
    let leaf = pcf_ledger::codec::statement_leaf(&text);
    let spaced = pcf_ledger::sign::Seal::sign(&key(ACME), n.ledger_id, 0, &[leaf]).unwrap();
    c.case("a sealed statement with a space in it", n.book.admit(&spaced, &[text]));
    let foreign =
        pcf_ledger::sign::Seal::sign(&key(ACME), [9; 32], 0, &[pcf_ledger::codec::statement_leaf(&bytes[0])])
            .unwrap();
    c.case("a seal for another ledger", n.book.admit(&foreign, &bytes));
    c.case("a second genesis", n.admit(OPERATOR, &[Statement::from(genesis())]));
    c.case("a key that nobody enrolled", said(&mut n, 99, withdrawal("acme", &made)));
    c.case("bolt's words under acme's seal", said(&mut n, ACME, factor("bolt", "steam")));
    c.case(
        "a withdrawal of something that is not there",
        said(&mut n, ACME, withdrawal("acme", &statement_id(7))),
    );
    c.case("the same factor twice", said(&mut n, ACME, factor("acme", "grid")));
    c.case("bolt speaks of acme's factor", said(&mut n, BOLT, factor("bolt", "grid")));
    c.case("bolt signs a process of acme's pump", said(&mut n, BOLT, activity("bolt", &[PUMP])));
    c.case("an activity for a product that nobody declared", said(&mut n, ACME, activity("acme", &[SCREW])));
    c.case(
        "an activity of a stage that was not granted",
        said(&mut n, ACME, with(activity("acme", &[PUMP]), "stage", "use")),
    );
    let again = statement(with(factor("acme", "steam"), "salt", "AAECAwQFBgcICQoLDA0ODw"));
    n.admit(ACME, std::slice::from_ref(&again)).unwrap();
    c.case("the very same statement again", n.admit(ACME, &[again]));
    let live = n.book.actor(&"acme".parse().unwrap()).unwrap().unwrap().0;
    let both = with(actor("acme", &[ACME, BOLT]), "replaces", live);
    c.case("a key of bolt's for acme too", said(&mut n, OPERATOR, both));
    let position = json!({"size": "99", "root": Digest::from_bytes([1; 32])});
    let opinion = json!({"type": "assurance", "by": "bolt", "figures": Digest::from_bytes([2; 32]), "level": "limited",
        "opinion": "unmodified", "scope": "all", "standard": "ISO 14064-3", "log": position});
    c.case("an assurance of a log of 99 submissions, which has fewer", said(&mut n, BOLT, opinion));
    let state = json!({"type": "state", "by": "operator", "size": "3", "root": Digest::from_bytes([1; 32])});
    c.case("a state that does not say what held", said(&mut n, OPERATOR, state.clone()));
    c.case("a state of a size that is still to come", said(&mut n, OPERATOR, with(state, "size", "99")));
    rights(c, n);
    let mut n = shop().0;
    n.one(ACME, recorded("acme"));
    c.case("a supplier's footprint that another actor recorded", said(&mut n, BOLT, recorded("bolt")));
    c.case("a supplier's document that is none", said(&mut shop().0, ACME, supplier()));
}

fn statement_id(n: u8) -> pcf_ledger::model::StatementId {
    pcf_ledger::model::StatementId::from_bytes([n; 32])
}

/// What the operator grants and takes back.
fn rights(c: &mut Catalogue, mut n: Notary) {
    let live = n.book.actor(&"acme".parse().unwrap()).unwrap().unwrap().0;
    let narrow = json!({"types": ["activity", "product"], "stages": ["production"], "products": [SCREW]});
    let newer = n.one(OPERATOR, with(with(actor("acme", &[ACME]), "rights", narrow), "replaces", live));
    c.case("a factor from an actor that may say activities", said(&mut n, ACME, factor("acme", "air")));
    let other = with(activity("acme", &[PUMP]), "batch", "2");
    c.case("an activity for a product that the rights do not name", said(&mut n, ACME, other.clone()));
    n.one(OPERATOR, with(actor("acme", &[77]), "replaces", newer));
    c.case("a key that is missing from its actor's newest statement", said(&mut n, ACME, other));
}

fn recorded(by: &str) -> Value {
    let bytes = include_bytes!("../../vectors/pact/figures-1.json").to_vec();
    let digest = Digest::from_bytes(pcf_ledger::codec::digest::sha256(&[&bytes]));
    let document = pcf_ledger::model::Document::new(bytes).unwrap();
    json!({"type": "supplierFootprint", "by": by, "digest": digest, "document": document,
        "footprint": "12345678-9abc-def0-1234-567812345678"})
}

fn supplier() -> Value {
    let bytes = b"{}".to_vec();
    let digest = Digest::from_bytes(pcf_ledger::codec::digest::sha256(&[&bytes]));
    let document = pcf_ledger::model::Document::new(bytes).unwrap();
    json!({"type": "supplierFootprint", "by": "acme", "digest": digest, "document": document,
        "footprint": "3f0a7c3e-0000-4000-8000-000000000001"})
}
