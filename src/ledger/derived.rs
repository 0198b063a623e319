//! The derived files of a ledger: leaf hashes and index. They only save time: what they say is checked against the store, and where they
//! are missing, damaged or of another history they are thrown away and made again.

use std::path::{Path, PathBuf};

use super::{Ledger, LedgerError};
use crate::codec::stored::{self, LogItem};
use crate::codec::{decode_statement, statement_id};
use crate::merkle::Hash;
use crate::model::{PublicKey, StatementId, StatementKind};
use crate::rules::{Book, Entry, Fact, Scope};
use crate::store::index::Index;
use crate::store::leaves::Leaves;
use crate::store::{Head, Position, Store};

/// Items in one stored run: about 150 bytes each, well below what sled keeps in one file.
const RUN_ITEMS: usize = 400;

/// How many statements the index may lag behind before it is brought up to date.
pub(super) const LAG_MAX: usize = 4 * RUN_ITEMS;

/// Leaf hashes and index of a ledger that is open for writing.
pub(super) struct Derived {
    dir: PathBuf,
    ledger_id: [u8; 32],
    index: Index,
    leaves: Leaves,
    runs: u64,
    entries: usize,
}

/// What the derived files gave back.
struct Loaded {
    book: Book,
    leaves: Vec<Hash>,
    positions: Vec<Position>,
    ends: Vec<Position>,
    runs: u64,
    head: Head,
}

impl Derived {
    pub(super) fn open(dir: &Path, ledger_id: &[u8; 32]) -> Result<Self, LedgerError> {
        let (index_dir, leaves_dir) = (dir.join("index"), dir.join("log"));
        // A damaged derived file is not an error: it is made again from the segments.
        let index = Index::open(&index_dir, ledger_id).or_else(|_| Index::reset(&index_dir, ledger_id))?;
        let leaves =
            Leaves::open(&leaves_dir, ledger_id).or_else(|_| Leaves::reset(&leaves_dir, ledger_id))?;
        let (dir, ledger_id) = (dir.to_path_buf(), *ledger_id);
        Ok(Self { dir, ledger_id, index, leaves, runs: 0, entries: 0 })
    }

    fn reset(self) -> Result<Self, LedgerError> {
        let (index_dir, leaves_dir) = (self.dir.join("index"), self.dir.join("log"));
        drop(self.index);
        let index = Index::reset(&index_dir, &self.ledger_id)?;
        let leaves = Leaves::reset(&leaves_dir, &self.ledger_id)?;
        Ok(Self { index, leaves, runs: 0, entries: 0, ..self })
    }

    /// What is stored, where it is a prefix of this ledger; `None` where it must be made again.
    fn load<S: Store>(&self, store: &S) -> Option<Loaded> {
        let head = self.index.watermark()?;
        let leaves = self.leaves.read(0..head.size).ok()?;
        let runs = self.index.scan(b"run/").ok()?;
        let mut loaded = Loaded {
            book: Book::new(Scope::Whole),
            leaves: Vec::with_capacity(leaves.len()),
            positions: Vec::new(),
            ends: Vec::new(),
            runs: runs.len() as u64, // OK because a usize has at most 64 bits.
            head,
        };
        let mut items = Vec::new();
        for (_, run) in &runs {
            items.extend(stored::read::<Vec<LogItem>>(run).ok()?);
        }
        let mut items = items.into_iter().peekable();
        let mut leaves = leaves.into_iter();
        while let Some(item) = items.next() {
            let LogItem::Seal { message, signer, end } = item else { return None };
            let index = loaded.book.size();
            let mut facts = Vec::new();
            while let Some(LogItem::Statement { .. }) = items.peek() {
                let (fact, position) = fact(items.next()?, index, store)?;
                facts.push(fact);
                loaded.positions.push(position);
            }
            let leaf = leaves.next()?;
            loaded.leaves.push(leaf);
            loaded.ends.push(Position::from_bytes(end));
            loaded.book.fold(leaf, message, PublicKey::from_bytes(signer), facts);
        }
        let same = loaded.book.size() == head.size && loaded.book.root() == head.root;
        let (last, before) = loaded.ends.split_last()?;
        // A prefix of this ledger: the store's own submission there has that size, that root and that end.
        let stored = store.read(before.last().copied()).ok()?.next()?.ok()?;
        (same && *last == head.position && stored.head() == head).then_some(loaded)
    }

    /// Stores what was appended since the last time, once at least `lag` statements are missing.
    pub(super) fn catch_up(
        &mut self,
        book: &Book,
        leaves: &[Hash],
        positions: &[Position],
        ends: &[Position],
        lag: usize,
    ) -> Result<(), LedgerError> {
        let missing = book.entries().get(self.entries..).unwrap_or_default();
        if missing.len() < lag {
            return Ok(());
        }
        let known = usize::try_from(self.leaves.len()).unwrap_or(usize::MAX);
        self.leaves.append(leaves.get(known..).unwrap_or_default())?;
        let positions = positions.get(self.entries..).unwrap_or_default();
        let items = log_items(book, missing, positions, ends);
        let mut changes = Vec::new();
        for run in items.chunks(RUN_ITEMS) {
            let key = format!("run/{:012}", self.runs + changes.len() as u64).into_bytes();
            changes.push((key, Some(stored::write(&run.to_vec())?)));
        }
        let Some(position) = ends.last().copied() else { return Ok(()) };
        self.index.apply(&changes, Head { size: book.size(), root: book.root(), position })?;
        self.index.flush()?;
        self.runs += changes.len() as u64; // OK because a usize has at most 64 bits.
        self.entries = book.entries().len();
        Ok(())
    }
}

impl<S: Store> Ledger<S> {
    /// Takes what the derived files hold, reads the rest from the store, and brings the files up to date.
    pub(super) fn replay_with(&mut self, derived: Derived) -> Result<Derived, LedgerError> {
        let mut derived = match derived.load(&self.store) {
            Some(loaded) => {
                let from = loaded.head.position;
                (self.book, self.leaves) = (loaded.book, loaded.leaves);
                (self.positions, self.ends) = (loaded.positions, loaded.ends);
                self.replay(Some(from))?;
                Derived { runs: loaded.runs, entries: self.book.entries().len(), ..derived }
            }
            None => {
                let derived = derived.reset()?;
                self.replay(None)?;
                derived
            }
        };
        let kept = derived.leaves.len();
        let kept_leaves = derived.leaves.read(0..kept).unwrap_or_default();
        if kept > self.book.size()
            || !self.leaves.starts_with(&kept_leaves)
            || kept_leaves.len() as u64 != kept
        {
            derived = derived.reset()?;
        }
        derived.catch_up(&self.book, &self.leaves, &self.positions, &self.ends, 1)?;
        Ok(derived)
    }
}

fn log_items(book: &Book, entries: &[Entry], positions: &[Position], ends: &[Position]) -> Vec<LogItem> {
    let mut items = Vec::with_capacity(entries.len() + ends.len());
    for (entry, position) in entries.iter().zip(positions) {
        if entry.ordinal == 0 {
            let end = usize::try_from(entry.index).ok().and_then(|i| ends.get(i));
            if let (Some(key), Some(message), Some(end)) =
                (book.key_at(entry.index), book.message_at(entry.index), end)
            {
                items.push(LogItem::Seal { message: *message, signer: *key.as_bytes(), end: end.to_bytes() });
            }
        }
        items.push(LogItem::Statement {
            id: *entry.id.as_bytes(),
            kind: entry.kind as u8,
            by: entry.by.to_string(),
            ordinal: entry.ordinal,
            replaces: entry.replaces.map(|id| *id.as_bytes()),
            subject: entry.subject,
            position: position.to_bytes(),
        });
    }
    items
}

/// The fact of a stored item; `None` where the item is not one that this version wrote.
fn fact<S: Store>(item: LogItem, index: u64, store: &S) -> Option<(Fact, Position)> {
    let LogItem::Statement { id, kind, by, ordinal, replaces, subject, position } = item else { return None };
    let kind = *StatementKind::ALL.get(usize::from(kind))?;
    let position = Position::from_bytes(position);
    let id = StatementId::from_bytes(id);
    let body = if Fact::keeps_body(kind) {
        let bytes = store.statement(position).ok()?;
        if statement_id(&bytes) != id {
            return None;
        }
        Some(Box::new(decode_statement(&bytes).ok()?))
    } else {
        None
    };
    let replaces = replaces.map(StatementId::from_bytes);
    let entry = Entry { id, kind, by: by.parse().ok()?, index, ordinal, replaces, subject };
    Some((Fact { entry, body }, position))
}
