//! Yesterday's backup in the place of today's ledger: something that was published or withdrawn is to be forgotten.

use std::fs;
use std::path::Path;

use pcf_ledger::audit;
use pcf_ledger::ledger::{CheckpointSource, Ledger, LedgerError};
use pcf_ledger::model::StatementKind;
use pcf_testing::{ACME, LOG, factor, fill, holder, key, submit, withdrawal};
use tempfile::TempDir;

use super::hall::{finds, on_disk};

fn copied(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copied(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn the_copy_beside_the_log_key_keeps_a_backup_from_going_on_as_if_nothing_had_been() {
    let (dir, mut today) = on_disk();
    let beside = dir.path().join("keys").join("checkpoint");
    let source = [CheckpointSource { path: &beside }];
    fill(&mut today);
    today.sign_checkpoint(&key(LOG), &source).unwrap();
    today.flush().unwrap();
    let yesterday = TempDir::new().unwrap();
    copied(dir.path(), yesterday.path());
    let grid =
        today.book().all_entries().map(Result::unwrap).find(|e| e.kind == StatementKind::Factor).unwrap().id;
    submit(&mut today, ACME, &[withdrawal("acme", &grid)]);
    let signed = today.sign_checkpoint(&key(LOG), &source).unwrap().note().to_string();
    drop(today);
    // In itself the backup is whole and right.
    assert!(audit::directory(yesterday.path(), Vec::new(), &mut |_, _| {}).unwrap().holds());
    let mut old = Ledger::open(yesterday.path(), &holder()).unwrap();
    assert!(old.book().holds(&grid).unwrap());
    assert!(matches!(
        old.sign_checkpoint(&key(LOG), &source),
        Err(LedgerError::Fork { size: 5, signed: 6, .. })
    ));
    submit(&mut old, ACME, &[factor("acme", "another")]);
    assert!(matches!(
        old.sign_checkpoint(&key(LOG), &source),
        Err(LedgerError::Fork { size: 6, signed: 6, .. })
    ));
    drop(old);
    // Whoever kept today's checkpoint finds it; without one nobody can.
    let kept = vec![("kept by the auditor".to_owned(), signed.into_bytes())];
    let report = audit::directory(yesterday.path(), kept, &mut |_, _| {}).unwrap();
    finds(&report, "signed-checkpoint", "signed at size 6");
}
