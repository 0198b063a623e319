//! Names as a reader compares them: compatibility forms, case, white space, dashes and characters
//! that nobody sees make no other name. It compares; it never changes what a statement says.

use unicode_normalization::UnicodeNormalization;

use super::is_unseen;

/// A text in the forms that a table of words is written in: compatibility forms composed
/// (full-width letters, `³`, decomposed umlauts), no-break spaces as spaces, without white space at
/// its ends.
pub fn plain_form(text: &str) -> String {
    if text.is_ascii() {
        return text.trim().to_owned();
    }
    text.nfkc().collect::<String>().trim().to_owned()
}

/// What two spellings of one name have in common.
///
/// ```
/// use pcf_core::model::folded;
/// assert_eq!(folded("Plant  7"), folded("plant 7"));
/// assert_ne!(folded("Plant 7"), folded("Plant 8"));
/// ```
pub fn folded(name: &str) -> String {
    fold(name, true)
}

/// True for two spellings of one name.
pub fn is_same_name(one: &str, other: &str) -> bool {
    one == other || folded(one) == folded(other)
}

/// As [`folded`], with upper and lower case told apart.
pub fn fold_case_kept(name: &str) -> String {
    fold(name, false)
}

fn fold(name: &str, lower: bool) -> String {
    if name.is_ascii() {
        return joined(name.chars(), lower); // Its own compatibility form, and all of it is seen.
    }
    joined(name.nfkc().filter(|c| !is_unseen(*c)), lower)
}

fn joined(name: impl Iterator<Item = char>, lower: bool) -> String {
    let mut out = String::with_capacity(name.size_hint().1.unwrap_or_default());
    for c in name {
        if c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ad}') {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if lower && c.is_ascii() {
            out.push(c.to_ascii_lowercase());
        } else if lower {
            out.extend(c.to_lowercase());
        } else {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_fold_to_the_same() {
        for other in
            ["Plant\u{a0}7", "plant 7", "Plant  7", "Plant\u{200b} 7", "Ｐｌａｎｔ 7", " Plant 7\u{3000}"]
        {
            assert_eq!(folded("Plant 7"), folded(other), "{other}");
        }
        assert_eq!(folded("St\u{fc}ck"), folded("Stu\u{308}ck"));
        assert_eq!(folded("A\u{2011}7"), folded("a-7"));
        assert_eq!(folded("Plant-7"), folded("Plant 7"));
        assert_ne!(folded("3-5"), folded("35"));
        assert_ne!(folded("Plant 7"), folded("Plant 8"));
        assert_ne!(fold_case_kept("Plant 7"), fold_case_kept("plant 7"));
        assert_eq!(fold_case_kept("Plant\u{a0}7"), fold_case_kept("Plant 7"));
    }
}
