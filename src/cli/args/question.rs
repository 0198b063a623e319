//! What is asked of a calculation: the arguments that `footprint`, `trace` and `publish` share.

use pcf_desk::periods;
use pcf_ledger::calc::Request;
use pcf_ledger::model::{Boundary, GwpSet, Period, Text};

use crate::context::Context;
use crate::error::CliError;
use crate::hints::same_command_with;

/// Which footprint is meant.
#[derive(Debug, clap::Args)]
pub struct Question {
    /// The period asked for: 2025, 2025Q1, 2025-03, 2025-03..2025-09 (both whole), or days
    /// START..END with END the first day after it [default: that of pcf.toml]
    #[arg(long, value_name = "PERIOD", value_parser = periods::read)]
    pub period: Option<Period>,
    /// How far: cradle-to-gate or cradle-to-grave; left out, as the product's statement says
    #[arg(long, value_name = "BOUNDARY")]
    pub boundary: Option<Boundary>,
    /// One scenario of use and recycling beside the statements that name none
    #[arg(long, value_name = "NAME")]
    pub scenario: Option<Text>,
    /// Only this batch of the product
    #[arg(long, value_name = "BATCH")]
    pub batch: Option<Text>,
    /// The GWP set that gases are characterised with: SAR, TAR, AR4, AR5, AR6 or AR6-SF6-24300
    #[arg(long, value_name = "SET", default_value = "AR6")]
    pub gwp: GwpSet,
    /// The value of SF6 under AR6, on which two authorities differ: 25200 (IPCC table 7.SM.7) or 24300 (GHG Protocol 2024)
    #[arg(long, value_name = "GWP", value_parser = ["25200", "24300"])]
    pub sf6: Option<String>,
}

impl Question {
    /// The request that the library answers.
    ///
    /// # Errors
    /// No period is known; a value of SF6 with a set that leaves no choice of it.
    pub fn request(&self, context: &Context) -> Result<Request, CliError> {
        self.request_in(period(self.period, context)?)
    }

    /// The same of another period.
    ///
    /// # Errors
    /// A value of SF6 with a set that leaves no choice of it.
    pub fn request_in(&self, period: Period) -> Result<Request, CliError> {
        let gwp = match (self.gwp, self.sf6.as_deref()) {
            (set, None) | (set @ GwpSet::Ar6, Some("25200")) => set,
            (GwpSet::Ar6 | GwpSet::Ar6GhgProtocolSf6, Some("24300")) => GwpSet::Ar6GhgProtocolSf6,
            (set, Some(value)) => {
                let cause = format!(
                    "--sf6 {value} does not go with --gwp {set}: only AR6 leaves the value of SF6 open"
                );
                return Err(CliError::usage(cause).hint("pcf footprint --help"));
            }
        };
        Ok(Request {
            period,
            boundary: self.boundary,
            scenario: self.scenario.clone(),
            batch: self.batch.clone(),
            gwp,
        })
    }
}

/// The period that was given, else the one that is in use here.
///
/// # Errors
/// Neither is known.
pub fn period(given: Option<Period>, context: &Context) -> Result<Period, CliError> {
    let known = || context.project.as_ref().and_then(|project| project.period);
    given.or_else(known).ok_or_else(|| {
        let cause = "expected --period PERIOD, such as 2025, 2025Q1, 2025-03 or 2025-03..2025-09";
        CliError::usage(cause).hint(same_command_with("--period", "2025"))
    })
}
