//! `kill -9` in the middle of an import: nothing that was answered is lost, and no half submission is left. By default 30 imports are
//! killed, with `PCF_LONG=1` 500.

use std::fs;
use std::io::{BufReader, Read as _};
use std::process::{Child, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use pcf_ledger::ledger::Ledger;
use pcf_ledger::store::Holder;
use pcf_testing::copy;
use pcf_testing::desk::Desk;
use pcf_testing::tools::{long, processor_time_of};

use crate::PCF;
use crate::import::json_in_turn;

const STATEMENTS: usize = 2_000;
const BATCH: usize = 100;
/// Imports that are killed by default, and with `PCF_LONG=1`; the variable `PCF_KILLS` asks for
/// another number.
const ROUNDS: usize = 30;
const ROUNDS_LONG: usize = 500;

/// The import, reporting what it answers.
fn start(desk: &Desk, file: &str, ledger: &str) -> (Child, BufReader<ChildStdout>) {
    let batch = BATCH.to_string();
    let mut command = desk.command(&[
        "record",
        file,
        "--sign-with",
        "acme.pem",
        "--batch-size",
        &batch,
        "--ledger",
        ledger,
    ]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    (child, out)
}

/// Kills the import, and returns every index that was answered.
fn kill((mut child, mut out): (Child, BufReader<ChildStdout>)) -> Vec<u64> {
    child.kill().unwrap();
    child.wait().unwrap();
    let mut text = String::new();
    out.read_to_string(&mut text).unwrap();
    let index = |line: &str| line.strip_prefix("index ")?.split_once(':')?.0.parse().ok();
    text.lines().filter_map(index).collect()
}

/// Waits until the process has worked for `work` or has ended: the work done, in time on a
/// processor. A delay on the clock would mean another
/// place in the import on a busy machine.
fn worked(child: &mut Child, work: Duration) -> Duration {
    let mut done = Duration::ZERO;
    while done < work && child.try_wait().unwrap().is_none() {
        // Threads that end take their share with them.
        done = done.max(processor_time_of(child.id()));
        std::thread::sleep(Duration::from_micros(200));
    }
    done
}

#[test]
fn an_import_that_is_killed_loses_nothing_that_was_answered_and_leaves_no_half_submission() {
    let desk = Desk::with_product(PCF);
    desk.rows("many.csv", "B", STATEMENTS);
    let before = usize::try_from(desk.size()).unwrap();
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |below: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed % below
    };
    // How much work the import is where nobody kills it.
    copy(&desk.path("led"), &desk.path("whole"));
    let (mut child, _out) = start(&desk, "many.csv", "whole");
    let mut within = worked(&mut child, Duration::MAX);
    assert!(child.wait().unwrap().success());
    let all = STATEMENTS / BATCH;
    let (mut cut_short, mut unanswered) = (0, 0);
    let rounds = std::env::var("PCF_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(if long() {
        ROUNDS_LONG
    } else {
        ROUNDS
    });
    for round in 0..rounds {
        let name = format!("led{round}");
        copy(&desk.path("led"), &desk.path(&name));
        let mut running = start(&desk, "many.csv", &name);
        let delay = within * u32::try_from(random(1000)).unwrap() / 1000;
        let writing = round % 2 == 1;
        if writing {
            // The log is written in a small part of the time: every other kill waits for it to begin.
            let segment = desk.path(&name).join("segments/000000");
            let len = || fs::metadata(&segment).unwrap().len();
            let before = len();
            while len() == before && running.0.try_wait().unwrap().is_none() {}
            std::thread::sleep(Duration::from_micros(random(3_000)));
        } else {
            worked(&mut running.0, delay);
        }
        let answered = kill(running);

        let visible = Ledger::read(&desk.path(&name)).unwrap_or_else(|e| panic!("round {round}: {e}")).size();
        let holder = Holder { label: "a test".into(), started: "now".into() };
        let reopened =
            Ledger::open(&desk.path(&name), &holder).unwrap_or_else(|e| panic!("round {round}: {e}"));
        // What was written and not yet visible is kept by the writer's recovery, as far as it is whole.
        assert!(reopened.size() >= visible, "round {round}: {visible}");
        let size = usize::try_from(reopened.size()).unwrap();
        assert!(size <= before + all, "round {round}: {size}");
        // All of an import is durable before the first of it is answered.
        assert!(
            answered.is_empty() || size == before + all,
            "round {round}: {size} of {before} + {answered:?}"
        );
        for index in before..size {
            let submission = reopened.submission(index as u64).unwrap();
            let leaves: Vec<_> =
                submission.statements.iter().map(|s| pcf_ledger::codec::statement_leaf(s)).collect();
            submission.seal.check_statements(&leaves).unwrap();
            submission.seal.verify_signature().unwrap();
            assert_eq!(leaves.len(), BATCH, "round {round}: half a submission at {index}");
        }
        drop(reopened);
        unanswered += usize::from(answered.is_empty() && size > before);
        if !writing && size < before + all {
            cut_short += 1;
        } else if !writing {
            // A kill after that much work comes too late every time.
            within = delay.max(Duration::from_millis(1));
        }
        if round % 6 == 0 {
            let rest = json_in_turn(&desk, &format!("record many.csv --sign-with acme.pem --ledger {name}"));
            assert_eq!(rest["skipped"], (size - before) * BATCH, "round {round}: what is in is skipped");
            assert_eq!(rest["recorded"], STATEMENTS - (size - before) * BATCH, "round {round}");
        }
        fs::remove_dir_all(desk.path(&name)).unwrap();
    }
    let anywhere = rounds.div_ceil(2);
    println!("{cut_short} of {anywhere} imports that were killed at any time were cut short");
    println!("{unanswered} of {rounds} were written, wholly or in part, and not answered");
    assert!(
        cut_short * 2 >= anywhere,
        "only {cut_short} of {anywhere} imports were cut short: the kill comes too late"
    );
}

/// More than what is kept in memory before it is appended.
const LARGE: usize = 45_000;

#[test]
fn a_large_import_that_is_killed_or_refused_leaves_the_ledger_as_it_was() {
    let desk = Desk::with_product(PCF);
    desk.rows("large.csv", "B", LARGE);
    let before = desk.size();
    let segments = || -> Vec<String> {
        let names = fs::read_dir(desk.path("led/segments")).unwrap();
        let mut names: Vec<_> = names.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    let running = start(&desk, "large.csv", "led");
    let begun = Instant::now();
    while segments() == ["000000"] && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(kill(running), Vec::<u64>::new());
    assert_eq!(segments(), ["000000", "000001.staged"]);
    assert_eq!(desk.size(), before, "nobody sees what is staged");
    desk.pcf("audit --ledger led").ok();

    // The last row is refused, when most of the others are staged.
    let rows = fs::read_to_string(desk.path("large.csv")).unwrap();
    let (good, last) = rows.trim_end().rsplit_once('\n').unwrap();
    let wrong = last.replace("06901234000016", "06901234000023");
    assert_ne!(wrong, last);
    desk.write("wrong.csv", format!("{good}\n{wrong}\n").as_bytes());
    desk.pcf("record wrong.csv --sign-with acme.pem --ledger led")
        .refused(1, &[&format!("wrong.csv:{}: ", LARGE + 1), "nothing was appended"]);
    assert_eq!(segments(), ["000000"], "what a killed import left is gone, and so is what was refused");
    assert_eq!(desk.size(), before);

    let out = desk.pcf("record large.csv --sign-with acme.pem --ledger led").ok();
    assert!(out.contains(&format!("Recorded {LARGE} statements")), "{out}");
    assert_eq!(segments(), ["000000", "000001"]);
    desk.pcf("audit --ledger led").ok();
    let out = desk.pcf("record large.csv --sign-with acme.pem --ledger led").ok();
    assert!(out.starts_with("Nothing is new"), "{out}");
}
