//! A finished desk: a directory in which the real binary runs, and the record of each run: exit
//! code,
//! standard output, standard error and every file written. It decides neither what runs nor what is
//! right.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use pcf_ledger::codec::digest::sha256;
use tempfile::TempDir;

use crate::commands::{Asked, Words};
use crate::maker::{Maker, files};
use crate::mask;

/// Longer output is recorded by its first lines and its digest.
const OUTPUT_BYTES_MAX: usize = 256 << 10;
/// Longer files, and those that are no text, are recorded by length and digest.
const FILE_BYTES_MAX: usize = 16 << 10;
const FIRST_LINES: usize = 100;
/// Files under `led` that are no part of the truth: the lock names a process, the others are
/// derived
/// (`schemas/ledger-files.md`).
const DERIVED: [&str; 3] = ["led/lock", "led/log/", "led/index/"];

/// What is recorded under one title: a run, or a list of files.
pub struct Entry {
    pub title: String,
    pub lines: Vec<String>,
}

/// A desk and what is asked on it.
pub struct Desk {
    pub name: &'static str,
    pub words: Words,
    dir: TempDir,
    /// Commands of this desk alone.
    pub lines: Vec<String>,
}

impl Desk {
    /// Reads from the ledger what the commands name, lays the files of the verifier out, and closes
    /// the
    /// ledger.
    pub fn new(name: &'static str, maker: Maker, asked: Asked, lines: &[&str]) -> Self {
        let words = Words::new(&maker, asked);
        words.lay_out(&maker);
        let lines = lines.iter().map(|&line| line.to_owned()).collect();
        Self { name, words, dir: maker.close(), lines }
    }

    /// A desk without a ledger.
    pub fn empty() -> Self {
        let dir = TempDir::new().unwrap();
        Self { name: "none", words: Words::default(), dir, lines: Vec::new() }
    }

    /// Every file that the library wrote, by its digest.
    pub fn truth(&self, title: &str) -> Entry {
        let lines = files(self.dir.path()).into_iter().filter_map(|path| {
            let name = path.to_str().unwrap();
            let counts = ["led/", "published/"].iter().any(|dir| name.starts_with(dir));
            let derived = DERIVED.iter().any(|derived| name.starts_with(derived));
            (counts && !derived).then(|| described(self.dir.path(), &path))
        });
        Entry { title: format!("{} $ ({title})", self.name), lines: lines.collect() }
    }

    /// Runs one line, whose words in braces stand for what the ledger holds.
    pub fn run(&self, line: &str) -> Entry {
        let arguments = self.words.split(line);
        let lines = ran(self.dir.path(), &arguments, &|text| text.to_owned());
        Entry { title: format!("{} $ pcf {}", self.name, shown(&arguments)), lines }
    }

    /// Runs lines that write on a copy of the desk, one after the other. Salts, times and new keys
    /// come from
    /// the system there, so that digests, identifiers and times are masked, and files written count
    /// by their
    /// names alone.
    pub fn run_on_a_copy(&self, lines: &[&str]) -> Vec<Entry> {
        let copy = TempDir::new().unwrap();
        for path in files(self.dir.path()) {
            let to = copy.path().join(&path);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(self.dir.path().join(&path), to).unwrap();
        }
        let run = |line: &&str| {
            let arguments = self.words.split(line);
            let before = files(copy.path());
            let mut lines = ran(copy.path(), &arguments, &mask::masked);
            lines.retain(|line| !line.starts_with(['>', ':']));
            let mut new = files(copy.path());
            new.retain(|path| !before.contains(path));
            // The derived files of a ledger that was made here, too: their names are their own.
            let derived = |path: &Path| {
                DERIVED.iter().any(|part| path.to_str().unwrap().contains(&part["led".len()..]))
            };
            new.retain(|path| !derived(path));
            let mut names: Vec<String> =
                new.iter().map(|path| mask::masked(path.to_str().unwrap())).collect();
            names.sort();
            lines.extend(names.into_iter().map(|name| format!("> {name}")));
            Entry { title: format!("{} (copy) $ pcf {}", self.name, shown(&arguments)), lines }
        };
        lines.iter().map(run).collect()
    }
}

/// The binary under test; `PCF_GOLDEN_BIN` names another one to compare with.
fn binary() -> PathBuf {
    std::env::var_os("PCF_GOLDEN_BIN").map_or_else(|| env!("CARGO_BIN_EXE_pcf").into(), PathBuf::from)
}

fn shown(arguments: &[String]) -> String {
    let quoted = |word: &String| if word.contains([' ', '\'']) { format!("{word:?}") } else { word.clone() };
    arguments.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

/// Runs the binary with an environment of its own, so that nothing of the caller's shell reaches
/// the output.
fn ran(dir: &Path, arguments: &[String], clean: &dyn Fn(&str) -> String) -> Vec<String> {
    let out = dir.join("out");
    let _ = fs::remove_dir_all(&out);
    fs::create_dir(&out).unwrap();
    let mut command = Command::new(binary());
    command.args(arguments).current_dir(dir).stdin(Stdio::null());
    command.env_clear().env("PCF_LEDGER", "led").env("TMPDIR", dir);
    let output = command.output().unwrap();
    let mut lines =
        vec![format!("exit {}", output.status.code().map_or("by a signal".into(), |c| c.to_string()))];
    for (sign, bytes) in [('|', output.stdout), ('!', output.stderr)] {
        let text = clean(&mask::in_2026(&String::from_utf8(bytes).unwrap()));
        let all = if text.len() > OUTPUT_BYTES_MAX { FIRST_LINES } else { usize::MAX };
        lines.extend(text.lines().take(all).map(|line| format!("{sign} {line}")));
        if all == FIRST_LINES {
            lines.push(format!("{sign} (in all {} bytes, {})", text.len(), digest(text.as_bytes())));
        }
    }
    for path in files(&out) {
        lines.push(format!("> {}", described(&out, &path)));
        let bytes = fs::read(out.join(&path)).unwrap();
        if let Some(text) = String::from_utf8(bytes).ok().filter(|text| text.len() <= FILE_BYTES_MAX) {
            lines.extend(text.lines().map(|line| format!(": {line}")));
        }
    }
    fs::remove_dir_all(&out).unwrap();
    lines
}

fn described(dir: &Path, path: &Path) -> String {
    let bytes = fs::read(dir.join(path)).unwrap();
    format!("{} {} {}", path.display(), bytes.len(), digest(&bytes))
}

fn digest(bytes: &[u8]) -> String {
    let hex = sha256(&[bytes]).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    format!("sha256:{hex}")
}
