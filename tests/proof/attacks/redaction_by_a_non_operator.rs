//! Somebody else than the operator orders a redaction.

use pcf_ledger::codec::{decode_draft, encode};
use pcf_ledger::model::{StatementId, StatementKind};
use pcf_ledger::store::Store as _;
use pcf_testing::{ACME, BOLT, RECOVERY, actor, submission};

use super::hall::{audited, finds, forged, has, ledger, newest, place, redaction, refused, submissions};

#[test]
fn neither_an_actor_nor_the_recovery_key_redacts_its_own_or_anothers_statement() {
    let mut ledger = ledger();
    let all: Vec<_> = ledger.book().all_entries().map(|entry| entry.unwrap().into_owned()).collect();
    let mut tried = 0;
    for entry in all.iter().filter(|entry| entry.kind.keeps_body(false).is_none()) {
        tried += 1;
        let said = redaction(&entry.id);
        for (signer, name) in [(ACME, "acme"), (BOLT, "bolt"), (RECOVERY, "recovery")] {
            let error = refused(&mut ledger, signer, std::slice::from_ref(&said));
            has(&error, &format!("is said by `operator`, but `{name}` sealed it"));
        }
        assert!(ledger.statement(&entry.id).is_ok(), "its body is still there");
    }
    assert_eq!(tried, 3);
}

#[test]
fn nobody_can_be_given_the_right_and_nobody_else_can_say_it() {
    let mut value = actor("acme", &[ACME]);
    value["rights"]["types"].as_array_mut().unwrap().push("redaction".into());
    value["salt"] = "AAECAwQFBgcICQoLDA0ODw".into();
    value["v"] = "1".into();
    let error = decode_draft(&encode(&value).unwrap()).unwrap_err();
    has(&error.to_string(), "redaction");
    let mut said = redaction(&StatementId::from_bytes([1; 32]));
    (said["by"], said["salt"], said["v"]) = ("acme".into(), "AAECAwQFBgcICQoLDA0ODw".into(), "1".into());
    let error = decode_draft(&encode(&said).unwrap()).unwrap_err();
    has(&error.to_string(), "redaction: is said by `operator`");
}

#[test]
fn one_that_was_written_into_the_files_all_the_same_announces_nothing() {
    let ledger = ledger();
    let target = newest(&ledger, StatementKind::Activity);
    let id = *ledger.id().as_bytes();
    let mut all = submissions(&ledger.into_store());
    all.push(submission(id, BOLT, &[redaction(&target)]));
    let mut store = forged(id, &all);
    store.remove_body(place(&store, &target)).unwrap();
    let report = audited(&store);
    finds(&report, "rules", "is said by `operator`, but `bolt` sealed it");
    finds(&report, "redactions", "no statement of the operator announces that");
}
