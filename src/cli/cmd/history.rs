//! What was ever said about a product, as `pcf trace --history` prints it. No verb of its own; it calculates nothing.

use std::collections::BTreeMap;

use pcf_ledger::admission::Said;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{
    FootprintId, Instant, Kept, ProductId, Publication, PublicationStatus, Statement, StatementId,
};
use pcf_ledger::store::file::FileReader;
use serde::Serialize;

use crate::error::CliError;
use crate::output::{Page, Report};

/// Everything said of a product, oldest first.
#[derive(Debug, Serialize)]
pub struct History {
    product: ProductId,
    name: String,
    statements: Vec<Line>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    index: u64,
    statement: StatementId,
    r#type: &'static str,
    by: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    claimed_time: Option<Instant>,
    what: String,
    holds: bool,
    /// Why it no longer holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<String>,
    /// The footprint that follows a published one.
    #[serde(skip_serializing_if = "Option::is_none")]
    followed_by: Option<FootprintId>,
    /// The redaction that took its text out.
    #[serde(skip_serializing_if = "Option::is_none")]
    redacted_by: Option<StatementId>,
}

/// The history of a product.
///
/// # Errors
/// A statement that cannot be read.
pub fn of(ledger: &Ledger<FileReader>, product: &ProductId) -> Result<History, CliError> {
    let book = ledger.book();
    let all = ledger.history_of(product)?;
    let mut followed = BTreeMap::new();
    for (id, statement) in &all {
        if let Said::Whole(Statement::Publication(later)) = statement
            && later.status == PublicationStatus::Final
            && book.holds(id)
        {
            followed.extend(later.preceding.iter().map(|earlier| (earlier, &later.footprint)));
        }
    }
    let mut statements: Vec<Line> = Vec::with_capacity(all.len());
    for (id, statement) in &all {
        let index = book.entry(id).map(|(_, entry)| entry.index).unwrap_or_default();
        // Statements of one submission follow each other: its seal is read once.
        let claimed_time = match statements.last().filter(|said| said.index == index) {
            Some(said) => said.claimed_time,
            None => claimed_time(ledger, index)?,
        };
        statements.push(Line {
            index,
            statement: *id,
            r#type: statement.kind().as_str(),
            by: statement.by().to_string(),
            claimed_time,
            what: match statement {
                Said::Whole(statement) => what(statement),
                Said::Kept(kept) => stays(kept),
            },
            holds: book.holds(id),
            ended: book.death(id).map(|death| death.to_string()),
            followed_by: match statement {
                Said::Whole(Statement::Publication(earlier)) => {
                    followed.get(&earlier.footprint).map(|later| (*later).clone())
                }
                _ => None,
            },
            redacted_by: book.redaction_of(id).map(|announced| announced.by),
        });
    }
    let name = book.product(product).map(|(_, product)| product.name.to_string()).unwrap_or_default();
    Ok(History { product: product.clone(), name, statements })
}

fn claimed_time(ledger: &Ledger<FileReader>, index: u64) -> Result<Option<Instant>, CliError> {
    let seconds = i64::try_from(ledger.seal(index)?.signed_at_s()).ok();
    Ok(seconds.and_then(|s| Instant::from_unix_s(s).ok()))
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

/// What stays of a redacted statement, in one line.
fn stays(kept: &Kept) -> String {
    let what = kept.facts.activity.as_ref().map(|activity| {
        let batch = activity.batch.as_ref().map(|batch| format!(", batch {batch}")).unwrap_or_default();
        format!("{} / {}, {}{batch}, ", activity.stage, activity.process, activity.period)
    });
    format!("{}redacted: what else it said is no longer there", what.unwrap_or_default())
}

fn published(publication: &Publication) -> String {
    let (status, footprint, period) = (publication.status, &publication.footprint, publication.period);
    let (gate, size) = (publication.figures.gate.excluding_uptake, publication.log.size);
    format!("{status} {footprint}, {period}, {gate} kg CO2e to the gate, rests on the log of size {size}")
}

impl Report for History {
    fn text(&self, page: &mut Page) {
        page.heading(&format!("{}: {}", self.product, self.name));
        for said in &self.statements {
            page.blank();
            page.line(format!("index {}  {} by {}", said.index, said.r#type, said.by));
            page.sentence(format!("  {}", said.what));
            page.sentence(match (&said.ended, &said.followed_by) {
                (Some(ended), _) => format!("  no longer holds: {ended}"),
                (None, Some(later)) => format!("  holds; superseded by {later}"),
                (None, None) => "  holds".to_owned(),
            });
            let time = said.claimed_time.map(|time| format!(" (signed {time}, as its seal claims)"));
            page.line(format!("  statement {}{}", said.statement, time.unwrap_or_default()));
        }
    }
}
