//! What a test can check is not left to a reviewer: who imports whom, which crate is used where, how long files are, and which words
//! never stand in the source.

use std::fs;
use std::path::{Path, PathBuf};

/// Each room with its floor, crate by crate. Between crates the compiler keeps the order; inside
/// one, imports go only downward, never sideways
/// on a floor.
const FLOORS: &[(&str, &[(&str, u8)])] = &[
    (
        "src/core/",
        &[
            ("limits", 0),
            ("checks", 0),
            ("model", 1),
            ("codec", 2),
            ("calc", 3),
            ("merkle", 3),
            ("plausibility", 4),
            ("sign", 4),
            ("pact", 4),
            ("log", 5),
            ("admission", 6),
            ("proof", 7),
        ],
    ),
    (
        "src/ledger/",
        &[
            ("batches", 0),
            ("durable", 0),
            ("store", 1),
            ("keyfile", 2),
            ("stored", 2),
            ("runs", 3),
            ("ledger", 4),
            ("publish", 5),
            ("audit", 5),
        ],
    ),
];

/// External crates that only one place may use.
const FENCES: &[(&str, &str)] = &[
    ("sled", "src/ledger/store/"),
    ("crc32c", "src/ledger/store/"),
    ("bincode", "src/ledger/stored.rs"),
    ("sha2", "src/core/codec/"),
    ("ed25519_dalek", "src/core/sign/"),
    ("pkcs8", "src/core/sign/"),
    ("ethnum", "src/core/model/"),
    ("jiff", "src/core/model/"),
    ("csv", "src/files/"),
    ("askama", "src/pages/"),
    ("ureq", "src/serve/"),
    ("rustls", "src/serve/"),
    ("clap", "src/cli/"),
    ("terminal_size", "src/cli/"),
    ("unicode_width", "src/cli/"),
    ("indicatif", "src/cli/"),
    ("rpassword", "src/cli/"),
    ("getrandom", "src/cli/"),
];

/// What the pure crates never reach for, also where it would compile.
const IMPURE: &[&str] = &["std::fs", "std::thread", "std::net", "std::process", "std::env", "std::os"];

/// A file that is longer holds more than one thing.
const LINES_MAX: usize = 400;

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The path from the project's root, and the text without comments and without the unit tests below `#[cfg(test)]`.
pub fn sources() -> Vec<(String, String)> {
    let files = rust_files(&root().join("src"));
    assert!(files.len() > 50, "the source tree was not found");
    let code = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        let shipped = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().to_owned();
        let lines = shipped.lines().filter(|line| !line.trim_start().starts_with("//"));
        let relative = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
        (relative, lines.collect::<Vec<_>>().join("\n"))
    };
    files.iter().map(code).collect()
}

/// True where `text` names the crate or module `name` as the first part of a path.
fn names_path(text: &str, prefix: &str, name: &str) -> bool {
    let needle = format!("{prefix}{name}");
    text.match_indices(&needle).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + needle.len()..].chars().next();
        let begins = before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':');
        begins && after.is_none_or(|c| !c.is_alphanumeric() && c != '_')
    })
}

#[test]
fn imports_go_only_downward() {
    let mut broken = Vec::new();
    for (path, code) in sources() {
        let Some((home, floors)) = FLOORS.iter().find(|(home, _)| path.starts_with(home)) else { continue };
        let room = path[home.len()..].split(['/', '.']).next().unwrap_or_default().to_owned();
        let floor = floors.iter().find(|(name, _)| *name == room).map(|(_, floor)| *floor);
        let Some(floor) = floor else { continue };
        let flat = code.replace("use crate::{", "use crate:: {");
        for (other, other_floor) in *floors {
            if *other != room && *other_floor >= floor && names_path(&flat, "crate::", other) {
                broken.push(format!("{path} (floor {floor}) imports {other} (floor {other_floor})"));
            }
        }
        if flat.contains("use crate:: {") {
            broken.push(format!(
                "{path} imports several rooms in one `use crate::{{`; name each on its own line"
            ));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_room_has_a_floor() {
    for (home, floors) in FLOORS {
        for entry in fs::read_dir(root().join(home)).unwrap() {
            let name = entry.unwrap().file_name().to_string_lossy().into_owned();
            let room = name.trim_end_matches(".rs");
            let known = floors.iter().any(|(known, _)| *known == room);
            assert!(known || matches!(room, "lib" | "Cargo.toml"), "{home}{name} has no floor");
        }
    }
}

#[test]
fn the_pure_crates_reach_for_no_system() {
    let mut found = Vec::new();
    let pure =
        |path: &str| ["src/core/", "src/files/", "src/pages/"].iter().any(|home| path.starts_with(home));
    for (path, code) in sources().into_iter().filter(|(path, _)| pure(path)) {
        found
            .extend(IMPURE.iter().filter(|word| code.contains(**word)).map(|word| format!("{path}: {word}")));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn external_crates_stay_behind_their_fences() {
    let mut broken = Vec::new();
    for (path, code) in sources() {
        for (name, home) in FENCES {
            let used = code.lines().any(|line| {
                line.trim_start().starts_with(&format!("use {name}::"))
                    || line.contains(&format!("{name}::"))
                        && names_path(line, "", name)
                        && !line.contains(&format!("crate::{name}"))
                        && !line.contains(&format!("super::{name}"))
            });
            if used && !path.starts_with(home) {
                broken.push(format!("{path} uses {name}, which belongs in {home}"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn files_hold_one_thing_each() {
    let mut long = Vec::new();
    for path in rust_files(&root().join("src")) {
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        if lines > LINES_MAX {
            long.push(format!("{}: {lines} lines", path.display()));
        }
    }
    assert!(long.is_empty(), "longer than {LINES_MAX} lines:\n{}", long.join("\n"));
}

#[test]
fn some_words_never_stand_in_the_source() {
    let banned =
        ["todo!(", "unimplemented!(", "dbg!(", "FIXME", "XXX", "HACK", "#[ignore", "utils", "Manager"];
    let mut found = Vec::new();
    for (path, code) in sources() {
        for word in banned.iter().filter(|word| code.contains(**word)) {
            found.push(format!("{path}: {word}"));
        }
        let library = !path.starts_with("src/cli/");
        for word in ["SystemTime::now", "env::var(", "println!(", "eprintln!(", "Instant::now"] {
            if library && code.contains(word) {
                found.push(format!("{path}: {word} is for the command only"));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn main_is_short() {
    let main = fs::read_to_string(root().join("src/cli/main.rs")).unwrap();
    assert!(main.lines().count() <= 20);
}

#[test]
fn every_file_begins_with_what_it_owns() {
    for path in rust_files(&root().join("src")) {
        let text = fs::read_to_string(&path).unwrap();
        let headed = text.starts_with("//!") || text.starts_with("#![doc = include_str!");
        assert!(headed, "{} has no module header", path.display());
    }
}
