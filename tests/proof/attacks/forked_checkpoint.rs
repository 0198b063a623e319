//! Two histories under one log key.

use std::fs;

use pcf_ledger::ledger::{CheckpointSource, Ledger, LedgerError};
use pcf_ledger::store::memory::MemoryStore;
use pcf_testing::{ACME, LOG, OPERATOR, actor, factor, fill, key, submit};

use super::hall::{audited_with, finds, ledger, on_disk};

#[test]
fn a_ledger_whose_signed_directory_is_gone_signs_another_history() {
    let (dir, mut ledger) = on_disk();
    let beside = dir.path().join("keys").join("checkpoint");
    let source = [CheckpointSource { path: &beside }];
    fill(&mut ledger);
    ledger.sign_checkpoint(&key(LOG), &source).unwrap();
    drop(ledger);
    // The same genesis, another history, no `signed/`: only the copy beside the key knows.
    let (other, mut rolled) = on_disk();
    let fork = |ledger: &Ledger<_>| ledger.sign_checkpoint(&key(LOG), &source);
    assert!(matches!(fork(&rolled), Err(LedgerError::Fork { size: 1, signed: 5, .. })));
    for n in 0..6 {
        submit(&mut rolled, OPERATOR, &[actor(&format!("eve-{n}"), &[60 + n])]);
    }
    assert!(matches!(fork(&rolled), Err(LedgerError::Fork { size: 7, signed: 5, .. })));
    assert!(!other.path().join("signed").exists(), "a refused signature left a checkpoint behind");
}

#[test]
fn a_damaged_copy_beside_the_key_is_no_leave_to_sign() {
    let (dir, ledger) = on_disk();
    let beside = dir.path().join("copy");
    for bytes in [&b""[..], b"\n", b"example.com/log\n1\nAAAA\n\n"] {
        fs::write(&beside, bytes).unwrap();
        let refused = ledger.sign_checkpoint(&key(LOG), &[CheckpointSource { path: &beside }]).unwrap_err();
        assert!(refused.to_string().starts_with(&beside.display().to_string()), "{refused}");
    }
    assert!(!dir.path().join("signed").join("checkpoint").exists());
}

#[test]
fn a_link_that_leads_nowhere_is_no_leave_to_sign() {
    let (dir, ledger) = on_disk();
    let beside = dir.path().join("copy");
    std::os::unix::fs::symlink(dir.path().join("not-mounted").join("copy"), &beside).unwrap();
    assert!(ledger.sign_checkpoint(&key(LOG), &[CheckpointSource { path: &beside }]).is_err());
}

#[test]
fn the_thief_of_the_log_key_signs_both_histories_and_one_reader_has_both() {
    let (mut one, mut two) = (ledger(), ledger());
    submit(&mut one, ACME, &[factor("acme", "dear")]);
    submit(&mut two, ACME, &[factor("acme", "cheap")]);
    let note =
        |ledger: &Ledger<MemoryStore>| ledger.checkpoint().unwrap().sign(&key(LOG)).unwrap().to_string();
    let (shown_here, shown_there) = (note(&one), note(&two));
    assert_ne!(shown_here, shown_there);
    let store = one.into_store();
    assert!(audited_with(&store, &[shown_here.as_bytes()]).holds());
    finds(
        &audited_with(&store, &[shown_here.as_bytes(), shown_there.as_bytes()]),
        "signed-checkpoint",
        "this log has the root",
    );
}

#[test]
fn a_checkpoint_of_the_other_history_proves_no_publication_of_this_one() {
    use super::vault::{published, refuses, why};
    use pcf_ledger::proof::Proof;
    use pcf_testing::world::{World, key_of};
    let (world, _, mut parts) = published(1);
    let mut other = World::new(1);
    other.life();
    let more = key_of(&other.maker);
    let (twin, _) = other.figures("draft");
    let mut twin = twin;
    twin.footprint = "3f0a7c3e-0000-4000-8000-000000000009".parse().unwrap();
    other.append(&more, &[twin.into()]);
    parts.checkpoint = other.ledger.sign_checkpoint(&other.log, &[]).unwrap().note().to_string();
    let report = Proof::new(parts).unwrap().verify(&world.trust());
    refuses(&report, "publication-in-log", "index");
    assert!(
        why(&report, "split-view").contains("not excluded"),
        "without a witness a split view is not excluded"
    );
}
