//! `pcf actor`: who may sign what.

mod revoke;

use std::path::PathBuf;

use clap::Subcommand;
use pcf_files::csv::TableKind;
use pcf_ledger::admission::Book;
use pcf_ledger::model::{
    Actor, ActorId, ProductId, Rights, Salt, Stage, StatementKind, Text, Urn, look_alike,
};
use pcf_ledger::sign::SigningKey;
use serde::Serialize;

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::importing::{self, Wanted};
use crate::keys;
use crate::output::{Page, Report};

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
    /// Enrols the actors of CSV files or of the sheet Actors of workbooks, one a row; the operator signs
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

/// Enrols an actor, or adds keys and rights to an enrolled one; the new statement replaces the earlier one
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
    /// Allows these products only; may be repeated [default: every product that lets the actor sign]
    #[arg(long = "product", value_name = "ID")]
    products: Vec<ProductId>,
    /// Takes away the rights the actor has before those named here are given
    #[arg(long)]
    rights_anew: bool,
    /// The operator's key file
    #[arg(long, value_name = "KEY")]
    sign_with: PathBuf,
}

/// What was appended.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Appended {
    actor: String,
    index: u64,
    statement: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    replaces: Option<String>,
}

impl Report for Appended {
    fn text(&self, page: &mut Page) {
        let verb = if self.replaces.is_some() { "Changed" } else { "Enrolled" };
        page.line(format!("{verb} `{}` at index {}: statement {}", self.actor, self.index, self.statement));
    }
}

/// An actor as it holds.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    actor: String,
    name: String,
    company_ids: Vec<String>,
    types: Vec<String>,
    stages: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    products: Option<Vec<String>>,
    keys: Vec<ShownKey>,
    statement: String,
    history: Vec<String>,
}

/// A key with the log indices between which it counts.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownKey {
    key: String,
    enrolled: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked: Option<u64>,
}

/// All actors.
#[derive(Debug, Serialize)]
struct Listed {
    actors: Vec<Shown>,
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
            let actors = ledger.book().actors().filter_map(|(id, ..)| show(ledger.book(), id)).collect();
            context.output.report(&Listed { actors })?;
        }
        Verb::Show { actor } => {
            let ledger = context.read_ledger()?;
            context.output.report(&show(ledger.book(), &actor).ok_or_else(|| unknown(&actor))?)?;
        }
    }
    Ok(Outcome::Done)
}

fn run_add(add: Add, context: &Context) -> Result<(), CliError> {
    let given =
        add.keys.iter().map(|key| keys::public_or_file(context, key)).collect::<Result<Vec<_>, _>>()?;
    let operator = keys::load(context, &add.sign_with)?;
    let mut ledger = context.open_ledger()?;
    check_operator(context, ledger.book(), &operator)?;
    let mut actor = match (ledger.book().actor(&add.actor), &add.name) {
        (Some((earlier, actor)), _) => {
            Actor { replaces: Some(*earlier), revoked: Vec::new(), ..actor.clone() }
        }
        (None, Some(name)) => Actor {
            actor: add.actor.clone(),
            by: ActorId::operator(),
            company_ids: Vec::new(),
            keys: Vec::new(),
            name: name.clone(),
            replaces: None,
            revoked: Vec::new(),
            rights: Rights { products: None, stages: Vec::new(), types: Vec::new() },
            salt: Salt::from_bytes([0; 16]),
            r#type: Default::default(),
            v: Default::default(),
        },
        (None, None) => {
            return Err(CliError::usage(format!("`{}` is new here and needs --name", add.actor))
                .hint(format!("{} --name NAME", crate::hints::same_command())));
        }
    };
    if let Some(name) = add.name {
        actor.name = name;
    }
    if add.rights_anew {
        actor.rights = Rights { products: None, stages: Vec::new(), types: Vec::new() };
    }
    merge(&mut actor.keys, given);
    merge(&mut actor.company_ids, add.company_ids);
    merge(&mut actor.rights.types, add.types);
    merge(&mut actor.rights.stages, add.stages);
    if !add.products.is_empty() {
        merge(actor.rights.products.get_or_insert_default(), add.products);
    }
    if actor.keys.is_empty() {
        context.output.warning(&format!("`{}` has no key and can sign nothing yet", actor.actor));
    }
    if actor.rights.types.contains(&StatementKind::Activity) && actor.rights.stages.is_empty() {
        context
            .output
            .warning(&format!("`{}` may sign activities, but of no stage: see --stage", actor.actor));
    }
    warn_of_likeness(context, ledger.book(), &actor);
    append(context, &mut ledger, &operator, actor)
}

/// Two actors whose names a reader takes for one another.
fn warn_of_likeness(context: &Context, book: &Book, actor: &Actor) {
    let alike =
        |other: &&Actor| other.actor != actor.actor && look_alike(other.name.as_str(), actor.name.as_str());
    if let Some(other) = book.actors().map(|(_, _, other)| other).find(alike) {
        context.output.warning(&format!(
            "the name of `{}` looks like that of `{}`, {}; readers may take one for the other",
            actor.actor, other.actor, other.name
        ));
    }
}

fn append(
    context: &Context,
    ledger: &mut pcf_ledger::ledger::Ledger<pcf_ledger::store::file::FileStore>,
    operator: &SigningKey,
    actor: Actor,
) -> Result<(), CliError> {
    let (id, replaces) = (actor.actor.to_string(), actor.replaces.map(|id| id.to_string()));
    let receipt = context.append(ledger, operator, vec![actor.into()])?;
    let statement = receipt.ids.first().map(ToString::to_string).unwrap_or_default();
    context.output.report(&Appended { actor: id, index: receipt.index, statement, replaces })
}

/// Only the operator enrols; anybody else is told who they are.
fn check_operator(context: &Context, book: &Book, key: &SigningKey) -> Result<(), CliError> {
    let actor = context.signer(book, key, None)?;
    if actor.as_str() == ActorId::OPERATOR {
        return Ok(());
    }
    let cause = format!("actors are enrolled by the operator's key, and this key belongs to `{actor}`");
    Err(CliError::no(cause).hint("pcf actor add … --sign-with my-ledger-keys/operator.pem"))
}

fn unknown(actor: &ActorId) -> CliError {
    CliError::no(format!("no actor `{actor}` is enrolled in this ledger")).hint("pcf actor list")
}

fn merge<T: PartialEq>(list: &mut Vec<T>, more: Vec<T>) {
    for item in more {
        if !list.contains(&item) {
            list.push(item);
        }
    }
}

fn show(book: &Book, id: &ActorId) -> Option<Shown> {
    let (statement, actor) = book.actor(id)?;
    let keys = book.keyring().keys_of(id).into_iter();
    Some(Shown {
        actor: id.to_string(),
        name: actor.name.to_string(),
        company_ids: texts(&actor.company_ids),
        types: texts(&actor.rights.types),
        stages: texts(&actor.rights.stages),
        products: actor.rights.products.as_ref().map(|p| texts(p)),
        keys: keys
            .map(|(key, s)| ShownKey { key: key.to_string(), enrolled: s.enrolled, revoked: s.revoked })
            .collect(),
        statement: statement.to_string(),
        history: texts(book.actor_history(id)),
    })
}

fn texts<T: ToString>(list: &[T]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

impl Report for Shown {
    fn text(&self, page: &mut Page) {
        let or = |list: &[String], none: &str| if list.is_empty() { none.into() } else { list.join(", ") };
        page.heading(&format!("{} ({})", self.name, self.actor));
        page.pairs(&[
            ("company ids", or(&self.company_ids, "none")),
            ("may sign", or(&self.types, "nothing")),
            ("of the stages", or(&self.stages, "none")),
            (
                "products",
                self.products.as_ref().map_or("every product that lets it".into(), |p| or(p, "none")),
            ),
            ("statement", self.statement.clone()),
        ]);
        page.blank();
        let rows: Vec<Vec<String>> = self
            .keys
            .iter()
            .map(|k| {
                vec![k.key.clone(), k.enrolled.to_string(), k.revoked.map_or("-".into(), |r| r.to_string())]
            })
            .collect();
        page.table(&["key", ">enrolled at", ">revoked from"], &rows);
    }
}

impl Report for Listed {
    fn text(&self, page: &mut Page) {
        if self.actors.is_empty() {
            page.line("No actor is enrolled yet.");
            return;
        }
        let rows: Vec<Vec<String>> = self
            .actors
            .iter()
            .map(|a| vec![a.actor.clone(), a.name.clone(), a.types.join(", "), a.stages.join(", ")])
            .collect();
        page.table(&["actor", "name", "may sign", "stages"], &rows);
    }
}
