//! Names that look alike, described: full-width letters as plain ones, what nobody sees by its code
//! point, where two spellings of one name differ.

use pcf_core::model::is_unseen;
pub(crate) use pcf_core::model::{fold_case_kept as folded_in_its_case, folded, plain_form as plain};

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
    fn what_nobody_sees_is_shown_by_its_code_point() {
        assert_eq!(shown("assembly\u{200b}"), "assembly<U+200B>");
        assert_eq!(shown("Plant\u{a0}7"), "Plant<U+00A0>7");
        assert_eq!(shown("压铸 A380"), "压铸 A380");
        assert_eq!(told_apart("Plant\u{a0}7", "Plant 7"), "by U+00A0 here and U+0020 there");
        assert_eq!(told_apart("a  b", "a b"), "in their white space");
    }
}
