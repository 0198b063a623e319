//! The one table of names in files that people fill in: columns, sheets and closed words in English
//! and Simplified Chinese. What a file says in either language is read as the English name; the
//! table is the documentation. It never guesses: a name that is not here is not known.

mod closed;

use pcf_core::model::is_unseen;

use crate::{fold, library, units};

#[cfg(feature = "xlsx")]
pub(super) use closed::in_chinese;
pub(super) use closed::{meant, nearest, value};

/// Columns: the English name, and what a Chinese file may call it, the first being what a Chinese
/// template writes.
pub const COLUMNS: &[(&str, &[&str])] = &[
    ("stage", &["阶段", "生命周期阶段"]),
    ("process", &["工序", "单元过程", "过程"]),
    ("site", &["场所", "工厂"]),
    ("country", &["国家"]),
    ("subdivision", &["省份", "地区"]),
    ("start", &["开始日期"]),
    ("end", &["结束日期"]),
    ("product", &["产品", "产品编号"]),
    ("output", &["产量"]),
    ("output_unit", &["产量单位"]),
    ("flow", &["流", "流名称"]),
    ("kind", &["类别", "流类别"]),
    ("amount", &["数量"]),
    ("unit", &["单位"]),
    ("source", &["来源", "数据来源"]),
    ("applies_to_start", &["适用开始日期"]),
    ("applies_to_end", &["适用结束日期"]),
    ("scenario", &["情景"]),
    ("batch", &["批次"]),
    ("allocation", &["分配方法"]),
    ("key", &["分配系数", "机时"]),
    ("allocation_keys", &["分配系数表"]),
    ("meter", &["仪表", "表计"]),
    ("recipe", &["配方"]),
    ("unit_price", &["单价"]),
    ("units_of", &["产量取自"]),
    ("output_value", &["产出价值"]),
    ("substitutes", &["替代产品"]),
    ("times", &["乘以", "运输距离"]),
    ("times_unit", &["乘以单位", "距离单位"]),
    ("upstream", &["上游因子"]),
    ("data", &["数据类型"]),
    ("evidence", &["证据"]),
    ("fossil_carbon", &["化石碳"]),
    ("biogenic_carbon", &["生物碳"]),
    ("delivered", &["到厂交付"]),
    ("estimate", &["估算值"]),
    ("reason", &["理由"]),
    ("uncertainty", &["不确定度"]),
    ("instrument", &["绿证编号"]),
    ("instrument_kwh", &["绿证电量"]),
    ("instrument_start", &["绿证开始日期"]),
    ("instrument_end", &["绿证结束日期"]),
    ("quality_technology", &["技术代表性"]),
    ("quality_geography", &["地域代表性"]),
    ("quality_time", &["时间代表性"]),
    ("id", &["编号"]),
    ("name", &["名称"]),
    ("boundary", &["系统边界"]),
    ("declared_amount", &["声明数量"]),
    ("declared_unit", &["声明单位"]),
    ("signers", &["签署方"]),
    ("description", &["描述"]),
    ("mass_kg", &["质量kg", "质量(kg)", "质量（kg）"]),
    ("fossil_carbon_kg", &["化石碳kg"]),
    ("biogenic_carbon_kg", &["生物碳kg"]),
    ("recycled_carbon_kg", &["再生碳kg"]),
    ("packaging_included", &["含包装"]),
    ("packaging_biogenic_carbon_kg", &["包装生物碳kg"]),
    ("ccs_included", &["含碳捕集"]),
    ("exemptions", &["豁免"]),
    ("design_at_gate", &["设计计入"]),
    ("classifications", &["分类"]),
    ("rule", &["产品规则"]),
    ("rule_operator", &["规则机构"]),
    ("recycling_method", &["回收方法"]),
    ("unit_tolerance_percent", &["单位容差百分比"]),
    ("material", &["回收材料"]),
    ("material_kg", &["材料质量kg"]),
    ("material_region", &["回收地区"]),
    ("a", &["分配系数A"]),
    ("b", &["能量分配系数B"]),
    ("r1", &["再生料比例R1"]),
    ("r2", &["回收率R2"]),
    ("r3", &["焚烧率R3"]),
    ("qsinqp", &["再生料输入质量比"]),
    ("qsoutqp", &["再生料输出质量比"]),
    ("ev", &["原生材料因子"]),
    ("erec", &["再生料因子"]),
    ("ereceol", &["报废回收因子"]),
    ("evstar", &["被替代原生材料因子"]),
    ("ed", &["处置因子"]),
    ("eer", &["能量回收因子"]),
    ("lhv", &["低位热值"]),
    ("xheat", &["产热效率"]),
    ("xelec", &["发电效率"]),
    ("eheat", &["被替代热力因子"]),
    ("eelec", &["被替代电力因子"]),
    ("category", &["因子类别"]),
    ("scope", &["范围"]),
    ("year", &["年份"]),
    ("licence", &["许可"]),
    ("kgco2e", &["千克二氧化碳当量", "kgCO2e"]),
    ("gwp_set", &["GWP版本"]),
    ("exclusions", &["排除项"]),
    ("geography", &["地域"]),
    ("source_version", &["来源版本"]),
    ("note", &["备注"]),
    ("actor", &["参与方"]),
    ("company_ids", &["公司编号"]),
    ("types", &["声明类型"]),
    ("stages", &["可签阶段"]),
    ("products", &["可签产品"]),
    ("keys", &["公钥"]),
    ("part", &["零件号", "物料号", "物料编号"]),
    ("part_name", &["零件名称", "物料名称"]),
    ("quantity", &["用量", "单台用量"]),
    ("part_mass_kg", &["单件质量kg", "单重kg"]),
    ("level", &["层级"]),
    ("parent", &["上级物料", "父项"]),
    ("subject", &["主体", "工厂或产品线"]),
    ("value_added", &["增加值", "工业增加值"]),
    ("energy", &["能耗", "综合能耗"]),
    ("energy_unit", &["能耗单位"]),
    ("direct_emissions_kg", &["直接排放kg", "直接排放量kg"]),
];

/// Sheets of a workbook: the English name, and the Chinese ones, the first being what a template
/// could write.
pub const SHEETS: &[(&str, &[&str])] = &[
    ("Actors", &["参与方"]),
    ("Factors", &["排放因子", "因子"]),
    ("Products", &["产品"]),
    ("Variants", &["变型", "产品系列"]),
    ("Bill of materials", &["物料清单", "BOM"]),
    ("Activities", &["活动", "活动数据"]),
    ("Years", &["年度"]),
];

/// Headers of columns that hold remarks for people, in lower case.
const NOTES: &[&str] = &[
    "note",
    "notes",
    "remark",
    "remarks",
    "comment",
    "comments",
    "bemerkung",
    "bemerkungen",
    "anmerkung",
    "kommentar",
    "remarque",
    "remarques",
    "commentaire",
    "备注",
    "注释",
    "说明",
    "備註",
];

/// Words of rows that add others up, in lower case.
const TOTALS: &[&str] = &[
    "total",
    "totals",
    "grand total",
    "subtotal",
    "sum",
    "summe",
    "gesamt",
    "zwischensumme",
    "gesamtsumme",
    "合计",
    "总计",
    "小计",
    "总和",
    "合計",
    "總計",
];

/// Words that stand in most Chinese tables.
const COMMON: &[&str] =
    &["有限公司", "公司", "工厂", "车间", "一号", "二号", "仓库", "生产线", "原材料", "电力", "运输"];

/// The English name of a column: as it stands, in Chinese, or in another case with spaces or
/// hyphens for underscores.
pub(super) fn column(name: &str, known: impl Fn(&str) -> bool) -> Option<String> {
    if known(name) {
        return Some(name.to_owned());
    }
    let name: String = fold::plain(name).chars().filter(|c| !is_unseen(*c)).collect();
    let name = name.trim_end_matches('*').trim_end();
    // The table has every name in its plain form too.
    let listed = COLUMNS.iter().find(|(_, others)| others.contains(&name));
    if let Some((english, _)) = listed.filter(|(english, _)| known(english)) {
        return Some((*english).to_owned());
    }
    let plain = name.to_lowercase().replace([' ', '-'], "_");
    Some(plain).filter(|plain| known(plain))
}

/// True for the header of a column of remarks, which is not read: by its name, or because it begins
/// with `#`.
pub(super) fn is_notes(header: &str) -> bool {
    header.starts_with('#') || NOTES.contains(&&*fold::folded(header))
}

/// True for a sheet that a template has beside its tables: how it is filled in, and the words of
/// its lists.
#[cfg(feature = "xlsx")]
pub(super) fn is_of_template(sheet: &str) -> bool {
    ["Read me", "说明", "Lists"].contains(&sheet)
}

/// True for a word that names a row of totals.
pub(super) fn is_total(cell: &str) -> bool {
    let plain = fold::folded(cell);
    TOTALS.contains(&plain.trim_end_matches([':', '：', ' ']))
}

/// True for a Chinese word of the tables.
pub(super) fn is_chinese(word: &str) -> bool {
    let mut words = chinese_words();
    words.any(|known| known == word)
}

/// How many Chinese words of the tables stand in a text, each once.
pub(super) fn chinese_within(text: &str) -> usize {
    chinese_words().chain(COMMON.iter().copied()).filter(|word| text.contains(word)).count()
}

/// Chinese words of two characters or more: one alone stands in any text.
fn chinese_words() -> impl Iterator<Item = &'static str> {
    let columns = COLUMNS.iter().flat_map(|(_, others)| others.iter().copied());
    let values = closed::chinese();
    let all = columns.chain(values).chain(units::names()).chain(library::names());
    all.filter(|word| !word.is_ascii() && word.chars().count() > 1)
}

/// The English name of a sheet, whatever its language and case.
#[cfg(feature = "xlsx")]
pub(super) fn sheet(name: &str) -> Option<&'static str> {
    let plain = name.trim().to_lowercase();
    let is = |(english, others): &&(&str, &[&str])| {
        english.to_lowercase() == plain || others.iter().any(|other| other.to_lowercase() == plain)
    };
    SHEETS.iter().find(is).map(|(english, _)| *english)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_name_means_two_columns() {
        let mut seen = BTreeSet::new();
        for (english, others) in COLUMNS {
            assert!(seen.insert(english.to_string()), "{english}");
            for other in *others {
                assert!(seen.insert((*other).to_owned()), "{other}");
            }
        }
    }

    #[test]
    fn a_column_is_known_in_either_language_and_however_it_is_written() {
        let known = |name: &str| ["output_unit", "mass_kg", "fossilGhgEmissions"].contains(&name);
        for name in [
            "output_unit",
            "Output Unit",
            "OUTPUT-UNIT *",
            "产量单位",
            "ｏｕｔｐｕｔ＿ｕｎｉｔ",
            "output_unit\u{200b}",
        ] {
            assert_eq!(column(name, known).as_deref(), Some("output_unit"), "{name}");
        }
        assert_eq!(column("质量（ｋｇ）", known).as_deref(), Some("mass_kg"));
        assert_eq!(column("fossilGhgEmissions", known).as_deref(), Some("fossilGhgEmissions"));
        assert_eq!(column("阶段", known), None, "a name of another kind of file");
    }
}
