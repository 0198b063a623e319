//! Where proofs are attacked: what a report says, and a publication whose proof is to be bent.

use pcf_ledger::model::{Statement, StatementId, StatementKind};
use pcf_ledger::proof::{Outcome, Parts, Report, Verdict};
use pcf_ledger::publish;
use pcf_testing::world::{World, key_of};

pub fn failing(report: &Report) -> Vec<&'static str> {
    let fails = report.checks.iter().filter(|check| matches!(check.outcome, Outcome::Fails(_)));
    fails.map(|check| check.name).collect()
}

pub fn why(report: &Report, name: &str) -> String {
    match &report.check(name).unwrap().outcome {
        Outcome::Fails(why) | Outcome::NotChecked(why) => why.clone(),
        Outcome::Holds => String::new(),
    }
}

/// A draft, its assurance and its final; the final's id and the parts of its proof.
pub fn published(seed: u8) -> (World, StatementId, Parts) {
    let mut world = World::new(seed);
    let (id, used) = world.life();
    let parts = world.parts(id, &used);
    (world, id, parts)
}

/// The verifier says no, and this check is among those that say why.
#[track_caller]
pub fn refuses(report: &Report, name: &str, part: &str) {
    assert_eq!(report.verdict(), Verdict::Fails);
    assert!(failing(report).contains(&name), "{name} is not among {:?}", failing(report));
    assert!(why(report, name).contains(part), "{name}: {}", why(report, name));
}

/// The operator says what holds of every size that calls for it; the parts of the final's proof as the log is then.
pub fn state(world: &mut World) -> Parts {
    let due = publish::states_due(&world.ledger).unwrap();
    let salt = |size: u64| pcf_testing::salt_of(u8::try_from(size).unwrap());
    let said = due.iter().map(|size| publish::state_of(&world.ledger, *size, salt(*size)).unwrap());
    let said: Vec<Statement> = said.map(Statement::from).collect();
    let operator = key_of(&world.operator);
    world.append(&operator, &said);
    let checkpoint = world.ledger.sign_checkpoint(&world.log, &[]).unwrap();
    let id = "3f0a7c3e-0000-4000-8000-000000000002".parse().unwrap();
    publish::gather(&world.ledger, &id, &checkpoint, &publish::Disclosure::all()).unwrap()
}

/// The maker corrects its newest activity: one flow less, so that the figures are lower.
pub fn lower_the_figures(world: &mut World) {
    let entries = world.ledger.book().all_entries().map(Result::unwrap);
    let activity = entries.filter(|entry| entry.kind == StatementKind::Activity).last().unwrap().id;
    let Statement::Activity(mut lower) = world.ledger.statement(&activity).unwrap() else { unreachable!() };
    lower.flows.pop();
    lower.replaces = Some(activity);
    let maker = key_of(&world.maker);
    world.append(&maker, &[lower.into()]);
}

/// As [`published`], with states.
pub fn stated(seed: u8) -> (World, Parts) {
    let mut world = World::new(seed);
    world.life();
    let parts = state(&mut world);
    (world, parts)
}
