//! Which activities of the ledger are parts of a whole that days have split. It reads the
//! activities of a product once for an import.

use std::collections::HashMap;

use pcf_ledger::admission::{Said, Sought};
use pcf_ledger::codec::digest::Sha256Bytes;
use pcf_ledger::codec::subject_digest;
use pcf_ledger::ledger::Plan;
use pcf_ledger::model::{Activity, Period, ProductTag, Stage, Statement, StatementId, Text};
use pcf_ledger::store::Store;

use crate::DeskError;

/// Where the parts of an activity are found.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Of {
    Product(ProductTag),
    All(Stage, Text),
}

impl Of {
    fn new(activity: &Activity) -> Self {
        match activity.tags.first() {
            Some(product) => Self::Product(*product),
            None => Self::All(activity.stage, activity.process.clone()),
        }
    }

    fn sought(&self) -> Sought<'_> {
        match self {
            Self::Product(product) => Sought::Makes(product),
            Self::All(stage, process) => Sought::ReadsAll(*stage, process),
        }
    }
}

/// Parts that hold, by SHA-256 of the subject of their whole.
type Known = HashMap<Sha256Bytes, Vec<(StatementId, Period)>>;

/// The parts that were looked up so far.
#[derive(Debug, Default)]
pub(super) struct Parts(HashMap<Of, Known>);

impl Parts {
    /// The parts of an activity that hold in the ledger, in the order of the log.
    pub(super) fn of<S: Store>(
        &mut self,
        plan: &Plan<S>,
        whole: &Activity,
        subject: Sha256Bytes,
    ) -> Result<Vec<(StatementId, Period)>, DeskError> {
        let of = Of::new(whole);
        if !self.0.contains_key(&of) {
            let known = known(plan, &of)?;
            self.0.insert(of.clone(), known);
        }
        Ok(self.0.get(&of).and_then(|known| known.get(&subject)).cloned().unwrap_or_default())
    }
}

fn known<S: Store>(plan: &Plan<S>, of: &Of) -> Result<Known, DeskError> {
    let (ledger, mut known) = (plan.ledger(), Known::new());
    let book = ledger.book();
    for number in book.found(&of.sought())? {
        let Some(id) = book.entry_at(number)?.map(|entry| entry.id) else { continue };
        if plan.holds(&id)? || !book.holds_at(number)? {
            continue;
        }
        let Said::Whole(Statement::Activity(part)) = ledger.said(&id)? else { continue };
        let Some(period) = part.split_from else { continue };
        let own = part.period;
        let whole = Activity { period, split_from: None, ..part };
        known.entry(subject_digest(&whole.into())).or_default().push((id, own));
    }
    Ok(known)
}
