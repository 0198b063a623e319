//! A footprint proof inside a PACT document: the extension that carries it, and the check that the document says what the proof proves. It
//! never judges the proof itself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::document::Document;
use super::proof::Proof;
use super::report::{Check, Outcome};
use super::{BundleError, PROOF_BYTES_MAX};
use crate::codec::pact::{DataModelExtension, PactDecimal, PactInstant, PactUnit, ProductFootprint};
use crate::codec::{CodecError, decode, encode, figures_digest};
use crate::model::statement::Version;
use crate::model::{Category, Co2e, Date, Decimal, Digest, Instant, Product, Statement, StatementId};

/// The name of the extension's schema, `schemas/evidence.schema.json`.
pub const EVIDENCE_SCHEMA: &str = "urn:pcf-ledger:schema:evidence:1";

/// The version of PACT's extension mechanism.
const EXTENSION_VERSION: &str = "2.0.0";

/// The ledger's evidence in a PACT document: `data` of the extension whose `dataSchema` is [`EVIDENCE_SCHEMA`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CarriedProof {
    /// The digest of the published figures.
    pub figures_digest: Digest,
    /// The ledger that the footprint comes from.
    pub ledger_id: StatementId,
    /// The footprint proof. Its canonical JSON is the proof file.
    pub proof: Document,
    /// The version of this format.
    pub v: Version,
    /// The log's verifier key as the publisher states it: to be compared with one from another source before it is trusted.
    pub verifier_key: String,
}

impl CarriedProof {
    /// The extension that carries a proof.
    ///
    /// # Errors
    /// [`BundleError`] for a proof that cannot be written.
    pub fn extension(proof: &Proof, verifier_key: String) -> Result<DataModelExtension, BundleError> {
        let document: Document = decode(&proof.to_bytes()?, "footprint proof", PROOF_BYTES_MAX)?;
        let carried = Self {
            figures_digest: figures_digest(proof.publication())?,
            ledger_id: proof.ledger_id().unwrap_or(document.publication), // OK because no proof is made without a genesis.
            proof: document,
            v: Version,
            verifier_key,
        };
        let data = serde_json::to_value(&carried).ok().and_then(|value| match value {
            serde_json::Value::Object(data) => Some(data),
            _ => None,
        });
        let data = data.ok_or_else(|| shape("the evidence", "an object", "something else"))?;
        Ok(DataModelExtension {
            spec_version: EXTENSION_VERSION.into(),
            data_schema: EVIDENCE_SCHEMA.into(),
            documentation: None,
            data,
        })
    }

    /// The evidence in a PACT document; `None` where it carries none.
    ///
    /// # Errors
    /// [`BundleError::Structure`] where there is more than one, or one that does not fit its schema.
    pub fn find(footprint: &ProductFootprint) -> Result<Option<Self>, BundleError> {
        let mut found = footprint.extensions.iter().filter(|e| e.data_schema == EVIDENCE_SCHEMA);
        let Some(extension) = found.next() else { return Ok(None) };
        if found.next().is_some() {
            return Err(shape("extensions", "the ledger's evidence once", "several"));
        }
        let carried = serde_json::from_value(serde_json::Value::Object(extension.data.clone()));
        carried
            .map(Some)
            .map_err(|e| shape("extensions[].data", "the fields of the evidence schema", &e.to_string()))
    }

    /// The proof, by its one spelling.
    ///
    /// # Errors
    /// Every [`BundleError`].
    pub fn proof(&self) -> Result<Proof, BundleError> {
        let bytes = encode(&self.proof)?;
        if bytes.len() > PROOF_BYTES_MAX {
            let (what, limit, got) = ("footprint proof", PROOF_BYTES_MAX, bytes.len());
            return Err(CodecError::TooLong { what, limit, got }.into());
        }
        Proof::parse(&bytes)
    }
}

fn shape(place: &str, expected: &str, got: &str) -> BundleError {
    BundleError::Structure { place: place.into(), expected: expected.into(), got: got.into() }
}

/// Whether a PACT document says what the publication in the proof says, field by field. Texts, standards and the comment are the publisher's
/// own words and are not part of what was published.
pub fn check_document(footprint: &ProductFootprint, proof: &Proof) -> Check {
    let asks = "the PACT document says what the publication in the proof says";
    let mut differences = Vec::new();
    headings(footprint, proof, &mut differences);
    figures(footprint, proof, &mut differences);
    let unit = declared_unit(footprint, proof, &mut differences);
    let (outcome, detail) = match differences.is_empty() {
        true => (Outcome::Holds, format!("id, product, periods, totals and categories are the same{unit}")),
        false => (Outcome::Fails(differences.join("; ")), asks.to_owned()),
    };
    Check { name: "pact-document", outcome, detail }
}

fn headings(footprint: &ProductFootprint, proof: &Proof, differences: &mut Vec<String>) {
    let publication = proof.publication();
    if footprint.id != publication.footprint {
        differences.push(format!("id: expected {}, got {}", publication.footprint, footprint.id));
    }
    if !footprint.product_ids.iter().any(|id| id == publication.product.as_str()) {
        differences.push(format!("productIds: expected {} among them, got others", publication.product));
    }
    if footprint.preceding_pf_ids != publication.preceding {
        differences.push("precedingPfIds: expected those of the publication, got others".into());
    }
    let mut instant = |place: &str, date: Date, stated: Option<PactInstant>| {
        let expected = Instant::at_start_of(date);
        if stated != Some(PactInstant(expected)) {
            let got = stated.map_or_else(|| "none".to_owned(), |stated| stated.to_string());
            differences.push(format!("{place}: expected {expected}, got {got}"));
        }
    };
    let pcf = &footprint.pcf;
    instant("pcf.referencePeriodStart", publication.period.start(), Some(pcf.reference_period_start));
    instant("pcf.referencePeriodEnd", publication.period.end(), Some(pcf.reference_period_end));
    instant("validityPeriodStart", publication.validity.start(), footprint.validity_period_start);
    instant("validityPeriodEnd", publication.validity.end(), footprint.validity_period_end);
}

fn figures(footprint: &ProductFootprint, proof: &Proof, differences: &mut Vec<String>) {
    let (pcf, figures) = (&footprint.pcf, &proof.publication().figures);
    let gate = &figures.gate;
    let mut compare = |place: &str, stated: Option<PactDecimal>, expected: Co2e| {
        let stated = stated.unwrap_or_default().co2e();
        if stated != expected {
            differences.push(format!("pcf.{place}: expected {expected} kg CO2e, got {stated}"));
        }
    };
    compare("pcfExcludingBiogenicUptake", Some(pcf.pcf_excluding_biogenic_uptake), gate.excluding_uptake);
    compare("pcfIncludingBiogenicUptake", Some(pcf.pcf_including_biogenic_uptake), gate.including_uptake);
    if let Ok(uptake) = gate.including_uptake.minus(gate.excluding_uptake) {
        compare("biogenicCO2Uptake", pcf.biogenic_co2_uptake, uptake);
    }
    let packaging = pcf.packaging_emissions_included == Some(true);
    let lines = [
        (Category::Fossil, Some(pcf.fossil_ghg_emissions)),
        (Category::LandUseChange, pcf.land_use_change_ghg_emissions),
        (Category::LandManagementCo2, pcf.land_management_biogenic_co2_emissions),
        (Category::LandManagementRemovals, pcf.land_management_biogenic_co2_removals),
        (Category::LandManagementFossil, pcf.land_management_fossil_ghg_emissions),
        (Category::BiogenicNonCo2, pcf.biogenic_non_co2_emissions),
        (Category::Aircraft, pcf.aircraft_ghg_emissions),
        (Category::CcsCapture, pcf.ccs_technological_co2_capture),
        (Category::TechnologicalRemovals, pcf.technological_co2_removals),
    ];
    for (category, stated) in lines {
        compare(category.as_str(), stated, gate.categories[category]);
    }
    if packaging || pcf.packaging_ghg_emissions.is_some() {
        compare("packagingGhgEmissions", pcf.packaging_ghg_emissions, gate.categories[Category::Packaging]);
    }
    let mut percent = |place: &str, stated: Option<PactDecimal>, expected: Option<Decimal>| {
        if stated != expected.map(PactDecimal::from) {
            let spelt = |value: Option<PactDecimal>| value.map_or_else(|| "none".into(), |v| v.to_string());
            let (expected, got) = (spelt(expected.map(PactDecimal::from)), spelt(stated));
            differences.push(format!("pcf.{place}: expected {expected}, got {got}"));
        }
    };
    percent(
        "exemptedEmissionsPercent",
        Some(pcf.exempted_emissions_percent),
        figures.exempted_emissions_percent,
    );
    percent("primaryDataShare", pcf.primary_data_share, Some(figures.primary_data_share));
}

/// Compares the declared unit with the product statement where the proof discloses it; says where it cannot.
fn declared_unit(footprint: &ProductFootprint, proof: &Proof, differences: &mut Vec<String>) -> &'static str {
    let publication = proof.publication();
    let used = proof.statements.iter().filter(|held| proof.used.binary_search(&held.id).is_ok());
    let product = used.rev().find_map(|held| match &held.statement {
        Statement::Product(product) if product.ids.contains(&publication.product) => Some(product),
        _ => None,
    });
    let Some(product) = product else {
        return "; the declared unit was not checked, because the proof does not disclose the product's statement";
    };
    let pcf = &footprint.pcf;
    let (amount, unit) = (pcf.declared_unit_amount, pcf.declared_unit_of_measurement);
    if !is_the_unit(product, amount, unit) {
        differences.push(format!(
            "pcf.declaredUnitAmount: expected {} {}, got {amount} {unit}",
            product.declared_unit.amount, product.declared_unit.unit
        ));
    }
    ", and so is the declared unit"
}

fn is_the_unit(product: &Product, amount: PactDecimal, unit: PactUnit) -> bool {
    let declared = product.declared_unit;
    let Some((n, d)) = declared.unit.ratio_to(unit.unit()) else { return false };
    let Ok(stated) = amount.decimal() else { return false };
    let here = declared.amount.quanta().checked_mul(i128::from(n));
    let there = stated.quanta().checked_mul(i128::from(d));
    here.is_some() && here == there
}
