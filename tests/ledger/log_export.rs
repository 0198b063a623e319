//! An implementation that is not ours reads the exported static log, and the export writes nothing
//! that it must not.

use std::fs;
use std::path::Path;

use pcf_ledger::ledger::{Ledger, LedgerError};
use pcf_ledger::store::memory::MemoryStore;
use pcf_testing::{ACME, LOG, OPERATOR, actor, factor, genesis, key, statement};
use tempfile::TempDir;
use tlog_tiles::{Hash, TileHashReader, TileReader, prove_record, tree_hash};

/// Tiles in the C2SP layout, for the other implementation, whose own paths name the height too.
struct Files<'a>(&'a Path);

impl TileReader for Files<'_> {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[tlog_tiles::Tile]) -> Result<Vec<Vec<u8>>, tlog_tiles::Error> {
        let read = |tile: &tlog_tiles::Tile| {
            let path = tile.path().replacen("tile/8/", "tile/", 1);
            fs::read(self.0.join(path)).map_err(|_| tlog_tiles::Error::InvalidTile)
        };
        tiles.iter().map(read).collect()
    }

    fn save_tiles(&self, _: &[tlog_tiles::Tile], _: &[Vec<u8>]) {}
}

/// A ledger of `size` submissions.
fn ledger(size: u64, name: &str) -> Ledger<MemoryStore> {
    let mut ledger = Ledger::in_memory(genesis(), &key(OPERATOR), 0).unwrap();
    ledger.append(&key(OPERATOR), 0, &[statement(actor("acme", &[ACME]))]).unwrap();
    extend(&mut ledger, size, name);
    ledger
}

fn extend(ledger: &mut Ledger<MemoryStore>, size: u64, name: &str) {
    for n in ledger.size()..size {
        ledger.append(&key(ACME), n, &[statement(factor("acme", &format!("{name}-{n}")))]).unwrap();
    }
}

#[test]
fn another_implementation_reads_the_tiles_of_every_size_and_gets_the_same_root() {
    let dir = TempDir::new().unwrap();
    let mut ledger = ledger(2, "a");
    for size in [2, 255, 256, 257, 513] {
        extend(&mut ledger, size, "a");
        let signed = ledger.sign_checkpoint(&key(LOG), &[]).unwrap();
        let exported = ledger.export(dir.path(), &signed).unwrap();
        assert_eq!(exported.size, size);
        let files = Files(dir.path());
        let root = Hash(*signed.checkpoint().root());
        let reader = TileHashReader::new(size, root, &files);
        assert_eq!(tree_hash(size, &reader).unwrap(), root, "at size {size}");
        assert_eq!(ledger.export(dir.path(), &signed).unwrap().written, 0, "what is there is left alone");
    }
    let tile = dir.path().join("tile/0/001");
    let mut bytes = fs::read(&tile).unwrap();
    bytes[40] ^= 1;
    fs::write(&tile, &bytes).unwrap();
    let signed = ledger.sign_checkpoint(&key(LOG), &[]).unwrap();
    let root = Hash(*signed.checkpoint().root());
    let proven = || prove_record(513, 257, &TileHashReader::new(513, root, &Files(dir.path())));
    assert!(proven().is_err(), "a changed tile is found");
    assert_eq!(ledger.export(dir.path(), &signed).unwrap().written, 1, "and written again");
    assert!(proven().is_ok());
}

#[test]
fn a_directory_that_shows_another_history_is_left_alone() {
    let dir = TempDir::new().unwrap();
    let (one, other) = (ledger(5, "a"), ledger(7, "b"));
    one.export(dir.path(), &one.sign_checkpoint(&key(LOG), &[]).unwrap()).unwrap();
    let before = fs::read(dir.path().join("checkpoint")).unwrap();
    let refused = other.export(dir.path(), &other.sign_checkpoint(&key(LOG), &[]).unwrap());
    assert!(matches!(refused, Err(LedgerError::Fork { size: 7, signed: 5, .. })), "{refused:?}");
    assert_eq!(fs::read(dir.path().join("checkpoint")).unwrap(), before);
    let beyond = one.export(dir.path(), &other.sign_checkpoint(&key(LOG), &[]).unwrap());
    assert!(matches!(beyond, Err(LedgerError::NoSubmission { .. })), "{beyond:?}");
}
