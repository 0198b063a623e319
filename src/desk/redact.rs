//! The text of a statement is taken out of the ledger's files; its place in the log stays.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use pcf_ledger::calc;
use pcf_ledger::ledger::{Ledger, LedgerError};
use pcf_ledger::model::{ActorId, FootprintId, ProductId, Redaction, StatementId, Text};
use pcf_ledger::publish;
use pcf_ledger::sign::SigningKey;
use pcf_ledger::store::{Reader, Store};
use serde::Serialize;

use crate::DeskError;
use crate::copies::{self, Copies};
use crate::session::{Session, Task};

/// What no command can erase.
const NOT_ERASED: &str = "Not erased: copies elsewhere. Backups, submission files (*.pcfs), proofs and PACT files that were given out, the files it \
    was recorded from, what other readers keep in memory, and what a disk, above all an SSD, keeps of files that were removed.";

/// What is taken out, and what depends on it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Redacted {
    /// The statement.
    pub statement: StatementId,
    /// Its type.
    pub r#type: String,
    /// Its signer.
    pub by: ActorId,
    /// False where nothing was changed yet.
    pub redacted: bool,
    /// The statement that announces it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redaction: Option<StatementId>,
    /// Its index in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
    /// The products whose footprint depends on it now.
    pub products: Vec<Product>,
    /// The publications that rest on it.
    pub publications: Vec<Publication>,
    /// Files of the project that still have what it says.
    pub copies: Copies,
    /// What no command can erase.
    pub not_erased: &'static str,
}

/// A product whose footprint depends on it.
#[derive(Debug, Serialize)]
pub struct Product {
    /// The product.
    pub product: ProductId,
    /// Its name.
    pub name: String,
}

/// A publication that rests on it.
#[derive(Debug, Serialize)]
pub struct Publication {
    /// Its UUID.
    pub footprint: FootprintId,
    /// Draft or final.
    pub status: String,
    /// The product.
    pub product: ProductId,
}

/// Where copies of a body are searched for.
#[derive(Debug, Clone, Copy)]
pub struct Searched<'a> {
    /// Directories of the project.
    pub project: &'a [PathBuf],
    /// The directory of the ledger, which is left out: the ledger itself takes the body out of it.
    pub ledger: &'a Path,
}

/// Returns what would be taken out, and the statement that announces it.
///
/// # Errors
/// [`DeskError::Ledger`], also for a statement whose text cannot go; [`DeskError::Publish`].
pub fn plan<S: Reader>(
    session: &dyn Session,
    ledger: &Ledger<S>,
    statement: &StatementId,
    reason: Text,
    searched: Searched<'_>,
) -> Result<(Redacted, Redaction), DeskError> {
    let book = ledger.book();
    let redaction = ledger.redaction(statement, reason, session.salt()?)?;
    let missing = LedgerError::NoStatement { id: *statement };
    let (_, entry) = book.entry(statement)?.ok_or(missing)?;
    let reached = if book.holds(statement)? {
        calc::reached(&ledger.inventory()?, statement)
    } else {
        BTreeSet::new() // What no longer holds enters nothing that is calculated now.
    };
    let mut products = Vec::with_capacity(reached.len());
    for product in reached {
        let name = book.product(&product)?.map(|held| held.statement.name.to_string()).unwrap_or_default();
        products.push(Product { name, product });
    }
    let redacted = Redacted {
        statement: *statement,
        r#type: entry.kind.to_string(),
        by: entry.by.clone(),
        redacted: false,
        redaction: None,
        index: None,
        products,
        publications: publications(session, ledger, statement, entry.index)?,
        copies: copies::find(ledger.statement(statement)?.salt(), searched.project, searched.ledger),
        not_erased: NOT_ERASED,
    };
    Ok((redacted, redaction))
}

/// The publications, also earlier ones, whose figures a statement at this index enters.
fn publications<S: Reader>(
    session: &dyn Session,
    ledger: &Ledger<S>,
    statement: &StatementId,
    index: u64,
) -> Result<Vec<Publication>, DeskError> {
    let mut later = publish::publications(ledger)?;
    later.retain(|publication| publication.log.size.as_u64() > index);
    let total = later.len() as u64; // OK because a usize has at most 64 bits.
    let mut progress = session.begin(Task::LookingAtPublications(total));
    let mut found = Vec::new();
    for publication in later {
        // What cannot be calculated any more rests on something that was redacted before.
        let used = publish::recalculate(ledger, &publication).map(|(_, footprint)| footprint.used);
        if used.is_ok_and(|used| used.contains(statement)) {
            found.push(Publication {
                footprint: publication.footprint,
                status: publication.status.to_string(),
                product: publication.product,
            });
        }
        progress.advance(1);
    }
    Ok(found)
}

/// Takes the text out, for ever.
///
/// # Errors
/// [`DeskError::Ledger`].
pub fn redact<S: Store>(
    session: &dyn Session,
    ledger: &mut Ledger<S>,
    operator: &SigningKey,
    planned: Redacted,
    redaction: Redaction,
) -> Result<Redacted, DeskError> {
    let receipt = ledger.redact(operator, session.now_s()?, redaction)?;
    ledger.flush()?;
    let (redaction, index) = (receipt.ids.first().copied(), Some(receipt.index));
    Ok(Redacted { redacted: true, redaction, index, ..planned })
}
