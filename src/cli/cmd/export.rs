//! `pcf export`: what holds, as a workbook.

use std::path::PathBuf;

use pcf_desk::export::export;
use pcf_desk::project::Language;
use pcf_ledger::model::ActorId;

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::hints::same_command_with;

/// Writes what holds as the workbook it could have come from: edit it, then `pcf import FILE
/// --correct`
///
/// One signer's factors, products, activities and years. The workbook is read again before it is
/// written; what no table can say in the same words, such as a part of a bill that was split by days,
/// is named.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf export company.xlsx\n  pcf import company.xlsx --correct\n\n\
    JSON: {file, by, statements: [[type, count]], leftOut: [text]}")]
pub struct Args {
    /// The workbook to write; an existing file is not overwritten
    #[arg(value_name = "FILE.xlsx")]
    file: PathBuf,
    /// Whose statements [default: the signer of pcf.toml]
    #[arg(long, value_name = "ACTOR")]
    by: Option<ActorId>,
    /// Names the sheets and columns in Chinese [default: as the language of pcf.toml]
    #[arg(long)]
    chinese: bool,
}

/// Writes it.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let ledger = context.read_ledger()?;
    let project = context.project.as_ref();
    let by = args.by.or(project.map(|project| project.signer.clone())).ok_or_else(|| {
        let cause = "expected --by ACTOR: whose statements the workbook holds";
        CliError::usage(cause).hint(same_command_with("--by", "ACTOR"))
    })?;
    let chinese = args.chinese || project.is_some_and(|project| project.language == Language::Chinese);
    let exported = export(&ledger, &by, &args.file, chinese)?;
    let whole = exported.left_out.is_empty();
    context.output.report(&exported)?;
    Ok(if whole { Outcome::Done } else { Outcome::No })
}
