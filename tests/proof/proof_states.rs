//! States in a proof show whether a publication is current and complete, as the operator's claim,
//! and every bent state is refused.

use std::collections::BTreeSet;

use pcf_ledger::admission::state::{EntryKind, Value, key_of};
use pcf_ledger::codec::{figures_digest, statement_leaf};
use pcf_ledger::limits::PROOF_ENTRIES_MAX;
use pcf_ledger::model::{FootprintId, Statement, StatementId, StatementKind};
use pcf_ledger::proof::{Outcome, Parts, Pin, Pins, Proof, Report, ShownState, Subjects, Trust, Verdict};
use pcf_ledger::publish::{Disclosure, gather, gather_after, state_of, states_due};
use pcf_testing::tools::required;
use pcf_testing::world;
use pcf_testing::world::{INGOT, MAKES, World, actor, key, key_of as again, public, statement};
use serde_json::json;

/// The UUID of the final publication of a [`World`].
const FINAL: &str = "3f0a7c3e-0000-4000-8000-000000000002";

fn footprint() -> FootprintId {
    FINAL.parse().unwrap()
}

/// The operator says what holds, of every size that calls for it.
fn state(world: &mut World) {
    let due = states_due(&world.ledger).unwrap();
    let said =
        due.iter().map(|size| state_of(&world.ledger, *size, pcf_testing::salt_of(*size as u8)).unwrap());
    let said: Vec<Statement> = said.map(Statement::from).collect();
    let operator = again(&world.operator);
    world.append(&operator, &said);
}

fn parts_with(world: &World, disclosure: &Disclosure) -> Parts {
    let checkpoint = world.ledger.sign_checkpoint(&world.log, &[]).unwrap();
    gather(&world.ledger, &footprint(), &checkpoint, disclosure).unwrap()
}

fn parts(world: &World) -> Parts {
    parts_with(world, &Disclosure::all())
}

fn verified(world: &World, parts: Parts) -> Report {
    let bytes = Proof::new(parts).unwrap().to_bytes().unwrap();
    let proof = Proof::parse(&bytes).unwrap();
    assert_eq!(proof.to_bytes().unwrap(), bytes);
    proof.verify(&world.trust())
}

/// A life, and what its operator says.
fn stated() -> (World, StatementId) {
    let mut world = World::new(1);
    let (id, _) = world.life();
    state(&mut world);
    (world, id)
}

fn failing(report: &Report) -> Vec<&'static str> {
    let fails = report.checks.iter().filter(|check| matches!(check.outcome, Outcome::Fails(_)));
    fails.map(|check| check.name).collect()
}

/// What a check says, whatever came of it.
fn said(report: &Report, name: &str) -> String {
    report.check(name).unwrap().to_string()
}

#[track_caller]
fn says(report: &Report, name: &str, part: &str) {
    assert!(said(report, name).contains(part), "expected `{part}` in {}", said(report, name));
}

#[track_caller]
fn refuses(report: &Report, name: &str, part: &str) {
    assert_eq!(report.verdict(), Verdict::Fails, "{:#?}", report.checks);
    assert!(matches!(report.check(name).unwrap().outcome, Outcome::Fails(_)), "{:?}", failing(report));
    says(report, name, part);
    assert!(!said(report, "status").contains("current") || name != "status", "{}", said(report, "status"));
}

/// An activity of the ingot over another quarter.
fn other_quarter() -> Statement {
    let power = json!({"name": "power", "kind": "energy", "amount": "1", "unit": "kWh", "factor": "grid", "data": "primary"});
    statement(
        "activity",
        "supplier",
        json!({
            "stage": "production", "process": "smelting", "flows": [power],
            "period": {"start": "2024-01-01", "end": "2024-04-01"},
            "outputs": [{"product": INGOT, "amount": "1200", "unit": "kg"}],
        }),
    )
}

fn withdraw(world: &mut World, by: &str, target: StatementId) -> StatementId {
    let signer = again(if by == "operator" { &world.operator } else { &world.maker });
    let said = statement("withdrawal", by, json!({"statement": target.to_string(), "reason": "a mistake"}));
    world.ledger.append(&signer, 0, &[said]).unwrap().ids[0]
}

fn used(world: &World, kind: StatementKind) -> StatementId {
    let (_, used) = world.figures("final");
    let is = |id: &&StatementId| world.ledger.book().entry(id).unwrap().unwrap().1.kind == kind;
    *used.iter().find(is).unwrap()
}

#[test]
fn a_proof_with_states_is_complete_and_current_and_says_whose_claim_that_is() {
    let (world, _) = stated();
    let report = verified(&world, parts(&world));
    assert_eq!(report.verdict(), Verdict::Holds, "{:#?}", report.checks);
    let claim = "the claim of the operator of ledger.example/log";
    says(&report, "status", &format!("status: holds: current as of size 8 of a log of 9; {claim}"));
    says(&report, "complete", &format!("complete: holds: 5 of 5 statements, as of size 7; {claim}"));
    let standing = report.standing.unwrap();
    assert!(standing.is_current && standing.superseded_by.is_none() && standing.vouched.is_none());
    let complete = report.completeness.unwrap();
    assert_eq!((complete.size, complete.used, complete.all), (7, 5, 5));
}

#[test]
fn without_a_state_nothing_is_current() {
    let mut world = World::new(1);
    world.life();
    let report = verified(&world, parts(&world));
    assert_eq!(report.verdict(), Verdict::Holds);
    assert!(report.checks.iter().all(|check| !check.to_string().contains("current")));
    assert!(report.standing.is_none() && report.completeness.is_none());
    says(&report, "states", "not checked: there is no state in this file");
    // A state from before the publication knows nothing of it.
    let mut world = World::new(1);
    state(&mut world);
    world.life();
    let report = verified(&world, parts(&world));
    says(
        &report,
        "status",
        "not checked: the newest state in this file, of size 5, does not reach the publication at index 8",
    );
    says(&report, "complete", "not checked: this file carries no state of size 8");
    assert!(report.checks.iter().all(|check| !check.to_string().contains("current")));
    // A proof that leaves its states out is one without.
    let (world, _) = stated();
    let mut left_out = parts(&world);
    left_out.states.clear();
    let report = verified(&world, left_out);
    assert!(report.checks.iter().all(|check| !check.to_string().contains("current")));
    assert_eq!(report.verdict(), Verdict::Holds);
}

#[test]
fn activities_that_are_not_in_the_figures_are_named() {
    let mut world = World::new(1);
    let supplier = again(&world.supplier);
    let other = world.ledger.append(&supplier, 0, &[other_quarter()]).unwrap().ids[0];
    world.life();
    state(&mut world);
    let honest = parts(&world);
    let report = verified(&world, honest.clone());
    assert_eq!(report.verdict(), Verdict::Holds);
    let why = "complete: holds: 5 of 6 statements, as of size 8; the others are 1 of another period";
    says(&report, "complete", why);
    assert_eq!(report.completeness.unwrap().missing, BTreeSet::from([other]));
    // Without its header nobody knows why it did not enter.
    let mut bare = honest.clone();
    bare.statements.retain(|placed| statement_leaf(&placed.bytes) != *other.as_bytes());
    let report = verified(&world, bare);
    assert_eq!(report.verdict(), Verdict::Holds);
    says(&report, "complete", "complete: not checked: 5 of 6 statements as of size 8");
    says(&report, "complete", &other.to_string());
    // A set that is not listed still says how many.
    let mut unlisted = honest;
    unlisted.states[0].entries.iter_mut().for_each(|shown| shown.ids = None);
    let report = verified(&world, unlisted);
    says(
        &report,
        "complete",
        "5 of 6 statements as of size 8: activities of the products in the figures that are not in them: up to 1 that are not listed",
    );
}

#[test]
fn a_proof_that_fails_elsewhere_is_neither_complete_nor_current() {
    let (world, _) = stated();
    let trust = Trust { ledger_id: Some(StatementId::from_bytes([1; 32])), ..Trust::default() };
    let report = Proof::new(parts(&world)).unwrap().verify(&trust);
    assert_eq!(failing(&report), ["trust-anchor"]);
    assert!(report.standing.is_none() && report.completeness.is_none());
}

#[test]
fn who_withholds_a_product_shows_nobody_that_none_of_its_activities_was_left_out() {
    let (world, _) = stated();
    let report = verified(&world, parts_with(&world, &Disclosure::default()));
    assert_eq!(report.verdict(), Verdict::Holds, "{:#?}", report.checks);
    says(&report, "status", "current as of size 8");
    says(
        &report,
        "complete",
        "not checked: 1 of 2 used activities are about products whose statements are not shown",
    );
    says(&report, "status", "that only withheld bodies name are not spoken of");
}

#[test]
fn an_old_proof_goes_on_holding_and_a_new_one_says_what_follows() {
    let (mut world, _) = stated();
    let old = Proof::new(parts(&world)).unwrap();
    let (mut later, _) = world.figures("final");
    later.footprint = "3f0a7c3e-0000-4000-8000-000000000003".parse().unwrap();
    (later.preceding, later.salt) = (vec![footprint()], pcf_testing::salt_of(9));
    let maker = again(&world.maker);
    let follower = world.ledger.append(&maker, 0, &[later.into()]).unwrap().ids[0];
    state(&mut world);
    let report = old.verify(&world.trust());
    says(&report, "status", "current as of size 8 of a log of 9");
    assert_eq!(report.verdict(), Verdict::Holds);
    let report = verified(&world, parts(&world));
    assert_eq!(report.verdict(), Verdict::Holds);
    says(
        &report,
        "status",
        &format!(
            "superseded by the footprint 3f0a7c3e-0000-4000-8000-000000000003 (statement {follower}), as of size 10"
        ),
    );
    says(&report, "complete", "5 of 5 statements, as of size 7");
    assert!(report.checks.iter().all(|check| !check.to_string().contains("current")));
    // Its figures are not in the file.
    let bytes = Proof::new(parts(&world)).unwrap().to_bytes().unwrap();
    assert!(!String::from_utf8(bytes).unwrap().contains("\\\"preceding\\\""));
    // Once the follower is withdrawn, nothing follows.
    withdraw(&mut world, "maker", follower);
    state(&mut world);
    says(&verified(&world, parts(&world)), "status", "current as of size 12");
}

#[test]
fn a_withdrawn_publication_fails_also_where_the_withdrawal_is_left_out() {
    let (mut world, id) = stated();
    let cause = withdraw(&mut world, "operator", id);
    state(&mut world);
    let honest = parts(&world);
    refuses(&verified(&world, honest.clone()), "status", &format!("withdrawn by the operator with {cause}"));
    let mut hidden = honest;
    hidden.statements.retain(|placed| statement_leaf(&placed.bytes) != *cause.as_bytes());
    refuses(&verified(&world, hidden), "status", &format!("{cause} ended it, says the state of size 10"));
}

#[test]
fn statements_that_ended_since_are_named_and_then_nothing_is_current() {
    let (mut world, _) = stated();
    let activity = used(&world, StatementKind::Activity);
    withdraw(&mut world, "operator", activity);
    state(&mut world);
    let report = verified(&world, parts(&world));
    assert_eq!(report.verdict(), Verdict::Holds);
    says(
        &report,
        "status",
        &format!(
            "neither replaced nor withdrawn as of size 10 of a log of 11; 1 of the statements it used no longer hold: {activity}"
        ),
    );
    assert_eq!(report.standing.unwrap().used_ended, [activity]);
    assert!(report.checks.iter().all(|check| !check.to_string().contains("current")));
}

#[test]
fn activities_that_were_said_since_are_counted_and_change_nothing() {
    let (mut world, _) = stated();
    let supplier = again(&world.supplier);
    world.append(&supplier, &[other_quarter()]);
    state(&mut world);
    let report = verified(&world, parts(&world));
    says(
        &report,
        "status",
        "current as of size 10 of a log of 11; 1 activities of its products were said since",
    );
    says(&report, "complete", "5 of 5 statements, as of size 7");
    assert_eq!(report.standing.unwrap().said_since, 1);
}

#[test]
fn a_revocation_that_is_cut_off_the_end_of_a_file_shows() {
    let (mut world, id) = stated();
    let live = *world.ledger.book().actor_history(&"maker".parse().unwrap()).unwrap().last().unwrap();
    let index = world.ledger.sealed(&id).unwrap().index.to_string();
    let revoked = json!([{"from": index, "key": public(&world.maker).to_string()}]);
    let renewed = actor("maker", &key(80), MAKES, json!({"replaces": live.to_string(), "revoked": revoked}));
    let operator = again(&world.operator);
    let cause = world.ledger.append(&operator, 0, &[renewed]).unwrap().ids[0];
    state(&mut world);
    let mut cut = parts(&world);
    cut.statements.retain(|placed| statement_leaf(&placed.bytes) != *cause.as_bytes());
    refuses(&verified(&world, cut), "status", "a later one is left out");
}

#[test]
fn an_authority_statement_that_is_left_out_shows() {
    let (mut world, _) = stated();
    // The recovery key of a world is its third.
    let newer = statement("authority", "recovery", json!({"recoveryKey": public(&key(90)).to_string()}));
    let cause = world.ledger.append(&key(3), 0, &[newer]).unwrap().ids[0];
    state(&mut world);
    assert_eq!(verified(&world, parts(&world)).verdict(), Verdict::Holds);
    let mut cut = parts(&world);
    cut.statements.retain(|placed| statement_leaf(&placed.bytes) != *cause.as_bytes());
    refuses(
        &verified(&world, cut),
        "status",
        "is not shown to know the 1 authority statements in this file and no other",
    );
}

#[test]
fn a_redacted_statement_still_counts() {
    let (mut world, _) = stated();
    let earlier = Proof::new(parts(&world)).unwrap();
    let activity = used(&world, StatementKind::Activity);
    let operator = again(&world.operator);
    let redaction = world.ledger.redaction(&activity, "a name".parse().unwrap(), pcf_testing::salt_of(7));
    world.ledger.redact(&operator, 0, redaction.unwrap()).unwrap();
    state(&mut world);
    let checkpoint = world.ledger.sign_checkpoint(&world.log, &[]).unwrap();
    let parts = gather_after(&world.ledger, &earlier, &checkpoint, &Disclosure::all()).unwrap();
    let report = verified(&world, parts);
    assert_eq!(report.verdict(), Verdict::Holds, "{:#?}", report.checks);
    says(&report, "complete", "5 of 5 statements, as of size 7");
    says(&report, "status", "current as of size 10");
    says(&report, "figures-recalculated", "not checked: the bodies of 1 of 2 used activities are shown");
}

#[test]
fn an_auditor_whose_key_is_pinned_lends_the_state_weight() {
    let mut world = World::new(1);
    world.publish("draft");
    state(&mut world);
    let (_, (_, root)) = world.ledger.book().states().unwrap().last_key_value().unwrap();
    let (draft, _) = world.figures("draft");
    let digest = figures_digest(&draft).unwrap();
    let opinion = world.assurance(&digest, json!({"stateRoot": root.to_string()}));
    let auditor = again(&world.auditor);
    let unknown = world.assurance(&digest, json!({"stateRoot": "00".repeat(32)}));
    let refused = world.ledger.append(&auditor, 0, &[unknown]).unwrap_err().to_string();
    assert!(refused.contains("which no state statement before this submission has"), "{refused}");
    world.append(&auditor, &[opinion]);
    world.publish("final");
    state(&mut world);
    // Nothing that a state speaks of changed since the draft, so the auditor's root is that of the final's states too.
    let proof = Proof::new(parts(&world)).unwrap();
    let report = proof.verify(&world.trust());
    says(&report, "status", "`auditor` names this state in its opinion, and no pinned key says who that is");
    assert!(!report.standing.unwrap().vouched.unwrap().is_pinned);
    let pin = Pin {
        actor: "auditor".parse().unwrap(),
        keys: vec![public(&world.auditor)],
        name: None,
        ledger: None,
    };
    let trust = Trust { pins: Pins::new(vec![pin]).unwrap(), ..world.trust() };
    let report = proof.verify(&trust);
    says(&report, "status", "and `auditor`, whose key is pinned, names this state in its opinion");
    says(&report, "complete", "and `auditor`, whose key is pinned, names this state in its opinion");
    // An opinion that was withdrawn lends nothing, also where the file does not say so.
    let opinion = world
        .ledger
        .book()
        .all_entries()
        .map(Result::unwrap)
        .find(|e| e.kind == StatementKind::Assurance)
        .unwrap()
        .id;
    let withheld = parts(&world)
        .statements
        .into_iter()
        .find(|p| statement_leaf(&p.bytes) == *opinion.as_bytes())
        .unwrap();
    let index = withheld.index;
    withdraw(&mut world, "operator", opinion);
    state(&mut world);
    assert!(said(&verified(&world, parts(&world)), "assurance").contains("there is no assurance"));
    let mut kept = parts(&world);
    let place = world::place(&world.ledger, &opinion);
    assert_eq!(place.index, index);
    kept.statements.push(place);
    kept.statements.push(world::place(
        &world.ledger,
        &world.ledger.book().actor_history(&"auditor".parse().unwrap()).unwrap()[0],
    ));
    refuses(&verified(&world, kept.clone()), "status", "is not shown to know the actor `auditor`");
    let size = *world.ledger.book().states().unwrap().last_key_value().unwrap().0;
    for shown in &mut kept.states {
        *shown = more_shown(&world, shown, size, &opinion);
    }
    refuses(&verified(&world, kept.clone()), "assurance", "ended it, says the newest state");
    // Not to show it is no way out.
    let gone = key_of(&opinion);
    kept.states[1].entries.retain(|shown| shown.entry.key != gone);
    refuses(&verified(&world, kept), "assurance", "is not shown to say whether");
}

/// The same state, of which a maker who has nothing to hide shows the auditor and the opinion too.
fn more_shown(world: &World, shown: &ShownState, newest: u64, opinion: &StatementId) -> ShownState {
    let book = world.ledger.book();
    let sizes = book.states().unwrap().iter().find(|(_, (id, _))| *id == shown.statement).unwrap();
    assert!(*sizes.0 <= newest);
    let (final_id, used) = (parts(world).publication, world.figures("final").1);
    let is_product = |id: &&StatementId| book.entry(id).unwrap().unwrap().1.kind == StatementKind::Product;
    let subjects = Subjects {
        ledger: world.ledger.id(),
        publication: Some(final_id),
        statements: used.iter().chain([opinion, &final_id]).copied().collect(),
        products: used.iter().filter(is_product).copied().collect(),
        actors: ["maker", "supplier", "auditor"].map(|name| name.parse().unwrap()).into(),
    };
    ShownState::of(&book.state_at(*sizes.0).unwrap(), shown.statement, &subjects).unwrap()
}

/// A world in which much is dead, and an actor came after the publication: its two states differ.
fn busy() -> (World, Parts) {
    let mut world = World::new(1);
    let supplier = again(&world.supplier);
    let mut gone = Vec::new();
    for n in 0..20 {
        let Statement::Activity(mut said) = other_quarter() else { unreachable!() };
        said.batch = Some(format!("b{n}").parse().unwrap());
        gone.push(world.ledger.append(&supplier, 0, &[said.into()]).unwrap().ids[0]);
    }
    for id in gone {
        withdraw(&mut world, "operator", id);
    }
    world.life();
    let late = actor("late", &key(77), MAKES, json!({}));
    let operator = again(&world.operator);
    world.append(&operator, &[late]);
    state(&mut world);
    let parts = parts(&world);
    assert_eq!(verified(&world, parts.clone()).verdict(), Verdict::Holds);
    assert_ne!(parts.states[0].count, parts.states[1].count);
    (world, parts)
}

fn bent(world: &World, parts: &Parts, bend: impl Fn(&mut Parts)) -> Result<Report, String> {
    let mut parts = parts.clone();
    bend(&mut parts);
    Proof::new(parts).map(|proof| proof.verify(&world.trust())).map_err(|error| error.to_string())
}

#[test]
fn what_is_bent_is_not_in_the_state() {
    let (world, parts) = busy();
    let fails = |bend: &dyn Fn(&mut Parts), check: &str, part: &str| {
        refuses(&bent(&world, &parts, bend).unwrap(), check, part);
    };
    let first =
        |kind: EntryKind| parts.states[0].entries.iter().position(|shown| shown.entry.kind == kind).unwrap();
    let (dead, product) = (first(EntryKind::Dead), first(EntryKind::Product));
    // A count, a root, an id, a key, a value, a hash of a path.
    fails(
        &|p| {
            let ids = p.states[0].entries[product].ids.as_mut().unwrap();
            ids.push(StatementId::from_bytes([255; 32]));
        },
        "states",
        "",
    );
    fails(
        &|p| {
            let shown = &mut p.states[0].entries[product];
            shown.ids = None;
            let Value::Set { count, .. } = &mut shown.entry.value else { unreachable!() };
            *count += 1;
        },
        "states",
        "the entry `product`",
    );
    fails(
        &|p| p.states[0].entries[dead].entry.value = Value::Statement(StatementId::from_bytes([1; 32])),
        "states",
        "the entry `dead`",
    );
    fails(&|p| p.states[0].entries[dead].path[0][0] ^= 1, "states", "the entry `dead`");
    fails(&|p| p.states[0].entries[dead].entry.key[31] ^= 1, "states", "the entry `dead`");
    fails(&|p| p.states[0].entries[dead].path.truncate(1), "states", "the entry `dead`");
    // The paths of another state, and the statement of another size.
    fails(&|p| p.states[0].entries = p.states[1].entries.clone(), "states", "the state of size");
    fails(
        &|p| {
            let [a, b] = &mut p.states[..] else { unreachable!() };
            std::mem::swap(&mut a.entries, &mut b.entries);
        },
        "states",
        "the state of size",
    );
    let swapped = bent(&world, &parts, |p| {
        let [a, b] = &mut p.states[..] else { unreachable!() };
        std::mem::swap(&mut a.statement, &mut b.statement);
    });
    assert!(swapped.unwrap_err().contains("a state of a size above the one before"));
    fails(
        &|p| {
            p.states.remove(0);
            p.states[0].statement = parts.states[0].statement;
        },
        "states",
        "the state of size",
    );
    // Another kind byte: where the order still stands, the leaf is another.
    let actor =
        parts.states[0].entries.iter().rposition(|shown| shown.entry.kind == EntryKind::Dead).unwrap();
    let swapped = bent(&world, &parts, |p| p.states[0].entries[actor].entry.kind = EntryKind::Actor);
    assert!(swapped.unwrap_err().contains("in the order of their places and of their keys"));
    let only = |p: &mut Parts| {
        p.states[0].entries.truncate(actor + 1);
        p.states[0].entries[actor].entry.kind = EntryKind::Actor;
    };
    fails(&only, "states", "the entry `actor`");
}

#[test]
fn what_is_left_out_is_not_taken_for_absent() {
    let (world, parts) = busy();
    // Something rests on each entry: without it, what must be shown is not.
    for state in 0..2 {
        for n in 0..parts.states[state].entries.len() {
            let report = bent(&world, &parts, |p| drop(p.states[state].entries.remove(n))).unwrap();
            assert_eq!(report.verdict(), Verdict::Fails, "state {state}, entry {n}");
        }
    }
}

#[test]
fn every_flipped_bit_of_a_state_shows() {
    let (world, parts) = busy();
    let bytes = Proof::new(parts).unwrap().to_bytes().unwrap();
    let honest = Proof::parse(&bytes).unwrap().verify(&world.trust());
    let text = String::from_utf8(bytes.clone()).unwrap();
    let from = text.find("\"states\":").unwrap();
    let until = from + text[from..].find("\"type\":\"footprintProof\"").unwrap();
    let counts: Vec<_> =
        text[from..until].match_indices("\"count\":\"").map(|(at, found)| from + at + found.len()).collect();
    let (mut read, mut harmless) = (0, 0);
    for place in from..until {
        let mut other = bytes.clone();
        other[place] ^= 1 << (place % 8);
        let Ok(proof) = Proof::parse(&other) else { continue };
        read += 1;
        let report = proof.verify(&world.trust());
        // How many entries there are is not signed: a number that fits all paths that are shown changes nothing of what they show.
        let is_count = counts.iter().any(|at| (*at..*at + 3).contains(&place));
        if is_count && report.verdict() == Verdict::Holds {
            assert_eq!((&report.standing, &report.completeness), (&honest.standing, &honest.completeness));
            harmless += 1;
            continue;
        }
        assert_eq!(report.verdict(), Verdict::Fails, "byte {place}");
    }
    assert!(read > 1_000 && harmless < 6, "{read} reached the checks, {harmless} changed nothing");
}

#[test]
fn caps_come_first() {
    let (world, parts) = busy();
    let many = bent(&world, &parts, |p| {
        let one = p.states[0].entries[0].clone();
        p.states[0].entries = vec![one; PROOF_ENTRIES_MAX + 1];
    });
    assert_eq!(many.unwrap_err(), "the proof: states[0].entries: expected at most 65536, got 65537");
    let deep = bent(&world, &parts, |p| p.states[0].entries[0].path = vec![[0; 32]; 64]);
    assert_eq!(deep.unwrap_err(), "the proof: states[0].entries[0].path: expected at most 63, got 64");
    let third = bent(&world, &parts, |p| p.states.push(p.states[1].clone()));
    assert_eq!(third.unwrap_err(), "the proof: states: expected at most 2, got 3");
    let unstated = bent(&world, &parts, |p| p.states[0].statement = p.publication);
    assert!(
        unstated.unwrap_err().contains("states[0].statement: expected the id of a state in `statements`")
    );
    let mixed = bent(&world, &parts, |p| p.states[0].entries[0].ids.as_mut().unwrap().reverse());
    assert!(mixed.is_ok(), "one id is sorted");
    let twice = bent(&world, &parts, |p| {
        let ids = p.states[0].entries[0].ids.as_mut().unwrap();
        ids.push(ids[0]);
    });
    assert!(twice.unwrap_err().contains("states[0].entries[0].ids: expected ids sorted, each once"));
    let key = key_of(&parts.publication);
    assert_ne!(parts.states[0].entries[0].entry.key, key);
}

#[test]
fn the_printed_python_checks_every_entry_of_a_state() {
    if !required(&["python3", "openssl"]) {
        return;
    }
    let (world, parts) = busy();
    let document = include_str!("../../schemas/proof.md");
    let script = document.split("```python\n").nth(1).unwrap().split("```\n").next().unwrap();
    let dir = tempfile::TempDir::new().unwrap();
    let (verifier, proof) = (dir.path().join("verify.py"), dir.path().join("a.pcfproof"));
    std::fs::write(&verifier, script).unwrap();
    let key = world.ledger.verifier_key().unwrap().to_string();
    let key = key.splitn(3, '+').nth(2).unwrap();
    let holds = |bytes: Vec<u8>| {
        std::fs::write(&proof, bytes).unwrap();
        let mut python = std::process::Command::new("python3");
        python.arg(&verifier).arg(&proof).arg(key).output().unwrap().status.success()
    };
    let bytes = |parts: Parts| Proof::new(parts).unwrap().to_bytes().unwrap();
    assert!(holds(bytes(parts.clone())));
    for kind in [EntryKind::Authority, EntryKind::Dead, EntryKind::Product, EntryKind::Actor] {
        let mut bent = parts.clone();
        let shown = bent.states[0].entries.iter_mut().find(|shown| shown.entry.kind == kind).unwrap();
        match &mut shown.ids {
            Some(ids) => ids.clear(),
            None => shown.entry.value = Value::Statement(StatementId::from_bytes([1; 32])),
        }
        assert!(!holds(bytes(bent)), "{kind}");
    }
}
