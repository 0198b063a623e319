//! Every sentence that the command's source has for an error stands in the catalogue, or in a list
//! with the reason why it cannot.

use std::fs;
use std::path::Path;

/// Sentences that cannot be provoked from outside, by a part of each.
const UNPROVOKED: &[(&str, &str)] = &[
    ("do not follow from the statements; nothing is explained", "the library's catalogue has it"),
    ("expected two publications of one product", "the library's catalogue has it"),
    (", which was withdrawn; --again publishes them once more", "tests/command/cli/accepted.rs has it"),
    ("this PACT file carries no proof", "tests/command/demo.rs has it"),
    ("the two passphrases differ", "is asked at a terminal"),
    ("reading stopped in a fault of this program", "no input is known that makes the reading thread panic"),
    ("does not hold the key", "the new key file is read back before it takes the old one's place"),
    ("the system's clock stands before 1970", "needs another clock"),
    ("the system gives no randomness", "the system gives it"),
    ("the demo's own step did not succeed", "the demo is a test of its own"),
    ("expected one statement in the submission", "one was appended"),
    (
        "the proof does not verify, so nothing was written",
        "no proof that fails is known; tests/proof/rehearsal.rs bends one",
    ),
    (
        "the figures do not follow",
        "a publication whose figures do not follow is refused by other means; tests/proof/attacks has it",
    ),
    ("what became durable cannot be passed on", "the command says what it could not write to"),
    ("only the operator says what holds, and this", "the command names the key's file instead"),
    ("recorded and not published", "tests/command/witness.rs has it"),
    ("the kept policy", "takes a policy file that was damaged since it was kept"),
    ("after this import", "what would hold was admitted before, and can be gathered"),
    ("the state at log size", "such a state is refused by other means; tests/proof/attacks has it"),
    ("several ids begin with", "six digits that two ids share take millions of statements"),
    ("cannot write to standard output", "tests/faults fails this very call"),
    ("` is in this ledger", "`product show` asks for what its question has found"),
    ("no passphrase: ", "is asked at a terminal"),
    ("cannot ask: ", "a terminal that cannot be written to"),
    ("expected --period PERIOD", "the parser of arguments asks for it before"),
];

/// The longest fixed part of every literal sentence that `src/cli` makes an error of, and of every
/// error of the desk, stands in the catalogue.
pub fn every_one_is_in(text: &str) {
    let text = text.replace("\n> ", " ");
    let mut missing = Vec::new();
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let desk = fs::read_to_string(src.join("desk/error.rs")).unwrap();
    for (path, source) in sources(&src.join("cli")).into_iter().chain([("desk/error.rs".to_owned(), desk)]) {
        for call in ["CliError::no(", "CliError::usage(", "CliError::failed(", "#[error("] {
            for (at, _) in source.match_indices(call) {
                let Some(part) = longest_part(&source[at + call.len()..]) else { continue };
                let excused = UNPROVOKED
                    .iter()
                    .any(|(sentence, _)| part.contains(sentence) || sentence.contains(&part));
                if !excused && !text.contains(part.trim()) {
                    missing.push(format!("{path}: {part}"));
                }
            }
        }
    }
    assert!(
        missing.is_empty(),
        "no case in tests/command/errors/command.rs gives these sentences: add one, or argue in UNPROVOKED why none can:\n{}",
        missing.join("\n")
    );
}

fn sources(dir: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push((
                path.file_name().unwrap().to_string_lossy().into_owned(),
                fs::read_to_string(&path).unwrap(),
            ));
        }
    }
    found
}

/// The longest part between places of the literal that the call's argument begins with; none where it begins with something else.
fn longest_part(after: &str) -> Option<String> {
    let argument = after.trim_start();
    let argument = argument.strip_prefix("format!(").unwrap_or(argument).trim_start();
    let literal = argument.strip_prefix('"')?;
    let mut sentence = String::new();
    let mut escaped = false;
    for c in literal.chars() {
        match (escaped, c) {
            (true, '\n') => sentence.push('\n'),
            (true, c) => sentence.push(c),
            (false, '\\') => {}
            (false, '"') => break,
            (false, c) => sentence.push(c),
        }
        escaped = c == '\\' && !escaped;
    }
    // A line that goes on is one line for its reader.
    let joined: Vec<&str> =
        sentence.split('\n').enumerate().map(|(n, l)| if n > 0 { l.trim_start() } else { l }).collect();
    let joined = joined.concat();
    let parts = joined.split(['{', '}']).step_by(2).map(str::to_owned);
    parts.max_by_key(String::len).filter(|part| part.trim().len() > 8)
}
