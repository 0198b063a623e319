//! Workbooks changed as other programs would leave them.

use std::fmt::Write as _;
use std::io::{Cursor, Read as _, Write as _};

use calamine::{Data, Reader as _, Xlsx};
use zip::write::SimpleFileOptions;

/// The workbook with one part changed.
pub fn edited(bytes: &[u8], part: &str, edit: impl Fn(&str) -> String) -> Vec<u8> {
    let mut old = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut found = false;
    for index in 0..old.len() {
        let mut file = old.by_index(index).unwrap();
        let name = file.name().unwrap().to_string();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        if name == part {
            found = true;
            content = edit(std::str::from_utf8(&content).unwrap()).into_bytes();
        }
        new.start_file(name, SimpleFileOptions::default()).unwrap();
        new.write_all(&content).unwrap();
    }
    assert!(found, "{part}");
    new.finish().unwrap().into_inner()
}

/// A template's sheet with other rows below its header, as somebody fills it in: each cell of `table`, separated values with the names of
/// columns in the first row, under the column of its name; numbers as numbers, everything else as text.
pub fn filled(bytes: &[u8], sheet: &str, table: &str) -> Vec<u8> {
    let mut book = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    let number = book.sheet_names().iter().position(|name| name == sheet).unwrap() + 1;
    let range = book.worksheet_range(sheet).unwrap();
    let header: Vec<String> = range.rows().next().unwrap().iter().map(Data::to_string).collect();
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let columns: Vec<usize> = reader
        .headers()
        .unwrap()
        .iter()
        .map(|name| {
            header.iter().position(|own| own == name).unwrap_or_else(|| panic!("{sheet} has no {name}"))
        })
        .collect();
    let mut rows = String::new();
    for (row, record) in (2..).zip(reader.records()) {
        let record = record.unwrap();
        let mut cells: Vec<(usize, &str)> = columns.iter().copied().zip(record.iter()).collect();
        cells.sort_unstable();
        write!(rows, r#"<row r="{row}">"#).unwrap();
        for (column, text) in cells.into_iter().filter(|(_, text)| !text.is_empty()) {
            let place = format!("{}{row}", letters(column));
            match text.parse::<f64>() {
                Ok(_) => write!(rows, r#"<c r="{place}"><v>{text}</v></c>"#).unwrap(),
                Err(_) => write!(rows, r#"<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>"#).unwrap(),
            }
        }
        rows.push_str("</row>");
    }
    edited(bytes, &format!("xl/worksheets/sheet{number}.xml"), |xml| {
        let (above, below) = xml.split_once("</row>").unwrap();
        let (_, behind) = below.split_once("</sheetData>").unwrap();
        format!("{above}</row>{rows}</sheetData>{behind}")
    })
}

/// The name of a column, counted from 0: A to Z, AA to ZZ.
fn letters(column: usize) -> String {
    let letter = |n: usize| char::from(b'A' + u8::try_from(n).unwrap());
    match column {
        0..26 => letter(column).to_string(),
        _ => [letter(column / 26 - 1), letter(column % 26)].iter().collect(),
    }
}
