//! `pcf check`: what a person should look at before a footprint is published. Asks the rules of the library, adds what only the command knows
//! (the shipped factors, where a statement lies, what to type), prints, changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use pcf_files::library::Library;
use pcf_ledger::admission::Said;
use pcf_ledger::calc::Inventory;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{
    ActorId, FootprintId, GwpSet, Period, ProductId, Statement, StatementId, StatementKind,
};
use pcf_ledger::pact;
use pcf_ledger::plausibility::{self, Asked, Checked, Finding, Offer, RULES};
use pcf_ledger::store::Reader;
use serde::Serialize;

use super::question;
use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::hints::{fill, quoted};
use crate::output::{Page, Report};

/// Looks for mistakes in what is recorded: mass balance, missing processes and haulage, figures far from before, double counting, old factors
///
/// Every finding names its statements and says how to mend it. `stops`: the calculation cannot be done; `look at this`: there is a figure, and it is most
/// likely wrong; `note`: worth knowing. Exit code 1 where something stops or should be looked at. `pcf record --dry-run` asks the same of files before
/// they are appended.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  pcf check\n  pcf check urn:gtin:06901234000016 --period 2024\n  pcf check --rules\n\n\
    JSON: {looked: [{product, name, periods}], rules: [{rule, asks, found}], findings: [{rule, severity, product, period, \
    sentence, remedy, command?, statements: [{statement, place}]}]}"
)]
pub struct Args {
    /// Products, by id or name; left out, every product of the ledger
    #[arg(value_name = "PRODUCT")]
    products: Vec<String>,
    /// The period: a year such as 2024, or START..END; left out, every year that has data
    #[arg(long, value_name = "PERIOD")]
    period: Option<Period>,
    /// The GWP set that gases are characterised with: SAR, TAR, AR4, AR5 or AR6
    #[arg(long, value_name = "SET", default_value = "AR6")]
    gwp: GwpSet,
    /// Shows every rule with its threshold, also those that found nothing
    #[arg(long)]
    rules: bool,
}

/// What was looked at and found.
#[derive(Debug, Serialize)]
struct Answer {
    looked: Vec<Looked>,
    rules: Vec<Rule>,
    findings: Vec<Found>,
    #[serde(skip)]
    all_rules: bool,
}

#[derive(Debug, Serialize)]
struct Looked {
    product: ProductId,
    name: String,
    periods: BTreeSet<Period>,
}

#[derive(Debug, Serialize)]
struct Rule {
    rule: &'static str,
    asks: &'static str,
    found: usize,
}

/// A finding as it is printed.
#[derive(Debug, Serialize)]
pub struct Found {
    rule: &'static str,
    severity: &'static str,
    product: ProductId,
    period: Period,
    sentence: String,
    remedy: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<String>,
    statements: Vec<At>,
}

/// A statement and where it lies, for people.
#[derive(Debug, Serialize)]
struct At {
    statement: StatementId,
    place: String,
}

pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let ledger = context.read_ledger()?;
    let inventory = ledger.inventory()?;
    let products =
        args.products.iter().map(|text| filed(&ledger, text)).collect::<Result<BTreeSet<_>, _>>()?;
    let asked = Asked {
        products: (!products.is_empty()).then_some(products),
        period: args.period,
        gwp: Some(args.gwp),
        ..asked(&ledger, &inventory)?
    };
    let checked = plausibility::check(&inventory, &asked);
    let weighs = checked.findings.iter().any(Finding::weighs);
    let places = |id: &StatementId| place(&ledger, id);
    let found = |rule: &str| checked.findings.iter().filter(|finding| finding.rule == rule).count();
    context.output.report(&Answer {
        looked: looked(&inventory, &checked),
        rules: RULES.iter().map(|(rule, asks)| Rule { rule, asks, found: found(rule) }).collect(),
        findings: checked.findings.iter().map(|finding| Found::new(finding, context, places)).collect(),
        all_rules: args.rules,
    })?;
    Ok(if weighs { Outcome::No } else { Outcome::Done })
}

fn filed<S: Reader>(ledger: &Ledger<S>, text: &str) -> Result<ProductId, CliError> {
    let id = question::product(ledger.book(), text)?;
    Ok(ledger.book().filed_under(&id).cloned().unwrap_or(id))
}

fn looked(inventory: &Inventory, checked: &Checked) -> Vec<Looked> {
    let one = |(product, requests): (&ProductId, &Vec<pcf_ledger::calc::Request>)| Looked {
        product: product.clone(),
        name: inventory.products.get(product).map(|held| held.statement.name.to_string()).unwrap_or_default(),
        periods: requests.iter().map(|request| request.period).collect(),
    };
    checked.looked_at.iter().map(one).collect()
}

/// What the rules may know beside the inventory: the shipped factors, and which suppliers' footprints have a successor.
pub fn asked<S: Reader>(ledger: &Ledger<S>, inventory: &Inventory) -> Result<Asked, CliError> {
    let mut superseded: BTreeMap<FootprintId, FootprintId> = BTreeMap::new();
    for (id, held) in &inventory.bought {
        let known =
            ledger.book().entry(&held.id).is_some_and(|(_, e)| e.kind == StatementKind::SupplierFootprint);
        if !known {
            continue; // Not appended yet: its document is not in the ledger.
        }
        let Statement::SupplierFootprint(statement) = ledger.statement(&held.id)? else { continue };
        // A document that the inventory could read can be read again.
        let Ok((document, _)) = pact::read(statement.document.as_bytes()) else { continue };
        // Some documents name themselves, which is no newer version.
        let earlier = document.preceding_pf_ids.into_iter().filter(|old| old != id);
        superseded.extend(earlier.map(|old| (old, id.clone())));
    }
    Ok(Asked { offers: offers()?, superseded, ..Asked::default() })
}

/// The factors of the shipped library.
fn offers() -> Result<Vec<Offer>, CliError> {
    let by: ActorId = "library".parse()?;
    let library = Library::shipped()?;
    let factors = library.rows().iter().filter_map(|row| row.to_factor(&by).ok());
    Ok(factors
        .map(|f| Offer { factor: f.factor, category: f.category, unit: f.unit, year: f.year })
        .collect())
}

/// `production / casting, 2024-01-01..2025-01-01, by acme, seal 5`.
pub fn place<S: Reader>(ledger: &Ledger<S>, id: &StatementId) -> String {
    let Some((_, entry)) = ledger.book().entry(id) else { return String::new() };
    let what = match ledger.said(id) {
        Ok(Said::Whole(Statement::Activity(a))) => {
            let site = a.site.as_ref().map(|site| format!(", {}", site.name)).unwrap_or_default();
            format!("{} / {}, {}{site}", a.stage, a.process, a.period)
        }
        Ok(Said::Kept(kept)) => format!("redacted {}", kept.facts.r#type),
        _ => entry.kind.to_string(),
    };
    format!("{what}, by {}, seal {}", entry.by, entry.index)
}

/// Where ids of statements stand in a text.
fn ids_in(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for part in text.split(|c: char| !c.is_ascii_hexdigit()) {
        // Each part ends before one character, of as many bytes as it takes.
        let end = start + part.len(); // OK because it lies in the text
        if part.len() == 64 {
            found.push(start..end);
        }
        start = end + text.get(end..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    }
    found
}

impl Found {
    /// A finding with the places of its statements, and what to type.
    pub fn new(finding: &Finding, context: &Context, place: impl Fn(&StatementId) -> String) -> Self {
        let mut statements: Vec<At> =
            finding.statements.iter().map(|id| At { statement: *id, place: place(id) }).collect();
        // By place, because ids differ from one ledger to the next.
        statements.sort_by(|a, b| a.place.cmp(&b.place).then(a.statement.cmp(&b.statement)));
        Self {
            rule: finding.rule,
            severity: finding.severity.as_str(),
            product: finding.product.clone(),
            period: finding.period,
            sentence: finding.sentence.clone(),
            remedy: finding.remedy.clone(),
            command: command(finding).map(|command| fill(&command, &context.dir)),
            statements,
        }
    }

    /// The same with the places of statements in place of their ids, for statements that nobody can look up yet.
    pub fn placed(mut self, places: &BTreeMap<String, String>) -> Self {
        // An import may have a million statements: the few ids that are named are looked for, and not each of those in each sentence.
        for at in ids_in(&self.sentence).into_iter().rev() {
            let Some(place) = self.sentence.get(at.clone()).and_then(|id| places.get(id)) else { continue };
            let word = "statement ";
            let named = self.sentence.get(..at.start).is_some_and(|before| before.ends_with(word));
            let start = if named { at.start - word.len() } else { at.start }; // OK because the word stands before it
            self.sentence.replace_range(start..at.end, place);
        }
        let coming = |command: &str| {
            ids_in(command).into_iter().any(|at| command.get(at).is_some_and(|id| places.contains_key(id)))
        };
        self.command = self.command.filter(|command| !coming(command));
        self
    }

    /// Writes it as text.
    pub fn text(&self, page: &mut Page) {
        let stops = self.severity == "stops";
        let mark =
            if self.severity == "note" { "note".to_owned() } else { page.verdict(!stops, self.severity) };
        page.blank();
        page.line(format!("{mark}  {}", self.rule));
        page.sentence(format!("  {}, {}", self.product, self.period));
        page.paragraph("  ", "  ", &self.sentence);
        page.paragraph("  mend: ", "        ", &self.remedy);
        if let Some(command) = &self.command {
            page.line(format!("  $ {command}"));
        }
        for at in self.statements.iter().take(SHOWN_MAX) {
            page.paragraph("  at ", "     ", &at.place);
            if !at.place.contains(&at.statement.to_string()) {
                page.line(format!("     {}", at.statement));
            }
        }
        if let Some(more) = more(self.statements.len()) {
            page.line(format!("  {more}"));
        }
    }

    /// Writes those of each rule until a person has seen enough of it, and then how many more there are.
    pub fn list(findings: &[Self], page: &mut Page) {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for finding in findings {
            let count = counts.entry(finding.rule).or_default();
            *count += 1;
            if *count <= SHOWN_MAX {
                finding.text(page);
            }
        }
        for (rule, count) in counts {
            if let Some(more) = more(count) {
                page.blank();
                page.line(format!("{rule}: {more}; --format json has all"));
            }
        }
    }
}

/// How many things of one kind a person is shown.
const SHOWN_MAX: usize = 20;

fn more(count: usize) -> Option<String> {
    count.checked_sub(SHOWN_MAX).filter(|more| *more > 0).map(|more| format!("and {more} more"))
}

/// What to type, where one command does it or shows it.
fn command(finding: &Finding) -> Option<String> {
    let (first, last) = (finding.statements.first(), finding.statements.last());
    match (finding.rule, &finding.names, first) {
        ("older-edition", Some(factor), _) => Some(format!("pcf factor use {factor} --sign-with KEY")),
        ("calculation", Some(factor), _) => {
            let shipped = Library::shipped().is_ok_and(|library| library.find(factor).is_some());
            Some(match shipped {
                true => format!("pcf factor use {factor} --sign-with KEY"),
                false => "pcf factor add factors.csv --sign-with KEY".to_owned(),
            })
        }
        ("process-missing", ..) => Some("pcf template activities.csv --kind activities".to_owned()),
        ("publication-behind", ..) => Some(format!(
            "pcf publish {} --period {} --valid-until DATE --sign-with KEY --log-key log.pem",
            quoted(finding.product.as_str()),
            finding.period
        )),
        ("factor-region", Some(country), _) => {
            Some(format!("pcf factor search electricity --country {country}"))
        }
        ("overlapping-periods", ..) => {
            last.map(|id| format!("pcf withdraw {id} --reason 'recorded twice' --sign-with KEY"))
        }
        (_, _, Some(id)) if finding.statements.len() == 1 => Some(format!("pcf log statement {id}")),
        _ => None,
    }
}

impl Report for Answer {
    fn text(&self, page: &mut Page) {
        for one in &self.looked {
            let mut periods: Vec<String> =
                one.periods.iter().take(SHOWN_MAX).map(ToString::to_string).collect();
            periods.extend(more(one.periods.len()));
            let periods = if periods.is_empty() { "no activity yet".to_owned() } else { periods.join(", ") };
            page.paragraph("looked at ", "          ", &format!("{} ({}): {periods}", one.name, one.product));
        }
        if self.all_rules {
            page.blank();
            let row = |rule: &Rule| vec![rule.rule.to_owned(), rule.asks.to_owned(), rule.found.to_string()];
            let rows: Vec<Vec<String>> = self.rules.iter().map(row).collect();
            page.table(&["rule", "asks", ">found"], &rows);
        }
        Found::list(&self.findings, page);
        page.blank();
        if self.looked.is_empty() {
            page.sentence("There is no product yet, so that nothing was looked at: pcf product add products.csv --sign-with KEY");
            return;
        }
        page.sentence(summary(&self.findings, self.rules.len()));
    }
}

fn summary(findings: &[Found], rules: usize) -> String {
    if findings.is_empty() {
        return format!("{rules} rules, nothing found.");
    }
    let count = |severity: &str| findings.iter().filter(|finding| finding.severity == severity).count();
    format!(
        "{rules} rules: {} that stop the calculation, {} to look at, {} to know.",
        count("stops"),
        count("look at this"),
        count("note")
    )
}
