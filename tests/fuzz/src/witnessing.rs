//! What strangers send about a log: a witness's answer, cosignature lines, a policy, and the receipt that is made for one. None panics, each
//! that is taken over has one spelling, and nothing holds that was not signed.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use pcf_ledger::log::witness::{read_answer, request, with_cosignatures};
use pcf_ledger::log::{Answer, Checkpoint, Policy, SignedCheckpoint, receipt};
use pcf_ledger::merkle::{inclusion_proof, leaf_hash, root};
use pcf_ledger::sign::note::verify_cosignature;
use pcf_ledger::sign::{KeyKind, Note, NoteSignature, SigningKey, VerifierKey};

fn key(text: &str) -> VerifierKey {
    text.trim_end().parse().unwrap()
}

fn log_key() -> VerifierKey {
    key(include_str!("../../vectors/tlog/log5/log.vkey"))
}

fn witness_key() -> VerifierKey {
    key(include_str!("../../vectors/tlog/log5/witness.vkey"))
}

fn cosigned() -> SignedCheckpoint {
    SignedCheckpoint::parse(include_bytes!("../../vectors/tlog/log5/checkpoint"), &log_key()).unwrap()
}

/// The witness's genuine line.
fn genuine() -> NoteSignature {
    cosigned().note().signatures().last().unwrap().clone()
}

/// The first byte says the status and the content type, the rest is the body: a cosignature counts only where it is the genuine one.
pub fn witness(data: &[u8]) {
    let Some((how, body)) = data.split_first() else { return };
    let status = [200, 409, 422, 404, 403, 301, 500, u16::from(*how) * 4][usize::from(how & 7)];
    let kind =
        ["text/x.tlog.size", "text/x.tlog.size; charset=utf-8", "text/plain", ""][usize::from(how >> 3 & 3)];
    let signed = cosigned();
    match read_answer(status, kind, body, &signed, &witness_key()) {
        Ok(Answer::Cosigned(line)) => {
            assert_eq!(status, 200);
            assert_eq!(line, genuine(), "a cosignature that was never made");
            let with = with_cosignatures(&signed, &[line]).unwrap();
            assert_eq!(with.note().to_string(), signed.note().to_string(), "it was there already");
        }
        Ok(Answer::Knows(size)) => {
            assert_eq!((status, body), (409, format!("{size}\n").as_bytes()), "a size has one spelling");
        }
        Ok(Answer::Disagrees) => assert_eq!(status, 422),
        Err(error) => assert!(error.to_string().len() < 2_000, "a sentence without end"),
    }
    if let Ok(note) = Note::parse(body) {
        let text = request(u64::from(*how), &[], &note).unwrap();
        assert!(text.ends_with(&note.to_string()));
    }
}

/// A note whose lines include cosignatures: those that hold are by the witness over this text, each with its time in what was signed.
pub fn cosignature(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for line in text.split('\n') {
        let Ok(read) = NoteSignature::parse(line) else { continue };
        assert_eq!(read.to_string(), line, "a signature line has one spelling");
        if let Ok(time_s) = verify_cosignature(cosigned().note().text(), &read, &witness_key()) {
            assert_eq!(read, genuine(), "a cosignature that was never made");
            assert_eq!(time_s, 1_700_000_000);
        }
    }
    let Ok(note) = Note::parse(data) else { return };
    assert_eq!(note.to_string().as_bytes(), data, "a note has one spelling");
    let known = [witness_key()];
    let Ok(verified) = note.verify(&known) else { return };
    assert_eq!(verified.len(), 1, "one key counts once");
    assert_eq!(note.text(), cosigned().note().text(), "another text was cosigned");
    if let Ok(signed) = SignedCheckpoint::parse(data, &log_key()) {
        assert_eq!(signed.checkpoint(), cosigned().checkpoint());
    }
}

/// A policy: it counts as its words say, more witnesses never make it fail, and none is met by nobody unless it asks for none.
pub fn policy(data: &[u8]) {
    let Ok(policy) = Policy::parse(data) else { return };
    assert!(data.ends_with(b"\n"));
    let count = policy.witnesses().len();
    let keys: BTreeSet<_> = policy.witnesses().iter().map(|w| w.key.key().to_bytes()).collect();
    assert_eq!(keys.len(), count, "one key under two names");
    assert!(policy.witnesses().iter().all(|w| w.key.kind() == KeyKind::Cosignature));
    assert!(policy.logs().iter().all(|log| log.key.kind() == KeyKind::Ed25519 && policy.knows_log(&log.key)));
    assert_eq!(policy.is_met(&[]), policy.asks_for_none());
    assert_eq!(policy.rule() == "none", policy.asks_for_none());
    assert!(policy.is_met(&vec![true; count]), "no set of witnesses is enough");
    // One after another cosigns: once it is enough, it stays enough.
    let mut cosigned = vec![false; count];
    let mut met = policy.is_met(&cosigned);
    assert_eq!(met, policy.asks_for_none());
    for at in 0..count {
        let at = (at * 7 + data.len()) % count;
        cosigned[at] = true;
        let now = policy.is_met(&cosigned);
        assert!(now || !met, "another witness made it fail");
        met = now;
    }
    let signed = self::cosigned();
    let known = policy.witnesses().iter().any(|w| w.key == witness_key());
    match policy.check(&signed) {
        Ok(names) => assert!(policy.asks_for_none() || known && names.len() == 1, "{names:?}"),
        Err(error) => assert!(!policy.asks_for_none(), "{error}"),
    }
}

/// Reads one item of CBOR in its shortest form; what is left behind it. Written anew, for the few kinds that a receipt has.
fn item<'a>(bytes: &'a [u8], depth: usize, texts: &mut Vec<&'a [u8]>) -> &'a [u8] {
    assert!(depth < 8);
    let (first, rest) = bytes.split_first().unwrap();
    if *first == 0xf6 {
        return rest;
    }
    let width = match first & 31 {
        0..=23 => 0,
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        other => panic!("length {other} is not definite"),
    };
    let (digits, rest) = rest.split_at(width);
    let value = digits.iter().fold(0_u64, |value, digit| value << 8 | u64::from(*digit));
    let least = [0, 24, 1 << 8, 0, 1 << 16, 0, 0, 0, 1 << 32][width];
    assert!(value >= least, "not the shortest form");
    let value = if width == 0 { u64::from(first & 31) } else { value };
    let many = |times: u64, rest: &'a [u8], texts: &mut Vec<&'a [u8]>| {
        (0..times).fold(rest, |rest, _| item(rest, depth + 1, texts))
    };
    match first >> 5 {
        0 | 1 => rest,
        2 | 3 => {
            let (text, rest) = rest.split_at(usize::try_from(value).unwrap());
            texts.push(text);
            rest
        }
        4 => many(value, rest, texts),
        5 => many(value * 2, rest, texts),
        6 => many(1, rest, texts),
        kind => panic!("an item of kind {kind}"),
    }
}

struct Log {
    key: SigningKey,
    leaves: Vec<[u8; 32]>,
    signed: SignedCheckpoint,
}

fn log() -> &'static Log {
    static LOG: OnceLock<Log> = OnceLock::new();
    LOG.get_or_init(|| {
        let key = SigningKey::generate([3; 32]);
        let leaves: Vec<_> = (0..7_u8).map(|n| leaf_hash(&[n])).collect();
        let checkpoint = Checkpoint::new("fuzz.example/log", 7, root(leaves.as_slice())).unwrap();
        let known = VerifierKey::new("fuzz.example/log", KeyKind::Ed25519, key.verifying_key()).unwrap();
        let signed = SignedCheckpoint::from_note(checkpoint.sign(&key).unwrap(), &known).unwrap();
        Log { key, leaves, signed }
    })
}

/// The first bytes name a leaf and a place, then follow changes of the path and the subject: a receipt is made only of what the log holds, it
/// is whole CBOR in its shortest form, and it carries the subject, the path and the signature.
pub fn cose_receipt(data: &[u8]) {
    let [leaf, index, change, rest @ ..] = data else { return };
    let Log { key, leaves, signed } = log();
    let index = u64::from(*index) % 8;
    let of = usize::from(*leaf) % leaves.len();
    let mut path = inclusion_proof(leaves.as_slice(), of as u64, 7).unwrap();
    let genuine = *change == 0 && of as u64 == index;
    if *change > 0 {
        let at = usize::from(*change) % (path.len() * 32);
        path[at / 32][at % 32] ^= *change;
    }
    let subject = String::from_utf8_lossy(rest);
    let made = receipt(signed, &leaves[of], index, &path, &subject, key);
    assert_eq!(made.is_ok(), genuine && (1..=255).contains(&subject.len()), "{subject:?}");
    let Ok(bytes) = made else { return };
    let mut texts = Vec::new();
    assert!(item(&bytes, 0, &mut texts).is_empty(), "bytes after the receipt");
    let [protected, proofs, signature] = texts[..] else { panic!("{} texts", texts.len()) };
    assert_eq!(signature.len(), 64);
    let mut inner = Vec::new();
    assert!(item(protected, 0, &mut inner).is_empty());
    assert_eq!(inner[1..], [b"fuzz.example/log", subject.as_bytes()]);
    let mut hashes = Vec::new();
    assert!(item(proofs, 0, &mut hashes).is_empty());
    assert!(hashes.iter().zip(&path).all(|(a, b)| *a == b.as_slice()) && hashes.len() == path.len());
}
