//! The manifest: which runs there are and the log that they were derived from. It is replaced
//! whole; one that is missing, damaged, of another ledger or of another layout is no manifest. It
//! never opens a run.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use crate::codec::digest::sha256;
use crate::limits::wide;
use crate::merkle::Frontier;
use crate::store::medium::Medium;
use crate::store::{Head, Position};
use crate::stored::{self, STORED_BYTES_MAX, StoredRunFile, StoredRuns};

use super::RunsError;
use super::layout::LAYOUT;

/// The file's name in the directory of the runs.
pub(super) const FILE_NAME: &str = "manifest";
/// What is renamed over it.
pub(super) const DRAFT_NAME: &str = "manifest.new";
const MAGIC: [u8; 8] = *b"PCFRUNS1";
/// Magic, layout version, ledger id.
const FRAME_HEAD_LEN: usize = 8 + 4 + 32;
/// SHA-256 of all bytes before.
const FRAME_END_LEN: usize = 32;
/// The longest manifest.
const BYTES_MAX: usize = FRAME_HEAD_LEN + STORED_BYTES_MAX + FRAME_END_LEN;
/// More rows of one table are none, so that places in a file cannot overflow.
const ROWS_MAX: u64 = 1 << 48;

/// What the manifest says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) head: Head,
    pub(super) frontier: Frontier,
    /// Actors, by number.
    pub(super) names: Vec<String>,
    /// Oldest first; adjacent, from the first statement and seal on.
    pub(super) runs: Vec<StoredRunFile>,
}

/// The manifest's bytes in `dir`; `None` where there is none. Longer ones are cut off, and then not
/// decoded.
pub(super) fn read(dir: &Path) -> Result<Option<Vec<u8>>, RunsError> {
    let path = dir.join(FILE_NAME);
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(RunsError::io("open", &path)(error)),
    };
    let mut bytes = Vec::new();
    file.take(wide(BYTES_MAX) + 1).read_to_end(&mut bytes).map_err(RunsError::io("read", &path))?;
    Ok(Some(bytes))
}

impl Manifest {
    /// The manifest of this ledger's runs in these bytes, if they are one.
    pub(super) fn decode(bytes: &[u8], ledger_id: &[u8; 32]) -> Option<Self> {
        let (framed, sum) = bytes.split_last_chunk::<FRAME_END_LEN>()?;
        if sha256(&[framed]) != *sum {
            return None;
        }
        let value = framed.strip_prefix(frame_head(ledger_id).as_slice())?;
        let StoredRuns { size, root, position, peaks, names, runs } = stored::read(value).ok()?;
        let frontier = Frontier::from_parts(size, peaks).ok()?;
        let head = Head { size, root, position: Position::from_bytes(position) };
        let manifest = Self { head, frontier, names, runs };
        (manifest.frontier.root() == root && manifest.is_whole()).then_some(manifest)
    }

    /// Whether the runs are adjacent and reach from the first statement and seal to the log's size.
    fn is_whole(&self) -> bool {
        let (mut statement, mut seal) = (0, 0);
        for run in &self.runs {
            let continues = (run.first_statement, run.first_seal) == (statement, seal);
            let forward = run.end_statement > statement && run.end_seal > seal;
            if !continues || !forward || run.postings.max(run.ended).max(run.end_seal) > ROWS_MAX {
                return false;
            }
            (statement, seal) = (run.end_statement, run.end_seal);
        }
        seal == self.head.size
    }

    /// Replaces the manifest in `dir`, whole or not at all, and makes it durable.
    pub(super) fn write(
        &self,
        dir: &Path,
        ledger_id: &[u8; 32],
        medium: &dyn Medium,
    ) -> Result<(), RunsError> {
        let (size, peaks) = self.frontier.parts();
        let value = StoredRuns {
            size,
            root: self.head.root,
            position: self.head.position.to_bytes(),
            peaks: peaks.to_vec(),
            names: self.names.clone(),
            runs: self.runs.clone(),
        };
        let mut bytes = frame_head(ledger_id);
        bytes.extend_from_slice(&stored::write(&value)?);
        let sum = sha256(&[&bytes]);
        bytes.extend_from_slice(&sum);
        let (path, draft) = (dir.join(FILE_NAME), dir.join(DRAFT_NAME));
        let file = medium.create(&draft).map_err(RunsError::io("create", &draft))?;
        medium.write_at(&draft, &file, 0, &bytes).map_err(RunsError::io("write", &draft))?;
        medium.sync(&draft, &file).map_err(RunsError::io("sync", &draft))?;
        medium.rename(&draft, &path).map_err(RunsError::io("write", &path))?;
        medium.sync_dir(dir).map_err(RunsError::io("sync", dir))
    }
}

fn frame_head(ledger_id: &[u8; 32]) -> Vec<u8> {
    [&MAGIC[..], &LAYOUT.to_le_bytes(), ledger_id].concat()
}
