//! What came to hold or no longer holds, and what that makes of an inventory. Whether it may is for
//! the rules to say; here it is only done.

use std::collections::BTreeSet;

use super::{BoughtFootprint, Declared, Held, Inventory};
use crate::model::{Activity, Factor, FootprintId, Header, Product, Publication, StatementId};

/// One change of what holds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[allow(clippy::large_enum_variant, reason = "changes come one at a time, never stored in bulk")]
pub enum Change {
    /// An activity statement holds.
    Activity(Held<Activity>),
    /// A product statement holds, in place of one with the same first id.
    Product(Held<Product>),
    /// A factor statement holds, in place of one with the same id.
    Factor(Held<Factor>),
    /// A supplier's footprint holds, in place of one with the same id.
    Bought(FootprintId, Held<BoughtFootprint>),
    /// A final publication holds.
    Publication(Held<Publication>),
    /// What the figures of a publication are per, where the product statement that holds now is not the
    /// one that they rest on; none where it is not known.
    Declared(StatementId, Option<Declared>),
    /// A statement holds of which only the header is at hand. If the statement was there with its body, that
    /// ended.
    Redacted(StatementId, Header),
    /// A statement no longer holds: it was replaced or withdrawn.
    Ends(StatementId),
}

impl Inventory {
    /// Carries out changes in their order. A replacement is the end of the earlier statement and
    /// the beginning of the later one. Ends that follow each other take one pass over what holds.
    pub fn apply(&mut self, changes: impl IntoIterator<Item = Change>) {
        let mut ended = BTreeSet::new();
        for change in changes {
            if let Change::Ends(id) = change {
                ended.insert(id);
                continue;
            }
            self.end(&std::mem::take(&mut ended));
            match change {
                Change::Activity(held) => self.activities.push(held),
                Change::Product(held) => self.list(held),
                Change::Factor(held) => {
                    self.factors.insert(held.statement.factor.clone(), held);
                }
                Change::Bought(id, held) => {
                    self.bought.insert(id, held);
                }
                Change::Publication(held) => self.publications.push(held),
                Change::Declared(id, declared) => {
                    self.declared.insert(id, declared);
                }
                Change::Redacted(id, header) => self.redacted.take(id, header),
                Change::Ends(_) => {}
            }
        }
        self.end(&ended);
    }

    fn list(&mut self, held: Held<Product>) {
        let Some(filed) = held.statement.ids.first().cloned() else { return };
        for id in &held.statement.ids {
            self.aliases.insert(id.clone(), filed.clone());
        }
        if let Some(before) = self.products.insert(filed, held) {
            self.keep_declared(&before);
        }
    }

    /// Keeps what the publications of a product are per, whose statement no longer holds.
    fn keep_declared(&mut self, before: &Held<Product>) {
        let of = |held: &&Held<Publication>| before.statement.ids.contains(&held.statement.product);
        for publication in self.publications.iter().filter(of) {
            self.declared.entry(publication.id).or_insert_with(|| Some(Declared::by(&before.statement)));
        }
    }

    fn end(&mut self, ended: &BTreeSet<StatementId>) {
        if ended.is_empty() {
            return;
        }
        self.activities.retain(|held| !ended.contains(&held.id));
        self.publications.retain(|held| !ended.contains(&held.id));
        self.declared.retain(|id, _| !ended.contains(id));
        let gone = self.products.extract_if(.., |_, held| ended.contains(&held.id));
        for (_, before) in gone.collect::<Vec<_>>() {
            self.keep_declared(&before);
        }
        self.factors.retain(|_, held| !ended.contains(&held.id));
        self.bought.retain(|_, held| !ended.contains(&held.id));
        self.redacted.activities.retain(|held| !ended.contains(&held.id));
        self.redacted.factors.retain(|_, id| !ended.contains(id));
        self.redacted.bought.retain(|_, id| !ended.contains(id));
        self.aliases.retain(|_, filed| self.products.contains_key(filed));
    }
}
