//! The statements of a base in log order.

use std::ops::Range;

use super::base::{Answer, Base, BaseError, beyond, entry_in};
use crate::admission::{Entry, IndexError};
use crate::runs::{RunsError, StatementRow};

/// Rows of the runs.
pub(super) type Rows = Box<dyn Iterator<Item = Result<StatementRow, RunsError>> + Send>;

/// Statements one after the other: from the runs, and from memory behind a place that turned out
/// damaged. None is left out.
pub(super) struct Numbered<'a> {
    base: &'a Base,
    rows: Option<Rows>,
    numbers: Range<usize>,
}

impl<'a> Numbered<'a> {
    pub(super) const fn new(base: &'a Base, rows: Option<Rows>, numbers: Range<usize>) -> Self {
        Self { base, rows, numbers }
    }
}

impl Iterator for Numbered<'_> {
    type Item = Answer<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        let number = self.numbers.next()?;
        let row = self.rows.as_mut().map(Iterator::next);
        Some(match row {
            Some(Some(Ok(row))) => self.base.entry_of(&row),
            Some(Some(Err(RunsError::Damaged { .. }))) | None => {
                self.rows = None;
                self.base.again().and_then(|(book, _)| entry_in(book, number))
            }
            Some(Some(Err(error))) => {
                self.numbers = 0..0;
                Err(IndexError::new(BaseError::Runs(error)))
            }
            Some(None) => {
                self.numbers = 0..0;
                Err(beyond("a statement"))
            }
        })
    }
}
