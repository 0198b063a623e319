//! `mapping.toml`: how an export of another system is read as one of the tables known here: which
//! of its columns is which, what is the same in every row, what its words mean, and for every
//! material number its source and unit. It is written once and used again with the next export.

mod first;
mod mapped;

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::Deserialize;

use super::catalog::Catalog;
use super::csv::{TableKind, Written};
use super::{ExchangeError, file};
use pcf_core::model::{Decimal, ValueError};

pub use first::first;
pub(crate) use mapped::Mapped;

/// What a mapping file says.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// What the rows are: `activities`, `products`, `factors`, `variants`, `parts`, `years`.
    kind: String,
    /// The sheet of a workbook that is read.
    #[serde(default)]
    #[cfg_attr(not(feature = "xlsx"), allow(dead_code, reason = "this build reads no workbooks"))]
    pub(super) sheet: Option<String>,
    /// `comma` or `point`: the decimal mark of their numbers.
    #[serde(default)]
    decimal: Option<String>,
    /// `day-first` or `month-first`: the order of their days whose year stands last.
    #[serde(default)]
    dates: Option<String>,
    /// Their column of each of ours.
    columns: BTreeMap<String, String>,
    /// What every row says in a column of ours.
    #[serde(default)]
    fixed: BTreeMap<String, String>,
    /// What a column of theirs must say in rows that are read; other rows are left out.
    #[serde(default)]
    only: BTreeMap<String, Allowed>,
    /// For a column of ours, what their words mean.
    #[serde(default)]
    values: BTreeMap<String, BTreeMap<String, String>>,
    /// Their column that holds the material number.
    #[serde(default)]
    material_column: Option<String>,
    /// Their column that holds the material's name, for sentences.
    #[serde(default)]
    material_name_column: Option<String>,
    /// What each material number is.
    #[serde(default)]
    materials: BTreeMap<String, Material>,
    #[serde(skip)]
    written: Written,
    #[serde(skip)]
    catalog: Catalog,
    #[serde(skip)]
    file: String,
}

/// What a cell may say.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Allowed {
    /// This.
    One(String),
    /// Any of these.
    Any(Vec<String>),
}

impl Allowed {
    fn allows(&self, cell: &str) -> bool {
        match self {
            Self::One(text) => text == cell,
            Self::Any(texts) => texts.iter().any(|text| text == cell),
        }
    }
}

/// What a material number stands for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Material {
    /// `factor:`, `product:` or `footprint:` and an id.
    source: String,
    /// The upstream factor, where the source is a direct one.
    #[serde(default)]
    upstream: Option<String>,
    /// What the converted amount is in; without it the row's unit.
    #[serde(default)]
    unit: Option<String>,
    /// What the row's amount is multiplied by, such as kg per piece.
    #[serde(default)]
    times: Option<String>,
    /// The kind of the flow.
    #[serde(default)]
    kind: Option<String>,
}

impl Material {
    /// How many times the number of a column counts.
    fn times_of(&self, column: &str) -> Option<Decimal> {
        let times = self.times.as_ref().filter(|_| matches!(column, "amount" | "quantity"))?;
        // It was read when the mapping was.
        times.parse().ok()
    }
}

impl Mapping {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// [`ExchangeError::Unreadable`] naming the key that is wrong.
    pub fn read(bytes: &[u8], file: &str) -> Result<Self, ExchangeError> {
        let refuse = |sentence: String| ExchangeError::Unreadable { file: file.into(), sentence };
        let mapping: Self = toml::from_str(file::text(bytes, file)?)
            .map_err(|e| refuse(format!("this is not a mapping: {}", e.to_string().trim_end())))?;
        let kind = mapping.kind().ok_or_else(|| {
            let expected = "activities, products, factors, variants, parts or years";
            refuse(format!("kind: expected {expected}, got `{}`", mapping.kind))
        })?;
        let ours = mapping.columns.keys().chain(mapping.fixed.keys()).chain(mapping.values.keys());
        for column in ours {
            if !kind.columns().knows(column) {
                return Err(refuse(format!("no column of {} is called `{column}`", kind.columns().what)));
            }
        }
        if let Some(twice) = mapping.columns.keys().find(|column| mapping.fixed.contains_key(*column)) {
            return Err(refuse(format!("`{twice}` stands in [columns] and in [fixed]: leave out one")));
        }
        if mapping.materials.is_empty() != mapping.material_column.is_none() {
            return Err(refuse("[materials] and material_column come together".into()));
        }
        for (number, material) in &mapping.materials {
            if let Some(Err(e)) = material.times.as_ref().map(|times| times.parse::<Decimal>()) {
                return Err(refuse(format!("materials.{number}.times: {e}")));
            }
        }
        let spelt = |key: &str, error: ValueError| refuse(format!("{key}: {error}"));
        let written = Written {
            decimal: parsed(&mapping.decimal).map_err(|e| spelt("decimal", e))?,
            dates: parsed(&mapping.dates).map_err(|e| spelt("dates", e))?,
            latest_year: None,
        };
        Ok(Self { file: file.into(), written, ..mapping })
    }

    /// With what unmatched materials may be.
    #[must_use]
    pub fn with_catalog(self, catalog: Catalog) -> Self {
        Self { catalog, ..self }
    }

    /// How their cells are written.
    pub(super) const fn written(&self) -> Written {
        self.written
    }

    /// What the rows are.
    pub fn kind(&self) -> Option<TableKind> {
        match self.kind.as_str() {
            "activities" => Some(TableKind::Activities),
            "products" => Some(TableKind::Products),
            "factors" => Some(TableKind::Factors),
            "variants" => Some(TableKind::Variants),
            "parts" => Some(TableKind::Parts),
            "years" => Some(TableKind::Years),
            _ => None,
        }
    }

    /// True where a header has every column that the mapping names.
    #[cfg(feature = "xlsx")]
    pub(super) fn is_for(&self, header: &[String]) -> bool {
        let further = [&self.material_column, &self.material_name_column];
        let further = further.into_iter().flatten().chain(self.only.keys());
        let mut named = self.columns.values().chain(further);
        named.all(|theirs| header.contains(theirs))
    }

    /// True for a name of their header.
    pub(super) fn knows(&self, name: &str) -> bool {
        let further = [&self.material_column, &self.material_name_column];
        let further = further.into_iter().flatten().chain(self.only.keys());
        self.columns.values().chain(further).any(|theirs| theirs == name)
    }
}

fn parsed<T: FromStr<Err = ValueError>>(text: &Option<String>) -> Result<Option<T>, ValueError> {
    text.as_deref().map(str::parse).transpose()
}
