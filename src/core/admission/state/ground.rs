//! What the fold keeps of every statement so that the state of any log size can be made. Of an activity that is eight bytes.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::admission::Entry;
use crate::admission::fact::key_of_product;
use crate::admission::hashed::ByHash;
use crate::admission::shelf::{Pile, Record, Shelf};
use crate::codec::digest::{Sha256Bytes, sha256};
use crate::model::{
    Digest, FootprintId, Product, Publication, PublicationStatus, State, StatementId, StatementKind,
};

/// A final publication, and what it follows.
#[derive(Debug, Clone)]
pub(super) struct Final {
    /// Its number among the entries.
    pub number: usize,
    pub footprint: FootprintId,
    /// SHA-256 of the footprints before it, as their subjects have it.
    pub follows: Vec<Sha256Bytes>,
}

/// What states are made of, beside the entries and the dead.
#[derive(Debug, Clone, Default)]
pub(in crate::admission) struct Ground {
    /// The number of every product that anything speaks of, by SHA-256 of its id: never two of one number, whatever else their ids share.
    products: ByHash<Sha256Bytes, u32>,
    keys: Vec<Sha256Bytes>,
    /// Activities by their numbers among the entries, ascending, each with a product that it puts out.
    made: Pile<Made>,
    /// What came of the few types that every state asks for, in log order.
    pub(super) authorities: Vec<Entered>,
    pub(super) actors: Vec<Entered>,
    pub(super) publications: Vec<Entered>,
    /// Product statements by their numbers among the entries, each with all its ids.
    pub(super) declared: Vec<(usize, Vec<u32>)>,
    pub(super) finals: Vec<Final>,
    /// The states by the log size that they speak of.
    states: BTreeMap<u64, (StatementId, Digest)>,
}

/// A statement among the entries.
#[derive(Debug, Clone)]
pub(super) struct Entered {
    pub number: usize,
    pub id: StatementId,
    pub subject: Sha256Bytes,
}

/// The number of an activity among the entries, and that of a product.
#[derive(Debug, Clone)]
struct Made(u32, u32);

impl Record for Made {
    const BYTES: usize = 8;
    type Names = ();

    fn write(&self, (): &mut (), into: &mut Vec<u8>) {
        into.extend_from_slice(&self.0.to_le_bytes());
        into.extend_from_slice(&self.1.to_le_bytes());
    }

    fn read(bytes: &[u8], (): &()) -> Option<Self> {
        let (activity, product) = bytes.split_first_chunk::<4>()?;
        Some(Self(u32::from_le_bytes(*activity), u32::from_le_bytes(product.try_into().ok()?)))
    }
}

impl Ground {
    /// Nothing yet, on a shelf where there is one.
    pub fn on(shelf: Option<&Arc<dyn Shelf>>) -> Self {
        Self { made: Pile::on(shelf), ..Self::default() }
    }

    /// Takes in that a statement is there.
    pub fn entered(&mut self, number: usize, entry: &Entry) {
        let among = match entry.kind {
            StatementKind::Ledger | StatementKind::Authority => &mut self.authorities,
            StatementKind::Actor => &mut self.actors,
            StatementKind::Publication => &mut self.publications,
            _ => return,
        };
        among.push(Entered { number, id: entry.id, subject: entry.subject });
    }

    /// Takes in what activities put out. A short loop: the places of many products are fetched from memory at the same time.
    pub fn made<'a>(&mut self, first: usize, makes: impl Iterator<Item = &'a [Sha256Bytes]>) {
        for (number, products) in (first..).zip(makes) {
            let number = u32::try_from(number).unwrap_or(u32::MAX); // OK: more are refused, or memory ends long before
            for key in products {
                let product = self.product(*key);
                self.made.push(Made(number, product));
            }
        }
    }

    pub fn declared(&mut self, number: usize, product: &Product) {
        let ids = product.ids.iter().map(|id| self.product(key_of_product(id))).collect();
        self.declared.push((number, ids));
    }

    pub fn published(&mut self, number: usize, publication: &Publication) {
        if publication.status == PublicationStatus::Final && !publication.preceding.is_empty() {
            let follows = publication.preceding.iter().map(|id| sha256(&[id.as_str().as_bytes()])).collect();
            self.finals.push(Final { number, footprint: publication.footprint.clone(), follows });
        }
    }

    pub fn stated(&mut self, id: StatementId, state: &State) {
        self.states.insert(state.size.as_u64(), (id, state.root));
    }

    pub const fn states(&self) -> &BTreeMap<u64, (StatementId, Digest)> {
        &self.states
    }

    /// Activities from a number on, ascending, each with SHA-256 of a product that it puts out, in its order.
    pub fn made_from(&self, number: usize) -> impl Iterator<Item = (usize, &Sha256Bytes)> {
        let from = self.made.partition_point(|made| (made.0 as usize) < number);
        let made = self.made.range(from..usize::MAX);
        made.filter_map(|made| Some((made.0 as usize, self.keys.get(made.1 as usize)?)))
    }

    /// Activities before a number among the entries, by the products that they put out.
    pub(super) fn made_before(&self, number: usize) -> impl Iterator<Item = (usize, u32)> {
        let made = self.made.iter().map(|made| (made.0 as usize, made.1));
        made.take_while(move |(activity, _)| *activity < number)
    }

    fn product(&mut self, key: Sha256Bytes) -> u32 {
        if let Some(number) = self.products.get(&key) {
            return *number;
        }
        let next = u32::try_from(self.keys.len()).unwrap_or(u32::MAX); // OK: memory ends long before
        self.products.insert(key, next);
        self.keys.push(key);
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_products_whose_hashes_begin_alike_are_two() {
        let (one, mut other) = ([7; 32], [7; 32]);
        other[31] = 8;
        let mut ground = Ground::default();
        ground.made(0, [&[one, other][..]].into_iter());
        ground.made(2, [&[other][..]].into_iter());
        assert_eq!(ground.made_from(0).collect::<Vec<_>>(), [(0, &one), (0, &other), (2, &other)]);
        assert_eq!(ground.made_from(1).collect::<Vec<_>>(), [(2, &other)]);
        assert_eq!(ground.made_before(2).collect::<Vec<_>>(), [(0, 0), (0, 1)]);
        assert_eq!(ground.made_before(3).last(), Some((2, 1)));
    }
}
