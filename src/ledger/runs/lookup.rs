//! Looking up tags and ended statements over all runs. It never writes.

use std::sync::Arc;

use super::file::RunFile;
use super::postings::{self, Tagged};
use super::rows::EndedRow;
use super::{Runs, RunsError};

impl Runs {
    /// Numbers of the statements with a tag, ascending.
    ///
    /// # Errors
    ///
    /// [`RunsError::Damaged`], [`RunsError::Io`].
    pub fn find(&self, tag: u64) -> Result<Vec<u32>, RunsError> {
        let mut numbers = Vec::new();
        for run in self.files() {
            if let Some(mut tagged) = Tagged::new(run, self.cache(), tag)? {
                while tagged.first(self.cache(), &mut numbers)? {}
            }
        }
        Ok(numbers)
    }

    /// Numbers of the statements with a tag, descending; runs and blocks are read as the iterator
    /// gets there. It ends after an error.
    pub fn find_newest(&self, tag: u64) -> Newest {
        Newest { runs: self.clone(), left: self.run_count(), tag, tagged: None, numbers: Vec::new() }
    }

    /// Calls `each` with tag and number for every statement with one of `tags`: run by run, oldest
    /// first, in a run by tag and number, so that the numbers of one tag ascend. For many tags, all
    /// postings are read once; for few tags, only the blocks are read that may hold them.
    ///
    /// # Errors
    ///
    /// [`RunsError::UnsortedTags`] before anything is read; [`RunsError::Damaged`],
    /// [`RunsError::Io`].
    pub fn find_all(&self, tags: &[u64], mut each: impl FnMut(u64, u32)) -> Result<(), RunsError> {
        if !tags.is_sorted() {
            return Err(RunsError::UnsortedTags);
        }
        self.files().iter().try_for_each(|run| postings::join(run, self.cache(), tags, &mut each))
    }

    /// How the statement with a number ended: the row with the first cause, `None` while it counts.
    /// A number beyond [`Runs::statements`] has not ended.
    ///
    /// # Errors
    ///
    /// [`RunsError::Damaged`], [`RunsError::Io`].
    pub fn ended(&self, number: u32) -> Result<Option<EndedRow>, RunsError> {
        let begin = EndedRow { number, cause: 0, way: 0, since: 0 };
        // A statement ends in its own run or in a later one.
        let at = self.files().partition_point(|run| run.entry.end_statement <= number);
        for run in self.files().get(at..).unwrap_or_default() {
            let row = run.partition_point::<EndedRow>(self.cache(), |row| *row < begin)?;
            if let Some(ended) = self.ended_at(run, row, number)? {
                return Ok(Some(ended));
            }
        }
        Ok(None)
    }

    fn ended_at(&self, run: &Arc<RunFile>, row: u64, number: u32) -> Result<Option<EndedRow>, RunsError> {
        if row >= run.entry.ended {
            return Ok(None);
        }
        let found = run.row::<EndedRow>(self.cache(), row)?;
        Ok((found.number == number).then_some(found))
    }
}

/// Numbers of the statements with a tag, newest first: what [`Runs::find_newest`] gives.
#[derive(Debug)]
pub struct Newest {
    runs: Runs,
    /// Runs that were not begun.
    left: usize,
    tag: u64,
    tagged: Option<Tagged>,
    /// Numbers of the block that was read last, ascending.
    numbers: Vec<u32>,
}

impl Newest {
    /// Reads until there is a number or nothing is left.
    fn read(&mut self) -> Result<(), RunsError> {
        while self.numbers.is_empty() {
            if let Some(tagged) = &mut self.tagged
                && tagged.last(self.runs.cache(), &mut self.numbers)?
            {
                continue;
            }
            let Some(left) = self.left.checked_sub(1) else { return Ok(()) };
            self.left = left;
            self.tagged = match self.runs.files().get(left) {
                Some(run) => Tagged::new(run, self.runs.cache(), self.tag)?,
                None => None,
            };
        }
        Ok(())
    }
}

impl Iterator for Newest {
    type Item = Result<u32, RunsError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Err(error) = self.read() {
            (self.left, self.tagged) = (0, None);
            return Some(Err(error));
        }
        self.numbers.pop().map(Ok)
    }
}
