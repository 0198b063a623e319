//! What is said beside a result: notes that may be left out, and warnings that a reader should know before trusting the result.

use std::fmt;

use pcf_ledger::model::{ActorId, Date};

/// Something that a person should hear of, and that stops nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// How a table was understood.
    Table(String),
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
}

impl Note {
    /// Returns true where it must not be left out.
    pub const fn is_warning(&self) -> bool {
        false
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table(sentence) => f.write_str(sentence),
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
            Self::UnknownStandard { standard, known } => {
                write!(f, "PACT does not know the standard `{standard}`; it names {}", known.join(", "))
            }
        }
    }
}
