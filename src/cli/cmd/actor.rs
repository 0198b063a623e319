//! `pcf actor`: who may sign what.

mod revoke;

use std::path::PathBuf;

use clap::Subcommand;
use pcf_desk::DeskError;
use pcf_desk::actors::{self, Enrolment};
use pcf_files::csv::TableKind;
use pcf_ledger::model::{ActorId, ProductId, Stage, StatementKind, Text, Urn};

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::importing::{self, Wanted};
use crate::keys::{self, Role};

/// Enrols actors with their keys and rights, lists them, and revokes keys
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  pcf actor add acme --name \"Acme Ltd\" --key acme.pem --type product --type activity \\\n    \
    --stage procurement --stage production --sign-with my-ledger-keys/operator.pem\n  pcf actor list"
)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one of it in a process")]
enum Verb {
    Add(Add),
    /// Enrols the actors of CSV files or of the sheet Actors of workbooks, one a row; the operator
    /// signs
    #[command(
        after_help = "Example:\n  pcf actor import company.xlsx --sign-with operator.pem\n\nJSON: as of `pcf record`"
    )]
    Import {
        /// CSV files or workbooks (XLSX)
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        #[command(flatten)]
        signing: keys::Signing,
        #[command(flatten)]
        options: importing::Options,
    },
    /// Lists the actors
    #[command(after_help = "Example:\n  pcf actor list\n\nJSON: {actors: [as of `actor show`]}")]
    List,
    /// Shows an actor: name, rights, keys and since when they count
    #[command(after_help = "Example:\n  pcf actor show acme\n\n\
        JSON: {actor, name, companyIds, types, stages, products?, keys: [{key, enrolled, revoked?}], statement, history}")]
    Show {
        /// The actor's id
        actor: ActorId,
    },
    Revoke(revoke::Revoke),
}

/// Enrols an actor, or adds keys and rights to an enrolled one; the new statement replaces the
/// earlier one
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  pcf actor add acme --name \"Acme Ltd\" --key acme.pem --type product --type activity \\\n    \
    --stage procurement --stage production --sign-with my-ledger-keys/operator.pem\n\n\
    JSON: {actor, index, statement, replaces?}"
)]
struct Add {
    /// The actor's id: a-z, 0-9, `.`, `-`
    actor: ActorId,
    /// The actor's name; needed for a new actor
    #[arg(long)]
    name: Option<Text>,
    /// A key of the actor: its public key in base64, or its key file; may be repeated
    #[arg(long = "key", value_name = "PUBLIC-KEY|FILE")]
    keys: Vec<String>,
    /// A company id, as PACT carries it; may be repeated
    #[arg(long = "company-id", value_name = "URN")]
    company_ids: Vec<Urn>,
    /// A statement type the actor may sign, such as activity; may be repeated
    #[arg(long = "type", value_name = "TYPE")]
    types: Vec<StatementKind>,
    /// A life-cycle stage whose activities the actor may sign; may be repeated
    #[arg(long = "stage", value_name = "STAGE")]
    stages: Vec<Stage>,
    /// Allows these products only; may be repeated [default: every product that lets the actor
    /// sign]
    #[arg(long = "product", value_name = "ID")]
    products: Vec<ProductId>,
    /// Takes away the rights the actor has before those named here are given
    #[arg(long)]
    rights_anew: bool,
    /// The operator's key file [default: that of pcf.toml]
    #[arg(long, value_name = "KEY")]
    sign_with: Option<PathBuf>,
}

/// Runs one of the verbs.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    match args.verb {
        Verb::Add(add) => run_add(add, context)?,
        Verb::Import { files, signing, options } => {
            let wanted = Wanted::Only(TableKind::Actors, StatementKind::Actor);
            return importing::run(context, &files, wanted, &signing, &options);
        }
        Verb::Revoke(revoke) => revoke::run(&revoke, context)?,
        Verb::List => {
            let ledger = context.read_ledger()?;
            context.output.report(&actors::list(ledger.book())?)?;
        }
        Verb::Show { actor } => {
            let ledger = context.read_ledger()?;
            context.output.report(&actors::show(ledger.book(), &actor)?)?;
        }
    }
    Ok(Outcome::Done)
}

fn run_add(add: Add, context: &Context) -> Result<(), CliError> {
    let keys =
        add.keys.iter().map(|key| keys::public_or_file(context, key)).collect::<Result<Vec<_>, _>>()?;
    let file = keys::file(context, add.sign_with.as_ref(), Role::Operator, "--sign-with")?;
    let operator = keys::load(context, &file)?;
    let mut ledger = context.open_ledger()?;
    let enrolment = Enrolment {
        actor: add.actor,
        name: add.name,
        keys,
        company_ids: add.company_ids,
        types: add.types,
        stages: add.stages,
        products: add.products,
        rights_anew: add.rights_anew,
    };
    let enrolled = actors::enrol(context, &mut ledger, &operator, enrolment).map_err(not_operator)?;
    context.output.report(&enrolled)
}

/// Only the operator enrols; anybody else is told who they are.
fn not_operator(error: DeskError) -> CliError {
    let DeskError::NotOperator { actor } = error else { return error.into() };
    let cause = format!("actors are enrolled by the operator's key, and this key belongs to `{actor}`");
    CliError::no(cause).hint("pcf actor add … --sign-with my-ledger-keys/operator.pem")
}
