//! Several publications in a row: all products of a signer, or those whose figures have changed.

use pcf_ledger::admission::{Book, Owned};
use pcf_ledger::calc::{self, Request};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{ActorId, Date, FootprintId, ProductId, Publication};
use pcf_ledger::publish::{self, Order};
use pcf_ledger::store::Reader;
use pcf_ledger::store::file::FileStore;
use serde::Serialize;

use super::{Answer, Foreseen, Published, Publishing, Stopped};
use crate::session::Session;
use crate::{DeskError, Note};

/// What came of several orders.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Several {
    /// What was published.
    pub published: Vec<Published>,
    /// What would be published, where nothing was to be appended.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub foreseen: Vec<Foreseen>,
    /// Products whose published figures still hold.
    pub unchanged: Vec<Unchanged>,
    /// What the release check stops.
    pub stopped: Vec<Stopped>,
    /// Products that have no figure, or that could not be published.
    pub failed: Vec<Failed>,
}

/// A product whose published figures still hold.
#[derive(Debug, Clone, Serialize)]
pub struct Unchanged {
    /// The product in the caller's words.
    pub product: String,
    /// The publication that says the same.
    pub footprint: FootprintId,
}

/// A product that could not be published.
#[derive(Debug, Clone, Serialize)]
pub struct Failed {
    /// The product in the caller's words.
    pub product: String,
    /// Why.
    pub problem: String,
}

impl Several {
    /// Returns true where every product is published.
    pub fn is_whole(&self) -> bool {
        self.stopped.is_empty() && self.failed.is_empty()
    }
}

/// Returns the products that an actor owns, by id, each with its name.
///
/// # Errors
/// [`DeskError::Ledger`].
pub fn owned(book: &Book, actor: &ActorId) -> Result<Vec<(ProductId, String)>, DeskError> {
    let mut own = Vec::new();
    for (id, held) in book.products()? {
        if book.owner(&Owned::Product(&id))?.as_ref() == Some(actor) {
            own.push((id, held.statement.name.to_string()));
        }
    }
    Ok(own)
}

/// The footprint in force that says what the data say, with what it has accepted; none where there is
/// no such one. A calculation that stops is told where the order is prepared.
///
/// # Errors
/// [`DeskError::Publish`]; [`DeskError::Ledger`].
pub(super) fn unchanged<S: Reader>(
    ledger: &Ledger<S>,
    order: &Order,
    today: Date,
) -> Result<Option<FootprintId>, DeskError> {
    let finals = publish::finals(ledger, &order.product)?;
    let asked = &order.request;
    let same_question = |publication: &&Publication| {
        let (period, batch) = (publication.period == asked.period, publication.batch == asked.batch);
        period && batch && publication.scenario == asked.scenario && publication.validity.end() > today
    };
    let Some(newest) = finals.iter().rev().find(same_question) else { return Ok(None) };
    if publish::successor(&finals, &newest.footprint).is_some() {
        return Ok(None);
    }
    let inventory = ledger.inventory_of(std::slice::from_ref(&order.product))?;
    let Ok(mut footprint) = calc::footprint(&inventory, &order.product, &Request::of(newest)) else {
        return Ok(None);
    };
    footprint.exempt(&newest.accepted)?;
    Ok((footprint.figures == *newest.figures).then(|| newest.footprint.clone()))
}

/// Publishes one order after the other. An order that stops does not keep the next from being
/// carried out; one that was recorded and not published does.
///
/// # Errors
/// [`DeskError::Unpublished`], [`DeskError::Unwitnessed`] and what the store says: those would stop
/// the next order too.
pub fn publish_all(
    session: &dyn Session,
    ledger: &mut Ledger<FileStore>,
    orders: &[Publishing<'_>],
) -> Result<Several, DeskError> {
    let mut several = Several::default();
    if let Some(first) = orders.first().filter(|first| !first.dry_run) {
        session.note(&Note::Reveals(super::reveals(&first.disclosure)));
    }
    for wanted in orders {
        let product = wanted.product.to_owned();
        match super::publish(session, ledger, wanted) {
            Ok(Answer::Published(published)) => several.published.push(*published),
            Ok(Answer::Foreseen(foreseen)) => several.foreseen.push(*foreseen),
            Ok(Answer::Unchanged(footprint)) => several.unchanged.push(Unchanged { product, footprint }),
            Ok(Answer::Stopped(stopped)) => several.stopped.push(stopped),
            Err(error @ (DeskError::Calc(_) | DeskError::Publish(_) | DeskError::OtherOwner { .. })) => {
                several.failed.push(Failed { product, problem: error.to_string() });
            }
            Err(error) => return Err(error),
        }
    }
    Ok(several)
}
