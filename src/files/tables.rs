//! The tables of a file that people fill in: one of a CSV file, one for each sheet of a workbook. A
//! table knows what its rows are and hands its statements out one by one; it never holds the whole
//! file. See [`crate::words`] for the names that sheets and columns may have.

use std::sync::Arc;

use super::catalog::Catalog;
use super::csv::{self, DayOrder, DecimalMark, TableKind, WithoutTotals, Written};
use super::mapping::{Mapped, Mapping};
use super::source::{Input, Source, held, open_delimited, other_kind};
use super::{Draft, ExchangeError, file, words};
use pcf_core::model::{ActorId, Period};

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
    /// The period of every row, for a mapping that names no columns of days.
    pub period: Option<Period>,
    /// Leaves out rows that add others up, instead of refusing them.
    pub skip_totals: bool,
    /// The last year that the period of a row may begin in, such as next year.
    pub latest_year: Option<i16>,
}

impl Options {
    /// How cells are written: what is stated here counts before what a mapping says.
    fn written(&self) -> Written {
        let kept = self.mapping.as_ref().map(|mapping| mapping.written()).unwrap_or_default();
        Written {
            decimal: self.decimal.or(kept.decimal),
            dates: self.dates.or(kept.dates),
            latest_year: self.latest_year,
        }
    }
}

/// One table.
pub struct Table {
    source: Box<dyn Source>,
    kind: TableKind,
    written: Written,
    /// What of its file is in no table; said with the file's first.
    beside: Vec<String>,
}

/// A file, as its first bytes tell.
pub enum File {
    /// Tables, in the order in which one rests on the other: factors before products before
    /// activities.
    Tables(Vec<Table>),
    /// JSON lines, or what else begins with a brace: the bytes.
    Json(Vec<u8>),
}

/// How ZIP files begin, an empty one too.
const ZIPS: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];

/// Finds the tables of a file's content; JSON is handed back as it is. The content is read as a
/// stream, several times.
///
/// # Errors
/// [`ExchangeError::Unreadable`] for a file that is too long, empty, damaged or of another kind, or
/// that holds no known table.
pub fn open(content: Arc<dyn Content>, file: &str, options: &Options) -> Result<File, ExchangeError> {
    let mut start = Vec::new();
    let failed = |e: std::io::Error| ExchangeError::File { file: file.into(), cause: e.to_string() };
    let opened = content.open().map_err(failed)?;
    let read = std::io::Read::read_to_end(&mut std::io::Read::take(opened, 4096), &mut start);
    read.map_err(failed)?;
    let text = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&start);
    if other_kind(&start).is_none() && text.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{') {
        let (whole, length) = (content.open().map_err(failed)?, content.length().map_err(failed)?);
        return Ok(File::Json(file::read_whole(whole, Some(length), file)?));
    }
    if ZIPS.iter().any(|magic| start.starts_with(magic)) {
        return workbook(&content, file, options).map(File::Tables);
    }
    let source = open_delimited(content, file, options.encoding, &known(options))?;
    if let Some(mapping) = &options.mapping {
        return Ok(File::Tables(vec![mapped(source, mapping, options)?]));
    }
    let Some(kind) = TableKind::of_header(source.header().0) else {
        return Err(csv::headless(source.as_ref()));
    };
    Ok(File::Tables(vec![Table::new(source, kind, options)]))
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
    let zipped = ZIPS.iter().any(|magic| bytes.starts_with(magic));
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
    let source = Box::new(Mapped::new(source, Arc::clone(mapping), options.period)?);
    Ok(Table::new(source, kind, options))
}

#[cfg(not(feature = "xlsx"))]
fn workbook(_: &Input, file: &str, _: &Options) -> Result<Vec<Table>, ExchangeError> {
    let sentence = "expected text, got an Excel workbook (XLSX), which this build does not read".into();
    Err(ExchangeError::Unreadable { file: file.into(), sentence })
}

#[cfg(feature = "xlsx")]
fn workbook(input: &Input, file: &str, options: &Options) -> Result<Vec<Table>, ExchangeError> {
    let refuse = |sentence: String| ExchangeError::Unreadable { file: file.into(), sentence };
    let sheets = super::source::open_workbook(input, file, &known(options))?;
    let names: Vec<String> = sheets.iter().filter_map(|s| s.sheet().map(str::to_owned)).collect();
    let single = sheets.len() == 1;
    let (mut tables, mut beside) = (Vec::new(), Vec::new());
    for source in sheets {
        let place = source.place().to_owned();
        match sheet_kind(source.as_ref(), options, single) {
            Ok(_) if options.mapping.is_some() => tables.extend(mapped_sheet(source, options)?),
            Ok(kind) => tables.push(Table::new(source, kind, options)),
            Err(Some(why)) => beside.push(format!("{place}: this sheet is not read: {why}")),
            Err(None) => {}
        }
    }
    let Some(first) = tables.first_mut() else {
        let listed = names.join("`, `").chars().take(200).collect::<String>();
        if options.mapping.is_some() {
            return Err(refuse(format!("no sheet has the columns that the mapping names, of `{listed}`")));
        }
        let known: Vec<&str> = TableKind::ALL.iter().map(|kind| kind.sheet()).collect();
        let why = beside.iter().map(|sentence| format!("; {sentence}")).collect::<String>();
        return Err(refuse(format!(
            "no sheet is called {} (or their Chinese names), got `{listed}`{why}",
            known.join(", "),
        )));
    };
    first.beside = beside;
    tables.sort_by_key(|table| table.kind);
    Ok(tables)
}

/// What the rows of a sheet are, or why it is not read; no reason for sheets that a template has
/// beside its tables.
#[cfg(feature = "xlsx")]
fn sheet_kind(source: &dyn Source, options: &Options, single: bool) -> Result<TableKind, Option<String>> {
    let (header, _) = source.header();
    if let Some(mapping) = &options.mapping {
        let kind = mapping.kind().unwrap_or(TableKind::Activities);
        let wanted = match mapping.sheet.as_deref() {
            Some(sheet) => source.sheet() == Some(sheet),
            None => mapping.is_for(header) || single,
        };
        return if wanted { Ok(kind) } else { Err(Some("the mapping is not for it".to_owned())) };
    }
    let name = source.sheet().unwrap_or_default();
    if let Some(kind) = TableKind::of_sheet(name) {
        return Ok(kind);
    }
    if words::is_of_template(name) {
        return Err(None);
    }
    let Some(kind) = TableKind::of_header(header) else {
        return Err(Some("its header is of no kind of table".to_owned()));
    };
    let missing: Vec<&str> = kind.missing(header);
    let what = kind.columns().what;
    match missing.as_slice() {
        // A workbook of one sheet may call it as it likes.
        _ if single => Ok(kind),
        [] if !source.is_hidden() => Ok(kind),
        [] => Err(Some(format!(
            "it is hidden; it has the columns of {what}, and is read where it is called {}",
            kind.sheet()
        ))),
        missing => Err(Some(format!("of the columns of {what} it lacks {}", missing.join(", ")))),
    }
}

/// A sheet that a mapping is for, where it has every column that the mapping names.
#[cfg(feature = "xlsx")]
fn mapped_sheet(source: Box<dyn Source>, options: &Options) -> Result<Option<Table>, ExchangeError> {
    let mapping = options.mapping.as_ref();
    mapping.map(|mapping| mapped(source, mapping, options)).transpose()
}

impl Table {
    fn new(source: Box<dyn Source>, kind: TableKind, options: &Options) -> Self {
        let source = if options.skip_totals { Box::new(WithoutTotals::new(source, kind)) } else { source };
        Self { source, kind, written: options.written(), beside: Vec::new() }
    }

    /// What of its file is in no table, one sentence each; only the first table of a file says so.
    pub fn beside(&self) -> &[String] {
        &self.beside
    }

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

    /// Reads the table and hands its statements to `sink` until that says no. Activities come as a
    /// stream, which reads the file three times and holds little of it: where a problem is found,
    /// statements may have been handed over before, and nothing of the table may be taken. Returns
    /// what a reader should know of its rows, one sentence each.
    ///
    /// # Errors
    /// [`ExchangeError::Problems`] with all that is wrong in the table;
    /// [`ExchangeError::Unreadable`].
    pub fn read(
        &self,
        by: &ActorId,
        catalog: &Catalog,
        sink: &mut dyn FnMut(Draft) -> bool,
    ) -> Result<Vec<String>, ExchangeError> {
        let reading = csv::Reading { by, written: self.written, catalog };
        csv::read(self.source.as_ref(), self.kind, &reading, sink)
    }
}
