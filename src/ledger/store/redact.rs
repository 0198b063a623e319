//! Takes the body of one statement out of its segment: a copy of the segment without it, made durable, takes its
//! name. Whoever reads finds the one file or the other, whole. It decides nothing about what may be redacted.

use crate::store::frame::removed_frame;
use crate::store::medium::Medium;
use crate::store::segments::Segments;
use crate::store::{Position, StoreError};

/// Copy this much at once.
const CHUNK_LEN: u64 = 1 << 20;

/// Writes the segment of `at` anew with zeros in the place of the body of the statement there, and puts it in the
/// place of the old one.
pub(crate) fn replace_body(segments: &Segments, at: Position, medium: &dyn Medium) -> Result<(), StoreError> {
    let (path, copy) = (segments.path(at.segment), segments.copy_path(at.segment));
    let (offset, len) = segments.body_frame(at)?;
    let frame = removed_frame(len);
    let end = segments.len(at.segment)?;
    let file = medium.create(&copy).map_err(StoreError::io("create", &copy))?;
    let put = |offset: u64, bytes: &[u8]| {
        medium.write_at(&copy, &file, offset, bytes).map_err(StoreError::io("write", &copy))
    };
    let carry_over = |mut from: u64, to: u64| {
        while from < to {
            let len = (to - from).min(CHUNK_LEN);
            put(from, &segments.bytes(at.segment, from, len as usize)?)?; // OK because len is at most 1 MiB
            from += len;
        }
        Ok::<(), StoreError>(())
    };
    carry_over(0, offset)?;
    put(offset, &frame)?;
    carry_over(offset + frame.len() as u64, end)?; // OK because usize has at most 64 bits
    medium.sync(&copy, &file).map_err(StoreError::io("sync", &copy))?;
    medium.rename(&copy, &path).map_err(StoreError::io("rename", &copy))?;
    segments.forget();
    medium.sync_dir(segments.dir()).map_err(StoreError::io("sync", segments.dir()))
}
