//! Ingest: signed activity statements in submissions of 1,000, each durable before its sender's next. Every engine hashes and signs; ours
//! also parses every statement, verifies the seal and judges by the rules, which the peers do not. Both cores are there for every engine:
//! ours has two senders, the peers, who write one at a time, have hashing and signing done ahead.

use std::path::Path;
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use pcf_ledger::ledger::{Ledger, Shared, Submission};

use crate::data::{self, BATCH, Row};
use crate::peers::{Fjall, Peer, Redb, Sled, Sqlite};
use crate::process::{Numbers, disk_bytes, median};
use crate::table::Line;
use crate::{Args, Fail, process};

/// Who submits at the same time.
const SENDERS: usize = 2;
const PEERS: [(&str, Option<f64>); 4] =
    [("sqlite", Some(4.0)), ("sled", Some(15.0)), ("redb", None), ("fjall", None)];

pub fn run(args: &Args) -> Result<Vec<Line>, Fail> {
    let count = args.count.to_string();
    let dir = args.dir.join("ingest");
    let measure = |engine: &str| -> Result<Numbers, Fail> {
        let numbers = process::run(&["ingest", engine, &count, &dir.to_string_lossy()])?;
        std::fs::remove_dir_all(&dir)?;
        Ok(numbers)
    };
    let mut ours = Vec::new();
    let measured = if args.peers { &PEERS[..] } else { &[] };
    let mut peers: Vec<Vec<Numbers>> = measured.iter().map(|_| Vec::new()).collect();
    for _ in 0..args.rounds {
        if measured.is_empty() {
            ours.push(measure("ledger")?);
        }
        for ((engine, _), runs) in measured.iter().zip(&mut peers) {
            ours.push(measure("ledger")?);
            runs.push(measure(engine)?);
        }
    }
    let of = |runs: &[Numbers], name: &str| median(runs.iter().map(|run| run[name]).collect());
    let rate = of(&ours, "per_s");
    let mut lines = vec![
        Line::at_most("ingest: peak memory of a whole import", of(&ours, "peak_mb"), "MB", 600.0)
            .peak(of(&ours, "peak_mb")),
        Line::plain("ingest: statements a second, durable, signed, judged", rate, "/s")
            .peak(of(&ours, "peak_mb")),
    ];
    for ((engine, budget), runs) in measured.iter().zip(&peers) {
        let what = format!("ingest: ours over {engine} ({} /s)", crate::table::short(of(runs, "per_s")));
        let times = rate / of(runs, "per_s");
        let line = match budget {
            Some(budget) => Line::at_least(&what, times, "times", *budget),
            None => Line::plain(&what, times, "times"),
        };
        lines.push(line.peak(of(runs, "peak_mb")));
    }
    lines.push(Line::at_most("disk over canonical JSON", of(&ours, "disk_ratio"), "times", 1.4));
    for ((engine, _), runs) in measured.iter().zip(&peers) {
        lines.push(Line::plain(
            &format!("disk over canonical JSON: {engine}"),
            of(runs, "disk_ratio"),
            "times",
        ));
    }
    Ok(lines)
}

pub fn child(rest: &[&str]) -> Result<Numbers, Fail> {
    let [engine, count, dir] = rest else { return Err("ingest ENGINE COUNT DIR".into()) };
    let (count, dir) = (count.parse()?, Path::new(dir));
    match *engine {
        "ledger" => ledger(count, data::products(count), dir),
        "sqlite" => peer(&mut Sqlite::create(dir)?, count, dir),
        "sled" => peer(&mut Sled::create(dir)?, count, dir),
        "redb" => peer(&mut Redb::create(dir)?, count, dir),
        "fjall" => peer(&mut Fjall::create(dir)?, count, dir),
        other => Err(format!("no engine {other}").into()),
    }
}

/// Fills a new ledger with `count` activity statements about so many products, from several senders, each of whom waits for the answer before the next submission.
pub fn ledger(count: u64, products: u64, dir: &Path) -> Result<Numbers, Fail> {
    let mut ledger =
        Ledger::create(dir, data::genesis()?, &data::operator(), 1_767_225_600, &data::holder())?;
    data::prepare(&mut ledger, products)?;
    let ledger_id = *ledger.id().as_bytes();
    let shared = Shared::new(ledger);
    let (mut spent, mut json) = (Duration::ZERO, 0);
    for chunk in Chunks::new(count, products) {
        json += chunk.iter().flatten().map(|row| row.bytes.len()).sum::<usize>();
        let queue = Mutex::new(chunk.into_iter());
        let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
        let send = || -> Result<(), Fail> {
            while let Some(rows) = next() {
                let (seal, _) = data::seal(ledger_id, &rows)?;
                let statements = rows.into_iter().map(|row| row.bytes).collect();
                shared.submit(Submission { seal, statements })?;
            }
            Ok(())
        };
        let start = Instant::now();
        std::thread::scope(|scope| {
            let others: Vec<_> = (1..SENDERS).map(|_| scope.spawn(send)).collect();
            send()?;
            others.into_iter().try_for_each(|thread| thread.join().map_err(|_| "a sender panicked")?)
        })?;
        spent += start.elapsed();
    }
    let start = Instant::now();
    let mut ledger = shared.into_ledger().ok_or("somebody still holds the ledger")?;
    ledger.flush()?;
    drop(ledger);
    spent += start.elapsed();
    numbers(count, spent, json, dir)
}

/// The same statements in the same submissions; hashing and signing run ahead on a thread of their own.
fn peer(peer: &mut impl Peer, count: u64, dir: &Path) -> Result<Numbers, Fail> {
    let (mut spent, mut json, mut number) = (Duration::ZERO, 0, 0);
    for chunk in Chunks::new(count, data::products(count)) {
        json += chunk.iter().flatten().map(|row| row.bytes.len()).sum::<usize>();
        let start = Instant::now();
        std::thread::scope(|scope| -> Result<(), Fail> {
            let (sender, sealed) = sync_channel(SENDERS);
            scope.spawn(move || {
                for rows in chunk {
                    let seal = data::seal([7; 32], &rows);
                    if sender.send((rows, seal)).is_err() {
                        return;
                    }
                }
            });
            for (rows, seal) in sealed {
                let (seal, leaves) = seal?;
                peer.store(number, &seal.to_bytes(), &rows, &leaves)?;
                number += 1;
            }
            Ok(())
        })?;
        spent += start.elapsed();
    }
    let start = Instant::now();
    peer.finish()?;
    spent += start.elapsed();
    numbers(count, spent, json, dir)
}

/// Submissions, made before the clock runs, a few at a time so that memory stays flat.
struct Chunks {
    count: u64,
    products: u64,
    number: u64,
}

impl Chunks {
    const LEN: u64 = 50;

    const fn new(count: u64, products: u64) -> Self {
        Self { count, products, number: 0 }
    }
}

impl Iterator for Chunks {
    type Item = Vec<Vec<Row>>;

    fn next(&mut self) -> Option<Self::Item> {
        let batches = self.count.div_ceil(BATCH);
        let to = (self.number + Self::LEN).min(batches);
        let chunk: Vec<_> =
            (self.number..to).map(|number| data::batch(number, self.count, self.products)).collect();
        self.number = to;
        (!chunk.is_empty()).then_some(chunk)
    }
}

#[allow(clippy::cast_precision_loss, reason = "counts of a benchmark stay far below 2^53")]
fn numbers(count: u64, spent: Duration, json: usize, dir: &Path) -> Result<Numbers, Fail> {
    let mut numbers = Numbers::new();
    numbers.insert("per_s".into(), count as f64 / spent.as_secs_f64());
    numbers.insert("seconds".into(), spent.as_secs_f64());
    numbers.insert("bytes_each".into(), json as f64 / count as f64);
    numbers.insert("disk_ratio".into(), disk_bytes(dir)? as f64 / json as f64);
    Ok(numbers)
}
