//! `kill -9` in the middle of an import.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;
use std::time::Duration;

use pcf_ledger::ledger::Ledger;
use pcf_ledger::store::Holder;

use crate::common::copy;
use crate::desk::Desk;

const STATEMENTS: usize = 2_000;
const BATCH: usize = 100;
/// Imports that are killed; the variable `PCF_KILLS` asks for another number.
const ROUNDS: usize = 30;

/// Starts the import, kills it after `lines` answered submissions and a little more, and returns every index that was answered.
fn import_and_kill(desk: &Desk, ledger: &str, lines: usize, more: Duration) -> Vec<u64> {
    let batch = BATCH.to_string();
    let mut command = desk.command(&[
        "record",
        "many.csv",
        "--sign-with",
        "acme.pem",
        "--batch-size",
        &batch,
        "--ledger",
        ledger,
    ]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    for _ in 0..lines {
        out.read_line(&mut text).unwrap();
    }
    std::thread::sleep(more);
    child.kill().unwrap();
    child.wait().unwrap();
    out.read_to_string(&mut text).unwrap();
    let index = |line: &str| line.strip_prefix("index ")?.split_once(':')?.0.parse().ok();
    text.lines().filter_map(index).collect()
}

#[test]
fn an_import_that_is_killed_loses_nothing_that_was_answered_and_leaves_no_half_submission() {
    let desk = Desk::with_product();
    desk.rows("many.csv", "B", STATEMENTS);
    let before = usize::try_from(desk.size()).unwrap();
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |below: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed % below
    };
    let mut cut_short = 0;
    let rounds = std::env::var("PCF_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(ROUNDS);
    for round in 0..rounds {
        let name = format!("led{round}");
        copy(&desk.path("led"), &desk.path(&name));
        let lines = usize::try_from(random((STATEMENTS / BATCH) as u64)).unwrap();
        let answered = import_and_kill(&desk, &name, lines, Duration::from_micros(random(6_000)));
        assert!(
            answered.len() >= lines,
            "round {round}: it was killed after {lines}, and answered {answered:?}"
        );

        let visible = Ledger::read(&desk.path(&name)).unwrap_or_else(|e| panic!("round {round}: {e}")).size();
        let holder = Holder { label: "a test".into(), started: "now".into() };
        let reopened =
            Ledger::open(&desk.path(&name), &holder).unwrap_or_else(|e| panic!("round {round}: {e}"));
        // What was synced and not yet visible is kept by the writer's recovery.
        assert!(reopened.size() == visible || reopened.size() == visible + 1, "round {round}: {visible}");
        let size = usize::try_from(reopened.size()).unwrap();
        assert!(size >= before + answered.len(), "round {round}: {size} of {before} + {answered:?}");
        // An answer can be lost on its way out, more than one in writing cannot be there.
        assert!(size <= before + answered.len() + 1, "round {round}: {size} of {before} + {answered:?}");
        for index in before..size {
            let submission = reopened.submission(index as u64).unwrap();
            let leaves: Vec<_> =
                submission.statements.iter().map(|s| pcf_ledger::codec::leaf_hash(s)).collect();
            submission.seal.check_statements(&leaves).unwrap();
            submission.seal.verify_signature().unwrap();
            assert_eq!(leaves.len(), BATCH, "round {round}: half a submission at {index}");
        }
        drop(reopened);
        cut_short += usize::from(size < before + STATEMENTS / BATCH);
        if round % 6 == 0 {
            let rest = desk.json_in_turn(&format!("record many.csv --sign-with acme.pem --ledger {name}"));
            assert_eq!(rest["skipped"], (size - before) * BATCH, "round {round}: what is in is skipped");
            assert_eq!(rest["recorded"], STATEMENTS - (size - before) * BATCH, "round {round}");
        }
        fs::remove_dir_all(desk.path(&name)).unwrap();
    }
    println!("{rounds} imports were killed, {cut_short} of them cut short");
    assert!(
        cut_short * 2 >= rounds,
        "only {cut_short} of {rounds} imports were cut short: the kill comes too late"
    );
}
