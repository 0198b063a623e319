//! Rows of text out of files: separated values and the sheets of workbooks, read as a stream that never holds more than one row. It owns encodings,
//! separators, how a workbook stores its cells, and the caps that a hostile file meets first; what a cell means is not known here.

mod delimited;
mod encoding;
#[cfg(feature = "xlsx")]
mod number;
#[cfg(feature = "xlsx")]
mod parts;
#[cfg(feature = "xlsx")]
mod workbook;

use std::io::{self, Cursor, Read, Seek};
use std::sync::Arc;

use super::ExchangeError;

pub(super) use delimited::open as open_delimited;
pub use encoding::Encoding;
#[cfg(feature = "xlsx")]
pub(super) use workbook::open as open_workbook;

/// The most bytes of a table: of a CSV file, or of one sheet of a workbook when it is inflated. Tables are read as a stream.
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
    /// The columns, from 0, whose cells the file stores as numbers: no mark of it has two meanings.
    pub(super) stored: Vec<usize>,
    /// Cells that cannot be read, by column from 0, with what is wrong.
    pub(super) faults: Vec<(usize, String)>,
}

impl Record {
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
    /// Hands every row behind the header that is not empty to `sink`, until it says no.
    fn each(&self, sink: &mut dyn FnMut(&mut Record) -> bool) -> Result<(), ExchangeError>;
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
