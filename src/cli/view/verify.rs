//! What a proof says and what of it holds, as text: the verdict and three lines, or check by check.

use pcf_desk::questions::{ProofAnswer, ProofAnswers};
use pcf_ledger::model::{ActorId, Interval};
use pcf_ledger::proof::{Assured, Completeness, Outcome, Report as Verified, Standing, Verdict};
use serde::Serialize;

use crate::output::{Page, Report};

/// What proofs say, and how much of it is shown.
#[derive(Debug, Serialize)]
pub struct Shown {
    /// What was found; JSON has all of it always.
    #[serde(flatten)]
    pub answers: ProofAnswers,
    /// Shows every check.
    #[serde(skip)]
    pub details: bool,
}

impl Report for Shown {
    fn text(&self, page: &mut Page) {
        for (n, answer) in self.answers.proofs.iter().enumerate() {
            if n > 0 {
                page.blank();
            }
            let report = &answer.report;
            let verdict = page.verdict(report.verdict() == Verdict::Holds, report.verdict_words());
            page.line(verdict);
            if self.details { proof(answer, page) } else { short(answer, page) }
        }
    }
}

/// What was proven, the figure, how it stands; and every check that fails.
fn short(answer: &ProofAnswer, page: &mut Page) {
    let ProofAnswer { file, report, .. } = answer;
    let publication = &report.publication;
    page.line(format!("{file}: {} footprint {}", publication.status, publication.footprint));
    if report.is_draft() {
        page.line("DRAFT: for assurance and comment; the publisher does not stand by these figures yet");
    }
    let reach = if publication.figures.grave.is_some() { "grave" } else { "gate" };
    let kg = figure(report, reach);
    let (product, by) = (&publication.product, report.publisher_name());
    let period = publication.period;
    page.line(format!("{kg} kg CO2e per declared unit to the {reach}, {product}, {period}, by {by}"));
    let mut said: Vec<String> = report.standing.iter().map(standing).collect();
    said.extend(report.completeness.as_ref().map(completeness));
    if said.is_empty() {
        said.push("this file carries no state: that nothing was left out or taken back is not shown".into());
    }
    said.push(counts(report));
    page.line(said.join("; "));
    for assured in &report.assurances {
        opinion(assured, page);
    }
    for check in &report.checks {
        if let Outcome::Fails(_) = check.outcome {
            let mark = page.verdict(false, "FAILS");
            page.line(format!("{mark}  {}: {}", check.name, check.said()));
        }
    }
}

/// A figure: exactly, or between what it lies.
fn figure(report: &Verified, reach: &str) -> String {
    if let Some(rounded) = &report.rounded {
        let set = rounded.grave.as_ref().filter(|_| reach == "grave").unwrap_or(&rounded.gate);
        let Interval { low, high } = set.excluding_uptake;
        return format!("{low} to {high}");
    }
    let figures = &report.publication.figures;
    let set = figures.grave.as_ref().filter(|_| reach == "grave").unwrap_or(&figures.gate);
    set.excluding_uptake.to_string()
}

fn counts(report: &Verified) -> String {
    let count = |is: fn(&Outcome) -> bool| report.checks.iter().filter(|check| is(&check.outcome)).count();
    let holds = count(|outcome| matches!(outcome, Outcome::Holds));
    let open = count(|outcome| matches!(outcome, Outcome::NotChecked(_)));
    let fails = report.checks.len() - holds - open; // OK because both are counts of the same checks.
    let fails = if fails == 0 { String::new() } else { format!(", {fails} fail") };
    format!("{holds} checks hold{fails}, {open} not made (--details)")
}

fn proof(answer: &ProofAnswer, page: &mut Page) {
    let ProofAnswer { file, report, .. } = answer;
    let publication = &report.publication;
    page.line(file);
    if report.is_draft() {
        page.heading("DRAFT: for assurance and comment; the publisher does not stand by these figures yet");
    }
    page.heading(&format!("{} footprint {}", publication.status, publication.footprint));
    let mut pairs = vec![
        ("product", publication.product.to_string()),
        ("published by", report.publisher_name().to_owned()),
        ("period", publication.period.to_string()),
        ("to the gate", format!("{} kg CO2e per declared unit", figure(report, "gate"))),
    ];
    if publication.figures.grave.is_some() {
        pairs.push(("to the grave", format!("{} kg CO2e per declared unit", figure(report, "grave"))));
    }
    pairs.push(("ledger", format!("{}, {} submissions", report.ledger_id, report.checkpoint_size)));
    pairs.extend(report.standing.as_ref().map(|found| ("standing", standing(found))));
    pairs.extend(report.completeness.as_ref().map(|found| ("used", completeness(found))));
    page.pairs(&pairs);
    for assured in &report.assurances {
        opinion(assured, page);
    }
    page.blank();
    for check in &report.checks {
        let mark = match check.outcome {
            Outcome::Holds => page.verdict(true, "holds      "),
            Outcome::Fails(_) => page.verdict(false, "FAILS      "),
            Outcome::NotChecked(_) => "not checked".to_owned(),
        };
        page.line(format!("{mark}  {}: {}", check.name, check.said()));
    }
}

fn opinion(assured: &Assured, page: &mut Page) {
    let name = assured.name.as_ref();
    let name = name.map_or_else(|| assured.by.to_string(), |name| format!("{name} ({})", assured.by));
    let own = if assured.counts() { "" } else { "; does not count for these figures" };
    page.sentence(format!(
        "assurance: {name}, key {}: {}, {} opinion, {}, log of size {} examined{own}",
        assured.known.as_str(),
        assured.level,
        assured.opinion,
        assured.standard,
        assured.log.size
    ));
    for finding in &assured.findings {
        page.sentence(format!("  finding: {finding}"));
    }
}

fn completeness(found: &Completeness) -> String {
    let Completeness { size, used, all, .. } = found;
    let complete = if used == all { "complete: " } else { "" };
    let hidden = if found.hides_sources { ", without hidden factors and suppliers" } else { "" };
    format!("{complete}{used} of {all} statements{hidden}, as of size {size}; {}", whose(found.vouched_by()))
}

fn standing(found: &Standing) -> String {
    let size = found.size;
    let said = match &found.superseded_by {
        Some((_, later)) => format!("superseded by {later}, as of size {size}"),
        None if found.is_current => format!("current as of size {size}"),
        None if found.used_ended.is_empty() => format!("not taken back as of size {size}"),
        None => format!(
            "not taken back as of size {size}, but {} used statements no longer hold",
            found.used_ended.len()
        ),
    };
    let hidden = if found.hides_sources { ", hidden factors and suppliers not spoken of" } else { "" };
    format!("{said}{hidden}; {}", whose(found.vouched_by()))
}

fn whose(vouched_by: Option<&ActorId>) -> String {
    match vouched_by {
        Some(by) => format!("the operator’s claim, vouched for by `{by}`"),
        None => "the operator’s claim".to_owned(),
    }
}
