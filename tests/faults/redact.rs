//! Every file system call of a redaction fails in turn, also by the end of the process. Whatever is left of it, the ledger opens and passes the audit, the
//! statement is there whole or redacted whole, and once its redaction is in the log opening takes the text out of every file.

use std::fs;

use pcf_ledger::admission::Said;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::store::Holder;
use pcf_testing::desk::Desk;
use pcf_testing::tools::required;
use pcf_testing::{copy, files};

use crate::PCF;
use crate::checkpoint::audited;
use crate::every_call::{injected, points, sample};

/// Words that stand in the statement alone.
const SECRET: &str = "night shift of Mr Smith";

fn redacting(place: &str, id: &str) -> Vec<String> {
    let ledger = format!("{place}/led");
    let more =
        ["--reason", "names a person", "--sign-with", "led-keys/operator.pem", "--yes", "--ledger", &ledger];
    ["redact", id].into_iter().chain(more).map(str::to_owned).collect()
}

fn desk() -> (Desk, String) {
    let desk = Desk::with_product(PCF);
    desk.edit("activities.csv", "ingot between halls by lorry", SECRET);
    let recorded = desk.json("record activities.csv --sign-with acme.pem");
    copy(&desk.path("led"), &desk.path("base").join("led"));
    (desk, recorded["submissions"][0]["statements"][0].as_str().unwrap().to_owned())
}

fn copied(desk: &Desk, place: &str) {
    let _ = fs::remove_dir_all(desk.path(place));
    copy(&desk.path("base"), &desk.path(place));
}

fn texts(desk: &Desk, place: &str) -> usize {
    let holds = |path: &std::path::PathBuf| {
        fs::read(path).unwrap().windows(SECRET.len()).any(|window| window == SECRET.as_bytes())
    };
    files(&desk.path(place)).iter().filter(|path| holds(path)).count()
}

fn disturb(desk: &Desk, id: &str, point: &(String, usize), fault: &str) -> Result<(bool, bool), String> {
    let (ran, reached) = injected(desk, point, fault, &redacting("tried", id))?;
    let dir = desk.path("tried").join("led");
    // A slot that is being written when the process ends is for the next writer to mend.
    if let Ok(reader) = Ledger::read(&dir) {
        reader.said(&id.parse().unwrap()).map_err(|e| format!("a reader: {e}"))?;
    }
    let holder = Holder { label: "a test".into(), started: "now".into() };
    let ledger = Ledger::open(&dir, &holder).map_err(|e| format!("it does not open: {e}"))?;
    let announced = ledger.book().redaction_of(&id.parse().unwrap()).unwrap().is_some();
    let gone = matches!(ledger.said(&id.parse().unwrap()), Ok(Said::Header(_)));
    drop(ledger);
    audited(&dir)?;
    match (announced, gone, texts(desk, "tried")) {
        (true, true, 0) => {}
        (false, false, 1) if ran.code != 0 => {}
        left => {
            return Err(format!("announced, gone, files with the text: {left:?}, exit code {}", ran.code));
        }
    }
    Ok((reached, announced))
}

#[test]
fn whichever_call_of_a_redaction_fails_the_text_is_there_whole_or_gone_from_every_file() {
    if !required(&["strace"]) {
        return;
    }
    let (desk, id) = desk();
    copied(&desk, "counted");
    assert_eq!(texts(&desk, "counted"), 1, "the text was there");
    let points = points(&desk, &redacting("counted", &id));
    assert_eq!(texts(&desk, "counted"), 0);
    let all = sample(&points, 45);
    let (mut problems, mut reached, mut announced) = (Vec::new(), 0, 0);
    for (point, fault) in &all {
        copied(&desk, "tried");
        match disturb(&desk, &id, point, fault) {
            Ok((hit, said)) => {
                (reached, announced) = (reached + usize::from(hit), announced + usize::from(said))
            }
            Err(problem) => problems.push(format!("{} no. {} with {fault}: {problem}", point.0, point.1)),
        }
    }
    let tried = all.len();
    println!("{} calls, {tried} faults tried, {reached} reached, {announced} announced", points.len());
    assert!(problems.is_empty(), "{} of {tried}:\n{}", problems.len(), problems.join("\n"));
    assert!(reached * 10 >= tried * 8, "only {reached} of {tried} calls were reached");
    assert!(announced > 0 && announced < tried, "{announced} of {tried} were announced");
}
