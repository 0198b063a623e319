//! A full audit: every frame, hash, seal, rule and root again from the segments alone. In turns with it, what the least that any audit has to
//! do takes on this machine at this hour: to parse each statement, encode it again, compare and hash it, with `serde_json` and `sha2`.

use std::path::Path;
use std::time::Instant;

use sha2::{Digest as _, Sha256};

use crate::process::{self, Numbers, median};
use crate::table::Line;
use crate::{Args, Fail, data, open};

/// How many times as many statements the longer ledger has, about the same products.
const LONGER: u64 = 4;
/// Statements that are parsed, encoded again and hashed.
const LEAST_COUNT: u64 = 50_000;

pub fn run(args: &Args) -> Result<Vec<Line>, Fail> {
    open::ready(args)?;
    let dir = args.dir.join("ledger").to_string_lossy().into_owned();
    let longer = args.dir.join("longer").to_string_lossy().into_owned();
    let (count, products) = (args.count * LONGER, data::products(args.count));
    process::run(&["open", "fill", &longer, &count.to_string(), &products.to_string()])?;
    let (mut runs, mut least) = (Vec::new(), Vec::new());
    for _ in 0..args.rounds {
        runs.push(process::run(&["audit", &dir])?);
        least.push(process::run(&["audit", "least"])?);
    }
    let longer = process::run(&["audit", &longer])?;
    let of = |runs: &[Numbers], name: &str| median(runs.iter().map(|run| run[name]).collect());
    let (audit, least) = (of(&runs, "per_s"), of(&least, "us"));
    let what = "full audit, statements a second on 2 cores";
    Ok(vec![
        Line::at_least(what, audit, "/s", 500_000.0).peak(of(&runs, "peak_mb")),
        Line::plain(
            "a statement parsed, encoded again and hashed by serde_json and sha2 alone, one core",
            least,
            "us",
        ),
        Line::plain("full audit over what both cores do of that alone", audit * least / 2e6, "times"),
        Line::plain(
            &format!("full audit of {LONGER} times as many statements of the same products"),
            longer["per_s"],
            "/s",
        )
        .peak(longer["peak_mb"]),
    ])
}

#[allow(clippy::cast_precision_loss, reason = "counts of a benchmark stay far below 2^53")]
pub fn child(rest: &[&str]) -> Result<Numbers, Fail> {
    let [dir] = rest else { return Err("audit DIR".into()) };
    if *dir == "least" {
        return least();
    }
    let start = Instant::now();
    let report = pcf_ledger::audit::directory(Path::new(dir), Vec::new(), &mut |_, _| {})?;
    let seconds = start.elapsed().as_secs_f64();
    if !report.holds() {
        return Err(format!("the audit found {} things", report.findings.len()).into());
    }
    Ok(Numbers::from([("per_s".into(), report.statements as f64 / seconds)]))
}

#[allow(clippy::cast_precision_loss, reason = "counts of a benchmark stay far below 2^53")]
fn least() -> Result<Numbers, Fail> {
    let rows: Vec<_> = (0..LEAST_COUNT).map(|n| data::row(n, data::products(LEAST_COUNT))).collect();
    let start = Instant::now();
    let mut hashes = Vec::with_capacity(rows.len());
    for row in &rows {
        let value: serde_json::Value = serde_json::from_slice(&row.bytes)?;
        if serde_json::to_vec(&value)? != row.bytes {
            return Err("another spelling".into());
        }
        hashes.push(Sha256::new().chain_update([0]).chain_update(&row.bytes).finalize());
    }
    let us = start.elapsed().as_secs_f64() * 1e6 / hashes.len() as f64;
    Ok(Numbers::from([("us".into(), us)]))
}
