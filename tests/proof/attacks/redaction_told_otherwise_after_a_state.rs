//! Who owns the files redacts an activity and keeps other facts of it than there were: a state from before knows them.

use pcf_ledger::audit::Report;
use pcf_ledger::codec::encode_kept;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::Digest;
use pcf_ledger::store::Store as _;
use pcf_testing::{BOLT, OPERATOR, SCREW, activity, fill, genesis, key, product, submission, submit};
use serde_json::json;

use super::hall::{audited, finds, forged, place, redaction, stays, store_of, submissions};

/// The audit of a ledger, with a state or without, in which bolt's activity is announced and redacted as one of another product.
fn told_otherwise(with_state: bool) -> Report {
    let mut ledger = Ledger::in_memory(genesis(), &key(OPERATOR), 0).unwrap();
    fill(&mut ledger);
    // Of the second screw there is no activity.
    let other = "urn:pact:bolt.example:product-id:other-screw";
    submit(&mut ledger, BOLT, &[product("bolt", &[SCREW], &["bolt"]), product("bolt", &[other], &["bolt"])]);
    submit(&mut ledger, BOLT, &[activity("bolt", &[SCREW])]);
    let target = ledger.book().all_entries().map(Result::unwrap).last().unwrap().id;
    let (id, mut lie) = (*ledger.id().as_bytes(), stays(&ledger, &target));
    if with_state {
        let size = ledger.size();
        let root = Digest::from_bytes(ledger.book().state_at(size).unwrap().root());
        submit(
            &mut ledger,
            OPERATOR,
            &[json!({"type": "state", "by": "operator", "size": size.to_string(), "root": root})],
        );
    }
    lie.facts.activity.as_mut().unwrap().products = vec![other.parse().unwrap()];
    let lie = encode_kept(&lie).unwrap();
    let mut all = submissions(&store_of(&ledger));
    all.push(submission(id, OPERATOR, &[redaction(&target, &lie)]));
    let mut store = forged(id, &all);
    store.redact(place(&store, &target), &lie).unwrap();
    audited(&store)
}

#[test]
fn an_earlier_state_shows_that_the_facts_are_others() {
    // Without one nobody can see it from these files alone.
    assert!(told_otherwise(false).holds());
    finds(&told_otherwise(true), "states", "expected the root");
}
