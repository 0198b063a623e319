//! The derived entries, from which a ledger is opened without parsing its statements, rewritten with the right checksums.

use std::fs;
use std::path::Path;

use pcf_ledger::audit;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::StatementKind;
use pcf_ledger::store::runs::Runs;
use pcf_ledger::stored::{self, StoredRun};
use pcf_testing::audits;
use pcf_testing::{ACME, OPERATOR, PUMP, activity, actor, copy, fill, holder, seen, submit, with};
use tempfile::TempDir;

use super::hall::{errors, finds, on_disk};

/// Rewrites the stored runs of a ledger, as whoever owns the directory can.
fn rewrite(dir: &Path, id: &[u8; 32], change: impl Fn(&mut StoredRun)) {
    let log = dir.join("log");
    let mut all = Vec::new();
    let runs = Runs::open_reader(&log, id).unwrap();
    runs.each(|bytes, _| {
        all.push(stored::read::<StoredRun>(&bytes).unwrap());
        true
    })
    .unwrap();
    let mut anew = Runs::reset(&log, id).unwrap();
    for mut run in all {
        change(&mut run);
        anew.append(&stored::write(&run).unwrap()).unwrap();
    }
}

#[test]
fn entries_of_another_history_are_thrown_away() {
    let ((dir, mut honest), (other, mut twin)) = (on_disk(), on_disk());
    fill(&mut honest);
    submit(&mut twin, OPERATOR, &[actor("mallory", &[60])]);
    let expected = seen(honest.book());
    honest.flush().unwrap();
    twin.flush().unwrap();
    drop((honest, twin));
    for file in ["entries", "leaves"] {
        fs::copy(other.path().join("log").join(file), dir.path().join("log").join(file)).unwrap();
    }
    assert_eq!(seen(Ledger::read(dir.path()).unwrap().book()), expected);
    assert_eq!(seen(Ledger::open(dir.path(), &holder()).unwrap().book()), expected);
}

#[test]
fn an_activity_that_is_made_to_look_replaced_is_found_by_the_audit() {
    let (dir, mut ledger) = on_disk();
    fill(&mut ledger);
    let said = ledger.book().entries().iter().find(|e| e.kind == StatementKind::Activity).unwrap().id;
    submit(&mut ledger, ACME, &[with(activity("acme", &[PUMP]), "batch", "second")]);
    let (id, count) = (*ledger.id().as_bytes(), ledger.book().entries().len());
    let last = *ledger.book().entries().last().unwrap().id.as_bytes();
    ledger.flush().unwrap();
    drop(ledger);
    assert!(audit::directory(dir.path(), Vec::new(), &mut |_, _| {}).unwrap().holds());
    rewrite(dir.path(), &id, |run| {
        let Some(last) = run.statements.iter_mut().find(|s| s.id == last) else { return };
        last.replaces = Some(*said.as_bytes());
    });
    let report = audit::directory(dir.path(), Vec::new(), &mut |_, _| {}).unwrap();
    finds(&report, "derived-entries", &format!("of statement {count};"));
}

#[test]
fn an_activity_that_is_made_to_look_like_one_of_another_product_is_found_by_the_audit() {
    let (dir, mut ledger) = on_disk();
    fill(&mut ledger);
    let (id, count) = (*ledger.id().as_bytes(), ledger.book().entries().len());
    ledger.flush().unwrap();
    drop(ledger);
    // The first eight bytes, by which it is looked for, stay: a state is made of all thirty-two.
    rewrite(dir.path(), &id, |run| run.outputs.iter_mut().for_each(|(_, product)| product[31] ^= 1));
    let report = audit::directory(dir.path(), Vec::new(), &mut |_, _| {}).unwrap();
    finds(&report, "derived-entries", &format!("of statement {count};"));
    rewrite(dir.path(), &id, |run| run.outputs.clear());
    let report = audit::directory(dir.path(), Vec::new(), &mut |_, _| {}).unwrap();
    finds(&report, "derived-entries", &format!("of statement {count};"));
}

#[test]
fn entries_that_a_writer_wrote_on_while_the_audit_read_are_no_finding() {
    let (dir, mut ledger) = on_disk();
    fill(&mut ledger);
    ledger.flush().unwrap();
    let earlier = TempDir::new().unwrap();
    copy(dir.path(), earlier.path());
    submit(&mut ledger, ACME, &[with(activity("acme", &[PUMP]), "batch", "second")]);
    ledger.flush().unwrap();
    fs::copy(dir.path().join("log/entries"), earlier.path().join("log/entries")).unwrap();
    let report = audit::directory(earlier.path(), Vec::new(), &mut |_, _| {}).unwrap();
    assert!(report.holds(), "{:?}", report.findings);
}

#[test]
fn every_part_of_the_entries_that_is_rewritten_is_found_by_the_audit() {
    let (dir, mut ledger) = on_disk();
    fill(&mut ledger);
    let id = *ledger.id().as_bytes();
    ledger.flush().unwrap();
    drop(ledger);
    let original = fs::read(dir.path().join("log/entries")).unwrap();
    type Change = fn(&mut StoredRun);
    let changes: [(Change, &str); 13] = [
        (|run| run.seals[2].message[0] ^= 1, "seal 3"),
        (|run| run.seals[2].signer[0] ^= 1, "seal 3"),
        (|run| run.seals[2].end[15] ^= 1, "seal 3"),
        (|run| run.seals[2].statements += 1, "seal 3"),
        (|run| run.seals.swap(2, 3), "seal 3"),
        (|run| run.seals.truncate(run.seals.len() - 1), "seal"),
        (|run| run.statements[3].id[31] ^= 1, "statement 5"),
        (|run| run.statements[3].subject[31] ^= 1, "statement 5"),
        (|run| run.statements[3].position[15] ^= 1, "statement 5"),
        (|run| run.statements[3].kind ^= 1, "statement 5"),
        (|run| run.statements[3].by += 1, "statement 5"),
        (|run| run.statements[3].replaces = Some([7; 32]), "statement 5"),
        (|run| run.outputs.insert(0, (3, [7; 32])), "statement 5"),
    ];
    for (number, (change, place)) in changes.into_iter().enumerate() {
        fs::write(dir.path().join("log/entries"), &original).unwrap();
        // The genesis has a run of its own.
        rewrite(dir.path(), &id, |run| {
            if run.seals.len() > 3 {
                change(run)
            }
        });
        let report = audits::of_directory(dir.path());
        assert_eq!(errors(&report), ["derived-entries"], "change {number}: {:?}", report.findings);
        finds(&report, "derived-entries", &format!("of {place}"));
    }
    // What is missing at the end is made again.
    fs::write(dir.path().join("log/entries"), &original).unwrap();
    rewrite(dir.path(), &id, |run| {
        if run.seals.len() > 3 {
            run.outputs.clear();
            run.statements.truncate(run.statements.len() - 1);
        }
    });
    assert!(audits::of_directory(dir.path()).holds());
}
