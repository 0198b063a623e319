//! What was ever said about a product and what became of it. It calculates nothing.

use std::collections::BTreeMap;

use pcf_ledger::admission::Said as Read;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{
    FootprintId, Header, Instant, ProductId, Publication, PublicationStatus, Statement, StatementId,
};
use pcf_ledger::store::Reader;
use serde::Serialize;

use super::product;
use crate::DeskError;

/// Everything said of a product, oldest first.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct History {
    /// The product.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// The statements.
    pub statements: Vec<Said>,
}

/// One statement about a product.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Said {
    /// The index of its seal in the log.
    pub index: u64,
    /// Its id.
    pub statement: StatementId,
    /// Its type.
    pub r#type: &'static str,
    /// The actor who said it.
    pub by: String,
    /// When it was signed, as its seal claims.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claimed_time: Option<Instant>,
    /// What it says, in one line.
    pub what: String,
    /// True where it holds.
    pub holds: bool,
    /// Why it no longer holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
    /// The footprint that follows a published one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub followed_by: Option<FootprintId>,
    /// The redaction that took its text out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redacted_by: Option<StatementId>,
}

/// Tells everything that was said of the product with this id or name.
///
/// # Errors
/// Those of [`product`]; [`DeskError::Ledger`] for a statement that cannot be read.
pub fn history<S: Reader>(ledger: &Ledger<S>, text: &str) -> Result<History, DeskError> {
    let book = ledger.book();
    let product = product(book, text)?;
    let all = ledger.history_of(&product)?;
    let mut followed = BTreeMap::new();
    for (id, statement) in &all {
        if let Read::Whole(Statement::Publication(later)) = statement
            && later.status == PublicationStatus::Final
            && book.holds(id)?
        {
            followed.extend(later.preceding.iter().map(|earlier| (earlier, &later.footprint)));
        }
    }
    let mut statements: Vec<Said> = Vec::with_capacity(all.len());
    for (id, statement) in &all {
        let index = book.entry(id)?.map(|(_, entry)| entry.index).unwrap_or_default();
        // Statements of one submission follow each other: its seal is read once.
        let claimed_time = match statements.last().filter(|said| said.index == index) {
            Some(said) => said.claimed_time,
            None => super::claimed_time(ledger.seal(index)?.signed_at_s()),
        };
        statements.push(Said {
            index,
            statement: *id,
            r#type: statement.kind().as_str(),
            by: statement.by().to_string(),
            claimed_time,
            what: match statement {
                Read::Whole(statement) => what(statement),
                Read::Header(header) => stays(header),
            },
            holds: book.holds(id)?,
            ended: book.death(id)?.map(|death| death.to_string()),
            followed_by: match statement {
                Read::Whole(Statement::Publication(earlier)) => {
                    followed.get(&earlier.footprint).map(|later| (*later).clone())
                }
                _ => None,
            },
            redacted_by: book.redaction_of(id)?.map(|announced| announced.by),
        });
    }
    let name = book.product(&product)?.map(|held| held.statement.name.to_string()).unwrap_or_default();
    Ok(History { product, name, statements })
}

/// What a statement says, in one line.
fn what(statement: &Statement) -> String {
    match statement {
        Statement::Product(product) => {
            let (count, unit) = (product.processes.len(), &product.declared_unit);
            let plural = if count == 1 { "process" } else { "processes" };
            format!("{count} {plural}, {}, per {} {}", product.boundary, unit.amount, unit.unit)
        }
        Statement::Activity(activity) => {
            let batch = activity.batch.as_ref().map(|batch| format!(", batch {batch}")).unwrap_or_default();
            format!("{} / {}, {}{batch}", activity.stage, activity.process, activity.period)
        }
        Statement::Publication(publication) => published(publication),
        Statement::Assurance(assurance) => {
            let size = assurance.log.size;
            format!(
                "{}, {}, {}, log of size {size} examined",
                assurance.level, assurance.opinion, assurance.standard
            )
        }
        other => other.kind().to_string(),
    }
}

/// What the header of a redacted statement says, in one line.
pub(super) fn stays(header: &Header) -> String {
    let what = match header {
        Header::Activity(activity) => {
            let batch = activity.batch.as_ref().map(|batch| format!(", batch {batch}")).unwrap_or_default();
            format!("{} / {}, {}{batch}, ", activity.stage, activity.process, activity.period)
        }
        _ => String::new(),
    };
    format!("{what}redacted: what else it said is no longer there")
}

fn published(publication: &Publication) -> String {
    let (status, footprint, period) = (publication.status, &publication.footprint, publication.period);
    let (gate, size) = (publication.figures.gate.excluding_uptake, publication.log.size);
    format!("{status} {footprint}, {period}, {gate} kg CO2e to the gate, rests on the log of size {size}")
}
