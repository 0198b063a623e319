//! Questions on a terminal: before statements are appended that cause findings, before anything is
//! appended that was shown, and for what a verb has not been told.

use std::io::{self, IsTerminal as _, Write as _};

use pcf_desk::import::Caused;
use pcf_desk::words::counted;

use crate::context::Context;
use crate::error::CliError;
use crate::output::Format;

/// True where the statements are appended; where nobody can answer it is not asked.
///
/// # Errors
/// The terminal cannot be written or read.
pub fn goes_on(context: &Context, caused: &Caused) -> io::Result<bool> {
    let terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    if !terminal || context.output.quiet || context.output.format == Format::Json {
        return Ok(true);
    }
    let mut err = std::io::stderr();
    let mut text = format!("These statements cause {}:\n", caused.counts());
    caused.lines().iter().for_each(|line| text.push_str(&format!("  {line}\n")));
    text.push_str("Append them all the same? Type `yes`: ");
    err.write_all(text.as_bytes()).and_then(|()| err.flush())?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(answer.trim().eq_ignore_ascii_case("yes"))
}

/// Asks whether so many statements are appended that were shown.
///
/// # Errors
/// The terminal cannot be written or read.
pub fn approved(count: usize) -> Result<bool, CliError> {
    let question = format!("\nSign and append {}? Type `yes`: ", counted(count, "statement"));
    Ok(answer(&question)?.is_some_and(|answer| answer.eq_ignore_ascii_case("yes")))
}

/// What is answered to a question; none where the line is empty.
///
/// # Errors
/// As [`approved`].
pub fn answer(question: &str) -> Result<Option<String>, CliError> {
    let failed = |e: io::Error| CliError::failed(format!("cannot ask: {e}"));
    let mut err = std::io::stderr();
    err.write_all(question.as_bytes()).and_then(|()| err.flush()).map_err(failed)?;
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(failed)?;
    Ok(Some(line.trim().to_owned()).filter(|line| !line.is_empty()))
}
