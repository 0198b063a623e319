//! The door: a seal and its statements are checked against each other and judged before the book takes them in.

use super::Refusal;
use super::index::IndexError;
use super::keyring::check_key;
use super::pending::{Case, Pending};
use super::said::{Said, SaidRef};
use super::{Book, Fact};
use crate::codec::digest::sha256;
use crate::codec::{decode_statement, leaf_hash, statement_leaf};
use crate::model::{PublicKey, Statement, StatementId};
use crate::sign::Seal;

impl Book {
    /// Judges a submission as the next one of the log and, where it passes, takes it in.
    ///
    /// Everything or nothing: on an error the book is as it was.
    ///
    /// # Errors
    /// The first [`Refusal`], naming the statement, who and why.
    pub fn admit<B: AsRef<[u8]>>(
        &mut self,
        seal: &Seal,
        statements: &[B],
    ) -> Result<Vec<StatementId>, Refusal> {
        let judged = self.judge(seal, statements)?;
        let ids = judged.iter().map(|fact| fact.entry.id).collect();
        self.take_in(seal, judged)?;
        Ok(ids)
    }

    /// Takes in a submission that was judged as the next one of the log.
    ///
    /// # Errors
    /// [`IndexError`]; the book is then good for nothing.
    pub fn take_in(&mut self, seal: &Seal, judged: Vec<Fact>) -> Result<(), IndexError> {
        self.fold(leaf_hash(&seal.to_bytes()), sha256(&[&seal.message()]), signer_key(seal), judged)
    }

    /// Judges a submission as the next one of the log, without taking it in.
    ///
    /// # Errors
    /// The first [`Refusal`], naming the statement, who and why.
    pub fn judge<B: AsRef<[u8]>>(&self, seal: &Seal, statements: &[B]) -> Result<Vec<Fact>, Refusal> {
        let (facts, bodies) = self.open(seal, statements, self.size())?;
        self.judge_opened(seal, facts, bodies.iter().map(Said::as_ref), self.size())
    }

    /// Judges a submission as the next one of the log, as [`Self::judge`] does, where its statements were read before: the facts are
    /// those of [`Fact::of`], or of [`Fact::of_header`] where the body is gone, and the caller checked the seal's
    /// signature and that it seals these statements.
    ///
    /// # Errors
    /// The first [`Refusal`], naming the statement, who and why.
    pub fn judge_read(
        &self,
        seal: &Seal,
        mut facts: Vec<Fact>,
        bodies: &[Said],
    ) -> Result<Vec<Fact>, Refusal> {
        let index = self.size();
        self.check_ledger(seal, index)?;
        for fact in &mut facts {
            fact.entry.index = index;
        }
        self.judge_opened(seal, facts, bodies.iter().map(Said::as_ref), index)
    }

    /// Judges statements that a proof discloses at their place in the log, and takes them in. What refers to undisclosed statements
    /// cannot be judged and is let pass; who may sign what is judged in full.
    ///
    /// # Errors
    /// The first [`Refusal`].
    pub fn admit_part(
        &mut self,
        seal: &Seal,
        index: u64,
        statements: &[(u32, Said, StatementId)],
    ) -> Result<(), Refusal> {
        self.check_ledger(seal, index)?;
        seal.verify_signature()?;
        let fact = |(ordinal, said, id): &(u32, Said, StatementId)| Fact::of_said(*id, said, index, *ordinal);
        let facts: Vec<Fact> = statements.iter().map(fact).collect();
        let said = statements.iter().map(|(_, said, _)| said.as_ref());
        let facts = self.judge_opened(seal, facts, said, index)?;
        self.fold_at(index, sha256(&[&seal.message()]), signer_key(seal), facts)?;
        Ok(())
    }

    /// Checks the seal against its statements and reads them.
    fn open<B: AsRef<[u8]>>(
        &self,
        seal: &Seal,
        statements: &[B],
        index: u64,
    ) -> Result<(Vec<Fact>, Vec<Said>), Refusal> {
        self.check_ledger(seal, index)?;
        let leaves: Vec<_> = statements.iter().map(|bytes| statement_leaf(bytes.as_ref())).collect();
        seal.check_statements(&leaves)?;
        seal.verify_signature()?;
        let mut facts = Vec::with_capacity(statements.len());
        let mut bodies = Vec::with_capacity(statements.len());
        for (n, (bytes, leaf)) in statements.iter().zip(leaves).enumerate() {
            let statement = decode_statement(bytes.as_ref())
                .map_err(|cause| Refusal::Statement { ordinal: n + 1, cause })?;
            let ordinal = u32::try_from(n).unwrap_or(u32::MAX); // OK because a seal covers at most 65,536.
            facts.push(Fact::of(StatementId::from_bytes(leaf), &statement, index, ordinal));
            bodies.push(Said::Whole(statement).for_judging());
        }
        Ok((facts, bodies))
    }

    fn check_ledger(&self, seal: &Seal, index: u64) -> Result<(), Refusal> {
        let got = StatementId::from_bytes(*seal.ledger_id());
        match self.ledger_id() {
            Some(expected) if expected != got => Err(Refusal::OtherLedger { expected, got }),
            None if index > 0 => Err(Refusal::Genesis { problem: "must come before everything else".into() }),
            _ => Ok(()),
        }
    }

    fn judge_opened<'a>(
        &self,
        seal: &Seal,
        facts: Vec<Fact>,
        mut bodies: impl ExactSizeIterator<Item = SaidRef<'a>>,
        index: u64,
    ) -> Result<Vec<Fact>, Refusal> {
        let key = signer_key(seal);
        if index == 0 {
            check_genesis(seal, (bodies.len() == 1).then(|| bodies.next()).flatten(), &facts)?;
            return Ok(facts);
        }
        let bodies: Vec<SaidRef<'a>> = bodies.collect();
        let actor = self.keyring()?.signer_at(&key, index)?.actor.clone();
        let mut pending = Pending::new(self, index, actor, facts.len())?;
        for (case, body) in Case::all(self, &facts)?.iter().zip(bodies.iter().copied()) {
            pending.judge(case, body)?;
        }
        Ok(facts)
    }
}

fn signer_key(seal: &Seal) -> PublicKey {
    PublicKey::from_bytes(*seal.signer())
}

fn check_genesis(seal: &Seal, only: Option<SaidRef<'_>>, facts: &[Fact]) -> Result<(), Refusal> {
    let refuse = |problem: &str| Err(Refusal::Genesis { problem: problem.into() });
    let (Some(SaidRef::Whole(Statement::Ledger(genesis))), [fact]) = (only, facts) else {
        return refuse("expected one `ledger` statement, sealed alone, at index 0");
    };
    if fact.entry.id.as_bytes() != seal.ledger_id() {
        return refuse("its id must be the ledger id in its seal");
    }
    for key in [genesis.log_key, genesis.operator_key, genesis.recovery_key] {
        check_key(&key)?;
    }
    if genesis.operator_key.as_bytes() != seal.signer() {
        return refuse("must be sealed by the operator key that it names");
    }
    Ok(())
}
