//! `pcf log policy`: which witnesses must cosign what is published.

use std::path::PathBuf;

use pcf_ledger::log::Policy;
use pcf_ledger::log::policy::POLICY_BYTES_MAX;
use serde::Serialize;

use crate::context::Context;
use crate::error::CliError;
use crate::output::{Page, Report};

/// Keeps the policy that says which witnesses must cosign the log, or shows the one that is kept
///
/// From then on every signature on the log is preceded by a comparison with what the witnesses have seen, and nothing is published without their quorum.
/// The file is a C2SP tlog-policy: `witness NAME VKEY URL`, `group NAME all|any|K NAME…`, `quorum NAME|none`, one a line.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf log policy witnesses.policy\n\n\
    JSON: {kept, rule?, witnesses: [{name, verifierKey, url?}]}")]
pub struct Args {
    /// The policy; without it the kept one is shown
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

/// The policy that is kept.
#[derive(Debug, Serialize)]
struct Kept {
    kept: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    witnesses: Vec<Witness>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Witness {
    name: String,
    verifier_key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// Runs the verb.
pub fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    let policy = match &args.file {
        None => context.read_ledger()?.policy()?,
        Some(file) => {
            let bytes = context.load(file, POLICY_BYTES_MAX as u64)?; // OK because a usize has at most 64 bits.
            let kept = context.open_ledger()?.keep_policy(&bytes);
            Some(kept.map_err(|e| match e {
                pcf_ledger::ledger::LedgerError::Log(e) => CliError::no(e).within(file.display()),
                other => other.into(),
            })?)
        }
    };
    let witnesses = policy.iter().flat_map(Policy::witnesses);
    context.output.report(&Kept {
        kept: policy.is_some(),
        rule: policy.as_ref().map(Policy::rule),
        witnesses: witnesses
            .map(|witness| Witness {
                name: witness.name.clone(),
                verifier_key: witness.key.to_string(),
                url: witness.url.clone(),
            })
            .collect(),
    })
}

impl Report for Kept {
    fn text(&self, page: &mut Page) {
        let Some(rule) = &self.rule else {
            page.line("No policy is kept: what is published needs no witness");
            return;
        };
        page.line(format!("What is published needs the cosignatures of {rule}"));
        let rows: Vec<Vec<String>> = self
            .witnesses
            .iter()
            .map(|w| vec![w.name.clone(), w.url.clone().unwrap_or_default(), w.verifier_key.clone()])
            .collect();
        page.table(&["witness", "where", "verifier key"], &rows);
    }
}
