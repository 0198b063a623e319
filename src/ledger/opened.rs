//! A submission that was opened: its seal holds and its statements are read. Whether they may be said, the rules decide later, in log
//! order; this part needs no log, so that several may be opened at the same time.

use std::borrow::Borrow;
use std::num::NonZero;

use super::Submission;
use crate::codec::digest::{Sha256Bytes, sha256};
use crate::codec::{decode_statement, leaf_hash};
use crate::merkle::Hash;
use crate::model::{Statement, StatementId};
use crate::rules::{Fact, Refusal};

/// Statements that one thread reads at least: fewer take less time than starting it.
const SHARE_MIN: usize = 128;

/// A submission with what its statements say.
pub(super) struct Opened<B> {
    pub(super) submission: B,
    /// The leaf hash of the seal.
    pub(super) leaf: Hash,
    /// SHA-256 of what the seal signs: seals are the same when these are.
    pub(super) message: Sha256Bytes,
    pub(super) facts: Vec<Fact>,
    pub(super) bodies: Vec<Statement>,
}

impl<B: Borrow<Submission>> Opened<B> {
    /// Checks the seal against its statements and reads them, on as many threads as there are cores.
    ///
    /// The facts stand at index 0 until the rules judge them.
    pub(super) fn open(submission: B) -> Result<Self, Refusal> {
        let Submission { seal, statements } = submission.borrow();
        let Read { leaves, facts, bodies, refusal } = read_all(statements);
        seal.check_statements(&leaves)?;
        seal.verify_signature()?;
        if let Some(refusal) = refusal {
            return Err(refusal);
        }
        let (leaf, message) = (leaf_hash(&seal.to_bytes()), sha256(&[&seal.message()]));
        Ok(Self { submission, leaf, message, facts, bodies })
    }
}

/// Reads the statements of a submission, on as many threads as there are cores.
pub(super) fn read_all(statements: &[Vec<u8>]) -> Read {
    let shares = statements.len().div_ceil(SHARE_MIN);
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get).clamp(1, shares.max(1));
    if threads == 1 {
        return read(0, statements);
    }
    let share = statements.len().div_ceil(threads);
    let (first, rest) = statements.split_at(share); // OK because there are more statements than threads
    std::thread::scope(|scope| {
        let others: Vec<_> = (share..)
            .step_by(share)
            .zip(rest.chunks(share))
            .map(|(before, part)| (before, part, scope.spawn(move || read(before, part))))
            .collect();
        let mut all = read(0, first);
        all.leaves.reserve_exact(rest.len());
        all.facts.reserve_exact(rest.len());
        all.bodies.reserve_exact(rest.len());
        for (before, part, thread) in others {
            // A thread that could not finish is made up for here.
            let mut read = thread.join().unwrap_or_else(|_| read(before, part));
            all.leaves.append(&mut read.leaves);
            all.facts.append(&mut read.facts);
            all.bodies.append(&mut read.bodies);
            all.refusal = all.refusal.or(read.refusal);
        }
        all
    })
}

/// What was read: all leaf hashes, and all statements, or some where there is a refusal.
#[derive(Default)]
pub(super) struct Read {
    pub(super) leaves: Vec<Hash>,
    /// At index 0 of the log, until somebody knows better.
    pub(super) facts: Vec<Fact>,
    pub(super) bodies: Vec<Statement>,
    /// The first statement that cannot be read.
    pub(super) refusal: Option<Refusal>,
}

/// Reads neighbouring statements, of which the first has the place `before`.
fn read(before: usize, statements: &[Vec<u8>]) -> Read {
    let leaves = statements.iter().map(|bytes| leaf_hash(bytes)).collect();
    let mut part = Read { leaves, ..Read::default() };
    for (n, bytes) in statements.iter().enumerate() {
        let place = before + n;
        match (decode_statement(bytes), part.leaves.get(n)) {
            (Ok(statement), Some(leaf)) => {
                let ordinal = u32::try_from(place).unwrap_or(u32::MAX); // OK because a seal covers at most 65,536.
                part.facts.push(Fact::of(StatementId::from_bytes(*leaf), &statement, 0, ordinal));
                part.bodies.push(statement);
            }
            (Err(cause), _) => {
                part.refusal = Some(Refusal::Statement { ordinal: place + 1, cause });
                break;
            }
            (Ok(_), None) => break, // not reached: there is a leaf for each statement
        }
    }
    part
}
