//! The reader of tables as a thread of its own: statements come out of it in lots. It checks, signs
//! and appends nothing.

use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use pcf_files::catalog::Catalog;
use pcf_files::tables::Table;
use pcf_files::{Draft, ExchangeError};
use pcf_ledger::codec::digest::Sha256Bytes;
use pcf_ledger::model::{ActorId, Statement, StatementKind};

use super::Place;

/// Statements that are handed over at a time.
const LOT: usize = 256;
/// How many lots may wait.
pub const QUEUE: usize = 8;

/// A statement on its way from the reader.
pub struct Read {
    /// What the file says.
    pub statement: Statement,
    /// SHA-256 of its subject.
    pub subject: Sha256Bytes,
    /// Its table and first row.
    pub place: Place,
}

/// Reads a table and sends its statements on; those that others may name, such as products, come
/// back, with what should be known of its rows.
pub fn send(
    table: &Table,
    by: &ActorId,
    catalog: &Catalog,
    sender: &SyncSender<Vec<Read>>,
) -> Result<(Vec<Statement>, Vec<String>), ExchangeError> {
    let (mut lot, mut coming) = (Vec::with_capacity(LOT), Vec::new());
    let name: Arc<str> = Arc::from(table.place());
    let notes = table.read(by, catalog, &mut |draft| {
        if draft.statement.kind() != StatementKind::Activity {
            coming.push(draft.statement.clone());
        }
        let Draft { statement, subject, rows } = draft;
        let place = Place::new(Arc::clone(&name), rows.first().copied());
        lot.push(Read { statement, subject, place });
        // A receiver that is gone has refused; it says why.
        lot.len() < LOT || sender.send(std::mem::replace(&mut lot, Vec::with_capacity(LOT))).is_ok()
    })?;
    let _ = sender.send(lot);
    Ok((coming, notes))
}
