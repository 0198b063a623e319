//! The verbs that take files of statements: their options, and the calls of the desk. It reads no
//! file and judges nothing itself.

use std::path::{Path, PathBuf};

use pcf_desk::import;
use pcf_ledger::limits::STATEMENTS_MAX;
use pcf_ledger::model::Period;

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::hints;
use crate::keys::Signing;
use crate::output::Format;
use crate::view::findings::filled;

pub use crate::args::ImportOptions as Options;
pub use pcf_desk::import::{Imported, Input, Signer, Wanted, offered, read};
pub use pcf_desk::words::counted;
pub use pcf_desk::write::new as write_new;

/// The files that are named, as the desk takes them.
pub fn inputs(files: &[PathBuf]) -> Vec<Input> {
    files.iter().cloned().map(Input::File).collect()
}

/// Opens the ledger, finds the signer, reads the files and appends what they say.
pub fn run(
    context: &Context,
    files: &[PathBuf],
    wanted: Wanted,
    signing: &Signing,
    options: &Options,
) -> Result<Outcome, CliError> {
    let key = signing.key(context)?;
    let ledger = context.open_ledger()?;
    let by = signing.actor(context, ledger.book(), &key)?;
    let (signer, options) = (Signer { key: &key, by: &by }, options.of_desk(context));
    report(context, import::run(context, ledger, signer, &inputs(files), wanted, &options)?.0)
}

/// As [`run`], for an openLCA package.
pub fn package(
    context: &Context,
    package: (&Path, Period),
    cut_off: Option<&Path>,
    signing: &Signing,
    options: &Options,
) -> Result<Outcome, CliError> {
    let key = signing.key(context)?;
    let ledger = context.open_ledger()?;
    let by = signing.actor(context, ledger.book(), &key)?;
    let (signer, options) = (Signer { key: &key, by: &by }, options.of_desk(context));
    report(context, import::package(context, ledger, signer, package, cut_off, &options)?.0)
}

/// As [`run`], for factors of the shipped library.
pub fn adopt(
    context: &Context,
    ids: &[String],
    signing: &Signing,
    options: &Options,
) -> Result<Outcome, CliError> {
    import::check_library(ids)?;
    let key = signing.key(context)?;
    let ledger = context.open_ledger()?;
    let by = signing.actor(context, ledger.book(), &key)?;
    let (signer, options) = (Signer { key: &key, by: &by }, options.of_desk(context));
    report(context, import::adopt(context, ledger, signer, ids, &options)?.0)
}

/// Prints what came of it, with what can be typed next.
fn report(context: &Context, mut imported: Imported) -> Result<Outcome, CliError> {
    completed(&mut imported, context);
    context.output.report(&imported)?;
    let weighs = imported.foreseen.is_some_and(|foreseen| foreseen.weighs());
    Ok(if weighs { Outcome::No } else { Outcome::Done })
}

/// Options of an import that no file is read for.
pub fn plain(context: &Context) -> pcf_desk::import::Options {
    pcf_desk::import::Options {
        correct: false,
        withdraw_missing: false,
        dry_run: false,
        strict: false,
        batch_size: STATEMENTS_MAX,
        decimal: None,
        dates: None,
        encoding: None,
        skip_totals: false,
        period: None,
        split_at: Vec::new(),
        mapping: None,
        name_statements: context.output.format == Format::Json,
    }
}

/// Fills in what can be typed next.
pub fn completed(imported: &mut Imported, context: &Context) {
    let factors = imported.unresolved.keys().filter_map(|name| name.strip_prefix("factor:"));
    imported.next = hints::factors_of_library(factors).map(|command| hints::fill(&command, context));
    if let Some(foreseen) = &mut imported.foreseen {
        let findings = std::mem::take(&mut foreseen.findings).into_iter();
        foreseen.findings = findings.map(|found| filled(found, context)).collect();
    }
}
