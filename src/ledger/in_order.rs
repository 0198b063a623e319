//! Many submissions in one order: while one is judged and written, the next is already being read.

use std::sync::mpsc::sync_channel;

use super::opened::Opened;
use super::{Ledger, LedgerError, Receipt, Submission};
use crate::store::{AppendError, Store};

/// How many submissions may be read and wait to be written: their statements are in memory.
const OPENED_MAX: usize = 2;

impl<S: Store> Ledger<S> {
    /// Appends submissions in their order, each as [`Self::submit`] does: whole, and durable before `each` hears of it. It ends with the first
    /// one that cannot be had, is refused or cannot be written; those before it are in the log.
    ///
    /// # Errors
    /// What `submissions` or `each` give; as [`Self::submit`].
    pub fn submit_in_order<E: From<LedgerError> + Send>(
        &mut self,
        submissions: impl Iterator<Item = Result<Submission, E>> + Send,
        mut each: impl FnMut(Receipt) -> Result<(), E>,
    ) -> Result<(), E> {
        std::thread::scope(|scope| {
            let (sender, opened) = sync_channel(OPENED_MAX);
            scope.spawn(move || {
                for submission in submissions {
                    let opened = submission.and_then(|submission| {
                        Opened::open(submission).map_err(|refusal| E::from(LedgerError::from(refusal)))
                    });
                    let ends = opened.is_err();
                    if sender.send(opened).is_err() || ends {
                        return;
                    }
                }
            });
            for opened in opened {
                let answer = self.submit_group(vec![opened?]).answers.pop();
                // None is not reached: one answer each.
                each(answer.unwrap_or(Err(LedgerError::Append(AppendError::Poisoned)))?)?;
            }
            Ok(())
        })
    }
}
