//! `pcf template`: an empty file to fill in, or the first mapping for an export.

use std::path::PathBuf;

use clap::ValueEnum;
use pcf_files::csv::TableKind;
use pcf_files::tables::{Encoding, Options};
use pcf_files::template;
use pcf_ledger::publish::Policy;
use serde::Serialize;

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::hints;
use crate::importing::{offered, write_new};
use crate::output::{Page, Report};

/// Writes a file to fill in: every column, and an example that is to be replaced
///
/// FILE.xlsx is a workbook with one sheet a kind, explanations and drop-down lists; FILE.csv is one
/// kind. With `--mapping-for`, it writes a mapping through which `pcf record --mapping` reads the
/// export of another system.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  pcf template company.xlsx\n  pcf template products.csv --kind products\n  \
    pcf template mapping.toml --mapping-for export.csv\n  pcf template gate.toml\n\nJSON: {file, kind}"
)]
pub struct Args {
    /// The file to write; an existing one is not overwritten
    file: PathBuf,
    /// What the file is for [default: activities; gate of a gate.toml, trust of a trust.toml]
    #[arg(long, value_enum)]
    kind: Option<Kind>,
    /// Names the sheets and columns of a workbook in Chinese
    #[arg(long)]
    chinese: bool,
    /// Writes a mapping for this export, with suggestions from its header, the ledger and the
    /// library
    #[arg(long, value_name = "EXPORT")]
    mapping_for: Option<PathBuf>,
    /// The encoding of the export, where it cannot be told
    #[arg(long, value_name = "NAME", requires = "mapping_for")]
    encoding: Option<Encoding>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
enum Kind {
    /// What a process took in and gave out: one flow a row
    Activities,
    /// Products with their processes: one process a row
    Products,
    /// Emission factors of your own
    Factors,
    /// Actors with their keys and rights
    Actors,
    /// A bill of materials: one part a row
    Parts,
    /// A family of products: one product a row, one flow a column
    Variants,
    /// Years of a site or product line, for targets
    Years,
    /// All of them, in a workbook
    #[value(skip)]
    Workbook,
    /// How an export is read
    #[value(skip)]
    Mapping,
    /// What a publication must have: a TOML file for `pcf publish --gate`
    Gate,
    /// Keys of actors that you have checked: a TOML file for `pcf verify --trust`
    Trust,
}

impl Kind {
    const fn table(self) -> TableKind {
        match self {
            Self::Products => TableKind::Products,
            Self::Factors => TableKind::Factors,
            Self::Actors => TableKind::Actors,
            Self::Parts => TableKind::Parts,
            Self::Variants => TableKind::Variants,
            Self::Years => TableKind::Years,
            Self::Activities | Self::Workbook | Self::Mapping | Self::Gate | Self::Trust => {
                TableKind::Activities
            }
        }
    }
}

/// The file that was written.
#[derive(Debug, Serialize)]
struct Written {
    file: PathBuf,
    kind: Kind,
    #[serde(skip)]
    export: Option<PathBuf>,
}

impl Report for Written {
    fn text(&self, page: &mut Page) {
        let file = hints::path(&self.file);
        if let Some(export) = &self.export {
            page.line(format!("Wrote {file}: complete what it leaves empty, then"));
            page.line(format!("  pcf record {} --mapping {file} --sign-with acme.pem", hints::path(export)));
            return;
        }
        page.line(match self.kind {
            Kind::Gate => format!("Wrote {file}: change what is to weigh otherwise, then"),
            _ => format!("Wrote {file}: replace its example, then"),
        });
        if matches!(self.kind, Kind::Workbook) {
            page.line(format!("  pcf actor import {file} --sign-with operator.pem   (the operator, once)"));
        }
        page.line(match self.kind {
            Kind::Products => format!("  pcf product add {file} --sign-with acme.pem"),
            Kind::Factors => format!("  pcf factor add {file} --sign-with acme.pem"),
            Kind::Gate => format!("  pcf publish PRODUCT --gate {file} …"),
            Kind::Trust => format!("  pcf verify FILE.pcfproof --key VERIFIER-KEY --trust {file}"),
            Kind::Actors => format!("  pcf actor import {file} --sign-with operator.pem"),
            _ => format!("  pcf record {file} --sign-with acme.pem"),
        });
    }
}

/// A trust file whose example is to be replaced; it is refused until its key is.
const TRUST: &str = "# Whose keys you have checked by another way than the ledger, such as the telephone or the auditor's own site.\n\
    # Another key that signs under such a name fails: pcf verify --trust FILE, pcf audit --trust FILE.\n\nversion = 1\n\n\
    [[actor]]\n# the actor's id in the ledger\nactor = \"auditor\"\n\
    # the name that belongs to the keys; nobody else may bear one that looks like it (may be left out)\nname = \"Example Assurance\"\n\
    # all keys it may sign with, as `pcf key show` and `pcf actor show` print them\nkeys = [\"PUBLIC-KEY-OF-AUDITOR\"]\n\
    # only in this ledger (may be left out)\n# ledger = \"LEDGER-ID\"\n";

/// What a file is for by its name.
fn kind_of(file: &std::path::Path) -> Kind {
    match file.file_name().and_then(|name| name.to_str()) {
        Some("gate.toml") => Kind::Gate,
        Some("trust.toml") => Kind::Trust,
        _ => Kind::Activities,
    }
}

/// Refuses to write a file under the name of a format that it would not have.
fn check_name(file: &std::path::Path) -> Result<(), CliError> {
    let extension = file.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
    if OTHER_FORMATS.contains(&extension.as_str()) {
        let sentence = format!("expected a name that ends in .xlsx, .csv or .toml, got .{extension}");
        return Err(CliError::no(sentence).within(file.display()));
    }
    Ok(())
}

/// Formats that no template has.
const OTHER_FORMATS: [&str; 9] = ["ods", "fods", "xls", "xlsb", "xlsm", "numbers", "json", "jsonl", "xml"];

/// Writes the file.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    check_name(&args.file)?;
    let workbook = args.file.extension().is_some_and(|e| e.eq_ignore_ascii_case("xlsx"));
    let (bytes, kind) = if let Some(export) = &args.mapping_for {
        // Without a ledger the library alone suggests.
        let catalog = match context.read_ledger() {
            Ok(ledger) => offered::catalog(&ledger, true)?,
            Err(_) => offered::library()?,
        };
        let options = Options { encoding: args.encoding, ..Options::default() };
        (pcf_desk::files::first_mapping(export, &options, &catalog)?.into_bytes(), Kind::Mapping)
    } else if workbook {
        (template::workbook(args.chinese).map_err(CliError::failed)?, Kind::Workbook)
    } else {
        let kind = args.kind.unwrap_or_else(|| kind_of(&args.file));
        let text = match kind {
            Kind::Gate => Policy::template(),
            Kind::Trust => TRUST.to_owned(),
            kind => template::table(kind.table()),
        };
        (text.into_bytes(), kind)
    };
    write_new(&args.file, &bytes)?;
    context.output.report(&Written { file: args.file, kind, export: args.mapping_for })?;
    Ok(Outcome::Done)
}
