//! A statement as the fold takes it in: its place, what it speaks of, and of some types the statement itself.

use std::sync::Arc;

use super::Sought;
use crate::codec::digest::{Sha256Bytes, sha256};
use crate::codec::subject_digest;
use crate::model::{ActorId, Kept, ProductId, Statement, StatementId, StatementKind};

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
    pub replaces: Option<Box<StatementId>>,
    /// SHA-256 of its subject.
    pub subject: Sha256Bytes,
}

impl Entry {
    /// True where it is of this type and has this subject.
    pub(super) fn is_about(&self, (kind, subject): &(StatementKind, Sha256Bytes)) -> bool {
        self.kind == *kind && self.subject == *subject
    }

    fn of(id: StatementId, statement: &Statement, index: u64, ordinal: u32) -> Self {
        Self {
            id,
            kind: statement.kind(),
            by: statement.by().clone(),
            index,
            ordinal,
            replaces: statement.replaces().copied().map(Box::new),
            subject: subject_digest(statement),
        }
    }

    fn of_kept(kept: &Kept, index: u64, ordinal: u32) -> Self {
        Self {
            id: kept.id,
            kind: kept.facts.r#type,
            by: kept.facts.by.clone(),
            index,
            ordinal,
            replaces: kept.facts.replaces.map(Box::new),
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
    pub body: Option<Arc<Statement>>,
    /// What stays of it where it was redacted; then it has no body.
    pub kept: Option<Box<Kept>>,
    /// What it makes.
    pub makes: Makes,
    /// What else it is found by that only its text tells: tags of [`Sought`].
    pub tags: Vec<u64>,
}

/// Of an activity, redacted or not: SHA-256 of the products that it puts out or is for, in its
/// order. Nearly all name one, which takes no memory of its own.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub enum Makes {
    /// It is no activity, or a reading of all that its process made.
    #[default]
    Nothing,
    /// One product.
    One(Sha256Bytes),
    /// Several.
    Several(Box<[Sha256Bytes]>),
}

impl Makes {
    /// All of them.
    pub fn as_slice(&self) -> &[Sha256Bytes] {
        match self {
            Self::Nothing => &[],
            Self::One(product) => std::slice::from_ref(product),
            Self::Several(products) => products,
        }
    }
}

impl FromIterator<Sha256Bytes> for Makes {
    fn from_iter<I: IntoIterator<Item = Sha256Bytes>>(products: I) -> Self {
        let mut products = products.into_iter();
        let Some(first) = products.next() else { return Self::Nothing };
        match products.next() {
            None => Self::One(first),
            Some(second) => Self::Several([first, second].into_iter().chain(products).collect()),
        }
    }
}

impl Fact {
    /// The fact of a statement at its place in the log.
    pub fn new(id: StatementId, statement: Statement, index: u64, ordinal: u32) -> Self {
        let (entry, makes) = (Entry::of(id, &statement, index, ordinal), makes(&statement));
        let (kept, tags) = (Self::keeps_body(entry.kind), tags(&statement));
        Self { entry, body: kept.then(|| Arc::new(statement)), kept: None, makes, tags }
    }

    /// As [`Self::new`], of a statement that the caller still needs.
    pub fn of(id: StatementId, statement: &Statement, index: u64, ordinal: u32) -> Self {
        let (entry, makes) = (Entry::of(id, statement, index, ordinal), makes(statement));
        let (kept, tags) = (Self::keeps_body(entry.kind), tags(statement));
        Self { entry, body: kept.then(|| Arc::new(statement.clone())), kept: None, makes, tags }
    }

    /// The fact of a redacted statement, of which this stays.
    pub fn of_kept(kept: Kept, index: u64, ordinal: u32) -> Self {
        let entry = Entry::of_kept(&kept, index, ordinal);
        let makes = kept.facts.activity.iter().flat_map(|activity| &activity.products).map(key_of_product);
        let (makes, mut tags) = (makes.collect(), Vec::new());
        Sought::of_kept(&kept, &mut |sought| tags.push(sought.tag()));
        Self { entry, body: None, makes, kept: Some(Box::new(kept)), tags }
    }

    /// True for the types whose text is looked up again after the statement was taken in.
    pub(super) const fn is_looked_up(kind: StatementKind) -> bool {
        Self::keeps_body(kind)
            && !matches!(kind, StatementKind::SupplierFootprint | StatementKind::Withdrawal)
    }

    /// True for the types whose statement the book needs beyond its place and subject.
    pub const fn keeps_body(kind: StatementKind) -> bool {
        !matches!(kind, StatementKind::Activity | StatementKind::Annual | StatementKind::Assurance)
    }
}

/// What stands for a product where its id would take too much room.
pub(super) fn key_of_product(product: &ProductId) -> Sha256Bytes {
    sha256(&[product.as_str().as_bytes()])
}

fn makes(statement: &Statement) -> Makes {
    match statement {
        Statement::Activity(said) => said.products().map(key_of_product).collect(),
        _ => Makes::Nothing,
    }
}

fn tags(statement: &Statement) -> Vec<u64> {
    let mut tags = Vec::new();
    Sought::of(statement, &mut |sought| tags.push(sought.tag()));
    tags
}
