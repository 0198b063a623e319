//! The erasure of a statement's text: the operator's statement that announces it, and what stays of the statement in its place, so that the
//! rules can still judge it and every calculation that needed it says so. It calculates nothing and knows no file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::certificate;
use super::statement::{RedactionTag, Version};
use super::{
    Activity, ActorId, CertificateId, Digest, FactorId, FootprintId, Period, ProductId, Salt, Stage,
    Statement, StatementId, StatementKind, Text, ValueError,
};

/// The text of an earlier statement is taken out of the files of the ledger; its place in the log stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Redaction {
    /// Always `operator`.
    pub by: ActorId,
    /// SHA-256 of what stays in its place.
    pub kept: Digest,
    /// Why.
    pub reason: Text,
    /// 16 random bytes.
    pub salt: Salt,
    /// The statement whose text goes.
    pub statement: StatementId,
    /// Always `redaction`.
    pub r#type: RedactionTag,
    /// The version of the format.
    pub v: Version,
}

/// What stays of a redacted statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its id: the leaf hash that its seal covers.
    pub id: StatementId,
    /// SHA-256 of its subject.
    pub subject: Digest,
    /// What else of it stays.
    pub facts: KeptFacts,
}

/// What the rules and the calculation need of a statement whose text is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeptFacts {
    /// Of an activity, and only of one: what it was about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity: Option<KeptActivity>,
    /// Who says it.
    pub by: ActorId,
    /// Of a factor, and only of one: its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factor: Option<FactorId>,
    /// Of a supplier's footprint, and only of one: its UUID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub footprint: Option<FootprintId>,
    /// The statement that it replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<StatementId>,
    /// Its type.
    pub r#type: StatementKind,
    /// The version of the format.
    pub v: Version,
}

/// What an activity was about: which footprints need it, and who could sign it. Its amounts, sources, site and evidence are gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeptActivity {
    /// True for a reading of all that its process made.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all: bool,
    /// A longer span that it also served.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applies_to: Option<Period>,
    /// The production batch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch: Option<Text>,
    /// The certificates that it claims; how much of each is gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instruments: Vec<CertificateId>,
    /// When it was measured, half-open.
    pub period: Period,
    /// The unit process.
    pub process: Text,
    /// The products that it names, in its order: its outputs, or those that a reading is for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<ProductId>,
    /// An alternative of use or recycling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scenario: Option<Text>,
    /// The life-cycle stage.
    pub stage: Stage,
}

impl StatementKind {
    /// Why statements of this type keep their text; none for those that can be redacted.
    pub const fn keeps_its_text(self) -> Option<&'static str> {
        match self {
            Self::Activity | Self::Annual | Self::Factor | Self::SupplierFootprint => None,
            Self::Actor | Self::Authority | Self::Ledger => {
                Some("who may sign what could no longer be judged")
            }
            Self::Product => {
                Some("who owns its ids and who may sign its processes could no longer be judged")
            }
            Self::Assurance | Self::Publication => {
                Some("what was given out for others to rely on stays; it can be withdrawn or replaced")
            }
            Self::Redaction | Self::State | Self::Withdrawal => {
                Some("what became of other statements could no longer be judged")
            }
        }
    }
}

impl Kept {
    /// What stays of a statement with this id and this digest of its subject; none of a type that keeps its text.
    pub fn of(id: StatementId, subject: Digest, statement: &Statement) -> Option<Self> {
        let (mut activity, mut factor, mut footprint) = (None, None, None);
        match statement {
            Statement::Activity(said) => activity = Some(KeptActivity::of(said)),
            Statement::Factor(said) => factor = Some(said.factor.clone()),
            Statement::SupplierFootprint(said) => footprint = Some(said.footprint.clone()),
            Statement::Annual(_) => {}
            _ => return None,
        }
        let facts = KeptFacts {
            activity,
            by: statement.by().clone(),
            factor,
            footprint,
            replaces: statement.replaces().copied(),
            r#type: statement.kind(),
            v: Version,
        };
        Some(Self { id, subject, facts })
    }
}

impl KeptFacts {
    /// What has to hold between the parts and cannot be said by their types.
    ///
    /// # Errors
    /// [`ValueError::Combination`] for a type that keeps its text, and for parts of another type or none of its own.
    pub fn check(&self) -> Result<(), ValueError> {
        let refuse = |problem: String| Err(ValueError::Combination { what: "kept facts", problem });
        let kind = self.r#type;
        if kind.keeps_its_text().is_some() {
            return refuse(format!("expected a type that can be redacted, got {kind}"));
        }
        let parts = [self.activity.is_some(), self.factor.is_some(), self.footprint.is_some()];
        let own = [StatementKind::Activity, StatementKind::Factor, StatementKind::SupplierFootprint];
        if parts != own.map(|own| own == kind) {
            return refuse(format!("expected what stays of the type {kind} and of no other"));
        }
        let claimed = self.activity.iter().flat_map(|activity| &activity.instruments);
        if let Some(problem) = certificate::too_many(claimed) {
            return refuse(problem);
        }
        if self.activity.as_ref().is_some_and(|activity| activity.products.is_empty() != activity.all) {
            return refuse(
                "expected at least one product of an activity, or all of them, and not both".into(),
            );
        }
        Ok(())
    }
}

impl KeptActivity {
    fn of(said: &Activity) -> Self {
        let claimed = said.flows.iter().flat_map(|flow| &flow.instruments);
        Self {
            all: said.is_for_all(),
            applies_to: said.applies_to,
            batch: said.batch.clone(),
            instruments: claimed.map(|instrument| instrument.id.clone()).collect(),
            period: said.period,
            process: said.process.clone(),
            products: said.products().cloned().collect(),
            scenario: said.scenario.clone(),
            stage: said.stage,
        }
    }
}
