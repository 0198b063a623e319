//! Records that are found by how they begin, in sorted runs on a shelf: a record is its own key, and nothing of it stays in memory. As runs are
//! added, those of like length are merged, so that there are few (P. O'Neil and others, "The Log-Structured Merge-Tree", 1996).

use std::sync::Arc;

use super::{Shelf, Volume};

/// About what is read at once where a record is looked for,
const PAGE_BYTES: usize = 4096;
/// and where a run is read from end to end, and written.
const STRETCH_BYTES: usize = 1 << 16;

/// Sorted runs of records of `N` bytes, of which the first four are spread evenly.
#[derive(Debug, Clone)]
pub struct Runs<const N: usize> {
    shelf: Arc<dyn Shelf>,
    /// The oldest first.
    runs: Vec<Run>,
}

#[derive(Debug, Clone)]
struct Run {
    volume: Arc<dyn Volume>,
    len: u64,
}

impl<const N: usize> Runs<N> {
    /// Records of one page, at least two.
    const PAGE: u64 = if PAGE_BYTES / N < 2 { 2 } else { (PAGE_BYTES / N) as u64 };

    /// No runs yet, on a shelf.
    pub const fn new(shelf: Arc<dyn Shelf>) -> Self {
        Self { shelf, runs: Vec::new() }
    }

    /// Adds a run, which is sorted.
    pub fn push(&mut self, sorted: impl Iterator<Item = [u8; N]>) {
        self.runs.push(self.written(sorted));
        // A run has more than the three after it have together, so that there are few, and a record is not written often.
        while let [.., oldest, b, c, d] = self.runs.as_slice()
            && oldest.len <= b.len + c.len + d.len
        {
            let all = self.written(Merged::of([oldest, b, c, d]));
            self.runs.truncate(self.runs.len() - 4);
            self.runs.push(all);
        }
    }

    fn written(&self, sorted: impl Iterator<Item = [u8; N]>) -> Run {
        let mut run = Run { volume: self.shelf.volume(), len: 0 };
        let mut bytes = Vec::with_capacity(STRETCH_BYTES + N);
        for record in sorted {
            bytes.extend_from_slice(&record);
            run.len += 1;
            if bytes.len() >= STRETCH_BYTES {
                run.volume.append(&bytes);
                bytes.clear();
            }
        }
        if !bytes.is_empty() {
            run.volume.append(&bytes);
        }
        run
    }

    /// Hands over the records that begin with `prefix`, of the newest run first, and in each in their order, until one is taken.
    ///
    /// `prefix` has at least four bytes.
    pub fn find<T>(&self, prefix: &[u8], mut take: impl FnMut(&[u8; N]) -> Option<T>) -> Option<T> {
        for run in self.runs.iter().rev() {
            let mut from = lower_bound::<N>(run, prefix, Self::PAGE);
            while from < run.len {
                let page = page::<N>(run, from, Self::PAGE);
                if page.is_empty() {
                    return None; // The shelf failed.
                }
                for record in &page {
                    if !record.starts_with(prefix) {
                        from = run.len;
                        break;
                    }
                    if let Some(taken) = take(record) {
                        return Some(taken);
                    }
                    from += 1;
                }
            }
        }
        None
    }

    /// All records in order.
    pub fn all(&self) -> Merged<'_, N> {
        Merged::of(&self.runs)
    }
}

/// How many records come before the first that begins with `prefix` or with more than that.
fn lower_bound<const N: usize>(run: &Run, prefix: &[u8], page_len: u64) -> u64 {
    let before = |record: &[u8; N]| record.get(..prefix.len()).is_some_and(|begin| begin < prefix);
    let beginning =
        |bytes: &[u8]| bytes.first_chunk().map_or(0, |begin| u64::from(u32::from_be_bytes(*begin)));
    let wanted = beginning(prefix);
    let (mut low, mut high) = (0, run.len);
    let (mut low_key, mut high_key) = (0, 1_u64 << 32);
    let mut halve = false;
    while high - low > page_len {
        // Where it should be, as records are spread evenly; every other time the middle, in case that they are not.
        let share = u128::from(wanted.saturating_sub(low_key)) * u128::from(high - low);
        let guess = u64::try_from(share / u128::from((high_key - low_key).max(1))).unwrap_or(u64::MAX);
        let guess = if halve { (high - low) / 2 } else { guess };
        halve = !halve;
        let from = low + guess.saturating_sub(page_len / 2).min(high - low - page_len);
        let page = page::<N>(run, from, page_len);
        let (Some(first), Some(last)) = (page.first(), page.last()) else { return run.len };
        match page.partition_point(before) as u64 {
            0 => (high, high_key) = (from, beginning(first)),
            all if all == page_len => (low, low_key) = (from + all, beginning(last)),
            found => return from + found,
        }
    }
    low + page::<N>(run, low, high - low).partition_point(before) as u64
}

/// At most `count` records from a number on; none where the shelf failed.
fn page<const N: usize>(run: &Run, from: u64, count: u64) -> Vec<[u8; N]> {
    let count = usize::try_from(count.min(run.len.saturating_sub(from))).unwrap_or_default();
    let mut records = vec![[0; N]; count];
    if !run.volume.read(from * N as u64, records.as_flattened_mut()) {
        records.clear();
    }
    records
}

/// Records of several runs, in order.
#[derive(Debug)]
pub struct Merged<'r, const N: usize> {
    parts: Vec<Part<'r, N>>,
}

/// A run that is read from its beginning.
#[derive(Debug)]
struct Part<'r, const N: usize> {
    run: &'r Run,
    next: u64,
    records: std::vec::IntoIter<[u8; N]>,
}

impl<'r, const N: usize> Merged<'r, N> {
    fn of(runs: impl IntoIterator<Item = &'r Run>) -> Self {
        let parts = runs.into_iter().map(|run| Part { run, next: 0, records: Vec::new().into_iter() });
        Self { parts: parts.collect() }
    }
}

impl<const N: usize> Part<'_, N> {
    fn peek(&mut self) -> Option<[u8; N]> {
        if self.records.as_slice().is_empty() {
            let records = page(self.run, self.next, (STRETCH_BYTES / N) as u64);
            self.next += records.len() as u64;
            self.records = records.into_iter();
        }
        self.records.as_slice().first().copied()
    }
}

impl<const N: usize> Iterator for Merged<'_, N> {
    type Item = [u8; N];

    fn next(&mut self) -> Option<[u8; N]> {
        let heads = self.parts.iter_mut().filter_map(|part| Some((part.peek()?, part)));
        let (record, part) = heads.min_by_key(|(record, _)| *record)?;
        part.records.next();
        Some(record)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::Board;
    use super::*;
    use crate::codec::digest::sha256;

    fn record(n: u32, beginning: impl Fn([u8; 4]) -> [u8; 4]) -> [u8; 8] {
        let mut record = [0; 8];
        record[..4].copy_from_slice(&beginning(*sha256(&[&n.to_be_bytes()]).first_chunk().unwrap()));
        record[4..].copy_from_slice(&n.to_be_bytes());
        record
    }

    fn runs_of(all: &[[u8; 8]], sizes: &[usize], shelf: Arc<dyn Shelf>) -> Runs<8> {
        let (mut runs, mut rest) = (Runs::new(shelf), all);
        for size in sizes.iter().cycle() {
            let (some, others) = rest.split_at((*size).min(rest.len()));
            if some.is_empty() {
                return runs;
            }
            let mut some = some.to_vec();
            some.sort_unstable();
            runs.push(some.into_iter());
            rest = others;
        }
        runs
    }

    #[test]
    fn every_record_is_found_in_every_run_and_others_are_not() {
        // Spread evenly; all at one end; only few beginnings; one.
        let spreads: [fn([u8; 4]) -> [u8; 4]; 4] =
            [|b| b, |[a, b, ..]| [255, 255, a, b], |[a, ..]| [a % 3, 0, 0, 0], |_| [9; 4]];
        for (spread, sizes) in spreads.into_iter().zip([&[1000][..], &[7, 3000, 200], &[5000, 1], &[900]]) {
            let mut all: Vec<[u8; 8]> = (0..20_000).map(|n| record(n, spread)).collect();
            let runs = runs_of(&all, sizes, Board::holding(1));
            assert!(runs.runs.len() < 20, "{} runs", runs.runs.len());
            for wanted in all.iter().step_by(37) {
                let same = |found: &[u8; 8]| (found == wanted).then_some(());
                assert_eq!(runs.find(&wanted[..4], same), Some(()), "by four bytes");
                assert_eq!(runs.find(wanted, same), Some(()), "by all");
            }
            for n in 20_000..20_500 {
                let other = record(n, |b| b);
                let count = all.iter().filter(|record| record[..4] == other[..4]).count();
                let mut found = 0;
                let none = runs.find(&other[..4], |record| {
                    assert_eq!(record[..4], other[..4]);
                    found += 1;
                    None::<()>
                });
                assert_eq!((none, found), (None, count));
            }
            all.sort_unstable();
            assert!(runs.all().eq(all));
        }
    }

    #[test]
    fn the_newest_comes_first() {
        let same = |n: u32| record(n, |_| [5; 4]);
        // No run is merged with the one before.
        let all: Vec<[u8; 8]> = (0..130).map(same).collect();
        let runs = runs_of(&all, &[100, 20, 10], Board::holding(1));
        let mut order = Vec::new();
        assert_eq!(
            runs.find(&[5; 4], |record| {
                order.push(*record);
                None::<()>
            }),
            None
        );
        assert_eq!((order[0], order[10], order[30]), (same(120), same(100), same(0)));
        assert_eq!(order.len(), 130);
    }

    #[test]
    fn a_failing_shelf_ends_what_is_looked_for() {
        let all: Vec<[u8; 8]> = (0..5000).map(|n| record(n, |b| b)).collect();
        for calls in 1..60 {
            let runs = runs_of(&all, &[1000], Board::failing_after(calls, 1));
            assert!(runs.all().count() <= all.len());
            let _ = runs.find(&all[7], |found| (found == &all[7]).then_some(()));
        }
    }
}
