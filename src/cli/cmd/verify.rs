//! `pcf verify`: a footprint proof, with nothing but the file and a key.

use std::path::{Path, PathBuf};

use pcf_ledger::log::Policy;
use pcf_ledger::log::policy::POLICY_BYTES_MAX;
use pcf_ledger::model::{Co2e, PublicationStatus, StatementId};
use pcf_ledger::pact;
use pcf_ledger::proof::{
    Assured, CarriedProof, Check, Known, Outcome as Found, PROOF_BYTES_MAX, Pins, Proof, Report as Verified,
    TRUST_FILE_BYTES_MAX, Trust, Verdict, check_document,
};
use pcf_ledger::sign::VerifierKey;
use serde::Serialize;

use super::stated::{Completeness, Standing};
use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::hints;
use crate::output::{Page, Report};

/// Verifies a footprint proof, or a PACT file that carries one, offline, check by check
///
/// Needs the file and something you trust: the log's verifier key or the ledger's id, from the publisher by another way than the file. Of a PACT file it
/// also checks that the document says what the proof proves. Exit code 0: every check that could be made holds; 1: one does not; 3: without a key
/// nobody can know whose log it is, and the checks say so.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  pcf verify 3f0a7c3e-0000-4000-8000-000000000000.pcfproof --key acme.example/bottles+1a2b3c4d+AbC…\n\n\
    JSON: {proofs: [{file, verdict, status, footprint, product, publisher, period, gateKgCo2e, graveKgCo2e?, ledgerId, logSize, \
    assurances: [{by, name?, level, opinion, standard, findings, examinedSize, key, known, counts}], completeness?: {size, used, all, missing, vouchedBy?}, standing?: {size, current, supersededBy?: {footprint, statement}, \
    usedEnded, saidSince, vouchedBy?}, checks: [{check, outcome, detail}]}]}"
)]
pub struct Args {
    /// The proofs
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The log's verifier key, or the ledger's id
    #[arg(long, value_name = "VKEY|LEDGER-ID")]
    key: Option<String>,
    /// A file of actors' keys that you have checked (`pcf template trust.toml`): another key under such a name fails
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
    /// A witness's verifier key whose cosignature is asked for; may be given several times
    #[arg(long, value_name = "VKEY")]
    witness: Vec<String>,
    /// A policy (C2SP tlog-policy): which witnesses together are enough; below its quorum the proof fails
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
}

/// The good verdict.
const VERIFIED: &str = "verified";

/// The bad one.
const FAILED: &str = "not verified";

/// The verdict where everything else holds and no key was given.
const UNANCHORED: &str = "not verified: no key was given to compare with";

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
    assurances: Vec<Opinion>,
    #[serde(skip_serializing_if = "Option::is_none")]
    completeness: Option<Completeness>,
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<Standing>,
    checks: Vec<Line>,
}

/// An auditor's opinion, and what the reader knows of who gave it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Opinion {
    by: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    level: &'static str,
    opinion: &'static str,
    standard: String,
    findings: Vec<String>,
    examined_size: u64,
    key: String,
    known: &'static str,
    counts: bool,
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
    let mut claimed = None;
    for file in &args.files {
        let bytes = context.load(file, PROOF_BYTES_MAX as u64)?; // OK because a usize has at most 64 bits.
        let (report, stated_key) = verified(file, &bytes, &trust)?;
        if args.key.is_none() {
            claimed =
                claimed.or_else(|| Some((file, stated_key.unwrap_or_else(|| report.ledger_id.to_string()))));
        }
        proofs.push(answer(&report, file.display().to_string()));
    }
    let fails = proofs.iter().any(|proof| proof.verdict == FAILED);
    context.output.report(&Answers { proofs })?;
    match claimed {
        _ if fails => Ok(Outcome::No),
        None => Ok(Outcome::Done),
        Some((file, key)) => {
            let cause = "whose log this is cannot be known from the file alone: compare the key or ledger id in it with one that the publisher gave you by another way";
            Err(CliError::failed(cause).hint(format!("pcf verify {} --key {key}", hints::path(file))))
        }
    }
}

/// The report on a proof file, or on a PACT file that carries a proof, and the log's key where the file states it.
fn verified(file: &Path, bytes: &[u8], trust: &Trust) -> Result<(Verified, Option<String>), CliError> {
    let refused = |e: &dyn std::fmt::Display| not_a_proof(file, bytes, CliError::no(e));
    if !is_pact(bytes) {
        let proof = Proof::parse(bytes).map_err(|e| refused(&e))?;
        return Ok((proof.verify(trust), None));
    }
    let (footprint, _) = pact::read(bytes).map_err(|e| refused(&e))?;
    let Some(carried) = CarriedProof::find(&footprint).map_err(|e| refused(&e))? else {
        let cause =
            format!("{}: this PACT file carries no proof; ask its sender for the .pcfproof", file.display());
        return Err(with_proof_beside(file, CliError::no(cause)));
    };
    let proof = carried.proof().map_err(|e| refused(&e))?;
    let mut report = proof.verify(trust);
    report.checks.push(check_document(&footprint, &proof, &report));
    Ok((report, Some(carried.verifier_key)))
}

/// True for a JSON object with a `specVersion`, which no proof has.
fn is_pact(bytes: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Head {
        #[serde(rename = "specVersion")]
        _spec_version: serde::de::IgnoredAny,
    }
    serde_json::from_slice::<Head>(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)).is_ok()
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
        return with_proof_beside(file, CliError::no(cause));
    }
    if !text.ends_with(b"}") {
        let length = bytes.len();
        return CliError::no(format!(
            "{name}: the file is cut off after {length} bytes; ask for it once more"
        ));
    }
    error.within(name)
}

/// With the command that verifies the proof of the same name, where one lies beside the file.
fn with_proof_beside(file: &Path, error: CliError) -> CliError {
    let beside = file.with_extension("pcfproof");
    match beside.is_file() && beside != file {
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

/// The keys that the reader has checked.
///
/// # Errors
/// The file cannot be read, or is no trust file.
pub fn pins(context: &Context, path: &Path) -> Result<Pins, CliError> {
    let bytes = context.load(path, TRUST_FILE_BYTES_MAX as u64)?; // OK because a usize has at most 64 bits.
    let unread =
        |e: &dyn std::fmt::Display| CliError::usage(e).within(path.display()).hint("pcf template trust.toml");
    let text = String::from_utf8(bytes).map_err(|e| unread(&e))?;
    Pins::from_toml(&text).map_err(|e| unread(&e))
}

fn opinion(assured: &Assured) -> Opinion {
    Opinion {
        by: assured.by.to_string(),
        name: assured.name.as_ref().map(ToString::to_string),
        level: assured.level.as_str(),
        opinion: assured.opinion.as_str(),
        standard: assured.standard.to_string(),
        findings: assured.findings.iter().map(ToString::to_string).collect(),
        examined_size: assured.log.size.as_u64(),
        key: assured.key.to_string(),
        known: match assured.known {
            Known::Pinned => "pinned",
            Known::Claimed => "claimed by the operator",
            Known::Refused(_) => "not the pinned key",
        },
        counts: assured.names_these_figures && !assured.is_own,
    }
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
        verdict: match verified.verdict() {
            Verdict::Fails => FAILED,
            Verdict::Holds => VERIFIED,
            Verdict::Unanchored => UNANCHORED,
        },
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
        assurances: verified.assurances.iter().map(opinion).collect(),
        completeness: verified.completeness.as_ref().map(Completeness::of),
        standing: verified.standing.as_ref().map(Standing::of),
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
        if self.status == PublicationStatus::Draft {
            page.heading(
                "DRAFT: for assurance and comment; the publisher does not stand by these figures yet",
            );
        }
        page.heading(&format!("{} footprint {}", self.status, self.footprint));
        let mut pairs = vec![
            ("product", self.product.clone()),
            ("published by", self.publisher.clone()),
            ("period", self.period.clone()),
            ("to the gate", format!("{} kg CO2e per declared unit", self.gate_kg_co2e)),
        ];
        pairs.extend(self.grave_kg_co2e.map(|g| ("to the grave", format!("{g} kg CO2e per declared unit"))));
        pairs.push(("ledger", format!("{}, {} submissions", self.ledger_id, self.log_size)));
        pairs.extend(self.standing.as_ref().map(|standing| ("standing", standing.sentence())));
        pairs.extend(self.completeness.as_ref().map(|found| ("used", found.sentence())));
        page.pairs(&pairs);
        for opinion in &self.assurances {
            opinion.show(page);
        }
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

impl Opinion {
    fn show(&self, page: &mut Page) {
        let name = self.name.as_ref().map_or_else(|| self.by.clone(), |name| format!("{name} ({})", self.by));
        let own = if self.counts { "" } else { "; does not count for these figures" };
        page.sentence(format!(
            "assurance: {name}, key {}: {}, {} opinion, {}, log of size {} examined{own}",
            self.known, self.level, self.opinion, self.standard, self.examined_size
        ));
        for finding in &self.findings {
            page.sentence(format!("  finding: {finding}"));
        }
    }
}
