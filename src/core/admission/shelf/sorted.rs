//! Records as they come, read in order: a few are sorted in memory, and more of them in runs on a shelf.

use std::sync::Arc;

use super::{Runs, Shelf};

/// Records of `N` bytes.
#[derive(Debug)]
pub struct Sorted<const N: usize> {
    recent: Vec<[u8; N]>,
    recent_max: usize,
    /// Those before; none where there is no shelf.
    runs: Option<Runs<N>>,
}

impl<const N: usize> Sorted<N> {
    /// None yet. With no shelf all stay in memory.
    pub fn on(shelf: Option<&Arc<dyn Shelf>>) -> Self {
        let runs = shelf.map(|shelf| Runs::new(Arc::clone(shelf)));
        Self { recent: Vec::new(), recent_max: shelf.map_or(usize::MAX, |shelf| shelf.held()), runs }
    }

    /// Adds a record.
    pub fn push(&mut self, record: [u8; N]) {
        self.recent.push(record);
        if let Some(runs) = self.runs.as_mut().filter(|_| self.recent.len() >= self.recent_max) {
            self.recent.sort_unstable();
            runs.push(self.recent.drain(..));
        }
    }

    /// Makes what was pushed ready to be read.
    pub fn sort(&mut self) {
        self.recent.sort_unstable();
    }

    /// All of them in order; to be sorted before.
    pub fn iter(&self) -> impl Iterator<Item = [u8; N]> {
        let mut recent = self.recent.iter().copied().peekable();
        let mut earlier = self.runs.iter().flat_map(Runs::all).peekable();
        std::iter::from_fn(move || match (recent.peek(), earlier.peek()) {
            (Some(one), Some(other)) if other < one => earlier.next(),
            (Some(_), _) => recent.next(),
            (None, _) => earlier.next(),
        })
    }

    /// Those that begin with `prefix`, which has at least four bytes, in order; to be sorted before.
    pub fn with_prefix(&self, prefix: &[u8]) -> Vec<[u8; N]> {
        let from = self.recent.partition_point(|record| &record[..prefix.len().min(N)] < prefix);
        let recent = self.recent.iter().skip(from).take_while(|record| record.starts_with(prefix));
        let mut found: Vec<[u8; N]> = recent.copied().collect();
        if let Some(runs) = &self.runs {
            runs.find(prefix, |record| {
                found.push(*record);
                None::<()>
            });
            found.sort_unstable();
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::Board;
    use super::*;
    use crate::codec::digest::sha256;

    #[test]
    fn records_come_in_order_and_are_found_with_and_without_a_shelf() {
        for shelf in [None, Some(1), Some(64), Some(10_000)].map(|held| held.map(Board::holding)) {
            let mut sorted = Sorted::<5>::on(shelf.as_ref());
            let record = |n: u32| *sha256(&[&(n % 400).to_be_bytes()]).first_chunk::<5>().unwrap();
            let mut all: Vec<[u8; 5]> = (0..1000).map(record).collect();
            all.iter().for_each(|record| sorted.push(*record));
            sorted.sort();
            all.sort_unstable();
            assert!(sorted.iter().eq(all.iter().copied()));
            for wanted in all.iter().step_by(10) {
                let same = all.iter().filter(|record| record[..4] == wanted[..4]).copied();
                assert!(sorted.with_prefix(&wanted[..4]).into_iter().eq(same));
            }
            assert!(sorted.with_prefix(&[1, 2, 3, 4]).is_empty());
        }
    }
}
