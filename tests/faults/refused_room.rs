//! A disk that is full, a quota that is used up, a file system that is read-only and rights that are missing: each verb that writes says so in
//! words, with exit code 3, leaves nothing that stands in the way, and does its work once the cause is gone.

use pcf_testing::calendar::moved;
use pcf_testing::desk::Desk;
use pcf_testing::tools::required;

use crate::PCF;
use crate::trace::{run, strace};

/// What the system answers, and the words for it.
const ANSWERS: [(&str, &str); 4] = [
    ("ENOSPC", "the disk is full: make room on it"),
    ("EDQUOT", "the disk quota is used up: make room, or have it raised"),
    ("EROFS", "the file system is read-only: mount it for writing"),
    ("EACCES", "permission denied: file and directory must be yours"),
];

fn words(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}

/// Runs the verb with the answer to every call of this name from number `when` on, then without; all calls that can be refused are.
fn refused(desk: &Desk, line: &str, call: &str, when: &str) {
    for (answer, said) in ANSWERS {
        let inject = format!("inject={call}:error={answer}:when={when}");
        let trace = format!("trace={call}");
        let ran = run(strace(desk, &["-e", &trace, "-e", &inject], &desk.path("trace"), &words(line)));
        assert!(
            std::fs::read_to_string(desk.path("trace")).unwrap().contains("(INJECTED)"),
            "{line}: {call} is not called"
        );
        assert_eq!(ran.code, 3, "{line} with {answer}: {}{}", ran.out, ran.err);
        assert!(
            ran.err.lines().any(|line| line.starts_with("error: ") && line.contains(said)),
            "{line} with {answer}: {}",
            ran.err
        );
        assert!(!ran.err.contains("os error"), "{}", ran.err);
    }
    desk.pcf(line).ok();
}

#[test]
fn a_refused_key_file_stands_in_no_ones_way() {
    if !required(&["strace"]) {
        return;
    }
    let desk = Desk::new(PCF);
    refused(&desk, "init new --origin new.example --no-passphrase", "fsync", "1+");
    let desk = Desk::new(PCF);
    refused(&desk, "key new one.pem --no-passphrase", "fsync", "1+");
}

#[test]
fn a_record_a_checkpoint_and_a_publication_that_find_no_room_say_so_and_go_through_later() {
    if !required(&["strace"]) {
        return;
    }
    let desk = Desk::with_bottle(PCF);
    let record = "record activities.csv --sign-with acme.pem --ledger led";
    refused(&desk, record, "fdatasync", "1+");
    assert_eq!(desk.json(record)["skipped"], 1, "recorded once");
    refused(&desk, "log checkpoint --sign-with led-keys/log.pem --ledger led", "fsync", "1+");
    refused(
        &desk,
        &moved(
            "publish urn:gtin:06901234000016 --period 2024 --valid-until 2027-12-31 --sign-with acme.pem --log-key led-keys/log.pem --out out --ledger led",
        ),
        "fdatasync",
        "1+",
    );
}
