//! `pcf verify`: a footprint proof, with nothing but the file and a key.

use std::path::{Path, PathBuf};

use pcf_ledger::bundle::{
    Check, Outcome as Found, PROOF_BYTES_MAX, Proof, Report as Verified, Trust, Verdict,
};
use pcf_ledger::model::{Co2e, PublicKey, PublicationStatus, StatementId};
use pcf_ledger::sign::VerifierKey;
use serde::Serialize;

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::hints;
use crate::output::{Page, Report};

/// Verifies a footprint proof offline, check by check
///
/// Needs the file and something you trust: the log's verifier key or the ledger's id, from the publisher by another way than the file. Exit code 0: every
/// check that could be made holds; 1: one does not.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  pcf verify 3f0a7c3e-0000-4000-8000-000000000000.pcfproof --key acme.example/bottles+1a2b3c4d+AbC…\n\n\
    JSON: {proofs: [{file, verdict, status, footprint, product, publisher, period, gateKgCo2e, graveKgCo2e?, ledgerId, logSize, \
    checks: [{check, outcome, detail}]}]}"
)]
pub struct Args {
    /// The proofs
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The log's verifier key, or the ledger's id
    #[arg(long, value_name = "VKEY|LEDGER-ID")]
    key: String,
    /// A file with actors' public keys that you trust, one in base64 a line
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
    /// A witness's verifier key whose cosignature is asked for; may be given several times
    #[arg(long, value_name = "VKEY")]
    witness: Vec<String>,
}

/// A file of pinned keys is short.
const TRUST_BYTES_MAX: u64 = 1 << 20;

/// The good verdict.
const VERIFIED: &str = "verified";

/// What was found, one entry a file.
#[derive(Serialize)]
struct Answers {
    proofs: Vec<Answer>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    file: String,
    verdict: &'static str,
    status: PublicationStatus,
    footprint: String,
    product: String,
    publisher: String,
    period: String,
    gate_kg_co2e: Co2e,
    #[serde(skip_serializing_if = "Option::is_none")]
    grave_kg_co2e: Option<Co2e>,
    ledger_id: StatementId,
    log_size: u64,
    checks: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    check: &'static str,
    outcome: &'static str,
    detail: String,
}

pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let trust = trust(&args, context)?;
    let mut proofs = Vec::new();
    for file in &args.files {
        let bytes = context.load(file, PROOF_BYTES_MAX as u64)?; // OK because a usize has at most 64 bits.
        let proof = Proof::parse(&bytes).map_err(|e| not_a_proof(file, &bytes, CliError::no(e)))?;
        proofs.push(answer(&proof.verify(&trust), file.display().to_string()));
    }
    let all = proofs.iter().all(|proof| proof.verdict == VERIFIED);
    context.output.report(&Answers { proofs })?;
    Ok(if all { Outcome::Done } else { Outcome::No })
}

/// What stands in a file's way of being a proof, first of all that it is something else or not all there.
fn not_a_proof(file: &Path, bytes: &[u8], error: CliError) -> CliError {
    let (name, text) = (file.display(), bytes.trim_ascii());
    if !text.starts_with(b"{") {
        let what = match text.first() {
            None => "an empty file",
            Some(b'<') => "a web page",
            Some(_) => "something else",
        };
        let cause = format!("{name}: expected a footprint proof (a file that ends in .pcfproof), got {what}");
        let beside = file.with_extension("pcfproof");
        return match beside.is_file() && beside != file {
            true => {
                CliError::no(cause).hint(format!("pcf verify {} --key VERIFIER-KEY", hints::path(&beside)))
            }
            false => CliError::no(cause),
        };
    }
    if !text.ends_with(b"}") {
        let length = bytes.len();
        return CliError::no(format!(
            "{name}: the file is cut off after {length} bytes; ask for it once more"
        ));
    }
    error.within(name)
}

fn trust(args: &Args, context: &Context) -> Result<Trust, CliError> {
    let ledger_id = args.key.parse::<StatementId>().ok();
    let log_key = match ledger_id {
        Some(_) => None,
        None => Some(args.key.parse::<VerifierKey>().map_err(|e| CliError::usage(e).within("--key"))?),
    };
    let mut actor_keys = Vec::new();
    if let Some(path) = &args.trust {
        let text = String::from_utf8(context.load(path, TRUST_BYTES_MAX)?).map_err(CliError::usage)?;
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            actor_keys
                .push(line.parse::<PublicKey>().map_err(|e| CliError::usage(e).within(path.display()))?);
        }
    }
    let witness = |text: &String| text.parse().map_err(|e| CliError::usage(e).within("--witness"));
    let witnesses = args.witness.iter().map(witness).collect::<Result<_, CliError>>()?;
    Ok(Trust { log_key, ledger_id, actor_keys, witnesses })
}

fn answer(verified: &Verified, file: String) -> Answer {
    let publication = &verified.publication;
    let line = |check: &Check| Line {
        check: check.name,
        outcome: check.outcome.as_str(),
        detail: match &check.outcome {
            Found::Fails(why) | Found::NotChecked(why) => why.clone(),
            Found::Holds => check.detail.clone(),
        },
    };
    Answer {
        file,
        verdict: if verified.verdict() == Verdict::Holds { VERIFIED } else { "not verified" },
        status: publication.status,
        footprint: publication.footprint.to_string(),
        product: publication.product.to_string(),
        publisher: verified
            .publisher
            .as_ref()
            .map_or_else(|| publication.by.to_string(), ToString::to_string),
        period: publication.period.to_string(),
        gate_kg_co2e: publication.figures.gate.excluding_uptake,
        grave_kg_co2e: publication.figures.grave.as_ref().map(|set| set.excluding_uptake),
        ledger_id: verified.ledger_id,
        log_size: verified.checkpoint_size,
        checks: verified.checks.iter().map(line).collect(),
    }
}

impl Report for Answers {
    fn text(&self, page: &mut Page) {
        for (n, proof) in self.proofs.iter().enumerate() {
            if n > 0 {
                page.blank();
            }
            proof.show(page);
        }
    }
}

impl Answer {
    fn show(&self, page: &mut Page) {
        page.line(&self.file);
        page.heading(&format!("{} footprint {}", self.status, self.footprint));
        let mut pairs = vec![
            ("product", self.product.clone()),
            ("published by", self.publisher.clone()),
            ("period", self.period.clone()),
            ("to the gate", format!("{} kg CO2e per declared unit", self.gate_kg_co2e)),
        ];
        pairs.extend(self.grave_kg_co2e.map(|g| ("to the grave", format!("{g} kg CO2e per declared unit"))));
        pairs.push(("ledger", format!("{}, {} submissions", self.ledger_id, self.log_size)));
        page.pairs(&pairs);
        page.blank();
        for line in &self.checks {
            let mark = match line.outcome {
                "holds" => page.verdict(true, "holds      "),
                "fails" => page.verdict(false, "FAILS      "),
                _ => "not checked".to_owned(),
            };
            page.line(format!("{mark}  {}: {}", line.check, line.detail));
        }
        page.blank();
        let verdict = page.verdict(self.verdict == VERIFIED, self.verdict);
        page.line(verdict);
    }
}
