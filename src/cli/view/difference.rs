//! Why two footprints differ, as text.

use pcf_desk::questions::{Compared, Published};
use pcf_ledger::calc::ContributionSource;
use pcf_ledger::calc::explain::{Difference, DifferenceLine};
use pcf_ledger::model::Co2e;

use crate::output::{Page, Report};

/// How many lines are printed as text; JSON has all.
const LINES_MAX: usize = 25;

impl Report for Compared {
    fn text(&self, page: &mut Page) {
        page.heading(self.product.as_str());
        for (word, published) in ["before", "after"].iter().zip(&self.publications) {
            let Published { footprint, period, log_size, .. } = published;
            page.line(format!("{word}: {footprint}, {period}, log size {log_size}"));
        }
        page.blank();
        text(&self.difference, page);
    }
}

/// The totals and the flows that changed most.
pub fn text(found: &Difference, page: &mut Page) {
    page.table(
        &["kg CO2e per declared unit", ">value"],
        &[
            vec![format!("before, {}", found.boundary), found.before.to_string()],
            vec!["after".to_owned(), found.after.to_string()],
            vec!["difference".to_owned(), signed(found.change)],
            vec!["  by activity (amounts, yields)".to_owned(), signed(found.split.activity)],
            vec!["  by factors and suppliers".to_owned(), signed(found.split.factor)],
            vec!["  by inputs inside a loop".to_owned(), signed(found.split.inputs)],
            vec!["  by rounding".to_owned(), signed(found.rounding)],
        ],
    );
    if found.lines.is_empty() {
        return;
    }
    page.blank();
    let mut headers = vec!["flow", "process", ">before", ">after", ">by activity", ">by factors"];
    let looped = found.lines.iter().any(|line| !line.split.inputs.is_zero());
    headers.extend(looped.then_some(">by inputs"));
    headers.push("source");
    let rows: Vec<_> = found.lines.iter().take(LINES_MAX).map(|line| row(line, looped)).collect();
    page.table(&headers, &rows);
    let more = found.lines.len().saturating_sub(LINES_MAX);
    if more > 0 {
        page.line(format!("and {more} smaller changes (--format json has all)"));
    }
}

fn row(line: &DifferenceLine, looped: bool) -> Vec<String> {
    let value = |kg: Option<Co2e>| kg.map_or_else(|| "none".to_owned(), |kg| kg.to_string());
    let mut row = vec![line.flow(), format!("{}: {}", line.stage, line.process)];
    row.extend([
        value(line.before),
        value(line.after),
        signed(line.split.activity),
        signed(line.split.factor),
    ]);
    row.extend(looped.then(|| signed(line.split.inputs)));
    let ids = |list: &Vec<ContributionSource>| {
        list.iter().map(ContributionSource::id).collect::<Vec<_>>().join(", ")
    };
    let [before, after] = [&line.sources_before, &line.sources_after].map(ids);
    row.push(match (before == after, before.is_empty(), after.is_empty()) {
        (true, ..) | (_, _, true) => before,
        (_, true, _) => after,
        _ => format!("{before} -> {after}"),
    });
    row
}

fn signed(kg: Co2e) -> String {
    if kg.quanta() > 0 { format!("+{kg}") } else { kg.to_string() }
}
