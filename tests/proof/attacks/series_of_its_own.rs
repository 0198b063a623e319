//! A second bill for the same flows at the same place, in a series of its own, so that it stands beside the
//! first.

use pcf_ledger::ledger::{Ledger, Shared, Submission};
use pcf_ledger::model::{Salt, Statement};
use pcf_ledger::store::memory::MemoryStore;
use pcf_testing::{ACME, PUMP, key, reading, seen, statement, submission, submit, with};
use serde_json::{Value, json};

use super::hall::{audited, finds, forged, has, ledger, store_of, submissions};

const OTHER: [u8; 16] = *b"another a series";
const WORDS: &str = "it reads the same flows at the same place as";

/// A bill of water of one month.
fn bill(month: u32) -> Value {
    let period = json!({"start": format!("2024-{month:02}-01"), "end": format!("2024-{:02}-01", month + 1)});
    with(reading("acme", PUMP, "water"), "period", period)
}

fn apart(month: u32) -> Value {
    with(bill(month), "series", Salt::from_bytes(OTHER))
}

fn sealed(ledger: &Ledger<MemoryStore>, values: &[Value]) -> Submission {
    submission(*ledger.id().as_bytes(), ACME, values)
}

#[test]
fn the_door_refuses_it_also_for_another_period_and_after_a_withdrawal() {
    let mut ledger = ledger();
    submit(&mut ledger, ACME, &[bill(1)]);
    let first = ledger.book().all_entries().map(Result::unwrap).last().unwrap().id;
    let before = seen(ledger.book());
    for month in [1, 2] {
        has(&ledger.submit(&sealed(&ledger, &[apart(month)])).unwrap_err().to_string(), WORDS);
    }
    assert_eq!(seen(ledger.book()), before);
    submit(&mut ledger, ACME, &[pcf_testing::withdrawal("acme", &first)]);
    has(&ledger.submit(&sealed(&ledger, &[apart(1)])).unwrap_err().to_string(), WORDS);
    submit(&mut ledger, ACME, &[bill(2)]);
}

#[test]
fn the_door_refuses_two_series_under_one_seal() {
    for values in [[bill(1), apart(2)], [bill(1), apart(1)]] {
        let mut ledger = ledger();
        let before = seen(ledger.book());
        has(&ledger.submit(&sealed(&ledger, &values)).unwrap_err().to_string(), WORDS);
        assert_eq!(seen(ledger.book()), before);
    }
}

#[test]
fn the_door_refuses_two_series_in_one_group() {
    let ledger = ledger();
    let (one, other) = (sealed(&ledger, &[bill(1)]), sealed(&ledger, &[apart(2)]));
    let shared = Shared::new(ledger);
    let held = shared.look(|_| ()).is_ok();
    let answers = std::thread::scope(|scope| {
        let all = [one, other].map(|submission| {
            let shared = shared.clone();
            scope.spawn(move || shared.submit(submission).map(|receipt| receipt.index))
        });
        all.map(|thread| thread.join().unwrap())
    });
    assert!(held);
    assert_eq!(answers.iter().filter(|answer| answer.is_err()).count(), 1, "{answers:?}");
}

#[test]
fn a_draft_joins_the_series_that_there_is() {
    let mut ledger = ledger();
    submit(&mut ledger, ACME, &[apart(1)]);
    let Statement::Activity(mut draft) = statement(bill(2)) else { unreachable!() };
    draft.series = None;
    let receipt = ledger.append(&key(ACME), 0, &[draft.into()]).unwrap();
    let Statement::Activity(said) = ledger.statement(&receipt.ids[0]).unwrap() else { unreachable!() };
    assert_eq!(said.series, Some(Salt::from_bytes(OTHER)));
}

#[test]
fn written_past_the_door_the_audit_finds_it() {
    let mut ledger = ledger();
    submit(&mut ledger, ACME, &[bill(1)]);
    let id = *ledger.id().as_bytes();
    let honest = submissions(&store_of(&ledger));
    for bent in [vec![apart(1)], vec![apart(2)], vec![bill(3), apart(4)]] {
        let mut all = honest.clone();
        all.push(submission(id, ACME, &bent));
        finds(&audited(&forged(id, &all)), "rules", WORDS);
    }
}
