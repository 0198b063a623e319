//! A table of another system as a mapping reads it: its columns as ours, its words and materials as
//! they are meant. What the mapping says was checked when it was read.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Allowed, Mapping, Material};
use crate::ExchangeError;
use crate::source::{Record, Source, Stored};
use pcf_core::model::Period;

/// The most materials whose lack is said one by one.
const UNMATCHED_MAX: usize = 1000;

/// A table of theirs, read as one of ours.
pub(crate) struct Mapped {
    inner: Box<dyn Source>,
    mapping: Arc<Mapping>,
    header: Vec<String>,
    header_line: u64,
    /// For each of our columns, where it comes from.
    from: Vec<From>,
    number: Option<usize>,
    name: Option<usize>,
    /// Their columns that tell which rows are read.
    only: Vec<(usize, Allowed)>,
    /// How many rows were left out.
    left_out: Cell<u64>,
}

#[derive(Clone)]
enum From {
    Theirs(usize, String),
    Fixed(String),
    /// What the material number says, and where the row says it itself.
    Material(&'static str, Option<usize>),
}

impl Mapped {
    /// Finds their columns.
    pub(crate) fn new(
        inner: Box<dyn Source>,
        mapping: Arc<Mapping>,
        period: Option<Period>,
    ) -> Result<Self, ExchangeError> {
        let (names, header_line) = inner.header();
        let place = inner.place();
        let refuse = |sentence: String| ExchangeError::Unreadable { file: place.into(), sentence };
        let at = |theirs: &str| {
            let mut places = names.iter().enumerate().filter(|(_, name)| *name == theirs).map(|(at, _)| at);
            match (places.next(), places.next()) {
                (Some(at), None) => Ok(at),
                (Some(_), Some(_)) => Err(refuse(format!(
                    "{} names the column `{theirs}`, which stands twice in the header: rename or delete one",
                    mapping.file
                ))),
                (None, _) => Err(refuse(format!(
                    "{} names the column `{theirs}`, and the header has none: it is `{}`",
                    mapping.file,
                    names.join("`, `").chars().take(200).collect::<String>()
                ))),
            }
        };
        let (mut header, mut from) = (Vec::new(), Vec::new());
        let number = mapping.material_column.as_deref().map(at).transpose()?;
        let name = mapping.material_name_column.as_deref().map(at).transpose()?;
        for (ours, theirs) in &mapping.columns {
            let position = at(theirs)?;
            header.push(ours.clone());
            from.push(match column_of_material(ours).filter(|_| number.is_some()) {
                Some(column) => From::Material(column, Some(position)),
                None => From::Theirs(position, ours.clone()),
            });
        }
        for (ours, text) in &mapping.fixed {
            header.push(ours.clone());
            from.push(From::Fixed(text.clone()));
        }
        let days = period.map(|period| [("start", period.start()), ("end", period.end())]);
        for (ours, day) in days.into_iter().flatten() {
            if header.iter().any(|name| name == ours) {
                return Err(refuse(format!(
                    "--period says when every row was, and {} says so too by `{ours}`: leave out one",
                    mapping.file
                )));
            }
            header.push(ours.to_owned());
            from.push(From::Fixed(day.to_string()));
        }
        let only = mapping.only.iter().map(|(theirs, allowed)| Ok((at(theirs)?, allowed.clone())));
        let only = only.collect::<Result<Vec<_>, ExchangeError>>()?;
        if number.is_some() {
            let states = |of: fn(&Material) -> bool| mapping.materials.values().any(of);
            let stated = [
                ("source", true),
                ("upstream", states(|m| m.upstream.is_some())),
                ("unit", states(|m| m.unit.is_some())),
                ("kind", states(|m| m.kind.is_some())),
            ];
            for (ours, _) in stated.into_iter().filter(|(_, stated)| *stated) {
                if !header.iter().any(|name| name == ours) {
                    header.push(ours.to_owned());
                    from.push(From::Material(ours, None));
                }
            }
        }
        Ok(Self {
            mapping: Arc::clone(&mapping),
            header,
            header_line,
            from,
            number,
            name,
            only,
            left_out: Cell::new(0),
            inner,
        })
    }

    fn row(&self, theirs: &Record, ours: &mut Record, unmatched: &mut BTreeSet<String>) {
        ours.clear();
        ours.line = theirs.line;
        let cell = |at: Option<usize>| at.and_then(|at| theirs.cells.get(at)).map_or("", str::trim);
        let number = cell(self.number);
        let material = self.mapping.materials.get(number).filter(|material| !material.source.is_empty());
        let fault =
            |at: usize| theirs.faults.iter().find(|(column, _)| *column == at).map(|(_, fault)| fault);
        for (column, from) in self.from.iter().enumerate() {
            let stored = |at: Option<usize>| at.and_then(|at| theirs.stored(at));
            let (text, stored) = match from {
                From::Fixed(text) => (text.clone(), None),
                From::Theirs(at, ours_name) => {
                    let text = cell(Some(*at));
                    let words = self.mapping.values.get(ours_name).and_then(|words| words.get(text));
                    (
                        words.map_or(text, String::as_str).to_owned(),
                        stored(Some(*at)).filter(|_| words.is_none()),
                    )
                }
                From::Material(name, at) => {
                    let times = material.and_then(|material| material.times_of(name));
                    ours.times.extend(times.map(|times| (column, times)));
                    self.of_material(name, cell(*at), stored(*at), material)
                }
            };
            ours.stored.extend(stored.map(|stored| (column, stored)));
            if let From::Theirs(at, _) = from {
                let shown = theirs.beside.iter().filter(|(column, _)| column == at);
                ours.beside.extend(shown.map(|(_, text)| (column, text.clone())));
            }
            if let From::Theirs(at, _) | From::Material(_, Some(at)) = from {
                ours.faults.extend(fault(*at).map(|fault| (column, fault.clone())));
            }
            ours.cells.push_field(&text);
        }
        if self.number.is_some() && material.is_none() {
            let source = self.header.iter().position(|name| name == "source").unwrap_or(0);
            if unmatched.len() < UNMATCHED_MAX && unmatched.insert(number.to_owned()) {
                let name = cell(self.name);
                let near = self.mapping.catalog.suggestion(&format!("{number} {name}"));
                let named = if name.is_empty() { String::new() } else { format!(" ({name})") };
                let file = &self.mapping.file;
                let sentence = format!("the material `{number}`{named} has no source in {file}: {near}");
                ours.faults.push((source, sentence));
            }
        }
    }

    /// What a material says of a column, else what the row says, and what that is stored as. Rows
    /// of an unmatched material are said once and refused with it.
    fn of_material(
        &self,
        column: &str,
        own: &str,
        stored: Option<Stored>,
        material: Option<&Material>,
    ) -> (String, Option<Stored>) {
        let words = self.mapping.values.get(column).and_then(|words| words.get(own));
        let (words, stored) = (words.map_or(own, String::as_str), stored.filter(|_| words.is_none()));
        let Some(material) = material else {
            return match column {
                "source" if words.is_empty() => ("factor:unmatched".into(), None),
                _ => (words.into(), stored),
            };
        };
        let said = match column {
            "source" => Some(&material.source),
            "upstream" => material.upstream.as_ref(),
            "unit" => material.unit.as_ref(),
            "kind" => material.kind.as_ref(),
            _ => None,
        };
        said.map_or_else(|| (words.to_owned(), stored), |said| (said.clone(), None))
    }
}

/// The columns that a material's entry may say or change.
fn column_of_material(ours: &str) -> Option<&'static str> {
    ["source", "upstream", "unit", "kind", "amount", "quantity"].into_iter().find(|column| *column == ours)
}

impl Source for Mapped {
    fn place(&self) -> &str {
        self.inner.place()
    }

    fn sheet(&self) -> Option<&str> {
        self.inner.sheet()
    }

    fn header(&self) -> (&[String], u64) {
        (&self.header, self.header_line)
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = self.inner.notes();
        let read = |at: &usize| {
            let of_ours = self.from.iter().any(|from| match from {
                From::Theirs(own, _) | From::Material(_, Some(own)) => own == at,
                From::Fixed(_) | From::Material(_, None) => false,
            });
            of_ours
                || [self.number, self.name].contains(&Some(*at))
                || self.only.iter().any(|(own, _)| own == at)
        };
        let (names, _) = self.inner.header();
        let unread = names.iter().enumerate().filter(|(at, name)| !name.is_empty() && !read(at));
        let unread: Vec<&str> = unread.map(|(_, name)| name.as_str()).collect();
        if !unread.is_empty() {
            let (place, file, listed) = (self.place(), &self.mapping.file, unread.join("`, `"));
            notes.push(format!("{place}: not read, since {file} does not name them: the columns `{listed}`"));
        }
        notes
    }

    fn is_hidden(&self) -> bool {
        self.inner.is_hidden()
    }

    fn left_out(&self) -> Option<String> {
        let count = self.left_out.get();
        let rows = if count == 1 { "1 row is".to_owned() } else { format!("{count} rows are") };
        let own = (count > 0)
            .then(|| format!("{}: {rows} left out by [only] of {}", self.place(), self.mapping.file));
        let both: Vec<String> = own.into_iter().chain(self.inner.left_out()).collect();
        (!both.is_empty()).then(|| both.join("; "))
    }

    fn doubtful_points(&self) -> Option<&'static str> {
        self.inner.doubtful_points()
    }

    fn each(&self, sink: &mut dyn FnMut(&mut Record) -> bool) -> Result<(), ExchangeError> {
        let (mut ours, mut unmatched) = (Record::default(), BTreeSet::new());
        let mut left_out = 0;
        let read = self.inner.each(&mut |theirs| {
            let cell = |at: usize| theirs.cells.get(at).map_or("", str::trim);
            if !self.only.iter().all(|(at, allowed)| allowed.allows(cell(*at))) {
                left_out += 1;
                return true;
            }
            self.row(theirs, &mut ours, &mut unmatched);
            sink(&mut ours)
        });
        // A table is read several times, and not always to its end.
        self.left_out.set(self.left_out.get().max(left_out));
        read
    }
}
