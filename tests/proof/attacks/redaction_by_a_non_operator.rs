//! Somebody else than the operator orders a redaction.

use pcf_ledger::codec::{decode_statement, encode_kept};
use pcf_ledger::model::StatementId;
use pcf_ledger::store::Store as _;
use pcf_testing::{ACME, BOLT, RECOVERY, actor, submission};

use super::hall::{audited, finds, forged, has, ledger, place, redaction, refused, stays, submissions};

#[test]
fn neither_an_actor_nor_the_recovery_key_redacts_its_own_or_anothers_statement() {
    let mut ledger = ledger();
    let all: Vec<_> = ledger.book().all_entries().map(|entry| entry.unwrap().into_owned()).collect();
    for entry in all {
        if entry.kind.keeps_its_text().is_some() {
            continue;
        }
        let said = redaction(&entry.id, &encode_kept(&stays(&ledger, &entry.id)).unwrap());
        for (signer, name) in [(ACME, "acme"), (BOLT, "bolt"), (RECOVERY, "recovery")] {
            let error = refused(&mut ledger, signer, std::slice::from_ref(&said));
            has(&error, &format!("is said by `operator`, but `{name}` sealed it"));
        }
    }
}

#[test]
fn nobody_can_be_given_the_right_and_nobody_else_can_say_it() {
    let mut value = actor("acme", &[ACME]);
    value["rights"]["types"].as_array_mut().unwrap().push("redaction".into());
    value["salt"] = "AAAAAAAAAAAAAAAAAAAAAA".into();
    value["v"] = "1".into();
    let error = decode_statement(&pcf_ledger::codec::encode(&value).unwrap()).unwrap_err();
    has(&error.to_string(), "redaction");
    let mut said = redaction(&StatementId::from_bytes([1; 32]), b"k");
    (said["by"], said["salt"], said["v"]) = ("acme".into(), "AAAAAAAAAAAAAAAAAAAAAA".into(), "1".into());
    let error = decode_statement(&pcf_ledger::codec::encode(&said).unwrap()).unwrap_err();
    has(&error.to_string(), "redaction: is said by `operator`");
}

#[test]
fn one_that_was_written_into_the_files_all_the_same_announces_nothing() {
    let ledger = ledger();
    let target = ledger.book().all_entries().map(Result::unwrap).last().unwrap().id;
    let kept = encode_kept(&stays(&ledger, &target)).unwrap();
    let id = *ledger.id().as_bytes();
    let mut all = submissions(&ledger.into_store());
    all.push(submission(id, BOLT, &[redaction(&target, &kept)]));
    let mut store = forged(id, &all);
    store.redact(place(&store, &target), &kept).unwrap();
    let report = audited(&store);
    finds(&report, "rules", "is said by `operator`, but `bolt` sealed it");
    finds(&report, "redactions", "no statement of the operator announces it");
}
