//! Published figures.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::word_list;
use super::statement::{PublicationType, Version};
use super::{
    ActorId, Boundary, ByCategory, Co2e, Decimal, Digest, FootprintId, GwpSet, Instant, Period, ProductId,
    Salt, Stage, StatedGwp, StatementId, Text, ValueError, Whole,
};

/// A calculated footprint, published by the product's owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Publication {
    /// What was found in the statements behind the figures and accepted, each for a reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<Accepted>,
    /// Only this production batch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch: Option<Text>,
    /// How far the figures reach.
    pub boundary: Boundary,
    /// The product's owner.
    pub by: ActorId,
    /// The standards that the figures follow, sorted by name, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
    /// What a reader should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<Text>,
    /// How much of the period the data to the gate cover; absent where nothing was measured in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<DataCoverage>,
    /// When it was made: a claim that is shown.
    pub created: Instant,
    /// Every figure.
    // Boxed, because a statement takes as much room as the largest kind of it.
    pub figures: Box<Figures>,
    /// 16 random bytes in the figures digest, which a draft and its final share. What is not signed yet leaves them
    /// out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub figures_salt: Option<Salt>,
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
    /// 16 random bytes.
    pub salt: Salt,
    /// The scenario of use and recycling that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scenario: Option<Text>,
    /// True where the header shows the figures of each stage, rounded, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shows_stages: bool,
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

/// A finding that asked a person to look, and that the publisher stands by all the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Accepted {
    /// What is left out of the figure to the gate by the publisher's estimate, in kg CO2e per declared
    /// unit: it counts as exempted. Absent where nothing is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimate: Option<Co2e>,
    /// SHA-256 of what was found: rule, product, period and sentence. Another finding has another
    /// one.
    pub finding: Digest,
    /// Why the figures stand.
    pub reason: Text,
    /// The rule's name.
    pub rule: Text,
    /// What was found, with both sides.
    pub sentence: Text,
}

/// A standard that figures follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Claim {
    /// Who says so.
    pub basis: ClaimBasis,
    /// Its name, as PACT spells it where PACT names it.
    pub standard: Text,
}

word_list! {
    /// What a claim rests on.
    pub enum ClaimBasis as "basis", "checked or stated" {
        /// This program found the conditions of the standard met.
        Checked = "checked",
        /// The publisher says so; nothing was checked.
        Stated = "stated",
    }
}

/// On how many days of the period asked for there are data to the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DataCoverage {
    /// Days of the period.
    pub days: Whole,
    /// Days that are covered by estimates only.
    pub estimated: Whole,
    /// Days on which every process, and every flow of energy and emission of it, was measured.
    pub measured: Whole,
    /// From the first to the last day of the data that entered; earlier where a statement entered
    /// that applies to a longer span.
    pub reference_period: Period,
}

word_list! {
    /// Whether the publisher stands by the figures yet.
    pub enum PublicationStatus as "status", "draft or final" {
        /// For assurance and comment.
        Draft = "draft",
        /// Published.
        Final = "final",
    }
}

/// How figures were calculated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Method {
    /// The set that gases were characterised with.
    pub gwp: GwpSet,
    /// The version of the calculation, `1`.
    pub version: Whole,
}

/// A size of the log and its root there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LogPosition {
    /// The root.
    pub root: Digest,
    /// Seals in the log.
    pub size: Whole,
}

/// The statements that enter any figure. A root is that of RFC 6962 over `SHA-256(0x00 || id)`, ids
/// sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Used {
    /// The activities: every proof shows their headers.
    pub activities: UsedActivities,
    /// All others, such as products, factors and suppliers' footprints: what withheld bodies name
    /// stays hidden, and so does how many there are.
    pub sources: UsedSources,
}

impl fmt::Display for Used {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { activities, sources } = self;
        let (count, root) = (activities.count, activities.root);
        write!(f, "{count} activities with the root {root}, others with the root {}", sources.root)
    }
}

/// The activities that enter any figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UsedActivities {
    /// How many.
    pub count: Whole,
    /// The root over them.
    pub root: Digest,
}

/// The statements other than activities that enter any figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UsedSources {
    /// The root over them.
    pub root: Digest,
}

/// Figures per declared unit, in kg CO2e.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Figures {
    /// Weighted ratings of the data behind the gate figure; absent where nothing that enters is rated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_quality: Option<Quality>,
    /// Estimated emissions left out to the gate, as a percentage of all; absent where the product does not state its exemptions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exempted_emissions_percent: Option<Decimal>,
    /// To the gate.
    pub gate: FigureSet,
    /// Over the whole life; only where the boundary is the grave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grave: Option<FigureSet>,
    /// Every GWP set that entered, sorted.
    pub gwp: Vec<StatedGwp>,
    /// Share of the gate figure excluding uptake that rests on primary data, 0 to 100.
    pub primary_data_share: Decimal,
    /// Each unit process, by stage and name.
    pub processes: Vec<ProcessFigures>,
    /// Each stage that is in the boundary or has data, in the order of life.
    pub stages: Vec<StageFigures>,
}

/// One set of figures: the categories and their two totals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FigureSet {
    /// kg CO2e by category.
    pub categories: ByCategory<Co2e>,
    /// The headline: without biogenic uptake and release.
    pub excluding_uptake: Co2e,
    /// With both.
    pub including_uptake: Co2e,
}

impl Publication {
    /// The period that a document states: that of the data, else the one asked for.
    pub fn reference_period(&self) -> Period {
        self.coverage.map_or(self.period, |coverage| coverage.reference_period)
    }

    /// What has to hold between its parts.
    ///
    /// # Errors
    /// [`ValueError::Combination`] where the claims are not sorted, each standard once, or an
    /// estimate is below zero.
    pub fn check(&self) -> Result<(), ValueError> {
        let unfit = |problem: &str| ValueError::Combination { what: "publication", problem: problem.into() };
        if !self.claims.is_sorted_by(|a, b| a.standard < b.standard) {
            return Err(unfit("lists its claims out of order, or one twice"));
        }
        let mut estimates = self.accepted.iter().filter_map(|accepted| accepted.estimate);
        if estimates.any(|kg| kg.quanta() < 0) {
            return Err(unfit("accepts a finding with an estimate below zero"));
        }
        Ok(())
    }
}

impl Figures {
    /// Transport and storage after the gate, kg CO2e excluding uptake; `None` where the figures have neither stage.
    ///
    /// # Errors
    /// [`ValueError::Overflow`] from 10^18 kg on.
    pub fn outbound(&self) -> Result<Option<Co2e>, ValueError> {
        let stages = self.stages.iter().filter(|s| matches!(s.stage, Stage::Transport | Stage::Storage));
        let parts: Vec<Co2e> = stages.map(|s| s.figures.excluding_uptake).collect();
        if parts.is_empty() { Ok(None) } else { Co2e::total(parts).map(Some) }
    }
}

impl FigureSet {
    /// The set whose totals follow from `categories`.
    ///
    /// # Errors
    /// [`ValueError::Overflow`] from 10^18 kg on.
    pub fn new(categories: ByCategory<Co2e>) -> Result<Self, ValueError> {
        Ok(Self {
            excluding_uptake: categories.excluding_uptake()?,
            including_uptake: categories.including_uptake()?,
            categories,
        })
    }

    /// The sum, category by category.
    ///
    /// # Errors
    /// [`ValueError::Overflow`] from 10^18 kg on.
    pub fn plus(&self, other: &Self) -> Result<Self, ValueError> {
        Self::new(self.categories.plus(&other.categories)?)
    }
}

/// The figures of one unit process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProcessFigures {
    /// Its figures per declared unit.
    pub figures: FigureSet,
    /// Its name.
    pub process: Text,
    /// Its stage.
    pub stage: Stage,
}

/// The figures of one stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StageFigures {
    /// The sum over its unit processes.
    pub figures: FigureSet,
    /// The stage.
    pub stage: Stage,
}

/// Data quality ratings, each from 1 (best) to 5, as PACT's DQI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, try_from = "QualityText")]
pub struct Quality {
    /// Geographical representativeness.
    pub geography: Decimal,
    /// Technological representativeness.
    pub technology: Decimal,
    /// Temporal representativeness.
    pub time: Decimal,
}

/// Ratings as they are written.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "Quality")]
struct QualityText {
    /// Geographical representativeness, 1 (best) to 5.
    geography: Decimal,
    /// Technological representativeness, 1 (best) to 5.
    technology: Decimal,
    /// Temporal representativeness, 1 (best) to 5.
    time: Decimal,
}

impl Quality {
    /// Three ratings.
    ///
    /// # Errors
    /// [`ValueError::Range`] outside 1 to 5.
    pub fn new(geography: Decimal, technology: Decimal, time: Decimal) -> Result<Self, ValueError> {
        for rating in [geography, technology, time] {
            if rating < Decimal::ONE || rating > Decimal::from_i32(5) {
                let got = rating.to_string();
                return Err(ValueError::Range { what: "rating", expected: "from 1 (best) to 5", got });
            }
        }
        Ok(Self { geography, technology, time })
    }
}

impl TryFrom<QualityText> for Quality {
    type Error = ValueError;

    fn try_from(text: QualityText) -> Result<Self, ValueError> {
        Self::new(text.geography, text.technology, text.time)
    }
}
