//! A body stands behind a header that names none: bytes that nobody signed, in a place where they look
//! signed.

use pcf_ledger::codec::{decode_statement, encode_statement, parts_of};
use pcf_ledger::ledger::Submission;
use pcf_ledger::proof::Proof;
use pcf_testing::{ACME, PUMP, factor, product, statement, submission, with};
use serde_json::Value;

use super::frames::{self, BODY, Frame, REMOVED};
use super::hall::{has, ledger};
use super::vault::published;

const OTHER: &str = "urn:pact:acme.example:product-id:other";

#[test]
fn the_door_refuses_it() {
    let mut ledger = ledger();
    let body = encode_statement(&statement(factor("acme", "steel"))).unwrap();
    let body = parts_of(&body).1.unwrap();
    let open = with(factor("acme", "steel"), "open", true);
    for value in [product("acme", &[OTHER], &["acme"]), open] {
        let honest = submission(*ledger.id().as_bytes(), ACME, &[value]);
        let bent = [&honest.statements[0][..], b"\n", body].concat();
        has(&decode_statement(&bent).unwrap_err().to_string(), "expected none, as the header names none");
        let file = Submission { seal: honest.seal, statements: vec![bent] };
        let error = ledger.submit(&file).unwrap_err().to_string();
        has(&error, "statement 1 of the submission: at body: expected none, as the header names none");
        // In a file it stands where the next statement would.
        assert!(Submission::from_file(file.to_file().unwrap().as_bytes()).is_err());
        ledger.submit(&honest).unwrap();
    }
}

#[test]
fn no_segment_may_hold_it_nor_the_place_of_one() {
    let add = |frame: Frame| {
        move |all: &mut Vec<Frame>| {
            let at = frames::newest(all, "product") + 1;
            all.insert(at, frame);
        }
    };
    frames::refused(add(Frame::new(BODY, b"{}")), "bodies", "expected none, as the header names none");
    frames::refused(add(Frame::new(REMOVED, &[0; 9])), "redactions", "expected a header that names the body");
}

#[test]
fn no_proof_may_show_it() {
    let (_, _, parts) = published(1);
    let document: Value = serde_json::from_slice(&Proof::new(parts).unwrap().to_bytes().unwrap()).unwrap();
    let statements = document["statements"].as_array().unwrap();
    let bare: Vec<usize> = (0..statements.len()).filter(|n| statements[*n].get("body").is_none()).collect();
    assert!(bare.len() > 5);
    for n in bare {
        let mut bent = document.clone();
        bent["statements"][n]["body"] = "{}".into();
        let error = Proof::parse(&serde_json::to_vec(&bent).unwrap()).unwrap_err();
        has(&error.to_string(), "expected none, as the header names none");
    }
    assert_ne!(PUMP, OTHER);
}
