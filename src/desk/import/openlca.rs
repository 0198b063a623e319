//! openLCA packages into the ledger. It converts nothing itself.

use std::path::Path;

use pcf_files::Draft;
use pcf_files::openlca::{self, ImportReport};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::Period;
use pcf_ledger::store::Store;

use super::{Imported, Options, Place, Signer, Sourced, append};
use crate::session::Session;
use crate::words::json;
use crate::{DeskError, Note, write};

/// How many pieces of a kind are named as examples.
const EXAMPLES: usize = 3;

/// Reads a package, notes what was cut off, writes that to `report` where it is given, and appends
/// what became of the package.
///
/// # Errors
/// [`DeskError::Exchange`] for the package; [`DeskError::File`] for the report; those of [`append`].
pub fn package<S: Store>(
    session: &dyn Session,
    ledger: Ledger<S>,
    signer: Signer<'_>,
    (package, period): (&Path, Period),
    report: Option<&Path>,
    options: &Options,
) -> Result<(Imported, Ledger<S>), DeskError> {
    let converted = openlca::convert(&crate::files::read_package(package)?, signer.by, period)?;
    if let Some(path) = report {
        let text = json(&converted.report).map_err(DeskError::Report)?;
        write::new(path, text.as_bytes())?;
    }
    say(session, &converted.report);
    let place = Place::new(package.display().to_string().into(), None);
    let sourced = |draft: Draft| Sourced { statement: draft.statement, place: place.clone() };
    let statements = converted.drafts.into_iter().map(sourced).collect();
    append(session, ledger, signer.key, statements, options)
}

/// Notes what was taken, and warns of what is missing from the figures.
pub(super) fn say(session: &dyn Session, report: &ImportReport) {
    session.note(&Note::Package {
        processes: report.processes,
        products: report.products,
        linked: report.linked,
        emissions: report.emissions,
    });
    for (kind, count) in report.counts() {
        let of_kind = report.findings.iter().filter(|finding| finding.kind == kind);
        let named = of_kind.map(|f| match (f.process.is_empty(), f.what.is_empty()) {
            (true, _) => f.what.clone(),
            (_, true) => f.process.clone(),
            _ => format!("{} in {}", f.what, f.process),
        });
        let examples: Vec<String> = named.take(EXAMPLES).collect();
        session.note(&Note::CutOff { what: kind.sentence(), count, examples });
    }
}
