//! Products inputs first, with those that consume each other together. What fails by itself leaves
//! its loop, and the rest is looked at again.

use super::components::{self, Components, Edges};
use crate::calc::rows::Rows;

/// What is done with products when everything that they consume is known.
pub(super) trait Step {
    /// A product that does not consume itself.
    fn one(&mut self, number: u32);

    /// Products that consume each other. Gives back those that fail by themselves, sorted; none
    /// where all of them are settled.
    fn several(&mut self, members: &[u32]) -> Vec<u32>;
}

impl Edges for Rows<'_> {
    fn count(&self) -> usize {
        self.products()
    }

    fn targets(&self, node: u32) -> &[u32] {
        self.inputs(node as usize)
    }
}

/// Takes the products that are needed through `step`, in the order of `components`.
pub(super) fn walk(rows: &Rows<'_>, components: &Components, step: &mut impl Step) {
    for members in components.iter() {
        if members.first().is_some_and(|first| rows.is_needed(*first as usize)) {
            component(rows, members, step);
        }
    }
}

/// True where some of `members` consumes one of them; they are sorted.
pub(super) fn is_loop(rows: &Rows<'_>, members: &[u32]) -> bool {
    let inside = |input: &u32| members.binary_search(input).is_ok();
    members.len() > 1 || members.iter().any(|n| rows.inputs(*n as usize).iter().any(inside))
}

fn component(rows: &Rows<'_>, members: &[u32], step: &mut impl Step) {
    if !is_loop(rows, members) {
        members.iter().for_each(|number| step.one(*number));
        return;
    }
    let mut open = vec![members.to_vec()];
    while let Some(members) = open.pop() {
        if !is_loop(rows, &members) {
            members.iter().for_each(|number| step.one(*number));
            continue;
        }
        let failed = step.several(&members);
        if failed.is_empty() {
            continue;
        }
        let left: Vec<u32> = members.into_iter().filter(|n| failed.binary_search(n).is_err()).collect();
        let place = |to: &u32| left.binary_search(to).ok().map(crate::calc::lower::index);
        let within = |n: &u32| rows.inputs(*n as usize).iter().filter_map(place).collect();
        let parts = components::components(&left.iter().map(within).collect::<Vec<Vec<u32>>>());
        let named = |part: &[u32]| part.iter().filter_map(|i| left.get(*i as usize).copied()).collect();
        let mut parts: Vec<Vec<u32>> = parts.iter().map(named).collect();
        parts.reverse();
        open.extend(parts);
    }
}
