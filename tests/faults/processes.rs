//! Two writing processes and a reader share one ledger: a writer waits or is told who writes, and a
//! reader always sees a whole prefix.

use std::collections::BTreeSet;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use pcf_testing::desk::{Desk, finish};

use crate::import::{answered, arguments, check, desk};

const PRODUCT: &str = "urn:gtin:06901234000016";
const READINGS_MIN: usize = 3;

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

/// Gives the product all that its footprint needs: its factor, a bill of materials, and one batch.
fn calculable(desk: &Desk) {
    let good = std::fs::read_to_string(desk.path("activities.csv")).unwrap();
    let (header, row) = (good.lines().next().unwrap(), good.lines().nth(1).unwrap());
    let row = row.replace("production,die casting", "procurement,materials and parts");
    let mut cells: Vec<&str> = row.split(',').collect();
    // A bill of materials, whose output is compared with no other.
    cells[header.split(',').position(|column| column == "recipe").unwrap()] = "yes";
    desk.write("parts.csv", format!("{header}\n{}\n", cells.join(",")).as_bytes());
    desk.rows("first.csv", "first", 1);
    desk.pcf("factor use cn.mee.elec_footprint.2024.national --sign-with acme.pem").ok();
    desk.pcf("record parts.csv first.csv --sign-with acme.pem").ok();
}

#[test]
fn two_writing_processes_lose_no_update_and_readers_beside_them_see_whole_prefixes() {
    let desk = desk();
    calculable(&desk);
    let before = desk.size();
    let parts = 10;
    for writer in ["x", "y"] {
        for part in 0..parts {
            desk.rows(&format!("{writer}{part}.csv"), &format!("{writer}{part}-"), 10);
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
        // Readers of three kinds for as long as the writers write, and at least three rounds of
        // them.
        let (mut sizes, mut figures) = (Vec::new(), BTreeSet::new());
        while sizes.len() < READINGS_MIN || !writers.iter().all(std::thread::ScopedJoinHandle::is_finished) {
            let log = desk.json("log show --limit 1000");
            let size: u64 = log["size"].to_string().trim_matches('"').parse().unwrap();
            let shown = log["submissions"].as_array().unwrap();
            assert_eq!(shown.len() as u64, size, "a prefix of {size}: {log}");
            sizes.push(size);
            let audit = finish(desk.command(&["audit"]));
            assert_eq!(audit.code, 0, "an audit beside a writer: {}{}", audit.out, audit.err);
            // Every batch took in the same per piece, so the figure is the same however many of them are read: unless one is torn.
            let footprint = desk.json(&format!("footprint {PRODUCT} --period 2025-01-01..2025-04-01"));
            figures.insert(footprint["figures"]["gate"].to_string());
        }
        let (mut all, mut held) = (Vec::new(), 0);
        for writer in writers {
            let (answers, times) = writer.join().unwrap();
            all.extend(answers);
            held += times;
        }
        assert_eq!(figures.len(), 1, "a torn read: {figures:?}");
        assert!(!figures.contains("null"));
        (all, held, sizes)
    });
    println!("{} submissions, a writer was held {held} times, {} readings", all.len(), sizes.len());
    assert!(sizes.is_sorted(), "a reader saw the ledger shrink: {sizes:?}");
    all.sort_unstable();
    let expected: Vec<u64> = (before..before + all.len() as u64).collect();
    assert_eq!(all, expected, "every index is answered once");
    assert_eq!(all.len(), 2 * parts * 5);
    let size = check(&desk.path("led"), before, &all).unwrap();
    assert_eq!(size, before + all.len() as u64);
}
