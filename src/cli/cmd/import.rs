//! `pcf import`: files of any kind, shown first, then signed and appended.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use pcf_desk::import::{self, AnyFile, Options, Signer, Signers, Whole};
use pcf_ledger::model::{ActorId, Date, Period};
use pcf_ledger::sign::SigningKey;

use crate::context::{Context, approved};
use crate::error::{CliError, Outcome};
use crate::hints::same_command;
use crate::importing::{self, completed, inputs};
use crate::keys::{self, Role, Signing};
use crate::output::Format;

/// Takes in files: workbooks and CSV of any table, a supplier's PACT file, an openLCA package,
/// statements as JSON lines
///
/// Each file is recognised by its content. Shows what would be appended, all problems, the footprints
/// before and after, and what `pcf check` finds; asks; signs and appends. Factors that flows name and
/// that the shipped library holds are taken in too. Rows equal to a live statement are skipped.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  pcf import company.xlsx cap.json\n  pcf import power-2025Q1.csv --yes\n  \
    pcf import corrected.xlsx --correct\n  pcf import uslci.zip --period 2017 --dry-run\n\n\
    JSON: {files: [{file, is}], actors?: as of `pcf record`, statements?: as of `pcf record`}\n\n\
    With --dry-run the exit code is 1 where a finding about these files should be looked at, and where nobody approves."
)]
pub struct Args {
    /// Workbooks (XLSX), CSV, PACT files, openLCA packages (zip or folder), JSON lines
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    signing: Signing,
    /// Does not show and ask before it appends
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
    /// The period of an openLCA package, and of an export whose mapping names no columns of days
    /// [default: that of pcf.toml]
    #[arg(long, value_name = "PERIOD", value_parser = pcf_desk::periods::read)]
    period: Option<Period>,
    /// Splits each activity whose days lie before and from this day into two statements, in
    /// proportion to the days. May be repeated
    #[arg(long, value_name = "DAY")]
    split_at: Vec<Date>,
    /// Withdraws activities that were recorded together with some of these rows and are not among
    /// them
    #[arg(long, requires = "correct")]
    withdraw_missing: bool,
    /// Takes no factor from the shipped library
    #[arg(long)]
    no_library: bool,
    /// Lets flows that name an earlier footprint of a supplier name the one that follows it
    #[arg(long)]
    follow: bool,
    /// Takes in a supplier's document whose totals are not the sum of their parts
    #[arg(long)]
    as_it_is: bool,
    #[command(flatten)]
    options: importing::Options,
}

/// Shows, asks and imports.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let known = context.project.as_ref().and_then(|project| project.period);
    let any = AnyFile {
        adopt: !args.no_library,
        follow: args.follow,
        as_it_is: args.as_it_is,
        period_in_use: known,
    };
    let mut options = Options {
        withdraw_missing: args.withdraw_missing,
        period: args.period,
        split_at: args.split_at.clone(),
        ..args.options.of_desk(context)
    };
    options.correct |= args.follow;
    let asks = !args.yes && !options.dry_run;
    if asks && (!std::io::stdin().is_terminal() || context.output.format == Format::Json) {
        let cause = "what would be appended is to be approved, and there is nobody to ask";
        return Err(CliError::usage(cause).hint(format!("{} --yes", same_command())));
    }
    let (key, operator) = (args.signing.key(context)?, operator(context)?);
    let mut ledger = context.open_ledger()?;
    let by = args.signing.actor(context, ledger.book(), &key)?;
    let operator_id = ActorId::operator();
    let operator = operator.as_ref().map(|key| Signer { key, by: &operator_id });
    let signers = Signers { signer: Signer { key: &key, by: &by }, operator };
    let files = inputs(&args.files);
    if asks {
        options.dry_run = true;
        let (whole, back) = import::import(context, ledger, signers, &files, (&options, any))?;
        (ledger, options.dry_run) = (back, false);
        let count = whole.recorded();
        shown(context, whole)?;
        if count == 0 {
            return Ok(Outcome::Done);
        }
        if !approved(count)? {
            context.output.note("nothing was appended");
            return Ok(Outcome::No);
        }
        context.approve();
    }
    let (whole, _) = import::import(context, ledger, signers, &files, (&options, any))?;
    let weighs = whole.weighs();
    shown(context, whole)?;
    Ok(if weighs { Outcome::No } else { Outcome::Done })
}

/// The operator's key where the project names one that is here: files may name actors.
fn operator(context: &Context) -> Result<Option<SigningKey>, CliError> {
    let file = keys::at_hand(context, Role::Operator);
    file.map(|file| keys::load(context, &file)).transpose()
}

fn shown(context: &Context, mut whole: Whole) -> Result<(), CliError> {
    whole.parts_mut().for_each(|part| completed(part, context));
    context.output.report(&whole)
}
