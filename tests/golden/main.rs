//! The golden harness: six ledgers, made through the library with fixed keys, salts and times;
//! every verb of
//! the real binary on them; its output, files and exit codes compared with a committed expectation.
//! It shows
//! that a refactoring changes nothing; it does not judge whether the expectation is right.
//!
//! ```text
//! cargo test --test golden                                  # compares
//! PCF_GOLDEN_BIN=/path/to/pcf cargo test --test golden      # compares another binary with the
//! same expectation
//! PCF_GOLDEN=write cargo test --test golden                 # makes the expectation anew,
//! deliberately
//! ```

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, also in its helpers")]

mod commands;
mod desk;
mod expected;
mod large;
mod made;
mod maker;
mod mask;
mod products;
mod verbs;

use std::collections::BTreeSet;
use std::thread;

use desk::{Desk, Entry};

const MAKERS: [fn() -> Desk; 6] =
    [products::demo, products::corrugated, made::loops, made::redacted, made::revoked, large::large];

/// All that runs on one desk, in the order of the expectation.
fn recorded(desk: &Desk) -> Vec<Entry> {
    let mut entries = Vec::new();
    if desk.name == "none" {
        entries.extend(commands::without_a_ledger().iter().map(|line| desk.run(line)));
        return entries;
    }
    entries.push(desk.truth("files of the ledger"));
    for line in commands::reading(desk) {
        entries.push(desk.run(&format!("{line} --format json")));
        if desk.name != "large" {
            entries.push(desk.run(&line));
        }
    }
    let (before, after) = (&entries[0].lines, desk.truth("files of the ledger").lines);
    assert!(*before == after, "{}: a verb that only reads changed the ledger's files", desk.name);
    if desk.name != "large" {
        entries.extend(desk.run_on_a_copy(&commands::writing(desk)));
    }
    entries
}

#[test]
fn every_verb_says_and_writes_what_it_did() {
    // Every ledger is made before a process starts: a process that starts holds the locks of this
    // one for a
    // moment.
    let mut desks: Vec<Desk> = thread::scope(|scope| {
        let making = MAKERS.map(|maker| scope.spawn(maker));
        making.into_iter().map(|making| making.join().unwrap()).collect()
    });
    desks.push(Desk::empty());
    let entries: Vec<Entry> = thread::scope(|scope| {
        let running: Vec<_> = desks.iter().map(|desk| scope.spawn(|| recorded(desk))).collect();
        running.into_iter().flat_map(|running| running.join().unwrap()).collect()
    });
    let mut titles = BTreeSet::new();
    let twice = entries.iter().find(|entry| !titles.insert(entry.title.as_str()));
    assert!(twice.is_none(), "listed twice: {}", twice.unwrap().title);
    if std::env::var_os("PCF_GOLDEN").is_some_and(|value| value == "write") {
        return expected::write(&entries);
    }
    let found = expected::differences(&entries);
    assert!(found.is_empty(), "{}", expected::message(&found));
}
