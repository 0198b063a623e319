//! `pcf publish`: from a question to signed figures and the documents that carry them.

use std::path::PathBuf;

use pcf_desk::import::Signer;
use pcf_desk::publish::{Answer, Publishing, beside, owned, publish, publish_all};
use pcf_desk::questions;
use pcf_ledger::ledger::{Ledger, Post};
use pcf_ledger::model::{Date, FootprintId, Period, ProductId, PublicationStatus, Text};
use pcf_ledger::publish::policy::POLICY_BYTES_MAX;
use pcf_ledger::publish::{Disclosure, Order, Policy};
use pcf_ledger::sign::SigningKey;
use pcf_ledger::store::file::FileStore;
use pcf_serve::Client;

use crate::args::question::Question;
use crate::args::{Declared, Showing, Witnessing, acceptances};
use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::hints::same_command_with;
use crate::keys::{self, Role, Signing};

/// Publishes products' footprints: signs the figures and the log, and writes the proof, the page
/// and the PACT file
///
/// The release check is asked first; a final publication that lacks what it requires is stopped with
/// the list and exit code 1, and nothing is appended. The proof is verified before it is written.
/// Figures that are published already are not published again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf publish --all\n  pcf publish 'Bottle 0.5 L' --dry-run\n  \
    pcf publish urn:gtin:06901234000016 --period YEAR --valid-until UNTIL \
    --sign-with maker.pem --log-key keys/log.pem --out published\n\n\
    JSON: {stoodAlready?, footprint, status, product, declaredUnit, graveKgCo2e?, gateKgCo2e, figuresDigest, statement, index, verifierKey, files, partner?, reveals, notFound?: [footprint], states?, witnesses?, advice, \
    gate: [{name, required, met, detail}]}; \
    where the gate stops it {product, gate: [{name, required, met, detail}]}; with --dry-run {product, gateKgCo2e, graveKgCo2e?, reveals, stands?, gate}; \
    of several {published, foreseen?, unchanged: [{product, footprint}], stopped, failed: [{product, problem}]}")]
pub struct Args {
    /// The products, by id or name
    #[arg(value_name = "PRODUCT", required_unless_present_any = ["all", "changed"])]
    products: Vec<String>,
    /// Every product of the signer
    #[arg(long, conflicts_with = "products")]
    all: bool,
    /// Only products whose figures are not published as they are now; every product of the signer,
    /// or those that are named
    #[arg(long)]
    changed: bool,
    /// Signs, appends and writes nothing; shows the figures and what the release check asks
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    question: Question,
    /// The last day the publisher stands by the figures; at most three years after the period
    /// [default: as pcf.toml has it]
    #[arg(long, value_name = "DATE")]
    valid_until: Option<Date>,
    /// Publishes as a draft, for assurance and comment; marked as such everywhere
    #[arg(long)]
    draft: bool,
    /// What the release check requires and what it only advises (`pcf template gate.toml`)
    /// [default: that of pcf.toml, else as that template]
    #[arg(long, value_name = "FILE")]
    gate: Option<PathBuf>,
    /// Stands by a finding that needs attention, by its id as `pcf check` and a stopped publication
    /// name it, or by its rule; one that leaves something out takes an estimate, in kg CO2e per
    /// declared unit; may be repeated
    #[arg(long, value_name = "ID|RULE[:KG]='REASON'")]
    accept: Vec<String>,
    /// Stands by the findings of a CSV file with the columns finding, reason and estimate_kg
    #[arg(long, value_name = "FILE")]
    accept_file: Option<PathBuf>,
    /// Publishes figures again that were withdrawn
    #[arg(long)]
    again: bool,
    /// What a reader should know, such as that the amounts are an example's own; shown wherever the
    /// figures are, and signed with the exact ones
    #[arg(long, value_name = "TEXT")]
    comment: Option<Text>,
    #[command(flatten)]
    declared: Declared,
    #[command(flatten)]
    showing: Showing,
    /// Shows the figures of each stage, rounded like the others, in the public part of the publication
    #[arg(long)]
    stages: bool,
    #[command(flatten)]
    signing: Signing,
    /// The private key of the log [default: that of pcf.toml]
    #[arg(long, value_name = "KEY")]
    log_key: Option<PathBuf>,
    /// The operator's private key: what holds is stated too, so that the proof says whether it is
    /// complete and current [default: that of pcf.toml, where it is on this machine]
    #[arg(long, value_name = "KEY")]
    operator_key: Option<PathBuf>,
    #[command(flatten)]
    witnessing: Witnessing,
    /// Where the documents go [default: as pcf.toml has it, else published]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// What all publications of one command share.
struct Shared<'a> {
    gate: Policy,
    log_key: SigningKey,
    beside: PathBuf,
    operator: Option<SigningKey>,
    signer: Signer<'a>,
    post: Option<&'a dyn Post>,
    out: PathBuf,
    disclosure: Disclosure,
}

pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let log_file = keys::file(context, args.log_key.as_ref(), Role::Log, "--log-key")?;
    let log_key = keys::load(context, &log_file)?;
    let mut ledger = context.open_ledger()?;
    keys::check_log_key(context, &ledger, &log_key, "--log-key", &log_file)?;
    let operator = operator_key(&args, context, &ledger)?;
    let (key, by) = args.signing.signer(context, ledger.book())?;
    let client = Client::default();
    let known = context.project.as_ref();
    let out = args.out.as_ref().or(known.map(|project| &project.out));
    let shared = Shared {
        gate: policy(&args, context)?,
        log_key,
        beside: beside(&log_file),
        operator,
        signer: Signer { key: &key, by: &by },
        post: args.witnessing.through(&client),
        out: out.map_or_else(|| PathBuf::from("published"), PathBuf::clone),
        disclosure: args.showing.disclosure(context),
    };
    let products = products(&args, &ledger, &shared)?;
    if let ([(id, name)], false) = (products.as_slice(), args.all || args.changed) {
        let order = order(&args, context, id)?;
        return one(context, &mut ledger, &publishing(&args, &shared, (order, name), false));
    }
    let mut orders = Vec::with_capacity(products.len());
    for (id, name) in &products {
        orders.push(publishing(&args, &shared, (order(&args, context, id)?, name), true));
    }
    let several = publish_all(context, &mut ledger, &orders)?;
    context.output.report(&several)?;
    Ok(if several.is_whole() { Outcome::Done } else { Outcome::No })
}

/// The products that are meant, each with what it is called.
fn products(
    args: &Args,
    ledger: &Ledger<FileStore>,
    shared: &Shared<'_>,
) -> Result<Vec<(ProductId, String)>, CliError> {
    if args.products.is_empty() {
        let own = owned(ledger.book(), shared.signer.by)?;
        if own.is_empty() {
            let cause = format!("`{}` has no product in this ledger", shared.signer.by);
            return Err(CliError::no(cause).hint("pcf import company.xlsx"));
        }
        return Ok(own);
    }
    let meant = |text: &String| Ok((questions::product(ledger.book(), text)?, text.clone()));
    args.products.iter().map(meant).collect()
}

fn publishing<'a>(
    args: &Args,
    shared: &'a Shared<'_>,
    (order, product): (Order, &'a str),
    several: bool,
) -> Publishing<'a> {
    Publishing {
        order,
        product,
        gate: &shared.gate,
        again: args.again,
        only_changed: args.changed,
        only_matching: several,
        dry_run: args.dry_run,
        disclosure: shared.disclosure.clone(),
        signer: shared.signer,
        log_key: &shared.log_key,
        beside: &shared.beside,
        operator: shared.operator.as_ref(),
        post: shared.post,
        out: &shared.out,
    }
}

fn one(
    context: &Context,
    ledger: &mut Ledger<FileStore>,
    publishing: &Publishing<'_>,
) -> Result<Outcome, CliError> {
    match publish(context, ledger, publishing)? {
        Answer::Published(published) => context.output.report(published.as_ref())?,
        Answer::Foreseen(foreseen) => context.output.report(foreseen.as_ref())?,
        // OK because it is asked for of several alone.
        Answer::Unchanged(footprint) => context.output.note(&format!("{footprint} stands")),
        Answer::Stopped(stopped) => {
            context.output.report(&stopped)?;
            return Ok(Outcome::No);
        }
    }
    Ok(Outcome::Done)
}

/// The operator's key, before anything is appended: the one that was named, else that of the project
/// where it is here.
fn operator_key(
    args: &Args,
    context: &Context,
    ledger: &Ledger<FileStore>,
) -> Result<Option<SigningKey>, CliError> {
    let known = || keys::at_hand(context, Role::Operator);
    let Some(file) = args.operator_key.clone().or_else(known) else {
        if context.project.is_some() {
            let lacks = "without the operator's key the proof cannot say that it is complete and current";
            context
                .output
                .note(&format!("{lacks}; later: pcf log state, pcf log checkpoint, pcf prove UUID"));
        }
        return Ok(None);
    };
    let key = keys::load(context, &file)?;
    keys::check_operator_key(context, ledger.book(), &key, "--operator-key", &file)?;
    Ok(Some(key))
}

/// What the gate requires: as the policy file says, else the default.
fn policy(args: &Args, context: &Context) -> Result<Policy, CliError> {
    let known = context.project.as_ref().and_then(|project| project.gate.as_ref());
    let Some(path) = args.gate.as_ref().or(known) else { return Ok(Policy::default()) };
    let unread =
        |e: &dyn std::fmt::Display| CliError::usage(e).within(path.display()).hint("pcf template gate.toml");
    let bytes = context.load(path, POLICY_BYTES_MAX as u64)?; // OK because a usize has at most 64 bits.
    let text = String::from_utf8(bytes).map_err(|e| unread(&e))?;
    Policy::from_toml(&text).map_err(|e| unread(&e))
}

fn order(args: &Args, context: &Context, product: &ProductId) -> Result<Order, CliError> {
    let now = context.now()?;
    let request = args.question.request(context)?;
    // What ends before today is refused. It begins with the end of the period, so that it may stand
    // for the product in what is made of it since.
    let valid_until = valid_until(args, context, request.period)?;
    let ahead = Period::new(now.date(), valid_until.next_day()?)?;
    let validity = Period::new(request.period.end().min(ahead.start()), ahead.end())?;
    Ok(Order {
        product: product.clone(),
        request,
        status: if args.draft { PublicationStatus::Draft } else { PublicationStatus::Final },
        validity,
        created: now,
        footprint: FootprintId::from_random(context.random()?),
        salt: context.salt()?,
        comment: args.comment.clone(),
        accepted: acceptances(&args.accept, args.accept_file.as_deref(), context)?,
        declared: args.declared.of_order(),
        shows_stages: args.stages,
        known: Default::default(),
    })
}

/// The last day that was given, else the one that the project gives.
fn valid_until(args: &Args, context: &Context, period: Period) -> Result<Date, CliError> {
    match (args.valid_until, &context.project) {
        (Some(day), _) => Ok(day),
        (None, Some(project)) => Ok(project.valid_until(period)?),
        (None, None) => {
            let cause = "expected --valid-until DATE: the last day the publisher stands by the figures";
            Err(CliError::usage(cause).hint(same_command_with("--valid-until", "DATE")))
        }
    }
}
