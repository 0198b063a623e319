//! The order in which products are calculated: strongly connected components, inputs first. Knows
//! numbers only, no product; never recurses.

use crate::calc::lower::index;

/// Strongly connected components, each after everything it points to.
#[derive(Debug, Default)]
pub(in crate::calc) struct Components {
    members: Vec<u32>,
    ends: Vec<u32>,
}

impl Components {
    /// Each component, its members sorted.
    pub(in crate::calc) fn iter(&self) -> impl Iterator<Item = &[u32]> {
        let mut from = 0;
        self.ends.iter().filter_map(move |end| {
            let members = self.members.get(from as usize..*end as usize);
            from = *end;
            members
        })
    }
}

/// The strongly connected components of a graph (Tarjan 1972, iterative). Numbers outside the graph
/// are left out.
pub(in crate::calc) fn components(edges: &impl Edges) -> Components {
    let mut walk = Walk {
        edges,
        order: vec![UNSEEN; edges.count()],
        low: vec![0; edges.count()],
        open: vec![false; edges.count()],
        stack: Vec::new(),
        path: Vec::new(),
        found: Components::default(),
        next: 0,
    };
    for root in 0..index(edges.count()) {
        walk.from(root);
    }
    walk.found
}

/// A graph whose nodes are the numbers from 0 on.
pub(in crate::calc) trait Edges {
    /// How many nodes there are.
    fn count(&self) -> usize;
    /// What a node consumes.
    fn targets(&self, node: u32) -> &[u32];
}

impl Edges for Vec<Vec<u32>> {
    fn count(&self) -> usize {
        self.len()
    }

    fn targets(&self, node: u32) -> &[u32] {
        self.get(node as usize).map_or(&[], Vec::as_slice)
    }
}

const UNSEEN: u32 = u32::MAX;

struct Walk<'a, E> {
    edges: &'a E,
    order: Vec<u32>,
    low: Vec<u32>,
    open: Vec<bool>,
    stack: Vec<u32>,
    /// Nodes under way, each with the place of its next target.
    path: Vec<(u32, usize)>,
    found: Components,
    next: u32,
}

// Indexing is safe here: every number on a stack came from `0..count`, the length of all four
// vectors.
impl<E: Edges> Walk<'_, E> {
    fn from(&mut self, root: u32) {
        if self.order[root as usize] != UNSEEN {
            return;
        }
        self.enter(root);
        while let Some((node, at)) = self.path.last_mut() {
            let node = *node;
            let target = self.edges.targets(node).get(*at).copied();
            *at += 1;
            match target {
                Some(to) if to as usize >= self.order.len() => {}
                Some(to) if self.order[to as usize] == UNSEEN => self.enter(to),
                Some(to) if self.open[to as usize] => self.lower(node, self.order[to as usize]),
                Some(_) => {}
                None => {
                    self.path.pop();
                    if let Some((parent, _)) = self.path.last() {
                        self.lower(*parent, self.low[node as usize]);
                    }
                    self.close(node);
                }
            }
        }
    }

    fn lower(&mut self, node: u32, to: u32) {
        let low = &mut self.low[node as usize];
        *low = (*low).min(to);
    }

    fn enter(&mut self, node: u32) {
        let at = node as usize;
        (self.order[at], self.low[at], self.open[at]) = (self.next, self.next, true);
        self.next += 1;
        self.stack.push(node);
        self.path.push((node, 0));
    }

    fn close(&mut self, node: u32) {
        if self.low[node as usize] != self.order[node as usize] {
            return;
        }
        let first = self.found.members.len();
        while let Some(member) = self.stack.pop() {
            self.open[member as usize] = false;
            self.found.members.push(member);
            if member == node {
                break;
            }
        }
        if let Some(members) = self.found.members.get_mut(first..) {
            members.sort_unstable();
        }
        self.found.ends.push(index(self.found.members.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(edges: Vec<Vec<u32>>) -> Vec<Vec<u32>> {
        components(&edges).iter().map(<[u32]>::to_vec).collect()
    }

    #[test]
    fn inputs_come_before_what_consumes_them() {
        let found = found(vec![vec![1, 2], vec![2], vec![], vec![0]]);
        assert_eq!(found, [vec![2], vec![1], vec![0], vec![3]]);
    }

    #[test]
    fn a_loop_is_one_component() {
        let found = found(vec![vec![1], vec![2], vec![1, 0], vec![0, 3]]);
        assert_eq!(found, [vec![0, 1, 2], vec![3]]);
    }

    #[test]
    fn a_chain_of_a_million_needs_no_deep_stack() {
        let n = 1_000_000;
        let edges: Vec<Vec<u32>> = (0..n).map(|i| if i + 1 < n { vec![i + 1] } else { vec![] }).collect();
        let found = found(edges);
        assert_eq!((found.len(), &found[0]), (n as usize, &vec![n - 1]));
    }
}
