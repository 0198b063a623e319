//! Lists of what a ledger holds, with ids as short as they can be typed.

use std::collections::BTreeMap;

use pcf_ledger::admission::{Entry, Said};
use pcf_ledger::codec::product_tag;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{
    ActorId, Co2e, Date, FootprintId, Header, Period, ProductId, ProductTag, PublicationStatus, Served,
    Statement, StatementKind,
};
use pcf_ledger::publish;
use pcf_ledger::store::Reader;
use serde::Serialize;

use super::history::stays;
use super::{Starts, Submission, product};
use crate::DeskError;

/// What is to be listed.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only about this product, by id or name.
    pub product: Option<String>,
    /// Only what speaks of some day of this period.
    pub period: Option<Period>,
    /// Only of processes with this name.
    pub process: Option<String>,
    /// Only by this actor.
    pub signer: Option<ActorId>,
    /// Only of this type.
    pub kind: Option<StatementKind>,
    /// Also what no longer holds.
    pub ended: bool,
    /// At most so many, the newest ones.
    pub limit: usize,
}

/// Statements, the newest first.
#[derive(Debug, Clone, Serialize)]
pub struct StatementList {
    /// The statements.
    pub statements: Vec<StatementLine>,
    /// How many more there are.
    pub more: usize,
}

/// One statement.
#[derive(Debug, Clone, Serialize)]
pub struct StatementLine {
    /// The start of its id that other verbs take.
    pub short: String,
    /// Its id.
    pub id: String,
    /// The index of its submission.
    pub index: u64,
    /// Its type.
    pub r#type: &'static str,
    /// Who says it.
    pub by: String,
    /// What it says, in short.
    pub says: String,
    /// Why it no longer holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
}

/// Submissions, the newest first.
#[derive(Debug, Clone, Serialize)]
pub struct SubmissionList {
    /// The submissions.
    pub submissions: Vec<SubmissionLine>,
    /// How many more there are.
    pub more: usize,
}

/// One submission.
#[derive(Debug, Clone, Serialize)]
pub struct SubmissionLine {
    /// The submission.
    #[serde(flatten)]
    pub submission: Submission,
    /// How many of its statements hold.
    pub holding: u64,
}

/// Publications, the newest first.
#[derive(Debug, Clone, Serialize)]
pub struct PublicationList {
    /// The publications.
    pub publications: Vec<PublicationLine>,
    /// How many more there are.
    pub more: usize,
}

/// One publication.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PublicationLine {
    /// The start of its UUID that other verbs take.
    pub short: String,
    /// Its UUID.
    pub footprint: FootprintId,
    /// Its product.
    pub product: ProductId,
    /// The product's name.
    pub name: String,
    /// Its period.
    pub period: Period,
    /// Draft or final.
    pub status: PublicationStatus,
    /// The figure to the gate.
    pub gate_kg_co2e: Co2e,
    /// The first day on which it is no longer valid.
    pub ends: Date,
    /// True where it was not withdrawn.
    pub holds: bool,
    /// The footprint that follows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub followed_by: Option<FootprintId>,
}

/// The names of products by any of their ids.
fn names<S: Reader>(ledger: &Ledger<S>) -> Result<BTreeMap<ProductId, String>, DeskError> {
    let mut names = BTreeMap::new();
    for held in ledger.book().products()?.into_values() {
        let name = held.statement.name.to_string();
        names.extend(held.statement.ids.iter().map(|id| (id.clone(), name.clone())));
    }
    Ok(names)
}

/// Lists statements.
///
/// # Errors
/// Those of [`product`]; [`DeskError::Ledger`].
pub fn statements<S: Reader>(ledger: &Ledger<S>, filter: &Filter) -> Result<StatementList, DeskError> {
    let (book, names, starts) = (ledger.book(), names(ledger)?, Starts::of(ledger)?);
    let wanted = filter.product.as_deref().map(|text| Wanted::of(ledger, text)).transpose()?;
    let (mut statements, mut more) = (Vec::new(), 0);
    let mut entries: Vec<Entry> = Vec::new();
    for entry in book.all_entries() {
        let entry = entry?.into_owned();
        let by = filter.signer.as_ref().is_none_or(|signer| *signer == entry.by);
        if by && filter.kind.is_none_or(|kind| kind == entry.kind) {
            entries.push(entry);
        }
    }
    for entry in entries.into_iter().rev() {
        let death = book.death(&entry.id)?;
        if death.is_some() && !filter.ended {
            continue;
        }
        let said = ledger.said(&entry.id)?;
        if !matches(&said, filter, wanted.as_ref()) {
            continue;
        }
        if statements.len() >= filter.limit {
            more += 1;
            continue;
        }
        let id = entry.id.to_string();
        statements.push(StatementLine {
            short: starts.shortest(&id).to_owned(),
            index: entry.index,
            r#type: entry.kind.as_str(),
            by: entry.by.to_string(),
            says: says(&said, &names),
            ended: death.map(|death| death.to_string()),
            id,
        });
    }
    Ok(StatementList { statements, more })
}

/// The product that is meant, by all its ids, and by the tags that headers name it with.
struct Wanted {
    ids: Vec<ProductId>,
    tags: Vec<ProductTag>,
}

impl Wanted {
    fn of<S: Reader>(ledger: &Ledger<S>, text: &str) -> Result<Self, DeskError> {
        let ids = ids_of(ledger, text)?;
        let mut tags = Vec::with_capacity(ids.len());
        for id in &ids {
            tags.extend(ledger.book().tag_salt(id)?.map(|salt| product_tag(&salt, id)));
        }
        Ok(Self { ids, tags })
    }

    fn has(&self, said: &Said) -> bool {
        match said {
            Said::Whole(Statement::Product(product)) => product.ids.iter().any(|id| self.ids.contains(id)),
            Said::Whole(Statement::Publication(publication)) => self.ids.contains(&publication.product),
            _ => said.tags().iter().any(|tag| self.tags.contains(tag)),
        }
    }
}

/// All ids of the product that is meant.
fn ids_of<S: Reader>(ledger: &Ledger<S>, text: &str) -> Result<Vec<ProductId>, DeskError> {
    let id = product(ledger.book(), text)?;
    let held = ledger.book().product(&id)?;
    Ok(held.map_or_else(|| vec![id], |held| held.statement.ids.clone()))
}

fn matches(said: &Said, filter: &Filter, wanted: Option<&Wanted>) -> bool {
    let (process, period) = match said {
        Said::Whole(Statement::Activity(activity)) => (Some(&activity.process), Some(activity.period)),
        Said::Header(Header::Activity(activity)) => (Some(&activity.process), Some(activity.period)),
        Said::Whole(Statement::Publication(publication)) => (None, Some(publication.period)),
        _ => (None, None),
    };
    wanted.is_none_or(|wanted| wanted.has(said))
        && filter.process.as_ref().is_none_or(|name| process.is_some_and(|own| own.as_str() == name))
        && filter.period.is_none_or(|wanted| period.is_some_and(|own| own.overlaps(wanted)))
}

/// What a statement says, in one line, with products by name.
fn says(said: &Said, names: &BTreeMap<ProductId, String>) -> String {
    let statement = match said {
        Said::Whole(statement) => statement,
        Said::Header(header) => return stays(header),
    };
    let named = |id: &ProductId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
    match statement {
        Statement::Activity(activity) => {
            let outputs =
                activity.outputs.iter().map(|o| format!("{} {} of {}", o.amount, o.unit, named(&o.product)));
            let served = activity.r#for.iter().map(|served| match served {
                Served::All => "for all that the process made".to_owned(),
                Served::Product(id) => format!("for {}", named(id)),
            });
            let flows = activity.flows.iter().map(|flow| flow.name.to_string());
            let (what, flows): (Vec<_>, Vec<_>) = (outputs.chain(served).collect(), flows.collect());
            let flows = if flows.is_empty() { String::new() } else { format!(": {}", flows.join(", ")) };
            let (stage, process, period) = (activity.stage, &activity.process, activity.period);
            format!("{stage} / {process}, {period}, {}{flows}", what.join(", "))
        }
        Statement::Product(product) => product.name.to_string(),
        Statement::Factor(factor) => format!("{}, {}", factor.factor, factor.name),
        Statement::Actor(actor) => format!("{}, {}", actor.actor, actor.name),
        Statement::Annual(annual) => format!("{} {}", annual.subject, annual.year),
        Statement::SupplierFootprint(held) => format!("footprint {}", held.footprint),
        Statement::Publication(p) => {
            format!("{} {} of {}, {}", p.status, p.footprint, named(&p.product), p.period)
        }
        Statement::Withdrawal(withdrawal) => format!("{}: {}", withdrawal.statement, withdrawal.reason),
        other => other.kind().to_string(),
    }
}

/// Lists submissions.
///
/// # Errors
/// [`DeskError::Ledger`].
pub fn submissions<S: Reader>(ledger: &Ledger<S>, filter: &Filter) -> Result<SubmissionList, DeskError> {
    let (book, mut submissions, mut more) = (ledger.book(), Vec::new(), 0);
    for index in (0..ledger.size()).rev() {
        let (first, end) = (book.first_of(index)?, book.first_of(index.saturating_add(1))?);
        let first_entry = book.entry_at(first)?;
        let by = first_entry.as_ref().map(|entry| &entry.by);
        if filter.signer.as_ref().is_some_and(|signer| by != Some(signer)) {
            continue;
        }
        if submissions.len() >= filter.limit {
            more += 1;
            continue;
        }
        let mut holding = 0;
        for number in first..end {
            holding += u64::from(book.holds_at(number)?);
        }
        submissions.push(SubmissionLine { submission: super::log::submission(ledger, index)?, holding });
    }
    Ok(SubmissionList { submissions, more })
}

/// Lists publications.
///
/// # Errors
/// Those of [`product`]; [`DeskError::Publish`].
pub fn publications_held<S: Reader>(
    ledger: &Ledger<S>,
    filter: &Filter,
) -> Result<PublicationList, DeskError> {
    let (book, names, starts) = (ledger.book(), names(ledger)?, Starts::of(ledger)?);
    let wanted = filter.product.as_deref().map(|text| ids_of(ledger, text)).transpose()?;
    let (mut publications, mut more) = (Vec::new(), 0);
    for publication in publish::publications(ledger)?.into_iter().rev() {
        let live = book.live(StatementKind::Publication, publication.footprint.as_str())?;
        let about = wanted.as_ref().is_none_or(|ids| ids.contains(&publication.product));
        let by = filter.signer.as_ref().is_none_or(|signer| *signer == publication.by);
        let period = filter.period.is_none_or(|period| publication.period.overlaps(period));
        if !(about && by && period && (live.is_some() || filter.ended)) {
            continue;
        }
        if publications.len() >= filter.limit {
            more += 1;
            continue;
        }
        let finals = publish::finals(ledger, &publication.product)?;
        publications.push(PublicationLine {
            short: starts.shortest(publication.footprint.as_str()).to_owned(),
            name: names.get(&publication.product).cloned().unwrap_or_default(),
            period: publication.period,
            status: publication.status,
            gate_kg_co2e: publication.figures.gate.excluding_uptake,
            ends: publication.validity.end(),
            holds: live.is_some(),
            followed_by: publish::successor(&finals, &publication.footprint).cloned(),
            product: publication.product,
            footprint: publication.footprint,
        });
    }
    Ok(PublicationList { publications, more })
}
