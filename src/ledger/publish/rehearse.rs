//! The proof of a publication before anything is appended: on the log as it will be once the
//! publication stands in it. Nothing is signed that leaves this program, and nothing is appended.

use std::collections::BTreeSet;

use super::disclosing::{Disclosed, Disclosure};
use super::found::assurances;
use super::gather::{Asked, add_authorities, not_used, place};
use super::{Prepared, PublishError, state_of};
use crate::codec::{leaf_hash, parts_of, statement_id};
use crate::ledger::{Leaves, Ledger, LedgerError, Submission};
use crate::limits::PROOF_ENTRIES_MAX;
use crate::log::Checkpoint;
use crate::merkle::{
    Hash, LeafHashes, MerkleError, consistency_proof, inclusion_proof, node_hash, subtree_root,
};
use crate::model::{Salt, Statement, StatementId};
use crate::proof::{Parts, Placed, Proof, ShownState};
use crate::sign::SigningKey;
use crate::store::Reader;

/// Whose keys sign a publication and the log.
#[derive(Clone, Copy)]
pub struct Signers<'a> {
    /// The publisher's key.
    pub publisher: &'a SigningKey,
    /// The log's key.
    pub log: &'a SigningKey,
    /// The operator's key, where what holds is stated too.
    pub operator: Option<&'a SigningKey>,
}

/// Makes the proof that a publication will have, with the state of the log that its figures rest on
/// where the operator states one, so that the proof can be verified before anything is appended.
///
/// # Errors
/// [`PublishError::Ledger`]; [`PublishError::Merkle`]; [`PublishError::Bundle`] for a proof beyond
/// its caps.
pub fn rehearse<S: Reader>(
    ledger: &Ledger<S>,
    prepared: &Prepared,
    signers: Signers<'_>,
    signed_at_s: u64,
    disclosure: &Disclosure,
) -> Result<Proof, PublishError> {
    let publication = &prepared.publication;
    let rests_on = publication.log.size.as_u64();
    let mut ahead = Ahead { ledger: ledger.leaves(), first: ledger.size(), submissions: Vec::new() };
    let mut sign = |key: &SigningKey, statement: Statement| -> Result<StatementId, LedgerError> {
        ahead.add(Submission::sign(key, *ledger.id().as_bytes(), signed_at_s, &[statement])?)
    };
    let id = sign(signers.publisher, publication.clone().into())?;
    let state = signers.operator.map(|operator| {
        let state = state_of(ledger, rests_on, Salt::from_bytes([0; 16]))?;
        Ok::<_, PublishError>(sign(operator, state.into())?)
    });
    let state = state.transpose()?;
    let mut wanted: BTreeSet<StatementId> =
        assurances(ledger, &prepared.digest)?.into_iter().map(|(id, _)| id).collect();
    let disclosed = Disclosed::of(ledger, &publication.product, &prepared.used, disclosure)?;
    let shown = disclosed.ids();
    wanted.extend(&shown);
    let mut asked = Asked::of(ledger, id, &wanted, &shown)?;
    let tree = state.map(|_| ledger.book().state_at(rests_on)).transpose()?;
    let beside = not_used(tree.as_ref(), &asked, &shown);
    asked.add_signers(ledger, &beside)?;
    wanted.extend(beside);
    let mut asked = asked.own;
    asked.actors.insert(publication.by.clone());
    add_authorities(ledger, &mut wanted)?;
    wanted.extend(ledger.book().actor_history(&publication.by)?);
    let size = ahead.size();
    let mut statements = place(ledger, &wanted, &disclosed.bodies, &ahead, size)?;
    statements.extend(ahead.placed(if disclosure.figures { None } else { Some(id) })?);
    let mut states = Vec::new();
    if let Some((statement, tree)) = state.zip(tree) {
        states.push(ShownState::of(&tree, statement, &asked)?);
        states.retain(|state| state.entries.len() <= PROOF_ENTRIES_MAX);
    }
    let origin = ledger.checkpoint()?.origin().to_owned();
    let root = subtree_root(&ahead, 0, size)?;
    let checkpoint = Checkpoint::new(&origin, size, root).and_then(|new| new.sign(signers.log));
    Ok(Proof::new(Parts {
        checkpoint: checkpoint.map_err(LedgerError::from)?.to_string(),
        consistency: consistency_proof(&ahead, rests_on, size)?,
        publication: id,
        statements,
        states,
        used: disclosed.used,
        hides_sources: disclosed.hides_sources,
    })?)
}

/// The leaves of a log and of what comes next, submissions of one statement each.
struct Ahead<'a> {
    ledger: Leaves<'a>,
    /// The size of the log.
    first: u64,
    submissions: Vec<(Hash, Submission)>,
}

impl Ahead<'_> {
    fn size(&self) -> u64 {
        self.first + self.submissions.len() as u64 // OK because a log never comes near 2^64.
    }

    /// Adds a submission of one statement and returns the statement's id.
    fn add(&mut self, submission: Submission) -> Result<StatementId, LedgerError> {
        let id = submission.statements.iter().map(|bytes| statement_id(bytes)).next_back();
        self.submissions.push((leaf_hash(&submission.seal.to_bytes()), submission));
        Ok(id.unwrap_or(StatementId::from_bytes([0; 32]))) // OK because no seal is over nothing.
    }

    /// The statements that come next, in their places; of one of them only the header.
    fn placed(&self, bare: Option<StatementId>) -> Result<Vec<Placed>, MerkleError> {
        let mut placed = Vec::with_capacity(self.submissions.len());
        for (index, (_, submission)) in (self.first..).zip(&self.submissions) {
            let log_path = inclusion_proof(self, index, self.size())?;
            for text in &submission.statements {
                let is_bare = bare.is_some_and(|bare| statement_id(text) == bare);
                let bytes = if is_bare { parts_of(text).0.to_vec() } else { text.clone() };
                let (seal, log_path) = (submission.seal, log_path.clone());
                placed.push(Placed { bytes, ordinal: 0, path: Vec::new(), index, seal, log_path });
            }
        }
        Ok(placed)
    }
}

impl LeafHashes for Ahead<'_> {
    fn leaf(&self, index: u64) -> Result<Hash, MerkleError> {
        let next = index.checked_sub(self.first).and_then(|at| usize::try_from(at).ok());
        match next {
            None => self.ledger.leaf(index),
            Some(at) => self
                .submissions
                .get(at)
                .map(|(leaf, _)| *leaf)
                .ok_or_else(|| MerkleError::Unreadable { index, cause: "no such seal".to_owned() }),
        }
    }

    fn node(&self, level: u32, index: u64) -> Result<Hash, MerkleError> {
        let Some(below) = level.checked_sub(1) else { return self.leaf(index) };
        let end = index.checked_add(1).and_then(|next| next.checked_mul(1_u64.checked_shl(level)?));
        if end.is_some_and(|end| end <= self.first) {
            return self.ledger.node(level, index);
        }
        let left = index.checked_mul(2).filter(|left| *left < u64::MAX);
        let left =
            left.ok_or_else(|| MerkleError::Unreadable { index, cause: format!("no level {level} there") })?;
        Ok(node_hash(&self.node(below, left)?, &self.node(below, left + 1)?)) // OK because it is below the end.
    }
}
