//! What every verb works with: the ledger's directory, the clock, the system's randomness, and where to print. The only place of the project
//! that asks for the time or for random bytes.

mod asking;

pub use asking::{answer, approved};

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use pcf_desk::import::{AheadError, Caused};
use pcf_desk::project::Project;
use pcf_desk::session::{self, Session, Task};
use pcf_desk::{DeskError, Note};
use pcf_ledger::admission::Book;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{ActorId, Instant, Salt};
use pcf_ledger::sign::SigningKey;
use pcf_ledger::store::Holder;
use pcf_ledger::store::file::{FileReader, FileStore};
use zeroize::Zeroizing;

use crate::cli::Global;
use crate::error::CliError;
use crate::output::Output;
use crate::progress::Progress;

/// What every verb works with.
#[derive(Debug)]
pub struct Context {
    /// The ledger's directory.
    pub dir: PathBuf,
    /// What is known beside the ledger, where `pcf.toml` says it of this one.
    pub project: Option<Project>,
    /// Where to print.
    pub output: Output,
    verb: &'static str,
    /// The passphrase that opened a key last: the next key may have the same.
    passphrase: Mutex<Option<Zeroizing<Vec<u8>>>>,
    /// True once somebody has approved what is appended.
    approved: AtomicBool,
}

impl Context {
    /// From the global arguments, the nearest project, and the verb's name, which the lock shows to
    /// others. A ledger that is named is the one that counts, and a project of another is left
    /// aside.
    pub fn new(global: &Global, verb: &'static str) -> Result<Self, CliError> {
        let found = Project::find(Path::new("")).map_err(DeskError::from)?;
        let context = Self::without_project(global, verb);
        let Some(project) = found else { return Ok(context) };
        let dir = global.ledger.clone().unwrap_or_else(|| project.ledger.clone());
        if !project.is_of(&dir) && std::env::var_os("PCF_LEDGER").is_some_and(|named| *named == *dir) {
            let (file, dir) = (project.file.display(), dir.display());
            context.output.note(&format!("{file} is left aside: PCF_LEDGER names the ledger {dir}"));
        }
        let project = Some(project).filter(|project| project.is_of(&dir));
        Ok(Self { dir, project, ..context })
    }

    /// The same where no project is looked for.
    pub fn without_project(global: &Global, verb: &'static str) -> Self {
        Self {
            dir: global.ledger.clone().unwrap_or_else(|| PathBuf::from(".")),
            project: None,
            output: Output::new(global.format, global.quiet),
            verb,
            passphrase: Mutex::default(),
            approved: AtomicBool::new(false),
        }
    }

    /// The passphrase that opened a key last.
    pub fn passphrase(&self) -> Option<Zeroizing<Vec<u8>>> {
        self.passphrase.lock().ok()?.clone()
    }

    /// Keeps a passphrase until the command ends.
    pub fn keep_passphrase(&self, passphrase: &Zeroizing<Vec<u8>>) {
        if let Ok(mut kept) = self.passphrase.lock() {
            *kept = Some(passphrase.clone());
        }
    }

    /// Says that what is appended next was shown and approved.
    pub fn approve(&self) {
        self.approved.store(true, Ordering::Relaxed);
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
        getrandom::fill(bytes).map_err(|e| DeskError::Randomness(e.to_string()))
    }

    fn note(&self, note: &Note) {
        let text = note.to_string();
        if note.is_warning() { self.output.warning(&text) } else { self.output.note(&text) }
    }

    fn goes_on(&self, caused: &Caused) -> Result<bool, DeskError> {
        if self.approved.load(Ordering::Relaxed) {
            return Ok(true);
        }
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
