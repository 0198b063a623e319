//! Tables for people: columns under each other by the width that a terminal gives each character, numbers under each other at their decimal
//! point, bars, and what becomes of it where the terminal is narrow. It knows widths and text, no colour and no meaning.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Between two columns.
const GAP: usize = 2;

/// The narrowest that a column of text is wrapped to.
const TEXT_MIN: usize = 12;

/// The most marks of a bar, and the fewest that still say something.
pub const BAR_MAX: usize = 24;
const BAR_MIN: usize = 4;

/// What a column holds, told by the first character of its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Set left, wrapped where there is no room.
    Text,
    /// `>`: set under each other at the decimal point, never wrapped.
    Number,
    /// `~`: a bar of at most [`BAR_MAX`] marks, drawn shorter where there is little room and left away where there is none.
    Bar,
}

/// One line of a finished table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// Under which the rows stand.
    Header(String),
    /// A row, or a further line of one.
    Row(String),
}

/// Columns that a text takes on a terminal: two for most characters of East Asia, none for what only marks another one.
pub fn width(text: &str) -> usize {
    text.width()
}

/// A bar for `value` where `largest` has all marks: `#` above zero, `-` below.
pub fn bar(value: i128, largest: u128) -> String {
    let scaled = value.unsigned_abs().saturating_mul(BAR_MAX as u128); // OK because a usize has at most 64 bits.
    let marks = scaled.checked_div(largest).and_then(|marks| usize::try_from(marks).ok()).unwrap_or_default();
    let mark = if value < 0 { "-" } else { "#" };
    mark.repeat(marks.min(BAR_MAX))
}

/// Breaks a text into lines of at most `room` columns: at spaces where it can, else between any two characters. What it is indented by stands
/// before every line.
pub fn wrapped(text: &str, room: usize) -> Vec<String> {
    let bare = text.trim_start_matches(' ');
    let indent = &text[..text.len() - bare.len()]; // OK because only leading bytes were taken away.
    let pieces = broken(bare, room.saturating_sub(indent.len()).max(1), false);
    pieces.into_iter().map(|piece| format!("{indent}{piece}")).collect()
}

/// The same where a word of ASCII stays whole, however long: a key or an id is to be copied.
pub fn wrapped_whole(text: &str, room: usize) -> Vec<String> {
    broken(text, room.max(1), true)
}

fn broken(text: &str, room: usize, whole: bool) -> Vec<String> {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in text.split(' ') {
        let gap = usize::from(!line.is_empty());
        if width(&line) + gap + width(word) <= room {
            if gap == 1 {
                line.push(' ');
            }
            line.push_str(word);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        if whole && word.is_ascii() {
            word.clone_into(&mut line);
            continue;
        }
        for character in word.chars() {
            if width(&line) + character.width().unwrap_or_default() > room && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line.push(character);
        }
    }
    lines.push(line);
    lines
}

/// The lines of a table under its headers, at most `room` columns wide where that is given and can be had. Headers begin with `>` over
/// numbers and with `~` over bars.
pub fn lines(headers: &[&str], rows: &[Vec<String>], room: Option<usize>) -> Vec<Line> {
    let kinds: Vec<Kind> = headers.iter().map(|header| kind(header)).collect();
    let names: Vec<String> = headers.iter().map(|h| h.trim_start_matches(['>', '~']).to_owned()).collect();
    let mut cells: Vec<Vec<String>> = rows.to_vec();
    for (column, _) in kinds.iter().enumerate().filter(|(_, kind)| **kind == Kind::Number) {
        align_points(&mut cells, column);
    }
    let natural: Vec<usize> = (0..kinds.len()).map(|column| widest(&names, &cells, column)).collect();
    let words: Vec<usize> = (0..kinds.len()).map(|column| longest_word(&names, &cells, column)).collect();
    let Some(widths) = fitted(&kinds, &natural, &words, room) else {
        return stacked(&names, &kinds, rows, room.unwrap_or(usize::MAX));
    };
    let mut all: Vec<Line> = set(&names, &kinds, &widths, &natural).into_iter().map(Line::Header).collect();
    for row in &cells {
        all.extend(set(row, &kinds, &widths, &natural).into_iter().map(Line::Row));
    }
    all
}

fn kind(header: &str) -> Kind {
    match header.as_bytes().first() {
        Some(b'>') => Kind::Number,
        Some(b'~') => Kind::Bar,
        _ => Kind::Text,
    }
}

fn widest(names: &[String], cells: &[Vec<String>], column: usize) -> usize {
    let header = names.get(column).map_or(0, |name| width(name));
    let cells = cells.iter().filter_map(|row| row.get(column)).map(|cell| width(cell));
    cells.max().unwrap_or_default().max(header)
}

/// The widest word of a column: narrower than that it could only be broken inside it.
fn longest_word(names: &[String], cells: &[Vec<String>], column: usize) -> usize {
    let cells = cells.iter().filter_map(|row| row.get(column)).chain(names.get(column));
    cells.flat_map(|cell| cell.split(' ')).map(width).max().unwrap_or_default()
}

/// Fills up the fractions of numbers with spaces, so that set right they stand under each other at the point. Other texts stay.
fn align_points(cells: &mut [Vec<String>], column: usize) {
    let fraction = |cell: &str| {
        let number = cell.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-') && !cell.is_empty();
        number.then(|| cell.split_once('.').map_or(0, |(_, fraction)| fraction.len() + 1))
    };
    let longest = cells.iter().filter_map(|row| row.get(column)).filter_map(|cell| fraction(cell)).max();
    for cell in cells.iter_mut().filter_map(|row| row.get_mut(column)) {
        if let (Some(longest), Some(own)) = (longest, fraction(cell)) {
            cell.push_str(&" ".repeat(longest - own)); // OK because the longest is no shorter.
        }
    }
}

/// The width of each column, 0 for one that is left away; none where even the narrowest do not fit.
fn fitted(kinds: &[Kind], natural: &[usize], words: &[usize], room: Option<usize>) -> Option<Vec<usize>> {
    let mut widths = natural.to_vec();
    let Some(room) = room else { return Some(widths) };
    for (column, wanted) in natural.iter().enumerate().filter(|(i, _)| kinds.get(*i) == Some(&Kind::Bar)) {
        let shorter = wanted.saturating_sub(over(&widths, room)).max(BAR_MIN.min(*wanted));
        widths.get_mut(column).into_iter().for_each(|slot| *slot = shorter);
    }
    // First at spaces, then without the bars, and words are broken last.
    let spaces: Vec<usize> = words.iter().map(|word| TEXT_MIN.max(*word)).collect();
    narrow(&mut widths, kinds, &spaces, room);
    if over(&widths, room) > 0 {
        let bars = widths.iter_mut().zip(kinds).filter(|(_, kind)| **kind == Kind::Bar);
        bars.for_each(|(width, _)| *width = 0);
    }
    narrow(&mut widths, kinds, &vec![TEXT_MIN; natural.len()], room);
    (over(&widths, room) == 0).then_some(widths)
}

/// How many columns too wide a table is.
fn over(widths: &[usize], room: usize) -> usize {
    let shown = widths.iter().filter(|width| **width > 0);
    let gaps = GAP * shown.clone().count().saturating_sub(1);
    (shown.sum::<usize>() + gaps).saturating_sub(room)
}

/// Takes from the widest text that is wider than its least, one column at a time, so that the widest texts share what has to go.
fn narrow(widths: &mut [usize], kinds: &[Kind], least: &[usize], room: usize) {
    while over(widths, room) > 0 {
        let texts = widths.iter_mut().zip(kinds).zip(least).filter(|((_, kind), _)| **kind == Kind::Text);
        let widest =
            texts.filter(|((width, _), least)| **width > **least).max_by_key(|((width, _), _)| **width);
        match widest {
            Some(((width, _), _)) => *width -= 1,
            None => break,
        }
    }
}

/// The lines of one row.
fn set(cells: &[String], kinds: &[Kind], widths: &[usize], natural: &[usize]) -> Vec<String> {
    let mut columns: Vec<Vec<String>> = Vec::with_capacity(widths.len());
    for (((cell, kind), room), whole) in cells.iter().zip(kinds).zip(widths).zip(natural) {
        columns.push(match kind {
            _ if *room == 0 => Vec::new(),
            Kind::Bar => vec![shortened(cell, *room, *whole)],
            Kind::Text | Kind::Number if width(cell) <= *room => vec![cell.clone()],
            Kind::Text | Kind::Number => wrapped(cell, *room),
        });
    }
    let height = columns.iter().map(Vec::len).max().unwrap_or_default();
    let mut lines = Vec::with_capacity(height);
    for row in 0..height {
        let mut line = String::new();
        for ((column, kind), room) in columns.iter().zip(kinds).zip(widths).filter(|(_, room)| **room > 0) {
            let cell = column.get(row).map_or("", String::as_str);
            let gap = " ".repeat(room.saturating_sub(width(cell)));
            let (before, after) = if *kind == Kind::Number { (gap.as_str(), "") } else { ("", gap.as_str()) };
            line.push_str(&format!("{before}{cell}{after}{}", " ".repeat(GAP)));
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// A bar with fewer marks in the same proportion, where the longest has `whole`; what is not nothing keeps one.
fn shortened(bar: &str, room: usize, whole: usize) -> String {
    let is_bar = bar.chars().all(|c| c == '#' || c == '-');
    if room >= whole || !is_bar {
        // A text in the place of a bar is a courtesy: it stands whole or not at all.
        return if width(bar) <= room { bar.to_owned() } else { String::new() };
    }
    let marks = (bar.len() * room / whole.max(1)).max(usize::from(!bar.is_empty()));
    bar.chars().take(marks).collect()
}

/// Each row as a block of its own: the first cell, and under it every other with its header. For terminals narrower than the numbers.
fn stacked(names: &[String], kinds: &[Kind], rows: &[Vec<String>], room: usize) -> Vec<Line> {
    let mut all = Vec::new();
    for row in rows {
        for (place, ((cell, name), kind)) in row.iter().zip(names).zip(kinds).enumerate() {
            if *kind == Kind::Bar || (cell.is_empty() && place > 0) {
                continue;
            }
            let text = match (place, name.is_empty()) {
                (0, _) => cell.clone(),
                (_, true) => format!("  {cell}"),
                (_, false) => format!("  {name}: {cell}"),
            };
            let pieces = wrapped(&text, room).into_iter();
            all.extend(pieces.map(if place == 0 { Line::Header } else { Line::Row }));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(headers: &[&str], rows: &[&[&str]], room: Option<usize>) -> Vec<String> {
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
        let text = |line| match line {
            Line::Header(text) | Line::Row(text) => text,
        };
        lines(headers, &rows, room).into_iter().map(text).collect()
    }

    #[test]
    fn chinese_takes_two_columns_and_numbers_stand_at_their_point() {
        let rows: &[&[&str]] = &[&["铝锭", "12.5", "####"], &["cap", "-0.125", "-"]];
        let expected = ["part  kg CO2e", "铝锭   12.5    ####", "cap    -0.125  -"];
        assert_eq!(drawn(&["part", ">kg CO2e", "~"], rows, None), expected);
    }

    #[test]
    fn a_narrow_table_wraps_text_and_never_a_number() {
        let rows: &[&[&str]] =
            &[&["aluminium billets by lorry from Quzhou", "0.123456789012345", &"#".repeat(24)]];
        for room in [120, 80, 60, 40, 36] {
            let lines = drawn(&["flow", ">kg CO2e", "~"], rows, Some(room));
            assert!(lines.iter().all(|line| width(line) <= room), "{room}: {lines:#?}");
            assert!(lines.iter().any(|line| line.contains("0.123456789012345")), "{room}: {lines:#?}");
        }
        let stacked = drawn(&["flow", ">kg CO2e", "~"], rows, Some(26));
        assert_eq!(stacked.last().map(String::as_str), Some("  0.123456789012345"), "{stacked:#?}");
        assert!(stacked.iter().any(|line| line == "  kg CO2e:"), "{stacked:#?}");
    }

    #[test]
    fn a_bar_below_zero_has_its_own_mark_and_a_small_one_never_vanishes() {
        assert_eq!(bar(-5, 10), "-".repeat(12));
        assert_eq!(bar(10, 10), "#".repeat(BAR_MAX));
        assert_eq!(bar(1, 0), "");
        assert_eq!(shortened("#", 4, BAR_MAX), "#");
        assert_eq!(shortened(&"-".repeat(12), 8, BAR_MAX), "----");
    }

    #[test]
    fn a_key_that_is_to_be_copied_is_never_broken() {
        let key = "hengda.example/ledger+f3c37ca4+AZoLe8XfhiEwdV+xa3s2ASJlcCOxoojbZqk3VoGeHBjK";
        let lines = wrapped_whole(&format!("the log key in force is {key}, given"), 30);
        assert_eq!(lines, ["the log key in force is", &format!("{key},"), "given"]);
        assert_eq!(wrapped_whole("可回收铝合金饮料瓶", 6).len(), 3, "other words are");
    }

    #[test]
    fn words_longer_than_a_line_are_broken_and_nothing_is_lost() {
        for text in [
            "a b c",
            "urn:pact:shanlan-metal.example:product-id:billet-1070",
            "可回收铝合金饮料瓶 bottle",
            "",
        ] {
            for room in 1..30 {
                let lines = wrapped(text, room);
                assert!(room < 2 || lines.iter().all(|line| width(line) <= room), "{room}: {lines:?}");
                let letters = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
                assert_eq!(letters(&lines.concat()), letters(text));
            }
        }
    }
}
