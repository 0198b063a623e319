//! Guards 1 and 1b: one production stated twice, one flow read twice.

use std::collections::{BTreeMap, HashMap};

use super::gathered::{Candidate, Of};
use super::overlap::{Claim, overlaps};
use super::place::Numbers;
use crate::calc::lower::Catalogue;
use crate::calc::{CalcError, ReadFlow};
use crate::model::{FlowKind, Text, folded};

/// Guard 1: no two productions may overlap in time unless both name a site, or both a batch, and
/// these differ.
pub(super) fn outputs<'c, 'a: 'c>(
    of: Of<'a>,
    made: impl IntoIterator<Item = &'c Candidate<'a>>,
    errors: &mut Vec<CalcError>,
) {
    let mut made: Vec<&Candidate<'a>> = made.into_iter().collect();
    made.sort_unstable_by_key(|c| (c.held.id, c.entry.output)); // Which pair is named must not hang on the order.
    let claim = |c: &Candidate<'_>| Claim {
        names: [c.place.site, c.place.batch, None],
        period: c.held.statement.period,
    };
    let claims: Vec<Claim> = made.iter().copied().map(claim).collect();
    overlaps(&claims, |first, second| {
        let (Some(first), Some(second)) = (made.get(first), made.get(second)) else { return };
        errors.push(if first.held.id == second.held.id {
            CalcError::OutputTwice { statement: first.held.id, product: of.product.clone() }
        } else {
            CalcError::OverlappingPeriods {
                product: of.product.clone(),
                stage: of.stage,
                process: of.process.clone(),
                first: first.held.id,
                first_period: first.held.statement.period,
                second: second.held.id,
                second_period: second.held.statement.period,
            }
        });
    });
}

/// Guard 1b: no flow of energy or emission may be read twice on one day, unless both name a meter
/// and these differ. Flows of one production stand beside each other on purpose.
pub(super) fn flows<'a>(
    catalogue: &Catalogue<'a>,
    of: Of<'a>,
    counted: &[Candidate<'a>],
    errors: &mut Vec<CalcError>,
) {
    let reads = |c: &Candidate<'_>| c.held.statement.is_reading();
    if !counted.iter().any(reads) {
        return;
    }
    let mut meters = Numbers::default();
    let mut spelt: HashMap<&str, String> = HashMap::new();
    let mut read: BTreeMap<String, Vec<(Claim, &Candidate<'a>, &Text)>> = BTreeMap::new();
    for candidate in counted.iter().filter(|c| c.flows) {
        let said = &candidate.held.statement;
        let meter = said.meter.as_ref().map(|meter| meters.of(meter));
        let names = [candidate.place.site, candidate.place.batch, meter];
        let claim = Claim { names, period: said.period };
        let flows = catalogue.flows(candidate.entry.activity);
        for (_, flow) in flows.filter(|(kind, _)| matches!(kind, FlowKind::Energy | FlowKind::Emission)) {
            let name = spelt.entry(flow.as_str()).or_insert_with_key(|name| folded(name));
            read.entry(name.clone()).or_default().push((claim, candidate, flow));
        }
    }
    for of_name in read.values_mut().filter(|of_name| of_name.len() > 1) {
        of_name.sort_by_key(|(_, candidate, _)| candidate.held.id);
        let claims: Vec<Claim> = of_name.iter().map(|(claim, ..)| *claim).collect();
        overlaps(&claims, |first, second| {
            let (Some(first), Some(second)) = (of_name.get(first), of_name.get(second)) else { return };
            if first.1.held.id == second.1.held.id && !reads(first.1) {
                return;
            }
            errors.push(CalcError::ReadTwice {
                product: of.product.clone(),
                stage: of.stage,
                process: of.process.clone(),
                first: read_flow(first.1, first.2),
                second: read_flow(second.1, second.2),
            });
        });
    }
}

fn read_flow(of: &Candidate<'_>, name: &Text) -> Box<ReadFlow> {
    let (statement, period) = (of.held.id, of.held.statement.period);
    Box::new(ReadFlow { statement, flow: name.clone(), period })
}
