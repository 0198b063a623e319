//! What no longer counts, and why.

use std::fmt;

use super::hashed::ByHash;
use crate::model::StatementId;

/// Why a statement no longer counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Death {
    /// A later statement replaces it.
    Replaced(StatementId),
    /// A withdrawal by its own actor.
    Withdrawn(StatementId),
    /// A withdrawal by the operator.
    WithdrawnByOperator(StatementId),
    /// Its key was revoked from an index at or before its own, by this actor statement.
    KeyRevoked(StatementId),
}

impl Death {
    /// The statement that ended it.
    pub const fn cause(&self) -> StatementId {
        let (Self::Replaced(by) | Self::Withdrawn(by) | Self::WithdrawnByOperator(by) | Self::KeyRevoked(by)) =
            self;
        *by
    }

    /// Its number among the ways to end, for storing; [`Death::from_way`] reads it.
    pub const fn way(&self) -> u8 {
        match self {
            Self::Replaced(_) => 0,
            Self::Withdrawn(_) => 1,
            Self::WithdrawnByOperator(_) => 2,
            Self::KeyRevoked(_) => 3,
        }
    }

    /// What [`Death::way`] numbered; none for another number.
    pub const fn from_way(way: u8, cause: StatementId) -> Option<Self> {
        match way {
            0 => Some(Self::Replaced(cause)),
            1 => Some(Self::Withdrawn(cause)),
            2 => Some(Self::WithdrawnByOperator(cause)),
            3 => Some(Self::KeyRevoked(cause)),
            _ => None,
        }
    }
}

impl fmt::Display for Death {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Replaced(by) => write!(f, "replaced by {by}"),
            Self::Withdrawn(by) => write!(f, "withdrawn by {by}"),
            Self::WithdrawnByOperator(by) => write!(f, "withdrawn by the operator with {by}"),
            Self::KeyRevoked(by) => {
                write!(f, "its key was revoked by {by} from an index at or before its own")
            }
        }
    }
}

/// What ended a statement, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Why it no longer counts.
    pub death: Death,
    /// The index of the seal over the statement that ended it.
    pub since: u64,
}

/// The statements that ended since the index beneath was made, in the order in which they ended.
#[derive(Debug, Clone, Default)]
pub(super) struct EndedHere {
    order: Vec<StatementId>,
    by_id: ByHash<StatementId, Ended>,
}

impl EndedHere {
    pub fn of(&self, id: &StatementId) -> Option<Ended> {
        self.by_id.get(id).copied()
    }

    pub fn iter(&self) -> impl Iterator<Item = (StatementId, Ended)> {
        self.order.iter().filter_map(|id| Some((*id, self.of(id)?)))
    }

    /// The first cause stays.
    pub fn add(&mut self, id: StatementId, ended: Ended) {
        self.by_id.entry(id).or_insert_with(|| {
            self.order.push(id);
            ended
        });
    }

    /// Forgets what ended before the seal with this index: an index beneath has it now.
    pub fn forget_before(&mut self, index: u64) {
        self.by_id.retain(|_, ended| ended.since >= index);
        self.order.retain(|id| self.by_id.contains_key(id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_cause_stays_and_what_is_forgotten_is_gone() {
        let (id, cause) = (StatementId::from_bytes([1; 32]), StatementId::from_bytes([2; 32]));
        let mut here = EndedHere::default();
        here.add(id, Ended { death: Death::Withdrawn(cause), since: 3 });
        here.add(id, Ended { death: Death::Replaced(id), since: 4 });
        here.add(cause, Ended { death: Death::Replaced(id), since: 5 });
        assert_eq!(here.of(&id), Some(Ended { death: Death::Withdrawn(cause), since: 3 }));
        assert_eq!(here.iter().map(|(id, _)| id).collect::<Vec<_>>(), [id, cause]);
        here.forget_before(4);
        assert_eq!(here.iter().map(|(id, _)| id).collect::<Vec<_>>(), [cause]);
        assert_eq!(here.of(&id), None);
    }

    #[test]
    fn every_way_is_read_as_it_was_numbered() {
        let cause = StatementId::from_bytes([2; 32]);
        for death in [Death::Replaced, Death::Withdrawn, Death::WithdrawnByOperator, Death::KeyRevoked]
            .map(|f| f(cause))
        {
            assert_eq!(Death::from_way(death.way(), cause), Some(death));
        }
        assert_eq!(Death::from_way(4, cause), None);
    }
}
