//! The text of what the plausibility rules found.

use std::collections::BTreeMap;

use pcf_desk::plausibility::Found;
use pcf_ledger::plausibility::Severity;

use crate::context::Context;
use crate::hints::fill;
use crate::output::Page;

/// How many things of one kind a person is shown.
pub const SHOWN_MAX: usize = 20;

/// `and 3 more`, where there are more than a person is shown.
pub fn more(count: usize) -> Option<String> {
    count.checked_sub(SHOWN_MAX).filter(|more| *more > 0).map(|more| format!("and {more} more"))
}

/// The finding with the files that this run knows in its command.
pub fn filled(mut found: Found, context: &Context) -> Found {
    found.command = found.command.map(|command| fill(&command, context));
    found
}

/// Writes it as text.
fn text(found: &Found, page: &mut Page) {
    let word = found.severity.as_str();
    let mark = match found.severity {
        Severity::Note => word.to_owned(),
        severity => page.verdict(severity != Severity::Stops, word),
    };
    page.blank();
    let id = if found.severity == Severity::Stops { String::new() } else { format!("  ({})", found.id) };
    page.line(format!("{mark}  {}{id}", found.rule));
    page.sentence(format!("  {}, {}", found.product_name(), found.period));
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

/// Writes those of each rule until a person has seen enough of it, and then how many more there
/// are.
pub fn list(findings: &[Found], page: &mut Page) {
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    findings.iter().for_each(|finding| *found.entry(finding.rule).or_default() += 1);
    list_first(findings, &found, page);
}

/// The same where `findings` need not be all: by rule, `found` says how many there are.
pub fn list_first(findings: &[Found], found: &BTreeMap<&str, usize>, page: &mut Page) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in findings {
        let count = counts.entry(finding.rule).or_default();
        *count += 1;
        if *count <= SHOWN_MAX {
            text(finding, page);
        }
    }
    for (rule, count) in found {
        if let Some(more) = more(*count) {
            page.blank();
            page.line(format!("{rule}: {more}; --format json has all"));
        }
    }
}
