//! `pcf audit`: the whole ledger again, from its segments alone.

use std::path::PathBuf;

use pcf_ledger::audit::{self, Severity};
use pcf_ledger::model::StatementId;
use serde::Serialize;

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::output::{Page, Report};
use crate::progress::Progress;

/// Checks the whole ledger again: every hash, seal, right and root, and every published figure
///
/// Trusts neither the index nor anything that was checked before; repairs nothing. Every finding names its check and its place. Exit code 1 where one
/// weighs.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf --ledger my-ledger audit --checkpoint keys/log.pem.checkpoint\n\n\
    JSON: {verdict, ledgerId, size, root, statements, publications, checks: [{check, asks, lookedAt}], findings: [{check, weighs, place, message}]}")]
pub struct Args {
    /// A signed checkpoint kept elsewhere that the ledger must agree with; may be given several times
    #[arg(long = "checkpoint", value_name = "FILE")]
    checkpoints: Vec<PathBuf>,
}

/// A checkpoint is a short text.
const CHECKPOINT_BYTES_MAX: u64 = 1 << 20;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Audited {
    verdict: &'static str,
    ledger_id: StatementId,
    size: u64,
    root: String,
    statements: u64,
    publications: u64,
    checks: Vec<Line>,
    findings: Vec<Found>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    check: &'static str,
    asks: &'static str,
    looked_at: u64,
}

#[derive(Serialize)]
struct Found {
    check: &'static str,
    weighs: bool,
    place: String,
    message: String,
}

pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let mut elsewhere = Vec::new();
    for path in &args.checkpoints {
        elsewhere.push((path.display().to_string(), context.load(path, CHECKPOINT_BYTES_MAX)?));
    }
    let mut progress = Progress::new(context, "auditing", 0);
    let report = audit::directory(&context.dir, elsewhere, &mut |done, total| progress.set(done, total))?;
    drop(progress);
    let asks = |name: &str| {
        audit::CHECKS.iter().find(|(n, _)| *n == name).map(|(_, asks)| *asks).unwrap_or_default()
    };
    let holds = report.holds();
    context.output.report(&Audited {
        verdict: if holds { "holds" } else { "does not hold" },
        ledger_id: report.ledger_id,
        size: report.size,
        root: pcf_ledger::model::Digest::from_bytes(report.root).to_string(),
        statements: report.statements,
        publications: report.publications,
        checks: report
            .checks
            .iter()
            .map(|(check, looked_at)| Line { check, asks: asks(check), looked_at: *looked_at })
            .collect(),
        findings: report
            .findings
            .into_iter()
            .map(|f| Found {
                check: f.check,
                weighs: f.severity == Severity::Error,
                place: f.place,
                message: f.message,
            })
            .collect(),
    })?;
    Ok(if holds { Outcome::Done } else { Outcome::No })
}

impl Report for Audited {
    fn text(&self, page: &mut Page) {
        page.heading(&format!("Ledger {}", self.ledger_id));
        page.line(format!(
            "{} submissions, {} statements, {} publications calculated again",
            self.size, self.statements, self.publications
        ));
        page.blank();
        for line in &self.checks {
            let found = self.findings.iter().filter(|f| f.check == line.check && f.weighs).count();
            let mark = match (found, line.looked_at) {
                (0, 0) => "nothing".to_owned(),
                (0, _) => page.verdict(true, "holds  "),
                _ => page.verdict(false, "FAILS  "),
            };
            page.line(format!("{mark}  {} ({} looked at): {}", line.check, line.looked_at, line.asks));
        }
        for found in &self.findings {
            page.blank();
            let weight = if found.weighs { "error" } else { "notice" };
            page.line(format!("{weight}  {}, {}: {}", found.check, found.place, found.message));
        }
        page.blank();
        let verdict = page.verdict(self.verdict == "holds", self.verdict);
        page.line(verdict);
    }
}
