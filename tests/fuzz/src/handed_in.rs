//! Readers of files that people hand in: none panics, memory stays bounded, and what is read can be
//! written as statements.

use std::sync::OnceLock;

use pcf_files::catalog::Catalog;
use pcf_files::openlca::{self, PackageReader};
use pcf_files::tables::{self, File, Options};
use pcf_files::{Draft, template};
use pcf_ledger::codec::{decode_draft, encode_draft};
use pcf_ledger::model::ActorId;
use pcf_testing::workbook::edited;

/// Parts of a workbook that a target replaces.
const PARTS: [&str; 6] = [
    "xl/worksheets/sheet7.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "_rels/.rels",
];

fn acme() -> ActorId {
    "acme".parse().unwrap()
}

/// What was read is a statement with one spelling.
fn holds(draft: &Draft) {
    let bytes = encode_draft(&draft.statement).unwrap_or_else(|e| panic!("read, and not to be written: {e}"));
    assert_eq!(decode_draft(&bytes).unwrap(), draft.statement);
}

fn read(bytes: Vec<u8>, options: &Options) {
    let Ok(File::Tables(tables)) = tables::open_bytes(bytes, "file", options) else { return };
    for table in tables {
        let mut drafts = Vec::new();
        let mut keep = |draft| {
            drafts.push(draft);
            true
        };
        if table.read(&acme(), &Catalog::default(), &mut keep).is_ok() {
            drafts.iter().for_each(holds);
        }
    }
}

/// A workbook whose part, which the first byte tells, is the rest.
pub fn workbook(data: &[u8]) {
    static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
    let template = TEMPLATE.get_or_init(|| template::workbook(false).unwrap());
    let Some((which, part)) = data.split_first() else { return };
    let part = String::from_utf8_lossy(part);
    let name = PARTS[usize::from(*which) % PARTS.len()];
    read(edited(template, name, |_| part.clone().into_owned()), &Options::default());
    read(data.to_vec(), &Options::default());
}

/// Separated values as the first byte says that they are written.
pub fn delimited(data: &[u8]) {
    let Some((how, text)) = data.split_first() else { return };
    let stated = |bit: u8, words: [&'static str; 2]| {
        (how >> bit & 1 == 1).then(|| words[usize::from(how >> bit >> 1 & 1)])
    };
    let encodings = ["utf-8", "utf-16", "gb18030", "windows-1252"];
    let options = Options {
        decimal: stated(0, ["point", "comma"]).map(|text| text.parse().unwrap()),
        dates: stated(2, ["day-first", "month-first"]).map(|text| text.parse().unwrap()),
        encoding: (how >> 4 & 1 == 1).then(|| encodings[usize::from(how >> 5 & 3)].parse().unwrap()),
        skip_totals: how >> 7 == 1,
        ..Options::default()
    };
    read(text.to_vec(), &options);
}

fn package(places: &[&str], data: &[u8]) {
    let mut reader = PackageReader::new("package");
    for place in places {
        // A document beyond a cap ends the package.
        if reader.document(place, data).is_err() {
            return;
        }
    }
    let Ok(package) = reader.finish() else { return };
    let converted = openlca::convert(&package, &acme(), "2025".parse().unwrap());
    converted.unwrap().drafts.iter().for_each(holds);
}

/// The same document as each kind of a package of openLCA.
pub fn inventory(data: &[u8]) {
    package(&["processes/a.json"], data);
    package(&["flows/a.json", "unit_groups/a.json", "flow_properties/a.json", "categories/a.json"], data);
}

/// A document of ecoSpold 2.
pub fn ecospold(data: &[u8]) {
    package(&["a.spold"], data);
}

/// A document of ILCD, in XML or in JSON.
pub fn ilcd(data: &[u8]) {
    package(&["ILCD/processes/a.xml"], data);
    package(&["processes/a.json"], data);
}
