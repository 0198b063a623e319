//! `ledger.toml`: which ledger a directory holds, for people and for programs. Written once; it has one spelling and a
//! checksum, so that a changed byte is found. It decides nothing about origin and key: they are text here.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::limits::LEDGER_FORMAT;
use crate::store::StoreError;
use crate::store::error::Flaw;
use crate::store::medium::Medium;

/// The file's name in the ledger's directory.
pub const FILE_NAME: &str = "ledger.toml";
/// A manifest is five lines; a longer file is not one.
const BYTES_MAX: u64 = 64 << 10;

/// What `ledger.toml` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Version of the ledger's files: [`LEDGER_FORMAT`].
    pub format: u32,
    /// The ledger's id.
    pub ledger_id: [u8; 32],
    /// The log's origin: the name in its checkpoints.
    pub origin: String,
    /// The log's verifier key at the genesis.
    pub log_key: String,
}

/// The lines under the checksum, in the order of the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lines {
    format: u32,
    ledger: String,
    origin: String,
    log_key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    crc32c: Option<String>,
}

impl Manifest {
    /// The file's text: four fields and a line with the CRC-32C of the lines before it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Limit`] where the text would be too long to be read again.
    pub fn encode(&self) -> Result<String, StoreError> {
        let lines = Lines {
            format: self.format,
            ledger: hex::encode(self.ledger_id),
            origin: self.origin.clone(),
            log_key: self.log_key.clone(),
            crc32c: None,
        };
        let limit = |got: usize| StoreError::Limit {
            what: "length of ledger.toml in bytes",
            min: 1,
            max: BYTES_MAX,
            got: got as u64, // OK because usize has at most 64 bits
        };
        let mut text = toml::to_string(&lines).map_err(|_| limit(0))?;
        text.push_str(&format!("crc32c = \"{:08x}\"\n", crc32c::crc32c(text.as_bytes())));
        if text.len() as u64 > BYTES_MAX { Err(limit(text.len())) } else { Ok(text) }
    }

    /// Reads the text of a manifest; `file` is named in errors.
    ///
    /// # Errors
    ///
    /// [`StoreError::NewerVersion`], or [`StoreError::Damaged`] for every text that [`Manifest::encode`] would not
    /// have written.
    pub fn decode(text: &[u8], file: &Path) -> Result<Manifest, StoreError> {
        let damaged = |offset, flaw| StoreError::damaged(file, offset, flaw);
        let text = std::str::from_utf8(text)
            .map_err(|e| damaged(e.valid_up_to() as u64, Flaw::new("UTF-8 text", "other bytes")))?;
        let broken = |e: toml::de::Error| {
            let offset = e.span().map_or(0, |span| span.start as u64);
            damaged(offset, Flaw::new("the lines of a ledger.toml", e.message().to_string()))
        };
        let table: toml::Table = toml::from_str(text).map_err(broken)?;
        check_version(&table, text, file)?;
        let lines: Lines = toml::from_str(text).map_err(broken)?;
        let mut ledger_id = [0; 32];
        hex::decode_to_slice(&lines.ledger, &mut ledger_id)
            .map_err(|_| damaged(0, Flaw::new("a ledger id of 64 hex digits", lines.ledger.clone())))?;
        let manifest =
            Manifest { format: lines.format, ledger_id, origin: lines.origin, log_key: lines.log_key };
        let written = manifest.encode()?;
        if written == text {
            return Ok(manifest);
        }
        let same = written.bytes().zip(text.bytes()).take_while(|(a, b)| a == b).count();
        Err(damaged(same as u64, Flaw::new("the text and checksum that were written", "another text")))
    }

    /// Reads the manifest of the ledger in `dir`.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoLedger`] where there is none; else as [`Manifest::decode`].
    pub fn read(dir: &Path) -> Result<Manifest, StoreError> {
        let path = dir.join(FILE_NAME);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let rest = dir.join("segments").exists();
                let hint = " (there are segments: the file was lost, or `init` was interrupted)";
                return Err(StoreError::NoLedger {
                    dir: dir.to_path_buf(),
                    hint: if rest { hint } else { "" },
                });
            }
            Err(e) => return Err(StoreError::io("open", &path)(e)),
        };
        let mut bytes = Vec::new();
        file.take(BYTES_MAX + 1).read_to_end(&mut bytes).map_err(StoreError::io("read", &path))?;
        if bytes.len() as u64 > BYTES_MAX {
            let flaw = Flaw::new(format!("at most {BYTES_MAX} bytes"), "more");
            return Err(StoreError::damaged(&path, BYTES_MAX, flaw));
        }
        Manifest::decode(&bytes, &path)
    }

    /// Writes the manifest of the ledger in `dir`, whole or not at all.
    pub(crate) fn write(&self, dir: &Path, medium: &dyn Medium) -> Result<(), StoreError> {
        let (path, draft) = (dir.join(FILE_NAME), dir.join("ledger.toml.new"));
        let text = self.encode()?;
        let file = medium.create(&draft).map_err(StoreError::io("create", &draft))?;
        medium.write_at(&draft, &file, 0, text.as_bytes()).map_err(StoreError::io("write", &draft))?;
        medium.sync(&draft, &file).map_err(StoreError::io("sync", &draft))?;
        medium.rename(&draft, &path).map_err(StoreError::io("write", &path))?;
        medium.sync_dir(dir).map_err(StoreError::io("sync", dir))
    }
}

/// A newer file may hold lines that are unknown here: its version is looked at first, under a checksum that holds.
fn check_version(table: &toml::Table, text: &str, file: &Path) -> Result<(), StoreError> {
    let damaged = |flaw| Err(StoreError::damaged(file, 0, flaw));
    let Some(found) = table.get("format").and_then(|v| v.as_integer()).and_then(|v| u64::try_from(v).ok())
    else {
        return damaged(Flaw::new("the line `format = 1`", "no such line"));
    };
    let checked = text.rfind("crc32c = ").and_then(|at| text.split_at_checked(at));
    let holds = checked.is_some_and(|(lines, crc)| {
        crc == format!("crc32c = \"{:08x}\"\n", crc32c::crc32c(lines.as_bytes()))
    });
    match found {
        1 => Ok(()),
        _ if holds && found > u64::from(LEDGER_FORMAT) => Err(StoreError::NewerVersion {
            file: file.to_path_buf(),
            found,
            readable: u64::from(LEDGER_FORMAT),
        }),
        _ => damaged(Flaw::new(
            format!("format {LEDGER_FORMAT}"),
            format!("{found} under a checksum that fails"),
        )),
    }
}
