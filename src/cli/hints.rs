//! Hints made typeable: the paths that this run knows stand in place of names such as `operator.pem` or `KEY`, quoted as a shell reads them. It
//! decides no cause and no exit code.

mod years;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use pcf_desk::project::Project;
use pcf_files::library::Library;
use pcf_files::likeness::edits;
use pcf_ledger::model::StatementId;

use crate::context::Context;

pub use pcf_desk::words::quoted;
pub use years::Years;

/// Verbs that need no ledger: `--ledger` is not put into hints that name them.
const WITHOUT_LEDGER: [&str; 7] = ["template", "init", "key", "sign", "verify", "demo", "guide"];

/// A path as a shell takes it.
pub fn path(path: &Path) -> String {
    quoted(path.to_string_lossy())
}

/// The words that were typed behind `pcf`.
fn typed() -> Vec<String> {
    std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect()
}

fn joined(words: &[String]) -> String {
    std::iter::once("pcf".to_owned()).chain(words.iter().map(quoted)).collect::<Vec<_>>().join(" ")
}

/// The command as it was typed, to be shown with something before or after it.
pub fn same_command() -> String {
    joined(&typed())
}

/// The command as it was typed, with `option` naming `value`.
pub fn same_command_with(option: &str, value: &str) -> String {
    let mut words = typed();
    let inline = format!("{option}=");
    if let Some(next) = words.iter().position(|w| w == option).and_then(|at| words.get_mut(at + 1)) {
        value.clone_into(next);
    } else if let Some(word) = words.iter_mut().find(|w| w.starts_with(&inline)) {
        *word = format!("{inline}{value}");
    } else {
        // An option of the program can stand before its verb, and one of a verb behind that.
        let at = if option == "--ledger" { 0 } else { words.len() };
        words.splice(at..at, [option.to_owned(), value.to_owned()]);
    }
    joined(&words)
}

/// The command as it was typed, with the name of a file that is there in place of one that is not and differs little; none where there is
/// no such file.
pub fn same_command_with_file(missing: &Path) -> Option<String> {
    let parent = missing.parent().filter(|parent| !parent.as_os_str().is_empty());
    let entries = parent.unwrap_or(Path::new(".")).read_dir().ok()?.filter_map(Result::ok);
    let names = entries.map(|entry| PathBuf::from(entry.file_name())).take(10_000);
    let wanted = missing.file_stem()?.to_str()?.to_owned();
    let distance = |name: &Path| Some(edits(&wanted, name.file_stem()?.to_str()?));
    // Another number is another month and no slip, and another ending another kind of file.
    let alike =
        names.filter(|name| name.extension() == missing.extension() && digits(name) == digits(missing));
    let (apart, meant) = alike.filter_map(|name| Some((distance(&name)?, name))).min()?;
    if apart > wanted.chars().count() / 3 {
        return None;
    }
    let meant = missing.with_file_name(meant);
    let mut words = typed();
    let word = words.iter_mut().find(|word| Path::new(word) == missing)?;
    *word = meant.to_str()?.to_owned();
    Some(joined(&words))
}

/// The digits of a file's name.
fn digits(file: &Path) -> String {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name.chars().filter(char::is_ascii_digit).collect()
}

/// What was typed behind an option.
fn value_of(option: &str) -> Option<String> {
    let words = typed();
    let inline = format!("{option}=");
    let behind = words.iter().position(|w| w == option).and_then(|at| words.get(at + 1)).cloned();
    behind.or_else(|| words.iter().find_map(|w| w.strip_prefix(&inline)).map(str::to_owned))
}

/// Where `pcf init` puts the keys of the ledger in `dir`: `my-ledger` has them in `my-ledger-keys`.
pub fn key_directory(dir: &Path) -> PathBuf {
    match dir.file_name() {
        Some(name) => {
            let mut name = name.to_owned();
            name.push("-keys");
            dir.with_file_name(name)
        }
        // `.` and `..` have no name: their keys stand beside the directory they mean.
        None => std::path::absolute(dir)
            .ok()
            .and_then(|full| full.canonicalize().ok())
            .filter(|full| full.file_name().is_some())
            .map_or_else(|| PathBuf::from("ledger-keys"), |full| key_directory(&full)),
    }
}

/// The key file of this name that lies where `pcf init` put it, or that was put into `keys` of a demo.
pub fn key_file(dir: &Path, name: &str) -> Option<PathBuf> {
    let beside = [key_directory(dir), dir.with_file_name("keys")];
    beside.into_iter().map(|keys| keys.join(name)).find(|file| file.is_file())
}

/// A ledger in a directory below `dir`, where there is just one.
pub fn only_ledger_below(dir: &Path) -> Option<PathBuf> {
    let entries = dir.read_dir().ok()?.filter_map(Result::ok).map(|entry| entry.path());
    let mut ledgers = entries.filter(|path| path.join("ledger.toml").is_file());
    let first = ledgers.next()?;
    let short = first.strip_prefix(".").map(Path::to_owned).unwrap_or(first);
    ledgers.next().is_none().then_some(short)
}

/// How the factors among these that the shipped library holds come into the ledger; none where it holds none of them.
pub fn factors_of_library<'a>(ids: impl Iterator<Item = &'a str>) -> Option<String> {
    let library = Library::shipped().ok()?;
    let held: BTreeSet<&str> = ids.filter(|id| library.find(id).is_some()).collect();
    let held: Vec<&str> = held.into_iter().collect();
    (!held.is_empty()).then(|| format!("pcf factor use {} --sign-with KEY", held.join(" ")))
}

/// How a statement is withdrawn whose parts take its place.
pub fn withdraw_to_split(statement: &StatementId) -> String {
    format!("pcf withdraw {statement} --reason 'split by days' --sign-with KEY")
}

/// The verbs that the operator's key signs where no other is named, and those that the log's does.
const SIGNED_BY: [(&str, &[&str]); 2] = [
    ("operator.pem", &["pcf actor ", "pcf authority ", "pcf redact ", "pcf log state"]),
    ("log.pem", &["pcf log checkpoint", "pcf log receipt"]),
];

/// The hint without the keys that a project names anyway.
fn without_known(hint: &str, project: &Project) -> String {
    let keys = &project.keys;
    let known = [("KEY", &keys.signer), ("operator.pem", &keys.operator), ("log.pem", &keys.log)];
    let is_known = |file: &str| known.iter().any(|(name, key)| file.ends_with(name) && key.is_some());
    let signs = |file: &str| {
        file == "KEY"
            || SIGNED_BY
                .iter()
                .any(|(name, verbs)| file.ends_with(name) && verbs.iter().any(|verb| hint.starts_with(verb)))
    };
    let Some((before, rest)) = hint.split_once(" --sign-with ") else { return hint.to_owned() };
    let (file, after) = rest.split_at(rest.find(' ').unwrap_or(rest.len()));
    match is_known(file) && signs(file) {
        true => format!("{before}{after}"),
        false => hint.to_owned(),
    }
}

/// The hint with what this run knows: the project, the ledger's own key files, the signer's key, and
/// `--ledger` where it was typed.
pub fn fill(hint: &str, context: &Context) -> String {
    let dir = &context.dir;
    let known = context.project.as_ref().map(|project| without_known(hint, project));
    let mut hint = known.unwrap_or_else(|| hint.to_owned());
    for name in ["operator.pem", "log.pem", "recovery.pem"] {
        let (open, file) = (format!("--sign-with {name}"), key_file(dir, name));
        if let Some(file) = file.filter(|_| hint.contains(&open)) {
            hint = hint.replace(&open, &format!("--sign-with {}", path(&file)));
        }
    }
    if let Some(key) = value_of("--sign-with").filter(|key| Path::new(key).is_file()) {
        hint = hint.replace("--sign-with KEY", &format!("--sign-with {}", quoted(key)));
    }
    // A key file that is missing here and lies with the ledger's keys was meant.
    if let Some(missing) = hint.strip_prefix("pcf key new ")
        && let Some((option, file)) = ["--sign-with", "--log-key"].iter().find_map(|option| {
            let given = value_of(option).filter(|given| quoted(given) == missing)?;
            let name = Path::new(&given).file_name()?.to_str()?.to_owned();
            Some((*option, key_file(dir, &name)?))
        })
    {
        return same_command_with(option, &file.to_string_lossy());
    }
    // So was one whose name differs little.
    if let Some(meant) =
        hint.strip_prefix("pcf key new ").and_then(|file| same_command_with_file(Path::new(file)))
    {
        return meant;
    }
    let verb = hint.strip_prefix("pcf ").and_then(|rest| rest.split(' ').next());
    match (verb, value_of("--ledger")) {
        (Some(verb), Some(ledger)) if !hint.contains("--ledger") && !WITHOUT_LEDGER.contains(&verb) => {
            hint.replacen("pcf ", &format!("pcf --ledger {} ", quoted(ledger)), 1)
        }
        _ => hint,
    }
}
