//! Names as a reader compares them: compatibility forms, case, white space, dashes and characters
//! that nobody sees make no other name. It compares and describes; it never changes what a
//! statement says.

use pcf_core::model::is_unseen;
use unicode_normalization::UnicodeNormalization;

/// A text in the forms that a table of words is written in: compatibility forms composed
/// (full-width letters, `³`, decomposed umlauts), no-break spaces as spaces, without white space at
/// its ends.
pub(crate) fn plain(text: &str) -> String {
    if text.is_ascii() {
        return text.trim().to_owned();
    }
    text.nfkc().collect::<String>().trim().to_owned()
}

/// Full-width letters, digits and signs as the plain ones; everything else as it stands: `10²` is
/// not 102.
pub(crate) fn half_width(text: &str) -> String {
    let plain = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    };
    text.chars().map(plain).collect()
}

/// What two spellings of one name have in common.
pub(crate) fn folded(name: &str) -> String {
    fold(name, true)
}

/// As [`folded`], with upper and lower case told apart.
pub(crate) fn folded_in_its_case(name: &str) -> String {
    fold(name, false)
}

fn fold(name: &str, lower: bool) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.nfkc().filter(|c| !is_unseen(*c)) {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if is_dash(c) {
            out.push('-');
        } else if lower {
            out.extend(c.to_lowercase());
        } else {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

const fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ad}')
}

/// A name with every character that nobody sees, or that looks like another one, shown by its code
/// point.
pub(crate) fn shown(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        let plain = c == ' ' || !(c.is_whitespace() || is_unseen(c) || c.is_control() || is_combining(c));
        let dash = is_dash(c) && c != '-';
        if plain && !dash && c != '\u{fffd}' {
            out.push(c);
        } else {
            out.push_str(&format!("<U+{:04X}>", u32::from(c)));
        }
    }
    out
}

fn is_combining(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// The code points in which two spellings of one name differ, for a sentence.
pub(crate) fn told_apart(one: &str, other: &str) -> String {
    let points = |name: &str, than: &str| -> Vec<String> {
        let mut found: Vec<String> =
            name.chars().filter(|c| !than.contains(*c)).map(|c| format!("U+{:04X}", u32::from(c))).collect();
        found.dedup();
        found.truncate(4);
        found
    };
    let (here, there) = (points(one, other), points(other, one));
    match (here.is_empty(), there.is_empty()) {
        (true, true) => "in their white space".to_owned(),
        (false, true) => format!("by {} here", here.join(" ")),
        (true, false) => format!("by {} there", there.join(" ")),
        (false, false) => format!("by {} here and {} there", here.join(" "), there.join(" ")),
    }
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
        assert_ne!(folded("Plant 7"), folded("Plant 8"));
        assert_ne!(folded_in_its_case("Plant 7"), folded_in_its_case("plant 7"));
        assert_eq!(folded_in_its_case("Plant\u{a0}7"), folded_in_its_case("Plant 7"));
    }

    #[test]
    fn what_nobody_sees_is_shown_by_its_code_point() {
        assert_eq!(shown("assembly\u{200b}"), "assembly<U+200B>");
        assert_eq!(shown("Plant\u{a0}7"), "Plant<U+00A0>7");
        assert_eq!(shown("压铸 A380"), "压铸 A380");
        assert_eq!(told_apart("Plant\u{a0}7", "Plant 7"), "by U+00A0 here and U+0020 there");
        assert_eq!(told_apart("a  b", "a b"), "in their white space");
    }
}
