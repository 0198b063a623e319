//! Single statements, each durable before its answer: by one writer, as a share of what the disk itself can sync, and by
//! 64 writers at once, who share the syncs. The submissions were signed before, as by those who hand them in.

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
/// Submissions of each of them, more than it can hand in.
const SIGNED: u64 = 3_000;
/// Enough statements for the fastest disk.
const COUNT: u64 = 1_000_000;

pub fn run(args: &Args) -> Result<Vec<Line>, Fail> {
    let dir = args.dir.join("append");
    let (mut one, mut many) = (Vec::new(), Vec::new());
    for _ in 0..args.rounds {
        for (what, runs) in [("one", &mut one), ("many", &mut many)] {
            runs.push(process::run(&["append", what, &dir.to_string_lossy()])?);
            std::fs::remove_dir_all(&dir)?;
        }
    }
    let of = |runs: &[Numbers], name: &str| median(runs.iter().map(|run| run[name]).collect());
    let (raw, single, shared) = (of(&one, "raw_per_s"), of(&one, "per_s"), of(&many, "per_s"));
    Ok(vec![
        Line::plain("the disk: 1 KiB appended and synced (fdatasync)", raw, "/s"),
        Line::plain("one statement a submission, one writer", single, "/s"),
        Line::at_least("one writer over the disk's own rate, in turns with it", of(&one, "share"), "%", 40.0)
            .peak(of(&one, "peak_mb")),
        Line::at_least(
            &format!(
                "{WRITERS} writers ({} /s) over 40 % of the disk's own rate",
                crate::table::short(shared)
            ),
            shared / (raw * 0.4),
            "times",
            10.0,
        )
        .peak(of(&many, "peak_mb")),
        Line::plain(&format!("{WRITERS} writers over one"), shared / single, "times"),
    ])
}

pub fn child(rest: &[&str]) -> Result<Numbers, Fail> {
    let [what, dir] = rest else { return Err("append WHAT DIR".into()) };
    let dir = Path::new(dir);
    match *what {
        "one" => one(dir),
        "many" => Ok(Numbers::from([("per_s".into(), many(dir)?)])),
        other => Err(format!("no measurement {other}").into()),
    }
}

#[allow(clippy::cast_precision_loss, reason = "counts of a benchmark stay far below 2^53")]
fn rate(count: u64, spent: Duration) -> f64 {
    count as f64 / spent.as_secs_f64()
}

fn create(dir: &Path) -> Result<Ledger<FileStore>, Fail> {
    let mut ledger =
        Ledger::create(dir, data::genesis()?, &data::operator(), 1_767_225_600, &data::holder())?;
    data::prepare(&mut ledger, data::products(COUNT))?;
    Ok(ledger)
}

/// A submission of one statement, signed by whoever submits it.
pub fn submission(ledger_id: [u8; 32], number: u64) -> Result<Submission, Fail> {
    let row = data::row(number, data::products(COUNT));
    let (seal, _) = data::seal(ledger_id, std::slice::from_ref(&row))?;
    Ok(Submission { seal, statements: vec![row.bytes] })
}

/// A commit and a bare append to another file of the same disk in turns, so that both meet the disk in the same state. A commit syncs
/// twice, so that half the disk's rate is the most it can come to.
fn one(dir: &Path) -> Result<Numbers, Fail> {
    let mut ledger = create(&dir.join("ledger"))?;
    let ledger_id = *ledger.id().as_bytes();
    let file = File::create(dir.join("bare"))?;
    let (mut bare, mut committed, mut count) = (Duration::ZERO, Duration::ZERO, 0);
    while bare + committed < 2 * SPAN {
        let signed = submission(ledger_id, count)?;
        let start = Instant::now();
        file.write_all_at(&[7; 1024], count * 1024)?;
        file.sync_data()?;
        bare += start.elapsed();
        let start = Instant::now();
        ledger.submit(&signed)?;
        committed += start.elapsed();
        count += 1;
    }
    let per_s = |spent: Duration| rate(count, spent);
    Ok(Numbers::from([
        ("raw_per_s".into(), per_s(bare)),
        ("per_s".into(), per_s(committed)),
        ("share".into(), 100.0 * bare.as_secs_f64() / committed.as_secs_f64()),
    ]))
}

fn many(dir: &Path) -> Result<f64, Fail> {
    let ledger = create(dir)?;
    let ledger_id = *ledger.id().as_bytes();
    let shared = Shared::new(ledger);
    let sign = |writer: u64| -> Result<Vec<Submission>, Fail> {
        (0..SIGNED).map(|count| submission(ledger_id, count * WRITERS + writer)).collect()
    };
    let signed: Vec<Vec<Submission>> = (0..WRITERS).map(sign).collect::<Result<_, Fail>>()?;
    let start = Instant::now();
    let write = |signed: Vec<Submission>| -> Result<u64, Fail> {
        let mut count = 0;
        for submission in signed {
            if start.elapsed() >= SPAN {
                return Ok(count);
            }
            shared.submit(submission)?;
            count += 1;
        }
        Err("too few submissions were signed".into())
    };
    let counts: Vec<Result<u64, Fail>> = std::thread::scope(|scope| {
        let write = &write;
        let threads: Vec<_> = signed.into_iter().map(|signed| scope.spawn(move || write(signed))).collect();
        threads.into_iter().map(|thread| thread.join().map_err(|_| "a writer panicked")?).collect()
    });
    let mut count = 0;
    for one in counts {
        count += one?;
    }
    Ok(rate(count, start.elapsed()))
}
