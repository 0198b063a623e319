//! What an import says beside its result: what flows name and is not in the ledger, and what is allowed and yet most often a slip. It refuses
//! nothing.

use std::collections::{BTreeMap, HashSet};

use pcf_ledger::model::{FlowSource, Statement, StatementKind};
use pcf_ledger::rules::Book;

use crate::context::Context;
use crate::importing::Sourced;

/// Notes what is allowed and yet is most often a slip: a period that ends with the last day of a month, a signer nobody has enrolled.
pub fn note(context: &Context, book: &Book, plan: &[Sourced]) {
    let (mut ends, mut signers) = (BTreeMap::new(), BTreeMap::new());
    for Sourced { statement, place } in plan {
        match statement {
            Statement::Activity(activity) => {
                let end = activity.period.end();
                if let Some(next) = end.next_day().ok().filter(|next| next.to_string().ends_with("-01")) {
                    ends.entry(end).or_insert((place, next));
                }
            }
            Statement::Product(product) => {
                let named = product.processes.iter().flat_map(|process| &process.signers);
                for signer in named.filter(|signer| book.actor(signer).is_none()) {
                    signers.entry(signer).or_insert(place);
                }
            }
            _ => {}
        }
    }
    for (end, (place, next)) in ends {
        context.output.note(&format!(
            "{place}: the period ends before {end}, so that day is not in it; write {next} where it should be"
        ));
    }
    for (signer, place) in signers {
        context.output.note(&format!("{place}: the signer `{signer}` is not enrolled here yet"));
    }
}

/// What flows name that is neither in the ledger nor in the plan.
pub fn unresolved(book: &Book, plan: &[Sourced]) -> BTreeMap<String, usize> {
    let mut coming: HashSet<String> = HashSet::new();
    for sourced in plan {
        match &sourced.statement {
            Statement::Factor(factor) => drop(coming.insert(format!("factor:{}", factor.factor))),
            Statement::Product(product) => {
                coming.extend(product.ids.iter().map(|id| format!("product:{id}")))
            }
            _ => {}
        }
    }
    let mut missing = BTreeMap::new();
    let mut need = |name: String, held: bool| {
        if !held && !coming.contains(&name) {
            *missing.entry(name).or_insert(0) += 1;
        }
    };
    for sourced in plan {
        let Statement::Activity(activity) = &sourced.statement else { continue };
        for flow in &activity.flows {
            match &flow.source {
                FlowSource::Factor { factor, upstream } => {
                    for id in std::iter::once(factor).chain(upstream) {
                        need(format!("factor:{id}"), book.factor(id).is_some());
                    }
                }
                FlowSource::Product(id) => need(format!("product:{id}"), book.product(id).is_some()),
                FlowSource::Footprint(id) => {
                    let held = book.live(StatementKind::SupplierFootprint, id.as_str()).is_some();
                    need(format!("footprint:{id}"), held);
                }
                FlowSource::Gas(_) | FlowSource::Excluded { .. } => {}
            }
        }
    }
    missing
}
