//! The proof of a publication is made and verified before the publication is appended.

use pcf_ledger::model::{Period, PublicationStatus, Statement};
use pcf_ledger::proof::{Outcome, Proof, Report, Verdict};
use pcf_ledger::publish::{self, Disclosure, Order, Prepared, Signers};
use pcf_testing::world::{CASING, World, key_of, statement};
use serde_json::json;

/// When everything is signed.
const NOW: u64 = 1_760_000_000;

fn prepared(world: &World) -> Prepared {
    let period: Period = serde_json::from_value(json!({"start": "2025-01-01", "end": "2025-04-01"})).unwrap();
    let created = "2025-05-01T00:00:00Z".parse().unwrap();
    let mut order =
        Order::draft(CASING.parse().unwrap(), period, created, *b"0123456789abcdef0123456789abcdef").unwrap();
    order.status = PublicationStatus::Final;
    publish::prepare(&world.ledger, &order).unwrap()
}

fn rehearsed(world: &World, prepared: &Prepared, with_state: bool, disclosure: &Disclosure) -> Proof {
    let operator = with_state.then_some(&world.operator);
    let signers = Signers { publisher: &world.maker, log: &world.log, operator };
    publish::rehearse(&world.ledger, prepared, signers, NOW, disclosure).unwrap()
}

fn failing(report: &Report) -> Vec<&'static str> {
    let fails = report.checks.iter().filter(|check| matches!(check.outcome, Outcome::Fails(_)));
    fails.map(|check| check.name).collect()
}

#[test]
fn the_rehearsed_proof_is_the_one_that_is_made() {
    for disclosure in [Disclosure::all(), Disclosure::default()] {
        let mut world = World::new(1);
        let prepared = prepared(&world);
        let size = world.ledger.size();
        let rehearsed = rehearsed(&world, &prepared, false, &disclosure);
        assert_eq!(world.ledger.size(), size, "nothing is appended");
        let maker = key_of(&world.maker);
        world.ledger.append(&maker, NOW, &[prepared.publication.clone().into()]).unwrap();
        let checkpoint = world.ledger.sign_checkpoint(&world.log, &[]).unwrap();
        let footprint = &prepared.publication.footprint;
        let made = publish::gather(&world.ledger, footprint, &checkpoint, &disclosure).unwrap();
        assert_eq!(rehearsed.to_bytes().unwrap(), Proof::new(made).unwrap().to_bytes().unwrap());
    }
}

#[test]
fn a_rehearsed_proof_with_the_operators_state_says_that_it_is_complete() {
    let world = World::new(1);
    let report = rehearsed(&world, &prepared(&world), true, &Disclosure::all()).verify(&world.trust());
    assert_eq!(report.verdict(), Verdict::Holds, "{:#?}", report.checks);
    assert_eq!(report.check("complete").unwrap().outcome, Outcome::Holds);
}

#[test]
fn figures_that_do_not_add_up_fail_before_they_are_appended() {
    let world = World::new(1);
    let mut prepared = prepared(&world);
    let twice = prepared.publication.figures.processes.first().unwrap().clone();
    prepared.publication.figures.processes.push(twice);
    let report = rehearsed(&world, &prepared, false, &Disclosure::all()).verify(&world.trust());
    assert_eq!(failing(&report), ["figures-recalculated", "figures-add-up"]);
}

#[test]
fn what_a_process_used_and_its_bill_of_materials_are_one_process_of_the_figures() {
    let mut world = World::new(1);
    let paint: Statement = statement(
        "activity",
        "maker",
        json!({
            "stage": "production", "process": "die casting", "recipe": true,
            "flows": [{"name": "paint oven", "kind": "energy", "amount": "0.1", "unit": "kWh", "factor": "grid", "data": "primary"}],
            "period": {"start": "2025-01-01", "end": "2025-04-01"},
            "outputs": [{"product": CASING, "amount": "1", "unit": "kg"}],
        }),
    );
    let maker = key_of(&world.maker);
    world.ledger.append(&maker, NOW, &[paint]).unwrap();
    let prepared = prepared(&world);
    assert_eq!(prepared.publication.figures.processes.len(), 1);
    let report = rehearsed(&world, &prepared, true, &Disclosure::all()).verify(&world.trust());
    assert_eq!(failing(&report), Vec::<&str>::new());
}
