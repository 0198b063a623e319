//! `pcf completions`: for the shell.

use clap_complete::Shell;

use crate::cli;
use crate::context::Context;
use crate::error::{CliError, Outcome};

/// Prints the completions of a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf completions bash > ~/.local/share/bash-completion/completions/pcf")]
pub struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints them, whatever the format: they are a script.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut cli::command(), "pcf", &mut script);
    context.output.bytes(&script)?;
    Ok(Outcome::Done)
}
