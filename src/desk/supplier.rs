//! Footprints that suppliers sent.

use std::path::{Path, PathBuf};

use pcf_ledger::admission::Said;
use pcf_ledger::codec::digest::sha256;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{
    Co2e, Digest, Document, FlowSource, FootprintId, Header, Salt, Statement, StatementKind,
    SupplierFootprint, ValueError,
};
use pcf_ledger::pact::import::bought;
use pcf_ledger::pact::{self, CarbonFootprint, LintCode, PactError, PactStatus};
use pcf_ledger::store::{Reader, Store};
use serde::Serialize;

use crate::import::Signer;
use crate::session::Session;
use crate::{DeskError, Note};

/// What became of a file.
#[derive(Debug, Serialize)]
pub struct Added {
    /// The file.
    pub file: PathBuf,
    /// The UUID of the footprint.
    pub footprint: String,
    /// The product's name, as its supplier says.
    pub product: String,
    /// The supplier.
    pub company: String,
    /// SHA-256 of the document.
    pub digest: String,
    /// True where this very document is in the ledger already.
    pub already: bool,
    /// The index in the log, where it was appended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
    /// The statement that holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
    /// Oddities of the document.
    pub warnings: Vec<String>,
    /// The flows that name a footprint which this one follows.
    pub stale: Vec<Stale>,
}

/// A flow that names a footprint which a newer one follows.
#[derive(Debug, Serialize)]
pub struct Stale {
    /// The UUID of the footprint.
    pub footprint: String,
    /// The statement that holds it.
    pub statement: String,
    /// The products that the statement's process gives out.
    pub products: Vec<String>,
    /// The flow's name.
    pub flow: String,
}

/// A footprint that holds.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Held {
    /// The UUID of the footprint.
    pub footprint: String,
    /// The product's name, as its supplier says.
    pub product: String,
    /// The supplier.
    pub company: String,
    /// The figure to the gate, without uptake.
    pub kg_co2e: String,
    /// The declared unit.
    pub per: String,
    /// The signer.
    pub by: String,
    /// SHA-256 of the document.
    pub digest: String,
    /// The statement that holds it.
    pub statement: String,
    /// The version of PACT.
    pub spec_version: String,
    /// The footprint that follows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub followed_by: Option<String>,
    /// How many flows name it.
    pub flows: usize,
}

/// All of them.
#[derive(Debug, Serialize)]
pub struct Listed {
    /// One each.
    pub footprints: Vec<Held>,
}

/// How a document is taken in.
#[derive(Debug, Clone, Copy, Default)]
pub struct Adding {
    /// Replaces an earlier document of the same footprint.
    pub correct: bool,
    /// Appends nothing.
    pub dry_run: bool,
}

/// A document that was read, and that a calculation can use.
pub struct Received {
    bytes: Vec<u8>,
    footprint: FootprintId,
    product: String,
    company: String,
    preceding: Vec<FootprintId>,
    warnings: Vec<String>,
    /// One number of the document says that another is wrong.
    contradicts: bool,
    /// A total is not the sum of its parts.
    totals_contradict: bool,
}

/// True for an oddity beside the totals by which one number of a document says that another is
/// wrong.
const fn is_contradiction(code: LintCode) -> bool {
    matches!(code, LintCode::CarbonAboveMass | LintCode::ValidityReversed)
}

/// A total that differs from its parts by less than 1 in so many is a rounded one.
const ROUNDED_BELOW: i128 = 100;

/// True where a total is not the sum of its parts, rounding aside. Parts that are not stated may be
/// what is missing.
fn totals_contradict(pcf: &CarbonFootprint) -> Result<bool, ValueError> {
    let (excluding, including) =
        (pcf.pcf_excluding_biogenic_uptake.co2e(), pcf.pcf_including_biogenic_uptake.co2e());
    let apart = |total: Co2e, parts: Co2e| -> Result<bool, ValueError> {
        let difference = total.minus(parts)?.quanta().unsigned_abs();
        let larger = total.quanta().unsigned_abs().max(parts.quanta().unsigned_abs());
        Ok(difference > larger / ROUNDED_BELOW.unsigned_abs())
    };
    let parts = pcf.sum_excluding_uptake()?;
    let emissions = [
        pcf.land_use_change_ghg_emissions,
        pcf.land_management_biogenic_co2_emissions,
        pcf.biogenic_non_co2_emissions,
    ];
    let is_open = excluding > parts && emissions.iter().any(Option::is_none);
    let uptake = pcf.biogenic_co2_uptake.map_or(Ok(including), |uptake| excluding.plus(uptake.co2e()))?;
    Ok(apart(excluding, parts)? && !is_open || apart(including, uptake)?)
}

impl Received {
    /// Reads a PACT document, v3 or v2.
    ///
    /// # Errors
    /// [`PactError`] for a document that is none, or that no calculation can use.
    pub fn read(bytes: Vec<u8>) -> Result<Self, PactError> {
        let (footprint, _) = pact::read(&bytes)?;
        let (_, warnings) = bought(&bytes)?;
        let totals_contradict = totals_contradict(&footprint.pcf).unwrap_or(true);
        let contradicts = totals_contradict || warnings.iter().any(|warning| is_contradiction(warning.code));
        let mut warnings: Vec<String> = warnings.iter().map(ToString::to_string).collect();
        if footprint.status == PactStatus::Deprecated {
            let problem = "it says Deprecated: ask the supplier for the footprint that follows it";
            warnings.push(format!("at status: {problem}"));
        }
        Ok(Self {
            footprint: footprint.id,
            product: footprint.product_name_company,
            company: footprint.company_name,
            preceding: footprint.preceding_pf_ids,
            warnings,
            bytes,
            contradicts,
            totals_contradict,
        })
    }

    /// Returns true where the document contradicts itself, so that its figures are hardly what was
    /// meant.
    pub const fn contradicts(&self) -> bool {
        self.contradicts
    }

    /// Returns true where a total of the document is not the sum of its parts, rounding aside, so
    /// that one of its figures is wrong.
    pub const fn totals_contradict(&self) -> bool {
        self.totals_contradict
    }

    /// Oddities of the document.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Notes the oddities of the document.
    pub fn warn(&self, session: &dyn Session) {
        self.warnings.iter().for_each(|warning| session.note(&Note::OddDocument(warning.clone())));
    }
}

/// Appends a supplier's document as it was received; one that is held already is reported as such.
///
/// # Errors
/// [`DeskError::AnotherDocument`] where another document of the same footprint is held and it is
/// not to be replaced; [`DeskError::Ledger`].
pub fn add<S: Store>(
    session: &dyn Session,
    ledger: &mut Ledger<S>,
    signer: Signer<'_>,
    file: &Path,
    received: Received,
    adding: Adding,
) -> Result<Added, DeskError> {
    let digest = Digest::from_bytes(sha256(&[&received.bytes]));
    let footprint = received.footprint;
    let live = ledger.book().live(StatementKind::SupplierFootprint, footprint.as_str())?;
    let mut added = Added {
        file: file.to_path_buf(),
        footprint: footprint.to_string(),
        product: received.product,
        company: received.company,
        digest: digest.to_string(),
        already: false,
        index: None,
        statement: live.map(|id| id.to_string()),
        warnings: received.warnings,
        stale: match received.preceding.as_slice() {
            [] => Vec::new(),
            earlier => flows_naming(ledger, |id| earlier.contains(id))?,
        },
    };
    if let Some(live) = live {
        let held = ledger.said(&live)?;
        let redacted = matches!(held, Said::Header(_));
        if matches!(held, Said::Whole(Statement::SupplierFootprint(s)) if s.digest == digest) {
            added.already = true;
            return Ok(added);
        }
        if !adding.correct {
            return Err(DeskError::AnotherDocument { footprint, live, redacted });
        }
    }
    if adding.dry_run {
        added.statement = None;
        return Ok(added);
    }
    let statement = SupplierFootprint {
        by: signer.by.clone(),
        digest,
        document: Document::new(received.bytes)?,
        evidence: Vec::new(),
        footprint,
        replaces: live,
        salt: Salt::from_bytes([0; 16]),
        r#type: Default::default(),
        v: Default::default(),
    };
    let receipt = session.append(ledger, signer.key, vec![statement.into()])?;
    added.index = Some(receipt.index);
    added.statement = receipt.ids.first().map(ToString::to_string);
    Ok(added)
}

/// The flows of statements that hold and name one of the footprints that `is_asked` for.
fn flows_naming<S: Reader>(
    ledger: &Ledger<S>,
    is_asked: impl Fn(&FootprintId) -> bool,
) -> Result<Vec<Stale>, DeskError> {
    let mut stale = Vec::new();
    for held in ledger.inventory()?.activities {
        for flow in &held.statement.flows {
            if let FlowSource::Footprint(footprint) = &flow.source
                && is_asked(footprint)
            {
                stale.push(Stale {
                    footprint: footprint.to_string(),
                    statement: held.id.to_string(),
                    products: held.statement.products().map(ToString::to_string).collect(),
                    flow: flow.name.to_string(),
                });
            }
        }
    }
    Ok(stale)
}

/// Returns the suppliers' footprints that hold. A redacted document is noted.
///
/// # Errors
/// [`DeskError::Document`]; [`DeskError::Ledger`]; [`DeskError::Value`].
pub fn list<S: Reader>(session: &dyn Session, ledger: &Ledger<S>) -> Result<Listed, DeskError> {
    let book = ledger.book();
    let mut footprints = Vec::new();
    let mut newer: Vec<(FootprintId, String)> = Vec::new();
    let naming = flows_naming(ledger, |_| true)?;
    for (number, entry) in book.of_kind(StatementKind::SupplierFootprint)? {
        if !book.holds_at(number)? {
            continue;
        }
        let statement = match ledger.said(&entry.id)? {
            Said::Whole(Statement::SupplierFootprint(statement)) => statement,
            Said::Header(Header::SupplierFootprint(said)) => {
                let footprint = said.footprint.to_string();
                session.note(&Note::RedactedDocument { footprint, statement: entry.id });
                continue;
            }
            Said::Whole(_) | Said::Header(_) => continue,
        };
        let within = |source| DeskError::Document { statement: entry.id, source };
        let (footprint, _) = pact::read(statement.document.as_bytes()).map_err(within)?;
        let (figures, _) = bought(statement.document.as_bytes()).map_err(within)?;
        newer.extend(
            footprint.preceding_pf_ids.into_iter().map(|earlier| (earlier, footprint.id.to_string())),
        );
        footprints.push(Held {
            footprint: footprint.id.to_string(),
            product: footprint.product_name_company,
            company: footprint.company_name,
            kg_co2e: figures.categories.excluding_uptake()?.to_string(),
            per: format!("{} {}", figures.declared_unit.amount, figures.declared_unit.unit),
            by: statement.by.to_string(),
            digest: statement.digest.to_string(),
            statement: entry.id.to_string(),
            spec_version: footprint.spec_version,
            followed_by: None,
            flows: naming.iter().filter(|flow| flow.footprint == footprint.id.as_str()).count(),
        });
    }
    for held in &mut footprints {
        let later = newer.iter().rev().find(|(earlier, _)| earlier.as_str() == held.footprint);
        held.followed_by = later.map(|(_, later)| later.clone());
    }
    Ok(Listed { footprints })
}
