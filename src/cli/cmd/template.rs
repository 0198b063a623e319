//! `pcf template`: an empty file to fill in, or the first mapping for an export.

use std::path::PathBuf;

use clap::ValueEnum;
use pcf_desk::project::Language;
use pcf_desk::template::{TemplateAsked, TemplateKind, template};
use pcf_files::tables::{Encoding, Options};

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::importing::offered;

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
    /// Names the sheets and columns of a workbook in Chinese [default: as the language of pcf.toml]
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
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
    /// What a publication must have: a TOML file for `pcf publish --gate`
    Gate,
    /// Keys of actors that you have checked: a TOML file for `pcf verify --trust`
    Trust,
}

impl Kind {
    const fn of_desk(self) -> TemplateKind {
        match self {
            Self::Activities => TemplateKind::Activities,
            Self::Products => TemplateKind::Products,
            Self::Factors => TemplateKind::Factors,
            Self::Actors => TemplateKind::Actors,
            Self::Parts => TemplateKind::Parts,
            Self::Variants => TemplateKind::Variants,
            Self::Years => TemplateKind::Years,
            Self::Gate => TemplateKind::Gate,
            Self::Trust => TemplateKind::Trust,
        }
    }
}

/// Writes the file.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let own = context.project.as_ref().is_some_and(|project| project.language == Language::Chinese);
    let workbook = args.file.extension().is_some_and(|e| e.eq_ignore_ascii_case("xlsx"));
    let written = if let Some(export) = &args.mapping_for {
        // Without a ledger the library alone suggests.
        let catalog = match context.read_ledger() {
            Ok(ledger) => offered::catalog(&ledger, true)?,
            Err(_) => offered::library()?,
        };
        let options = Options { encoding: args.encoding, ..Options::default() };
        template(&args.file, TemplateAsked::Mapping { export, options: &options, catalog: &catalog })?
    } else if workbook {
        template(&args.file, TemplateAsked::Workbook { chinese: args.chinese || own })?
    } else {
        template(&args.file, TemplateAsked::Kind(args.kind.map(Kind::of_desk)))?
    };
    context.output.report(&written)?;
    Ok(Outcome::Done)
}
