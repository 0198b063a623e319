//! The one reverse pass: how many declared units of every product of a chain one declared unit of
//! the asked product needs. From the asked product towards its inputs, in whole numbers of 2^-96;
//! inside a loop what flows back is followed until less than 2^-80 units are left.

use std::collections::BTreeMap;

use super::chain::{BITS, Chain, Part, Target, WHAT};
use crate::model::ValueError;
use crate::model::wide::{Wide, product, sum};

/// Activity levels: nodes with their level, consumers before inputs.
#[derive(Debug, Default)]
pub(in crate::calc) struct Levels {
    pub(in crate::calc) nodes: Vec<(usize, Wide)>,
}

/// What is left unfollowed in a loop, in 2^-96 units.
const LEFT: u32 = 16;

/// How many lines of one loop are followed before it counts as not converging.
const STEPS_MAX: usize = 2_000_000_000;

/// `a * b` of two numbers of 2^-96.
pub(in crate::calc) fn scaled(a: Wide, b: Wide) -> Result<Wide, ValueError> {
    Ok(product(a, b, WHAT)? >> BITS)
}

pub(in crate::calc) fn one() -> Wide {
    Wide::ONE << BITS
}

/// A pass under way: what each node is still to pass on.
struct Pass<'c, 'a> {
    chain: &'c Chain<'a>,
    /// Per node, its place in `level` plus one; 0 where nothing has arrived.
    place: Vec<u32>,
    level: Vec<Wide>,
    /// One bit a node with something to pass on.
    pending: Vec<u64>,
}

/// The levels that one declared unit at the gate of `node` and one unit of each of `own` ask for.
pub(in crate::calc) fn levels<'c, 'a: 'c>(
    chain: &'c Chain<'a>,
    node: Option<usize>,
    own: impl IntoIterator<Item = &'c Part<'a>>,
) -> Result<Levels, ValueError> {
    let count = chain.nodes.len();
    let mut pass =
        Pass { chain, place: vec![0; count], level: Vec::new(), pending: vec![0; count.div_ceil(64)] };
    if let Some(node) = node {
        pass.arrive(node, one())?;
    }
    for part in own {
        pass.push(part, one())?;
    }
    let mut levels = Levels::default();
    let mut word = pass.pending.len();
    while let Some(at) = word.checked_sub(1) {
        let bits = pass.pending.get(at).copied().unwrap_or_default();
        if bits == 0 {
            word = at;
            continue;
        }
        let top = 63 - bits.leading_zeros() as usize; // OK because u32 fits usize.
        let number = at * 64 + top;
        match chain.nodes.get(number).and_then(|node| node.looped) {
            None => {
                let level = pass.take(number);
                pass.push_node(number, level)?;
                levels.nodes.push((number, level));
            }
            Some(looped) => pass.follow(looped, &mut levels)?,
        }
    }
    Ok(levels)
}

impl<'c, 'a> Pass<'c, 'a> {
    fn arrive(&mut self, node: usize, more: Wide) -> Result<(), ValueError> {
        let Some(place) = self.place.get_mut(node) else { return Ok(()) };
        if *place == 0 {
            self.level.push(Wide::ZERO);
            let places = u32::try_from(self.level.len());
            *place = places.map_err(|_| ValueError::Overflow { what: WHAT })?;
        }
        // OK because places count from one and u32 fits usize.
        if let Some(level) = self.level.get_mut(*place as usize - 1) {
            *level = sum(*level, more, WHAT)?;
        }
        if let Some(word) = self.pending.get_mut(node / 64) {
            *word |= 1 << (node % 64);
        }
        Ok(())
    }

    /// What has arrived at a node since it was last asked.
    fn take(&mut self, node: usize) -> Wide {
        if let Some(word) = self.pending.get_mut(node / 64) {
            *word &= !(1 << (node % 64));
        }
        let place = self.place.get(node).copied().unwrap_or_default() as usize;
        let level = place.checked_sub(1).and_then(|at| self.level.get_mut(at));
        level.map_or(Wide::ZERO, |level| std::mem::replace(level, Wide::ZERO))
    }

    fn push(&mut self, part: &Part<'a>, level: Wide) -> Result<(), ValueError> {
        for line in self.chain.lines_of(part) {
            if let Target::Node(input) = line.target {
                self.arrive(input, scaled(level, line.coefficient)?)?;
            }
        }
        Ok(())
    }

    fn push_node(&mut self, node: usize, level: Wide) -> Result<usize, ValueError> {
        let Some(parts) = self.chain.nodes.get(node).map(|n| &n.parts) else { return Ok(0) };
        let mut lines = 0;
        for part in self.chain.parts_of(parts) {
            self.push(part, level)?;
            lines += part.lines.len();
        }
        Ok(lines)
    }

    /// Round and round a loop until next to nothing comes back.
    fn follow(&mut self, looped: usize, levels: &mut Levels) -> Result<(), ValueError> {
        let Some(members) = self.chain.loops.get(looped).cloned() else { return Ok(()) };
        let (mut total, mut steps) = (BTreeMap::new(), 0_usize);
        loop {
            let mut left = Wide::ZERO;
            for node in members.clone().rev() {
                let level = self.take(node);
                if level == 0 {
                    continue;
                }
                left = left.max(level.abs());
                let so_far = total.entry(node).or_insert(Wide::ZERO);
                *so_far = sum(*so_far, level, WHAT)?;
                steps += self.push_node(node, level)?;
            }
            if left >> LEFT == 0 {
                break;
            }
            if steps > STEPS_MAX {
                let problem = "the loop converges too slowly for its parts to be told apart".to_owned();
                return Err(ValueError::Combination { what: WHAT, problem });
            }
        }
        for node in members.clone() {
            self.take(node);
        }
        levels.nodes.extend(total.into_iter().rev());
        Ok(())
    }
}
