//! The question on a terminal before statements are appended that cause findings. Where nobody can
//! answer it is not asked.

use std::io::{self, IsTerminal as _, Write as _};

use pcf_desk::import::Caused;

use crate::context::Context;
use crate::output::Format;

/// True where the statements are appended.
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
