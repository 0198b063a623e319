//! A footprint proof verifies, and each way to bend it is refused by the check that is meant for
//! it.

use pcf_ledger::codec::{decode_statement, encode_statement, figures_digest, statement_leaf};
use pcf_ledger::log::Policy;
use pcf_ledger::merkle::inclusion_proof;
use pcf_ledger::model::{Co2e, Statement, StatementId};
use pcf_ledger::proof::{Outcome, Parts, Placed, Proof, Report, Trust, Verdict};
use pcf_ledger::sign::{KeyKind, Note, Seal, VerifierKey};
use pcf_testing::tools::required;
use pcf_testing::world;
use pcf_testing::world::{World, actor, gather, key, key_of, public, statement};
use serde_json::json;

fn failing(report: &Report) -> Vec<&'static str> {
    let fails = report.checks.iter().filter(|check| matches!(check.outcome, Outcome::Fails(_)));
    fails.map(|check| check.name).collect()
}

fn open(report: &Report) -> Vec<&'static str> {
    let open = report.checks.iter().filter(|check| matches!(check.outcome, Outcome::NotChecked(_)));
    open.map(|check| check.name).collect()
}

fn why(report: &Report, name: &str) -> String {
    match &report.check(name).unwrap().outcome {
        Outcome::Fails(why) | Outcome::NotChecked(why) => why.clone(),
        Outcome::Holds => String::new(),
    }
}

fn published() -> (World, StatementId, Parts) {
    let mut world = World::new(1);
    let (id, used) = world.life();
    let parts = world.parts(id, &used);
    (world, id, parts)
}

/// What becomes of a proof whose parts somebody has bent.
fn bent(world: &World, mut parts: Parts, bend: impl FnOnce(&mut Parts)) -> Report {
    bend(&mut parts);
    Proof::new(parts).unwrap().verify(&world.trust())
}

fn find(parts: &mut Parts, wanted: impl Fn(&Statement) -> bool) -> &mut Placed {
    parts.statements.iter_mut().find(|p| wanted(&decode_statement(&p.bytes).unwrap())).unwrap()
}

#[test]
fn a_proof_of_assured_figures_holds() {
    let (world, id, parts) = published();
    let bytes = Proof::new(parts).unwrap().to_bytes().unwrap();
    let proof = Proof::parse(&bytes).unwrap();
    assert_eq!(proof.to_bytes().unwrap(), bytes);
    let report = proof.verify(&world.trust());
    assert_eq!(failing(&report), Vec::<&str>::new(), "{:#?}", report.checks);
    assert_eq!(open(&report), ["states", "complete", "status", "split-view", "names"]);
    assert_eq!(report.verdict(), Verdict::Holds);
    assert_eq!(report.publication_id, id);
    assert_eq!(report.ledger_id, world.ledger.id());
    assert_eq!((report.used, report.disclosed), (5, 5));
    assert_eq!(report.publisher.as_ref().unwrap().as_str(), "maker Ltd");
    assert_eq!(report.assurances[0].by.as_str(), "auditor");
    assert!(report.assurances[0].names_these_figures);
    // (1,300 kg of ingot at 17,000 kWh * 0.5777 kg/kWh / 1,200 kg, and 5,300 kWh at 0.5777) for 1,200 kg.
    assert!(
        report.check("figures-recalculated").unwrap().detail.contains("11.417598611111111"),
        "{:#?}",
        report.checks
    );
    assert!(report.checks.iter().all(|check| !check.to_string().contains("current")));
}

#[test]
fn a_draft_says_so() {
    let mut world = World::new(1);
    let (id, used) = world.publish("draft");
    let report = world.proof(id, &used).verify(&world.trust());
    assert_eq!(report.verdict(), Verdict::Holds);
    assert!(report.is_draft());
    assert!(why(&report, "status").contains("draft"));
    assert_eq!(open(&report), ["assurance", "states", "complete", "status", "split-view", "names"]);
}

#[test]
fn the_ledger_id_anchors_as_well_as_the_log_key() {
    let (world, _, parts) = published();
    let proof = Proof::new(parts).unwrap();
    let trust = Trust { ledger_id: Some(world.ledger.id()), ..Trust::default() };
    assert_eq!(proof.verify(&trust).verdict(), Verdict::Holds);
    let other = Trust { ledger_id: Some(StatementId::from_bytes([1; 32])), ..world.trust() };
    assert_eq!(failing(&proof.verify(&other)), ["trust-anchor"]);
    let unanchored = proof.verify(&Trust::default());
    assert_eq!((failing(&unanchored), unanchored.verdict()), (vec![], Verdict::Unanchored));
}

#[test]
fn another_log_key_does_not_verify() {
    let (_, _, parts) = published();
    let proof = Proof::new(parts).unwrap();
    let verifier = |name: &str, kind| VerifierKey::new(name, kind, key(99).verifying_key()).unwrap();
    for wrong in [
        verifier("ledger.example/log", KeyKind::Ed25519),
        verifier("other.example/log", KeyKind::Ed25519),
        verifier("ledger.example/log", KeyKind::Cosignature),
    ] {
        let report = proof.verify(&Trust { log_key: Some(wrong), ..Trust::default() });
        assert_eq!(failing(&report), ["trust-anchor"]);
    }
}

#[test]
fn no_changed_byte_leaves_the_same_statement_standing() {
    let mut world = World::new(1);
    let (id, used) = world.publish("final");
    let note = world.ledger.sign_checkpoint(&world.log, &[]).unwrap().note().to_string();
    let parts = gather(&world.ledger, note, id, &used, |_| true);
    let mut bytes = Proof::new(parts).unwrap().to_bytes().unwrap();
    let trust = world.trust();
    let mut read = 0;
    for place in 0..bytes.len() {
        // One flip a byte, another bit each time.
        let bit = 1 << (place % 8);
        bytes[place] ^= bit;
        if let Ok(proof) = Proof::parse(&bytes) {
            read += 1;
            let report = proof.verify(&trust);
            assert_eq!(report.verdict(), Verdict::Fails, "byte {place}: {:#?}", report.checks);
        }
        bytes[place] ^= bit;
    }
    assert!(read > 200, "most flips must reach the checks, not only the reader: {read}");
}

#[test]
fn a_proof_that_is_cut_off_is_refused() {
    let (_, _, parts) = published();
    let bytes = Proof::new(parts).unwrap().to_bytes().unwrap();
    for length in (0..bytes.len()).step_by(97) {
        assert!(Proof::parse(&bytes[..length]).is_err(), "{length} bytes");
    }
    let longer = [bytes.as_slice(), b" "].concat();
    assert!(Proof::parse(&longer).is_err());
}

#[test]
fn figures_that_a_stranger_seals_anew_fail() {
    let (world, _, parts) = published();
    let report = bent(&world, parts, |parts| {
        let id = parts.publication;
        let placed = find(parts, |s| matches!(s, Statement::Publication(p) if p.status.as_str() == "final"));
        let Statement::Publication(mut publication) = decode_statement(&placed.bytes).unwrap() else {
            unreachable!()
        };
        publication.figures.gate.excluding_uptake = "0.1".parse::<Co2e>().unwrap();
        placed.bytes = encode_statement(&publication.into()).unwrap();
        let leaf = statement_leaf(&placed.bytes);
        placed.seal = Seal::sign(&key(77), *placed.seal.ledger_id(), 0, &[leaf]).unwrap();
        assert_ne!(id.as_bytes(), &leaf);
        parts.publication = StatementId::from_bytes(leaf);
    });
    let fails = failing(&report);
    for name in
        ["publication-in-log", "signers-enrolled", "figures-recalculated", "figures-add-up", "assurance"]
    {
        assert!(fails.contains(&name), "{name} is not among {fails:?}");
    }
}

#[test]
fn a_statement_under_another_seal_fails() {
    let (world, _, parts) = published();
    let report = bent(&world, parts, |parts| {
        let placed = find(parts, |s| matches!(s, Statement::Publication(_)));
        let changed = String::from_utf8(placed.bytes.clone()).unwrap().replace("2026-05-01", "2029-05-01");
        placed.bytes = changed.into_bytes();
        parts.publication = StatementId::from_bytes(statement_leaf(&placed.bytes));
    });
    assert!(failing(&report).contains(&"publication-seal"), "{:?}", failing(&report));
}

#[test]
fn a_seal_of_another_ledger_fails() {
    let (world, _, parts) = published();
    let mut other = World::new(50);
    let (id, _) = other.life();
    let report = bent(&world, parts, |parts| {
        let theirs = other.ledger.sealed(&id).unwrap();
        let ours = find(parts, |s| matches!(s, Statement::Publication(_)));
        (ours.bytes, ours.seal, ours.path) = (theirs.bytes, theirs.seal, theirs.path);
        parts.publication = id;
    });
    let fails = failing(&report);
    for name in ["ledger-id", "publication-in-log", "signers-enrolled"] {
        assert!(fails.contains(&name), "{name} is not among {fails:?}");
    }
}

#[test]
fn undisclosed_statements_leave_the_figures_unchecked() {
    let (world, id, parts) = published();
    let used: std::collections::BTreeSet<_> = parts.used.all().copied().collect();
    let first = *used.first().unwrap();
    let some = gather(&world.ledger, parts.checkpoint.clone(), id, &used, |id| *id != first);
    let report = Proof::new(some).unwrap().verify(&world.trust());
    assert_eq!(report.verdict(), Verdict::Holds, "{:#?}", report.checks);
    assert_eq!(
        open(&report),
        ["figures-recalculated", "coverage", "states", "complete", "status", "split-view", "names"]
    );
    assert!(why(&report, "figures-recalculated").contains("of 2 used activities are shown"));
    let none = gather(&world.ledger, parts.checkpoint, id, &used, |_| false);
    let report = Proof::new(none).unwrap().verify(&world.trust());
    assert_eq!(report.verdict(), Verdict::Holds, "{:#?}", report.checks);
    assert_eq!(
        open(&report),
        ["figures-recalculated", "coverage", "states", "complete", "status", "split-view", "names"]
    );
}

#[test]
fn a_signer_whose_enrolment_is_left_out_is_unknown() {
    let (world, _, parts) = published();
    let report = bent(&world, parts, |parts| {
        let is_maker = |s: &Statement| matches!(s, Statement::Actor(a) if a.actor.as_str() == "maker");
        parts.statements.retain(|p| !is_maker(&decode_statement(&p.bytes).unwrap()));
    });
    assert!(why(&report, "signers-enrolled").contains("unknown"), "{}", why(&report, "signers-enrolled"));
    assert!(failing(&report).contains(&"figures-recalculated"));
}

#[test]
fn a_key_revoked_from_before_takes_the_publication_down() {
    let mut world = World::new(1);
    let (id, used) = world.life();
    let index = world.ledger.sealed(&id).unwrap().index;
    let history = world.ledger.book().actor_history(&"maker".parse().unwrap()).unwrap()[0];
    let revoked = json!([{"from": index.to_string(), "key": public(&world.maker).to_string()}]);
    let more =
        json!({"keys": [public(&key(80)).to_string()], "replaces": history.to_string(), "revoked": revoked});
    let newer = actor("maker", &key(80), world::MAKES, more);
    let operator = key_of(&world.operator);
    world.append(&operator, &[newer]);
    let report = world.proof(id, &used).verify(&world.trust());
    assert!(why(&report, "signers-enrolled").contains("revoked"), "{}", why(&report, "signers-enrolled"));
    assert!(failing(&report).contains(&"status"));
    // What was signed before the index it is revoked from stands.
    assert!(!failing(&report).contains(&"figures-recalculated"), "{:?}", failing(&report));

    // The history of an actor cannot be told without its middle.
    let again = {
        let history = world.ledger.book().actor_history(&"maker".parse().unwrap()).unwrap()[1];
        let more = json!({"keys": [public(&key(80)).to_string()], "replaces": history.to_string()});
        actor("maker", &key(80), world::MAKES, more)
    };
    world.append(&operator, &[again]);
    let mut parts = world.parts(id, &used);
    let middle = world.ledger.book().actor_history(&"maker".parse().unwrap()).unwrap()[1];
    parts.statements.retain(|p| statement_leaf(&p.bytes) != *middle.as_bytes());
    let report = Proof::new(parts).unwrap().verify(&world.trust());
    assert!(why(&report, "signers-enrolled").contains("is left out"), "{}", why(&report, "signers-enrolled"));
}

#[test]
fn a_key_revoked_from_now_on_leaves_what_it_signed() {
    let mut world = World::new(1);
    let (id, used) = world.life();
    let history = world.ledger.book().actor_history(&"maker".parse().unwrap()).unwrap()[0];
    let more = json!({"keys": [public(&key(80)).to_string()], "replaces": history.to_string()});
    let operator = key_of(&world.operator);
    world.append(&operator, &[actor("maker", &key(80), world::MAKES, more)]);
    let report = world.proof(id, &used).verify(&world.trust());
    assert_eq!(failing(&report), Vec::<&str>::new(), "{:#?}", report.checks);
}

#[test]
fn a_withdrawal_that_is_in_the_file_is_seen() {
    let mut world = World::new(1);
    let (id, used) = world.life();
    let maker = key_of(&world.maker);
    let withdrawal =
        statement("withdrawal", "maker", json!({"reason": "wrong", "statement": id.to_string()}));
    let receipt = world.ledger.append(&maker, 0, &[withdrawal]).unwrap();
    let mut parts = world.parts(id, &used);
    assert_eq!(Proof::new(parts.clone()).unwrap().verify(&world.trust()).verdict(), Verdict::Holds);
    parts.statements.push(world::place(&world.ledger, &receipt.ids[0]));
    let report = Proof::new(parts).unwrap().verify(&world.trust());
    assert_eq!(failing(&report), ["status"]);
    assert!(why(&report, "status").contains("withdrawn"));
}

#[test]
fn a_used_statement_from_after_the_log_it_rests_on_fails() {
    let mut world = World::new(1);
    let (mut publication, used) = world.figures("final");
    // It claims to rest on a log from before its last activity.
    let size = world.ledger.size() - 1;
    publication.log.size = size.to_string().parse().unwrap();
    publication.log.root =
        pcf_ledger::model::Digest::from_bytes(world.ledger.book().root_at(size).unwrap().unwrap());
    let maker = key_of(&world.maker);
    let receipt = world.ledger.append(&maker, 0, &[publication.into()]).unwrap();
    let report = world.proof(receipt.ids[0], &used).verify(&world.trust());
    assert_eq!(failing(&report), ["disclosed-statements", "figures-recalculated", "coverage"]);
    assert!(why(&report, "disclosed-statements").contains("expected below 4"));
}

#[test]
fn every_path_is_checked() {
    let (world, _, parts) = published();
    let fails = |bend: &dyn Fn(&mut Parts)| failing(&bent(&world, parts.clone(), bend));
    assert!(fails(&|p| p.consistency[0][0] ^= 1).contains(&"consistency"));
    assert!(
        fails(&|p| {
            p.consistency.pop();
        })
        .contains(&"consistency")
    );
    for place in 0..parts.statements.len() {
        let changed = fails(&|p: &mut Parts| {
            let index = p.statements[place].index;
            for placed in p.statements.iter_mut().filter(|placed| placed.index == index) {
                placed.log_path[0][31] ^= 1;
            }
        });
        assert!(changed.contains(&"signers-enrolled"), "log path {place}: {changed:?}");
        if !parts.statements[place].path.is_empty() {
            let changed = fails(&|p: &mut Parts| p.statements[place].path[0][31] ^= 1);
            assert!(changed.contains(&"signers-enrolled"), "path {place}: {changed:?}");
        }
    }
}

#[test]
fn an_assurance_of_other_figures_is_none() {
    let mut world = World::new(1);
    let (id, used) = world.publish("final");
    let other = pcf_ledger::model::Digest::from_bytes([7; 32]);
    let auditor = key_of(&world.auditor);
    let assurance = world.assurance(&other, json!({}));
    let receipt = world.ledger.append(&auditor, 0, &[assurance]).unwrap();
    let mut parts = world.parts(id, &used);
    parts.statements.push(world::place(&world.ledger, &receipt.ids[0]));
    let enrolment = world.ledger.book().actor_history(&"auditor".parse().unwrap()).unwrap()[0];
    parts.statements.push(world::place(&world.ledger, &enrolment));
    let report = Proof::new(parts).unwrap().verify(&world.trust());
    assert_eq!(failing(&report), ["assurance"]);
    assert!(!report.assurances[0].names_these_figures);
}

#[test]
fn an_adverse_opinion_fails() {
    let mut world = World::new(1);
    let (id, used) = world.publish("final");
    let Statement::Publication(publication) = world.ledger.statement(&id).unwrap() else { unreachable!() };
    let digest = figures_digest(&publication).unwrap();
    let auditor = key_of(&world.auditor);
    let assurance =
        world.assurance(&digest, json!({"opinion": "adverse", "findings": ["a meter was read twice"]}));
    world.append(&auditor, &[assurance]);
    let report = world.proof(id, &used).verify(&world.trust());
    assert_eq!(failing(&report), ["assurance"]);
}

#[test]
fn a_list_of_used_statements_that_is_one_short_fails() {
    let (world, _, parts) = published();
    let report = bent(&world, parts, |parts| {
        parts.used.activities.pop_last();
    });
    assert!(failing(&report).contains(&"used-set"));
    assert!(failing(&report).contains(&"disclosed-statements"));
}

#[test]
fn figures_that_were_sealed_wrong_fail_though_everything_is_signed() {
    let mut world = World::new(1);
    let (mut publication, used) = world.figures("final");
    let less: Co2e = "-1".parse().unwrap();
    let halve = |set: &mut pcf_ledger::model::FigureSet| {
        let category = pcf_ledger::model::Category::Fossil;
        set.categories[category] = set.categories[category].plus(less).unwrap();
        *set = pcf_ledger::model::FigureSet::new(set.categories).unwrap();
    };
    halve(&mut publication.figures.gate);
    halve(
        &mut publication
            .figures
            .stages
            .iter_mut()
            .find(|s| s.stage.as_str() == "production")
            .unwrap()
            .figures,
    );
    halve(&mut publication.figures.processes[0].figures);
    let maker = key_of(&world.maker);
    let receipt = world.ledger.append(&maker, 0, &[publication.into()]).unwrap();
    let report = world.proof(receipt.ids[0], &used).verify(&world.trust());
    assert_eq!(failing(&report), ["figures-recalculated"], "{:#?}", report.checks);
}

#[test]
fn figures_that_do_not_add_up_are_seen_without_the_statements() {
    let mut world = World::new(1);
    let (mut publication, used) = world.figures("final");
    publication.figures.gate.categories = Default::default();
    publication.figures.gate = pcf_ledger::model::FigureSet::new(Default::default()).unwrap();
    let maker = key_of(&world.maker);
    let receipt = world.ledger.append(&maker, 0, &[publication.into()]).unwrap();
    let note = world.ledger.sign_checkpoint(&world.log, &[]).unwrap().note().to_string();
    let parts = gather(&world.ledger, note, receipt.ids[0], &used, |_| false);
    let report = Proof::new(parts).unwrap().verify(&world.trust());
    assert_eq!(failing(&report), ["figures-add-up"]);
}

#[test]
fn a_new_log_key_counts_through_its_authority_statement_only() {
    let mut world = World::new(1);
    let (id, used) = world.life();
    let old = world.trust();
    let before = world.parts(id, &used);
    let new = key(90);
    let authority = statement("authority", "operator", json!({"logKey": public(&new).to_string()}));
    let operator = key_of(&world.operator);
    let receipt = world.ledger.append(&operator, 0, &[authority]).unwrap();
    world.log = new;
    let parts = world.parts(id, &used);
    let proof = Proof::new(parts.clone()).unwrap();
    assert_eq!(proof.verify(&world.trust()).verdict(), Verdict::Holds);
    // The old key alone is not enough: anybody can write a genesis that names it.
    assert_eq!(failing(&proof.verify(&old)), ["trust-anchor"]);
    let both = Trust { ledger_id: Some(world.ledger.id()), ..old.clone() };
    assert_eq!(proof.verify(&both).verdict(), Verdict::Holds);
    // Without the statement the new key is nobody's.
    let mut without = parts;
    without.statements.retain(|p| statement_leaf(&p.bytes) != *receipt.ids[0].as_bytes());
    let report = Proof::new(without).unwrap().verify(&both);
    assert_eq!(failing(&report), ["checkpoint-signature"]);
    // A proof from before stays what it was.
    assert_eq!(Proof::new(before).unwrap().verify(&old).verdict(), Verdict::Holds);
}

#[test]
fn witnesses_that_the_reader_names_must_have_cosigned() {
    let (world, _, mut parts) = published();
    let witness = |n: u8| {
        let name = format!("witness.example/{n}");
        VerifierKey::new(&name, KeyKind::Cosignature, key(n).verifying_key()).unwrap()
    };
    let mut note = Note::parse(parts.checkpoint.as_bytes()).unwrap();
    note.cosign("witness.example/60", &key(60), 1_760_000_100).unwrap();
    parts.checkpoint = note.to_string();
    let proof = Proof::new(parts).unwrap();
    let with = |witnesses: Vec<VerifierKey>| proof.verify(&Trust { witnesses, ..world.trust() });
    assert_eq!(open(&with(vec![witness(60)])), ["states", "complete", "status", "names"]);
    assert_eq!(failing(&with(vec![witness(60), witness(61)])), ["split-view"]);
}

#[test]
fn below_the_quorum_of_the_readers_policy_a_proof_fails() {
    let (world, _, mut parts) = published();
    let mut note = Note::parse(parts.checkpoint.as_bytes()).unwrap();
    let mut lines = String::new();
    for n in [60, 61, 62] {
        let name = format!("witness.example/{n}");
        let witness = VerifierKey::new(&name, KeyKind::Cosignature, key(n).verifying_key()).unwrap();
        lines.push_str(&format!("witness w{n} {witness}\n"));
        if n < 62 {
            note.cosign(&name, &key(n), 1_760_000_100).unwrap();
        }
    }
    parts.checkpoint = note.to_string();
    let proof = Proof::new(parts).unwrap();
    let with = |more: &str| {
        let policy = Policy::parse(format!("{lines}{more}").as_bytes()).unwrap();
        proof.verify(&Trust { policy: Some(policy), ..world.trust() })
    };
    let report = with("group g 2 w60 w61 w62\nquorum g\n");
    assert_eq!(open(&report), ["states", "complete", "status", "names"]);
    let seen = &report.check("split-view").unwrap().detail;
    assert_eq!(seen, "of the policy's witnesses w60, w61 cosigned, and it asks for 2 of (w60, w61, w62)");
    let report = with("group g all w60 w61 w62\nquorum g\n");
    assert_eq!(failing(&report), ["split-view"]);
    assert!(why(&report, "split-view").contains("got those of w60, w61"));
    assert_eq!(
        open(&with("quorum none\n")),
        ["states", "complete", "status", "split-view", "names"],
        "which asks for nothing"
    );
    let other = VerifierKey::new("other.example", KeyKind::Ed25519, key(63).verifying_key()).unwrap();
    assert_eq!(failing(&with(&format!("log {other}\nquorum w60\n"))), ["split-view"], "another log's policy");
}

#[test]
fn a_checkpoint_from_before_the_publication_does_not_prove_it() {
    let mut world = World::new(1);
    let early = world.ledger.sign_checkpoint(&world.log, &[]).unwrap().note().to_string();
    let (id, used) = world.life();
    let report = bent(&world, world.parts(id, &used), |parts| parts.checkpoint = early);
    assert!(failing(&report).contains(&"publication-in-log"));
}

#[test]
fn two_things_at_one_place_are_refused() {
    let (world, _, parts) = published();
    let mut doubled = parts.clone();
    let mut twin = doubled.statements[1].clone();
    doubled.statements.push(twin.clone());
    assert!(Proof::new(doubled.clone()).is_ok(), "the same thing twice is one thing");
    twin.log_path = inclusion_proof(&world.ledger.leaves(), 0, world.ledger.size()).unwrap();
    twin.log_path.push([0; 32]);
    doubled.statements.push(twin);
    let error = Proof::new(doubled).unwrap_err().to_string();
    assert!(error.contains("one seal and path at an index"), "{error}");
    let mut lost = parts;
    lost.statements.retain(|p| p.index > 0);
    assert!(Proof::new(lost).unwrap_err().to_string().contains("expected the genesis"));
}

/// After a change to a version that was never released, `PCF_UPDATE_BUNDLE=1 cargo test --test
/// proof` writes the stored proof anew. One that was
/// released is never replaced.
fn stored_proof() -> (Vec<u8>, String) {
    let (proof, key) = ("tests/vectors/bundle/casing.pcfproof", "tests/vectors/bundle/casing.vkey");
    static WRITTEN: std::sync::Once = std::sync::Once::new();
    WRITTEN.call_once(|| {
        if std::env::var_os("PCF_UPDATE_BUNDLE").is_some() {
            let (world, _, parts) = published();
            std::fs::write(proof, Proof::new(parts).unwrap().to_bytes().unwrap()).unwrap();
            std::fs::write(key, world.ledger.verifier_key().unwrap().to_string()).unwrap();
        }
    });
    (std::fs::read(proof).unwrap(), std::fs::read_to_string(key).unwrap())
}

#[test]
fn a_proof_of_version_1_reads_as_it_did() {
    let (bytes, key) = stored_proof();
    let proof = Proof::parse(&bytes).unwrap();
    assert_eq!(proof.to_bytes().unwrap(), bytes);
    let trust = Trust { log_key: Some(key.parse().unwrap()), ..Trust::default() };
    let report = proof.verify(&trust);
    assert_eq!(report.verdict(), Verdict::Holds, "{:#?}", report.checks);
    assert_eq!(open(&report), ["states", "complete", "status", "split-view", "names"]);
}

#[test]
fn the_printed_python_verifies_what_this_program_verifies() {
    if !required(&["python3", "openssl"]) {
        return;
    }
    let document = include_str!("../../schemas/proof.md");
    let script = document.split("```python\n").nth(1).unwrap().split("```\n").next().unwrap();
    let (stored, key) = stored_proof();
    let key = key.splitn(3, '+').nth(2).unwrap();
    let run = |file: &std::path::Path| {
        let mut python = std::process::Command::new("python3");
        python.arg("-c").arg(script).arg(file).arg(key).output().unwrap()
    };
    let good = run("tests/vectors/bundle/casing.pcfproof".as_ref());
    assert!(good.status.success(), "{}", String::from_utf8_lossy(&good.stderr));
    assert!(String::from_utf8_lossy(&good.stdout).contains("gate 11.417598611111111 kg CO2e"));
    let text = String::from_utf8(stored).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let bent = directory.path().join("bent.pcfproof");
    std::fs::write(&bent, text.replace("11.417598611111111", "11.417598611111112")).unwrap();
    assert!(!run(&bent).status.success());
}
