//! Merging: which neighbours are merged, and their rows in order. It reads runs in order and keeps
//! some blocks of each in memory; it decides nothing about files.

use std::iter::Peekable;
use std::ops::Range;
use std::sync::Arc;

use crate::stored::StoredRunFile;

use super::RunsError;
use super::build::Builder;
use super::file::{Chained, RunFile, Sequential};
use super::rows::{EndedRow, Posting, Row, SealRow, StatementRow};

/// Runs that are merged into one.
pub(super) const FAN_OUT: usize = 8;
/// Runs below this number of statements are of one class: merging them costs little, however often
/// it happens.
const SMALL: u32 = 1 << 10;

/// The size class of a run: 0 for a small one, and one more for each factor of [`FAN_OUT`].
fn class(statements: u32) -> u32 {
    match statements / SMALL {
        0 => 0,
        times => 1 + times.ilog(8),
    }
}

/// The runs to merge next, of runs with these numbers of statements, oldest first: the oldest
/// [`FAN_OUT`] of the least class that has as many. A run counts as one of its own class or of the
/// greatest class of the runs after it, whichever is greater, so that classes only descend and each
/// has fewer than [`FAN_OUT`] runs once nothing is left to merge.
pub(super) fn next_group(statements: &[u32]) -> Option<Range<usize>> {
    let (mut end, mut start, mut least) = (statements.len(), statements.len(), 0);
    while let Some(before) = start.checked_sub(1) {
        let class = statements.get(before).map_or(0, |count| class(*count));
        if class > least {
            if end - start >= FAN_OUT {
                break;
            }
            (end, least) = (start, class);
        }
        start = before;
    }
    (end - start >= FAN_OUT).then_some(start..start + FAN_OUT)
}

/// Writes the rows of adjacent runs into one.
pub(super) fn write(builder: &Builder<'_>, runs: &[Arc<RunFile>]) -> Result<(), RunsError> {
    builder.section(chained::<StatementRow>(runs))?;
    builder.section(chained::<SealRow>(runs))?;
    builder.section(chained::<crate::merkle::Hash>(runs))?;
    builder.postings(Ordered::<Posting>::new(runs))?;
    builder.section(Ordered::<EndedRow>::new(runs))
}

/// What the run over adjacent runs has, without its name.
pub(super) fn entry_of(runs: &[Arc<RunFile>]) -> Option<StoredRunFile> {
    let (first, last) = (runs.first()?.entry, runs.last()?.entry);
    Some(StoredRunFile {
        end_statement: last.end_statement,
        end_seal: last.end_seal,
        postings: runs.iter().map(|run| run.entry.postings).sum(),
        ended: runs.iter().map(|run| run.entry.ended).sum(),
        ..first
    })
}

fn chained<T: Row>(runs: &[Arc<RunFile>]) -> Chained<T> {
    Chained::new(runs.iter().map(|run| (Arc::clone(run), 0)))
}

/// The rows of several runs, each in order, in order.
struct Ordered<T: Row> {
    runs: Vec<Peekable<Sequential<T>>>,
}

impl<T: Row> Ordered<T> {
    fn new(runs: &[Arc<RunFile>]) -> Self {
        Self { runs: runs.iter().map(|run| Sequential::new(Arc::clone(run), 0).peekable()).collect() }
    }
}

impl<T: Row + Ord> Iterator for Ordered<T> {
    type Item = Result<T, RunsError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut least: Option<(usize, &T)> = None;
        let mut failed = None;
        for (at, run) in self.runs.iter_mut().enumerate() {
            match run.peek() {
                Some(Ok(row)) if least.is_none_or(|(_, other)| row < other) => least = Some((at, row)),
                Some(Err(_)) => failed = Some(at),
                _ => {}
            }
        }
        let at = failed.or(least.map(|(at, _)| at))?;
        self.runs.get_mut(at)?.next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left of flushes of these sizes, merged after each.
    fn merged(flushes: impl Iterator<Item = u32>) -> (Vec<u32>, usize, u64) {
        let (mut runs, mut most, mut rewritten) = (Vec::new(), 0, 0);
        for flush in flushes {
            runs.push(flush);
            while let Some(group) = next_group(&runs) {
                let sum: u32 = runs[group.clone()].iter().sum();
                rewritten += u64::from(sum);
                runs.splice(group, [sum]);
            }
            most = most.max(runs.len());
        }
        (runs, most, rewritten)
    }

    #[test]
    fn classes_grow_with_the_fan_out() {
        let sizes = [1, 1023, 1024, 8191, 8192, 65_535, 65_536, u32::MAX];
        assert_eq!(sizes.map(class), [0, 0, 1, 1, 2, 2, 3, 8]);
    }

    #[test]
    fn nothing_is_merged_below_the_fan_out_and_the_oldest_come_first() {
        assert_eq!(next_group(&[1; 7]), None);
        assert_eq!(next_group(&[1; 9]), Some(0..8));
        assert_eq!(next_group(&[9000, 1, 1, 1, 1, 1, 1, 1]), None);
        assert_eq!(next_group(&[9000, 1, 1, 1, 1, 1, 1, 1, 1]), Some(1..9));
        assert_eq!(next_group(&[1, 1, 1, 1, 1, 1, 1, 1, 9000]), Some(0..8));
    }

    #[test]
    fn the_number_of_runs_and_what_is_rewritten_grow_with_the_logarithm() {
        let cases: [(&str, Vec<u32>); 4] = [
            ("one statement each", vec![1; 100_000]),
            ("full batches", vec![65_536; 160]),
            ("small ones between large ones", [2000, 1].repeat(5_000)),
            ("growing ones", (1..2_000).collect()),
        ];
        for (name, flushes) in cases {
            let all: u32 = flushes.iter().sum();
            let (runs, most, rewritten) = merged(flushes.into_iter());
            assert_eq!(runs.iter().sum::<u32>(), all, "{name}");
            let classes = class(all) as usize + 1;
            assert!(most <= 7 * classes + 1, "{name}: {most} runs");
            let times = rewritten / u64::from(all);
            assert!(times <= 80, "{name}: each statement rewritten {times} times");
        }
    }
}
