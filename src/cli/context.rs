//! What every verb works with: the ledger's directory, the clock, the system's randomness, and where to print. The only place of the project
//! that asks for the time or for random bytes.

mod asking;

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use pcf_desk::import::{AheadError, Caused};
use pcf_desk::session::{self, Session, Task};
use pcf_desk::{DeskError, Note};
use pcf_ledger::admission::Book;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{ActorId, Instant, Salt};
use pcf_ledger::sign::SigningKey;
use pcf_ledger::store::Holder;
use pcf_ledger::store::file::{FileReader, FileStore};

use crate::cli::Global;
use crate::error::CliError;
use crate::output::Output;
use crate::progress::Progress;

/// What every verb works with.
#[derive(Debug)]
pub struct Context {
    /// The ledger's directory.
    pub dir: PathBuf,
    /// Where to print.
    pub output: Output,
    verb: &'static str,
}

impl Context {
    /// From the global arguments and the verb's name, which the lock shows to others.
    pub fn new(global: &Global, verb: &'static str) -> Self {
        Self { dir: global.ledger.clone(), output: Output::new(global.format, global.quiet), verb }
    }

    /// Opens the ledger for reading; works beside a writer.
    pub fn read_ledger(&self) -> Result<Ledger<FileReader>, CliError> {
        Ok(Ledger::read(&self.dir)?)
    }

    /// Opens the ledger for writing and takes its lock.
    pub fn open_ledger(&self) -> Result<Ledger<FileStore>, CliError> {
        Ok(Ledger::open(&self.dir, &self.holder()?)?)
    }

    /// What this process says about itself in the lock.
    pub fn holder(&self) -> Result<Holder, CliError> {
        Ok(Holder { label: format!("pcf {}", self.verb), started: self.now()?.to_string() })
    }

    /// The system's clock, to the second.
    pub fn now(&self) -> Result<Instant, CliError> {
        now()
    }

    /// Random bytes of the system.
    pub fn random<const N: usize>(&self) -> Result<[u8; N], CliError> {
        Ok((self as &dyn Session).random()?)
    }

    /// A new salt for a statement.
    pub fn salt(&self) -> Result<Salt, CliError> {
        Ok(Salt::from_bytes(self.random()?))
    }

    /// Who says what this key signs: its actor by the ledger's keyring, which `--by` must agree with where it is given.
    pub fn signer(&self, book: &Book, key: &SigningKey, by: Option<&ActorId>) -> Result<ActorId, CliError> {
        Ok(pcf_desk::keys::signer(book, key, by)?)
    }

    /// Reads a file that is at most `limit` bytes long; its size is checked before it is read.
    pub fn load(&self, path: &Path, limit: u64) -> Result<Vec<u8>, CliError> {
        use std::io::Read as _;
        let failed = |error: std::io::Error| CliError::io("read", path, &error);
        let too_long =
            |got: u64| CliError::no(format!("{}: expected at most {limit} bytes, got {got}", path.display()));
        let file = std::fs::File::open(path).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        if length > limit {
            return Err(too_long(length));
        }
        let mut bytes = Vec::new();
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
        // OK because a usize has at most 64 bits.
        if bytes.len() as u64 > limit { Err(too_long(bytes.len() as u64)) } else { Ok(bytes) }
    }
}

impl Session for Context {
    fn now_s(&self) -> Result<u64, DeskError> {
        unix_s().ok_or(DeskError::Clock)
    }

    fn fill(&self, bytes: &mut [u8]) -> Result<(), DeskError> {
        getrandom::fill(bytes).map_err(|e| DeskError::Randomness { cause: e.to_string() })
    }

    fn note(&self, note: &Note) {
        let text = note.to_string();
        if note.is_warning() { self.output.warning(&text) } else { self.output.note(&text) }
    }

    fn goes_on(&self, caused: &Caused) -> Result<bool, DeskError> {
        asking::goes_on(self, caused).map_err(|cause| AheadError::NotAsked(cause).into())
    }

    fn begin(&self, task: Task) -> Box<dyn session::Progress> {
        Box::new(Progress::of(self, task))
    }
}

/// The system's clock, to the second.
pub fn now() -> Result<Instant, CliError> {
    let seconds = i64::try_from(unix_s().ok_or(DeskError::Clock)?).unwrap_or(i64::MAX);
    Ok(Instant::from_unix_s(seconds)?)
}

/// None before 1970.
fn unix_s() -> Option<u64> {
    SystemTime::now().duration_since(UNIX_EPOCH).ok().map(|since| since.as_secs())
}
