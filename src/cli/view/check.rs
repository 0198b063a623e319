//! What the plausibility rules found, as text.

use std::collections::BTreeMap;

use pcf_desk::questions::{CheckReport, Found, Rule};
use pcf_ledger::plausibility::Severity;
use serde::Serialize;

use crate::output::{Page, Report};

/// What was found, and whether the rules themselves are shown.
#[derive(Debug, Serialize)]
pub struct Shown {
    /// What was found.
    #[serde(flatten)]
    pub report: CheckReport,
    /// Shows every rule, also those that found nothing; JSON has them always.
    #[serde(skip)]
    pub all_rules: bool,
}

impl Report for Shown {
    fn text(&self, page: &mut Page) {
        let report = &self.report;
        for one in &report.looked {
            let mut periods: Vec<String> =
                one.periods.iter().take(SHOWN_MAX).map(ToString::to_string).collect();
            periods.extend(more(one.periods.len()));
            let periods = if periods.is_empty() { "no activity yet".to_owned() } else { periods.join(", ") };
            page.paragraph("looked at ", "          ", &format!("{} ({}): {periods}", one.name, one.product));
        }
        if self.all_rules {
            page.blank();
            let row = |rule: &Rule| vec![rule.rule.to_owned(), rule.asks.to_owned(), rule.found.to_string()];
            let rows: Vec<Vec<String>> = report.rules.iter().map(row).collect();
            page.table(&["rule", "asks", ">found"], &rows);
        }
        findings(&report.findings, page);
        page.blank();
        if report.looked.is_empty() {
            page.sentence("There is no product yet, so that nothing was looked at: pcf product add products.csv --sign-with KEY");
            return;
        }
        page.sentence(summary(&report.findings, report.rules.len()));
    }
}

fn finding(found: &Found, page: &mut Page) {
    let word = found.severity.as_str();
    let mark = match found.severity {
        Severity::Note => word.to_owned(),
        severity => page.verdict(severity != Severity::Stops, word),
    };
    page.blank();
    page.line(format!("{mark}  {}", found.rule));
    page.sentence(format!("  {}, {}", found.product, found.period));
    page.paragraph("  ", "  ", &found.sentence);
    page.paragraph("  mend: ", "        ", &found.remedy);
    if let Some(command) = &found.command {
        page.line(format!("  $ {command}"));
    }
    for at in found.statements.iter().take(SHOWN_MAX) {
        page.paragraph("  at ", "     ", &at.place);
        if !at.place.contains(&at.statement.to_string()) {
            page.line(format!("     {}", at.statement));
        }
    }
    if let Some(more) = more(found.statements.len()) {
        page.line(format!("  {more}"));
    }
}

/// Writes those of each rule until a person has seen enough of it, and then how many more there are.
pub fn findings(findings: &[Found], page: &mut Page) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for found in findings {
        let count = counts.entry(found.rule).or_default();
        *count += 1;
        if *count <= SHOWN_MAX {
            finding(found, page);
        }
    }
    for (rule, count) in counts {
        if let Some(more) = more(count) {
            page.blank();
            page.line(format!("{rule}: {more}; --format json has all"));
        }
    }
}

/// How many things of one kind a person is shown.
const SHOWN_MAX: usize = 20;

fn more(count: usize) -> Option<String> {
    count.checked_sub(SHOWN_MAX).filter(|more| *more > 0).map(|more| format!("and {more} more"))
}

fn summary(findings: &[Found], rules: usize) -> String {
    if findings.is_empty() {
        return format!("{rules} rules, nothing found.");
    }
    let count = |severity: Severity| findings.iter().filter(|finding| finding.severity == severity).count();
    format!(
        "{rules} rules: {} that stop the calculation, {} to look at, {} to know.",
        count(Severity::Stops),
        count(Severity::Look),
        count(Severity::Note)
    )
}
