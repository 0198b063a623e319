//! A body in a proof is changed by one byte, left out, or shown of a statement that no figure needs.

use pcf_ledger::model::{StatementId, StatementKind};
use pcf_ledger::proof::{Proof, Report, Verdict};
use pcf_testing::world::{World, place};
use serde_json::Value;

use super::hall::newest;
use super::vault::{failing, published, refuses, why};

fn document(parts: pcf_ledger::proof::Parts) -> Value {
    serde_json::from_slice(&Proof::new(parts).unwrap().to_bytes().unwrap()).unwrap()
}

fn verified(world: &World, document: &Value) -> Report {
    Proof::parse(&serde_json::to_vec(document).unwrap()).unwrap().verify(&world.trust())
}

/// The statements with a body, by number.
fn bodies(document: &Value) -> Vec<(usize, String)> {
    let statements = document["statements"].as_array().unwrap().iter().enumerate();
    statements.filter_map(|(n, s)| Some((n, s.get("body")?.as_str()?.to_owned()))).collect()
}

#[test]
fn no_flipped_byte_of_any_body_is_read() {
    let (world, _, parts) = published(1);
    let mut document = document(parts);
    let bodies = bodies(&document);
    assert_eq!(bodies.len(), 4);
    for (n, body) in &bodies {
        let mut flips = 0;
        for at in 0..body.len() {
            for bit in [1, 1 << (at % 7)] {
                let mut bent = body.clone().into_bytes();
                bent[at] ^= bit;
                document["statements"][n]["body"] = String::from_utf8(bent).unwrap().into();
                let answer = Proof::parse(&serde_json::to_vec(&document).unwrap());
                assert!(answer.is_err(), "statement {n}, byte {at} of its body");
                flips += 1;
            }
        }
        assert_eq!(flips, 2 * body.len());
        document["statements"][n]["body"] = body.as_str().into();
    }
    assert_eq!(verified(&world, &document).verdict(), Verdict::Holds);
}

#[test]
fn a_body_that_is_left_out_takes_its_amounts_with_it_and_no_figure_is_said_to_follow() {
    let (world, _, parts) = published(1);
    let whole = document(parts);
    for (n, body) in bodies(&whole) {
        if body.contains("publicationBody") {
            continue;
        }
        let mut bare = whole.clone();
        bare["statements"][n].as_object_mut().unwrap().remove("body");
        let report = verified(&world, &bare);
        assert_eq!(failing(&report), Vec::<&str>::new());
        assert_eq!((report.used, report.disclosed), (5, 4), "the header is shown, and is no disclosure");
        for check in ["figures-recalculated", "coverage"] {
            let outcome = &report.check(check).unwrap().outcome;
            assert!(matches!(outcome, pcf_ledger::proof::Outcome::NotChecked(_)), "{check}: {outcome:?}");
        }
        assert!(why(&report, "figures-recalculated").contains("of 2 used activities are shown"));
    }
}

#[test]
fn a_header_without_its_body_proves_its_place_all_the_same() {
    let (world, _, parts) = published(1);
    let mut bare = document(parts);
    let (n, _) = bodies(&bare)[0];
    bare["statements"][n].as_object_mut().unwrap().remove("body");
    let header = bare["statements"][n]["header"].as_str().unwrap().to_owned();
    let bent = header.replace("2025", "2024");
    let bent = if bent == header { header.replace("grid", "grit") } else { bent };
    assert_ne!(bent, header);
    bare["statements"][n]["header"] = bent.into();
    refuses(&verified(&world, &bare), "signers-enrolled", "its place under its seal is not proven");
}

#[test]
fn a_body_of_a_statement_that_is_not_used_is_refused() {
    let mut world = World::new(1);
    let used: StatementId = newest(&world.ledger, StatementKind::Activity);
    let earlier = |mut said: pcf_ledger::model::Activity| {
        said.period = "2024-01-01..2025-01-01".parse().unwrap();
        said
    };
    let Ok(pcf_ledger::model::Statement::Activity(said)) = world.ledger.statement(&used) else {
        unreachable!()
    };
    let maker = pcf_testing::world::key_of(&world.maker);
    world.append(&maker, &[earlier(said).into()]);
    let idle = newest(&world.ledger, StatementKind::Activity);
    let (id, used) = world.life();
    let mut parts = world.parts(id, &used);
    parts.statements.push(place(&world.ledger, &idle));
    let report = Proof::new(parts).unwrap().verify(&world.trust());
    refuses(&report, "disclosed-statements", &format!("statement {idle} is not among the used ones"));
}
