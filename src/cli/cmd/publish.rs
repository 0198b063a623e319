//! `pcf publish`: from a question to signed figures and the documents that carry them.

use std::path::{Path, PathBuf};

use pcf_desk::import::Signer;
use pcf_desk::publish::{Answer, Publishing, beside, publish};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{Date, FootprintId, Period, PublicationStatus, Text};
use pcf_ledger::publish::policy::POLICY_BYTES_MAX;
use pcf_ledger::publish::{Order, Policy};
use pcf_ledger::sign::SigningKey;
use pcf_ledger::store::file::FileStore;
use pcf_serve::Client;

use crate::args::question::Question;
use crate::args::{Declared, Showing, Witnessing, acceptances};
use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::keys::{self, Signing};

/// Publishes a product's footprint: signs the figures and the log, and writes the proof, the page
/// and the PACT file
///
/// The gate is asked first; a final publication that lacks what it requires is stopped with the
/// list and exit code 1, and nothing is appended. The proof
/// is verified before it is written.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf publish urn:gtin:06901234000016 --period YEAR --valid-until UNTIL \
    --sign-with maker.pem --log-key keys/log.pem --out published\n\n\
    JSON: {stoodAlready?, footprint, status, product, declaredUnit, graveKgCo2e?, gateKgCo2e, figuresDigest, statement, index, verifierKey, files, notFound?: [footprint], states?, witnesses?, advice, \
    gate: [{name, required, met, detail}]}; \
    where the gate stops it {product, gate: [{name, required, met, detail}]}")]
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
    /// What the gate requires and what it only advises (`pcf template gate.toml`) [default: as that
    /// template]
    #[arg(long, value_name = "FILE")]
    gate: Option<PathBuf>,
    /// Stands by a finding that needs attention, as `pcf check` and a stopped publication
    /// name it; one that leaves something out takes an estimate, in kg CO2e per declared unit; may
    /// be repeated
    #[arg(long, value_name = "ID[:KG]='REASON'")]
    accept: Vec<String>,
    /// Stands by the findings of a CSV file with the columns finding, reason and estimate_kg
    #[arg(long, value_name = "FILE")]
    accept_file: Option<PathBuf>,
    /// Publishes figures again that were withdrawn
    #[arg(long)]
    again: bool,
    /// What a reader should know, such as that the amounts are an example's own; signed with the
    /// figures and shown wherever they are
    #[arg(long, value_name = "TEXT")]
    comment: Option<Text>,
    #[command(flatten)]
    declared: Declared,
    #[command(flatten)]
    showing: Showing,
    #[command(flatten)]
    signing: Signing,
    /// The private key of the log
    #[arg(long, value_name = "KEY")]
    log_key: PathBuf,
    /// The operator's private key: what holds is stated too, so that the proof says whether it is
    /// complete and current
    #[arg(long, value_name = "KEY")]
    operator_key: Option<PathBuf>,
    #[command(flatten)]
    witnessing: Witnessing,
    /// Where the documents go
    #[arg(long, value_name = "DIR", default_value = "published")]
    out: PathBuf,
}

pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let log_key = keys::load(context, &args.log_key)?;
    let mut ledger = context.open_ledger()?;
    keys::check_log_key(context, &ledger, &log_key, "--log-key", &args.log_key)?;
    let operator = args.operator_key.as_ref().map(|file| operator_key(context, &ledger, file)).transpose()?;
    let (key, by) = args.signing.signer(context, ledger.book())?;
    let client = Client::default();
    let publishing = Publishing {
        order: order(&args, context, &ledger)?,
        product: &args.product,
        gate: &policy(&args, context)?,
        again: args.again,
        disclosure: args.showing.disclosure(),
        signer: Signer { key: &key, by: &by },
        log_key: &log_key,
        beside: &beside(&args.log_key),
        operator: operator.as_ref(),
        post: args.witnessing.through(&client),
        out: &args.out,
    };
    match publish(context, &mut ledger, &publishing)? {
        Answer::Published(published) => {
            context.output.report(published.as_ref())?;
            Ok(Outcome::Done)
        }
        Answer::Stopped(stopped) => {
            context.output.report(&stopped)?;
            Ok(Outcome::No)
        }
    }
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
    let request = args.question.request()?;
    // What ends before today is refused. It begins with the end of the period, so that it may stand
    // for the product in what is made of it since.
    let ahead = Period::new(now.date(), args.valid_until.next_day()?)?;
    let validity = Period::new(request.period.end().min(ahead.start()), ahead.end())?;
    Ok(Order {
        product: pcf_desk::questions::product(ledger.book(), &args.product)?,
        request,
        status: if args.draft { PublicationStatus::Draft } else { PublicationStatus::Final },
        validity,
        created: now,
        footprint: FootprintId::from_random(context.random()?),
        salt: context.salt()?,
        comment: args.comment.clone(),
        accepted: acceptances(&args.accept, args.accept_file.as_deref(), context)?,
        declared: args.declared.of_order(),
        known: Default::default(),
    })
}
