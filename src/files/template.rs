//! Empty files to fill in: the header with every column, and one example that is to be replaced. As CSV, one file a kind; as a workbook, one
//! sheet a kind.

mod explained;
#[cfg(feature = "xlsx")]
mod workbook;

use super::csv::TableKind;

pub(super) use explained::{closed_words, explained};
#[cfg(feature = "xlsx")]
pub use workbook::{workbook, workbook_of};

/// A workbook to fill in, which this build does not write.
///
/// # Errors
/// Always.
#[cfg(not(feature = "xlsx"))]
pub fn workbook(_: bool) -> Result<Vec<u8>, String> {
    Err("this build writes no workbooks (XLSX); a name that ends in .csv writes a text file".into())
}

/// A workbook of rows, which this build does not write.
///
/// # Errors
/// Always.
#[cfg(not(feature = "xlsx"))]
pub fn workbook_of(_: bool, _: &[TableRows]) -> Result<Vec<u8>, String> {
    workbook(false)
}

/// Rows of one kind of table: of each row the cells that are filled in, by column.
pub type TableRows = (TableKind, Vec<Vec<(String, String)>>);

/// A column of a table, for people.
#[derive(Debug, Clone)]
pub struct Described {
    /// Its name.
    pub name: &'static str,
    /// Its Chinese name; the English one where it has none.
    pub chinese: &'static str,
    /// True where a file must have it.
    pub required: bool,
    /// What it is for, where its name does not say it.
    pub explained: Option<&'static str>,
    /// The words that it takes, where no others are read.
    pub words: Option<Vec<&'static str>>,
}

/// Describes the columns of a kind of table, those that are needed first.
pub fn described(kind: TableKind) -> Vec<Described> {
    let columns = kind.columns();
    let own = |name: &'static str| {
        let found = crate::words::COLUMNS.iter().find(|(english, _)| *english == name);
        found.and_then(|(_, others)| others.first()).copied().unwrap_or(name)
    };
    let one = |name: &'static str| Described {
        name,
        chinese: own(name),
        required: columns.required.contains(&name),
        explained: explained(kind, name, false),
        words: closed_words(name),
    };
    columns.names().map(one).collect()
}

/// Rows of an example: the cells that are filled in, by column.
type Rows = Vec<Vec<(&'static str, &'static str)>>;

/// A file of separated values for a kind of table.
pub fn table(kind: TableKind) -> String {
    let columns = kind.columns();
    let names: Vec<&str> = columns.names().chain(further(kind).iter().copied()).collect();
    let quoted = |c: &str| if c.contains(',') { format!("\"{c}\"") } else { c.to_owned() };
    let mut text = names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(",");
    text.push('\n');
    for row in example(kind) {
        let cells =
            names.iter().map(|name| row.iter().find(|(n, _)| n == name).map_or("", |(_, cell)| *cell));
        text.push_str(&cells.map(quoted).collect::<Vec<_>>().join(","));
        text.push('\n');
    }
    text
}

/// Columns of a family that the example shows.
fn further(kind: TableKind) -> &'static [&'static str] {
    match kind {
        TableKind::Factors => &["gas:CO2", "gas:CH4_fossil", "gas:N2O"],
        TableKind::Variants => &[
            "steel wire | material | kg | factor:example.heat.2025",
            "hall heating | energy | MJ | factor:example.heat.2025 | production | hall = 36000",
        ],
        _ => &[],
    }
}

fn example(kind: TableKind) -> Rows {
    match kind {
        TableKind::Actors => vec![vec![
            ("actor", "acme"),
            ("name", "Acme Ltd"),
            ("types", "product factor activity publication supplierFootprint"),
            ("stages", "procurement production"),
            ("keys", "PUBLIC-KEY-OF-ACME"),
        ]],
        TableKind::Factors => factor_rows(),
        TableKind::Products => product_rows(),
        TableKind::Variants => variant_rows(),
        TableKind::Parts => part_rows(),
        TableKind::Activities => activity_rows(),
        TableKind::Years => year_rows(),
    }
}

/// A file for activities. `end` and `applies_to_end` are the first days after their periods.
///
/// ```
/// use pcf_files::{csv, template};
/// let by = "acme".parse()?;
/// assert_eq!(csv::read_statements(template::activities().as_bytes(), "activities.csv", &by)?.len(), 4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn activities() -> String {
    table(TableKind::Activities)
}

/// What was made, what was used for it, and a meter that serves all that the process made.
fn activity_rows() -> Rows {
    let shared = [
        ("stage", "production"),
        ("process", "die casting"),
        ("site", "Plant 7"),
        ("country", "CN"),
        ("subdivision", "CN-ZJ"),
        ("start", "2025-01-01"),
        ("end", "2025-04-01"),
    ];
    let product = ("product", "urn:gtin:06901234000016");
    let made =
        [product, ("output", "12000"), ("output_unit", "piece"), ("allocation_keys", "machine hours=310")];
    let electricity = [
        product,
        ("flow", "grid electricity"),
        ("kind", "energy"),
        ("amount", "53000"),
        ("unit", "kWh"),
        ("source", "factor:cn.mee.elec_footprint.2024.national"),
        ("data", "primary"),
    ];
    let lorry = [
        product,
        ("flow", "ingot between halls by lorry"),
        ("kind", "transport"),
        ("amount", "4.1"),
        ("unit", "t"),
        ("times", "12"),
        ("times_unit", "km"),
        ("source", "factor:uk.desnz2025.27_304_3132_14_1"),
        ("upstream", "factor:uk.desnz2025.28_907_3132_14_1"),
        ("data", "primary"),
    ];
    let steam = [
        ("product", "*"),
        ("flow", "steam of the hall"),
        ("kind", "energy"),
        ("amount", "82000"),
        ("unit", "MJ"),
        ("source", "factor:example.heat.2025"),
        ("data", "primary"),
        ("meter", "hall 2"),
        ("allocation", "machine hours"),
    ];
    [&made[..], &electricity, &lorry, &steam].map(|row| [&shared[..], row].concat()).into()
}

/// A file for products: one process a row.
pub fn products() -> String {
    table(TableKind::Products)
}

fn product_rows() -> Rows {
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
    vec![first, second]
}

/// A file for factors: kg CO2e with its GWP set, or kg of each gas in columns such as `gas:CO2`.
pub fn factors() -> String {
    table(TableKind::Factors)
}

fn factor_rows() -> Rows {
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
    vec![row]
}

fn variant_rows() -> Rows {
    let variant = |id, name, mass, output, wire, hours| {
        vec![
            ("id", id),
            ("name", name),
            ("boundary", "cradle-to-gate"),
            ("declared_amount", "1"),
            ("declared_unit", "piece"),
            ("mass_kg", mass),
            ("stage", "procurement"),
            ("process", "wire"),
            ("signers", "acme"),
            ("start", "2025-01-01"),
            ("end", "2025-04-01"),
            ("output", output),
            ("steel wire | material | kg | factor:example.heat.2025", wire),
            ("hall heating | energy | MJ | factor:example.heat.2025 | production | hall = 36000", hours),
        ]
    };
    vec![
        variant("urn:pact:acme.example:product-id:spring-2", "Spring 2 mm", "0.02", "10000", "205", "120"),
        variant("urn:pact:acme.example:product-id:spring-3", "Spring 3 mm", "0.05", "4000", "204", "80"),
    ]
}

fn part_rows() -> Rows {
    let first = vec![
        ("product", "urn:gtin:06901234000016"),
        ("process", "materials and parts"),
        ("start", "2025-01-01"),
        ("end", "2025-04-01"),
        ("output", "12000"),
        ("part", "4711"),
        ("part_name", "cap with thread"),
        ("quantity", "1"),
        ("unit", "piece"),
        ("level", "1"),
    ];
    let part = |number, name, mass| {
        vec![
            ("part", number),
            ("part_name", name),
            ("quantity", "1"),
            ("unit", "piece"),
            ("level", "2"),
            ("source", mass),
        ]
    };
    let spring = "product:urn:pact:acme.example:product-id:spring-2";
    vec![first, part("4712", "spring of the cap", spring), part("4713", "second spring", spring)]
}

/// A file for years of sites and product lines, as `pcf target` reads them.
///
/// ```
/// use pcf_files::{csv, template};
/// let by = "acme".parse()?;
/// assert_eq!(csv::read_statements(template::years().as_bytes(), "years.csv", &by)?.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn years() -> String {
    table(TableKind::Years)
}

fn year_rows() -> Rows {
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
    vec![
        row("2020", "80000000", "5200", "3100000", "9100"),
        row("2025", "104000000", "5750", "3020000", "10400"),
    ]
}
