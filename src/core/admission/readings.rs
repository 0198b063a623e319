//! The series of readings: those of the same flows at the same place by one actor have one series, or one bill
//! could stand beside itself. It knows what it was given, and reads no log.

use std::collections::BTreeMap;

use super::{Fact, Refusal};
use crate::codec::digest::Sha256Bytes;
use crate::model::{ActorId, Salt, StatementId};

/// The newest reading of each place and actor, with its series.
#[derive(Debug, Default)]
pub struct Readings {
    held: BTreeMap<(Sha256Bytes, ActorId), (StatementId, Salt)>,
}

impl Readings {
    /// Takes in the readings of one submission, all or none; of a place that is not held, `earlier` may know
    /// one.
    ///
    /// # Errors
    /// [`Refusal::OtherSeries`]; those of `earlier`.
    pub fn take<E: From<Refusal>>(
        &mut self,
        facts: &[Fact],
        earlier: impl Fn(&Sha256Bytes, &ActorId) -> Result<Option<(StatementId, Salt)>, E>,
    ) -> Result<(), E> {
        let mut new = BTreeMap::new();
        for fact in facts {
            let Some(reading) = &fact.reading else { continue };
            let key = (reading.place, fact.entry.by.clone());
            let known = match new.get(&key).or_else(|| self.held.get(&key)) {
                Some(known) => Some(*known),
                None => earlier(&reading.place, &fact.entry.by)?,
            };
            if let Some((earlier, series)) = known
                && reading.series != Some(series)
            {
                return Err(Refusal::OtherSeries { earlier, series }.into());
            }
            if let Some(series) = reading.series {
                new.insert(key, (fact.entry.id, series));
            }
        }
        self.held.append(&mut new);
        Ok(())
    }
}
