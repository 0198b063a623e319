//! What the command tells its user when something did not work: kind (the exit code), cause, and a hint that can be typed. Every error of the
//! library becomes one of these here and nowhere else.

mod desk;

use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

use pcf_files::ExchangeError;
use pcf_ledger::admission::Refusal;
use pcf_ledger::calc::target::TargetError;
use pcf_ledger::calc::{CalcError, CalcErrors, FlowProblem};
use pcf_ledger::codec::CodecError;
use pcf_ledger::keyfile::KeyFileError;
use pcf_ledger::ledger::LedgerError;
use pcf_ledger::log::LogError;
use pcf_ledger::merkle::MerkleError;
use pcf_ledger::model::ValueError;
use pcf_ledger::pact::export::{ExportError, STANDARDS_FIELD};
use pcf_ledger::proof::BundleError;
use pcf_ledger::publish::PublishError;
use pcf_ledger::sign::SignError;
use pcf_ledger::store::{AppendError, StoreError, reason};
use pcf_pages::PageError;

use crate::context::Context;
use crate::hints::{self, Years, same_command};

/// How a verb ended that could be carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done, or verified: exit code 0.
    Done,
    /// Checked, and the answer is no; the report says why: exit code 1.
    No,
}

/// Which exit code an error has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Checked, and the answer is no: 1.
    No,
    /// Wrong usage: 2.
    Usage,
    /// Could not be carried out: 3.
    Failed,
}

/// An error as its reader sees it.
#[derive(Debug)]
pub struct CliError {
    kind: Kind,
    cause: String,
    hint: Option<String>,
}

impl CliError {
    /// Checked, and the answer is no.
    pub fn no(cause: impl Display) -> Self {
        Self { kind: Kind::No, cause: cause.to_string(), hint: None }
    }

    /// Wrong usage.
    pub fn usage(cause: impl Display) -> Self {
        Self { kind: Kind::Usage, cause: cause.to_string(), hint: None }
    }

    /// Could not be carried out.
    pub fn failed(cause: impl Display) -> Self {
        Self { kind: Kind::Failed, cause: cause.to_string(), hint: None }
    }

    /// With a command that helps, in place of an earlier one.
    pub fn hint(mut self, command: impl Display) -> Self {
        self.hint = Some(command.to_string());
        self
    }

    /// With the place or circumstance in front of the cause.
    pub fn within(mut self, place: impl Display) -> Self {
        self.cause = format!("{place}: {}", self.cause);
        self
    }

    /// A failed system call on a file.
    pub fn io(action: &str, path: &Path, error: &std::io::Error) -> Self {
        Self::failed(format!("cannot {action} {}: {}", path.display(), reason(error)))
    }

    /// Writes `error: …` and `hint: …` to standard error.
    pub fn print(&self, context: &Context) {
        let hint = self.hint.as_deref().map(|hint| hints::fill(&dated(hint, context), context));
        context.output.error(&without_os_error(&self.cause), hint.as_deref());
    }

    /// The exit code of its kind.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self.kind {
            Kind::No => 1,
            Kind::Usage => 2,
            Kind::Failed => 3,
        })
    }
}

impl From<LedgerError> for CliError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Refused(refusal) => Self::from(refusal).within("refused"),
            LedgerError::Store(error) => error.into(),
            LedgerError::Append(error) => error.into(),
            LedgerError::Sign(error) => error.into(),
            LedgerError::NoStatement { .. } | LedgerError::NoSubmission { .. } => {
                Self::no(error).hint("pcf log show")
            }
            LedgerError::Redacted { by: Some(by), .. } => {
                let hint = format!("pcf log statement {by}");
                Self::no(error).hint(hint)
            }
            LedgerError::Redacted { by: None, .. } => Self::no(error).hint("pcf audit"),
            LedgerError::SubmissionFile { .. } => Self::no(error)
                .hint("pcf sign FILE… --by ACTOR --sign-with KEY --ledger-id ID --out FILE.pcfs"),
            LedgerError::NotLogKey { .. } => {
                Self::usage(error).hint("pcf log checkpoint --sign-with log.pem")
            }
            LedgerError::Fork { .. } | LedgerError::Damaged { .. } => Self::failed(error).hint("pcf audit"),
            LedgerError::Lookup(ref lookup) => {
                let damaged = matches!(lookup.cause().downcast_ref(), Some(StoreError::Damaged { .. }));
                let failed = Self::failed(error);
                if damaged { failed.hint("pcf audit") } else { failed }
            }
            LedgerError::Codec(_) => Self::no(error),
            _ => Self::failed(error),
        }
    }
}

impl From<Refusal> for CliError {
    fn from(refusal: Refusal) -> Self {
        let hint = hint_for(&refusal);
        Self { kind: Kind::No, cause: refusal.to_string(), hint }
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        let hint = match &error {
            // There is one, and its `ledger.toml` is lost: another one is no help.
            StoreError::NoLedger { hint, .. } if !hint.is_empty() => None,
            StoreError::NoLedger { dir, .. } => Some(match hints::only_ledger_below(dir) {
                Some(ledger) => hints::same_command_with("--ledger", &ledger.to_string_lossy()),
                None => format!("pcf init {} --origin NAME", hints::path(dir)),
            }),
            StoreError::AlreadyThere { dir, .. } => {
                Some(format!("pcf --ledger {} log show", hints::path(dir)))
            }
            StoreError::Locked { file, .. } => {
                let dir = hints::path(file.parent().unwrap_or(Path::new(".")));
                Some(format!("pcf --ledger {dir} log show   (reading works beside a writer)"))
            }
            StoreError::Damaged { .. } | StoreError::OtherLedger { .. } => Some("pcf audit".into()),
            _ => None,
        };
        Self { kind: Kind::Failed, cause: error.to_string(), hint }
    }
}

impl From<AppendError> for CliError {
    fn from(error: AppendError) -> Self {
        match error {
            // Nothing was written, and the sentence says what to do.
            AppendError::Refused(_) => Self::failed(error),
            _ => Self::failed(error).hint("pcf log show"),
        }
    }
}

impl From<SignError> for CliError {
    fn from(error: SignError) -> Self {
        match &error {
            SignError::PassphraseMissing | SignError::WrongPassphrase => {
                Self::failed(error).hint(format!("PCF_PASSPHRASE_FILE=passphrase.txt {}", same_command()))
            }
            _ => Self::no(error),
        }
    }
}

impl From<KeyFileError> for CliError {
    fn from(error: KeyFileError) -> Self {
        match error {
            KeyFileError::Sign(error) => error.into(),
            KeyFileError::File { ref path, ref source, .. }
                if source.kind() == std::io::ErrorKind::NotFound =>
            {
                let hint = format!("pcf key new {}", hints::path(path));
                Self::failed(error).hint(hint)
            }
            _ => Self::failed(error),
        }
    }
}

impl From<CalcErrors> for CliError {
    fn from(errors: CalcErrors) -> Self {
        let missing = errors.errors().iter().filter_map(|error| match error {
            CalcError::Flow { problem: FlowProblem::UnknownFactor { factor }, .. } => Some(factor.as_str()),
            _ => None,
        });
        if let Some(hint) = hints::factors_of_library(missing) {
            return Self::no(errors).hint(hint);
        }
        let hint = errors.errors().iter().find_map(|error| match error {
            CalcError::Flow { problem: FlowProblem::UnknownFactor { .. }, .. } => {
                Some("pcf factor add factors.csv --sign-with KEY".into())
            }
            CalcError::OverlappingPeriods { .. } => Some("pcf check".into()),
            CalcError::Redacted { .. } => Some("pcf record activities.csv --correct --sign-with KEY".into()),
            CalcError::RedactedMaterial { .. }
            | CalcError::Flow { problem: FlowProblem::RedactedFactor { .. }, .. } => {
                Some("pcf factor add factors.csv --correct --sign-with KEY".into())
            }
            CalcError::Flow { problem: FlowProblem::RedactedFootprint { .. }, .. } => {
                Some("pcf supplier add FILE.json --correct --sign-with KEY".into())
            }
            CalcError::NoData { .. } => Some("pcf template activities.csv --kind activities".into()),
            CalcError::PartialPeriod { statement, split_at, .. } if !split_at.is_empty() => {
                Some(hints::withdraw_to_split(statement))
            }
            CalcError::PartialPeriod { statement, .. }
            | CalcError::OutputUnit { statement, .. }
            | CalcError::Flow { statement, .. } => Some(format!("pcf log statement {statement}")),
            _ => None,
        });
        Self::no(errors).hint(hint.unwrap_or_else(|| "pcf check".into()))
    }
}

impl From<PublishError> for CliError {
    fn from(error: PublishError) -> Self {
        match error {
            PublishError::Calc(errors) => errors.into(),
            PublishError::Ledger(error) => error.into(),
            PublishError::UnknownProduct { .. } | PublishError::UnknownPublication { .. } => {
                Self::no(error).hint("pcf product list")
            }
            PublishError::Withdrawn { .. } | PublishError::Estimate { .. } => Self::no(error),
            PublishError::Accepted { .. } => Self::no(error).hint("pcf check"),
            PublishError::NotCovered { .. } => Self::no(error).hint("pcf log checkpoint --sign-with log.pem"),
            // A standard is named when it is published: no file of the product mends that.
            PublishError::Pact(ExportError::Missing { fields })
                if fields.iter().all(|missing| missing.field == STANDARDS_FIELD) =>
            {
                Self::no(PublishError::Pact(ExportError::Missing { fields }))
            }
            PublishError::Pact(_) => {
                Self::no(error).hint("pcf product add products.csv --correct --sign-with KEY")
            }
            _ => Self::failed(error),
        }
    }
}

impl From<PageError> for CliError {
    fn from(error: PageError) -> Self {
        Self::failed(error)
    }
}

impl From<TargetError> for CliError {
    fn from(error: TargetError) -> Self {
        let hint = match &error {
            TargetError::NoBaseYear { .. } => "pcf template years.csv --kind years".to_owned(),
            TargetError::Straddles { statement, .. } => format!("pcf log statement {statement}"),
            _ => "pcf target --help".to_owned(),
        };
        Self::no(error).hint(hint)
    }
}

impl From<BundleError> for CliError {
    fn from(error: BundleError) -> Self {
        Self::no(error)
    }
}

impl From<LogError> for CliError {
    fn from(error: LogError) -> Self {
        Self::no(error)
    }
}

impl From<MerkleError> for CliError {
    fn from(error: MerkleError) -> Self {
        Self::no(error)
    }
}

impl From<CodecError> for CliError {
    fn from(error: CodecError) -> Self {
        Self::no(error)
    }
}

impl From<ExchangeError> for CliError {
    fn from(error: ExchangeError) -> Self {
        if matches!(error, ExchangeError::File { .. }) { Self::failed(error) } else { Self::no(error) }
    }
}

impl From<ValueError> for CliError {
    fn from(error: ValueError) -> Self {
        Self::no(error)
    }
}

/// The hint with years that are accepted today; as it is where the clock cannot be read.
fn dated(hint: &str, context: &Context) -> String {
    context.now().map_or_else(|_| hint.to_owned(), |now| Years::of(now.date()).example(hint))
}

/// The sentence without the numbers of the system's errors, which tell a reader nothing: `No such file or directory (os error 2)`.
fn without_os_error(cause: &str) -> String {
    let mut text = cause.to_owned();
    while let Some(start) = text.find(" (os error ") {
        let end = text.get(start..).and_then(|rest| rest.find(')')).map(|length| start + length + 1);
        let Some(end) = end else { break };
        text.replace_range(start..end, "");
    }
    text
}

/// A command that helps against a refusal.
fn hint_for(refusal: &Refusal) -> Option<String> {
    let operator = "--sign-with operator.pem";
    match refusal {
        Refusal::UnknownKey { key } => Some(format!(
            "pcf actor add ID --name NAME --key {key} --type activity --stage production {operator}"
        )),
        Refusal::RevokedKey { actor, .. } if actor.is_reserved() => Some("pcf authority show".into()),
        Refusal::RevokedKey { actor, .. } => Some(format!("pcf actor show {actor}")),
        Refusal::Recorded { live, .. } => {
            Some(format!("pcf withdraw {live} --reason 'not the supplier’s document' {operator}"))
        }
        Refusal::NoRight { actor, .. } if actor.is_reserved() => Some("pcf actor list".into()),
        Refusal::NoRight { actor, kind } => Some(format!("pcf actor add {actor} --type {kind} {operator}")),
        Refusal::NoStage { actor, stage } => {
            Some(format!("pcf actor add {actor} --stage {stage} {operator}"))
        }
        Refusal::NoProduct { actor, product } => {
            Some(format!("pcf actor add {actor} --product {product} {operator}"))
        }
        Refusal::NoProcess { product, .. } => Some(format!("pcf product show {product}")),
        Refusal::UnknownProduct { .. } => Some("pcf product add products.csv --sign-with KEY".into()),
        Refusal::Owned { owner, .. } => Some(format!("pcf actor show {owner}")),
        Refusal::StillLive { live, .. } => Some(format!("pcf log statement {live}")),
        Refusal::Target { target, .. } => Some(format!("pcf log statement {target}")),
        Refusal::Duplicate { id, .. } => Some(format!("pcf log statement {id}")),
        _ => None,
    }
}
