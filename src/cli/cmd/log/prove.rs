//! `pcf log prove` and the place of a seal that proofs and receipts are about.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pcf_desk::write;
use pcf_ledger::codec::leaf_hash;
use pcf_ledger::ledger::{Ledger, Sealed};
use pcf_ledger::log::{SignedCheckpoint, TlogProof};
use pcf_ledger::merkle::{Hash, inclusion_proof};
use pcf_ledger::model::{FootprintId, StatementId};
use pcf_ledger::publish;
use pcf_ledger::sign::Seal;
use pcf_ledger::store::Reader;
use serde::Serialize;

use crate::context::Context;
use crate::error::CliError;
use crate::output::{Page, Report};

/// Proves a place in the log: a statement's path in its seal, and the seal's tlog-proof to the newest signed checkpoint
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  pcf log prove 0a6e54a3 --out statement.tlog-proof\n  pcf log prove --index 4 --out seal.tlog-proof\n\n\
    JSON: {statement?, ordinal?, count, seal, pathInSeal?, index, tlogProof}"
)]
pub struct Args {
    /// The statement's id, the first 6 or more of its digits, or a published footprint's UUID
    #[arg(required_unless_present = "index", value_name = "ID|UUID")]
    id: Option<String>,
    /// A submission by its index in the log, in place of a statement
    #[arg(long, conflicts_with = "id", value_name = "INDEX")]
    index: Option<u64>,
    /// Writes the tlog-proof to a file
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// A place in the log.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Proven {
    #[serde(skip_serializing_if = "Option::is_none")]
    statement: Option<StatementId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ordinal: Option<u64>,
    count: u64,
    seal: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_in_seal: Option<Vec<String>>,
    index: u64,
    tlog_proof: String,
}

/// The statement that an id, the beginning of one, or the UUID of a published footprint names.
///
/// # Errors
/// Nothing or more than one thing has this name.
pub fn named<S: Reader>(ledger: &Ledger<S>, text: &str) -> Result<StatementId, CliError> {
    match text.parse::<FootprintId>() {
        Ok(footprint) => Ok(publish::find(ledger, &footprint)?.0),
        Err(_) => super::find(ledger.book(), text),
    }
}

/// The checkpoint, the leaf of a seal, and its path to the root that was signed.
///
/// # Errors
/// Nothing is signed, or the checkpoint does not cover it yet.
pub fn path_of<S: Reader>(
    ledger: &Ledger<S>,
    seal: &Seal,
    index: u64,
    signed: Option<SignedCheckpoint>,
) -> Result<(SignedCheckpoint, Hash, Vec<Hash>), CliError> {
    let not_yet = |covered: u64| {
        CliError::no(format!(
            "durable and not yet provable: the submission stands at index {index}, and the newest signed checkpoint covers \
             {covered}"
        ))
        .hint("pcf log checkpoint --sign-with my-ledger-keys/log.pem")
    };
    let signed = signed.ok_or_else(|| not_yet(0))?;
    let size = signed.checkpoint().size();
    let covered = usize::try_from(size).ok().and_then(|n| ledger.leaves().get(..n));
    let leaves = covered.filter(|_| index < size).ok_or_else(|| not_yet(size))?;
    let path = inclusion_proof(leaves, index, size)?;
    Ok((signed, leaf_hash(&seal.to_bytes()), path))
}

/// Runs the verb.
pub fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    let ledger = context.read_ledger()?;
    let (held, seal, index): (Option<(StatementId, Sealed)>, Seal, u64) = match args.index {
        Some(index) => (None, ledger.seal(index)?, index),
        None => {
            // The parser asks for one of the two; no name at all is refused like one that is too short.
            let id = named(&ledger, args.id.as_deref().unwrap_or_default())?;
            let sealed = ledger.sealed(&id)?;
            let (seal, index) = (sealed.seal, sealed.index);
            (Some((id, sealed)), seal, index)
        }
    };
    let (signed, leaf, path) = path_of(&ledger, &seal, index, ledger.signed_checkpoint()?)?;
    let proof = TlogProof::new(index, path, &signed)?;
    // Verified by its maker before it leaves.
    proof.verify(&leaf, &ledger.verifier_key()?)?;
    if let Some(out) = &args.out {
        write::durably(out, proof.to_string().as_bytes())?;
    }
    context.output.report(&Proven {
        statement: held.as_ref().map(|(id, _)| *id),
        ordinal: held.as_ref().map(|(_, sealed)| sealed.ordinal),
        count: seal.count(),
        seal: STANDARD.encode(seal.to_bytes()),
        path_in_seal: held.map(|(_, sealed)| sealed.path.iter().map(|hash| STANDARD.encode(hash)).collect()),
        index,
        tlog_proof: proof.to_string(),
    })
}

impl Report for Proven {
    fn text(&self, page: &mut Page) {
        let mut pairs = Vec::new();
        if let (Some(statement), Some(ordinal)) = (&self.statement, self.ordinal) {
            pairs.push(("statement", statement.to_string()));
            pairs.push(("place in its seal", format!("{ordinal} of {} (from 0)", self.count)));
        }
        pairs.push(("seal", self.seal.clone()));
        pairs.push(("seal's index", self.index.to_string()));
        page.pairs(&pairs);
        page.blank();
        if let Some(path) = &self.path_in_seal {
            page.heading("Path from the statement to the root in the seal (base64)");
            for hash in path {
                page.line(hash);
            }
            page.blank();
        }
        page.heading("Path from the seal to the signed checkpoint");
        page.line(self.tlog_proof.trim_end());
    }
}
