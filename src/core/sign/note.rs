//! Signed notes, as C2SP signed-note (v1.0.0) writes them: a text, a blank line, signature lines. It owns their one
//! spelling and what their signatures say; it never looks into the text.

use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::verifier::check_name;
use super::{KeyKind, SignError, SigningKey, VerifierKey, key_id};
use crate::limits::{NOTE_BYTES_MAX, NOTE_SIGNATURES_MAX};

/// What a signature line begins with: an em dash and a space.
const LINE_START: &str = "\u{2014} ";

/// A text with one or more signatures, none of which need hold before [`Note::verify`] says so.
///
/// ```
/// use pcf_core::sign::{KeyKind, Note, SigningKey, VerifierKey};
///
/// let key = SigningKey::generate([7; 32]);
/// let verifier = VerifierKey::new("example.com/log", KeyKind::Ed25519, key.verifying_key())?;
/// let note = Note::sign("a text\n", "example.com/log", &key)?;
/// assert_eq!(note.verify(std::slice::from_ref(&verifier))?[0].key, &verifier);
///
/// let changed = note.to_string().replace("a text", "a test");
/// assert!(Note::parse(changed.as_bytes())?.verify(&[verifier]).is_err());
/// # Ok::<(), pcf_core::sign::SignError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// One signature line of a note.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NoteSignature {
    name: String,
    key_id: [u8; 4],
    bytes: Vec<u8>,
}

/// A signature of a note that holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Verified<'k> {
    /// The key that made it.
    pub key: &'k VerifierKey,
    /// For a cosignature the witness's time in Unix seconds, its own claim; for other kinds nothing.
    pub time_s: Option<u64>,
}

impl Note {
    /// Signs a text, which ends in a line feed and has no other control characters than line feeds.
    ///
    /// # Errors
    ///
    /// [`SignError::InvalidNote`], [`SignError::TooLong`] and [`SignError::InvalidName`].
    pub fn sign(text: &str, name: &str, key: &SigningKey) -> Result<Self, SignError> {
        if text.len() > NOTE_BYTES_MAX {
            return Err(SignError::TooLong { what: "a note", limit: NOTE_BYTES_MAX, got: text.len() });
        }
        check_text(text)?;
        check_name(name)?;
        let signature = NoteSignature {
            name: name.to_owned(),
            key_id: key_id(name, KeyKind::Ed25519, &key.verifying_key()),
            bytes: key.sign(text.as_bytes()).to_vec(),
        };
        Ok(Self { text: text.to_owned(), signatures: vec![signature] })
    }

    /// Adds a witness's cosignature at `time_s`, in Unix seconds (tlog-cosignature, cosignature/v1).
    ///
    /// # Errors
    ///
    /// [`SignError::InvalidName`], and [`SignError::InvalidNote`] where the note is full.
    pub fn cosign(&mut self, name: &str, key: &SigningKey, time_s: u64) -> Result<(), SignError> {
        check_name(name)?;
        let mut bytes = time_s.to_be_bytes().to_vec();
        bytes.extend_from_slice(&key.sign(cosigned_message(&self.text, time_s).as_bytes()));
        let key_id = key_id(name, KeyKind::Cosignature, &key.verifying_key());
        self.add(NoteSignature { name: name.to_owned(), key_id, bytes })
    }

    /// Adds a signature line, such as a witness's answer; whether it holds is for [`Note::verify`].
    ///
    /// # Errors
    ///
    /// [`SignError::InvalidNote`] where the note is full.
    pub fn add(&mut self, signature: NoteSignature) -> Result<(), SignError> {
        if self.signatures.len() >= NOTE_SIGNATURES_MAX {
            return Err(too_many(self.text.lines().count()));
        }
        self.signatures.push(signature);
        Ok(())
    }

    /// The same text under other signature lines; whether they hold is for [`Note::verify`].
    ///
    /// # Errors
    ///
    /// [`SignError::InvalidNote`] for none, and for more than a note may carry.
    pub fn with_signatures(&self, signatures: Vec<NoteSignature>) -> Result<Self, SignError> {
        let line = self.text.lines().count() + 2;
        match signatures.len() {
            0 => Err(invalid("signatures are missing", line)),
            n if n > NOTE_SIGNATURES_MAX => Err(too_many(line)),
            _ => Ok(Self { text: self.text.clone(), signatures }),
        }
    }

    /// Reads a note. Its signatures are not checked here.
    ///
    /// # Errors
    ///
    /// [`SignError::TooLong`] and [`SignError::InvalidNote`].
    pub fn parse(bytes: &[u8]) -> Result<Self, SignError> {
        if bytes.len() > NOTE_BYTES_MAX {
            return Err(SignError::TooLong { what: "a note", limit: NOTE_BYTES_MAX, got: bytes.len() });
        }
        let all = std::str::from_utf8(bytes).map_err(|error| {
            let line = 1 + bytes.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count();
            invalid("bytes are not UTF-8", line)
        })?;
        check_text(all)?;
        // The text may have blank lines, the signatures have none: the last one parts them.
        let blank = all.rfind("\n\n").ok_or_else(|| invalid("text is not followed by a blank line", 1))?;
        let (text, rest) = all.split_at(blank + 1);
        let first_line = text.lines().count() + 2;
        let mut signatures = Vec::new();
        for (line, at) in rest.trim_start_matches('\n').lines().zip(first_line..) {
            if signatures.len() == NOTE_SIGNATURES_MAX {
                return Err(too_many(at));
            }
            signatures.push(NoteSignature::parse_line(line, at)?);
        }
        if signatures.is_empty() {
            return Err(invalid("signatures are missing", first_line));
        }
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// The text that is signed, with its last line feed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature lines in order.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Checks the signatures of known keys, each key once, and returns them in the order of the note. Signatures of
    /// unknown keys are passed over, as the format asks.
    ///
    /// # Errors
    ///
    /// [`SignError::BadNoteSignature`] where a known name and id stands on a signature that does not hold: then the whole
    /// note is refused. [`SignError::NoKnownSignature`] where no known key signed.
    pub fn verify<'k>(&self, known: &'k [VerifierKey]) -> Result<Vec<Verified<'k>>, SignError> {
        let mut verified: Vec<Verified<'k>> = Vec::new();
        for signature in &self.signatures {
            let mut claimed = known.iter().filter(|key| signature.claims(key)).peekable();
            if claimed.peek().is_none() {
                continue;
            }
            // Four bytes of id can collide: one of the keys with this name and id must have signed.
            let holds = claimed
                .find_map(|key| Some(Verified { key, time_s: signature.verify(&self.text, key).ok()? }))
                .ok_or_else(|| SignError::BadNoteSignature { name: signature.name.clone() })?;
            if verified.iter().all(|earlier| earlier.key != holds.key) {
                verified.push(holds);
            }
        }
        if verified.is_empty() {
            return Err(SignError::NoKnownSignature { known: known.len() });
        }
        Ok(verified)
    }
}

impl std::fmt::Display for Note {
    /// Writes the note's one spelling.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

impl NoteSignature {
    /// Reads a signature line without its line feed, such as the body of a witness's answer.
    ///
    /// # Errors
    ///
    /// [`SignError::InvalidNote`].
    pub fn parse(line: &str) -> Result<Self, SignError> {
        Self::parse_line(line, 1)
    }

    fn parse_line(line: &str, at: usize) -> Result<Self, SignError> {
        let fields = line.strip_prefix(LINE_START).and_then(|rest| rest.split_once(' '));
        let (name, data) =
            fields.ok_or_else(|| invalid("signature line is not a dash, a name and base64", at))?;
        check_name(name).map_err(|_| invalid("key name has a space, a plus or a control character", at))?;
        let data = BASE64_STANDARD.decode(data).map_err(|_| invalid("signature is not base64", at))?;
        match data.split_first_chunk::<4>() {
            Some((key_id, bytes)) if !bytes.is_empty() => {
                Ok(Self { name: name.to_owned(), key_id: *key_id, bytes: bytes.to_vec() })
            }
            _ => Err(invalid("signature is shorter than five bytes", at)),
        }
    }

    /// The name of the key that is said to have signed.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id of the key that is said to have signed.
    pub fn key_id(&self) -> [u8; 4] {
        self.key_id
    }

    /// Whether it claims to be by this key: the same name and the same id.
    pub fn claims(&self, key: &VerifierKey) -> bool {
        self.name == key.name() && self.key_id == key.id()
    }

    /// Checks the signature by one key over a note's text; a cosignature's time is returned.
    fn verify(&self, text: &str, key: &VerifierKey) -> Result<Option<u64>, SignError> {
        match key.kind() {
            KeyKind::Cosignature => verify_cosignature(text, self, key).map(Some),
            KeyKind::Ed25519 => {
                let signature = self.bytes.as_slice().try_into().map_err(|_| self.bad())?;
                key.key().verify(text.as_bytes(), signature).map(|()| None)
            }
        }
    }

    fn bad(&self) -> SignError {
        SignError::BadNoteSignature { name: self.name.clone() }
    }
}

impl std::fmt::Display for NoteSignature {
    /// Writes the line without its line feed.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let data = [self.key_id.as_slice(), &self.bytes].concat();
        write!(f, "{LINE_START}{} {}", self.name, BASE64_STANDARD.encode(data))
    }
}

/// Checks a witness's cosignature over a checkpoint's text and returns its time in Unix seconds, the witness's own claim
/// (tlog-cosignature, cosignature/v1).
///
/// # Errors
///
/// [`SignError::WrongKeyKind`] for a key that is no witness's, and [`SignError::BadNoteSignature`].
pub fn verify_cosignature(
    text: &str,
    signature: &NoteSignature,
    key: &VerifierKey,
) -> Result<u64, SignError> {
    if key.kind() != KeyKind::Cosignature {
        let expected = KeyKind::Cosignature.type_byte();
        return Err(SignError::WrongKeyKind { expected, got: key.kind().type_byte() });
    }
    if !signature.claims(key) {
        return Err(signature.bad());
    }
    let (time, ed25519) = signature.bytes.split_first_chunk::<8>().ok_or_else(|| signature.bad())?;
    let ed25519 = ed25519.try_into().map_err(|_| signature.bad())?;
    let time_s = u64::from_be_bytes(*time);
    key.key().verify(cosigned_message(text, time_s).as_bytes(), ed25519).map_err(|_| signature.bad())?;
    Ok(time_s)
}

/// What a witness signs: a header with its time, then the whole text of the checkpoint.
fn cosigned_message(text: &str, time_s: u64) -> String {
    format!("cosignature/v1\ntime {time_s}\n{text}")
}

/// Checks what holds for a note's text and for a note as a whole: not empty, whole lines, no control characters.
fn check_text(text: &str) -> Result<(), SignError> {
    let lines = text.lines().count();
    if !text.ends_with('\n') {
        return Err(invalid("last line has no line feed", lines.max(1)));
    }
    let control = text.split('\n').position(|line| line.contains(|c: char| c < ' '));
    match control {
        Some(at) => Err(invalid("text has a control character", at + 1)),
        None => Ok(()),
    }
}

fn too_many(line: usize) -> SignError {
    invalid(&format!("signatures are more than {NOTE_SIGNATURES_MAX}"), line)
}

fn invalid(cause: &str, line: usize) -> SignError {
    SignError::InvalidNote { cause: cause.to_owned(), line }
}
