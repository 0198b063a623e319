//! Sheets of a workbook (XLSX), each a table that is read as a stream of rows. Numbers, dates,
//! shares and truth values become the text that a person would write in CSV; an error, a time of
//! day or a number that is not exact is a fault of its cell, never a value.

use std::cell::Cell;
use std::sync::{Arc, Mutex, PoisonError};

use calamine::{DataRef, Reader, Xlsx, XlsxError};

use super::number::{decimal, percent};
use super::parts::{Shape, WORKBOOK_BYTES_MAX, letters, shapes};
use super::shown::Shown;
use super::{HEADER_ROWS, Input, ROW_BYTES_MAX, ReadSeek, Record, Source, Stored, above, likeliest_header};
use crate::{ExchangeError, csv, words};

type Book = Arc<Mutex<Xlsx<Box<dyn ReadSeek>>>>;

/// The most columns of a sheet that are read: more than any kind of table has.
const COLUMNS_MAX: u32 = 512;

struct Sheet {
    book: Book,
    sheet: String,
    place: String,
    shape: Shape,
    header: Vec<String>,
    header_line: u64,
    /// How many rows with cells stand above the header.
    above: usize,
    /// How many rows are struck through, and the first, once they were read.
    struck: Cell<(u64, u64)>,
}

/// The sheets of a workbook that have cells.
pub(crate) fn open(
    input: &Input,
    file: &str,
    known: &dyn Fn(&str) -> bool,
) -> Result<Vec<Box<dyn Source>>, ExchangeError> {
    let refuse = |sentence: String| ExchangeError::Unreadable { file: file.into(), sentence };
    let failed = |e: std::io::Error| ExchangeError::File { file: file.into(), cause: e.to_string() };
    let length = input.length().map_err(failed)?;
    if length > WORKBOOK_BYTES_MAX {
        let most = WORKBOOK_BYTES_MAX >> 20;
        return Err(refuse(format!(
            "expected at most {most} MiB, got {length} bytes: split it into several files"
        )));
    }
    let shapes = shapes(input.open().map_err(failed)?).map_err(refuse)?;
    let opened = Xlsx::new(input.open().map_err(failed)?);
    let book = opened.map_err(|e| refuse(format!("this workbook cannot be read: {e}")))?;
    let names = book.sheet_names();
    let book: Book = Arc::new(Mutex::new(book));
    let mut sheets: Vec<Box<dyn Source>> = Vec::new();
    for (n, name) in names.into_iter().enumerate() {
        let place = format!("{file}:{name}");
        let shape = shapes.get(n).cloned().unwrap_or_default();
        let book = Arc::clone(&book);
        let (header, header_line, above, struck) = (Vec::new(), 0, 0, Cell::default());
        let sheet = Sheet { book, sheet: name, place, shape, header, header_line, above, struck };
        // A chart or an empty sheet holds no table.
        sheets.extend(sheet.with_header(known)?.map(|sheet| Box::new(sheet) as Box<dyn Source>));
    }
    Ok(sheets)
}

impl Sheet {
    fn refuse(&self, sentence: impl Into<String>) -> ExchangeError {
        ExchangeError::Unreadable { file: self.place.clone(), sentence: sentence.into() }
    }

    fn with_header(mut self, known: &dyn Fn(&str) -> bool) -> Result<Option<Self>, ExchangeError> {
        let mut rows = Vec::new();
        let read = self.read(&mut |record| {
            rows.push(record.clone());
            rows.len() < HEADER_ROWS
        });
        match read {
            Err(Read::NoTable) => return Ok(None),
            Err(Read::Wrong(sentence)) => return Err(self.refuse(sentence)),
            Ok(()) => {}
        }
        let Some((at, _)) = likeliest_header(&rows, known) else { return Ok(None) };
        if let Some(row) = rows.get(at) {
            self.header = row.cells.iter().map(|name| name.trim().to_owned()).collect();
            while self.header.last().is_some_and(String::is_empty) {
                self.header.pop();
            }
            (self.header_line, self.above) = (row.line, at);
        }
        Ok(Some(self))
    }

    fn read(&self, sink: &mut dyn FnMut(&mut Record) -> bool) -> Result<(), Read> {
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        let mut cells = match book.worksheet_cells_reader(&self.sheet) {
            Ok(cells) => cells,
            Err(XlsxError::NotAWorksheet(_)) => return Err(Read::NoTable),
            Err(e) => return Err(Read::Wrong(format!("this sheet cannot be read: {e}"))),
        };
        let shown: Vec<Shown> = cells
            .styles()
            .iter()
            .map(|style| {
                style.number_format.as_ref().map_or(Shown::Plain(None), |f| Shown::of(&f.format_code))
            })
            .collect();
        let struck: Vec<bool> = cells
            .styles()
            .iter()
            .map(|style| style.font.as_ref().is_some_and(|font| font.strikethrough))
            .collect();
        let (mut struck_rows, mut struck_last) = ((0, 0), 0);
        let mut row = Row::default();
        while let Some((cell, style)) = cells
            .next_cell_with_style_id()
            .map_err(|e| Read::Wrong(format!("the sheet is damaged behind row {}: {e}", row.record.line)))?
        {
            let (line, column) = cell.get_position();
            if column >= COLUMNS_MAX {
                if matches!(cell.get_value(), DataRef::Empty) {
                    continue;
                }
                return Err(Read::Wrong(format!(
                    "expected at most {COLUMNS_MAX} columns, row {} has more",
                    u64::from(line) + 1
                )));
            }
            let line = u64::from(line) + 1;
            if line != row.record.line {
                if line < row.record.line {
                    return Err(Read::Wrong(format!("row {line} stands behind row {}", row.record.line)));
                }
                if !row.hand_over(sink) {
                    return Ok(());
                }
                row.record.line = line;
            }
            if struck.get(style) == Some(&true) && line != struck_last && line > self.header_line {
                struck_rows = (struck_rows.0 + 1, if struck_rows.0 == 0 { line } else { struck_rows.1 });
                struck_last = line;
            }
            let shown = shown.get(style).unwrap_or(&Shown::Plain(None));
            row.put(column, cell.get_value(), shown).map_err(Read::Wrong)?;
        }
        row.hand_over(sink);
        // A sheet is read several times, and not always to its end.
        self.struck.set(self.struck.get().max(struck_rows));
        Ok(())
    }

    /// Merged cells beside or below the header: only one of them holds the value, and the rows of
    /// the others would lack it.
    fn refuse_merged(&self) -> Result<(), ExchangeError> {
        let behind = |range: &&String| {
            let last = range.rsplit(':').next().unwrap_or_default();
            let row: String = last.chars().filter(char::is_ascii_digit).collect();
            row.parse::<u64>().is_ok_and(|row| row >= self.header_line)
        };
        match self.shape.merged.iter().find(behind) {
            None => Ok(()),
            Some(range) => Err(self.refuse(format!(
                "the cells {range} are merged, so that all but one of them are empty: unmerge them and write the value into each"
            ))),
        }
    }
}

impl Sheet {
    /// Formulas that were never calculated, in columns that are read.
    fn refuse_unvalued(&self) -> Result<(), ExchangeError> {
        let is_read = |column: &u32| {
            let name = usize::try_from(*column).ok().and_then(|column| self.header.get(column));
            // Some kinds of tables read a column of this name.
            name.is_some_and(|name| !words::is_notes(name) || csv::is_known(name))
        };
        let mut unvalued = self.shape.unvalued.iter().filter(|(column, _)| is_read(column)).map(|(_, of)| of);
        let Some((count, first)) = unvalued.next() else { return Ok(()) };
        let count = count + unvalued.map(|(count, _)| count).sum::<u64>();
        Err(self.refuse(format!(
            "{count} formulas have no value yet (the first in {first}): open the workbook in a spreadsheet program and save it"
        )))
    }
}

enum Read {
    NoTable,
    Wrong(String),
}

/// The row at hand.
#[derive(Default)]
struct Row {
    record: Record,
    width: u32,
    bytes: u64,
}

impl Row {
    fn hand_over(&mut self, sink: &mut dyn FnMut(&mut Record) -> bool) -> bool {
        let more = self.record.line == 0 || self.record.is_blank() || sink(&mut self.record);
        self.record.clear();
        (self.width, self.bytes) = (0, 0);
        more
    }

    fn put(&mut self, column: u32, value: &DataRef<'_>, shown: &Shown) -> Result<(), String> {
        if column < self.width {
            return Err(format!("a cell of row {} stands twice", self.record.line));
        }
        let place = usize::try_from(column).unwrap_or(usize::MAX);
        let stored = match value {
            DataRef::Int(_) | DataRef::Float(_) => Some(stored_as(value, shown)),
            DataRef::DateTime(_) | DataRef::DateTimeIso(_) | DataRef::DurationIso(_) => Some(Stored::Day),
            DataRef::Bool(_) => Some(Stored::Truth),
            DataRef::Empty | DataRef::String(_) | DataRef::SharedString(_) | DataRef::Error(_) => None,
        };
        self.record.stored.extend(stored.map(|stored| (place, stored)));
        if let (Some(_), Shown::Worded(text)) = (stored.filter(|stored| stored.is_number()), shown) {
            self.record.beside.push((place, text.clone()));
        }
        let text = match text(value, stored == Some(Stored::Share)) {
            Ok(text) => text,
            Err((shown, sentence)) => {
                self.record.faults.push((place, sentence));
                shown
            }
        };
        if text.is_empty() {
            return Ok(());
        }
        self.bytes = self.bytes.saturating_add(u64::try_from(text.len()).unwrap_or(u64::MAX));
        if self.bytes > ROW_BYTES_MAX {
            return Err(format!("row {} is longer than {} MiB", self.record.line, ROW_BYTES_MAX >> 20));
        }
        while self.width < column {
            self.record.cells.push_field("");
            self.width += 1;
        }
        self.record.cells.push_field(&text);
        self.width += 1;
        Ok(())
    }
}

/// A cell as text; or what it shows, and what is wrong with it.
fn text(
    value: &DataRef<'_>,
    share: bool,
) -> Result<std::borrow::Cow<'static, str>, (std::borrow::Cow<'static, str>, String)> {
    let number = |value: f64| if share { percent(value) } else { decimal(value) };
    let read = match value {
        DataRef::Empty => Ok(String::new()),
        DataRef::String(text) => Ok(text.clone()),
        DataRef::SharedString(text) => Ok((*text).to_owned()),
        DataRef::Int(value) if share => percent_of_int(*value),
        DataRef::Int(value) => Ok(value.to_string()),
        DataRef::Float(value) => number(*value).map_err(|sentence| (value.to_string(), sentence)),
        DataRef::Bool(value) => Ok(if *value { "yes" } else { "no" }.to_owned()),
        DataRef::Error(error) => Err((
            error.to_string(),
            format!("the formula of this cell fails with {error}: mend it, or write the value"),
        )),
        DataRef::DateTime(date) if date.is_datetime() => {
            let (year, month, day, hour, minute, second, milli) = date.to_ymd_hms_milli();
            let shown = format!("{year:04}-{month:02}-{day:02}");
            if (hour, minute, second, milli) == (0, 0, 0, 0) {
                Ok(shown)
            } else {
                let sentence =
                    format!("expected a day, got {shown} {hour:02}:{minute:02}: write the day alone");
                Err((shown, sentence))
            }
        }
        DataRef::DateTimeIso(date) => {
            let (day, time) = date.split_once('T').unwrap_or((date, ""));
            let midnight = time.chars().all(|c| matches!(c, '0' | ':' | '.' | 'Z'));
            if midnight {
                Ok(day.to_owned())
            } else {
                Err((day.to_owned(), format!("expected a day, got {date}: write the day alone")))
            }
        }
        DataRef::DateTime(_) | DataRef::DurationIso(_) => Err((
            String::from("a duration"),
            "expected a number or a day, got a duration: format the cell as a number".to_owned(),
        )),
    };
    read.map(Into::into).map_err(|(shown, sentence)| (shown.into(), sentence))
}

fn percent_of_int(value: i64) -> Result<String, (String, String)> {
    let hundred = value.checked_mul(100).map(|hundred| format!("{hundred}%"));
    hundred.ok_or_else(|| (value.to_string(), format!("expected a share, got {value}")))
}

/// What a number of this format is stored as.
fn stored_as(value: &DataRef<'_>, shown: &Shown) -> Stored {
    let behind = || {
        let digits = Some(value).and_then(|value| match value {
            DataRef::Float(value) => decimal(*value).ok(),
            _ => None,
        });
        digits.and_then(|digits| digits.split_once('.').map(|(_, rest)| rest.len())).unwrap_or(0)
    };
    match shown {
        Shown::Plain(Some(fixed)) if *fixed != behind() => Stored::Reshaped,
        Shown::Plain(_) => Stored::Number,
        Shown::Share => Stored::Share,
        Shown::Padded => Stored::Padded,
        Shown::Scaled => Stored::Scaled,
        Shown::PercentText => Stored::PercentText,
        Shown::Worded(_) => Stored::Reshaped,
    }
}

impl Source for Sheet {
    fn place(&self) -> &str {
        &self.place
    }

    fn sheet(&self) -> Option<&str> {
        Some(&self.sheet)
    }

    fn header(&self) -> (&[String], u64) {
        (&self.header, self.header_line)
    }

    fn notes(&self) -> Vec<String> {
        let place = &self.place;
        let hidden_sheet =
            self.shape.hidden.then(|| format!("{place}: this sheet is hidden and read as all others"));
        let hidden_rows = self.shape.hidden_rows.as_ref().map(|(count, first)| {
            format!("{place}: {count} rows are hidden (the first is row {first}) and read as all others")
        });
        let is_hidden = |column: u32| {
            self.shape.hidden_columns.iter().any(|(first, last)| (*first..=*last).contains(&column))
        };
        let hidden: Vec<String> = (0_u32..)
            .zip(&self.header)
            .filter(|(column, name)| !name.is_empty() && is_hidden(*column))
            .map(|(column, name)| format!("{} ({name})", letters(column)))
            .collect();
        let hidden_columns = (!hidden.is_empty())
            .then(|| format!("{place}: hidden columns are read as all others: {}", hidden.join(", ")));
        let above = above(place, self.above, self.header_line);
        hidden_sheet.into_iter().chain(hidden_rows).chain(hidden_columns).chain(above).collect()
    }

    fn is_hidden(&self) -> bool {
        self.shape.hidden
    }

    fn left_out(&self) -> Option<String> {
        let (count, first) = self.struck.get();
        let rows = if count == 1 { "1 row is".to_owned() } else { format!("{count} rows are") };
        (count > 0).then(|| {
            format!("{}: {rows} struck through (the first is row {first}) and read as all others", self.place)
        })
    }

    fn doubtful_points(&self) -> Option<&'static str> {
        Some("it is a text in a workbook, which stores numbers without marks")
    }

    fn each(&self, sink: &mut dyn FnMut(&mut Record) -> bool) -> Result<(), ExchangeError> {
        self.refuse_merged()?;
        self.refuse_unvalued()?;
        let width = self.header.len();
        let read = self.read(&mut |record| {
            if record.line <= self.header_line {
                return true;
            }
            // A sheet has no cells behind the last one that is filled in.
            for _ in record.cells.len()..width {
                record.cells.push_field("");
            }
            sink(record)
        });
        match read {
            Ok(()) => Ok(()),
            Err(Read::NoTable) => Err(self.refuse("this sheet holds no table")),
            Err(Read::Wrong(sentence)) => Err(self.refuse(sentence)),
        }
    }
}
