//! Single statements, each durable before its answer: by one writer, as a share of what the disk itself can sync, and by
//! 64 writers at once, who share the syncs.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, Instant};

use pcf_ledger::ledger::{Ledger, Shared, Submission};
use pcf_ledger::store::file::FileStore;

use crate::data;
use crate::process::{self, Numbers, median};
use crate::table::Line;
use crate::{Args, Fail};

/// How long each child appends.
const SPAN: Duration = Duration::from_secs(3);
const WRITERS: u64 = 64;
/// Enough statements for the fastest disk.
const COUNT: u64 = 1_000_000;

pub fn run(args: &Args) -> Result<Vec<Line>, Fail> {
    let dir = args.dir.join("append");
    let (mut raw, mut one, mut many) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..args.rounds {
        for (what, runs) in [("raw", &mut raw), ("one", &mut one), ("many", &mut many)] {
            runs.push(process::run(&["append", what, &dir.to_string_lossy()])?);
            std::fs::remove_dir_all(&dir)?;
        }
    }
    let of = |runs: &[Numbers], name: &str| median(runs.iter().map(|run| run[name]).collect());
    let (raw, single, shared) = (of(&raw, "per_s"), of(&one, "per_s"), of(&many, "per_s"));
    Ok(vec![
        Line::plain("the disk: 1 KiB appended and synced (fdatasync)", raw, "/s"),
        Line::plain("one statement a submission, one writer", single, "/s"),
        Line::at_least("one writer over the disk's own rate", 100.0 * single / raw, "%", 40.0)
            .peak(of(&one, "peak_mb")),
        Line::at_least(
            &format!("{WRITERS} writers over one ({} /s)", crate::table::short(shared)),
            shared / single,
            "times",
            10.0,
        )
        .peak(of(&many, "peak_mb")),
    ])
}

pub fn child(rest: &[&str]) -> Result<Numbers, Fail> {
    let [what, dir] = rest else { return Err("append WHAT DIR".into()) };
    let dir = Path::new(dir);
    let per_s = match *what {
        "raw" => raw(dir)?,
        "one" => one(dir)?,
        "many" => many(dir)?,
        other => return Err(format!("no measurement {other}").into()),
    };
    Ok(Numbers::from([("per_s".into(), per_s)]))
}

#[allow(clippy::cast_precision_loss, reason = "counts of a benchmark stay far below 2^53")]
fn rate(count: u64, start: Instant) -> f64 {
    count as f64 / start.elapsed().as_secs_f64()
}

fn raw(dir: &Path) -> Result<f64, Fail> {
    std::fs::create_dir_all(dir)?;
    let file = File::create(dir.join("file"))?;
    let (start, mut count) = (Instant::now(), 0);
    while start.elapsed() < SPAN {
        file.write_all_at(&[7; 1024], count * 1024)?;
        file.sync_data()?;
        count += 1;
    }
    Ok(rate(count, start))
}

fn create(dir: &Path) -> Result<Ledger<FileStore>, Fail> {
    let mut ledger =
        Ledger::create(dir, data::genesis()?, &data::operator(), 1_767_225_600, &data::holder())?;
    data::prepare(&mut ledger, data::products(COUNT))?;
    Ok(ledger)
}

/// A submission of one statement, signed by whoever submits it.
pub fn submission(ledger_id: [u8; 32], number: u64) -> Result<Submission, Fail> {
    let row = data::row(number, COUNT);
    let (seal, _) = data::seal(ledger_id, std::slice::from_ref(&row))?;
    Ok(Submission { seal, statements: vec![row.bytes] })
}

fn one(dir: &Path) -> Result<f64, Fail> {
    let mut ledger = create(dir)?;
    let ledger_id = *ledger.id().as_bytes();
    let (start, mut count) = (Instant::now(), 0);
    while start.elapsed() < SPAN {
        ledger.submit(&submission(ledger_id, count)?)?;
        count += 1;
    }
    Ok(rate(count, start))
}

fn many(dir: &Path) -> Result<f64, Fail> {
    let ledger = create(dir)?;
    let ledger_id = *ledger.id().as_bytes();
    let shared = Shared::new(ledger);
    let start = Instant::now();
    let write = |writer: u64| -> Result<u64, Fail> {
        let mut count = 0;
        while start.elapsed() < SPAN {
            shared.submit(submission(ledger_id, count * WRITERS + writer)?)?;
            count += 1;
        }
        Ok(count)
    };
    let counts: Vec<Result<u64, Fail>> = std::thread::scope(|scope| {
        let write = &write;
        let threads: Vec<_> = (0..WRITERS).map(|writer| scope.spawn(move || write(writer))).collect();
        threads.into_iter().map(|thread| thread.join().map_err(|_| "a writer panicked")?).collect()
    });
    let mut count = 0;
    for one in counts {
        count += one?;
    }
    Ok(rate(count, start))
}
