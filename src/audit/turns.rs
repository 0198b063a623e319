//! Several threads that take batches of work in turn: each works on its own batch, and all hand over the results in the order in which
//! the batches were taken. So the result is the same for any number of threads, and no more batches are in memory than there are threads.

use std::num::NonZero;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

struct Line<T> {
    /// Whose turn it is.
    turn: u64,
    /// A thread did not finish: nobody waits for it.
    broken: bool,
    state: T,
}

/// Takes batches with `take` until there are none, turns each into a result with `work` on any of the threads, and hands the results to
/// `fold` in order.
pub(super) fn in_turns<T: Send, B, R>(
    threads: NonZero<usize>,
    state: T,
    take: impl FnMut() -> Option<B> + Send,
    work: impl Fn(B) -> R + Sync,
    fold: impl Fn(&mut T, R) + Sync,
) -> T {
    let tickets = Mutex::new((0_u64, take));
    let line = Mutex::new(Line { turn: 0, broken: false, state });
    let moved = Condvar::new();
    let run = || {
        let guard = Guard { line: &line, moved: &moved };
        loop {
            let (ticket, batch) = {
                let mut tickets = locked(&tickets);
                let Some(batch) = (tickets.1)() else { break };
                tickets.0 += 1;
                (tickets.0 - 1, batch)
            };
            let result = work(batch);
            let mut line = locked(&line);
            while line.turn != ticket && !line.broken {
                line = moved.wait(line).unwrap_or_else(PoisonError::into_inner);
            }
            if line.broken {
                break;
            }
            fold(&mut line.state, result);
            line.turn += 1;
            drop(line);
            moved.notify_all();
        }
        drop(guard);
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.get() {
            scope.spawn(run);
        }
        run();
    });
    line.into_inner().unwrap_or_else(PoisonError::into_inner).state
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets the others go where a thread ends by a panic, which then reaches the caller: nobody hangs.
struct Guard<'a, T> {
    line: &'a Mutex<Line<T>>,
    moved: &'a Condvar,
}

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            locked(self.line).broken = true;
            self.moved.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn threads(n: usize) -> NonZero<usize> {
        NonZero::new(n).unwrap()
    }

    #[test]
    fn results_come_in_the_order_of_the_batches_whatever_the_threads_do() {
        for n in [1, 2, 7] {
            let mut left = 0..500_u64;
            let slow = |i: u64| {
                if i.is_multiple_of(7) {
                    std::thread::sleep(std::time::Duration::from_micros(200));
                }
                i * 3
            };
            let all = in_turns(threads(n), Vec::new(), move || left.next(), slow, |all, r| all.push(r));
            assert_eq!(all, (0..500).map(|i| i * 3).collect::<Vec<_>>());
        }
    }

    #[test]
    fn nobody_waits_for_a_thread_that_panicked() {
        for n in [1, 2, 5] {
            let ran = std::panic::catch_unwind(|| {
                let mut left = 0..100_u64;
                let work = |i: u64| {
                    assert!(i != 13, "on purpose");
                    i
                };
                in_turns(threads(n), 0, move || left.next(), work, |sum, r| *sum += r)
            });
            assert!(ran.is_err());
        }
    }
}
