//! The erasure of a statement's body: announced by the operator in the log first, then carried out in the store.
//! Opening for writing carries out what was announced and not finished. What may be redacted, the rules say.

use std::collections::BTreeSet;

use super::{Ledger, LedgerError, Receipt};
use crate::admission::Refusal;
use crate::codec::{decode_header, named_body, parts_of};
use crate::model::{ActorId, Digest, Redaction, Salt, StatementId, Text};
use crate::sign::SigningKey;
use crate::store::{Body, Position, Reader, Store};

/// A refusal to redact.
pub(super) const fn refusal(target: StatementId, problem: String) -> Refusal {
    Refusal::Target { verb: "redacts", target, problem }
}

impl<S: Reader> Ledger<S> {
    /// The statement that announces the redaction of another, ready to be signed by the operator. Nothing is
    /// appended.
    ///
    /// # Errors
    /// [`LedgerError::NoStatement`]; [`LedgerError::Redacted`] where that was done before; [`LedgerError::Refused`]
    /// for a statement without a body; [`LedgerError::Store`].
    pub fn redaction(
        &self,
        target: &StatementId,
        reason: Text,
        salt: Salt,
    ) -> Result<Redaction, LedgerError> {
        if let Some(announced) = self.book.redaction_of(target)? {
            return Err(LedgerError::Redacted { id: *target, by: Some(announced.by) });
        }
        let text = self.statement_bytes(target)?;
        let (header, body) = parts_of(&text);
        let kind = decode_header(header)?.kind();
        if let Some(problem) = kind.keeps_body(body.is_none()) {
            return Err(refusal(*target, problem).into());
        }
        let (r#type, v) = (Default::default(), Default::default());
        Ok(Redaction { by: ActorId::operator(), reason, salt, statement: *target, r#type, v })
    }
}

impl<S: Store> Ledger<S> {
    /// Redacts a statement: appends the operator's announcement and takes the body out of the store. When this
    /// returns, both are durable.
    ///
    /// # Errors
    /// Those of [`Ledger::redaction`] and [`Ledger::append`]. After `Unknown` the ledger must be opened again, which
    /// carries out what was announced.
    pub fn redact(
        &mut self,
        operator: &SigningKey,
        signed_at_s: u64,
        redaction: Redaction,
    ) -> Result<Receipt, LedgerError> {
        self.append(operator, signed_at_s, &[redaction.into()])
    }

    /// Takes out the body of every statement whose redaction is in the log, and every other frame with the same
    /// body. What was derived from the bodies goes first.
    pub(super) fn complete_redactions(&mut self) -> Result<(), LedgerError> {
        let open = self.book.redactions()?.into_keys().filter(|id| !self.redacted.contains(id));
        let open: Vec<StatementId> = open.collect();
        let (mut places, mut digests) = (Vec::new(), BTreeSet::<Digest>::new());
        for id in &open {
            let number = self.book.entry(id)?.map(|(number, _)| number);
            let at = number.map(|number| self.position(number)).transpose()?.flatten();
            let Some(at) = at else { continue };
            let body = self.store.body(at)?;
            let named = named_body(parts_of(body.text()).0)?;
            self.erased.extend(named.map(|digest| (digest, *id)));
            if matches!(body, Body::Statement(_)) {
                digests.extend(named);
            }
            places.push((*id, at));
        }
        // Without a digest every body is gone already; the removal is repeated, because it may not
        // be durable.
        let derived = if digests.is_empty() { None } else { Some(self.forget_derived()?) };
        if derived.is_some() {
            // The announced bodies go last: until then, the next opening searches for the copies
            // again.
            let announced: BTreeSet<Position> = places.iter().map(|(_, at)| *at).collect();
            self.remove_copies(&digests, &announced)?;
        }
        for (id, at) in places {
            self.store.remove_body(at)?;
            self.redacted.insert(id);
        }
        derived.map_or(Ok(()), |derived| self.read_again(derived))
    }

    /// Takes out every body with one of these digests that does not lie in one of these places.
    fn remove_copies(
        &mut self,
        digests: &BTreeSet<Digest>,
        but: &BTreeSet<Position>,
    ) -> Result<(), LedgerError> {
        let mut copies = Vec::new();
        for stored in self.store.read(None)? {
            let stored = stored?;
            for (body, at) in stored.statements.iter().zip(&stored.positions) {
                let Body::Statement(text) = body else { continue };
                let (header, Some(_)) = parts_of(text) else { continue };
                let named = named_body(header)?;
                copies.extend(named.filter(|digest| digests.contains(digest)).map(|_| *at));
            }
        }
        for at in copies.into_iter().filter(|at| !but.contains(at)) {
            self.store.remove_body(at)?;
        }
        Ok(())
    }
}
