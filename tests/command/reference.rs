//! The figures against a second implementation, which was written from the design alone
//! (`tests/reference`): random ledgers of readings and productions, and the same answer from both.

use std::process::Command;

use pcf_testing::tools;

use crate::PCF;

/// How many ledgers are asked about, some six questions each; `PCF_LONG=1` asks about a thousand.
const LEDGERS: &str = "12";

#[test]
fn random_ledgers_have_the_same_figures_in_the_second_implementation() {
    if !tools::required(&["python3"]) {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let count = if tools::long() { "1000" } else { LEDGERS };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/compare.py");
    let ran = Command::new("python3").args([script, PCF, "2", count]).arg(dir.path()).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{said}\n{}", String::from_utf8_lossy(&ran.stderr));
}
