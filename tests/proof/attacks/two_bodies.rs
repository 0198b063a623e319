//! Two bodies stand behind one header, so that two readers see two statements under one seal.

use pcf_ledger::codec::{decode_statement, parts_of};
use pcf_ledger::ledger::Submission;
use pcf_ledger::proof::Proof;
use pcf_testing::{ACME, factor, submission};

use super::frames::{self, BODY, Frame, REMOVED};
use super::hall::{has, ledger, refused, submissions};
use super::vault::published;

#[test]
fn the_door_refuses_a_second_body_wherever_it_stands() {
    let mut ledger = ledger();
    let honest = submission(*ledger.id().as_bytes(), ACME, &[factor("acme", "steel")]);
    let text = honest.statements[0].clone();
    let body = parts_of(&text).1.unwrap().to_vec();
    let other = String::from_utf8(body.clone()).unwrap().replace("0.5777", "0.0001").into_bytes();
    for second in [body, other] {
        let bent = [&text[..], b"\n", &second].concat();
        assert!(decode_statement(&bent).is_err());
        let bent = Submission { seal: honest.seal, statements: vec![bent] };
        has(
            &ledger.submit(&bent).unwrap_err().to_string(),
            "statement 1 of the submission: at body: expected the digest",
        );
        // In a file, the second stands where the next statement would.
        let mut file = honest.to_file().unwrap().into_bytes();
        file.extend([&second[..], b"\n"].concat());
        assert!(Submission::from_file(&file).is_err());
    }
    ledger.submit(&honest).unwrap();
    has(&refused(&mut ledger, ACME, &[factor("acme", "steel")]), "already a live factor");
}

#[test]
fn no_segment_may_hold_two_nor_one_and_the_place_of_one() {
    let cases: [fn(&Frame) -> Vec<Frame>; 4] = [
        |body| vec![body.clone(), body.clone()],
        |body| vec![body.clone(), Frame::new(REMOVED, &[0; 7])],
        |body| vec![Frame::new(REMOVED, &vec![0; body.bytes.len()]), body.clone()],
        |_| vec![Frame::new(REMOVED, &[0; 7]), Frame::new(REMOVED, &[0; 7])],
    ];
    for case in cases {
        let bend = |all: &mut Vec<Frame>| {
            let at = frames::newest(all, "factor") + 1;
            assert_eq!(all[at].kind, BODY);
            let instead = case(&all[at]);
            all.splice(at..=at, instead);
        };
        frames::refused(bend, "store", "one body behind a header");
    }
}

#[test]
fn no_proof_may_hold_two() {
    let (_, _, parts) = published(1);
    let text = String::from_utf8(Proof::new(parts).unwrap().to_bytes().unwrap()).unwrap();
    let at = text.find("{\"body\":").unwrap() + 1;
    let end = at + text[at..].find(",\"header\"").unwrap();
    let twice = format!("{}{},{}", &text[..at], &text[at..end], &text[at..]);
    has(&Proof::parse(twice.as_bytes()).unwrap_err().to_string(), "body");
    // The statement twice, with its body and without.
    let with = at - 1;
    let close = end + text[end..].find(",\"seal\":\"").unwrap();
    let close = close + text[close..].find('}').unwrap() + 1;
    let whole = &text[with..close];
    let bare = format!("{{{}", &whole[whole.find("\"header\"").unwrap()..]);
    for pair in [format!("{whole},{bare}"), format!("{bare},{whole}"), format!("{whole},{whole}")] {
        let doubled = format!("{}{pair}{}", &text[..with], &text[close..]);
        has(&Proof::parse(doubled.as_bytes()).unwrap_err().to_string(), "none doubled");
    }
    assert_eq!(submissions(&ledger().into_store()).len(), 7);
}
