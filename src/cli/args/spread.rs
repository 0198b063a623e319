//! What is asked about the uncertainty of a footprint.

use pcf_desk::questions::SpreadAsked;
use pcf_ledger::calc::uncertainty::Plan;

/// What is asked about the uncertainty of a footprint.
#[derive(Debug, clap::Args)]
pub struct Spread {
    /// How uncertain the figure is, to first order, and which amounts and factors make it so
    #[arg(long)]
    uncertainty: bool,
    /// Draws the footprint N times, every uncertain amount and factor from its log-normal
    /// distribution
    #[arg(long, value_name = "N", requires = "seed")]
    monte_carlo: Option<u32>,
    /// States the draws: the same seed gives the same ones, on every machine and with any number of
    /// threads
    #[arg(long, value_name = "S", requires = "monte_carlo")]
    seed: Option<u64>,
    /// Another product, by id or name, drawn together with this one: how often this one lies below
    /// it
    #[arg(long, value_name = "OTHER", requires = "monte_carlo")]
    against: Option<String>,
}

impl Spread {
    /// What the library is asked.
    pub fn asked(self) -> SpreadAsked {
        let plan = self.monte_carlo.zip(self.seed);
        SpreadAsked {
            first_order: self.uncertainty,
            draws: plan.map(|(iterations, seed)| Plan { iterations, seed }),
            against: self.against,
        }
    }
}
