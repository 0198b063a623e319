//! What the plausibility rules found, as text.

use pcf_desk::questions::{CheckReport, Rule};
use pcf_ledger::plausibility::Severity;
use serde::Serialize;

use super::findings::{self, SHOWN_MAX, more};
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
        let found = report.rules.iter().map(|rule| (rule.rule, rule.found)).collect();
        findings::list_first(&report.findings, &found, page);
        page.blank();
        if report.looked.is_empty() {
            page.sentence("There is no product yet, so that nothing was looked at: pcf product add products.csv --sign-with KEY");
            return;
        }
        page.sentence(summary(report));
    }
}

fn summary(report: &CheckReport) -> String {
    let rules = report.rules.len();
    if report.found.is_empty() {
        return format!("{rules} rules, nothing found.");
    }
    let count = |severity: Severity| report.found.get(&severity).copied().unwrap_or_default();
    format!(
        "{rules} rules: {} that stop the calculation, {} that need attention, {} to know.",
        count(Severity::Stops),
        count(Severity::Attention),
        count(Severity::Note)
    )
}
