//! A tyre maker's hour: two variants that share a curing meter with yearly gas and quarterly power, a
//! Chinese workbook, the parts list of an ERP with other column names and totals rows, and a
//! supplier's PACT file. `tests/hour/commands.sh` holds every command in order, and the files beside it
//! what is filled in; nothing in it is a hash, a key path or a UUID. The amounts are the example's own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use pcf_testing::tools::{ITS_DAY, on_day, required};
use pcf_testing::workbook;
use serde_json::Value;
use tempfile::TempDir;

use crate::PCF;

/// From an empty folder to verified footprints.
const COMMANDS_MAX: usize = 12;

/// Per tyre, done by hand: (5.2 x 2.4 + 2.5 x 2.5 + 1.4 x 2.31) kg of materials, haulage of 9.1 kg over
/// 180 km, and the hall's gas and power by curing hours: 3300 + 3450 + 3150 + 3300 of 20,800 a year for
/// gas, quarter by quarter for power, over 80,000 tyres.
const GATE: &str = "26.498839263418258";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hour")
}

struct Hour {
    dir: TempDir,
}

impl Hour {
    /// What was said, and the exit code.
    fn run(&self, line: &str) -> (String, Option<i32>) {
        let own = Path::new(PCF).parent().unwrap();
        let path = format!("{}:{}", own.display(), std::env::var("PATH").unwrap());
        let mut shell = on_day(ITS_DAY, "sh");
        shell.args(["-c", line]).current_dir(self.dir.path()).stdin(Stdio::null()).env("PATH", path);
        shell.env_remove("PCF_LEDGER").env_remove("PCF_PASSPHRASE_FILE");
        let out = shell.output().unwrap();
        let text = String::from_utf8(out.stdout).unwrap() + &String::from_utf8(out.stderr).unwrap();
        (text, out.status.code())
    }

    #[track_caller]
    fn ok(&self, line: &str) -> String {
        let (text, code) = self.run(line);
        assert_eq!(code, Some(0), "{line}\n{text}");
        text
    }

    fn json(&self, line: &str) -> Value {
        serde_json::from_str(&self.ok(&format!("{line} --format json --quiet"))).unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The files that the tyre maker has.
    fn fill(&self) {
        let mut book = fs::read(self.path("company.xlsx")).unwrap();
        for (sheet, file) in [("产品", "products"), ("排放因子", "factors"), ("活动", "activities")] {
            let table = fs::read_to_string(folder().join(format!("{file}.csv"))).unwrap();
            book = workbook::filled(&book, sheet, &table);
        }
        fs::write(self.path("company.xlsx"), book).unwrap();
        for name in ["bom.csv", "bom.toml", "cord.json"] {
            fs::write(self.path(name), fs::read_to_string(folder().join(name)).unwrap()).unwrap();
        }
        let rows = fs::read_to_string(folder().join("activities.csv")).unwrap();
        let (header, rows) = rows.split_once('\n').unwrap();
        let of = |wanted: &dyn Fn(&&str) -> bool| rows.lines().filter(wanted).collect::<Vec<_>>().join("\n");
        let corrected = of(&|row| row.contains(",158000,")).replace(",158000,", ",185000,");
        assert_eq!(corrected.lines().count(), 1);
        fs::write(self.path("corrected.csv"), format!("{header}\n{corrected}\n")).unwrap();
        // The first quarter of the next year has the amounts of the last one of this year.
        let [from, until, next] = ["2025-10-01", "2026-01-01", "2026-04-01"];
        let quarter = of(&|row| row.contains(&format!(",{from},{until},")));
        let quarter = quarter.replace(until, next).replace(from, until);
        assert_eq!(quarter.lines().count(), 3);
        fs::write(self.path("quarter.csv"), format!("{header}\n{quarter}\n")).unwrap();
        let cord = fs::read_to_string(self.path("cord.json")).unwrap();
        let mut newer: Value = serde_json::from_str(&cord).unwrap();
        newer["precedingPfIds"] = serde_json::json!([newer["id"]]);
        newer["id"] = "3d1c9b7e-2f4a-4c58-9d21-0c4f8e6a1b36".into();
        for field in ["pcfExcludingBiogenicUptake", "pcfIncludingBiogenicUptake", "fossilGhgEmissions"] {
            newer["pcf"][field] = "2.11".into();
        }
        fs::write(self.path("cord-2.json"), newer.to_string()).unwrap();
    }
}

#[test]
fn a_tyre_maker_publishes_two_tyres_in_twelve_commands_and_keeps_them_right_with_one_each() {
    if !required(&["faketime"]) {
        return;
    }
    let hour = Hour { dir: TempDir::new().unwrap() };
    let script = fs::read_to_string(folder().join("commands.sh")).unwrap();
    let (first, later) = script.split_once("# Weeks later").unwrap();
    let commands: Vec<&str> = first.lines().filter(|line| !line.starts_with('#')).collect();
    let calls: usize = commands.iter().map(|line| line.matches("pcf ").count()).sum();
    assert!(calls <= COMMANDS_MAX, "{calls} commands");
    for typed in ["--sign-with", "--log-key", "--operator-key", "--ledger", "urn:"] {
        assert!(!script.contains(typed), "{typed} is known");
    }
    let mut said = Vec::new();
    for command in &commands {
        said.push(hour.ok(command));
        if command.starts_with("pcf init") {
            hour.fill();
        }
    }
    let [_, tried, .., published, verified] = said.as_slice() else { panic!("{said:?}") };
    assert!(tried.contains("cord.json: a supplier's PACT file"), "{tried}");
    assert!(published.contains(GATE), "{published}");
    assert_eq!(verified.lines().filter(|line| *line == "verified").count(), 2, "{verified}");
    let listed = hour.json("pcf list publications");
    assert_eq!(listed["publications"].as_array().unwrap().len(), 2);
    weeks_later(&hour, later);
}

/// What follows: every command once, and what it says.
fn weeks_later(hour: &Hour, later: &str) {
    let mut commands = later.lines().skip(1);
    let mut next = |verb: &str| {
        let command = commands.next().unwrap();
        assert!(command.starts_with(&format!("pcf {verb} ")), "expected {verb}, got {command}");
        command.to_owned()
    };
    let corrected = hour.ok(&next("import"));
    assert!(corrected.contains("1 of them in place of an earlier one"), "{corrected}");
    let status = hour.json("pcf status");
    let state = |status: &Value, at: usize| status["products"][at]["published"]["state"].clone();
    assert_eq!((state(&status, 0), state(&status, 1)), ("behind".into(), "behind".into()));
    let updated = hour.ok(&next("publish"));
    assert!(updated.contains("2 publications, 0 unchanged"), "{updated}");
    let again = hour.json("pcf publish --changed");
    assert_eq!(again["unchanged"].as_array().unwrap().len(), 2, "{again}");
    hour.ok(&next("import"));
    let followed = hour.ok(&next("import"));
    assert!(followed.contains("2 of them in place of an earlier one"), "{followed}");
    let compared = hour.ok(&next("compare"));
    assert!(compared.contains("Synthesekautschuk"), "{compared}");
    let tried = hour.ok(&next("what-if"));
    assert!(tried.contains("natural gas") && tried.contains("Nothing was recorded"), "{tried}");
    let withdraw = next("withdraw");
    let listed = hour.json("pcf list publications");
    let newest = &listed["publications"][0];
    let (short, uuid) = (newest["short"].as_str().unwrap(), newest["footprint"].as_str().unwrap());
    let withdrawn = hour.ok(&withdraw.replace("SHORT", short));
    for wrote in [format!("{uuid}.html"), format!("{uuid}.json"), "index.html".into()] {
        assert!(withdrawn.contains(&format!("wrote published/{wrote}")), "{withdrawn}");
    }
    assert!(withdrawn.contains("In force again: "), "{withdrawn}");
    let page = fs::read_to_string(hour.path(&format!("published/{uuid}.html"))).unwrap();
    assert!(page.contains("Withdrawn: ") && page.contains("read twice"), "{page}");
    let pact = fs::read_to_string(hour.path(&format!("published/{uuid}.json"))).unwrap();
    assert!(pact.contains("\"Deprecated\""), "{pact}");
    let before = hour.json("pcf status")["products"][0]["kgCo2e"].clone();
    let undone = hour.ok(&next("undo"));
    assert!(undone.contains("1 statement withdrawn, 2 said again"), "{undone}");
    assert_ne!(hour.json("pcf status")["products"][0]["kgCo2e"], before, "the older cord counts again");
    hour.ok(&next("export"));
    let back = hour.ok("pcf import all.xlsx --dry-run");
    assert!(back.contains("Nothing is new"), "{back}");
    assert!(hour.ok("pcf audit").ends_with("\nholds\n"));
}
