//! Two writers and a reader, each in a process of its own: one writer waits its turn or is told who writes, and what is read is always a whole prefix.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::desk::{Desk, finish};
use crate::import::{answered, arguments, check, desk, rows};

fn spawn(desk: &Desk, file: &str) -> Child {
    let arguments = arguments(file, "led");
    let mut command = desk.command(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Records a file against another writer: tried again while the other holds the ledger; the answers of all tries, and how often it was held.
fn record_until_done(desk: &Desk, file: &str) -> (Vec<u64>, usize) {
    let (mut answers, mut held) = (Vec::new(), 0);
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let output = spawn(desk, file).wait_with_output().unwrap();
        let (out, err) =
            (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        answers.extend(answered(&out));
        match output.status.code() {
            Some(0) => return (answers, held),
            Some(3) if err.contains("held by another writer") => held += 1,
            code => panic!("exit code {code:?}: {out}{err}"),
        }
        assert!(Instant::now() < deadline, "{file} never had its turn");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn two_writing_processes_lose_no_update_and_readers_beside_them_see_whole_prefixes() {
    let desk = desk();
    let before = desk.size();
    let parts = 4;
    for writer in ["x", "y"] {
        for part in 0..parts {
            rows(&desk, &format!("{writer}{part}.csv"), &format!("{writer}{part}-"), 10);
        }
    }
    let (mut all, held, sizes) = std::thread::scope(|scope| {
        let desk = &desk;
        let writers = ["x", "y"].map(|writer| {
            scope.spawn(move || {
                let files = (0..parts).map(|part| format!("{writer}{part}.csv"));
                let done: Vec<_> = files.map(|file| record_until_done(desk, &file)).collect();
                let answers: Vec<u64> = done.iter().flat_map(|(answers, _)| answers.clone()).collect();
                (answers, done.iter().map(|(_, held)| held).sum::<usize>())
            })
        });
        // Readers of three kinds for as long as the writers write.
        let mut sizes = Vec::new();
        while !writers.iter().all(std::thread::ScopedJoinHandle::is_finished) {
            let log = desk.json("log show --limit 1000");
            let size: u64 = log["size"].to_string().trim_matches('"').parse().unwrap();
            let shown = log["submissions"].as_array().unwrap();
            assert_eq!(shown.len() as u64, size, "a prefix of {size}: {log}");
            sizes.push(size);
            let audit = finish(desk.command(&["audit"]));
            assert_eq!(audit.code, 0, "an audit beside a writer: {}{}", audit.out, audit.err);
            // Two batches of the same months are there as soon as two are: a footprint of one batch has the same figure all the time.
            let line = ["footprint", "urn:gtin:06901234000016", "--period", "2025-01-01..2025-04-01"];
            let footprint = finish(desk.command(&line));
            assert!(matches!(footprint.code, 0 | 1), "{}{}", footprint.out, footprint.err);
            assert!(!footprint.err.contains("damaged"), "{}", footprint.err);
        }
        let (mut all, mut held) = (Vec::new(), 0);
        for writer in writers {
            let (answers, times) = writer.join().unwrap();
            all.extend(answers);
            held += times;
        }
        (all, held, sizes)
    });
    println!("{} submissions, a writer was held {held} times, {} readings", all.len(), sizes.len());
    assert!(sizes.is_sorted(), "a reader saw the ledger shrink: {sizes:?}");
    assert!(sizes.len() > 2);
    all.sort_unstable();
    let expected: Vec<u64> = (before..before + all.len() as u64).collect();
    assert_eq!(all, expected, "every index is answered once");
    assert_eq!(all.len(), 2 * parts * 5);
    let size = check(&desk.path("led"), before, &all).unwrap();
    assert_eq!(size, before + all.len() as u64);
}
