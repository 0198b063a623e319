//! The errors of the desk: the sentence is the desk's, exit code and hint are given here.

use std::path::PathBuf;

use pcf_desk::import::{AheadError, RefusedFiles, SplitError};
use pcf_desk::project::ProjectError;
use pcf_desk::questions::LogQuestionError;
use pcf_desk::submit::CompletingError;
use pcf_desk::withdraw::UndoError;
use pcf_desk::{AskError, DeskError};
use pcf_ledger::ledger::LedgerError;
use pcf_ledger::log::LogError;

use super::{CliError, Kind, hint_for};
use crate::hints::{self, same_command};

impl From<DeskError> for CliError {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Bundle(error) => error.into(),
            DeskError::Calc(error) => error.into(),
            DeskError::Codec(error) => error.into(),
            DeskError::Exchange(error) => error.into(),
            DeskError::KeyFile(error) => error.into(),
            DeskError::Ledger(error) => error.into(),
            DeskError::Log(error) => error.into(),
            DeskError::Merkle(error) => error.into(),
            DeskError::Page(error) => error.into(),
            DeskError::Publish(error) => error.into(),
            DeskError::Target(error) => error.into(),
            DeskError::Value(error) => error.into(),
            DeskError::KeptPolicy(error) => Self::from(error).within("the kept policy"),
            DeskError::Unwitnessed(error) => unwitnessed(error),
            DeskError::Unpublished(error) => Self::from(*error)
                .within("recorded and not published: no document was written")
                .hint("pcf log cosign"),
            DeskError::Unheard(error) => Self::failed(format!("cannot write to standard output: {error}")),
            DeskError::Files(files) => refused_files(&files),
            DeskError::Project(error) => project(error),
            DeskError::Undo(error) => undo(error),
            DeskError::Ask(error) => ask(error),
            own => Self { kind: kind(&own), hint: hint(&own), cause: own.to_string() },
        }
    }
}

impl From<LogQuestionError> for CliError {
    fn from(error: LogQuestionError) -> Self {
        DeskError::from(error).into()
    }
}

/// The exit code of an error that the desk itself has found.
fn kind(error: &DeskError) -> Kind {
    match error {
        DeskError::AmbiguousProduct { .. }
        | DeskError::LogQuestion(LogQuestionError::AmbiguousStatement { .. })
        | DeskError::Index(_)
        | DeskError::LogQuestion(LogQuestionError::LogSize { .. })
        | DeskError::Name(_)
        | DeskError::NameMissing { .. }
        | DeskError::OriginIsAddress { .. }
        | DeskError::OtherSigner { .. }
        | DeskError::LogQuestion(LogQuestionError::StatementStart { .. })
        | DeskError::TwoProducts { .. }
        | DeskError::UnknownFactor { .. } => Kind::Usage,
        DeskError::ActorsTable { .. }
        | DeskError::AfterImport(_)
        | DeskError::AnotherDocument { .. }
        | DeskError::CutOff(_)
        | DeskError::Differs { .. }
        | DeskError::Document { .. }
        | DeskError::Encode { .. }
        | DeskError::FiguresDoNotFollow
        | DeskError::KeyNotInForce { .. }
        | DeskError::NoDraft { .. }
        | DeskError::NoProofCarried
        | DeskError::NoState
        | DeskError::NoTemplate { .. }
        | DeskError::LogQuestion(LogQuestionError::NoPolicy)
        | DeskError::LogQuestion(LogQuestionError::NoStatementStarts { .. })
        | DeskError::LogQuestion(LogQuestionError::NoSuchSize { .. })
        | DeskError::NotAProof { .. }
        | DeskError::NotAuthority { .. }
        | DeskError::NotInLibrary { .. }
        | DeskError::NotOperator { .. }
        | DeskError::LogQuestion(LogQuestionError::NotProvable { .. })
        | DeskError::LogQuestion(LogQuestionError::NothingSigned)
        | DeskError::OtherFootprint { .. }
        | DeskError::OtherOwner { .. }
        | DeskError::OtherType { .. }
        | DeskError::Pact(_)
        | DeskError::RecoveryAlone
        | DeskError::RedactedSince { .. }
        | DeskError::Refused { .. }
        | DeskError::Split(_)
        | DeskError::Ahead(AheadError::Stopped(_))
        | DeskError::StateRoot { .. }
        | DeskError::Twice(_)
        | DeskError::Unfounded { .. }
        | DeskError::UnknownActor { .. }
        | DeskError::UnknownProduct { .. }
        | DeskError::Completing(_)
        | DeskError::LogQuestion(LogQuestionError::UnknownStatement { .. }) => Kind::No,
        _ => Kind::Failed,
    }
}

/// A command that helps against it.
fn hint(error: &DeskError) -> Option<String> {
    Some(match error {
        DeskError::ActorsTable { .. } => "pcf actor import actors.csv --sign-with operator.pem".into(),
        DeskError::AmbiguousProduct { .. }
        | DeskError::TwoProducts { .. }
        | DeskError::UnknownProduct { .. } => "pcf product list".into(),
        DeskError::Completing(CompletingError::ProductUnseen { .. }) => {
            hints::same_command_with("--products", "products.jsonl")
        }
        DeskError::LogQuestion(LogQuestionError::AmbiguousStatement { first, .. }) => {
            format!("pcf log statement {first}")
        }
        DeskError::Differs { lacking: Some(live), .. } => format!("pcf log statement {live}"),
        DeskError::AnotherDocument { .. } | DeskError::Differs { lacking: None, .. } => {
            format!("{} --correct", same_command())
        }
        DeskError::Clock => "date".into(),
        DeskError::FiguresDoNotFollow
        | DeskError::IllMade(_)
        | DeskError::StateRoot { .. }
        | DeskError::Unfounded { .. } => "pcf audit".into(),
        DeskError::KeyNotInForce { actor, .. } | DeskError::OtherSigner { actor, .. } => {
            format!("pcf actor show {actor}")
        }
        DeskError::LogQuestion(LogQuestionError::LogSize { .. })
        | DeskError::LogQuestion(LogQuestionError::NoStatementStarts { .. })
        | DeskError::LogQuestion(LogQuestionError::NoSuchSize { .. })
        | DeskError::LogQuestion(LogQuestionError::StatementStart { .. })
        | DeskError::LogQuestion(LogQuestionError::UnknownStatement { .. }) => "pcf log show".into(),
        DeskError::NameMissing { .. } => format!("{} --name NAME", same_command()),
        DeskError::NoDraft { product } => format!(
            "pcf publish {product} --draft --period YEAR --valid-until UNTIL --sign-with KEY --log-key KEY"
        ),
        DeskError::LogQuestion(LogQuestionError::NoPolicy) => "pcf log policy FILE".into(),
        DeskError::NoState => "pcf log state --sign-with operator.pem".into(),
        DeskError::NotInLibrary { near: Some((near, _)), .. } => {
            format!("pcf factor use {near} --sign-with KEY")
        }
        DeskError::NotInLibrary { id, near: None } => {
            format!("pcf factor search {}", hints::quoted(id.rsplit('.').next().unwrap_or(id)))
        }
        DeskError::NotOperator { .. } => "pcf authority show".into(),
        DeskError::LogQuestion(LogQuestionError::NothingSigned) => {
            "pcf log checkpoint --sign-with log.pem".into()
        }
        DeskError::LogQuestion(LogQuestionError::NotProvable { .. }) => {
            "pcf log checkpoint --sign-with my-ledger-keys/log.pem".into()
        }
        DeskError::OtherFootprint { got, .. } => format!("pcf prove {got}"),
        DeskError::OtherType { place, .. } => {
            format!("pcf record {} --sign-with KEY", hints::quoted(&place.file))
        }
        DeskError::RedactedSince { footprint, .. } => {
            format!("pcf prove {footprint} --earlier FILE.pcfproof")
        }
        DeskError::Refused { refusal, .. } => return hint_for(refusal),
        DeskError::Split(SplitError::WholeStands { first, .. }) => hints::withdraw_to_split(first),
        DeskError::Split(SplitError::PartsStand { first, .. }) => {
            format!("pcf withdraw {first} --reason 'recorded anew' --sign-with KEY")
        }
        DeskError::UnknownActor { .. } => "pcf actor list".into(),
        DeskError::UnknownFactor { .. } => "pcf factor search electricity --country CN".into(),
        _ => return None,
    })
}

/// What a question lacks.
fn ask(error: AskError) -> CliError {
    match error {
        AskError::NoProduct => CliError::usage(error).hint(hints::same_command_with("--product", "PRODUCT")),
        AskError::NoPeriod { .. } => {
            CliError::usage(error).hint(hints::same_command_with("--period", "2025"))
        }
        _ => CliError::no(error).hint("pcf trace PRODUCT --top 25"),
    }
}

/// Why a submission cannot be undone.
fn undo(error: UndoError) -> CliError {
    match error {
        UndoError::Publishes { ref footprint, .. } => {
            let hint = format!("pcf withdraw {footprint} --reason 'published by mistake' --sign-with KEY");
            CliError::no(error).hint(hint)
        }
        UndoError::Unknown { .. } => CliError::usage(error).hint("pcf list submissions"),
        _ => CliError::no(error).hint("pcf list submissions"),
    }
}

/// What is wrong with a project.
fn project(error: ProjectError) -> CliError {
    match error {
        ProjectError::Unread { .. } => CliError::failed(error).hint("pcf guide project"),
        ProjectError::There { .. } => CliError::failed(error).hint("pcf status"),
        ProjectError::Domain { .. } => {
            CliError::usage(error).hint(hints::same_command_with("--domain", "acme.example"))
        }
        ProjectError::Actor { .. } => {
            CliError::usage(error).hint(hints::same_command_with("--actor", "acme"))
        }
        _ => CliError::failed(error),
    }
}

/// What stands in the way of a cosignature.
fn unwitnessed(error: LedgerError) -> CliError {
    match error {
        LedgerError::Log(error @ (LogError::WitnessAhead { .. } | LogError::WitnessDisagrees { .. })) => {
            CliError::failed(error).hint("pcf log show")
        }
        LedgerError::Log(error) => CliError::failed(error).hint("pcf log policy"),
        other => other.into(),
    }
}

/// What is wrong with files, and an example where one helps.
fn refused_files(refused: &RefusedFiles) -> CliError {
    let error = if refused.unread { CliError::failed(refused) } else { CliError::no(refused) };
    let is = |file: &PathBuf, kind: &str| file.extension().is_some_and(|e| e.eq_ignore_ascii_case(kind));
    let kind = ["csv", "xlsx"].into_iter().find(|kind| refused.files.iter().any(|file| is(file, kind)));
    // The name of a file that is not there yet can be typed as it is.
    let absent = refused.files.iter().find(|file| !file.exists());
    match (kind, absent) {
        (_, Some(file)) if let Some(meant) = hints::same_command_with_file(file) => error.hint(meant),
        (Some(_), Some(file)) => error.hint(format!("pcf template {}", hints::path(file))),
        (Some(kind), None) if refused.untold => error.hint(format!("pcf template example.{kind}")),
        _ => error,
    }
}
