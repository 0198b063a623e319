//! Pure calculation: an inventory in, footprints and their trace out. Never sees a store, a key or
//! a clock.
//!
//! ```text
//! f(process) = round( sum over statements: share * sum over flows: amount * source / declared units )
//! ```
//!
//! in checked 256-bit integers, rounded half to even at 1e-15 kg, once; stages and totals are sums
//! of the rounded. So the digits are a function of the statements: not of their order, nor of which
//! products are asked for together. [`footprint`] gives one product with everything behind it,
//! [`footprints`] the figures of all. Products that consume each other in a loop are solved
//! together, certified and rounded once.
//!
//! One engine answers every question:
//!
//! | room | what it owns |
//! |---|---|
//! | `scope` | which statements count for a product, and the guards on periods and certificates |
//! | `lower` | each statement once to lines: how much of which source, with what share |
//! | `rows` | the unit processes of a product as rows of lines, for everything that is reached |
//! | `solve` | stand-ins for products without data, the order, the sums, the loops |
//! | `result` | figures, the statements behind them, what a reader must know |
//! | `contribution`, `uncertainty`, [`explain`] | where a figure comes from, how uncertain it is, why two differ |

pub mod allocation;

pub(crate) mod amount;
mod change;
mod contribution;
mod error;
mod errors;
pub mod explain;
mod flow_problem;
mod inventory;
mod lower;
mod reach;
mod recycling;
mod result;
mod rows;
pub(crate) mod scope;
mod solve;
pub mod target;
pub mod uncertainty;

pub use allocation::Share;
pub use amount::Ratio;
pub use change::Change;
pub use contribution::{
    Breakdown, Chain, Contribution, ContributionSource, Group, Grouping, Sankey, SankeyKind, SankeyLink,
    SankeyNode, TopFlows, Trace,
};
pub use error::CalcError;
pub(crate) use errors::split_options;
pub use errors::{CalcErrors, InstrumentUse, LoopProblem, NamedProduct, ReadFlow};
pub use flow_problem::FlowProblem;
pub use inventory::{BoughtFootprint, Declared, Footprint, Held, Inventory, Redacted, Request};
pub(crate) use lower::factor_headline;
pub use reach::{concerned, reached};
pub use result::{Activities, Gates, Products, Reading, footprint, footprints};
pub(crate) use rows::{Choice, Choices, ChosenOutput, Used};
pub(crate) use scope::UnitsOf;
pub use scope::{can_be_replaced, counts, not_counted};
pub(crate) use solve::guards as carbon;
