//! Collects the cases of the catalogue, compares them with the golden file, and holds that no
//! variant of an error is left out.

use std::any::type_name;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Debug, Display, Write as _};
use std::fs;
use std::path::{Path, PathBuf};

/// Variants that no input from outside provokes, each with the reason.
const UNPROVOKED: &[(&str, &str)] = &[
    (
        "CalcError::Result",
        "leaving the exact range at a product takes sums of 10^18 kg out of amounts that are refused before",
    ),
    ("InventoryError::Index", "wraps IndexError, as LedgerError::Lookup does"),
    (
        "LedgerError::Lookup",
        "wraps IndexError, which wraps what the store or the derived runs say; both are listed",
    ),
    ("LedgerError::Runs", "wraps RunsError, whose variants are listed; opening makes damaged runs again"),
    (
        "LedgerError::Log",
        "wraps LogError, whose variants are listed; the origin was checked when the ledger was made",
    ),
    (
        "LedgerError::Merkle",
        "wraps MerkleError, whose variants are listed; a ledger asks for paths it has the leaves of",
    ),
    ("CompletingError::ProductFile", "the command's catalogue has it"),
    ("CompletingError::ProductUnseen", "the command's catalogue has it"),
    ("DeskError::Completing", "wraps CompletingError, whose variants are listed"),
    ("Refusal::Erased", "tests/proof/attacks/erased_body_again.rs has it"),
    ("Refusal::WeakSalt", "tests/proof/attacks/erased_body_again.rs has it"),
    ("Refusal::OtherSeries", "tests/proof/attacks/series_of_its_own.rs has it"),
    ("Refusal::UnknownTag", "tests/proof/attacks/tag_of_another_product.rs has it"),
    ("Refusal::Index", "wraps IndexError; it becomes LedgerError::Lookup before anybody hears of it"),
    ("PageError::Template", "the templates are compiled in and write to memory, which does not fail"),
    ("PageError::Value", "wraps ValueError; days that a page derives come from days that were read"),
    ("AheadError::NotAsked", "is asked at a terminal"),
    ("AheadError::Stopped", "tests/command/cli/strict.rs has it"),
    ("AheadError::TooMany", "takes more than 1,000 statements"),
    ("DeskError::Ahead", "wraps AheadError, whose variants are listed"),
    ("DeskError::Calc", "wraps CalcErrors, whose variants are listed"),
    ("DeskError::Project", "wraps ProjectError, whose variants are listed"),
    ("DeskError::Ask", "wraps AskError, whose variants are listed"),
    ("DeskError::Undo", "wraps UndoError, whose variants are listed"),
    ("AskError::NoPeriod", "the command's catalogue has it"),
    ("AskError::NoProduct", "the command's catalogue has it"),
    ("AskError::NoFlow", "the command's catalogue has it"),
    ("ProjectError::Actor", "the command's catalogue has it"),
    ("ProjectError::Domain", "the command's catalogue has it"),
    ("ProjectError::There", "the command's catalogue has it"),
    ("ProjectError::Unread", "the command's catalogue has it"),
    ("UndoError::NothingOf", "the command's catalogue has it"),
    ("UndoError::Other", "the command's catalogue has it"),
    ("UndoError::Publishes", "the command's catalogue has it"),
    ("UndoError::Unknown", "the command's catalogue has it"),
    ("UndoError::Nothing", "the command's catalogue has it"),
    ("DeskError::LogQuestion", "wraps LogQuestionError, whose variants are listed"),
    ("DeskError::Codec", "wraps CodecError, whose variants are listed"),
    ("DeskError::Exchange", "wraps ExchangeError, whose variants are listed"),
    ("DeskError::Clock", "needs another clock"),
    ("DeskError::Randomness", "the system gives it"),
    ("DeskError::Unheard", "tests/faults fails this very call"),
    ("DeskError::File", "wraps an error of the system; the command's catalogue has it"),
    ("DeskError::Files", "lists what ExchangeError says; the command's catalogue has it"),
    ("DeskError::OtherType", "the command's catalogue has it"),
    ("PublishError::Withdrawn", "tests/command/cli/accepted.rs has it"),
    ("DeskError::ActorsTable", "the command's catalogue has it"),
    ("DeskError::ReaderStopped", "no input is known that makes the reading thread panic"),
    ("DeskError::Encode", "wraps CodecError, whose variants are listed"),
    ("DeskError::Refused", "wraps Refusal, whose variants are listed"),
    ("DeskError::Twice", "the command's catalogue has it"),
    ("DeskError::Differs", "the command's catalogue has it"),
    ("DeskError::Split", "wraps SplitError, whose variants are listed"),
    ("SplitError::Indivisible", "the command's catalogue has it"),
    ("SplitError::WholeStands", "the command's catalogue has it"),
    ("SplitError::PartsStand", "the command's catalogue has it"),
    ("SplitError::NothingToSplit", "the command's catalogue has it"),
    ("DeskError::AfterImport", "wraps InventoryError, whose variants are listed"),
    ("DeskError::KeyFile", "wraps KeyFileError, whose variants are listed"),
    ("DeskError::KeyLost", "the new key file is read back before it takes the old one's place"),
    ("DeskError::OtherSigner", "the command's catalogue has it"),
    ("DeskError::NotOperator", "the command's catalogue has it"),
    ("DeskError::OtherOwner", "the command's catalogue has it"),
    ("DeskError::NotOneStatement", "one was appended"),
    ("DeskError::Unpublished", "tests/command/witness.rs has it"),
    ("DeskError::KeptPolicy", "wraps LedgerError, whose variants are listed"),
    ("DeskError::Unwitnessed", "wraps LedgerError; tests/command/witness.rs has it"),
    ("DeskError::Bundle", "wraps BundleError, whose variants are listed"),
    ("DeskError::IllMade", "no proof that fails is known; tests/proof/rehearsal.rs bends one"),
    ("DeskError::OtherFootprint", "the command's catalogue has it"),
    ("DeskError::RedactedSince", "wraps CalcErrors, whose variants are listed"),
    (
        "DeskError::FiguresDoNotFollow",
        "such a publication is refused by other means; tests/proof/attacks has it",
    ),
    ("DeskError::NoState", "the command's catalogue has it"),
    (
        "DeskError::StateRoot",
        "a state that does not say what held is refused by other means; tests/proof/attacks has it",
    ),
    ("DeskError::NoDraft", "the command's catalogue has it"),
    ("DeskError::Document", "wraps PactError; what was appended was read before"),
    ("DeskError::AnotherDocument", "the command's catalogue has it"),
    ("DeskError::NameMissing", "the command's catalogue has it"),
    ("DeskError::UnknownActor", "the command's catalogue has it"),
    ("DeskError::KeyNotInForce", "the command's catalogue has it"),
    ("DeskError::Index", "wraps ValueError, whose variants are listed"),
    ("DeskError::NotAuthority", "the command's catalogue has it"),
    ("DeskError::RecoveryAlone", "the command's catalogue has it"),
    ("DeskError::LedgerThere", "the command's catalogue has it"),
    ("DeskError::KeyThere", "the command's catalogue has it"),
    ("DeskError::OriginIsAddress", "the command's catalogue has it"),
    ("DeskError::Name", "wraps an error of names; the command's catalogue has it"),
    ("DeskError::Report", "reports are made of strings and counts"),
    ("DeskError::NotInLibrary", "the command's catalogue has it"),
    ("DeskError::Ledger", "wraps LedgerError, whose variants are listed"),
    ("DeskError::Page", "wraps PageError, whose variants are listed"),
    ("DeskError::Value", "wraps ValueError; values that the desk derives come from values that were read"),
    ("DeskError::Exchange", "wraps ExchangeError, whose variants are listed"),
    ("DeskError::Target", "wraps TargetError, whose variants are listed"),
    ("DeskError::Bundle", "wraps BundleError, whose variants are listed"),
    ("DeskError::Pact", "wraps PactError, whose variants are listed"),
    ("DeskError::Merkle", "wraps MerkleError, whose variants are listed"),
    ("DeskError::Log", "wraps LogError, whose variants are listed"),
    ("DeskError::Json", "statements that a ledger holds are JSON: they were decoded when they were admitted"),
    (
        "LogQuestionError::AmbiguousStatement",
        "takes two ids with the same first six hex digits, some 5,000 statements in one ledger",
    ),
    (
        "ExportError::Pact",
        "wraps PactError, whose variants are listed; what the gate lets through is a valid document",
    ),
    (
        "ExportError::Value",
        "wraps ValueError; dates that the document derives come from dates that were read",
    ),
    ("KeyFileError::Sign", "wraps SignError, whose variants are listed"),
    ("StoredValueError::Unwritable", "takes a run of more than 8 MiB, which the writer never makes"),
    ("RunsError::Manifest", "wraps StoredValueError, which is listed; it takes more than 8 MiB of actors"),
    (
        "LedgerError::Stored",
        "wraps StoredValueError, which is listed; what cannot be read of the derived files is made anew",
    ),
    ("PublishError::Codec", "wraps CodecError; what is published was encoded before"),
    ("PublishError::Merkle", "wraps MerkleError; the ledger asks for paths it has the leaves of"),
    (
        "PublishError::Bundle",
        "wraps BundleError, whose variants are listed; a proof is made of parts that were read from the ledger",
    ),
    ("PublishError::Value", "wraps ValueError; days that a page derives come from days that were read"),
    (
        "InventoryError::Document",
        "a supplier's document that no calculation can use is refused when it is handed in (Refusal::Document)",
    ),
    (
        "LoopProblem::Undecided",
        "takes a figure within 2^-64 of the last digit of a half and yet not on it after eight refinements; no input is known",
    ),
    (
        "ExchangeError::Value",
        "wraps ValueError for a supplier's document that was read and fits in no statement; both have one limit",
    ),
];

/// A process that is being started holds, until it runs, the locks of files that another thread has open: the two catalogues take turns.
pub static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());

/// Errors by their variant: each with the input that gave it.
#[derive(Default)]
pub struct Catalogue {
    cases: BTreeMap<String, Vec<(String, String)>>,
}

impl Catalogue {
    /// Takes in the error of `answer`; success is a failure of the test.
    #[track_caller]
    pub fn case<T, E: Debug + Display>(&mut self, input: &str, answer: Result<T, E>) {
        match answer {
            Ok(_) => panic!("expected an error from {input}"),
            Err(error) => self.error(input, &error),
        }
    }

    /// Takes in an error.
    pub fn error<E: Debug + Display>(&mut self, input: &str, error: &E) {
        let path = type_name::<E>().split('<').next().unwrap_or_default();
        let name = path.rsplit("::").next().unwrap_or_default();
        let debug = format!("{error:?}");
        // The questions' own errors are listed under their own name.
        let (name, debug) = match debug.strip_prefix("LogQuestion(") {
            Some(inner) => ("LogQuestionError", inner.to_owned()),
            None => (name, debug),
        };
        let variant: String = debug.chars().take_while(|c| c.is_alphanumeric()).collect();
        self.put(format!("{name}::{variant}"), input, &error.to_string());
    }

    fn put(&mut self, variant: String, input: &str, message: &str) {
        self.cases.entry(variant).or_default().push((input.to_owned(), settled(message)));
    }

    fn written(&self) -> String {
        let mut text = String::from(
            "# Errors of the library\n\nWhat gives each error, and what it says. Made by `tests/command/errors`; do not edit. `…` stands for keys, \
             ids and paths that differ from run to run.\n",
        );
        let mut last = "";
        for (variant, cases) in &self.cases {
            let (name, short) = variant.split_once("::").unwrap_or_default();
            if name != last {
                let _ = write!(text, "\n## {name}\n");
                last = name;
            }
            let _ = write!(text, "\n**{short}**\n");
            for (input, message) in cases {
                let _ = write!(text, "\n- {input}\n");
                for line in message.lines() {
                    let _ = writeln!(text, "  > {line}");
                }
            }
        }
        let _ = write!(text, "\n## Not provoked from outside\n\n");
        for (variant, reason) in UNPROVOKED {
            let _ = writeln!(text, "- `{variant}`: {reason}");
        }
        text
    }
}

/// How every path below the temporary directory begins here, whatever `TMPDIR` says.
const TEMPORARY: &str = "/tmp/.tmp";

/// The message without what differs from run to run: checksums, keys, ids and temporary paths.
pub fn settled(message: &str) -> String {
    let message = message.replace(&format!("{}/.tmp", std::env::temp_dir().display()), TEMPORARY);
    let (mut out, mut word, mut before) = (String::new(), String::new(), String::new());
    for c in message.chars().chain(['\n']) {
        if c.is_ascii_alphanumeric() || "/+=_-.".contains(c) {
            word.push(c);
            continue;
        }
        let checksum = ["CRC-32C", "with"].contains(&before.as_str()) && word.len() == 8 && is_hex(&word);
        out.push_str(if checksum { "…".into() } else { shortened(&word) }.as_str());
        if !word.is_empty() {
            before = std::mem::take(&mut word);
        }
        out.push(c);
    }
    out.trim_end_matches('\n').to_owned()
}

fn is_hex(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_hexdigit())
}

fn shortened(word: &str) -> String {
    if let Some(path) = word.strip_prefix(TEMPORARY) {
        return path.split_once('/').map_or_else(|| "…".to_owned(), |(_, rest)| format!("…/{rest}"));
    }
    let mut parts = word.splitn(3, '+');
    if let (Some(name), Some(id), Some(_)) = (parts.next(), parts.next(), parts.next())
        && id.len() == 8
        && is_hex(id)
    {
        return format!("{name}+…");
    }
    let id = word.len() >= 40 && is_hex(word.trim_end_matches('.'));
    let key = word.len() == 44 && word.ends_with('=') && !word.contains('.');
    if id || key { "…".to_owned() } else { word.to_owned() }
}

/// Compares with the golden file, or writes it where `PCF_UPDATE_ERRORS` is set.
pub fn golden(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/command/errors").join(file);
    if std::env::var_os("PCF_UPDATE_ERRORS").is_some() {
        fs::write(&path, text).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    let differs = kept.lines().zip(text.lines()).position(|(a, b)| a != b);
    assert!(
        kept == text,
        "tests/command/errors/{file} is not what the errors say, first at line {}: write it anew with PCF_UPDATE_ERRORS=1 and read what changed\n\
         kept: {}\nnow:  {}",
        differs.map_or(kept.lines().count().min(text.lines().count()) + 1, |n| n + 1),
        differs.and_then(|n| kept.lines().nth(n)).unwrap_or("(the end)"),
        differs.and_then(|n| text.lines().nth(n)).unwrap_or("(the end)"),
    );
}

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] }).collect()
}

/// Every variant of a public enum in `src` that has a message.
fn variants() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for path in rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let text = fs::read_to_string(&path).unwrap_or_default();
        let (mut name, mut waits) = (String::new(), false);
        for line in text.lines() {
            let words: Vec<&str> = line.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
            if let (Some(at), true) =
                (words.iter().position(|word| *word == "enum"), line.starts_with("pub "))
            {
                name = words.get(at + 1).copied().unwrap_or_default().to_owned();
            }
            if line == "}" {
                name.clear();
            }
            waits = !name.is_empty() && (waits || line.trim_start().starts_with("#[error("));
            let variant =
                line.strip_prefix("    ").filter(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
            if let (true, Some(rest)) = (waits, variant) {
                let variant: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
                found.insert(format!("{name}::{variant}"));
                waits = false;
            }
        }
    }
    found
}

#[test]
fn every_error_of_the_library_is_provoked_and_stands_in_the_catalogue() {
    let _turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut catalogue = Catalogue::default();
    super::documents::provoke(&mut catalogue);
    super::signing::provoke(&mut catalogue);
    super::stores::provoke(&mut catalogue);
    super::runs::provoke(&mut catalogue);
    super::rulings::provoke(&mut catalogue);
    super::ledgers::provoke(&mut catalogue);
    super::ahead::provoke(&mut catalogue);
    super::calculation::provoke(&mut catalogue);
    super::publishing::provoke(&mut catalogue);
    super::questions::provoke(&mut catalogue);
    super::redaction::provoke(&mut catalogue);
    let variants = variants();
    assert!(variants.len() > 100, "the errors in src were not found: {variants:?}");
    let unprovoked: BTreeSet<String> = UNPROVOKED.iter().map(|(name, _)| (*name).to_owned()).collect();
    let provoked: BTreeSet<String> = catalogue.cases.keys().cloned().collect();
    let missing: Vec<_> =
        variants.iter().filter(|v| !provoked.contains(*v) && !unprovoked.contains(*v)).collect();
    assert!(
        missing.is_empty(),
        "no case in tests/command/errors provokes {missing:?}: add one, or argue in UNPROVOKED why none can"
    );
    let both: Vec<_> = unprovoked.intersection(&provoked).collect();
    assert!(both.is_empty(), "provoked, and said not to be: {both:?}");
    let gone: Vec<_> = unprovoked.union(&provoked).filter(|v| !variants.contains(*v)).collect();
    assert!(gone.is_empty(), "no longer in src: {gone:?}");
    golden("catalogue.md", &catalogue.written());
}
