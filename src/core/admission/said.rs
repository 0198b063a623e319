//! What is judged: a statement as it was signed, or what stays of it where its text was taken out.

use crate::model::{Activity, ActorId, Kept, ProductId, Stage, Statement, StatementKind, Text};

/// A statement, or what stays of one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "one for each statement of a submission, most of them whole")]
pub enum Said {
    /// As it was signed.
    Whole(Statement),
    /// Redacted.
    Kept(Kept),
}

/// The same, borrowed.
#[derive(Debug, Clone, Copy)]
pub(super) enum SaidRef<'a> {
    Whole(&'a Statement),
    Kept(&'a Kept),
}

/// What decides who may say an activity.
pub(super) struct Deed<'a> {
    pub(super) stage: Stage,
    pub(super) process: &'a Text,
    whole: Option<&'a Activity>,
    kept: &'a [ProductId],
}

impl<'a> Deed<'a> {
    /// The products that it puts out or is for.
    pub(super) fn products(&self) -> impl Iterator<Item = &'a ProductId> + use<'a> {
        self.whole.into_iter().flat_map(Activity::products).chain(self.kept)
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

    pub(super) const fn as_ref(&self) -> SaidRef<'_> {
        match self {
            Self::Whole(statement) => SaidRef::Whole(statement),
            Self::Kept(kept) => SaidRef::Kept(kept),
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

    /// The products that an activity puts out or is for; none of anything else.
    pub fn products(&self) -> impl Iterator<Item = &ProductId> {
        self.as_ref().deed().into_iter().flat_map(|deed| deed.products())
    }
}

impl<'a> SaidRef<'a> {
    pub(super) const fn kind(self) -> StatementKind {
        match self {
            Self::Whole(statement) => statement.kind(),
            Self::Kept(kept) => kept.facts.r#type,
        }
    }

    pub(super) const fn by(self) -> &'a ActorId {
        match self {
            Self::Whole(statement) => statement.by(),
            Self::Kept(kept) => &kept.facts.by,
        }
    }

    pub(super) fn deed(self) -> Option<Deed<'a>> {
        match self {
            Self::Whole(Statement::Activity(said)) => {
                Some(Deed { stage: said.stage, process: &said.process, whole: Some(said), kept: &[] })
            }
            Self::Whole(_) => None,
            Self::Kept(kept) => kept.facts.activity.as_ref().map(|said| Deed {
                stage: said.stage,
                process: &said.process,
                whole: None,
                kept: &said.products,
            }),
        }
    }
}
