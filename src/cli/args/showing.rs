//! What documents show beside headers.

use pcf_ledger::publish::{ChoicePart, Disclosure};

use crate::context::Context;

/// What of the activities behind the figures documents show beside their headers.
#[derive(Debug, clap::Args)]
pub struct Showing {
    /// Shows these amounts, with what they name: all, stage=STAGE, process=NAME or statement=ID;
    /// figures shows the exact figures alone, none keeps everything back; may be repeated [default:
    /// as pcf.toml has it, else none]
    #[arg(long, value_name = "PART", conflicts_with = "withhold")]
    show: Vec<ChoicePart>,
    /// Shows all amounts but these, and no exact figures. Product, process, period and signer of
    /// each activity are shown all the same
    #[arg(long, value_name = "PART", num_args = 0..=1, default_missing_value = "all", require_equals = true, value_parser = withheld)]
    withhold: Vec<ChoicePart>,
}

/// A part that can be withheld.
fn withheld(text: &str) -> Result<ChoicePart, String> {
    match text.parse()? {
        ChoicePart::Figures | ChoicePart::Nothing => {
            Err("expected all, stage=STAGE, process=NAME or statement=ID; exact figures are withheld with any of them".into())
        }
        part => Ok(part),
    }
}

impl Showing {
    /// True where it was said what is shown.
    pub fn is_given(&self) -> bool {
        !self.show.is_empty() || !self.withhold.is_empty()
    }

    /// What that comes to.
    pub fn disclosure(&self, context: &Context) -> Disclosure {
        match (self.show.as_slice(), self.withhold.as_slice()) {
            ([], []) => {
                let known = context.project.as_ref().map(|project| project.show.as_slice());
                Disclosure::only(known.unwrap_or_default())
            }
            ([], withheld) => Disclosure::except(withheld),
            (shown, _) => Disclosure::only(shown),
        }
    }
}
