//! One folder a mistake that people make: the files as they would hand them in, and in
//! `expected.txt` the sentence that catches it and says how to mend it. Each is tried with `pcf
//! record --dry-run` on one ledger (`base`) whose own data and the files of `clean` give nothing.
//!
//! `PCF_UPDATE_MISTAKES=1` writes the expected texts anew; they are read by a person before they
//! are committed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::PCF;

/// The fewest mistakes that are tried.
const MISTAKES_MIN: usize = 45;

/// Published factors of the base ledger, beside those that a mistake brings.
const FACTORS: &[&str] = &[
    "cn.mee.elec_footprint.2024.national",
    "cn.mee.elec_footprint.2023.national",
    "cn.mee.grid_co2.2023.cn_national",
    "uk.desnz2025.19_504_5119_15_1",
    "uk.desnz2025.19_505_5124_15_1",
    "uk.desnz2025.27_304_3132_14_1",
    "uk.desnz2025.28_907_3132_14_1",
    "uk.desnz2025.1_100_1004_1_1",
    "uk.desnz2025.11_100_1004_1_1",
    "uk.desnz2025.1_100_1004_7_1",
    "uk.desnz2025.11_100_1004_7_1",
    "uk.desnz2025.20_504_5373_15_1",
    "uk.desnz2025.20_505_5388_15_1",
    "uk.desnz2025.20_505_5390_15_1",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes")
}

/// A ledger with one product, a year of its data, and what suppliers sent.
struct Desk {
    dir: TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { dir: TempDir::new().unwrap() };
        let base = folder().join("base");
        for entry in fs::read_dir(&base).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, desk.dir.path().join(path.file_name().unwrap())).unwrap();
        }
        desk.ok("init led --origin mistakes.example/log --no-passphrase");
        desk.ok("key new acme.pem --no-passphrase");
        desk.ok("actor add acme --name Acme --key acme.pem --type product --type factor --type activity \
             --type supplierFootprint --stage procurement --stage production --stage transport --stage recycling \
             --sign-with led-keys/operator.pem");
        desk.ok(&format!("factor use {} --sign-with acme.pem", FACTORS.join(" ")));
        desk.ok("product add products.csv --sign-with acme.pem");
        for document in ["paint", "lacquer", "clip-old", "clip-new"] {
            desk.ok(&format!("supplier add {document}.json --sign-with acme.pem"));
        }
        desk.ok("record activities.csv --sign-with acme.pem");
        desk
    }

    fn pcf(&self, line: &str) -> Output {
        let mut command = Command::new(PCF);
        command.args(line.split_whitespace()).current_dir(self.dir.path()).stdin(Stdio::null());
        command.env("PCF_LEDGER", "led").env_remove("PCF_PASSPHRASE_FILE").output().unwrap()
    }

    #[track_caller]
    fn ok(&self, line: &str) -> String {
        let out = self.pcf(line);
        let (text, error) = (String::from_utf8(out.stdout).unwrap(), String::from_utf8(out.stderr).unwrap());
        assert!(out.status.success(), "{line}\n{text}\n{error}");
        text
    }

    /// What the tool says about the files of a folder: an error with its hint, or each finding with
    /// its remedy.
    fn tried(&self, files: &Path) -> (Option<i32>, String) {
        let mut names = Vec::new();
        for name in ["factors.csv", "products.csv", "activities.csv"] {
            let _ = fs::remove_file(self.dir.path().join(name));
            if files.join(name).exists() {
                fs::copy(files.join(name), self.dir.path().join(name)).unwrap();
                names.push(name);
            }
        }
        let line = format!("record {} --sign-with acme.pem --dry-run --quiet --format json", names.join(" "));
        let out = self.pcf(&line);
        let error = String::from_utf8(out.stderr).unwrap();
        if out.stdout.is_empty() {
            return (out.status.code(), without_ids(&error));
        }
        let json: Value = serde_json::from_slice(&out.stdout).unwrap();
        let findings = json["foreseen"]["findings"].as_array().unwrap();
        (out.status.code(), without_ids(&findings.iter().map(sentence).collect::<Vec<_>>().join("\n")))
    }
}

fn sentence(finding: &Value) -> String {
    let part = |name: &str| finding[name].as_str().unwrap_or_default().to_owned();
    let mut text = format!(
        "{}: {}\n  {}\n  mend: {}\n",
        part("severity"),
        part("rule"),
        part("sentence"),
        part("remedy")
    );
    if let Some(command) = finding["command"].as_str() {
        text.push_str(&format!("  $ {command}\n"));
    }
    for at in finding["statements"].as_array().unwrap() {
        text.push_str(&format!("  at {}\n", at["place"].as_str().unwrap()));
    }
    text
}

/// Ids of statements differ from run to run.
fn without_ids(text: &str) -> String {
    let mut out = String::new();
    let mut hex = String::new();
    for c in text.chars().chain(['\0']) {
        if c.is_ascii_hexdigit() {
            hex.push(c);
            continue;
        }
        out.push_str(if hex.len() == 64 { "ID" } else { &hex });
        hex.clear();
        if c != '\0' {
            out.push(c);
        }
    }
    out
}

fn mistakes() -> Vec<PathBuf> {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let own = |path: &Path| ["base", "clean"].iter().any(|name| path.ends_with(name));
    let mut all: Vec<PathBuf> = entries.filter(|path| path.is_dir() && !own(path)).collect();
    all.sort();
    all
}

#[test]
fn every_seeded_mistake_is_caught_with_a_sentence_that_says_how_to_mend_it() {
    let desk = Desk::new();
    let all = mistakes();
    assert!(all.len() >= MISTAKES_MIN, "{} mistakes", all.len());
    let update = std::env::var_os("PCF_UPDATE_MISTAKES").is_some();
    let (mut wrong, mut silent) = (Vec::new(), Vec::new());
    for mistake in &all {
        let name = mistake.file_name().unwrap().to_string_lossy().into_owned();
        let (code, said) = desk.tried(mistake);
        let expected = mistake.join("expected.txt");
        if update {
            fs::write(&expected, &said).unwrap();
        }
        // One is right in one reading and wrong in another, the other may come with the next file:
        // `pcf check` has the last word.
        let said_only = ["cans_written_as_litres", "missing_process"].contains(&name.as_str());
        if said.is_empty() || said.contains("panicked") || code != Some(if said_only { 0 } else { 1 }) {
            silent.push(format!("{name}: exit code {code:?}, said: {said}"));
        }
        let golden = fs::read_to_string(&expected).unwrap_or_default();
        if golden != said {
            wrong.push(format!("== {name}\n-- expected\n{golden}\n-- got\n{said}"));
        }
    }
    assert!(silent.is_empty(), "not caught:\n{}", silent.join("\n"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn clean_files_and_a_clean_ledger_give_no_finding_at_all() {
    let desk = Desk::new();
    let (code, said) = desk.tried(&folder().join("clean"));
    assert_eq!((code, said.as_str()), (Some(0), ""));
    desk.ok("record activities.csv --sign-with acme.pem");
    let checked: Value = serde_json::from_str(&desk.ok("check --format json")).unwrap();
    assert_eq!(checked["findings"], Value::Array(Vec::new()), "{checked:#}");
    assert_eq!(checked["looked"][0]["periods"].as_array().unwrap().len(), 2, "{checked:#}");
    assert!(desk.ok("check").ends_with("rules, nothing found.\n"));
}
