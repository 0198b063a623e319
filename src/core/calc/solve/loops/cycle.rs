//! The cycle of a loop with the largest mean gain, for error messages: damped value iteration in
//! the max-times algebra. Chooses what is shown; no figure depends on it.

#![allow(clippy::float_arithmetic, reason = "only chooses which cycle an error shows")]

use super::guess::float;
use crate::model::wide::Wide;

/// Edges that are looked at in all sweeps together.
const WORK_MAX: usize = 20_000_000;

/// Sweeps over all edges, at least and at most.
const SWEEPS: (usize, usize) = (8, 512);

/// A node that an edge leads to, and the edge's size.
type Edge = (usize, f64);

/// The nodes of a cycle of `edges` (for each node what it takes, and how much of it), beginning
/// with the smallest; signs do not count. `None` where every way ends.
pub(in crate::calc::solve) fn strongest(edges: &[Vec<(usize, Wide)>]) -> Option<Vec<usize>> {
    let size = |edge: &(usize, Wide)| (edge.0, float(&edge.1).abs());
    let sizes: Vec<Vec<Edge>> = edges.iter().map(|of| of.iter().map(size).collect()).collect();
    let count: usize = sizes.iter().map(Vec::len).sum();
    let sweeps = (WORK_MAX / count.max(1)).clamp(SWEEPS.0, SWEEPS.1);
    let (mut values, mut best) = (vec![1.0_f64; sizes.len()], None);
    for sweep in 0..sweeps {
        let choice: Vec<Option<Edge>> = sizes.iter().map(|of| largest(of, &values)).collect();
        if sweep + 1 == sweeps || sweep.is_power_of_two() || sweep == 0 {
            best = better(best, &choice);
        }
        let next: Vec<f64> = choice
            .iter()
            .zip(&values)
            .map(|(edge, own)| {
                let taken = edge.map_or(0.0, |(to, size)| size * values.get(to).copied().unwrap_or(0.0));
                (taken * own).sqrt()
            })
            .collect();
        let most = next.iter().fold(f64::MIN_POSITIVE, |most, value| most.max(*value));
        values = next.into_iter().map(|value| (value / most).max(1e-150)).collect();
    }
    best.map(|(_, cycle)| cycle)
}

/// The edge that leads furthest; the first of equal ones.
fn largest(edges: &[Edge], values: &[f64]) -> Option<Edge> {
    let worth = |edge: &Edge| edge.1 * values.get(edge.0).copied().unwrap_or(0.0);
    edges.iter().copied().filter(|edge| edge.1 > 0.0).fold(None, |best: Option<Edge>, edge| match best {
        Some(best) if worth(&best) >= worth(&edge) => Some(best),
        _ => Some(edge),
    })
}

/// The cycle with the largest mean gain among `best` and those that the choices run into.
fn better(mut best: Option<(f64, Vec<usize>)>, choice: &[Option<Edge>]) -> Option<(f64, Vec<usize>)> {
    let mut seen = vec![usize::MAX; choice.len()];
    for root in 0..choice.len() {
        let (mut at, mut path) = (root, Vec::new());
        while seen.get(at) == Some(&usize::MAX) {
            if let Some(mark) = seen.get_mut(at) {
                *mark = root;
            }
            let Some((to, size)) = choice.get(at).copied().flatten() else { break };
            path.push((at, size));
            at = to;
        }
        let Some(first) = path.iter().position(|(node, _)| *node == at) else { continue };
        let cycle = path.split_off(first);
        let log: f64 = cycle.iter().map(|(_, size)| libm::log(*size)).sum();
        #[allow(clippy::cast_precision_loss, reason = "a number of products")]
        let mean = log / cycle.len() as f64;
        if best.as_ref().is_none_or(|(known, _)| mean > *known + 1e-9) {
            let mut nodes: Vec<usize> = cycle.into_iter().map(|(node, _)| node).collect();
            let smallest = nodes.iter().enumerate().min_by_key(|(_, node)| **node).map_or(0, |(at, _)| at);
            nodes.rotate_left(smallest);
            best = Some((mean, nodes));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(edges: &[(usize, usize, i64)]) -> Option<Vec<usize>> {
        let nodes = edges.iter().map(|e| e.0.max(e.1) + 1).max().unwrap();
        let mut by_node = vec![Vec::new(); nodes];
        edges.iter().for_each(|e| by_node[e.0].push((e.1, Wide::from(e.2))));
        strongest(&by_node)
    }

    #[test]
    fn the_cycle_with_the_largest_mean_gain_is_found() {
        assert_eq!(found(&[(0, 1, 10), (1, 0, 1), (0, 2, 5), (2, 0, 5)]), Some(vec![0, 2]));
        assert_eq!(found(&[(0, 1, 1), (1, 2, 1), (2, 0, 100), (2, 2, 3)]), Some(vec![0, 1, 2]));
        assert_eq!(found(&[(0, 1, 9), (1, 0, 9), (1, 1, 10)]), Some(vec![1]));
        assert_eq!(found(&[(0, 1, -3), (1, 0, -3), (1, 1, 2)]), Some(vec![0, 1]), "credits too");
    }

    #[test]
    fn a_graph_whose_ways_all_end_has_no_cycle() {
        assert_eq!(found(&[(0, 1, 1), (1, 2, 1)]), None);
        assert_eq!(found(&[(0, 1, 1), (1, 0, 0)]), None, "an amount of zero leads nowhere");
    }

    #[test]
    fn a_large_ring_with_a_strong_pair_in_it_shows_the_pair() {
        let mut ring: Vec<(usize, usize, i64)> = (0..2_000).map(|i| (i, (i + 1) % 2_000, 10)).collect();
        ring.extend([(700, 1_400, 12), (1_400, 700, 11)]);
        assert_eq!(found(&ring), Some(vec![700, 1_400]));
    }
}
