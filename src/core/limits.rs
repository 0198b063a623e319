//! Every limit and version of the formats, each stated once with its reason. A verifier reads what
//! strangers send: each size is checked before
//! anything is read. It owns numbers only; who checks them is the reader's business.
//!
//! Sizes in bytes are `usize`, since they bound what is held in memory; the number of statements is
//! `u64`, as a seal carries it. A limit of one
//! module that no format states stays in that module.

/// The version of the calculation that this program carries out, which every publication names.
/// Admission, the publication gate, the proof and
/// the audit compare with this one constant, so that a new version cannot be published here and
/// refused there.
pub const METHOD_VERSION: u64 = 1;

/// The version of a ledger's files, which `ledger.toml` names (schemas/ledger-files.md).
pub const LEDGER_FORMAT: u32 = 1;

/// The version of a segment, which its header names (schemas/ledger-files.md).
pub const SEGMENT_FORMAT: u32 = 1;

/// The version of every settings file: trust, release policy, column mapping.
pub const SETTINGS_VERSION: i64 = 1;

/// The bytes of a seal that are signed: magic, ledger, signer, time, count and root
/// (schemas/seal.md).
pub const SEAL_MESSAGE_BYTES: usize = 120;

/// The bytes of a seal: what is signed, and an Ed25519 signature of 64 bytes (schemas/seal.md).
pub const SEAL_BYTES: usize = SEAL_MESSAGE_BYTES + 64;

/// The most statements under one seal; at least 1. A submission is held in memory as a whole, and a
/// place in it fits into 16 bits.
pub const STATEMENTS_MAX: u64 = 1 << SEAL_PATH_MAX;

/// The most hashes between a statement and its seal: the depth of a tree of [`STATEMENTS_MAX`]
/// leaves.
pub const SEAL_PATH_MAX: usize = 16;

/// The most bytes of one statement, 1 MiB; at least 1. A reader caps what it holds in memory.
pub const STATEMENT_BYTES_MAX: usize = 1 << 20;

/// The most bytes of the statements in one submission, 64 MiB: it is held in memory as a whole.
pub const SUBMISSION_BYTES_MAX: usize = 64 << 20;

/// The most bytes of a submission file: the statements, a line end behind each, and the seal's
/// line.
pub const SUBMISSION_FILE_BYTES_MAX: usize = SUBMISSION_BYTES_MAX + (1 << SEAL_PATH_MAX) + 1024;

/// The most bytes of a name or sentence in a statement: a paragraph, not a document.
pub const TEXT_BYTES_MAX: usize = 2_000;

/// The most certificates that one range of ids names, and that one statement claims with its ranges
/// spelt out: a statement is filed under the id of each.
pub const CERTIFICATES_MAX: u64 = 10_000;

/// The most bytes of a document that a statement carries, such as a supplier's PACT document: in
/// base64url, with the rest of the statement, it
/// stays below [`STATEMENT_BYTES_MAX`].
pub const DOCUMENT_BYTES_MAX: usize = 700_000;

/// The most bytes of a footprint proof: those of a whole submission, so that every product that can
/// be recorded can be proven.
pub const PROOF_BYTES_MAX: usize = SUBMISSION_BYTES_MAX;

/// The most seals and the most statements in one footprint proof: a verifier's signatures and
/// hashes are bounded.
pub const PROOF_PLACES_MAX: usize = 65_536;

/// The most keys in all actor and authority statements of one footprint proof, each statement
/// counted once too: their effects are looked up
/// against each other.
pub const PROOF_KEYS_MAX: usize = 8_192;

/// The most revocations that reach back in one footprint proof: each goes through all statements.
pub const PROOF_REVOCATIONS_MAX: usize = 1_024;

/// The most states in one footprint proof: that of the size which the figures rest on, and the
/// newest.
pub const PROOF_STATES_MAX: usize = 2;

/// The most entries of one state in a footprint proof, and the most statements in one of its sets.
pub const PROOF_ENTRIES_MAX: usize = 65_536;

/// The most hashes of a path in the log: a log has fewer than 2^63 leaves (C2SP tlog-checkpoint).
pub const PATH_HASHES_MAX: usize = 63;

/// The most hashes of a consistency proof: one more than those of a path in the log (RFC 9162, 2.1.4).
pub const CONSISTENCY_HASHES_MAX: usize = PATH_HASHES_MAX + 1;

/// The most bytes of a signed note (C2SP signed-note states no limit).
pub const NOTE_BYTES_MAX: usize = 1_000_000;

/// The most signatures of a signed note; the format asks readers for at least 16.
pub const NOTE_SIGNATURES_MAX: usize = 100;

/// The most bytes of a tlog-proof: its note, and room for the hashes and lines before it.
pub const LOG_PROOF_BYTES_MAX: usize = NOTE_BYTES_MAX + 128 * 1024;

/// The hashes or entries of a full tile (C2SP tlog-tiles).
pub const TILE_WIDTH: usize = 256;

/// The most bytes of a witness policy: room for 64 logs, witnesses and groups each, and comments.
pub const WITNESS_POLICY_BYTES_MAX: usize = 256 * 1024;

/// The most bytes of a witness's answer.
pub const WITNESS_ANSWER_BYTES_MAX: usize = 64 * 1024;

/// The most bytes of a release policy, 1 MiB (schemas/gate.md).
pub const RELEASE_POLICY_BYTES_MAX: usize = 1 << 20;

/// The most bytes of a file of trusted keys, 1 MiB (schemas/trust.md).
pub const TRUST_FILE_BYTES_MAX: usize = 1 << 20;

/// The most bytes of a key file: real ones have a few hundred.
pub const KEY_FILE_BYTES_MAX: usize = 64 * 1024;

/// A limit in bytes, or a length, as a number of a file format.
pub const fn wide(bytes: usize) -> u64 {
    bytes as u64 // OK because a usize has at most 64 bits on every platform that Rust supports.
}
