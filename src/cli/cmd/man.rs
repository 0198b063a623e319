//! `pcf man`: the manual pages.

use std::path::PathBuf;

use clap_mangen::Man;

use crate::cli;
use crate::context::Context;
use crate::error::{CliError, Outcome};

/// Prints the manual page, or writes the pages of all verbs into a directory
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf man --dir ~/.local/share/man/man1\n  pcf man | man -l -")]
pub struct Args {
    /// Writes pcf.1, pcf-record.1 and so on into this directory
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Prints or writes them, whatever the format: they are troff.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    match args.dir {
        Some(dir) => {
            let failed = |e: std::io::Error| CliError::io("write to", &dir, &e);
            std::fs::create_dir_all(&dir).map_err(failed)?;
            clap_mangen::generate_to(cli::command(), &dir).map_err(failed)?;
            context.output.note(&format!("the manual pages are in {}", dir.display()));
        }
        None => {
            let mut page = Vec::new();
            Man::new(cli::command()).render(&mut page).map_err(CliError::failed)?;
            context.output.bytes(&page)?;
        }
    }
    Ok(Outcome::Done)
}
