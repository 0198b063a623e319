//! What a proof shows of what lies behind a figure: the headers of all activities that entered, and of their bodies
//! those that the publisher chooses. A factor, a supplier's footprint or another product is shown where a body
//! that is shown names it: together they are the other half of a recipe.

use std::collections::BTreeSet;
use std::str::FromStr;

use crate::admission::{Said, UsedIds};
use crate::ledger::{Ledger, LedgerError};
use crate::model::{Activity, ProductId, Stage, Statement, StatementId, Text};
use crate::proof::Named;
use crate::store::Reader;

/// What a proof shows beside headers. Nothing is the default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Disclosure {
    /// The bodies of used statements.
    pub bodies: Bodies,
    /// The exact figures, which are the body of the publication. Its header has them rounded.
    pub figures: bool,
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

/// One part of what is shown, as it is written: `stage=production`, `process=casting`, `statement=ID`, `figures`, or
/// `all`.
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
    ) -> Result<Self, LedgerError> {
        if disclosure.bodies == Bodies::All {
            let bodies = used.all().copied().collect();
            return Ok(Self { used: used.clone(), bodies, hides_sources: false });
        }
        let mut named = Named::of_product(product.clone());
        let mut bodies = BTreeSet::new();
        for id in &used.activities {
            if let Said::Whole(Statement::Activity(said)) = ledger.said(id)?
                && disclosure.shows(id, &said)
            {
                bodies.insert(*id);
                named.by_activity(&said);
            }
        }
        if disclosure.bodies != Bodies::None
            && let Some(held) = ledger.book().product(product)?
        {
            named.by_recycling(&held.statement);
        }
        let mut shown = UsedIds { activities: used.activities.clone(), ..UsedIds::default() };
        for id in &used.sources {
            if named.names(&ledger.said(id)?) {
                shown.sources.insert(*id);
            }
        }
        bodies.extend(&shown.sources);
        Ok(Self { used: shown, bodies, hides_sources: true })
    }

    /// The ids of all that is shown.
    pub(super) fn ids(&self) -> BTreeSet<StatementId> {
        self.used.all().copied().collect()
    }
}
