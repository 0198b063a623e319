//! The rules admit what an actor may say and refuse all else. A refused submission leaves the book
//! unchanged (`pcf_testing::Notary::admit`).

use pcf_ledger::admission::{Book, Death, Refusal, Scope};
use pcf_ledger::model::{Statement, StatementKind};
use pcf_ledger::sign::Seal;
use pcf_testing::{
    ACME, BOLT, LOG, Notary, OPERATOR, PUMP, PUMP_ALIAS, RECOVERY, SCREW, activity, actor, factor,
    genesis_value, id, key, product, public, statement, with, withdrawal,
};
use serde_json::json;

fn is(text: &str, part: &str) {
    assert!(text.contains(part), "expected `{part}` in: {text}");
}

// ---- genesis

fn begin(signer: u8, statements: &[Statement]) -> Result<(), Refusal> {
    let mut notary = Notary { book: Book::new(Scope::Whole), ledger_id: *id(&statements[0]).as_bytes() };
    notary.admit(signer, statements).map(drop)
}

#[test]
fn the_genesis_is_sealed_alone_by_the_operator_key_that_it_names() {
    let genesis = statement(genesis_value());
    begin(OPERATOR, std::slice::from_ref(&genesis)).unwrap();
    for other in [RECOVERY, LOG, ACME] {
        is(&begin(other, std::slice::from_ref(&genesis)).unwrap_err().to_string(), "operator key");
    }
    let more = [genesis.clone(), statement(actor("acme", &[ACME]))];
    is(&begin(OPERATOR, &more).unwrap_err().to_string(), "sealed alone");
    is(&begin(OPERATOR, &[statement(actor("acme", &[ACME]))]).unwrap_err().to_string(), "genesis");
}

#[test]
fn the_genesis_id_is_the_ledger_id_in_its_seal() {
    let mut notary = Notary { book: Book::new(Scope::Whole), ledger_id: [7; 32] };
    let refusal = notary.admit(OPERATOR, &[statement(genesis_value())]).unwrap_err();
    is(&refusal.to_string(), "must be the ledger id");
}

#[test]
fn a_second_genesis_is_refused_as_one() {
    let mut notary = Notary::with_actors();
    for value in [genesis_value(), with(genesis_value(), "origin", "example.com/other")] {
        is(&notary.refused(OPERATOR, &[value]), "stands at index 0 and nowhere else");
    }
}

#[test]
fn a_seal_for_another_ledger_is_refused() {
    let mut notary = Notary::with_actors();
    notary.ledger_id[0] ^= 1;
    assert!(matches!(notary.say(ACME, &[factor("acme", "grid")]), Err(Refusal::OtherLedger { .. })));
}

// ---- keys

#[test]
fn a_key_counts_from_the_index_after_its_enrolment() {
    let mut notary = Notary::new();
    assert!(matches!(notary.say(ACME, &[factor("acme", "grid")]), Err(Refusal::UnknownKey { .. })));
    notary.one(OPERATOR, actor("acme", &[ACME]));
    notary.one(ACME, factor("acme", "grid"));
    let keyring = notary.book.keyring().unwrap();
    for index in 0..=1 {
        assert!(
            matches!(keyring.signer_at(&public(ACME), index), Err(Refusal::UnknownKey { .. })),
            "{index}"
        );
        assert!(keyring.in_force(&"acme".parse().unwrap(), index).is_empty(), "{index}");
    }
    assert_eq!(keyring.signer_at(&public(ACME), 2).unwrap().actor.as_str(), "acme");
    assert_eq!(keyring.in_force(&"acme".parse().unwrap(), 2), [public(ACME)]);
    assert_eq!(keyring.signer_at(&public(OPERATOR), 0).unwrap().actor.as_str(), "operator");
}

#[test]
fn an_actor_enrolled_in_a_submission_cannot_speak_in_it() {
    let mut notary = Notary::new();
    let both = [actor("acme", &[ACME]), factor("acme", "grid")];
    assert!(matches!(notary.say(OPERATOR, &both), Err(Refusal::OtherSigner { ordinal: 2, .. })));
    assert!(matches!(notary.say(ACME, &both), Err(Refusal::UnknownKey { .. })));
}

#[test]
fn a_statement_of_somebody_else_than_the_signer_is_refused() {
    let mut notary = Notary::with_actors();
    is(&notary.refused(BOLT, &[factor("acme", "grid")]), "said by `acme`, but `bolt` sealed it");
    is(&notary.refused(OPERATOR, &[factor("acme", "grid")]), "but `operator` sealed it");
    is(&notary.refused(ACME, &[actor("acme", &[ACME, 11])]), "but `acme` sealed it");
}

#[test]
fn a_key_missing_from_the_newest_actor_statement_counts_no_more_and_never_again() {
    let mut notary = Notary::new();
    let first = notary.one(OPERATOR, actor("acme", &[ACME, 11]));
    let said = notary.one(11, factor("acme", "grid"));
    let second = notary.one(OPERATOR, with(actor("acme", &[ACME]), "replaces", first)); // index 3
    assert!(matches!(notary.say(11, &[factor("acme", "b")]), Err(Refusal::RevokedKey { since: 3, .. })));
    assert!(notary.book.holds(&said).unwrap(), "what it said before stands");
    notary.one(ACME, factor("acme", "b"));
    let back = with(actor("acme", &[ACME, 11]), "replaces", second);
    is(&notary.refused(OPERATOR, &[back]), "cannot come back");
}

#[test]
fn an_actor_without_keys_says_nothing_until_it_has_new_ones() {
    let mut notary = Notary::new();
    let first = notary.one(OPERATOR, actor("acme", &[ACME]));
    let none = notary.one(OPERATOR, with(actor("acme", &[]), "replaces", first));
    assert!(matches!(notary.say(ACME, &[factor("acme", "a")]), Err(Refusal::RevokedKey { .. })));
    notary.one(OPERATOR, with(actor("acme", &[11]), "replaces", none));
    notary.one(11, factor("acme", "a"));
}

#[test]
fn an_actor_is_changed_only_by_replacing_its_newest_statement() {
    let mut notary = Notary::new();
    let first = notary.one(OPERATOR, actor("acme", &[ACME]));
    is(&notary.refused(OPERATOR, &[actor("acme", &[ACME, 11])]), "already a live actor");
    let second = notary.one(OPERATOR, with(actor("acme", &[ACME, 11]), "replaces", first));
    is(&notary.refused(OPERATOR, &[with(actor("acme", &[ACME]), "replaces", first)]), "replaced by");
    assert_eq!(notary.book.actor_history(&"acme".parse().unwrap()).unwrap(), [first, second]);
}

#[test]
fn a_revocation_that_reaches_back_ends_what_the_key_said_from_there() {
    let mut notary = Notary::new();
    let enrolled = notary.one(OPERATOR, actor("acme", &[ACME, 11])); // 1
    let early = notary.one(11, factor("acme", "early")); // 2
    let late = notary.one(11, factor("acme", "late")); // 3
    let other = notary.one(ACME, factor("acme", "other")); // 4
    let revoked = json!([{"key": public(11), "from": "3"}]);
    let revocation = with(with(actor("acme", &[ACME]), "revoked", revoked), "replaces", enrolled);
    let revocation = notary.one(OPERATOR, revocation); // 5
    assert!(notary.book.holds(&early).unwrap() && notary.book.holds(&other).unwrap());
    assert_eq!(notary.book.death(&late).unwrap(), Some(Death::KeyRevoked(revocation)));
    assert!(notary.book.factor(&"late".parse().unwrap()).unwrap().is_none());
    assert!(matches!(notary.say(11, &[factor("acme", "x")]), Err(Refusal::RevokedKey { since: 3, .. })));
    // Further back still, by a later statement: the earliest index counts.
    let revoked = json!([{"key": public(11), "from": "2"}]);
    notary.one(OPERATOR, with(with(actor("acme", &[ACME]), "revoked", revoked), "replaces", revocation));
    assert!(!notary.book.holds(&early).unwrap());
    assert_eq!(
        notary.book.death(&late).unwrap(),
        Some(Death::KeyRevoked(revocation)),
        "the first cause stays"
    );
}

#[test]
fn a_replacement_that_falls_with_its_key_revives_nothing() {
    let mut notary = Notary::new();
    let enrolled = notary.one(OPERATOR, actor("acme", &[ACME, 11]));
    let first = notary.one(ACME, factor("acme", "grid"));
    let second = notary.one(11, with(factor("acme", "grid"), "replaces", first)); // 3
    let revoked = json!([{"key": public(11), "from": "3"}]);
    notary.one(OPERATOR, with(with(actor("acme", &[ACME]), "revoked", revoked), "replaces", enrolled));
    assert!(!notary.book.holds(&first).unwrap() && !notary.book.holds(&second).unwrap());
    assert!(notary.book.factor(&"grid".parse().unwrap()).unwrap().is_none());
    notary.one(ACME, factor("acme", "grid"));
}

#[test]
fn a_revocation_names_a_key_of_that_actor_and_an_index_that_is_there() {
    let mut notary = Notary::new();
    let enrolled = notary.one(OPERATOR, actor("acme", &[ACME, 11])); // 1
    notary.one(OPERATOR, actor("bolt", &[BOLT])); // 2
    let revoke = |key: u8, from: &str| {
        let revoked = json!([{"key": public(key), "from": from}]);
        with(with(actor("acme", &[ACME]), "revoked", revoked), "replaces", enrolled)
    };
    is(&notary.refused(OPERATOR, &[revoke(BOLT, "1")]), "was never a key of `acme`");
    is(&notary.refused(OPERATOR, &[revoke(OPERATOR, "1")]), "was never a key of `acme`");
    is(&notary.refused(OPERATOR, &[revoke(11, "4")]), "the log has 3");
    notary.one(OPERATOR, revoke(11, "3"));
}

#[test]
fn a_key_belongs_to_one_actor_for_ever() {
    let mut notary = Notary::with_actors();
    is(&notary.refused(OPERATOR, &[actor("carl", &[ACME])]), "belongs to `acme` for ever");
    is(&notary.refused(OPERATOR, &[actor("carl", &[OPERATOR])]), "belongs to `operator`");
    is(&notary.refused(OPERATOR, &[actor("carl", &[RECOVERY])]), "belongs to `recovery`");
    is(&notary.refused(OPERATOR, &[actor("carl", &[30]), actor("dora", &[30])]), "belongs to `carl`");
    let now = notary.book.actor(&"acme".parse().unwrap()).unwrap().unwrap().0;
    notary.one(OPERATOR, with(actor("acme", &[11]), "replaces", now));
    is(&notary.refused(OPERATOR, &[actor("carl", &[ACME])]), "belongs to `acme` for ever");
}

#[test]
fn no_log_key_past_or_present_is_ever_the_key_of_an_actor_or_of_a_role() {
    let mut notary = Notary::with_actors();
    is(&notary.refused(OPERATOR, &[actor("carl", &[LOG])]), "log key");
    is(&notary.refused(LOG, &[factor("acme", "x")]), "unknown");
    notary.one(OPERATOR, json!({"type": "authority", "by": "operator", "logKey": public(40)}));
    assert_eq!(notary.book.keyring().unwrap().log_key(), Some(&public(40)));
    assert!(notary.book.keyring().unwrap().log_keys().eq(&[public(LOG), public(40)]));
    for key in [LOG, 40] {
        is(&notary.refused(OPERATOR, &[actor("carl", &[key])]), "log key");
        for (role, by, signer) in [
            ("logKey", "operator", OPERATOR),
            ("operatorKey", "operator", OPERATOR),
            ("recoveryKey", "recovery", RECOVERY),
        ] {
            let again = json!({"type": "authority", "by": by, role: public(key)});
            is(&notary.refused(signer, &[again]), "is or was in use");
        }
    }
    let actors = json!({"type": "authority", "by": "operator", "logKey": public(ACME)});
    is(&notary.refused(OPERATOR, &[actors]), "in use");
    let both = [actor("carl", &[50]), json!({"type": "authority", "by": "operator", "logKey": public(50)})];
    is(&notary.refused(OPERATOR, &both), "in use");
    let both = [json!({"type": "authority", "by": "operator", "logKey": public(50)}), actor("carl", &[50])];
    is(&notary.refused(OPERATOR, &both), "log key");
}

// ---- authority

#[test]
fn a_new_operator_key_counts_at_the_next_index_and_the_old_one_no_more() {
    let mut notary = Notary::new();
    let change = json!({"type": "authority", "by": "operator", "operatorKey": public(4)});
    is(&notary.refused(4, std::slice::from_ref(&change)), "unknown");
    // A seal counts by the seals before it: the old key may say more in the submission that replaces it.
    notary.say(OPERATOR, &[change, actor("acme", &[ACME])]).unwrap();
    assert!(matches!(
        notary.say(OPERATOR, &[actor("bolt", &[BOLT])]),
        Err(Refusal::RevokedKey { since: 2, .. })
    ));
    notary.one(4, actor("bolt", &[BOLT]));
    assert_eq!(notary.book.keyring().unwrap().in_force(&"operator".parse().unwrap(), 2), [public(4)]);
    assert_eq!(notary.book.keyring().unwrap().in_force(&"operator".parse().unwrap(), 1), [public(OPERATOR)]);
    let back = json!({"type": "authority", "by": "operator", "operatorKey": public(OPERATOR)});
    is(&notary.refused(4, &[back]), "is or was in use");
}

#[test]
fn of_two_changes_in_one_submission_the_later_one_counts() {
    let mut notary = Notary::new();
    let change = |n: u8| json!({"type": "authority", "by": "operator", "operatorKey": public(n)});
    notary.say(OPERATOR, &[change(4), change(5)]).unwrap();
    for dead in [OPERATOR, 4] {
        assert!(matches!(notary.say(dead, &[actor("acme", &[ACME])]), Err(Refusal::RevokedKey { .. })));
    }
    notary.one(5, actor("acme", &[ACME]));
    let mut notary = Notary::new();
    is(&notary.refused(OPERATOR, &[change(4), change(4)]), "in use");
}

#[test]
fn the_recovery_key_replaces_authority_keys_and_signs_nothing_else() {
    let mut notary = Notary::with_actors();
    let target = notary.one(ACME, factor("acme", "grid"));
    is(&notary.refused(RECOVERY, &[actor("carl", &[30])]), "`recovery` sealed it");
    is(&notary.refused(RECOVERY, &[factor("recovery", "x")]), "`recovery` may not sign");
    is(&notary.refused(RECOVERY, &[withdrawal("recovery", &target)]), "`recovery` may not sign");
    let change =
        json!({"type": "authority", "by": "recovery", "operatorKey": public(4), "recoveryKey": public(5)});
    notary.one(RECOVERY, change);
    let again = json!({"type": "authority", "by": "recovery", "operatorKey": public(6)});
    assert!(matches!(notary.say(RECOVERY, std::slice::from_ref(&again)), Err(Refusal::RevokedKey { .. })));
    assert!(matches!(notary.say(OPERATOR, &[actor("carl", &[30])]), Err(Refusal::RevokedKey { .. })));
    notary.one(5, again);
    notary.one(6, actor("carl", &[30]));
}

// ---- rights

#[test]
fn an_actor_signs_only_the_types_that_it_has_the_right_to() {
    let mut notary = Notary::new();
    let mut value = actor("acme", &[ACME]);
    value["rights"]["types"] = json!(["factor"]);
    let enrolled = notary.one(OPERATOR, value);
    let said = notary.one(ACME, factor("acme", "grid"));
    is(
        &notary.refused(ACME, &[product("acme", &[PUMP], &["acme"])]),
        "may not sign statements of type `product`",
    );
    notary.one(OPERATOR, with(actor("acme", &[ACME]), "replaces", enrolled));
    notary.one(ACME, product("acme", &[PUMP], &["acme"]));
    notary.one(ACME, withdrawal("acme", &said)); // no right is needed to take back one's own word
    is(&notary.refused(OPERATOR, &[factor("operator", "x")]), "`operator` may not sign");
}

#[test]
fn an_actor_signs_only_stages_and_products_that_its_rights_name() {
    let mut notary = Notary::new();
    let mut value = actor("acme", &[ACME]);
    value["rights"]["stages"] = json!(["procurement"]);
    value["rights"]["products"] = json!([PUMP]);
    let enrolled = notary.one(OPERATOR, value.clone());
    is(&notary.refused(ACME, &[product("acme", &[SCREW], &["acme"])]), "its rights name other products");
    is(
        &notary.refused(ACME, &[product("acme", &[PUMP, PUMP_ALIAS], &["acme"])]),
        "its rights name other products",
    );
    notary.one(ACME, product("acme", &[PUMP], &["acme"]));
    is(&notary.refused(ACME, &[activity("acme", &[PUMP])]), "activities of the stage `production`");
    value["rights"]["stages"] = json!(["production"]);
    notary.one(OPERATOR, with(value, "replaces", enrolled));
    notary.one(ACME, activity("acme", &[PUMP]));
}

#[test]
fn a_process_is_signed_by_whom_the_product_statement_names() {
    let mut notary = Notary::with_actors();
    is(&notary.refused(ACME, &[activity("acme", &[PUMP])]), "is not declared in this ledger");
    notary.one(ACME, product("acme", &[PUMP], &["bolt"]));
    is(&notary.refused(ACME, &[activity("acme", &[PUMP])]), "lets bolt sign it");
    notary.one(BOLT, activity("bolt", &[PUMP]));
    is(
        &notary.refused(BOLT, &[with(activity("bolt", &[PUMP]), "process", "casting")]),
        "lists no such process",
    );
    is(
        &notary.refused(BOLT, &[with(activity("bolt", &[PUMP]), "stage", "procurement")]),
        "lists no such process",
    );
}

#[test]
fn an_activity_for_two_owners_products_needs_to_be_let_in_by_both() {
    let mut notary = Notary::with_actors();
    notary.one(ACME, product("acme", &[PUMP], &["acme", "bolt"]));
    let screw = notary.one(BOLT, product("bolt", &[SCREW], &["bolt"]));
    is(&notary.refused(ACME, &[activity("acme", &[PUMP, SCREW])]), "lets bolt sign it");
    notary.one(BOLT, activity("bolt", &[PUMP, SCREW]));
    notary.one(BOLT, with(product("bolt", &[SCREW], &["acme", "bolt"]), "replaces", screw));
    notary.one(ACME, activity("acme", &[PUMP, SCREW]));
}

#[test]
fn activities_stay_when_the_product_no_longer_lists_their_process() {
    let mut notary = Notary::with_actors();
    let pump = notary.one(ACME, product("acme", &[PUMP], &["acme"]));
    let said = notary.one(ACME, activity("acme", &[PUMP]));
    let mut changed = with(product("acme", &[PUMP], &["acme"]), "replaces", pump);
    changed["processes"][0]["name"] = "painting".into();
    notary.one(ACME, changed);
    assert!(notary.book.holds(&said).unwrap());
    is(&notary.refused(ACME, &[activity("acme", &[PUMP])]), "lists no such process");
}

// ---- ownership

#[test]
fn a_factor_belongs_to_whom_said_it_first_even_after_it_was_withdrawn() {
    let mut notary = Notary::with_actors();
    let first = notary.one(ACME, factor("acme", "grid"));
    is(&notary.refused(BOLT, &[factor("bolt", "grid")]), "belongs to `acme`");
    is(&notary.refused(BOLT, &[with(factor("bolt", "grid"), "replaces", first)]), "belongs to `acme`");
    is(&notary.refused(ACME, &[factor("acme", "grid")]), "already a live factor");
    notary.one(ACME, withdrawal("acme", &first));
    is(&notary.refused(BOLT, &[factor("bolt", "grid")]), "belongs to `acme`");
    notary.one(ACME, factor("acme", "grid"));
}

#[test]
fn no_id_of_a_product_can_be_captured() {
    let mut notary = Notary::with_actors();
    let first = notary.one(ACME, product("acme", &[PUMP, PUMP_ALIAS], &["acme"]));
    for ids in [&[PUMP][..], &[PUMP_ALIAS], &[SCREW, PUMP], &[SCREW, PUMP_ALIAS]] {
        is(&notary.refused(BOLT, &[product("bolt", ids, &["bolt"])]), "belongs to `acme`");
    }
    for ids in [&[PUMP_ALIAS][..], &[SCREW, PUMP_ALIAS]] {
        is(&notary.refused(ACME, &[product("acme", ids, &["acme"])]), "filed under another id");
    }
    // Dropping an id does not give it away.
    notary.one(ACME, with(product("acme", &[PUMP], &["acme"]), "replaces", first));
    assert!(notary.book.product(&PUMP_ALIAS.parse().unwrap()).unwrap().is_none());
    is(&notary.refused(BOLT, &[product("bolt", &[PUMP_ALIAS], &["bolt"])]), "belongs to `acme`");
    notary.one(ACME, product("acme", &[PUMP_ALIAS], &["acme"]));
}

#[test]
fn one_submission_cannot_say_an_id_twice() {
    let mut notary = Notary::with_actors();
    is(&notary.refused(ACME, &[factor("acme", "grid"), factor("acme", "grid")]), "already a live factor");
    let twice =
        [product("acme", &[PUMP, PUMP_ALIAS], &["acme"]), product("acme", &[SCREW, PUMP_ALIAS], &["acme"])];
    is(&notary.refused(ACME, &twice), "filed under another id");
    let same = [product("acme", &[PUMP], &["acme"]), product("acme", &[PUMP], &["acme"])];
    is(&notary.refused(ACME, &same), "already a live product");
}

#[test]
fn a_suppliers_footprint_is_whose_statement_of_it_lives() {
    let mut notary = Notary::with_actors();
    let bought = |by: &str| {
        let bytes = include_bytes!("../vectors/pact/figures-1.json");
        let document = pcf_ledger::model::Document::new(bytes.to_vec()).unwrap();
        let digest = pcf_ledger::model::Digest::from_bytes(pcf_ledger::codec::digest::sha256(&[bytes]));
        json!({"type": "supplierFootprint", "by": by, "footprint": "12345678-9abc-def0-1234-567812345678",
            "document": document.to_string(), "digest": digest})
    };
    let first = notary.one(ACME, bought("acme"));
    is(&notary.refused(BOLT, &[bought("bolt")]), "of `acme` records this supplier's footprint already");
    notary.one(OPERATOR, withdrawal("operator", &first));
    notary.one(BOLT, bought("bolt"));
    is(&notary.refused(ACME, &[bought("acme")]), "of `bolt` records");
}

// ---- replacing and withdrawing

#[test]
fn a_replacement_has_the_same_type_subject_and_actor_and_replaces_what_lives() {
    let mut notary = Notary::with_actors();
    let first = notary.one(ACME, factor("acme", "grid"));
    let pump = notary.one(ACME, product("acme", &[PUMP], &["acme", "bolt"]));
    let said = notary.one(ACME, activity("acme", &[PUMP]));
    is(&notary.refused(ACME, &[with(factor("acme", "other"), "replaces", first)]), "about something else");
    is(&notary.refused(ACME, &[with(factor("acme", "grid"), "replaces", pump)]), "it is a product");
    is(&notary.refused(BOLT, &[with(activity("bolt", &[PUMP]), "replaces", said)]), "a statement of `acme`");
    let nowhere = "0".repeat(64);
    is(&notary.refused(ACME, &[with(factor("acme", "grid"), "replaces", nowhere)]), "no such statement");
    let second = notary.one(ACME, with(factor("acme", "grid"), "replaces", first));
    assert_eq!(notary.book.death(&first).unwrap(), Some(Death::Replaced(second)));
    assert!(notary.book.entry(&first).unwrap().is_some(), "it stays in the log");
    assert_eq!(notary.book.live(StatementKind::Factor, "grid").unwrap(), Some(second));
    is(
        &notary.refused(ACME, &[with(factor("acme", "grid"), "replaces", first)]),
        "no longer holds: replaced by",
    );
    let twice =
        [with(factor("acme", "grid"), "replaces", second), with(factor("acme", "grid"), "replaces", second)];
    is(&notary.refused(ACME, &twice), "in the same submission");
    notary.one(ACME, withdrawal("acme", &second));
    assert!(
        !notary.book.holds(&first).unwrap()
            && notary.book.factor(&"grid".parse().unwrap()).unwrap().is_none()
    );
    is(&notary.refused(ACME, &[with(factor("acme", "grid"), "replaces", second)]), "withdrawn by");
}

#[test]
fn a_chain_of_replacements_in_one_submission_leaves_the_last() {
    let mut notary = Notary::with_actors();
    let (a, c) = (statement(factor("acme", "grid")), factor("acme", "grid"));
    let b = statement(with(factor("acme", "grid"), "replaces", id(&a)));
    let c = statement(with(c, "replaces", id(&b)));
    notary.admit(ACME, &[a.clone(), b.clone(), c.clone()]).unwrap();
    assert_eq!(notary.book.live(StatementKind::Factor, "grid").unwrap(), Some(id(&c)));
    assert!(
        !notary.book.holds(&id(&a)).unwrap()
            && !notary.book.holds(&id(&b)).unwrap()
            && notary.book.holds(&id(&c)).unwrap()
    );
}

#[test]
fn a_statement_is_withdrawn_by_its_actor_or_the_operator_once() {
    let mut notary = Notary::with_actors();
    let (a, b) = (notary.one(ACME, factor("acme", "a")), notary.one(ACME, factor("acme", "b")));
    is(&notary.refused(BOLT, &[withdrawal("bolt", &a)]), "a statement of `acme`");
    let by_actor = notary.one(ACME, withdrawal("acme", &a));
    let by_operator = notary.one(OPERATOR, withdrawal("operator", &b));
    assert_eq!(notary.book.death(&a).unwrap(), Some(Death::Withdrawn(by_actor)));
    assert_eq!(notary.book.death(&b).unwrap(), Some(Death::WithdrawnByOperator(by_operator)));
    is(&notary.refused(ACME, &[withdrawal("acme", &a)]), "withdrawn by");
    is(&notary.refused(ACME, &[withdrawal("acme", &by_actor)]), "cannot be withdrawn");
    let enrolled = notary.book.actor(&"acme".parse().unwrap()).unwrap().unwrap().0;
    is(&notary.refused(OPERATOR, &[withdrawal("operator", &enrolled)]), "cannot be withdrawn");
}

#[test]
fn what_a_submission_takes_back_does_not_hold_for_the_rest_of_it() {
    let mut notary = Notary::with_actors();
    let pump = statement(product("acme", &[PUMP], &["acme"]));
    let (gone, used) = (statement(withdrawal("acme", &id(&pump))), statement(activity("acme", &[PUMP])));
    let refusal = notary.admit(ACME, &[pump.clone(), gone.clone(), used.clone()]).unwrap_err();
    is(&refusal.to_string(), "is not declared");
    notary.admit(ACME, std::slice::from_ref(&pump)).unwrap();
    is(&notary.admit(ACME, &[gone, used]).unwrap_err().to_string(), "is not declared");
    // A second id that the replacement drops is free again, in the same submission too.
    let wide = statement(product("acme", &[SCREW, PUMP_ALIAS], &["acme"]));
    let narrow = statement(with(product("acme", &[SCREW], &["acme"]), "replaces", id(&wide)));
    let other = statement(product("acme", &[PUMP_ALIAS], &["acme"]));
    notary.admit(ACME, &[wide, narrow, other]).unwrap();
    assert_eq!(notary.book.products().unwrap().len(), 3);
}

// ---- duplicates, seals, positions

#[test]
fn a_statement_that_is_in_the_log_is_refused_with_its_place() {
    let mut notary = Notary::with_actors();
    let said = statement(factor("acme", "grid"));
    notary.admit(ACME, std::slice::from_ref(&said)).unwrap(); // 2
    notary.one(ACME, factor("acme", "other"));
    let refusal = notary.admit(ACME, std::slice::from_ref(&said)).unwrap_err();
    assert!(matches!(refusal, Refusal::Duplicate { index: 2, .. }), "{refusal}");
    let new = statement(factor("acme", "new"));
    let refusal = notary.admit(ACME, &[new.clone(), new]).unwrap_err();
    assert!(matches!(refusal, Refusal::Duplicate { index: 4, .. }), "{refusal}");
}

#[test]
fn a_seal_with_any_bit_changed_is_refused() {
    let mut notary = Notary::with_actors();
    let (seal, statements) = notary.sealed(ACME, &[statement(factor("acme", "grid"))]);
    for byte in 0..184 {
        let mut bytes = seal.to_bytes();
        bytes[byte] ^= 0x10;
        if let Ok(seal) = Seal::parse(&bytes) {
            assert!(notary.book.admit(&seal, &statements).is_err(), "byte {byte}");
        }
    }
    assert!(notary.book.admit(&seal, &statements[..0]).is_err());
    let mut changed = statements.clone();
    changed[0].insert(1, b' ');
    assert!(matches!(notary.book.admit(&seal, &changed), Err(Refusal::Seal(_))), "the header");
    let mut changed = statements.clone();
    changed[0].push(b' ');
    assert!(matches!(notary.book.admit(&seal, &changed), Err(Refusal::Statement { .. })), "the body");
    notary.book.admit(&seal, &statements).unwrap();
}

#[test]
fn a_sealed_statement_that_is_not_in_its_one_spelling_is_refused() {
    let mut notary = Notary::with_actors();
    let mut bytes = pcf_ledger::codec::encode_statement(&statement(factor("acme", "grid"))).unwrap();
    bytes.insert(1, b' ');
    let leaf = pcf_ledger::codec::statement_leaf(&bytes);
    let seal = Seal::sign(&key(ACME), notary.ledger_id, 0, &[leaf]).unwrap();
    assert!(matches!(notary.book.admit(&seal, &[bytes]), Err(Refusal::Statement { ordinal: 1, .. })));
}

fn opinion(size: &str, root: [u8; 32]) -> serde_json::Value {
    let root = pcf_ledger::model::Digest::from_bytes(root);
    json!({"type": "assurance", "by": "bolt", "figures": "11".repeat(32), "level": "limited", "opinion": "unmodified",
        "scope": "all", "standard": "ISO 14064-3", "log": {"size": size, "root": root}})
}

#[test]
fn a_position_in_the_log_that_a_statement_names_is_one_that_the_log_had() {
    let mut notary = Notary::with_actors();
    let (before, now) = (notary.book.root_at(1).unwrap().unwrap(), notary.book.root());
    is(&notary.refused(BOLT, &[opinion("2", before)]), "a root that the log did not have at size 2");
    is(&notary.refused(BOLT, &[opinion("3", now)]), "the log has 2");
    is(&notary.refused(BOLT, &[opinion("0", pcf_ledger::merkle::empty_root())]), "at size 0");
    notary.one(BOLT, opinion("1", before));
    notary.one(BOLT, opinion("2", now));
}

#[test]
fn the_roots_of_every_size_stay_known() {
    let mut notary = Notary::with_actors();
    let mut roots = vec![notary.book.root()];
    for n in 0..10 {
        notary.one(ACME, factor("acme", &format!("f{n}")));
        roots.push(notary.book.root());
    }
    assert!(notary.book.root_at(0).unwrap().is_none() && notary.book.root_at(13).unwrap().is_none());
    for (n, root) in roots.iter().enumerate() {
        assert_eq!(notary.book.root_at(n as u64 + 2).unwrap(), Some(*root));
    }
}
