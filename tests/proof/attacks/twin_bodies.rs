//! Two statements have one body byte for byte: what is erased of the one would go on standing behind the
//! other.

use std::path::Path;
use std::sync::Arc;

use pcf_ledger::admission::Said;
use pcf_ledger::ledger::{Ledger, LedgerError, Options};
use pcf_ledger::model::StatementId;
use pcf_ledger::store::Store;
use pcf_ledger::store::fault::{Fault, FaultMedium};
use pcf_ledger::store::file;
use pcf_testing::{
    ACME, OPERATOR, audits, copy, factor, files, holder, id, key, statement, submission, submit, with,
};
use serde_json::Value;
use tempfile::TempDir;

use super::hall::{audited, ledger, on_disk, redaction, submissions};

/// Words that stand in the body of all twins.
const SECRET: &str = "Mr Smith, night shift";

fn twin(name: &str) -> Value {
    let body = with(with(factor("acme", name), "name", SECRET), "salt", "AAECAwQFBgcICQoLDA0ODw");
    with(body, "source", "a source of twins")
}

/// Three twins, two of them under one seal; the ids.
fn twins<S: Store>(ledger: &mut Ledger<S>) -> [StatementId; 3] {
    let all = ["a", "b", "c"].map(twin);
    submit(ledger, ACME, &all[..2]);
    submit(ledger, ACME, &[factor("acme", "between")]);
    submit(ledger, ACME, &all[2..]);
    all.map(|value| id(&statement(value)))
}

fn is_gone<S: Store>(ledger: &Ledger<S>, id: &StatementId) -> bool {
    matches!(ledger.said(id).unwrap(), Said::Header(_))
}

#[test]
fn erasing_one_erases_every_other_and_the_audit_holds() {
    for target in 0..3 {
        let mut ledger = ledger();
        let all = twins(&mut ledger);
        submit(&mut ledger, OPERATOR, &[redaction(&all[target])]);
        assert!(all.iter().all(|id| is_gone(&ledger, id)), "of {target}");
        assert_eq!(ledger.book().redactions().unwrap().len(), 1);
        let again = ledger.submit(&submission(*ledger.id().as_bytes(), ACME, &[twin("a")]));
        assert!(again.is_err(), "the same statement comes back");
        let report = audited(&ledger.into_store());
        assert!(report.holds(), "{:?}", report.findings);
        assert_eq!((report.redacted, report.check("redactions").unwrap().errors), (3, 0));
    }
}

#[test]
fn announcing_all_of_them_is_no_error() {
    let mut ledger = ledger();
    let all = twins(&mut ledger);
    submit(&mut ledger, OPERATOR, &all.map(|id| redaction(&id)));
    assert!(all.iter().all(|id| is_gone(&ledger, id)));
    assert!(audited(&ledger.into_store()).holds());
}

fn holds_text(dir: &Path) -> bool {
    let holds = |path: &std::path::PathBuf| {
        std::fs::read(path).is_ok_and(|bytes| bytes.windows(SECRET.len()).any(|w| w == SECRET.as_bytes()))
    };
    files(dir).iter().any(holds)
}

/// The middle one is announced, and each change of the disk fails in turn: what was announced takes all
/// twins with it, whoever opens next.
#[test]
fn whichever_change_of_the_disk_fails_no_twin_stays() {
    let (base, mut ledger) = on_disk();
    for said in submissions(&super::hall::ledger().into_store()).iter().skip(1) {
        ledger.submit(said).unwrap();
    }
    let all = twins(&mut ledger);
    drop(ledger);
    for target in all {
        let run = |nth: u64, fault: Fault| {
            let dir = TempDir::new().unwrap();
            copy(base.path(), dir.path());
            let medium = Arc::new(FaultMedium::new(nth, fault));
            let store = file::Options { medium: Arc::clone(&medium) as _, ..file::Options::default() };
            let opened = Ledger::open_with(dir.path(), &holder(), Options { store, ..Options::default() });
            let answer = opened.and_then(|mut ledger| {
                ledger.append(&key(OPERATOR), 0, &[statement(redaction(&target))]).map(drop)
            });
            (dir, answer, medium.changes())
        };
        let (whole, answer, changes): (_, Result<(), LedgerError>, _) = run(0, Fault::Lost);
        answer.unwrap();
        assert!(!holds_text(whole.path()));
        let mut announced = 0;
        for nth in 1..=changes {
            for fault in [Fault::Lost, Fault::Persisted, Fault::Torn] {
                let what = format!("change {nth} of {changes}, {fault:?}");
                let (dir, answer, _) = run(nth, fault);
                assert!(answer.is_err(), "{what}");
                let ledger = Ledger::open(dir.path(), &holder()).unwrap_or_else(|e| panic!("{what}: {e}"));
                let is_announced = ledger.book().redaction_of(&target).unwrap().is_some();
                let gone = all.map(|id| is_gone(&ledger, &id));
                drop(ledger);
                assert_eq!(gone, [is_announced; 3], "{what}");
                assert_eq!(holds_text(dir.path()), !is_announced, "{what}");
                announced += u32::from(is_announced);
                let report = audits::of_directory(dir.path());
                assert!(report.holds(), "{what}: {:?}", report.findings);
            }
        }
        assert!(announced > 20, "only {announced}");
    }
}
