//! Which bodies a proof shows.

use pcf_ledger::publish::{Choice, ChoicePart, Disclosure};

/// What of the activities behind the figures a proof shows beside their headers.
#[derive(Debug, clap::Args)]
pub struct Showing {
    /// Shows the bodies of these activities alone, with what they name: all, stage=STAGE, process=NAME or
    /// statement=ID; may be repeated [default: all]
    #[arg(long, value_name = "PART", conflicts_with = "withhold")]
    show: Vec<ChoicePart>,
    /// Keeps the bodies of these activities out of the proof; without a value all of them. Product, process, period
    /// and signer of each are shown all the same
    #[arg(long, value_name = "PART", num_args = 0..=1, default_missing_value = "all", require_equals = true)]
    withhold: Vec<ChoicePart>,
}

impl Showing {
    /// What that comes to.
    pub fn disclosure(&self) -> Disclosure {
        match (self.show.as_slice(), self.withhold.as_slice()) {
            ([], []) => Disclosure::All,
            ([], withheld) => Choice::of(withheld).map_or(Disclosure::None, Disclosure::Except),
            (shown, _) => Choice::of(shown).map_or(Disclosure::All, Disclosure::Only),
        }
    }
}
