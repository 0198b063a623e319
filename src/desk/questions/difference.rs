//! Why two publications of one product differ.

use pcf_ledger::calc::Request;
use pcf_ledger::calc::explain::{self, Difference, Side};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{FootprintId, Period, ProductId, Publication};
use pcf_ledger::publish;
use pcf_ledger::store::Reader;
use serde::Serialize;

use crate::DeskError;

/// Two publications of one product and why they differ.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Compared {
    /// The product.
    pub product: ProductId,
    /// The earlier and the later publication.
    pub publications: [Published; 2],
    /// Why their headlines differ.
    pub difference: Difference,
}

/// A publication, shortly.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Published {
    /// Its footprint.
    pub footprint: FootprintId,
    /// Its period.
    pub period: Period,
    /// The size of the log that it rests on.
    pub log_size: u64,
}

/// Calculates two publications again, each on what held where it rests, and explains their
/// difference.
///
/// # Errors
/// [`DeskError::Publish`] where one is not there; [`DeskError::Unfounded`]; [`DeskError::TwoProducts`]; [`DeskError::Calc`].
pub fn publications<S: Reader>(
    ledger: &Ledger<S>,
    earlier: &FootprintId,
    later: &FootprintId,
) -> Result<Compared, DeskError> {
    let read = |id: &FootprintId| -> Result<_, DeskError> {
        let (_, publication) = publish::find(ledger, id)?;
        let (inventory, footprint) = publish::recalculate(ledger, &publication)?;
        if footprint.figures != *publication.figures {
            return Err(DeskError::Unfounded { footprint: id.clone() });
        }
        Ok((publication, inventory, footprint.product))
    };
    let (first, before, product) = read(earlier)?;
    let (second, after, other) = read(later)?;
    if product != other {
        return Err(DeskError::TwoProducts { first: product, second: other });
    }
    let [old, new] = [&first, &second].map(Request::of);
    let before = Side { inventory: &before, request: &old };
    let difference = explain::difference(&product, before, Side { inventory: &after, request: &new })?;
    Ok(Compared { product, publications: [published(&first), published(&second)], difference })
}

fn published(publication: &Publication) -> Published {
    Published {
        footprint: publication.footprint.clone(),
        period: publication.period,
        log_size: publication.log.size.as_u64(),
    }
}
