//! One pass over the log: batches of it are looked at by several threads, and folded in order into what holds. What is refused takes its
//! place in the log, and nothing that it says counts.

use std::num::NonZero;

use super::examine::{Examined, Submission, examine};
use super::log::Log;
use super::redactions::Met;
use super::scratch::Scratch;
use super::source::Source;
use super::{Place, Progress, Report};
use crate::admission::{Fact, Refusal};
use crate::batches::in_turns;
use crate::codec::digest::Sha256Bytes;
use crate::merkle::Hash;
use crate::model::{PublicKey, StatementId, StatementKind};
use crate::store::salvage::Piece;
use crate::store::{Body, Head, LogState, Position, StoreError};

/// A batch ends with the submission that makes it this many bytes of statements long,
const BATCH_BYTES: usize = 1 << 18;
/// or with this many submissions.
const BATCH_PIECES: usize = 512;
/// Statements are numbered in 32 bits.
const NUMBERS_MAX: u64 = 1 << 32;
/// More lost submissions than this between two that can be read are not believed: a commit can claim any size.
const GAP_MAX: u64 = 1 << 22;

/// The ordered stage.
struct Fold<'a> {
    source: &'a dyn Source,
    scratch: &'a Scratch,
    size: u64,
    log: Log,
    report: &'a mut Report,
    progress: &'a mut Progress<'a>,
    /// Bytes were lost since the last submission, and why.
    lost: Option<(Place, String)>,
}

pub(super) fn walk(
    source: &dyn Source,
    threads: NonZero<usize>,
    scratch: &Scratch,
    report: &mut Report,
    progress: &mut Progress<'_>,
) -> Log {
    let log = Log::on(scratch);
    let (head, mut pieces) = match source.head().and_then(|head| Ok((head, source.pieces()?))) {
        Ok(opened) => opened,
        Err(error) => {
            report.store_error(&error, None, "");
            return log;
        }
    };
    let left = source.head_left();
    let size = head.or(left).map_or(0, |head| head.size);
    let mut shown = |done, all| progress(done, all);
    let fold = Fold { source, scratch, size, log, report, progress: &mut shown, lost: None };
    let take = move || {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        if scratch.has_failed() {
            return None; // Nothing would come of it.
        }
        while bytes < BATCH_BYTES && batch.len() < BATCH_PIECES {
            let Some(piece) = pieces.next() else { break };
            if let Piece::Whole(stored) = &piece {
                bytes += stored.statements.iter().map(Body::len).sum::<usize>();
            }
            batch.push(piece);
        }
        (!batch.is_empty()).then_some(batch)
    };
    let work = |batch: Vec<Piece>| batch.into_iter().map(examine).collect::<Vec<_>>();
    let mut fold = in_turns(threads, fold, take, work, |fold, batch| {
        for examined in batch {
            fold.take(examined);
        }
    });
    fold.finish(head, left);
    fold.log
}

impl Fold<'_> {
    fn take(&mut self, examined: Examined) {
        match examined {
            Examined::Submission(submission) => self.submission(submission),
            Examined::Lost(why) => {
                self.tell_lost(None);
                let before = self.report.findings.len();
                self.report.store_error(&why, Some(self.log.book.size()), "");
                // The finding waits until it is known how much is lost.
                if self.report.findings.len() > before
                    && let Some(finding) = self.report.findings.pop()
                {
                    self.lost = Some((finding.about, finding.sentence));
                }
                self.log.unread.get_or_insert(self.log.book.size());
            }
            Examined::Flaw(why) => {
                self.report.store_error(&why, Some(self.log.book.size()), "");
            }
        }
    }

    /// Says what was lost before the submission with this old state, or before the end.
    fn tell_lost(&mut self, until: Option<u64>) {
        let Some((place, mut message)) = self.lost.take() else { return };
        let from = self.log.book.size();
        match until.and_then(|until| until.checked_sub(from)).filter(|count| *count > 0) {
            Some(count) => {
                message.push_str(&format!("; the {count} submissions from index {from} on could not be read"))
            }
            None => message.push_str("; how many submissions were there is not known"),
        }
        if let Some(checked) = self.report.checks.iter_mut().find(|checked| checked.name == "store") {
            checked.errors -= 1; // OK because it was counted when it was put aside.
        }
        self.report.error("store", place, message);
    }

    /// Gives the submissions that were lost before `old` their places, so that what follows has its own.
    fn fill(&mut self, old: LogState) {
        let from = self.log.book.size();
        let gap = old.size.saturating_sub(from);
        if gap == 0 || gap > GAP_MAX {
            return;
        }
        self.report.unread += gap;
        self.log.unread.get_or_insert(from);
        for _ in from..old.size {
            let end = Position { segment: 0, offset: 0 };
            self.fold(Hash::default(), end, [0; 32], PublicKey::from_bytes([0; 32]), Vec::new(), Vec::new());
        }
        self.log.roots_known.get_or_insert(from);
    }

    /// Takes a submission in, with facts where it was admitted.
    fn fold(
        &mut self,
        leaf: Hash,
        end: Position,
        message: Sha256Bytes,
        signer: PublicKey,
        facts: Vec<Fact>,
        positions: Vec<Position>,
    ) {
        self.log.placed.push(leaf, positions, end);
        self.scratch.answer(self.log.book.fold(leaf, message, signer, facts));
        self.log.aside.relieve(&mut self.log.book, &mut self.log.placed);
    }

    fn submission(&mut self, mut examined: Submission) {
        let old = examined.stored.old;
        if self.lost.is_some() {
            self.tell_lost(Some(old.size));
        }
        self.fill(old);
        let index = self.log.book.size();
        let place = self.place_of(&examined, index);
        for check in ["seal", "ledger-id", "seal-signature", "log-root"] {
            self.report.looked_at(check, 1);
        }
        match &examined.count {
            Ok(count) => {
                self.report.statements += count;
                for check in ["store", "sealed-statements"] {
                    self.report.looked_at(check, 1);
                }
                for check in ["canonical", "rules"] {
                    self.report.looked_at(check, *count);
                }
                self.report.looked_at("bodies", examined.with_body);
            }
            Err(why) => {
                self.report.store_error(why, Some(index), "; of this submission only the seal could be read");
                self.report.unread += 1;
                self.log.unread.get_or_insert(index);
            }
        }
        let judged = self.judged(&mut examined, &place);
        let leaf = examined.leaf;
        if judged {
            let facts = std::mem::take(&mut examined.facts);
            self.remember(&examined, &facts);
            let positions = std::mem::take(&mut examined.stored.positions);
            self.fold(leaf, examined.stored.end, examined.message, examined.signer, facts, positions);
        } else {
            self.fold(leaf, examined.stored.end, examined.message, examined.signer, Vec::new(), Vec::new());
        }
        self.check_root(&examined, place);
        (self.progress)(self.log.book.size(), self.size.max(self.log.book.size()));
    }

    /// Where a submission lies: the index of its seal, and its first statement in its file, else its end.
    fn place_of(&self, examined: &Submission, index: u64) -> Place {
        let at = examined.stored.positions.first().copied().unwrap_or(examined.stored.end);
        let (file, offset) = self.source.place(at);
        Place { file, offset, ..Place::index(index) }
    }

    /// Reports everything that is wrong with a submission; true where nothing is, and its facts are judged.
    fn judged(&mut self, examined: &mut Submission, place: &Place) -> bool {
        let mut right = examined.flaws.is_empty() && examined.count.is_ok();
        if let (Some(expected), Some(seal)) = (self.log.book.ledger_id(), &examined.seal)
            && *expected.as_bytes() != *seal.ledger_id()
        {
            let got = StatementId::from_bytes(*seal.ledger_id());
            let message = format!("the seal is for ledger {got}, this is ledger {expected}");
            self.report.error("ledger-id", place.clone(), message);
            right = false;
        }
        for flaw in examined.flaws.drain(..) {
            let mut place = place.clone();
            if let Some((number, id, at)) = flaw.statement {
                (place.ordinal, place.statement) = (Some(number as u64 + 1), Some(id)); // OK: at most 65,536
                if let Some(at) = at {
                    (place.file, place.offset) = self.source.place(at);
                }
            }
            self.report.error(flaw.check, place, flaw.message);
        }
        let (true, Some(seal)) = (right, &examined.seal) else { return false };
        let facts = std::mem::take(&mut examined.facts);
        let bodies = std::mem::take(&mut examined.bodies);
        let judged = self.log.book.judge_read(seal, facts, &bodies).and_then(|facts| {
            // All that came before is among those that were taken.
            self.log.readings.take(&facts, |_, _| Ok::<_, Refusal>(None)).map(|()| facts)
        });
        match judged {
            Ok(facts) => {
                let states = facts.iter().filter(|fact| fact.entry.kind == StatementKind::State).count();
                self.report.looked_at("states", states as u64); // OK because a usize has at most 64 bits.
                examined.facts = facts;
                true
            }
            Err(Refusal::Index(error)) => {
                self.scratch.answer::<()>(Err(error));
                false
            }
            Err(refusal) => {
                self.refused(&refusal, place.clone());
                false
            }
        }
    }

    fn refused(&mut self, refusal: &Refusal, mut place: Place) {
        if let Refusal::OtherSigner { ordinal, .. } = refusal {
            place.ordinal = Some(*ordinal as u64); // OK because a usize has at most 64 bits.
        }
        if let Refusal::Duplicate { id, .. } = refusal {
            place.statement = Some(*id);
        }
        if let Refusal::State(wrong) = refusal {
            (place.ordinal, place.statement) = (Some(wrong.ordinal as u64), Some(wrong.id)); // OK likewise.
            self.report.looked_at("states", 1);
        }
        let check = match refusal {
            Refusal::Document { .. } => "supplier-documents",
            Refusal::State(_) => "states",
            _ => "rules",
        };
        let mut message = refusal.to_string();
        if let Some(unread) = self.log.unread {
            message.push_str(&format!("; what could not be read from index {unread} on may be why"));
        }
        self.report.error(check, place, message);
    }

    fn remember(&mut self, examined: &Submission, facts: &[Fact]) {
        let number = self.log.book.statements();
        let first = number as u64; // OK because a usize has at most 64 bits.
        let got = first.saturating_add(facts.len() as u64); // OK likewise.
        if got > NUMBERS_MAX {
            let what = "number of statements in an audit";
            self.scratch.fail(StoreError::Limit { what, min: 0, max: NUMBERS_MAX, got });
        }
        let assurances = facts.iter().map(|fact| &fact.entry).filter(|e| e.kind == StatementKind::Assurance);
        self.log.assurances.extend(assurances.map(|entry| (entry.id, entry.index, entry.subject)));
        for published in &examined.published {
            self.log.published.insert(published.figures);
            self.log.publications.push((number + published.ordinal as usize, published.size));
        }
        for redacted in &examined.redacted {
            let ordinal = redacted.ordinal;
            let at = usize::try_from(ordinal).ok().and_then(|n| examined.stored.positions.get(n));
            let (file, offset) = at.map_or((None, None), |at| self.source.place(*at));
            let (ordinal, statement) = (Some(u64::from(ordinal) + 1), Some(redacted.id));
            let place = Place { file, offset, ordinal, statement, ..Place::index(self.log.book.size()) };
            self.log.redacted.push(Met { place, id: redacted.id, body: redacted.body });
        }
    }

    fn check_root(&mut self, examined: &Submission, place: Place) {
        if self.log.roots_known.is_some() {
            return;
        }
        let expected = self.log.book.root();
        let got = &examined.stored.new.root;
        if expected != *got {
            let (expected, got) = (hex::encode(expected), hex::encode(got));
            self.log.wrong_roots += 1;
            self.log.wrong_root.get_or_insert((place, format!("expected the root {expected}, got {got}")));
        }
    }

    /// What can be said only once all was read.
    fn finish(&mut self, head: Option<Head>, left: Option<Head>) {
        let (size, root) = (self.log.book.size(), self.log.book.root());
        (self.report.size, self.report.root) = (size, root);
        let short = head.or(left).filter(|head| head.size > size);
        let told = self.lost.is_some();
        self.tell_lost(short.map(|head| head.size));
        if let Some(head) = short.filter(|_| told) {
            self.report.unread += head.size - size;
        }
        if let Some((place, message)) = self.log.wrong_root.take() {
            let after = self.log.wrong_roots - 1; // OK because the first was counted.
            let message = format!("{message}; {after} commits after it have another root too");
            self.report.error("log-root", place, message);
        }
        if let Some(from) = self.log.roots_known {
            let message =
                format!("not checked from index {from} on: seals that could not be read are missing");
            self.report.notice("log-root", Place::index(from), message);
        }
        self.check_head(head, left, told);
        for (id, index, figures) in &self.log.assurances {
            self.report.looked_at("assurance-figures", 1);
            if !self.log.published.contains(figures) {
                let message = "no publication in this ledger has the figures that it names";
                let place = Place { statement: Some(*id), ..Place::index(*index) };
                self.report.notice("assurance-figures", place, message);
            }
        }
    }

    fn check_head(&mut self, head: Option<Head>, left: Option<Head>, lost: bool) {
        let (size, root) = (self.report.size, self.report.root);
        if let Some(head) = head.filter(|_| self.log.roots_known.is_none() && !lost) {
            self.report.looked_at("head", 1);
            if (head.size, head.root) != (size, root) {
                let (root, got) = (hex::encode(root), hex::encode(head.root));
                let got = format!("got size {} and root {got}", head.size);
                let message = format!("expected size {size} and root {root}, {got}");
                self.report.error("head", Place::file("head"), message);
            }
        }
        // Behind a head that is left the log may go on, but it must get there.
        if let Some(left) = left.filter(|left| self.log.roots_known.is_none_or(|known| left.size <= known)) {
            self.report.looked_at("head", 1);
            let own = self.scratch.answer(self.log.book.root_at(left.size)).flatten();
            if own != Some(left.root) {
                let root = hex::encode(left.root);
                let message = format!("the slot that is left has size {} and root {root}", left.size);
                self.report.error("head", Place::file("head"), format!("{message}; this log never had them"));
            }
        }
    }
}
