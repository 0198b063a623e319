//! The processes of one product as a chain holds them, before nodes and leaves have their places: flows of activities, and the terms of
//! recycled material. Which statements count is decided before.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::chain::{BITS, ChainLine, Part, Target, WHAT};
use crate::calc::allocation::Share;
use crate::calc::process::ProcessSum;
use crate::calc::recycling::{Recycled, Term};
use crate::calc::scope::{Half, Selected};
use crate::calc::solve::Solver;
use crate::calc::work::LineSource;
use crate::calc::{CalcError, CalcErrors};
use crate::model::wide::{Wide, product, quotient};
use crate::model::{RATIO_SCALE, Text, ValueError};

pub(super) type DraftedPart<'a> = (Part<'a>, Vec<(ChainLine, LineSource)>);

/// The processes of one half of a product's life, each with its lines in the order of statement id, flow, factor before upstream.
pub(super) fn draft<'a>(
    solver: &Solver<'a>,
    number: usize,
    half: Half,
    batch: Option<&'a Text>,
) -> Result<Vec<DraftedPart<'a>>, CalcErrors> {
    let Some(selector) = solver.selector(number, batch) else { return Ok(Vec::new()) };
    let mut errors = Vec::new();
    let selected = selector.select(solver.entries(number), half, &mut errors, &mut BTreeSet::new());
    let sum = ProcessSum { solver, id: selector.id, product: selector.product };
    let mut parts = Vec::with_capacity(selected.len());
    for process in &selected {
        let Some((units, _)) = sum.units(process, &mut errors) else { continue };
        match lines(solver, process, units) {
            Ok(lines) => {
                let (stage, process) = (process.stage, Cow::Borrowed(process.process));
                parts.push((Part { number, stage, process, units, lines: 0..0 }, lines));
            }
            Err(problem) => errors.push(CalcError::Result { product: selector.id.clone(), problem }),
        }
    }
    for recycled in solver.recycled(number, half) {
        let lines = terms(recycled);
        let (stage, process) = (recycled.stage, Cow::Owned(recycled.process.clone()));
        parts.push((
            Part { number, stage, process, units: Wide::new(10_i128.pow(RATIO_SCALE)), lines: 0..0 },
            lines,
        ));
    }
    if errors.is_empty() { Ok(parts) } else { Err(CalcErrors::new(errors)) }
}

fn lines(
    solver: &Solver<'_>,
    process: &Selected<'_>,
    units: Wide,
) -> Result<Vec<(ChainLine, LineSource)>, ValueError> {
    let mut drafted = Vec::new();
    for (entry, _) in &process.entries {
        let Some((held, work)) = solver.work(*entry) else { continue };
        let Some(share) = work.shares.get(entry.output).copied() else { continue };
        for line in &work.lines {
            let drafted_line = ChainLine {
                activity: Some(entry.activity),
                flow: line.flow,
                upstream: line.upstream,
                coefficient: coefficient(line.ratio, share, units)?,
                share,
                ratio: line.ratio,
                target: Target::Leaf(0),
            };
            drafted.push((held.id, drafted_line, line.source));
        }
    }
    drafted.sort_by_key(|a| (a.0, a.1.flow, a.1.upstream));
    Ok(drafted.into_iter().map(|(_, line, source)| (line, source)).collect())
}

/// The terms of recycled material; a product whose terms fail has no footprint and is not drafted.
fn terms(recycled: &Recycled) -> Vec<(ChainLine, LineSource)> {
    let line = |term: &Term| {
        let (coefficient, ratio) = (term.coefficient, term.ratio);
        let (activity, target) = (None, Target::Leaf(0));
        let (flow, upstream, share) = (term.place, false, Share::ONE);
        (ChainLine { activity, flow, upstream, coefficient, share, ratio, target }, term.source)
    };
    recycled.terms.iter().map(line).collect()
}

/// `ratio * share / units` in 2^-96, half to even.
fn coefficient(ratio: Wide, share: Share, units: Wide) -> Result<Wide, ValueError> {
    let one = Wide::ONE << BITS;
    let whole = quotient(product(ratio, one, WHAT)?, units, WHAT)?;
    if share == Share::ONE {
        return Ok(whole);
    }
    quotient(product(whole, Wide::new(share.quanta()), WHAT)?, Wide::new(Share::ONE.quanta()), WHAT)
}
