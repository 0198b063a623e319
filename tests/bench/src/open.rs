//! Opening a ledger whose writer was killed in the middle of its work: for writing (with recovery) and for reading.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::ProductId;

use crate::process::{self, Numbers, median};
use crate::table::Line;
use crate::{Args, Fail, data, ingest};

pub fn run(args: &Args) -> Result<Vec<Line>, Fail> {
    let dir = args.dir.join("ledger");
    let name = dir.to_string_lossy().into_owned();
    ready(args)?;
    let (mut writing, mut reading) = (Vec::new(), Vec::new());
    for _ in 0..args.rounds.max(3) {
        killed_writer(&name)?;
        reading.push(process::run(&["open", "read", &name])?);
        writing.push(process::run(&["open", "write", &name])?);
        reading.push(process::run(&["open", "read", &name])?);
    }
    let of = |runs: &[Numbers], name: &str| median(runs.iter().map(|run| run[name]).collect());
    let statements = crate::table::short(of(&writing, "statements"));
    let line = |what: &str, runs: &[Numbers]| {
        let what = format!("open for {what} after kill -9, {statements} statements");
        Line::at_most(&what, of(runs, "seconds"), "s", 0.5).peak(of(runs, "peak_mb"))
    };
    let query = Line::plain(
        "the statements of one product out of all, first question",
        of(&writing, "query_ms"),
        "ms",
    );
    let again = Line::plain("the same from memory, as a reader asks", of(&reading, "query_ms"), "ms");
    Ok(vec![line("writing", &writing), line("reading", &reading), query, again])
}

/// The ledger that this measurement and the audit read, made once.
pub fn ready(args: &Args) -> Result<(), Fail> {
    let dir = args.dir.join("ledger");
    if !dir.exists() {
        let (count, products) = (args.count.to_string(), data::products(args.count).to_string());
        process::run(&["open", "fill", &dir.to_string_lossy(), &count, &products])?;
    }
    Ok(())
}

/// Lets a child append until it has answered some submissions, and kills it.
fn killed_writer(dir: &str) -> Result<(), Fail> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(["child", "open", "append", dir])
        .stdout(Stdio::piped())
        .spawn()?;
    let mut lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
    for _ in 0..50 {
        lines.next().ok_or("the writer ended")??;
    }
    child.kill()?; // SIGKILL
    child.wait()?;
    Ok(())
}

pub fn child(rest: &[&str]) -> Result<Numbers, Fail> {
    match rest {
        ["fill", dir, count, products] => ingest::ledger(count.parse()?, products.parse()?, Path::new(dir)),
        ["append", dir] => forever(Path::new(dir)),
        ["write", dir] => {
            let start = Instant::now();
            let ledger = Ledger::open(Path::new(dir), &data::holder())?;
            let seconds = start.elapsed().as_secs_f64();
            numbers(&ledger, seconds)
        }
        ["read", dir] => {
            let start = Instant::now();
            let ledger = Ledger::read(Path::new(dir))?;
            let seconds = start.elapsed().as_secs_f64();
            numbers(&ledger, seconds)
        }
        _ => Err("open fill|append|write|read DIR".into()),
    }
}

#[allow(clippy::cast_precision_loss, reason = "counts of a benchmark stay far below 2^53")]
fn numbers<S: pcf_ledger::store::Reader>(ledger: &Ledger<S>, seconds: f64) -> Result<Numbers, Fail> {
    let statements = ledger.book().statements() as f64;
    let product: ProductId = data::row(0, 1).product.parse()?;
    let start = Instant::now();
    let found = ledger.inventory_of(&[product])?.activities.len() as f64;
    Ok(Numbers::from([
        ("seconds".into(), seconds),
        ("statements".into(), statements),
        ("found".into(), found),
        ("query_ms".into(), 1e3 * start.elapsed().as_secs_f64()),
    ]))
}

/// Appends single statements until it is killed; one line for each answer.
fn forever(dir: &Path) -> Result<Numbers, Fail> {
    let mut ledger = Ledger::open(dir, &data::holder())?;
    let ledger_id = *ledger.id().as_bytes();
    // Numbers that no earlier run had.
    let mut number = 1_000_000_000 + ledger.size() * 1_000;
    loop {
        let row = data::spare(number);
        let (seal, _) = data::seal(ledger_id, std::slice::from_ref(&row))?;
        let submission = pcf_ledger::ledger::Submission { seal, statements: vec![row.bytes] };
        ledger.submit(&submission)?;
        number += 1;
        println!("{number}");
        std::io::stdout().flush()?;
    }
}
