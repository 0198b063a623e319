//! Why a verb could not be carried out.

mod ask;
mod spelt;

use std::io;
use std::path::PathBuf;

use pcf_files::ExchangeError;
use pcf_ledger::admission::{InventoryError, Refusal};
use pcf_ledger::calc::CalcErrors;
use pcf_ledger::calc::target::TargetError;
use pcf_ledger::codec::CodecError;
use pcf_ledger::keyfile::KeyFileError;
use pcf_ledger::ledger::LedgerError;
use pcf_ledger::log::LogError;
use pcf_ledger::merkle::MerkleError;
use pcf_ledger::model::{
    ActorId, Digest, FactorId, FootprintId, ProductId, PublicKey, StatementId, StatementKind, ValueError,
};
use pcf_ledger::pact::PactError;
use pcf_ledger::proof::BundleError;
use pcf_ledger::publish::PublishError;
use pcf_ledger::sign::SignError;
use pcf_ledger::store::reason;
use pcf_pages::PageError;

use crate::import::{AheadError, Place, RefusedFiles, SplitError};
use crate::project::ProjectError;
use crate::questions::LogQuestionError;
use crate::submit::CompletingError;
use crate::withdraw::UndoError;
use spelt::{another, meant};

pub use ask::AskError;

/// Why a verb could not be carried out; a variant that wraps another error says nothing itself.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeskError {
    /// What an import causes stops it.
    #[error(transparent)]
    Ahead(#[from] AheadError),
    /// A project cannot be read or begun.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// A submission cannot be undone.
    #[error(transparent)]
    Undo(#[from] UndoError),
    /// A question lacks something.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// The figures could not be calculated.
    #[error(transparent)]
    Calc(#[from] CalcErrors),
    /// Bytes that are not what they should be.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// A file of another system could not be read.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
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
    /// A target cannot be judged.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// No product of the ledger has this id or name.
    #[error("no product `{text}` in this ledger, neither as an id nor as a name{}", meant(near.as_deref()))]
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
    /// Published figures differ from those that the statements give.
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
    #[error("the file is cut off after {0} bytes; ask for it once more")]
    CutOff(usize),
    /// A file's name ends like a format that no template has.
    #[error("{}: expected a name that ends in .xlsx, .csv or .toml, got .{extension}", .file.display())]
    NoTemplate {
        /// The file.
        file: PathBuf,
        /// How its name ends.
        extension: String,
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
    /// A question about the log has no answer.
    #[error(transparent)]
    LogQuestion(#[from] LogQuestionError),
    /// A place in a tree cannot be proven.
    #[error(transparent)]
    Merkle(#[from] MerkleError),
    /// A checkpoint or a proof cannot be made or read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// A statement's text is no JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// The clock of the caller is no use.
    #[error("the system's clock stands before 1970")]
    Clock,
    /// The caller has no randomness.
    #[error("the system gives no randomness: {0}")]
    Randomness(String),
    /// The caller could not pass on that a submission is durable.
    #[error("what became durable cannot be passed on: {0}")]
    Unheard(io::Error),
    /// A file could not be read or written.
    #[error("cannot {action} {}: {}", path.display(), reason(source))]
    File {
        /// What was tried: a verb.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Files that cannot be taken as they are.
    #[error("{0}")]
    Files(Box<RefusedFiles>),
    /// A statement of a type that another verb is for.
    #[error("{place}: expected a {expected}, got a statement of type `{got}`")]
    OtherType {
        /// Its file and row.
        place: Place,
        /// The type that the verb takes.
        expected: StatementKind,
        /// The type that it has.
        got: StatementKind,
    },
    /// A table of actors, which the operator enrols.
    #[error("{place}: actors are enrolled by the operator")]
    ActorsTable {
        /// The table.
        place: String,
    },
    /// The thread that reads files has panicked.
    #[error("reading stopped in a fault of this program")]
    ReaderStopped,
    /// A statement has no spelling.
    #[error("{place}: {source}")]
    Encode {
        /// Its file and row.
        place: Place,
        /// Why.
        source: CodecError,
    },
    /// The rules refuse a statement of an import; nothing was appended.
    #[error("{place}: {refusal}; nothing was appended")]
    Refused {
        /// Its file and row, where the refusal tells.
        place: String,
        /// Why.
        refusal: Refusal,
    },
    /// Rows say something else about what other rows, or other signers, have said.
    #[error("{0}")]
    Twice(String),
    /// Rows differ from live statements, and no correction was asked for.
    #[error("{sentences}")]
    Differs {
        /// One line a row.
        sentences: String,
        /// The first live production that states flows which its row lacks.
        lacking: Option<StatementId>,
    },
    /// Rows that cannot be split by days.
    #[error(transparent)]
    Split(#[from] SplitError),
    /// What would hold after an import could not be gathered.
    #[error("after this import: {0}")]
    AfterImport(Box<InventoryError<LedgerError>>),
    /// A key file could not be read or written.
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    /// A key file that was written anew does not hold the key.
    #[error("{} does not hold the key", path.display())]
    KeyLost {
        /// The new file.
        path: PathBuf,
    },
    /// The key belongs to another actor than the one that was named.
    #[error("the key {key} belongs to `{actor}`, but --by names `{by}`")]
    OtherSigner {
        /// The key.
        key: PublicKey,
        /// Its actor.
        actor: ActorId,
        /// The actor that was named.
        by: ActorId,
    },
    /// The key is not the operator's.
    #[error("only the operator says what holds, and this is the key of `{actor}`")]
    NotOperator {
        /// Its actor.
        actor: ActorId,
    },
    /// The product belongs to another actor.
    #[error("the product belongs to `{owner}`, and this is the key of `{signer}`")]
    OtherOwner {
        /// The product's owner.
        owner: ActorId,
        /// Who would have signed.
        signer: ActorId,
    },
    /// A submission of one statement has come back with another number of them.
    #[error("expected one statement in the submission")]
    NotOneStatement,
    /// The publication is in the log, and its documents could not be made.
    #[error("recorded and not published: no document was written: {0}")]
    Unpublished(Box<DeskError>),
    /// What is signed where there is no ledger cannot be completed.
    #[error(transparent)]
    Completing(#[from] CompletingError),
    /// The policy of witnesses that the ledger keeps cannot be read.
    #[error("the kept policy: {0}")]
    KeptPolicy(LedgerError),
    /// The witnesses do not agree, or too few of them.
    #[error(transparent)]
    Unwitnessed(LedgerError),
    /// A proof that was made fails its own verification.
    #[error("the proof does not verify, so nothing was written: {0}")]
    IllMade(String),
    /// The earlier proof is of another publication.
    #[error("expected a proof of {expected}, got one of {got}")]
    OtherFootprint {
        /// The publication asked for.
        expected: FootprintId,
        /// The publication of the proof.
        got: FootprintId,
    },
    /// A statement that the publication used was redacted since.
    #[error("{errors}")]
    RedactedSince {
        /// The publication.
        footprint: FootprintId,
        /// The redacted statements.
        errors: CalcErrors,
    },
    /// The figures of a publication do not follow, and the opinion on them is not adverse.
    #[error(
        "the figures do not follow from what held at the log size that they rest on; only an adverse opinion can be signed on them"
    )]
    FiguresDoNotFollow,
    /// No state was said yet.
    #[error("no state is in this ledger; its operator says what holds")]
    NoState,
    /// The newest state does not say what held.
    #[error("the state at log size {size}: expected the root {expected}, got {got}")]
    StateRoot {
        /// The size of the log that it speaks of.
        size: u64,
        /// The root over what held.
        expected: Digest,
        /// The root that it says.
        got: Digest,
    },
    /// The product has no draft.
    #[error("no draft of {product} is published yet")]
    NoDraft {
        /// The product.
        product: ProductId,
    },
    /// A supplier's document in the ledger cannot be read.
    #[error("{statement}: {source}")]
    Document {
        /// The statement that holds it.
        statement: StatementId,
        /// Why.
        source: PactError,
    },
    /// Another document of the same footprint is held, and no correction was asked for.
    #[error("{}", another(footprint, live, *redacted))]
    AnotherDocument {
        /// The footprint.
        footprint: FootprintId,
        /// The statement that holds the other document.
        live: StatementId,
        /// True where that document is redacted.
        redacted: bool,
    },
    /// A new actor needs a name.
    #[error("`{actor}` is new here and needs --name")]
    NameMissing {
        /// The actor.
        actor: ActorId,
    },
    /// No such actor.
    #[error("no actor `{actor}` is enrolled in this ledger")]
    UnknownActor {
        /// The actor asked for.
        actor: ActorId,
    },
    /// The key is not one of the actor's that count now.
    #[error("the key {key} is not one of `{actor}` in force")]
    KeyNotInForce {
        /// The key.
        key: PublicKey,
        /// The actor.
        actor: ActorId,
    },
    /// The key is neither the operator's nor the recovery key.
    #[error("the operator or recovery key replaces these, and this key belongs to `{actor}`")]
    NotAuthority {
        /// Its actor.
        actor: ActorId,
    },
    /// A new recovery key that the operator signs.
    #[error("a new recovery key is named by the recovery key itself, and this is the operator's")]
    RecoveryAlone,
    /// The directory holds a ledger already.
    #[error("{} holds a ledger already; nothing was changed", dir.display())]
    LedgerThere {
        /// The directory.
        dir: PathBuf,
    },
    /// A key file is there already.
    #[error("the key file {} is there already; nothing was changed", file.display())]
    KeyThere {
        /// The file.
        file: PathBuf,
    },
    /// A log's name that begins like an address.
    #[error("the origin is a name and no address: leave out what stands before ://")]
    OriginIsAddress {
        /// The name behind it.
        name: String,
    },
    /// A name that no verifier key can have.
    #[error(transparent)]
    Name(SignError),
    /// A report could not be written as JSON.
    #[error(transparent)]
    Report(serde_json::Error),
    /// The shipped library has no such factor.
    #[error("the library has no factor `{id}`{}", near.as_ref().map(|(id, name)| format!("; did you mean `{id}`, {name}?")).unwrap_or_default())]
    NotInLibrary {
        /// The id asked for.
        id: String,
        /// The id and name of one that is much alike.
        near: Option<(String, String)>,
    },
    /// An index that no log can have.
    #[error(transparent)]
    Index(ValueError),
}
