//! What grows with the log, put aside so that the memory of a fold does not grow with it: lists of records that are only ever appended to
//! ([`Pile`]), and records that are found by how they begin ([`Runs`], [`Sorted`]). With no shelf everything stays in memory. Where a shelf keeps
//! its bytes is the business of whoever brings one; nothing here reads a disk.

mod filter;
mod pile;
mod runs;
mod sorted;

use std::fmt::Debug;
use std::sync::Arc;

pub(super) use filter::Filter;
pub use pile::{Pile, Record, Records};
pub use runs::Runs;
pub use sorted::Sorted;

/// A place for volumes of bytes.
///
/// A shelf that fails remembers it, and from then on answers as if nothing were there: what was made with it is worth nothing once it has failed, and
/// who brought it has to ask it before relying on anything.
pub trait Shelf: Debug + Send + Sync {
    /// How many records of a kind stay in memory before older ones are put aside.
    fn held(&self) -> usize;

    /// A new, empty volume. What lies in it is gone when nobody holds it any more.
    fn volume(&self) -> Arc<dyn Volume>;
}

/// Bytes behind each other.
pub trait Volume: Debug + Send + Sync {
    /// Puts bytes behind the last ones and gives the place of the first; none where the shelf has failed.
    fn append(&self, bytes: &[u8]) -> Option<u64>;

    /// Fills `into` with the bytes from a place on; false where the shelf has failed.
    fn read(&self, from: u64, into: &mut [u8]) -> bool;
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Mutex;

    use super::*;

    /// A shelf in memory, which fails from some number of calls on.
    #[derive(Debug)]
    pub(in crate::admission) struct Board {
        held: usize,
        left: Arc<Mutex<usize>>,
    }

    #[derive(Debug)]
    struct Sheet {
        bytes: Mutex<Vec<u8>>,
        left: Arc<Mutex<usize>>,
    }

    impl Board {
        pub(in crate::admission) fn failing_after(calls: usize, held: usize) -> Arc<dyn Shelf> {
            Arc::new(Self { held, left: Arc::new(Mutex::new(calls)) })
        }

        pub(in crate::admission) fn holding(held: usize) -> Arc<dyn Shelf> {
            Self::failing_after(usize::MAX, held)
        }
    }

    impl Shelf for Board {
        fn held(&self) -> usize {
            self.held
        }

        fn volume(&self) -> Arc<dyn Volume> {
            Arc::new(Sheet { bytes: Mutex::default(), left: Arc::clone(&self.left) })
        }
    }

    impl Sheet {
        fn works(&self) -> bool {
            let mut left = self.left.lock().unwrap();
            *left = left.saturating_sub(1);
            *left > 0
        }
    }

    impl Volume for Sheet {
        fn append(&self, bytes: &[u8]) -> Option<u64> {
            let mut all = self.bytes.lock().unwrap();
            let at = all.len() as u64;
            all.extend_from_slice(bytes);
            self.works().then_some(at)
        }

        fn read(&self, from: u64, into: &mut [u8]) -> bool {
            let (all, from) = (self.bytes.lock().unwrap(), usize::try_from(from).unwrap());
            into.copy_from_slice(&all[from..from + into.len()]);
            self.works()
        }
    }
}
