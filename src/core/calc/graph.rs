//! The order in which products are calculated: strongly connected components, inputs first. Knows numbers only, no product; never recurses.

/// The strongly connected components of a graph, each after everything it points to (Tarjan 1972, iterative). Members are sorted.
///
/// Numbers outside the graph are left out.
pub(super) fn components(edges: &impl Edges) -> Vec<Vec<usize>> {
    let mut walk = Walk {
        edges,
        order: vec![UNSEEN; edges.count()],
        low: vec![0; edges.count()],
        open: vec![false; edges.count()],
        stack: Vec::new(),
        found: Vec::new(),
        next: 0,
    };
    for root in 0..edges.count() {
        walk.from(root);
    }
    walk.found
}

/// A graph whose nodes are the numbers from 0 on.
pub(super) trait Edges {
    /// How many nodes there are.
    fn count(&self) -> usize;
    /// What a node consumes, by place; `None` after the last.
    fn target(&self, node: usize, at: usize) -> Option<usize>;
}

impl Edges for Vec<Vec<usize>> {
    fn count(&self) -> usize {
        self.len()
    }

    fn target(&self, node: usize, at: usize) -> Option<usize> {
        self.get(node)?.get(at).copied()
    }
}

const UNSEEN: usize = usize::MAX;

struct Walk<'a, E> {
    edges: &'a E,
    order: Vec<usize>,
    low: Vec<usize>,
    open: Vec<bool>,
    stack: Vec<usize>,
    found: Vec<Vec<usize>>,
    next: usize,
}

// Indexing is safe here: every number on a stack came from `0..count`, the length of all four vectors.
impl<E: Edges> Walk<'_, E> {
    fn from(&mut self, root: usize) {
        if self.order[root] != UNSEEN {
            return;
        }
        let mut path = vec![(root, 0)];
        self.enter(root);
        while let Some((node, at)) = path.last_mut() {
            let (node, edge) = (*node, self.edges.target(*node, *at));
            *at += 1;
            match edge {
                Some(to) if to >= self.order.len() => {}
                Some(to) if self.order[to] == UNSEEN => {
                    self.enter(to);
                    path.push((to, 0));
                }
                Some(to) if self.open[to] => self.low[node] = self.low[node].min(self.order[to]),
                Some(_) => {}
                None => {
                    path.pop();
                    if let Some((parent, _)) = path.last() {
                        self.low[*parent] = self.low[*parent].min(self.low[node]);
                    }
                    self.close(node);
                }
            }
        }
    }

    fn enter(&mut self, node: usize) {
        (self.order[node], self.low[node], self.open[node]) = (self.next, self.next, true);
        self.next += 1;
        self.stack.push(node);
    }

    fn close(&mut self, node: usize) {
        if self.low[node] != self.order[node] {
            return;
        }
        let mut members = Vec::new();
        while let Some(member) = self.stack.pop() {
            self.open[member] = false;
            members.push(member);
            if member == node {
                break;
            }
        }
        members.sort_unstable();
        self.found.push(members);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_come_before_what_consumes_them() {
        let found = components(&vec![vec![1, 2], vec![2], vec![], vec![0]]);
        assert_eq!(found, [vec![2], vec![1], vec![0], vec![3]]);
    }

    #[test]
    fn a_loop_is_one_component() {
        let found = components(&vec![vec![1], vec![2], vec![1, 0], vec![0, 3]]);
        assert_eq!(found, [vec![0, 1, 2], vec![3]]);
    }

    #[test]
    fn a_chain_of_a_million_needs_no_deep_stack() {
        let n = 1_000_000;
        let edges: Vec<Vec<usize>> = (0..n).map(|i| if i + 1 < n { vec![i + 1] } else { vec![] }).collect();
        let found = components(&edges);
        assert_eq!((found.len(), &found[0]), (n, &vec![n - 1]));
    }
}
