//! Pure calculation: an inventory in, footprints and their trace out. Never sees a store, a key or a clock.
//!
//! ```text
//! f(process) = round( sum over statements: share * sum over flows: amount * source / declared units )
//! ```
//!
//! in checked 256-bit integers, rounded half to even at 1e-15 kg, once; stages and totals are sums of the rounded. So the digits are a function
//! of the statements: not of their order, nor of which products are asked for together. [`footprint`] gives one product with everything behind
//! it, [`footprints`] the figures of all. Products that consume each other in a loop are solved together, certified and rounded once.

pub mod allocation;

pub(crate) mod amount;
mod change;
mod claims;
mod compiled;
mod contribution;
mod equations;
mod error;
pub mod explain;
mod factor_use;
mod flow_problem;
mod footprint;
mod gate;
mod graph;
mod incremental;
mod inventory;
mod looped;
mod loops;
mod process;
mod quality;
mod reach;
mod recycling;
pub(crate) mod scope;
mod solve;
mod source;
pub mod target;
pub mod uncertainty;
mod work;

pub use allocation::Share;
pub use amount::Ratio;
pub use change::Change;
pub use compiled::{Builder, Compiled, Gates, Input, Line};
pub use contribution::{
    Breakdown, Chain, Contribution, ContributionSource, Group, Grouping, Sankey, SankeyKind, SankeyLink,
    SankeyNode, TopFlows, Trace,
};
pub use error::{CalcError, CalcErrors, LoopProblem};
pub use flow_problem::FlowProblem;
pub use footprint::{footprint, footprints};
pub use incremental::{Incremental, Recalculated};
pub use inventory::{BoughtFootprint, Footprint, Held, Inventory, Redacted, Request};
pub use reach::reached;
pub use scope::counts;
