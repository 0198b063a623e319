//! Every file system call of a publication fails in turn. Whatever is left of it, the ledger opens and passes the audit, no half document lies
//! where whole ones are expected, and publishing again gives documents that verify.

use std::fs;
use std::path::Path;

use pcf_testing::calendar::{moved, year};
use pcf_testing::copy;
use pcf_testing::desk::Desk;
use pcf_testing::tools::required;

use crate::PCF;
use crate::checkpoint::audited;
use crate::every_call::{injected, points, sample};

fn publishing(place: &str) -> Vec<String> {
    let (key, ledger, out) =
        (format!("{place}/keys/log.pem"), format!("{place}/led"), format!("{place}/out"));
    let product = "urn:gtin:06901234000016";
    let (year, until) = (year(2024).to_string(), moved("2027-12-31"));
    let more = ["--period", &year, "--valid-until", &until, "--sign-with", "acme.pem"];
    let places = ["--log-key", &key, "--ledger", &ledger, "--out", &out];
    ["publish", product].into_iter().chain(more).chain(places).map(str::to_owned).collect()
}

/// A ledger with everything that a final publication needs, in `base`.
fn desk() -> Desk {
    let desk = Desk::with_bottle(PCF);
    desk.pcf("record activities.csv --sign-with acme.pem").ok();
    copy(&desk.path("led"), &desk.path("base").join("led"));
    copy(&desk.path("led-keys"), &desk.path("base").join("keys"));
    desk
}

fn copied(desk: &Desk, place: &str) {
    let _ = fs::remove_dir_all(desk.path(place));
    copy(&desk.path("base"), &desk.path(place));
}

/// Every proof and PACT file that lies in the directory verifies; how many there are.
fn verified(desk: &Desk, place: &str) -> Result<usize, String> {
    let key = desk.pcf("log key --ledger base/led").ok();
    let Ok(files) = fs::read_dir(desk.path(place).join("out")) else { return Ok(0) };
    let files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    let has = |path: &Path, end: &str| path.extension().is_some_and(|e| e == end);
    let proofs = files.iter().filter(|path| has(path, "pcfproof") || has(path, "json"));
    let mut count = 0;
    for path in proofs {
        let ran = desk.run(&["verify", &path.to_string_lossy(), "--key", key.trim()]);
        if ran.code != 0 {
            return Err(format!("{} does not verify: {}{}", path.display(), ran.out, ran.err));
        }
        count += 1;
    }
    Ok(count)
}

fn disturb(desk: &Desk, place: &str, point: &(String, usize), fault: &str) -> Result<bool, String> {
    let (ran, reached) = injected(desk, point, fault, &publishing(place))?;
    audited(&desk.path(place).join("led"))?;
    let left = verified(desk, place)?;
    if ran.code == 0 && left < 2 {
        return Err(format!("it says that all is done, and {left} documents are there"));
    }
    let again = publishing(place);
    let again = desk.run(&again.iter().map(String::as_str).collect::<Vec<_>>());
    if again.code != 0 {
        return Err(format!("it cannot be published again: {}", again.err));
    }
    audited(&desk.path(place).join("led"))?;
    if verified(desk, place)? < 2 {
        return Err("published again, and there is no proof with its PACT file".to_owned());
    }
    Ok(reached)
}

#[test]
fn whichever_call_of_a_publication_fails_nothing_half_is_left_and_it_can_be_published_again() {
    if !required(&["strace"]) {
        return;
    }
    let desk = desk();
    copied(&desk, "counted");
    let points = points(&desk, &publishing("counted"));
    let all = sample(&points, 60);
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
