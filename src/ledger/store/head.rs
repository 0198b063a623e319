//! Layout of the head file: two slots written in turn. Decodes and encodes slots and reads the pair; which of two
//! slots counts when one is bad is decided in `recover` (writer) and in `file` (readers).

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::store::error::Flaw;
use crate::store::fields::Fields;
use crate::store::positioned::Positioned as _;
use crate::store::{Head, Position, StoreError};

/// A slot is one page: it is written whole.
pub(crate) const SLOT_LEN: usize = 4096;
/// Two slots.
pub(crate) const HEAD_LEN: usize = 2 * SLOT_LEN;
const MAGIC: [u8; 8] = *b"PCFHEAD1";
/// Magic, ledger id, sequence, size, root, segment, offset.
const CHECKED_LEN: usize = 8 + 32 + 8 + 8 + 32 + 8 + 8;

/// One slot: a head and its place in the order of heads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slot {
    /// 1 upwards; odd ones lie in the first slot, even ones in the second.
    pub(crate) sequence: u64,
    pub(crate) head: Head,
}

impl Slot {
    pub(crate) fn encode(&self, ledger_id: &[u8; 32]) -> Vec<u8> {
        let mut out = Vec::with_capacity(SLOT_LEN);
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(ledger_id);
        out.extend_from_slice(&self.sequence.to_be_bytes());
        out.extend_from_slice(&self.head.size.to_be_bytes());
        out.extend_from_slice(&self.head.root);
        out.extend_from_slice(&self.head.position.segment.to_be_bytes());
        out.extend_from_slice(&self.head.position.offset.to_be_bytes());
        let crc = crc32c::crc32c(&out);
        out.extend_from_slice(&crc.to_be_bytes());
        out.resize(SLOT_LEN, 0);
        out
    }

    /// Decodes the slot at place `place` (0 or 1); also gives the ledger id it carries.
    fn decode(bytes: &[u8], place: u64) -> Result<(Slot, [u8; 32]), Flaw> {
        let (checked, rest) = bytes.split_at_checked(CHECKED_LEN).unwrap_or((bytes, &[]));
        let mut fields = Fields(checked);
        let magic: [u8; 8] = fields.take().unwrap_or_default();
        if magic != MAGIC {
            return Err(Flaw::new(
                "a slot that begins with PCFHEAD1",
                format!("bytes {}", hex::encode(magic)),
            ));
        }
        let mut rest = Fields(rest);
        let (found, computed) = (rest.take_u32(), crc32c::crc32c(checked));
        if found != Some(computed) {
            let found = found.unwrap_or_default();
            return Err(Flaw::new(
                format!("a slot with CRC-32C {found:08x}"),
                format!("bytes with {computed:08x}"),
            ));
        }
        if rest.0.iter().any(|byte| *byte != 0) {
            return Err(Flaw::new("zeros to the end of the slot", "other bytes"));
        }
        let (slot, ledger_id) =
            Slot::fields(&mut fields).ok_or_else(|| Flaw::new("a whole slot", "a short one"))?;
        if slot.sequence == 0 || slot.place() != place {
            let parity = if place == 0 { "an odd" } else { "an even" };
            return Err(Flaw::new(format!("{parity} sequence number"), slot.sequence.to_string()));
        }
        Ok((slot, ledger_id))
    }

    fn fields(fields: &mut Fields<'_>) -> Option<(Slot, [u8; 32])> {
        let ledger_id = fields.take()?;
        let sequence = fields.take_u64()?;
        let (size, root) = (fields.take_u64()?, fields.take()?);
        let position = Position { segment: fields.take_u64()?, offset: fields.take_u64()? };
        Some((Slot { sequence, head: Head { size, root, position } }, ledger_id))
    }

    /// 0 for the first slot of the file, 1 for the second.
    fn place(&self) -> u64 {
        (self.sequence + 1) % 2 // OK because a sequence counts commits, which never reach 2^64
    }

    /// Where in the head file this slot lies.
    pub(crate) fn offset(&self) -> u64 {
        self.place() * SLOT_LEN as u64
    }

    /// The slot that is written next.
    pub(crate) fn next(&self, head: Head) -> Slot {
        Slot { sequence: self.sequence.saturating_add(1), head }
    }
}

/// What the head file says.
pub(crate) enum Slots {
    /// Both are good; this is the one with the higher sequence.
    Both(Slot),
    /// Only this one is good; the error places the flaw of the other.
    One(Slot, StoreError),
}

/// The head file of one ledger.
#[derive(Debug)]
pub(crate) struct HeadFile {
    path: PathBuf,
    file: File,
    ledger_id: [u8; 32],
}

impl HeadFile {
    pub(crate) fn new(path: PathBuf, file: File, ledger_id: [u8; 32]) -> HeadFile {
        HeadFile { path, file, ledger_id }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    /// Reads both slots. A slot of another ledger, or no good slot at all, is an error.
    pub(crate) fn slots(&self) -> Result<Slots, StoreError> {
        let len = self.file.metadata().map_err(StoreError::io("read", &self.path))?.len();
        if len != HEAD_LEN as u64 {
            let flaw = Flaw::new(format!("{HEAD_LEN} bytes"), format!("{len} bytes"));
            return Err(StoreError::damaged(&self.path, len.min(HEAD_LEN as u64), flaw));
        }
        let mut bytes = [0; HEAD_LEN];
        self.file.read_exact_at(&mut bytes, 0).map_err(StoreError::io("read", &self.path))?;
        let (first, second) = bytes.split_at(SLOT_LEN);
        match (self.slot(first, 0)?, self.slot(second, 1)?) {
            (Ok(first), Ok(second)) => self.newer(first, second).map(Slots::Both),
            (Ok(good), Err(flaw)) | (Err(flaw), Ok(good)) => Ok(Slots::One(good, flaw)),
            (Err(flaw), Err(_)) => Err(flaw),
        }
    }

    fn slot(&self, bytes: &[u8], place: u64) -> Result<Result<Slot, StoreError>, StoreError> {
        match Slot::decode(bytes, place) {
            Ok((slot, id)) if id == self.ledger_id => Ok(Ok(slot)),
            Ok((_, id)) => Err(StoreError::OtherLedger {
                file: self.path.clone(),
                expected: hex::encode(self.ledger_id),
                got: hex::encode(id),
            }),
            Err(flaw) => Ok(Err(StoreError::damaged(&self.path, place * SLOT_LEN as u64, flaw))),
        }
    }

    fn newer(&self, first: Slot, second: Slot) -> Result<Slot, StoreError> {
        let (older, newer) = if first.sequence < second.sequence { (first, second) } else { (second, first) };
        if older.head.size > newer.head.size || older.head.position > newer.head.position {
            let flaw = Flaw::new(
                format!("at least size {} under sequence {}", older.head.size, newer.sequence),
                format!("size {}", newer.head.size),
            );
            return Err(StoreError::damaged(&self.path, newer.offset(), flaw));
        }
        Ok(newer)
    }
}
