//! A submission that an actor signed for one ledger, handed in at another in which the same key is enrolled.

use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::Statement;
use pcf_ledger::store::memory::MemoryStore;
use pcf_testing::{
    ACME, BOLT, OPERATOR, actor, factor, genesis_value, key, statement, submission, submit, with,
};

use super::hall::{audited, finds, forged, has, ledger, submissions};

/// Another ledger of the same operator and actors.
fn other() -> Ledger<MemoryStore> {
    let value = with(genesis_value(), "origin", "example.com/other");
    let Statement::Ledger(genesis) = statement(value) else { unreachable!() };
    let mut ledger = Ledger::in_memory(genesis, &key(OPERATOR), 0).unwrap();
    submit(&mut ledger, OPERATOR, &[actor("acme", &[ACME]), actor("bolt", &[BOLT])]);
    ledger
}

#[test]
fn the_door_names_both_ledgers() {
    let (mut here, mut there) = (ledger(), other());
    let signed = submission(*there.id().as_bytes(), ACME, &[factor("acme", "steel")]);
    there.submit(&signed).unwrap();
    let refusal = here.submit(&signed).unwrap_err().to_string();
    has(&refusal, &format!("the seal is for ledger {}, this is ledger {}", there.id(), here.id()));
}

#[test]
fn written_past_the_door_the_audit_finds_it() {
    let (here, there) = (ledger(), other());
    let id = *here.id().as_bytes();
    let mut all = submissions(&here.into_store());
    all.push(submission(*there.id().as_bytes(), ACME, &[factor("acme", "steel")]));
    finds(&audited(&forged(id, &all)), "ledger-id", "the seal is for ledger");
}
