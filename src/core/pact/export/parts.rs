//! The parts of a PACT document that are not simply copied: categories with their signs, units, geography, rules, opinion and comment.

use super::{Context, Missing, region};
use crate::model::{
    Accepted, Category, ClaimBasis, Co2e, Country, DataCoverage, Decimal, FigureSet, Opinion, Product,
    ProductRule, Publication, PublicationStatus, Quantity, Site, StatedGwp, Subdivision, ValueError,
};
use crate::pact::{DRAFT_MARK, PactDecimal, PactInstant, PactUnit, SectorRule, Verification};

/// The optional categories. One that is zero is left out: the calculation cannot tell "none" from "no source speaks of it".
pub(super) struct Values {
    pub(super) aircraft: Option<PactDecimal>,
    pub(super) biogenic_non_co2: Option<PactDecimal>,
    pub(super) capture: Option<PactDecimal>,
    pub(super) land_management_co2: Option<PactDecimal>,
    pub(super) land_management_fossil: Option<PactDecimal>,
    pub(super) land_management_removals: Option<PactDecimal>,
    pub(super) land_use_change: Option<PactDecimal>,
    pub(super) packaging: Option<PactDecimal>,
    pub(super) removals: Option<PactDecimal>,
    pub(super) uptake: Option<PactDecimal>,
}

impl Values {
    pub(super) fn of(
        gate: &FigureSet,
        uptake: Co2e,
        packaging: Option<bool>,
        ccs: Option<bool>,
        missing: &mut Missing,
    ) -> Self {
        let mut stated = |category: Category, below_zero: bool| {
            let value = gate.categories[category];
            if value.is_zero() {
                return None;
            }
            if (value.quanta() < 0) != below_zero {
                let side = if below_zero { "at most" } else { "at least" };
                missing.note(
                    category.as_str(),
                    format!("PACT holds {side} zero here, the footprint has {value} kg CO2e"),
                );
            }
            Some(PactDecimal::from(value))
        };
        stated(Category::Fossil, false);
        let packed = stated(Category::Packaging, false);
        let values = Self {
            aircraft: stated(Category::Aircraft, false),
            biogenic_non_co2: stated(Category::BiogenicNonCo2, false),
            capture: stated(Category::CcsCapture, true),
            land_management_co2: stated(Category::LandManagementCo2, false),
            land_management_fossil: stated(Category::LandManagementFossil, false),
            land_management_removals: stated(Category::LandManagementRemovals, true),
            land_use_change: stated(Category::LandUseChange, false),
            // Where packaging is included, its part is to be stated, also where it is zero.
            packaging: packed.or_else(|| (packaging == Some(true)).then_some(Co2e::ZERO.into())),
            removals: stated(Category::TechnologicalRemovals, true),
            uptake: (!uptake.is_zero()).then_some(uptake.into()),
        };
        if packaging == Some(false)
            && let kg = gate.categories[Category::Packaging]
            && !kg.is_zero()
        {
            let problem = format!(
                "the product says that packaging is not part of the footprint, whose figures hold {kg} kg CO2e of it"
            );
            missing.note("packagingEmissionsIncluded", problem);
        }
        if uptake.quanta() > 0 {
            missing.note(
                "biogenicCO2Uptake",
                format!("uptake and release must come to at most zero at the gate, got {uptake} kg CO2e"),
            );
        }
        if ccs == Some(false) && (values.capture.is_some() || values.removals.is_some()) {
            missing.note(
                "ccsTechnologicalCO2CaptureIncluded",
                "the product says that capture is not part of the footprint, whose figures hold some",
            );
        }
        values
    }
}

/// The declared unit, converted exactly where PACT does not have it.
pub(super) fn declared(quantity: Quantity, missing: &mut Missing) -> Option<(Decimal, PactUnit)> {
    if let Some(unit) = PactUnit::of(quantity.unit) {
        return Some((quantity.amount, unit));
    }
    let exact = PactUnit::all().find_map(|unit| {
        let (n, d) = quantity.unit.ratio_to(unit.unit())?;
        let numerator = quantity.amount.quanta().checked_mul(i128::from(n))?;
        let whole = (numerator % i128::from(d) == 0).then_some(numerator / i128::from(d))?;
        Some((Decimal::from_quanta(whole).ok()?, unit))
    });
    if exact.is_none() {
        let reason =
            format!("{} {} is no exact amount of a unit that PACT has", quantity.amount, quantity.unit);
        missing.note("declaredUnitOfMeasurement", reason);
    }
    exact
}

/// The sets as PACT numbers the reports; what is unstated has no place there.
pub(crate) fn reports(sets: &[StatedGwp]) -> Vec<String> {
    let number = |set: &StatedGwp| match set {
        StatedGwp::Sar => Some("AR2"),
        StatedGwp::Tar => Some("AR3"),
        StatedGwp::Ar4 => Some("AR4"),
        StatedGwp::Ar5 => Some("AR5"),
        StatedGwp::Ar6 | StatedGwp::Ar6GhgProtocolSf6 => Some("AR6"),
        StatedGwp::Unstated => None,
    };
    let mut reports: Vec<String> = sets.iter().filter_map(number).map(str::to_owned).collect();
    reports.sort_unstable();
    reports.dedup();
    reports
}

pub(super) fn outbound(
    publication: &Publication,
    missing: &mut Missing,
) -> Result<Option<PactDecimal>, ValueError> {
    let Some(sum) = publication.figures.outbound()?.filter(|_| !publication.outbound_excluded) else {
        return Ok(None);
    };
    if sum.quanta() < 0 {
        missing.note(
            "outboundLogisticsGhgEmissions",
            format!("PACT holds at least zero here, the footprint has {sum} kg CO2e"),
        );
    }
    Ok(Some(sum.into()))
}

/// Where the processes to the gate run, in one of the three ways that PACT has.
#[derive(Debug, Default)]
pub(super) struct Geography {
    pub(super) region: Option<String>,
    pub(super) country: Option<Country>,
    pub(super) subdivision: Option<Subdivision>,
}

/// The subdivision that all sites share, else their country, else their region, else nothing.
pub(super) fn geography(sites: &[Site]) -> Geography {
    let country = |site: &Site| {
        let of_part =
            site.subdivision.as_ref().and_then(|s| s.as_str().get(..2)).and_then(|c| c.parse().ok());
        site.country.clone().or(of_part)
    };
    let Some(first) = sites.first() else { return Geography::default() };
    if first.subdivision.is_some() && sites.iter().all(|site| site.subdivision == first.subdivision) {
        return Geography { subdivision: first.subdivision.clone(), ..Geography::default() };
    }
    let Some(countries) = sites.iter().map(country).collect::<Option<Vec<Country>>>() else {
        return Geography::default(); // A site without a country could be anywhere.
    };
    match countries.first() {
        Some(only) if countries.iter().all(|country| country == only) => {
            Geography { country: Some(only.clone()), ..Geography::default() }
        }
        _ => Geography { region: region::common(&countries).map(str::to_owned), ..Geography::default() },
    }
}

pub(super) fn rules(product: &Product) -> Vec<SectorRule> {
    let rule = |rule: &ProductRule| {
        let known = ["PEF", "EPD International"].contains(&rule.operator.as_str());
        SectorRule {
            operator: if known { rule.operator.to_string() } else { "Other".into() },
            rule_names: vec![rule.name.to_string()],
            other_operator_name: (!known).then(|| rule.operator.to_string()),
        }
    };
    product.rules.iter().map(rule).collect()
}

/// An adverse opinion is no verification; the comment says it.
pub(super) fn verification(context: &Context<'_>) -> Option<Verification> {
    let (provider, assurance, completed) =
        context.assurance.filter(|(_, assurance, _)| assurance.opinion != Opinion::Adverse)?;
    let findings: Vec<String> = assurance.findings.iter().map(ToString::to_string).collect();
    let said =
        format!("{} assurance, {} opinion. Scope: {}", assurance.level, assurance.opinion, assurance.scope);
    let comments =
        if findings.is_empty() { said } else { format!("{said} Findings: {}", findings.join(" ")) };
    Some(Verification {
        coverage: Some("product level".into()),
        provider_name: Some(provider.to_owned()),
        completed_at: completed.map(PactInstant),
        standard_name: Some(assurance.standard.to_string()),
        comments: Some(comments),
    })
}

/// What a reader of the figures should know beside them.
pub(super) fn comment(publication: &Publication, product: &Product, context: &Context<'_>) -> Option<String> {
    let mut sentences: Vec<String> = Vec::new();
    if publication.status == PublicationStatus::Draft {
        sentences.push(format!("{DRAFT_MARK} the publisher does not stand by these figures yet."));
    }
    sentences.extend(publication.comment.iter().map(ToString::to_string));
    sentences.extend(context.comment.map(str::to_owned));
    if let Some(batch) = &publication.batch {
        sentences.push(format!("The figures are those of the batch {batch}."));
    }
    if let Some(scenario) = &publication.scenario {
        sentences.push(format!("The figures are those of the scenario {scenario}."));
    }
    sentences.extend(unchecked_claims(publication));
    sentences.extend(publication.coverage.and_then(partly_covered));
    let accepted = |a: &Accepted| match context.rounded {
        true => format!("Found and accepted: {}; what and why is not shown.", a.rule),
        false => format!("Found and accepted ({}): {} Reason: {}.", a.rule, a.sentence, a.reason),
    };
    sentences.extend(publication.accepted.iter().map(accepted));
    // What rounds to zero may be stated all the same.
    sentences.extend(unsaid_of_biomass(publication, product).filter(|_| !context.rounded));
    if publication.figures.gwp.contains(&StatedGwp::Unstated) {
        sentences.push("Some sources of the footprint do not state their GWP set.".into());
    }
    if let Some((provider, assurance, _)) =
        context.assurance.filter(|(_, a, _)| a.opinion == Opinion::Adverse)
    {
        sentences
            .push(format!("The opinion of {provider} on these figures ({}) is adverse.", assurance.standard));
    }
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// The standards that the publisher claims without a check.
fn unchecked_claims(publication: &Publication) -> Option<String> {
    let stated = publication.claims.iter().filter(|claim| claim.basis == ClaimBasis::Stated);
    let stated: Vec<&str> = stated.map(|claim| claim.standard.as_str()).collect();
    let claims = stated.join(", ");
    (!stated.is_empty()).then(|| format!("The publisher's own claim, which nobody checked here: {claims}."))
}

/// Days of the period without data, or with estimates only.
fn partly_covered(coverage: DataCoverage) -> Option<String> {
    let [days, measured, estimated] =
        [coverage.days, coverage.measured, coverage.estimated].map(|days| days.as_u64());
    (measured != days).then(|| {
        format!("Of the {days} days of the period that was asked for, {measured} are measured and {estimated} estimated.")
    })
}

/// PACT asks whoever sells something biogenic for these categories. One that is zero is left out, and why is said here.
fn unsaid_of_biomass(publication: &Publication, product: &Product) -> Option<String> {
    let biogenic = product.carbon.as_ref().and_then(|carbon| carbon.biogenic);
    biogenic.filter(|kg| kg.is_positive())?;
    let categories = &publication.figures.gate.categories;
    let unsaid: Vec<&str> = [
        (Category::LandUseChange, "land-use change"),
        (Category::LandManagementCo2, "land management"),
        (Category::BiogenicNonCo2, "biogenic gases other than CO2"),
    ]
    .into_iter()
    .filter_map(|(category, name)| categories[category].is_zero().then_some(name))
    .collect();
    (!unsaid.is_empty()).then(|| {
        format!(
            "No source of the footprint states emissions of {}: they are left out here.",
            unsaid.join(", ")
        )
    })
}
