//! Where and of what batch a statement is, as folded names: `Plant 7` and `plant  7` are one site.

use std::collections::HashMap;

use crate::calc::Held;
use crate::model::{Activity, ActivityHeader, Text, folded};

/// A folded name by number; none where nothing is named, which restricts nothing.
pub(in crate::calc) type Named = Option<u32>;

/// Site and batch of a statement.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(in crate::calc) struct Place {
    pub(super) site: Named,
    pub(super) batch: Named,
}

impl Place {
    /// True unless both name a site, or both a batch, and these differ.
    pub(super) fn meets(self, other: Self) -> bool {
        meets(self.site, other.site) && meets(self.batch, other.batch)
    }
}

/// True unless both are named and differ.
pub(super) fn meets(one: Named, other: Named) -> bool {
    one.is_none() || other.is_none() || one == other
}

/// Folded names by number.
#[derive(Debug, Default)]
pub(super) struct Numbers<'t> {
    spelt: HashMap<&'t str, u32>,
    folded: HashMap<String, u32>,
}

impl<'t> Numbers<'t> {
    /// The number that all spellings of a name have.
    pub(super) fn of(&mut self, name: &'t Text) -> u32 {
        let text = name.as_str();
        if let Some(known) = self.spelt.get(text) {
            return *known;
        }
        let next = u32::try_from(self.folded.len()).unwrap_or(u32::MAX); // OK because memory ends before.
        let number = *self.folded.entry(folded(text)).or_insert(next);
        self.spelt.insert(text, number);
        number
    }
}

impl Numbers<'_> {
    /// The number of a name; one that nothing has where nothing is called so.
    fn known(&self, name: &Text) -> u32 {
        self.folded.get(&folded(name.as_str())).copied().unwrap_or(u32::MAX)
    }
}

/// The places of all activities.
#[derive(Debug)]
pub(in crate::calc) struct Places<'a> {
    of: Vec<Place>,
    sites: Numbers<'a>,
    batches: Numbers<'a>,
}

impl<'a> Places<'a> {
    pub(in crate::calc) fn new(activities: &'a [Held<Activity>]) -> Self {
        let (mut sites, mut batches) = (Numbers::default(), Numbers::default());
        let place = |held: &'a Held<Activity>| Place {
            site: held.statement.site.as_ref().map(|site| sites.of(&site.name)),
            batch: held.statement.batch.as_ref().map(|batch| batches.of(batch)),
        };
        Self { of: activities.iter().map(place).collect(), sites, batches }
    }

    pub(in crate::calc) fn of(&self, activity: u32) -> Place {
        self.of.get(activity as usize).copied().unwrap_or_default()
    }

    /// The place of a statement of which the header alone is at hand.
    pub(super) fn of_header(&self, said: &ActivityHeader) -> Place {
        let site = said.site.as_ref().map(|site| self.sites.known(site));
        Place { site, batch: said.batch.as_ref().map(|batch| self.batches.known(batch)) }
    }

    /// The number of a batch that is asked for; one that nothing has where no statement names it.
    pub(in crate::calc) fn batch(&self, name: &Text) -> u32 {
        self.batches.known(name)
    }
}
