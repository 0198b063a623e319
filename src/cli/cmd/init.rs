//! `pcf init`: a project with its ledger and keys, or a ledger alone.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use pcf_desk::DeskError;
use pcf_desk::create::{Creation, KeyFiles, create};
use pcf_desk::project::{Beginning, FILE_NAME, Language, ProjectError, begin};
use pcf_ledger::model::{ActorId, Text};

use crate::context::{Context, answer};
use crate::error::{CliError, Outcome};
use crate::hints;
use crate::keys::Protection;
use crate::output::Format;

/// Begins a project: a ledger with its keys, the company that signs in it, pcf.toml, which tells
/// every other verb of both, and a workbook to fill in
///
/// Asks on a terminal for what is not given. With --origin it creates a ledger and its three keys
/// alone: operator (enrols actors), recovery (replaces a lost operator key) and log (signs
/// checkpoints). Keys are not kept in the ledger's directory, so that the ledger can be copied and
/// handed on without them. Nothing is ever overwritten.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  pcf init --company 'Acme Ltd' --domain acme.example --product 'Bottle 0.5 L' --period 2025\n  \
    pcf init my-ledger --origin footprints.acme.example --no-passphrase\n\n\
    JSON: {project, actor, signerKey, workbook, product?, ledger, ledgerId, origin, verifierKey, keys: {operator, recovery, log}}; \
    with --origin {ledger, ledgerId, origin, verifierKey, keys}"
)]
pub struct Args {
    /// The directory of the project [default: .]; with --origin that of the ledger
    dir: Option<PathBuf>,
    /// The company's name
    #[arg(long, value_name = "NAME", conflicts_with = "origin")]
    company: Option<Text>,
    /// A domain of the company, such as acme.example: it names the log and the products, for ever
    #[arg(long, value_name = "DOMAIN", conflicts_with = "origin")]
    domain: Option<String>,
    /// The company's id in the ledger [default: the first part of the domain]
    #[arg(long, value_name = "ID", conflicts_with = "origin")]
    actor: Option<ActorId>,
    /// The first product, which the workbook then begins with
    #[arg(long, value_name = "NAME", conflicts_with = "origin")]
    product: Option<String>,
    /// What the first product is counted in
    #[arg(long, value_name = "UNIT", default_value = "piece", conflicts_with = "origin")]
    unit: String,
    /// The period in use: 2025, 2025Q1, 2025-03 or 2025-03..2025-09
    #[arg(long, value_name = "PERIOD", conflicts_with = "origin")]
    period: Option<String>,
    /// The language of workbooks: en or zh
    #[arg(long, value_name = "CODE", default_value = "en", value_parser = language, conflicts_with = "origin")]
    language: Language,
    /// Creates a ledger alone, under this name, for ever: a domain of yours and a path, without a
    /// scheme
    #[arg(long, value_name = "NAME")]
    origin: Option<Text>,
    /// The directory for the keys [default: the ledger's with `-keys` appended]
    #[arg(long, value_name = "DIR", requires = "origin")]
    keys: Option<PathBuf>,
    /// Writes the keys without a passphrase, protected by the file's mode alone
    #[arg(long)]
    no_passphrase: bool,
}

fn language(text: &str) -> Result<Language, String> {
    let known = [Language::English, Language::Chinese].into_iter().find(|known| known.code() == text);
    known.ok_or_else(|| "expected en or zh".into())
}

/// Begins a project, or creates a ledger alone.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    match args.origin.clone() {
        Some(origin) => ledger_alone(args, origin, context)?,
        None => project(args, context)?,
    }
    Ok(Outcome::Done)
}

fn project(args: Args, context: &Context) -> Result<(), CliError> {
    let asks = std::io::stdin().is_terminal() && context.output.format == Format::Text;
    let ask = |question: &str| if asks { answer(question) } else { Ok(None) };
    let company = match args.company {
        Some(company) => Some(company),
        None => ask("Company: ")?.map(|text| text.parse()).transpose()?,
    };
    let domain = match args.domain {
        Some(domain) => Some(domain),
        None => ask("A domain of yours, such as acme.example: ")?,
    };
    let (Some(company), Some(domain)) = (company, domain) else {
        let cause = "expected --company NAME and --domain DOMAIN, or --origin NAME for a ledger alone";
        return Err(CliError::usage(cause)
            .hint("pcf init --company 'Acme Ltd' --domain acme.example --product 'Bottle 0.5 L'"));
    };
    let product = match args.product {
        Some(product) => Some(product),
        None => ask("First product (may be left empty): ")?,
    };
    let wanted = Beginning {
        dir: args.dir.unwrap_or_default(),
        company,
        domain,
        actor: args.actor,
        product: product.map(|name| (name, args.unit)),
        period: args.period,
        language: args.language,
    };
    wanted.check().map_err(with_way_on)?;
    let protection = Protection::ask(args.no_passphrase)?;
    let begun = begin(context, &wanted, protection.passphrase(), &context.holder()?)?;
    context.output.report(&begun)
}

/// With the command that helps.
fn with_way_on(error: DeskError) -> CliError {
    let hint = match &error {
        DeskError::Project(ProjectError::There { file }) if file.ends_with(FILE_NAME) => "pcf status",
        DeskError::LedgerThere { .. }
        | DeskError::KeyThere { .. }
        | DeskError::Project(ProjectError::There { .. }) => {
            "pcf init other-folder --company 'Acme Ltd' --domain acme.example"
        }
        _ => return error.into(),
    };
    CliError::from(error).hint(hint)
}

fn ledger_alone(args: Args, origin: Text, context: &Context) -> Result<(), CliError> {
    let dir = args.dir.unwrap_or_else(|| context.dir.clone());
    let key_dir = args.keys.unwrap_or_else(|| hints::key_directory(&dir));
    let creation = Creation { dir, keys: KeyFiles::within(&key_dir), origin };
    creation.check().map_err(|error| hinted(error, &creation))?;
    let protection = Protection::ask(args.no_passphrase)?;
    let created = create(context, creation, protection.passphrase(), &context.holder()?)?;
    context.output.report(&created)
}

/// With the command that helps.
fn hinted(error: DeskError, creation: &Creation) -> CliError {
    let (dir, origin) = (hints::path(&creation.dir), &creation.origin);
    let hint = match &error {
        DeskError::LedgerThere { .. } => format!("pcf --ledger {dir} log show"),
        DeskError::KeyThere { .. } => format!("pcf init {dir} --origin {origin} --keys OTHER-DIR"),
        DeskError::OriginIsAddress { name } => format!("pcf init {dir} --origin {name}"),
        _ => return error.into(),
    };
    CliError::from(error).hint(hint)
}
