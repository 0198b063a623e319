//! What no longer counts, and why.

use std::borrow::Cow;
use std::sync::Arc;

use super::book::Death;
use super::numbers::Numbers;
use super::shelf::{Pile, Record, Shelf};
use crate::model::StatementId;

/// A statement that no longer counts.
#[derive(Debug, Clone)]
pub(super) struct Dead {
    pub id: StatementId,
    pub death: Death,
    /// The index of the seal of what took it down.
    pub since: u64,
}

/// All of them in the order in which they fell.
#[derive(Debug, Clone, Default)]
pub(super) struct Deaths {
    all: Pile<Dead>,
    by_id: Numbers,
}

impl Deaths {
    pub fn on(shelf: Option<&Arc<dyn Shelf>>) -> Self {
        Self { all: Pile::on(shelf), by_id: Numbers::on(shelf) }
    }

    pub fn of(&self, id: &StatementId) -> Option<Cow<'_, Dead>> {
        self.all.get(self.by_id.find(id, |n| self.is(n, id))?)
    }

    pub fn iter(&self) -> impl Iterator<Item = Cow<'_, Dead>> {
        self.all.iter()
    }

    /// The first cause stays.
    pub fn add(&mut self, dead: Dead) {
        if self.of(&dead.id).is_none() {
            let (number, id) = (self.all.len(), dead.id);
            self.all.push(dead);
            self.by_id.put(&id, number, |_| false);
        }
    }

    fn is(&self, number: usize, id: &StatementId) -> bool {
        self.all.get(number).is_some_and(|dead| dead.id == *id)
    }
}

/// Id, cause, index, and which of the ways to end it is.
impl Record for Dead {
    const BYTES: usize = 32 + 32 + 8 + 1;
    type Names = ();

    fn write(&self, (): &mut (), into: &mut Vec<u8>) {
        into.extend_from_slice(self.id.as_bytes());
        into.extend_from_slice(self.death.cause().as_bytes());
        into.extend_from_slice(&self.since.to_le_bytes());
        into.push(match self.death {
            Death::Replaced(_) => 0,
            Death::Withdrawn(_) => 1,
            Death::WithdrawnByOperator(_) => 2,
            Death::KeyRevoked(_) => 3,
        });
    }

    fn read(bytes: &[u8], (): &()) -> Option<Self> {
        let (id, rest) = bytes.split_first_chunk::<32>()?;
        let (cause, rest) = rest.split_first_chunk::<32>()?;
        let (since, rest) = rest.split_first_chunk::<8>()?;
        let cause = StatementId::from_bytes(*cause);
        let death = match rest {
            [0] => Death::Replaced(cause),
            [1] => Death::Withdrawn(cause),
            [2] => Death::WithdrawnByOperator(cause),
            [3] => Death::KeyRevoked(cause),
            _ => return None,
        };
        Some(Self { id: StatementId::from_bytes(*id), death, since: u64::from_le_bytes(*since) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_death_is_the_same_when_it_is_read_again_and_the_first_stays() {
        let (id, cause) = (StatementId::from_bytes([1; 32]), StatementId::from_bytes([2; 32]));
        let ways = [Death::Replaced, Death::Withdrawn, Death::WithdrawnByOperator, Death::KeyRevoked];
        for way in ways {
            let mut bytes = Vec::new();
            Dead { id, death: way(cause), since: 1 << 40 }.write(&mut (), &mut bytes);
            let again = Dead::read(&bytes, &()).unwrap();
            assert_eq!(
                (again.id, again.death, again.since, bytes.len()),
                (id, way(cause), 1 << 40, Dead::BYTES)
            );
        }
        let mut deaths = Deaths::default();
        deaths.add(Dead { id, death: Death::Withdrawn(cause), since: 3 });
        deaths.add(Dead { id, death: Death::Replaced(id), since: 4 });
        assert_eq!(
            deaths.iter().map(|dead| (dead.death, dead.since)).collect::<Vec<_>>(),
            [(Death::Withdrawn(cause), 3)]
        );
        assert_eq!(deaths.of(&id).map(|dead| dead.since), Some(3));
        assert!(deaths.of(&cause).is_none());
    }
}
