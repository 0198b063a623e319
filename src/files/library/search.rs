//! Finding factors of the library by words, as an engineer types them: in English or Chinese, and
//! by the names of the trade. The library's own names are those of its sources; the table below
//! says what else a thing is called, and nothing is guessed beyond it.

use std::cmp::Reverse;

use serde::Serialize;

use super::{Library, Row};
use crate::places;

/// Words of the library, and what else they are called. Each word of the library stands in some row
/// (a test looks).
const CALLED: &[(&str, &[&str])] = &[
    ("aluminium", &["aluminum", "铝", "鋁"]),
    ("battery", &["accumulator", "电池"]),
    ("biogas", &["沼气"]),
    ("biomass", &["生物质"]),
    ("board", &["cardboard", "corrugated", "carton", "纸板", "纸箱", "瓦楞纸"]),
    ("burning oil", &["paraffin", "煤油"]),
    ("cement", &["水泥"]),
    ("clothing", &["textile", "textiles", "garment", "服装", "纺织品"]),
    ("coal", &["煤"]),
    ("coke", &["焦炭"]),
    ("combustion", &["incineration", "焚烧"]),
    ("compost", &["堆肥"]),
    ("concrete", &["混凝土"]),
    ("diesel", &["柴油"]),
    ("electricity", &["power", "电", "电力", "电网", "用电", "電力"]),
    ("flight", &["air", "plane", "aircraft", "空运", "航空", "飞机"]),
    ("fuel oil", &["燃料油", "重油"]),
    ("glass", &["玻璃"]),
    ("hdpe", &["高密度聚乙烯"]),
    ("heat", &["热力", "供热"]),
    ("hgv", &["lorry", "truck", "lorries", "trucks", "货车", "卡车", "公路运输", "汽运"]),
    ("landfill", &["填埋"]),
    ("ldpe", &["polyethylene", "低密度聚乙烯", "聚乙烯"]),
    ("lpg", &["propane", "液化石油气", "液化气"]),
    ("metal", &["金属"]),
    ("natural gas", &["天然气"]),
    ("paper", &["纸", "纸张", "紙"]),
    ("petrol", &["gasoline", "汽油"]),
    ("plastic", &["polymer", "塑料", "塑膠"]),
    ("rail", &["train", "铁路", "火车"]),
    ("recycl", &["recycling", "recycled", "回收", "再生"]),
    ("ship", &["sea", "vessel", "海运", "船", "水运"]),
    ("steam", &["蒸汽"]),
    ("steel", &["钢", "钢材", "不锈钢", "鋼", "鋼材"]),
    ("tyre", &["tire", "tires", "rubber", "轮胎", "橡胶"]),
    ("waste", &["refuse", "废物", "废弃物", "垃圾"]),
    ("water", &["自来水", "水"]),
    ("wood", &["timber", "木材", "木"]),
];

/// The most rows that are given where none holds every word.
const NEAREST_MAX: usize = 10;

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Search<'a> {
    /// The rows: all that hold every word, in the library's order, or else those that hold most, at
    /// most ten.
    pub rows: Vec<&'a Row>,
    /// Whether they hold every word.
    pub whole: bool,
}

impl Library {
    /// Rows whose id, name, category, geography, year or notes hold every one of the words,
    /// whatever their case, or another name of it; only those of the geography (such as `CN` or
    /// `CN-ZJ`) and year, where given. Where there is none, the nearest.
    pub fn search(&self, words: &str, geography: Option<&str>, year: Option<&str>) -> Search<'_> {
        let wanted: Vec<Vec<String>> = words.split_whitespace().flat_map(placed).collect();
        let place = |row: &Row| {
            geography.is_none_or(|place| row.geography.eq_ignore_ascii_case(place))
                && year.is_none_or(|year| row.year == year)
        };
        let count = |row: &Row| {
            let text = text_of(row);
            wanted.iter().filter(|names| names.iter().any(|name| text.contains(name))).count()
        };
        let mut found: Vec<(usize, &Row)> =
            self.rows.iter().filter(|row| place(row)).map(|row| (count(row), row)).collect();
        let most = found.iter().map(|(held, _)| *held).max().unwrap_or_default();
        found.retain(|(held, _)| *held == most);
        let whole = most == wanted.len() && !found.is_empty();
        if !whole {
            found.truncate(if most == 0 { 0 } else { NEAREST_MAX });
        }
        let mut rows: Vec<&Row> = found.into_iter().map(|(_, row)| row).collect();
        if !wanted.is_empty() {
            let age = |row: &&Row| Some(Reverse(last_year(&row.year))).filter(|_| is_national(row));
            // National means come first, the newest before the others; all else keeps its order.
            rows.sort_by_key(|row| (age(row).is_none(), age(row)));
        }
        Search { rows, whole }
    }
}

/// As [`meanings`], of a word that may be the name of a Chinese province.
fn placed(word: &str) -> Vec<Vec<String>> {
    let plain = word.trim_end_matches(['省', '市']);
    let is = |names: &&[&str]| names.iter().any(|name| name.to_lowercase() == plain.to_lowercase());
    match places::PROVINCES.iter().find(|(_, names)| is(names)) {
        Some((letters, _)) => vec![vec![format!("cn-{}", letters.to_lowercase())]],
        None => meanings(word),
    }
}

/// True for the mean of a whole country, which stands before those of its parts.
fn is_national(row: &Row) -> bool {
    row.id.ends_with("national") || row.id.ends_with("cn_national")
}

/// The last year that a text names.
fn last_year(text: &str) -> u32 {
    let numbers = text.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok());
    numbers.filter(|year| (1900..2100).contains(year)).max().unwrap_or_default()
}

/// What things are called beside the library's own names.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    CALLED.iter().flat_map(|(_, others)| others.iter().copied())
}

/// What is looked through for words.
fn text_of(row: &Row) -> String {
    let parts = [&row.id, &row.name, &row.category, &row.geography, &row.year, &row.notes];
    parts.map(|part| part.to_lowercase()).join("\n")
}

/// The things that a word means, each by all its names. A Chinese word may mean several: they are
/// written without spaces between them.
pub(crate) fn meanings(word: &str) -> Vec<Vec<String>> {
    let word = word.to_lowercase();
    if word.is_ascii() {
        let mut names = vec![word.clone()];
        names.extend(
            CALLED.iter().filter(|(_, others)| others.contains(&&*word)).map(|(name, _)| (*name).to_owned()),
        );
        return vec![names];
    }
    let inside = CALLED.iter().flat_map(|(name, others)| others.iter().map(move |other| (*other, *name)));
    let inside: Vec<(&str, &str)> = inside.filter(|(other, _)| word.contains(*other)).collect();
    // A shorter name inside a longer one, such as paper in paperboard, is not what was meant.
    let longest = |(other, _): &&(&str, &str)| {
        !inside.iter().any(|(longer, _)| longer != other && longer.contains(*other))
    };
    let mut meant: Vec<Vec<String>> =
        inside.iter().filter(longest).map(|(_, name)| vec![(*name).to_owned()]).collect();
    meant.dedup();
    if meant.is_empty() { vec![vec![word]] } else { meant }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn what_a_thing_is_called_is_found_as_the_library_calls_it() {
        let library = Library::shipped().unwrap();
        for (name, others) in CALLED {
            let named = library.rows.iter().filter(|row| text_of(row).contains(name));
            let named: Vec<&str> = named.map(|row| &*row.id).collect();
            assert!(!named.is_empty(), "no row holds {name}");
            for other in *others {
                let found = library.search(other, None, None);
                let ids: BTreeSet<&str> = found.rows.iter().map(|row| &*row.id).collect();
                assert!(found.whole && named.iter().all(|id| ids.contains(id)), "{other} for {name}");
            }
        }
        let names: Vec<&str> = CALLED.iter().flat_map(|(_, others)| others.iter().copied()).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "a name means one thing");
    }

    #[test]
    fn chinese_words_stand_together_and_the_longer_one_is_meant() {
        let library = Library::shipped().unwrap();
        let ids = |words: &str| -> Vec<String> {
            library.search(words, None, None).rows.iter().map(|row| row.id.clone()).collect()
        };
        assert_eq!(ids("柴油货车"), ids("diesel hgv"));
        assert_eq!(ids("纸板"), ids("board"));
        assert_ne!(ids("纸板"), ids("纸"));
        assert!(library.search("电力", Some("CN"), Some("2024")).whole);
    }

    #[test]
    fn a_province_is_found_by_its_name_and_the_newest_national_factor_comes_first() {
        let library = Library::shipped().unwrap();
        for name in ["山东", "山东省", "山東", "Shandong"] {
            let found = library.search(&format!("{name} grid"), None, None);
            assert!(found.whole && found.rows.iter().all(|row| row.geography == "CN-SD"), "{name}");
        }
        let power = library.search("电力", Some("CN"), None);
        assert!(
            power.rows[0].id.ends_with("national") && power.rows[0].year == "2024",
            "{}",
            power.rows[0].id
        );
        let trade = library.search("低密度聚乙烯", Some("TW"), None);
        assert!(trade.whole && trade.rows.iter().any(|row| row.name.contains("LDPE")), "{:?}", trade.rows);
    }

    #[test]
    fn where_no_row_holds_every_word_the_nearest_are_given_and_said_to_be_such() {
        let library = Library::shipped().unwrap();
        let found = library.search("steel sheet zinc-plated", None, None);
        assert!(!found.whole && !found.rows.is_empty() && found.rows.len() <= NEAREST_MAX);
        assert!(found.rows.iter().all(|row| row.name.to_lowercase().contains("steel")), "{:?}", found.rows);
        assert_eq!(library.search("unobtainium", None, None), Search { rows: Vec::new(), whole: false });
        assert_eq!(library.search("electricity", Some("XX"), None).rows, Vec::<&Row>::new());
    }
}
