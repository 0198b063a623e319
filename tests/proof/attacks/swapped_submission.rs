//! A sealed submission under other statements.

use pcf_ledger::ledger::Submission;
use pcf_ledger::sign::Seal;
use pcf_testing::{ACME, factor, submission};

use super::hall::ledger;

#[test]
fn a_replay_of_a_submission_under_other_statements() {
    let mut ledger = ledger();
    let honest = submission(*ledger.id().as_bytes(), ACME, &[factor("acme", "steel")]);
    ledger.submit(&honest).unwrap();
    let other = submission(*ledger.id().as_bytes(), ACME, &[factor("acme", "brass")]);
    let mixed = Submission { seal: honest.seal, statements: other.statements };
    assert!(ledger.submit(&mixed).is_err());
    let mut bent = honest.seal.to_bytes();
    bent[183] ^= 1;
    let bent = Submission { seal: Seal::parse(&bent).unwrap(), statements: honest.statements.clone() };
    assert!(ledger.submit(&bent).is_err(), "a seal that is not signed is answered as if it were in the log");
    assert!(ledger.submit(&honest).unwrap().already);
}
