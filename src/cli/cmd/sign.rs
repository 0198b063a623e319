//! `pcf sign`: a submission file, with no ledger at hand.

use std::path::PathBuf;

use pcf_desk::import::Signer;
use pcf_desk::submit::{products, sign};
use pcf_ledger::model::{ActorId, StatementId};

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::importing;
use crate::keys;

/// Signs statements from files into a submission file, with no ledger at hand; who has the ledger appends it with `pcf submit`
///
/// A submission file is plain text and as confidential as what it says.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf sign activities.csv --by carrier --sign-with carrier.pem \\\n    \
    --ledger-id 0a6e54a32bcb6b5f7ad6bb0faa3b171872358fd7a402c4b76d649ba980a4cc1d \\\n    \
    --products products.jsonl --out carrier.pcfs\n\n\
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
    /// The statements of the ledger's products that the files are about, one a line; whoever runs
    /// the ledger finds them with `pcf list statements --type product`, prints each with `pcf log
    /// statement ID`, and sends you the lines
    #[arg(long, value_name = "FILE")]
    products: Vec<PathBuf>,
    /// The submission file to write; an existing one is not overwritten
    #[arg(long, value_name = "FILE.pcfs")]
    out: PathBuf,
}

/// Signs the files.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let drafts = importing::read(&importing::inputs(&args.files), &args.by)?;
    let mut known = Vec::new();
    for file in &args.products {
        known.extend(products(&pcf_desk::files::load(file)?)?);
    }
    let key = keys::load(context, &args.sign_with)?;
    let statements = (drafts.into_iter().map(|sourced| sourced.statement).collect(), known);
    let signer = Signer { key: &key, by: &args.by };
    context.output.report(&sign(context, signer, &args.ledger_id, statements, args.out)?)?;
    Ok(Outcome::Done)
}
