//! A derived file of blocks that are only ever appended and always read from the first: what the ledger knows of its
//! statements, kept beside the segments so that opening need not parse them. Each block carries a checksum of its
//! bytes and its place; nothing is synced, and what follows the last good block is cut off. What a block says, the
//! caller knows.

use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use crate::store::StoreError;
use crate::store::error::Flaw;
use crate::store::positioned::Positioned as _;
use crate::store::recover::open_to_write;

const MAGIC: [u8; 8] = *b"PCFENTR3";
/// Magic, ledger id, CRC-32C.
const HEADER_LEN: u64 = 8 + 32 + 4;
/// Length u32 and CRC-32C of offset and bytes.
const BLOCK_HEADER_LEN: u64 = 8;
/// A longer block is none, so that a reader's memory is bounded.
pub const BLOCK_BYTES_MAX: usize = 8 << 20;
/// Read this much at once.
const BUFFER_LEN: usize = 1 << 20;

/// The file of blocks.
#[derive(Debug)]
pub struct Runs {
    path: PathBuf,
    file: File,
    /// Where the next block is written.
    end: u64,
}

impl Runs {
    /// Opens the blocks in `dir` for writing, or begins them. Read them before appending: [`Runs::cut`] says where the
    /// next one goes.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`]: call [`Runs::reset`] and append everything again.
    pub fn open(dir: &Path, ledger_id: &[u8; 32]) -> Result<Runs, StoreError> {
        let path = dir.join("entries");
        if path.exists() {
            Runs::existing(open_to_write(&path)?, path, ledger_id)
        } else {
            Runs::reset(dir, ledger_id)
        }
    }

    /// Opens the blocks in `dir` for reading.
    ///
    /// # Errors
    ///
    /// As [`Runs::open`]; [`StoreError::Io`] where there are none.
    pub fn open_reader(dir: &Path, ledger_id: &[u8; 32]) -> Result<Runs, StoreError> {
        let path = dir.join("entries");
        Runs::existing(File::open(&path).map_err(StoreError::io("open", &path))?, path, ledger_id)
    }

    /// Throws away what is there and begins anew, with no blocks.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`].
    pub fn reset(dir: &Path, ledger_id: &[u8; 32]) -> Result<Runs, StoreError> {
        let path = dir.join("entries");
        fs::create_dir_all(dir).map_err(StoreError::io("create", dir))?;
        let opened = File::options().read(true).write(true).create(true).truncate(true).open(&path);
        let file = opened.map_err(StoreError::io("create", &path))?;
        file.write_all_at(&header(ledger_id), 0).map_err(StoreError::io("write", &path))?;
        Ok(Runs { path, file, end: HEADER_LEN })
    }

    fn existing(file: File, path: PathBuf, ledger_id: &[u8; 32]) -> Result<Runs, StoreError> {
        let expected = header(ledger_id);
        let mut found = Vec::new();
        (&file).take(HEADER_LEN).read_to_end(&mut found).map_err(StoreError::io("read", &path))?;
        if found == expected {
            return Ok(Runs { path, file, end: HEADER_LEN });
        }
        let flaw = Flaw::new("the header of this ledger's entries", "another one");
        Err(StoreError::damaged(&path, 0, flaw))
    }

    /// Gives every good block from the first, with the place where it ends, to `take`, until `take` wants no more or
    /// a block is not what was written.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`].
    pub fn each(&self, mut take: impl FnMut(Vec<u8>, u64) -> bool) -> Result<(), StoreError> {
        for block in self.blocks() {
            let (bytes, end) = block?;
            if !take(bytes, end) {
                break;
            }
        }
        Ok(())
    }

    /// Every good block from the first, with the place where it ends; the last is the one before the first that is not
    /// what was written.
    pub fn blocks(&self) -> Blocks<'_> {
        let from = From { file: &self.file, at: HEADER_LEN };
        Blocks { path: &self.path, file: BufReader::with_capacity(BUFFER_LEN, from), at: HEADER_LEN }
    }

    /// Length of the file in bytes.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`].
    pub fn bytes(&self) -> Result<u64, StoreError> {
        Ok(self.file.metadata().map_err(StoreError::io("read", &self.path))?.len())
    }

    /// Cuts off what lies behind `end`, the end of a block, or of the header where `None`.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`].
    pub fn cut(&mut self, end: Option<u64>) -> Result<(), StoreError> {
        self.end = end.unwrap_or(HEADER_LEN);
        self.file.set_len(self.end).map_err(StoreError::io("cut", &self.path))
    }

    /// Appends a block; it may be lost with the power.
    ///
    /// # Errors
    ///
    /// [`StoreError::Limit`] for an empty block or one above [`BLOCK_BYTES_MAX`]; [`StoreError::Io`].
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        let len =
            u32::try_from(bytes.len()).ok().filter(|len| (1..=BLOCK_BYTES_MAX).contains(&(*len as usize)));
        let Some(len) = len else {
            let (what, max) = ("length of a block in bytes", BLOCK_BYTES_MAX as u64);
            return Err(StoreError::Limit { what, min: 1, max, got: bytes.len() as u64 });
        };
        let mut block = Vec::with_capacity(bytes.len() + 8);
        block.extend_from_slice(&len.to_be_bytes());
        block.extend_from_slice(&checksum(self.end, bytes).to_be_bytes());
        block.extend_from_slice(bytes);
        self.file.write_all_at(&block, self.end).map_err(StoreError::io("write", &self.path))?;
        self.end += block.len() as u64; // OK because usize has at most 64 bits
        Ok(())
    }
}

/// Blocks as they are read, each with the place where it ends.
#[derive(Debug)]
pub struct Blocks<'a> {
    path: &'a Path,
    file: BufReader<From<'a>>,
    at: u64,
}

impl Iterator for Blocks<'_> {
    type Item = Result<(Vec<u8>, u64), StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let read = block(&mut self.file, self.at).map_err(StoreError::io("read", self.path));
        let bytes = match read.transpose()? {
            Ok(bytes) => bytes,
            Err(error) => return Some(Err(error)),
        };
        self.at += BLOCK_HEADER_LEN + bytes.len() as u64; // OK because usize has at most 64 bits
        Some(Ok((bytes, self.at)))
    }
}

/// A file from a place on, wherever others read it.
#[derive(Debug)]
struct From<'a> {
    file: &'a File,
    at: u64,
}

impl Read for From<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.file.read_at(into, self.at)?;
        self.at += count as u64; // OK because usize has at most 64 bits
        Ok(count)
    }
}

/// The block at `at`, from where `file` stands; `None` where there is no good one.
fn block(file: &mut impl Read, at: u64) -> std::io::Result<Option<Vec<u8>>> {
    let mut head = Vec::with_capacity(8);
    file.take(BLOCK_HEADER_LEN).read_to_end(&mut head)?;
    let Some((len, crc)) = head.split_first_chunk::<4>() else { return Ok(None) };
    let len = u32::from_be_bytes(*len) as usize; // OK because usize has at least 32 bits here
    if len == 0 || len > BLOCK_BYTES_MAX {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(len);
    file.take(len as u64).read_to_end(&mut bytes)?;
    let good = bytes.len() == len && *crc == checksum(at, &bytes).to_be_bytes();
    Ok(good.then_some(bytes))
}

fn header(ledger_id: &[u8; 32]) -> Vec<u8> {
    let mut header = [&MAGIC[..], ledger_id].concat();
    let crc = crc32c::crc32c(&header);
    header.extend_from_slice(&crc.to_be_bytes());
    header
}

/// The place is part of it, so that a block in another's place is found.
fn checksum(at: u64, bytes: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(&at.to_be_bytes()), bytes)
}
