//! Years of sites and product lines: one a row.

use std::collections::BTreeMap;

use super::cells::Cells;
use super::table::Table;
use super::{Columns, Problems, checked};
use crate::Draft;
use pcf_core::model::{ActorId, Annual, Quantity, Salt};

/// The columns of years. `value_added` is at constant prices of the base year.
pub(crate) const COLUMNS: Columns = Columns {
    what: "years",
    required: &[
        "subject",
        "year",
        "value_added",
        "energy",
        "energy_unit",
        "direct_emissions_kg",
        "output",
        "output_unit",
    ],
    optional: &[],
    family: |_| false,
};

pub(super) fn read(table: &Table, by: &ActorId, problems: &mut Problems) -> Vec<Draft> {
    let mut seen: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    let mut drafts = Vec::new();
    for row in table.rows() {
        let (subject, year) = (row.cell("subject"), row.cell("year"));
        if let Some(first) = seen.insert((subject, year), row.line) {
            problems.push(row.line, "year", format!("`{subject}` {year} stands in row {first} too"));
        }
        let annual = annual(&mut Cells { row, problems }, by);
        drafts.extend(annual.and_then(|annual| checked(annual, vec![row.line], "subject", problems)));
    }
    drafts
}

fn annual(cells: &mut Cells<'_, '_>, by: &ActorId) -> Option<Annual> {
    let (subject, year) = (cells.required("subject"), cells.required("year"));
    let value_added = cells.required_number("value_added");
    let energy = cells.required_measured("energy", "energy_unit");
    let direct_emissions = cells.required_mass("direct_emissions_kg");
    let output = cells.required_measured("output", "output_unit");
    Some(Annual {
        by: by.clone(),
        direct_emissions: direct_emissions?,
        energy: Quantity { amount: energy.0?, unit: energy.1? },
        output: Quantity { amount: output.0?, unit: output.1? },
        replaces: None,
        salt: Salt::from_bytes([0; 16]),
        subject: subject?,
        r#type: Default::default(),
        v: Default::default(),
        value_added: value_added?,
        year: year?,
    })
}
