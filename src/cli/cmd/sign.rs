//! `pcf sign`: a submission file, with no ledger at hand.

use std::path::PathBuf;

use pcf_ledger::ledger::Submission;
use pcf_ledger::model::{ActorId, Statement, StatementId};
use serde::Serialize;

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::importing;
use crate::keys;
use crate::output::{Page, Report};

/// Signs statements from files into a submission file, with no ledger at hand; who has the ledger appends it with `pcf submit`
///
/// A submission file is plain text and as confidential as what it says.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf sign activities.csv --by carrier --sign-with carrier.pem \\\n    \
    --ledger-id 0a6e54a32bcb6b5f7ad6bb0faa3b171872358fd7a402c4b76d649ba980a4cc1d --out carrier.pcfs\n\n\
    JSON: {file, ledgerId, by, publicKey, statements: [id]}")]
pub struct Args {
    /// CSV files, workbooks (XLSX) or JSON lines
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Who says it: your actor id in that ledger
    #[arg(long, value_name = "ACTOR")]
    by: ActorId,
    /// Your key file
    #[arg(long, value_name = "KEY")]
    sign_with: PathBuf,
    /// The id of the ledger that it is for
    #[arg(long, value_name = "HEX")]
    ledger_id: StatementId,
    /// The submission file to write; an existing one is not overwritten
    #[arg(long, value_name = "FILE.pcfs")]
    out: PathBuf,
}

/// The file that was written.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Signed {
    file: PathBuf,
    ledger_id: String,
    by: String,
    public_key: String,
    statements: Vec<String>,
}

impl Report for Signed {
    fn text(&self, page: &mut Page) {
        let count = importing::counted(self.statements.len(), "statement");
        page.line(format!("Signed {count} of `{}` into {}", self.by, self.file.display()));
        page.line(format!("Who has the ledger appends it: pcf submit {}", crate::hints::path(&self.file)));
    }
}

/// Signs the files.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let drafts = importing::read(&importing::inputs(&args.files), &args.by)?;
    let key = keys::load(context, &args.sign_with)?;
    let statements: Vec<Statement> =
        drafts.into_iter().map(|s| context.salted(s.statement)).collect::<Result<_, _>>()?;
    let submission = Submission::sign(&key, *args.ledger_id.as_bytes(), context.now_s()?, &statements)?;
    importing::write_new(&args.out, submission.to_file()?.as_bytes())?;
    let ids = submission.statements.iter().map(|bytes| pcf_ledger::codec::statement_id(bytes).to_string());
    context.output.report(&Signed {
        file: args.out,
        ledger_id: args.ledger_id.to_string(),
        by: args.by.to_string(),
        public_key: keys::public(&key).to_string(),
        statements: ids.collect(),
    })?;
    Ok(Outcome::Done)
}
