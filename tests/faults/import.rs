//! A small import, and the conditions that its ledger must meet after any fault.

use std::path::Path;
use std::time::{Duration, Instant};

use pcf_ledger::audit;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::store::Holder;
use pcf_testing::desk::Desk;
use serde_json::Value;

use crate::PCF;

/// Statements of the import.
pub const STATEMENTS: usize = 6;
/// Statements of each of its submissions.
pub const BATCH: usize = 2;

/// A desk whose ledger `led` has what the import `many.csv` needs; the rows differ in their batch.
pub fn desk() -> Desk {
    let desk = Desk::with_product(PCF);
    desk.rows("many.csv", "B", STATEMENTS);
    desk
}

pub fn arguments(file: &str, ledger: &str) -> Vec<String> {
    let batch = BATCH.to_string();
    ["record", file, "--sign-with", "acme.pem", "--batch-size", &batch, "--ledger", ledger]
        .map(str::to_owned)
        .to_vec()
}

/// The indices that were answered.
pub fn answered(out: &str) -> Vec<u64> {
    // A line that was cut off in writing is no answer.
    let whole = out.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let index = |line: &str| line.strip_prefix("index ")?.split_once(':')?.0.parse().ok();
    whole.lines().filter_map(index).collect()
}

/// Opens for writing, and holds that everything answered is there, nothing is there by halves, and an audit finds nothing.
/// Returns the size.
pub fn check(ledger: &Path, before: u64, answered: &[u64]) -> Result<u64, String> {
    let holder = Holder { label: "a test".into(), started: "now".into() };
    let opened = Ledger::open(ledger, &holder).map_err(|e| format!("it does not open: {e}"))?;
    let size = opened.size();
    if let Some(lost) = answered.iter().find(|index| **index >= size) {
        return Err(format!("index {lost} was answered, the size is {size}"));
    }
    // Answers may be lost on their way out, and the import is written as a whole.
    let most = before + answered.len().max(STATEMENTS / BATCH) as u64;
    if size > most {
        return Err(format!("{size} submissions, {most} at most were handed in"));
    }
    for index in before..size {
        let submission = opened.submission(index).map_err(|e| format!("index {index}: {e}"))?;
        let leaves: Vec<_> =
            submission.statements.iter().map(|s| pcf_ledger::codec::statement_leaf(s)).collect();
        submission.seal.check_statements(&leaves).map_err(|e| format!("index {index}: {e}"))?;
        if leaves.len() != BATCH {
            return Err(format!("half a submission at index {index}: {} statements", leaves.len()));
        }
    }
    drop(opened);
    let report =
        audit::directory(ledger, Vec::new(), &mut |_, _| {}).map_err(|e| format!("no audit: {e}"))?;
    match report.findings.iter().find(|finding| finding.severity == audit::Severity::Stops) {
        Some(finding) => Err(format!("the audit finds at {}: {}", finding.about, finding.sentence)),
        None if report.size == size => Ok(size),
        None => Err(format!("the audit saw {} of {size} submissions", report.size)),
    }
}

/// Runs a line for its JSON, again while the ledger is held: a process that another thread starts
/// holds for a moment the locks that this one had.
pub fn json_in_turn(desk: &Desk, line: &str) -> Value {
    let deadline = Instant::now() + Duration::from_secs(60);
    while Instant::now() < deadline {
        let ran = desk.pcf(&format!("{line} --format json"));
        if !ran.err.contains("held by another writer") {
            return serde_json::from_str(&ran.ok()).unwrap();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{line}: the ledger was held for a minute");
}
