//! `pcf log consistency`: that an older log is the beginning of a newer one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pcf_ledger::merkle::{consistency_proof, verify_consistency};
use serde::Serialize;

use crate::context::Context;
use crate::error::CliError;
use crate::output::{Page, Report};

/// Proves that the log at one size is the beginning of the log at a later one
///
/// Whoever kept an older checkpoint checks with it that nothing before was changed (RFC 9162, 2.1.4).
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf log consistency --from 12\n\n\
    JSON: {from, fromRoot, to, toRoot, proof: [base64]}")]
pub struct Args {
    /// The size of the older log
    #[arg(long, value_name = "SIZE")]
    from: u64,
    /// The size of the newer log; that of the newest signed checkpoint, unless given
    #[arg(long, value_name = "SIZE")]
    to: Option<u64>,
}

/// A proof, with the roots at both ends.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Consistent {
    from: u64,
    from_root: String,
    to: u64,
    to_root: String,
    proof: Vec<String>,
}

/// Runs the verb.
pub fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    let ledger = context.read_ledger()?;
    let to = match args.to {
        Some(to) => to,
        None => {
            let signed = ledger.signed_checkpoint()?;
            signed.ok_or_else(|| super::nothing_signed(context))?.checkpoint().size()
        }
    };
    let root = |size: u64| {
        let beyond = || {
            CliError::no(format!(
                "the log has {} submissions, and none of its sizes is {size}",
                ledger.size()
            ))
            .hint("pcf log show")
        };
        ledger.book().root_at(size).ok_or_else(beyond)
    };
    let (from_root, to_root) = (root(args.from)?, root(to)?);
    let proof = consistency_proof(ledger.leaves(), args.from, to).map_err(CliError::no)?;
    // Verified by its maker before it leaves.
    verify_consistency(args.from, &from_root, to, &to_root, &proof).map_err(CliError::failed)?;
    context.output.report(&Consistent {
        from: args.from,
        from_root: STANDARD.encode(from_root),
        to,
        to_root: STANDARD.encode(to_root),
        proof: proof.iter().map(|hash| STANDARD.encode(hash)).collect(),
    })
}

impl Report for Consistent {
    fn text(&self, page: &mut Page) {
        page.pairs(&[
            ("older log", format!("{} submissions, root {}", self.from, self.from_root)),
            ("newer log", format!("{} submissions, root {}", self.to, self.to_root)),
        ]);
        page.blank();
        for hash in &self.proof {
            page.line(hash);
        }
    }
}
