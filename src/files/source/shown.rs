//! What a number format of a workbook makes of the number that is stored: shown as it is, in
//! percent, in thousands, or with words around it. Colours, currencies and the section for numbers
//! below zero are not looked at.

/// How a cell shows its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shown {
    /// As it is, with as many digits behind the point; as many as it has where none are given.
    Plain(Option<usize>),
    /// In percent.
    Share,
    /// With zeros in front.
    Padded,
    /// In thousands, millions or more.
    Scaled,
    /// With a percent sign that is a text: the number is not multiplied.
    PercentText,
    /// With a text around it.
    Worded(String),
}

impl Shown {
    /// What a number format says.
    pub(super) fn of(format: &str) -> Self {
        let (signs, text) = parted(format);
        let text = text.trim();
        if signs.contains('%') {
            return Self::Share;
        }
        if text.contains('%') {
            return Self::PercentText;
        }
        let digits = |c: char| matches!(c, '0' | '#' | '?');
        let behind = signs.rfind(digits).and_then(|at| signs.get(at + 1..)).unwrap_or_default();
        if behind.starts_with(',') {
            return Self::Scaled;
        }
        if text.chars().any(char::is_alphanumeric) {
            return Self::Worded(text.to_owned());
        }
        if signs.len() > 1 && signs.bytes().all(|b| b == b'0') {
            return Self::Padded;
        }
        let fraction = signs.split_once('.').map(|(_, fraction)| fraction);
        let fixed = fraction.filter(|fraction| !fraction.is_empty() && fraction.bytes().all(|b| b == b'0'));
        Self::Plain(fixed.map(str::len))
    }
}

/// The signs of a format's first section that stand for digits, and the text that it shows beside
/// them.
fn parted(format: &str) -> (String, String) {
    let (mut signs, mut text) = (String::new(), String::new());
    let mut all = format.chars();
    while let Some(c) = all.next() {
        match c {
            ';' => break,
            '"' => text.extend(all.by_ref().take_while(|c| *c != '"')),
            '\\' => text.extend(all.next()),
            // A filling or a space as wide as the next character.
            '*' | '_' => drop(all.next()),
            // A colour, a condition, a currency with its language.
            '[' => all.by_ref().take_while(|c| *c != ']').for_each(drop),
            // A power of ten: the digits in front of it say nothing of the number's own.
            'E' => {
                signs.clear();
                break;
            }
            '0' | '#' | '?' | '.' | ',' | '%' => signs.push(c),
            _ => {}
        }
    }
    (signs, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_format_tells_what_its_cell_shows() {
        for (format, shown) in [
            ("General", Shown::Plain(None)),
            ("@", Shown::Plain(None)),
            ("0", Shown::Plain(None)),
            ("#,##0", Shown::Plain(None)),
            ("0.00", Shown::Plain(Some(2))),
            ("#,##0.0##", Shown::Plain(None)),
            ("0.00E+00", Shown::Plain(None)),
            ("_-* #,##0.00\\ \"€\"_-;-* #,##0.00\\ \"€\"_-", Shown::Plain(Some(2))),
            ("[$€-407]\\ #,##0.00", Shown::Plain(Some(2))),
            ("[Red]0;[Blue]-0", Shown::Plain(None)),
            ("0%", Shown::Share),
            ("0.0\\ %", Shown::Share),
            ("0\\%", Shown::PercentText),
            ("0.0\" %\"", Shown::PercentText),
            ("000000", Shown::Padded),
            ("#,##0,", Shown::Scaled),
            ("0.0,,\"M\"", Shown::Scaled),
            ("0 \"kWh\"", Shown::Worded("kWh".into())),
            ("\"A-\"0", Shown::Worded("A-".into())),
        ] {
            assert_eq!(Shown::of(format), shown, "{format}");
        }
    }
}
