//! Questions to a ledger.

use std::collections::{BTreeMap, BTreeSet};

use super::{Ledger, LedgerError, Submission};
use crate::calc::{Held, Inventory};
use crate::codec::{decode_statement, leaf_hash};
use crate::log::Checkpoint;
use crate::merkle::{Hash, inclusion_proof};
use crate::model::{Activity, FlowSource, FootprintId, ProductId, Statement, StatementId, StatementKind};
use crate::rules::{Book, Entry, Fact, Scope, inventory, inventory_where, tag};
use crate::sign::Seal;
use crate::store::{Position, Reader};

/// A statement with its place under its seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The statement's bytes.
    pub bytes: Vec<u8>,
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
    /// [`LedgerError::NoStatement`]; [`LedgerError::Store`] where its bytes are damaged.
    pub fn statement_bytes(&self, id: &StatementId) -> Result<Vec<u8>, LedgerError> {
        let missing = || LedgerError::NoStatement { id: *id };
        let (number, _) = self.book.entry(id).ok_or_else(missing)?;
        let position = self.positions.get(number).copied().ok_or_else(missing)?;
        Ok(self.store.statement(position)?)
    }

    /// A statement.
    ///
    /// # Errors
    /// As [`Self::statement_bytes`], and [`LedgerError::Codec`].
    pub fn statement(&self, id: &StatementId) -> Result<Statement, LedgerError> {
        Ok(decode_statement(&self.statement_bytes(id)?)?)
    }

    /// A whole submission.
    ///
    /// # Errors
    /// [`LedgerError::NoSubmission`]; [`LedgerError::Store`].
    pub fn submission(&self, index: u64) -> Result<Submission, LedgerError> {
        let missing = || LedgerError::NoSubmission { index, size: self.size() };
        if index >= self.size() {
            return Err(missing());
        }
        let before = index.checked_sub(1).and_then(|i| usize::try_from(i).ok());
        let from: Option<Position> = before.and_then(|i| self.ends.get(i).copied());
        let stored = self.store.read(from)?.next().transpose()?.ok_or_else(missing)?;
        Ok(Submission { seal: Seal::parse(&stored.seal)?, statements: stored.statements })
    }

    /// A statement with its place under its seal, for a proof.
    ///
    /// # Errors
    /// As [`Self::statement_bytes`] and [`Self::submission`].
    pub fn sealed(&self, id: &StatementId) -> Result<Sealed, LedgerError> {
        let (_, entry) = self.book.entry(id).ok_or(LedgerError::NoStatement { id: *id })?;
        let submission = self.submission(entry.index)?;
        let leaves: Vec<Hash> = submission.statements.iter().map(|bytes| leaf_hash(bytes)).collect();
        let ordinal = u64::from(entry.ordinal);
        let path = inclusion_proof(leaves.as_slice(), ordinal, submission.seal.count())?;
        let bytes =
            usize::try_from(entry.ordinal).ok().and_then(|n| submission.statements.into_iter().nth(n));
        let bytes = bytes.ok_or(LedgerError::NoStatement { id: *id })?;
        Ok(Sealed { bytes, ordinal, path, index: entry.index, seal: submission.seal })
    }

    /// Everything that holds, as a calculation needs it.
    ///
    /// # Errors
    /// [`LedgerError::Inventory`], naming the statement.
    pub fn inventory(&self) -> Result<Inventory, LedgerError> {
        Ok(inventory(&self.book, |id| self.statement(id))?)
    }

    /// The activity statements that hold and put a product out, oldest first, found by the index's postings and read. Every id of the
    /// product finds the same ones.
    ///
    /// # Errors
    /// As [`Self::statement`]; [`LedgerError::Index`].
    pub fn activities_of(&self, product: &ProductId) -> Result<Vec<Held<Activity>>, LedgerError> {
        let held = self.book.product(product).map(|(_, statement)| statement.ids.as_slice());
        let ids = held.unwrap_or(std::slice::from_ref(product));
        let live = self.activities_about(ids, |entry| self.book.holds(&entry.id))?;
        Ok(live.into_iter().map(|(_, held)| held).collect())
    }

    /// The wanted activity statements that put out a product of these ids, each with its number among all statements.
    pub(super) fn activities_about(
        &self,
        ids: &[ProductId],
        wants: impl Fn(&Entry) -> bool,
    ) -> Result<Vec<(usize, Held<Activity>)>, LedgerError> {
        let mut numbers = BTreeSet::new();
        for id in ids {
            let tag = tag(id);
            if let Some(derived) = &self.derived {
                numbers.extend(derived.numbers(tag)?);
            }
            numbers.extend(self.recent.with(tag));
        }
        let mut found = Vec::new();
        for number in numbers.into_iter().filter_map(|number| usize::try_from(number).ok()) {
            let Some(entry) = self.book.entries().get(number).filter(|entry| wants(entry)) else { continue };
            // A tag may stand for another product too.
            if let Statement::Activity(statement) = self.statement(&entry.id)?
                && statement.outputs.iter().any(|output| ids.contains(&output.product))
            {
                found.push((number, Held { id: entry.id, statement }));
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
        let filed = |id: &ProductId| self.book.aliases().get(id).unwrap_or(id).clone();
        let (mut seen, mut next) = (BTreeSet::from([filed(product)]), vec![filed(product)]);
        let mut wanted = BTreeMap::new();
        while let Some(product) = next.pop() {
            for Held { id, statement } in self.activities_of(&product)? {
                let made = statement.outputs.iter().map(|output| &output.product);
                let used = statement.flows.iter().filter_map(|flow| match &flow.source {
                    FlowSource::Product(product) => Some(product),
                    _ => None,
                });
                for id in made.chain(used).map(filed) {
                    if seen.insert(id.clone()) {
                        next.push(id);
                    }
                }
                wanted.insert(id, statement);
            }
        }
        let footprints: BTreeSet<&FootprintId> = wanted
            .values()
            .flat_map(|activity| &activity.flows)
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
            Some(activity) => Ok(Statement::Activity(activity.clone())),
            None => self.statement(id),
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
        let later = self.book.entries().get(first_later..).unwrap_or_default();
        let adds_only = |kind| matches!(kind, StatementKind::Assurance | StatementKind::Publication);
        if later.iter().all(|entry| adds_only(entry.kind) && entry.replaces.is_none()) {
            // What came since changes nothing that held, so that the past need not be folded again.
            let mut inventory = self.inventory()?;
            let held = |id: &StatementId| self.book.entry(id).is_some_and(|(_, entry)| entry.index < size);
            inventory.publications.retain(|publication| held(&publication.id));
            return Ok(inventory);
        }
        let book = self.book_at(size)?;
        Ok(inventory(&book, |id| self.statement(id))?)
    }

    /// The book as it was at a size of the log: of most statements it needs what the book of today knows, and only the few whose text
    /// it keeps are read again.
    fn book_at(&self, size: u64) -> Result<Book, LedgerError> {
        let mut book = Book::new(Scope::Whole);
        let mut entries = self.book.entries().iter().zip(&self.positions).enumerate().peekable();
        for (index, leaf) in (0..size).zip(&self.leaves) {
            let (Some(message), Some(key)) = (self.book.message_at(index), self.book.key_at(index)) else {
                return Err(LedgerError::NoSubmission { index, size: self.size() });
            };
            let mut facts = Vec::new();
            while let Some((number, (entry, position))) = entries.next_if(|(_, (entry, _))| entry.index == index)
            {
                let body = if Fact::keeps_body(entry.kind) {
                    Some(Box::new(decode_statement(&self.store.statement(*position)?)?))
                } else {
                    None
                };
                let makes = self.book.made(number).collect();
                facts.push(Fact { entry: entry.clone(), body, makes });
            }
            book.fold(*leaf, *message, *key, facts);
        }
        Ok(book)
    }
}
