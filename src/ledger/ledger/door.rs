//! What only the door asks of a new statement, and no later reader: its body is there when it comes
//! in, and may be gone when it is judged again.

use super::{Ledger, LedgerError};
use crate::admission::{Refusal, Said};
use crate::codec::{named_body, parts_of};
use crate::store::Reader;

impl<S: Reader> Ledger<S> {
    /// Checks the salts and the bodies of a submission's statements, given with their texts.
    ///
    /// # Errors
    /// [`Refusal::WeakSalt`]; [`Refusal::Erased`]. [`LedgerError::Codec`] for a text that is none,
    /// which was read before.
    pub(super) fn check_bodies<B: AsRef<[u8]>>(&self, said: &[Said], texts: &[B]) -> Result<(), LedgerError> {
        for (ordinal, (said, text)) in (1..).zip(said.iter().zip(texts)) {
            if said.statement().is_some_and(|statement| statement.salt().is_weak()) {
                return Err(Refusal::WeakSalt { ordinal }.into());
            }
            if self.erased.is_empty() {
                continue;
            }
            if let Some(erased) =
                named_body(parts_of(text.as_ref()).0)?.and_then(|body| self.erased.get(&body))
            {
                return Err(Refusal::Erased { ordinal, erased: *erased }.into());
            }
        }
        Ok(())
    }
}
