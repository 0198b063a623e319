//! A submission is answered only after its segment is on the disk, and after that the head that
//! makes it visible.

use pcf_testing::tools::required;

use crate::import::{BATCH, STATEMENTS, answered, arguments, desk};
use crate::trace::{Call, Phase, read, run, strace};

/// Length of the head's slot up to its size and beyond it: magic, ledger id and sequence come before.
const SIZE_AT: usize = 8 + 32 + 8;

/// The order of writes, syncs and answers. A write counts from where it begins, a sync from where it has ended.
///
/// Holds that no slot of the head is written while a segment has bytes that are not synced, and that no index is answered
/// that lies beyond the newest synced head. Returns the answered indices.
fn durable(calls: &[Call]) -> Result<Vec<u64>, String> {
    let (mut unsynced, mut written, mut synced) = (false, 0, 0);
    let mut answers = Vec::new();
    for call in calls.iter().filter(|call| !call.failed) {
        let (path, begins, ends) = (call.path(), call.phase != Phase::Ended, call.phase != Phase::Began);
        let segment = path.windows(10).any(|part| part == b"/segments/");
        let head = path.ends_with(b"/led/head");
        match call.name.as_str() {
            "pwrite64" | "write" | "ftruncate" | "fallocate" if segment && begins => unsynced = true,
            "fdatasync" | "fsync" if segment && ends => unsynced = false,
            "pwrite64" if head && begins => {
                let size = call.bytes().get(SIZE_AT..SIZE_AT + 8).and_then(|b| b.try_into().ok());
                written = u64::from_be_bytes(size.ok_or("a slot without a size")?);
                if unsynced {
                    return Err(format!(
                        "the head of size {written} is written before its segment is synced"
                    ));
                }
            }
            "fdatasync" | "fsync" if head && ends => synced = written,
            "write" if begins && call.arguments.starts_with(b"1<") => {
                let text = String::from_utf8_lossy(call.bytes());
                let Some(index) = text.strip_prefix("index ").and_then(|t| t.split_once(':')) else {
                    continue;
                };
                let index: u64 = index.0.parse().map_err(|e| format!("{text}: {e}"))?;
                if index >= synced {
                    return Err(format!(
                        "index {index} is answered while the disk holds {synced} submissions"
                    ));
                }
                answers.push(index);
            }
            _ => {}
        }
    }
    Ok(answers)
}

fn record() -> Vec<Call> {
    let desk = desk();
    let log = desk.path("trace");
    let watched = "trace=pwrite64,pwritev,pwritev2,write,writev,fdatasync,fsync,ftruncate,fallocate,sync_file_range,mmap";
    let options = ["-y", "-xx", "-s", "256", "-e", watched];
    let out = run(strace(&desk, &options, &log, &arguments("many.csv", "led"))).ok();
    assert_eq!(answered(&out).len(), STATEMENTS / BATCH);
    read(&log)
}

#[test]
fn a_submission_is_answered_once_its_segment_and_then_the_head_are_synced() {
    if !required(&["strace"]) {
        return;
    }
    let calls = record();
    let answers = durable(&calls).unwrap();
    assert_eq!(answers.len(), STATEMENTS / BATCH, "{answers:?}");
    // No other way into the files is taken than the calls that are watched for.
    let other = ["pwritev", "pwritev2", "writev", "mmap"];
    let sneaks = |call: &&Call| {
        other.contains(&call.name.as_str()) && (call.names("/segments/") || call.names("/led/head"))
    };
    assert_eq!(calls.iter().find(sneaks), None);

    // The same trace without one of the syncs, or with an answer too early, is found out.
    let is_sync = |call: &Call, of: &str| {
        // Where another thread's call came between, it counts once it has ended.
        call.name == "fdatasync" && call.names(of) && call.phase != Phase::Began
    };
    let mut found = 0;
    for (at, call) in calls.iter().enumerate() {
        let mut less = calls.clone();
        if is_sync(call, "/segments/") || is_sync(call, "/led/head") {
            less.remove(at);
            found += 1;
            let problem = durable(&less).unwrap_err();
            let expected = if is_sync(call, "/segments/") {
                "before its segment is synced"
            } else {
                "is answered while"
            };
            assert!(problem.contains(expected), "{problem}");
        }
        if call.phase != Phase::Ended && call.arguments.starts_with(b"1<") && call.names("index ") {
            let answer = less.remove(at);
            let sync = less[..at].iter().rposition(|call| is_sync(call, "/led/head")).unwrap();
            less.insert(sync, answer);
            assert!(durable(&less).unwrap_err().contains("is answered while"));
        }
    }
    assert_eq!(found, 2, "one sync of the segment and one of the head for all of the import");
}
