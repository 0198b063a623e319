//! The workbook to fill in: a sheet for each kind of table with its header, explanations, drop-down
//! lists and a filled example, and a page that says how it is used.

use rust_xlsxwriter::{
    DataValidation, DocProperties, ExcelDateTime, Format, Formula, Note, Workbook, Worksheet, XlsxError,
};

use super::explained::{READ_ME, READ_ME_CHINESE, closed_words, explained};
use super::{TableRows, example, further};
use crate::csv::TableKind;
use crate::words;
use pcf_core::model::Date;

/// Rows that have drop-down lists.
const LISTED_ROWS: u32 = 10_000;

/// A workbook to fill in, with its sheets and columns in English or in Chinese.
///
/// # Errors
/// A sentence, where the workbook cannot be written; it has no input that could make it so.
pub fn workbook(chinese: bool) -> Result<Vec<u8>, String> {
    let filled = |kind: TableKind| {
        let owned = |row: Vec<(&str, &str)>| row.into_iter().map(|(c, t)| (c.into(), t.into())).collect();
        (kind, example(kind).into_iter().map(owned).collect())
    };
    workbook_of(chinese, &TableKind::ALL.map(filled))
}

/// A workbook with these rows in place of the examples; the sheet of a kind without rows has its
/// header alone.
///
/// # Errors
/// A sentence, where the workbook cannot be written, such as for a cell that is too long.
pub fn workbook_of(chinese: bool, tables: &[TableRows]) -> Result<Vec<u8>, String> {
    written(chinese, tables).map_err(|e| format!("the workbook cannot be written: {e}"))
}

fn written(chinese: bool, tables: &[TableRows]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The same bytes whenever it is written.
    book.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2026, 1, 1)?));
    let bold = Format::new().set_bold();
    let front = book.add_worksheet().set_name(if chinese { "说明" } else { "Read me" })?;
    front.set_column_width(0, 140)?;
    for (row, line) in (0_u32..).zip(if chinese { READ_ME_CHINESE } else { READ_ME }) {
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
        let rows = tables.iter().find(|(of, _)| *of == kind).map_or(&[][..], |(_, rows)| rows);
        fill(sheet, kind, rows, (chinese, &mut lists))?;
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

fn own<'a>(table: &[(&'static str, &[&'static str])], english: &'a str) -> &'a str {
    let found = table.iter().find(|(name, _)| *name == english);
    found.and_then(|(_, others)| others.first()).copied().unwrap_or(english)
}

fn fill(
    sheet: &mut Worksheet,
    kind: TableKind,
    rows: &[Vec<(String, String)>],
    (chinese, lists): (bool, &mut Vec<Vec<&'static str>>),
) -> Result<(), XlsxError> {
    let (needed, date) = (Format::new().set_bold(), Format::new().set_num_format("yyyy-mm-dd"));
    let columns = kind.columns();
    let mut names: Vec<&str> = columns.names().collect();
    // Columns of a family stand behind the others, in the order in which rows name them.
    let families = further(kind).iter().copied();
    for name in rows.iter().flatten().map(|(column, _)| column.as_str()).chain(families) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
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
        if let Some(note) = explained(kind, name, chinese) {
            sheet.insert_note(0, at, &Note::new(note).add_author_prefix(false))?;
        }
        if let Some(mut list) = closed_words(name) {
            if chinese {
                let own = |word: &&'static str| words::in_chinese(name, word).unwrap_or(word);
                list = list.iter().map(own).collect();
            }
            let rule = validation(&list, lists);
            sheet.add_data_validation(1, at, LISTED_ROWS, at, &rule)?;
        }
        if name.ends_with("start") || name.ends_with("end") {
            sheet.set_column_format(at, &date)?;
        }
        for (line, row) in (1_u32..).zip(rows) {
            let Some((_, cell)) = row.iter().find(|(column, _)| column == name) else { continue };
            // A number that a spreadsheet would round stays a text.
            let kept = |number: &f64| number.to_string() == *cell;
            let number = cell.parse::<f64>().ok().filter(kept).filter(|_| !is_name(name));
            if cell.parse::<Date>().is_ok() {
                sheet.write_with_format(line, at, ExcelDateTime::parse_from_str(cell)?, &date)?;
            } else if let Some(number) = number {
                sheet.write_number(line, at, number)?;
            } else {
                sheet.write_string(line, at, cell.as_str())?;
            }
        }
    }
    Ok(())
}

/// True for a column whose cells are names, also where one looks like a number.
fn is_name(column: &str) -> bool {
    column == "year" || crate::csv::is_name(column)
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
