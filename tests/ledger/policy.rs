//! A trust policy accepts exactly the quorums that it describes, and a text that is no policy is
//! refused.

use pcf_ledger::log::policy::{POLICY_BYTES_MAX, POLICY_ITEMS_MAX};
use pcf_ledger::log::{Checkpoint, LogError, Policy, SignedCheckpoint};
use pcf_ledger::merkle::empty_root;
use pcf_ledger::sign::{KeyKind, SigningKey, VerifierKey};

fn vkey(n: u8, kind: KeyKind) -> String {
    VerifierKey::new(&format!("w{n}.example"), kind, SigningKey::generate([n; 32]).verifying_key())
        .unwrap()
        .to_string()
}

fn witness(n: u8) -> String {
    format!("witness w{n} {} https://w{n}.example\n", vkey(n, KeyKind::Cosignature))
}

fn parse(text: &str) -> Result<Policy, LogError> {
    Policy::parse(text.as_bytes())
}

/// The example of the format: two of three X, and any of three Y.
fn two_levels() -> Policy {
    let witnesses: String = (1..=6).map(witness).collect();
    parse(&format!(
        "log {}\n\n{witnesses}  # spaces and\ttabs\ngroup x 2 w1 w2 w3\n\tgroup  y any w4 w5 w6 \ngroup both all x y\nquorum both\n",
        vkey(9, KeyKind::Ed25519)
    ))
    .unwrap()
}

#[test]
fn a_quorum_of_groups_counts_what_each_group_asks_for() {
    let policy = two_levels();
    assert_eq!(policy.rule(), "all of (2 of (w1, w2, w3), any of (w4, w5, w6))");
    assert_eq!(policy.witnesses()[0].url.as_deref(), Some("https://w1.example"));
    for set in 0_u8..64 {
        let cosigned: Vec<bool> = (0..6).map(|n| set & (1 << n) != 0).collect();
        let expected = (set & 7).count_ones() >= 2 && set & 56 != 0;
        assert_eq!(policy.is_met(&cosigned), expected, "{set:06b}");
    }
    assert!(!policy.is_met(&[]), "a witness that is not listed has not cosigned");
}

#[test]
fn a_policy_may_ask_for_no_witness_and_name_no_log() {
    let policy = parse("quorum none\n").unwrap();
    assert!(policy.asks_for_none() && policy.is_met(&[]));
    let log: VerifierKey = vkey(9, KeyKind::Ed25519).parse().unwrap();
    assert!(policy.knows_log(&log), "no log is named, so none is excluded");
    assert!(two_levels().knows_log(&log));
    let other: VerifierKey = vkey(8, KeyKind::Ed25519).parse().unwrap();
    assert!(!two_levels().knows_log(&other));
}

#[test]
fn what_the_format_does_not_allow_is_refused_with_its_line() {
    let (w1, w2, log) = (witness(1), witness(2), vkey(9, KeyKind::Ed25519));
    let same_key = w1.replacen("w1", "other", 1);
    let cases = [
        ("".to_owned(), 1),
        (w1.clone(), 1),
        ("quorum none".into(), 1),
        ("quorum none\nquorum none\n".into(), 2),
        ("quorum w1\n".into(), 1),
        (format!("quorum w1\n{w1}"), 1),
        (format!("{w1}{same_key}quorum w1\n"), 2),
        (format!("{w1}{}quorum w1\n", w2.replacen("w2", "w1", 1)), 2),
        (format!("{}quorum none\n", w1.replacen("w1", "none", 1)), 1),
        (format!("{w1}group g 0 w1\nquorum g\n"), 2),
        (format!("{w1}group g 2 w1\nquorum g\n"), 2),
        (format!("{w1}group g 01 w1\nquorum g\n"), 2),
        (format!("{w1}group g all\nquorum g\n"), 2),
        (format!("{w1}group g all w1 w1\nquorum g\n"), 2),
        (format!("{w1}group g all g\nquorum g\n"), 2),
        (format!("{w1}group g all none\nquorum g\n"), 2),
        (format!("{w1}{w2}group g all w1\ngroup h all w1 w2\nquorum h\n"), 4),
        (format!("log {log}\nlog {log}\nquorum none\n"), 2),
        (format!("log {}\nquorum none\n", vkey(1, KeyKind::Cosignature)), 1),
        (format!("witness w {log}\nquorum none\n"), 1),
        (format!("{}\r\nquorum w1\n", w1.trim_end()), 1),
        (format!("{} more\nquorum w1\n", w1.trim_end()), 1),
        ("quorum none\u{7f}\n".into(), 1),
        ("Quorum none\n".into(), 1),
    ];
    for (text, at) in cases {
        match parse(&text) {
            Err(LogError::InvalidPolicy { line, .. }) => assert_eq!(line, at, "{text:?}"),
            other => panic!("{text:?}: {other:?}"),
        }
    }
    let many: String = (0..=POLICY_ITEMS_MAX).map(|n| witness(u8::try_from(n).unwrap())).collect();
    assert!(matches!(parse(&many), Err(LogError::InvalidPolicy { line: 65, .. })));
    let long = format!("#{}\nquorum none\n", "a".repeat(POLICY_BYTES_MAX));
    assert!(parse(&long).is_err());
}

#[test]
fn only_cosignatures_that_hold_and_carry_a_time_count_towards_the_quorum() {
    let key = |n: u8| SigningKey::generate([n; 32]);
    let log = VerifierKey::new("log.example", KeyKind::Ed25519, key(9).verifying_key()).unwrap();
    let policy = parse(&format!("{}{}group g 2 w1 w2\nquorum g\n", witness(1), witness(2))).unwrap();
    let note = Checkpoint::new("log.example", 0, empty_root()).unwrap().sign(&key(9)).unwrap();
    let cosigned = |by: &[(u8, u64)]| {
        let mut note = note.clone();
        by.iter().for_each(|(n, time_s)| note.cosign(&format!("w{n}.example"), &key(*n), *time_s).unwrap());
        SignedCheckpoint::from_note(note, &log).unwrap()
    };
    assert_eq!(policy.check(&cosigned(&[(1, 5), (2, 6)])).unwrap(), ["w1", "w2"]);
    assert_eq!(policy.cosigned(&cosigned(&[(2, 6)])).unwrap(), [None, Some(6)]);
    for too_few in [&[][..], &[(1, 5)], &[(1, 5), (1, 6)], &[(1, 5), (3, 5)], &[(1, 5), (2, 0)]] {
        let refused = policy.check(&cosigned(too_few)).unwrap_err();
        assert!(matches!(refused, LogError::Quorum { .. }), "{too_few:?}: {refused}");
    }
    // A known name and id over a cosignature of another checkpoint spoils the whole note.
    let mut other = Checkpoint::new("log.example", 1, [7; 32]).unwrap().sign(&key(9)).unwrap();
    other.cosign("w2.example", &key(2), 6).unwrap();
    let mut spoiled = note.clone();
    spoiled.cosign("w1.example", &key(1), 5).unwrap();
    spoiled.add(other.signatures()[1].clone()).unwrap();
    let spoiled = SignedCheckpoint::from_note(spoiled, &log).unwrap();
    assert!(matches!(policy.check(&spoiled), Err(LogError::Sign(_))));
}
