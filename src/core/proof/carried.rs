//! A footprint proof inside a PACT document: the extension that carries it, and the check that the document says what the proof proves. It
//! never judges the proof itself.

use std::fmt::Display;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::BundleError;
use super::document::Document;
use super::footprint_proof::Proof;
use super::report::Report;
use crate::checks::{Check, Outcome};
use crate::codec::{CodecError, decode, encode};
use crate::limits::PROOF_BYTES_MAX;
use crate::model::statement::Version;
use crate::model::{
    Category, Co2e, Country, Decimal, Digest, Instant, Product, PublicationStatus, Quantity, Statement,
    StatementId,
};
use crate::pact::claims::gwp_sets;
use crate::pact::export::reports;
use crate::pact::{
    CarbonFootprint, DRAFT_MARK, DataModelExtension, PactDecimal, PactInstant, PactStatus, PactUnit,
    ProductFootprint,
};

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
            figures_digest: proof.publication_header().figures_digest,
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
    /// Every [`BundleError`]; [`BundleError::Structure`] where ledger id or digest beside the proof are not the proof's own.
    pub fn proof(&self) -> Result<Proof, BundleError> {
        let bytes = encode(&self.proof)?;
        if bytes.len() > PROOF_BYTES_MAX {
            let (what, limit, got) = ("footprint proof", PROOF_BYTES_MAX, bytes.len());
            return Err(CodecError::TooLong { what, limit, got }.into());
        }
        let proof = Proof::parse(&bytes)?;
        let digest = proof.publication_header().figures_digest;
        if self.figures_digest != digest {
            let (expected, got) = (digest.to_string(), self.figures_digest.to_string());
            return Err(shape("extensions[].data.figuresDigest", &expected, &got));
        }
        if proof.ledger_id() != Some(self.ledger_id) {
            let expected = proof.ledger_id().map_or_else(|| "none".into(), |id| id.to_string());
            return Err(shape("extensions[].data.ledgerId", &expected, &self.ledger_id.to_string()));
        }
        Ok(proof)
    }
}

fn shape(place: &str, expected: &str, got: &str) -> BundleError {
    BundleError::Structure { place: place.into(), expected: expected.into(), got: got.into() }
}

/// Whether a PACT document says what the publication in the proof says, field by field, and what
/// the statements of its maker, its product and its sites say where the proof discloses them.
/// `report` is what came of the proof. Descriptions and the comment are the sender's own
/// words and are not compared.
pub fn check_document(footprint: &ProductFootprint, proof: &Proof, report: &Report) -> Check {
    let mut differences = Differences::default();
    headings(footprint, proof, &mut differences);
    figures(&footprint.pcf, proof, &mut differences);
    shares(&footprint.pcf, proof, &mut differences);
    let mut unseen = Vec::new();
    let product = product(proof);
    if let Some(product) = product {
        differences.product(&footprint.pcf, product);
        let (expected, got) = (product.name.as_str(), footprint.product_name_company.as_str());
        differences.text("productNameCompany", expected, got);
    } else {
        unseen.push("the product's name");
    }
    if !maker(footprint, proof, &mut differences) {
        unseen.push("the company");
    }
    if !places(&footprint.pcf, proof, &mut differences) {
        unseen.push("the place");
    }
    let opinion = report.assurances.iter().any(|assured| assured.names_these_figures && !assured.is_own);
    if footprint.pcf.verification.is_some() && !opinion {
        differences.note(
            "pcf.verification",
            "none, since the proof holds no opinion on these figures",
            "one",
        );
    }
    let (outcome, detail) = match differences.0.is_empty() {
        true => {
            let product = if product.is_some() {
                ", and so are declared unit, mass and carbon"
            } else {
                "; declared unit, mass and carbon were not checked, because the proof does not disclose the product's statement"
            };
            let hidden = match unseen.as_slice() {
                [] => String::new(),
                hidden => format!("; the proof does not show {}", hidden.join(", ")),
            };
            let detail = format!(
                "id, product, periods, totals and categories are the same{product}; so are the GWP sets{hidden}; not compared: {OWN_WORDS}"
            );
            (Outcome::Holds, detail)
        }
        false => (
            Outcome::Fails(differences.0.join("; ")),
            "the PACT document says what the publication in the proof says".to_owned(),
        ),
    };
    Check { name: "pact-document", outcome, detail }
}

/// What a document says in its sender's own words.
const OWN_WORDS: &str = "status, descriptions and comment";

/// Compares the company with the statement of the actor who published; false where the proof holds
/// none.
fn maker(footprint: &ProductFootprint, proof: &Proof, differences: &mut Differences) -> bool {
    let by = &proof.publication().by;
    let mut own = proof.statements.iter().filter_map(|held| match held.said.statement() {
        Some(Statement::Actor(actor)) if actor.actor == *by => Some(actor),
        _ => None,
    });
    // The last one is what held when the footprint was published.
    let Some(actor) = own.next_back() else { return false };
    differences.text("companyName", actor.name.as_str(), &footprint.company_name);
    let known = |id: &&String| actor.company_ids.iter().any(|own| own.as_str() == id.as_str());
    if let Some(other) = footprint.company_ids.iter().find(|id| !known(id)) {
        let listed: Vec<&str> = actor.company_ids.iter().map(|id| id.as_str()).collect();
        differences.note("companyIds", format!("those of `{by}`, {}", listed.join(" ")), other);
    }
    true
}

/// Compares the country with the sites of the disclosed work; false where none says where it is.
fn places(pcf: &CarbonFootprint, proof: &Proof, differences: &mut Differences) -> bool {
    let used = proof.statements.iter().filter(|held| proof.used.binary_search(&held.id).is_ok());
    let sites = used.filter_map(|held| match held.said.statement() {
        Some(Statement::Activity(activity)) => activity.site.as_ref(),
        _ => None,
    });
    let sites: Vec<_> = sites.filter(|site| site.country.is_some()).collect();
    let stated = match (&pcf.geography_country, &pcf.geography_country_subdivision) {
        (Some(country), _) => country.as_str().to_owned(),
        (None, Some(part)) => part.as_str().chars().take(2).collect(),
        (None, None) => return true,
    };
    let is_there = |country: &Country| country.as_str() == stated;
    if !sites.is_empty() && !sites.iter().any(|site| site.country.as_ref().is_some_and(is_there)) {
        let known: std::collections::BTreeSet<&str> =
            sites.iter().filter_map(|site| site.country.as_ref().map(Country::as_str)).collect();
        let known: Vec<&str> = known.into_iter().collect();
        differences.note(
            "pcf.geographyCountry",
            format!("a country of its sites, {}", known.join(", ")),
            &stated,
        );
    }
    !sites.is_empty()
}

/// Where document and proof differ, one sentence each.
#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    fn note(&mut self, place: &str, expected: impl Display, got: impl Display) {
        self.0.push(format!("{place}: expected {expected}, got {got}"));
    }

    fn text(&mut self, place: &str, expected: &str, stated: &str) {
        if expected != stated {
            self.note(place, format!("`{expected}`"), format!("`{stated}`"));
        }
    }

    fn number(&mut self, place: &str, expected: Option<PactDecimal>, stated: Option<PactDecimal>) {
        if expected != stated {
            let spelt = |value: Option<PactDecimal>| value.map_or_else(|| "none".into(), |v| v.to_string());
            self.note(&format!("pcf.{place}"), spelt(expected), spelt(stated));
        }
    }

    /// A category that is not stated is zero.
    fn mass(&mut self, place: &str, expected: Co2e, stated: Option<PactDecimal>) {
        let stated = stated.unwrap_or_default().co2e();
        if stated != expected {
            self.note(&format!("pcf.{place}"), format!("{expected} kg CO2e"), stated);
        }
    }

    fn instant(&mut self, place: &str, expected: Instant, stated: Option<PactInstant>) {
        if stated != Some(PactInstant(expected)) {
            self.note(place, expected, stated.map_or_else(|| "none".to_owned(), |stated| stated.to_string()));
        }
    }

    fn product(&mut self, pcf: &CarbonFootprint, product: &Product) {
        let (amount, unit) = (pcf.declared_unit_amount, pcf.declared_unit_of_measurement);
        let declared = product.declared_unit;
        if !is_the_unit(declared, amount, unit) {
            let expected = format!("{} {}", declared.amount, declared.unit);
            self.note("pcf.declaredUnitAmount", expected, format!("{amount} {unit}"));
        }
        let stated = |value: Option<Decimal>| value.map(PactDecimal::from);
        let (carbon, packaging) = (product.carbon.as_ref(), product.packaging.as_ref());
        let mass = stated(product.mass_per_declared_unit);
        self.number("productMassPerDeclaredUnit", mass, Some(pcf.product_mass_per_declared_unit));
        let fossil = stated(carbon.map(|c| c.fossil));
        self.number("fossilCarbonContent", fossil, Some(pcf.fossil_carbon_content));
        let biogenic = stated(carbon.and_then(|c| c.biogenic));
        self.number("biogenicCarbonContent", biogenic, pcf.biogenic_carbon_content);
        let recycled = stated(carbon.and_then(|c| c.recycled));
        self.number("recycledCarbonContent", recycled, pcf.recycled_carbon_content);
        let included = packaging.map(|packaging| packaging.included);
        if pcf.packaging_emissions_included != included {
            let spelt = |flag: Option<bool>| flag.map_or("none", |yes| if yes { "true" } else { "false" });
            let got = spelt(pcf.packaging_emissions_included);
            self.note("pcf.packagingEmissionsIncluded", spelt(included), got);
        }
    }
}

fn headings(footprint: &ProductFootprint, proof: &Proof, differences: &mut Differences) {
    let (publication, pcf) = (proof.publication(), &footprint.pcf);
    if footprint.id != publication.footprint {
        differences.note("id", &publication.footprint, &footprint.id);
    }
    if !footprint.product_ids.iter().any(|id| id == publication.product.as_str()) {
        differences.note("productIds", format!("{} among them", publication.product), "others");
    }
    let marked = footprint.comment.as_ref().is_some_and(|comment| comment.starts_with(DRAFT_MARK));
    if publication.status == PublicationStatus::Draft && (footprint.status == PactStatus::Active || !marked) {
        let got = if marked { "Active" } else { "no such mark" };
        differences.note(
            "status",
            format!("Deprecated, and a comment that begins with {DRAFT_MARK}, of a draft"),
            got,
        );
    }
    if footprint.preceding_pf_ids != publication.preceding {
        differences.note("precedingPfIds", "those of the publication", "others");
    }
    let (period, validity) = (publication.reference_period(), publication.validity);
    differences.instant("created", publication.created, Some(footprint.created));
    for (place, expected, stated) in [
        ("pcf.referencePeriodStart", period.start(), Some(pcf.reference_period_start)),
        ("pcf.referencePeriodEnd", period.end(), Some(pcf.reference_period_end)),
        ("validityPeriodStart", validity.start(), footprint.validity_period_start),
        ("validityPeriodEnd", validity.end(), footprint.validity_period_end),
    ] {
        differences.instant(place, Instant::at_start_of(expected), stated);
    }
}

fn figures(pcf: &CarbonFootprint, proof: &Proof, differences: &mut Differences) {
    let gate = &proof.publication().figures.gate;
    let (excluding, including) = (gate.excluding_uptake, gate.including_uptake);
    differences.mass("pcfExcludingBiogenicUptake", excluding, Some(pcf.pcf_excluding_biogenic_uptake));
    differences.mass("pcfIncludingBiogenicUptake", including, Some(pcf.pcf_including_biogenic_uptake));
    if let Ok(uptake) = including.minus(excluding) {
        differences.mass("biogenicCO2Uptake", uptake, pcf.biogenic_co2_uptake);
    }
    for (category, stated) in [
        (Category::Fossil, Some(pcf.fossil_ghg_emissions)),
        (Category::LandUseChange, pcf.land_use_change_ghg_emissions),
        (Category::LandManagementCo2, pcf.land_management_biogenic_co2_emissions),
        (Category::LandManagementRemovals, pcf.land_management_biogenic_co2_removals),
        (Category::LandManagementFossil, pcf.land_management_fossil_ghg_emissions),
        (Category::BiogenicNonCo2, pcf.biogenic_non_co2_emissions),
        (Category::Aircraft, pcf.aircraft_ghg_emissions),
        (Category::CcsCapture, pcf.ccs_technological_co2_capture),
        (Category::TechnologicalRemovals, pcf.technological_co2_removals),
    ] {
        differences.mass(category.as_str(), gate.categories[category], stated);
    }
    if pcf.packaging_emissions_included == Some(true) || pcf.packaging_ghg_emissions.is_some() {
        let packaging = gate.categories[Category::Packaging];
        differences.mass("packagingGhgEmissions", packaging, pcf.packaging_ghg_emissions);
    }
    // Left out where somebody else answers for what comes after the gate.
    if let Some(stated) = pcf.outbound_logistics_ghg_emissions {
        let outbound = proof.publication().figures.outbound().ok().flatten();
        differences.number("outboundLogisticsGhgEmissions", outbound.map(PactDecimal::from), Some(stated));
    }
}

fn shares(pcf: &CarbonFootprint, proof: &Proof, differences: &mut Differences) {
    let figures = &proof.publication().figures;
    let exempted = figures.exempted_emissions_percent.map(PactDecimal::from);
    differences.number("exemptedEmissionsPercent", exempted, Some(pcf.exempted_emissions_percent));
    differences.number("primaryDataShare", Some(figures.primary_data_share.into()), pcf.primary_data_share);
    let sets = reports(&gwp_sets(proof.publication()));
    if sets != pcf.ipcc_characterization_factors {
        let got = pcf.ipcc_characterization_factors.join(", ");
        differences.note("pcf.ipccCharacterizationFactors", sets.join(", "), got);
    }
    let claims = proof.publication().claims.iter().map(|claim| claim.standard.as_str());
    let claims: Vec<&str> = claims.collect();
    if claims != pcf.cross_sectoral_standards {
        let got = pcf.cross_sectoral_standards.join(", ");
        differences.note("pcf.crossSectoralStandards", claims.join(", "), got);
    }
    let ratings = figures.data_quality.as_ref();
    for (place, rating, stated) in [
        ("dqi.technologicalDQR", ratings.map(|q| q.technology), pcf.dqi.as_ref().map(|q| q.technological)),
        ("dqi.geographicalDQR", ratings.map(|q| q.geography), pcf.dqi.as_ref().map(|q| q.geographical)),
        ("dqi.temporalDQR", ratings.map(|q| q.time), pcf.dqi.as_ref().map(|q| q.temporal)),
    ] {
        differences.number(place, rating.map(PactDecimal::from), stated);
    }
}

/// The statement of the product, where it was used and is disclosed.
fn product(proof: &Proof) -> Option<&Product> {
    let used = proof.statements.iter().filter(|held| proof.used.binary_search(&held.id).is_ok());
    used.rev().find_map(|held| match held.said.statement() {
        Some(Statement::Product(product)) if product.ids.contains(&proof.publication().product) => {
            Some(product)
        }
        _ => None,
    })
}

fn is_the_unit(declared: Quantity, amount: PactDecimal, unit: PactUnit) -> bool {
    let Some((n, d)) = declared.unit.ratio_to(unit.unit()) else { return false };
    let Ok(stated) = amount.decimal() else { return false };
    let here = declared.amount.quanta().checked_mul(i128::from(n));
    let there = stated.quanta().checked_mul(i128::from(d));
    here.is_some() && here == there
}
