//! `pcf demo`: the whole way once, with the same verbs a person would type. It only writes the inputs and runs the commands that it prints.

use std::path::{Path, PathBuf};
use std::time::Instant;

use pcf_desk::plausibility::Found;
use pcf_desk::questions::{self, CheckAsked};
use pcf_desk::write;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::GwpSet;
use serde::Serialize;

use crate::cli;
use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::hints::{self, Years};
use crate::output::{Format, Page, Report};

/// Fills a new ledger with a real product's life, calculates, publishes and verifies it, and prints each command
///
/// The product is a 0.5 L aluminium drinking bottle made in Zhejiang. Factors are published ones, with source and licence; the amounts are the example's
/// own. Everything lies in one directory: inputs, keys (without passphrases), the ledger, and what was published.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf demo demo-ledger\n\nJSON: {directory, ledger, page}")]
pub struct Args {
    /// The directory to create
    #[arg(value_name = "DIR", default_value = "demo-ledger")]
    dir: PathBuf,
}

/// The example's files, as a manufacturer would have them.
pub const INPUTS: [(&str, &str); 7] = [
    ("product-ingot.csv", include_str!("../demo/product-ingot.csv")),
    ("product-bottle.csv", include_str!("../demo/product-bottle.csv")),
    ("activities-ingot.csv", include_str!("../demo/activities-ingot.csv")),
    ("activities-bottle.csv", include_str!("../demo/activities-bottle.csv")),
    ("activities-carrier.csv", include_str!("../demo/activities-carrier.csv")),
    ("activities-recycler.csv", include_str!("../demo/activities-recycler.csv")),
    ("cap-pact.json", include_str!("../demo/cap-pact.json")),
];

/// The commands, one a line; `#` begins a heading, a `>` shows what the command prints, a `?` also
/// lets its answer be no. `DIR` is the demo's directory, `YEAR` the year of its data and `UNTIL`
/// the last day on which its footprints hold. `ACCEPTED` stands by what [`AGED`] and [`ASSUMED`]
/// explain.
const SCRIPT: &str = include_str!("../demo/script.txt");

pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let began = Instant::now();
    let dir = &args.dir;
    if dir.exists() && dir.read_dir().map_err(|e| CliError::io("read", dir, &e))?.next().is_some() {
        return Err(CliError::usage(format!("{} is there already and not empty", dir.display()))
            .hint(format!("pcf demo {}", hints::quoted(format!("{}-2", dir.display())))));
    }
    let years = Years::of(context.now()?.date());
    for (name, text) in INPUTS {
        write::durably(&dir.join("inputs").join(name), years.input(text).as_bytes())?;
    }
    for line in years.line(SCRIPT).lines().filter(|line| !line.is_empty()) {
        step(line, dir, context)?;
    }
    let page = dir.join("published").join("index.html");
    if context.output.format == Format::Json {
        context.output.report(&Shown { directory: dir.clone(), ledger: dir.join("ledger"), page })?;
        return Ok(Outcome::Done);
    }
    context.output.line(&format!(
        "\nDone in {:.1} s. Everything is in {}.",
        began.elapsed().as_secs_f32(),
        dir.display()
    ))?;
    context.output.line(&format!("Read the page:   {}", page.display()))?;
    context.output.line("Try next:")?;
    for line in years.line(NEXT).lines() {
        context.output.line(&format!("  {}", line.replace("DIR", &hints::path(dir))))?;
    }
    Ok(Outcome::Done)
}

/// Where everything is.
#[derive(Serialize)]
struct Shown {
    directory: PathBuf,
    ledger: PathBuf,
    page: PathBuf,
}

impl Report for Shown {
    fn text(&self, page: &mut Page) {
        page.line(self.page.display().to_string());
    }
}

/// What explains the findings when the example has moved away from its factors.
const AGED: &str =
    "The example keeps the factors of 2024 and 2025; for data of later years the rules ask for newer ones.";

/// What the demo says of sources that state no GWP set.
const ASSUMED: &str = "AR6 is assumed: other gases than CO2 weigh little in grid electricity";

/// Where the script stands by what [`AGED`] and [`ASSUMED`] explain.
const ACCEPTED: &str = " ACCEPTED";

/// What to type after the demo.
const NEXT: &str = "\
pcf --ledger DIR/ledger trace urn:gtin:06901234000016 --period YEAR --top 3
pcf --ledger DIR/ledger audit
edit an amount in DIR/inputs/activities-bottle.csv, then
pcf --ledger DIR/ledger record DIR/inputs/activities-bottle.csv --sign-with DIR/keys/linhu-bottle.pem --correct";

/// Stands by the findings that say how old a factor is, and by that of sources without a GWP set:
/// an option for each.
fn accepted(dir: &Path, context: &Context) -> Result<String, CliError> {
    let ledger = Ledger::read(&dir.join("ledger"))?;
    let today = context.now()?.date();
    let period = Years::of(today).line("YEAR").parse()?;
    let asked = CheckAsked { period: Some(period), gwp: GwpSet::Ar6, today, listed_max: None };
    let report = questions::check(&ledger, &[], asked)?;
    let reason = |found: &Found| match found.rule {
        "factor-year" => Some(AGED),
        "gwp-unstated" => Some(ASSUMED),
        _ => None,
    };
    let options = report
        .findings
        .iter()
        .filter_map(|found| reason(found).map(|reason| format!(" --accept {}='{reason}'", found.id)));
    Ok(options.collect())
}

fn placed(line: &str, dir: &Path) -> String {
    line.replace("DIR", &dir.display().to_string())
}

/// Prints a heading, or a command and then runs it.
fn step(line: &str, dir: &Path, context: &Context) -> Result<(), CliError> {
    if let Some(heading) = line.strip_prefix("# ") {
        return context.output.line(&format!("\n== {heading}"));
    }
    let (asked, line) = line.strip_prefix("? ").map_or((false, line), |line| (true, line));
    let (shown, command) = line.strip_prefix("> ").map_or((asked, line), |command| (true, command));
    let command = &match command.contains(ACCEPTED) {
        true => command.replace(ACCEPTED, &accepted(dir, context)?),
        false => command.to_owned(),
    };
    context.output.line(&format!("$ {}", command.replace("DIR", &hints::path(dir))))?;
    let words = expanded(&words(command), dir)?;
    match cli::run_line(&words, !shown || context.output.format == Format::Json)? {
        Outcome::Done => Ok(()),
        Outcome::No if asked => context.output.line(AGED),
        Outcome::No => Err(CliError::failed(format!("the demo's own step did not succeed: {command}"))),
    }
}

/// Does for the words of the script what a shell would: the directory, `*.pcfproof`, and the verifier key of the ledger. Words are split
/// before, so that a path with spaces stays one word.
fn expanded(words: &[String], dir: &Path) -> Result<Vec<String>, CliError> {
    let mut all = Vec::new();
    for word in words {
        let word = placed(word, dir);
        if word.starts_with("$(") {
            all.push(Ledger::read(&dir.join("ledger"))?.verifier_key()?.to_string());
        } else if let Some(parent) = word.strip_suffix("*.pcfproof") {
            let entries =
                Path::new(parent).read_dir().map_err(|e| CliError::io("read", Path::new(parent), &e))?;
            let names = entries.filter_map(|entry| Some(entry.ok()?.path().display().to_string()));
            let mut proofs: Vec<String> = names.filter(|name| name.ends_with(".pcfproof")).collect();
            proofs.sort();
            all.extend(proofs);
        } else {
            all.push(word);
        }
    }
    Ok(all)
}

/// Splits a command line at spaces, minding quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '\'' | '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            _ => words.iter_mut().rev().take(1).for_each(|word| word.push(c)),
        }
    }
    words
}
