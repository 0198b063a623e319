//! Where everything stands: products with their data, figures, findings and publications, the log,
//! and what to do next. Changes nothing.

use std::collections::BTreeMap;

use pcf_ledger::calc::{self, Request};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{
    Boundary, Co2e, Date, FootprintId, GwpSet, Period, ProductId, Publication, PublicationStatus,
};
use pcf_ledger::plausibility::{self, Known, Severity};
use pcf_ledger::publish;
use pcf_ledger::store::Reader;
use serde::Serialize;

use super::{CheckAsked, Starts, check, product};
use crate::DeskError;
use crate::words::{declared_unit, quoted};

/// How many products are looked at where none is named.
const PRODUCTS_MAX: usize = 50;

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct StatusAsked {
    /// Products by id or name; all where none is named.
    pub products: Vec<String>,
    /// The period; the newest one with data where none is given.
    pub period: Option<Period>,
}

/// Where everything stands.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The products, by id.
    pub products: Vec<ProductStatus>,
    /// How many more there are.
    pub more: usize,
    /// How many submissions the log has.
    pub log_size: u64,
    /// How many of them the newest signed checkpoint covers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_size: Option<u64>,
    /// What the kept policy asks of witnesses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub witnesses: Option<String>,
    /// What to type next, the first thing first.
    pub next: Vec<String>,
}

/// Where one product stands.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProductStatus {
    /// Its id.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// The period that was looked at; none where nothing is recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// What the figure is per.
    pub declared_unit: String,
    /// How far the figure reaches.
    pub boundary: Boundary,
    /// The figure; none where the calculation stops.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kg_co2e: Option<Co2e>,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// What is known of each month of the period, of the output or reading that is known least.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub months: Vec<Known>,
    /// How many findings stop the calculation.
    pub stops: usize,
    /// How many findings need attention.
    pub attention: usize,
    /// How many findings are notes.
    pub notes: usize,
    /// The newest publication of the period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<PublishedStatus>,
}

/// A publication of a product, and whether it still says what the data say.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PublishedStatus {
    /// Its UUID.
    pub footprint: FootprintId,
    /// The start of it that other verbs take.
    pub short: String,
    /// Its figure.
    pub kg_co2e: Co2e,
    /// How it stands.
    pub state: PublishedState,
    /// The first day on which it is no longer valid.
    pub ends: Date,
}

/// How a publication stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum PublishedState {
    /// It says what the data say.
    Current,
    /// The data say something else by now.
    Behind,
    /// It is no longer valid.
    Expired,
    /// It is a draft.
    Draft,
}

/// Tells where everything stands on a day.
///
/// # Errors
/// Those of [`product`] and [`check`]; [`DeskError::Ledger`]; [`DeskError::Publish`].
pub fn status<S: Reader + Sync>(
    ledger: &Ledger<S>,
    asked: &StatusAsked,
    today: Date,
) -> Result<Status, DeskError> {
    let book = ledger.book();
    let mut ids: Vec<ProductId> = match asked.products.as_slice() {
        [] => book.products()?.into_keys().collect(),
        named => named.iter().map(|text| product(book, text)).collect::<Result<_, _>>()?,
    };
    let more = ids.len().saturating_sub(PRODUCTS_MAX);
    if asked.products.is_empty() {
        ids.truncate(PRODUCTS_MAX);
    }
    let starts = Starts::of(ledger)?;
    let mut products = Vec::with_capacity(ids.len());
    for id in ids {
        products.extend(one(ledger, id, asked.period, (today, &starts))?);
    }
    let mut status = Status {
        products,
        more: if asked.products.is_empty() { more } else { 0 },
        log_size: ledger.size(),
        signed_size: ledger.signed_checkpoint()?.map(|signed| signed.checkpoint().size()),
        witnesses: ledger.policy().map_err(DeskError::KeptPolicy)?.map(|policy| policy.rule()),
        next: Vec::new(),
    };
    status.next = next(&status);
    Ok(status)
}

fn one<S: Reader + Sync>(
    ledger: &Ledger<S>,
    id: ProductId,
    period: Option<Period>,
    (today, starts): (Date, &Starts),
) -> Result<Option<ProductStatus>, DeskError> {
    let Some(held) = ledger.book().product(&id)? else { return Ok(None) };
    let of = CheckAsked { period, gwp: GwpSet::Ar6, today, listed_max: Some(0) };
    let checked = check(ledger, &[id.to_string()], of)?;
    let looked = checked.looked.iter().flat_map(|looked| looked.periods.iter().copied());
    let period = period.or(looked.max_by_key(|period| period.end()));
    let count = |severity| checked.found.get(&severity).copied().unwrap_or_default();
    let stated = &held.statement;
    let mut status = ProductStatus {
        name: stated.name.to_string(),
        period,
        declared_unit: declared_unit(stated),
        boundary: stated.boundary,
        kg_co2e: None,
        problem: None,
        months: Vec::new(),
        stops: count(Severity::Stops),
        attention: count(Severity::Attention),
        notes: count(Severity::Note),
        published: None,
        product: id,
    };
    let Some(period) = period else {
        status.problem = Some("nothing is recorded of it yet".into());
        return Ok(Some(status));
    };
    let request = Request { period, boundary: None, scenario: None, batch: None, gwp: GwpSet::Ar6 };
    let inventory = ledger.inventory_of(std::slice::from_ref(&status.product))?;
    status.months = least_known(&plausibility::months(&inventory, &status.product, &request));
    let newest = newest(ledger, &status.product, period)?;
    let calculated = calc::footprint(&inventory, &status.product, &request);
    let mut figures = None;
    match calculated {
        Ok(mut footprint) => {
            let set = footprint.figures.grave.as_ref().unwrap_or(&footprint.figures.gate);
            status.kg_co2e = Some(set.excluding_uptake);
            // The figures that a publication signs count what it has left out.
            footprint.exempt(newest.as_ref().map_or(&[][..], |newest| &newest.accepted))?;
            figures = Some(footprint.figures);
        }
        Err(errors) => status.problem = errors.to_string().lines().next().map(str::to_owned),
    }
    status.published = newest.map(|publication| {
        let same = figures.as_ref().is_some_and(|figures| *figures == *publication.figures);
        published(&publication, same, (today, starts))
    });
    Ok(Some(status))
}

/// The newest publication of a product and period that holds, a final one before a draft.
fn newest<S: Reader>(
    ledger: &Ledger<S>,
    product: &ProductId,
    period: Period,
) -> Result<Option<Publication>, DeskError> {
    for status in [PublicationStatus::Final, PublicationStatus::Draft] {
        let held = publish::held(ledger, product, status)?;
        if let Some(newest) = held.into_iter().rev().find(|publication| publication.period == period) {
            return Ok(Some(newest));
        }
    }
    Ok(None)
}

fn published(publication: &Publication, same: bool, (today, starts): (Date, &Starts)) -> PublishedStatus {
    let figures = publication.figures.grave.as_ref().unwrap_or(&publication.figures.gate);
    let ends = publication.validity.end();
    PublishedStatus {
        short: starts.shortest(publication.footprint.as_str()).to_owned(),
        footprint: publication.footprint.clone(),
        kg_co2e: figures.excluding_uptake,
        state: match publication.status {
            PublicationStatus::Draft => PublishedState::Draft,
            PublicationStatus::Final if ends <= today => PublishedState::Expired,
            PublicationStatus::Final if same => PublishedState::Current,
            PublicationStatus::Final => PublishedState::Behind,
        },
        ends,
    }
}

/// Of each month what is known of the row that is known least.
fn least_known(months: &plausibility::Months) -> Vec<Known> {
    let rank = |known: &Known| match known {
        Known::Measured => 0,
        Known::Estimated => 1,
        Known::Part => 2,
        Known::Nothing => 3,
    };
    let of_month =
        |at: usize| months.rows.iter().filter_map(|row| row.months.get(at)).max_by_key(|k| rank(k));
    (0..months.months.len()).filter_map(|at| of_month(at).copied()).collect()
}

/// What to type next.
fn next(status: &Status) -> Vec<String> {
    let mut commands: BTreeMap<usize, String> = BTreeMap::new();
    if status.products.is_empty() {
        return vec!["pcf import company.xlsx".into()];
    }
    let weighs = status.products.iter().filter(|p| p.period.is_some() && p.stops + p.attention > 0);
    let names: Vec<String> = weighs.map(|product| quoted(&product.name)).take(3).collect();
    if !names.is_empty() {
        commands.insert(1, format!("pcf check {}", names.join(" ")));
    }
    let empty =
        |product: &&ProductStatus| product.problem.is_some() && product.stops + product.attention == 0;
    if status.products.iter().any(|product| empty(&product)) {
        commands.insert(2, "pcf import company.xlsx".into());
    }
    let open = |product: &&ProductStatus| {
        let state = product.published.as_ref().map(|published| published.state);
        product.kg_co2e.is_some() && state != Some(PublishedState::Current)
    };
    if status.products.iter().any(|product| open(&product)) {
        commands.insert(3, "pcf publish --changed".into());
    } else if commands.is_empty() && status.signed_size.is_none_or(|signed| signed < status.log_size) {
        commands.insert(4, "pcf log checkpoint --sign-with log.pem".into());
    }
    commands.into_values().collect()
}
