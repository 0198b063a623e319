//! What is said to a witness and what it answers, as C2SP tlog-witness writes them (`add-checkpoint`). It owns that text and judges an answer,
//! which may be hostile; it never sends anything, and never decides whether enough witnesses have answered.

use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::checkpoint::parse_decimal;
use super::{LogError, SignedCheckpoint};
use crate::limits::{PATH_HASHES_MAX, WITNESS_ANSWER_BYTES_MAX};
use crate::merkle::Hash;
use crate::sign::{Note, NoteSignature, VerifierKey};

/// The most signature lines of an answer that are looked at.
const LINES_MAX: usize = 64;

/// The content type of an answer that carries a size.
const SIZE_TYPE: &str = "text/x.tlog.size";

/// What a witness says to a checkpoint.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Answer {
    /// It cosigns: its signature line, which holds.
    Cosigned(NoteSignature),
    /// It has cosigned this log at another size than the one it was told (409).
    Knows(u64),
    /// It takes the proof, or the root at the same size, for wrong (422).
    Disagrees,
}

/// Writes the body of `add-checkpoint`: the size that the witness knows, the consistency proof from there, and the signed checkpoint.
///
/// # Errors
///
/// [`LogError::InvalidProof`] for more than 63 hashes.
pub fn request(old: u64, proof: &[Hash], note: &Note) -> Result<String, LogError> {
    if proof.len() > PATH_HASHES_MAX {
        let got = format!("{} hashes", proof.len());
        return Err(LogError::InvalidProof { expected: "one of at most 63 hashes", got, line: 2 });
    }
    let hashes: String = proof.iter().map(|hash| BASE64_STANDARD.encode(hash) + "\n").collect();
    Ok(format!("old {old}\n{hashes}\n{note}"))
}

/// Judges what a witness answered to `signed`. A cosignature counts only where it is by this witness's key over this very checkpoint, with a time;
/// lines of other keys are passed over.
///
/// # Errors
///
/// [`LogError::WitnessAnswer`] for a refusal and for whatever the protocol does not know.
pub fn read_answer(
    status: u16,
    content_type: &str,
    body: &[u8],
    signed: &SignedCheckpoint,
    witness: &VerifierKey,
) -> Result<Answer, LogError> {
    let wrong = |expected: &str| {
        let text = String::from_utf8_lossy(body);
        let said: String = text.chars().take(200).collect();
        LogError::WitnessAnswer { expected: expected.to_owned(), got: said.trim_end().to_owned(), status }
    };
    if body.len() > WITNESS_ANSWER_BYTES_MAX {
        return Err(wrong("an answer of at most 64 KiB"));
    }
    let text = || std::str::from_utf8(body).map_err(|_| wrong("an answer in UTF-8"));
    match status {
        200 => {
            cosignature(text()?, signed, witness).map_err(|expected| wrong(&expected)).map(Answer::Cosigned)
        }
        409 if content_type.split(';').next().map(str::trim) == Some(SIZE_TYPE) => {
            let size = text()?.strip_suffix('\n').and_then(parse_decimal);
            size.map(Answer::Knows).ok_or_else(|| wrong("a size and a line feed"))
        }
        409 => Err(wrong("a size as text/x.tlog.size")),
        422 => Ok(Answer::Disagrees),
        404 => Err(wrong("a witness that knows this log")),
        403 => Err(wrong("a witness that knows the log key")),
        300..=399 => Err(wrong("no redirection")),
        _ => Err(wrong("status 200, 403, 404, 409 or 422")),
    }
}

/// The line by `witness` among the lines of an answer, checked.
fn cosignature(
    text: &str,
    signed: &SignedCheckpoint,
    witness: &VerifierKey,
) -> Result<NoteSignature, String> {
    let lines = text.strip_suffix('\n').ok_or("signature lines that end in a line feed")?;
    let mut found = None;
    for (line, number) in lines.split('\n').zip(1..) {
        if number > LINES_MAX {
            return Err(format!("at most {LINES_MAX} signature lines"));
        }
        let signature = NoteSignature::parse(line).map_err(|e| format!("signature lines ({e})"))?;
        if !signature.claims(witness) {
            continue;
        }
        let time_s = crate::sign::note::verify_cosignature(signed.note().text(), &signature, witness);
        match time_s.map_err(|e| e.to_string())? {
            0 => return Err("a cosignature with a time".into()),
            _ => found = found.or(Some(signature)),
        }
    }
    found.ok_or_else(|| format!("a cosignature by {witness}"))
}

/// The checkpoint with these cosignatures: those of the same name and id that it had are replaced, all others stay.
///
/// # Errors
///
/// [`LogError::Sign`] where the note would be full.
pub fn with_cosignatures(
    signed: &SignedCheckpoint,
    new: &[NoteSignature],
) -> Result<SignedCheckpoint, LogError> {
    let mut lines: Vec<NoteSignature> = signed.note().signatures().to_vec();
    for signature in new {
        let same = |line: &&mut NoteSignature| {
            line.name() == signature.name() && line.key_id() == signature.key_id()
        };
        match lines.iter_mut().find(same) {
            Some(line) => *line = signature.clone(),
            None => lines.push(signature.clone()),
        }
    }
    signed.with_signatures(lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::Checkpoint;
    use crate::merkle::leaf_hash;
    use crate::sign::{KeyKind, SigningKey};

    const NAME: &str = "witness.example/w1";

    fn key(n: u8) -> SigningKey {
        SigningKey::generate([n; 32])
    }

    fn witness() -> VerifierKey {
        VerifierKey::new(NAME, KeyKind::Cosignature, key(2).verifying_key()).unwrap()
    }

    fn signed(leaf: &[u8]) -> SignedCheckpoint {
        let log = VerifierKey::new("log.example", KeyKind::Ed25519, key(1).verifying_key()).unwrap();
        let note = Checkpoint::new("log.example", 1, leaf_hash(leaf)).unwrap().sign(&key(1)).unwrap();
        SignedCheckpoint::from_note(note, &log).unwrap()
    }

    fn line(over: &SignedCheckpoint, name: &str, by: u8, time_s: u64) -> String {
        let mut note = over.note().clone();
        note.cosign(name, &key(by), time_s).unwrap();
        format!("{}\n", note.signatures().last().unwrap())
    }

    fn answer(status: u16, kind: &str, body: &str) -> Result<Answer, LogError> {
        read_answer(status, kind, body.as_bytes(), &signed(b"a"), &witness())
    }

    #[test]
    fn a_request_is_the_old_size_the_proof_and_the_checkpoint() {
        let signed = signed(b"a");
        let text = request(7, &[[0; 32]], signed.note()).unwrap();
        assert!(text.starts_with("old 7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\nlog.example\n1\n"));
        assert!(request(7, &[[0; 32]; 64], signed.note()).is_err());
    }

    #[test]
    fn only_a_cosignature_by_this_witness_over_this_checkpoint_counts() {
        let (ours, other) = (signed(b"a"), signed(b"b"));
        let good = line(&ours, NAME, 2, 1_700_000_000);
        assert!(matches!(answer(200, "text/plain", &good), Ok(Answer::Cosigned(_))));
        let stranger = line(&ours, "stranger.example", 3, 1_700_000_000);
        assert!(matches!(answer(200, "", &format!("{stranger}{good}")), Ok(Answer::Cosigned(_))));
        let log_line = format!("{}\n", ours.note().signatures()[0]);
        let bad = [
            stranger,
            line(&other, NAME, 2, 1_700_000_000), // of another checkpoint
            line(&ours, NAME, 3, 1_700_000_000),  // by another key
            line(&ours, NAME, 2, 0),              // without a time
            good.trim_end().to_owned(),
            format!("{good}\n"),
            format!("{}{good}", line(&other, NAME, 2, 1_700_000_000)),
            good.replace('\u{2014}', "-"),
            log_line,
            String::new(),
            "\n".into(),
            format!("{good}{}", good.repeat(LINES_MAX)),
        ];
        for body in bad {
            let refused = answer(200, "text/plain", &body);
            assert!(
                matches!(refused, Err(LogError::WitnessAnswer { status: 200, .. })),
                "{body:?}: {refused:?}"
            );
        }
    }

    #[test]
    fn a_size_has_one_spelling_and_its_own_content_type() {
        for kind in ["text/x.tlog.size", "text/x.tlog.size; charset=utf-8"] {
            assert_eq!(answer(409, kind, "12\n").unwrap(), Answer::Knows(12));
        }
        for body in
            ["12", "012\n", "+12\n", "-1\n", "12\n\n", " 12\n", "99999999999999999999\n", "", "12\r\n"]
        {
            assert!(answer(409, "text/x.tlog.size", body).is_err(), "{body:?}");
        }
        assert!(answer(409, "text/plain", "12\n").is_err());
    }

    #[test]
    fn every_other_answer_is_a_refusal_with_its_status() {
        assert_eq!(answer(422, "text/plain", "no").unwrap(), Answer::Disagrees);
        for status in [0, 100, 201, 204, 301, 307, 400, 403, 404, 429, 500, 503, 999] {
            let refused = answer(status, "text/plain", "why\n").unwrap_err();
            assert!(
                matches!(refused, LogError::WitnessAnswer { status: got, .. } if got == status),
                "{refused}"
            );
        }
        let long = "a".repeat(WITNESS_ANSWER_BYTES_MAX + 1);
        assert!(answer(422, "text/plain", &long).is_err());
    }

    #[test]
    fn a_newer_cosignature_takes_the_place_of_the_older_one() {
        let ours = signed(b"a");
        let parse = |text: String| NoteSignature::parse(text.trim_end()).unwrap();
        let one = with_cosignatures(&ours, &[parse(line(&ours, NAME, 2, 5))]).unwrap();
        let two = with_cosignatures(&one, &[parse(line(&ours, NAME, 2, 9)), parse(line(&ours, "b", 3, 1))])
            .unwrap();
        assert_eq!(two.note().signatures().len(), 3);
        assert_eq!(two.cosignatures(&[witness()]).unwrap()[0].time_s, Some(9));
    }
}
