//! Everything that held, product after product in turns: each turn is an inventory of some products
//! with all that they rest on, and is let go before memory fills. Whoever has threads takes turns
//! on each of them.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::sync::{Mutex, PoisonError};

use super::reach::Reach;
use super::{Holdings, Sought};
use crate::calc::Inventory;
use crate::model::{ProductId, StatementKind};

/// Some products with all that they rest on.
#[derive(Debug)]
#[non_exhaustive]
pub struct Turn {
    /// All that the footprints of the products can depend on.
    pub inventory: Inventory,
    /// The products whose turn it is, by the ids they are filed under: each has its turn once. The
    /// inventory holds others, too.
    pub products: BTreeSet<ProductId>,
}

/// The products of a log, until each had its turn.
pub struct Turns<'a, H> {
    holdings: &'a H,
    statements: usize,
    left: Mutex<Left>,
}

/// Product statements by their numbers.
struct Left {
    open: std::vec::IntoIter<usize>,
    done: BTreeSet<usize>,
}

impl Left {
    fn next(&mut self) -> Option<usize> {
        self.open.by_ref().find(|number| !self.done.contains(number))
    }
}

impl<'a, H: Holdings> Turns<'a, H> {
    /// Every product that held. A turn takes in no further product once it has so many activities
    /// and publications.
    ///
    /// # Errors
    /// Where the log cannot be looked up.
    pub fn new(holdings: &'a H, statements: NonZero<usize>) -> Result<Self, H::Error> {
        let open = holdings.held(&Sought::Kind(StatementKind::Product))?.into_iter();
        let left = Mutex::new(Left { open, done: BTreeSet::new() });
        Ok(Self { holdings, statements: statements.get(), left })
    }

    /// The next turn; none once each product had its own.
    ///
    /// # Errors
    /// As [`inventory_of`](super::inventory_of).
    pub fn next(&self) -> Result<Option<Turn>, H::Error> {
        let mut reach = Reach::new(self.holdings, None);
        while reach.found() < self.statements
            && let Some(number) = self.with_left(Left::next)
        {
            reach.add(number)?;
        }
        let mine = |left: &mut Left| {
            let mine = reach.whole_products().filter(|(number, _)| left.done.insert(*number));
            mine.map(|(_, id)| id.clone()).collect::<BTreeSet<_>>()
        };
        let products = self.with_left(mine);
        let is_over = products.is_empty() && self.with_left(|left| left.open.len() == 0);
        Ok((!is_over).then(|| Turn { inventory: reach.inventory(), products }))
    }

    fn with_left<T>(&self, of: impl FnOnce(&mut Left) -> T) -> T {
        of(&mut self.left.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
