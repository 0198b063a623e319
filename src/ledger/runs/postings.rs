//! Looking up tags in one run: the filter says where a tag cannot be, the fences which blocks it
//! can be in. It never writes.

use std::sync::Arc;

use super::RunsError;
use super::block::Block;
use super::cache::Cache;
use super::file::{RunFile, Sequential, may_hold, row_in};
use super::layout::Section;
use super::rows::Posting;

/// The postings of one run with one tag: a block at a time, from either end.
#[derive(Debug)]
pub(super) struct Tagged {
    run: Arc<RunFile>,
    tag: u64,
    /// Posting blocks, counted from the section's first, that may hold the tag.
    from: u64,
    to: u64,
}

impl Tagged {
    /// Where the tag can be; `None` where it is not in the run.
    pub(super) fn new(run: &Arc<RunFile>, cache: &Cache, tag: u64) -> Result<Option<Self>, RunsError> {
        if !may_hold(run, cache, tag)? {
            return Ok(None);
        }
        let (from, to) = blocks_of(run.fences()?, tag);
        Ok(Some(Self { run: Arc::clone(run), tag, from, to }))
    }

    /// The numbers in the first block that is left, ascending.
    pub(super) fn first(&mut self, cache: &Cache, into: &mut Vec<u32>) -> Result<bool, RunsError> {
        if self.from >= self.to {
            return Ok(false);
        }
        let block = self.from;
        self.from += 1;
        self.take(cache, block, into).map(|()| true)
    }

    /// The numbers in the last block that is left, ascending.
    pub(super) fn last(&mut self, cache: &Cache, into: &mut Vec<u32>) -> Result<bool, RunsError> {
        if self.from >= self.to {
            return Ok(false);
        }
        self.to -= 1;
        self.take(cache, self.to, into).map(|()| true)
    }

    fn take(&self, cache: &Cache, block: u64, into: &mut Vec<u32>) -> Result<(), RunsError> {
        let bytes = self.run.block(cache, self.run.layout.span(Section::Postings).block + block)?;
        let rows = rows_in(&self.run, block);
        let found = Postings { block: &bytes, rows };
        into.extend(found.from(self.tag).take_while(|row| row.tag == self.tag).map(|row| row.number));
        Ok(())
    }
}

/// The posting blocks, from and to (exclusive), that may hold a tag.
fn blocks_of(fences: &[u64], tag: u64) -> (u64, u64) {
    // The block before the first that begins with the tag may end with it.
    let from = fences.partition_point(|fence| *fence < tag).saturating_sub(1);
    let to = fences.partition_point(|fence| *fence <= tag);
    (from as u64, to as u64) // OK because a usize has at most 64 bits
}

/// Rows of a posting block.
fn rows_in(run: &RunFile, block: u64) -> u64 {
    let per_block = Section::Postings.rows_per_block();
    run.entry.postings.saturating_sub(block * per_block).min(per_block)
}

/// The rows of one posting block.
struct Postings<'a> {
    block: &'a Block,
    rows: u64,
}

impl<'a> Postings<'a> {
    fn row(&self, row: u64) -> Option<Posting> {
        row_in(&self.block[..], row)
    }

    /// The rows from the first with `tag` or a greater one on.
    fn from(self, tag: u64) -> impl Iterator<Item = Posting> + use<'a> {
        let (mut from, mut to) = (0, self.rows);
        while from < to {
            let middle = from + (to - from) / 2;
            if self.row(middle).is_some_and(|row| row.tag < tag) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        (from..self.rows).map_while(move |row| self.row(row))
    }
}

/// Calls `each` for every posting of the run with one of `tags`, which ascend, by tag and number.
/// No block is read twice in a row.
pub(super) fn join(
    run: &Arc<RunFile>,
    cache: &Cache,
    tags: &[u64],
    each: &mut impl FnMut(u64, u32),
) -> Result<(), RunsError> {
    let fences = run.fences()?;
    if tags.len() >= fences.len() {
        return merge(run, tags, each);
    }
    let first = run.layout.span(Section::Postings).block;
    let mut held: Option<(u64, Arc<Block>)> = None;
    for tag in tags.chunk_by(|a, b| a == b).filter_map(|same| same.first()) {
        if !may_hold(run, cache, *tag)? {
            continue;
        }
        let (from, to) = blocks_of(fences, *tag);
        for number in from..to {
            let block = match held.take() {
                Some((other, block)) if other == number => block,
                _ => run.block(cache, first + number)?,
            };
            let postings = Postings { block: &block, rows: rows_in(run, number) };
            postings.from(*tag).take_while(|row| row.tag == *tag).for_each(|row| each(row.tag, row.number));
            held = Some((number, block));
        }
    }
    Ok(())
}

/// The same for many tags: reads all postings once, in order.
fn merge(run: &Arc<RunFile>, tags: &[u64], each: &mut impl FnMut(u64, u32)) -> Result<(), RunsError> {
    let mut left = tags.iter().copied().peekable();
    for row in Sequential::<Posting>::new(Arc::clone(run), 0) {
        let row = row?;
        while left.next_if(|tag| *tag < row.tag).is_some() {}
        match left.peek() {
            Some(tag) if *tag == row.tag => each(row.tag, row.number),
            Some(_) => {}
            None => break,
        }
    }
    Ok(())
}
