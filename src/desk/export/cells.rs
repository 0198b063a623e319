//! Cells of a row, put where their column is.

use std::fmt::Display;

use pcf_ledger::model::Quality;

/// A row in the making.
#[derive(Debug, Clone, Default)]
pub struct Row(Vec<(String, String)>);

impl Row {
    /// The same row with a cell.
    pub fn with(mut self, column: &str, cell: impl Display) -> Self {
        self.put(column, cell);
        self
    }

    /// The same row with a cell where there is something to say.
    pub fn with_some(mut self, column: &str, cell: Option<impl Display>) -> Self {
        if let Some(cell) = cell {
            self.put(column, cell);
        }
        self
    }

    /// The same row with a cell of several values, where there are any.
    pub fn with_list(self, column: &str, list: &[impl Display], between: &str) -> Self {
        let texts: Vec<String> = list.iter().map(ToString::to_string).collect();
        self.with_some(column, (!texts.is_empty()).then(|| texts.join(between)))
    }

    /// The same row with yes where it is so.
    pub fn with_yes(self, column: &str, is_so: bool) -> Self {
        self.with_some(column, is_so.then_some("yes"))
    }

    /// The same row with yes or no, where it is stated.
    pub fn with_yes_or_no(self, column: &str, stated: Option<bool>) -> Self {
        self.with_some(column, stated.map(|is_so| if is_so { "yes" } else { "no" }))
    }

    /// The same row with three ratings.
    pub fn with_quality(self, quality: Option<&Quality>) -> Self {
        self.with_some("quality_technology", quality.map(|quality| quality.technology))
            .with_some("quality_geography", quality.map(|quality| quality.geography))
            .with_some("quality_time", quality.map(|quality| quality.time))
    }

    /// The same row with the cells of another behind its own.
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Returns the cells by column.
    pub fn cells(self) -> Vec<(String, String)> {
        self.0
    }

    fn put(&mut self, column: &str, cell: impl Display) {
        self.0.push((column.to_owned(), cell.to_string()));
    }
}
