//! A header is given where a body belongs, and a body where a header belongs.

use pcf_ledger::codec::{body_digest, decode_header, decode_statement, parts_of};
use pcf_ledger::ledger::Submission;
use pcf_ledger::model::Statement;
use pcf_ledger::sign::Seal;
use pcf_testing::{ACME, PUMP, activity, factor, key, statement};
use serde_json::json;

use super::frames::{self, BODY, HEADER};
use super::hall::{DOCUMENT, DOCUMENT_ID, has, ledger, received, submissions};

/// One of each type with a body: header and body.
fn parted() -> Vec<(String, String)> {
    let annual = json!({"type": "annual", "by": "acme", "subject": "s", "year": "2025", "valueAdded": "0",
        "directEmissions": "0", "energy": {"amount": "0", "unit": "L"}, "output": {"amount": "0", "unit": "g"}});
    let all = [
        activity("acme", &[PUMP]),
        pcf_testing::reading("acme", PUMP, "water"),
        factor("acme", "steel"),
        received("acme", DOCUMENT, DOCUMENT_ID),
        annual,
    ];
    all.map(|value| {
        let text = pcf_ledger::codec::encode_statement(&statement(value)).unwrap();
        let (header, body) = parts_of(&text);
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        (text(header), text(body.unwrap()))
    })
    .to_vec()
}

/// The header with the digest of another body.
fn naming(header: &str, old: &str, new: &str) -> String {
    let digest = |body: &str| body_digest(body.as_bytes()).to_string();
    assert!(header.contains(&digest(old)));
    header.replace(&digest(old), &digest(new))
}

#[test]
fn no_decoder_takes_the_one_for_the_other_whatever_the_digest_says() {
    let all = parted();
    for (header, body) in &all {
        decode_statement(format!("{header}\n{body}").as_bytes()).unwrap();
        assert!(decode_header(body.as_bytes()).is_err(), "{body}");
        assert!(decode_statement(body.as_bytes()).is_err(), "{body}");
        // The whole statement in one document, as programs hand it in, is neither.
        for (other, its_body) in &all {
            for inside in [other, header] {
                let bent = naming(header, body, inside);
                let error = decode_statement(format!("{bent}\n{inside}").as_bytes()).unwrap_err();
                has(&error.to_string(), "at ");
            }
            assert!(decode_statement(format!("{body}\n{other}").as_bytes()).is_err());
            // Nor the body of another type under this header, though the header names it.
            if decode_header(other.as_bytes()).unwrap().kind()
                != decode_header(header.as_bytes()).unwrap().kind()
            {
                let bent = naming(header, body, its_body);
                assert!(decode_statement(format!("{bent}\n{its_body}").as_bytes()).is_err(), "{bent}");
            }
        }
    }
}

#[test]
fn a_draft_in_one_document_is_no_statement() {
    let Statement::Activity(said) = statement(activity("acme", &[PUMP])) else { unreachable!() };
    let draft = pcf_ledger::codec::encode(&Statement::Activity(said)).unwrap();
    assert!(decode_header(&draft).is_err() && decode_statement(&draft).is_err());
}

#[test]
fn the_door_refuses_both() {
    let mut ledger = ledger();
    for (header, body) in parted() {
        let swapped = naming(&header, &body, &header);
        for text in [format!("{swapped}\n{header}"), format!("{body}\n{header}"), body.clone()] {
            let leaf = pcf_ledger::codec::statement_leaf(text.as_bytes());
            let seal = Seal::sign(&key(ACME), *ledger.id().as_bytes(), 0, &[leaf]).unwrap();
            let submission = Submission { seal, statements: vec![text.into_bytes()] };
            let error = ledger.submit(&submission).unwrap_err();
            has(&error.to_string(), "statement 1");
        }
    }
}

#[test]
fn no_segment_may_hold_them_in_each_others_frames() {
    let swap_kinds = |all: &mut Vec<frames::Frame>| {
        let at = frames::newest(all, "factor");
        (all[at].kind, all[at + 1].kind) = (BODY, HEADER);
    };
    frames::refused(swap_kinds, "store", "a header before a body");
    let swap_bytes = |all: &mut Vec<frames::Frame>| {
        let at = frames::newest(all, "factor");
        all.swap(at, at + 1);
        (all[at].kind, all[at + 1].kind) = (HEADER, BODY);
    };
    frames::refused(swap_bytes, "canonical", "");
    // A frame of a header that holds the body too is a second spelling: what is told to go would stay.
    let both_in_one = |all: &mut Vec<frames::Frame>| {
        let at = frames::newest(all, "factor");
        let body = all.remove(at + 1).bytes;
        all[at].bytes.push(b'\n');
        all[at].bytes.extend(body);
    };
    frames::refused(both_in_one, "store", "a header without a line feed");
    assert_eq!(submissions(&ledger().into_store()).len(), 7);
}
