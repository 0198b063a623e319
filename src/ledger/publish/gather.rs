//! From a ledger to the parts of a footprint proof: every statement that a reader needs, each with its path under its seal and its seal's path
//! in the log.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::disclosing::{Disclosed, Disclosure};
use super::found::{assurances, find_ever};
use super::{PublishError, prepare};
use crate::admission::state::{EntryKind, StateTree, key_of};
use crate::admission::{Death, Entry, UsedIds};
use crate::codec::{figures_digest, parts_of, statement_id};
use crate::ledger::{Ledger, LedgerError, Sealed};
use crate::limits::PROOF_ENTRIES_MAX;
use crate::log::SignedCheckpoint;
use crate::merkle::{LeafHashes, consistency_proof, inclusion_proof};
use crate::model::{FootprintId, Publication, StatementId, StatementKind};
use crate::proof::{Parts, Placed, Proof, ShownState, Subjects};
use crate::store::Reader;

/// How many headers of activities that did not enter a proof shows: some 600 bytes each, with their paths.
const NOT_USED_MAX: usize = 4_096;

/// Everything that a footprint proof of this publication holds.
///
/// # Errors
/// [`PublishError::NotCovered`] where the checkpoint ends before the publication;
/// [`PublishError::Calc`] where the figures cannot be calculated again; [`PublishError::Ledger`].
pub fn gather<S: Reader>(
    ledger: &Ledger<S>,
    footprint: &FootprintId,
    checkpoint: &SignedCheckpoint,
    disclosure: &Disclosure,
) -> Result<Parts, PublishError> {
    let found = find_ever(ledger, footprint)?;
    let (inventory, footprint) = prepare::recalculate(ledger, &found.1)?;
    let used = UsedIds::of(&inventory, &footprint.used);
    gather_used(ledger, found, checkpoint, disclosure, used)
}

/// As [`gather`], where it is known already what the publication uses: nothing is calculated again
/// where that is what it says.
///
/// # Errors
/// As [`gather`].
pub fn gather_known<S: Reader>(
    ledger: &Ledger<S>,
    footprint: &FootprintId,
    checkpoint: &SignedCheckpoint,
    disclosure: &Disclosure,
    used: &UsedIds,
) -> Result<Parts, PublishError> {
    let found = find_ever(ledger, footprint)?;
    if used.stated()? != found.1.used {
        return gather(ledger, footprint, checkpoint, disclosure);
    }
    gather_used(ledger, found, checkpoint, disclosure, used.clone())
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
    disclosure: &Disclosure,
) -> Result<Parts, PublishError> {
    let found = find_ever(ledger, &earlier.publication().footprint)?;
    let footprint = found.1.footprint.to_string();
    let listed = earlier.used().ok_or_else(|| PublishError::UsedHidden { footprint: footprint.clone() })?;
    let (expected, got) = (found.1.used, listed.stated()?);
    if expected != got {
        let (expected, got) = (expected.to_string(), got.to_string());
        return Err(PublishError::Used { footprint, expected, got });
    }
    gather_used(ledger, found, checkpoint, disclosure, listed)
}

fn gather_used<S: Reader>(
    ledger: &Ledger<S>,
    (id, publication): (StatementId, Publication),
    checkpoint: &SignedCheckpoint,
    disclosure: &Disclosure,
    used: UsedIds,
) -> Result<Parts, PublishError> {
    let size = checkpoint.checkpoint().size();
    let index = entry(ledger, &id)?.map(|entry| entry.index).unwrap_or_default();
    if index >= size {
        return Err(PublishError::NotCovered { covered: size, index });
    }
    let mut disclosed = Disclosed::of(ledger, &publication.product, &used, disclosure)?;
    let shown = disclosed.ids();
    let mut wanted: BTreeSet<StatementId> = BTreeSet::from([id]);
    wanted.extend(&shown);
    for id in &shown {
        let announced = ledger.book().redaction_of(id)?;
        wanted.extend(announced.map(|announced| announced.by));
    }
    wanted.extend(assurances(ledger, &figures_digest(&publication)?)?.into_iter().map(|(id, _)| id));
    wanted.extend(withdrawal_of(ledger, &id)?);
    let states = states(ledger, publication.log.size.as_u64(), size)?;
    wanted.extend(states.values());
    let mut asked = Asked::of(ledger, id, &wanted, &shown)?;
    let trees = states.keys().map(|size| Ok((*size, ledger.book().state_at(*size)?)));
    let trees = trees.collect::<Result<BTreeMap<u64, StateTree>, LedgerError>>()?;
    let beside = not_used(trees.get(&publication.log.size.as_u64()), &asked, &shown);
    asked.add_signers(ledger, &beside)?;
    wanted.extend(beside);
    if disclosure.figures {
        disclosed.bodies.insert(id);
    }
    add_authorities(ledger, &mut wanted)?;
    let mut covered = BTreeSet::new();
    for id in wanted {
        covered.extend(entry(ledger, &id)?.filter(|entry| entry.index < size).map(|_| id));
    }
    let leaves = ledger.leaves();
    Ok(Parts {
        checkpoint: checkpoint.note().to_string(),
        consistency: consistency_proof(&leaves, publication.log.size.as_u64(), size)?,
        publication: id,
        statements: place(ledger, &covered, &disclosed.bodies, &leaves, size)?,
        states: shown_states(&trees, &states, publication.log.size.as_u64(), &asked)?,
        used: disclosed.used,
        hides_sources: disclosed.hides_sources,
    })
}

/// Activities of the products that are shown which held where the figures rest and did not enter them, as far as a
/// state counts them: their headers say why. None where they are too many.
pub(super) fn not_used(
    state: Option<&StateTree>,
    asked: &Asked,
    used: &BTreeSet<StatementId>,
) -> BTreeSet<StatementId> {
    let sets = asked.own.products.iter().map(key_of);
    let sets = sets.filter_map(|key| state?.set_of(EntryKind::Product, key));
    let found: BTreeSet<StatementId> = sets.flat_map(|set| set.difference(used)).copied().collect();
    if found.len() > NOT_USED_MAX { BTreeSet::new() } else { found }
}

/// What withdrew a publication: who is shown the proof shall read why.
fn withdrawal_of<S: Reader>(
    ledger: &Ledger<S>,
    id: &StatementId,
) -> Result<Option<StatementId>, LedgerError> {
    Ok(match ledger.book().death(id)? {
        Some(Death::Withdrawn(by) | Death::WithdrawnByOperator(by)) => Some(by),
        Some(Death::Replaced(_) | Death::KeyRevoked(_)) | None => None,
    })
}

fn entry<'l, S: Reader>(
    ledger: &'l Ledger<S>,
    id: &StatementId,
) -> Result<Option<Cow<'l, Entry>>, LedgerError> {
    Ok(ledger.book().entry(id)?.map(|(_, entry)| entry))
}

/// The states that a checkpoint of this size covers and a proof shows, by the log sizes that they speak of: the one that the publication rests on,
/// and the newest.
fn states<S: Reader>(
    ledger: &Ledger<S>,
    rests_on: u64,
    size: u64,
) -> Result<BTreeMap<u64, StatementId>, LedgerError> {
    let states = ledger.book().states()?;
    let mut shown = BTreeMap::new();
    let covered = |id: &StatementId| Ok::<_, LedgerError>(entry(ledger, id)?.is_some_and(|e| e.index < size));
    if let Some((id, _)) = states.get(&rests_on)
        && covered(id)?
    {
        shown.insert(rests_on, *id);
    }
    for (about, (id, _)) in states.iter().rev() {
        if covered(id)? {
            shown.insert(*about, *id);
            break;
        }
    }
    Ok(shown)
}

/// What the proof of a publication asks states about.
pub(super) struct Asked {
    /// The one that the figures rest on: whether everything used held, and was everything. Which products the used statements are about is not asked where
    /// none is disclosed.
    pub(super) own: Subjects,
    /// A later one: whether publication, opinions and everything used still hold, what follows, and what was said since.
    later: Subjects,
}

impl Asked {
    pub(super) fn of<S: Reader>(
        ledger: &Ledger<S>,
        publication: StatementId,
        wanted: &BTreeSet<StatementId>,
        used: &BTreeSet<StatementId>,
    ) -> Result<Self, LedgerError> {
        let (mut products, mut actors) = (BTreeSet::new(), BTreeSet::new());
        let mut statements: BTreeSet<StatementId> = used.clone();
        for id in wanted {
            let Some(entry) = entry(ledger, id)? else { continue };
            match entry.kind {
                StatementKind::Assurance => drop(statements.insert(*id)),
                StatementKind::Product if used.contains(id) => drop(products.insert(*id)),
                _ => {}
            }
            if !entry.by.is_reserved() {
                actors.insert(entry.by.clone());
            }
        }
        statements.insert(publication);
        let own =
            Subjects { ledger: ledger.id(), publication: None, statements: used.clone(), products, actors };
        Ok(Self { later: Subjects { publication: Some(publication), statements, ..own.clone() }, own })
    }

    /// Asks about the signers of further statements, which the proof shows too.
    pub(super) fn add_signers<S: Reader>(
        &mut self,
        ledger: &Ledger<S>,
        statements: &BTreeSet<StatementId>,
    ) -> Result<(), LedgerError> {
        for id in statements {
            let by = entry(ledger, id)?.map(|entry| entry.by.clone()).filter(|by| !by.is_reserved());
            self.own.actors.extend(by.clone());
            self.later.actors.extend(by);
        }
        Ok(())
    }
}

/// What the states say of these subjects. A state of which more would have to be shown than a proof holds is left out.
fn shown_states(
    trees: &BTreeMap<u64, StateTree>,
    states: &BTreeMap<u64, StatementId>,
    rests_on: u64,
    asked: &Asked,
) -> Result<Vec<ShownState>, PublishError> {
    let mut all = Vec::with_capacity(states.len());
    for ((size, id), tree) in states.iter().zip(trees.values()) {
        let asked = if *size == rests_on { &asked.own } else { &asked.later };
        all.push(ShownState::of(tree, *id, asked)?);
    }
    all.retain(|state| state.entries.len() <= PROOF_ENTRIES_MAX);
    Ok(all)
}

/// The genesis, every change of authority, and every statement about an actor that signed something wanted.
pub(super) fn add_authorities<S: Reader>(
    ledger: &Ledger<S>,
    wanted: &mut BTreeSet<StatementId>,
) -> Result<(), LedgerError> {
    let mut signers = BTreeSet::new();
    for id in wanted.iter() {
        signers.extend(entry(ledger, id)?.map(|entry| entry.by.clone()));
    }
    for actor in &signers {
        wanted.extend(ledger.book().actor_history(actor)?);
    }
    for kind in [StatementKind::Ledger, StatementKind::Authority] {
        wanted.extend(ledger.book().of_kind(kind)?.into_iter().map(|(_, entry)| entry.id));
    }
    Ok(())
}

/// Statements of the ledger with their places under their seals, and those of the seals in the log
/// of this size.
pub(super) fn place<S: Reader>(
    ledger: &Ledger<S>,
    wanted: &BTreeSet<StatementId>,
    bodies: &BTreeSet<StatementId>,
    leaves: &impl LeafHashes,
    size: u64,
) -> Result<Vec<Placed>, PublishError> {
    let mut by_seal: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
    for id in wanted {
        if let Some(entry) = entry(ledger, id)? {
            by_seal.entry(entry.index).or_default().push(entry.ordinal);
        }
    }
    let mut placed = Vec::new();
    for (index, mut ordinals) in by_seal {
        ordinals.sort_unstable();
        let log_path = inclusion_proof(leaves, index, size)?;
        for Sealed { bytes, ordinal, path, index, seal } in ledger.sealed_together(index, &ordinals)? {
            let bytes = match bodies.contains(&statement_id(&bytes)) {
                true => bytes,
                false => parts_of(&bytes).0.to_vec(),
            };
            placed.push(Placed { bytes, ordinal, path, index, seal, log_path: log_path.clone() });
        }
    }
    Ok(placed)
}
