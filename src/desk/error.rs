//! Why a verb could not be carried out.

use pcf_files::ExchangeError;
use pcf_ledger::calc::CalcErrors;
use pcf_ledger::calc::target::TargetError;
use pcf_ledger::codec::CodecError;
use pcf_ledger::ledger::LedgerError;
use pcf_ledger::log::LogError;
use pcf_ledger::merkle::MerkleError;
use pcf_ledger::model::{FactorId, FootprintId, ProductId, StatementId, ValueError};
use pcf_ledger::pact::PactError;
use pcf_ledger::proof::BundleError;
use pcf_ledger::publish::PublishError;
use pcf_pages::PageError;

/// Why a verb could not be carried out. A variant with a source wraps the error of the crate that found it and adds nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeskError {
    /// The figures could not be calculated.
    #[error(transparent)]
    Calc(#[from] CalcErrors),
    /// Bytes that are not what they should be.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// The ledger could not be read or written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The page could not be written.
    #[error(transparent)]
    Page(#[from] PageError),
    /// The publication is not there, or could not be made.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// A value is out of range.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// A file could not be read, or is not what it should be.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
    /// A target cannot be judged.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// No product of the ledger has this id or name.
    #[error(
        "no product `{text}` in this ledger, neither as an id nor as a name{}",
        .near.as_ref().map(|near| format!("; did you mean {near}?")).unwrap_or_default()
    )]
    UnknownProduct {
        /// What was asked for.
        text: String,
        /// Name and id of the product that differs least, where one is near.
        near: Option<String>,
    },
    /// Several products of the ledger have this name.
    #[error("{count} products are named `{name}`; name one by its id")]
    AmbiguousProduct {
        /// The name.
        name: String,
        /// How many have it.
        count: usize,
    },
    /// The log was never as long as what is asked about.
    #[error("expected a log size of at most {size}, got {got}")]
    LogSize {
        /// The log's size.
        size: u64,
        /// What was asked about.
        got: u64,
    },
    /// Published figures differ from those that the statements give, so that their difference has no explanation.
    #[error("the figures of {footprint} do not follow from the statements; nothing is explained")]
    Unfounded {
        /// The publication.
        footprint: FootprintId,
    },
    /// Two publications are of two products.
    #[error("expected two publications of one product, got {first} and {second}")]
    TwoProducts {
        /// The product of the earlier one.
        first: ProductId,
        /// The product of the later one.
        second: ProductId,
    },
    /// A proof cannot be read.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// A PACT document cannot be read.
    #[error(transparent)]
    Pact(#[from] PactError),
    /// A file is something else than a proof.
    #[error("expected a footprint proof (a file that ends in .pcfproof), got {got}")]
    NotAProof {
        /// What it is.
        got: &'static str,
    },
    /// A proof ends before its end.
    #[error("the file is cut off after {length} bytes; ask for it once more")]
    CutOff {
        /// How many bytes there are.
        length: usize,
    },
    /// A PACT document has no proof in it.
    #[error("this PACT file carries no proof; ask its sender for the .pcfproof")]
    NoProofCarried,
    /// No factor of the ledger has this id.
    #[error("no factor `{factor}` in this ledger")]
    UnknownFactor {
        /// The id.
        factor: FactorId,
    },
    /// A place in a tree cannot be proven.
    #[error(transparent)]
    Merkle(#[from] MerkleError),
    /// A checkpoint or a proof cannot be made or read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// A statement's text is no JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// No checkpoint is there yet.
    #[error("no checkpoint of this log is signed yet")]
    NothingSigned,
    /// The log never had this size.
    #[error("the log has {size} submissions, and none of its sizes is {got}")]
    NoSuchSize {
        /// The log's size.
        size: u64,
        /// What was asked about.
        got: u64,
    },
    /// The newest signed checkpoint does not cover a submission.
    #[error(
        "durable and not yet provable: the submission stands at index {index}, and the newest signed checkpoint covers \
         {covered}"
    )]
    NotProvable {
        /// The submission's index.
        index: u64,
        /// How many submissions the checkpoint covers.
        covered: u64,
    },
    /// No statement has this id.
    #[error("no statement {id} is in this ledger")]
    UnknownStatement {
        /// The id.
        id: StatementId,
    },
    /// A text is no statement's id and too short or not hex for the beginning of one.
    #[error("expected a statement id or at least its first 6 hex digits, got `{got}`")]
    StatementStart {
        /// The text.
        got: String,
    },
    /// No statement's id begins so.
    #[error("no statement's id begins with {start}")]
    NoStatementStarts {
        /// The beginning.
        start: String,
    },
    /// Several statements' ids begin so.
    #[error("several ids begin with {start}")]
    AmbiguousStatement {
        /// The beginning.
        start: String,
        /// The first of them in the log.
        first: StatementId,
    },
}
