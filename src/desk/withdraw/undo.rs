//! A whole submission taken back: what it said is withdrawn, and what it had replaced or withdrawn
//! holds again.

use pcf_ledger::admission::{Entry, Said};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{ActorId, Statement, StatementId, StatementKind, Text};
use pcf_ledger::store::Store;
use serde::Serialize;

use crate::DeskError;
use crate::import::{Coming, Imported, Options, Place, Signer, Sourced, take_back};
use crate::session::Session;

/// Why a submission cannot be undone.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UndoError {
    /// The signer has nothing that could be undone.
    #[error("nothing of `{signer}` holds that could be undone")]
    Nothing {
        /// The signer.
        signer: ActorId,
    },
    /// The submission is another signer's.
    #[error("submission {index} is signed by `{by}`, not by `{signer}`")]
    Other {
        /// The submission.
        index: u64,
        /// Who signed it.
        by: ActorId,
        /// Who would undo it.
        signer: ActorId,
    },
    /// Nothing of the submission holds any more, or nothing of it can be taken back.
    #[error("nothing of submission {index} can be undone")]
    NothingOf {
        /// The submission.
        index: u64,
    },
    /// The submission publishes a footprint, which is withdrawn with its documents.
    #[error("submission {index} publishes the footprint {footprint}, which is withdrawn and not undone")]
    Publishes {
        /// The submission.
        index: u64,
        /// The footprint.
        footprint: String,
    },
    /// There is no such submission.
    #[error("expected a submission below {size}, got {got}")]
    Unknown {
        /// How many there are.
        size: u64,
        /// What was asked for.
        got: u64,
    },
}

/// A submission that was undone, or would be.
#[derive(Debug, Serialize)]
pub struct Undone {
    /// Its index in the log.
    pub submission: u64,
    /// How many of its statements are withdrawn.
    pub withdrawn: usize,
    /// How many earlier statements hold again in their words.
    pub restored: usize,
    /// What was appended, or would be.
    #[serde(flatten)]
    pub imported: Imported,
}

/// True for what a signer says of the world, and not of the ledger.
const fn is_undone(kind: StatementKind) -> bool {
    matches!(
        kind,
        StatementKind::Activity
            | StatementKind::Annual
            | StatementKind::Factor
            | StatementKind::Product
            | StatementKind::Publication
            | StatementKind::SupplierFootprint
            | StatementKind::Withdrawal
    )
}

/// What undoing a submission takes.
#[derive(Default)]
struct Work {
    /// Statements to be withdrawn, each with what it says.
    withdrawn: Vec<(StatementId, String)>,
    /// Statements to be said again.
    restored: Vec<Sourced>,
    /// A footprint that the submission publishes.
    publishes: Option<String>,
}

impl Work {
    fn of<S: Store>(ledger: &Ledger<S>, index: u64, signer: &ActorId) -> Result<Self, DeskError> {
        let mut work = Self::default();
        for entry in entries(ledger, index)? {
            if entry.by != *signer {
                continue;
            }
            let holds = ledger.book().holds(&entry.id)?;
            match (entry.kind, replacement(ledger, &entry)?) {
                (StatementKind::Publication, _) if holds => {
                    work.publishes = Some(match ledger.statement(&entry.id)? {
                        Statement::Publication(publication) => publication.footprint.to_string(),
                        _ => entry.id.to_string(),
                    });
                }
                (_, Some(statement)) => work.restored.push(statement),
                (StatementKind::Withdrawal, None) => {}
                (_, None) if holds => work.withdrawn.push((entry.id, says(ledger.said(&entry.id)?))),
                (_, None) => {}
            }
        }
        Ok(work)
    }

    fn is_nothing(&self) -> bool {
        self.withdrawn.is_empty() && self.restored.is_empty() && self.publishes.is_none()
    }
}

/// Undoes the last submission of a signer that can be undone, or the one that is named; gives the
/// ledger back.
///
/// # Errors
/// [`UndoError`]; those of [`import`](crate::import).
pub fn undo<S: Store>(
    session: &dyn Session,
    ledger: Ledger<S>,
    signer: Signer<'_>,
    submission: Option<u64>,
    options: &Options,
) -> Result<(Undone, Ledger<S>), DeskError> {
    let (index, work) = match submission {
        Some(index) => (index, named(&ledger, index, signer.by)?),
        None => last(&ledger, signer.by)?,
    };
    let Work { withdrawn, restored, publishes } = work;
    if let Some(footprint) = publishes {
        return Err(UndoError::Publishes { index, footprint }.into());
    }
    let (taken, back) = (withdrawn.len(), restored.len());
    let reason: Text = format!("undone: submission {index}").parse()?;
    let (imported, ledger) = take_back(session, ledger, signer, (withdrawn, reason), restored, options)?;
    Ok((Undone { submission: index, withdrawn: taken, restored: back, imported }, ledger))
}

fn entries<S: Store>(ledger: &Ledger<S>, index: u64) -> Result<Vec<Entry>, DeskError> {
    let book = ledger.book();
    let (first, end) = (book.first_of(index)?, book.first_of(index.saturating_add(1))?);
    let mut all = Vec::new();
    for entry in book.entries(first..end) {
        let entry = entry?.into_owned();
        if is_undone(entry.kind) {
            all.push(entry);
        }
    }
    Ok(all)
}

fn named<S: Store>(ledger: &Ledger<S>, index: u64, signer: &ActorId) -> Result<Work, DeskError> {
    if index >= ledger.size() {
        return Err(UndoError::Unknown { size: ledger.size(), got: index }.into());
    }
    if let Some(entry) = ledger.book().entry_at(ledger.book().first_of(index)?)?
        && entry.by != *signer
    {
        let (by, signer) = (entry.by.clone(), signer.clone());
        return Err(UndoError::Other { index, by, signer }.into());
    }
    let work = Work::of(ledger, index, signer)?;
    if work.is_nothing() { Err(UndoError::NothingOf { index }.into()) } else { Ok(work) }
}

/// The last submission of the signer of which something can be undone.
fn last<S: Store>(ledger: &Ledger<S>, signer: &ActorId) -> Result<(u64, Work), DeskError> {
    for index in (0..ledger.size()).rev() {
        let work = Work::of(ledger, index, signer)?;
        if !work.is_nothing() {
            return Ok((index, work));
        }
    }
    Err(UndoError::Nothing { signer: signer.clone() }.into())
}

/// What a statement had replaced or withdrawn, to be said again; none where there was nothing, or
/// where its text is gone.
fn replacement<S: Store>(ledger: &Ledger<S>, entry: &Entry) -> Result<Option<Sourced>, DeskError> {
    let book = ledger.book();
    let earlier: Option<StatementId> = match (entry.kind, &entry.replaces) {
        (StatementKind::Withdrawal, _) => match ledger.statement(&entry.id)? {
            Statement::Withdrawal(withdrawal) => Some(withdrawal.statement),
            _ => None,
        },
        (_, Some(replaced)) if book.holds(&entry.id)? => Some(**replaced),
        _ => None,
    };
    let Some(earlier) = earlier else { return Ok(None) };
    // A publication that was withdrawn is published again, not said again.
    let Said::Whole(statement) = ledger.said(&earlier)? else { return Ok(None) };
    let ended = book.death(&earlier)?.is_some_and(|death| death.cause() == entry.id);
    if !ended || !is_undone(statement.kind()) || statement.kind() == StatementKind::Publication {
        return Ok(None);
    }
    let place = Place::new("again".into(), None);
    Ok(Some(Sourced { statement, place }))
}

fn says(said: Said) -> String {
    match said {
        Said::Whole(statement) => Coming::of(&statement),
        Said::Header(_) => "a statement whose body is redacted".to_owned(),
    }
}
