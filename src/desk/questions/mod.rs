//! Questions: what a ledger answers without being changed, one file a question. Each is a function
//! that returns a `Serialize` report, the
//! same for the command, a server and a desk. Nothing here is printed, signed or appended.

mod breakdown;
mod check;
mod compare;
mod difference;
mod edits;
mod factors;
mod footprint;
mod history;
mod list;
mod log;
mod log_error;
mod named;
mod overview;
mod product;
mod products;
mod statement;
mod status;
mod target;
mod trace;
mod uncertainty;
mod verify;
mod views;
mod what_if;

use pcf_ledger::model::Instant;

pub use breakdown::{Groups, groups, network, network_csv};
pub use check::{CheckAsked, CheckReport, Looked, Rule, check};
pub use compare::{Comparison, FlowPair, PeriodsCompared, ProductSide, ProductsCompared, compare};
pub use difference::{Compared, Published, publications};
pub use edits::Edit;
pub use factors::{FactorLine, FactorList, LibraryFactor, factors, library_factor};
pub use footprint::{Answer, Asked, footprint};
pub use history::{History, Said, history};
pub use list::{
    Filter, PublicationLine, PublicationList, StatementLine, StatementList, SubmissionLine, SubmissionList,
    publications_held, statements, submissions,
};
pub use log::{Consistency, LogReport, Submission, consistency, log};
pub use log_error::LogQuestionError;
pub use named::{Starts, named_footprint, named_statement};
pub use overview::{Overview, OverviewLine, overview};
pub use product::product;
pub use products::{ProcessLine, ProductList, ProductReport, product_report, products};
pub use statement::{PlaceOf, PlaceReport, StatementReport, path_of, place, statement, statement_id};
pub use status::{ProductStatus, PublishedState, PublishedStatus, Status, StatusAsked, status};
pub use target::{ProductYear, ProductYears, TargetAsked, TargetReport, target};
pub use trace::{FlowTrace, TracedFlow, Tracing, flows};
pub use uncertainty::{Against, Drawn, SpreadAsked, SpreadReport};
pub use verify::{ProofAnswer, ProofAnswers, verify};
pub use views::{Credit, Main};
pub use what_if::{Trial, Tried, what_if};

/// The time that a seal claims; none where it is beyond the range of an [`Instant`].
fn claimed_time(signed_at_s: u64) -> Option<Instant> {
    i64::try_from(signed_at_s).ok().and_then(|seconds| Instant::from_unix_s(seconds).ok())
}
