//! The parts of a workbook before any is trusted: every part is inflated once against its cap, whatever its header claims, and the sheets are
//! looked through for what a reader of values does not see: hidden rows, merged cells, formulas without a value. Macros, links to other files
//! and pictures are not read at all.

use std::io::Read;

use zip::ZipArchive;

use super::{ReadSeek, TABLE_BYTES_MAX};

/// The most bytes of a workbook as it lies on the disk.
pub(super) const WORKBOOK_BYTES_MAX: u64 = 256 << 20;

/// The most bytes of a part that is held in memory, such as the shared strings.
const PART_BYTES_MAX: u64 = 64 << 20;

/// The most parts of a workbook.
const PARTS_MAX: usize = 4096;

/// What one sheet holds beside its values.
#[derive(Debug, Default, Clone)]
pub(super) struct Shape {
    /// How many rows are hidden, and the first.
    pub(super) hidden: Option<(u64, String)>,
    /// Merged ranges, as far as they are listed.
    pub(super) merged: Vec<String>,
    /// How many formulas have no value, and the cell of the first.
    pub(super) unvalued: Option<(u64, String)>,
    /// The part.
    path: String,
}

/// The sheets in the order of the workbook, each with its shape. `Err` says what is too large or broken.
pub(super) fn shapes(file: Box<dyn ReadSeek>) -> Result<Vec<Shape>, String> {
    let mut zip = ZipArchive::new(file).map_err(|e| format!("this is no workbook: {e}"))?;
    if zip.len() > PARTS_MAX {
        return Err(format!("expected at most {PARTS_MAX} parts of a workbook, got {}", zip.len()));
    }
    let mut ids = Vec::new();
    let mut targets: Vec<(String, String)> = Vec::new();
    let mut sheets: Vec<Shape> = Vec::new();
    for index in 0..zip.len() {
        let mut part = zip.by_index(index).map_err(|e| format!("this is no workbook: {e}"))?;
        let name = part.name().map_err(|e| format!("this is no workbook: {e}"))?;
        let path = name.trim_start_matches('/').to_owned();
        drop(name);
        let lower = path.to_ascii_lowercase();
        if lower.starts_with("xl/worksheets/") && lower.ends_with(".xml") {
            let mut shape = Shape { path, ..Shape::default() };
            let mut cell = Looked::default();
            tags(&mut part, TABLE_BYTES_MAX, |tag| cell.look(tag, &mut shape))?;
            if let Some(place) = cell.nowhere {
                return Err(format!("the workbook is damaged: expected a cell such as B12, got `{place}`"));
            }
            sheets.push(shape);
        } else if lower == "xl/workbook.xml" {
            tags(&mut part, PART_BYTES_MAX, |tag| {
                if named(tag, "sheet") {
                    ids.push(attribute(tag, "r:id").unwrap_or_default().to_owned());
                }
            })?;
        } else if lower == "xl/_rels/workbook.xml.rels" {
            tags(&mut part, PART_BYTES_MAX, |tag| {
                if let (Some(id), Some(target)) = (attribute(tag, "Id"), attribute(tag, "Target")) {
                    targets.push((id.to_owned(), target.to_owned()));
                }
            })?;
        } else if lower.starts_with("xl/") || lower.starts_with("_rels/") || lower.ends_with(".rels") {
            tags(&mut part, PART_BYTES_MAX, |_| {})?;
        }
    }
    let find = |id: &String| {
        let target = targets.iter().find(|(known, _)| known == id).map(|(_, target)| target.as_str())?;
        let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
        sheets.iter().find(|shape| shape.path == path).cloned()
    };
    Ok(ids.iter().map(|id| find(id).unwrap_or_default()).collect())
}

/// What was seen of the cell at hand.
#[derive(Default)]
struct Looked {
    cell: String,
    formula: bool,
    value: bool,
    /// A place that no sheet has.
    nowhere: Option<String>,
}

impl Looked {
    fn look(&mut self, tag: &str, shape: &mut Shape) {
        let places = if named(tag, "c") || named(tag, "row") {
            attribute(tag, "r")
        } else if named(tag, "dimension") {
            attribute(tag, "ref")
        } else {
            None
        };
        for place in places.into_iter().flat_map(|places| places.split(':')) {
            if !is_place(place, named(tag, "row")) && self.nowhere.is_none() {
                self.nowhere = Some(place.chars().take(40).collect());
            }
        }
        if named(tag, "c") {
            self.cell.clear();
            self.cell.push_str(attribute(tag, "r").unwrap_or_default());
            (self.formula, self.value) = (false, false);
        } else if named(tag, "f") {
            self.formula = true;
        } else if named(tag, "v") || named(tag, "is") {
            self.value = !tag.ends_with('/');
        } else if tag == "/c" {
            if self.formula && !self.value {
                shape.unvalued.get_or_insert_with(|| (0, self.cell.clone())).0 += 1;
            }
        } else if named(tag, "row") && matches!(attribute(tag, "hidden"), Some("1" | "true")) {
            let row = attribute(tag, "r").unwrap_or_default();
            shape.hidden.get_or_insert_with(|| (0, row.to_owned())).0 += 1;
        } else if named(tag, "mergeCell") && shape.merged.len() < 10_000 {
            shape.merged.extend(attribute(tag, "ref").map(str::to_owned));
        }
    }
}

/// True for a cell that a sheet can have, such as `B12`, or for a row's number.
fn is_place(place: &str, row: bool) -> bool {
    let digits = place.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let letters = place.len() - digits.len();
    let lettered = if row { letters == 0 } else { (1..=3).contains(&letters) };
    let numbered = digits.len() <= 7 && digits.parse::<u32>().is_ok_and(|row| row > 0);
    lettered && numbered && digits.bytes().all(|b| b.is_ascii_digit())
}

/// True for `<name …>`, with or without a name space.
fn named(tag: &str, name: &str) -> bool {
    let element = tag.split([' ', '/', '\n', '\t', '\r']).next().unwrap_or_default();
    element.rsplit_once(':').map_or(element, |(_, local)| local) == name
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let mut rest = tag;
    while let Some(at) = rest.find(name) {
        let (before, from) = rest.split_at(at);
        let after = from.get(name.len()..)?;
        if before.ends_with([' ', '\n', '\t', '\r'])
            && let Some(value) = after.trim_start().strip_prefix('=').map(str::trim_start)
            && let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\''))
        {
            return value.get(1..)?.split(quote).next();
        }
        rest = after;
    }
    None
}

/// Inflates a part against its cap and shows every tag in it, without its brackets.
fn tags(part: &mut dyn Read, most: u64, mut show: impl FnMut(&str)) -> Result<(), String> {
    let mut part = part.take(most + 1);
    let (mut chunk, mut held, mut total) = (vec![0; 64 << 10], Vec::<u8>::new(), 0_u64);
    loop {
        let read = part.read(&mut chunk).map_err(|e| format!("the workbook is damaged: {e}"))?;
        if read == 0 {
            return Ok(());
        }
        total += u64::try_from(read).unwrap_or(u64::MAX);
        if total > most {
            return Err(format!(
                "a part of the workbook has more than {} MiB when it is inflated; split it into several workbooks",
                most >> 20
            ));
        }
        held.extend_from_slice(chunk.get(..read).unwrap_or_default());
        let mut from = 0;
        while let Some(end) = position(&held, from, b'>') {
            let before = held.get(from..end).unwrap_or_default();
            let start = before.iter().rposition(|b| *b == b'<');
            if let Some(tag) = start.and_then(|at| before.get(at + 1..)) {
                show(std::str::from_utf8(tag).unwrap_or_default());
            }
            from = end + 1;
        }
        held.drain(..from);
        // What holds no tag for so long is text: only its end can begin one.
        if held.len() > (1 << 20) {
            held.drain(..held.len() - (64 << 10));
        }
    }
}

fn position(bytes: &[u8], from: usize, wanted: u8) -> Option<usize> {
    bytes.get(from..)?.iter().position(|b| *b == wanted).map(|at| at + from)
}
