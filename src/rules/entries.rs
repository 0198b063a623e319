//! Every statement of a log in its order. They lie in pieces, so that a log that grows is never moved as a whole, and no second one of it has to
//! fit into memory beside it.

use super::Entry;

/// Entries of one piece: some 400 kB.
const PIECE: usize = 4096;

/// Statements with their places and subjects, in log order.
#[derive(Debug, Clone, Default)]
pub struct Entries {
    /// All but the last are full.
    pieces: Vec<Vec<Entry>>,
    len: usize,
}

impl Entries {
    /// How many there are.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// True before the first.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The one with this number, from 0.
    pub fn get(&self, number: usize) -> Option<&Entry> {
        self.pieces.get(number / PIECE)?.get(number % PIECE)
    }

    /// The last.
    pub fn last(&self) -> Option<&Entry> {
        self.pieces.last()?.last()
    }

    /// All of them.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.pieces.iter().flatten()
    }

    /// Those from a number on.
    pub fn from(&self, number: usize) -> impl Iterator<Item = &Entry> {
        self.pieces.iter().skip(number / PIECE).flatten().skip(number % PIECE)
    }

    /// The number of the first for which `before` does not hold; it must hold for all before that one and for none after.
    pub fn partition_point(&self, before: impl Fn(&Entry) -> bool) -> usize {
        let full = self.pieces.partition_point(|piece| piece.last().is_some_and(&before));
        let rest = self.pieces.get(full).map_or(0, |piece| piece.partition_point(&before));
        // The last piece need not be full.
        (full * PIECE + rest).min(self.len)
    }

    /// Puts one behind the last.
    pub(super) fn push(&mut self, entry: Entry) {
        match self.pieces.last_mut().filter(|piece| piece.len() < PIECE) {
            Some(piece) => piece.push(entry),
            None => {
                // A small log takes little.
                let room = if self.pieces.is_empty() { 0 } else { PIECE };
                let mut piece = Vec::with_capacity(room);
                piece.push(entry);
                self.pieces.push(piece);
            }
        }
        self.len += 1;
    }
}

impl<'e> IntoIterator for &'e Entries {
    type Item = &'e Entry;
    type IntoIter = std::iter::Flatten<std::slice::Iter<'e, Vec<Entry>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.pieces.iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ActorId, StatementId, StatementKind};

    fn entry(number: usize) -> Entry {
        let mut id = [0; 32];
        id[..8].copy_from_slice(&number.to_be_bytes());
        Entry {
            id: StatementId::from_bytes(id),
            kind: StatementKind::Activity,
            by: ActorId::operator(),
            index: number as u64 / 3,
            ordinal: 0,
            replaces: None,
            subject: id,
        }
    }

    #[test]
    fn entries_are_what_one_list_of_them_would_be() {
        for count in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7] {
            let list: Vec<Entry> = (0..count).map(entry).collect();
            let mut entries = Entries::default();
            list.iter().for_each(|entry| entries.push(entry.clone()));
            assert_eq!((entries.len(), entries.is_empty(), entries.last()), (count, count == 0, list.last()));
            assert!(entries.iter().eq(&list) && entries.iter().rev().eq(list.iter().rev()));
            assert!((&entries).into_iter().eq(&list));
            for at in [0, 1, PIECE - 1, PIECE, PIECE + 1, count, count + PIECE] {
                assert_eq!(entries.get(at), list.get(at));
                assert!(entries.from(at).eq(list.iter().skip(at)));
                let before = |entry: &Entry| entry.index < at as u64;
                assert_eq!(entries.partition_point(before), list.partition_point(before), "{at} of {count}");
            }
        }
    }
}
