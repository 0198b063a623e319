//! What a writer does before anything becomes visible: decides which head counts and which submissions after it are
//! kept, and makes the files say so. The rules (a) to (d) stand in the documentation of [`crate::store::file`].

use std::fs::File;
use std::path::Path;

use crate::store::error::Flaw;
use crate::store::head::{HeadFile, SLOT_LEN, Slot, Slots};
use crate::store::medium::Medium;
use crate::store::segments::{FIRST_FRAME, Segments};
use crate::store::{Head, Position, StoreError};

/// Rewrite this much at once.
const CHUNK_LEN: u64 = 1 << 20;

/// Whole submissions after a head.
struct Tail {
    /// The head after the last of them; the head itself if there are none.
    kept: Head,
    /// Why the run ends before the files do, if it does.
    flaw: Option<StoreError>,
}

/// Applies the recovery rules; the slot returned is durable and its head is the last thing in the segments.
pub(crate) fn recover(
    segments: &Segments,
    heads: &HeadFile,
    medium: &dyn Medium,
) -> Result<Slot, StoreError> {
    let (slot, bad) = match heads.slots()? {
        Slots::Both(slot) => (slot, None),
        Slots::One(slot, bad) => (slot, Some(bad)),
    };
    segments.check_up_to(&slot.head)?;
    let numbers = segments.numbers()?;
    let tail = tail(segments, &numbers, slot.head)?;
    match (bad, tail.flaw) {
        // (c) The segment was synced before the slot, so nothing but whole submissions can follow.
        (Some(bad), None) if tail.kept == slot.head => return Err(bad),
        (Some(_), Some(flaw)) => return Err(flaw),
        // (b) Nothing follows: the usual case.
        (None, None) if tail.kept == slot.head => return Ok(slot),
        _ => {}
    }
    cut(segments, &numbers, &slot.head, &tail.kept, medium)?;
    segments.forget();
    if tail.kept == slot.head {
        return Ok(slot);
    }
    let next = slot.next(tail.kept);
    write_slot(heads, &next, segments, medium)?;
    Ok(next)
}

/// Writes `slot` to its place and makes it durable.
pub(crate) fn write_slot(
    heads: &HeadFile,
    slot: &Slot,
    segments: &Segments,
    medium: &dyn Medium,
) -> Result<(), StoreError> {
    let bytes = slot.encode(&segments.ledger_id());
    debug_assert_eq!(bytes.len(), SLOT_LEN);
    let written = medium.write_at(heads.path(), heads.file(), slot.offset(), &bytes);
    written.map_err(StoreError::io("write", heads.path()))?;
    medium.sync(heads.path(), heads.file()).map_err(StoreError::io("sync", heads.path()))
}

/// The longest chained run of whole submissions after `head`.
fn tail(segments: &Segments, numbers: &[u64], head: Head) -> Result<Tail, StoreError> {
    let mut kept = head;
    let mut at = head.position;
    loop {
        let end = segments.len(at.segment)?;
        let mut scanner = segments.scanner(at.segment, end)?;
        while at.offset < end {
            match scanner.submission(at.offset, kept.state()) {
                Ok(submission) => (kept, at) = (submission.head(), submission.end),
                Err(flaw @ StoreError::Damaged { .. }) => return Ok(Tail { kept, flaw: Some(flaw) }),
                Err(e) => return Err(e),
            }
        }
        match numbers.iter().find(|number| **number > at.segment) {
            None => return Ok(Tail { kept, flaw: None }),
            Some(later) => match follows(segments, *later, at.segment + 1, &kept) {
                Ok(()) => at = Position { segment: *later, offset: FIRST_FRAME },
                Err(flaw @ StoreError::Damaged { .. }) => return Ok(Tail { kept, flaw: Some(flaw) }),
                Err(e) => return Err(e),
            },
        }
    }
}

/// Checks that segment `later` is number `next`, begins after `kept` and has at least one frame.
fn follows(segments: &Segments, later: u64, next: u64, kept: &Head) -> Result<(), StoreError> {
    let damaged = |flaw| Err(StoreError::damaged(&segments.path(later), 0, flaw));
    if later != next {
        return damaged(Flaw::new(format!("segment {next} next"), format!("segment {later}")));
    }
    segments.check_start(later, kept.state())?;
    if segments.len(later)? == FIRST_FRAME {
        return damaged(Flaw::new("a submission after the segment's header", "the end of the file"));
    }
    Ok(())
}

/// Removes what lies after `kept` and writes what lies between `head` and `kept` over itself: after a failed sync the
/// system may hold pages that it believes are written.
fn cut(
    segments: &Segments,
    numbers: &[u64],
    head: &Head,
    kept: &Head,
    medium: &dyn Medium,
) -> Result<(), StoreError> {
    let later: Vec<u64> = numbers.iter().copied().filter(|number| *number > kept.position.segment).collect();
    for number in &later {
        match segments.start(*number) {
            Ok(_) | Err(StoreError::Damaged { .. }) => {}
            Err(e) => return Err(e), // another ledger's, or a newer program's: not ours to remove
        }
    }
    for number in head.position.segment..=kept.position.segment {
        let from = if number == head.position.segment { head.position.offset } else { 0 };
        let to = if number == kept.position.segment { kept.position.offset } else { segments.len(number)? };
        rewrite(segments, number, from, to, medium)?;
    }
    for number in later.iter().rev() {
        let path = segments.path(*number);
        medium.remove(&path).map_err(StoreError::io("remove", &path))?;
    }
    medium.sync_dir(segments.dir()).map_err(StoreError::io("sync", segments.dir()))
}

/// Removes what a writer began and did not finish.
pub(crate) fn remove_unfinished(segments: &Segments, medium: &dyn Medium) -> Result<(), StoreError> {
    let unfinished = segments.unfinished()?;
    for path in &unfinished {
        medium.remove(path).map_err(StoreError::io("remove", path))?;
    }
    if unfinished.is_empty() {
        return Ok(());
    }
    medium.sync_dir(segments.dir()).map_err(StoreError::io("sync", segments.dir()))
}

/// Writes bytes `from..to` of a segment over themselves, cuts it at `to` and makes it durable.
fn rewrite(
    segments: &Segments,
    number: u64,
    from: u64,
    to: u64,
    medium: &dyn Medium,
) -> Result<(), StoreError> {
    let path = segments.path(number);
    let file = open_to_write(&path)?;
    let mut at = from;
    while at < to {
        let len = (to - at).min(CHUNK_LEN);
        let bytes = segments.bytes(number, at, len as usize)?; // OK because len is at most 1 MiB
        medium.write_at(&path, &file, at, &bytes).map_err(StoreError::io("write", &path))?;
        at += len;
    }
    medium.truncate(&path, &file, to).map_err(StoreError::io("cut", &path))?;
    medium.sync(&path, &file).map_err(StoreError::io("sync", &path))
}

/// Opens a file that is there for reading and writing.
pub(crate) fn open_to_write(path: &Path) -> Result<File, StoreError> {
    File::options().read(true).write(true).open(path).map_err(StoreError::io("open", path))
}
