//! What is said beside a result: notes that may be left out, and warnings that a reader should know
//! before trusting the result.

use std::fmt;

use pcf_files::csv::TableKind;
use pcf_ledger::model::{ActorId, Date, StatementId};

use crate::words::counted;

/// Something that a person should hear of, and that stops nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// How a table was understood.
    Table(String),
    /// What public documents show, before they are written.
    Reveals(String),
    /// A sheet that the verb does not take.
    Sheet {
        /// The file and the sheet.
        place: String,
        /// What its rows are.
        holds: TableKind,
    },
    /// A period that looks as if its last day was given as its end.
    LastDay {
        /// The first row that has it.
        place: String,
        /// The end that is given.
        end: Date,
        /// The day after it.
        next: Date,
    },
    /// Further periods such as [`Note::LastDay`].
    MoreLastDays(usize),
    /// A factor or a product with a number that is hardly what was meant.
    Unlikely {
        /// Its place.
        place: String,
        /// What is odd.
        sentence: String,
    },
    /// A product names a signer that is not enrolled.
    SignerUnknown {
        /// The first row that names it.
        place: String,
        /// The signer.
        signer: ActorId,
    },
    /// A standard that PACT does not name.
    UnknownStandard {
        /// The standard as it was given.
        standard: String,
        /// Those that PACT names.
        known: &'static [&'static str],
    },
    /// What statements cause was not looked at, because there are too many.
    NotLookedAt {
        /// How many were appended.
        statements: usize,
    },
    /// An activity that was recorded together with some of an import and is not in it.
    Gone {
        /// What it says, in short.
        says: String,
        /// Its id.
        statement: StatementId,
    },
    /// Whether rows are gone since they were recorded was not looked at, because there are too many.
    NotCompared,
    /// Something odd in a supplier's document.
    OddDocument(String),
    /// A supplier's document that was redacted.
    RedactedDocument {
        /// The UUID of its footprint.
        footprint: String,
        /// The statement that held it.
        statement: StatementId,
    },
    /// An actor without a key.
    NoKey(ActorId),
    /// An actor who may sign activities of no stage.
    NoStage(ActorId),
    /// Two actors whose names a reader takes for one another.
    LooksAlike {
        /// The actor that is enrolled.
        actor: ActorId,
        /// Another actor.
        other: ActorId,
        /// The other's name.
        name: String,
    },
    /// An activity whose flow names an earlier footprint of a supplier than the one that is taken in.
    NamesEarlier {
        /// The activity and its flows.
        says: String,
        /// Its statement.
        statement: StatementId,
    },
    /// What became of an openLCA package.
    Package {
        /// Its processes.
        processes: usize,
        /// The products made of them.
        products: usize,
        /// The flows that were linked.
        linked: usize,
        /// The emissions that were taken as gases.
        emissions: usize,
    },
    /// What of a package is missing from the figures.
    CutOff {
        /// The kind, in words.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// Some of them.
        examples: Vec<String>,
    },
}

impl Note {
    /// Returns true where it must not be left out.
    pub const fn is_warning(&self) -> bool {
        matches!(
            self,
            Self::OddDocument(_)
                | Self::Gone { .. }
                | Self::NamesEarlier { .. }
                | Self::Unlikely { .. }
                | Self::RedactedDocument { .. }
                | Self::NoKey(_)
                | Self::NoStage(_)
                | Self::LooksAlike { .. }
                | Self::CutOff { .. }
        )
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table(sentence) => f.write_str(sentence),
            Self::Unlikely { place, sentence } => write!(f, "{place}: {sentence}"),
            Self::Sheet { place, holds } => {
                write!(f, "{place}: not read, since another command takes {}", holds.sheet())
            }
            Self::LastDay { place, end, next } => write!(
                f,
                "{place}: the period ends before {end}, so that day is not in it; write {next} where it should be"
            ),
            Self::MoreLastDays(more) => {
                write!(f, "and {more} more periods end with the last day of a month")
            }
            Self::SignerUnknown { place, signer } => {
                write!(f, "{place}: the signer `{signer}` is not enrolled here yet")
            }
            Self::Reveals(sentence) => f.write_str(sentence),
            Self::UnknownStandard { standard, known } => {
                write!(f, "PACT does not know the standard `{standard}`; it names {}", known.join(", "))
            }
            Self::NotLookedAt { statements } => write!(
                f,
                "what {} cause is not looked at here, there are too many: pcf check",
                counted(*statements, "statement")
            ),
            Self::Gone { says, statement } => write!(
                f,
                "was recorded together with some of these rows and is not among them: {says}; where it was deleted, withdraw it with pcf record --correct --withdraw-missing, or alone with pcf withdraw {statement}"
            ),
            Self::NamesEarlier { says, statement } => write!(
                f,
                "names the earlier footprint of this supplier still: {says} (statement {statement}); the same import with --follow lets it name the new one"
            ),
            Self::NotCompared => f.write_str(
                "whether rows are gone since they were recorded is not looked at here, there are too many",
            ),
            Self::OddDocument(sentence) => f.write_str(sentence),
            Self::RedactedDocument { footprint, statement } => {
                write!(f, "the document of footprint {footprint} is redacted (statement {statement})")
            }
            Self::NoKey(actor) => write!(f, "`{actor}` has no key and can sign nothing yet"),
            Self::NoStage(actor) => write!(f, "`{actor}` may sign activities, but of no stage: see --stage"),
            Self::LooksAlike { actor, other, name } => write!(
                f,
                "the name of `{actor}` looks like that of `{other}`, {name}; readers may take one for the other"
            ),
            Self::Package { processes, products, linked, emissions } => write!(
                f,
                "{processes} process{} became {}; {} linked, {} taken as gases",
                if *processes == 1 { "" } else { "es" },
                counted(*products, "product"),
                counted(*linked, "flow"),
                counted(*emissions, "emission")
            ),
            Self::CutOff { what, count, examples } => {
                let more = if *count > examples.len() { "; …" } else { "" };
                write!(f, "{what}: {count} ({}{more})", examples.join("; "))
            }
        }
    }
}
