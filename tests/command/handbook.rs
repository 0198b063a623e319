//! The README and the handbook run: every `sh` block of them, in one shell, in the order in which a
//! reader meets them. What needs Go or Python is left to `.ci/smoke`, which runs all of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use pcf_testing::tools::{ITS_DAY, on_day, required};
use tempfile::TempDir;

use crate::PCF;

/// The pages with commands to be run, in their order.
const PAGES: [&str; 4] =
    ["README.md", "src/cli/guide/correcting.md", "src/cli/guide/auditing.md", "src/cli/guide/by-hand.md"];

/// The README is read in one go.
const README_LINES_MAX: usize = 150;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn page(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// The `sh` blocks of a page.
fn blocks(text: &str) -> Vec<String> {
    let parts = text.split("```sh\n").skip(1);
    parts.map(|part| part.split("\n```").next().unwrap().to_owned() + "\n").collect()
}

fn topics() -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("src/cli/guide")).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn the_readme_is_short_and_the_commands_of_it_and_of_the_handbook_run() {
    if !required(&["faketime"]) {
        return;
    }
    let readme = page("README.md");
    assert!(readme.lines().count() <= README_LINES_MAX, "{} lines", readme.lines().count());
    let dir = TempDir::new().unwrap();
    let mut script = String::from("pcf demo demo-ledger > demo.txt\n");
    let mut verified = 0;
    for name in PAGES {
        let text = page(name);
        for block in
            blocks(&text).iter().filter(|block| !block.contains("go run") && !block.contains("python3"))
        {
            verified += block.matches("pcf verify ").count();
            script.push_str(block);
        }
    }
    let elsewhere: Vec<PathBuf> = topics()
        .into_iter()
        .filter(|path| !PAGES.iter().any(|page| path.ends_with(page.trim_start_matches("src/cli/"))))
        .filter(|path| !blocks(&fs::read_to_string(path).unwrap()).is_empty())
        .collect();
    assert!(elsewhere.is_empty(), "these have commands that nothing runs: {elsewhere:?}");
    let own = Path::new(PCF).parent().unwrap();
    let path = format!("{}:{}", own.display(), std::env::var("PATH").unwrap());
    let mut shell = on_day(ITS_DAY, "bash");
    shell.args(["-euo", "pipefail", "-c", &script]).current_dir(dir.path()).stdin(Stdio::null());
    shell.env("PATH", path).env_remove("PCF_LEDGER").env_remove("PCF_PASSPHRASE_FILE");
    let ran = shell.output().unwrap();
    let (said, error) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{said}\n{error}");
    assert!(verified > 4 && said.lines().filter(|line| *line == "verified").count() >= verified, "{said}");
}

#[test]
fn every_topic_of_the_handbook_is_in_the_program_and_in_the_readme() {
    let readme = page("README.md");
    let run = |arguments: &[&str]| {
        let out = Command::new(PCF).args(arguments).env_remove("PCF_LEDGER").output().unwrap();
        assert!(out.status.success(), "{arguments:?}");
        String::from_utf8(out.stdout).unwrap()
    };
    let listed = run(&["guide"]);
    for path in topics() {
        let topic = path.file_stem().unwrap().to_str().unwrap();
        assert!(listed.lines().any(|line| line.starts_with(&format!("{topic} "))), "{topic} is not listed");
        assert!(readme.contains(&format!("src/cli/guide/{topic}.md")), "{topic} is not in the README");
        let shown = run(&["guide", topic]);
        let text = fs::read_to_string(&path).unwrap();
        assert!(shown.starts_with(&*text), "{topic}");
        assert!(text.starts_with("# "), "{topic} has no title");
    }
    let tables = run(&["guide", "tables", "activities"]);
    for column in ["stage (阶段)", "allocation_keys", "instrument_kwh", "kind (类别)"] {
        assert!(tables.contains(column), "{column}: {tables}");
    }
}

/// Verbs that the handbook names and the program has not, or the other way round.
#[test]
fn every_command_that_the_handbook_names_is_one() {
    let out = Command::new(PCF).arg("--help").output().unwrap();
    let help = String::from_utf8(out.stdout).unwrap();
    let verbs: Vec<&str> = help
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|word| !word.is_empty())
        .collect();
    assert!(verbs.contains(&"publish") && verbs.contains(&"what-if"), "{verbs:?}");
    for path in topics().into_iter().chain([root().join("README.md")]) {
        let text = fs::read_to_string(&path).unwrap();
        for (at, _) in text.match_indices("pcf ") {
            let begins = text[..at].ends_with(['`', '(', '\n', ' ', '"']);
            let word: String =
                text[at + 4..].chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
            if begins && !word.is_empty() && text[..at].ends_with(['`', '\n', '(']) {
                assert!(verbs.contains(&word.as_str()), "{}: pcf {word}", path.display());
            }
        }
    }
}
