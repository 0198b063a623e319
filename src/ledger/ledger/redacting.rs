//! The erasure of a statement's text: announced by the operator in the log first, then carried out in the store. Opening for writing carries
//! out what was announced and not finished. What may be redacted, the rules say.

use super::{Ledger, LedgerError, Receipt};
use crate::admission::Refusal;
use crate::codec::digest::sha256;
use crate::codec::{decode_statement, encode_kept, kept_digest, kept_of, statement_id};
use crate::model::{ActorId, Digest, Redaction, Salt, StatementId, Text};
use crate::sign::SigningKey;
use crate::store::{Body, Reader, Store};

/// What stays in the place of a statement, and its digest.
pub(super) struct Stays {
    pub(super) bytes: Vec<u8>,
    pub(super) digest: Digest,
}

impl Stays {
    /// Of a statement with these bytes.
    ///
    /// # Errors
    /// [`LedgerError::Refused`] for a type that keeps its text, and where more must stay than the statement has; [`LedgerError::Codec`].
    fn of(bytes: &[u8]) -> Result<Self, LedgerError> {
        let (id, statement) = (statement_id(bytes), decode_statement(bytes)?);
        let kind = statement.kind();
        let kept = kept_of(id, &statement);
        let kept = kept.ok_or_else(|| {
            let why = kind.keeps_its_text().unwrap_or_default();
            refusal(id, format!("a statement of type `{kind}` keeps its text: {why}"))
        })?;
        let stays = encode_kept(&kept)?;
        if stays.len() > bytes.len() {
            let (needed, has) = (stays.len(), bytes.len());
            return Err(refusal(id, format!("{needed} bytes of it must stay, and it has {has}")).into());
        }
        Ok(Self { digest: Digest::from_bytes(sha256(&[&stays])), bytes: stays })
    }

    /// The digest that a redaction of what lies there must announce.
    pub(super) fn digest_of(body: &Body) -> Result<Digest, LedgerError> {
        match body {
            Body::Statement(bytes) => Ok(Self::of(bytes)?.digest),
            Body::Redacted(bytes) => Ok(kept_digest(bytes)?),
        }
    }
}

/// A refusal to redact.
pub(super) const fn refusal(target: StatementId, problem: String) -> Refusal {
    Refusal::Target { verb: "redacts", target, problem }
}

impl<S: Reader> Ledger<S> {
    /// The statement that announces the redaction of another, ready to be signed by the operator. Nothing is appended.
    ///
    /// # Errors
    /// [`LedgerError::NoStatement`]; [`LedgerError::Redacted`] where that was done before; [`LedgerError::Refused`] for a type that keeps its
    /// text; [`LedgerError::Store`].
    pub fn redaction(
        &self,
        target: &StatementId,
        reason: Text,
        salt: Salt,
    ) -> Result<Redaction, LedgerError> {
        if let Some(announced) = self.book.redaction_of(target)? {
            return Err(LedgerError::Redacted { id: *target, by: Some(announced.by) });
        }
        let kept = Stays::of(&self.statement_bytes(target)?)?.digest;
        let (r#type, v) = (Default::default(), Default::default());
        Ok(Redaction { by: ActorId::operator(), kept, reason, salt, statement: *target, r#type, v })
    }
}

impl<S: Store> Ledger<S> {
    /// Redacts a statement: appends the operator's announcement and takes the text out of the store. When this returns, both are durable.
    ///
    /// # Errors
    /// Those of [`Ledger::redaction`] and [`Ledger::append`]. After `Unknown` the ledger must be opened again, which carries out what was
    /// announced.
    pub fn redact(
        &mut self,
        operator: &SigningKey,
        signed_at_s: u64,
        redaction: Redaction,
    ) -> Result<Receipt, LedgerError> {
        self.append(operator, signed_at_s, &[redaction.into()])
    }

    /// Takes out the text of every statement whose redaction is in the log. Where something else stays in its place than what was announced,
    /// nothing is done: the audit says so.
    pub(super) fn complete_redactions(&mut self) -> Result<(), LedgerError> {
        let open = self.book.redactions()?.into_iter().filter(|(id, _)| !self.redacted.contains(id));
        let open: Vec<_> = open.map(|(id, announced)| (id, announced.kept)).collect();
        let done = self.redacted.len();
        for (id, digest) in open {
            let number = self.book.entry(&id)?.map(|(number, _)| number);
            let at = number.map(|number| self.position(number)).transpose()?.flatten();
            let Some(at) = at else { continue };
            match self.store.body(at)? {
                Body::Statement(bytes) => {
                    // No door lets in another one: it was written by somebody who owns the files.
                    let stays = Stays::of(&bytes).ok().filter(|stays| stays.digest == digest);
                    let Some(stays) = stays else { continue };
                    self.store.redact(at, &stays.bytes)?;
                }
                // Once more, because nobody may have waited until it was durable.
                Body::Redacted(bytes) => self.store.redact(at, &bytes)?,
            }
            self.book.forget_text(&id)?;
            self.redacted.insert(id);
        }
        if self.redacted.len() > done {
            self.read_segments_again()?;
        }
        Ok(())
    }
}
