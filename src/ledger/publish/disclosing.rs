//! What a proof shows of what lies behind a figure: the headers of all activities that entered, and of their bodies
//! those that the publisher chooses. A factor, a supplier's footprint or another product is shown where a body
//! that is shown names it: together they are the other half of a recipe.

use std::collections::BTreeSet;
use std::str::FromStr;

use super::PublishError;
use crate::admission::{Said, UsedIds};
use crate::ledger::Ledger;
use crate::model::{Activity, Header, ProductId, Stage, Statement, StatementId, StatementKind, Text};
use crate::proof::{Named, Proof};
use crate::store::Reader;

/// What a proof shows beside headers. Nothing is the default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Disclosure {
    /// The bodies of used statements.
    pub bodies: Bodies,
    /// The exact figures, which are the body of the publication. Its header has them rounded.
    pub figures: bool,
}

/// How much documents for people and programs say of a publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Openness {
    /// Rounded figures, and nothing that only bodies say.
    Rounded,
    /// Exact figures, and nothing that only other bodies say.
    Exact,
    /// Exact figures with what lies behind them: contributions, sources, places.
    Whole,
}

impl Openness {
    /// As much as a proof shows.
    pub fn of(proof: &Proof) -> Self {
        match (proof.is_exact(), proof.hides_sources()) {
            (false, _) => Self::Rounded,
            (true, true) => Self::Exact,
            (true, false) => Self::Whole,
        }
    }
}

/// Which bodies of used statements are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Bodies {
    /// None: product, process, period and signer of everything that entered can be checked, and no amount is given
    /// away.
    #[default]
    None,
    /// Those of every used statement: the figures can be calculated again.
    All,
    /// Those of the chosen activities.
    Only(Choice),
    /// Those of all activities but the chosen ones.
    Except(Choice),
}

/// Activities, by what they are about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// All of these stages.
    pub stages: BTreeSet<Stage>,
    /// All of processes with these names.
    pub processes: BTreeSet<Text>,
    /// These statements.
    pub statements: BTreeSet<StatementId>,
}

/// One part of what is shown, as it is written: `stage=production`, `process=casting`,
/// `statement=ID`, `figures`, or `all`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChoicePart {
    /// Everything.
    All,
    /// Nothing more than what the other parts say.
    Nothing,
    /// The exact figures.
    Figures,
    /// A stage.
    Stage(Stage),
    /// A process.
    Process(Text),
    /// A statement.
    Statement(StatementId),
}

impl FromStr for ChoicePart {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let value = |error: crate::model::ValueError| error.to_string();
        match text.split_once('=') {
            None if text == "all" => Ok(Self::All),
            None if text == "none" => Ok(Self::Nothing),
            None if text == "figures" => Ok(Self::Figures),
            Some(("stage", stage)) => stage.parse().map(Self::Stage).map_err(value),
            Some(("process", process)) => process.parse().map(Self::Process).map_err(value),
            Some(("statement", id)) => id.parse().map(Self::Statement).map_err(value),
            _ => Err("expected all, none, figures, stage=STAGE, process=NAME or statement=ID".to_owned()),
        }
    }
}

impl Choice {
    fn of<'a>(parts: impl IntoIterator<Item = &'a ChoicePart>) -> Self {
        let mut choice = Self::default();
        for part in parts {
            match part {
                ChoicePart::All | ChoicePart::Nothing | ChoicePart::Figures => {}
                ChoicePart::Stage(stage) => drop(choice.stages.insert(*stage)),
                ChoicePart::Process(process) => drop(choice.processes.insert(process.clone())),
                ChoicePart::Statement(id) => drop(choice.statements.insert(*id)),
            }
        }
        choice
    }

    /// Refuses a part that no used activity is of: a mistyped one would show or withhold something
    /// else.
    fn check(
        &self,
        places: &BTreeSet<(Stage, Text)>,
        activities: &BTreeSet<StatementId>,
    ) -> Result<(), PublishError> {
        let stage = self.stages.iter().find(|stage| places.iter().all(|(own, _)| own != *stage));
        let process = self.processes.iter().find(|name| places.iter().all(|(_, own)| own != *name));
        let statement = self.statements.iter().find(|id| !activities.contains(id));
        let part = (stage.map(|stage| format!("stage={stage}")))
            .or_else(|| process.map(|name| format!("process={name}")))
            .or_else(|| statement.map(|id| format!("statement={id}")));
        let known: Vec<String> =
            places.iter().map(|(stage, process)| format!("{stage} / {process}")).collect();
        part.map_or(Ok(()), |part| Err(PublishError::NoPart { part, known: known.join(", ") }))
    }

    fn holds(&self, id: &StatementId, said: &Activity) -> bool {
        self.stages.contains(&said.stage)
            || self.processes.contains(&said.process)
            || self.statements.contains(id)
    }
}

impl Disclosure {
    /// Everything.
    pub const fn all() -> Self {
        Self { bodies: Bodies::All, figures: true }
    }

    /// These parts alone.
    pub fn only(parts: &[ChoicePart]) -> Self {
        let all = parts.contains(&ChoicePart::All);
        let bodies = match Choice::of(parts) {
            _ if all => Bodies::All,
            choice if choice == Choice::default() => Bodies::None,
            choice => Bodies::Only(choice),
        };
        Self { bodies, figures: all || parts.contains(&ChoicePart::Figures) }
    }

    /// Everything but these parts, and but the exact figures: they would tell what is kept back.
    pub fn except(parts: &[ChoicePart]) -> Self {
        let bodies = match parts.contains(&ChoicePart::All) {
            true => Bodies::None,
            false => Bodies::Except(Choice::of(parts)),
        };
        Self { bodies, figures: false }
    }

    /// How much the documents beside a proof say.
    pub fn openness(&self) -> Openness {
        match (self.figures, &self.bodies) {
            (false, _) => Openness::Rounded,
            (true, Bodies::All) => Openness::Whole,
            (true, _) => Openness::Exact,
        }
    }

    /// True where everything is shown.
    pub fn is_all(&self) -> bool {
        *self == Self::all()
    }

    fn shows(&self, id: &StatementId, said: &Activity) -> bool {
        match &self.bodies {
            Bodies::All => true,
            Bodies::None => false,
            Bodies::Only(choice) => choice.holds(id, said),
            Bodies::Except(choice) => !choice.holds(id, said),
        }
    }
}

/// What is shown of the used statements.
#[derive(Debug, Default)]
pub(super) struct Disclosed {
    /// Those that are shown at all.
    pub(super) used: UsedIds,
    /// Those of them whose body is shown where it is there.
    pub(super) bodies: BTreeSet<StatementId>,
    /// True where sources are not shown, since only bodies that are kept back name them.
    pub(super) hides_sources: bool,
}

impl Disclosed {
    /// Of the used statements of a publication of a product.
    pub(super) fn of<S: Reader>(
        ledger: &Ledger<S>,
        product: &ProductId,
        used: &UsedIds,
        disclosure: &Disclosure,
    ) -> Result<Self, PublishError> {
        if disclosure.bodies == Bodies::All {
            let bodies = used.all().copied().collect();
            return Ok(Self { used: used.clone(), bodies, hides_sources: false });
        }
        let mut named = Named::of_product(product.clone());
        let (mut bodies, mut places) = (BTreeSet::new(), BTreeSet::new());
        for id in &used.activities {
            match ledger.said(id)? {
                Said::Whole(Statement::Activity(said)) => {
                    if disclosure.shows(id, &said) {
                        bodies.insert(*id);
                        named.by_activity(&said);
                    }
                    places.insert((said.stage, said.process));
                }
                Said::Header(Header::Activity(said)) => drop(places.insert((said.stage, said.process))),
                _ => {}
            }
        }
        if let Bodies::Only(choice) | Bodies::Except(choice) = &disclosure.bodies {
            choice.check(&places, &used.activities)?;
            for id in &used.sources {
                if let Said::Whole(Statement::Product(said)) = ledger.said(id)?
                    && said.ids.contains(product)
                {
                    named.by_recycling(&said);
                }
            }
        }
        let mut shown = UsedIds { activities: used.activities.clone(), ..UsedIds::default() };
        for id in &used.sources {
            let said = ledger.said(id)?;
            if !named.names(&said) {
                continue;
            }
            shown.sources.insert(*id);
            // The exact figures of a publication that stands in are its own publisher's to show.
            if said.kind() != StatementKind::Publication {
                bodies.insert(*id);
            }
        }
        Ok(Self { used: shown, bodies, hides_sources: true })
    }

    /// The ids of all that is shown.
    pub(super) fn ids(&self) -> BTreeSet<StatementId> {
        self.used.all().copied().collect()
    }
}
