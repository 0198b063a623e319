//! The publication gate: what a final publication needs, each with whether it is met. Absent is never zero: a field that nobody stated is
//! named, with the column or verb that states it.

use super::PublishError;
use super::gather::assurances;
use crate::calc::{Footprint, Inventory};
use crate::ledger::Ledger;
use crate::model::{ActorId, Decimal, Digest, Opinion, Product, Publication, StatedGwp};
use crate::store::Reader;

/// One thing that the gate asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateItem {
    /// What is asked, as a stable name.
    pub name: &'static str,
    /// True where a final publication cannot do without.
    pub required: bool,
    /// Whether it is met.
    pub met: bool,
    /// What was found, and how to mend it where it is not met.
    pub detail: String,
}

fn item(name: &'static str, required: bool, met: bool, found: &str, remedy: &str) -> GateItem {
    GateItem { name, required, met, detail: if met { found.to_owned() } else { remedy.to_owned() } }
}

/// Everything the gate asks of a publication, met or not.
///
/// # Errors
/// [`PublishError::Ledger`] where a statement cannot be read.
pub(super) fn check<S: Reader>(
    ledger: &Ledger<S>,
    product: &Product,
    publication: &Publication,
    digest: &Digest,
    (inventory, footprint): (&Inventory, &Footprint),
) -> Result<Vec<GateItem>, PublishError> {
    let mut items = stated(product);
    items.push(owner_ids(ledger, publication));
    items.extend(figures(publication));
    items.push(validity(publication));
    items.push(suppliers(publication, inventory, footprint));
    items.extend(assured(ledger, &publication.by, digest)?);
    Ok(items)
}

/// Fields of the product statement that PACT and ISO 14067 want stated.
fn stated(product: &Product) -> Vec<GateItem> {
    let remedy =
        |column: &str| format!("state `{column}` in the product's file and record it with --correct");
    let field = |name, column: &str, known: bool| item(name, true, known, "stated", &remedy(column));
    vec![
        field("mass-per-declared-unit", "mass_kg", product.mass_per_declared_unit.is_some()),
        field("fossil-carbon-content", "fossil_carbon_kg", product.carbon.is_some()),
        field("packaging-included", "packaging_included", product.packaging.is_some()),
        field("ccs-included", "ccs_included", product.ccs_included.is_some()),
        field("exempted-emissions", "exemptions", product.exemptions.is_some()),
        item(
            "product-rule",
            false,
            !product.rules.is_empty(),
            "a product rule is named",
            "no product or sector rule is named; where one exists for this product, name it",
        ),
    ]
}

fn owner_ids<S: Reader>(ledger: &Ledger<S>, publication: &Publication) -> GateItem {
    let known = ledger.book().actor(&publication.by).is_some_and(|(_, actor)| !actor.company_ids.is_empty());
    let remedy = format!(
        "the operator states a company id of `{}` with `pcf actor add --company-id URN`",
        publication.by
    );
    item("company-ids", true, known, "stated", &remedy)
}

/// What the figures themselves have to show.
fn figures(publication: &Publication) -> Vec<GateItem> {
    let figures = &publication.figures;
    let exempted = figures.exempted_emissions_percent;
    let stated: Vec<&str> =
        figures.gwp.iter().filter(|set| **set != StatedGwp::Unstated).map(|set| set.as_str()).collect();
    let unstated = figures.gwp.contains(&StatedGwp::Unstated);
    vec![
        item(
            "exempted-within-limit",
            false,
            exempted.is_none_or(|percent| percent <= Decimal::from_i32(5)),
            "at most 5 %",
            "more than 5 % of the emissions are left out, which is outside PACT's limit",
        ),
        item(
            "data-quality",
            false,
            figures.data_quality.is_some(),
            "rated",
            "nothing is rated; state quality_technology, quality_geography and quality_time",
        ),
        item(
            "gwp-stated",
            false,
            !unstated,
            "every GWP set that entered is stated",
            &format!(
                "besides {} a factor entered whose source does not state its GWP set",
                stated.join(", ")
            ),
        ),
    ]
}

/// PACT v3: a footprint is valid for at most three years after its reference period.
fn validity(publication: &Publication) -> GateItem {
    let limit = publication.period.end().plus_years(3);
    let within = limit.as_ref().is_ok_and(|limit| publication.validity.end() <= *limit);
    let remedy = match limit {
        Ok(limit) => format!(
            "the last day of the validity must come before {limit}, three years after the period; it reaches to the day before {}",
            publication.validity.end()
        ),
        Err(e) => e.to_string(),
    };
    item("validity-within-three-years", true, within, "within three years of the period", &remedy)
}

/// The suppliers' footprints that enter should be valid as long as what rests on them.
fn suppliers(publication: &Publication, inventory: &Inventory, footprint: &Footprint) -> GateItem {
    let outlived: Vec<String> = inventory
        .bought
        .iter()
        .filter(|(_, held)| footprint.used.contains(&held.id))
        .filter(|(_, held)| held.statement.validity.is_some_and(|v| v.end() < publication.validity.end()))
        .map(|(id, _)| id.to_string())
        .collect();
    let remedy = format!("the publication outlives the suppliers' footprints {}", outlived.join(", "));
    item("suppliers-valid-throughout", false, outlived.is_empty(), "none ends earlier", &remedy)
}

/// An assurance of the very same figures by somebody else than their publisher, and none that says that they are wrong.
fn assured<S: Reader>(
    ledger: &Ledger<S>,
    publisher: &ActorId,
    digest: &Digest,
) -> Result<[GateItem; 2], PublishError> {
    let held = assurances(ledger, digest)?;
    let (adverse, favourable): (Vec<_>, Vec<_>) =
        held.iter().partition(|(_, assurance)| assurance.opinion == Opinion::Adverse);
    let favourable: Vec<String> = favourable
        .iter()
        .filter(|(_, assurance)| assurance.by != *publisher)
        .map(|(_, assurance)| format!("{} assurance by `{}`", assurance.level, assurance.by))
        .collect();
    let adverse: Vec<String> =
        adverse.iter().map(|(id, assurance)| format!("`{}` ({id})", assurance.by)).collect();
    let remedy = "nobody assured these figures: publish a draft and have it assured with `pcf assure`";
    let wrong = format!("these figures are wrong in the opinion of {}: correct them", adverse.join(", "));
    Ok([
        item("assurance", false, !favourable.is_empty(), &favourable.join(", "), remedy),
        item("no-adverse-opinion", true, adverse.is_empty(), "none", &wrong),
    ])
}
