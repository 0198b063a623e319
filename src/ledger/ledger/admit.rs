//! The writing half: submissions are judged in log order, each knowing the one before, written as a group, and answered once they are
//! durable.

use std::borrow::Borrow;

use super::opened::Opened;
use super::{Ledger, LedgerError, Receipt, Submission, batcher};
use std::sync::Arc;

use crate::admission::{Fact, Index, Readings, Said};
use crate::limits::SEAL_BYTES;
use crate::merkle::Hash;
use crate::model::{PublicKey, Statement};
use crate::sign::SigningKey;
use crate::store::{self, AppendError, Head, Store};

/// A submission that was judged and is to be written.
struct Judged<B> {
    submission: B,
    seal: [u8; SEAL_BYTES],
    leaf: Hash,
    message: Hash,
    new_root: Hash,
    /// None once the book has taken them in.
    facts: Option<Vec<Fact>>,
    bodies: Vec<Said>,
}

/// What became of a group.
pub(super) struct Submitted<B> {
    /// In the order of its submissions.
    pub(super) answers: Vec<Result<Receipt, LedgerError>>,
    /// What was written, which takes time to free: for when nobody waits any more.
    _written: Vec<Judged<B>>,
}

impl<S: Store> Ledger<S> {
    /// Appends a submission that somebody signed. It lands whole or not at all, and is durable when this returns.
    ///
    /// # Errors
    /// [`LedgerError::Refused`] with who and why; [`LedgerError::Append`], of which `Unknown` means that the ledger must be opened again
    /// before it is known whether the submission is there.
    pub fn submit(&mut self, submission: &Submission) -> Result<Receipt, LedgerError> {
        // The seal alone is no answer: what came with it must be what it seals, bodies too.
        let opened = Opened::open(submission)?;
        if let Some(index) = self.book.index_of_seal(&opened.message)? {
            let ids = opened.facts.iter().map(|fact| fact.entry.id).collect();
            return Ok(Receipt { index, ids, already: true });
        }
        let answer = self.submit_group(vec![opened]).answers.pop();
        answer.unwrap_or(Err(LedgerError::Append(AppendError::Poisoned))) // not reached: one answer each
    }

    /// Judges opened submissions one knowing the one before and writes those that pass together. Where writing fails, everyone whose submission
    /// depends on it hears so, and the ledger does nothing more.
    pub(super) fn submit_group<B: Borrow<Submission>>(&mut self, group: Vec<Opened<B>>) -> Submitted<B> {
        if self.poisoned {
            let answers = group.iter().map(|_| Err(AppendError::Poisoned.into())).collect();
            return Submitted { answers, _written: Vec::new() };
        }
        let before = self.size();
        let mut judged: Vec<Judged<B>> = Vec::with_capacity(group.len());
        let mut readings = Readings::default();
        let mut answers: Vec<_> =
            group.into_iter().map(|opened| self.judge_next(opened, &mut judged, &mut readings)).collect();
        match self.write(&mut judged) {
            Ok(()) => self.carry_out(&judged, before, &mut answers),
            Err(error) => {
                // The book may already know what will never be written.
                let refused = AppendError::leaves_no_trace;
                let harmless = matches!(&error, LedgerError::Append(error) if refused(error));
                self.poisoned |= !harmless || judged.iter().any(|one| one.facts.is_none());
                for answer in &mut answers {
                    if matches!(answer, Ok(receipt) if receipt.index >= before) {
                        *answer = Err(error.again());
                    }
                }
            }
        }
        Submitted { answers, _written: judged }
    }

    /// Judges a submission after those in `judged`.
    fn judge_next<B: Borrow<Submission>>(
        &mut self,
        opened: Opened<B>,
        judged: &mut Vec<Judged<B>>,
        readings: &mut Readings,
    ) -> Result<Receipt, LedgerError> {
        let Opened { submission, leaf, message, facts, bodies } = opened;
        let here = (self.size()..).zip(judged.iter().last()).find(|(_, last)| last.message == message);
        let known = self.book.index_of_seal(&message)?.or(here.map(|(index, _)| index));
        let Submission { seal, statements } = submission.borrow();
        if let Some(index) = known {
            let ids = facts.iter().map(|fact| fact.entry.id).collect();
            return Ok(Receipt { index, ids, already: true });
        }
        let frames: Vec<&[u8]> = statements.iter().map(Vec::as_slice).collect();
        let bytes = seal.to_bytes();
        let checked = store::Submission { seal: &bytes, statements: &frames, new_root: leaf };
        checked.check().map_err(AppendError::Refused)?;
        // The book takes in all but the last, so that a single submission leaves no trace where it cannot be written.
        self.take_in(judged.last_mut())?;
        let facts = self.book.judge_read(seal, facts, &bodies)?;
        self.check_bodies(&bodies, statements)?;
        self.check_series(&facts, readings)?;
        let receipt = Receipt {
            index: self.size(),
            ids: facts.iter().map(|fact| fact.entry.id).collect(),
            already: false,
        };
        let new_root = self.book.root_with(leaf);
        judged.push(Judged { submission, seal: bytes, leaf, message, new_root, facts: Some(facts), bodies });
        Ok(receipt)
    }

    /// Takes out the bodies that redactions among those written announce. Where that fails, they hear so: opening the ledger again finishes it.
    fn carry_out<B>(
        &mut self,
        judged: &[Judged<B>],
        before: u64,
        answers: &mut [Result<Receipt, LedgerError>],
    ) {
        let redacts = |one: &Judged<B>| one.bodies.iter().any(is_redaction);
        if !judged.iter().any(redacts) {
            return;
        }
        let Err(error) = self.complete_redactions() else { return };
        self.poisoned = true;
        for (index, _) in (before..).zip(judged).filter(|(_, one)| redacts(one)) {
            for answer in answers.iter_mut() {
                if matches!(answer, Ok(receipt) if receipt.index == index) {
                    *answer = Err(error.again());
                }
            }
        }
    }

    /// Writes what was judged and takes it in.
    fn write<B: Borrow<Submission>>(&mut self, judged: &mut [Judged<B>]) -> Result<(), LedgerError> {
        if judged.is_empty() {
            return Ok(());
        }
        let head = self.known_head()?;
        let frames: Vec<Vec<&[u8]>> = judged
            .iter()
            .map(|one| one.submission.borrow().statements.iter().map(Vec::as_slice).collect())
            .collect();
        let group: Vec<store::Submission<'_>> = judged
            .iter()
            .zip(&frames)
            .map(|(one, statements)| store::Submission {
                seal: &one.seal,
                statements,
                new_root: one.new_root,
            })
            .collect();
        let heads = self.store.append(&head, &group)?;
        let mut from = head.position;
        for ((submission, head), one) in group.iter().zip(&heads).zip(judged.iter()) {
            let positions = self.store.placed(submission, from, head)?;
            self.placed.push(one.leaf, positions, head.position);
            from = head.position;
        }
        drop(group);
        drop(frames);
        self.take_in(judged.last_mut())?;
        self.catch_up(false)
    }

    /// Folds a judged submission, if that was not done yet.
    fn take_in<B: Borrow<Submission>>(&mut self, judged: Option<&mut Judged<B>>) -> Result<(), LedgerError> {
        if let Some(one) = judged
            && let Some(facts) = one.facts.take()
        {
            let signer = PublicKey::from_bytes(*one.submission.borrow().seal.signer());
            self.book.fold(one.leaf, one.message, signer, facts)?;
        }
        Ok(())
    }

    /// The head as this ledger knows it: where the store has another one, appending is a conflict.
    pub(super) fn known_head(&self) -> Result<Head, LedgerError> {
        let size = self.placed.seals();
        match &self.base {
            Some(base) if size == self.placed.first_seal() => Ok(base.runs().head()),
            _ => batcher::head_of(&self.placed, &self.book),
        }
    }

    /// Completes statements, signs them and appends them as one submission.
    ///
    /// # Errors
    /// As [`Ledger::submit`], and [`LedgerError::Codec`] for a statement whose parts do not fit.
    pub fn append(
        &mut self,
        key: &SigningKey,
        signed_at_s: u64,
        statements: &[Statement],
    ) -> Result<Receipt, LedgerError> {
        let statements = self.completed(statements)?;
        let submission = Submission::sign(key, self.store.ledger_id(), signed_at_s, &statements)?;
        self.submit(&submission)
    }
}

const fn is_redaction(said: &Said) -> bool {
    matches!(said, Said::Whole(Statement::Redaction(_)))
}

impl<S> Ledger<S> {
    /// Lets the derived runs follow, once what they lack fills one, or at once for `all`; what they
    /// hold is kept in memory no longer.
    pub(super) fn catch_up(&mut self, all: bool) -> Result<(), LedgerError> {
        let Some(derived) = &mut self.derived else { return Ok(()) };
        derived.catch_up(&self.book, &self.placed, all)?;
        if let Some(base) = derived.newer_base()?.map(Arc::new) {
            if let Some(before) = &self.base {
                base.inherit(before, &self.book);
            }
            self.placed.forget_before(base.statements(), base.runs().seals());
            self.book.rest_on(Arc::clone(&base) as Arc<dyn Index>);
            self.base = Some(base);
        }
        Ok(())
    }
}
