//! The arguments of the command, and which verb they call. Each verb's own arguments stand in its file of `cmd`, where their comments are the
//! help. It never does a verb's work.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Command, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::cmd;
use crate::context::{self, Context};
use crate::error::{CliError, Outcome};
use crate::hints::Years;
use crate::output::Format;
use crate::process;

/// Keeps signed statements about a product's life in an append-only ledger, calculates exact carbon footprints from them, and proves them
/// offline.
#[derive(Debug, Parser)]
#[command(
    name = "pcf",
    version,
    max_term_width = 110,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "Exit codes: 0 done or verified; 1 checked, and the answer is no (a refused submission, a file with problems, a \
        check that fails); 2 wrong usage; 3 could not be carried out.\n\n\
        Example:\n  pcf init --company 'Acme Ltd' --domain acme.example --product 'Bottle 0.5 L'\n  pcf import company.xlsx\n  \
        pcf publish --all\n\nThe handbook: pcf guide"
)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    verb: Verb,
}

/// What every verb takes.
#[derive(Debug, Args)]
pub struct Global {
    /// The directory of the ledger [default: that of the nearest pcf.toml, else .]
    #[arg(
        long,
        global = true,
        help_heading = "Options of every verb",
        env = "PCF_LEDGER",
        value_name = "DIR"
    )]
    pub ledger: Option<PathBuf>,
    /// What goes to standard output: text for people, or one JSON object for programs
    #[arg(long, global = true, help_heading = "Options of every verb", value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Prints neither notes nor progress; results and errors stay
    #[arg(long, short, global = true, help_heading = "Options of every verb")]
    pub quiet: bool,
}

/// Declares the verbs: the subcommands, their name for the lock, and the call. One line a verb: `Variant(module) = "name"`.
macro_rules! verbs {
    ($($variant:ident($module:ident) = $name:literal,)+) => {
        #[derive(Debug, Subcommand)]
        enum Verb {
            $(#[command(name = $name)] $variant(cmd::$module::Args),)+
        }

        impl Verb {
            const fn name(&self) -> &'static str {
                match self { $(Self::$variant(_) => $name,)+ }
            }

            fn run(self, context: &Context) -> Result<Outcome, CliError> {
                match self { $(Self::$variant(args) => cmd::$module::run(args, context),)+ }
            }
        }
    };
}

verbs! {
    Init(init) = "init",
    Key(key) = "key",
    Actor(actor) = "actor",
    Authority(authority) = "authority",
    Factor(factor) = "factor",
    Product(product) = "product",
    Import(import) = "import",
    Template(template) = "template",
    Record(record) = "record",
    Sign(sign) = "sign",
    Submit(submit) = "submit",
    Supplier(supplier) = "supplier",
    Export(export) = "export",
    Status(status) = "status",
    List(list) = "list",
    Undo(undo) = "undo",
    Withdraw(withdraw) = "withdraw",
    Redact(redact) = "redact",
    Check(check) = "check",
    Footprint(footprint) = "footprint",
    Trace(trace) = "trace",
    Compare(compare) = "compare",
    WhatIf(what_if) = "what-if",
    Publish(publish) = "publish",
    Prove(prove) = "prove",
    Assure(assure) = "assure",
    Verify(verify) = "verify",
    Audit(audit) = "audit",
    Log(log) = "log",
    Target(target) = "target",
    Demo(demo) = "demo",
    Guide(guide) = "guide",
    Completions(completions) = "completions",
    Man(man) = "man",
}

/// Returns the command line with the years of today in its examples.
pub fn command() -> Command {
    // Where the clock cannot be read, the examples keep their words in capitals.
    let Ok(today) = context::now() else { return Cli::command() };
    let (years, mut command) = (Years::of(today.date()), Cli::command());
    if let Some(verb) = command.find_subcommand_mut("publish") {
        let help = verb.get_after_help().map(|help| years.example(&help.to_string())).unwrap_or_default();
        // In its place: the order of the verbs stays.
        *verb = std::mem::take(verb).after_help(help);
    }
    command
}

/// Reads the arguments, runs the verb, and turns what came of it into an exit code.
pub fn run() -> ExitCode {
    process::quiet_where_contained();
    let mut command = command();
    let parsed = Cli::from_arg_matches_mut(&mut command.get_matches_mut());
    let Cli { global, verb } = parsed.unwrap_or_else(|e| e.format(&mut command).exit());
    let context = match Context::new(&global, verb.name()) {
        Ok(context) => context,
        Err(error) => {
            error.print(&Context::without_project(&global, verb.name()));
            return error.exit_code();
        }
    };
    match verb.run(&context) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::No) => ExitCode::from(1),
        Err(error) => {
            error.print(&context);
            error.exit_code()
        }
    }
}

/// Runs one command line of the demo in this process, printing its result or, when `silent`, only what goes wrong.
pub fn run_line(words: &[String], silent: bool) -> Result<Outcome, CliError> {
    let Cli { global, verb } = Cli::try_parse_from(words).map_err(CliError::usage)?;
    let mut context = Context::new(&global, verb.name())?;
    context.output.silent = silent;
    verb.run(&context)
}
