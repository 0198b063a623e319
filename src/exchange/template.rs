//! Empty files to fill in: the header with every column, and one example that is to be replaced.

use super::csv::{ACTIVITY_COLUMNS, ANNUAL_COLUMNS, Columns, FACTOR_COLUMNS, PRODUCT_COLUMNS};

/// A file for activities. `end` and `applies_to_end` are the first days after their periods.
///
/// ```
/// use pcf_ledger::exchange::{csv, template};
/// let by = "acme".parse()?;
/// assert_eq!(csv::read_statements(template::activities().as_bytes(), "activities.csv", &by)?.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn activities() -> String {
    let shared = [
        ("stage", "production"),
        ("process", "die casting"),
        ("site", "Plant 7"),
        ("country", "CN"),
        ("subdivision", "CN-ZJ"),
        ("start", "2025-01-01"),
        ("end", "2025-04-01"),
        ("product", "urn:gtin:06901234000016"),
        ("output", "12000"),
        ("output_unit", "piece"),
        ("data", "primary"),
    ];
    let electricity = [
        ("flow", "grid electricity"),
        ("kind", "energy"),
        ("amount", "53000"),
        ("unit", "kWh"),
        ("source", "factor:cn.mee.elec_footprint.2024.national"),
    ];
    let lorry = [
        ("flow", "ingot between halls by lorry"),
        ("kind", "transport"),
        ("amount", "4.1"),
        ("unit", "t"),
        ("times", "12"),
        ("times_unit", "km"),
        ("source", "factor:uk.desnz2025.27_304_3132_14_1"),
        ("upstream", "factor:uk.desnz2025.28_907_3132_14_1"),
    ];
    let rows = [[&shared[..], &electricity[..]].concat(), [&shared[..], &lorry[..]].concat()];
    file(&ACTIVITY_COLUMNS, &rows, &[])
}

/// A file for products: one process a row.
pub fn products() -> String {
    let first = vec![
        ("id", "urn:gtin:06901234000016"),
        ("name", "Bottle 0.5 L"),
        ("description", "Drinking bottle, aluminium, 0.5 L"),
        ("boundary", "cradle-to-gate"),
        ("declared_amount", "1"),
        ("declared_unit", "piece"),
        ("mass_kg", "0.11"),
        ("fossil_carbon_kg", "0"),
        ("packaging_included", "yes"),
        ("ccs_included", "no"),
        ("exemptions", "none"),
        ("stage", "procurement"),
        ("process", "materials and parts"),
        ("signers", "acme"),
    ];
    let second = vec![
        ("id", "urn:gtin:06901234000016"),
        ("stage", "production"),
        ("process", "die casting"),
        ("signers", "acme"),
    ];
    file(&PRODUCT_COLUMNS, &[first, second], &[])
}

/// A file for factors: kg CO2e with its GWP set, or kg of each gas in columns such as `gas:CO2`.
pub fn factors() -> String {
    let row = vec![
        ("id", "example.heat.2025"),
        ("name", "Example: steam of the neighbouring plant"),
        ("category", "heat"),
        ("unit", "MJ"),
        ("kgco2e", "0.0712"),
        ("gwp_set", "AR6"),
        ("scope", "life-cycle"),
        ("geography", "CN"),
        ("year", "2025"),
        ("source", "the supplier's own statement"),
        ("licence", "with the supplier's permission"),
        ("data", "primary"),
    ];
    file(&FACTOR_COLUMNS, &[row], &["gas:CO2", "gas:CH4_fossil", "gas:N2O"])
}

/// A file for years of sites and product lines, as `pcf target` reads them.
///
/// ```
/// use pcf_ledger::exchange::{csv, template};
/// let by = "acme".parse()?;
/// assert_eq!(csv::read_statements(template::years().as_bytes(), "years.csv", &by)?.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn years() -> String {
    let row = |year, value_added, energy, emissions, output| {
        vec![
            ("subject", "Plant 7"),
            ("year", year),
            ("value_added", value_added),
            ("energy", energy),
            ("energy_unit", "tce"),
            ("direct_emissions_kg", emissions),
            ("output", output),
            ("output_unit", "t"),
        ]
    };
    let rows = [
        row("2020", "80000000", "5200", "3100000", "9100"),
        row("2025", "104000000", "5750", "3020000", "10400"),
    ];
    file(&ANNUAL_COLUMNS, &rows, &[])
}

fn file(columns: &Columns, rows: &[Vec<(&str, &str)>], further: &[&'static str]) -> String {
    let names: Vec<&str> = columns.names().chain(further.iter().copied()).collect();
    let mut text = names.join(",");
    text.push('\n');
    for row in rows {
        let cells =
            names.iter().map(|name| row.iter().find(|(n, _)| n == name).map_or("", |(_, cell)| *cell));
        let quoted = cells.map(|c| if c.contains(',') { format!("\"{c}\"") } else { c.to_owned() });
        text.push_str(&quoted.collect::<Vec<_>>().join(","));
        text.push('\n');
    }
    text
}
