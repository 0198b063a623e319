//! What a publisher declares for a PACT file and no statement says.

use pcf_ledger::publish::PactOptions;

use crate::Note;
use crate::session::Session;

/// The standards that PACT v3 names for `crossSectoralStandards`.
const STANDARDS: &[&str] = &[
    "GHGP-Product",
    "ISO14040-44",
    "ISO14067",
    "ISO14083",
    "PACT-1.0",
    "PACT-2.0",
    "PACT-3.0",
    "PAS2050",
    "PEF",
];

/// What a PACT file says and no statement does.
#[derive(Debug, Clone)]
pub struct Declared {
    /// The standards that were followed, also twice.
    pub standards: Vec<String>,
    /// True where the maker answers for transport and storage after the gate.
    pub outbound: bool,
}

impl Declared {
    /// Returns each standard once. One that PACT does not name is taken, and noted.
    pub(super) fn options(&self, session: &dyn Session) -> PactOptions {
        let mut standards: Vec<String> = Vec::with_capacity(self.standards.len());
        for standard in &self.standards {
            if standards.contains(standard) {
                continue;
            }
            if !STANDARDS.contains(&standard.as_str()) {
                session.note(&Note::UnknownStandard { standard: standard.clone(), known: STANDARDS });
            }
            standards.push(standard.clone());
        }
        PactOptions { standards, outbound: self.outbound }
    }
}
