//! `pcf template`: an empty file to fill in.

use std::path::PathBuf;

use clap::ValueEnum;
use pcf_ledger::exchange::template;
use serde::Serialize;

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::importing::write_new;
use crate::output::{Page, Report};

/// Writes a CSV file to fill in: every column, and an example that is to be replaced
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  pcf template activities.csv\n  pcf template products.csv --kind products\n\nJSON: {file, kind}"
)]
pub struct Args {
    /// The file to write; an existing one is not overwritten
    file: PathBuf,
    /// What the file is for
    #[arg(long, value_enum, default_value_t = Kind::Activities)]
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
enum Kind {
    /// What a process took in and gave out: one flow a row
    Activities,
    /// Products with their processes: one process a row
    Products,
    /// Emission factors of your own
    Factors,
    /// Years of a site or product line, for targets
    Years,
}

/// The file that was written.
#[derive(Debug, Serialize)]
struct Written {
    file: PathBuf,
    kind: Kind,
}

impl Report for Written {
    fn text(&self, page: &mut Page) {
        let file = self.file.display();
        page.line(format!("Wrote {file}: replace its example, then"));
        page.line(match self.kind {
            Kind::Activities | Kind::Years => format!("  pcf record {file} --sign-with acme.pem"),
            Kind::Products => format!("  pcf product add {file} --sign-with acme.pem"),
            Kind::Factors => format!("  pcf factor add {file} --sign-with acme.pem"),
        });
    }
}

/// Writes the file.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let text = match args.kind {
        Kind::Activities => template::activities(),
        Kind::Products => template::products(),
        Kind::Factors => template::factors(),
        Kind::Years => template::years(),
    };
    write_new(&args.file, text.as_bytes())?;
    context.output.report(&Written { file: args.file, kind: args.kind })?;
    Ok(Outcome::Done)
}
