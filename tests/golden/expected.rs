//! The committed expectation, one compressed text, and how a run differs from it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use crate::desk::Entry;

/// Begins an entry; every other line has a sign of its own.
const TITLE: &str = "=== ";
/// How many lines of one difference, and how many differences in full, are printed.
const LINES_SHOWN: usize = 20;
const ENTRIES_SHOWN: usize = 12;
/// The title, and a line of either side where one line differs.
const LINES_OF_LATER: usize = 3;
/// How many lines of one side of a hunk, and how many characters of a line, are printed.
const HUNK_LINES: usize = 6;
const WIDTH_SHOWN: usize = 200;
/// How far the comparison looks for the next line that both have.
const REACH: usize = 60;

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/expected.txt.gz")
}

/// Makes the expectation anew.
pub fn write(entries: &[Entry]) {
    let mut text = String::new();
    for Entry { title, lines } in entries {
        text.push_str(&format!("{TITLE}{title}\n"));
        lines.iter().for_each(|line| text.push_str(&format!("{line}\n")));
    }
    let mut packed = GzEncoder::new(File::create(path()).unwrap(), Compression::best());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap();
}

fn read() -> BTreeMap<String, Vec<String>> {
    let mut text = String::new();
    let packed = fs::read(path()).unwrap_or_default();
    if !packed.is_empty() {
        GzDecoder::new(packed.as_slice()).read_to_string(&mut text).unwrap();
    }
    let mut entries = BTreeMap::new();
    let mut lines: Option<&mut Vec<String>> = None;
    // Lines end at "\n" alone: a command may print a lone "\r".
    for line in text.split_terminator('\n') {
        match line.strip_prefix(TITLE) {
            Some(title) => lines = Some(entries.entry(title.to_owned()).or_default()),
            None => lines.as_mut().unwrap().push(line.to_owned()),
        }
    }
    entries
}

/// Every difference between the expectation and this run; empty where there is none.
pub fn differences(entries: &[Entry]) -> Vec<String> {
    let mut expected = read();
    let mut found = Vec::new();
    for Entry { title, lines } in entries {
        match expected.remove(title) {
            None => found.push(format!("{title}\n  is new: the expectation does not have it")),
            Some(before) if before != *lines => found.push(format!("{title}\n{}", compared(&before, lines))),
            Some(_) => {}
        }
    }
    found.extend(expected.keys().map(|title| format!("{title}\n  is missing: only the expectation has it")));
    found
}

/// The message of a failure: the first differences at length, the others in brief.
pub fn message(found: &[String]) -> String {
    let mut text = format!("{} entries are not as expected (- expected, + got):\n", found.len());
    for (n, difference) in found.iter().enumerate() {
        let lines = if n < ENTRIES_SHOWN { usize::MAX } else { LINES_OF_LATER };
        let shown: Vec<&str> = difference.lines().take(lines).collect();
        text.push_str(&format!("\n{}\n", shown.join("\n")));
    }
    text.push_str(
        "\nWhere every one of these is meant, make the expectation anew and say why in the commit:\n",
    );
    text.push_str("  PCF_GOLDEN=write cargo test --test golden\n");
    text
}

/// The lines that differ, the first of them.
fn compared(before: &[String], after: &[String]) -> String {
    let (mut shown, mut left, mut right) = (Vec::new(), before, after);
    while !(left.is_empty() && right.is_empty()) {
        let (gone, come) = next_common(left, right);
        shown.extend(hunk('-', &left[..gone]));
        shown.extend(hunk('+', &right[..come]));
        (left, right) = (left.get(gone + 1..).unwrap_or_default(), right.get(come + 1..).unwrap_or_default());
    }
    let more = shown.len().saturating_sub(LINES_SHOWN);
    shown.truncate(LINES_SHOWN);
    if more > 0 {
        shown.push(format!("  … and {more} more lines"));
    }
    shown.join("\n")
}

/// One side of a hunk: its first lines, cut to a readable width, so that both sides fit into what
/// is printed.
fn hunk(sign: char, lines: &[String]) -> Vec<String> {
    let cut = |line: &String| line.chars().take(WIDTH_SHOWN).collect::<String>();
    let mut shown: Vec<String> =
        lines.iter().take(HUNK_LINES).map(|line| format!("  {sign} {}", cut(line))).collect();
    if lines.len() > HUNK_LINES {
        shown.push(format!("  {sign} … and {} more lines", lines.len() - HUNK_LINES));
    }
    shown
}

/// How many lines of each come before the next line that both have.
fn next_common(left: &[String], right: &[String]) -> (usize, usize) {
    for distance in 0..REACH {
        for gone in 0..=distance {
            let come = distance - gone;
            if left.get(gone).is_some_and(|line| right.get(come) == Some(line)) {
                return (gone, come);
            }
        }
    }
    (left.len(), right.len())
}
