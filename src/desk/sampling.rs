//! Monte Carlo draws on several threads.

use std::num::NonZeroUsize;

use pcf_ledger::calc::uncertainty::{Draws, Plan, Sampling};
use pcf_ledger::calc::{CalcErrors, Chain};

/// Draws every product of a chain on `threads` threads, whose number changes no bit.
///
/// # Errors
/// Those of [`monte_carlo`](pcf_ledger::calc::uncertainty::monte_carlo).
pub fn monte_carlo(chain: &Chain<'_>, plan: &Plan, threads: NonZeroUsize) -> Result<Draws, CalcErrors> {
    let sampling = Sampling::new(chain, plan)?;
    let drawn: Vec<_> = std::thread::scope(|scope| {
        let draw = |range| {
            let sampling = &sampling;
            scope.spawn(move || sampling.draw(range))
        };
        let handles: Vec<_> = sampling.ranges(threads).into_iter().map(draw).collect();
        let join = |handle: std::thread::ScopedJoinHandle<'_, _>| match handle.join() {
            Ok(result) => result,
            Err(cause) => std::panic::resume_unwind(cause),
        };
        handles.into_iter().map(join).collect()
    });
    let drawn = drawn.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(sampling.draws(&drawn))
}
