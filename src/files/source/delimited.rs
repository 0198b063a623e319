//! Separated values: the encoding and the separator are found out from the file, which is then read
//! as a stream, once for every time it is asked for.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use super::encoding::{Chinese, Decoding, Encoding};
use super::{
    HEADER_ROWS, Input, ROW_BYTES_MAX, Record, Source, TABLE_BYTES_MAX, above, kinds, likeliest_header,
};
use crate::{ExchangeError, words};

/// The separators that are told apart by the header.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

struct Delimited {
    input: Input,
    file: String,
    encoding: Encoding,
    separator: u8,
    header: Vec<String>,
    header_line: u64,
    /// How many rows stand above the header.
    above: usize,
}

/// How much of a text is looked through for Chinese words.
const EVIDENCE_BYTES: u64 = 64 << 10;

/// Among so many characters of another encoding that decode as Chinese, a word that is known here
/// hardly stands by chance.
const CHARACTERS_A_WORD: usize = 1_500;

/// Opens a file of separated values.
pub(crate) fn open(
    input: Input,
    file: &str,
    stated: Option<Encoding>,
    known: &dyn Fn(&str) -> bool,
) -> Result<Box<dyn Source>, ExchangeError> {
    let refuse = |sentence: String| ExchangeError::Unreadable { file: file.into(), sentence };
    let failed = |e: io::Error| ExchangeError::File { file: file.into(), cause: e.to_string() };
    let length = input.length().map_err(failed)?;
    if length > TABLE_BYTES_MAX {
        let most = TABLE_BYTES_MAX >> 20;
        return Err(refuse(format!(
            "expected at most {most} MiB, got {length} bytes: split it into several files"
        )));
    }
    let mut start = Vec::new();
    input.open().map_err(failed)?.take(512).read_to_end(&mut start).map_err(failed)?;
    if let Some(kind) = kinds::other(&start) {
        return Err(refuse(format!("expected text, got {kind}")));
    }
    let encoding = encoding(&input, &start, stated, known).map_err(|wrong| match wrong {
        Wrong::Table(sentence) | Wrong::Encoding(sentence) => refuse(sentence),
        Wrong::Io(e) => failed(e),
    })?;
    let mut best: Option<(usize, Delimited)> = None;
    for separator in SEPARATORS {
        let table = Delimited {
            input: input.clone(),
            file: file.into(),
            encoding,
            separator,
            header: Vec::new(),
            header_line: 0,
            above: 0,
        };
        let (hits, table) = table.with_header(known)?;
        if best.as_ref().is_none_or(|(most, _)| hits > *most) {
            best = Some((hits, table));
        }
    }
    let (_, table) = best.ok_or_else(|| refuse("the file is empty".into()))?;
    Ok(Box::new(table))
}

/// The encoding: as stated, as marked, else UTF-8 where all of the file is, else GB18030 where all
/// of it is and a Chinese word that is known here stands in it: text in the encodings of other
/// countries decodes as Chinese characters too.
fn encoding(
    input: &Input,
    start: &[u8],
    stated: Option<Encoding>,
    known: &dyn Fn(&str) -> bool,
) -> Result<Encoding, Wrong> {
    if let Some(encoding) = stated.or_else(|| Encoding::marked(start)) {
        return scan(input, encoding).map(|_| encoding);
    }
    let broken = match scan(input, Encoding::Utf8) {
        Err(Wrong::Encoding(broken)) => broken,
        other => return other.map(|_| Encoding::Utf8),
    };
    match scan(input, Encoding::Gb18030) {
        Ok(chinese) if chinese.is_plausible() && speaks_chinese(input, known)? => Ok(Encoding::Gb18030),
        Ok(_) | Err(Wrong::Encoding(_)) => Err(Wrong::Table(format!(
            "expected UTF-8 text, got {broken}: save it as \"CSV UTF-8\", or state --encoding gb18030 (Chinese) or --encoding windows-1252 (Western European)"
        ))),
        Err(other) => Err(other),
    }
}

/// Whether a text decoded as GB18030 holds words that are known here: a whole cell, or some inside
/// of cells.
fn speaks_chinese(input: &Input, known: &dyn Fn(&str) -> bool) -> Result<bool, Wrong> {
    let mut text = Vec::new();
    let decoded = Decoding::new(input.open().map_err(Wrong::Io)?, Encoding::Gb18030);
    decoded.take(EVIDENCE_BYTES).read_to_end(&mut text).map_err(Wrong::Io)?;
    let text = String::from_utf8_lossy(&text);
    let mut cells = text.split([',', ';', '\t', '\n', '"']).map(str::trim).filter(|cell| !cell.is_ascii());
    let any = cells.any(|cell| known(cell) || words::is_chinese(cell));
    let characters = text.chars().filter(|c| !c.is_ascii()).count();
    Ok(any || words::chinese_within(&text) > characters / CHARACTERS_A_WORD)
}

/// Why a text is no table.
enum Wrong {
    Encoding(String),
    Table(String),
    Io(io::Error),
}

/// Decodes the whole file once: what cannot be decoded or is no table is found before anything is
/// read from it.
fn scan(input: &Input, encoding: Encoding) -> Result<Chinese, Wrong> {
    let refuse = Wrong::Table;
    let raw = input.open().map_err(Wrong::Io)?;
    let mut text = Decoding::new(raw, encoding);
    let mut chinese = Chinese::default();
    let mut buffer = vec![0; 64 << 10];
    let (mut line, mut returns, mut quotes, mut blank) = (1_u64, false, 0_u64, true);
    let saving = "save it as \"CSV UTF-8\"";
    loop {
        let read = text.read(&mut buffer).map_err(|e| match e.kind() {
            io::ErrorKind::InvalidData => Wrong::Encoding(format!("{e} (line {line})")),
            _ => Wrong::Io(e),
        })?;
        if read == 0 {
            break;
        }
        let new = buffer.get(..read).unwrap_or_default();
        if let Some(at) = new.iter().position(|byte| *byte == 0) {
            // The first byte of an English letter is zero where the higher one comes first.
            let name = if at == 0 && line == 1 { "utf-16be" } else { "utf-16" };
            let line = line + count(new.get(..at).unwrap_or_default(), b'\n');
            return Err(refuse(format!(
                "expected text, got zero bytes (line {line}), as in UTF-16 files without a mark: {saving}, or state --encoding {name}"
            )));
        }
        line += count(new, b'\n');
        quotes += count(new, b'"');
        returns = returns || new.contains(&b'\r');
        blank = blank && new.iter().all(u8::is_ascii_whitespace);
        if encoding == Encoding::Gb18030 {
            // The decoder writes whole characters only.
            chinese.look(std::str::from_utf8(new).unwrap_or_default());
        }
    }
    if blank {
        return Err(refuse("the file is empty".into()));
    }
    if returns && line == 1 {
        return Err(refuse(format!("the lines end in a carriage return alone: {saving}")));
    }
    if quotes % 2 == 1 {
        let sentence = "the quotation marks do not pair up; a cell that holds one stands in quotation marks, and each one inside it is doubled";
        return Err(refuse(sentence.into()));
    }
    Ok(chinese)
}

fn count(bytes: &[u8], wanted: u8) -> u64 {
    // So few at a time that their number fits into a byte, which lets the compiler compare many at
    // once.
    let few = |bytes: &[u8]| bytes.iter().map(|byte| u8::from(*byte == wanted)).sum::<u8>();
    bytes.chunks(usize::from(u8::MAX)).map(|bytes| u64::from(few(bytes))).sum()
}

/// A reader that stops where one row has grown beyond its cap, and that ends every line in a line
/// feed alone: the parser would count a line that ends in two characters from its second.
struct Capped<R> {
    inner: R,
    since_row: Rc<Cell<u64>>,
    /// A carriage return that was read and not yet given out.
    held: bool,
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut written = 0;
        loop {
            // One byte of room for a carriage return that is held.
            let room = out.len().saturating_sub(1);
            let read = self.inner.read(out.get_mut(..room).unwrap_or_default())?;
            let new = out.get(..read).unwrap_or_default();
            if !self.held && !new.contains(&b'\r') {
                written = read;
                break;
            }
            let raw = new.to_vec();
            if read == 0 && std::mem::take(&mut self.held) {
                put(out, &mut written, b'\r');
            }
            for byte in &raw {
                if std::mem::take(&mut self.held) && *byte != b'\n' {
                    put(out, &mut written, b'\r');
                }
                match byte {
                    b'\r' => self.held = true,
                    other => put(out, &mut written, *other),
                }
            }
            if read == 0 || written > 0 {
                break;
            }
        }
        self.since_row.set(self.since_row.get().saturating_add(u64::try_from(written).unwrap_or(u64::MAX)));
        if self.since_row.get() > ROW_BYTES_MAX {
            let sentence =
                format!("a row is longer than {} MiB; is a quotation mark open?", ROW_BYTES_MAX >> 20);
            return Err(io::Error::other(sentence));
        }
        Ok(written)
    }
}

fn put(out: &mut [u8], written: &mut usize, byte: u8) {
    if let Some(place) = out.get_mut(*written) {
        *place = byte;
        *written += 1;
    }
}

impl Delimited {
    /// Finds the header; how many of its names are known.
    fn with_header(mut self, known: &dyn Fn(&str) -> bool) -> Result<(usize, Self), ExchangeError> {
        let mut rows = Vec::new();
        self.read(&mut |record| {
            rows.push(record.clone());
            rows.len() < HEADER_ROWS
        })?;
        let Some((at, hits)) = likeliest_header(&rows, known) else { return Ok((0, self)) };
        if let Some(row) = rows.get(at) {
            self.header = row.cells.iter().map(|name| name.trim().to_owned()).collect();
            self.header_line = row.line;
            let said = |row: &&Record| !row.cells.get(0).is_some_and(|cell| cell.starts_with("sep="));
            self.above = rows.iter().take(at).filter(said).count();
        }
        Ok((hits, self))
    }

    fn read(&self, sink: &mut dyn FnMut(&mut Record) -> bool) -> Result<(), ExchangeError> {
        let refuse = |sentence: String| ExchangeError::Unreadable { file: self.file.clone(), sentence };
        let file = || self.file.clone();
        let failed = |e: &io::Error| ExchangeError::File { file: file(), cause: e.to_string() };
        let raw = self.input.open().map_err(|e| failed(&e))?;
        let since_row = Rc::new(Cell::new(0));
        let capped = Capped {
            inner: Decoding::new(raw, self.encoding),
            since_row: Rc::clone(&since_row),
            held: false,
        };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(self.separator)
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(64 << 10)
            .from_reader(capped);
        let mut record = Record::default();
        loop {
            match reader.read_record(&mut record.cells) {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(e) => {
                    let of_system = |e: &&io::Error| {
                        !matches!(e.kind(), io::ErrorKind::Other | io::ErrorKind::InvalidData)
                    };
                    return Err(match e.kind() {
                        csv::ErrorKind::Io(e) if of_system(&e) => failed(e),
                        _ => refuse(format!("this is not CSV: {e}")),
                    });
                }
            }
            since_row.set(0);
            record.line = record.cells.position().map_or(0, csv::Position::line);
            if record.cells.as_slice().contains("=\"") {
                record.cells = record.cells.iter().map(unwrapped).collect();
            }
            // Older programs mark the end of a text by this character.
            if record.cells.as_slice() == "\u{1a}" {
                continue;
            }
            if !record.is_blank() && !sink(&mut record) {
                return Ok(());
            }
        }
    }
}

/// The text of `="004711"`, as spreadsheets write a text that they must not take for a number.
fn unwrapped(cell: &str) -> String {
    let inner = cell.trim().strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    inner.map_or_else(|| cell.to_owned(), |inner| inner.replace("\"\"", "\""))
}

impl Source for Delimited {
    fn place(&self) -> &str {
        &self.file
    }

    fn header(&self) -> (&[String], u64) {
        (&self.header, self.header_line)
    }

    fn notes(&self) -> Vec<String> {
        let named = matches!(self.encoding, Encoding::Gb18030 | Encoding::Windows1252);
        let encoding = named.then(|| format!("{}: read as {}", self.file, self.encoding.name()));
        encoding.into_iter().chain(above(&self.file, self.above, self.header_line)).collect()
    }

    fn doubtful_points(&self) -> Option<&'static str> {
        match self.separator {
            b';' => Some("files whose cells are separated by semicolons mostly have decimal commas"),
            b'\t' => Some("files whose cells are separated by tabs may have decimal commas"),
            b'|' => Some("files whose cells are separated by bars may have decimal commas"),
            _ => None,
        }
    }

    fn each(&self, sink: &mut dyn FnMut(&mut Record) -> bool) -> Result<(), ExchangeError> {
        self.read(&mut |record| record.line <= self.header_line || sink(record))
    }
}
