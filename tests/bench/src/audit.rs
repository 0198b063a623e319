//! A full audit: every frame, hash, seal, rule and root again from the segments alone.

use std::path::Path;
use std::time::Instant;

use crate::process::{self, Numbers, median};
use crate::table::Line;
use crate::{Args, Fail, open};

pub fn run(args: &Args) -> Result<Vec<Line>, Fail> {
    open::ready(args)?;
    let dir = args.dir.join("ledger").to_string_lossy().into_owned();
    let mut runs = Vec::new();
    for _ in 0..args.rounds {
        runs.push(process::run(&["audit", &dir])?);
    }
    let of = |name: &str| median(runs.iter().map(|run| run[name]).collect());
    let what = "full audit, statements a second on 2 cores";
    Ok(vec![Line::at_least(what, of("per_s"), "/s", 500_000.0).peak(of("peak_mb"))])
}

#[allow(clippy::cast_precision_loss, reason = "counts of a benchmark stay far below 2^53")]
pub fn child(rest: &[&str]) -> Result<Numbers, Fail> {
    let [dir] = rest else { return Err("audit DIR".into()) };
    let start = Instant::now();
    let report = pcf_ledger::audit::directory(Path::new(dir), Vec::new(), &mut |_, _| {})?;
    let seconds = start.elapsed().as_secs_f64();
    if !report.holds() {
        return Err(format!("the audit found {} things", report.findings.len()).into());
    }
    Ok(Numbers::from([("per_s".into(), report.statements as f64 / seconds)]))
}
