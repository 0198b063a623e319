//! Readers of single documents: none panics, and what is read has one spelling, or reads the same once it is written.

use std::collections::BTreeMap;

use pcf_ledger::codec::{
    self, decode_draft, decode_header, decode_statement, encode_draft, encode_statement,
};
use pcf_ledger::ledger::Submission;
use pcf_ledger::log::{Checkpoint, SignedCheckpoint, TlogProof};
use pcf_ledger::model::ActorId;
use pcf_ledger::pact as pact_format;
use pcf_ledger::proof::{Proof, Trust, Verdict};
use pcf_ledger::sign::{Note, Seal, SigningKey, VerifierKey, pem as pem_format};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// JSON as statements use it: objects, arrays and texts.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Plain {
    Text(String),
    List(Vec<Plain>),
    Map(BTreeMap<String, Plain>),
}

/// RFC 8785 written anew for objects with ASCII keys, arrays and texts; none for anything else.
fn spelled(value: &Value, out: &mut String) -> Option<()> {
    match value {
        Value::String(text) => {
            out.push('"');
            for c in text.chars() {
                match c {
                    '"' => out.push_str("\\\""),
                    '\\' => out.push_str("\\\\"),
                    '\u{8}' => out.push_str("\\b"),
                    '\t' => out.push_str("\\t"),
                    '\n' => out.push_str("\\n"),
                    '\u{c}' => out.push_str("\\f"),
                    '\r' => out.push_str("\\r"),
                    c if u32::from(c) < 0x20 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
                    c => out.push(c),
                }
            }
            out.push('"');
        }
        Value::Array(list) => {
            out.push('[');
            for (n, part) in list.iter().enumerate() {
                out.push_str(if n == 0 { "" } else { "," });
                spelled(part, out)?;
            }
            out.push(']');
        }
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort();
            out.push('{');
            for (n, key) in keys.into_iter().enumerate() {
                out.push_str(if n == 0 { "" } else { "," });
                if !key.is_ascii() {
                    return None;
                }
                spelled(&Value::String(key.clone()), out)?;
                out.push(':');
                spelled(map.get(key)?, out)?;
            }
            out.push('}');
        }
        _ => return None,
    }
    Some(())
}

/// Canonical JSON: accepted exactly where a second writer of RFC 8785 gives the same bytes.
pub fn canonical(data: &[u8]) {
    let _ = codec::refuse_null_and_doubled_keys(data, |_| false);
    let accepted = codec::decode::<Plain>(data, "a document", 1 << 20);
    let Ok(value) = serde_json::from_slice::<Value>(data) else {
        assert!(accepted.is_err(), "what is no JSON was read");
        return;
    };
    let mut text = String::new();
    if spelled(&value, &mut text).is_some() {
        assert_eq!(accepted.is_ok(), text.as_bytes() == data, "{text}");
    }
    if let Ok(read) = accepted {
        assert_eq!(codec::encode(&read).unwrap(), data);
    }
}

/// A draft, or the text of a statement: what is read is written as the same bytes, and its id does not depend on
/// who reads it. No text is a header and a body, or a body and a draft.
pub fn statement(data: &[u8]) {
    if let Ok(read) = decode_draft(data) {
        assert_eq!(encode_draft(&read).unwrap(), data);
        second_writer(data);
        let _ = read.draft_subject();
    }
    if let Ok(read) = decode_statement(data) {
        assert_eq!(encode_statement(&read).unwrap(), data);
        let (header, body) = codec::parts_of(data);
        [Some(header), body].into_iter().flatten().for_each(second_writer);
        assert_eq!(codec::subject_digest(&read), codec::subject_of_header(&decode_header(header).unwrap()));
        assert!(body.is_none_or(|body| decode_header(body).is_err()), "a body that is a header");
    }
}

fn second_writer(data: &[u8]) {
    let mut text = String::new();
    let value = serde_json::from_slice::<Value>(data).unwrap();
    spelled(&value, &mut text).unwrap_or_else(|| panic!("a number, a null or a truth value: {value}"));
    assert_eq!(text.as_bytes(), data, "a second writer spells it differently");
}

/// A seal: 184 bytes that are written as they were read.
pub fn seal(data: &[u8]) {
    match Seal::parse(data) {
        Ok(seal) => {
            assert_eq!(seal.to_bytes(), data);
            assert_eq!(seal.message(), data[..120]);
            let _ = seal.verify_signature();
        }
        Err(_) => {
            assert!(data.len() != 184 || data[..8] != *b"PCFSEAL1" || !(1..=65_536).contains(&count(data)))
        }
    }
}

fn count(data: &[u8]) -> u64 {
    u64::from_be_bytes(data[80..88].try_into().unwrap())
}

/// A submission file: what is read is signed, fits its seal and is written as it was read.
pub fn submission(data: &[u8]) {
    if let Ok(read) = Submission::from_file(data) {
        read.seal.verify_signature().unwrap();
        assert_eq!(read.seal.count(), read.statements.len() as u64);
        if let Ok(text) = read.to_file() {
            assert_eq!(text.as_bytes(), data);
        }
    }
}

/// A signed note, the checkpoint in it and a verifier key: each has one spelling.
pub fn checkpoint(data: &[u8]) {
    if let Ok(note) = Note::parse(data) {
        assert_eq!(note.to_string().as_bytes(), data, "a note has one spelling");
        let _ = Checkpoint::parse(note.text());
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(read) = Checkpoint::parse(text) {
        assert_eq!(read.to_string(), text, "a checkpoint has one spelling");
    }
    if let Ok(key) = text.parse::<VerifierKey>() {
        assert_eq!(key.to_string(), text, "a verifier key has one spelling");
    }
    let _ = SignedCheckpoint::parse(data, &log_key());
}

fn log_key() -> VerifierKey {
    include_str!("../../vectors/tlog/log5/log.vkey").trim_end().parse().unwrap()
}

/// A tlog-proof: it is written as it was read, and a proof that verifies is of a leaf that the log holds.
pub fn tlog_proof(data: &[u8]) {
    if let Ok(read) = TlogProof::parse(data) {
        assert_eq!(read.to_string().as_bytes(), data, "a tlog-proof has one spelling");
        let foreign = pcf_ledger::merkle::leaf_hash(b"no entry of that log");
        assert!(read.verify(&foreign, &log_key()).is_err(), "a foreign leaf was proven");
    }
}

/// A footprint proof: one spelling; with nothing trusted and with the vector's key, it is judged without a panic.
pub fn proof(data: &[u8]) {
    if let Ok(read) = Proof::parse(data) {
        assert_eq!(read.to_bytes().unwrap(), data);
        let key = include_str!("../../vectors/bundle/casing.vkey").trim_end().parse().unwrap();
        let report = read.verify(&Trust { log_key: Some(key), ..Trust::default() });
        if report.verdict() == Verdict::Holds {
            let whole: &[u8] = include_bytes!("../../vectors/bundle/casing.pcfproof");
            let genuine = Proof::parse(whole).unwrap();
            assert_eq!(*read.publication(), *genuine.publication(), "another publication under this key");
        }
        read.verify(&Trust::default());
    }
}

fn acme() -> ActorId {
    "acme".parse().unwrap()
}

/// CSV or JSON lines: read or refused with sentences, and every statement read can be written and read again.
pub fn csv(data: &[u8]) {
    if let Ok(drafts) = pcf_files::read_statements(data, "file", &acme()) {
        for draft in drafts {
            assert!(!draft.rows.is_empty(), "a statement from no row");
            let bytes =
                encode_draft(&draft.statement).unwrap_or_else(|e| panic!("read, and not to be written: {e}"));
            assert_eq!(decode_draft(&bytes).unwrap(), draft.statement);
        }
    }
}

/// A supplier's PACT document: what is read and can be written is written the same again. Keys that are not known are named and left out.
pub fn pact(data: &[u8]) {
    let _ = pcf_files::supplier::read(data, &acme(), Vec::new());
    if let Ok((footprint, _)) = pact_format::read(data)
        && let Ok(bytes) = pact_format::write(&footprint)
    {
        let (again, _) =
            pact_format::read(&bytes).unwrap_or_else(|e| panic!("written, and not to be read: {e}"));
        assert_eq!(pact_format::write(&again).unwrap(), bytes);
    }
}

/// A key file: read without a passphrase, it is written in a form that gives the same key. Encrypted ones are told apart; decrypting
/// costs up to a second and is left to the vectors.
pub fn pem(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let encrypted = pem_format::is_encrypted(text);
    if let Ok(key) = SigningKey::from_pem(text, None) {
        assert!(!encrypted.unwrap());
        let again = SigningKey::from_pem(&key.to_pem(None).unwrap(), None).unwrap();
        assert_eq!(again.verifying_key().to_bytes(), key.verifying_key().to_bytes());
    }
}

/// A header: what is read is written as the same bytes.
pub fn header(data: &[u8]) {
    if let Ok(read) = decode_header(data) {
        assert_eq!(codec::encode(&read).unwrap(), data);
        second_writer(data);
    }
}
