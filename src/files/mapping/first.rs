//! The first mapping for an export: its columns matched by name as far as names go, the rest listed
//! to be filled in. It suggests; the user decides.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::catalog::Catalog;
use crate::csv::dates::order_told;
use crate::csv::{DayOrder, TableKind};
use crate::likeness::Shingles;
use crate::source::Source;
use crate::tables::{self, Options};
use crate::{ExchangeError, template, units, words};

/// What columns of exports are often called, in lower case, beside the names of [`words`].
const OFTEN: &[(&str, &[&str])] = &[
    (
        "amount",
        &["qty", "quantity", "menge", "consumption", "verbrauch", "entry quantity", "数量", "用量", "消耗量"],
    ),
    ("unit", &["uom", "base unit", "meins", "me", "einheit", "unit of measure", "计量单位"]),
    (
        "flow",
        &[
            "material description",
            "maktx",
            "materialkurztext",
            "material name",
            "description",
            "text",
            "bezeichnung",
            "物料描述",
            "物料名称",
            "品名",
        ],
    ),
    ("product", &["finished product", "product id", "erzeugnis", "产品编码", "成品"]),
    ("output", &["output quantity", "yield", "produced", "gutmenge", "完工数量"]),
    ("site", &["plant", "werk", "werks", "factory", "工厂"]),
    ("start", &["from", "date from", "period start", "von"]),
    ("end", &["to", "date to", "period end", "bis"]),
    ("process", &["operation", "work center", "arbeitsplatz", "cost center", "工作中心"]),
    ("batch", &["lot", "charge", "charg"]),
];

/// Units whose names are unclear, as one system of many plants writes them: a suggestion that the
/// user decides on.
const UNITS: &[(&str, &str)] = &[("TO", "t"), ("ST", "piece")];

/// What the column of material numbers is often called.
const NUMBERS: &[&str] = &[
    "material",
    "matnr",
    "material number",
    "part",
    "part number",
    "item",
    "sku",
    "物料",
    "物料号",
    "物料编码",
    "料号",
];

/// How many materials are listed.
const MATERIALS_MAX: usize = 2000;

/// The most words of a column that are listed.
const WORDS_MAX: usize = 12;

/// Likeness, in thousandths, from which a column is suggested.
const LIKENESS_MIN: usize = 700;

/// Writes a mapping for an export of activities: what its columns probably are, and its materials
/// with their nearest candidates.
///
/// # Errors
/// [`ExchangeError::Unreadable`] for a file without a table.
pub fn first(
    bytes: Vec<u8>,
    file: &str,
    options: &Options,
    catalog: &Catalog,
) -> Result<String, ExchangeError> {
    let source = tables::open_any(bytes, file, options)?;
    let kind = TableKind::Activities;
    let (names, _) = source.header();
    let mut ours: BTreeMap<&str, &str> = BTreeMap::new();
    let number = names.iter().position(|name| NUMBERS.contains(&name.trim().to_lowercase().as_str()));
    for (at, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        if Some(at) != number
            && let Some(column) = suggested(name, kind)
        {
            ours.entry(column).or_insert(name);
        }
    }
    let mut text = String::from(
        "# How the columns of this export are read. Names on the left are those of `pcf template`; complete what is missing, then\n\
         #   pcf record EXPORT --mapping THIS-FILE --sign-with KEY\n\
         kind = \"activities\"\n",
    );
    if let Some(order) = days(source.as_ref(), &ours)? {
        let _ = writeln!(
            text,
            "# How days are written whose year stands last: day-first or month-first.\ndates = {}",
            quoted(order)
        );
    }
    if let Some(sheet) = source.sheet() {
        let _ = writeln!(text, "sheet = {}", quoted(sheet));
    }
    let at = |n: Option<usize>| n.and_then(|n| names.get(n));
    if let Some(name) = at(number) {
        let _ = writeln!(text, "material_column = {}", quoted(name));
    }
    if let Some(name) = ours.get("flow").filter(|_| number.is_some()) {
        let _ = writeln!(text, "material_name_column = {}", quoted(name));
    }
    let _ = writeln!(text, "\n[columns]");
    for (column, theirs) in &ours {
        let _ = writeln!(text, "{column} = {}", quoted(theirs));
    }
    let unused = names.iter().enumerate().filter(|(n, name)| {
        !name.is_empty() && Some(*n) != number && !ours.values().any(|theirs| *theirs == name.as_str())
    });
    for (_, name) in unused {
        let _ = writeln!(text, "# not matched: {}", quoted(name));
    }
    let _ = writeln!(text, "\n# What every row says.\n[fixed]");
    for column in kind.columns().required.iter().filter(|column| !ours.contains_key(*column)) {
        if *column != "source" || number.is_none() {
            let said = template::explained(kind, column, false).unwrap_or_default();
            let words = template::closed_words(column).filter(|words| words.len() <= WORDS_MAX);
            let words = words.map(|words| format!(": {}", words.join(", "))).unwrap_or_default();
            let _ = writeln!(
                text,
                "{}",
                format!("{column} = \"\"  # {said}{words}").trim_end_matches(['#', ' '])
            );
        }
    }
    let _ = writeln!(text, "\n# What their words mean, such as \"ST\" = \"piece\".\n[values.unit]");
    for word in
        distinct(source.as_ref(), ours.get("unit").and_then(|name| names.iter().position(|n| n == name)))?
    {
        if units::read(&word.0).is_err() {
            let upper = word.0.to_uppercase();
            let meant = UNITS.iter().find(|(often, _)| *often == upper).map_or("", |(_, unit)| unit);
            let _ = writeln!(text, "{} = {}", quoted(&word.0), quoted(meant));
        }
    }
    if number.is_some() {
        materials(&mut text, source.as_ref(), number, &ours, catalog)?;
    }
    Ok(text)
}

fn materials(
    text: &mut String,
    source: &dyn Source,
    number: Option<usize>,
    ours: &BTreeMap<&str, &str>,
    catalog: &Catalog,
) -> Result<(), ExchangeError> {
    let (names, _) = source.header();
    let name_at = ours.get("flow").and_then(|name| names.iter().position(|n| n == name));
    let _ = writeln!(
        text,
        "\n# One source for each material; `unit` and `times` where the source is per another unit, such as unit = \"kg\", times = \"0.25\".\n[materials]"
    );
    for (material, row) in distinct(source, number)? {
        let name = name_at.and_then(|at| row.get(at)).map_or("", String::as_str);
        let held = catalog.numbered(&material);
        let chosen = match held.as_slice() {
            [one] => one.source.as_str(),
            _ => "",
        };
        let _ = writeln!(text, "{} = {{ source = {} }}", quoted(&material), quoted(chosen));
        let name = name.replace(['\n', '\r'], " ");
        let near = catalog.candidates(&format!("{material} {name}"));
        let _ = writeln!(text, "#   {name}{}", if near.is_empty() { "" } else { "; nearest:" });
        for entry in near {
            let _ = writeln!(text, "#     {} ({})", entry.source, entry.name.replace(['\n', '\r'], " "));
        }
    }
    Ok(())
}

/// The order of days whose year stands last, where the export has any: empty where no day of it
/// tells, or where they disagree.
fn days(source: &dyn Source, ours: &BTreeMap<&str, &str>) -> Result<Option<&'static str>, ExchangeError> {
    let (names, _) = source.header();
    let mut told = BTreeSet::new();
    for theirs in ["start", "end"].iter().filter_map(|column| ours.get(column)) {
        let values = distinct(source, names.iter().position(|name| name == theirs))?;
        told.extend(values.keys().filter_map(|day| order_told(day)).map(|order| match order {
            None => "",
            Some(DayOrder::DayFirst) => "day-first",
            Some(DayOrder::MonthFirst) => "month-first",
        }));
    }
    let clear: Vec<&str> = told.iter().copied().filter(|order| !order.is_empty()).collect();
    Ok(match clear[..] {
        [order] => Some(order),
        _ => (!told.is_empty()).then_some(""),
    })
}

/// The values of a column, each with the first row that holds it.
fn distinct(
    source: &dyn Source,
    column: Option<usize>,
) -> Result<BTreeMap<String, Vec<String>>, ExchangeError> {
    let mut found = BTreeMap::new();
    let Some(column) = column else { return Ok(found) };
    source.each(&mut |record| {
        let cell = record.cells.get(column).map_or("", str::trim);
        if !cell.is_empty() && !found.contains_key(cell) {
            found.insert(cell.to_owned(), record.cells.iter().map(|c| c.trim().to_owned()).collect());
        }
        found.len() < MATERIALS_MAX
    })?;
    Ok(found)
}

/// Our column that one of theirs probably is.
fn suggested(name: &str, kind: TableKind) -> Option<&'static str> {
    let columns = kind.columns();
    let own = |name: &str| columns.names().find(|column| *column == name);
    if let Some(column) = words::column(name, |known| columns.knows(known)).as_deref().and_then(own) {
        return Some(column);
    }
    let lower = name.trim().to_lowercase();
    if let Some((column, _)) = OFTEN.iter().find(|(_, often)| often.contains(&lower.as_str())) {
        return own(column);
    }
    let theirs = Shingles::of(name);
    let like =
        columns.names().map(|column| (Shingles::of(&column.replace('_', " ")).likeness(&theirs), column));
    like.max_by_key(|(like, _)| *like).filter(|(like, _)| *like >= LIKENESS_MIN).map(|(_, column)| column)
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
