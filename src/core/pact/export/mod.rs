//! PACT v3 out: a publication as a `ProductFootprint`. What nobody stated is refused by name and never filled in; what PACT has no place
//! for is left out or said in the comment.

mod parts;
mod region;

use self::parts::{Values, comment, declared, geography, outbound, rules, verification};

pub(crate) use self::parts::reports;
use crate::model::{
    Actor, Assurance, Category, Decimal, FigureSet, Instant, Product, Publication, PublicationStatus, Site,
    ValueError,
};
use crate::pact::{
    self, CarbonFootprint, DataModelExtension, DataQuality, FactorSource, PactDecimal, PactError,
    PactInstant, PactStatus, ProductFootprint, UnknownKeys, claims,
};

/// A field of a document that cannot be written, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MissingField {
    /// The field, as the document names it.
    pub field: &'static str,
    /// Why it is missing.
    pub reason: String,
}

/// Why a publication could not be written as a PACT document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The document lacks what nobody stated.
    #[error("the footprint cannot be written as PACT: {}", listed(.fields))]
    Missing {
        /// Every field that is missing.
        fields: Vec<MissingField>,
    },
    /// The document would be wrong.
    #[error(transparent)]
    Pact(#[from] PactError),
    /// Values do not fit together.
    #[error(transparent)]
    Value(#[from] ValueError),
}

fn listed(fields: &[MissingField]) -> String {
    let items: Vec<String> = fields.iter().map(|m| format!("{} ({})", m.field, m.reason)).collect();
    items.join("; ")
}

/// The field that no document can be without, and that no statement of a product fills.
pub const STANDARDS_FIELD: &str = "crossSectoralStandards";

/// What a document needs beside the publication, its product and its maker.
#[derive(Debug, Clone, Default)]
pub struct Context<'a> {
    /// True where a later publication follows.
    pub deprecated: bool,
    /// True where the publication is given as its header has it.
    pub rounded: bool,
    /// Of such a one, what its publisher tells every reader.
    pub comment: Option<&'a str>,
    /// Where the processes to the gate run. A subdivision, country or region that all share is stated, else nothing.
    pub sites: &'a [Site],
    /// Name and edition of the sources of secondary emission factors.
    pub sources: &'a [FactorSource],
    /// The auditor's name, opinion and, where it is known, when it was given.
    pub assurance: Option<(&'a str, &'a Assurance, Option<Instant>)>,
    /// What processes the footprint holds.
    pub processes: Option<String>,
    /// How flows were shared among products, and why.
    pub allocation: Option<String>,
    /// What is left out.
    pub exempted: Option<String>,
    /// The ledger's evidence.
    pub extensions: Vec<DataModelExtension>,
}

/// Collects fields that cannot be written.
#[derive(Default)]
struct Missing(Vec<MissingField>);

impl Missing {
    fn note(&mut self, field: &'static str, reason: impl Into<String>) {
        self.0.push(MissingField { field, reason: reason.into() });
    }

    fn need<T: Clone>(&mut self, field: &'static str, value: Option<&T>, reason: &str) -> Option<T> {
        if value.is_none() {
            self.note(field, reason);
        }
        value.cloned()
    }
}

/// Writes a publication as a PACT v3 document.
///
/// # Errors
/// [`ExportError::Missing`] with every mandatory field that nobody stated or whose value PACT cannot hold;
/// [`ExportError::Pact`] where the document would not be valid; [`ExportError::Value`] beyond the exact range.
pub fn write(
    publication: &Publication,
    product: &Product,
    owner: &Actor,
    context: &Context<'_>,
) -> Result<Vec<u8>, ExportError> {
    let mut missing = Missing::default();
    let pcf = figures(publication, product, context, &mut missing)?;
    let owns = product.ids.contains(&publication.product);
    if !owns {
        missing.note(
            "productIds",
            format!("the publication is about {}, which is none of the product's ids", publication.product),
        );
    }
    if owner.company_ids.is_empty() {
        missing.note("companyIds", format!("the actor {} has no company id", owner.actor));
    }
    let description =
        missing.need("productDescription", product.description.as_ref(), "the product has no description");
    let last = publication.reference_period().end().plus_years(claims::VALID_YEARS_MAX)?;
    if publication.validity.end() > last {
        missing.note(
            "validityPeriodEnd",
            format!(
                "at most {} years after the reference period, that is {last}, got {}",
                claims::VALID_YEARS_MAX,
                publication.validity.end()
            ),
        );
    }
    let (Some(pcf), Some(description), true) = (pcf, description, missing.0.is_empty()) else {
        return Err(ExportError::Missing { fields: missing.0 });
    };
    let instant = |date| Some(PactInstant(Instant::at_start_of(date)));
    // PACT knows no drafts: a receiver must not use one, which is what it calls deprecated.
    let is_draft = publication.status == PublicationStatus::Draft;
    let footprint = ProductFootprint {
        id: publication.footprint.clone(),
        spec_version: pact::SPEC_VERSION.into(),
        preceding_pf_ids: publication.preceding.clone(),
        created: PactInstant(publication.created),
        status: if context.deprecated || is_draft { PactStatus::Deprecated } else { PactStatus::Active },
        validity_period_start: instant(publication.validity.start()),
        validity_period_end: instant(publication.validity.end()),
        company_name: owner.name.to_string(),
        company_ids: owner.company_ids.iter().map(ToString::to_string).collect(),
        product_description: description.to_string(),
        product_ids: product.ids.iter().map(ToString::to_string).collect(),
        product_classifications: product.classifications.iter().map(ToString::to_string).collect(),
        product_name_company: product.name.to_string(),
        comment: comment(publication, product, context),
        pcf,
        extensions: context.extensions.clone(),
        unknown: UnknownKeys::default(),
    };
    Ok(pact::write(&footprint)?)
}

/// `None` only where `missing` says why.
fn figures(
    publication: &Publication,
    product: &Product,
    context: &Context<'_>,
    missing: &mut Missing,
) -> Result<Option<CarbonFootprint>, ExportError> {
    let (gate, figures) = (publication.figures.gate, &publication.figures);
    if FigureSet::new(gate.categories)? != gate {
        missing.note(
            "pcfExcludingBiogenicUptake",
            "the categories of the publication do not add up to its totals",
        );
    }
    let declared = declared(product.declared_unit, missing);
    if let Some((declared, stated)) = product.mass_apart() {
        let problem = format!("a declared unit is {declared} kg, and the product states {stated} kg");
        missing.note("productMassPerDeclaredUnit", problem);
    }
    let mass = missing.need(
        "productMassPerDeclaredUnit",
        product.mass_per_declared_unit.as_ref(),
        "the product does not state its mass; 0 for energy and services",
    );
    let carbon = missing.need(
        "fossilCarbonContent",
        product.carbon.as_ref(),
        "the product does not state its carbon content",
    );
    let packaging = missing.need(
        "packagingEmissionsIncluded",
        product.packaging.as_ref(),
        "the product does not state whether its packaging is part of the footprint",
    );
    let ccs = missing.need(
        "ccsTechnologicalCO2CaptureIncluded",
        product.ccs_included.as_ref(),
        "the product does not state whether capture and storage are part of the footprint",
    );
    let exempted = missing.need(
        "exemptedEmissionsPercent",
        figures.exempted_emissions_percent.as_ref(),
        "the product does not state its exemptions",
    );
    let reports = reports(&claims::gwp_sets(publication));
    if reports.is_empty() {
        missing.note("ipccCharacterizationFactors", "no source of the footprint states its GWP set");
    }
    if publication.claims.is_empty() {
        let unmet = claims::unmet(publication, Some(product)).join("; ");
        let reason = format!("{} cannot be claimed ({unmet}), and no standard is stated", claims::PACT);
        missing.note(STANDARDS_FIELD, reason);
    }
    let uptake = gate.including_uptake.minus(gate.excluding_uptake)?;
    let values = Values::of(&gate, uptake, packaging.as_ref().map(|p| p.included), ccs, missing);
    let outbound = outbound(publication, missing)?;
    let geography = geography(context.sites);
    let (Some((amount, unit)), Some(mass), Some(carbon), Some(packaging), Some(ccs), Some(exempted)) =
        (declared, mass, carbon, packaging, ccs, exempted)
    else {
        return Ok(None);
    };
    let decimal = |value: Option<Decimal>| value.map(PactDecimal::from);
    let reference = publication.reference_period();
    Ok(Some(CarbonFootprint {
        declared_unit_of_measurement: unit,
        declared_unit_amount: amount.into(),
        product_mass_per_declared_unit: mass.into(),
        reference_period_start: PactInstant(Instant::at_start_of(reference.start())),
        reference_period_end: PactInstant(Instant::at_start_of(reference.end())),
        geography_region_or_subregion: geography.region,
        geography_country: geography.country,
        geography_country_subdivision: geography.subdivision,
        boundary_processes_description: context.processes.clone(),
        pcf_excluding_biogenic_uptake: gate.excluding_uptake.into(),
        pcf_including_biogenic_uptake: gate.including_uptake.into(),
        fossil_carbon_content: carbon.fossil.into(),
        biogenic_carbon_content: decimal(carbon.biogenic),
        recycled_carbon_content: decimal(carbon.recycled),
        fossil_ghg_emissions: gate.categories[Category::Fossil].into(),
        land_use_change_ghg_emissions: values.land_use_change,
        land_carbon_leakage: None,
        land_management_fossil_ghg_emissions: values.land_management_fossil,
        land_management_biogenic_co2_emissions: values.land_management_co2,
        land_management_biogenic_co2_removals: values.land_management_removals,
        biogenic_co2_uptake: values.uptake,
        biogenic_non_co2_emissions: values.biogenic_non_co2,
        land_area_occupation: None,
        aircraft_ghg_emissions: values.aircraft,
        packaging_emissions_included: Some(packaging.included),
        packaging_ghg_emissions: values.packaging,
        packaging_biogenic_carbon_content: decimal(packaging.biogenic_carbon),
        outbound_logistics_ghg_emissions: outbound,
        ccs_technological_co2_capture_included: Some(ccs),
        ccs_technological_co2_capture: values.capture,
        technological_co2_capture_origin: None,
        technological_co2_removals: values.removals,
        ccu_carbon_content: None,
        ccu_calculation_approach: None,
        ccu_credit_certification: None,
        ipcc_characterization_factors: reports,
        cross_sectoral_standards: publication.claims.iter().map(|claim| claim.standard.to_string()).collect(),
        product_or_sector_specific_rules: rules(product),
        exempted_emissions_percent: exempted.into(),
        exempted_emissions_description: context.exempted.clone(),
        allocation_rules_description: context.allocation.clone(),
        secondary_emission_factor_sources: context.sources.to_vec(),
        primary_data_share: Some(figures.primary_data_share.into()),
        dqi: figures.data_quality.map(|q| DataQuality {
            technological: q.technology.into(),
            geographical: q.geography.into(),
            temporal: q.time.into(),
        }),
        verification: verification(context),
        unknown: UnknownKeys::default(),
    }))
}
