//! Catalogue cases of the derived runs: damage, what is not there, batches that do not fit, failed
//! writes.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use pcf_ledger::merkle::{Frontier, leaf_hash};
use pcf_ledger::runs::{Batch, SealRow, StatementRow, Writer};
use pcf_ledger::store::fault::{Fault, FaultMedium};
use pcf_ledger::store::medium::Disk;
use pcf_ledger::store::{Head, Position};
use tempfile::TempDir;

use super::catalogue::Catalogue;

/// The genesis.
fn batch() -> Batch {
    let (leaf, end) = (leaf_hash(b"a seal"), Position::from_bytes([1; 16]));
    let frontier = Frontier::from_leaves(&[leaf]);
    let (id, subject, position) = ([1; 32], [2; 32], Position::from_bytes([0; 16]));
    Batch {
        statements: vec![StatementRow {
            id,
            subject,
            position,
            index: 0,
            ordinal: 0,
            kind: 0,
            by: 0,
            replaces: None,
        }],
        seals: vec![SealRow { leaf, end, first: 0 }],
        tiles: Vec::new(),
        postings: Vec::new(),
        ended: Vec::new(),
        new_names: vec!["operator".to_owned()],
        head: Head { size: 1, root: frontier.root(), position: end },
        frontier,
    }
}

fn writer(dir: &Path) -> Writer {
    Writer::open(dir, &[7; 32], Arc::new(Disk)).unwrap().0
}

pub fn provoke(c: &mut Catalogue) {
    let dir = TempDir::new().unwrap();
    let mut writer = writer(dir.path());
    let runs = writer.flush(batch()).unwrap();
    c.case("a statement that the derived runs do not have", runs.statement(1));
    c.case("tags out of order", runs.find_all(&[2, 1], |_, _| {}));
    c.case("the genesis a second time", writer.flush(batch()));
    let files = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().path());
    let run = files.into_iter().find(|path| path.extension().is_some_and(|e| e == "run")).unwrap();
    let mut flipped = fs::read(&run).unwrap();
    flipped[1024] ^= 1;
    fs::write(&run, flipped).unwrap();
    c.case("one flipped bit in a derived run", runs.statement(0));

    let (broken, medium) = (TempDir::new().unwrap(), Arc::new(FaultMedium::new(4, Fault::Lost)));
    let (mut writer, _) = Writer::open(broken.path(), &[7; 32], medium).unwrap();
    c.case("a derived run that cannot be written", writer.flush(batch()));
    c.case("a batch after a write that failed", writer.flush(batch()));
}
