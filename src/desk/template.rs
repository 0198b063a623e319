//! Files to fill in: tables, a workbook, a gate, a trust file, and the first mapping of an export.

use std::path::{Path, PathBuf};

use pcf_files::ExchangeError;
use pcf_files::catalog::Catalog;
use pcf_files::csv::TableKind;
use pcf_files::tables::Options;
use pcf_files::template;
use pcf_ledger::publish::Policy;
use serde::Serialize;

use crate::{DeskError, files, write};

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum TemplateKind {
    /// What a process took in and gave out: one flow a row.
    Activities,
    /// Products with their processes: one process a row.
    Products,
    /// Emission factors of one's own.
    Factors,
    /// Actors with their keys and rights.
    Actors,
    /// A bill of materials: one part a row.
    Parts,
    /// A family of products: one product a row, one flow a column.
    Variants,
    /// Years of a site or product line, for targets.
    Years,
    /// All tables, in a workbook.
    Workbook,
    /// How an export is read.
    Mapping,
    /// What a publication must have.
    Gate,
    /// Keys of actors that somebody has checked.
    Trust,
}

/// What a template holds.
#[derive(Debug, Clone, Copy)]
pub enum TemplateAsked<'a> {
    /// One kind; where none is given, the file's name says it.
    Kind(Option<TemplateKind>),
    /// A workbook of all tables, in Chinese where `chinese` is set.
    Workbook {
        /// Names the sheets and columns in Chinese.
        chinese: bool,
    },
    /// A mapping for an export.
    Mapping {
        /// The export.
        export: &'a Path,
        /// How it is read.
        options: &'a Options,
        /// What its flows may name.
        catalog: &'a Catalog,
    },
}

/// A template that was written.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Template {
    /// The file.
    pub file: PathBuf,
    /// What it is for.
    pub kind: TemplateKind,
    /// The export that it is a mapping for.
    #[serde(skip)]
    pub export: Option<PathBuf>,
}

/// Formats that no template has.
const OTHER_FORMATS: [&str; 9] = ["ods", "fods", "xls", "xlsb", "xlsm", "numbers", "json", "jsonl", "xml"];

/// Writes a file to fill in; a file that is there is not overwritten.
///
/// # Errors
/// [`DeskError::NoTemplate`]; [`DeskError::Exchange`] for an export that cannot be read, and for a
/// workbook in a build that writes none; [`DeskError::File`].
pub fn template(file: &Path, asked: TemplateAsked<'_>) -> Result<Template, DeskError> {
    check_name(file)?;
    let (bytes, kind) = match asked {
        TemplateAsked::Kind(kind) => {
            let kind = kind.unwrap_or_else(|| kind_of(file));
            let is_toml = file.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml"));
            if is_toml && !matches!(kind, TemplateKind::Gate | TemplateKind::Trust) {
                let extension = "toml without --mapping-for EXPORT".to_owned();
                return Err(DeskError::NoTemplate { file: file.to_path_buf(), extension });
            }
            (text(kind).into_bytes(), kind)
        }
        TemplateAsked::Workbook { chinese } => {
            let unwritten =
                |sentence| ExchangeError::Unreadable { file: file.display().to_string(), sentence };
            (template::workbook(chinese).map_err(unwritten)?, TemplateKind::Workbook)
        }
        TemplateAsked::Mapping { export, options, catalog } => {
            (files::first_mapping(export, options, catalog)?.into_bytes(), TemplateKind::Mapping)
        }
    };
    write::new(file, &bytes)?;
    let export = match asked {
        TemplateAsked::Mapping { export, .. } => Some(export.to_path_buf()),
        _ => None,
    };
    Ok(Template { file: file.to_path_buf(), kind, export })
}

/// Refuses to write a file under the name of a format that it would not have.
fn check_name(file: &Path) -> Result<(), DeskError> {
    let extension = file.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
    if OTHER_FORMATS.contains(&extension.as_str()) {
        return Err(DeskError::NoTemplate { file: file.to_path_buf(), extension });
    }
    Ok(())
}

/// The kind of a file by its name.
fn kind_of(file: &Path) -> TemplateKind {
    match file.file_name().and_then(|name| name.to_str()) {
        Some("gate.toml") => TemplateKind::Gate,
        Some("trust.toml") => TemplateKind::Trust,
        _ => TemplateKind::Activities,
    }
}

fn text(kind: TemplateKind) -> String {
    match kind {
        TemplateKind::Gate => Policy::template(),
        TemplateKind::Trust => TRUST.to_owned(),
        TemplateKind::Products => template::table(TableKind::Products),
        TemplateKind::Factors => template::table(TableKind::Factors),
        TemplateKind::Actors => template::table(TableKind::Actors),
        TemplateKind::Parts => template::table(TableKind::Parts),
        TemplateKind::Variants => template::table(TableKind::Variants),
        TemplateKind::Years => template::table(TableKind::Years),
        TemplateKind::Activities | TemplateKind::Workbook | TemplateKind::Mapping => {
            template::table(TableKind::Activities)
        }
    }
}

/// A trust file whose example is to be replaced; it is refused until its key is.
const TRUST: &str = "# Whose keys you have checked by another way than the ledger, such as the telephone or the auditor's own site.\n\
    # Another key that signs under such a name fails: pcf verify --trust FILE, pcf audit --trust FILE.\n\nversion = 1\n\n\
    [[actor]]\n# the actor's id in the ledger\nactor = \"auditor\"\n\
    # the name that belongs to the keys; nobody else may bear one that looks like it (may be left out)\nname = \"Example Assurance\"\n\
    # all keys it may sign with, as `pcf key show` and `pcf actor show` print them\nkeys = [\"PUBLIC-KEY-OF-AUDITOR\"]\n\
    # only in this ledger (may be left out)\n# ledger = \"LEDGER-ID\"\n";
