//! One pass over the log: each submission is judged again and its place in the log calculated anew. What is refused takes its place in
//! the log, and nothing that it says counts.

use std::collections::BTreeSet;

use super::Report;
use crate::codec::digest::{Sha256Bytes, sha256};
use crate::codec::{decode_statement, figures_digest, leaf_hash};
use crate::merkle::Hash;
use crate::model::{PublicKey, Publication, Statement, StatementId};
use crate::rules::bought::bought;
use crate::rules::{Book, Fact, Refusal, Scope};
use crate::sign::Seal;
use crate::store::{Reader, StoreError, StoredSubmission};

/// What the pass leaves behind for the checks after it.
pub(super) struct Log {
    /// What holds at the end.
    pub(super) book: Book,
    /// Indices whose statements do not count.
    pub(super) refused: BTreeSet<u64>,
    /// Every publication, dead ones too.
    pub(super) publications: Vec<(StatementId, Publication)>,
}

/// What becomes clear only at the end.
#[derive(Default)]
struct Tally {
    /// The first wrong root, and how many commits had one.
    wrong_root: Option<(u64, String)>,
    wrong_roots: u64,
    /// The first wrong leaf hash among the derived ones.
    wrong_leaf: Option<u64>,
    /// SHA-256 of the figures digests of publications.
    published: BTreeSet<Sha256Bytes>,
}

pub(super) fn walk<R: Reader>(
    reader: &R,
    leaves: Option<&Result<Vec<Hash>, String>>,
    report: &mut Report,
    progress: &mut dyn FnMut(u64, u64),
) -> Log {
    let mut log = Log { book: Book::new(Scope::Whole), refused: BTreeSet::new(), publications: Vec::new() };
    let mut tally = Tally::default();
    let opened = reader.head().and_then(|head| Ok((head, reader.read(None)?)));
    let (head, submissions) = match opened {
        Ok(opened) => opened,
        Err(error) => {
            report.store_error(&error);
            return log;
        }
    };
    let leaves = leaves.and_then(|leaves| leaves.as_ref().ok()).map_or(&[][..], Vec::as_slice);
    let mut whole = true;
    for submission in submissions {
        match submission {
            // What was appended since the audit began is for the next one.
            Ok(submission) if submission.index >= head.size => break,
            Ok(submission) => take(&mut log, &submission, leaves, &mut tally, report),
            Err(error) => {
                whole = false;
                stopped(&error, head.size, report);
                break;
            }
        }
        progress(log.book.size(), head.size);
    }
    (report.size, report.root) = (log.book.size(), log.book.root());
    finish(&log, &tally, leaves, report);
    if whole {
        report.looked_at("head", 1);
        if (head.size, head.root) != (report.size, report.root) {
            let (root, got) = (hex::encode(report.root), hex::encode(head.root));
            let message = format!(
                "expected size {} and root {root}, got size {} and root {got}",
                report.size, head.size
            );
            report.error("head", "head", message);
        }
    }
    log
}

fn stopped(error: &StoreError, size: u64, report: &mut Report) {
    report.store_error(error);
    let read = report.checks.iter().find(|(name, _)| *name == "store").map_or(0, |(_, count)| *count);
    let left = size.saturating_sub(read);
    if let Some(finding) = report.findings.last_mut() {
        finding.message.push_str(&format!("; the {left} submissions from index {read} on could not be read"));
    }
}

fn take(log: &mut Log, stored: &StoredSubmission, leaves: &[Hash], tally: &mut Tally, report: &mut Report) {
    let index = stored.index;
    let place = format!("index {index}");
    report.statements += stored.statements.len() as u64; // OK because a usize has at most 64 bits.
    for check in ["store", "seal", "ledger-id", "seal-signature", "sealed-statements", "log-root"] {
        report.looked_at(check, 1);
    }
    for check in ["canonical", "rules"] {
        report.looked_at(check, stored.statements.len() as u64); // OK, as above.
    }
    let leaf = leaf_hash(&stored.seal);
    let (message, signer) = parts(&stored.seal);
    let facts = match Seal::parse(&stored.seal) {
        Ok(seal) => judged(&log.book, &seal, &stored.statements, &place, report),
        Err(error) => {
            report.error("seal", &place, error.to_string());
            None
        }
    };
    if facts.is_none() {
        log.refused.insert(index);
    }
    for fact in facts.iter().flatten() {
        remember(log, fact, tally, report);
    }
    log.book.fold(leaf, message, signer, facts.unwrap_or_default());
    if log.book.root() != stored.new.root {
        let (expected, got) = (hex::encode(log.book.root()), hex::encode(stored.new.root));
        tally.wrong_roots += 1;
        tally.wrong_root.get_or_insert((index, format!("expected the root {expected}, got {got}")));
    }
    let derived = usize::try_from(index).ok().and_then(|i| leaves.get(i));
    if derived.is_some_and(|derived| *derived != leaf) {
        tally.wrong_leaf.get_or_insert(index);
    }
}

/// SHA-256 of what a seal signs, and its key, also where the seal is none.
fn parts(seal: &[u8; 184]) -> (Sha256Bytes, PublicKey) {
    let (message, _) = seal.split_at(120);
    let mut key = [0; 32];
    key.copy_from_slice(&message[40..72]); // OK because the message has 120 bytes.
    (sha256(&[message]), PublicKey::from_bytes(key))
}

/// The facts of a submission, judged again; none where it does not hold.
fn judged(
    book: &Book,
    seal: &Seal,
    statements: &[Vec<u8>],
    place: &str,
    report: &mut Report,
) -> Option<Vec<Fact>> {
    let refusal = match book.judge(seal, statements) {
        Ok(facts) => return Some(facts),
        Err(refusal) => refusal,
    };
    // The rules stop at what they meet first. An auditor wants all of it.
    let before = report.findings.len();
    if let (Some(expected), got) = (book.ledger_id(), StatementId::from_bytes(*seal.ledger_id()))
        && expected != got
    {
        report.error("ledger-id", place, format!("the seal is for ledger {got}, this is ledger {expected}"));
    }
    if let Err(error) = seal.verify_signature() {
        report.error("seal-signature", place, error.to_string());
    }
    let leaves: Vec<Hash> = statements.iter().map(|bytes| leaf_hash(bytes)).collect();
    if let Err(error) = seal.check_statements(&leaves) {
        report.error("sealed-statements", place, error.to_string());
    }
    for (n, (bytes, leaf)) in statements.iter().zip(leaves).enumerate() {
        if let Err(error) = decode_statement(bytes) {
            let id = StatementId::from_bytes(leaf);
            report.error("canonical", format!("{place}, statement {} ({id})", n + 1), error.to_string());
        }
    }
    if report.findings.len() == before {
        report.error("rules", refused_at(&refusal, place), refusal.to_string());
    }
    None
}

/// The place of a refusal, with the statement where the refusal names one.
fn refused_at(refusal: &Refusal, place: &str) -> String {
    match refusal {
        Refusal::OtherSigner { ordinal, .. } => format!("{place}, statement {ordinal}"),
        _ => place.to_owned(),
    }
}

fn remember(log: &mut Log, fact: &Fact, tally: &mut Tally, report: &mut Report) {
    let id = fact.entry.id;
    match fact.body.as_deref() {
        Some(Statement::Publication(publication)) => {
            if let Ok(digest) = figures_digest(publication) {
                tally.published.insert(sha256(&[digest.to_string().as_bytes()]));
            }
            log.publications.push((id, publication.clone()));
        }
        Some(Statement::SupplierFootprint(supplied)) => {
            report.looked_at("supplier-documents", 1);
            if let Err(error) = bought(supplied.document.as_bytes()) {
                report.error("supplier-documents", format!("statement {id}"), error.to_string());
            }
        }
        _ => {}
    }
}

/// What could be said only once all was read.
fn finish(log: &Log, tally: &Tally, leaves: &[Hash], report: &mut Report) {
    if let Some((index, message)) = &tally.wrong_root {
        let after = tally.wrong_roots - 1; // OK because the first was counted.
        let message = format!("{message}; {after} commits after it have another root too");
        report.error("log-root", format!("index {index}"), message);
    }
    report.looked_at("leaf-hashes", leaves.len() as u64); // OK because a usize has at most 64 bits.
    if let Some(index) = tally.wrong_leaf {
        let message =
            "the derived leaf hash is not that of the seal; opening the ledger for writing makes it again";
        report.notice("leaf-hashes", format!("log/leaves, index {index}"), message);
    } else if leaves.len() as u64 > log.book.size() {
        let message = format!("expected at most {} leaf hashes, got {}", log.book.size(), leaves.len());
        report.notice("leaf-hashes", "log/leaves", message);
    }
    for entry in log.book.entries().iter().filter(|e| e.kind == crate::model::StatementKind::Assurance) {
        report.looked_at("assurance-figures", 1);
        if !tally.published.contains(&entry.subject) {
            let message = "no publication in this ledger has the figures that it names";
            report.notice("assurance-figures", format!("statement {}", entry.id), message);
        }
    }
}
