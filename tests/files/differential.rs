//! The same table reads as the same statements, whatever program wrote it and in whatever format:
//! separated values of two locales, workbooks of three writers, and an export through a mapping.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::sync::Arc;

use pcf_files::catalog::Catalog;
use pcf_files::mapping::Mapping;
use pcf_files::tables::{self, File, Options};
use pcf_ledger::codec::encode_draft;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use zip::write::SimpleFileOptions;

/// How many tables are made.
const TABLES: u64 = 2_000;

const HEADER: [&str; 13] = [
    "stage",
    "process",
    "site",
    "start",
    "end",
    "product",
    "output",
    "output_unit",
    "flow",
    "kind",
    "amount",
    "unit",
    "source",
];

/// Columns that hold days, and columns that hold numbers.
const DAYS: [usize; 2] = [3, 4];
const NUMBERS: [usize; 2] = [6, 10];

/// Numbers that follow from a seed (Knuth's MMIX constants).
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }

    /// A decimal that every writer keeps: at most 12 digits, never in the shape of a group of
    /// thousands.
    fn decimal(&mut self) -> String {
        let places = self.one(&[0_u32, 1, 2, 4]);
        let digits = self.below(10_u64.pow(9)) + 1;
        let plain = format!("{digits:0>width$}", width = places as usize + 1);
        let (whole, fraction) = plain.split_at(plain.len() - places as usize);
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() == 3 || fraction.is_empty() {
            whole.to_owned()
        } else {
            format!("{whole}.{fraction}")
        }
    }
}

/// The rows of a table: one to three statements of one to four flows.
fn rows(random: &mut Random) -> Vec<[String; HEADER.len()]> {
    let mut rows = Vec::new();
    for statement in 0..=random.below(3) {
        let process = random.one(&["casting", "压铸 A380", "Löten & Prüfen", "press, \"left\""]);
        let month = random.below(9) + 1;
        let output = random.decimal();
        for flow in 0..=random.below(4) {
            let unit = random.one(&["kWh", "MWh", "kg", "t", "m³", "Stück", "升"]);
            let cells = [
                "production",
                process,
                "Plant 7",
                &format!("2025-{month:02}-01"),
                &format!("2025-{:02}-01", month + 1),
                &format!("urn:pact:a.example:product-id:{statement}"),
                &output,
                "piece",
                &format!("flow {flow}"),
                "material",
                &random.decimal(),
                unit,
                "factor:acme.x",
            ];
            rows.push(cells.map(str::to_owned));
        }
    }
    rows
}

fn separated(rows: &[[String; HEADER.len()]], separator: u8, header: &[&str], comma: bool) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
    writer.write_record(header).unwrap();
    for row in rows {
        let cell = |(at, cell): (usize, &String)| {
            if comma && NUMBERS.contains(&at) { cell.replace('.', ",") } else { cell.clone() }
        };
        writer.write_record(row.iter().enumerate().map(cell)).unwrap();
    }
    writer.into_inner().unwrap()
}

fn by_library(rows: &[[String; HEADER.len()]], formulas: bool) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Activities").unwrap();
    let day = Format::new().set_num_format("d.m.yyyy");
    for (column, name) in (0_u16..).zip(HEADER) {
        sheet.write(0, column, name).unwrap();
    }
    for (line, row) in (1_u32..).zip(rows) {
        for (column, (at, cell)) in (0_u16..).zip(row.iter().enumerate()) {
            if DAYS.contains(&at) {
                let date = ExcelDateTime::parse_from_str(cell).unwrap();
                sheet.write_with_format(line, column, date, &day).unwrap();
            } else if NUMBERS.contains(&at) && formulas {
                let formula = Formula::new(format!("={cell}*1")).set_result(cell);
                sheet.write_formula(line, column, formula).unwrap();
            } else if NUMBERS.contains(&at) {
                sheet.write(line, column, cell.parse::<f64>().unwrap()).unwrap();
            } else {
                sheet.write(line, column, cell).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

/// The least that a workbook is: texts in their cells, another prefix, no styles.
fn by_hand(rows: &[[String; HEADER.len()]]) -> Vec<u8> {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    let mut sheet = String::from(
        r#"<?xml version="1.0"?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>"#,
    );
    let header: [String; HEADER.len()] = HEADER.map(str::to_owned);
    for (line, row) in std::iter::once(&header).chain(rows).enumerate() {
        sheet.push_str("<x:row>");
        for (at, cell) in row.iter().enumerate() {
            if line > 0 && NUMBERS.contains(&at) {
                write!(sheet, "<x:c><x:v>{cell}</x:v></x:c>").unwrap();
            } else {
                write!(sheet, r#"<x:c t="inlineStr"><x:is><x:t>{}</x:t></x:is></x:c>"#, escaped(cell))
                    .unwrap();
            }
        }
        sheet.push_str("</x:row>");
    }
    sheet.push_str("</x:sheetData></x:worksheet>");
    let relationships = |kind: &str, target: &str| {
        format!(
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="one" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/></Relationships>"#
        )
    };
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (part, text) in [
        ("_rels/.rels", relationships("officeDocument", "book/Main.xml")),
        (
            "book/Main.xml",
            r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:q="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Activities" sheetId="1" q:id="one"/></sheets></workbook>"#.to_owned(),
        ),
        ("book/_rels/Main.xml.rels", relationships("worksheet", "/book/Table.xml")),
        ("book/Table.xml", sheet),
    ] {
        zip.start_file(part, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// What another system calls the columns.
const THEIRS: [&str; HEADER.len()] = [
    "Phase",
    "Vorgang",
    "Werk",
    "Von",
    "Bis",
    "Erzeugnis",
    "Gutmenge",
    "GME",
    "Material",
    "Art",
    "Menge",
    "ME",
    "Faktor",
];

fn mapping() -> Arc<Mapping> {
    let mut text = String::from("kind = \"activities\"\ndecimal = \"comma\"\n[columns]\n");
    for (ours, theirs) in HEADER.iter().zip(THEIRS) {
        writeln!(text, "{ours} = \"{theirs}\"").unwrap();
    }
    Arc::new(Mapping::read(text.as_bytes(), "m.toml").unwrap())
}

fn statements(bytes: Vec<u8>, options: &Options) -> Result<Vec<String>, String> {
    let opened = tables::open_bytes(bytes, "t", options).map_err(|e| e.to_string())?;
    let File::Tables(tables) = opened else { return Err("JSON".into()) };
    let mut all = Vec::new();
    for table in tables {
        let mut keep = |draft: pcf_files::Draft| {
            all.push(String::from_utf8(encode_draft(&draft.statement).unwrap()).unwrap());
            true
        };
        table.read(&"acme".parse().unwrap(), &Catalog::default(), &mut keep).map_err(|e| e.to_string())?;
    }
    Ok(all)
}

#[test]
fn a_table_reads_as_the_same_statements_whatever_wrote_it() {
    let plain = Options::default();
    let mapped = Options { mapping: Some(mapping()), ..Options::default() };
    for seed in 0..TABLES {
        let rows = rows(&mut Random(seed));
        let expected = statements(separated(&rows, b',', &HEADER, false), &plain);
        assert!(expected.as_ref().is_ok_and(|all| !all.is_empty()), "{seed}: {expected:?}");
        for (how, bytes, options) in [
            ("semicolons", separated(&rows, b';', &HEADER, true), &plain),
            ("workbook", by_library(&rows, false), &plain),
            ("workbook of formulas", by_library(&rows, true), &plain),
            ("workbook by hand", by_hand(&rows), &plain),
            ("mapping", separated(&rows, b';', &THEIRS, true), &mapped),
        ] {
            assert_eq!(statements(bytes, options), expected, "{seed} {how}\n{rows:?}");
        }
    }
}
