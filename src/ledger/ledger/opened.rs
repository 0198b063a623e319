//! A submission that was opened: its seal holds and its statements are read. Whether they may be said, the rules decide later, in log
//! order; this part needs no log, so that several may be opened at the same time.

use std::borrow::Borrow;
use std::num::NonZero;
use std::sync::OnceLock;

use super::Submission;
use crate::admission::{Fact, Refusal, Said};
use crate::codec::digest::{Sha256Bytes, sha256};
use crate::codec::{CodecError, decode_statement, leaf_hash, statement_leaf};
use crate::merkle::Hash;
use crate::model::StatementId;
use crate::store::Body;

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
    /// What the rules need of each.
    pub(super) bodies: Vec<Said>,
}

/// What lies in the place of a statement.
pub(super) trait Readable: Sync {
    /// Its leaf hash, and what it says.
    fn read(&self) -> (Hash, Result<Said, CodecError>);
}

impl Readable for Vec<u8> {
    fn read(&self) -> (Hash, Result<Said, CodecError>) {
        (statement_leaf(self), decode_statement(self).map(Said::Whole))
    }
}

impl Readable for Body {
    fn read(&self) -> (Hash, Result<Said, CodecError>) {
        match self {
            Self::Statement(bytes) => bytes.read(),
            Self::Removed(header) => (statement_leaf(header), Said::without_body(header)),
        }
    }
}

impl<B: Borrow<Submission>> Opened<B> {
    /// Checks the seal against its statements and reads them, on as many threads as there are cores.
    ///
    /// The facts stand at index 0 until the rules judge them.
    pub(super) fn open(submission: B) -> Result<Self, Refusal> {
        Self::open_on(submission, usize::MAX)
    }

    /// As [`Self::open`], on so many threads at most.
    pub(super) fn open_on(submission: B, threads: usize) -> Result<Self, Refusal> {
        let Submission { seal, statements } = submission.borrow();
        let Read { leaves, facts, bodies, refusal } = read_all(statements, threads);
        seal.check_statements(&leaves)?;
        seal.verify_signature()?;
        if let Some(refusal) = refusal {
            return Err(refusal);
        }
        let (leaf, message) = (leaf_hash(&seal.to_bytes()), sha256(&[&seal.message()]));
        Ok(Self { submission, leaf, message, facts, bodies })
    }
}

/// Reads the statements of a submission, on as many threads as there are cores, or fewer.
pub(super) fn read_all<T: Readable>(statements: &[T], threads_max: usize) -> Read {
    let shares = statements.len().div_ceil(SHARE_MIN).min(threads_max);
    let threads = if shares > 1 { shares.min(cores()) } else { 1 };
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

/// How many threads this machine runs at a time, asked once: on Linux the answer is read from several files.
fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| std::thread::available_parallelism().map_or(1, NonZero::get))
}

/// What was read: all leaf hashes, and all statements, or some where there is a refusal.
#[derive(Default)]
pub(super) struct Read {
    pub(super) leaves: Vec<Hash>,
    /// At index 0 of the log, until somebody knows better.
    pub(super) facts: Vec<Fact>,
    /// What the rules need of each.
    pub(super) bodies: Vec<Said>,
    /// The first statement that cannot be read.
    pub(super) refusal: Option<Refusal>,
}

/// Reads neighbouring statements, of which the first has the place `before`.
fn read<T: Readable>(before: usize, statements: &[T]) -> Read {
    let mut part = Read { leaves: Vec::with_capacity(statements.len()), ..Read::default() };
    for (place, statement) in (before..).zip(statements) {
        let (leaf, said) = statement.read();
        part.leaves.push(leaf);
        if part.refusal.is_some() {
            continue;
        }
        let ordinal = u32::try_from(place).unwrap_or(u32::MAX); // OK because a seal covers at most 65,536.
        match said {
            Ok(said) => {
                part.facts.push(match &said {
                    Said::Whole(statement) => Fact::of(StatementId::from_bytes(leaf), statement, 0, ordinal),
                    Said::Header(header) => {
                        Fact::of_header(StatementId::from_bytes(leaf), header, 0, ordinal)
                    }
                });
                part.bodies.push(said.for_judging());
            }
            Err(cause) => part.refusal = Some(Refusal::Statement { ordinal: place + 1, cause }),
        }
    }
    part
}
