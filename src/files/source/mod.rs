//! Rows of text out of files: separated values and the sheets of workbooks, read as a stream that
//! never holds more than one row. It owns encodings, separators, how a workbook stores its cells,
//! and the caps that a hostile file meets first; what a cell means is not known here.

mod delimited;
mod encoding;
mod kinds;
#[cfg(feature = "xlsx")]
mod number;
#[cfg(feature = "xlsx")]
mod package;
#[cfg(feature = "xlsx")]
mod parts;
#[cfg(feature = "xlsx")]
mod shown;
#[cfg(feature = "xlsx")]
mod workbook;

use std::io::{self, Cursor, Read, Seek};
use std::sync::Arc;

use super::ExchangeError;
use pcf_core::model::Decimal;

pub(super) use delimited::open as open_delimited;
pub use encoding::Encoding;
pub(super) use kinds::other as other_kind;
#[cfg(feature = "xlsx")]
pub(super) use workbook::open as open_workbook;

/// The most bytes of a table: of a CSV file, or of one sheet of a workbook when it is inflated.
/// Tables are read as a stream.
pub const TABLE_BYTES_MAX: u64 = 2 << 30;

/// The most bytes of one row.
const ROW_BYTES_MAX: u64 = 4 << 20;

/// How many rows are looked at to find the header: reports have titles above it.
const HEADER_ROWS: usize = 20;

/// The content of a file, which can be read from its start again and again. This crate opens no
/// file itself: whoever has one gives its content.
pub trait Content: Send + Sync {
    /// Opens the content at its start.
    ///
    /// # Errors
    /// What the system says where it cannot be read.
    fn open(&self) -> io::Result<Box<dyn ReadSeek>>;

    /// The number of bytes.
    ///
    /// # Errors
    /// What the system says where it is not known.
    fn length(&self) -> io::Result<u64>;
}

/// Content that can be read from anywhere.
pub trait ReadSeek: Read + Seek + Send {}

impl<T: Read + Seek + Send> ReadSeek for T {}

impl Content for Arc<[u8]> {
    fn open(&self) -> io::Result<Box<dyn ReadSeek>> {
        Ok(Box::new(Cursor::new(Self::clone(self))))
    }

    fn length(&self) -> io::Result<u64> {
        Ok(u64::try_from(self.len()).unwrap_or(u64::MAX))
    }
}

/// Content that several readers share.
pub(crate) type Input = Arc<dyn Content>;

/// Content that is held in memory.
pub(crate) fn held(bytes: impl Into<Arc<[u8]>>) -> Input {
    Arc::new(bytes.into())
}

/// One row.
#[derive(Debug, Clone, Default)]
pub(super) struct Record {
    pub(super) cells: csv::StringRecord,
    /// The line or row of the file, from 1.
    pub(super) line: u64,
    /// The columns, from 0, whose cells the file stores as something else than text, and as what.
    pub(super) stored: Vec<(usize, Stored)>,
    /// Columns, from 0, whose numbers count so many times, as a mapping says.
    pub(super) times: Vec<(usize, Decimal)>,
    /// Columns, from 0, whose numbers are shown with a text such as a unit.
    pub(super) beside: Vec<(usize, String)>,
    /// Cells that cannot be read, by column from 0, with what is wrong.
    pub(super) faults: Vec<(usize, String)>,
}

/// What a workbook stores a cell as that shows no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stored {
    /// A number: no mark of it has two meanings.
    Number,
    /// A number that is shown in percent.
    Share,
    /// A number that is shown with zeros in front.
    Padded,
    /// A number that is shown with other digits or with a text around it.
    Reshaped,
    /// A number that is shown in thousands, millions or more.
    Scaled,
    /// A number that is shown with a percent sign, and not multiplied.
    PercentText,
    /// A day.
    Day,
    /// Yes or no.
    Truth,
}

impl Stored {
    /// True where a number is stored.
    #[cfg(feature = "xlsx")]
    pub(super) const fn is_number(self) -> bool {
        !matches!(self, Self::Day | Self::Truth)
    }
}

impl Record {
    /// What the cell of a column is stored as; none for text.
    pub(super) fn stored(&self, column: usize) -> Option<Stored> {
        self.stored.iter().find(|(at, _)| *at == column).map(|(_, stored)| *stored)
    }

    /// Empties everything but the line.
    pub(super) fn clear(&mut self) {
        self.cells.clear();
        self.stored.clear();
        self.times.clear();
        self.beside.clear();
        self.faults.clear();
    }

    fn is_blank(&self) -> bool {
        self.faults.is_empty() && self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// A table that can be read again and again.
pub(super) trait Source: Send {
    /// `file`, or `file:sheet`.
    fn place(&self) -> &str;
    /// The sheet, of a workbook.
    fn sheet(&self) -> Option<&str> {
        None
    }
    /// The header as it stands, and its line.
    fn header(&self) -> (&[String], u64);
    /// What a reader should know of how the table was read.
    fn notes(&self) -> Vec<String>;
    /// True for a sheet that is hidden.
    fn is_hidden(&self) -> bool {
        false
    }
    /// What was left out of the rows or is odd in them, in a sentence, once they were read.
    fn left_out(&self) -> Option<String> {
        None
    }
    /// Why a text such as `3.000` may mean 3000 in this file, where it may: how files with decimal
    /// commas are written.
    fn doubtful_points(&self) -> Option<&'static str>;
    /// Hands every row behind the header that is not empty to `sink`, until it says no.
    fn each(&self, sink: &mut dyn FnMut(&mut Record) -> bool) -> Result<(), ExchangeError>;
}

/// The note on rows above the header, which hold no rows of the table.
fn above(place: &str, count: usize, header_line: u64) -> Option<String> {
    let rows = if count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
    (count > 0).then(|| format!("{place}: {rows} above the header, which is row {header_line}: not read"))
}

/// The row that holds most of the known names among those that may be the header.
fn likeliest_header(rows: &[Record], known: &dyn Fn(&str) -> bool) -> Option<(usize, usize)> {
    let hits = |record: &Record| record.cells.iter().filter(|name| known(name.trim())).count();
    let counted = rows.iter().map(hits).enumerate();
    // The first of equals, and never a row whose only known name may be a word of a title.
    counted.fold(None, |best, (row, hits)| match best {
        Some((_, most)) if hits <= most || hits < 2 => best,
        _ => Some((row, hits)),
    })
}
