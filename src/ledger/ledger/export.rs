//! The static log: a directory that any web server gives out, and any C2SP client reads. It holds what the newest signed checkpoint covers,
//! and nothing of the statements.

use std::fs;
use std::path::Path;

use super::checkpoint::write_whole;
use super::{Ledger, LedgerError};
use crate::durable::Survives;
use crate::limits::{SEAL_BYTES, TILE_WIDTH, wide};
use crate::log::SignedCheckpoint;
use crate::log::tile::{self, Tile};
use crate::merkle::{Hash, LeafHashes as _, leaf_hash};
use crate::store::Reader;

/// The file of the checkpoint in the static log.
const CHECKPOINT: &str = "checkpoint";

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The checkpoint that the files show.
    pub size: u64,
    /// Tiles that belong to it.
    pub tiles: usize,
    /// Tiles that were written; the others were there.
    pub written: usize,
}

impl<S: Reader> Ledger<S> {
    /// Writes the log as static tiles, as far as `signed` covers it. What is there and right is left alone, so that the next export writes
    /// what is new; the checkpoint comes last, so that a reader beside it finds every tile that it needs. Tiles are not synced one by one: they are
    /// derived, and after a power cut another export writes again what was lost.
    ///
    /// # Errors
    /// [`LedgerError::Fork`] where the directory holds another history; [`LedgerError::Io`]; [`LedgerError::NoSubmission`] for a
    /// checkpoint beyond the log.
    pub fn export(&self, dir: &Path, signed: &SignedCheckpoint) -> Result<Exported, LedgerError> {
        let size = signed.checkpoint().size();
        let beyond = || LedgerError::NoSubmission { index: size.saturating_sub(1), size: self.size() };
        if size > self.size() {
            return Err(beyond());
        }
        let leaves: Vec<Hash> = (0..size).map(|index| self.leaves().leaf(index)).collect::<Result<_, _>>()?;
        self.check_extends(signed, Path::new("the checkpoint given"))?;
        let beside = dir.join(CHECKPOINT);
        if let Some(earlier) = self.read_signed(&beside)? {
            self.check_extends(&earlier, &beside)?;
        }
        let mut exported = Exported { size, tiles: 0, written: 0 };
        let mut put = |tile: Tile, bytes: &[u8]| -> Result<(), LedgerError> {
            exported.tiles += 1;
            let path = dir.join(tile.to_string());
            if fs::read(&path).is_ok_and(|there| there == bytes) {
                return Ok(());
            }
            exported.written += 1;
            write_whole(&path, bytes, Survives::Readers)
        };
        for (tile, bytes) in tile::hash_tiles(&leaves) {
            put(tile, &bytes)?;
        }
        for tile in tile::entry_tiles(size) {
            put(tile, &self.entries_of(tile)?)?;
        }
        let note = signed.note().to_string();
        write_whole(&beside, note.as_bytes(), Survives::Power)?;
        Ok(exported)
    }

    fn entries_of(&self, tile: Tile) -> Result<Vec<u8>, LedgerError> {
        let first = tile.index * wide(TILE_WIDTH); // OK because both count submissions of this log.
        let mut seals = Vec::with_capacity(tile.width);
        for index in (first..).take(tile.width) {
            let seal = self.seal(index)?.to_bytes();
            if self.leaves().leaf(index)? != leaf_hash(&seal) {
                let problem = "the seal is not the one in the log's tree".into();
                return Err(LedgerError::Damaged { index, problem });
            }
            seals.push(seal);
        }
        let bytes = tile::entries(seals.iter().map(<[u8; SEAL_BYTES]>::as_slice));
        bytes.ok_or_else(|| LedgerError::Damaged {
            index: first,
            problem: "a seal is too long for a tile".into(),
        })
    }
}
