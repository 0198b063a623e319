//! The parts of a workbook before any is trusted: every part is inflated once against its cap,
//! whatever its header claims, and the sheets are looked through for what a reader of values does
//! not see: hidden rows and columns, merged cells, formulas without a value. Macros, links to other
//! files and pictures are not read at all.

use std::collections::BTreeMap;
use std::io::Read;

use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::{ReadSeek, TABLE_BYTES_MAX, package};
use crate::xml::{XmlError, attribute, each_event};

/// The most bytes of a workbook as it lies on the disk.
pub(super) const WORKBOOK_BYTES_MAX: u64 = 256 << 20;

/// The most bytes of a part that is held in memory, such as the shared strings.
pub(super) const PART_BYTES_MAX: u64 = 64 << 20;

/// The most parts of a workbook.
pub(super) const PARTS_MAX: usize = 4096;

/// The most merged ranges that are looked at.
const MERGED_MAX: usize = 10_000;

/// What one sheet holds beside its values.
#[derive(Debug, Default, Clone)]
pub(super) struct Shape {
    /// Whether the sheet is hidden.
    pub(super) hidden: bool,
    /// How many rows are hidden, and the first.
    pub(super) hidden_rows: Option<(u64, String)>,
    /// The first and last of hidden columns, from 0.
    pub(super) hidden_columns: Vec<(u32, u32)>,
    /// Merged ranges, as far as they are listed.
    pub(super) merged: Vec<String>,
    /// For each column, from 0, how many of its formulas have no value, and the cell of the first.
    pub(super) unvalued: BTreeMap<u32, (u64, String)>,
}

/// The sheets in the order of the workbook, each with its shape. `Err` says what is too large or
/// broken.
pub(super) fn shapes(file: Box<dyn ReadSeek>) -> Result<Vec<Shape>, String> {
    let mut zip = ZipArchive::new(file)
        .map_err(|e| format!("the workbook is cut short or damaged ({e}): copy or download it again"))?;
    let parts = package::parts(&zip)?;
    let listed = package::sheets(&mut zip, &parts)?;
    let mut shapes: BTreeMap<usize, Shape> = BTreeMap::new();
    for index in 0..zip.len() {
        let mut part = zip.by_index(index).map_err(|e| format!("this is no workbook: {e}"))?;
        if listed.iter().any(|sheet| sheet.part == Some(index)) {
            let mut looked = Looked::default();
            each_event(part, TABLE_BYTES_MAX, &mut |event| looked.look(event))
                .map_err(|error| said(error, TABLE_BYTES_MAX))?;
            shapes.insert(index, looked.shape);
        } else if part.name().is_ok_and(|name| name.ends_with(".xml") || name.ends_with(".rels")) {
            let inflated = std::io::copy(&mut (&mut part).take(PART_BYTES_MAX + 1), &mut std::io::sink());
            let inflated = inflated.map_err(|e| format!("the workbook is damaged: {e}"))?;
            if inflated > PART_BYTES_MAX {
                return Err(said(XmlError::TooLong, PART_BYTES_MAX));
            }
        }
    }
    let shape = |sheet: &package::Listed| {
        let shape = sheet.part.and_then(|part| shapes.get(&part)).cloned().unwrap_or_default();
        Shape { hidden: sheet.hidden, ..shape }
    };
    Ok(listed.iter().map(shape).collect())
}

/// What is wrong with a part, in a sentence about its workbook.
pub(super) fn said(error: XmlError, most: u64) -> String {
    match error {
        XmlError::TooLong => format!(
            "a part of the workbook has more than {} MiB when it is inflated; split it into several workbooks",
            most >> 20
        ),
        XmlError::Damaged(what) => format!("the workbook is damaged: {what}"),
    }
}

/// What was seen of the cell at hand.
#[derive(Default)]
struct Looked {
    shape: Shape,
    row: u32,
    column: u32,
    formula: bool,
    value: bool,
    in_value: bool,
    /// Whether an empty value is an empty text.
    is_text: bool,
}

impl Looked {
    fn look(&mut self, event: &Event<'_>) -> Result<(), String> {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => {
                match tag.local_name().as_ref() {
                    "c" => self.end_cell(),
                    "v" => self.in_value = false,
                    "row" => self.row += 1,
                    _ => {}
                }
                Ok(())
            }
            Event::Text(text) if self.in_value => {
                self.value |= !text.as_ref().is_empty();
                Ok(())
            }
            Event::GeneralRef(_) if self.in_value && self.is_text => {
                self.value = true;
                Ok(())
            }
            // A reader of values would take the first piece for the whole.
            Event::CData(_) | Event::GeneralRef(_) | Event::Comment(_) | Event::PI(_) if self.in_value => {
                Err(format!(
                    "the value of {}{} is written in pieces: open it in a spreadsheet program and save it",
                    letters(self.column),
                    self.row + 1
                ))
            }
            _ => Ok(()),
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        match tag.local_name().as_ref() {
            "c" => {
                if let Some(place) = attribute(tag, "r") {
                    (self.row, self.column) = position(&place).ok_or_else(|| nowhere(&place))?;
                }
                (self.formula, self.value, self.in_value) = (false, false, false);
                self.is_text = attribute(tag, "t").is_some_and(|kind| kind == "str");
            }
            "f" => self.formula = true,
            "v" => {
                self.in_value = true;
                self.value |= self.is_text;
            }
            "is" => self.value = true,
            "row" => self.start_row(tag)?,
            "dimension" => {
                let range = attribute(tag, "ref").unwrap_or_default();
                if let Some(place) = range.split(':').find(|place| position(place).is_none()) {
                    return Err(nowhere(place));
                }
            }
            "col" if is_true(tag, "hidden") || is_zero(tag, "width") => {
                let of = |name| attribute(tag, name).and_then(|n| n.parse::<u32>().ok()?.checked_sub(1));
                self.shape.hidden_columns.extend(of("min").zip(of("max")));
            }
            "mergeCell" if self.shape.merged.len() < MERGED_MAX => {
                self.shape.merged.extend(attribute(tag, "ref"));
            }
            _ => {}
        }
        Ok(())
    }

    fn start_row(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        self.column = 0;
        if let Some(place) = attribute(tag, "r") {
            let row = place.parse::<u32>().ok().filter(|row| (1..=9_999_999).contains(row));
            self.row = row.ok_or_else(|| nowhere(&place))? - 1;
        }
        if is_true(tag, "hidden") || is_zero(tag, "ht") {
            let first = (self.row + 1).to_string();
            self.shape.hidden_rows.get_or_insert((0, first)).0 += 1;
        }
        Ok(())
    }

    fn end_cell(&mut self) {
        if self.formula && !self.value {
            let place = || format!("{}{}", letters(self.column), self.row + 1);
            self.shape.unvalued.entry(self.column).or_insert_with(|| (0, place())).0 += 1;
        }
        self.column += 1;
    }
}

fn is_true(tag: &BytesStart<'_>, name: &str) -> bool {
    attribute(tag, name).is_some_and(|value| matches!(value.as_str(), "1" | "true" | "on"))
}

/// True for a size of nothing: what has it is not seen.
fn is_zero(tag: &BytesStart<'_>, name: &str) -> bool {
    attribute(tag, name).is_some_and(|size| size.parse::<f64>().is_ok_and(|size| size == 0.0))
}

fn nowhere(place: &str) -> String {
    let place: String = place.chars().take(40).collect();
    format!("the workbook is damaged: expected a cell such as B12, got `{place}`")
}

/// Row and column, from 0, of a cell that a sheet can have, such as `B12`.
fn position(place: &str) -> Option<(u32, u32)> {
    let digits = place.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let letters = place.strip_suffix(digits).filter(|letters| (1..=3).contains(&letters.len()))?;
    let numbered = digits.len() <= 7 && digits.bytes().all(|b| b.is_ascii_digit());
    let row = digits.parse::<u32>().ok().filter(|row| numbered && *row > 0)?;
    let letter = |b: u8| u32::from(b.to_ascii_uppercase() - b'A') + 1;
    Some((row - 1, letters.bytes().fold(0, |column, b| column * 26 + letter(b)) - 1))
}

/// The name of a column, counted from 0: A to Z, AA to ZZ.
pub(super) fn letters(column: u32) -> String {
    let mut name = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        // OK because a remainder by 26 is a letter.
        name.push(b'A' + u8::try_from((left - 1) % 26).unwrap_or(0));
        left = (left - 1) / 26;
    }
    name.iter().rev().map(|b| char::from(*b)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_named_by_letters_and_a_number() {
        for (place, at) in [("A1", (0, 0)), ("B12", (11, 1)), ("AA3", (2, 26)), ("xfd1", (0, 16_383))] {
            assert_eq!(position(place), Some(at), "{place}");
            assert_eq!(format!("{}{}", letters(at.1), at.0 + 1), place.to_uppercase());
        }
        for place in ["", "A", "1", "A0", "AAAA1", "A12345678", "A1B"] {
            assert_eq!(position(place), None, "{place}");
        }
    }
}
