//! The header of an activity has the tag of another product than its body names: the figures take it for
//! one product, the sets of the states
//! list it under another, and nobody misses it where it is left out.

use pcf_ledger::codec::product_tag;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{ProductTag, Statement, StatementKind};
use pcf_testing::world::{self, CASING, INGOT, World, key_of};
use pcf_testing::{ACME, BOLT, PUMP, SCREW, activity, reading, statement, tag_salt};
use serde_json::json;

use super::hall::{audited, finds, forged, has, ledger, newest, store_of, submissions};
use super::vault::refuses;

fn tag(product: &str) -> ProductTag {
    product_tag(&tag_salt(), &product.parse().unwrap())
}

/// An activity of bolt's about a product, with the tag of another.
fn tagged(body: serde_json::Value, tag: ProductTag) -> Statement {
    let Statement::Activity(mut said) = statement(body) else { unreachable!() };
    assert_eq!(said.tags.len(), 1);
    said.tags = vec![tag];
    said.into()
}

fn earlier(mut value: serde_json::Value) -> serde_json::Value {
    value["period"] = json!({"start": "2023-01-01", "end": "2024-01-01"});
    value
}

#[test]
fn the_door_refuses_the_tag_of_another_and_of_none() {
    let mut ledger = ledger();
    for value in [activity("acme", &[PUMP]), reading("acme", PUMP, "water")] {
        let other = tagged(earlier(value.clone()), tag(SCREW));
        let error = ledger.append(&pcf_testing::key(ACME), 0, &[other]).unwrap_err().to_string();
        has(&error, &format!("its header has the tag of {SCREW} where its body names {PUMP}"));
        let none = tagged(earlier(value), ProductTag::from_bytes([9; 32]));
        let error = ledger.append(&pcf_testing::key(ACME), 0, &[none]).unwrap_err().to_string();
        has(&error, &format!("its header has another tag than that of {PUMP}"));
    }
}

#[test]
fn the_door_refuses_the_tag_of_another_id_of_the_same_product() {
    let mut ledger = ledger();
    let alias = tagged(earlier(activity("acme", &[PUMP])), tag(pcf_testing::PUMP_ALIAS));
    let error = ledger.append(&pcf_testing::key(ACME), 0, &[alias]).unwrap_err().to_string();
    has(&error, "its header has the tag of");
}

#[test]
fn written_past_the_door_the_audit_finds_it() {
    let ledger = ledger();
    let id = *ledger.id().as_bytes();
    let all = submissions(&ledger.into_store());
    let none = ProductTag::from_bytes([9; 32]);
    for (wrong, words) in [(tag(PUMP), "its header has the tag of"), (none, "its header has another tag")] {
        let mut all = all.clone();
        let said = tagged(earlier(activity("bolt", &[SCREW])), wrong);
        all.push(pcf_ledger::ledger::Submission::sign(&pcf_testing::key(BOLT), id, 0, &[said]).unwrap());
        finds(&audited(&forged(id, &all)), "rules", words);
    }
}

/// A world in whose log the maker's activity has this tag, and the report of the proof of its figures.
fn proof_with(wrong: ProductTag) -> pcf_ledger::proof::Report {
    let mut world = World::new(1);
    let (id, target) = (*world.ledger.id().as_bytes(), newest(&world.ledger, StatementKind::Activity));
    let Statement::Activity(mut said) = world.ledger.statement(&target).unwrap() else { unreachable!() };
    assert_eq!(said.tags, [tag(CASING)]);
    said.tags = vec![wrong];
    let mut all = submissions(&store_of(&world.ledger));
    let maker = key_of(&world.maker);
    *all.last_mut().unwrap() = pcf_ledger::ledger::Submission::sign(&maker, id, 0, &[said.into()]).unwrap();
    world.ledger = Ledger::over_store(forged(id, &all)).unwrap();
    let (publication, used) = world.life();
    world.proof(publication, &used).verify(&world.trust())
}

#[test]
fn a_verifier_who_sees_header_and_body_refuses_it_whether_the_other_product_is_shown_or_not() {
    assert_eq!(proof_with(tag(CASING)).verdict(), pcf_ledger::proof::Verdict::Holds);
    refuses(&proof_with(tag(INGOT)), "signers-enrolled", "its header has the tag of");
    refuses(&proof_with(ProductTag::from_bytes([9; 32])), "signers-enrolled", "its header has another tag");
    assert_eq!(world::CASING, PUMP);
}
