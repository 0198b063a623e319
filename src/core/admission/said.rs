//! What is judged: a statement, or its header where the body is not at hand.

use crate::codec::{CodecError, decode_header};
use crate::model::{
    ActivityHeader, ActorId, Header, ProductId, ProductTag, Stage, Statement, StatementKind, Text,
};

/// A statement, or the header of one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "one for each statement of a submission, most of them whole")]
pub enum Said {
    /// Header and body.
    Whole(Statement),
    /// The header of a statement whose body was taken out, or is withheld.
    Header(Header),
}

/// The same, borrowed.
#[derive(Debug, Clone, Copy)]
pub(super) enum SaidRef<'a> {
    Whole(&'a Statement),
    Header(&'a Header),
}

/// What decides who may say an activity.
pub(super) struct Deed<'a> {
    pub(super) stage: Stage,
    pub(super) process: &'a Text,
    tags: Vec<ProductTag>,
    /// The ids behind the tags; none where only the header is at hand.
    ids: Vec<&'a ProductId>,
}

impl<'a> Deed<'a> {
    /// The tags of the products that it puts out or is for, each with the id behind it where that is at hand.
    pub(super) fn products(&self) -> impl Iterator<Item = (&ProductTag, Option<&'a ProductId>)> {
        self.tags.iter().enumerate().map(|(n, tag)| (tag, self.ids.get(n).copied()))
    }
}

impl Said {
    /// For the rules alone: the parts of an activity that none of them looks at are let go at once. A submission may hold thousands of them.
    pub fn for_judging(mut self) -> Self {
        if let Self::Whole(Statement::Activity(activity)) = &mut self {
            (activity.flows, activity.evidence, activity.site) = (Vec::new(), Vec::new(), None);
        }
        self
    }

    /// Reads the header of a statement whose body was taken out.
    ///
    /// # Errors
    /// Those of [`decode_header`]; [`CodecError::Shape`] for a header that names no body.
    pub fn without_body(header: &[u8]) -> Result<Self, CodecError> {
        let header = decode_header(header)?;
        if header.body().is_none() {
            let problem = "expected a header that names the body which was taken out, got none".into();
            return Err(CodecError::Shape { place: "body".into(), problem });
        }
        Ok(Self::Header(header))
    }

    /// What it says, where all of it is at hand.
    pub const fn statement(&self) -> Option<&Statement> {
        match self {
            Self::Whole(statement) | Self::Header(Header::Whole(statement)) => Some(statement),
            Self::Header(_) => None,
        }
    }

    /// What it says where all of it is at hand, or its header.
    pub fn of_header(header: Header) -> Self {
        match header {
            Header::Whole(statement) => Self::Whole(statement),
            header => Self::Header(header),
        }
    }

    pub(super) const fn as_ref(&self) -> SaidRef<'_> {
        match self {
            Self::Whole(statement) => SaidRef::Whole(statement),
            Self::Header(Header::Whole(statement)) => SaidRef::Whole(statement),
            Self::Header(header) => SaidRef::Header(header),
        }
    }

    /// Its type.
    pub const fn kind(&self) -> StatementKind {
        self.as_ref().kind()
    }

    /// Who says it.
    pub const fn by(&self) -> &ActorId {
        self.as_ref().by()
    }

    /// The tags of the products that an activity puts out or is for; none of anything else.
    pub fn tags(&self) -> Vec<ProductTag> {
        match self {
            Self::Whole(Statement::Activity(said)) => said.tags.clone(),
            Self::Header(Header::Activity(said)) => said.tags().copied().collect(),
            _ => Vec::new(),
        }
    }

    /// The header of an activity whose body is not at hand.
    pub const fn activity_header(&self) -> Option<&ActivityHeader> {
        match self {
            Self::Header(Header::Activity(said)) => Some(said),
            _ => None,
        }
    }
}

impl<'a> SaidRef<'a> {
    pub(super) const fn kind(self) -> StatementKind {
        match self {
            Self::Whole(statement) => statement.kind(),
            Self::Header(header) => header.kind(),
        }
    }

    pub(super) const fn by(self) -> &'a ActorId {
        match self {
            Self::Whole(statement) => statement.by(),
            Self::Header(header) => header.by(),
        }
    }

    pub(super) fn deed(self) -> Option<Deed<'a>> {
        match self {
            Self::Whole(Statement::Activity(said)) => Some(Deed {
                stage: said.stage,
                process: &said.process,
                tags: said.tags.clone(),
                ids: said.products().collect(),
            }),
            Self::Header(Header::Activity(said)) => Some(Deed {
                stage: said.stage,
                process: &said.process,
                tags: said.tags().copied().collect(),
                ids: Vec::new(),
            }),
            Self::Whole(_) | Self::Header(_) => None,
        }
    }
}
