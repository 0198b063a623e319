//! A statement as the fold takes it in: its place, what it speaks of, and of some types the statement itself.

use crate::codec::digest::{Sha256Bytes, sha256};
use crate::model::{ActorId, Kept, Statement, StatementId, StatementKind};

/// A statement's place and what it speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: StatementId,
    /// Its type.
    pub kind: StatementKind,
    /// Who says it.
    pub by: ActorId,
    /// The index of its seal in the log.
    pub index: u64,
    /// Its place in its submission, from 0.
    pub ordinal: u32,
    /// What it replaces.
    pub replaces: Option<StatementId>,
    /// SHA-256 of its subject.
    pub subject: Sha256Bytes,
}

impl Entry {
    fn of(id: StatementId, statement: &Statement, index: u64, ordinal: u32) -> Self {
        Self {
            id,
            kind: statement.kind(),
            by: statement.by().clone(),
            index,
            ordinal,
            replaces: statement.replaces().copied(),
            subject: sha256(&[statement.subject().as_bytes()]),
        }
    }

    fn of_kept(kept: &Kept, index: u64, ordinal: u32) -> Self {
        Self {
            id: kept.id,
            kind: kept.facts.r#type,
            by: kept.facts.by.clone(),
            index,
            ordinal,
            replaces: kept.facts.replaces,
            subject: *kept.subject.as_bytes(),
        }
    }
}

/// A statement that was admitted, as the book takes it in.
#[derive(Debug, Clone)]
pub struct Fact {
    /// Its place and subject.
    pub entry: Entry,
    /// The statement itself where the book keeps or needs it: everything but activities, annuals and assurances.
    pub body: Option<Box<Statement>>,
    /// What stays of it where it was redacted; then it has no body.
    pub kept: Option<Box<Kept>>,
}

impl Fact {
    /// The fact of a statement at its place in the log.
    pub fn new(id: StatementId, statement: Statement, index: u64, ordinal: u32) -> Self {
        let entry = Entry::of(id, &statement, index, ordinal);
        let kept = Self::keeps_body(entry.kind);
        Self { entry, body: kept.then(|| Box::new(statement)), kept: None }
    }

    /// As [`Self::new`], of a statement that the caller still needs.
    pub fn of(id: StatementId, statement: &Statement, index: u64, ordinal: u32) -> Self {
        let entry = Entry::of(id, statement, index, ordinal);
        let kept = Self::keeps_body(entry.kind);
        Self { entry, body: kept.then(|| Box::new(statement.clone())), kept: None }
    }

    /// The fact of a redacted statement, of which this stays.
    pub fn of_kept(kept: Kept, index: u64, ordinal: u32) -> Self {
        Self { entry: Entry::of_kept(&kept, index, ordinal), body: None, kept: Some(Box::new(kept)) }
    }

    /// True for the types whose statement the book needs beyond its place and subject.
    pub const fn keeps_body(kind: StatementKind) -> bool {
        !matches!(
            kind,
            StatementKind::Activity | StatementKind::Annual | StatementKind::Assurance | StatementKind::State
        )
    }
}
