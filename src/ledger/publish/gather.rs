//! From a ledger to the parts of a footprint proof: every statement that a reader needs, each with its path under its seal and its seal's path
//! in the log.

use std::collections::{BTreeMap, BTreeSet};

use super::{PublishError, prepare};
use crate::admission::{Death, Entry};
use crate::codec::digest::sha256;
use crate::codec::figures_digest;
use crate::ledger::{Ledger, Sealed};
use crate::limits::PROOF_ENTRIES_MAX;
use crate::log::SignedCheckpoint;
use crate::merkle::{Hash, consistency_proof, inclusion_proof};
use crate::model::{
    Digest, FootprintId, Publication, PublicationStatus, Statement, StatementId, StatementKind, Used,
};
use crate::proof::{Parts, Placed, Proof, ShownState, Subjects};
use crate::store::Reader;

/// How much of what lies behind a figure its proof shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disclosure {
    /// Every used statement: the figures can be calculated again.
    All,
    /// None: the figures' place and signer can be checked, and nothing behind them is given away.
    None,
}

/// A publication that holds by its footprint's UUID.
///
/// # Errors
/// [`PublishError::UnknownPublication`]; [`PublishError::Ledger`].
pub fn find<S: Reader>(
    ledger: &Ledger<S>,
    footprint: &FootprintId,
) -> Result<(StatementId, Publication), PublishError> {
    let unknown = || PublishError::UnknownPublication { footprint: footprint.to_string() };
    let held = ledger.book().publications().find(|(id, _, _)| *id == footprint);
    let (_, id, _) = held.ok_or_else(unknown)?;
    match ledger.statement(id)? {
        Statement::Publication(publication) => Ok((*id, publication)),
        _ => Err(unknown()),
    }
}

/// The newest publication of a footprint, also where it no longer holds.
fn find_ever<S: Reader>(
    ledger: &Ledger<S>,
    footprint: &FootprintId,
) -> Result<(StatementId, Publication), PublishError> {
    let subject = sha256(&[footprint.as_str().as_bytes()]);
    let about = |entry: &Entry| entry.kind == StatementKind::Publication && entry.subject == subject;
    let unknown = || PublishError::UnknownPublication { footprint: footprint.to_string() };
    let entry = ledger.book().entries().iter().rev().find(|entry| about(entry)).ok_or_else(unknown)?;
    match ledger.statement(&entry.id)? {
        Statement::Publication(publication) => Ok((entry.id, publication)),
        _ => Err(unknown()),
    }
}

/// Every publication that there ever was, drafts and those that no longer hold too, oldest first.
///
/// # Errors
/// [`PublishError::Ledger`] where a statement cannot be read.
pub fn publications<S: Reader>(ledger: &Ledger<S>) -> Result<Vec<Publication>, PublishError> {
    let mut found = Vec::new();
    for entry in ledger.book().entries().iter().filter(|entry| entry.kind == StatementKind::Publication) {
        if let Statement::Publication(publication) = ledger.statement(&entry.id)? {
            found.push(publication);
        }
    }
    Ok(found)
}

/// The final publications that hold, oldest first.
///
/// # Errors
/// [`PublishError::Ledger`] where a statement cannot be read.
pub fn finals<S: Reader>(ledger: &Ledger<S>) -> Result<Vec<Publication>, PublishError> {
    let mut finals = Vec::new();
    for entry in ledger.book().entries() {
        if entry.kind == StatementKind::Publication
            && ledger.book().holds(&entry.id)
            && let Statement::Publication(publication) = ledger.statement(&entry.id)?
            && publication.status == PublicationStatus::Final
        {
            finals.push(publication);
        }
    }
    Ok(finals)
}

/// The newest footprint that follows this one. The rules admit none that follows another product's.
pub fn successor<'a>(finals: &'a [Publication], earlier: &FootprintId) -> Option<&'a FootprintId> {
    let follows = |later: &&Publication| later.preceding.contains(earlier);
    finals.iter().rev().find(follows).map(|later| &later.footprint)
}

/// The assurances of figures with this digest that hold, oldest first.
///
/// # Errors
/// [`PublishError::Ledger`] where a statement cannot be read.
pub fn assurances<S: Reader>(
    ledger: &Ledger<S>,
    digest: &Digest,
) -> Result<Vec<(StatementId, crate::model::Assurance)>, PublishError> {
    let mut found = Vec::new();
    for entry in ledger.book().entries() {
        if entry.kind == StatementKind::Assurance
            && ledger.book().holds(&entry.id)
            && let Statement::Assurance(assurance) = ledger.statement(&entry.id)?
            && assurance.figures == *digest
        {
            found.push((entry.id, assurance));
        }
    }
    Ok(found)
}

/// Everything that a footprint proof of this publication holds.
///
/// # Errors
/// [`PublishError::NotCovered`] where the checkpoint ends before the publication; [`PublishError::Calc`] where the figures cannot be
/// calculated again; [`PublishError::Ledger`].
pub fn gather<S: Reader>(
    ledger: &Ledger<S>,
    footprint: &FootprintId,
    checkpoint: &SignedCheckpoint,
    disclosure: Disclosure,
) -> Result<Parts, PublishError> {
    let found = find_ever(ledger, footprint)?;
    let used = prepare::recalculate(ledger, &found.1)?.1.used;
    gather_used(ledger, found, checkpoint, disclosure, used)
}

/// As [`gather`], where a statement that the publication used was redacted since, so that its figures cannot be calculated again: an earlier
/// proof names the used statements. The redacted ones are not disclosed, and what announces that is in the proof.
///
/// # Errors
/// [`PublishError::Used`] where the earlier proof names others than the publication; [`PublishError::NotCovered`]; [`PublishError::Ledger`].
pub fn gather_after<S: Reader>(
    ledger: &Ledger<S>,
    earlier: &Proof,
    checkpoint: &SignedCheckpoint,
    disclosure: Disclosure,
) -> Result<Parts, PublishError> {
    let found = find_ever(ledger, &earlier.publication().footprint)?;
    let listed: BTreeSet<StatementId> = earlier.used().iter().copied().collect();
    let (expected, got) = (found.1.used, prepare::used(&listed)?);
    if expected != got {
        let said = |used: Used| format!("{} statements with the root {}", used.count, used.root);
        let footprint = found.1.footprint.to_string();
        return Err(PublishError::Used { footprint, expected: said(expected), got: said(got) });
    }
    gather_used(ledger, found, checkpoint, disclosure, listed)
}

fn gather_used<S: Reader>(
    ledger: &Ledger<S>,
    (id, publication): (StatementId, Publication),
    checkpoint: &SignedCheckpoint,
    disclosure: Disclosure,
    used: BTreeSet<StatementId>,
) -> Result<Parts, PublishError> {
    let size = checkpoint.checkpoint().size();
    let index = ledger.book().entry(&id).map(|(_, entry)| entry.index).unwrap_or_default();
    if index >= size {
        return Err(PublishError::NotCovered { covered: size, index });
    }
    let mut wanted: BTreeSet<StatementId> = BTreeSet::from([id]);
    if disclosure == Disclosure::All {
        wanted.extend(&used);
        let announced = used.iter().filter_map(|id| ledger.book().redaction_of(id));
        wanted.extend(announced.map(|announced| announced.by));
    }
    wanted.extend(assurances(ledger, &figures_digest(&publication)?)?.into_iter().map(|(id, _)| id));
    wanted.extend(withdrawal_of(ledger, &id));
    let states = states(ledger, publication.log.size.as_u64(), size);
    wanted.extend(states.values());
    let asked = Asked::of(ledger, id, &wanted, &used);
    add_authorities(ledger, &mut wanted);
    wanted.retain(|id| ledger.book().entry(id).is_some_and(|(_, entry)| entry.index < size));
    let covered = usize::try_from(size).unwrap_or(usize::MAX);
    let leaves = ledger.leaves().get(..covered).unwrap_or_default();
    Ok(Parts {
        checkpoint: checkpoint.note().to_string(),
        consistency: consistency_proof(leaves, publication.log.size.as_u64(), size)?,
        publication: id,
        statements: place(ledger, &wanted, leaves, size)?,
        states: shown(ledger, &states, publication.log.size.as_u64(), &asked)?,
        used: used.into_iter().collect(),
    })
}

/// What withdrew a publication: who is shown the proof shall read why.
fn withdrawal_of<S: Reader>(ledger: &Ledger<S>, id: &StatementId) -> Option<StatementId> {
    match ledger.book().death(id)? {
        Death::Withdrawn(by) | Death::WithdrawnByOperator(by) => Some(by),
        Death::Replaced(_) | Death::KeyRevoked(_) => None,
    }
}

/// The states that a checkpoint of this size covers and a proof shows, by the log sizes that they speak of: the one that the publication rests on,
/// and the newest.
fn states<S: Reader>(ledger: &Ledger<S>, rests_on: u64, size: u64) -> BTreeMap<u64, StatementId> {
    let book = ledger.book();
    let covered = |id: &StatementId| book.entry(id).is_some_and(|(_, entry)| entry.index < size);
    let mut all = book.states().iter().map(|(size, (id, _))| (*size, *id)).filter(|(_, id)| covered(id));
    let (own, newest) = (all.clone().find(|(size, _)| *size == rests_on), all.next_back());
    own.into_iter().chain(newest).collect()
}

/// What the proof of a publication asks states about.
struct Asked {
    /// The one that the figures rest on: whether everything used held, and was everything. Which products the used statements are about is not asked where
    /// none is disclosed.
    own: Subjects,
    /// A later one: whether publication, opinions and everything used still hold, what follows, and what was said since.
    later: Subjects,
}

impl Asked {
    fn of<S: Reader>(
        ledger: &Ledger<S>,
        publication: StatementId,
        wanted: &BTreeSet<StatementId>,
        used: &BTreeSet<StatementId>,
    ) -> Self {
        let book = ledger.book();
        let of_kind = |id: &&StatementId, kind| book.entry(id).is_some_and(|(_, entry)| entry.kind == kind);
        let disclosed = wanted.iter().filter(|id| used.contains(id));
        let assurances = wanted.iter().filter(|id| of_kind(id, StatementKind::Assurance));
        let signers = wanted.iter().filter_map(|id| Some(book.entry(id)?.1.by.clone()));
        let own = Subjects {
            ledger: ledger.id(),
            publication: None,
            statements: used.clone(),
            products: disclosed.filter(|id| of_kind(id, StatementKind::Product)).copied().collect(),
            actors: signers.filter(|actor| !actor.is_reserved()).collect(),
        };
        let statements = used.iter().chain(assurances).chain([&publication]).copied().collect();
        Self { later: Subjects { publication: Some(publication), statements, ..own.clone() }, own }
    }
}

/// What the states say of these subjects. A state of which more would have to be shown than a proof holds is left out.
fn shown<S: Reader>(
    ledger: &Ledger<S>,
    states: &BTreeMap<u64, StatementId>,
    rests_on: u64,
    asked: &Asked,
) -> Result<Vec<ShownState>, PublishError> {
    let mut all = Vec::with_capacity(states.len());
    for (size, id) in states {
        let asked = if *size == rests_on { &asked.own } else { &asked.later };
        all.push(ShownState::of(&ledger.book().state_at(*size), *id, asked)?);
    }
    all.retain(|state| state.entries.len() <= PROOF_ENTRIES_MAX);
    Ok(all)
}

/// The genesis, every change of authority, and every statement about an actor that signed something wanted.
fn add_authorities<S: Reader>(ledger: &Ledger<S>, wanted: &mut BTreeSet<StatementId>) {
    let book = ledger.book();
    let signers: BTreeSet<_> =
        wanted.iter().filter_map(|id| book.entry(id)).map(|(_, e)| e.by.clone()).collect();
    for actor in &signers {
        wanted.extend(book.actor_history(actor));
    }
    let kinds = [StatementKind::Ledger, StatementKind::Authority];
    wanted.extend(book.entries().iter().filter(|e| kinds.contains(&e.kind)).map(|e| e.id));
}

fn place<S: Reader>(
    ledger: &Ledger<S>,
    wanted: &BTreeSet<StatementId>,
    leaves: &[Hash],
    size: u64,
) -> Result<Vec<Placed>, PublishError> {
    let mut by_seal: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
    for (_, entry) in wanted.iter().filter_map(|id| ledger.book().entry(id)) {
        by_seal.entry(entry.index).or_default().push(entry.ordinal);
    }
    let mut placed = Vec::new();
    for (index, mut ordinals) in by_seal {
        ordinals.sort_unstable();
        let log_path = inclusion_proof(leaves, index, size)?;
        for Sealed { bytes, ordinal, path, index, seal } in ledger.sealed_together(index, &ordinals)? {
            // A redacted statement can be disclosed to nobody.
            let Some(bytes) = bytes else { continue };
            placed.push(Placed { bytes, ordinal, path, index, seal, log_path: log_path.clone() });
        }
    }
    Ok(placed)
}
