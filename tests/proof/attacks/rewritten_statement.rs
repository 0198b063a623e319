//! A number changed in the files, with the frame's checksum, the commits and the head made right again.

use pcf_ledger::codec::{body_digest, statement_leaf};
use pcf_ledger::ledger::Submission;
use pcf_ledger::sign::Seal;
use pcf_testing::{ACME, PUMP, key, publication, submit};

use super::hall::{audited, finds, forged, ledger, submissions};

/// A ledger whose grid factor is the first statement of its second submission, after a publication that rests on it.
fn published() -> ([u8; 32], Vec<Submission>) {
    let mut ledger = ledger();
    let told = publication(&ledger, "acme", PUMP, 1);
    submit(&mut ledger, ACME, &[told]);
    (*ledger.id().as_bytes(), submissions(&ledger.into_store()))
}

#[test]
fn the_header_still_names_the_body_that_was_signed() {
    let (id, mut all) = published();
    let grid = String::from_utf8(all[2].statements[0].clone()).unwrap();
    all[2].statements[0] = grid.replace("0.5777", "0.4777").into_bytes();
    let report = audited(&forged(id, &all));
    finds(&report, "bodies", "expected the digest");
    // The figures that rested on it no longer follow.
    finds(&report, "publication-figures", "grid");
}

#[test]
fn a_header_that_names_the_new_body_is_not_what_was_sealed() {
    let (id, mut all) = published();
    let text = String::from_utf8(all[2].statements[0].clone()).unwrap();
    let (header, body) = text.split_once('\n').unwrap();
    let bent = body.replace("0.5777", "0.4777");
    let digest = |body: &str| body_digest(body.as_bytes()).to_string();
    let header = header.replace(&digest(body), &digest(&bent));
    all[2].statements[0] = format!("{header}\n{bent}").into_bytes();
    let report = audited(&forged(id, &all));
    finds(&report, "sealed-statements", "expected statements with the root");
    finds(&report, "publication-figures", "grid");
}

#[test]
fn a_new_seal_over_the_new_number_needs_the_key() {
    let ledger = ledger();
    let id = *ledger.id().as_bytes();
    let mut all = submissions(&ledger.into_store());
    let honest = all[2].clone();
    let grid =
        String::from_utf8(honest.statements[0].clone()).unwrap().replace("0.5777", "0.4777").into_bytes();
    // The attacker writes acme's key beside a signature of his own.
    let mut bytes = Seal::sign(&key(60), id, 0, &[statement_leaf(&grid)]).unwrap().to_bytes();
    bytes[40..72].copy_from_slice(honest.seal.signer());
    all[2] = Submission { seal: Seal::parse(&bytes).unwrap(), statements: vec![grid] };
    finds(&audited(&forged(id, &all)), "seal-signature", "does not verify");
}
