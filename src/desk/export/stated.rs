//! Factors, products and years as rows.

use pcf_ledger::model::{Annual, Category, Factor, Product, RecycledMaterial};

use super::cells::Row;

/// Cells of one row by column.
type Cells = Vec<(String, String)>;

/// The row of a factor.
pub fn factor(factor: &Factor) -> Cells {
    let mut row = Row::default()
        .with("id", &factor.factor)
        .with("name", &factor.name)
        .with("category", factor.category)
        .with("unit", factor.unit)
        .with("scope", factor.scope)
        .with("year", factor.year)
        .with("source", &factor.source)
        .with("licence", &factor.licence)
        .with("data", factor.data)
        .with_some("gwp_set", factor.gwp)
        .with_list("exclusions", &factor.exclusions, " ")
        .with_some("geography", factor.geography.as_ref())
        .with_some("source_version", factor.source_version.as_ref())
        .with_some("uncertainty", factor.uncertainty)
        .with_some("note", factor.note.as_ref())
        .with_quality(factor.quality.as_ref());
    for (category, value) in factor.values.iter().flatten() {
        row = match category {
            Category::Fossil => row.with("kgco2e", value),
            other => row.with(other.as_str(), value),
        };
    }
    for (gas, value) in factor.gases.iter().flatten() {
        row = row.with(&format!("gas:{gas}"), value);
    }
    row.cells()
}

/// The rows of a product: one a process and one a material, each beside the other.
pub fn product(product: &Product) -> Vec<Cells> {
    let ids = Row::default().with_list("id", &product.ids, " ");
    let first = Row::default()
        .with("name", &product.name)
        .with("boundary", product.boundary)
        .with("declared_amount", product.declared_unit.amount)
        .with("declared_unit", product.declared_unit.unit)
        .with_some("description", product.description.as_ref())
        .with_some("mass_kg", product.mass_per_declared_unit)
        .with_some("fossil_carbon_kg", product.carbon.as_ref().map(|carbon| carbon.fossil))
        .with_some("biogenic_carbon_kg", product.carbon.as_ref().and_then(|carbon| carbon.biogenic))
        .with_some("recycled_carbon_kg", product.carbon.as_ref().and_then(|carbon| carbon.recycled))
        .with_yes_or_no("packaging_included", product.packaging.as_ref().map(|packaging| packaging.included))
        .with_some(
            "packaging_biogenic_carbon_kg",
            product.packaging.as_ref().and_then(|packaging| packaging.biogenic_carbon),
        )
        .with_yes_or_no("ccs_included", product.ccs_included)
        .with_some("exemptions", product.exemptions)
        .with_yes("design_at_gate", product.design_at_gate)
        .with_list("classifications", &product.classifications, " ")
        .with_some("rule", product.rules.first().map(|rule| rule.name.to_string()))
        .with_some("rule_operator", product.rules.first().map(|rule| rule.operator.to_string()))
        .with_some("recycling_method", product.recycling.as_ref().map(|recycling| recycling.method))
        .with_some("unit_tolerance_percent", product.unit_tolerance_percent);
    let materials = product.recycling.as_ref().map_or(&[][..], |recycling| &recycling.materials);
    let count = product.processes.len().max(materials.len());
    let mut rows = Vec::with_capacity(count);
    for at in 0..count {
        let mut row = ids.clone();
        if at == 0 {
            row = row.and(first.clone());
        }
        if let Some(process) = product.processes.get(at) {
            row = row
                .with("stage", process.stage)
                .with("process", &process.name)
                .with_list("signers", &process.signers, " ")
                .with_some("units_of", process.units_of.as_ref());
        }
        if let Some(held) = materials.get(at) {
            row = row.and(material(held));
        }
        rows.push(row.cells());
    }
    rows
}

fn material(held: &RecycledMaterial) -> Row {
    Row::default()
        .with("material", &held.material)
        .with("material_kg", held.kg)
        .with_some("material_region", held.region.as_ref())
        .with_some("a", held.A)
        .with_some("b", held.B)
        .with("r1", held.R1)
        .with("r2", held.R2)
        .with("r3", held.R3)
        .with_some("qsinqp", held.QsinQp)
        .with_some("qsoutqp", held.QsoutQp)
        .with("ev", &held.Ev)
        .with_some("erec", held.Erec.as_ref())
        .with_some("ereceol", held.ErecEoL.as_ref())
        .with_some("evstar", held.EvStar.as_ref())
        .with_some("ed", held.Ed.as_ref())
        .with_some("eer", held.Eer.as_ref())
        .with_some("lhv", held.LHV)
        .with_some("xheat", held.Xheat)
        .with_some("xelec", held.Xelec)
        .with_some("eheat", held.Eheat.as_ref())
        .with_some("eelec", held.Eelec.as_ref())
}

/// The row of a year.
pub fn annual(annual: &Annual) -> Cells {
    Row::default()
        .with("subject", &annual.subject)
        .with("year", annual.year)
        .with("value_added", annual.value_added)
        .with("energy", annual.energy.amount)
        .with("energy_unit", annual.energy.unit)
        .with("direct_emissions_kg", annual.direct_emissions)
        .with("output", annual.output.amount)
        .with("output_unit", annual.output.unit)
        .cells()
}
