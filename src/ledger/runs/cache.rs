//! Blocks that were read and whose check holds, bounded in number and shared by every view of one
//! set of runs. It never reads a file.

use std::sync::{Arc, Mutex, PoisonError};

use super::block::Block;

/// Sets of the cache; a power of two. A block can lie in one set only, so that threads seldom wait
/// for each other.
const SETS: usize = 1 << 10;
/// Blocks of a set; 8 MiB in all.
const WAYS: usize = 8;

/// A block's place: number of the open file in this process, and number of the block in it.
pub(super) type Place = (u64, u64);

/// The cache.
#[derive(Debug)]
pub(super) struct Cache {
    sets: Vec<Mutex<Set>>,
}

/// Most recently used first.
type Set = [Option<(Place, Arc<Block>)>; WAYS];

impl Default for Cache {
    fn default() -> Self {
        Self { sets: (0..SETS).map(|_| Mutex::default()).collect() }
    }
}

impl Cache {
    /// The block at `place`; where it is not kept, what `read` gives, which is then kept.
    pub(super) fn block<E>(
        &self,
        place: Place,
        read: impl FnOnce() -> Result<Arc<Block>, E>,
    ) -> Result<Arc<Block>, E> {
        let Some(set) = self.sets.get(set_of(place)) else { return read() };
        {
            let mut kept = set.lock().unwrap_or_else(PoisonError::into_inner);
            let is_it =
                |way: &Option<(Place, Arc<Block>)>| matches!(way, Some((other, _)) if *other == place);
            if let Some(until) = kept.iter().position(is_it).and_then(|at| kept.get_mut(..=at)) {
                until.rotate_right(1);
            }
            if let Some(Some((other, block))) = kept.first()
                && *other == place
            {
                return Ok(Arc::clone(block));
            }
        }
        // The lock is not held while the file is read; two threads may both read the block.
        let block = read()?;
        let mut kept = set.lock().unwrap_or_else(PoisonError::into_inner);
        kept.rotate_right(1);
        if let Some(first) = kept.first_mut() {
            *first = Some((place, Arc::clone(&block)));
        }
        Ok(block)
    }
}

fn set_of((file, block): Place) -> usize {
    let mixed = (file.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ block).wrapping_mul(0xff51_afd7_ed55_8ccd);
    (mixed >> 32) as usize % SETS // OK because 32 bits fit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::block::BLOCK_LEN;

    #[test]
    fn a_block_is_read_once_and_the_number_of_kept_blocks_is_bounded() {
        let cache = Cache::default();
        let mut reads = 0_u32;
        let read_all = |reads: &mut u32, blocks: std::ops::Range<u64>| {
            for number in blocks {
                let block = cache.block((1, number), || {
                    *reads += 1;
                    Ok::<_, ()>(Arc::new([u8::try_from(number % 251).unwrap(); BLOCK_LEN]))
                });
                assert_eq!(block.unwrap()[0], u8::try_from(number % 251).unwrap());
            }
        };
        read_all(&mut reads, 0..100);
        read_all(&mut reads, 0..100);
        assert_eq!(reads, 100);
        read_all(&mut reads, 0..20_000);
        let kept: usize = cache.sets.iter().map(|set| set.lock().unwrap().iter().flatten().count()).sum();
        assert_eq!(kept, SETS * WAYS);
    }
}
