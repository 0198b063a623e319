//! `pcf verify`: a footprint proof, with nothing but the file and a key.

use std::path::{Path, PathBuf};

use pcf_desk::DeskError;
use pcf_desk::questions::{self, ProofAnswers};
use pcf_ledger::log::Policy;
use pcf_ledger::log::policy::POLICY_BYTES_MAX;
use pcf_ledger::model::StatementId;
use pcf_ledger::proof::{PROOF_BYTES_MAX, Trust};
use pcf_ledger::sign::VerifierKey;

use crate::args::trust::pins;
use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::hints;
use crate::view::verify::Shown;

/// Verifies a footprint proof, or a PACT file that carries one, offline, check by check
///
/// The verdict and three lines come first, and every check that fails; `--details` has all of them.
/// Needs the file and something you trust: the log's verifier key or the ledger's id, from the
/// publisher by another way than the file. Of a PACT file it
/// also checks that the document says what the proof proves. Exit code 0: every check that could be
/// made holds; 1: one does not; 3: without a key
/// nobody can know whose log it is, and the checks say so.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  pcf verify 3f0a7c3e-0000-4000-8000-000000000000.pcfproof --key acme.example/bottles+1a2b3c4d+AbC…\n\n\
    JSON: {proofs: [{file, verdict, status, footprint, product, publisher, period, gateKgCo2e, graveKgCo2e? (of rounded figures gateKgCo2eBetween: {high, low}, graveKgCo2eBetween?), ledgerId, logSize, \
    assurances: [{by, name?, level, opinion, standard, findings, examinedSize, key, known, counts}], completeness?: {size, used, all, missing, vouchedBy?, hidesSources?}, standing?: {size, current, supersededBy?: {footprint, statement}, \
    usedEnded, saidSince, vouchedBy?, hidesSources?}, checks: [{check, outcome, detail}]}]}"
)]
pub struct Args {
    /// The proofs
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The log's verifier key, or the ledger's id
    #[arg(long, value_name = "VKEY|LEDGER-ID")]
    key: Option<String>,
    /// A file of actors' keys that you have checked (`pcf template trust.toml`): another key under
    /// such a name fails
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
    /// A witness's verifier key whose cosignature is asked for; may be given several times
    #[arg(long, value_name = "VKEY")]
    witness: Vec<String>,
    /// A policy (C2SP tlog-policy): which witnesses together are enough; below its quorum the proof
    /// fails
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Shows every check, also those that hold
    #[arg(long)]
    details: bool,
}

pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let trust = trust(&args, context)?;
    let mut answers = ProofAnswers::default();
    let mut claimed = None;
    for file in &args.files {
        let bytes = context.load(file, PROOF_BYTES_MAX as u64)?; // OK because a usize has at most 64 bits.
        let answer = questions::verify(file.display().to_string(), &bytes, &trust)
            .map_err(|error| not_a_proof(file, error))?;
        if args.key.is_none() && claimed.is_none() {
            let key = answer.stated_key.clone().unwrap_or_else(|| answer.report.ledger_id.to_string());
            claimed = Some((file, key));
        }
        answers.proofs.push(answer);
    }
    let fail = answers.fail();
    context.output.report(&Shown { answers, details: args.details })?;
    match claimed {
        _ if fail => Ok(Outcome::No),
        None => Ok(Outcome::Done),
        Some((file, key)) => {
            let cause = "whose log this is cannot be known from the file alone: compare the key or ledger id in it with one that the publisher gave you by another way";
            Err(CliError::failed(cause).hint(format!("pcf verify {} --key {key}", hints::path(file))))
        }
    }
}

/// The error with the file's name, and with the command that verifies a proof of the same name
/// where one lies beside the file.
fn not_a_proof(file: &Path, error: DeskError) -> CliError {
    let elsewhere = matches!(error, DeskError::NotAProof { .. } | DeskError::NoProofCarried);
    let (error, beside) = (CliError::from(error).within(file.display()), file.with_extension("pcfproof"));
    match elsewhere && beside.is_file() && beside != file {
        true => error.hint(format!("pcf verify {} --key VERIFIER-KEY", hints::path(&beside))),
        false => error,
    }
}

fn trust(args: &Args, context: &Context) -> Result<Trust, CliError> {
    let ledger_id = args.key.as_ref().and_then(|key| key.parse::<StatementId>().ok());
    let log_key = match (&args.key, ledger_id) {
        (Some(key), None) => {
            Some(key.parse::<VerifierKey>().map_err(|e| CliError::usage(e).within("--key"))?)
        }
        _ => None,
    };
    let pins = args.trust.as_deref().map(|path| pins(context, path)).transpose()?.unwrap_or_default();
    let witness = |text: &String| text.parse().map_err(|e| CliError::usage(e).within("--witness"));
    let witnesses = args.witness.iter().map(witness).collect::<Result<_, CliError>>()?;
    let policy = args.policy.as_deref().map(|path| witness_policy(context, path)).transpose()?;
    Ok(Trust { log_key, ledger_id, pins, witnesses, policy })
}

/// Which witnesses are enough for the reader.
fn witness_policy(context: &Context, path: &Path) -> Result<Policy, CliError> {
    let bytes = context.load(path, POLICY_BYTES_MAX as u64)?; // OK because a usize has at most 64 bits.
    Policy::parse(&bytes).map_err(|e| CliError::usage(e).within(path.display()))
}
