//! `pcf check`: what a person should look at before a footprint is published. Asks the rules of the library, adds what only the command knows
//! (the shipped factors, where a statement lies, what to type), prints, changes nothing.

use std::collections::BTreeSet;

use pcf_desk::plausibility::{Found, asked, place};
use pcf_ledger::calc::Inventory;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{GwpSet, Period, ProductId, StatementId};
use pcf_ledger::plausibility::{self, Asked, Checked, Finding, RULES};
use pcf_ledger::store::Reader;
use serde::Serialize;

use super::question;
use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::output::{Page, Report};
use crate::view::findings::{self, SHOWN_MAX, filled, more};

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
        findings: checked.findings.iter().map(|one| filled(Found::new(one, places), &context.dir)).collect(),
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
        findings::list(&self.findings, page);
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
