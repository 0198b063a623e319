//! The closed words of columns, such as stages and kinds of flows, in Chinese and other languages.

use crate::template::closed_words;
use crate::{fold, likeness};

const STAGES: &[(&str, &str)] = &[
    ("设计", "design"),
    ("采购", "procurement"),
    ("原材料获取", "procurement"),
    ("生产", "production"),
    ("运输", "transport"),
    ("储存", "storage"),
    ("仓储", "storage"),
    ("使用", "use"),
    ("回收", "recycling"),
];

/// What a Chinese file says, and the word it means.
type Words = [(&'static str, &'static str)];

/// Closed words by column.
const VALUES: &[(&[&str], &Words)] = &[
    (&["stage", "stages"], STAGES),
    (
        &["kind"],
        &[
            ("材料", "material"),
            ("物料", "material"),
            ("原料", "material"),
            ("包装", "packaging"),
            ("能源", "energy"),
            ("运输", "transport"),
            ("航空", "aircraft"),
            ("废弃物", "waste"),
            ("排放", "emission"),
            ("基础设施", "infrastructure"),
            ("排除", "excluded"),
        ],
    ),
    (
        &["allocation"],
        &[("质量", "mass"), ("件数", "pieces"), ("能量", "energy"), ("价格", "price"), ("系数", "key")],
    ),
    (&["data"], &[("初级", "primary"), ("实测", "primary"), ("次级", "secondary"), ("估算", "estimated")]),
    (&["exemptions"], &[("无", "none"), ("已列出", "listed")]),
    (&["boundary"], &[("从摇篮到大门", "cradle-to-gate"), ("从摇篮到坟墓", "cradle-to-grave")]),
    (&["scope"], &[("直接", "direct"), ("上游", "upstream"), ("全生命周期", "life-cycle")]),
    (
        &["packaging_included", "ccs_included", "design_at_gate", "delivered", "recipe"],
        &[("是", "yes"), ("否", "no")],
    ),
];

/// Closed words of columns in other languages and in Traditional Chinese, folded.
const OTHERS: &[(&[&str], &Words)] = &[
    (
        &["stage", "stages"],
        &[
            ("設計", "design"),
            ("採購", "procurement"),
            ("生產", "production"),
            ("運輸", "transport"),
            ("儲存", "storage"),
            ("beschaffung", "procurement"),
            ("produktion", "production"),
            ("herstellung", "production"),
            ("lagerung", "storage"),
            ("nutzung", "use"),
        ],
    ),
    (
        &["kind"],
        &[
            ("包裝", "packaging"),
            ("運輸", "transport"),
            ("廢棄物", "waste"),
            ("verpackung", "packaging"),
            ("energie", "energy"),
            ("abfall", "waste"),
            ("emballage", "packaging"),
            ("énergie", "energy"),
            ("déchet", "waste"),
            ("déchets", "waste"),
        ],
    ),
    (&["data"], &[("primär", "primary"), ("sekundär", "secondary"), ("geschätzt", "estimated")]),
    (
        &["packaging_included", "ccs_included", "design_at_gate", "delivered", "recipe"],
        &[("ja", "yes"), ("nein", "no"), ("oui", "yes"), ("non", "no")],
    ),
];

/// The Chinese words of all columns.
pub(super) fn chinese() -> impl Iterator<Item = &'static str> {
    VALUES.iter().flat_map(|(_, words)| words.iter().map(|(chinese, _)| *chinese))
}

/// The Chinese word for a closed word of a column, where the tables have one.
#[cfg(feature = "xlsx")]
pub(crate) fn in_chinese(column: &str, word: &str) -> Option<&'static str> {
    let (_, words) = VALUES.iter().find(|(columns, _)| columns.contains(&column))?;
    words.iter().find(|(_, english)| *english == word).map(|(chinese, _)| *chinese)
}

/// The closed word of a column that a text names in another case or language.
pub(crate) fn meant(column: &str, text: &str) -> Option<&'static str> {
    let plain = fold::folded(text);
    let closed = || closed_words(column)?.into_iter().find(|word| fold::folded(word) == plain);
    let other = || {
        let (_, words) = OTHERS.iter().find(|(columns, _)| columns.contains(&column))?;
        words.iter().find(|(word, _)| *word == plain).map(|(_, english)| *english)
    };
    closed().or_else(other)
}

/// The closed word of a column that is nearest to a text, for a sentence.
pub(crate) fn nearest(column: &str, text: &str) -> Option<&'static str> {
    likeness::nearest(text, closed_words(column)?.into_iter())
}

/// The word that a cell of a column means, where the column has closed words and the cell says one
/// in Chinese.
pub(crate) fn value(column: &str, text: &str) -> Option<&'static str> {
    if text.is_ascii() {
        return None;
    }
    let (_, words) = VALUES.iter().find(|(columns, _)| columns.contains(&column))?;
    let text = fold::plain(text);
    words.iter().find(|(chinese, _)| *chinese == text).map(|(_, english)| *english)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_word_is_known_in_another_case_and_language() {
        for (column, text, word) in [
            ("kind", "Energy", Some("energy")),
            ("kind", "ENERGIE", Some("energy")),
            ("stage", "生產", Some("production")),
            ("boundary", "Cradle-to-Gate", Some("cradle-to-gate")),
            ("delivered", "Ja", Some("yes")),
            ("kind", "enrgy", None),
            ("site", "Energy", None),
        ] {
            assert_eq!(meant(column, text), word, "{text}");
        }
        assert_eq!(nearest("kind", "enrgy"), Some("energy"));
    }
}
