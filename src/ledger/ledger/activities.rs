//! Every activity of a log, read from front to back: statements are decoded on as many threads as
//! the machine runs at a time and handed on in their order. Few are in memory at a time.

use std::borrow::Cow;
use std::num::NonZero;
use std::thread;

use super::{Ledger, LedgerError};
use crate::admission::{Entry, IndexError, Said, inventory_but_activities};
use crate::batches::in_turns;
use crate::calc::Inventory;
use crate::codec::decode_statement;
use crate::model::{StatementId, StatementKind};
use crate::store::{Body, Reader, Submissions};

/// Statements that are decoded together, at least.
const BATCH: usize = 256;

type Batch = Vec<(StatementId, Body)>;

impl<S: Reader> Ledger<S> {
    /// Everything that held at a size of the log but for the activities.
    ///
    /// # Errors
    /// As [`Self::everything_at`].
    pub fn inventory_but_activities(&self, size: u64) -> Result<Inventory, LedgerError> {
        self.check_size(size)?;
        Ok(inventory_but_activities(&self.book, size, |number, _| self.said_of(number))?)
    }

    /// The activities of the next submissions that held at a size of the log; fewer than [`BATCH`]
    /// at the end. `entries` goes on where the submissions do.
    fn batch<'e>(
        &self,
        size: u64,
        submissions: &mut Submissions<'_>,
        entries: &mut impl Iterator<Item = (usize, Result<Cow<'e, Entry>, IndexError>)>,
    ) -> Result<Batch, LedgerError> {
        let mut batch = Batch::new();
        while batch.len() < BATCH {
            let stored = submissions.next().transpose()?.filter(|stored| stored.index < size);
            let Some(stored) = stored else { break };
            for body in stored.statements {
                let (index, problem) = (stored.index, "its statements are more than the log has");
                let missing = || LedgerError::Damaged { index, problem: problem.to_owned() };
                let (number, entry) = entries.next().ok_or_else(missing)?;
                let entry = entry?;
                if entry.kind == StatementKind::Activity && self.book.held_at(number, &entry, size)? {
                    batch.push((entry.id, body));
                }
            }
        }
        Ok(batch)
    }
}

impl<S: Reader + Sync> Ledger<S> {
    /// Hands on every activity that held at a size of the log, or what stays of it, in log order.
    ///
    /// # Errors
    /// [`LedgerError::Store`] and [`LedgerError::Codec`] where one cannot be read;
    /// [`LedgerError::NoSubmission`] beyond the present size.
    pub fn each_activity<F>(&self, size: u64, take: F) -> Result<(), LedgerError>
    where
        F: FnMut(StatementId, Said) + Send,
    {
        self.check_size(size)?;
        let (mut submissions, mut is_over) = (self.store.read(None)?, false);
        let mut entries = self.book.entries(0..self.book.first_of(size)?).enumerate();
        let next = || {
            if is_over {
                return None;
            }
            let batch = self.batch(size, &mut submissions, &mut entries);
            is_over = batch.as_ref().map_or(true, |batch| batch.len() < BATCH);
            Some(batch)
        };
        let decode = |batch: Result<Batch, LedgerError>| batch?.into_iter().map(decoded).collect();
        let hand_on = |state: &mut (F, Result<(), LedgerError>), batch: Result<Vec<_>, LedgerError>| {
            let (take, result) = state;
            match batch {
                Ok(batch) if result.is_ok() => batch.into_iter().for_each(|(id, said)| take(id, said)),
                Ok(_) => {}
                Err(error) => *result = std::mem::replace(result, Ok(())).and(Err(error)),
            }
        };
        let threads = thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
        in_turns(threads, (take, Ok(())), next, decode, hand_on).1
    }
}

fn decoded((id, body): (StatementId, Body)) -> Result<(StatementId, Said), LedgerError> {
    Ok(match body {
        Body::Statement(bytes) => (id, Said::Whole(decode_statement(&bytes)?)),
        Body::Removed(header) => (id, Said::without_body(&header)?),
    })
}
