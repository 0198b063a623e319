//! Several threads that take batches of work in turn: each works on its own batch, and the results are handed over in the order in which the
//! batches were taken, by whoever finds nobody at it. So the result is the same for any number of threads, and few batches are in memory.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// For each thread, how many batches may be taken and not yet handed over: who comes early goes on, and need not wait.
const AHEAD: u64 = 3;

struct Line<R> {
    /// Whose turn it is.
    turn: u64,
    /// Results whose turn has not come.
    early: BTreeMap<u64, R>,
    /// A thread did not finish: nobody waits for it.
    broken: bool,
}

/// Takes batches with `take` until there are none, turns each into a result with `work` on any of the threads, and hands the results to
/// `fold` in order.
pub(crate) fn in_turns<T: Send, B, R: Send>(
    threads: NonZero<usize>,
    state: T,
    take: impl FnMut() -> Option<B> + Send,
    work: impl Fn(B) -> R + Sync,
    fold: impl Fn(&mut T, R) + Sync,
) -> T {
    let tickets = Mutex::new((0_u64, take));
    let line = Mutex::new(Line { turn: 0, early: BTreeMap::new(), broken: false });
    let (state, moved) = (Mutex::new(state), Condvar::new());
    let open_max = AHEAD * threads.get() as u64; // OK because a usize has at most 64 bits
    let next = || {
        let mut tickets = locked(&tickets);
        let full = |line: &mut Line<R>| tickets.0 >= line.turn + open_max && !line.broken;
        let line = moved.wait_while(locked(&line), full).unwrap_or_else(PoisonError::into_inner);
        if line.broken {
            return None;
        }
        drop(line);
        let batch = (tickets.1)()?;
        tickets.0 += 1;
        Some((tickets.0 - 1, batch))
    };
    let hand_over = |ticket, result| {
        let mut line_now = locked(&line);
        line_now.early.insert(ticket, result);
        // Who is at it looks once more, with the line in hand, before it goes.
        let Ok(mut state) = state.try_lock() else { return };
        loop {
            let turn = line_now.turn;
            let Some(result) = line_now.early.remove(&turn).filter(|_| !line_now.broken) else { break };
            drop(line_now);
            fold(&mut state, result);
            line_now = locked(&line);
            line_now.turn += 1;
            moved.notify_all();
        }
        // The state before the line.
        drop(state);
        drop(line_now);
    };
    let run = || {
        let guard = Guard { line: &line, moved: &moved };
        while let Some((ticket, batch)) = next() {
            hand_over(ticket, work(batch));
        }
        drop(guard);
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.get() {
            scope.spawn(run);
        }
        run();
    });
    state.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets the others go where a thread ends by a panic, which then reaches the caller: nobody hangs.
struct Guard<'a, R> {
    line: &'a Mutex<Line<R>>,
    moved: &'a Condvar,
}

impl<R> Drop for Guard<'_, R> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            locked(self.line).broken = true;
            self.moved.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

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
    fn few_batches_are_open_at_a_time_also_where_the_first_takes_long() {
        for n in [1_u8, 2, 5] {
            let (count, n) = (usize::from(n), u64::from(n));
            let (taken, folded) = (AtomicU64::new(0), AtomicU64::new(0));
            let take = || {
                // Who finds none left takes none.
                let number = Some(taken.load(Ordering::SeqCst)).filter(|number| *number < 60)?;
                assert!(number + 1 - folded.load(Ordering::SeqCst) <= AHEAD * n);
                taken.store(number + 1, Ordering::SeqCst);
                Some(number)
            };
            let work = |number: u64| {
                // Where there are others, they go on meanwhile, as far as they may: the first waits for it.
                let begun = std::time::Instant::now();
                while number == 0 && n > 1 && taken.load(Ordering::SeqCst) < AHEAD * n {
                    assert!(begun.elapsed().as_secs() < 60, "the others wait for the first");
                    std::thread::yield_now();
                }
                number
            };
            let fold = |sum: &mut u64, number| {
                *sum += number;
                folded.fetch_add(1, Ordering::SeqCst);
            };
            assert_eq!(in_turns(threads(count), 0, take, work, fold), 59 * 60 / 2);
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
