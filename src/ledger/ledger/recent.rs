//! The newest submissions, those behind the derived runs, in the index: a writer that opens the
//! ledger after a crash need not parse them again. They only save time, and are used whole or not
//! at all.

use std::path::Path;

use super::LedgerError;
use super::base::said_at;
use super::placed::Placed;
use crate::admission::{Book, Entry, Fact, IndexError, Said};
use crate::merkle::Frontier;
use crate::model::{ActorId, PublicKey, StatementId, StatementKind};
use crate::store::index::{Change, Index, IndexError as SledError, VALUE_BYTES_MAX};
use crate::store::{Head, Position, Reader};
use crate::stored::{self, StoredPart, StoredStatement, StoredValueError};

/// Statements of one stored part, so that it stays well below what the index keeps in files of its
/// own.
const PART: usize = 256;
/// Bytes of the statements of one stored part: the index takes a little more, for the part's own.
const PART_BYTES: usize = VALUE_BYTES_MAX - 1_000;
/// Keys begin with this.
const KEY: &[u8] = b"s";

/// Parts of the submissions from an index on, as they are written.
pub(super) struct Parts {
    changes: Vec<(Vec<u8>, StoredPart)>,
    head: Head,
}

impl Parts {
    /// The submissions that are placed from a seal on.
    pub(super) fn of(book: &Book, placed: &Placed, from: u64, head: Head) -> Result<Self, IndexError> {
        let mut changes = Vec::new();
        for index in from..placed.seals() {
            let (Some(leaf), Some(end), Some(sealing)) =
                (placed.leaf(index), placed.end_of(index), book.sealing(index)?)
            else {
                continue;
            };
            let (first, behind) = (book.first_of(index)?, book.first_of(index + 1)?); // OK because a log is shorter
            let numbers: Vec<usize> = (first..behind.min(placed.statements())).collect();
            let mut parts = vec![Vec::new()];
            let mut room = PART_BYTES;
            for number in numbers {
                let Some(statement) = statement(book, placed, number)? else { continue };
                let bytes = bytes_max(&statement);
                match parts.last_mut().filter(|part| part.len() < PART && bytes <= room) {
                    Some(part) => part.push(statement),
                    None => {
                        parts.push(vec![statement]);
                        room = PART_BYTES;
                    }
                }
                room = room.saturating_sub(bytes);
            }
            let count = parts.len();
            for (part, statements) in (0_u32..).zip(parts) {
                let key = [KEY, &index.to_be_bytes(), &part.to_be_bytes()].concat();
                let (message, signer) = (sealing.message, *sealing.key.as_bytes());
                let last = part as usize + 1 == count;
                changes
                    .push((key, StoredPart { message, signer, leaf, end: end.to_bytes(), last, statements }));
            }
        }
        Ok(Self { changes, head })
    }
}

/// Bytes that a stored statement takes at most: two digests, a position, a name and the lengths,
/// beside what it is found by.
fn bytes_max(statement: &StoredStatement) -> usize {
    210 + 32 * statement.makes.len() + 8 * statement.tags.len()
}

fn statement(book: &Book, placed: &Placed, number: usize) -> Result<Option<StoredStatement>, IndexError> {
    let Some((entry, position)) = book.entry_at(number)?.zip(placed.position(number)) else {
        return Ok(None);
    };
    let (makes, tags) = book.told_by_text(number);
    Ok(Some(StoredStatement {
        id: *entry.id.as_bytes(),
        subject: entry.subject,
        position: position.to_bytes(),
        kind: entry.kind as u8,
        by: entry.by.to_string(),
        replaces: entry.replaces.as_deref().map(|id| *id.as_bytes()),
        makes: makes.as_slice().to_vec(),
        tags: tags.to_vec(),
    }))
}

/// The index of the newest submissions.
pub(super) struct Recent(Index);

impl Recent {
    /// Opens it; one that is damaged, or of another ledger, begins anew.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn open(dir: &Path, ledger_id: &[u8; 32]) -> Result<Self, SledError> {
        Index::open(dir, ledger_id).or_else(|_| Index::reset(dir, ledger_id)).map(Self)
    }

    /// What is kept, in log order; nothing where any of it cannot be read.
    pub(super) fn parts(&self) -> Vec<StoredPart> {
        let parts = self.0.scan(KEY).ok().map(|all| {
            all.iter()
                .map(|(_, value)| stored::read(value))
                .collect::<Result<Vec<StoredPart>, StoredValueError>>()
        });
        parts.and_then(Result::ok).unwrap_or_default()
    }

    /// Adds submissions.
    ///
    /// # Errors
    /// [`LedgerError::Sled`]; [`LedgerError::Stored`].
    pub(super) fn add(&mut self, parts: &Parts) -> Result<(), LedgerError> {
        let mut changes: Vec<Change> = Vec::with_capacity(parts.changes.len());
        for (key, part) in &parts.changes {
            let value = stored::write(part)?;
            if value.len() > VALUE_BYTES_MAX {
                // One statement names too much: this submission and those behind it are parsed
                // again.
                return Ok(());
            }
            changes.push((key.clone(), Some(value)));
        }
        self.0.apply(&changes, parts.head)?;
        Ok(self.0.flush()?)
    }

    /// Forgets everything: the runs have it.
    ///
    /// # Errors
    /// [`LedgerError::Sled`].
    pub(super) fn clear(&mut self, head: Head) -> Result<(), LedgerError> {
        let changes: Vec<Change> = self.0.scan(KEY)?.into_iter().map(|(key, _)| (key, None)).collect();
        if changes.is_empty() {
            return Ok(());
        }
        self.0.apply(&changes, head)?;
        Ok(self.0.flush()?)
    }
}

/// A submission that was read back.
struct Submission {
    seal: StoredPart,
    facts: Vec<Fact>,
    positions: Vec<Position>,
}

/// Folds what is kept behind what is placed, where it is what the store holds there.
pub(super) fn fold<S: Reader>(
    parts: Vec<StoredPart>,
    store: &S,
    book: &mut Book,
    placed: &mut Placed,
) -> Result<(), IndexError> {
    for one in read(parts, store, book.frontier()).unwrap_or_default() {
        let (leaf, end) = (one.seal.leaf, Position::from_bytes(one.seal.end));
        placed.push(leaf, one.positions, end);
        book.fold(leaf, one.seal.message, PublicKey::from_bytes(one.seal.signer), one.facts)?;
    }
    Ok(())
}

/// The submissions behind a tree; none where they are not those of the store.
fn read<S: Reader>(parts: Vec<StoredPart>, store: &S, behind: &Frontier) -> Option<Vec<Submission>> {
    let (mut tree, mut all, mut open) = (behind.clone(), Vec::new(), None);
    for mut part in parts {
        let statements = std::mem::take(&mut part.statements);
        let last = part.last;
        let one: &mut Submission =
            open.get_or_insert(Submission { seal: part, facts: Vec::new(), positions: Vec::new() });
        for stored in statements {
            let at = Position::from_bytes(stored.position);
            one.facts.push(fact(stored, tree.size(), u32::try_from(one.facts.len()).ok()?, store, at)?);
            one.positions.push(at);
        }
        if last {
            tree.push(one.seal.leaf);
            all.extend(open.take());
        }
    }
    let end = Position::from_bytes(all.last().map(|one| one.seal.end)?);
    let (state, _) = store.ending(end).ok()?;
    ((state.size, state.root) == (tree.size(), tree.root())).then_some(all)
}

fn fact<S: Reader>(
    stored: StoredStatement,
    index: u64,
    ordinal: u32,
    store: &S,
    at: Position,
) -> Option<Fact> {
    let kind = StatementKind::ALL.get(usize::from(stored.kind)).copied()?;
    let id = StatementId::from_bytes(stored.id);
    if Fact::keeps_body(kind) {
        return Some(match said_at(store, at).ok()? {
            Said::Whole(statement) => Fact::new(id, statement, index, ordinal),
            Said::Header(header) => Fact::of_header(id, &header, index, ordinal),
        });
    }
    let by: ActorId = stored.by.parse().ok()?;
    let replaces = stored.replaces.map(|id| Box::new(StatementId::from_bytes(id)));
    let entry = Entry { id, kind, by, index, ordinal, replaces, subject: stored.subject };
    let makes = stored.makes.into_iter().collect();
    Some(Fact { entry, body: None, makes, tags: stored.tags, reading: None })
}
