//! A list of records that is only ever appended to. It lies in pieces, so that a list that grows is never moved as a whole; with a shelf, the oldest
//! pieces are put aside and read again where they are asked for.

use std::borrow::Cow;
use std::fmt::Debug;
use std::ops::Range;
use std::sync::Arc;

use super::{Shelf, Volume};

/// Records of one piece, as a power of two.
const PIECE_BITS: u32 = 12;

/// What can be put aside.
pub trait Record: Clone + Debug {
    /// What it takes, always the same.
    const BYTES: usize;
    /// What all records of a list have in common, for which each has a number; it stays in memory.
    type Names: Clone + Debug + Default;

    /// Writes exactly [`Self::BYTES`] behind what is there.
    fn write(&self, names: &mut Self::Names, into: &mut Vec<u8>);

    /// What was written; none for other bytes.
    fn read(bytes: &[u8], names: &Self::Names) -> Option<Self>;
}

impl Record for [u8; 32] {
    const BYTES: usize = 32;
    type Names = ();

    fn write(&self, (): &mut (), into: &mut Vec<u8>) {
        into.extend_from_slice(self);
    }

    fn read(bytes: &[u8], (): &()) -> Option<Self> {
        bytes.try_into().ok()
    }
}

/// Records in the order in which they came.
#[derive(Debug, Clone)]
pub struct Pile<T: Record> {
    /// All but the last are full.
    pieces: Vec<Piece<T>>,
    len: usize,
    piece_bits: u32,
    names: T::Names,
    aside: Option<Aside>,
}

#[derive(Debug, Clone)]
enum Piece<T> {
    Here(Vec<T>),
    /// From this place of the volume on.
    Away(u64),
    /// The shelf failed.
    Lost,
}

#[derive(Debug, Clone)]
struct Aside {
    volume: Arc<dyn Volume>,
    /// How many pieces are away; they are the first ones.
    pieces: usize,
    pieces_held: usize,
    bytes: Vec<u8>,
}

impl<T: Record> Default for Pile<T> {
    fn default() -> Self {
        let (pieces, piece_bits) = (Vec::new(), PIECE_BITS);
        Self { pieces, len: 0, piece_bits, names: T::Names::default(), aside: None }
    }
}

impl<T: Record> Pile<T> {
    /// An empty one that puts aside what is older than the last few. With no shelf all stay in memory.
    pub fn on(shelf: Option<&Arc<dyn Shelf>>) -> Self {
        let Some(shelf) = shelf else { return Self::default() };
        let held = shelf.held().max(1);
        let piece_bits = PIECE_BITS.min(held.ilog2());
        let aside =
            Aside { volume: shelf.volume(), pieces: 0, pieces_held: held >> piece_bits, bytes: Vec::new() };
        Self { piece_bits, aside: Some(aside), ..Self::default() }
    }

    const fn piece_len(&self) -> usize {
        1 << self.piece_bits
    }

    /// The piece of a record, and its place in that.
    const fn place(&self, number: usize) -> (usize, usize) {
        (number >> self.piece_bits, number & (self.piece_len() - 1))
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// True where there are none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The one with this number, from 0.
    pub fn get(&self, number: usize) -> Option<Cow<'_, T>> {
        let (piece, place) = self.place(number);
        match self.pieces.get(piece)? {
            Piece::Here(records) => records.get(place).map(Cow::Borrowed),
            Piece::Away(at) => self.fetch(*at + (place * T::BYTES) as u64, 1)?.pop().map(Cow::Owned),
            Piece::Lost => None,
        }
    }

    /// The last; it is always in memory.
    pub fn last(&self) -> Option<&T> {
        match self.pieces.last()? {
            Piece::Here(records) => records.last(),
            Piece::Away(_) | Piece::Lost => None,
        }
    }

    /// All of them.
    pub const fn iter(&self) -> Records<'_, T> {
        self.range(0..self.len)
    }

    /// Those with these numbers, as far as they are there.
    pub const fn range(&self, numbers: Range<usize>) -> Records<'_, T> {
        let end = if numbers.end < self.len { numbers.end } else { self.len };
        Records { pile: self, numbers: numbers.start..end, first: None, last: None }
    }

    /// The number of the first for which `before` does not hold; it must hold for all before that one and for none after.
    pub fn partition_point(&self, before: impl Fn(&T) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len);
        while low < high {
            let middle = low.midpoint(high);
            match self.get(middle).is_some_and(|record| before(&record)) {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        low
    }

    /// Puts one behind the last.
    pub fn push(&mut self, record: T) {
        let piece_len = self.piece_len();
        match self.pieces.last_mut() {
            Some(Piece::Here(records)) if records.len() < piece_len => records.push(record),
            _ => {
                let mut piece = self.put_aside().unwrap_or_else(|| {
                    // A small log takes little.
                    Vec::with_capacity(if self.pieces.is_empty() { 0 } else { piece_len })
                });
                piece.push(record);
                self.pieces.push(Piece::Here(piece));
            }
        }
        self.len += 1;
    }

    /// Puts the oldest piece aside where too many are in memory. Its memory can be taken for the next.
    fn put_aside(&mut self) -> Option<Vec<T>> {
        let aside = self.aside.as_mut()?;
        if self.pieces.len() - aside.pieces < aside.pieces_held {
            return None;
        }
        let piece = self.pieces.get_mut(aside.pieces)?;
        let Piece::Here(mut records) = std::mem::replace(piece, Piece::Lost) else { return None };
        aside.pieces += 1;
        aside.bytes.clear();
        records.iter().for_each(|record| record.write(&mut self.names, &mut aside.bytes));
        if let Some(at) = aside.volume.append(&aside.bytes) {
            *piece = Piece::Away(at);
        }
        records.clear();
        Some(records)
    }

    /// Reads records that lie behind each other.
    fn fetch(&self, at: u64, count: usize) -> Option<Vec<T>> {
        let mut bytes = vec![0; count * T::BYTES];
        let read = self.aside.as_ref().is_some_and(|aside| aside.volume.read(at, &mut bytes));
        let records = || bytes.chunks_exact(T::BYTES).map(|record| T::read(record, &self.names)).collect();
        read.then(records).flatten()
    }

    fn with<'p>(&'p self, number: usize, near: &mut Option<(usize, Vec<T>)>) -> Option<Cow<'p, T>> {
        let (piece, place) = self.place(number);
        match self.pieces.get(piece)? {
            Piece::Here(records) => records.get(place).map(Cow::Borrowed),
            Piece::Away(at) => {
                if near.as_ref().is_none_or(|(other, _)| *other != piece) {
                    *near = Some((piece, self.fetch(*at, self.piece_len())?));
                }
                near.as_ref()?.1.get(place).cloned().map(Cow::Owned)
            }
            Piece::Lost => None,
        }
    }
}

/// Records of a list from both ends.
#[derive(Debug)]
pub struct Records<'p, T: Record> {
    pile: &'p Pile<T>,
    numbers: Range<usize>,
    /// The pieces that were read again last, from the front and from the back.
    first: Option<(usize, Vec<T>)>,
    last: Option<(usize, Vec<T>)>,
}

impl<'p, T: Record> Iterator for Records<'p, T> {
    type Item = Cow<'p, T>;

    fn next(&mut self) -> Option<Cow<'p, T>> {
        self.pile.with(self.numbers.next()?, &mut self.first)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.numbers.size_hint()
    }
}

impl<T: Record> DoubleEndedIterator for Records<'_, T> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.pile.with(self.numbers.next_back()?, &mut self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::Board;
    use super::*;

    fn record(number: usize) -> [u8; 32] {
        let mut record = [0; 32];
        record[..8].copy_from_slice(&number.to_be_bytes());
        record
    }

    fn number(record: &[u8; 32]) -> usize {
        usize::from_be_bytes(*record.first_chunk().unwrap())
    }

    #[test]
    fn a_pile_is_what_one_list_would_be_wherever_it_lies() {
        const PIECE: usize = 1 << PIECE_BITS;
        for count in [0, 1, PIECE - 1, PIECE, PIECE + 1, 5 * PIECE + 7] {
            let list: Vec<[u8; 32]> = (0..count).map(record).collect();
            for held in [None, Some(1), Some(100), Some(PIECE), Some(3 * PIECE)] {
                let mut pile = Pile::on(held.map(Board::holding).as_ref());
                list.iter().for_each(|record| pile.push(*record));
                assert_eq!((pile.len(), pile.last()), (count, list.last()));
                assert!(pile.iter().map(Cow::into_owned).eq(list.iter().copied()));
                assert!(pile.iter().rev().map(Cow::into_owned).eq(list.iter().rev().copied()));
                for at in [0, 1, PIECE - 1, PIECE, PIECE + 1, count, count + PIECE] {
                    assert_eq!(pile.get(at).as_deref(), list.get(at));
                    let rest = list.iter().skip(at).copied();
                    assert!(pile.range(at..usize::MAX).map(Cow::into_owned).eq(rest));
                    let before = |record: &[u8; 32]| number(record) < at;
                    assert_eq!(pile.partition_point(before), list.partition_point(before), "{at} of {count}");
                }
                // A copy goes its own way.
                let mut copy = pile.clone();
                (0..2 * PIECE).for_each(|n| copy.push(record(count + n)));
                (0..2 * PIECE).for_each(|_| pile.push([7; 32]));
                assert!(copy.iter().map(Cow::into_owned).eq((0..count + 2 * PIECE).map(record)));
                assert!(pile.iter().take(count).map(Cow::into_owned).eq(list.iter().copied()));
            }
        }
    }

    #[test]
    fn few_pieces_are_in_memory() {
        let mut pile = Pile::on(Some(&Board::holding(32)));
        for n in 0..2000 {
            pile.push(record(n));
            let here = |piece: &Piece<_>| if let Piece::Here(records) = piece { records.len() } else { 0 };
            assert!(pile.pieces.iter().map(here).sum::<usize>() <= 32);
        }
    }

    #[test]
    fn what_a_failing_shelf_lost_is_not_there() {
        for calls in 1..6 {
            let mut pile = Pile::on(Some(&Board::failing_after(calls, 16)));
            (0..64).for_each(|n| pile.push(record(n)));
            for n in 0..64 {
                assert!(pile.get(n).is_none_or(|found| *found == record(n)));
            }
            assert!(pile.get(48).is_some(), "it never left");
        }
    }
}
