//! What columns are for, in a sentence each, in English and Chinese: the explanations of the workbook and of a first mapping. It decides nothing.

use crate::csv::TableKind;
use pcf_core::model::{Boundary, DataKind, FactorCategory, FlowKind, Scope, Stage, Unit};

/// What the page in front of a workbook says.
#[cfg(feature = "xlsx")]
pub(super) const READ_ME: &[&str] = &[
    "How to fill in this workbook",
    "Every sheet holds a filled example below its header: replace it. Sheets you do not need may stay empty or be deleted.",
    "Columns may stand in any order, and unused optional ones may be deleted; bold headers are needed. Headers and sheets may be in English or Chinese.",
    "Periods: `end` is the first day after the period. Write dates as dates, numbers as numbers; a formula counts with the value it shows.",
    "Actors: who may sign what (the operator enrols them: pcf actor import FILE).",
    "Factors: emission factors of your own; pcf factor search finds published ones.",
    "Products: one process a row; rows with the same id are one product.",
    "Variants: a family of products, one a row; each flow is one column, called `name | kind | unit | source`.",
    "    A header that ends in `= 36000` is one total for the family, and its cells are shares such as machine hours.",
    "Bill of materials: one part a row; quantity is per one of the product (or of the assembly above it), `output` is how many were made.",
    "Activities: what was used and what was made, each in its own rows and over its own days.",
    "    What was made: product, output and output_unit, without a flow. What was used: a flow, without an output; its days are those of use, not of the invoice.",
    "    A meter that serves many products: a flow with product * (or several ids separated by |) and in allocation mass, pieces or the name of a key;",
    "    the rows of what was made state that key in the column allocation_keys, as machine hours=120.",
    "    Scrap, returns and waste are flows of kind waste with the factor of their treatment, also where scrap is sold for recycling; never outputs.",
    "Then: pcf actor import FILE.xlsx --sign-with operator.pem, once; pcf record FILE.xlsx --dry-run --sign-with acme.pem, and without --dry-run.",
    "All problems come at once as file:sheet:row:column.",
];

/// The same for a Chinese workbook.
#[cfg(feature = "xlsx")]
pub(super) const READ_ME_CHINESE: &[&str] = &[
    "如何填写本工作簿",
    "每个工作表的表头下方都有一个已填写的示例：请替换它。不需要的工作表可以留空或删除。",
    "列的顺序不限，不用的可选列可以删除；粗体表头为必填。表头和工作表名可用中文或英文。",
    "期间：“结束日期”是期间之后的第一天。日期请按日期填写，数字请按数字填写；公式按其显示的值计算。",
    "参与方：谁可以签署什么（由运营者登记：pcf actor import 文件）。",
    "因子：自有的排放因子；已发布的因子用 pcf factor search 查找。",
    "产品：每行一个工序；编号相同的行是同一个产品。",
    "变体：一个产品系列，每行一个产品；每个流一列，表头写作“名称 | 类别 | 单位 | 来源”。",
    "    表头以“= 36000”结尾的列是整个系列的总量，各单元格是份额，例如机时。",
    "物料清单：每行一个零件；数量按一个产品（或其上级组件）计，“产量”是生产的数量。",
    "活动：用了什么、生产了什么，各自成行，各有各的期间。",
    "    生产了什么：填产品、产量和产量单位，不填流。用了什么：填流，不填产量；期间是使用的日子，不是发票日期。",
    "    一块仪表服务多个产品：流的产品填 *（或多个编号，用 | 分隔），分配方法填 mass、pieces 或分配系数的名称；",
    "    生产的行在“分配系数表”列写明该系数，例如 机时=120。",
    "    边角料、退货和废物填为类别 waste 的流，来源为其处理方式的因子，出售回收的边角料也一样；不要作为产出。",
    "然后：先执行一次 pcf actor import 文件.xlsx --sign-with operator.pem；再执行 pcf record 文件.xlsx --dry-run --sign-with acme.pem，最后去掉 --dry-run 再执行一次。",
    "所有问题会一次列出，格式为 文件:工作表:行:列。",
];

/// What a column is for, in English and Chinese; for the rest its name says it.
const EXPLAINED: &[(&str, &str, &str)] = &[
    ("stage", "Where in its life the product is", "产品所处的生命周期阶段"),
    (
        "process",
        "One named process of that stage, as the table of products names it",
        "该阶段的一个工序，名称与“产品”表一致",
    ),
    ("start", "The first day of the period", "期间的第一天"),
    ("end", "The first day after the period", "期间之后的第一天"),
    (
        "product",
        "The id of the product that was made; of a reading also several separated by |, or * for all that the process made",
        "所生产产品的编号；读数可填多个（用 | 分隔），或用 * 表示该工序的全部产品",
    ),
    (
        "output",
        "Good product finally delivered thanks to this work, in the period; empty in a row that says what was used",
        "该期间内由此产出的合格产品数量；只填用量的行留空",
    ),
    ("output_unit", "What the output is in", "产量的单位"),
    ("flow", "What went in, came out or was emitted, by its name", "投入、产出或排放的名称"),
    ("kind", "What the flow is", "流的类别"),
    ("amount", "How much of it in the whole period", "整个期间的数量"),
    ("unit", "What the amount is in", "数量的单位"),
    (
        "times",
        "A second quantity that the amount is multiplied by, such as a distance",
        "与数量相乘的第二个量，例如运输距离",
    ),
    (
        "source",
        "factor:, product:, footprint: or gas: and an id",
        "factor:、product:、footprint: 或 gas: 加编号",
    ),
    (
        "upstream",
        "The factor of a fuel's upstream, where the source is direct",
        "来源为直接排放因子时，燃料上游的因子",
    ),
    (
        "allocation",
        "What several products share a flow by: mass, pieces, price, or the name of a key such as machine hours",
        "多个产品按什么分摊：mass、pieces、price，或分配系数的名称，例如机时",
    ),
    ("key", "This output's amount of the key that allocation names", "该产出的分配系数数值"),
    (
        "allocation_keys",
        "Keys of the output as name=amount, several separated by |, such as machine hours=120",
        "产出的分配系数，写作 名称=数值，多个用 | 分隔，例如 机时=120",
    ),
    (
        "meter",
        "The meter that was read, where there are two of one kind",
        "读数所用的仪表（同类有多块时填写）",
    ),
    (
        "recipe",
        "yes: a bill of materials for so many units, whose output is compared with no other",
        "yes：按若干单位计的物料清单，其产量不与其他产量比较",
    ),
    ("unit_price", "Price of one unit of the output", "产出的单价"),
    (
        "units_of",
        "The process of the same stage whose good output this one's flows are for; it then has readings only",
        "本工序的流按同一阶段哪个工序的合格产量计算；本工序则只有读数",
    ),
    (
        "output_value",
        "What the whole output is worth, in one currency for all products of one work",
        "全部产出的价值，同一工作的所有产品用同一货币",
    ),
    (
        "substitutes",
        "System expansion: the product that a co-product makes needless; the amount is below zero",
        "系统扩展：联产品所替代的产品；数量为负",
    ),
    ("data", "primary: measured here; secondary: from elsewhere", "primary：现场实测；secondary：来自他处"),
    (
        "instrument",
        "The certificate or contract of the electricity, by its number, or a range as GEC1..GEC3; several separated by |, in the order in which they are used up",
        "所用绿证或合同的编号；一段连续编号写作 GEC1..GEC3；多个用 | 分隔，按使用顺序填写",
    ),
    (
        "instrument_kwh",
        "The kWh that it covers as a whole, of a range all together; several separated by | in the order of instrument",
        "该绿证或合同的全部电量，kWh；一段编号填合计；多个用 | 分隔，顺序同绿证编号",
    ),
    (
        "instrument_start",
        "The first day of its generation, or of the contract; several separated by | in the order of instrument",
        "发电期间或合同期间的第一天；多个用 | 分隔，顺序同绿证编号",
    ),
    (
        "instrument_end",
        "The first day after its generation, or after the contract; several separated by | in the order of instrument",
        "发电期间或合同期间之后的第一天；多个用 | 分隔，顺序同绿证编号",
    ),
    ("mass_kg", "Mass of one declared unit, in kg", "一个声明单位的质量，kg"),
    (
        "signers",
        "The actors who may sign this process, with spaces between them",
        "可签署该工序的参与方，用空格分隔",
    ),
    (
        "id",
        "urn:gtin: and 14 digits, urn:uuid: or urn:pact:…; several with spaces between them",
        "urn:gtin: 加14位数字、urn:uuid: 或 urn:pact:…；多个用空格分隔",
    ),
    (
        "quantity",
        "How many of the part in one of the product, or of the assembly above it",
        "一个产品（或其上级组件）中该零件的数量",
    ),
    (
        "level",
        "1 for a part of the product, 2 for a part of the part above, and so on",
        "产品的零件为1，上一行零件的零件为2，依此类推",
    ),
    ("parent", "Instead of the level: the number of the part it belongs to", "代替层级：所属零件的编号"),
    (
        "part_mass_kg",
        "Mass of one part in kg, needed where its source is per mass",
        "一个零件的质量，kg；来源按质量计时必填",
    ),
    (
        "recycling_method",
        "How recycled material is counted: cut-off, closed-loop 0:100, 50:50 or cff",
        "再生材料的计算方法：cut-off、closed-loop 0:100、50:50 或 cff",
    ),
    (
        "material",
        "The material of this row; a product of several materials has a row for each",
        "本行的材料；一个产品有多种材料时每种一行",
    ),
    ("material_kg", "Mass of the material in one declared unit, in kg", "一个声明单位中该材料的质量，kg"),
    (
        "material_region",
        "Where it is recycled, such as CN; a European default used elsewhere is named in the result",
        "回收地区，例如 CN；在别处使用欧洲缺省值时会在结果中注明",
    ),
    (
        "a",
        "A: part of recycling's burdens and credits that stays with this product, 0 to 1",
        "A：回收的负担和收益中归本产品的部分，0至1",
    ),
    (
        "b",
        "B: the same of the recovery of energy, 0 to 1; empty: as the method says, else 0",
        "B：能量回收的同一部分，0至1；空：按方法，否则为0",
    ),
    ("r1", "R1: recycled share of the material that goes in, 0 to 1", "R1：投入材料中再生料的比例，0至1"),
    ("r2", "R2: share of the material that is recycled after use, 0 to 1", "R2：使用后被回收的比例，0至1"),
    (
        "r3",
        "R3: share of the material that is burnt with recovery of energy after use, 0 to 1",
        "R3：使用后焚烧并回收能量的比例，0至1",
    ),
    (
        "qsinqp",
        "Qsin/Qp: quality of the recycled material that goes in, against virgin material",
        "Qsin/Qp：投入的再生料相对原生料的质量",
    ),
    (
        "qsoutqp",
        "Qsout/Qp: quality of the recycled material that comes out, against virgin material",
        "Qsout/Qp：产出的再生料相对原生料的质量",
    ),
    ("ev", "Ev: the factor of virgin material, by its id", "Ev：原生材料的因子编号"),
    ("erec", "Erec: the factor of recycling what goes in", "Erec：投入再生料的回收因子"),
    ("ereceol", "ErecEoL: the factor of recycling what comes out", "ErecEoL：报废回收的因子"),
    (
        "evstar",
        "Ev*: the factor of the virgin material that recycling makes needless",
        "Ev*：回收所替代的原生材料的因子",
    ),
    ("ed", "Ed: the factor of disposal of the rest", "Ed：其余部分处置的因子"),
    ("eer", "EER: the factor of burning with recovery of energy", "EER：焚烧并回收能量的因子"),
    ("lhv", "LHV: lower heating value of the material, in MJ per kg", "LHV：材料的低位热值，MJ/kg"),
    ("xheat", "XER,heat: how much of that becomes heat, 0 to 1", "XER,heat：其中转为热的比例，0至1"),
    ("xelec", "XER,elec: how much of that becomes electricity, 0 to 1", "XER,elec：其中转为电的比例，0至1"),
    ("eheat", "ESE,heat: the factor of the heat that is made needless", "ESE,heat：被替代的热的因子"),
    ("eelec", "ESE,elec: the factor of the electricity that is made needless", "ESE,elec：被替代的电的因子"),
    ("keys", "Public keys, with spaces between them", "公钥，用空格分隔"),
    ("kgco2e", "kg CO2e per unit, of fossil origin", "每单位的 kg CO2e，化石来源"),
];

/// What a column of a kind of table is for.
pub(crate) fn explained(kind: TableKind, column: &str, chinese: bool) -> Option<&'static str> {
    if (kind, column) == (TableKind::Factors, "id") {
        let said = ("A name of your own, such as acme.heat.2025", "自定的名称，例如 acme.heat.2025");
        return Some(if chinese { said.1 } else { said.0 });
    }
    let found = EXPLAINED.iter().find(|(name, ..)| *name == column);
    found.map(|(_, english, in_chinese)| if chinese { *in_chinese } else { *english })
}

/// The words that a column may hold, where they are few.
pub(crate) fn closed_words(column: &str) -> Option<Vec<&'static str>> {
    fn words<T: Copy>(all: &[T], as_str: fn(T) -> &'static str) -> Option<Vec<&'static str>> {
        Some(all.iter().map(|word| as_str(*word)).collect())
    }
    match column {
        "stage" | "stages" => words(Stage::ALL, Stage::as_str),
        "kind" => words(FlowKind::ALL, FlowKind::as_str),
        "unit" | "output_unit" | "declared_unit" | "times_unit" | "energy_unit" => {
            words(Unit::ALL, Unit::as_str)
        }
        "data" => words(DataKind::ALL, DataKind::as_str),
        "boundary" => words(Boundary::ALL, Boundary::as_str),
        "scope" => words(Scope::ALL, Scope::as_str),
        "exemptions" => Some(vec!["none", "listed"]),
        "category" => words(FactorCategory::ALL, FactorCategory::as_str),
        "packaging_included" | "ccs_included" | "design_at_gate" | "delivered" | "recipe" => {
            Some(vec!["yes", "no"])
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words;

    #[test]
    fn every_column_of_recycled_material_is_explained_and_has_a_chinese_name() {
        let names: Vec<&str> = TableKind::Products.columns().names().collect();
        let first = names.iter().position(|name| *name == "material").unwrap();
        assert_eq!(names.len() - first, 21, "the materials are the last columns of products");
        for name in names.into_iter().skip(first).chain(["recycling_method"]) {
            assert!(explained(TableKind::Products, name, true).is_some(), "{name} is not explained");
            assert!(words::COLUMNS.iter().any(|(english, _)| *english == name), "{name} has no Chinese name");
        }
    }

    #[test]
    fn every_explanation_is_of_a_column_and_every_needed_column_of_activities_has_one() {
        for (name, ..) in EXPLAINED {
            assert!(TableKind::ALL.iter().any(|kind| kind.columns().knows(name)), "{name}");
        }
        for name in TableKind::Activities.columns().required {
            assert!(explained(TableKind::Activities, name, false).is_some(), "{name}");
        }
    }
}
