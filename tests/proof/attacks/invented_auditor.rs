//! The operator enrols an auditor of his own making, with a well-known name and a key of his own, and lets it assure the figures.

use pcf_ledger::proof::{Pins, Proof, Trust, Verdict};
use pcf_testing::world::{key, public};

use super::vault::{published, refuses, why};

#[test]
fn names_are_the_operators_claims_until_the_reader_pins_the_true_key() {
    let (world, _, parts) = published(1);
    let proof = Proof::new(parts).unwrap();
    let claimed = proof.verify(&world.trust());
    assert_eq!(claimed.verdict(), Verdict::Holds);
    assert!(claimed.check("assurance").unwrap().detail.contains("operator's claim"));
    assert!(why(&claimed, "names").contains("`auditor` (auditor Ltd)"), "{}", why(&claimed, "names"));
    // The true auditor's key came by the telephone.
    let text = |who: &str, more: &str| {
        format!("version = 1\n[[actor]]\nactor = \"{who}\"\nkeys = [\"{}\"]\n{more}", public(&key(99)))
    };
    for file in [text("auditor", ""), text("someone-else", "name = \"auditor Ltd\"")] {
        let trust = Trust { pins: Pins::from_toml(&file).unwrap(), ..world.trust() };
        refuses(&proof.verify(&trust), "names", "`auditor`");
    }
}
