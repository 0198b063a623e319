//! Changes to flows that are only tried: another factor, another amount, no certificates. They reach
//! the activities that the footprint is calculated from and no others.

use std::collections::BTreeSet;

use pcf_files::library::Library;
use pcf_files::likeness::edits as letters_apart;
use pcf_ledger::calc::{self, Change, Held, Inventory, Request};
use pcf_ledger::model::wide::{Wide, narrow, quotient};
use pcf_ledger::model::{
    Activity, ActorId, Amount, Decimal, FactorId, FlowSource, ProductId, StatementId, Text,
};

use super::what_if::{Trial, change};
use crate::{AskError, DeskError};

/// A change to every flow of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Another factor.
    Factor {
        /// The flow's name.
        flow: Text,
        /// The factor, of the ledger or of the shipped library.
        factor: FactorId,
    },
    /// So many times its amount.
    Scale {
        /// The flow's name.
        flow: Text,
        /// The number that the amount is multiplied by.
        by: Decimal,
    },
}

impl Edit {
    const fn flow(&self) -> &Text {
        match self {
            Self::Factor { flow, .. } | Self::Scale { flow, .. } => flow,
        }
    }

    /// Reads `FLOW.factor=ID`.
    ///
    /// # Errors
    /// A sentence with what was expected.
    pub fn set(text: &str) -> Result<Self, String> {
        let expected = || format!("expected FLOW.factor=ID, got `{text}`");
        let (left, id) = text.rsplit_once('=').ok_or_else(expected)?;
        let flow = left.strip_suffix(".factor").ok_or_else(expected)?;
        let id = id.strip_prefix("factor:").unwrap_or(id);
        let flow = flow.parse().map_err(|_| expected())?;
        Ok(Self::Factor { flow, factor: id.parse().map_err(|e| format!("{e}"))? })
    }

    /// Reads `FLOW=0.8`.
    ///
    /// # Errors
    /// A sentence with what was expected.
    pub fn scale(text: &str) -> Result<Self, String> {
        let expected = || format!("expected FLOW=NUMBER, such as 'natural gas=0.8', got `{text}`");
        let (flow, by) = text.rsplit_once('=').ok_or_else(expected)?;
        let (flow, by) = (flow.parse().map_err(|_| expected())?, by.parse().map_err(|_| expected())?);
        Ok(Self::Scale { flow, by })
    }
}

/// The statements that end and what takes their place.
///
/// # Errors
/// [`AskError::NoFlow`]; [`DeskError::NotInLibrary`]; [`DeskError::Value`] for an amount out of
/// range; [`DeskError::Calc`] where there is no figure that could change.
pub(super) fn changes(
    inventory: &Inventory,
    product: &ProductId,
    request: &Request,
    (trial, by): (&Trial<'_>, &ActorId),
) -> Result<(BTreeSet<StatementId>, Vec<Change>), DeskError> {
    let (mut ended, mut begins) = (BTreeSet::new(), Vec::new());
    if trial.edits.is_empty() && !trial.location {
        return Ok((ended, begins));
    }
    let used = calc::footprint(inventory, product, request)?.used;
    let reached: Vec<&Held<Activity>> =
        inventory.activities.iter().filter(|held| used.contains(&held.id)).collect();
    for edit in &trial.edits {
        known(&reached, edit)?;
        if let Edit::Factor { factor, .. } = edit
            && !inventory.factors.contains_key(factor)
        {
            begins.extend(change(of_library(factor, by)?.into())?);
        }
    }
    for held in reached {
        let mut activity = held.statement.clone();
        let mut is_changed = false;
        for edit in &trial.edits {
            is_changed |= apply(&mut activity, edit)?;
        }
        if trial.location {
            for flow in activity.flows.iter_mut().filter(|flow| !flow.instruments.is_empty()) {
                flow.instruments.clear();
                is_changed = true;
            }
        }
        if is_changed {
            ended.insert(held.id);
            begins.push(Change::Activity(Held { id: held.id, statement: activity }));
        }
    }
    Ok((ended, begins))
}

fn of_library(id: &FactorId, by: &ActorId) -> Result<pcf_ledger::model::Factor, DeskError> {
    let row = Library::shipped()?.find(id.as_str());
    let row = row.ok_or_else(|| DeskError::NotInLibrary { id: id.to_string(), near: None })?;
    Ok(row.to_factor(by)?)
}

/// Checks that some flow has the name.
fn known(reached: &[&Held<Activity>], edit: &Edit) -> Result<(), DeskError> {
    let names: BTreeSet<&str> =
        reached.iter().flat_map(|held| &held.statement.flows).map(|flow| flow.name.as_str()).collect();
    let wanted = edit.flow().as_str();
    if names.contains(wanted) {
        return Ok(());
    }
    let near = names.iter().min_by_key(|name| letters_apart(wanted, name)).map(|name| (*name).to_owned());
    Err(AskError::NoFlow { flow: wanted.to_owned(), near }.into())
}

fn apply(activity: &mut Activity, edit: &Edit) -> Result<bool, DeskError> {
    let mut is_changed = false;
    for flow in activity.flows.iter_mut().filter(|flow| flow.name == *edit.flow()) {
        match edit {
            Edit::Factor { factor, .. } => {
                flow.source = FlowSource::Factor { factor: factor.clone(), upstream: None };
            }
            Edit::Scale { by, .. } => match &mut flow.amount {
                Some(Amount::Given(quantity)) => quantity.amount = times(quantity.amount, *by)?,
                Some(Amount::Of([first, _])) => first.amount = times(first.amount, *by)?,
                None => continue,
            },
        }
        is_changed = true;
    }
    Ok(is_changed)
}

fn times(amount: Decimal, by: Decimal) -> Result<Decimal, DeskError> {
    let product = Wide::new(amount.quanta()) * Wide::new(by.quanta()); // OK: two 128-bit numbers.
    let quanta = quotient(product, Wide::new(Decimal::ONE_QUANTA), "scaled amount")?;
    Ok(Decimal::from_quanta(narrow(quanta, "scaled amount")?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_names_its_flow_and_what_becomes_of_it() {
        assert_eq!(
            Edit::set("grid electricity.factor=acme.solar"),
            Ok(Edit::Factor {
                flow: "grid electricity".parse().unwrap(),
                factor: "acme.solar".parse().unwrap()
            })
        );
        let by = "0.8".parse().unwrap();
        assert_eq!(Edit::scale("a=b=0.8"), Ok(Edit::Scale { flow: "a=b".parse().unwrap(), by }));
        assert!(Edit::set("grid=acme.solar").unwrap_err().contains("FLOW.factor=ID"));
        assert!(Edit::scale("gas").unwrap_err().contains("FLOW=NUMBER"));
        assert_eq!(times("1.5".parse().unwrap(), by).unwrap(), "1.2".parse().unwrap());
    }
}
