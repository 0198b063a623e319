//! `pcf publish`: from a question to signed figures and the documents that carry them.

use std::path::{Path, PathBuf};

use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{Co2e, Date, Digest, FootprintId, Period, PublicationStatus, StatementId, Text};
use pcf_ledger::publish::policy::POLICY_BYTES_MAX;
use pcf_ledger::publish::{self, Disclosure, GateItem, Order, Policy, Prepared};
use pcf_ledger::sign::SigningKey;
use pcf_ledger::store::file::FileStore;
use serde::Serialize;

use super::documents::{self, Declared};
use super::log::state;
use super::question::{self, Question};
use super::witnessing::{Witnessed, Witnessing};
use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::keys::{self, Signing};
use crate::output::{Page, Report};

/// Publishes a product's footprint: signs the figures and the log, and writes the proof, the page and the PACT file
///
/// The gate is asked first; a final publication that lacks what it requires is stopped with the list and exit code 1, and nothing is appended. The proof
/// is verified before it is written.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  pcf publish urn:gtin:06901234000016 --period 2024 --valid-until 2027-12-31 \
    --sign-with maker.pem --log-key keys/log.pem --out published\n\n\
    JSON: {footprint, status, product, declaredUnit, graveKgCo2e?, gateKgCo2e, figuresDigest, statement, index, verifierKey, files, notFound?: [footprint], states?, witnesses?, advice, \
    gate: [{name, required, met, detail}]}; \
    where the gate stops it {product, gate: [{name, required, met, detail}]}"
)]
pub struct Args {
    /// The product, by id or name
    #[arg(value_name = "PRODUCT")]
    product: String,
    #[command(flatten)]
    question: Question,
    /// The last day the publisher stands by the figures; at most three years after the period
    #[arg(long, value_name = "DATE")]
    valid_until: Date,
    /// Publishes as a draft, for assurance and comment; marked as such everywhere
    #[arg(long)]
    draft: bool,
    /// What the gate requires and what it only advises (`pcf template gate.toml`) [default: as that template]
    #[arg(long, value_name = "FILE")]
    gate: Option<PathBuf>,
    /// What a reader should know, such as that the amounts are an example's own; signed with the figures and shown wherever they are
    #[arg(long, value_name = "TEXT")]
    comment: Option<Text>,
    #[command(flatten)]
    declared: Declared,
    /// Keeps the statements behind the figures out of the proof
    #[arg(long)]
    withhold: bool,
    #[command(flatten)]
    signing: Signing,
    /// The private key of the log
    #[arg(long, value_name = "KEY")]
    log_key: PathBuf,
    /// The operator's private key: what holds is stated too, so that the proof says whether it is complete and current
    #[arg(long, value_name = "KEY")]
    operator_key: Option<PathBuf>,
    #[command(flatten)]
    witnessing: Witnessing,
    /// Where the documents go
    #[arg(long, value_name = "DIR", default_value = "published")]
    out: PathBuf,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Published {
    footprint: FootprintId,
    status: PublicationStatus,
    product: String,
    declared_unit: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    grave_kg_co2e: Option<Co2e>,
    gate_kg_co2e: Co2e,
    figures_digest: Digest,
    statement: StatementId,
    index: u64,
    verifier_key: String,
    files: Vec<PathBuf>,
    /// Earlier footprints whose PACT files are not where the new one is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    not_found: Vec<FootprintId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    states: Vec<state::One>,
    #[serde(skip_serializing_if = "Option::is_none")]
    witnesses: Option<Witnessed>,
    advice: Vec<String>,
    gate: Vec<Asked>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Stopped {
    product: String,
    gate: Vec<Asked>,
}

#[derive(Serialize)]
struct Asked {
    name: &'static str,
    required: bool,
    met: bool,
    detail: String,
}

impl From<&GateItem> for Asked {
    fn from(item: &GateItem) -> Self {
        Self { name: item.name, required: item.required, met: item.met, detail: item.detail.clone() }
    }
}

pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let log_key = keys::load(context, &args.log_key)?;
    let mut ledger = context.open_ledger()?;
    keys::check_log_key(context, &ledger, &log_key, "--log-key", &args.log_key)?;
    let operator = args.operator_key.as_ref().map(|file| operator_key(context, &ledger, file)).transpose()?;
    let (key, by) = args.signing.signer(context, ledger.book())?;
    let order = order(&args, context, &ledger)?;
    let prepared = publish::prepare_with(&ledger, &order, &policy(&args, context)?)?;
    if prepared.publication.by != by {
        let owner = &prepared.publication.by;
        return Err(CliError::no(format!("the product belongs to `{owner}`, and this is the key of `{by}`")));
    }
    let options = args.declared.options(context);
    if order.status == PublicationStatus::Final && prepared.unmet().next().is_some() {
        let gate = prepared.gate.iter().map(Asked::from).collect();
        context.output.report(&Stopped { product: args.product.clone(), gate })?;
        return Ok(Outcome::No);
    }
    // Written once before anything is appended, so that a field that PACT misses stops the publication and not its documents.
    documents::or_draft(
        &prepared.publication,
        publish::pact(&ledger, &prepared.publication, &options, None),
    )?;
    let beside = super::log::beside(&args.log_key);
    let signer = args.witnessing.compare(&ledger, &log_key, &beside)?;
    let receipt = ledger.append(&key, context.now_s()?, &[prepared.publication.clone().into()])?;
    let unpublished =
        |e: CliError| e.within("recorded and not published: no document was written").hint("pcf log cosign");
    let stated = operator.map(|operator| state::say(context, &mut ledger, &operator)).transpose();
    let (_, states) = stated.map_err(unpublished)?.unwrap_or_default();
    let (checkpoint, witnesses) = signer.sign(&ledger).map_err(unpublished)?;
    ledger.flush()?;
    let statement = receipt.ids.first().copied();
    let statement = statement.ok_or_else(|| CliError::failed("expected one statement in the submission"))?;
    let disclosure = if args.withhold { Disclosure::None } else { Disclosure::All };
    let writing =
        documents::Writing { ledger: &ledger, checkpoint: &checkpoint, options: &options, out: &args.out };
    let written = writing.write(&prepared.publication, disclosure)?;
    let place = (statement, receipt.index);
    report(&args, context, &ledger, prepared, place, (states, witnesses), written)
}

/// The operator's key, before anything is appended.
fn operator_key(context: &Context, ledger: &Ledger<FileStore>, file: &Path) -> Result<SigningKey, CliError> {
    let key = keys::load(context, file)?;
    keys::check_operator_key(context, ledger.book(), &key, "--operator-key", file)?;
    Ok(key)
}

/// What the gate requires: as the policy file says, else the default.
fn policy(args: &Args, context: &Context) -> Result<Policy, CliError> {
    let Some(path) = &args.gate else { return Ok(Policy::default()) };
    let unread =
        |e: &dyn std::fmt::Display| CliError::usage(e).within(path.display()).hint("pcf template gate.toml");
    let bytes = context.load(path, POLICY_BYTES_MAX as u64)?; // OK because a usize has at most 64 bits.
    let text = String::from_utf8(bytes).map_err(|e| unread(&e))?;
    Policy::from_toml(&text).map_err(|e| unread(&e))
}

fn order(args: &Args, context: &Context, ledger: &Ledger<FileStore>) -> Result<Order, CliError> {
    let now = context.now()?;
    let after = args.valid_until.next_day()?;
    Ok(Order {
        product: question::product(ledger.book(), &args.product)?,
        request: args.question.request()?,
        status: if args.draft { PublicationStatus::Draft } else { PublicationStatus::Final },
        validity: Period::new(now.date(), after)?,
        created: now,
        footprint: FootprintId::from_random(context.random()?),
        salt: context.salt()?,
        comment: args.comment.clone(),
    })
}

fn report(
    args: &Args,
    context: &Context,
    ledger: &Ledger<FileStore>,
    prepared: Prepared,
    (statement, index): (StatementId, u64),
    (states, witnesses): (Vec<state::One>, Option<Witnessed>),
    written: documents::Written,
) -> Result<Outcome, CliError> {
    let product = ledger.book().product(&prepared.publication.product).map(|(_, product)| product);
    let advice = prepared.gate.iter().filter(|item| !item.met);
    context.output.report(&Published {
        footprint: prepared.publication.footprint.clone(),
        status: prepared.publication.status,
        product: product.map_or_else(|| args.product.clone(), |p| p.name.to_string()),
        declared_unit: product.map(super::footprint::declared_unit).unwrap_or_default(),
        grave_kg_co2e: prepared.publication.figures.grave.as_ref().map(|set| set.excluding_uptake),
        gate_kg_co2e: prepared.publication.figures.gate.excluding_uptake,
        figures_digest: prepared.digest,
        statement,
        index,
        verifier_key: ledger.verifier_key()?.to_string(),
        files: written.files,
        not_found: written.not_found,
        states,
        witnesses,
        advice: advice.map(|item| format!("{}: {}", item.name, item.detail)).collect(),
        gate: prepared.gate.iter().map(Asked::from).collect(),
    })?;
    Ok(Outcome::Done)
}

impl Report for Published {
    fn text(&self, page: &mut Page) {
        page.heading(&format!("Published {} as {} {}", self.product, self.status, self.footprint));
        if self.status == PublicationStatus::Draft {
            page.line("DRAFT: marked so in every document; nobody stands by these figures yet");
        }
        let per = format!("kg CO2e per {}", self.declared_unit);
        let mut pairs = vec![("to the gate", format!("{} {per}", self.gate_kg_co2e))];
        pairs.extend(self.grave_kg_co2e.map(|grave| ("to the grave", format!("{grave} {per}"))));
        pairs.push(("figures digest", self.figures_digest.to_string()));
        pairs.push(("statement", self.statement.to_string()));
        pairs.push(("log index", self.index.to_string()));
        pairs.push(("verifier key", self.verifier_key.clone()));
        page.pairs(&pairs);
        for file in &self.files {
            page.line(format!("wrote {}", file.display()));
        }
        for earlier in &self.not_found {
            page.line(format!("no PACT file of {earlier} is there; the one that its receivers have says Active still. To write it anew:"));
            page.line(format!("  pcf prove {earlier} --pact {earlier}.json"));
        }
        for state in &self.states {
            page.line(format!("stated what held at log size {}: {}", state.size, state.root));
        }
        if let Some(witnesses) = &self.witnesses {
            witnesses.show(page);
        }
        for item in self.gate.iter().filter(|item| !item.met) {
            let weight = if item.required { "required of a final" } else { "advised" };
            page.line(format!("{weight}: {}: {}", item.name, item.detail));
        }
        if let Some(proof) = self.files.first() {
            page.blank();
            page.line("Whoever receives the figure checks it with");
            page.line(format!("  pcf verify {} --key {}", shell(proof), self.verifier_key));
        }
    }
}

fn shell(path: &Path) -> String {
    let text = path.display().to_string();
    if text.contains(' ') { format!("'{text}'") } else { text }
}

impl Report for Stopped {
    fn text(&self, page: &mut Page) {
        page.heading(&format!("Not published: the gate stops {}", self.product));
        for item in self.gate.iter().filter(|item| !item.met) {
            let weight = if item.required { "required" } else { "advised " };
            page.line(format!("{weight}  {}: {}", item.name, item.detail));
        }
        page.blank();
        page.line("With --draft it is published as a draft all the same.");
    }
}
