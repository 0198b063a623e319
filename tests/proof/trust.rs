//! A key that a reader has pinned decides whose signatures count, in proofs and in a whole ledger.

use pcf_ledger::audit::{self, Beside};
use pcf_ledger::model::PublicKey;
use pcf_ledger::proof::{Known, Outcome, Pins, Proof, Report, Trust, Verdict};
use pcf_ledger::sign::SigningKey;
use pcf_testing::world::{World, actor, key, key_of, public};

fn published() -> (World, Proof) {
    let mut world = World::new(1);
    let (id, used) = world.life();
    let proof = world.proof(id, &used);
    (world, proof)
}

/// A trust file with these entries: actor, key, further lines.
fn pins(entries: &[(&str, PublicKey, &str)]) -> Pins {
    let mut text = "version = 1\n".to_owned();
    for (actor, key, more) in entries {
        text.push_str(&format!("[[actor]]\nactor = \"{actor}\"\nkeys = [\"{key}\"]\n{more}\n"));
    }
    Pins::from_toml(&text).unwrap()
}

fn verified(world: &World, proof: &Proof, pins: Pins) -> Report {
    proof.verify(&Trust { pins, ..world.trust() })
}

fn names(report: &Report) -> &Outcome {
    &report.check("names").unwrap().outcome
}

fn sentence(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Fails(why) | Outcome::NotChecked(why) => why,
        Outcome::Holds => "",
    }
}

#[test]
fn a_pinned_key_is_one_and_the_assurance_says_whose() {
    let (world, proof) = published();
    let report =
        verified(&world, &proof, pins(&[("auditor", public(&world.auditor), "name = \"auditor Ltd\"")]));
    assert_eq!(report.verdict(), Verdict::Holds);
    let assured = &report.assurances[0];
    assert_eq!((&assured.known, assured.key), (&Known::Pinned, public(&world.auditor)));
    assert_eq!(assured.log.size.as_u64(), world.ledger.sealed(&assured.id).unwrap().index);
    assert!(!assured.is_own && assured.names_these_figures);
    let check = report.check("assurance").unwrap();
    assert!(check.detail.contains("`auditor`: limited") && check.detail.contains("pinned"), "{check}");
    // Those who are not pinned are the operator's claims, and are named with the name he gives them.
    let Outcome::NotChecked(open) = names(&report) else { panic!("{report:#?}") };
    assert!(open.contains("`maker` (maker Ltd)") && open.contains("`supplier`"), "{open}");
    assert!(open.contains("operator's claims") && open.ends_with("pinned: auditor"), "{open}");
    let nobody = verified(&world, &proof, Pins::default());
    assert_eq!(nobody.assurances[0].known, Known::Claimed);
    assert!(nobody.check("assurance").unwrap().detail.contains("operator's claim"));
}

#[test]
fn names_hold_where_all_who_signed_are_pinned() {
    let (world, proof) = published();
    let all = [&world.maker, &world.supplier, &world.auditor].map(public);
    let entries = [("maker", all[0], ""), ("supplier", all[1], ""), ("auditor", all[2], "")];
    assert_eq!(*names(&verified(&world, &proof, pins(&entries))), Outcome::Holds);
}

#[test]
fn another_key_under_a_pinned_id_is_refused() {
    let (world, proof) = published();
    let report = verified(&world, &proof, pins(&[("auditor", public(&key(99)), "")]));
    assert_eq!(report.verdict(), Verdict::Fails);
    let why = sentence(names(&report));
    assert!(why.contains("`auditor` is pinned to the key") && why.contains("signs in its name"), "{why}");
    assert!(matches!(report.assurances[0].known, Known::Refused(_)));
}

#[test]
fn a_key_pinned_to_somebody_else_is_refused_even_where_it_signed_nothing() {
    let (world, proof) = published();
    let report = verified(&world, &proof, pins(&[("deloitte", public(&world.auditor), "")]));
    assert_eq!(report.verdict(), Verdict::Fails);
    assert!(sentence(names(&report)).contains("pinned to `deloitte`, and here it is one of `auditor`"));
}

#[test]
fn another_name_for_a_pinned_actor_is_refused_and_so_is_a_name_that_only_looks_like_a_pinned_one() {
    let (world, proof) = published();
    let renamed = pins(&[("auditor", public(&world.auditor), "name = \"Honest Audits\"")]);
    assert!(
        sentence(names(&verified(&world, &proof, renamed))).contains("the operator names it auditor Ltd")
    );
    let alike = pins(&[("the-real-one", public(&key(99)), "name = \"A\u{443}ditor ltd\"")]);
    let report = verified(&world, &proof, alike);
    assert_ne!(report.verdict(), Verdict::Fails, "`у` looks like y, not like u");
    let alike = pins(&[("the-real-one", public(&key(99)), "name = \"\u{430}uditor LTD\"")]);
    let report = verified(&world, &proof, alike);
    assert_eq!(report.verdict(), Verdict::Fails);
    let why = sentence(names(&report));
    assert!(
        why.contains("`auditor` bears a name that looks like that of the pinned `the-real-one`"),
        "{why}"
    );
    assert!(why.contains("U+0061 U+0075"), "{why}");
}

#[test]
fn a_pin_for_another_ledger_says_nothing_here() {
    let (world, proof) = published();
    let elsewhere = format!("ledger = \"{}\"", "00".repeat(32));
    let report = verified(&world, &proof, pins(&[("auditor", public(&key(99)), &elsewhere)]));
    assert_eq!(report.verdict(), Verdict::Holds);
    let here = format!("ledger = \"{}\"", world.ledger.id());
    assert_eq!(
        verified(&world, &proof, pins(&[("auditor", public(&key(99)), &here)])).verdict(),
        Verdict::Fails
    );
}

#[test]
fn a_trust_file_that_could_be_read_two_ways_is_refused() {
    let (a, b) = (public(&key(1)), public(&key(2)));
    let entry =
        |actor: &str, key: &PublicKey| format!("[[actor]]\nactor = \"{actor}\"\nkeys = [\"{key}\"]\n");
    let weak = PublicKey::from_bytes([0; 32]);
    for (text, expected) in [
        (entry("a", &a), "expected `version = 1`, got none"),
        (format!("version = 2\n{}", entry("a", &a)), "expected version 1, got 2"),
        (format!("version = 1\n{}{}", entry("a", &a), entry("a", &b)), "`a` is pinned twice"),
        (format!("version = 1\n{}{}", entry("a", &a), entry("b", &a)), "is pinned to `a` and to `b`"),
        (format!("version = 1\n{}", entry("a", &weak)), "small order"),
        ("version = 1\n[[actor]]\nactor = \"a\"\nkeys = []\n".into(), "pinned to no key"),
        (format!("version = 1\n{}key = \"x\"\n", entry("a", &a)), "line 5: unknown field `key`"),
        ("version = 1\n[[actor]]\nactor = \"A\"\nkeys = []\n".into(), "line 3: "),
    ] {
        let error = Pins::from_toml(&text).unwrap_err().to_string();
        assert!(error.contains(expected), "expected `{expected}` in: {error}");
    }
}

#[test]
fn an_audit_judges_every_signer_by_the_pins() {
    let (world, _) = published();
    let auditor = public(&world.auditor);
    let store = world.ledger.into_store();
    let audited = |pins: Pins| {
        let options = audit::Options { pins, ..Default::default() };
        audit::run_with(&store, &Beside::default(), &options, &mut |_, _| {}).unwrap()
    };
    let report = audited(Pins::default());
    assert!(report.findings.is_empty() && report.check("pinned-keys").unwrap().looked_at == 0);
    let report = audited(pins(&[("auditor", auditor, "")]));
    let check = report.check("pinned-keys").unwrap();
    assert_eq!((report.holds(), check.looked_at, check.errors, check.notices), (true, 4, 0, 2));
    assert!(report.findings[0].sentence.contains("is the operator's claim"), "{:?}", report.findings);
    let wrong: [(&str, SigningKey); 1] = [("auditor", key(99))];
    for (actor, other) in wrong {
        let report = audited(pins(&[(actor, public(&other), "")]));
        assert!(!report.holds());
        assert_eq!(report.check("pinned-keys").unwrap().errors, 1, "{:?}", report.findings);
    }
    let report = audited(pins(&[("deloitte", auditor, "")]));
    assert!(!report.holds() && report.findings.iter().any(|f| f.sentence.contains("pinned to `deloitte`")));
}

#[test]
fn a_pinned_key_that_is_enrolled_for_another_is_an_error_before_it_signs_anything() {
    let mut world = World::new(1);
    world.life();
    let operator = key_of(&world.operator);
    world.append(&operator, &[actor("silent", &key(98), &["assurance"], serde_json::json!({}))]);
    let store = world.ledger.into_store();
    let options = |who| audit::Options { pins: pins(&[(who, public(&key(98)), "")]), ..Default::default() };
    let report = |who| audit::run_with(&store, &Beside::default(), &options(who), &mut |_, _| {}).unwrap();
    assert!(report("silent").holds());
    let wrong = report("deloitte");
    let found: Vec<&str> =
        wrong.findings.iter().filter(|f| f.rule == "pinned-keys").map(|f| f.sentence.as_str()).collect();
    assert!(
        found.iter().any(|why| why.contains("is pinned to `deloitte`, and here it is one of `silent`")),
        "{found:?}"
    );
    assert!(!wrong.holds());
}
