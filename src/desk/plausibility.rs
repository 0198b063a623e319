//! What the plausibility rules found, with the places of statements and the command that mends or
//! shows each finding.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use pcf_files::library::Library;
use pcf_ledger::admission::{Said, Series, Sought};
use pcf_ledger::calc::Inventory;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{ActorId, Date, Factor, FootprintId, Period, ProductId, Statement, StatementId};
use pcf_ledger::pact;
use pcf_ledger::plausibility::{Asked, Finding, Offer, Severity};
use pcf_ledger::store::Reader;
use serde::Serialize;

use crate::DeskError;
use crate::words::quoted;

/// A finding as it is reported.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Found {
    /// What the finding is called where it is accepted; the beginning of its digest.
    pub id: String,
    /// The rule's name.
    pub rule: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// The product it is about.
    pub product: ProductId,
    /// Its name, where it is known.
    #[serde(skip)]
    pub name: Option<String>,
    /// The period that was looked at.
    pub period: Period,
    /// The finding itself.
    pub sentence: String,
    /// How to mend it.
    pub remedy: String,
    /// A command that mends it or shows it; key files are named `KEY` and `log.pem`, which the
    /// caller fills in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The statements it is about, by place.
    pub statements: Vec<At>,
}

/// A statement and where it lies, for people.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct At {
    /// Its id.
    pub statement: StatementId,
    /// Its process and period, or its file and row.
    pub place: String,
}

impl Found {
    /// Returns a finding with the places of its statements, and what to type.
    pub fn new(finding: &Finding, place: impl Fn(&StatementId) -> String) -> Self {
        let mut statements: Vec<At> =
            finding.about.statements.iter().map(|id| At { statement: *id, place: place(id) }).collect();
        // By place, because ids differ from one ledger to the next.
        statements.sort_by(|a, b| a.place.cmp(&b.place).then(a.statement.cmp(&b.statement)));
        Self {
            id: finding.short_id(),
            rule: finding.rule,
            severity: finding.severity,
            product: finding.about.product.clone(),
            name: None,
            period: finding.about.period,
            sentence: finding.sentence.clone(),
            remedy: finding.remedy.clone(),
            command: command(finding),
            statements,
        }
    }

    /// Returns the same with the product's name.
    pub fn named(self, name: Option<String>) -> Self {
        Self { name, ..self }
    }

    /// Returns the product's name for people, or its id where it has none.
    pub fn product_name(&self) -> &str {
        self.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(self.product.as_str())
    }

    /// Returns the same with the places of statements in place of their ids, for statements that
    /// nobody can look up yet.
    pub(crate) fn placed(mut self, places: &BTreeMap<String, String>) -> Self {
        // An import may have a million statements: the few ids that are named are looked for, and
        // not each of those in each sentence.
        for at in ids_in(&self.sentence).into_iter().rev() {
            let Some(place) = self.sentence.get(at.clone()).and_then(|id| places.get(id)) else { continue };
            let word = "statement ";
            let named = self.sentence.get(..at.start).is_some_and(|before| before.ends_with(word));
            let start = if named { at.start - word.len() } else { at.start }; // OK because the word stands before it
            self.sentence.replace_range(start..at.end, place);
        }
        let coming = |command: &str| {
            ids_in(command).into_iter().any(|at| command.get(at).is_some_and(|id| places.contains_key(id)))
        };
        self.command = self.command.filter(|command| !coming(command));
        self
    }
}

/// Puts findings of one rule about one product in the order of their places: they come in that of the ids, which
/// differ from one ledger to the next.
pub(crate) fn by_place(found: &mut [Found]) {
    let alike = |a: &Found, b: &Found| (a.rule, a.severity, &a.product) == (b.rule, b.severity, &b.product);
    for same in found.chunk_by_mut(alike) {
        same.sort_by(|a, b| {
            let places = |of: &Found| of.statements.iter().map(|at| at.place.clone()).collect::<Vec<_>>();
            places(a).cmp(&places(b))
        });
    }
}

/// Where ids of statements stand in a text.
fn ids_in(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for part in text.split(|c: char| !c.is_ascii_hexdigit()) {
        // Each part ends before one character, of as many bytes as it takes.
        let end = start + part.len(); // OK because it lies in the text
        if part.len() == 64 {
            found.push(start..end);
        }
        start = end + text.get(end..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    }
    found
}

/// Returns what the rules may know beside the inventory: the shipped factors, and which suppliers'
/// footprints have a successor.
///
/// # Errors
/// [`DeskError::Ledger`]; [`DeskError::Exchange`].
pub fn asked<S: Reader>(ledger: &Ledger<S>, inventory: &Inventory, today: Date) -> Result<Asked, DeskError> {
    let mut superseded: BTreeMap<FootprintId, FootprintId> = BTreeMap::new();
    for id in inventory.bought.keys() {
        superseded.extend(newer(ledger, id)?.map(|newer| (id.clone(), newer)));
    }
    let mut offers = offers(inventory)?;
    for held in inventory.factors.values() {
        editions(ledger, &held.statement, &mut offers)?;
    }
    Ok(Asked { offers, superseded, today: Some(today), ..Asked::default() })
}

/// The newest footprint whose document names this one as an earlier version.
fn newer<S: Reader>(ledger: &Ledger<S>, old: &FootprintId) -> Result<Option<FootprintId>, DeskError> {
    let (book, mut newest) = (ledger.book(), None);
    for number in book.found(&Sought::Supersedes(old))? {
        let Some(entry) = book.entry_at(number)? else { continue };
        if !book.holds_at(number)? {
            continue;
        }
        let Said::Whole(Statement::SupplierFootprint(statement)) = ledger.said(&entry.id)? else { continue };
        // A document that the inventory could read can be read again.
        let Ok((document, _)) = pact::read(statement.document.as_bytes()) else { continue };
        // Some documents name themselves, which is no newer version.
        if statement.footprint != *old && document.preceding_pf_ids.contains(old) {
            newest = newest.max(Some(statement.footprint));
        }
    }
    Ok(newest)
}

/// The editions of a factor that the ledger holds, also those that no figure uses.
fn editions<S: Reader>(
    ledger: &Ledger<S>,
    factor: &Factor,
    offers: &mut Vec<Offer>,
) -> Result<(), DeskError> {
    let series = Series::of(&factor.factor, factor.year.as_i16(), factor.category, factor.unit);
    let Some(series) = series else { return Ok(()) };
    let book = ledger.book();
    for number in book.found(&Sought::Edition(series))? {
        let Some(entry) = book.entry_at(number)? else { continue };
        if !book.holds_at(number)? {
            continue;
        }
        if let Said::Whole(Statement::Factor(f)) = ledger.said(&entry.id)? {
            offers.push(Offer { factor: f.factor, category: f.category, unit: f.unit, year: f.year });
        }
    }
    Ok(())
}

/// The factors of the shipped library that may be editions of a factor of the inventory. The
/// library is only read where there can be one.
fn offers(inventory: &Inventory) -> Result<Vec<Offer>, DeskError> {
    let used = inventory.factors.values().map(|held| &held.statement);
    let series = used.filter_map(|f| Series::of(&f.factor, f.year.as_i16(), f.category, f.unit));
    let fronts: BTreeSet<&str> = series.map(|series| series.front).collect();
    if fronts.is_empty() {
        return Ok(Vec::new());
    }
    let by: ActorId = "library".parse()?;
    let library = Library::shipped()?;
    let kin = library.rows().iter().filter(|row| fronts.iter().any(|front| row.id.starts_with(front)));
    let factors = kin.filter_map(|row| row.to_factor(&by).ok());
    Ok(factors
        .map(|f| Offer { factor: f.factor, category: f.category, unit: f.unit, year: f.year })
        .collect())
}

/// Returns where a statement lies, such as `production / casting, 2024-01-01..2025-01-01, by acme,
/// seal 5`.
pub fn place<S: Reader>(ledger: &Ledger<S>, id: &StatementId) -> String {
    let Ok(Some((_, entry))) = ledger.book().entry(id) else { return String::new() };
    let what = match ledger.said(id) {
        Ok(Said::Whole(Statement::Activity(a))) => {
            let site = a.site.as_ref().map(|site| format!(", {}", site.name)).unwrap_or_default();
            format!("{} / {}, {}{site}", a.stage, a.process, a.period)
        }
        Ok(Said::Header(header)) => format!("redacted {}", header.kind()),
        _ => entry.kind.to_string(),
    };
    format!("{what}, by {}, seal {}", entry.by, entry.index)
}

/// A command to type, where one command does it or shows it.
fn command(finding: &Finding) -> Option<String> {
    let first = finding.about.statements.first();
    match (finding.rule, &finding.about.names, first) {
        ("older-edition", Some(factor), _) => Some(format!("pcf factor use {factor} --sign-with KEY")),
        ("calculation", Some(factor), _) => {
            let shipped = Library::shipped().is_ok_and(|library| library.find(factor).is_some());
            Some(match shipped {
                true => format!("pcf factor use {factor} --sign-with KEY"),
                false => "pcf factor add factors.csv --sign-with KEY".to_owned(),
            })
        }
        ("process-missing", ..) => Some("pcf template activities.csv --kind activities".to_owned()),
        ("publication-behind", ..) => Some(format!(
            "pcf publish {} --period {} --valid-until DATE --sign-with KEY --log-key log.pem",
            quoted(finding.about.product.as_str()),
            finding.about.period
        )),
        ("factor-region", Some(country), _) => {
            Some(format!("pcf factor search electricity --country {country}"))
        }
        // Which of the two is withdrawn, and what of it is recorded again, is for a person to say.
        ("overlapping-periods", ..) => None,
        // The end is part of what names a statement: no correction finds it.
        ("period-end", _, Some(id)) => {
            Some(format!("pcf withdraw {id} --reason 'recorded anew with the right end' --sign-with KEY"))
        }
        (_, _, Some(id)) if finding.about.statements.len() == 1 => Some(format!("pcf log statement {id}")),
        _ => None,
    }
}
