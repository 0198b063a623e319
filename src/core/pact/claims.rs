//! When a footprint may say that it follows PACT: the conditions of the methodology that a
//! publication and its product show. Judges; says nothing of other standards.

use crate::model::{Decimal, Product, Publication, RecyclingMethod, StatedGwp};

/// The standard that is claimed where [`unmet`] is empty.
pub const PACT: &str = "PACT-3.0";

/// The standards that PACT v3 names for `crossSectoralStandards`.
pub const STANDARDS: &[&str] = &[
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

/// The finding whose acceptance assumes a GWP set for sources that state none.
pub const ASSUMED_GWP: &str = "gwp-unstated";

/// Most emissions that may be left out, in percent (PACT methodology, exemption rule).
pub const EXEMPTED_PERCENT_MAX: i32 = 5;

/// How long a footprint may be valid beyond its reference period, in years.
pub const VALID_YEARS_MAX: i16 = 3;

/// What stands against the claim [`PACT`]: sentences, empty where all conditions are met. Without
/// the product only what the publication shows is judged.
pub fn unmet(publication: &Publication, product: Option<&Product>) -> Vec<String> {
    unmet_where(publication, product, assumed_gwp(publication).is_some())
}

/// As [`unmet`], for a publication whose body is not shown: that the publisher assumes a GWP set is
/// known by the accepted rule alone.
pub(crate) fn unmet_in_rounded(publication: &Publication, product: Option<&Product>) -> Vec<String> {
    let assumes = publication.accepted.iter().any(|accepted| accepted.rule.as_str() == ASSUMED_GWP);
    unmet_where(publication, product, assumes)
}

fn unmet_where(publication: &Publication, product: Option<&Product>, assumes_gwp: bool) -> Vec<String> {
    let mut unmet = Vec::new();
    let figures = &publication.figures;
    match figures.exempted_emissions_percent {
        None => unmet.push("the exempted emissions are not stated".to_owned()),
        Some(percent) if percent > Decimal::from_i32(EXEMPTED_PERCENT_MAX) => unmet.push(format!(
            "{percent} % of the emissions are exempted, at most {EXEMPTED_PERCENT_MAX} % may be"
        )),
        Some(_) => {}
    }
    if figures.gwp.contains(&StatedGwp::Unstated) && !assumes_gwp {
        unmet.push(format!(
            "a source states no GWP set, and no set is assumed for it (accept the finding `{ASSUMED_GWP}`, and name the set in the reason)"
        ));
    }
    let reference = publication.reference_period();
    let last = reference.end().plus_years(VALID_YEARS_MAX);
    if last.is_ok_and(|last| publication.validity.end() > last) {
        unmet.push(format!("the validity ends more than {VALID_YEARS_MAX} years after {}", reference.end()));
    }
    unmet.extend(product.into_iter().flat_map(unmet_by_product));
    unmet
}

/// The GWP set that the publisher assumes for sources that state none: the one that the reason
/// names, where it names one.
pub fn assumed_gwp(publication: &Publication) -> Option<StatedGwp> {
    let accepted = publication.accepted.iter().find(|accepted| accepted.rule.as_str() == ASSUMED_GWP)?;
    let words = accepted.reason.as_str().split(|c: char| !c.is_ascii_alphanumeric());
    let mut sets = words.filter_map(|word| word.parse().ok()).filter(|set| *set != StatedGwp::Unstated);
    let first = sets.next()?;
    sets.all(|other| other == first).then_some(first)
}

/// Every GWP set behind the figures, the assumed one too.
pub(crate) fn gwp_sets(publication: &Publication) -> Vec<StatedGwp> {
    let mut sets = publication.figures.gwp.clone();
    sets.extend(assumed_gwp(publication));
    sets
}

fn unmet_by_product(product: &Product) -> Vec<String> {
    let mut unmet = Vec::new();
    if product.packaging.is_none() {
        unmet.push("it is not stated whether packaging is included".to_owned());
    }
    if product.ccs_included.is_none() {
        unmet.push("it is not stated whether capture and storage are included".to_owned());
    }
    let method = product.recycling.as_ref().map(|recycling| recycling.method);
    if let Some(method) = method.filter(|method| *method != RecyclingMethod::CutOff) {
        unmet.push(format!("recycling counts by {method}, PACT counts recycled content by cut-off"));
    }
    unmet
}
