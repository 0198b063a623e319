//! `pcf log state`: the operator says what holds.

use std::path::PathBuf;

use pcf_desk::publish::{Stated, say};
use pcf_ledger::ledger::LedgerError;
use serde::Serialize;

use crate::context::Context;
use crate::error::CliError;
use crate::hints;
use crate::keys;
use crate::output::{Page, Report};

/// Says what holds, signed by the operator: for the log as it is, and for each size that a publication in force rests on
///
/// Proofs made later (`pcf prove`) show from it that nothing was left out and that nothing was replaced or withdrawn. A size has one state: those that are there are not said
/// again, and where nothing was said since the newest one, nothing is appended.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf log state --sign-with my-ledger-keys/operator.pem\n\n\
    JSON: {index?, states: [{size, root, statement}], newest?: {size, root, statement}}")]
pub struct Args {
    /// The operator's key file
    #[arg(long, value_name = "KEY")]
    sign_with: PathBuf,
}

/// States that were appended, and the newest there is.
#[derive(Debug, Serialize)]
struct Said {
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<u64>,
    states: Vec<Stated>,
    #[serde(skip_serializing_if = "Option::is_none")]
    newest: Option<Stated>,
    #[serde(skip)]
    next: String,
}

/// Runs the verb.
pub fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    let key = keys::load(context, &args.sign_with)?;
    let mut ledger = context.open_ledger()?;
    keys::check_operator_key(context, ledger.book(), &key, "--sign-with", &args.sign_with)?;
    let (index, states) = say(context, &mut ledger, &key)?;
    let held = ledger.book().states().map_err(LedgerError::from)?;
    let newest = held.last_key_value().map(|(size, (statement, root))| Stated {
        size: *size,
        root: *root,
        statement: *statement,
    });
    let log_key = hints::key_file(&context.dir, "log.pem");
    let log_key = log_key.map_or_else(|| "log.pem".into(), |file| hints::path(&file));
    let next = format!("pcf log checkpoint --sign-with {log_key}");
    context.output.report(&Said { index, states, newest, next })
}

impl Report for Said {
    fn text(&self, page: &mut Page) {
        match (self.index, &self.newest) {
            (Some(index), _) => {
                page.line(format!("Stated at index {index}:"));
                let row = |one: &Stated| {
                    vec![one.size.to_string(), one.root.to_string(), one.statement.to_string()]
                };
                let rows: Vec<Vec<String>> = self.states.iter().map(row).collect();
                page.table(&[">size", "root", "statement"], &rows);
                page.line("Proofs show it once a checkpoint covers it:");
                page.line(format!("  {}", self.next));
            }
            (None, Some(newest)) => {
                page.line(format!(
                    "Nothing was said since the state of size {}, {}",
                    newest.size, newest.root
                ));
            }
            // Not reached: the genesis alone calls for a state.
            (None, None) => page.line("There is nothing to state"),
        }
    }
}
