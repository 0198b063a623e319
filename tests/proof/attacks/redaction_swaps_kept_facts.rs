//! What stays of a redacted statement is not what the statement said: another product, another type, somebody else, another time.

use pcf_ledger::audit::Report;
use pcf_ledger::codec::digest::sha256;
use pcf_ledger::codec::{decode_statement, encode_kept, kept_of};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::KeptFacts;
use pcf_ledger::model::{Digest, Kept, StatementId, StatementKind};
use pcf_ledger::store::Store as _;
use pcf_testing::{OPERATOR, PUMP, submission};
use serde_json::json;

use super::hall::{audited, finds, forged, has, ledger, place, redaction, refused, stays, submissions};

/// A ledger in which bolt's activity is announced honestly and redacted as `change` makes it.
fn redacted_as(change: impl Fn(&mut Kept)) -> Report {
    let ledger = ledger();
    let target = ledger.book().all_entries().map(Result::unwrap).last().unwrap().id;
    let mut kept = stays(&ledger, &target);
    let honest = encode_kept(&kept).unwrap();
    let id = *ledger.id().as_bytes();
    let mut all = submissions(&ledger.into_store());
    all.push(submission(id, OPERATOR, &[redaction(&target, &honest)]));
    change(&mut kept);
    let mut store = forged(id, &all);
    store.redact(place(&store, &target), &encode_kept(&kept).unwrap()).unwrap();
    audited(&store)
}

#[test]
fn the_announcement_fixes_what_stays() {
    assert!(redacted_as(|_| {}).holds(), "an honest one passes");
    let other = "what stays of it is not what";
    let activity = |kept: &mut Kept, change: &dyn Fn(&mut pcf_ledger::model::KeptActivity)| {
        change(kept.facts.activity.as_mut().unwrap());
    };
    finds(
        &redacted_as(|k| activity(k, &|a| a.scenario = Some("never asked for".parse().unwrap()))),
        "redactions",
        other,
    );
    finds(
        &redacted_as(|k| activity(k, &|a| a.instruments = vec!["REC-1".parse().unwrap()])),
        "redactions",
        other,
    );
    finds(
        &redacted_as(|k| {
            activity(k, &|a| {
                a.period =
                    serde_json::from_value(json!({"start": "2001-01-01", "end": "2002-01-01"})).unwrap()
            })
        }),
        "redactions",
        other,
    );
    finds(&redacted_as(|k| k.subject = Digest::from_bytes([7; 32])), "redactions", other);
}

#[test]
fn the_rules_and_the_seal_judge_what_stays() {
    // Bolt may not sign for acme's pump, nor acme for bolt.
    let pump = redacted_as(|k| k.facts.activity.as_mut().unwrap().products = vec![PUMP.parse().unwrap()]);
    finds(&pump, "rules", "`bolt` may not sign the process `assembly`");
    let process = redacted_as(|k| k.facts.activity.as_mut().unwrap().process = "painting".parse().unwrap());
    finds(&process, "rules", "lists no such process");
    let stage = redacted_as(|k| k.facts.activity.as_mut().unwrap().stage = "use".parse().unwrap());
    finds(&stage, "rules", "may not sign activities of the stage `use`");
    finds(
        &redacted_as(|k| k.facts.by = "acme".parse().unwrap()),
        "rules",
        "is said by `acme`, but `bolt` sealed it",
    );
    let factor = |kept: &mut Kept| {
        let KeptFacts { by, replaces, v, .. } = kept.facts.clone();
        let (r#type, factor) = (StatementKind::Factor, Some("grid".parse().unwrap()));
        kept.facts = KeptFacts { activity: None, by, factor, footprint: None, replaces, r#type, v };
    };
    finds(&redacted_as(factor), "rules", "the factor `grid` belongs to `acme`");
    let replaces = |k: &mut Kept| k.facts.replaces = Some(StatementId::from_bytes([7; 32]));
    finds(&redacted_as(replaces), "rules", "no such statement in the log");
    finds(
        &redacted_as(|k| k.id = StatementId::from_bytes([7; 32])),
        "sealed-statements",
        "expected statements with the root",
    );
}

#[test]
fn the_door_knows_the_text_and_refuses_a_false_announcement() {
    let mut ledger = ledger();
    let target = ledger.book().all_entries().map(Result::unwrap).last().unwrap().id;
    let mut kept = stays(&ledger, &target);
    kept.facts.activity.as_mut().unwrap().scenario = Some("never asked for".parse().unwrap());
    let lie = redaction(&target, &encode_kept(&kept).unwrap());
    has(&refused(&mut ledger, OPERATOR, &[lie]), "expected `kept` to be ");
}

#[test]
fn an_operator_who_lies_before_the_text_goes_is_caught_by_whoever_has_the_text() {
    let ledger = ledger();
    let target = ledger.book().all_entries().map(Result::unwrap).last().unwrap().id;
    let text = ledger.statement_bytes(&target).unwrap();
    let mut kept = stays(&ledger, &target);
    kept.facts.activity.as_mut().unwrap().scenario = Some("never asked for".parse().unwrap());
    let lie = encode_kept(&kept).unwrap();
    let id = *ledger.id().as_bytes();
    let mut all = submissions(&ledger.into_store());
    all.push(submission(id, OPERATOR, &[redaction(&target, &lie)]));
    // While the text is there, an audit compares; once it is gone, nobody can see it from these files alone: the facts are the operator's claim.
    let mut store = forged(id, &all);
    finds(&audited(&store), "redactions", "announces that");
    store.redact(place(&store, &target), &lie).unwrap();
    assert!(audited(&store).holds());
    // A proof that disclosed it, or a backup, still has the text, and the announcement stays in the log.
    let ledger = Ledger::over_store(store).unwrap();
    let honest = encode_kept(&kept_of(target, &decode_statement(&text).unwrap()).unwrap()).unwrap();
    assert_ne!(
        Digest::from_bytes(sha256(&[&honest])),
        ledger.book().redaction_of(&target).unwrap().unwrap().kept
    );
}
