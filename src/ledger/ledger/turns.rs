//! Questions about every product, on as many threads as the machine runs at a time. Memory is
//! bounded by what the products of one turn rest on.

use std::num::NonZero;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::query::HeldAt;
use super::{Ledger, LedgerError};
use crate::admission::{Turn, Turns};
use crate::store::Reader;

/// Statements of one turn: some 100 MB for each thread.
const TURN_STATEMENTS: NonZero<usize> = NonZero::new(1 << 14).unwrap();
/// More threads would take more memory than they are worth.
const THREADS_MAX: usize = 8;

impl<S: Reader + Sync> Ledger<S> {
    /// Looks at every product that held at a size of the log, in turns. Each thread looks at its
    /// turns one after the other and returns what it gathered. Which turns a thread gets differs
    /// from run to run.
    ///
    /// # Errors
    /// The first of `look`; those of [`Self::inventory_at`].
    pub fn in_turns<T, E>(
        &self,
        size: u64,
        look: impl Fn(&mut T, Turn) -> Result<(), E> + Sync,
    ) -> Result<Vec<T>, E>
    where
        T: Default + Send,
        E: From<LedgerError> + Send,
    {
        self.check_size(size)?;
        let holdings = HeldAt { ledger: self, size };
        let turns = Turns::new(&holdings, TURN_STATEMENTS)?;
        let failed = AtomicBool::new(false);
        let all_turns = || {
            let mut gathered = T::default();
            while !failed.load(Ordering::Relaxed)
                && let Some(turn) = turns.next()?
            {
                look(&mut gathered, turn)?;
            }
            Ok(gathered)
        };
        let run = || all_turns().inspect_err(|_: &E| failed.store(true, Ordering::Relaxed));
        let threads = thread::available_parallelism().map_or(1, NonZero::get).min(THREADS_MAX);
        thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(run)).collect();
            let mut gathered = vec![run()];
            for other in others {
                gathered.push(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
            gathered.into_iter().collect()
        })
    }
}
