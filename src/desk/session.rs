//! What a caller gives to the functions of the desk: the clock, randomness, and somebody who hears
//! of notes and progress. The desk itself asks
//! no system for the time or for random bytes, and never prints.

use std::io;

use pcf_ledger::ledger::{Ledger, Receipt};
use pcf_ledger::model::{Instant, Salt, Statement};
use pcf_ledger::sign::SigningKey;
use pcf_ledger::store::Store;

use crate::import::Caused;
use crate::{DeskError, Note};

/// The caller of a function of the desk.
///
/// It is shared between threads: notes about a table come from the thread that reads it.
pub trait Session: Sync {
    /// Returns the time in Unix seconds, as seals carry it.
    ///
    /// # Errors
    /// [`DeskError::Clock`].
    fn now_s(&self) -> Result<u64, DeskError>;

    /// Fills `bytes` with randomness.
    ///
    /// # Errors
    /// [`DeskError::Randomness`].
    fn fill(&self, bytes: &mut [u8]) -> Result<(), DeskError>;

    /// Takes a note or a warning that belongs beside the result.
    fn note(&self, note: &Note);

    /// Asks whether statements that cause these findings are appended all the same. A caller whom
    /// nobody answers goes on.
    ///
    /// # Errors
    /// Nobody could be asked.
    fn goes_on(&self, caused: &Caused) -> Result<bool, DeskError> {
        let _ = caused;
        Ok(true)
    }

    /// Begins to show how far a task has come, until the returned value is dropped.
    fn begin(&self, task: Task) -> Box<dyn Progress>;
}

/// What takes long enough for its progress to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Checking statements; how many there are is not known.
    Checking,
    /// Appending so many statements.
    Recording(u64),
    /// Calculating so many publications again.
    LookingAtPublications(u64),
}

/// How far a task has come.
pub trait Progress {
    /// Counts `by` more as done.
    fn advance(&mut self, by: u64);

    /// Hears that a submission is durable.
    ///
    /// # Errors
    /// The caller could not pass it on; the import stops there.
    fn landed(&mut self, index: u64, statements: usize) -> io::Result<()>;
}

impl dyn Session + '_ {
    /// Returns random bytes.
    ///
    /// # Errors
    /// [`DeskError::Randomness`].
    pub fn random<const N: usize>(&self) -> Result<[u8; N], DeskError> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// Returns a new salt for a statement.
    ///
    /// # Errors
    /// [`DeskError::Randomness`].
    pub fn salt(&self) -> Result<Salt, DeskError> {
        Ok(Salt::from_bytes(self.random()?))
    }

    /// Returns the time, to the second.
    ///
    /// # Errors
    /// [`DeskError::Clock`]; [`DeskError::Value`] for a year that no instant has.
    pub fn now(&self) -> Result<Instant, DeskError> {
        let seconds = i64::try_from(self.now_s()?).unwrap_or(i64::MAX);
        Ok(Instant::from_unix_s(seconds)?)
    }

    /// Salts, signs and appends statements as one submission, and brings the derived files up to
    /// it.
    ///
    /// # Errors
    /// Those of [`Ledger::append`] and of [`Session`].
    pub fn append<S: Store>(
        &self,
        ledger: &mut Ledger<S>,
        key: &SigningKey,
        statements: Vec<Statement>,
    ) -> Result<Receipt, DeskError> {
        let salted = statements.into_iter().map(|statement| Ok(statement.with_salt(self.salt()?)));
        let salted = salted.collect::<Result<Vec<_>, DeskError>>()?;
        let receipt = ledger.append(key, self.now_s()?, &salted)?;
        ledger.flush()?;
        Ok(receipt)
    }
}
