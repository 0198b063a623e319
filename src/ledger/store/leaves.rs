//! Leaf hashes of the seals, derived from the segments and kept beside them so that proofs need not read those again.
//! Each hash carries its own checksum; nothing here is synced, and whatever is damaged is made anew. What a leaf hash
//! is, the caller knows.

use std::fs::{self, File};
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::store::StoreError;
use crate::store::error::Flaw;
use crate::store::positioned::Positioned as _;
use crate::store::recover::open_to_write;

const MAGIC: [u8; 8] = *b"PCFLEAF1";
/// Magic, ledger id, CRC-32C.
const HEADER_LEN: usize = 8 + 32 + 4;
/// A hash and the CRC-32C of its index and its bytes.
const RECORD_LEN: usize = 32 + 4;

/// The file of leaf hashes.
#[derive(Debug)]
pub struct Leaves {
    path: PathBuf,
    file: File,
    len: u64,
}

impl Leaves {
    /// Opens the leaf hashes in `dir` for writing, or begins them. A torn last record is dropped.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] or [`StoreError::OtherLedger`]: call [`Leaves::reset`] and append all hashes again.
    pub fn open(dir: &Path, ledger_id: &[u8; 32]) -> Result<Leaves, StoreError> {
        let path = dir.join("leaves");
        if path.exists() {
            Leaves::existing(open_to_write(&path)?, path, ledger_id)
        } else {
            Leaves::reset(dir, ledger_id)
        }
    }

    /// Opens the leaf hashes in `dir` for reading, as many as are whole.
    ///
    /// # Errors
    ///
    /// As [`Leaves::open`]; [`StoreError::Io`] where there are none.
    pub fn open_reader(dir: &Path, ledger_id: &[u8; 32]) -> Result<Leaves, StoreError> {
        let path = dir.join("leaves");
        Leaves::existing(File::open(&path).map_err(StoreError::io("open", &path))?, path, ledger_id)
    }

    /// Throws away what is there and begins anew, with no hashes.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`].
    pub fn reset(dir: &Path, ledger_id: &[u8; 32]) -> Result<Leaves, StoreError> {
        let path = dir.join("leaves");
        fs::create_dir_all(dir).map_err(StoreError::io("create", dir))?;
        let mut options = File::options();
        let opened = options.read(true).write(true).create(true).truncate(true).open(&path);
        let file = opened.map_err(StoreError::io("create", &path))?;
        file.write_all_at(&header(ledger_id), 0).map_err(StoreError::io("write", &path))?;
        Ok(Leaves { path, file, len: 0 })
    }

    fn existing(file: File, path: PathBuf, ledger_id: &[u8; 32]) -> Result<Leaves, StoreError> {
        let bytes = file.metadata().map_err(StoreError::io("read", &path))?.len();
        let Some(records) = bytes.checked_sub(HEADER_LEN as u64) else {
            let flaw = Flaw::new(format!("at least {HEADER_LEN} bytes"), format!("{bytes} bytes"));
            return Err(StoreError::damaged(&path, bytes, flaw));
        };
        let mut found = [0; HEADER_LEN];
        file.read_exact_at(&mut found, 0).map_err(StoreError::io("read", &path))?;
        if found[..] != header(ledger_id)[..] {
            let flaw = Flaw::new("the header of this ledger's leaf hashes", "another one");
            return Err(StoreError::damaged(&path, 0, flaw));
        }
        Ok(Leaves { path, file, len: records / RECORD_LEN as u64 })
    }

    /// Number of hashes: the caller compares it with the size of the log.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there are no hashes.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The hashes with the indices in `range`.
    ///
    /// # Errors
    ///
    /// [`StoreError::Limit`] where the range reaches past the end, [`StoreError::Damaged`] at the first hash that is
    /// not the one that was written.
    pub fn read(&self, range: Range<u64>) -> Result<Vec<[u8; 32]>, StoreError> {
        let count = range.end.checked_sub(range.start).filter(|_| range.end <= self.len);
        let Some(count) = count.and_then(|count| usize::try_from(count).ok()) else {
            return Err(StoreError::Limit {
                what: "index of a leaf hash",
                min: 0,
                max: self.len,
                got: range.end,
            });
        };
        let offset = |index: u64| HEADER_LEN as u64 + index * RECORD_LEN as u64;
        let mut bytes = vec![0; count * RECORD_LEN];
        let at = offset(range.start);
        self.file.read_exact_at(&mut bytes, at).map_err(StoreError::io("read", &self.path))?;
        let records = range.zip(bytes.chunks_exact(RECORD_LEN));
        records
            .map(|(index, record)| match record.split_first_chunk::<32>() {
                Some((hash, crc)) if crc == checksum(index, hash) => Ok(*hash),
                _ => {
                    let flaw = Flaw::new("a leaf hash with its CRC-32C", "other bytes");
                    Err(StoreError::damaged(&self.path, offset(index), flaw))
                }
            })
            .collect()
    }

    /// Keeps the first `len` hashes, or all where there are fewer; the next one is appended behind them.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`].
    pub fn cut(&mut self, len: u64) -> Result<(), StoreError> {
        self.len = self.len.min(len);
        let bytes = HEADER_LEN as u64 + self.len * RECORD_LEN as u64;
        self.file.set_len(bytes).map_err(StoreError::io("cut", &self.path))
    }

    /// Appends hashes; they may be lost with the power.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`]; no hash then counts as appended.
    pub fn append(&mut self, hashes: &[[u8; 32]]) -> Result<(), StoreError> {
        let mut bytes = Vec::with_capacity(hashes.len() * RECORD_LEN);
        let mut len = self.len;
        for hash in hashes {
            bytes.extend_from_slice(hash);
            bytes.extend_from_slice(&checksum(len, hash));
            len += 1;
        }
        let offset = HEADER_LEN as u64 + self.len * RECORD_LEN as u64;
        self.file.write_all_at(&bytes, offset).map_err(StoreError::io("write", &self.path))?;
        self.len = len;
        Ok(())
    }
}

fn header(ledger_id: &[u8; 32]) -> Vec<u8> {
    let mut header = [&MAGIC[..], ledger_id].concat();
    let crc = crc32c::crc32c(&header);
    header.extend_from_slice(&crc.to_be_bytes());
    header
}

/// The index is part of it, so that a hash in another's place is found.
fn checksum(index: u64, hash: &[u8; 32]) -> [u8; 4] {
    crc32c::crc32c_append(crc32c::crc32c(&index.to_be_bytes()), hash).to_be_bytes()
}
