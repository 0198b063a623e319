//! A project: the file `pcf.toml`, which names the ledger, the signer, the key files and what is
//! usual here, so that no verb has to be told. It holds paths and never a key or a passphrase.

mod begin;
mod error;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use pcf_ledger::model::{ActorId, Date, Instant, Period, ValueError};
use pcf_ledger::publish::ChoicePart;
use serde::{Deserialize, Serialize};

use crate::{periods, write};

pub use begin::{Beginning, Begun, begin};
pub use error::ProjectError;

/// What the file is called.
pub const FILE_NAME: &str = "pcf.toml";

/// A longer file is no project.
const FILE_BYTES_MAX: u64 = 65_535;

/// The version of the file that this program reads and writes.
const VERSION: u8 = 1;

/// The years after its period for which a footprint is valid at most, and here by default (PACT,
/// `validityPeriodEnd`).
const VALID_YEARS: u8 = 3;

/// Seconds of a day, which no leap second changes in Unix time.
const DAY_S: i64 = 86_400;

/// The language of files that are made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Simplified Chinese.
    #[serde(rename = "zh")]
    Chinese,
}

impl Language {
    /// Returns its code, as the file has it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }
}

/// The file as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    version: u8,
    ledger: PathBuf,
    signer: ActorId,
    period: Option<String>,
    #[serde(default = "valid_years")]
    valid_years: u8,
    #[serde(default = "out")]
    out: PathBuf,
    gate: Option<PathBuf>,
    #[serde(default)]
    show: Vec<String>,
    #[serde(default)]
    language: Language,
    #[serde(default)]
    keys: KeyFiles,
}

/// The files of the keys that this machine has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFiles {
    /// Signs statements.
    pub signer: Option<PathBuf>,
    /// Enrols actors and states what holds.
    pub operator: Option<PathBuf>,
    /// Signs checkpoints.
    pub log: Option<PathBuf>,
}

const fn valid_years() -> u8 {
    VALID_YEARS
}

fn out() -> PathBuf {
    PathBuf::from("published")
}

/// What is known beside a ledger; paths are as a command in the present directory takes them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Project {
    /// The file itself.
    pub file: PathBuf,
    /// The directory of the ledger.
    pub ledger: PathBuf,
    /// Who signs.
    pub signer: ActorId,
    /// The period in use.
    pub period: Option<Period>,
    /// How many years after its period a footprint is valid.
    pub valid_years: u8,
    /// Where documents go.
    pub out: PathBuf,
    /// What the release check requires.
    pub gate: Option<PathBuf>,
    /// What public documents show beside headers and rounded figures.
    pub show: Vec<ChoicePart>,
    /// The language of files that are made.
    pub language: Language,
    /// The key files.
    pub keys: KeyFiles,
}

impl Project {
    /// Finds the nearest project in a directory or above it, as git finds its own.
    ///
    /// # Errors
    /// [`ProjectError::Unread`] for a file that is there and cannot be used.
    pub fn find(start: &Path) -> Result<Option<Self>, ProjectError> {
        // The empty path is the present directory, which `absolute` does not take it for.
        let Ok(absolute) = std::path::absolute(start.join(".")) else { return Ok(None) };
        let mut above = start.to_path_buf();
        for _ in absolute.ancestors() {
            let file = above.join(FILE_NAME);
            if file.is_file() {
                return Self::read(&file).map(Some);
            }
            above.push("..");
        }
        Ok(None)
    }

    /// Reads a project's file.
    ///
    /// # Errors
    /// [`ProjectError::Unread`].
    pub fn read(file: &Path) -> Result<Self, ProjectError> {
        let unread = |problem: String| ProjectError::Unread { file: file.to_path_buf(), problem };
        let length = std::fs::metadata(file).map_err(|e| unread(e.to_string()))?.len();
        if length > FILE_BYTES_MAX {
            return Err(unread(format!("expected at most {FILE_BYTES_MAX} bytes, got {length}")));
        }
        let text = std::fs::read_to_string(file).map_err(|e| unread(e.to_string()))?;
        let settings: Settings =
            toml::from_str(&text).map_err(|e| unread(e.to_string().trim_end().to_owned()))?;
        if settings.version != VERSION {
            return Err(unread(format!("expected version = {VERSION}, got {}", settings.version)));
        }
        if settings.valid_years == 0 || settings.valid_years > VALID_YEARS {
            let got = settings.valid_years;
            return Err(unread(format!("expected valid_years of 1 to {VALID_YEARS}, got {got}")));
        }
        let period = settings.period.as_deref().map(periods::read).transpose();
        let period = period.map_err(|e| unread(e.to_string()))?;
        let show = settings
            .show
            .iter()
            .map(|part| part.parse().map_err(|e| unread(format!("show: {e}, got {part}"))));
        let show = show.collect::<Result<Vec<ChoicePart>, _>>()?;
        let dir = file.parent().unwrap_or(Path::new(""));
        let placed = |path: &PathBuf| dir.join(path);
        let KeyFiles { signer, operator, log } = &settings.keys;
        Ok(Self {
            file: file.to_path_buf(),
            ledger: placed(&settings.ledger),
            signer: settings.signer,
            period,
            valid_years: settings.valid_years,
            out: placed(&settings.out),
            gate: settings.gate.as_ref().map(placed),
            show,
            language: settings.language,
            keys: KeyFiles {
                signer: signer.as_ref().map(placed),
                operator: operator.as_ref().map(placed),
                log: log.as_ref().map(placed),
            },
        })
    }

    /// Returns true where the project is about the ledger in this directory.
    pub fn is_of(&self, ledger: &Path) -> bool {
        let same = |one: &Path, other: &Path| Some(one.canonicalize().ok()? == other.canonicalize().ok()?);
        self.ledger == ledger || same(&self.ledger, ledger).unwrap_or(false)
    }

    /// Returns the last day on which a footprint of a period is valid here.
    ///
    /// # Errors
    /// [`ValueError`] beyond the year 9999.
    pub fn valid_until(&self, period: Period) -> Result<Date, ValueError> {
        let after = Instant::at_start_of(period.end().plus_years(i16::from(self.valid_years))?);
        Ok(Instant::from_unix_s(after.unix_s().saturating_sub(DAY_S))?.date())
    }
}

/// Names and paths as the file has them, relative to it.
#[derive(Debug)]
struct Written<'a> {
    company: &'a str,
    signer: &'a ActorId,
    period: Option<&'a str>,
    language: Language,
}

/// Writes a new project's file, with a comment for each line that is worth one.
fn write_new(file: &Path, wanted: &Written<'_>) -> Result<(), crate::DeskError> {
    let mut text = format!(
        "# {}: what every pcf command knows here without being told. A flag given wins.\n\
         # Paths are relative to this file. No key and no passphrase stands in it.\n\
         version = {VERSION}\nledger = \"ledger\"\nsigner = \"{}\"\n",
        // A comment ends where its line does.
        wanted.company.replace(char::is_control, " "),
        wanted.signer
    );
    match wanted.period {
        Some(period) => text.push_str(&format!("period = \"{period}\"\n")),
        None => text.push_str("# period = \"2025\"   # or 2025Q1, 2025-03, 2025-03..2025-09\n"),
    }
    let _ = write!(
        text,
        "valid_years = {VALID_YEARS}   # how long a footprint is valid after its period\n\
         out = \"published\"\n# gate = \"gate.toml\"   # what a release requires: pcf template gate.toml\n\
         # show = [\"all\"]   # what public files show beside rounded figures: pcf guide publishing\n\
         language = \"{}\"   # of workbooks: en or zh\n\n\
         [keys]   # leave out what this machine does not have\n\
         signer = \"keys/{}.pem\"\noperator = \"keys/operator.pem\"\nlog = \"keys/log.pem\"\n",
        wanted.language.code(),
        wanted.signer
    );
    write::new(file, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(dir: &Path, text: &str) -> PathBuf {
        let file = dir.join(FILE_NAME);
        std::fs::write(&file, text).unwrap();
        file
    }

    #[test]
    fn a_project_is_found_from_below_and_its_paths_lead_back() {
        let dir = tempfile::tempdir().unwrap();
        let below = dir.path().join("a/b");
        std::fs::create_dir_all(&below).unwrap();
        std::fs::create_dir(dir.path().join("led")).unwrap();
        let text = "version = 1\nledger = \"led\"\nsigner = \"acme\"\nperiod = \"2024Q4\"\n[keys]\nlog = \"k/log.pem\"\n";
        written(dir.path(), text);
        let project = Project::find(&below).unwrap().unwrap();
        assert!(project.is_of(&dir.path().join("led")) && !project.is_of(&below));
        assert_eq!(project.keys.log, Some(below.join("../../k/log.pem")));
        assert_eq!(project.keys.operator, None);
        let period = project.period.unwrap();
        assert_eq!(project.valid_until(period).unwrap().to_string(), "2027-12-31");
        written(&below, &text.replace("\"led\"", "\".\""));
        let nearer = Project::find(&below).unwrap().unwrap();
        assert!(nearer.is_of(&below), "the nearest one counts");
    }

    #[test]
    fn what_a_project_cannot_mean_is_refused_with_its_name() {
        let dir = tempfile::tempdir().unwrap();
        let good = "version = 1\nledger = \"led\"\nsigner = \"acme\"\n";
        assert!(Project::read(&written(dir.path(), good)).is_ok());
        for (text, says) in [
            (good.replace("= 1", "= 2"), "expected version = 1, got 2"),
            (format!("{good}perod = \"2025\"\n"), "unknown field `perod`"),
            (format!("{good}period = \"2025Q5\"\n"), "2025Q5"),
            (format!("{good}valid_years = 4\n"), "valid_years of 1 to 3"),
            (format!("{good}show = [\"everything\"]\n"), "expected all, none, figures"),
            (format!("{good}[keys]\npassphrase = \"x\"\n"), "unknown field `passphrase`"),
        ] {
            let error = Project::read(&written(dir.path(), &text)).unwrap_err().to_string();
            assert!(error.contains(says) && error.contains(FILE_NAME), "{error}");
        }
    }
}
