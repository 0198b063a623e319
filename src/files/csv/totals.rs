//! Rows that add others up, as reports have them below their tables: counted as data they would
//! double what they add up. They are pointed out, and left out where that is wanted.

use std::cell::Cell;

use super::{Columns, TableKind};
use crate::source::{Record, Source};
use crate::{ExchangeError, words};

/// Where a table has the columns that every row of data fills.
#[derive(Debug, Default)]
pub(super) struct Totals {
    required: Vec<usize>,
    /// Where it has names of what was used or made.
    names: Vec<usize>,
}

/// Columns in which nothing is called a total.
const NAMES: [&str; 5] = ["flow", "product", "part", "part_name", "material"];

impl Totals {
    pub(super) fn of(header: &[String], columns: &Columns) -> Self {
        let is_required = |name: &String| {
            let known = words::column(name, |name| columns.knows(name));
            known.is_some_and(|known| columns.required.contains(&&*known))
        };
        let is_name = |name: &String| {
            let known = words::column(name, |name| columns.knows(name));
            known.is_some_and(|known| NAMES.contains(&&*known))
        };
        let places = |is: &dyn Fn(&String) -> bool| {
            header.iter().enumerate().filter(|(_, name)| is(name)).map(|(at, _)| at).collect()
        };
        Self { required: places(&is_required), names: places(&is_name) }
    }

    /// The word by which a row names itself a total: where it names what was used or made, or
    /// anywhere where most of what data needs is empty in it.
    pub(super) fn word<'r>(&self, record: &'r Record) -> Option<&'r str> {
        let cell = |at: &usize| record.cells.get(*at).map_or("", str::trim);
        if let Some(named) =
            self.names.iter().map(cell).find(|cell| !cell.is_empty() && words::is_total(cell))
        {
            return Some(named);
        }
        let empty = self.required.iter().filter(|at| cell(at).is_empty()).count();
        if empty * 2 <= self.required.len() {
            return None;
        }
        record.cells.iter().map(str::trim).find(|cell| !cell.is_empty() && words::is_total(cell))
    }
}

/// A table without its rows of totals.
pub(crate) struct WithoutTotals {
    inner: Box<dyn Source>,
    totals: Totals,
    left_out: Cell<u64>,
}

impl WithoutTotals {
    pub(crate) fn new(inner: Box<dyn Source>, kind: TableKind) -> Self {
        let totals = Totals::of(inner.header().0, kind.columns());
        Self { inner, totals, left_out: Cell::new(0) }
    }
}

impl Source for WithoutTotals {
    fn place(&self) -> &str {
        self.inner.place()
    }

    fn sheet(&self) -> Option<&str> {
        self.inner.sheet()
    }

    fn header(&self) -> (&[String], u64) {
        self.inner.header()
    }

    fn notes(&self) -> Vec<String> {
        self.inner.notes()
    }

    fn is_hidden(&self) -> bool {
        self.inner.is_hidden()
    }

    fn doubtful_points(&self) -> Option<&'static str> {
        self.inner.doubtful_points()
    }

    fn left_out(&self) -> Option<String> {
        let inner = self.inner.left_out();
        let count = self.left_out.get();
        let rows = match count {
            1 => "1 row that adds others up is".to_owned(),
            count => format!("{count} rows that add others up are"),
        };
        let own = (count > 0).then(|| format!("{}: {rows} left out", self.place()));
        let both: Vec<String> = own.into_iter().chain(inner).collect();
        (!both.is_empty()).then(|| both.join("; "))
    }

    fn each(&self, sink: &mut dyn FnMut(&mut Record) -> bool) -> Result<(), ExchangeError> {
        let mut left_out = 0;
        let read = self.inner.each(&mut |record| {
            if self.totals.word(record).is_some() {
                left_out += 1;
                return true;
            }
            sink(record)
        });
        // A table is read several times, and not always to its end.
        self.left_out.set(self.left_out.get().max(left_out));
        read
    }
}
