//! Questions to a ledger.

use std::collections::{BTreeMap, BTreeSet};

use super::{Ledger, LedgerError, Submission, opened, postings};
use crate::admission::{Book, Entry, Fact, Said, Scope, changes_since, inventory, inventory_where};
use crate::calc::{Change, Held, Inventory};
use crate::codec::{decode_kept, decode_statement};
use crate::log::Checkpoint;
use crate::merkle::{Hash, inclusion_proof};
use crate::model::{
    Activity, Flow, FlowSource, FootprintId, ProductId, Statement, StatementId, StatementKind,
};
use crate::sign::Seal;
use crate::store::{Body, Position, Reader, StoreError, StoredSubmission};

/// A statement with its place under its seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The statement's bytes; none where it was redacted.
    pub bytes: Option<Vec<u8>>,
    /// Its place in the submission, from 0.
    pub ordinal: u64,
    /// The path from it to the root in the seal.
    pub path: Vec<Hash>,
    /// The index of the seal in the log.
    pub index: u64,
    /// The seal.
    pub seal: Seal,
}

impl<S: Reader> Ledger<S> {
    /// The ledger's id: the statement id of its genesis.
    pub fn id(&self) -> StatementId {
        StatementId::from_bytes(self.store.ledger_id())
    }

    /// What holds.
    pub const fn book(&self) -> &Book {
        &self.book
    }

    /// Submissions in the log.
    pub fn size(&self) -> u64 {
        self.book.size()
    }

    /// The root of the log.
    pub fn root(&self) -> Hash {
        self.book.root()
    }

    /// The leaf hashes of the seals, in order.
    pub fn leaves(&self) -> &[Hash] {
        &self.leaves
    }

    /// The unsigned checkpoint of the log as it is.
    ///
    /// # Errors
    /// [`LedgerError::Log`] for an origin that no checkpoint can have.
    pub fn checkpoint(&self) -> Result<Checkpoint, LedgerError> {
        let origin = self.book.origin().map(ToString::to_string).unwrap_or_default();
        Ok(Checkpoint::new(&origin, self.size(), self.root())?)
    }

    /// A statement's bytes.
    ///
    /// # Errors
    /// [`LedgerError::NoStatement`]; [`LedgerError::Redacted`]; [`LedgerError::Store`] where its bytes are damaged.
    pub fn statement_bytes(&self, id: &StatementId) -> Result<Vec<u8>, LedgerError> {
        let missing = || LedgerError::NoStatement { id: *id };
        let (number, _) = self.book.entry(id).ok_or_else(missing)?;
        let position = self.positions.get(number).copied().ok_or_else(missing)?;
        self.store.statement(position).map_err(|error| match error {
            StoreError::Redacted { .. } => self.redacted(id),
            other => other.into(),
        })
    }

    fn redacted(&self, id: &StatementId) -> LedgerError {
        LedgerError::Redacted { id: *id, by: self.book.redaction_of(id).map(|announced| announced.by) }
    }

    /// A statement.
    ///
    /// # Errors
    /// As [`Self::statement_bytes`], and [`LedgerError::Codec`].
    pub fn statement(&self, id: &StatementId) -> Result<Statement, LedgerError> {
        Ok(decode_statement(&self.statement_bytes(id)?)?)
    }

    /// A statement, or what stays of it where it was redacted.
    ///
    /// # Errors
    /// As [`Self::statement`].
    pub fn said(&self, id: &StatementId) -> Result<Said, LedgerError> {
        let missing = || LedgerError::NoStatement { id: *id };
        let (number, _) = self.book.entry(id).ok_or_else(missing)?;
        let position = self.positions.get(number).copied().ok_or_else(missing)?;
        self.said_at(position)
    }

    pub(super) fn said_at(&self, at: Position) -> Result<Said, LedgerError> {
        Ok(match self.store.body(at)? {
            Body::Statement(bytes) => Said::Whole(decode_statement(&bytes)?),
            Body::Redacted(bytes) => Said::Kept(decode_kept(&bytes)?),
        })
    }

    /// A whole submission.
    ///
    /// # Errors
    /// [`LedgerError::NoSubmission`]; [`LedgerError::Store`], also where a statement of it was redacted.
    pub fn submission(&self, index: u64) -> Result<Submission, LedgerError> {
        let stored = self.stored(index)?;
        let mut statements = Vec::with_capacity(stored.statements.len());
        for (body, at) in stored.statements.into_iter().zip(stored.positions) {
            statements.push(match body {
                Body::Statement(bytes) => bytes,
                Body::Redacted(_) => self.store.statement(at)?,
            });
        }
        Ok(Submission { seal: Seal::parse(&stored.seal)?, statements })
    }

    /// The seal of a submission.
    ///
    /// # Errors
    /// [`LedgerError::NoSubmission`]; [`LedgerError::Store`].
    pub fn seal(&self, index: u64) -> Result<Seal, LedgerError> {
        Ok(Seal::parse(&self.stored(index)?.seal)?)
    }

    fn stored(&self, index: u64) -> Result<StoredSubmission, LedgerError> {
        let missing = || LedgerError::NoSubmission { index, size: self.size() };
        if index >= self.size() {
            return Err(missing());
        }
        let before = index.checked_sub(1).and_then(|i| usize::try_from(i).ok());
        let from: Option<Position> = before.and_then(|i| self.ends.get(i).copied());
        self.store.read(from)?.next().transpose()?.ok_or_else(missing)
    }

    /// A statement with its place under its seal, for a proof.
    ///
    /// # Errors
    /// As [`Self::sealed_together`], and [`LedgerError::NoStatement`].
    pub fn sealed(&self, id: &StatementId) -> Result<Sealed, LedgerError> {
        let (_, entry) = self.book.entry(id).ok_or(LedgerError::NoStatement { id: *id })?;
        let sealed = self.sealed_together(entry.index, &[entry.ordinal])?.pop();
        sealed.ok_or(LedgerError::NoStatement { id: *id })
    }

    /// Statements of one submission, by their places in it, each with its place under the seal. A redacted one has its place all the same.
    ///
    /// # Errors
    /// [`LedgerError::NoSubmission`]; [`LedgerError::Store`]; [`LedgerError::Merkle`] for a place that the submission does not have.
    pub fn sealed_together(&self, index: u64, ordinals: &[u32]) -> Result<Vec<Sealed>, LedgerError> {
        let stored = self.stored(index)?;
        let seal = Seal::parse(&stored.seal)?;
        let leaves = opened::read_leaves(&stored.statements);
        let mut sealed = Vec::with_capacity(ordinals.len());
        for ordinal in ordinals.iter().map(|ordinal| u64::from(*ordinal)) {
            let path = inclusion_proof(leaves.as_slice(), ordinal, seal.count())?;
            let body = usize::try_from(ordinal).ok().and_then(|n| stored.statements.get(n));
            let bytes = body.and_then(Body::statement).map(<[u8]>::to_vec);
            sealed.push(Sealed { bytes, ordinal, path, index, seal });
        }
        Ok(sealed)
    }

    /// Everything that holds, as a calculation needs it.
    ///
    /// # Errors
    /// [`LedgerError::Inventory`], naming the statement.
    pub fn inventory(&self) -> Result<Inventory, LedgerError> {
        Ok(inventory(&self.book, |id| self.said(id))?)
    }

    /// What came to hold and what ended since the log had `size` seals, for a program that keeps the inventory of then up
    /// to date ([`Inventory::apply`]): of all statements only the new ones are read.
    ///
    /// # Errors
    /// As [`Self::inventory`].
    pub fn changes_since(&self, size: u64) -> Result<Vec<Change>, LedgerError> {
        Ok(changes_since(&self.book, size, |id| self.said(id))?)
    }

    /// The activity statements that hold and put a product out, oldest first, found by the index's postings and read. Every id of the
    /// product finds the same ones.
    ///
    /// # Errors
    /// As [`Self::statement`], also where one of them was redacted; [`LedgerError::Index`].
    pub fn activities_of(&self, product: &ProductId) -> Result<Vec<Held<Activity>>, LedgerError> {
        let mut found = Vec::new();
        for (id, said) in self.said_of(product)? {
            match said {
                Said::Whole(Statement::Activity(statement)) => found.push(Held { id, statement }),
                Said::Whole(_) => {}
                Said::Kept(_) => return Err(self.redacted(&id)),
            }
        }
        Ok(found)
    }

    /// As [`Self::activities_of`], with what stays of redacted ones.
    fn said_of(&self, product: &ProductId) -> Result<Vec<(StatementId, Said)>, LedgerError> {
        let held = self.book.product(product).map(|(_, statement)| statement.ids.as_slice());
        let ids = held.unwrap_or(std::slice::from_ref(product));
        let live = self.activities_about(ids, |entry| self.book.holds(&entry.id))?;
        Ok(live.into_iter().map(|(_, id, said)| (id, said)).collect())
    }

    /// The wanted activity statements that put out a product of these ids, each with its number among all statements.
    pub(super) fn activities_about(
        &self,
        ids: &[ProductId],
        wants: impl Fn(&Entry) -> bool,
    ) -> Result<Vec<(usize, StatementId, Said)>, LedgerError> {
        let mut numbers = BTreeSet::new();
        for id in ids {
            let tag = postings::tag(id);
            if let Some(derived) = &self.derived {
                numbers.extend(derived.numbers(tag)?);
            }
            numbers.extend(self.recent.with(tag));
        }
        let mut found = Vec::new();
        for number in numbers.into_iter().filter_map(|number| usize::try_from(number).ok()) {
            let Some(entry) = self.book.entries().get(number).filter(|entry| wants(entry)) else { continue };
            let said = self.said(&entry.id)?;
            // A tag may stand for another product too.
            if said.products().any(|product| ids.contains(product)) {
                found.push((number, entry.id, said));
            }
        }
        Ok(found)
    }

    /// What the footprint of one product can depend on: as [`Self::inventory`], but with the activity statements and bought footprints
    /// of that product and of what goes into it only. Of a large ledger that is a small part. A certificate that other products claim besides
    /// is not found twice here: what a user is shown as a figure comes from [`Self::inventory`].
    ///
    /// # Errors
    /// As [`Self::inventory`] and [`Self::activities_of`].
    pub fn inventory_of(&self, product: &ProductId) -> Result<Inventory, LedgerError> {
        let filed = |id: &ProductId| self.book.filed_under(id).unwrap_or(id).clone();
        let (mut seen, mut next) = (BTreeSet::from([filed(product)]), vec![filed(product)]);
        let mut wanted = BTreeMap::new();
        while let Some(product) = next.pop() {
            for (id, said) in self.said_of(&product)? {
                let used = flows_of(&said).iter().filter_map(|flow| match &flow.source {
                    FlowSource::Product(product) => Some(product),
                    _ => None,
                });
                for id in said.products().chain(used).map(filed) {
                    if seen.insert(id.clone()) {
                        next.push(id);
                    }
                }
                wanted.insert(id, said);
            }
        }
        let footprints: BTreeSet<&FootprintId> = wanted
            .values()
            .flat_map(flows_of)
            .filter_map(|flow| match &flow.source {
                FlowSource::Footprint(footprint) => Some(footprint),
                _ => None,
            })
            .collect();
        let bought = footprints
            .iter()
            .filter_map(|footprint| self.book.live(StatementKind::SupplierFootprint, footprint.as_str()));
        let bought: BTreeSet<StatementId> = bought.collect();
        let wants = |entry: &Entry| match entry.kind {
            StatementKind::Activity => wanted.contains_key(&entry.id),
            StatementKind::SupplierFootprint => bought.contains(&entry.id),
            _ => true,
        };
        Ok(inventory_where(&self.book, wants, |id| match wanted.get(id) {
            Some(activity) => Ok(activity.clone()),
            None => self.said(id),
        })?)
    }

    /// Everything that held at a size of the log, as a calculation needs it: what a publication rests on can be calculated again for ever.
    ///
    /// # Errors
    /// As [`Self::inventory`]; [`LedgerError::NoSubmission`] beyond the present size; [`LedgerError::Store`].
    pub fn inventory_at(&self, size: u64) -> Result<Inventory, LedgerError> {
        if size > self.size() {
            return Err(LedgerError::NoSubmission { index: size.saturating_sub(1), size: self.size() });
        }
        let first_later = self.book.entries().partition_point(|entry| entry.index < size);
        let mut later = self.book.entries().from(first_later);
        let adds_only = |kind| matches!(kind, StatementKind::Assurance | StatementKind::Publication);
        if later.all(|entry| adds_only(entry.kind) && entry.replaces.is_none()) {
            // What came since changes nothing that held, so that the past need not be folded again.
            let mut inventory = self.inventory()?;
            let held = |id: &StatementId| self.book.entry(id).is_some_and(|(_, entry)| entry.index < size);
            inventory.publications.retain(|publication| held(&publication.id));
            return Ok(inventory);
        }
        let book = self.book_at(size)?;
        Ok(inventory(&book, |id| self.said(id))?)
    }

    /// The book as it was at a size of the log: of most statements it needs what the book of today knows, and only the few whose text
    /// it keeps are read again.
    fn book_at(&self, size: u64) -> Result<Book, LedgerError> {
        let mut book = Book::new(Scope::Whole);
        let mut entries = self.book.entries().iter().zip(&self.positions).enumerate().peekable();
        let mut made = self.book.made_from(0).peekable();
        for (index, leaf) in (0..size).zip(&self.leaves) {
            let (Some(message), Some(key)) = (self.book.message_at(index), self.book.key_at(index)) else {
                return Err(LedgerError::NoSubmission { index, size: self.size() });
            };
            let mut facts = Vec::new();
            while let Some((number, (entry, position))) = entries.next_if(|(_, (e, _))| e.index == index) {
                let (mut body, mut kept) = (None, None);
                if Fact::keeps_body(entry.kind) {
                    match self.said_at(*position)? {
                        Said::Whole(statement) => body = Some(Box::new(statement)),
                        Said::Kept(stays) => kept = Some(Box::new(stays)),
                    }
                }
                let own = std::iter::from_fn(|| made.next_if(|(maker, _)| *maker == number));
                let makes = own.map(|(_, product)| *product).collect();
                facts.push(Fact { entry: entry.into_owned(), body, kept, makes });
            }
            book.fold(*leaf, message, key, facts);
        }
        Ok(book)
    }
}

/// The flows of an activity; none where they are no longer there.
fn flows_of(said: &Said) -> &[Flow] {
    match said {
        Said::Whole(Statement::Activity(activity)) => &activity.flows,
        _ => &[],
    }
}
