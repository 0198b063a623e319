//! Products: one process a row, and one recycled material where there are any. Rows with the same
//! ids make one product; what they say beside these agrees or is left empty.

use std::collections::BTreeMap;

use super::cells::Cells;
use super::table::{Row, Table};
use super::{Columns, Problems, checked, material};
use crate::Draft;
use pcf_core::model::{
    ActorId, CarbonContent, Packaging, Process, Product, ProductRule, Quantity, RecycledMaterial, Recycling,
    Salt,
};

/// The columns of products.
pub(crate) const COLUMNS: Columns = Columns {
    what: "products",
    required: &["id", "name", "boundary", "declared_amount", "declared_unit", "stage", "process", "signers"],
    optional: &[
        &[
            "units_of",
            "description",
            "mass_kg",
            "fossil_carbon_kg",
            "biogenic_carbon_kg",
            "recycled_carbon_kg",
            "packaging_included",
            "packaging_biogenic_carbon_kg",
            "ccs_included",
            "exemptions",
            "design_at_gate",
            "classifications",
            "rule",
            "rule_operator",
            "recycling_method",
            "unit_tolerance_percent",
        ],
        &material::COLUMNS,
    ],
    family: |_| false,
};

/// What a row says about its process; what is not about its material either is about the product.
const PROCESS: [&str; 4] = ["stage", "process", "signers", "units_of"];

pub(super) fn read(table: &Table, by: &ActorId, problems: &mut Problems) -> Vec<Draft> {
    let mut groups: Vec<Vec<Row<'_>>> = Vec::new();
    let mut index: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
    for row in table.rows() {
        let mut ids: Vec<&str> = row.cell("id").split_whitespace().collect();
        ids.sort_unstable();
        let next = groups.len();
        let at = *index.entry(ids).or_insert(next);
        if at == next {
            groups.push(Vec::new());
        }
        if let Some(group) = groups.get_mut(at) {
            group.push(row);
        }
    }
    let mut owners: BTreeMap<String, u64> = BTreeMap::new();
    let mut drafts = Vec::new();
    for group in groups {
        let Some(first) = group.first() else { continue };
        for id in first.cell("id").split_whitespace() {
            if let Some(earlier) = owners.insert(id.to_owned(), first.line) {
                problems.push(first.line, "id", format!("{id} is also an id of the product in row {earlier}; rows of one product list the same ids"));
            }
        }
        drafts.extend(product(&group, by, problems));
    }
    drafts
}

fn product(group: &[Row<'_>], by: &ActorId, problems: &mut Problems) -> Option<Draft> {
    let first = group.first().copied()?;
    refuse_disagreement(first, group, problems);
    // A further row may hold a material and no process.
    let with_process = group.iter().enumerate().filter(|(at, row)| {
        *at == 0
            || row.cell("material").is_empty()
            || PROCESS.iter().any(|column| !row.cell(column).is_empty())
    });
    let processes: Vec<Option<Process>> =
        with_process.map(|(_, row)| process(&mut Cells { row: *row, problems })).collect();
    let materials: Vec<RecycledMaterial> =
        group.iter().filter_map(|row| material::read(&mut Cells { row: *row, problems })).collect();
    let product = described(&mut Cells { row: first, problems }, by);
    let product = Product { processes: processes.into_iter().collect::<Option<_>>()?, ..product? };
    let product = with_materials(product, materials, &mut Cells { row: first, problems })?;
    checked(product, group.iter().map(|row| row.line).collect(), "id", problems)
}

/// Materials need the method that they are counted by.
fn with_materials(
    mut product: Product,
    materials: Vec<RecycledMaterial>,
    cells: &mut Cells<'_, '_>,
) -> Option<Product> {
    match &mut product.recycling {
        Some(recycling) => recycling.materials = materials,
        None if materials.is_empty() => {}
        None => {
            let sentence = "a value is missing: 50:50, cff, closed-loop 0:100 or cut-off, where the product names recycled material";
            cells.refuse("recycling_method", sentence);
            return None;
        }
    }
    Some(product)
}

/// A product without its processes.
pub(super) fn described(cells: &mut Cells<'_, '_>, by: &ActorId) -> Option<Product> {
    if cells.text("id").is_none() {
        cells.refuse("id", "a value is missing");
    }
    let ids = cells.list("id");
    let (name, description, boundary) =
        (cells.required("name"), cells.optional("description"), cells.required("boundary"));
    let (amount, unit) = cells.required_measured("declared_amount", "declared_unit");
    let mass_per_declared_unit = cells.number("mass_kg");
    let (carbon, packaging) = (carbon(cells), packaging(cells));
    let (ccs_included, exemptions) = (cells.yes_no("ccs_included"), cells.optional("exemptions"));
    let design_at_gate = cells.yes_no("design_at_gate").unwrap_or(false);
    let (classifications, rules) = (cells.list("classifications"), rules(cells));
    let recycling =
        cells.optional("recycling_method").map(|method| Recycling { materials: Vec::new(), method });
    let unit_tolerance_percent = cells.number("unit_tolerance_percent");
    Some(Product {
        boundary: boundary?,
        by: by.clone(),
        carbon,
        ccs_included,
        classifications,
        declared_unit: Quantity { amount: amount?, unit: unit? },
        description,
        design_at_gate,
        exemptions,
        ids,
        mass_per_declared_unit,
        name: name?,
        packaging,
        processes: Vec::new(),
        recycling,
        replaces: None,
        rules,
        salt: Salt::from_bytes([0; 16]),
        tag_salt: None,
        r#type: Default::default(),
        unit_tolerance_percent,
        v: Default::default(),
    })
}

fn refuse_disagreement(first: Row<'_>, group: &[Row<'_>], problems: &mut Problems) {
    let shared = COLUMNS
        .names()
        .filter(|column| *column != "id" && !PROCESS.contains(column) && !material::COLUMNS.contains(column));
    for column in shared {
        let said = first.cell(column);
        for row in group.iter().filter(|row| !row.cell(column).is_empty() && row.cell(column) != said) {
            let sentence = format!(
                "row {} says `{said}` of the same product, this one `{}`; further rows of a product repeat its cells or leave them empty",
                first.line,
                row.cell(column)
            );
            problems.push(row.line, column, sentence);
        }
    }
}

fn process(cells: &mut Cells<'_, '_>) -> Option<Process> {
    let (stage, name) = (cells.required("stage"), cells.required("process"));
    if cells.text("signers").is_none() {
        cells.refuse("signers", "a value is missing: the actors who may sign the activities of this process");
    }
    let signers = cells.list("signers");
    let units_of = cells.optional("units_of");
    Some(Process { name: name?, signers, stage: stage?, units_of })
}

fn carbon(cells: &mut Cells<'_, '_>) -> Option<CarbonContent> {
    let (biogenic, recycled) = (cells.number("biogenic_carbon_kg"), cells.number("recycled_carbon_kg"));
    if biogenic.is_none() && recycled.is_none() {
        return cells.number("fossil_carbon_kg").map(|fossil| CarbonContent { biogenic, fossil, recycled });
    }
    let fossil = cells.required_number("fossil_carbon_kg");
    Some(CarbonContent { biogenic, fossil: fossil?, recycled })
}

fn packaging(cells: &mut Cells<'_, '_>) -> Option<Packaging> {
    let biogenic_carbon = cells.number("packaging_biogenic_carbon_kg");
    let included = cells.yes_no("packaging_included");
    if included.is_none() && biogenic_carbon.is_some() {
        cells.refuse(
            "packaging_included",
            "a value is missing: yes or no, where the packaging's carbon is stated",
        );
    }
    Some(Packaging { biogenic_carbon, included: included? })
}

fn rules(cells: &mut Cells<'_, '_>) -> Vec<ProductRule> {
    if cells.text("rule").is_none() && cells.text("rule_operator").is_none() {
        return Vec::new();
    }
    let (name, operator) = (cells.required("rule"), cells.required("rule_operator"));
    name.zip(operator).map(|(name, operator)| ProductRule { name, operator }).into_iter().collect()
}
