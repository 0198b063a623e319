//! What is counted twice: two flows with one name in one statement, and the same thing in two processes of one product.

use std::collections::BTreeMap;

use super::amounts::{self, shown};
use super::view::{Line, View};
use super::{Finding, Severity};
use crate::model::wide::Wide;
use crate::model::{Amount, FlowKind, FlowSource, StatementId, Unit};

/// Two flows of one statement with one name.
pub(super) fn names(view: &View<'_>, findings: &mut Vec<Finding>) {
    let mut named: BTreeMap<(StatementId, &str), Vec<Line<'_, '_>>> = BTreeMap::new();
    for line in view.lines() {
        named.entry((line.statement(), line.flow.name.as_str())).or_default().push(line);
    }
    for ((statement, name), lines) in named {
        let (Some(first), true) = (lines.first(), lines.len() > 1) else { continue };
        let amounts: Vec<String> = lines.iter().filter_map(|l| l.flow.amount.as_ref()).map(text).collect();
        let sentence = format!(
            "{} process `{}`: {} flows of one statement are named `{name}` ({}), so nobody can tell whether one was recorded twice",
            first.process.stage,
            first.process.name,
            lines.len(),
            amounts.join("; "),
        );
        let remedy = match first.part.held.statement.is_reading() {
            true => {
                "withdraw the statement first (`pcf withdraw ID --reason 'recorded anew' --sign-with KEY`), then record its rows, each with its own name, such as the lorry's number plate, and without the row that stands twice"
            }
            false => {
                "give each its own name, such as the lorry's number plate, or delete the row that stands twice; then record all rows of the statement with --correct"
            }
        };
        findings.push(view.found("name-twice", Severity::Attention, [statement], sentence, remedy));
    }
}

fn text(amount: &Amount) -> String {
    match amount {
        Amount::Given(q) => format!("{} {}", q.amount, q.unit),
        Amount::Of([a, b]) => format!("{} {} x {} {}", a.amount, a.unit, b.amount, b.unit),
    }
}

/// What a flow's figure comes from, as one word.
pub(super) fn source(flow: &FlowSource) -> Option<String> {
    match flow {
        FlowSource::Factor { factor, .. } => Some(format!("factor {factor}")),
        FlowSource::Product(id) => Some(format!("product {id}")),
        FlowSource::Footprint(id) => Some(format!("footprint {id}")),
        FlowSource::Gas(gas) => Some(format!("gas {gas}")),
        FlowSource::Excluded { .. } => None,
    }
}

/// The same amount of the same source in two processes, or one material under one name in procurement and in production.
pub(super) fn amounts(view: &View<'_>, findings: &mut Vec<Finding>) {
    let mut same_amount: BTreeMap<(String, Wide, Unit), Vec<Line<'_, '_>>> = BTreeMap::new();
    let mut same_name: BTreeMap<(String, &str), Vec<Line<'_, '_>>> = BTreeMap::new();
    for line in view.lines() {
        let Some(source) = source(&line.flow.source) else { continue };
        let bought = matches!(line.flow.kind, FlowKind::Material | FlowKind::Packaging);
        if bought && line.process.stage.is_before_gate() {
            same_name.entry((source.clone(), line.flow.name.as_str())).or_default().push(line);
        }
        if let Some((amount, unit)) = amounts::amount(line.flow).filter(|(amount, _)| *amount != 0) {
            same_amount.entry((source, amount, unit)).or_default().push(line);
        }
    }
    let mut reported: Vec<Vec<StatementId>> = Vec::new();
    for ((source, amount, unit), lines) in same_amount {
        if let Some(finding) = twice(view, &source, Some((amount, unit)), &lines) {
            reported.push(finding.about.statements.clone());
            findings.push(finding);
        }
    }
    for ((source, _), lines) in same_name {
        let finding = twice(view, &source, None, &lines);
        findings.extend(finding.filter(|finding| !reported.contains(&finding.about.statements)));
    }
}

fn twice(
    view: &View<'_>,
    source: &str,
    amount: Option<(Wide, Unit)>,
    lines: &[Line<'_, '_>],
) -> Option<Finding> {
    let first = lines.first()?;
    let (stage, process) = (first.process.stage, first.process.name);
    // An amount is compared between processes, a name between stages.
    let second = lines
        .iter()
        .find(|line| line.process.stage != stage || (amount.is_some() && line.process.name != process))?;
    let what = match amount {
        Some((amount, unit)) => format!("{} {unit} of {source}", shown(amount)),
        None => format!("`{}` from {source}", first.flow.name),
    };
    let named = |line: &Line<'_, '_>| {
        format!("{} process `{}` as `{}`", line.process.stage, line.process.name, line.flow.name)
    };
    let sentence =
        format!("{what} stands in {} and in {}: it may be counted twice", named(first), named(second));
    let remedy = "leave it in the process that uses it: withdraw the other statement where it is a reading, else record its other rows with --correct; nothing has to be done where they are two different things";
    Some(view.found(
        "counted-twice",
        Severity::Attention,
        [first.statement(), second.statement()],
        sentence,
        remedy,
    ))
}
