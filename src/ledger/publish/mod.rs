//! The publication gate, and what is made of a publication: its proof, its PACT document, its page, the list of pages. Page and list are pure
//! functions from values to HTML; the rest reads a ledger. Nothing here signs, appends or writes a file.

pub mod gate;
pub mod policy;

mod disclosing;
mod documents;
mod error;
mod findings;
mod found;
mod gather;
mod prepare;
mod rehearse;
mod standing;
mod state;
mod texts;

pub use crate::codec::rounded;
pub use disclosing::{Bodies, Choice, ChoicePart, Disclosure, Openness};
pub use documents::pact;
pub use error::PublishError;
pub use findings::Acceptance;
pub use found::{assurances, finals, find, find_ever, held, publications, successor};
pub use gate::GateItem;
pub use gather::{gather, gather_after, gather_known};
pub use policy::Policy;
pub use prepare::{Declared, Order, Prepared, prepare, prepare_with, recalculate};
pub use rehearse::{Signers, rehearse};
pub use standing::{Standing, standing};
pub use state::{state_of, states_due};
