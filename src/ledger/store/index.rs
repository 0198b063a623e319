//! The index: values derived from the segments, kept in sled so that opening need not read the whole ledger. It
//! promises no durability; it promises never to answer wrongly. Whatever sled does with damaged files (it panics, or
//! opens an older, shorter or empty database) comes out as [`IndexError::Damaged`] or as an index without a watermark;
//! the caller then resets it and fills it again. It knows no meaning of keys or values.
//!
//! Every value carries a CRC-32C of key and value. One record beside them, replaced in the same batch, holds the
//! ledger's id, the watermark and a count and sum over all entries; opening reads everything and compares.

mod contained;

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::store::Head;
use crate::store::Position;
use crate::store::fields::Fields;

pub use contained::panic_is_contained;
use contained::{Contained, Damage};

/// Longer values would go to files of their own, which sled never syncs.
pub const VALUE_BYTES_MAX: usize = 100_000;
/// Layout of the record and of the values; another one is rebuilt.
const VERSION: u32 = 3;
/// The record's key; those of entries begin with [`ENTRY`].
const RECORD_KEY: &[u8] = &[0];
const ENTRY: u8 = 1;
/// sled's cache in bytes: most reads are scans, and the system caches the file anyway.
const CACHE_BYTES: u64 = 32 << 20;

/// Why the index gave no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// The index is not what was written. Reset it and fill it again; the ledger itself is not touched.
    #[error("the index in {dir} is damaged and has to be rebuilt: {detail}")]
    Damaged {
        /// The index's directory.
        dir: PathBuf,
        /// What was seen.
        detail: String,
    },
    /// A system call failed.
    #[error("cannot {action} the index in {dir}: {source}")]
    Io {
        /// What was tried: a verb.
        action: &'static str,
        /// The index's directory.
        dir: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// A value is too long.
    #[error("a value of the index has {got} bytes, expected at most {VALUE_BYTES_MAX}")]
    TooLong {
        /// Its length in bytes.
        got: usize,
    },
}

/// Changes of a batch: a key with its new value, or with `None` to remove it.
pub type Change = (Vec<u8>, Option<Vec<u8>>);
/// A key with its value.
pub type Entry = (Vec<u8>, Vec<u8>);

/// What the one record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Record {
    watermark: Option<Head>,
    count: u64,
    sum: u64,
}

/// An open index; only the writer's process has it open.
#[derive(Debug)]
pub struct Index {
    dir: PathBuf,
    ledger_id: [u8; 32],
    db: Contained,
    record: Record,
}

impl Index {
    /// Opens the index in `dir`, or begins one without a watermark, and checks every entry.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] also for the index of another ledger: call [`Index::reset`].
    pub fn open(dir: &Path, ledger_id: &[u8; 32]) -> Result<Index, IndexError> {
        fs::create_dir_all(dir).map_err(io("create", dir))?;
        let db = Contained::open(dir, CACHE_BYTES).map_err(damaged(dir))?;
        let mut index =
            Index { dir: dir.to_path_buf(), ledger_id: *ledger_id, db, record: Record::default() };
        index.check()?;
        Ok(index)
    }

    /// Throws away what is in `dir`, which must be the index's own directory, and begins anew.
    ///
    /// # Errors
    ///
    /// [`IndexError::Io`] or [`IndexError::Damaged`] where even an empty index does not open.
    pub fn reset(dir: &Path, ledger_id: &[u8; 32]) -> Result<Index, IndexError> {
        match fs::remove_dir_all(dir) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(io("remove", dir)(e)),
            _ => Index::open(dir, ledger_id),
        }
    }

    /// Up to where the ledger is in the index; `None` if nothing is.
    ///
    /// The caller compares it with the ledger: an index may lag behind, and after the loss of power by any amount.
    pub fn watermark(&self) -> Option<Head> {
        self.record.watermark
    }

    /// The value of a key.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`].
    pub fn value(&self, key: &[u8]) -> Result<Option<Vec<u8>>, IndexError> {
        let key = entry_key(key);
        let found = self.db.run(|tree| tree.get(&key)).map_err(damaged(&self.dir))?;
        found.map(|stored| self.opened(&key, &stored)).transpose()
    }

    /// All entries whose keys begin with `prefix`, in the order of their keys.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`].
    pub fn scan(&self, prefix: &[u8]) -> Result<Vec<Entry>, IndexError> {
        let prefix = entry_key(prefix);
        let found = self.db.run(|tree| tree.scan_prefix(&prefix).collect::<Result<Vec<_>, _>>());
        let open = |(key, stored): (sled::IVec, sled::IVec)| {
            let value = self.opened(&key, &stored)?;
            Ok((key.get(1..).unwrap_or_default().to_vec(), value))
        };
        found.map_err(damaged(&self.dir))?.into_iter().map(open).collect()
    }

    /// Applies all changes and the new watermark, or none.
    ///
    /// # Errors
    ///
    /// [`IndexError::TooLong`] before anything is changed; [`IndexError::Damaged`].
    pub fn apply(&mut self, changes: &[Change], watermark: Head) -> Result<(), IndexError> {
        let too_long =
            changes.iter().filter_map(|(_, value)| value.as_ref()).find(|v| v.len() > VALUE_BYTES_MAX);
        if let Some(value) = too_long {
            return Err(IndexError::TooLong { got: value.len() });
        }
        let mut record = Record { watermark: Some(watermark), ..self.record };
        let mut batch = sled::Batch::default();
        // Of several changes of one key the last counts, for the sums as for sled.
        let latest: std::collections::BTreeMap<_, _> =
            changes.iter().map(|(key, value)| (key, value)).collect();
        for (key, value) in latest {
            if let Some(old) = self.value(key)? {
                record.subtract(key, &old);
            }
            match value {
                Some(value) => {
                    record.add(key, value);
                    batch.insert(entry_key(key), sealed(&entry_key(key), value));
                }
                None => batch.remove(entry_key(key)),
            }
        }
        batch.insert(RECORD_KEY, sealed(RECORD_KEY, &record.encode(&self.ledger_id)));
        self.db.run(|tree| tree.apply_batch(batch)).map_err(damaged(&self.dir))?;
        self.record = record;
        Ok(())
    }

    /// Makes what was applied likely to survive the loss of power. sled's own flush does not sync: its file is
    /// synced here.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] or [`IndexError::Io`].
    pub fn flush(&self) -> Result<(), IndexError> {
        self.db.run(|tree| tree.flush()).map_err(damaged(&self.dir))?;
        let file = File::open(self.dir.join("db")).map_err(io("open", &self.dir))?;
        file.sync_all().map_err(io("sync", &self.dir))
    }

    /// Reads everything and compares it with the record; without one there may be no entries.
    fn check(&mut self) -> Result<(), IndexError> {
        let stored = self.db.run(|tree| tree.get(RECORD_KEY)).map_err(damaged(&self.dir))?;
        if let Some(stored) = stored {
            let bytes = self.opened(RECORD_KEY, &stored)?;
            let record = Record::decode(&bytes, &self.ledger_id);
            self.record = record.ok_or_else(|| self.broken("expected this ledger's record, got another"))?;
        }
        let mut found = Record { watermark: self.record.watermark, ..Record::default() };
        let read = self.db.run(|tree| {
            for entry in tree.scan_prefix([ENTRY]) {
                let (key, stored) = entry?;
                // An entry whose checksum fails is left out, so that the sums differ.
                if let Ok(value) = self.opened(&key, &stored) {
                    found.add(key.get(1..).unwrap_or_default(), &value);
                }
            }
            Ok(())
        });
        read.map_err(damaged(&self.dir))?;
        if found == self.record {
            return Ok(());
        }
        Err(self
            .broken(format!("expected {} entries with their sum, got {}", self.record.count, found.count)))
    }

    /// The value inside stored bytes, if its checksum holds.
    fn opened(&self, key: &[u8], stored: &[u8]) -> Result<Vec<u8>, IndexError> {
        match stored.split_first_chunk::<4>() {
            Some((crc, value)) if *crc == checksum(key, value) => Ok(value.to_vec()),
            _ => Err(self.broken(format!("expected a value with its CRC-32C under {}", hex::encode(key)))),
        }
    }

    fn broken(&self, detail: impl Into<String>) -> IndexError {
        IndexError::Damaged { dir: self.dir.clone(), detail: detail.into() }
    }
}

impl Record {
    fn add(&mut self, key: &[u8], value: &[u8]) {
        self.count = self.count.wrapping_add(1);
        self.sum = self.sum.wrapping_add(digest(key, value));
    }

    fn subtract(&mut self, key: &[u8], value: &[u8]) {
        self.count = self.count.wrapping_sub(1);
        self.sum = self.sum.wrapping_sub(digest(key, value));
    }

    fn encode(&self, ledger_id: &[u8; 32]) -> Vec<u8> {
        let mut out = Vec::new();
        out.extend_from_slice(&VERSION.to_be_bytes());
        out.extend_from_slice(ledger_id);
        out.extend_from_slice(&self.count.to_be_bytes());
        out.extend_from_slice(&self.sum.to_be_bytes());
        if let Some(head) = &self.watermark {
            out.extend_from_slice(&head.size.to_be_bytes());
            out.extend_from_slice(&head.root);
            out.extend_from_slice(&head.position.to_bytes());
        }
        out
    }

    fn decode(bytes: &[u8], ledger_id: &[u8; 32]) -> Option<Record> {
        let mut fields = Fields(bytes);
        if fields.take_u32()? != VERSION || fields.take::<32>()? != *ledger_id {
            return None;
        }
        let (count, sum) = (fields.take_u64()?, fields.take_u64()?);
        let watermark = match fields.0 {
            [] => None,
            _ => Some(Head {
                size: fields.take_u64()?,
                root: fields.take()?,
                position: Position::from_bytes(fields.take()?),
            }),
        };
        fields.0.is_empty().then_some(Record { watermark, count, sum })
    }
}

fn entry_key(key: &[u8]) -> Vec<u8> {
    [&[ENTRY], key].concat()
}

fn sealed(key: &[u8], value: &[u8]) -> Vec<u8> {
    [&checksum(key, value)[..], value].concat()
}

/// Over the key's length, the key and the value.
fn checksum(key: &[u8], value: &[u8]) -> [u8; 4] {
    let len = key.len() as u64; // OK because usize has at most 64 bits
    crc32c::crc32c_append(crc32c::crc32c_append(crc32c::crc32c(&len.to_be_bytes()), key), value).to_be_bytes()
}

/// Two CRCs that differ in where they begin, spread over 64 bits, so that sums tell sets of entries apart.
fn digest(key: &[u8], value: &[u8]) -> u64 {
    let first = u32::from_be_bytes(checksum(key, value));
    let second = crc32c::crc32c_append(crc32c::crc32c(value) ^ 0x9e37_79b9, key);
    let mixed = (u64::from(first) << 32 | u64::from(second)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ (mixed >> 29)
}

fn io(action: &'static str, dir: &Path) -> impl FnOnce(std::io::Error) -> IndexError {
    let dir = dir.to_path_buf();
    move |source| IndexError::Io { action, dir, source }
}

fn damaged(dir: &Path) -> impl FnOnce(Damage) -> IndexError {
    let dir = dir.to_path_buf();
    move |Damage(detail)| IndexError::Damaged { dir, detail }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::LogState;

    type Meddling = Box<dyn FnOnce(&sled::Tree) -> sled::Result<()>>;

    /// An index of three entries, changed behind its back.
    fn changed(change: impl FnOnce(&sled::Tree) -> sled::Result<()>) -> Result<Index, IndexError> {
        let dir = tempfile::tempdir().unwrap();
        let LogState { size, root } = LogState::EMPTY;
        let head = Head { size, root, position: Position { segment: 0, offset: 0 } };
        let mut index = Index::open(dir.path(), &[7; 32]).unwrap();
        let entry = |key: u8, value: u8| (vec![key], Some(vec![value; 40]));
        index.apply(&[entry(1, 1), entry(2, 2), entry(3, 3)], head).unwrap();
        index.db.run(change).map_err(damaged(dir.path())).unwrap();
        drop(index);
        Index::open(dir.path(), &[7; 32])
    }

    #[test]
    fn entries_that_are_missing_extra_old_or_without_their_record_are_damage() {
        assert_eq!(changed(|_| Ok(())).unwrap().scan(&[]).unwrap().len(), 3);
        let (key, old) = (entry_key(&[2]), sealed(&entry_key(&[2]), b"an older value"));
        let extra = (entry_key(&[4]), sealed(&entry_key(&[4]), b"x"));
        let cases: [Meddling; 4] = [
            Box::new(|tree| tree.remove(entry_key(&[3])).map(drop)),
            Box::new(move |tree| tree.insert(extra.0, extra.1).map(drop)),
            Box::new(move |tree| tree.insert(key, old).map(drop)),
            Box::new(|tree| tree.remove(RECORD_KEY).map(drop)),
        ];
        for case in cases {
            assert!(matches!(changed(case), Err(IndexError::Damaged { .. })));
        }
    }
}
