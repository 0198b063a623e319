//! Headers: the part of a statement that is sealed, logged and shown to everybody. What a header of a type with
//! a body leaves out stands in the body, which only its digest fixes here.

use std::fmt::{self, Write};
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::text_value;
use super::statement::{
    ActivityType, AnnualType, FactorType, SupplierFootprintType, Version, write_activity_subject,
};
use super::{
    Activity, ActorId, Digest, FactorId, FootprintId, Period, ProductTag, PublicationHeader, Salt, Served,
    Stage, Statement, StatementId, StatementKind, Text, ValueError, Year,
};

/// The header of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
#[allow(clippy::large_enum_variant, reason = "headers are handled one at a time, never stored in bulk")]
pub enum Header {
    /// Of an activity.
    Activity(ActivityHeader),
    /// Of a year.
    Annual(AnnualHeader),
    /// Of a factor that is not open.
    Factor(FactorHeader),
    /// Of a supplier's footprint.
    SupplierFootprint(SupplierFootprintHeader),
    /// Of a publication.
    Publication(PublicationHeader),
    /// Of a type without a body: all that it says.
    Whole(Statement),
}

/// What is public of an activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ActivityHeader {
    /// A longer span that it also serves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applies_to: Option<Period>,
    /// The production batch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch: Option<Text>,
    /// `SHA-256(0x02 || body)`.
    pub body: Digest,
    /// Who says it.
    pub by: ActorId,
    /// Of a reading: the products that it is for, in the order of the body.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub r#for: Vec<NamedProduct>,
    /// The meter that was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meter: Option<Text>,
    /// Of a production: what it made, in the order of the body.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outputs: Vec<TaggedProduct>,
    /// The days of use or making, half-open.
    pub period: Period,
    /// The unit process.
    pub process: Text,
    /// True for a bill of materials.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub recipe: bool,
    /// The statement this one replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<StatementId>,
    /// An alternative of use or recycling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scenario: Option<Text>,
    /// Of a reading: what the readings of the same flows at the same place have in common.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series: Option<Salt>,
    /// The name of the site; a code where the name is confidential.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<Text>,
    /// The life-cycle stage.
    pub stage: Stage,
    /// Always `activity`.
    pub r#type: ActivityType,
    /// The version of the format.
    pub v: Version,
}

/// A product, by the tag of one of its ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaggedProduct {
    /// The tag.
    pub product: ProductTag,
}

/// A product that a reading is for, or all that its process made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NamedProduct {
    /// The tag, or `*`.
    pub product: TagOrAll,
}

/// The tag of one product, or all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagOrAll {
    /// `*`: every product whose statement lets the signer sign this process.
    All,
    /// One.
    Tag(ProductTag),
}

impl FromStr for TagOrAll {
    type Err = ValueError;
    fn from_str(text: &str) -> Result<Self, ValueError> {
        if text == "*" { Ok(Self::All) } else { text.parse().map(Self::Tag) }
    }
}

impl fmt::Display for TagOrAll {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.pad("*"),
            Self::Tag(tag) => tag.fmt(f),
        }
    }
}

text_value!(TagOrAll, "product tag or *", r"^(\*|[0-9a-f]{64})$", "64 lower-case hex digits or *");

/// What is public of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnnualHeader {
    /// `SHA-256(0x02 || body)`.
    pub body: Digest,
    /// Who says it.
    pub by: ActorId,
    /// The statement this one replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<StatementId>,
    /// The site or product line.
    pub subject: Text,
    /// Always `annual`.
    pub r#type: AnnualType,
    /// The version of the format.
    pub v: Version,
    /// The year.
    pub year: Year,
}

/// What is public of a factor that is not open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FactorHeader {
    /// `SHA-256(0x02 || body)`.
    pub body: Digest,
    /// Who says it.
    pub by: ActorId,
    /// Its id.
    pub factor: FactorId,
    /// The statement this one replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<StatementId>,
    /// Always `factor`.
    pub r#type: FactorType,
    /// The version of the format.
    pub v: Version,
}

/// What is public of a supplier's footprint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SupplierFootprintHeader {
    /// `SHA-256(0x02 || body)`.
    pub body: Digest,
    /// The receiver, after checking.
    pub by: ActorId,
    /// The footprint's UUID, as the document has it.
    pub footprint: FootprintId,
    /// The statement this one replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<StatementId>,
    /// Always `supplierFootprint`.
    pub r#type: SupplierFootprintType,
    /// The version of the format.
    pub v: Version,
}

impl Header {
    /// What it is about.
    pub const fn kind(&self) -> StatementKind {
        match self {
            Self::Activity(_) => StatementKind::Activity,
            Self::Annual(_) => StatementKind::Annual,
            Self::Factor(_) => StatementKind::Factor,
            Self::SupplierFootprint(_) => StatementKind::SupplierFootprint,
            Self::Publication(_) => StatementKind::Publication,
            Self::Whole(statement) => statement.kind(),
        }
    }

    /// Who says it.
    pub const fn by(&self) -> &ActorId {
        match self {
            Self::Activity(said) => &said.by,
            Self::Annual(said) => &said.by,
            Self::Factor(said) => &said.by,
            Self::SupplierFootprint(said) => &said.by,
            Self::Publication(said) => &said.by,
            Self::Whole(statement) => statement.by(),
        }
    }

    /// The statement that it replaces.
    pub const fn replaces(&self) -> Option<&StatementId> {
        match self {
            Self::Activity(said) => said.replaces.as_ref(),
            Self::Annual(said) => said.replaces.as_ref(),
            Self::Factor(said) => said.replaces.as_ref(),
            Self::SupplierFootprint(said) => said.replaces.as_ref(),
            Self::Publication(said) => said.replaces.as_ref(),
            Self::Whole(statement) => statement.replaces(),
        }
    }

    /// The digest of its body; none where it has none.
    pub const fn body(&self) -> Option<&Digest> {
        match self {
            Self::Activity(said) => Some(&said.body),
            Self::Annual(said) => Some(&said.body),
            Self::Factor(said) => Some(&said.body),
            Self::SupplierFootprint(said) => Some(&said.body),
            Self::Publication(said) => Some(&said.body),
            Self::Whole(_) => None,
        }
    }

    /// Writes what it speaks of: the same as [`Statement::write_subject`] of the whole statement.
    ///
    /// # Errors
    /// Those of `into`.
    pub fn write_subject(&self, into: &mut impl Write) -> fmt::Result {
        match self {
            Self::Activity(said) => write_activity_subject(&said.place(), into),
            Self::Annual(said) => write!(into, "{}\0{}", said.subject, said.year),
            Self::Factor(said) => into.write_str(said.factor.as_str()),
            Self::SupplierFootprint(said) => into.write_str(said.footprint.as_str()),
            Self::Publication(said) => into.write_str(said.footprint.as_str()),
            Self::Whole(statement) => statement.write_subject(into),
        }
    }
}

/// What an activity speaks of, whether its body is at hand or not.
#[derive(Debug, Clone)]
pub(super) struct Place<'a> {
    /// The tags of its products, in its order; none for all.
    pub(super) tags: Vec<ProductTag>,
    pub(super) all: bool,
    pub(super) recipe: bool,
    pub(super) reading: bool,
    pub(super) stage: Stage,
    pub(super) process: &'a Text,
    pub(super) site: Option<&'a Text>,
    pub(super) period: Period,
    pub(super) batch: Option<&'a Text>,
    pub(super) scenario: Option<&'a Text>,
    pub(super) meter: Option<&'a Text>,
    pub(super) series: Option<&'a Salt>,
}

impl ActivityHeader {
    /// The tags of the products that it puts out or is for, in its order.
    pub fn tags(&self) -> impl Iterator<Item = &ProductTag> {
        let served = self.r#for.iter().filter_map(|named| match &named.product {
            TagOrAll::All => None,
            TagOrAll::Tag(tag) => Some(tag),
        });
        self.outputs.iter().map(|output| &output.product).chain(served)
    }

    /// True for a reading of all that its process made.
    pub fn is_for_all(&self) -> bool {
        self.r#for.iter().any(|named| named.product == TagOrAll::All)
    }

    /// What has to hold between its parts.
    ///
    /// # Errors
    /// [`ValueError::Combination`] naming the part.
    pub fn check(&self) -> Result<(), ValueError> {
        let problem = match (self.outputs.is_empty(), self.r#for.is_empty()) {
            (false, false) => Some("has outputs and is `for` products: expected one of both"),
            (true, true) => Some("has no output and is `for` no product"),
            (true, false) if self.series.is_none() => Some("is a reading and needs its `series`"),
            (false, true) if self.series.is_some() => Some("has outputs and belongs to no `series`"),
            _ => None,
        };
        problem.map_or(Ok(()), |problem| {
            Err(ValueError::Combination { what: "activity", problem: problem.into() })
        })
    }

    fn place(&self) -> Place<'_> {
        Place {
            tags: self.tags().copied().collect(),
            all: self.is_for_all(),
            recipe: self.recipe,
            reading: self.outputs.is_empty(),
            stage: self.stage,
            process: &self.process,
            site: self.site.as_ref(),
            period: self.period,
            batch: self.batch.as_ref(),
            scenario: self.scenario.as_ref(),
            meter: self.meter.as_ref(),
            series: self.series.as_ref(),
        }
    }
}

impl Activity {
    pub(super) fn place(&self) -> Place<'_> {
        Place {
            tags: self.tags.clone(),
            all: self.is_for_all(),
            recipe: self.recipe,
            reading: self.is_reading(),
            stage: self.stage,
            process: &self.process,
            site: self.site.as_ref().map(|site| &site.name),
            period: self.period,
            batch: self.batch.as_ref(),
            scenario: self.scenario.as_ref(),
            meter: self.meter.as_ref(),
            series: self.series.as_ref(),
        }
    }

    /// The products that a reading is for, as its header names them.
    pub(crate) fn named(&self) -> impl Iterator<Item = NamedProduct> {
        let tags = self.tags.iter().map(|tag| TagOrAll::Tag(*tag));
        let all = self.r#for.contains(&Served::All).then_some(TagOrAll::All);
        tags.chain(all).map(|product| NamedProduct { product })
    }
}
