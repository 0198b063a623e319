//! Names that a reader takes for one another: letters of other scripts that look like Latin ones, full-width letters, upper and lower case,
//! white space and characters that nobody sees. It compares what is seen; it never says which name is the right one.

/// Letters beside the Latin one that they look like (Unicode TR 39, the pairs between scripts that name companies).
const LOOK_LIKE: &[(char, &str)] = &[
    ('a', "аαАΑ"),
    ('b', "ЬвΒВ"),
    ('c', "сϲСϹ"),
    ('d', "ԁ"),
    ('e', "еΕЕ"),
    ('g', "ɡ"),
    ('h', "һΗНн"),
    ('i', "іιΙІ1lӏ|ıLӀ!"),
    ('j', "јЈ"),
    ('k', "кκΚК"),
    ('m', "мΜМ"),
    ('n', "пΝ"),
    ('o', "оοσΟО0Օօ"),
    ('p', "рρΡР"),
    ('q', "ԛ"),
    ('s', "ѕЅ5"),
    ('t', "тτΤТ"),
    ('u', "υս"),
    ('v', "νѵ"),
    ('w', "ԝѡ"),
    ('x', "хχΧХ"),
    ('y', "уγΥУү"),
    ('z', "ΖᴢZ"),
];

/// True for a character that changes what a name is and is not seen, or that turns round what is seen: zero-width spaces and joiners, soft
/// hyphens, marks and overrides of direction, tags.
pub const fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// True where a reader may take one name for the other.
///
/// ```
/// use pcf_core::model::look_alike;
///
/// assert!(look_alike("Acme Ltd", "ACME  LTD"));
/// assert!(look_alike("Acme Ltd", "\u{410}\u{441}me Ltd")); // two letters are Cyrillic
/// assert!(!look_alike("Acme Ltd", "Acme Inc"));
/// ```
pub fn look_alike(a: &str, b: &str) -> bool {
    skeleton(a).eq(skeleton(b))
}

/// A name as it is seen.
fn skeleton(name: &str) -> impl Iterator<Item = char> + '_ {
    name.chars().filter(|c| !c.is_whitespace() && !is_unseen(*c)).flat_map(|c| latin(c).to_lowercase())
}

fn latin(c: char) -> char {
    let narrow = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    LOOK_LIKE.iter().find(|(_, others)| others.contains(narrow)).map_or(narrow, |(latin, _)| *latin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_other_scripts_and_characters_that_nobody_sees_make_no_other_name() {
        for other in [
            "Асме Ltd",
            "Acme\u{200b} Ltd",
            "\u{202e}Acme Ltd",
            "Ａｃｍｅ Ltd",
            "acme ltd",
            "Acme L td",
            "Acme 1td",
        ] {
            assert!(look_alike("Acme Ltd", other), "{other}");
        }
        for other in ["Acne Ltd", "Acme", "Ltd Acme", ""] {
            assert!(!look_alike("Acme Ltd", other), "{other}");
        }
        assert!(!look_alike("安徽金属", "安微金属"), "what only resembles is not the same");
    }
}
