//! Where proofs are attacked: what a report says, and a publication whose proof is to be bent.

pub use pcf_ledger::bundle::{Outcome, Parts, Pins, Proof, Report, Trust, Verdict};
pub use pcf_ledger::codec::{figures_digest, leaf_hash};
pub use pcf_ledger::model::{Digest, Statement, StatementId};
pub use pcf_ledger::sign::Seal;
pub use serde_json::json;

pub use crate::world::*;

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
