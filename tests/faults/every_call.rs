//! Every file system call of an import fails in turn, with an error, with a full disk, and with the
//! end of the process. By default a sample of
//! 24 of these points is tried, the same in every run; `PCF_FAULT_POINTS` asks for another number, `PCF_LONG=1` for all.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use pcf_testing::copy;
use pcf_testing::desk::{Desk, Ran};
use pcf_testing::tools::{long, required};

use crate::import::{BATCH, STATEMENTS, answered, arguments, check, desk, json_in_turn};
use crate::trace::{Phase, read, run, strace};

const FAULTS: [&str; 3] = ["error=EIO", "error=ENOSPC", "signal=KILL"];

/// How many are tried where nothing is said.
const SAMPLE: usize = 24;

/// Every call that touches a file of the desk, or writes an answer: its name and which one of its thread it is. `strace` counts the same way.
pub fn points(desk: &Desk, arguments: &[String]) -> BTreeSet<(String, usize)> {
    let log = desk.path("trace");
    let watched = ["-y", "-xx", "-s", "64", "-e", "trace=%file,%desc"];
    run(strace(desk, &watched, &log, arguments)).ok();
    let place = desk.dir.path().to_string_lossy().into_owned();
    let (mut counts, mut points) = (BTreeMap::new(), BTreeSet::new());
    for call in read(&log).iter().filter(|call| call.phase != Phase::Ended) {
        let count = counts.entry((call.thread, call.name.clone())).or_insert(0);
        *count += 1;
        let answer =
            call.name == "write" && (call.arguments.starts_with(b"1<") || call.arguments.starts_with(b"2<"));
        // Relative paths stand in arguments, absolute ones behind file descriptors.
        let ours =
            call.names(&place) && !call.names("/proc/") && !call.names("/sys/") && !call.names("/etc/");
        let ours =
            ours && !call.names("/lib/") && !matches!(call.name.as_str(), "getcwd" | "mmap" | "execve");
        if ours || answer {
            points.insert((call.name.clone(), *count));
        }
    }
    points
}

/// A run with one call that fails, which must end honestly: how it ended, and whether the call was reached.
pub fn injected(
    desk: &Desk,
    (name, n): &(String, usize),
    fault: &str,
    arguments: &[String],
) -> Result<(Ran, bool), String> {
    let log = desk.path("injected.trace");
    let (trace, inject) = (format!("trace={name}"), format!("inject={name}:{fault}:when={n}"));
    let ran = run(strace(desk, &["-e", &trace, "-e", &inject], &log, arguments));
    let told = fs::read_to_string(&log).unwrap();
    let reached = told.contains("(INJECTED)") || told.contains("killed by SIGKILL") || ran.code == -1;
    // The standard library takes it for impossible that a directory does not close; nothing is written by closing one.
    let impossible = ran.err.contains("unexpected error during closedir");
    match ran.code {
        0 | 1 | 3 if !ran.err.contains("panicked") => Ok((ran, reached)),
        -1 if fault == "signal=KILL" => Ok((ran, reached)),
        101 if impossible => Ok((ran, reached)),
        // Where the call was the loader's own, the program did not start.
        127 if ran.err.contains("shared librar") => Ok((ran, reached)),
        code => Err(format!("exit code {code}: {}{}", ran.out, ran.err)),
    }
}

/// The import with one call that fails; what must hold afterwards, and whether the call was reached.
fn disturb(
    desk: &Desk,
    ledger: &str,
    before: u64,
    (name, n): &(String, usize),
    fault: &str,
) -> Result<bool, String> {
    let log = desk.path(&format!("{ledger}.trace"));
    let inject = format!("inject={name}:{fault}:when={n}");
    let ran = run(strace(
        desk,
        &["-e", &format!("trace={name}"), "-e", &inject],
        &log,
        &arguments("many.csv", ledger),
    ));
    let told = fs::read_to_string(&log).unwrap();
    let reached = told.contains("(INJECTED)") || told.contains("killed by SIGKILL") || ran.code == -1;
    let answers = answered(&ran.out);
    if ran.code == -2 {
        return Err("it hangs".to_owned());
    }
    // The standard library takes it for impossible that a directory does not close; nothing is written by closing one.
    let impossible = ran.err.contains("unexpected error during closedir");
    if ran.err.contains("panicked") && !impossible {
        return Err(format!("it panics: {}", ran.err));
    }
    let size = check(&desk.path(ledger), before, &answers)?;
    let whole = before + (STATEMENTS / BATCH) as u64;
    if !answers.is_empty() && size != whole {
        return Err(format!("it answers {answers:?} when {size} of {whole} are there"));
    }
    match ran.code {
        0 if size != whole => return Err(format!("it says that all is done; {size} of {whole} are there")),
        // Where even the error cannot be written, its exit code says it.
        1..=3 if !ran.err.contains("error: ") && !ran.err.is_empty() => {
            return Err(format!("no honest error: {}", ran.err));
        }
        0 | 1 | 3 => {}
        // Where the call was the loader's own, the program did not start; its other threads make their first calls too.
        127 if answers.is_empty() && ran.err.contains("shared librar") => {}
        101 if impossible => {}
        -1 if fault == "signal=KILL" => {}
        code => return Err(format!("exit code {code}: {}{}", ran.out, ran.err)),
    }
    // Running it again finishes it.
    let again = json_in_turn(
        desk,
        &format!("record many.csv --sign-with acme.pem --batch-size {BATCH} --ledger {ledger}"),
    );
    let done = usize::try_from(size - before).unwrap_or_default() * BATCH;
    if again["skipped"] != done || again["recorded"] != STATEMENTS - done {
        return Err(format!("{done} were in, and then {again}"));
    }
    Ok(reached)
}

/// Each point with each fault, or as many of them as are wanted; there are at least `least`.
pub fn sample(points: &BTreeSet<(String, usize)>, least: usize) -> Vec<(&(String, usize), &'static str)> {
    let mut all: Vec<_> = points.iter().flat_map(|point| FAULTS.map(|fault| (point, fault))).collect();
    let total = all.len();
    assert!(total > least, "only {total} points were found");
    let wanted = std::env::var("PCF_FAULT_POINTS").ok().and_then(|text| text.parse().ok());
    let limit = if long() { total } else { wanted.unwrap_or(SAMPLE) };
    // A sample that is the same in every run: the order of a multiplicative hash.
    if limit < total {
        let mut seed = 0x2545_f491_4f6c_dd1d_u64;
        all.sort_by_cached_key(|_| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed
        });
        all.truncate(limit);
    }
    all
}

#[test]
fn whichever_call_of_an_import_fails_nothing_answered_is_lost() {
    if !required(&["strace"]) {
        return;
    }
    let desk = desk();
    let before = desk.size();
    copy(&desk.path("led"), &desk.path("counted"));
    let points = points(&desk, &arguments("many.csv", "counted"));
    let all = sample(&points, 300);
    let total = points.len() * FAULTS.len();
    let (mut problems, mut reached) = (Vec::new(), 0);
    for (n, (point, fault)) in all.iter().enumerate() {
        let ledger = format!("led{n}");
        copy(&desk.path("led"), &desk.path(&ledger));
        match disturb(&desk, &ledger, before, point, fault) {
            Ok(hit) => reached += usize::from(hit),
            Err(problem) => problems.push(format!("{} no. {} with {fault}: {problem}", point.0, point.1)),
        }
        fs::remove_dir_all(desk.path(&ledger)).unwrap();
    }
    let tried = all.len();
    println!("{} calls, {total} injection points, {tried} tried, {reached} reached", points.len());
    assert!(problems.is_empty(), "{} of {tried}:\n{}", problems.len(), problems.join("\n"));
    // Threads share calls differently from run to run; most are reached all the same.
    assert!(reached * 10 >= tried * 8, "only {reached} of {tried} calls were reached");
}
