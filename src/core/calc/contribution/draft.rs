//! The processes of one product as a chain holds them, before nodes and leaves have their places:
//! flows of activities, and the terms of recycled material. Which statements count is decided
//! before.

use std::borrow::Cow;

use super::chain::{BITS, ChainLine, Part, Target, WHAT};
use crate::calc::allocation::Share;
use crate::calc::lower::LineSource;
use crate::calc::recycling::{Recycled, Term};
use crate::calc::rows::{Row, Side, half_of};
use crate::calc::solve::Engine;
use crate::calc::{CalcError, CalcErrors};
use crate::model::wide::{Wide, product, quotient};
use crate::model::{RATIO_SCALE, ValueError};

pub(super) type DraftedPart<'a> = (Part<'a>, Vec<(ChainLine, LineSource)>);

/// The processes of one side of a product, each with its lines in the order of statement id, flow,
/// factor before upstream.
pub(super) fn draft<'a>(
    engine: &Engine<'a>,
    number: usize,
    side: Side,
) -> Result<Vec<DraftedPart<'a>>, CalcErrors> {
    let rows = &engine.graph.rows;
    let mut errors = rows.faults(number, side).to_vec();
    let mut parts = Vec::new();
    for row in rows.of(number, side).filter_map(|at| rows.row(at)) {
        let Some(units) = row.units else { continue };
        match lines(engine, row, units) {
            Ok(lines) => {
                let (stage, process) = (row.stage, Cow::Borrowed(row.process));
                parts.push((Part { number, stage, process, units, lines: 0..0 }, lines));
            }
            Err(problem) => {
                let product = engine.graph.lowering.catalogue.id(number).cloned();
                errors.extend(product.map(|product| CalcError::Result { product, problem }));
            }
        }
    }
    for recycled in rows.recycled(number, half_of(side, engine.boundary(number))) {
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
    engine: &Engine<'_>,
    row: &Row<'_>,
    units: Wide,
) -> Result<Vec<(ChainLine, LineSource)>, ValueError> {
    let (lowering, mut drafted) = (&engine.graph.lowering, Vec::new());
    for pick in engine.graph.rows.picks(row) {
        let Some(statement) = lowering.lowered.statement(pick.statement) else { continue };
        let Some(share) = pick.share(row) else { continue };
        let id = lowering.held(pick.statement).map(|held| held.id);
        for line in lowering.lowered.lines(statement) {
            let drafted_line = ChainLine {
                activity: Some(statement.activity as usize),
                flow: line.flow as usize,
                upstream: line.is_upstream(),
                coefficient: coefficient(line.ratio, share, units)?,
                share,
                ratio: line.ratio,
                target: Target::Leaf(0),
            };
            drafted.push((id, drafted_line, line.source));
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
