//! Small files that cost a reader all its time or memory.

use std::time::Duration;

use pcf_ledger::ledger::Submission;
use pcf_ledger::model::StatementKind;
use pcf_ledger::sign::SigningKey;
use pcf_testing::tools::processor_time;
use pcf_testing::{
    ACME, Notary, OPERATOR, PUMP, activity, actor, factor, id, key, product, statement, submission, with,
};
use serde_json::json;

use super::hall::{has, of};

#[test]
fn a_submission_file_of_nothing_but_line_ends_fills_the_memory() {
    let file = submission([7; 32], ACME, &[factor("acme", "a")]).to_file().unwrap();
    let mut bytes = file.lines().next().unwrap().as_bytes().to_vec();
    // A statement may take two lines: its header's and its body's.
    bytes.extend(std::iter::repeat_n(b'\n', 140_000));
    has(&Submission::from_file(&bytes).unwrap_err().to_string(), "at most 65536 statements");
    let mut headers = file.lines().next().unwrap().as_bytes().to_vec();
    headers.extend(std::iter::repeat_n(*b"\n{}", 70_000).flatten());
    headers.push(b'\n');
    has(&Submission::from_file(&headers).unwrap_err().to_string(), "at most 65536 statements");
}

#[test]
fn many_replacements_one_by_one_stay_fast() {
    const CHAIN: usize = 50_000;
    let mut notary = Notary::with_actors();
    notary.one(ACME, product("acme", &[PUMP], &["acme"]));
    let mut chain = vec![statement(activity("acme", &[PUMP]))];
    for _ in 1..CHAIN {
        let next = statement(with(activity("acme", &[PUMP]), "replaces", id(chain.last().unwrap())));
        chain.push(next);
    }
    let (seal, bytes) = notary.sealed(ACME, &chain);
    let (admitted, spent) = processor_time(|| notary.book.admit(&seal, &bytes));
    admitted.unwrap();
    assert!(spent < Duration::from_secs(20), "{spent:?}");
    assert_eq!(
        notary.book.all_entries().map(Result::unwrap).filter(|e| notary.book.holds(&e.id).unwrap()).count(),
        5
    );
    // A key revoked from the beginning, and many other keys with it, go through the log once.
    let revoked: Vec<_> = (0..=1_000_u32).map(|n| if n == 0 { key(ACME) } else { numbered(n) }).collect();
    let keys: Vec<_> = revoked.iter().map(of).collect();
    let acme = notary.book.actor(&"acme".parse().unwrap()).unwrap().unwrap().0;
    let with_keys = with(with(actor("acme", &[]), "keys", &keys), "replaces", acme);
    let (seal, bytes) = notary.sealed(OPERATOR, &[statement(with_keys)]);
    let enrolled = notary.book.admit(&seal, &bytes).unwrap()[0];
    let revocations: Vec<_> = keys.iter().map(|key| json!({"key": key, "from": "0"})).collect();
    let gone = with(with(actor("acme", &[11]), "revoked", revocations), "replaces", enrolled);
    let (seal, bytes) = notary.sealed(OPERATOR, &[statement(gone)]);
    let (admitted, spent) = processor_time(|| notary.book.admit(&seal, &bytes));
    admitted.unwrap();
    assert!(spent < Duration::from_secs(2), "{spent:?}");
    let live = |kind| {
        notary
            .book
            .all_entries()
            .map(Result::unwrap)
            .filter(|e| e.kind == kind && notary.book.holds(&e.id).unwrap())
            .count()
    };
    assert_eq!((live(StatementKind::Activity), live(StatementKind::Product)), (0, 0));
}

fn numbered(n: u32) -> SigningKey {
    let mut seed = [0xaa; 32];
    seed[..4].copy_from_slice(&n.to_be_bytes());
    SigningKey::generate(seed)
}
