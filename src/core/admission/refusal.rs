//! Why a submission was refused.

use super::index::IndexError;
use crate::codec::CodecError;
use crate::model::{
    ActorId, Digest, FootprintId, ProductId, ProductTag, PublicKey, Salt, Stage, StatementId, StatementKind,
    Text,
};
use crate::pact::PactError;
use crate::sign::SignError;

/// A state statement that says something else than what held.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the state at log size {size}: expected the root {expected}, got {stated}")]
#[non_exhaustive]
pub struct WrongState {
    /// The statement.
    pub id: StatementId,
    /// Its place in the submission, from 1.
    pub ordinal: usize,
    /// The log size that it speaks of.
    pub size: u64,
    /// The root over what held there.
    pub expected: Digest,
    /// The root in the statement.
    pub stated: Digest,
}

/// Why a submission does not enter the log. Nothing of it is appended.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// It could not be judged: the log could not be looked up. That is no verdict on it.
    #[error("the log could not be looked up: {0}")]
    Index(#[from] IndexError),
    /// The seal's signature or count or root does not fit.
    #[error("the seal: {0}")]
    Seal(#[from] SignError),
    /// A statement's bytes are not its one spelling.
    #[error("statement {ordinal} of the submission: {cause}")]
    Statement {
        /// Its place in the submission, from 1.
        ordinal: usize,
        /// What is wrong and where.
        cause: CodecError,
    },
    /// The seal was made for another ledger.
    #[error("the seal is for ledger {got}, this is ledger {expected}")]
    OtherLedger {
        /// This ledger's id.
        expected: StatementId,
        /// The id in the seal.
        got: StatementId,
    },
    /// The first seal is not a genesis, or a genesis stands elsewhere.
    #[error("the genesis: {problem}")]
    Genesis {
        /// What does not hold.
        problem: String,
    },
    /// No statement enrols the key.
    #[error("the key {key} is unknown here: no statement of the operator enrols it")]
    UnknownKey {
        /// The signer's key.
        key: PublicKey,
    },
    /// The key was revoked before this place in the log.
    #[error("the key {key} of `{actor}` is revoked since index {since} of the log")]
    RevokedKey {
        /// The signer's key.
        key: PublicKey,
        /// Whose key it is.
        actor: ActorId,
        /// From which index on.
        since: u64,
    },
    /// A statement is said by somebody else than the one who sealed it.
    #[error("statement {ordinal} is said by `{by}`, but `{signer}` sealed it")]
    OtherSigner {
        /// Its place in the submission, from 1.
        ordinal: usize,
        /// Who it says says it.
        by: ActorId,
        /// Whose key sealed it.
        signer: ActorId,
    },
    /// The signer has no right to this type.
    #[error(
        "`{actor}` may not sign statements of type `{kind}`; the operator grants it with the actor's rights"
    )]
    NoRight {
        /// The signer.
        actor: ActorId,
        /// The type.
        kind: StatementKind,
    },
    /// The signer has no right to this stage.
    #[error(
        "`{actor}` may not sign activities of the stage `{stage}`; the operator grants it with the actor's rights"
    )]
    NoStage {
        /// The signer.
        actor: ActorId,
        /// The stage.
        stage: Stage,
    },
    /// The signer's rights name products, and this is not one of them.
    #[error("`{actor}` may not sign statements about {product}; its rights name other products")]
    NoProduct {
        /// The signer.
        actor: ActorId,
        /// The product.
        product: ProductId,
    },
    /// The product's statement does not let the signer sign this process.
    #[error("`{actor}` may not sign the process `{process}` of {product}: {why}")]
    NoProcess {
        /// The signer.
        actor: ActorId,
        /// The process.
        process: Text,
        /// The product.
        product: ProductId,
        /// Who may, or that nobody lists it.
        why: String,
    },
    /// The product is not declared.
    #[error("{product} is not declared in this ledger; record its product statement first")]
    UnknownProduct {
        /// The product.
        product: ProductId,
    },
    /// No product statement lists an id with the tag.
    #[error("no product is declared whose tag is {tag}; record its product statement first")]
    UnknownTag {
        /// The tag in the header.
        tag: ProductTag,
    },
    /// The id belongs to another actor.
    #[error("the {kind} `{id}` belongs to `{owner}`, who said it first; `{actor}` cannot speak of it")]
    Owned {
        /// The type of the statement.
        kind: StatementKind,
        /// The domain id.
        id: String,
        /// Who owns it.
        owner: ActorId,
        /// Who tried.
        actor: ActorId,
    },
    /// Another actor recorded a supplier's footprint of this UUID, and that statement holds.
    #[error(
        "{live} of `{by}` records this supplier's footprint already; `{actor}` uses it by its UUID. Where it is not the supplier's document, \
         `{by}` or the operator withdraws it"
    )]
    Recorded {
        /// The live statement.
        live: StatementId,
        /// Who recorded it.
        by: ActorId,
        /// Who tried.
        actor: ActorId,
    },
    /// A reading of the same flows at the same place as earlier ones is in a series of its own: they would count
    /// as two bills.
    #[error(
        "it reads the same flows at the same place as {earlier}, and is not of its series {series}: give both the same `series`"
    )]
    OtherSeries {
        /// The newest of the earlier ones.
        earlier: StatementId,
        /// Their series.
        series: Salt,
    },
    /// The 16 bytes of its salt are equal. No random source gives that, and without a random salt a
    /// statement can be guessed from its hash.
    #[error("statement {ordinal} has a salt whose 16 bytes are all the same: expected random ones")]
    WeakSalt {
        /// Its place in the submission, from 1.
        ordinal: usize,
    },
    /// Its body is that of a statement that was erased.
    #[error(
        "statement {ordinal} has the very body of {erased}, which was erased: an erased body is never taken in again; sign the statement anew, with another salt"
    )]
    Erased {
        /// Its place in the submission, from 1.
        ordinal: usize,
        /// The statement whose body was erased.
        erased: StatementId,
    },
    /// There is a live statement about the same thing and this one does not replace it.
    #[error("there is already a live {kind} statement about this: {live}; name it in `replaces`")]
    StillLive {
        /// The type of the statement.
        kind: StatementKind,
        /// The live statement.
        live: StatementId,
    },
    /// What it wants to replace or withdraw is not there, or not its to take back.
    #[error("{verb} {target}: {problem}")]
    Target {
        /// `replaces` or `withdraws`.
        verb: &'static str,
        /// The statement named.
        target: StatementId,
        /// What does not fit.
        problem: String,
    },
    /// The very same statement is in the log.
    #[error("statement {id} is already in the log, in the submission at index {index}")]
    Duplicate {
        /// The statement.
        id: StatementId,
        /// Where it is.
        index: u64,
    },
    /// A key is listed that may not be.
    #[error("the key {key} {problem}")]
    Key {
        /// The key.
        key: PublicKey,
        /// Why not.
        problem: String,
    },
    /// A supplier's document that no calculation could use, or that is another footprint's.
    #[error("the supplier's document of the footprint {footprint}: {cause}")]
    Document {
        /// The footprint that it is recorded as.
        footprint: FootprintId,
        /// What is wrong and where.
        cause: PactError,
    },
    /// A state statement says something else than what held.
    #[error("{0}")]
    State(Box<WrongState>),
    /// A publication, assurance or state names something that does not fit the log.
    #[error("{kind}: {problem}")]
    Reference {
        /// The type of the statement.
        kind: StatementKind,
        /// What does not fit, with both sides.
        problem: String,
    },
}
