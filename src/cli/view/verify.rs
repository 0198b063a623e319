//! What a proof says and check by check what of it holds, as text.

use pcf_desk::questions::{ProofAnswer, ProofAnswers};
use pcf_ledger::model::ActorId;
use pcf_ledger::proof::{Assured, Completeness, Outcome, Standing, Verdict};

use crate::output::{Page, Report};

impl Report for ProofAnswers {
    fn text(&self, page: &mut Page) {
        for (n, answer) in self.proofs.iter().enumerate() {
            if n > 0 {
                page.blank();
            }
            proof(answer, page);
        }
    }
}

fn proof(answer: &ProofAnswer, page: &mut Page) {
    let ProofAnswer { file, report, .. } = answer;
    let publication = &report.publication;
    let figures = &publication.figures;
    page.line(file);
    if report.is_draft() {
        page.heading("DRAFT: for assurance and comment; the publisher does not stand by these figures yet");
    }
    page.heading(&format!("{} footprint {}", publication.status, publication.footprint));
    let mut pairs = vec![
        ("product", publication.product.to_string()),
        ("published by", report.publisher_name().to_owned()),
        ("period", publication.period.to_string()),
        ("to the gate", format!("{} kg CO2e per declared unit", figures.gate.excluding_uptake)),
    ];
    pairs.extend(
        figures
            .grave
            .as_ref()
            .map(|set| set.excluding_uptake)
            .map(|g| ("to the grave", format!("{g} kg CO2e per declared unit"))),
    );
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
    page.blank();
    let verdict = page.verdict(report.verdict() == Verdict::Holds, report.verdict_words());
    page.line(verdict);
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
    format!("{complete}{used} of {all} statements, as of size {size}; {}", whose(found.vouched_by()))
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
    format!("{said}; {}", whose(found.vouched_by()))
}

fn whose(vouched_by: Option<&ActorId>) -> String {
    match vouched_by {
        Some(by) => format!("the operator’s claim, vouched for by `{by}`"),
        None => "the operator’s claim".to_owned(),
    }
}
