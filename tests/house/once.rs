//! What is stated once stays stated once: limits and versions, the numbers in the format documents,
//! the order of an atomic write, and what only
//! Unix has.

use std::fs;

use pcf_ledger::limits;
use pcf_ledger::model::{Document, Text};
use pcf_ledger::sign::{Seal, SigningKey};

use super::tidy::{root, sources};

/// The one file of the limits.
const LIMITS: &str = "src/core/limits.rs";

/// Numbers of the limits, as they would be written again. Those that mean something else in most
/// places, such as 64 or 100, are not among them.
const NUMBERS: &[&str] = &[
    "120",
    "184",
    "700_000",
    "700000",
    "2_000",
    "65_536",
    "65536",
    "1 << 16",
    "0x10000",
    "1 << 20",
    "1_048_576",
    "64 << 20",
    "67_108_864",
    "64 * 1024 * 1024",
    "1024 * 1024",
    "256 * 1024",
    "64 * 1024",
    "8_192",
    "1_024",
];

/// Where such a number means something else: the file, the number, and what it is there.
const OTHERS: &[(&str, &str, &str)] = &[
    ("src/cli/cmd/audit.rs", "1 << 20", "bytes of a file with a checkpoint, which may be longer than a note"),
    ("src/core/admission/state/tree.rs", "1 << 20", "activities put in order at a time"),
    ("src/core/calc/solve/arrays.rs", "1 << 20", "lines of one row in small numbers"),
    ("src/files/csv/mod.rs", "120", "characters of a header line that are shown"),
    ("src/files/file.rs", "64 << 20", "bytes of a table that is read"),
    ("src/files/source/parts.rs", "64 << 20", "bytes of a part of a workbook"),
    ("src/ledger/ledger/filter.rs", "1 << 20", "blocks of a filter"),
    ("src/ledger/ledger/mod.rs", "1 << 16", "statements behind the derived runs"),
    ("src/ledger/store/recover.rs", "1 << 20", "bytes read at a time"),
    ("src/ledger/store/redact.rs", "1 << 20", "bytes read at a time"),
    ("src/ledger/store/salvage.rs", "1 << 20", "bytes read at a time"),
    ("src/ledger/store/scan.rs", "1 << 20", "bytes read at a time"),
];

/// The code without what stands in quotes on one line, and without what stands behind `//`.
fn without_texts(code: &str) -> String {
    let mut kept = String::with_capacity(code.len());
    for line in code.lines() {
        let (mut quoted, mut escaped, mut last) = (false, false, ' ');
        for (at, c) in line.char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' if quoted => escaped = true,
                '"' if last != '\'' => quoted = !quoted,
                '/' if !quoted && line[at..].starts_with("//") => break,
                _ if !quoted => kept.push(c),
                _ => {}
            }
            last = c;
        }
        kept.push('\n');
    }
    kept
}

/// True where the number stands by itself, not as a part of a longer one, of a name, or of a shift
/// that goes on.
fn states(code: &str, number: &str) -> bool {
    code.match_indices(number).any(|(at, _)| {
        let joins = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let before = code[..at].chars().next_back();
        let after = code[at + number.len()..].chars().next();
        !before.is_some_and(joins) && !after.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

/// The names of all constants that a text defines.
fn constants(code: &str) -> Vec<&str> {
    let after = code.split("const ").skip(1);
    let names = after.filter_map(|rest| rest.split_once(':')).map(|(name, _)| name.trim());
    names
        .filter(|name| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c == '_' || c.is_ascii_digit())
        })
        .collect()
}

#[test]
fn a_limit_is_defined_in_one_file() {
    let all = sources();
    let (_, limits) = all.iter().find(|(path, _)| path == LIMITS).unwrap();
    let names = constants(limits);
    assert!(names.len() > 20 && names.contains(&"METHOD_VERSION"), "{names:?}");
    let mut again = Vec::new();
    for (path, code) in all.iter().filter(|(path, _)| path != LIMITS) {
        let own = constants(code).into_iter().filter(|name| names.contains(name) || *name == "SEAL_LEN");
        again.extend(own.map(|name| format!("{path} defines {name}, which {LIMITS} has")));
    }
    assert!(again.is_empty(), "{}", again.join("\n"));
}

#[test]
fn a_limit_is_written_as_a_number_in_one_file() {
    let (mut again, mut unused) = (Vec::new(), OTHERS.to_vec());
    for (path, code) in sources().into_iter().filter(|(path, _)| path != LIMITS) {
        let code = without_texts(&code);
        for number in NUMBERS.iter().filter(|number| states(&code, number)) {
            let known = OTHERS.iter().any(|(file, other, _)| *file == path && other == number);
            unused.retain(|(file, other, _)| *file != path || other != number);
            if !known {
                again.push(format!("{path}: {number} is a constant of {LIMITS}, or means something else: then say so in OTHERS"));
            }
        }
    }
    assert!(again.is_empty(), "{}", again.join("\n"));
    assert!(unused.is_empty(), "no longer there: {unused:?}");
}

/// Raising the version of the calculation must not make the own gate, proof or audit refuse what is
/// published by it.
#[test]
fn one_constant_says_which_calculation_this_program_carries_out() {
    let uses = [
        "src/core/admission/pending.rs",
        "src/core/proof/checks/figures.rs",
        "src/ledger/audit/publications.rs",
        "src/ledger/publish/prepare.rs",
    ];
    let sources = sources();
    let mut others = sources.iter().filter(|(path, _)| path != LIMITS);
    let named: Vec<&str> = others
        .clone()
        .filter(|(_, code)| code.contains("METHOD_VERSION"))
        .map(|(path, _)| path.as_str())
        .collect();
    assert_eq!(named, uses, "these four name it, and no other");
    for (path, code) in &sources {
        let reads = code.contains("method.version.as_u64()") || code.contains("version: Whole::new(");
        assert!(
            !reads || code.contains("use crate::limits::METHOD_VERSION;"),
            "{path} has a method version of its own"
        );
    }
    assert!(others.all(|(_, code)| !code.contains("const METHOD")), "only {LIMITS} defines it");
}

#[test]
fn a_file_is_replaced_in_one_place() {
    let homes = ["src/ledger/durable.rs", "src/ledger/store/medium.rs"];
    let mut found = Vec::new();
    for (path, code) in sources().into_iter().filter(|(path, _)| !homes.contains(&path.as_str())) {
        let words = ["fs::rename(", "fs::rename;", "use std::fs::rename", ".persist(", "NamedTempFile"];
        found.extend(words.iter().filter(|word| code.contains(**word)).map(|word| format!("{path}: {word}")));
    }
    assert!(found.is_empty(), "belongs in {}:\n{}", homes[0], found.join("\n"));
}

#[test]
fn a_report_is_spelt_as_json_in_one_place() {
    let spelt = |(path, code): &(String, String)| {
        let reports = ["src/desk/", "src/cli/", "src/serve/"].iter().any(|home| path.starts_with(home));
        reports && path != "src/desk/words.rs" && code.contains("_pretty(")
    };
    let found: Vec<String> = sources().into_iter().filter(spelt).map(|(path, _)| path).collect();
    assert!(found.is_empty(), "use pcf_desk::words::json: {}", found.join(", "));
}

#[test]
fn what_only_unix_has_stands_behind_a_condition() {
    let mut bare = Vec::new();
    for (path, code) in sources() {
        let lines: Vec<&str> = code.lines().collect();
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.contains("std::os::")) {
            let guarded = lines[at.saturating_sub(3)..at].iter().any(|line| line.contains("#[cfg(unix)]"));
            if !guarded {
                bare.push(format!("{path}: {}", line.trim()));
            }
        }
    }
    assert!(bare.is_empty(), "{}", bare.join("\n"));
}

/// True for the inside of an index such as `..32`, `40..72` or `8..`.
fn is_range(inside: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_digit();
    let from = inside.trim_start_matches(is_digit);
    from.strip_prefix("..").is_some_and(|to| from.len() < inside.len() || to.starts_with(is_digit))
}

#[test]
fn the_audit_reads_no_bytes_by_their_numbers() {
    let mut found = Vec::new();
    for (path, code) in sources().into_iter().filter(|(path, _)| path.starts_with("src/ledger/audit/")) {
        let sliced = |line: &&str| {
            ["[", ".get("]
                .iter()
                .any(|opens| line.match_indices(opens).any(|(at, _)| is_range(&line[at + opens.len()..])))
        };
        found.extend(code.lines().filter(sliced).map(|line| format!("{path}: {}", line.trim())));
        found.extend(code.contains(".split_at(").then(|| format!("{path}: .split_at(")));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// As the documents write it: with a comma between thousands, in MiB where it is whole ones.
fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn size(bytes: usize) -> String {
    assert_eq!(bytes % (1 << 20), 0, "written in MiB");
    format!("{} MiB", bytes >> 20)
}

#[test]
fn the_documents_of_the_formats_state_the_same_numbers() {
    let of = |number: usize| count(limits::wide(number));
    let (seal, statements) = (limits::SEAL_BYTES, count(limits::STATEMENTS_MAX));
    let (statement, submission) = (size(limits::STATEMENT_BYTES_MAX), size(limits::SUBMISSION_BYTES_MAX));
    let (places, entries) = (of(limits::PROOF_PLACES_MAX), of(limits::PROOF_ENTRIES_MAX));
    let (keys, path) = (of(limits::PROOF_KEYS_MAX), limits::PATH_HASHES_MAX);
    let signature = limits::SEAL_BYTES - limits::SEAL_MESSAGE_BYTES;
    let said = [
        ("seal.md", format!("exactly {seal} bytes")),
        ("seal.md", format!("number of statements, 1 to {statements}")),
        ("seal.md", format!("| {} | {signature} |", limits::SEAL_MESSAGE_BYTES)),
        ("statement.md", format!("at most {statement};")),
        ("ledger-files.md", format!("the header of a statement, 1 byte to {statement}.")),
        ("ledger-files.md", format!("1 to {statements} statements with at most {submission}")),
        ("ledger-files.md", format!("| 88 | {seal} | seal |")),
        ("log.md", format!("of the {seal} bytes")),
        ("proof.md", format!("at most {}. Numbers", size(limits::PROOF_BYTES_MAX))),
        ("proof.md", format!("the checkpoint's root (at most {path}), the seal's {seal} bytes")),
        ("proof.md", format!("At most {places} seals and {places} statements; at most {keys} keys")),
        ("proof.md", format!("sorted, at most {entries} |")),
        ("proof.md", format!("A document above {} bytes", of(limits::DOCUMENT_BYTES_MAX))),
        ("gate.md", format!("at most {}.", size(limits::RELEASE_POLICY_BYTES_MAX))),
        ("trust.md", format!("at most {}.", size(limits::TRUST_FILE_BYTES_MAX))),
    ];
    let mut other = Vec::new();
    for (name, words) in &said {
        let text = fs::read_to_string(root().join("schemas").join(name)).unwrap();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.contains(words) {
            other.push(format!("schemas/{name}: expected `{words}`"));
        }
    }
    assert!(other.is_empty(), "{}", other.join("\n"));
}

#[test]
fn errors_state_the_same_numbers() {
    let short = Seal::parse(&[]).unwrap_err().to_string();
    assert!(short.contains(&format!("{} bytes", limits::SEAL_BYTES)), "{short}");
    let none = Seal::sign(&SigningKey::generate([1; 32]), [0; 32], 0, &[]).unwrap_err().to_string();
    assert!(none.contains(&format!("1 to {} statements", limits::STATEMENTS_MAX)), "{none}");
    let long = Document::new(vec![0; limits::DOCUMENT_BYTES_MAX + 1]).unwrap_err().to_string();
    assert!(
        long.contains(&format!("at most {} bytes", count(limits::wide(limits::DOCUMENT_BYTES_MAX)))),
        "{long}"
    );
    let long = "x".repeat(limits::TEXT_BYTES_MAX + 1).parse::<Text>().unwrap_err().to_string();
    assert!(long.contains(&format!("1 to {} bytes", count(limits::wide(limits::TEXT_BYTES_MAX)))), "{long}");
}
