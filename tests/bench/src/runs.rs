//! The derived runs: flushing and merging them, opening them, and looking up tags and rows in them.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use pcf_ledger::codec::digest::sha256;
use pcf_ledger::merkle::{Frontier, leaf_hash};
use pcf_ledger::runs::{Batch, Posting, Runs, SealRow, StatementRow, Writer};
use pcf_ledger::store::medium::Disk;
use pcf_ledger::store::{Head, Position};

use crate::process::{self, Numbers, median};
use crate::table::Line;
use crate::{Args, Fail};

const ID: [u8; 32] = [7; 32];
/// Runs that the lookups go over.
const RUNS: u32 = 6;
/// Statements of one flush of a busy writer, and postings of each statement.
const FLUSH: u32 = 65_536;
const FLUSH_POSTINGS: u32 = 6;
const POSTINGS: u32 = 5;
/// Statements under one seal.
const SEALED: u32 = 4;
const LOOKUPS: u32 = 200_000;

pub fn run(args: &Args) -> Result<Vec<Line>, Fail> {
    let count = args.count.to_string();
    let name = |what: &str| args.dir.join(what).to_string_lossy().into_owned();
    let (six, flushed) = (name("runs-6"), name("runs-flushed"));
    process::run(&["runs", "fill", &six, &count])?;
    let (mut asked, mut flushes) = (Vec::new(), Vec::new());
    for _ in 0..args.rounds {
        asked.push(process::run(&["runs", "ask", &six])?);
        flushes.push(process::run(&["runs", "flush", &flushed])?);
    }
    let of = |all: &[Numbers], name: &str| median(all.iter().map(|run| run[name]).collect());
    let postings = crate::table::short(of(&asked, "postings"));
    Ok(vec![
        Line::at_most("open the derived runs for reading", of(&asked, "open_ms"), "ms", 1.0)
            .peak(of(&asked, "opened_mb")),
        Line::at_most(
            &format!("one tag of {postings} in {RUNS} runs, any, from the page cache"),
            of(&asked, "find_us"),
            "us",
            5.0,
        )
        .peak(of(&asked, "peak_mb")),
        Line::at_most("one tag of 1,000 that are asked for often", of(&asked, "often_us"), "us", 5.0),
        Line::at_most("one tag that there is not", of(&asked, "absent_us"), "us", 5.0),
        Line::plain("one statement by number", of(&asked, "statement_us"), "us"),
        Line::at_most("disk per statement with 5 postings", of(&asked, "bytes"), "bytes", 200.0),
        Line::plain("all tags in one pass", of(&asked, "all_ms"), "ms"),
        Line::plain("all statements in order", of(&asked, "scan_ms"), "ms"),
        Line::at_most("flush of 65,536 statements with 6 postings", of(&flushes, "flush_ms"), "ms", 150.0),
        Line::plain("merge of 8 such runs", of(&flushes, "merge_ms"), "ms").peak(of(&flushes, "peak_mb")),
    ])
}

fn tag(key: u32) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = sha256(&[&key.to_be_bytes()]);
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// The next statements; each has tags of its own.
fn batch(from: u32, count: u32, postings: u32, frontier: &mut Frontier) -> Batch {
    let (mut seals, mut leaves) = (Vec::new(), Vec::new());
    let old = frontier.size();
    let row = |number: u32| StatementRow {
        id: sha256(&[b"id", &number.to_be_bytes()]),
        subject: sha256(&[b"subject", &number.to_be_bytes()]),
        position: Position::from_bytes([1; 16]),
        index: u64::from(number / SEALED),
        ordinal: number % SEALED,
        kind: 0,
        by: 0,
        replaces: None,
    };
    for first in (from..from + count).step_by(SEALED as usize) {
        let leaf = leaf_hash(&first.to_be_bytes());
        frontier.push(leaf);
        leaves.push(leaf);
        seals.push(SealRow { leaf, end: Position::from_bytes([1; 16]), first });
    }
    let tiles = frontier.size() / 256 - old / 256;
    let tags = (from * postings..(from + count) * postings).map(|key| (tag(key), key / postings));
    Batch {
        statements: (from..from + count).map(row).collect(),
        seals,
        // Roots of tiles only take room here.
        tiles: vec![[1; 32]; usize::try_from(tiles).unwrap_or(0)],
        postings: tags.map(|(tag, number)| Posting { tag, number }).collect(),
        ended: Vec::new(),
        new_names: if from == 0 { vec!["acme".into()] } else { Vec::new() },
        head: Head { size: frontier.size(), root: frontier.root(), position: Position::from_bytes([1; 16]) },
        frontier: frontier.clone(),
    }
}

pub fn child(rest: &[&str]) -> Result<Numbers, Fail> {
    match rest {
        ["fill", dir, count] => fill(Path::new(dir), count.parse()?),
        ["ask", dir] => ask(Path::new(dir)),
        ["flush", dir] => flush(Path::new(dir)),
        _ => Err("runs fill|ask|flush DIR".into()),
    }
}

fn fill(dir: &Path, count: u32) -> Result<Numbers, Fail> {
    let (mut writer, _) = Writer::open(dir, &ID, Arc::new(Disk))?;
    let mut frontier = Frontier::new();
    let each = (count / RUNS).max(SEALED) / SEALED * SEALED;
    for run in 0..RUNS {
        writer.flush(batch(run * each, each, POSTINGS, &mut frontier))?;
    }
    Ok(Numbers::new())
}

fn flush(dir: &Path) -> Result<Numbers, Fail> {
    let (mut writer, _) = Writer::open(dir, &ID, Arc::new(Disk))?;
    writer.reset()?;
    let (mut frontier, mut times) = (Frontier::new(), Vec::new());
    for run in 0..8 {
        let batch = batch(run * FLUSH, FLUSH, FLUSH_POSTINGS, &mut frontier);
        let start = Instant::now();
        writer.flush(batch)?;
        times.push(1e3 * start.elapsed().as_secs_f64());
    }
    let start = Instant::now();
    if !writer.merge_step()? {
        return Err("expected a merge of eight runs".into());
    }
    let merge_ms = 1e3 * start.elapsed().as_secs_f64();
    Ok(Numbers::from([("flush_ms".into(), median(times)), ("merge_ms".into(), merge_ms)]))
}

/// Microseconds of one call, of many.
fn each_us<E: Into<Fail>>(mut call: impl FnMut(u32) -> Result<(), E>) -> Result<f64, Fail> {
    let start = Instant::now();
    for n in 0..LOOKUPS {
        call(n).map_err(Into::into)?;
    }
    Ok(1e6 * start.elapsed().as_secs_f64() / f64::from(LOOKUPS))
}

fn ask(dir: &Path) -> Result<Numbers, Fail> {
    let before_mb = process::memory_mb()?;
    let start = Instant::now();
    let runs = Runs::open_reader(dir, &ID)?.ok_or("no runs")?;
    let open_ms = 1e3 * start.elapsed().as_secs_f64();
    runs.find(tag(1))?;
    let opened_mb = process::memory_mb()? - before_mb;
    let statements = runs.statements();
    let keys = statements * POSTINGS;
    // Far apart, so that blocks are not shared by neighbouring questions.
    let spread = |n: u32, of: u32| (u64::from(n) * 2_654_435_761 % u64::from(of)) as u32;
    let found = |key: u32| {
        let numbers = runs.find(tag(key)).map_err(|error| error.to_string())?;
        if numbers == [key / POSTINGS] { Ok(()) } else { Err(format!("{numbers:?} for {key}")) }
    };
    let hash_us = each_us(|n| -> Result<(), String> {
        std::hint::black_box(tag(n));
        Ok(())
    })?;
    let find_us = each_us(|n| found(spread(n, keys)))? - hash_us;
    let often_us = each_us(|n| found(spread(n % 1_000, keys)))? - hash_us;
    let absent_us = each_us(|n| runs.find(tag(u32::MAX - n)).map(drop))? - hash_us;
    let statement_us = each_us(|n| runs.statement(spread(n, statements)).map(drop))?;
    let mut tags: Vec<u64> = (0..keys).map(tag).collect();
    tags.sort_unstable();
    let (start, mut count) = (Instant::now(), 0_u32);
    runs.find_all(&tags, |_, _| count += 1)?;
    let all_ms = 1e3 * start.elapsed().as_secs_f64();
    let start = Instant::now();
    let scanned = runs.statements_from(0).try_fold(0_u32, |sum, row| row.map(|_| sum + 1))?;
    let scan_ms = 1e3 * start.elapsed().as_secs_f64();
    if (scanned, count) != (statements, keys) {
        return Err(format!(
            "expected {statements} statements and {keys} postings, got {scanned} and {count}"
        )
        .into());
    }
    Ok(Numbers::from([
        ("open_ms".into(), open_ms),
        ("opened_mb".into(), opened_mb),
        ("postings".into(), f64::from(keys)),
        ("find_us".into(), find_us),
        ("often_us".into(), often_us),
        ("absent_us".into(), absent_us),
        ("statement_us".into(), statement_us),
        ("all_ms".into(), all_ms),
        ("scan_ms".into(), scan_ms),
        ("bytes".into(), runs.bytes() as f64 / f64::from(statements)),
    ]))
}
