//! How alike two texts are, for sentences that say what was probably meant. It never decides anything.

use std::collections::BTreeSet;

/// The known name that differs least, if it differs little.
pub fn nearest<'c>(name: &str, known: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let lower = name.to_lowercase();
    let apart = known.map(|known| (edits(&lower, &known.to_lowercase()), known));
    let (distance, known) = apart.min_by_key(|(distance, _)| *distance)?;
    (distance <= known.len().div_ceil(3)).then_some(known)
}

/// Levenshtein's distance, on texts cut at 64 characters.
pub fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(64).enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |cells: &[usize], k: usize| cells.get(k).copied().unwrap_or(usize::MAX / 2);
            let changed = at(&row, j) + usize::from(x != *y);
            next.push(changed.min(at(&row, j + 1) + 1).min(at(&next, j) + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

/// A text as the set of its pairs of neighbouring characters, word by word, which is how alike texts are found however their words stand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Shingles(BTreeSet<(char, char)>);

impl Shingles {
    pub(super) fn of(text: &str) -> Self {
        let lower = text.to_lowercase();
        let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let pairs = words.flat_map(|word| {
            let around = std::iter::once(' ').chain(word.chars());
            around.zip(word.chars().chain(std::iter::once(' '))).collect::<Vec<_>>()
        });
        Self(pairs.take(256).collect())
    }

    /// From 0, nothing in common, to 1000, the same (Dice's coefficient in thousandths).
    pub(super) fn likeness(&self, other: &Self) -> usize {
        let all = self.0.len() + other.0.len();
        let shared = self.0.intersection(&other.0).count();
        (2000 * shared).checked_div(all).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alike_texts_are_nearer_than_others_whatever_the_order_of_their_words() {
        let wanted = Shingles::of("steel sheet galvanised");
        let near = Shingles::of("Galvanised steel sheet, hot rolled").likeness(&wanted);
        assert!(near > 600, "{near}");
        assert!(near > Shingles::of("aluminium ingot").likeness(&wanted));
        assert_eq!(wanted.likeness(&wanted), 1000);
        assert_eq!(Shingles::of("").likeness(&Shingles::of("")), 0);
        assert!(Shingles::of("铝锭 A356").likeness(&Shingles::of("铝锭")) > 500);
    }
}
