//! Suppliers' footprints as they are used: a newer version of one, and one that is declared per an amount that is easily taken for one unit.

use std::collections::{BTreeMap, BTreeSet};

use super::amounts::shown;
use super::view::View;
use super::{Finding, Severity};
use crate::calc::amount::{Exact, amount_text};
use crate::model::{Decimal, FlowSource, FootprintId, StatementId};

pub(super) fn suppliers(view: &View<'_>, findings: &mut Vec<Finding>) {
    let mut stale: BTreeMap<&FootprintId, BTreeSet<StatementId>> = BTreeMap::new();
    for line in view.lines() {
        let FlowSource::Footprint(id) = &line.flow.source else { continue };
        if view.asked.superseded.contains_key(id) {
            stale.entry(id).or_default().insert(line.statement());
        }
        let Some(bought) = view.inventory.bought.get(id).map(|held| &held.statement) else { continue };
        let declared = bought.declared_unit;
        let Some(amount) = line.flow.amount.as_ref().filter(|_| !is_power_of_ten(declared.amount)) else {
            continue;
        };
        let units = Exact::of(amount).ok().flatten();
        let units = units
            .and_then(|exact| exact.per_declared(declared, bought.mass_per_declared_unit).ok().flatten());
        let Some(units) = units else { continue };
        let sentence = format!(
            "flow `{}` takes {} of the footprint {id}, which is declared per {} {}: that is {} times its figure",
            line.flow.name,
            amount_text(amount),
            declared.amount,
            declared.unit,
            shown(units),
        );
        let remedy = format!(
            "nothing has to be done where the amount is in {}; where packages were counted, multiply by {} and record with --correct",
            declared.unit, declared.amount
        );
        findings.push(view.found("declared-amount", Severity::Note, [line.statement()], sentence, remedy));
    }
    for (id, statements) in stale {
        let Some(newer) = view.asked.superseded.get(id) else { continue };
        let sentence = format!(
            "the supplier's footprint {id} has a newer version, {newer}; {} and all that depends on it rest on the old one",
            view.product.name
        );
        let remedy =
            format!("name footprint:{newer} in the rows and record them with --correct, then publish again");
        let mut finding = view.found("superseded", Severity::Attention, statements, sentence, remedy);
        finding.about.names = Some(newer.to_string());
        findings.push(finding);
    }
}

/// True for 1, 10, 1000 and their like, which nobody mistakes for a package.
fn is_power_of_ten(amount: Decimal) -> bool {
    let text = amount.to_string();
    text.trim_matches('0').trim_matches('.').trim_matches('0') == "1"
}
