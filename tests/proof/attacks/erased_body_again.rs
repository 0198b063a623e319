//! An erased body is brought back, and a statement whose salt nobody drew.

use pcf_ledger::model::{Salt, Statement, StatementKind};
use pcf_testing::{ACME, OPERATOR, PUMP, activity, key, statement, with};

use super::hall::{has, ledger};

#[test]
fn the_very_body_of_an_erased_statement_is_refused_and_the_same_words_with_another_salt_are_not() {
    let mut ledger = ledger();
    let is_acmes = |entry: &pcf_ledger::admission::Entry| {
        entry.kind == StatementKind::Activity && entry.by.as_str() == "acme"
    };
    let target = ledger.book().all_entries().map(|e| e.unwrap().into_owned()).find(is_acmes).unwrap().id;
    let Statement::Activity(body) = ledger.statement(&target).unwrap() else { unreachable!() };
    let redaction = ledger.redaction(&target, "personal".parse().unwrap(), pcf_testing::salt_of(9)).unwrap();
    ledger.redact(&key(OPERATOR), 0, redaction).unwrap();
    // Another header, the same body: it names the target, so that it is another statement.
    let mut again = body.clone();
    again.replaces = Some(target);
    let error = ledger.append(&key(ACME), 0, &[again.clone().into()]).unwrap_err().to_string();
    has(&error, &format!("has the very body of {target}, which was erased"));
    let anew = Statement::from(again).with_salt(pcf_testing::salt_of(8));
    ledger.append(&key(ACME), 0, &[anew]).unwrap();
}

#[test]
fn a_salt_of_sixteen_equal_bytes_is_refused_in_a_header_and_in_a_body() {
    let mut ledger = ledger();
    let weak = Salt::from_bytes([7; 16]);
    for said in [
        pcf_testing::product("acme", &["urn:gtin:00012345600012"], &["acme"]),
        with(activity("acme", &[PUMP]), "batch", "B9"),
    ] {
        let said = statement(said).with_salt(weak);
        let error = ledger.append(&key(ACME), 0, &[said]).unwrap_err().to_string();
        has(&error, "statement 1 has a salt whose 16 bytes are all the same");
    }
}
