//! What is counted twice: two flows with one name in one statement, and the same thing in two processes of one product.

use std::fmt;

use super::amounts::{self, shown};
use super::view::{Line, View};
use super::{Finding, Severity};
use crate::model::wide::Wide;
use crate::model::{Amount, FactorId, FlowKind, FlowSource, FootprintId, Gas, ProductId, StatementId, Unit};

/// Two flows of one statement with one name.
pub(super) fn names(view: &View<'_>, findings: &mut Vec<Finding>) {
    let named = view.lines().map(|line| ((line.statement(), line.flow.name.as_str()), line)).collect();
    for ((statement, name), lines) in groups(named) {
        let Some(first) = lines.first() else { continue };
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
                concat!(
                    "withdraw the statement first (",
                    withdrawing!(),
                    "), then record its rows, each with its own name, such as the lorry's number plate, and without the row that stands twice"
                )
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

/// What a flow's figure comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source<'a> {
    Factor(&'a FactorId),
    Footprint(&'a FootprintId),
    Gas(Gas),
    Product(&'a ProductId),
}

impl<'a> Source<'a> {
    /// None for what is left out.
    pub(super) const fn of(flow: &'a FlowSource) -> Option<Self> {
        match flow {
            FlowSource::Factor { factor, .. } => Some(Self::Factor(factor)),
            FlowSource::Product(id) => Some(Self::Product(id)),
            FlowSource::Footprint(id) => Some(Self::Footprint(id)),
            FlowSource::Gas(gas) => Some(Self::Gas(*gas)),
            FlowSource::Excluded { .. } => None,
        }
    }
}

impl fmt::Display for Source<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Factor(id) => write!(f, "factor {id}"),
            Self::Product(id) => write!(f, "product {id}"),
            Self::Footprint(id) => write!(f, "footprint {id}"),
            Self::Gas(gas) => write!(f, "gas {gas}"),
        }
    }
}

/// The same amount of the same source in two processes, or one material under one name in procurement and in production.
pub(super) fn amounts(view: &View<'_>, findings: &mut Vec<Finding>) {
    let (mut same_amount, mut same_name) = (Vec::new(), Vec::new());
    for line in view.lines() {
        let Some(source) = Source::of(&line.flow.source) else { continue };
        let bought = matches!(line.flow.kind, FlowKind::Material | FlowKind::Packaging);
        if bought && line.process.stage.is_before_gate() {
            same_name.push(((source, line.flow.name.as_str()), line));
        }
        if let Some((amount, unit)) = amounts::amount(line.flow).filter(|(amount, _)| *amount != 0) {
            same_amount.push(((source, amount, unit), line));
        }
    }
    let mut reported: Vec<Vec<StatementId>> = Vec::new();
    for ((source, amount, unit), lines) in groups(same_amount) {
        if let Some(finding) = twice(view, source, Some((amount, unit)), &lines) {
            reported.push(finding.about.statements.clone());
            findings.push(finding);
        }
    }
    for ((source, _), lines) in groups(same_name) {
        let finding = twice(view, source, None, &lines);
        findings.extend(finding.filter(|finding| !reported.contains(&finding.about.statements)));
    }
}

/// Lines of one key, where there are several, in their order.
fn groups<K: Ord + Copy, L: Copy>(mut keyed: Vec<(K, L)>) -> Vec<(K, Vec<L>)> {
    keyed.sort_by_key(|(key, _)| *key);
    let several = keyed.chunk_by(|(one, _), (other, _)| one == other).filter(|lines| lines.len() > 1);
    several
        .filter_map(|lines| Some((lines.first()?.0, lines.iter().map(|(_, line)| *line).collect())))
        .collect()
}

fn twice(
    view: &View<'_>,
    source: Source<'_>,
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
