//! What a [`Book`] holds behind the index beneath it, for who makes an index of it, and questions
//! for many statements at once.

use std::sync::Arc;

use super::book::Book;
use super::ended::Ended;
use super::index::IndexError;
use super::{Makes, Sought};
use crate::model::{ProductTag, Statement, StatementId};

impl Book {
    /// As [`Self::found`] for many tags in one pass; the tags are sorted.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn found_all(&self, tags: &[u64], each: &mut dyn FnMut(u64, usize)) -> Result<(), IndexError> {
        if let Some(base) = &self.base {
            base.found_all(tags, each)?;
        }
        let mut last = None;
        for tag in tags.iter().filter(|tag| last.replace(**tag) != Some(**tag)) {
            self.tail.filed(*tag).for_each(|number| each(*tag, number));
        }
        Ok(())
    }

    /// Whether the activity with a number puts out the product with this very tag.
    pub(super) fn makes(&self, number: usize, product: &ProductTag) -> Result<bool, IndexError> {
        match self.base_of(number) {
            Some(base) => base.makes(number, product),
            None => Ok(self.tail.makes(number).as_slice().contains(product.as_bytes())),
        }
    }

    /// Every tag of the statements behind the base with these numbers, with the number: what an
    /// index finds them by.
    pub fn tags(&self, first: usize, end: usize) -> impl Iterator<Item = (u64, u32)> + '_ {
        let own = (first..end).filter_map(|number| {
            let (entry, number) = (self.tail.get(number)?, u32::try_from(number).ok()?);
            let subject = Sought::Subject(entry.kind, &entry.subject).tag();
            Some([(Sought::Statement(&entry.id).tag(), number), (subject, number)])
        });
        own.flatten().chain(self.tail.all_filed(first, end))
    }

    /// What the statement with a number puts out, and the tags that only its text tells; nothing
    /// where it does not lie behind the base.
    pub fn told_by_text(&self, number: usize) -> (&Makes, &[u64]) {
        (self.tail.makes(number), self.tail.text_tags(number))
    }

    /// What those statements behind the base say, from a number on, whose text is looked up again.
    pub fn bodies_behind(&self, first: usize) -> impl Iterator<Item = (usize, Arc<Statement>)> + '_ {
        self.tail.bodies(first)
    }

    /// What ended behind the base, in the order in which it ended.
    pub fn ended_behind(&self) -> impl Iterator<Item = (StatementId, Ended)> + '_ {
        self.ended.iter()
    }
}
