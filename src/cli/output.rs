//! What the command prints: results to standard output, as text or as one JSON object; notes, warnings and errors to standard error. It owns
//! colour and tables. It never decides what is printed.

mod table;

use std::io::{self, ErrorKind, IsTerminal as _, Write};

use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use pcf_desk::DeskError;
use pcf_desk::words::json;
use serde::Serialize;

use crate::error::CliError;

pub use table::bar;
use table::width;

/// What goes to standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Lines for people.
    Text,
    /// One JSON object for programs.
    Json,
}

/// The result of a verb. Its fields are the JSON object; `text` is the same for people.
pub trait Report: Serialize {
    /// Writes the result as text.
    fn text(&self, page: &mut Page);
}

/// Where a verb prints.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// What goes to standard output.
    pub format: Format,
    /// No notes.
    pub quiet: bool,
    /// No results either: what goes wrong is returned, not printed.
    pub silent: bool,
    colour_out: bool,
    colour_err: bool,
    /// Columns of the terminal that standard output is; none in a pipe.
    room: Option<usize>,
}

impl Output {
    /// Colour only on a terminal, and never where `NO_COLOR` says no.
    pub fn new(format: Format, quiet: bool) -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self {
            format,
            quiet,
            silent: false,
            colour_out: wanted && std::io::stdout().is_terminal(),
            colour_err: wanted && std::io::stderr().is_terminal(),
            room: terminal_columns(),
        }
    }

    /// Prints the result of a verb: the whole of standard output with `--format json`.
    ///
    /// # Errors
    /// Where standard output cannot be written; a reader that went away is no error.
    pub fn report(&self, report: &impl Report) -> Result<(), CliError> {
        match self.format {
            Format::Json => self.bytes(json(report).map_err(CliError::failed)?.as_bytes()),
            Format::Text => {
                let mut page = Page { text: String::new(), colour: self.colour_out, room: self.room };
                report.text(&mut page);
                self.bytes(page.text.as_bytes())
            }
        }
    }

    /// Prints a line of text at once, as for each submission that has become durable; nothing with `--format json`.
    ///
    /// # Errors
    /// As [`Self::report`].
    pub fn line(&self, line: &str) -> Result<(), CliError> {
        self.tell(line).map_err(unwritten)
    }

    /// As [`Self::line`].
    ///
    /// # Errors
    /// What the system says.
    pub fn tell(&self, line: &str) -> io::Result<()> {
        if self.format == Format::Json { Ok(()) } else { self.write(format!("{line}\n").as_bytes()) }
    }

    /// Writes bytes to standard output as they are, as for a file that goes to a pipe.
    ///
    /// # Errors
    /// As [`Self::report`].
    pub fn bytes(&self, bytes: &[u8]) -> Result<(), CliError> {
        self.write(bytes).map_err(unwritten)
    }

    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        if self.silent {
            return Ok(());
        }
        let mut out = io::stdout().lock();
        match out.write_all(bytes).and_then(|()| out.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
            _ => Ok(()),
        }
    }

    /// Says something beside the result, on standard error; nothing with `--quiet`.
    pub fn note(&self, text: &str) {
        if !self.quiet && !self.silent {
            self.stderr("note", AnsiColor::Cyan, text);
        }
    }

    /// Says what the user should know before trusting the result, on standard error, also with `--quiet`.
    pub fn warning(&self, text: &str) {
        self.stderr("warning", AnsiColor::Yellow, text);
    }

    /// Prints cause and hint of an error.
    pub fn error(&self, cause: &str, hint: Option<&str>) {
        self.stderr("error", AnsiColor::Red, cause);
        if let Some(hint) = hint {
            self.stderr("hint", AnsiColor::Green, hint);
        }
    }

    fn stderr(&self, label: &str, colour: AnsiColor, text: &str) {
        let label = paint(self.colour_err, Style::new().bold().fg_color(Some(colour.into())), label);
        // There is nobody left to tell where standard error is closed.
        let _ = writeln!(std::io::stderr().lock(), "{label}: {text}");
    }
}

/// Text in the making.
#[derive(Debug)]
pub struct Page {
    text: String,
    colour: bool,
    room: Option<usize>,
}

impl Page {
    /// A line.
    pub fn line(&mut self, text: impl AsRef<str>) {
        self.text.push_str(text.as_ref());
        self.text.push('\n');
    }

    /// A text that stands whole in a pipe and is broken at the width of a terminal.
    pub fn sentence(&mut self, text: impl AsRef<str>) {
        for line in self.broken(text.as_ref()) {
            self.line(line);
        }
    }

    fn broken(&self, text: &str) -> Vec<String> {
        match self.room {
            Some(room) if width(text) > room => table::wrapped_whole(text, room),
            _ => vec![text.to_owned()],
        }
    }

    /// An empty line.
    pub fn blank(&mut self) {
        self.text.push('\n');
    }

    /// A heading, bold on a terminal.
    pub fn heading(&mut self, text: &str) {
        for line in self.broken(text) {
            let line = paint(self.colour, Style::new().bold(), &line);
            self.line(line);
        }
    }

    /// A word in green where it is good, in red where it is not; plain where there is no colour.
    pub fn verdict(&self, good: bool, text: &str) -> String {
        let colour = if good { AnsiColor::Green } else { AnsiColor::Red };
        paint(self.colour, Style::new().bold().fg_color(Some(colour.into())), text)
    }

    /// Names and values, one pair a line, values under each other.
    pub fn pairs(&mut self, pairs: &[(&str, String)]) {
        let widest = pairs.iter().map(|(name, _)| width(name)).max().unwrap_or_default();
        for (name, value) in pairs {
            let gap = " ".repeat(widest - width(name) + 2);
            let line = format!("{name}{gap}{value}");
            match self.room {
                Some(room) if width(&line) > room && widest * 2 > room => {
                    self.sentence(name);
                    self.paragraph("  ", "  ", value);
                }
                _ => self.paragraph(&format!("{name}{gap}"), &" ".repeat(widest + 2), value),
            }
        }
    }

    /// A table under its headers: `>` begins the header of a column of numbers, `~` that of a column of bars.
    pub fn table(&mut self, headers: &[&str], rows: &[Vec<String>]) {
        for line in table::lines(headers, rows, self.room) {
            match line {
                table::Line::Header(text) => self.heading(&text),
                table::Line::Row(text) => self.line(text),
            }
        }
    }

    /// A text that is broken at the width of the terminal, every line behind `indent`, the first behind `label` in its place.
    pub fn paragraph(&mut self, label: &str, indent: &str, text: &str) {
        let room =
            self.room.map_or(usize::MAX, |room| room.saturating_sub(width(indent).max(width(label))).max(12));
        for (i, line) in table::wrapped_whole(text, room).into_iter().enumerate() {
            self.line(format!("{}{line}", if i == 0 { label } else { indent }));
        }
    }
}

fn unwritten(error: io::Error) -> CliError {
    DeskError::Unheard(error).into()
}

/// How many columns standard output has, where it is a terminal that says so.
fn terminal_columns() -> Option<usize> {
    let (columns, _) = terminal_size::terminal_size_of(std::io::stdout())?;
    Some(usize::from(columns.0)).filter(|columns| *columns > 0)
}

fn paint(colour: bool, style: Style, text: &str) -> String {
    if colour { format!("{style}{text}{style:#}") } else { text.to_owned() }
}
