//! The header of a publication.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::statement::{PublicationType, Version};
use super::{
    Accepted, ActorId, Boundary, Claim, DataCoverage, Decimal, Digest, FootprintId, Instant, LogPosition,
    Method, Period, ProductId, Publication, PublicationStatus, RoundedFigures, Salt, StatementId, Text, Used,
    ValueError,
};

/// What is public of a publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PublicationHeader {
    /// The accepted findings, without their reasons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<AcceptedHeader>,
    /// Only this production batch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch: Option<Text>,
    /// `SHA-256(0x02 || body)`.
    pub body: Digest,
    /// How far the figures reach.
    pub boundary: Boundary,
    /// The product's owner.
    pub by: ActorId,
    /// The standards that the figures follow, sorted by name, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
    /// How much of the period the data to the gate cover.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<DataCoverage>,
    /// When it was made: a claim that is shown.
    pub created: Instant,
    /// Every figure, rounded.
    pub figures: Box<RoundedFigures>,
    /// `SHA-256(0x05 || figuresSalt || exact figures)`.
    pub figures_digest: Digest,
    /// The footprint's own UUID.
    pub footprint: FootprintId,
    /// The log size and root it rests on.
    pub log: LogPosition,
    /// How it was calculated.
    pub method: Method,
    /// True where somebody else answers for transport and storage after the gate.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub outbound_excluded: bool,
    /// The period that was asked for.
    pub period: Period,
    /// The footprints it follows, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preceding: Vec<FootprintId>,
    /// The product.
    pub product: ProductId,
    /// The statement this one replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<StatementId>,
    /// The scenario of use and recycling that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scenario: Option<Text>,
    /// Draft or final.
    pub status: PublicationStatus,
    /// Always `publication`.
    pub r#type: PublicationType,
    /// What enters any figure.
    pub used: Used,
    /// The version of the format.
    pub v: Version,
    /// How long the publisher stands by it.
    pub validity: Period,
}

/// A finding that the publisher stands by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AcceptedHeader {
    /// What is left out, in percent of the figure to the gate without it, two significant digits; absent where
    /// nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<Decimal>,
    /// The rule's name.
    pub rule: Text,
}

impl PublicationHeader {
    /// What has to hold between its parts, whatever the body says: what no body can lead to is
    /// refused.
    ///
    /// # Errors
    /// [`ValueError::Combination`] where claims are not sorted, each standard once; a finding
    /// leaves less than nothing out; figures to the grave and the boundary do not fit; an interval
    /// is not one of the stated width around a multiple of it, or that width is not the third digit
    /// of the total; stages or GWP sets are not in their order; a share has more than two digits.
    pub fn check(&self) -> Result<(), ValueError> {
        let unfit = |problem: &str| ValueError::Combination { what: "publication", problem: problem.into() };
        if !self.claims.is_sorted_by(|a, b| a.standard < b.standard) {
            return Err(unfit("lists its claims out of order, or one twice"));
        }
        if self.accepted.iter().filter_map(|accepted| accepted.percent).any(Decimal::is_negative) {
            return Err(unfit("accepts a finding that leaves less than nothing out"));
        }
        if self.figures.grave.is_some() != (self.boundary == Boundary::Grave) {
            return Err(unfit(
                "has figures to the grave without that boundary, or that boundary without them",
            ));
        }
        self.figures.problem().map_or(Ok(()), |problem| Err(unfit(problem)))
    }

    /// The publication as documents state it whose reader is not shown the exact figures: every
    /// part is the middle of its interval, a total is the sum of the parts, and the comment says
    /// how far the exact figures can lie from it. What only the body says is left out.
    ///
    /// # Errors
    /// [`ValueError::Overflow`] for a figure at the end of the range of [`super::Co2e`].
    pub fn rounded(&self) -> Result<Publication, ValueError> {
        let accepted = self.accepted.iter().map(|accepted| {
            Ok(Accepted {
                estimate: None,
                finding: Digest::from_bytes([0; 32]),
                reason: WITHHELD.parse()?,
                rule: accepted.rule.clone(),
                sentence: WITHHELD.parse()?,
            })
        });
        Ok(Publication {
            accepted: accepted.collect::<Result<_, ValueError>>()?,
            batch: self.batch.clone(),
            boundary: self.boundary,
            by: self.by.clone(),
            claims: self.claims.clone(),
            comment: Some(self.figures.in_words()?.parse()?),
            coverage: self.coverage,
            created: self.created,
            figures: Box::new(self.figures.middles()?),
            figures_salt: None,
            footprint: self.footprint.clone(),
            log: self.log,
            method: self.method.clone(),
            outbound_excluded: self.outbound_excluded,
            period: self.period,
            preceding: self.preceding.clone(),
            product: self.product.clone(),
            replaces: self.replaces,
            salt: Salt::from_bytes([0; 16]),
            scenario: self.scenario.clone(),
            shows_stages: !self.figures.stages.is_empty(),
            status: self.status,
            r#type: self.r#type,
            used: self.used,
            v: self.v,
            validity: self.validity,
        })
    }
}

/// In place of a text that only the body holds.
const WITHHELD: &str = "not shown";
