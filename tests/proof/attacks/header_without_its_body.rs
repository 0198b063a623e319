//! A header is handed in without the body that it names: an amount that nobody can ever check, admitted as
//! if it were stated.

use pcf_ledger::codec::{decode_header, decode_statement, parts_of};
use pcf_ledger::ledger::{Ledger, Shared, Submission};
use pcf_testing::{ACME, PUMP, activity, factor, key, seen, submission, with};
use serde_json::json;

use super::frames::{self, Frame};
use super::hall::{DOCUMENT, DOCUMENT_ID, audited, finds, forged, has, ledger, received, submissions};

/// A submission of which only the headers are handed in.
fn bare(ledger_id: [u8; 32]) -> Submission {
    let earlier = json!({"start": "2023-01-01", "end": "2024-01-01"});
    let values = [
        with(activity("acme", &[PUMP]), "period", earlier),
        factor("acme", "steel"),
        received("acme", DOCUMENT, DOCUMENT_ID),
    ];
    let mut submission = submission(ledger_id, ACME, &values);
    for text in &mut submission.statements {
        *text = parts_of(text).0.to_vec();
        assert!(decode_header(text).is_ok() && decode_statement(text).is_err());
    }
    submission
}

#[test]
fn the_door_never_admits_it() {
    let mut ledger = ledger();
    let (bare, before) = (bare(*ledger.id().as_bytes()), seen(ledger.book()));
    for count in 1..=3 {
        let statements = bare.statements[..count].to_vec();
        let leaves: Vec<_> = statements.iter().map(|text| pcf_ledger::codec::statement_leaf(text)).collect();
        let seal = pcf_ledger::sign::Seal::sign(&key(ACME), *ledger.id().as_bytes(), 0, &leaves).unwrap();
        let error = ledger.submit(&Submission { seal, statements }).unwrap_err().to_string();
        has(&error, "statement 1 of the submission: at body: expected the one with the digest");
    }
    assert_eq!(seen(ledger.book()), before);
    // Nor where several submit at a time.
    let shared = Shared::new(ledger);
    has(
        &shared.submit(bare).unwrap_err().to_string(),
        "statement 1 of the submission: at body: expected the one with the digest",
    );
    assert_eq!(seen(shared.into_ledger().unwrap().book()), before);
}

#[test]
fn a_file_that_ends_with_one_or_goes_on_with_the_next_header_is_refused() {
    let bare = bare([7; 32]);
    let mut file = bare.to_file().unwrap();
    assert!(Submission::from_file(file.as_bytes()).is_err(), "the next header was taken for its body");
    file = Submission { seal: bare.seal, statements: bare.statements[..1].to_vec() }.to_file().unwrap();
    let error = Submission::from_file(file.as_bytes()).unwrap_err().to_string();
    has(&error, "expected the body that the last statement names behind it");
}

#[test]
fn a_ledger_that_holds_one_is_damaged() {
    let ledger = ledger();
    let id = *ledger.id().as_bytes();
    let mut all = submissions(&ledger.into_store());
    all.push(bare(id));
    let store = forged(id, &all);
    finds(&audited(&store), "bodies", "got none");
    assert!(Ledger::over_store(store).is_err());
    // A body that was cut out of a segment, and no zeros in its place.
    let cut = |all: &mut Vec<Frame>| {
        let at = frames::newest(all, "activity") + 1;
        all.remove(at);
    };
    frames::refused(cut, "bodies", "expected the one with the digest");
}
