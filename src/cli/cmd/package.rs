//! openLCA packages into the ledger, for `pcf product import`. No verb of its own; it converts nothing itself.

use std::path::Path;

use pcf_files::openlca::{self, ImportReport};
use pcf_ledger::model::Period;

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::importing::{self, Place, Sourced, counted, write_new};
use crate::keys::{self, Signing};

/// How many pieces of a kind are printed as examples.
const EXAMPLES: usize = 3;

/// Reads a package, says what was cut off, and appends what became of it.
pub fn import(
    context: &Context,
    package: &Path,
    period: Period,
    report: Option<&Path>,
    signing: &Signing,
    options: &importing::Options,
) -> Result<Outcome, CliError> {
    let key = keys::load(context, &signing.sign_with)?;
    let ledger = context.open_ledger()?;
    let by = context.signer(ledger.book(), &key, signing.by.as_ref())?;
    let converted = openlca::convert(&pcf_desk::files::read_package(package)?, &by, period)?;
    if let Some(path) = report {
        let mut text = serde_json::to_string_pretty(&converted.report).map_err(CliError::failed)?;
        text.push('\n');
        write_new(path, text.as_bytes())?;
    }
    say(context, &converted.report);
    let place = Place::new(package.display().to_string().into(), None);
    let sourced = |draft: pcf_files::Draft| Sourced { statement: draft.statement, place: place.clone() };
    let statements = converted.drafts.into_iter().map(sourced).collect();
    importing::append(context, ledger, &key, statements, options)
}

/// Warnings, so that `--quiet` does not hide what is missing from the figures.
fn say(context: &Context, report: &ImportReport) {
    context.output.note(&format!(
        "{} became {}; {} linked, {} taken as gases",
        processes(report.processes),
        counted(report.products, "product"),
        counted(report.linked, "flow"),
        counted(report.emissions, "emission")
    ));
    for (kind, count) in report.counts() {
        let of_kind = report.findings.iter().filter(|finding| finding.kind == kind);
        let named = of_kind.map(|f| match (f.process.is_empty(), f.what.is_empty()) {
            (true, _) => f.what.clone(),
            (_, true) => f.process.clone(),
            _ => format!("{} in {}", f.what, f.process),
        });
        let examples: Vec<String> = named.take(EXAMPLES).collect();
        let more = if count > EXAMPLES { "; …" } else { "" };
        context.output.warning(&format!("{}: {count} ({}{more})", kind.sentence(), examples.join("; ")));
    }
}

fn processes(count: usize) -> String {
    format!("{count} process{}", if count == 1 { "" } else { "es" })
}
