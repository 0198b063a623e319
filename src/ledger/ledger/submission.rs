//! What one signer hands in at one time, and the file it travels in.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::LedgerError;
use crate::codec::{body_digest, encode_statement, named_body, statement_leaf};
use crate::limits::{STATEMENTS_MAX, SUBMISSION_FILE_BYTES_MAX};
use crate::merkle::Hash;
use crate::model::Statement;
use crate::sign::{Seal, SigningKey};

/// A seal with its statements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// The signature over all of them.
    pub seal: Seal,
    /// Their texts, in order: header and, where it has one, a line feed and the body.
    pub statements: Vec<Vec<u8>>,
}

impl Submission {
    /// Writes completed statements in their one spelling and seals them for one ledger.
    ///
    /// # Errors
    /// [`LedgerError::Codec`] for a statement whose parts do not fit; [`LedgerError::Sign`] for none or too many.
    pub fn sign(
        key: &SigningKey,
        ledger_id: Hash,
        signed_at_s: u64,
        statements: &[Statement],
    ) -> Result<Self, LedgerError> {
        let statements = statements.iter().map(encode_statement).collect::<Result<Vec<_>, _>>()?;
        let leaves: Vec<Hash> = statements.iter().map(|text| statement_leaf(text)).collect();
        Ok(Self { seal: Seal::sign(key, ledger_id, signed_at_s, &leaves)?, statements })
    }

    /// The submission file: the seal in base64, then each header on a line, and behind it the body that it names.
    ///
    /// # Errors
    /// [`LedgerError::SubmissionFile`] for statements that are not UTF-8, which no statement is.
    pub fn to_file(&self) -> Result<String, LedgerError> {
        let mut text = STANDARD.encode(self.seal.to_bytes());
        text.push('\n');
        for (n, bytes) in self.statements.iter().enumerate() {
            let statement = std::str::from_utf8(bytes)
                .map_err(|e| LedgerError::SubmissionFile { line: n + 2, problem: e.to_string() })?;
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{statement}");
        }
        Ok(text)
    }

    /// Reads a submission file and checks its bodies and its seal: signature, count and root. What its statements say is judged when it is submitted.
    ///
    /// # Errors
    /// [`LedgerError::SubmissionFile`] naming the line; [`LedgerError::Sign`] where the seal does not fit the statements.
    pub fn from_file(text: &[u8]) -> Result<Self, LedgerError> {
        let refuse = |line: usize, problem: String| LedgerError::SubmissionFile { line, problem };
        if text.len() > SUBMISSION_FILE_BYTES_MAX {
            return Err(refuse(
                1,
                format!("expected at most {SUBMISSION_FILE_BYTES_MAX} bytes, got {}", text.len()),
            ));
        }
        let Some(body) = text.strip_suffix(b"\n") else {
            return Err(refuse(
                1,
                "expected every line to end with a line feed; the file may be cut off".into(),
            ));
        };
        let mut lines = body.split(|b| *b == b'\n');
        let seal = lines.next().unwrap_or_default();
        let seal =
            STANDARD.decode(seal).map_err(|e| refuse(1, format!("expected the seal in base64, got {e}")))?;
        let seal = Seal::parse(&seal).map_err(|e| refuse(1, e.to_string()))?;
        // Counted before any is kept, so that a file of short lines does not take many times its size.
        let most = usize::try_from(STATEMENTS_MAX).unwrap_or(usize::MAX); // OK because it is a small constant.
        if lines.clone().nth(2 * most).is_some() {
            return Err(refuse(most + 2, format!("expected at most {STATEMENTS_MAX} statements, got more")));
        }
        let mut statements: Vec<Vec<u8>> = Vec::new();
        let mut wanted = None;
        for (line, text) in (2..).zip(lines) {
            if text.is_empty() {
                return Err(refuse(line, "expected a statement, got an empty line".into()));
            }
            if let (Some(wants), Some(header)) = (wanted.take(), statements.last_mut()) {
                let got = body_digest(text);
                if got != wants {
                    let problem = format!("expected the body with the digest {wants}, got one with {got}");
                    return Err(refuse(line, problem));
                }
                header.push(b'\n');
                header.extend_from_slice(text);
                continue;
            }
            wanted = named_body(text).map_err(|e| refuse(line, e.to_string()))?;
            statements.push(text.to_vec());
        }
        if wanted.is_some() {
            let line = body.iter().filter(|byte| **byte == b'\n').count() + 1;
            return Err(refuse(line, "expected the body that the last statement names behind it".into()));
        }
        if statements.len() > most {
            return Err(refuse(most + 2, format!("expected at most {STATEMENTS_MAX} statements, got more")));
        }
        let leaves: Vec<Hash> = statements.iter().map(|text| statement_leaf(text)).collect();
        seal.check_statements(&leaves)?;
        seal.verify_signature()?;
        Ok(Self { seal, statements })
    }
}
