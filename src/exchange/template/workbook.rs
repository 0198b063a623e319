//! The workbook to fill in: a sheet for each kind of table with its header, explanations, drop-down lists and a filled example, and a page that
//! says how it is used.

use rust_xlsxwriter::{
    DataValidation, DocProperties, ExcelDateTime, Format, Formula, Note, Workbook, Worksheet, XlsxError,
};

use super::{example, further};
use crate::exchange::csv::TableKind;
use crate::exchange::words;
use crate::model::{Allocation, Boundary, DataKind, Date, FactorCategory, FlowKind, Scope, Stage, Unit};

/// Rows that have drop-down lists.
const LISTED_ROWS: u32 = 10_000;

/// What the page in front says.
const READ_ME: &[&str] = &[
    "How to fill in this workbook",
    "Every sheet holds a filled example below its header: replace it. Sheets you do not need may stay empty or be deleted.",
    "Columns may stand in any order, and unused optional ones may be deleted; bold headers are needed. Headers and sheets may be in English or Chinese.",
    "Periods: `end` is the first day after the period. Write dates as dates, numbers as numbers; a formula counts with the value it shows.",
    "Actors: who may sign what (the operator enrols them: pcf actor import FILE).",
    "Factors: emission factors of your own; pcf factor search finds published ones.",
    "Products: one process a row; rows with the same id are one product.",
    "Variants: a family of products, one a row; each flow is one column, called `name | kind | unit | source`.",
    "    A header that ends in `= 36000` is one total for the family, and its cells are shares such as machine hours.",
    "Bill of materials: one part a row; quantity is per one of the product (or of the assembly above it), `output` is how many were made.",
    "Activities: one flow a row; rows that agree in stage, process, site, period and product are one statement.",
    "    A meter that serves many products: one row for each flow, then one row for each product with product, output, output_unit and key only,",
    "    the same stage, process, site and period, and allocation key, pieces or mass in every row.",
    "Then: pcf record FILE.xlsx --dry-run --sign-with acme.pem; all problems come at once as file:sheet:row:column.",
];

/// What the header of a column explains; for the rest the name says it.
const NOTES: &[(&str, &str)] = &[
    ("stage", "Where in its life the product is"),
    ("process", "One named process of that stage, as the sheet Products names it"),
    ("start", "The first day of the period"),
    ("end", "The first day after the period"),
    ("output", "Good product finally delivered thanks to this work, in the period"),
    ("flow", "What went in, came out or was emitted"),
    ("amount", "How much of it in the whole period"),
    ("times", "A second quantity that the amount is multiplied by, such as a distance"),
    ("source", "factor:, product:, footprint: or gas: and an id"),
    ("upstream", "The factor of a fuel's upstream, where the source is direct"),
    ("allocation", "How several products of one work share it"),
    ("key", "This product's share, such as machine hours"),
    ("output_value", "What the whole output is worth, in one currency for all products of one work"),
    (
        "substitutes",
        "System expansion: the product that a co-product makes needless; the amount is below zero",
    ),
    ("data", "primary: measured here; secondary: from elsewhere"),
    ("mass_kg", "Mass of one declared unit, in kg"),
    ("signers", "The actors who may sign this process, with spaces between them"),
    ("id", "For products urn:gtin: and 14 digits, urn:uuid: or urn:pact:…; several with spaces between them"),
    ("quantity", "How many of the part in one of the product, or of the assembly above it"),
    ("level", "1 for a part of the product, 2 for a part of the part above, and so on"),
    ("parent", "Instead of the level: the number of the part it belongs to"),
    ("part_mass_kg", "Mass of one part in kg, needed where its source is per mass"),
    ("recycling_method", "How recycled material is counted: cut-off, closed-loop 0:100, 50:50 or cff"),
    ("material", "The material of this row; a product of several materials has a row for each"),
    ("material_kg", "Mass of the material in one declared unit, in kg"),
    (
        "material_region",
        "Where it is recycled, such as CN; a European default used elsewhere is named in the result",
    ),
    ("a", "A: part of recycling's burdens and credits that stays with this product, 0 to 1"),
    ("b", "B: the same of the recovery of energy, 0 to 1; empty: as the method says, else 0"),
    ("r1", "R1: recycled share of the material that goes in, 0 to 1"),
    ("r2", "R2: share of the material that is recycled after use, 0 to 1"),
    ("r3", "R3: share of the material that is burnt with recovery of energy after use, 0 to 1"),
    ("qsinqp", "Qsin/Qp: quality of the recycled material that goes in, against virgin material"),
    ("qsoutqp", "Qsout/Qp: quality of the recycled material that comes out, against virgin material"),
    ("ev", "Ev: the factor of virgin material, by its id"),
    ("erec", "Erec: the factor of recycling what goes in"),
    ("ereceol", "ErecEoL: the factor of recycling what comes out"),
    ("evstar", "Ev*: the factor of the virgin material that recycling makes needless"),
    ("ed", "Ed: the factor of disposal of the rest"),
    ("eer", "EER: the factor of burning with recovery of energy"),
    ("lhv", "LHV: lower heating value of the material, in MJ per kg"),
    ("xheat", "XER,heat: how much of that becomes heat, 0 to 1"),
    ("xelec", "XER,elec: how much of that becomes electricity, 0 to 1"),
    ("eheat", "ESE,heat: the factor of the heat that is made needless"),
    ("eelec", "ESE,elec: the factor of the electricity that is made needless"),
    ("keys", "Public keys, with spaces between them"),
    ("kgco2e", "kg CO2e per unit, of fossil origin"),
];

fn list_of(column: &str) -> Option<Vec<&'static str>> {
    fn words<T: Copy>(all: &[T], as_str: fn(T) -> &'static str) -> Option<Vec<&'static str>> {
        Some(all.iter().map(|word| as_str(*word)).collect())
    }
    match column {
        "stage" => words(Stage::ALL, Stage::as_str),
        "kind" => words(FlowKind::ALL, FlowKind::as_str),
        "unit" | "output_unit" | "declared_unit" | "times_unit" | "energy_unit" => {
            words(Unit::ALL, Unit::as_str)
        }
        "allocation" => words(Allocation::ALL, Allocation::as_str),
        "data" => words(DataKind::ALL, DataKind::as_str),
        "boundary" => words(Boundary::ALL, Boundary::as_str),
        "scope" => words(Scope::ALL, Scope::as_str),
        "category" => words(FactorCategory::ALL, FactorCategory::as_str),
        "packaging_included" | "ccs_included" | "design_at_gate" | "delivered" => Some(vec!["yes", "no"]),
        _ => None,
    }
}

/// A workbook to fill in, with its sheets and columns in English or in Chinese.
///
/// # Errors
/// A sentence, where the workbook cannot be written; it has no input that could make it so.
pub fn workbook(chinese: bool) -> Result<Vec<u8>, String> {
    written(chinese).map_err(|e| format!("the workbook cannot be written: {e}"))
}

fn written(chinese: bool) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The same bytes whenever it is written.
    book.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2026, 1, 1)?));
    let bold = Format::new().set_bold();
    let front = book.add_worksheet().set_name(if chinese { "说明" } else { "Read me" })?;
    front.set_column_width(0, 140)?;
    for (row, line) in (0_u32..).zip(READ_ME) {
        if row == 0 {
            front.write_with_format(row, 0, *line, &bold)?
        } else {
            front.write(row, 0, *line)?
        };
    }
    let mut lists: Vec<Vec<&str>> = Vec::new();
    for kind in TableKind::ALL {
        let name = if chinese { own(words::SHEETS, kind.sheet()) } else { kind.sheet() };
        let sheet = book.add_worksheet().set_name(name)?;
        fill(sheet, kind, chinese, &mut lists)?;
    }
    let hidden = book.add_worksheet().set_name("Lists")?;
    for (column, list) in (0_u16..).zip(&lists) {
        for (row, word) in (0_u32..).zip(list) {
            hidden.write(row, column, *word)?;
        }
    }
    hidden.set_hidden(true);
    book.save_to_buffer()
}

fn own(table: &[(&'static str, &[&'static str])], english: &'static str) -> &'static str {
    let found = table.iter().find(|(name, _)| *name == english);
    found.and_then(|(_, others)| others.first()).copied().unwrap_or(english)
}

fn fill(
    sheet: &mut Worksheet,
    kind: TableKind,
    chinese: bool,
    lists: &mut Vec<Vec<&'static str>>,
) -> Result<(), XlsxError> {
    let (needed, date) = (Format::new().set_bold(), Format::new().set_num_format("yyyy-mm-dd"));
    let columns = kind.columns();
    let names: Vec<&'static str> = columns.names().chain(further(kind).iter().copied()).collect();
    let rows = example(kind);
    sheet.set_freeze_panes(1, 0)?;
    for (at, name) in (0_u16..).zip(&names) {
        let shown = if chinese { own(words::COLUMNS, name) } else { name };
        let required = columns.required.contains(name) || further(kind).contains(name);
        if required {
            sheet.write_with_format(0, at, shown, &needed)?
        } else {
            sheet.write(0, at, shown)?
        };
        sheet.set_column_width(at, 16)?;
        if let Some((_, note)) = NOTES.iter().find(|(column, _)| column == name) {
            sheet.insert_note(0, at, &Note::new(*note).set_author(""))?;
        }
        if let Some(list) = list_of(name) {
            let rule = validation(&list, lists);
            sheet.add_data_validation(1, at, LISTED_ROWS, at, &rule)?;
        }
        if name.ends_with("start") || name.ends_with("end") {
            sheet.set_column_format(at, &date)?;
        }
        for (line, row) in (1_u32..).zip(&rows) {
            let Some((_, cell)) = row.iter().find(|(column, _)| column == name) else { continue };
            let number = cell.parse::<f64>().ok().filter(|_| !matches!(*name, "part" | "year"));
            if cell.parse::<Date>().is_ok() {
                sheet.write_with_format(line, at, ExcelDateTime::parse_from_str(cell)?, &date)?;
            } else if let Some(number) = number {
                sheet.write_number(line, at, number)?;
            } else {
                sheet.write_string(line, at, *cell)?;
            }
        }
    }
    Ok(())
}

/// A drop-down list, whose words stand in a sheet of their own.
fn validation(list: &[&'static str], lists: &mut Vec<Vec<&'static str>>) -> DataValidation {
    let known = lists.iter().position(|other| other == list);
    let at = known.unwrap_or(lists.len());
    if known.is_none() {
        lists.push(list.to_vec());
    }
    // OK because there are fewer lists than letters.
    let letter = char::from(b'A' + u8::try_from(at).unwrap_or(25));
    let range = format!("=Lists!${letter}$1:${letter}${}", list.len());
    // A Chinese word is read too, so that another word is a warning and no refusal.
    DataValidation::new()
        .allow_list_formula(Formula::new(range))
        .set_error_style(rust_xlsxwriter::DataValidationErrorStyle::Warning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_of_recycled_material_is_explained_and_has_a_chinese_name() {
        let names: Vec<&str> = TableKind::Products.columns().names().collect();
        let first = names.iter().position(|name| *name == "material").unwrap();
        assert_eq!(names.len() - first, 21, "the materials are the last columns of products");
        for name in names.into_iter().skip(first).chain(["recycling_method"]) {
            assert!(NOTES.iter().any(|(column, _)| *column == name), "{name} has no note");
            assert!(words::COLUMNS.iter().any(|(english, _)| *english == name), "{name} has no Chinese name");
        }
    }
}
