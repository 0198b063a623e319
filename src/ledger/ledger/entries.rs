//! The ledger's entries as a derived file: what the book needs of every statement, so that opening parses only the few that it keeps.
//! What is read here is compared with the store before anybody relies on it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::mpsc::sync_channel;

use super::postings::{Posting, tag_of};
use crate::admission::{Book, Entry, Fact, Makes, Scope};
use crate::codec::{decode_kept, decode_statement, statement_id};
use crate::limits::STATEMENTS_MAX;
use crate::merkle::Hash;
use crate::model::{ActorId, PublicKey, StatementId, StatementKind};
use crate::store::runs::Runs;
use crate::store::{Body, Position, Reader, StoreError};
use crate::stored::{self, StoredRun, StoredSeal, StoredStatement};

/// Statements and outputs in one stored run: about 50 kB.
const RUN_ITEMS: usize = 512;
/// Runs that are decoded ahead of the one that is folded.
const AHEAD: usize = 64;

/// How far the file reaches.
#[derive(Clone, Default)]
pub(super) struct Kept {
    /// Statements in it.
    pub(super) entries: usize,
    /// Actors in it, by their numbers.
    pub(super) actors: BTreeMap<ActorId, u32>,
    /// Where its last whole submission ends; none where it holds nothing.
    pub(super) end: Option<u64>,
}

/// What the derived files gave back.
pub(super) struct Loaded {
    pub(super) book: Book,
    pub(super) leaves: Vec<Hash>,
    pub(super) positions: Vec<Position>,
    pub(super) ends: Vec<Position>,
    pub(super) postings: Vec<Posting>,
    pub(super) kept: Kept,
}

/// A seal whose statements are being read.
struct Sealing {
    seal: StoredSeal,
    facts: Vec<Fact>,
}

struct Loading<'a, S> {
    store: &'a S,
    leaves: &'a [Hash],
    actors: Vec<ActorId>,
    sealing: Option<Sealing>,
    loaded: Loaded,
}

/// What is stored, where it is a prefix of the ledger in `store`; `None` where it must be made again.
pub(super) fn load<S: Reader>(runs: &Runs, leaves: Vec<Hash>, bytes: u64, store: &S) -> Option<Loaded> {
    let mut book = Book::new(Scope::Whole);
    // A stored statement takes at least this many bytes, so that nothing grows while it is filled.
    let statements = usize::try_from(bytes / 98).unwrap_or(0);
    book.reserve(statements);
    let positions = Vec::with_capacity(statements);
    let (ends, kept) = (Vec::with_capacity(leaves.len()), Kept::default());
    let loaded =
        Loaded { book, leaves: Vec::new(), positions, ends, postings: Vec::with_capacity(statements), kept };
    let mut loading = Loading { store, leaves: &leaves, actors: Vec::new(), sealing: None, loaded };
    let whole = std::thread::scope(|scope| {
        let (send, receive) = sync_channel(AHEAD);
        scope.spawn(move || {
            // Reading ends at the last good block, or where the folding thread wants no more.
            let _ = runs.each(|bytes, end| send.send((stored::read::<StoredRun>(&bytes).ok(), end)).is_ok());
        });
        for (run, end) in receive {
            run.and_then(|run| loading.take(run, end))?;
        }
        Some(())
    });
    whole?;
    let mut loaded = loading.loaded;
    let (entries, size) = (loaded.book.entries().len(), loaded.ends.len());
    loaded.positions.truncate(entries);
    loaded.postings.retain(|(_, number)| (*number as usize) < entries);
    let (last, before) = loaded.ends.split_last()?;
    // A prefix of this ledger: the store's own submission there has that size, that root and that end.
    let stored = store.read(before.last().copied()).ok()?.next()?.ok()?.head();
    let same = (stored.size, stored.root, stored.position) == (loaded.book.size(), loaded.book.root(), *last);
    loaded.leaves = leaves;
    loaded.leaves.truncate(size);
    same.then_some(loaded)
}

impl<S: Reader> Loading<'_, S> {
    /// Folds a run that ends at `end` of the file; `None` where it is not one that this program wrote.
    fn take(&mut self, run: StoredRun, end: u64) -> Option<()> {
        for actor in run.actors {
            self.actors.push(actor.parse().ok()?);
        }
        let mut outputs = run.outputs.into_iter().peekable();
        let mut seals = run.seals.into_iter();
        for (place, statement) in (0_u32..).zip(run.statements) {
            let number = u32::try_from(self.loaded.positions.len()).ok()?;
            let own = std::iter::from_fn(|| outputs.next_if(|(at, _)| *at == place));
            let postings = &mut self.loaded.postings;
            let posted = own.map(|(_, product)| {
                postings.push((tag_of(&product), number));
                product
            });
            let makes: Makes = posted.collect();
            let mut sealing = match self.sealing.take() {
                Some(sealing) => sealing,
                None => {
                    let seal = seals.next()?;
                    let facts = Vec::with_capacity(u64::from(seal.statements).min(STATEMENTS_MAX) as usize);
                    Sealing { seal, facts }
                }
            };
            self.loaded.positions.push(Position::from_bytes(statement.position));
            let fact = self.fact(statement, sealing.facts.len(), makes)?;
            sealing.facts.push(fact);
            if sealing.facts.len() == sealing.seal.statements as usize {
                let leaf = *self.leaves.get(self.loaded.ends.len())?;
                let Sealing { seal, facts } = sealing;
                self.loaded.ends.push(Position::from_bytes(seal.end));
                self.loaded.book.fold(leaf, seal.message, PublicKey::from_bytes(seal.signer), facts);
            } else {
                self.sealing = Some(sealing);
            }
        }
        if outputs.next().is_some() || seals.next().is_some() {
            return None;
        }
        if self.sealing.is_none() {
            let numbered = self.actors.iter().cloned().zip(0..);
            let (entries, actors) = (self.loaded.book.entries().len(), &mut self.loaded.kept.actors);
            if actors.len() < self.actors.len() {
                actors.extend(numbered);
            }
            (self.loaded.kept.entries, self.loaded.kept.end) = (entries, Some(end));
        }
        Some(())
    }

    fn fact(&self, statement: StoredStatement, ordinal: usize, makes: Makes) -> Option<Fact> {
        let kind = *StatementKind::ALL.get(usize::from(statement.kind))?;
        let id = StatementId::from_bytes(statement.id);
        let entry = Entry {
            id,
            kind,
            by: self.actors.get(statement.by as usize)?.clone(),
            index: self.loaded.book.size(),
            ordinal: u32::try_from(ordinal).ok()?,
            replaces: statement.replaces.map(|id| Box::new(StatementId::from_bytes(id))),
            subject: statement.subject,
        };
        if !Fact::keeps_body(kind) {
            return Some(Fact { entry, body: None, kept: None, makes });
        }
        match self.store.body(Position::from_bytes(statement.position)).ok()? {
            Body::Statement(bytes) if statement_id(&bytes) == id => {
                Some(Fact { entry, body: Some(Box::new(decode_statement(&bytes).ok()?)), kept: None, makes })
            }
            Body::Statement(_) => None,
            Body::Redacted(bytes) => {
                let kept = decode_kept(&bytes).ok().filter(|kept| kept.id == id)?;
                Some(Fact { entry, body: None, kept: Some(Box::new(kept)), makes })
            }
        }
    }
}

/// The runs that hold the entries after those kept, and how far the file then reaches (but for its end).
pub(super) fn runs_after(
    kept: &Kept,
    book: &Book,
    positions: &[Position],
    ends: &[Position],
) -> (Vec<StoredRun>, Kept) {
    let mut next = kept.clone();
    let positions = positions.get(kept.entries..).unwrap_or_default();
    let (mut runs, mut run) = (Vec::new(), StoredRun::default());
    let mut made = book.made_from(kept.entries).peekable();
    // The book may hold more than what is written.
    let entries = || book.entries().from(kept.entries).zip(positions);
    let mut counts = seal_counts(entries().map(|(entry, _)| entry)).into_iter();
    for (entry, position) in entries() {
        if entry.ordinal == 0 {
            let end = usize::try_from(entry.index).ok().and_then(|i| ends.get(i));
            if let (Some(signer), Some(message), Some(end), Some(statements)) =
                (book.key_at(entry.index), book.message_at(entry.index), end, counts.next())
            {
                let (message, signer, end) = (message, *signer.as_bytes(), end.to_bytes());
                run.seals.push(StoredSeal { message, signer, end, statements });
            }
        }
        let numbered = u32::try_from(next.actors.len()).unwrap_or(u32::MAX); // OK: far fewer actors
        let by = match next.actors.get(&entry.by) {
            Some(number) => *number,
            None => {
                run.actors.push(entry.by.to_string());
                next.actors.insert(entry.by.clone(), numbered);
                numbered
            }
        };
        let place = u32::try_from(run.statements.len()).unwrap_or(u32::MAX); // OK: a run is cut long before
        while let Some((_, product)) = made.next_if(|(number, _)| *number == next.entries) {
            run.outputs.push((place, *product));
        }
        run.statements.push(StoredStatement {
            id: *entry.id.as_bytes(),
            subject: entry.subject,
            position: position.to_bytes(),
            kind: entry.kind as u8,
            by,
            replaces: entry.replaces.as_deref().map(|id| *id.as_bytes()),
        });
        next.entries += 1;
        if run.statements.len() >= RUN_ITEMS || run.outputs.len() >= RUN_ITEMS {
            runs.push(std::mem::take(&mut run));
        }
    }
    if !run.statements.is_empty() {
        runs.push(run);
    }
    (runs, next)
}

/// How many statements each of the seals has whose first statement is among these.
fn seal_counts<'e>(entries: impl Iterator<Item = Cow<'e, Entry>>) -> Vec<u32> {
    let mut counts: Vec<u32> = Vec::new();
    for entry in entries {
        match counts.last_mut() {
            Some(count) if entry.ordinal > 0 => *count += 1, // OK because a seal covers at most 65,536
            _ => counts.push(1),
        }
    }
    counts
}

/// Everything in the file about one tag, where the index cannot say.
pub(super) fn numbers_with(runs: &Runs, tag: u64) -> Result<Vec<u32>, StoreError> {
    let (mut numbers, mut first) = (Vec::new(), 0_u32);
    runs.each(|bytes, _| {
        let Ok(run) = stored::read::<StoredRun>(&bytes) else { return false };
        let found = run.outputs.iter().filter(|(_, product)| tag_of(product) == tag);
        numbers.extend(found.map(|(place, _)| first.saturating_add(*place)));
        first = first.saturating_add(u32::try_from(run.statements.len()).unwrap_or(u32::MAX));
        true
    })?;
    Ok(numbers)
}
