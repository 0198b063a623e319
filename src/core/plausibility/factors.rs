//! Factors in their place: the newest edition for the period, a year within reach, the region of the site, a licence that still runs, one set
//! of characterisation factors. Compares what factors and statements say; changes nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::electricity::is_of_plant;
use super::kinds::{is_credit, lowers};
use super::view::View;
use super::{Asked, Finding, Severity};
use crate::calc::{Held, Inventory};
use crate::model::{
    Date, Factor, FactorCategory, FactorId, FlowSource, Period, StatedGwp, StatementId, Unit, Year,
};

/// How many years an electricity factor may lie away from the period.
const ELECTRICITY_YEARS: i16 = 3;

/// How many years any other factor may be older than the period, and newer.
const OLDER_YEARS: i16 = 10;
const NEWER_YEARS: i16 = 3;

/// A factor of the view with what uses it.
struct Used<'a> {
    factor: &'a Factor,
    statements: BTreeSet<StatementId>,
    /// Countries of the sites that use it, each with its statements.
    countries: BTreeMap<String, BTreeSet<StatementId>>,
    /// The first and the last year it is used for.
    years: (i16, i16),
}

pub(super) fn look(view: &View<'_>, findings: &mut Vec<Finding>) {
    let used = used(view);
    for use_ in used.values() {
        if !older_edition(view, use_, findings) {
            out_of_reach(view, use_, findings);
        }
        region(view, use_, findings);
        licence(view, use_, findings);
    }
    gwp_sets(view, &used, findings);
    gwp_unstated(view, &used, findings);
}

fn used<'a>(view: &View<'a>) -> BTreeMap<&'a FactorId, Used<'a>> {
    let mut used: BTreeMap<&FactorId, Used<'a>> = BTreeMap::new();
    for line in view.lines() {
        let FlowSource::Factor { factor, upstream } = &line.flow.source else { continue };
        for id in std::iter::once(factor).chain(upstream) {
            let Some(held) = view.factors.get(id) else { continue };
            let activity = &line.part.held.statement;
            let (first, last) = years(activity.period);
            let new = || Used {
                factor: &held.statement,
                statements: BTreeSet::new(),
                countries: BTreeMap::new(),
                years: (first, last),
            };
            let entry = used.entry(id).or_insert_with(new);
            entry.statements.insert(line.statement());
            entry.years = (entry.years.0.min(first), entry.years.1.max(last));
            if let Some(country) = activity.site.as_ref().and_then(|site| site.country.as_ref()) {
                entry.countries.entry(country.to_string()).or_default().insert(line.statement());
            }
        }
    }
    used
}

/// The first and last year that have a day in the period.
pub(super) fn years(period: Period) -> (i16, i16) {
    let end = period.end();
    let new_year = Date::new(end.year(), 1, 1).is_ok_and(|first| first == end);
    (period.start().year(), if new_year { end.year() - 1 } else { end.year() }) // OK because years are above 0.
}

/// An id without the year in it: editions of one series share it.
fn series(id: &FactorId, year: i16) -> Option<(&str, &str)> {
    let year = format!("{year:04}");
    id.as_str().split_once(&year)
}

/// The factors of an inventory, looked at once for all products.
#[derive(Default)]
pub(super) struct Factors<'a> {
    held: HashMap<&'a FactorId, &'a Held<Factor>>,
    /// Those that are held or can be had, by what editions of one series share: category, unit, and
    /// the id without its year.
    editions: HashMap<Kin<'a>, Vec<(Year, &'a FactorId)>>,
    /// Electricity of one kind of plant.
    of_plants: HashSet<&'a FactorId>,
    /// Credits bought elsewhere, by their names.
    credits: HashSet<&'a FactorId>,
    /// Those that lower a figure.
    lowering: HashSet<&'a FactorId>,
}

/// What editions of one factor have in common: category, unit, and two texts.
type Kin<'a> = (FactorCategory, Unit, &'a str, &'a str);

impl<'a> Factors<'a> {
    pub(super) fn new(inventory: &'a Inventory, asked: &'a Asked) -> Self {
        let held = || inventory.factors.values().map(|held| &held.statement);
        let own = held().map(|f| (f.category, f.unit, f.year, &f.factor));
        let offered = asked.offers.iter().map(|o| (o.category, o.unit, o.year, &o.factor));
        let mut factors = Self::default();
        for (category, unit, year, factor) in own.chain(offered) {
            if let Some((front, back)) = series(factor, year.as_i16()) {
                factors.editions.entry((category, unit, front, back)).or_default().push((year, factor));
            }
        }
        factors.held = inventory.factors.iter().collect();
        let those = |rule: fn(&Factor) -> bool| held().filter(|f| rule(f)).map(|f| &f.factor).collect();
        factors.of_plants = those(is_of_plant);
        factors.credits = those(is_credit);
        factors.lowering = those(lowers);
        factors
    }

    /// The statement of a factor.
    pub(super) fn get(&self, id: &FactorId) -> Option<&'a Held<Factor>> {
        self.held.get(id).copied()
    }

    /// True for electricity of one kind of plant that certificates are traded of.
    pub(super) fn is_of_plant(&self, id: &FactorId) -> bool {
        self.of_plants.contains(id)
    }

    /// True where its names mean a credit that was bought elsewhere.
    pub(super) fn is_credit(&self, id: &FactorId) -> bool {
        self.credits.contains(id)
    }

    /// True where it has a removal, or anything below zero that is no biogenic uptake.
    pub(super) fn lowers(&self, id: &FactorId) -> bool {
        self.lowering.contains(id)
    }

    /// The newest edition of a factor's series up to a year, where it is newer than the factor itself.
    fn newer(&self, own: &Factor, last: i16) -> Option<(Year, &'a FactorId)> {
        let (front, back) = series(&own.factor, own.year.as_i16())?;
        let all = self.editions.get(&(own.category, own.unit, front, back))?;
        let newest = all.iter().copied().filter(|(year, _)| year.as_i16() <= last).max()?;
        (newest.0 > own.year).then_some(newest)
    }
}

/// A later edition of the same series that describes a year of the period; the remedy names it.
fn older_edition(view: &View<'_>, used: &Used<'_>, findings: &mut Vec<Finding>) -> bool {
    let own = used.factor;
    let Some((year, newer)) = view.factors.newer(own, used.years.1) else { return false };
    let sentence = format!(
        "the factor {} describes {}, and the data of {} are from {}: there is an edition for {year}",
        own.factor,
        own.year,
        count(used.statements.len(), "statement"),
        spelt(used.years),
    );
    let remedy = format!("take {newer} into the ledger, name it in the rows and record them with --correct");
    let statements = used.statements.iter().copied();
    let mut finding = view.found("older-edition", Severity::Attention, statements, sentence, remedy);
    finding.about.names = Some(newer.to_string());
    findings.push(finding);
    true
}

fn spelt((first, last): (i16, i16)) -> String {
    if first == last { first.to_string() } else { format!("{first} to {last}") }
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn out_of_reach(view: &View<'_>, used: &Used<'_>, findings: &mut Vec<Finding>) {
    let (older, newer) = if used.factor.category.is_electricity() {
        (ELECTRICITY_YEARS, ELECTRICITY_YEARS)
    } else {
        (OLDER_YEARS, NEWER_YEARS)
    };
    let year = used.factor.year.as_i16();
    // OK because all years lie between 1 and 9999.
    let too_old = used.years.0 - year > older;
    if !too_old && year - used.years.1 <= newer {
        return;
    }
    let sentence = format!(
        "the factor {} ({}) describes {year}, the data are from {}: expected at most {} years between them",
        used.factor.factor,
        used.factor.category,
        spelt(used.years),
        if too_old { older } else { newer },
    );
    let remedy =
        "take a factor that describes the period, name it in the rows and record them with --correct";
    let statements = used.statements.iter().copied();
    findings.push(view.found("factor-year", Severity::Attention, statements, sentence, remedy));
}

/// Electricity differs from country to country like nothing else.
fn region(view: &View<'_>, used: &Used<'_>, findings: &mut Vec<Finding>) {
    let Some(place) = used.factor.geography.as_ref().filter(|_| used.factor.category.is_electricity()) else {
        return;
    };
    let country = place.as_str().split('-').next().unwrap_or_default();
    let is_country = country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase()) && country != "EU";
    if !is_country {
        return;
    }
    for (site, statements) in used.countries.iter().filter(|(site, _)| *site != country) {
        let sentence = format!(
            "the electricity factor {} holds in {place}, and the site stands in {site}",
            used.factor.factor
        );
        let remedy = format!("take the factor of {site}, name it in the rows and record them with --correct");
        findings.push(view.found(
            "factor-region",
            Severity::Attention,
            statements.iter().copied(),
            sentence,
            remedy,
        ));
    }
}

/// A licence that names a day which was over when the period began.
fn licence(view: &View<'_>, used: &Used<'_>, findings: &mut Vec<Finding>) {
    let licence = used.factor.licence.as_str();
    let word =
        licence.split(|c: char| !c.is_ascii_digit() && c != '-').find_map(|word| word.parse::<Date>().ok());
    let Some(day) = word.filter(|day| *day < view.request.period.start()) else { return };
    let sentence = format!(
        "the licence of the factor {} (`{licence}`) names {day}, which lies before the period {}",
        used.factor.factor, view.request.period
    );
    let remedy = "ask its publisher for a licence that covers the period and correct the factor, or take another factor";
    let statements = used.statements.iter().copied();
    findings.push(view.found("factor-licence", Severity::Attention, statements, sentence, remedy));
}

/// A source that states no set: which one is assumed is for the publisher to say.
fn gwp_unstated(view: &View<'_>, used: &BTreeMap<&FactorId, Used<'_>>, findings: &mut Vec<Finding>) {
    if view.asked.request.is_none() && view.asked.period.is_none() {
        return; // Nobody asks for a figure of these days yet.
    }
    let unstated = used.values().filter(|used| used.factor.gwp == Some(StatedGwp::Unstated));
    let (mut names, mut statements) = (Vec::new(), BTreeSet::new());
    for used in unstated {
        names.push(used.factor.factor.to_string());
        statements.extend(&used.statements);
    }
    if names.is_empty() {
        return;
    }
    let sentence = format!("the sources of {} state no GWP set", names.join(", "));
    let remedy = "where it is published, accept this finding with the set that is assumed and why, such as AR5 for a factor of 2024";
    findings.push(view.found("gwp-unstated", Severity::Note, statements, sentence, remedy));
}

/// More than one stated set; one from before AR5 beside others is more than a nuance, because it changes methane by a fifth.
fn gwp_sets(view: &View<'_>, used: &BTreeMap<&FactorId, Used<'_>>, findings: &mut Vec<Finding>) {
    let mut sets: BTreeMap<StatedGwp, String> = BTreeMap::new();
    let mut statements: BTreeMap<StatedGwp, BTreeSet<StatementId>> = BTreeMap::new();
    for use_ in used.values() {
        if let Some(set) = use_.factor.gwp.filter(|set| *set != StatedGwp::Unstated) {
            sets.entry(set).or_insert_with(|| format!("the factor {}", use_.factor.factor));
            statements.entry(set).or_default().extend(&use_.statements);
        }
    }
    for line in view.lines() {
        if let FlowSource::Gas(gas) = &line.flow.source {
            let set = view.request.gwp.into();
            sets.entry(set).or_insert_with(|| format!("the gas {gas} emitted here"));
            statements.entry(set).or_default().insert(line.statement());
        }
    }
    if sets.len() < 2 {
        return;
    }
    let old = sets.keys().find(|set| matches!(set, StatedGwp::Sar | StatedGwp::Tar | StatedGwp::Ar4));
    let severity = if old.is_some() { Severity::Attention } else { Severity::Note };
    let named: Vec<String> = sets.iter().map(|(set, who)| format!("{set} ({who})")).collect();
    let sentence = format!("{} GWP sets underlie one figure: {}", sets.len(), named.join(", "));
    let remedy = match old {
        Some(set) => format!("take a factor with AR5 or AR6 in place of {set}, or one that states its gases, and record the rows with --correct"),
        None => "the publication lists every set; factors that state their gases follow the set asked for with --gwp".to_owned(),
    };
    let about = old.and_then(|set| statements.remove(set)).unwrap_or_default();
    findings.push(view.found("gwp-sets", severity, about, sentence, remedy));
}
