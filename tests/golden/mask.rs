//! Masks what differs from run to run where the command itself takes salts and times: digests,
//! UUIDs, times,
//! and keys in base64. Figures and words stay.

use pcf_testing::calendar::moved;

/// What help shows of a publication in 2026.
const EXAMPLE: &str = "--period 2024 --valid-until 2027-12-31";

/// The text with the example of a publication as it is in 2026; its years move with the clock.
pub fn in_2026(text: &str) -> String {
    text.replace(&moved(EXAMPLE), EXAMPLE)
}

/// The text with every such token in place of it.
pub fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let token = [time(rest), uuid(rest), hex(rest), base64(rest)].into_iter().flatten().next();
        let (length, name) = token.unwrap_or_else(|| (word(rest), ""));
        let (taken, after) = rest.split_at(length);
        out.push_str(if name.is_empty() { taken } else { name });
        rest = after;
    }
    out
}

/// The length up to where the next token may begin: a token never begins within a word.
fn word(text: &str) -> usize {
    let inside = text.bytes().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    inside.max(text.chars().next().map_or(0, char::len_utf8))
}

fn run(text: &str, belongs: fn(u8) -> bool) -> usize {
    text.bytes().take_while(|byte| belongs(*byte)).count()
}

/// True where the text begins as the pattern says: `0` is a digit, `x` a hex digit, anything else
/// itself.
fn begins(text: &str, pattern: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= pattern.len()
        && pattern.bytes().zip(bytes).all(|(expected, byte)| match expected {
            b'0' => byte.is_ascii_digit(),
            b'x' => byte.is_ascii_hexdigit(),
            _ => *byte == expected,
        })
}

fn time(text: &str) -> Option<(usize, &'static str)> {
    let pattern = "0000-00-00T00:00:00Z";
    begins(text, pattern).then_some((pattern.len(), "<time>"))
}

fn uuid(text: &str) -> Option<(usize, &'static str)> {
    let pattern = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    begins(text, pattern).then_some((pattern.len(), "<uuid>"))
}

fn hex(text: &str) -> Option<(usize, &'static str)> {
    let length = run(text, |byte| byte.is_ascii_hexdigit());
    (length == 64).then_some((length, "<digest>"))
}

/// Thirty-two bytes or more; a verifier key has eight hex digits of its own before them.
fn base64(text: &str) -> Option<(usize, &'static str)> {
    let length = run(text, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='));
    (length >= 43).then_some((length, "<base64>"))
}
