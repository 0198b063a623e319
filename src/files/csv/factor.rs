//! Factors: one a row, either kg CO2e (in one figure or by category) with its GWP set, or kg of
//! each gas.

use std::collections::BTreeMap;

use super::cells::Cells;
use super::table::Table;
use super::{Columns, Problems, checked};
use crate::Draft;
use pcf_core::model::{ActorId, Category, Decimal, Exclusion, Factor, Gas, Salt, StatedGwp};

/// The columns of factors; beside them each category by its PACT name and `gas:` with the name of
/// each gas.
pub(crate) const COLUMNS: Columns = Columns {
    what: "factors",
    required: &["id", "name", "category", "unit", "scope", "year", "source", "licence", "data"],
    optional: &[&[
        "kgco2e",
        "gwp_set",
        "exclusions",
        "geography",
        "source_version",
        "uncertainty",
        "note",
        "quality_technology",
        "quality_geography",
        "quality_time",
    ]],
    family: |name| name.parse::<Category>().is_ok() || gas_of(name).is_some(),
};

fn gas_of(column: &str) -> Option<Gas> {
    column.strip_prefix("gas:").and_then(|name| Gas::named(name).ok())
}

pub(super) fn read(table: &Table, by: &ActorId, problems: &mut Problems) -> Vec<Draft> {
    let columns: Vec<&str> = table.columns().collect();
    let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
    let mut drafts = Vec::new();
    for row in table.rows() {
        let id = row.cell("id");
        if let Some(first) = seen.insert(id, row.line).filter(|_| !id.is_empty()) {
            problems.push(row.line, "id", format!("the factor {id} stands in row {first} too"));
        }
        let factor = factor(&mut Cells { row, problems }, &columns, by);
        drafts.extend(factor.and_then(|factor| checked(factor, vec![row.line], "id", problems)));
    }
    drafts
}

fn factor(cells: &mut Cells<'_, '_>, columns: &[&str], by: &ActorId) -> Option<Factor> {
    let (id, name, category) = (cells.required("id"), cells.required("name"), cells.required("category"));
    let (unit, scope, year) =
        (cells.required_plain_unit("unit"), cells.required("scope"), cells.required("year"));
    let (source, licence) = (cells.required("source"), cells.required("licence"));
    let data = cells.required("data");
    let mut exclusions: Vec<Exclusion> = cells.list("exclusions");
    exclusions.sort_unstable();
    let stated = values(cells, columns);
    let (geography, source_version) = (cells.optional("geography"), cells.optional("source_version"));
    let (note, quality, uncertainty) = (cells.optional("note"), cells.quality(), cells.uncertainty());
    let (values, gases, gwp) = stated?;
    Some(Factor {
        by: by.clone(),
        category: category?,
        data: data?,
        exclusions,
        factor: id?,
        gases,
        geography,
        gwp,
        licence: licence?,
        name: name?,
        note,
        open: false,
        quality,
        replaces: None,
        salt: Salt::from_bytes([0; 16]),
        scope: scope?,
        source: source?,
        source_version,
        r#type: Default::default(),
        uncertainty,
        unit: unit?,
        v: Default::default(),
        values,
        year: year?,
    })
}

type Values = (Option<BTreeMap<Category, Decimal>>, Option<BTreeMap<Gas, Decimal>>, Option<StatedGwp>);

/// None where a figure is wrong, which is said.
fn values(cells: &mut Cells<'_, '_>, columns: &[&str]) -> Option<Values> {
    let figures =
        columns.iter().filter(|column| **column == "kgco2e" || COLUMNS.names().all(|own| own != **column));
    let wrong =
        figures.filter(|column| cells.text(column).is_some() && cells.number(column).is_none()).count();
    if wrong > 0 {
        return None;
    }
    let mut values = BTreeMap::new();
    let mut gases = BTreeMap::new();
    if let Some(kg) = cells.number("kgco2e") {
        values.insert(Category::Fossil, kg);
    }
    for column in columns {
        if let Ok(category) = column.parse::<Category>() {
            let Some(kg) = cells.number(column) else { continue };
            if values.insert(category, kg).is_some() {
                cells.refuse(column, "kgco2e is the fossil category too; fill in one of the two columns");
            }
        } else if let Some(gas) = gas_of(column) {
            let Some(kg) = cells.number(column) else { continue };
            if gases.insert(gas, kg).is_some() {
                cells.refuse(column, format!("{gas} stands in two columns; fill in one of them"));
            }
        }
    }
    let gwp = cells.optional::<StatedGwp>("gwp_set");
    let said = cells.text("gwp_set").is_some();
    match (values.is_empty(), gases.is_empty()) {
        (true, true) => cells.refuse("kgco2e", "a value is missing: kgco2e, a category or a gas"),
        (false, false) => cells.refuse("kgco2e", "expected either kg CO2e or kg of each gas, got both"),
        (false, true) if !said => {
            cells.refuse("gwp_set", "a value is missing: the GWP set that the kg CO2e rest on, or unstated");
        }
        (true, false) if said => {
            cells.refuse(
                "gwp_set",
                "gases are characterised when a footprint is calculated; leave this empty",
            );
        }
        _ => {}
    }
    Some((Some(values).filter(|v| !v.is_empty()), Some(gases).filter(|g| !g.is_empty()), gwp))
}
