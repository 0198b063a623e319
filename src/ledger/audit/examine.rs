//! What can be said of one submission without the log before it: its seal, its statements, and what they can be found by. Several
//! threads do this at the same time.

use crate::admission::{Fact, Said};
use crate::codec::digest::{Sha256Bytes, sha256};
use crate::codec::{
    body_digest, decode_header, decode_statement, figures_digest, leaf_hash, parts_of, statement_leaf,
};
use crate::merkle::Hash;
use crate::model::{Digest, PublicKey, Statement, StatementId};
use crate::sign::Seal;
use crate::store::salvage::Piece;
use crate::store::{Body, Position, StoreError, StoredSubmission};

/// A piece of the log, looked at.
#[allow(clippy::large_enum_variant, reason = "pieces are handled one batch at a time")]
pub(super) enum Examined {
    Submission(Submission),
    Lost(StoreError),
    Flaw(StoreError),
}

/// A submission, looked at.
pub(super) struct Submission {
    /// The submission as it was read; its statements are no longer in it.
    pub(super) stored: StoredSubmission,
    /// How many statements it has; none where they could not be read.
    pub(super) count: Result<u64, StoreError>,
    pub(super) leaf: Hash,
    /// SHA-256 of what the seal signs.
    pub(super) message: Sha256Bytes,
    pub(super) signer: PublicKey,
    /// Absent where it is none.
    pub(super) seal: Option<Seal>,
    pub(super) flaws: Vec<Flaw>,
    /// What the statements say; only where nothing is wrong with any of them.
    pub(super) facts: Vec<Fact>,
    pub(super) bodies: Vec<Said>,
    pub(super) published: Vec<Published>,
    pub(super) redacted: Vec<Redacted>,
    /// How many bodies it has.
    pub(super) with_body: u64,
}

/// A redacted statement of a submission.
pub(super) struct Redacted {
    pub(super) ordinal: u32,
    pub(super) id: StatementId,
    /// The digest of the body that is gone.
    pub(super) body: Digest,
}

/// A publication of a submission.
pub(super) struct Published {
    pub(super) ordinal: u32,
    /// The log size that it rests on.
    pub(super) size: u64,
    /// SHA-256 of its figures digest, as an assurance's subject has it.
    pub(super) figures: Sha256Bytes,
}

/// What is wrong with a submission or one of its statements.
pub(super) struct Flaw {
    pub(super) check: &'static str,
    /// The statement's number from 0, id and place.
    pub(super) statement: Option<(usize, StatementId, Option<Position>)>,
    pub(super) message: String,
}

impl Flaw {
    fn of_seal(check: &'static str, error: impl ToString) -> Self {
        Self { check, statement: None, message: error.to_string() }
    }
}

pub(super) fn examine(piece: Piece) -> Examined {
    match piece {
        Piece::Whole(stored) => Examined::Submission(submission(stored, None)),
        Piece::Sealed(stored, why) => Examined::Submission(submission(stored, Some(why))),
        Piece::Lost { why, .. } => Examined::Lost(why),
        Piece::Flaw(why) => Examined::Flaw(why),
    }
}

fn submission(mut stored: StoredSubmission, unread: Option<StoreError>) -> Submission {
    let statements = std::mem::take(&mut stored.statements);
    let (message, signer) = Seal::parts(&stored.seal);
    let mut examined = Submission {
        leaf: leaf_hash(&stored.seal),
        message: sha256(&[&message]),
        signer: PublicKey::from_bytes(signer),
        seal: None,
        flaws: Vec::new(),
        facts: Vec::new(),
        bodies: Vec::new(),
        published: Vec::new(),
        redacted: Vec::new(),
        with_body: statements.iter().filter(|body| parts_of(body.text()).1.is_some()).count() as u64, // OK likewise
        count: Ok(statements.len() as u64), // OK because a usize has at most 64 bits
        stored,
    };
    match Seal::parse(&examined.stored.seal) {
        Ok(seal) => {
            if let Err(error) = seal.verify_signature() {
                examined.flaws.push(Flaw::of_seal("seal-signature", error));
            }
            examined.seal = Some(seal);
        }
        Err(error) => examined.flaws.push(Flaw::of_seal("seal", error)),
    }
    if let Some(why) = unread {
        examined.count = Err(why);
        return examined;
    }
    let of_statements = examined.flaws.len();
    let mut leaves: Vec<Hash> = Vec::with_capacity(statements.len());
    examined.facts.reserve_exact(statements.len());
    examined.bodies.reserve_exact(statements.len());
    // One after the other from bytes to what the rules need of it, while it is near.
    for (number, body) in statements.into_iter().enumerate() {
        let leaf = statement_leaf(body.text());
        leaves.push(leaf);
        match body {
            Body::Statement(bytes) => examined.statement(number, &bytes, leaf),
            Body::Removed(header) => examined.redacted(number, &header, leaf),
        }
    }
    if let Some(Err(error)) = examined.seal.map(|seal| seal.check_statements(&leaves)) {
        examined.flaws.insert(of_statements, Flaw::of_seal("sealed-statements", error));
    }
    if !examined.flaws.is_empty() {
        // Nothing of a submission counts where something of it is wrong.
        (examined.facts, examined.bodies) = (Vec::new(), Vec::new());
    }
    examined
}

impl Submission {
    fn redacted(&mut self, number: usize, header: &[u8], leaf: Hash) {
        let id = StatementId::from_bytes(leaf);
        let ordinal = u32::try_from(number).unwrap_or(u32::MAX); // OK because a submission has at most 65,536.
        match Said::without_body(header) {
            Ok(said) => {
                if let Said::Header(header) = &said
                    && let Some(body) = header.body().copied()
                {
                    self.redacted.push(Redacted { ordinal, id, body });
                }
                self.facts.push(Fact::of_said(id, &said, 0, ordinal));
                self.bodies.push(said);
            }
            Err(error) => {
                let at = self.stored.positions.get(number).copied();
                let message = error.to_string();
                self.flaws.push(Flaw { check: "redactions", statement: Some((number, id, at)), message });
            }
        }
    }

    fn statement(&mut self, number: usize, bytes: &[u8], leaf: Hash) {
        let id = StatementId::from_bytes(leaf);
        let ordinal = u32::try_from(number).unwrap_or(u32::MAX); // OK because a submission has at most 65,536.
        match decode_statement(bytes) {
            Ok(statement) => {
                if let Statement::Publication(publication) = &statement
                    && let Ok(digest) = figures_digest(publication)
                {
                    let figures = sha256(&[digest.to_string().as_bytes()]);
                    let size = publication.log.size.as_u64();
                    self.published.push(Published { ordinal, size, figures });
                }
                self.facts.push(Fact::of(id, &statement, 0, ordinal));
                self.bodies.push(Said::Whole(statement).for_judging());
            }
            Err(error) => {
                let at = self.stored.positions.get(number).copied();
                let check = if is_another_body(bytes) { "bodies" } else { "canonical" };
                let message = error.to_string();
                self.flaws.push(Flaw { check, statement: Some((number, id, at)), message });
            }
        }
    }
}

/// True where the header can be read, and the body behind it is not the one that it names.
fn is_another_body(text: &[u8]) -> bool {
    let (header, body) = parts_of(text);
    decode_header(header).is_ok_and(|header| header.body().copied() != body.map(body_digest))
}
