//! A footprint with statements that are tried and never recorded.

use std::collections::BTreeSet;
use std::path::Path;

use pcf_ledger::calc::explain::{self, Difference, Side};
use pcf_ledger::calc::{self, Change, Held, Inventory, Request};
use pcf_ledger::codec::{encode_statement, statement_id};
use pcf_ledger::ledger::{Completion, Ledger};
use pcf_ledger::model::{Figures, Period, ProductId, Statement, StatementId};
use pcf_ledger::store::Reader;
use serde::Serialize;

use super::edits::{self, Edit};
use super::footprint::size;
use super::product;
use crate::DeskError;

/// A footprint with statements that nobody recorded.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Tried {
    /// The product.
    pub product: ProductId,
    /// The period.
    pub period: Period,
    /// Statements added, those in place of another among them.
    pub added: usize,
    /// Live statements that they took the place of.
    pub replaced: BTreeSet<StatementId>,
    /// The figures with them.
    pub after: Figures,
    /// What they change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference: Option<Difference>,
    /// Why there is no figure before, where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// What is tried beside what holds.
#[derive(Debug, Clone, Default)]
pub struct Trial<'a> {
    /// A file of statements.
    pub file: Option<&'a Path>,
    /// Changes to flows, in their order.
    pub edits: Vec<Edit>,
    /// Leaves certificates and contracts out, so that electricity counts as its grid gives it.
    pub location: bool,
}

/// Adds the statements of a file to what holds and changes flows, and compares the footprint before
/// and after.
///
/// # Errors
/// [`LogSize`](super::LogQuestionError::LogSize); those of [`product`]; [`DeskError::Exchange`] where the file cannot be read; [`AskError::NoFlow`](crate::AskError::NoFlow) and
/// [`DeskError::NotInLibrary`] for a change of what is not there; [`DeskError::Calc`] where there is
/// no figure after.
pub fn what_if<S: Reader>(
    ledger: &Ledger<S>,
    text: &str,
    (request, as_of): (&Request, Option<u64>),
    trial: &Trial<'_>,
) -> Result<Tried, DeskError> {
    let inventory = ledger.everything_at(size(ledger, as_of)?)?;
    let product = product(ledger.book(), text)?;
    // Nobody signs what is only tried; the product's owner stands in for the signer.
    let unknown = || DeskError::UnknownProduct { text: text.to_owned(), near: None };
    let by = ledger.book().product(&product)?.map(|held| held.statement.by.clone()).ok_or_else(unknown)?;
    let drafts = match trial.file {
        Some(file) => {
            let name = file.display().to_string();
            pcf_files::read_statements(&crate::files::load(file)?, &name, &by)?
        }
        None => Vec::new(),
    };
    let (live, mut added) = (replaceable(&inventory), drafts.len());
    let (mut replaced, mut begins) = (BTreeSet::new(), Vec::with_capacity(added));
    let mut completion = Completion::default();
    for draft in drafts {
        let statement = completion.complete(ledger, draft.statement)?;
        let (kind, subject) = (statement.kind(), statement.subject());
        replaced.extend(ledger.book().live(kind, &subject)?.filter(|id| live.contains(id)));
        replaced.extend(statement.replaces().copied());
        begins.extend(change(statement)?);
    }
    let mut after = inventory.clone();
    after.apply(replaced.iter().map(|id| Change::Ends(*id)).chain(begins));
    let (ended, changed) = edits::changes(&after, &product, request, (trial, &by))?;
    added += changed.len(); // OK because both count statements in memory.
    after.apply(ended.iter().map(|id| Change::Ends(*id)).chain(changed));
    replaced.extend(ended);
    let [before, later] = [&inventory, &after].map(|inventory| Side { inventory, request });
    let footprint = calc::footprint(&after, &product, request)?;
    let (difference, problem) = match explain::difference(&product, before, later) {
        Ok(found) => (Some(found), None),
        Err(errors) => (None, Some(errors.to_string())),
    };
    Ok(Tried {
        product: footprint.product,
        period: request.period,
        added,
        replaced,
        after: footprint.figures,
        difference,
        problem,
    })
}

/// The statements that the file may take the place of.
fn replaceable(inventory: &Inventory) -> BTreeSet<StatementId> {
    let activities = inventory.activities.iter().map(|held| held.id);
    let products = inventory.products.values().map(|held| held.id);
    activities.chain(products).chain(inventory.factors.values().map(|held| held.id)).collect()
}

/// What a statement changes; a year of a site changes no footprint.
pub(super) fn change(statement: Statement) -> Result<Option<Change>, DeskError> {
    let id = statement_id(&encode_statement(&statement)?);
    Ok(match statement {
        Statement::Activity(statement) => Some(Change::Activity(Held { id, statement })),
        Statement::Product(statement) => Some(Change::Product(Held { id, statement })),
        Statement::Factor(statement) => Some(Change::Factor(Held { id, statement })),
        _ => None,
    })
}
