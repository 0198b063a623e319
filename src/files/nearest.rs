//! Which names speak of the same thing as a text, for sentences that say what was probably meant: by the words they share, also where the trade
//! calls a thing otherwise than a source does, and else by letters, where a word is misspelt. It never decides anything, and rather says nothing
//! than something far from the text.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::library;
use super::likeness::Shingles;

/// Likeness by letters, in thousandths, below which a name that shares no word is not named.
const LIKENESS_MIN: usize = 550;

/// Words that say nothing about a thing.
const IDLE: &[&str] =
    &["and", "for", "from", "other", "per", "the", "with", "factor", "product", "footprint", "urn"];

/// Names by their words.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    shingles: Vec<Shingles>,
    /// The names, by number, that have a word; of Chinese, which has no spaces, every end of a word is one.
    words: BTreeMap<String, BTreeSet<usize>>,
}

impl Names {
    /// Adds a name; its number is how many were added before.
    pub(super) fn add(&mut self, name: &str) {
        let number = self.shingles.len();
        self.shingles.push(Shingles::of(name));
        for word in words(&name.to_lowercase()) {
            let ends = word.char_indices().map(|(at, _)| at).filter(|at| *at == 0 || !word.is_ascii());
            for end in ends.filter_map(|at| word.get(at..)) {
                self.words.entry(end.to_owned()).or_default().insert(number);
            }
        }
    }

    /// The numbers of the names nearest to a text, best first; of a text that speaks of several things, each has its turn.
    pub(super) fn nearest(&self, text: &str, most: usize) -> Vec<usize> {
        let things: Vec<(u32, BTreeSet<usize>)> =
            things(text).iter().map(|thing| self.of_thing(thing)).collect();
        let mut shared: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for (thing, (_, numbers)) in things.iter().enumerate() {
            for number in numbers {
                shared.entry(*number).or_default().insert(thing);
            }
        }
        let wanted = Shingles::of(text);
        let like = |number: usize| self.shingles.get(number).map_or(0, |own| own.likeness(&wanted));
        if shared.is_empty() {
            let all = (0..self.shingles.len()).map(|number| (like(number), Reverse(number)));
            let mut near: Vec<_> = all.filter(|(likeness, _)| *likeness >= LIKENESS_MIN).collect();
            near.sort_unstable_by_key(|near| Reverse(*near));
            return near.into_iter().take(most).map(|(_, Reverse(number))| number).collect();
        }
        let weight = |of: &mut dyn Iterator<Item = &usize>| -> u32 {
            of.filter_map(|thing| things.get(*thing)).map(|(weight, _)| weight).sum()
        };
        let (mut near, mut told) = (Vec::new(), BTreeSet::new());
        while near.len() < most {
            let value = |number: usize, own: &BTreeSet<usize>| {
                (weight(&mut own.difference(&told)), weight(&mut own.iter()), like(number), Reverse(number))
            };
            let best =
                shared.iter().max_by_key(|(number, own)| value(**number, own)).map(|(number, _)| *number);
            let Some((number, own)) = best.and_then(|number| shared.remove_entry(&number)) else { break };
            told.extend(own);
            near.push(number);
        }
        near
    }

    /// The names that speak of a thing, and how much that tells: what few names share tells more than what many do.
    fn of_thing(&self, thing: &[String]) -> (u32, BTreeSet<usize>) {
        let named: BTreeSet<usize> = thing.iter().flat_map(|name| self.called(name)).collect();
        let rare = self.shingles.len().checked_div(named.len()).unwrap_or(1);
        (1 + rare.max(1).ilog2(), named)
    }

    /// The names that hold every word of a thing's name, or begin so.
    fn called(&self, name: &str) -> BTreeSet<usize> {
        let each = name.split(' ').map(|word| -> BTreeSet<usize> {
            // Of several of a thing, one is what is named.
            let word = word.strip_suffix('s').filter(|one| one.len() > 2).unwrap_or(word);
            let from = self.words.range(word.to_owned()..).take_while(|(own, _)| own.starts_with(word));
            from.flat_map(|(_, numbers)| numbers.iter().copied()).collect()
        });
        each.reduce(|one, other| one.intersection(&other).copied().collect()).unwrap_or_default()
    }
}

/// The things that a text speaks of, each by all its names.
fn things(text: &str) -> BTreeSet<Vec<String>> {
    let lower = text.to_lowercase();
    let mut things = BTreeSet::new();
    for word in words(&lower) {
        things.extend(library::meanings(word));
        if !word.is_ascii() {
            let letters: Vec<char> = word.chars().collect();
            things.extend(letters.windows(2).map(|pair| vec![pair.iter().collect()]));
        }
    }
    things
}

/// Words that may say what a thing is: numbers do not.
fn words(lower: &str) -> impl Iterator<Item = &str> {
    let words = lower.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| {
        let tells = word.chars().filter(|c| c.is_alphabetic()).count();
        (!word.is_ascii() && tells > 0 || tells > 2) && !IDLE.contains(word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nearest(names: &[&str], text: &str) -> Vec<usize> {
        let mut all = Names::default();
        names.iter().for_each(|name| all.add(name));
        all.nearest(text, 3)
    }

    #[test]
    fn a_name_is_near_by_the_words_it_shares_and_rare_ones_weigh_more() {
        let names =
            ["steel bar", "steel sheet, galvanised", "aluminium sheet", "steel wire", "petroleum coke"];
        assert_eq!(nearest(&names, "4711 sheet steel galvanised 1.5 mm")[0], 1);
        assert_eq!(nearest(&names, "wires 3 mm"), [3]);
        // Of two things, each has its turn before the second of one.
        assert_eq!(nearest(&names, "coke for aluminium"), [2, 4]);
        assert_eq!(
            nearest(&["zinc oxide", "zinc dust", "zinc", "steel bar", "steel wire"], "steel, zinc-plated")
                [..2],
            [3, 2]
        );
        // Letters alike are not the same thing.
        assert_eq!(nearest(&names, "Strom"), [0; 0]);
        assert_eq!(nearest(&names, "the bark of a tree"), [0; 0]);
    }

    #[test]
    fn the_trades_words_and_chinese_find_what_sources_call_otherwise() {
        let names = ["natural gas, per kWh", "HGV, average laden", "铝锭 A356", "paper"];
        assert_eq!(nearest(&names, "天然气"), [0]);
        assert_eq!(nearest(&names, "truck 18 t"), [1]);
        assert_eq!(nearest(&names, "重熔铝锭"), [2]);
        assert_eq!(nearest(&names, "gas"), [0]);
    }

    #[test]
    fn a_misspelt_word_is_found_by_its_letters() {
        assert_eq!(nearest(&["galvanised", "aluminium"], "galvinised"), [0]);
    }
}
