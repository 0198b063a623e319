//! The tables of a file that people fill in: one of a CSV file, one for each sheet of a workbook. A table knows what its rows are and hands its
//! statements out one by one; it never holds the whole file. See [`crate::words`] for the names
//! that sheets and columns may have.

use std::sync::Arc;

use super::catalog::Catalog;
use super::csv::{self, DayOrder, DecimalMark, TableKind, Written};
use super::mapping::{Mapped, Mapping};
use super::source::{Input, Source, held, open_delimited};
use super::{Draft, ExchangeError, file};
use pcf_core::model::ActorId;

pub use super::source::{Content, Encoding, ReadSeek, TABLE_BYTES_MAX};

/// How the files of an import are to be read, where that is stated.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The decimal mark of every number.
    pub decimal: Option<DecimalMark>,
    /// The order of days whose year stands last.
    pub dates: Option<DayOrder>,
    /// The encoding of separated values.
    pub encoding: Option<Encoding>,
    /// How the columns of another system are read.
    pub mapping: Option<Arc<Mapping>>,
}

impl Options {
    /// How cells are written: what is stated here counts before what a mapping says.
    fn written(&self) -> Written {
        let kept = self.mapping.as_ref().map(|mapping| mapping.written()).unwrap_or_default();
        Written { decimal: self.decimal.or(kept.decimal), dates: self.dates.or(kept.dates) }
    }
}

/// One table.
pub struct Table {
    source: Box<dyn Source>,
    kind: TableKind,
    written: Written,
}

/// A file, as its first bytes tell.
pub enum File {
    /// Tables, in the order in which one rests on the other: factors before products before activities.
    Tables(Vec<Table>),
    /// JSON lines, or what else begins with a brace: the bytes.
    Json(Vec<u8>),
}

/// Finds the tables of a file's content; JSON is handed back as it is. The content is read as a
/// stream, several times.
///
/// # Errors
/// [`ExchangeError::Unreadable`] for a file that is too long, empty, damaged or of another kind, or that holds no known table.
pub fn open(content: Arc<dyn Content>, file: &str, options: &Options) -> Result<File, ExchangeError> {
    let mut start = Vec::new();
    let failed = |e: std::io::Error| ExchangeError::File { file: file.into(), cause: e.to_string() };
    let opened = content.open().map_err(failed)?;
    let read = std::io::Read::read_to_end(&mut std::io::Read::take(opened, 4096), &mut start);
    read.map_err(failed)?;
    let text = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&start);
    if text.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{') {
        let (whole, length) = (content.open().map_err(failed)?, content.length().map_err(failed)?);
        return Ok(File::Json(file::read_whole(whole, Some(length), file)?));
    }
    if start.starts_with(b"PK\x03\x04") {
        // Its first part is named and stored so that the kind stands here.
        if start.get(30..).is_some_and(|rest| rest.starts_with(b"mimetypeapplication/vnd.oasis")) {
            let sentence =
                "expected an Excel workbook (XLSX), got an OpenDocument file (ODS): save it as XLSX".into();
            return Err(ExchangeError::Unreadable { file: file.into(), sentence });
        }
        return workbook(&content, file, options).map(File::Tables);
    }
    let source = open_delimited(content, file, options.encoding, &known(options))?;
    if let Some(mapping) = &options.mapping {
        return Ok(File::Tables(vec![mapped(source, mapping, options)?]));
    }
    let Some(kind) = TableKind::of_header(source.header().0) else {
        return Err(csv::headless(source.as_ref()));
    };
    Ok(File::Tables(vec![Table { source, kind, written: options.written() }]))
}

/// As [`open`], for bytes that are at hand.
///
/// # Errors
/// As [`open`].
pub fn open_bytes(bytes: Vec<u8>, file: &str, options: &Options) -> Result<File, ExchangeError> {
    open(held(bytes), file, options)
}

/// The first table of a file, whatever its header.
pub(super) fn open_any(
    bytes: Vec<u8>,
    file: &str,
    options: &Options,
) -> Result<Box<dyn Source>, ExchangeError> {
    let any = |name: &str| !name.is_empty();
    let zipped = bytes.starts_with(b"PK\x03\x04");
    let input = held(bytes);
    if !zipped {
        return open_delimited(input, file, options.encoding, &any);
    }
    #[cfg(feature = "xlsx")]
    if let Some(first) = super::source::open_workbook(&input, file, &any)?.into_iter().next() {
        return Ok(first);
    }
    Err(ExchangeError::Unreadable {
        file: file.into(),
        sentence: "no sheet of this workbook holds a table".into(),
    })
}

/// The names by which a header is found.
fn known(options: &Options) -> impl Fn(&str) -> bool {
    let mapping = options.mapping.clone();
    move |name| mapping.as_ref().map_or_else(|| csv::is_known(name), |mapping| mapping.knows(name))
}

fn mapped(
    source: Box<dyn Source>,
    mapping: &Arc<Mapping>,
    options: &Options,
) -> Result<Table, ExchangeError> {
    // The kind was checked when the mapping was read.
    let kind = mapping.kind().unwrap_or(TableKind::Activities);
    let source = Box::new(Mapped::new(source, Arc::clone(mapping), options.written().decimal)?);
    Ok(Table { source, kind, written: options.written() })
}

#[cfg(not(feature = "xlsx"))]
fn workbook(_: &Input, file: &str, _: &Options) -> Result<Vec<Table>, ExchangeError> {
    let sentence = "expected text, got an Excel workbook (XLSX), which this build does not read".into();
    Err(ExchangeError::Unreadable { file: file.into(), sentence })
}

#[cfg(feature = "xlsx")]
fn workbook(input: &Input, file: &str, options: &Options) -> Result<Vec<Table>, ExchangeError> {
    let refuse = |sentence: String| ExchangeError::Unreadable { file: file.into(), sentence };
    let mut sheets = super::source::open_workbook(input, file, &known(options))?;
    if let Some(mapping) = &options.mapping {
        let wanted = |source: &dyn Source| {
            mapping.sheet.as_deref().map_or_else(
                || source.header().0.iter().any(|name| mapping.knows(name)),
                |sheet| source.sheet() == Some(sheet),
            )
        };
        let at = sheets.iter().position(|source| wanted(source.as_ref()));
        let at = at.ok_or_else(|| refuse("no sheet has the columns that the mapping names".into()))?;
        return Ok(vec![mapped(sheets.swap_remove(at), mapping, options)?]);
    }
    let names: Vec<String> = sheets.iter().filter_map(|s| s.sheet().map(str::to_owned)).collect();
    let single = sheets.len() == 1;
    let mut tables: Vec<Table> = Vec::new();
    for source in sheets {
        let by_name = source.sheet().and_then(TableKind::of_sheet);
        // A workbook of one sheet may call it as it likes.
        let kind = by_name.or_else(|| TableKind::of_header(source.header().0).filter(|_| single));
        tables.extend(kind.map(|kind| Table { source, kind, written: options.written() }));
    }
    if tables.is_empty() {
        let known: Vec<&str> = TableKind::ALL.iter().map(|kind| kind.sheet()).collect();
        return Err(refuse(format!(
            "no sheet is called {} (or their Chinese names), got `{}`",
            known.join(", "),
            names.join("`, `").chars().take(200).collect::<String>()
        )));
    }
    if let Some(twice) =
        tables.iter().enumerate().find_map(|(n, a)| tables.iter().skip(n + 1).find(|b| b.kind == a.kind))
    {
        return Err(refuse(format!("two sheets hold {}: join them", twice.kind.sheet())));
    }
    tables.sort_by_key(|table| table.kind);
    Ok(tables)
}

impl Table {
    /// `file`, or `file:sheet`.
    pub fn place(&self) -> &str {
        self.source.place()
    }

    /// What its rows are.
    pub const fn kind(&self) -> TableKind {
        self.kind
    }

    /// True for a sheet of a workbook.
    pub fn is_sheet(&self) -> bool {
        self.source.sheet().is_some()
    }

    /// What a reader should know of how the table was read.
    pub fn notes(&self) -> Vec<String> {
        self.source.notes()
    }

    /// True where it has a header and nothing below it, as an unused sheet of a template.
    ///
    /// # Errors
    /// As [`Table::read`].
    pub fn is_empty(&self) -> Result<bool, ExchangeError> {
        let mut empty = true;
        self.source.each(&mut |_| {
            empty = false;
            false
        })?;
        Ok(empty)
    }

    /// Reads the table and hands its statements to `sink` until that says no. Activities come as a stream, which reads the file three times and
    /// holds little of it: where a problem is found, statements may have been handed over before, and nothing of the table may be taken.
    ///
    /// # Errors
    /// [`ExchangeError::Problems`] with all that is wrong in the table; [`ExchangeError::Unreadable`].
    pub fn read(
        &self,
        by: &ActorId,
        catalog: &Catalog,
        sink: &mut dyn FnMut(Draft) -> bool,
    ) -> Result<(), ExchangeError> {
        let reading = csv::Reading { by, written: self.written, catalog };
        csv::read(self.source.as_ref(), self.kind, &reading, sink)
    }
}
