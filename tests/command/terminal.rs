//! What is asked on a terminal: a project's beginning, an approval, and one passphrase for all keys of
//! a command. Python's `pty` is the terminal.

use std::fs;
use std::process::Command;

use pcf_testing::desk::BOTTLE;
use pcf_testing::tools;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::PCF;

/// Runs a command on a terminal, answers each prompt once its text stands there, and prints what was
/// shown and the exit code as JSON.
const PLAYER: &str = r#"
import json, os, pty, select, signal, sys, time
play = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.execv(play["command"][0], play["command"])
shown, seen, answers, until = "", 0, play["answers"], time.time() + 60
while time.time() < until:
    if answers and answers[0][0] in shown[seen:]:
        seen = len(shown)
        os.write(terminal, (answers.pop(0)[1] + "\n").encode())
    if select.select([terminal], [], [], 0.1)[0]:
        try:
            read = os.read(terminal, 65536)
        except OSError:
            read = b""
        if not read:
            break
        shown += read.decode(errors="replace")
else:
    os.kill(pid, signal.SIGKILL)
_, status = os.waitpid(pid, 0)
print(json.dumps({"shown": shown, "code": os.waitstatus_to_exitcode(status), "unasked": answers}))
"#;

/// What was shown, with the exit code expected and every answer given.
#[track_caller]
fn played(dir: &TempDir, arguments: &[&str], answers: &[(&str, &str)], code: i64) -> String {
    let command: Vec<&str> = std::iter::once(PCF).chain(arguments.iter().copied()).collect();
    let play = json!({"command": command, "answers": answers}).to_string();
    let mut player = Command::new("python3");
    player.args(["-c", PLAYER, &play]).current_dir(dir.path()).env("NO_COLOR", "1");
    let out = player.env_remove("PCF_LEDGER").env_remove("PCF_PASSPHRASE_FILE").output().unwrap();
    let said: Value = serde_json::from_slice(&out.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&out.stderr)));
    let shown = said["shown"].as_str().unwrap().to_owned();
    assert_eq!((said["code"].as_i64(), &said["unasked"]), (Some(code), &json!([])), "{shown}");
    shown
}

#[test]
fn a_project_is_begun_by_answers_and_the_passphrase_is_asked_once_a_command() {
    if !tools::required(&["python3"]) {
        return;
    }
    let dir = TempDir::new().unwrap();
    let horse = "correct horse";
    let begun = played(
        &dir,
        &["init"],
        &[
            ("Company: ", "Acme Ltd"),
            ("A domain of yours", "acme.example"),
            ("First product", "Bottle 0.5 L"),
            ("New passphrase: ", horse),
            ("The same again: ", horse),
        ],
        0,
    );
    assert!(begun.contains("Began the project pcf.toml"), "{begun}");
    assert!(begun.contains("urn:pact:acme.example:product-id:bottle-0-5-l"), "{begun}");
    assert!(fs::read_to_string(dir.path().join("pcf.toml")).unwrap().contains("signer = \"acme\""));
    fs::write(dir.path().join("products.csv"), BOTTLE).unwrap();
    let asked = [("Passphrase of keys/acme.pem: ", horse), ("Type `yes`: ", "no")];
    let refused = played(&dir, &["import", "products.csv"], &asked, 1);
    assert!(refused.contains("Would record 1 statement"), "{refused}");
    let asked = [("Passphrase of keys/acme.pem: ", horse), ("Type `yes`: ", "yes")];
    let imported = played(&dir, &["import", "products.csv"], &asked, 0);
    assert!(imported.contains("Recorded 1 statement"), "{imported}");
    // The signer's and the operator's keys were both read.
    assert_eq!(imported.matches("Passphrase of ").count(), 1, "{imported}");
    let asked = [("Passphrase of keys/acme.pem: ", horse), ("Type `yes`: ", "yes")];
    let undone = played(&dir, &["undo"], &asked, 0);
    assert!(undone.contains("Undid submission 2: 1 statement withdrawn, 0 said again"), "{undone}");
}
