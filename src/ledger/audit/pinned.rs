//! Who signed, against the keys that the reader has checked by another way than the ledger. It knows no name of its own.

use std::collections::BTreeMap;

use super::log::Log;
use super::{Place, Report};
use crate::admission::{Book, IndexError};
use crate::model::{ActorId, PublicKey};
use crate::proof::{Known, Pins};

const CHECK: &str = "pinned-keys";

/// Where nothing is pinned, nothing is looked at. Every actor and key gives one finding, at the first place.
pub(super) fn check(pins: &Pins, log: &Log, report: &mut Report) {
    // What could not be looked up makes the audit fail.
    log.scratch.answer(look(pins, &log.book, report));
}

fn look(pins: &Pins, book: &Book, report: &mut Report) -> Result<(), IndexError> {
    let Some(ledger) = book.ledger_id().filter(|_| !pins.is_empty()) else { return Ok(()) };
    let mut first: BTreeMap<(ActorId, PublicKey), u64> = BTreeMap::new();
    // Those of one submission are by one actor with one key.
    let mut before = None;
    for entry in book.all_entries() {
        let entry = entry?;
        if before.replace(entry.index) != Some(entry.index)
            && let Some(key) = book.key_at(entry.index)?
        {
            first.entry((entry.by.clone(), key)).or_insert(entry.index);
        }
    }
    report.looked_at(CHECK, first.len() as u64); // OK because a usize has at most 64 bits.
    for why in pins.misplaced(Some(ledger), book.keyring()?) {
        report.error(CHECK, Place::default(), why);
    }
    for ((by, key), index) in &first {
        let name = book.actor(by)?.map(|(_, actor)| actor.name);
        match pins.judge(ledger, by, name.as_ref(), key) {
            Known::Pinned => {}
            Known::Claimed if by.is_reserved() => {}
            Known::Claimed => {
                let name =
                    name.map(|name| format!(" ({})", name.as_str().escape_debug())).unwrap_or_default();
                let message = format!("that the key {key} is one of `{by}`{name} is the operator's claim");
                report.notice(CHECK, Place::index(*index), message);
            }
            Known::Refused(why) => report.error(CHECK, Place::index(*index), why),
        }
    }
    Ok(())
}
