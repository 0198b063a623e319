//! What `pcf footprint` answers beside a plain figure: statements that are only tried, and two publications compared. No verb of its own; it
//! appends nothing.

use std::collections::BTreeSet;
use std::path::Path;

use pcf_ledger::calc::explain::{self, Side};
use pcf_ledger::calc::{self, Change, Held, Inventory, Request};
use pcf_ledger::codec::{encode_statement, statement_id};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{Figures, FootprintId, Period, ProductId, Statement, StatementId};
use pcf_ledger::publish;
use pcf_ledger::store::file::FileReader;
use serde::Serialize;

use super::difference::Explained;
use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::importing::counted;
use crate::output::{Page, Report};

/// A footprint with statements that nobody recorded.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tried {
    product: ProductId,
    period: Period,
    /// Statements added, those in place of another among them.
    added: usize,
    /// Live statements that they took the place of.
    replaced: BTreeSet<StatementId>,
    after: Figures,
    #[serde(skip_serializing_if = "Option::is_none")]
    difference: Option<Explained>,
    /// Why there is no figure before, where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

/// Adds the statements of a file to what holds and compares the footprint before and after.
pub fn statements(
    ledger: &Ledger<FileReader>,
    (inventory, request): (Inventory, &Request),
    product: &ProductId,
    file: &Path,
    context: &Context,
) -> Result<Outcome, CliError> {
    let name = file.display().to_string();
    let bytes = pcf_desk::files::load(file)?;
    // Nobody signs what is only tried; the product's owner stands in for whoever would.
    let unknown = || CliError::usage(format!("no product {product} in this ledger")).hint("pcf product list");
    let by = ledger.book().product(product).map(|(_, stated)| stated.by.clone()).ok_or_else(unknown)?;
    let drafts = pcf_files::read_statements(&bytes, &name, &by)?;
    let (held, added) = (held(&inventory), drafts.len());
    let (mut replaced, mut begins) = (BTreeSet::new(), Vec::with_capacity(added));
    for draft in drafts {
        let (kind, subject) = (draft.statement.kind(), draft.statement.subject());
        replaced.extend(ledger.book().live(kind, &subject).filter(|id| held.contains(id)));
        replaced.extend(draft.statement.replaces().copied());
        begins.extend(change(draft.statement)?);
    }
    let mut after = inventory.clone();
    after.apply(replaced.iter().map(|id| Change::Ends(*id)).chain(begins));
    let [before, later] = [&inventory, &after].map(|inventory| Side { inventory, request });
    let footprint = calc::footprint(&after, product, request)?;
    let (difference, problem) = match explain::difference(product, before, later) {
        Ok(found) => (Some(Explained::new(&found)?), None),
        Err(errors) => (None, Some(errors.to_string())),
    };
    let figures = footprint.figures;
    context.output.report(&Tried {
        product: footprint.product,
        period: request.period,
        added,
        replaced,
        after: figures,
        difference,
        problem,
    })?;
    Ok(Outcome::Done)
}

/// The statements that the file may take the place of.
fn held(inventory: &Inventory) -> BTreeSet<StatementId> {
    let activities = inventory.activities.iter().map(|held| held.id);
    let products = inventory.products.values().map(|held| held.id);
    activities.chain(products).chain(inventory.factors.values().map(|held| held.id)).collect()
}

/// What a statement that is read from a file changes; a year of a site changes no footprint.
fn change(statement: Statement) -> Result<Option<Change>, CliError> {
    let id = statement_id(&encode_statement(&statement)?);
    Ok(match statement {
        Statement::Activity(statement) => Some(Change::Activity(Held { id, statement })),
        Statement::Product(statement) => Some(Change::Product(Held { id, statement })),
        Statement::Factor(statement) => Some(Change::Factor(Held { id, statement })),
        _ => None,
    })
}

impl Report for Tried {
    fn text(&self, page: &mut Page) {
        page.heading(&format!("{}, {}, if the file were recorded", self.product, self.period));
        let replaced = match self.replaced.len() {
            0 => String::new(),
            count => format!(", {count} of them in place of a live one"),
        };
        page.line(format!("Nothing was recorded. Added {}{replaced}.", counted(self.added, "statement")));
        page.blank();
        if let Some(difference) = &self.difference {
            difference.text(page);
        } else {
            super::footprint::figures(page, &self.after);
        }
        if let Some(problem) = &self.problem {
            page.blank();
            page.line(format!("Before, there is no figure: {problem}"));
        }
    }
}

/// Two publications of one product and why they differ.
#[derive(Serialize)]
struct Compared {
    product: ProductId,
    publications: [Published; 2],
    difference: Explained,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Published {
    footprint: FootprintId,
    period: Period,
    log_size: u64,
}

/// Calculates two publications again, each on what held where it rests, and explains their difference.
pub fn publications(
    ledger: &Ledger<FileReader>,
    earlier: &FootprintId,
    later: &FootprintId,
    context: &Context,
) -> Result<Outcome, CliError> {
    let read = |id: &FootprintId| -> Result<_, CliError> {
        let (_, publication) = publish::find(ledger, id)?;
        let (inventory, footprint) = publish::recalculate(ledger, &publication)?;
        if footprint.figures != *publication.figures {
            let cause =
                format!("the figures of {id} do not follow from the statements; nothing is explained");
            return Err(CliError::no(cause).hint("pcf audit"));
        }
        Ok((publication, inventory, footprint.product))
    };
    let (first, before, product) = read(earlier)?;
    let (second, after, other) = read(later)?;
    if product != other {
        let cause = format!("expected two publications of one product, got {product} and {other}");
        return Err(CliError::usage(cause).hint("pcf product list"));
    }
    let [old, new] = [&first, &second].map(publish::request_of);
    let before = Side { inventory: &before, request: &old };
    let found = explain::difference(&product, before, Side { inventory: &after, request: &new })?;
    let published = |publication: &pcf_ledger::model::Publication| Published {
        footprint: publication.footprint.clone(),
        period: publication.period,
        log_size: publication.log.size.as_u64(),
    };
    context.output.report(&Compared {
        product,
        publications: [published(&first), published(&second)],
        difference: Explained::new(&found)?,
    })?;
    Ok(Outcome::Done)
}

impl Report for Compared {
    fn text(&self, page: &mut Page) {
        page.heading(self.product.as_str());
        for (word, published) in ["before", "after"].iter().zip(&self.publications) {
            let Published { footprint, period, log_size } = published;
            page.line(format!("{word}: {footprint}, {period}, log size {log_size}"));
        }
        page.blank();
        self.difference.text(page);
    }
}
