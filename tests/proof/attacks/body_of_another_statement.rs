//! The body of one statement is put under the header of another: lower amounts, signed by the same person
//! for something else.

use pcf_ledger::codec::parts_of;
use pcf_ledger::ledger::{Ledger, LedgerError, Submission};
use pcf_ledger::proof::Proof;
use pcf_testing::{ACME, PUMP, activity, submission, with};
use serde_json::{Value, json};

use super::frames;
use super::hall::{audited, finds, forged, has, ledger, submissions};
use super::vault::published;

fn text(header: &[u8], body: &[u8]) -> Vec<u8> {
    [header, b"\n", body].concat()
}

/// Two activities under one seal, of two years, with their bodies changed for each other.
fn swapped(ledger_id: [u8; 32]) -> Submission {
    let year = |from: &str, to: &str, kwh: &str| {
        let mut value = with(activity("acme", &[PUMP]), "period", json!({"start": from, "end": to}));
        value["flows"][0]["amount"] = kwh.into();
        value
    };
    let values = [year("2023-01-01", "2024-01-01", "5000"), year("2022-01-01", "2023-01-01", "1")];
    let mut submission = submission(ledger_id, ACME, &values);
    let [one, other] = &submission.statements[..] else { unreachable!() };
    let ((a, Some(x)), (b, Some(y))) = (parts_of(one), parts_of(other)) else { unreachable!() };
    submission.statements = vec![text(a, y), text(b, x)];
    submission
}

#[test]
fn the_door_refuses_it_though_the_seal_holds() {
    let mut ledger = ledger();
    let bent = swapped(*ledger.id().as_bytes());
    let before = pcf_testing::seen(ledger.book());
    let error = ledger.submit(&bent).unwrap_err();
    has(&error.to_string(), "statement 1 of the submission: at body: expected the digest");
    assert_eq!(pcf_testing::seen(ledger.book()), before);
    let read = Submission::from_file(bent.to_file().unwrap().as_bytes());
    assert!(matches!(read, Err(LedgerError::SubmissionFile { line: 3, .. })), "{read:?}");
}

#[test]
fn written_past_the_door_the_audit_finds_it_and_no_ledger_opens_over_it() {
    let ledger = ledger();
    let id = *ledger.id().as_bytes();
    let mut all = submissions(&ledger.into_store());
    all.push(swapped(id));
    let store = forged(id, &all);
    let report = audited(&store);
    finds(&report, "bodies", "expected the digest");
    assert_eq!(report.check("bodies").unwrap().errors, 2);
    let Err(error) = Ledger::over_store(store) else { panic!("it opens") };
    has(&error.to_string(), "statement 1: at body: expected the digest");
}

#[test]
fn no_segment_may_hold_it() {
    let swap = |all: &mut Vec<frames::Frame>| {
        let (a, b) = (frames::newest(all, "activity") + 1, frames::newest(all, "factor") + 1);
        all.swap(a, b);
    };
    frames::refused(swap, "bodies", "expected the digest");
}

#[test]
fn no_proof_may_show_it() {
    let (_, _, parts) = published(1);
    let bytes = Proof::new(parts).unwrap().to_bytes().unwrap();
    let document: Value = serde_json::from_slice(&bytes).unwrap();
    let statements = document["statements"].as_array().unwrap();
    let with_body: Vec<usize> =
        (0..statements.len()).filter(|n| statements[*n].get("body").is_some()).collect();
    assert_eq!(with_body.len(), 4, "two activities, a factor and the publication");
    for a in &with_body {
        for b in with_body.iter().filter(|b| *b != a) {
            let mut bent = document.clone();
            bent["statements"][a]["body"] = document["statements"][b]["body"].clone();
            let error = Proof::parse(&serde_json::to_vec(&bent).unwrap()).unwrap_err();
            has(&error.to_string(), "at body: expected the digest");
        }
    }
}
