//! The contract of a store: the two traits, what goes in and what comes out, and the limits. It owns no bytes.

use crate::codec::parts_of;
use crate::limits::{SEAL_BYTES, STATEMENT_BYTES_MAX, STATEMENTS_MAX, SUBMISSION_BYTES_MAX, wide};
use crate::store::frame::Kind;
use crate::store::{AppendError, StoreError};

/// Root of the log before the genesis: that of the empty tree, SHA-256 of no bytes (RFC 6962, 2.1).
pub const EMPTY_ROOT: [u8; 32] = [
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27,
    0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
];

/// A place in a store: where a statement lies, or where a submission ends. Opaque to callers; later places are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    pub(crate) segment: u64,
    pub(crate) offset: u64,
}

impl Position {
    /// The 16 bytes to keep it by; they sort as positions do.
    pub fn to_bytes(self) -> [u8; 16] {
        (u128::from(self.segment) << 64 | u128::from(self.offset)).to_be_bytes()
    }

    /// The position kept as `bytes`. Any 16 bytes are a position; whether something lies there, reading it tells.
    pub fn from_bytes(bytes: [u8; 16]) -> Position {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = bytes;
        Position {
            segment: u64::from_be_bytes([a, b, c, d, e, f, g, h]),
            offset: u64::from_be_bytes([i, j, k, l, m, n, o, p]),
        }
    }

    pub(crate) fn missing(self, expected: &'static str) -> StoreError {
        StoreError::NoSuchPosition { expected, segment: self.segment, offset: self.offset }
    }
}

/// Size and root of the log at one moment; the root is 32 opaque bytes to the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogState {
    /// Number of seals.
    pub size: u64,
    /// Root of the log over those seals.
    pub root: [u8; 32],
}

impl LogState {
    /// Before the genesis.
    pub const EMPTY: LogState = LogState { size: 0, root: EMPTY_ROOT };
}

/// How far a store reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Number of seals; at least 1, the genesis.
    pub size: u64,
    /// Root of the log over those seals.
    pub root: [u8; 32],
    /// The end of the last submission.
    pub position: Position,
}

impl Head {
    /// Size and root without the position.
    pub fn state(&self) -> LogState {
        LogState { size: self.size, root: self.root }
    }
}

/// A submission to append.
#[derive(Debug, Clone, Copy)]
pub struct Submission<'a> {
    /// The seal's bytes.
    pub seal: &'a [u8; SEAL_BYTES],
    /// The texts of the sealed statements in order; 1 to [`STATEMENTS_MAX`]. Each is a header and, where there is
    /// one, a line feed and a body; either has 1 to [`STATEMENT_BYTES_MAX`] bytes.
    pub statements: &'a [&'a [u8]],
    /// Root of the log once this seal is in it.
    pub new_root: [u8; 32],
}

impl Submission<'_> {
    /// Checks all limits.
    ///
    /// # Errors
    ///
    /// [`StoreError::Limit`] names the first limit that does not hold.
    pub fn check(&self) -> Result<(), StoreError> {
        let limit = |what, min, max, got: usize| {
            let got = wide(got);
            if (min..=max).contains(&got) { Ok(got) } else { Err(StoreError::Limit { what, min, max, got }) }
        };
        limit("number of statements in a submission", 1, STATEMENTS_MAX, self.statements.len())?;
        for statement in self.statements {
            let (header, body) = parts_of(statement);
            limit("length of a header in bytes", 1, wide(STATEMENT_BYTES_MAX), header.len())?;
            if let Some(body) = body {
                limit("length of a body in bytes", 1, wide(STATEMENT_BYTES_MAX), body.len())?;
            }
        }
        // OK because STATEMENTS_MAX times STATEMENT_BYTES_MAX cannot overflow
        let total = self.statements.iter().map(|statement| statement.len()).sum();
        limit("length of a submission's statements in bytes", 1, wide(SUBMISSION_BYTES_MAX), total).map(drop)
    }
}

/// What lies in a statement's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// The statement's text: its header and, where it has one, a line feed and its body.
    Statement(Vec<u8>),
    /// The header of a statement whose body was taken out.
    Removed(Vec<u8>),
}

impl Body {
    /// Its length in bytes.
    pub fn len(&self) -> usize {
        self.text().len()
    }

    /// The statement's text, or its header where the body was taken out.
    pub fn text(&self) -> &[u8] {
        let (Body::Statement(bytes) | Body::Removed(bytes)) = self;
        bytes
    }

    /// What a header's frame begins. With a line feed in it, the frame would hold a body that no removal finds.
    pub(crate) fn of_header(frame: Vec<u8>) -> Result<Self, &'static str> {
        if frame.contains(&b'\n') { Err("a header without a line feed") } else { Ok(Body::Statement(frame)) }
    }

    /// Adds the frame that follows a header's; says what it should have been where it cannot follow.
    pub(crate) fn take_frame(&mut self, kind: Kind, frame: &[u8]) -> Result<(), &'static str> {
        let Body::Statement(text) = self else { return Err("one body behind a header") };
        if text.contains(&b'\n') {
            return Err("one body behind a header");
        }
        match kind {
            Kind::Body => {
                text.push(b'\n');
                text.extend_from_slice(frame);
            }
            Kind::Removed if frame.iter().any(|byte| *byte != 0) => {
                return Err("zeros in the place of a body");
            }
            Kind::Removed => *self = Body::Removed(std::mem::take(text)),
            Kind::Header | Kind::Commit => return Err("a body"),
        }
        Ok(())
    }

    /// Whether it has no bytes, which no statement has.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The statement's text; none where its body was taken out.
    pub fn statement(&self) -> Option<&[u8]> {
        match self {
            Body::Statement(bytes) => Some(bytes),
            Body::Removed(_) => None,
        }
    }
}

/// A submission as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSubmission {
    /// Log index of its seal; 0 is the genesis.
    pub index: u64,
    /// The seal's bytes.
    pub seal: [u8; SEAL_BYTES],
    /// What lies in the place of each statement, in order.
    pub statements: Vec<Body>,
    /// Where each statement lies, in the same order: for [`Reader::statement`].
    pub positions: Vec<Position>,
    /// The log before it.
    pub old: LogState,
    /// The log with it.
    pub new: LogState,
    /// Where it ends: the position of the head that it made, and where the next one is read from.
    pub end: Position,
}

impl StoredSubmission {
    /// The head that this submission made.
    pub fn head(&self) -> Head {
        Head { size: self.new.size, root: self.new.root, position: self.end }
    }
}

/// Whole submissions in log order; after an error it ends.
pub type Submissions<'a> = Box<dyn Iterator<Item = Result<StoredSubmission, StoreError>> + Send + 'a>;

/// What can be read from a store.
///
/// A reader sees a whole prefix of the log: every submission up to some head, each complete, and never a submission
/// that could later vanish. Each submission's old state is the new state of the one before; where that does not hold,
/// or bytes are not what was written, reading is an error that says where, **never a shorter ledger**.
/// The store checks no signature and no hash: it finds accidents, the audit finds tampering.
pub trait Reader {
    /// Id of the ledger; it never changes.
    fn ledger_id(&self) -> [u8; 32];

    /// How far the store reaches now.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] or [`StoreError::Io`] where the head cannot be read.
    fn head(&self) -> Result<Head, StoreError>;

    /// All whole submissions after `from` (the end of a submission, or `None` for all) up to the head at this moment.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchPosition`] or [`StoreError::Damaged`] if no submission ends at `from`; the iterator gives an
    /// error, and ends, at the place where bytes are damaged.
    fn read(&self, from: Option<Position>) -> Result<Submissions<'_>, StoreError>;

    /// The text of one statement.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchPosition`] or [`StoreError::Damaged`] if no statement lies at `at` or its bytes are not those
    /// that were written, [`StoreError::Removed`] if its body was removed.
    fn statement(&self, at: Position) -> Result<Vec<u8>, StoreError>;

    /// What lies in the place of one statement, redacted or not.
    ///
    /// # Errors
    ///
    /// As [`Reader::statement`], but for [`StoreError::Removed`].
    fn body(&self, at: Position) -> Result<Body, StoreError>;

    /// The submission that ends at `end`: the state of the log with it, and the bytes of its seal.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchPosition`] or [`StoreError::Damaged`] if no submission ends there.
    fn ending(&self, end: Position) -> Result<(LogState, [u8; SEAL_BYTES]), StoreError>;
}

/// A store that can be appended to, by one writer at a time.
///
/// # Durability
///
/// 1. When [`Store::append`] returns `Ok`, every submission of the group survives the loss of power.
/// 2. A submission is there whole or not at all, and after all that came before it.
/// 3. `Conflict` and `Refused` mean that nothing was written.
/// 4. `Unknown` means that a first part of the group's submissions, or none, may be there. The writer is then poisoned:
///    every later append is [`AppendError::Poisoned`] until the store is opened again. The caller compares before it
///    tries again.
/// 5. What a reader has seen once stays, but for the bytes of statements that are redacted.
pub trait Store: Reader {
    /// Appends a group of submissions that share the price of durability; returns the head after each.
    /// An empty group changes nothing and returns no heads.
    ///
    /// # Errors
    ///
    /// See [`AppendError`] and the contract above.
    fn append(&mut self, expected: &Head, group: &[Submission<'_>]) -> Result<Vec<Head>, AppendError>;

    /// Writes submissions that nobody may see yet, however many there come to be; returns the head that each will have. `None` where the store
    /// cannot do that: then nothing was done. An append gives up what is staged, and so does dropping the store.
    ///
    /// # Errors
    ///
    /// [`AppendError::Conflict`] where `expected` is not the last head that was staged, and not the head where none was; `Refused`, after which
    /// nothing is staged any more; `Poisoned`.
    fn stage(
        &mut self,
        _expected: &Head,
        _group: &[Submission<'_>],
    ) -> Result<Option<Vec<Head>>, AppendError> {
        Ok(None)
    }

    /// Appends what is staged, as [`Store::append`] would: all of it is durable when this returns, and `expected` is the head.
    ///
    /// # Errors
    ///
    /// As [`Store::append`]; `Conflict` where `expected` is not the last head that was staged; `Refused` where what was staged could not be made
    /// durable, after which nothing is staged any more.
    fn append_staged(&mut self, expected: &Head) -> Result<(), AppendError> {
        let actual = self.head().map_err(AppendError::Refused)?;
        if *expected == actual { Ok(()) } else { Err(AppendError::Conflict { expected: *expected, actual }) }
    }

    /// Takes the body of one statement out for ever, with as many zeros in its place. Nothing else changes: no
    /// position, no head. When it returns `Ok`, that survives the loss of power; `Unknown` means that it may or may
    /// not have happened, that the body is there whole or not at all, and that the writer is poisoned. The same
    /// again changes nothing.
    ///
    /// # Errors
    ///
    /// [`AppendError::Refused`] with [`StoreError::NoSuchPosition`] where no statement with a body lies; `Unknown`;
    /// `Poisoned`.
    fn remove_body(&mut self, at: Position) -> Result<(), AppendError>;

    /// Where the statements of a submission lie that was appended after `before` and ends with `head`. A store that can
    /// work it out need not read it.
    ///
    /// # Errors
    ///
    /// Those of [`Reader::read`].
    fn placed(
        &self,
        _submission: &Submission<'_>,
        before: Position,
        _head: &Head,
    ) -> Result<Vec<Position>, StoreError> {
        let stored = self.read(Some(before))?.next().transpose()?;
        Ok(stored.ok_or_else(|| before.missing("a submission before this one"))?.positions)
    }
}

/// Whether `body` is still to be taken out; an error where there is none.
pub(crate) fn is_to_be_removed(body: &Body, at: Position) -> Result<bool, StoreError> {
    match body {
        Body::Statement(text) if parts_of(text).1.is_none() => Err(at.missing("a statement with a body")),
        Body::Statement(_) => Ok(true),
        Body::Removed(_) => Ok(false),
    }
}
