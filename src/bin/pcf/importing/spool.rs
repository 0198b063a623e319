//! Signed submissions on their way into the log: a few in memory, many in a file that has no name and vanishes with the process. Nothing is appended
//! before the last one is signed and judged.

use std::fs::{File, OpenOptions};
use std::io::{BufReader, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use pcf_ledger::ledger::Submission;
use pcf_ledger::sign::Seal;

use crate::error::CliError;

/// The bytes of statements that are kept in memory.
const HELD_BYTES_MAX: usize = 16 << 20;

/// Submissions in order.
pub struct Spool {
    dir: PathBuf,
    held: Vec<Submission>,
    held_bytes: usize,
    file: Option<BufWriter<File>>,
    spilled: u64,
}

impl Spool {
    /// An empty one; `dir` is where its file lies if it needs one.
    pub fn new(dir: &Path) -> Self {
        Self { dir: dir.to_path_buf(), held: Vec::new(), held_bytes: 0, file: None, spilled: 0 }
    }

    /// Adds one behind the others.
    pub fn push(&mut self, submission: Submission) -> Result<(), CliError> {
        self.held_bytes += submission.statements.iter().map(Vec::len).sum::<usize>();
        self.held.push(submission);
        if self.held_bytes <= HELD_BYTES_MAX {
            return Ok(());
        }
        if self.file.is_none() {
            self.file = Some(BufWriter::with_capacity(1 << 20, nameless(&self.dir)?));
        }
        let Some(file) = &mut self.file else { return Ok(()) };
        for submission in self.held.drain(..) {
            write(file, &submission)
                .map_err(|e| CliError::io("write beside the ledger in", &self.dir, &e))?;
            self.spilled += 1;
        }
        self.held_bytes = 0;
        Ok(())
    }

    /// Hands every submission out, in order, once.
    pub fn submissions(self) -> Result<impl Iterator<Item = Result<Submission, CliError>> + Send, CliError> {
        let Self { dir, held, file, spilled, .. } = self;
        let failed = move |e: std::io::Error| CliError::io("read beside the ledger in", &dir, &e);
        let file = match file {
            None => None,
            Some(file) => {
                let mut file = file.into_inner().map_err(|e| failed(e.into_error()))?;
                file.seek(SeekFrom::Start(0)).map_err(&failed)?;
                Some(BufReader::with_capacity(1 << 20, file))
            }
        };
        let count = spilled * u64::from(file.is_some());
        let mut file = file;
        let spilled = (0..count).filter_map(move |_| Some(read(file.as_mut()?).map_err(&failed)));
        Ok(spilled.chain(held.into_iter().map(Ok)))
    }
}

/// A file whose name is taken away at once, so that no crash leaves it behind.
fn nameless(dir: &Path) -> Result<File, CliError> {
    let path = dir.join(format!("import-{}.tmp", std::process::id()));
    let failed = |e: std::io::Error| CliError::io("create", &path, &e);
    let file = OpenOptions::new().read(true).write(true).create_new(true).open(&path).map_err(failed)?;
    std::fs::remove_file(&path).map_err(failed)?;
    Ok(file)
}

fn write(file: &mut BufWriter<File>, submission: &Submission) -> std::io::Result<()> {
    file.write_all(&submission.seal.to_bytes())?;
    for statement in &submission.statements {
        // OK because a statement has at most 1 MiB.
        file.write_all(&u32::try_from(statement.len()).unwrap_or(u32::MAX).to_be_bytes())?;
        file.write_all(statement)?;
    }
    Ok(())
}

fn read(file: &mut BufReader<File>) -> std::io::Result<Submission> {
    let mut seal = [0; 184];
    file.read_exact(&mut seal)?;
    let seal = Seal::parse(&seal).map_err(std::io::Error::other)?;
    let mut statements = Vec::new();
    for _ in 0..seal.count() {
        let mut length = [0; 4];
        file.read_exact(&mut length)?;
        let mut statement =
            vec![0; usize::try_from(u32::from_be_bytes(length)).map_err(std::io::Error::other)?];
        file.read_exact(&mut statement)?;
        statements.push(statement);
    }
    Ok(Submission { seal, statements })
}
