//! A statement as the fold takes it in: its place, what it speaks of, and of some types the statement itself.

use std::sync::Arc;

use super::{Said, Sought};
use crate::codec::digest::{Sha256Bytes, sha256};
use crate::codec::{series_place, subject_digest, subject_of_header};
use crate::model::{ActorId, Header, ProductId, Salt, Statement, StatementId, StatementKind};

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

    fn of_header(id: StatementId, header: &Header, index: u64, ordinal: u32) -> Self {
        Self {
            id,
            kind: header.kind(),
            by: header.by().clone(),
            index,
            ordinal,
            replaces: header.replaces().copied().map(Box::new),
            subject: subject_of_header(header),
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
    /// What it makes.
    pub makes: Makes,
    /// What else it is found by that only its text tells: tags of [`Sought`].
    pub tags: Vec<u64>,
    /// Of a reading with its body.
    pub reading: Option<Box<ReadingPlace>>,
}

/// What a reading is one of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadingPlace {
    /// What the readings of its series have in common: [`series_place`].
    pub place: Sha256Bytes,
    /// Their series.
    pub series: Option<Salt>,
}

impl ReadingPlace {
    fn of(statement: &Statement) -> Option<Box<Self>> {
        let Statement::Activity(said) = statement else { return None };
        series_place(statement).map(|place| Box::new(Self { place, series: said.series }))
    }
}

/// Of an activity: the tags of the products that it puts out or is for, in its order. Nearly all name
/// one, which takes no memory of its own.
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
        let reading = ReadingPlace::of(&statement);
        Self { entry, body: kept.then(|| Arc::new(statement)), makes, tags, reading }
    }

    /// As [`Self::new`], of a statement that the caller still needs.
    pub fn of(id: StatementId, statement: &Statement, index: u64, ordinal: u32) -> Self {
        let (entry, makes) = (Entry::of(id, statement, index, ordinal), makes(statement));
        let (kept, tags) = (Self::keeps_body(entry.kind), tags(statement));
        let reading = ReadingPlace::of(statement);
        Self { entry, body: kept.then(|| Arc::new(statement.clone())), makes, tags, reading }
    }

    /// As [`Self::new`], of a statement of which only the header is at hand.
    pub fn of_header(id: StatementId, header: &Header, index: u64, ordinal: u32) -> Self {
        let (makes, mut tags) = match header {
            Header::Whole(statement) => return Self::of(id, statement, index, ordinal),
            Header::Activity(said) => (said.tags().map(|tag| *tag.as_bytes()).collect(), Vec::new()),
            _ => (Makes::Nothing, Vec::new()),
        };
        Sought::of_header(header, &mut |sought| tags.push(sought.tag()));
        Self { entry: Entry::of_header(id, header, index, ordinal), body: None, makes, tags, reading: None }
    }

    /// As [`Self::new`], of a statement or its header.
    pub fn of_said(id: StatementId, said: &Said, index: u64, ordinal: u32) -> Self {
        match said {
            Said::Whole(statement) => Self::of(id, statement, index, ordinal),
            Said::Header(header) => Self::of_header(id, header, index, ordinal),
        }
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

/// SHA-256 of a product id, used as a fixed-size key.
pub(super) fn key_of_product(product: &ProductId) -> Sha256Bytes {
    sha256(&[product.as_str().as_bytes()])
}

fn makes(statement: &Statement) -> Makes {
    match statement {
        Statement::Activity(said) => said.tags.iter().map(|tag| *tag.as_bytes()).collect(),
        _ => Makes::Nothing,
    }
}

fn tags(statement: &Statement) -> Vec<u64> {
    let mut tags = Vec::new();
    Sought::of(statement, &mut |sought| tags.push(sought.tag()));
    tags
}
