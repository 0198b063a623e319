//! Every file system call of a signing of the log fails in turn. Whatever is left of it, the ledger opens and passes the audit, the log can be
//! signed again, and once a checkpoint was given out no other history is signed with the same key.

use std::fs;
use std::path::Path;

use pcf_ledger::audit::{self, Severity};
use pcf_testing::copy;
use pcf_testing::desk::Desk;
use pcf_testing::tools::required;

use crate::PCF;
use crate::every_call::{injected, points, sample};
use crate::import::arguments;
use crate::trace::{run, strace};

fn signing(place: &str) -> Vec<String> {
    let (key, ledger) = (format!("{place}/keys/log.pem"), format!("{place}/led"));
    ["log", "checkpoint", "--sign-with", &key, "--ledger", &ledger].map(str::to_owned).to_vec()
}

/// A ledger whose log was signed and then grew by one submission, in `base`; and in `fork` another that shares its signed beginning and then
/// has a different submission.
fn desk() -> Desk {
    let desk = Desk::with_product(PCF);
    desk.rows("one.csv", "B", 1);
    desk.rows("other.csv", "C", 1);
    desk.pcf("log checkpoint --sign-with led-keys/log.pem").ok();
    for (place, rows) in [("base", "one.csv"), ("fork", "other.csv")] {
        copy(&desk.path("led"), &desk.path(place).join("led"));
        copy(&desk.path("led-keys"), &desk.path(place).join("keys"));
        run(strace(&desk, &[], &desk.path("trace"), &arguments(rows, &format!("{place}/led")))).ok();
    }
    desk
}

fn copied(desk: &Desk, place: &str) {
    let _ = fs::remove_dir_all(desk.path(place));
    copy(&desk.path("base"), &desk.path(place));
}

/// Signs the other history with the keys of `place`, and what lies beside them.
fn sign_fork(desk: &Desk, place: &str) -> pcf_testing::desk::Ran {
    let other = format!("{place}-fork");
    let _ = fs::remove_dir_all(desk.path(&other));
    copy(&desk.path("fork").join("led"), &desk.path(&other).join("led"));
    copy(&desk.path(place).join("keys"), &desk.path(&other).join("keys"));
    let arguments = signing(&other);
    desk.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
}

pub fn audited(ledger: &Path) -> Result<(), String> {
    let report =
        audit::directory(ledger, Vec::new(), &mut |_, _| {}).map_err(|e| format!("no audit: {e}"))?;
    match report.findings.iter().find(|finding| finding.severity == Severity::Stops) {
        Some(finding) => Err(format!("the audit finds at {}: {}", finding.about, finding.sentence)),
        None => Ok(()),
    }
}

fn disturb(desk: &Desk, place: &str, point: &(String, usize), fault: &str) -> Result<bool, String> {
    let (ran, reached) = injected(desk, point, fault, &signing(place))?;
    audited(&desk.path(place).join("led"))?;
    // The note of a checkpoint ends with a line that begins with a dash.
    if ran.out.contains("\u{2014} ") && sign_fork(desk, place).code == 0 {
        return Err("a checkpoint was given out, and another history was signed".to_owned());
    }
    let again = signing(place);
    let again = desk.run(&again.iter().map(String::as_str).collect::<Vec<_>>());
    if again.code != 0 {
        return Err(format!("it cannot be signed again: {}", again.err));
    }
    audited(&desk.path(place).join("led"))?;
    let forked = sign_fork(desk, place);
    if forked.code == 0 || !forked.err.starts_with("error: ") {
        return Err(format!("another history was signed after it: {}{}", forked.out, forked.err));
    }
    Ok(reached)
}

#[test]
fn whichever_call_of_a_signing_fails_no_second_history_is_signed() {
    if !required(&["strace"]) {
        return;
    }
    let desk = desk();
    copied(&desk, "counted");
    // Without a newer checkpoint beside the key, the other history is as good as this one.
    assert_eq!(sign_fork(&desk, "base").code, 0);
    let points = points(&desk, &signing("counted"));
    let all = sample(&points, 100);
    let (mut problems, mut reached) = (Vec::new(), 0);
    for (point, fault) in &all {
        copied(&desk, "tried");
        match disturb(&desk, "tried", point, fault) {
            Ok(hit) => reached += usize::from(hit),
            Err(problem) => problems.push(format!("{} no. {} with {fault}: {problem}", point.0, point.1)),
        }
    }
    let tried = all.len();
    println!("{} calls, {tried} faults tried, {reached} reached", points.len());
    assert!(problems.is_empty(), "{} of {tried}:\n{}", problems.len(), problems.join("\n"));
    assert!(reached * 10 >= tried * 8, "only {reached} of {tried} calls were reached");
}
