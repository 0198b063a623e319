//! Fills the page of a publication, and the list of all of them, from a ledger.

use std::collections::{BTreeMap, BTreeSet};

use crate::DeskError;
use pcf_ledger::admission::{Said, Sought, UsedIds};
use pcf_ledger::calc::{Contribution, ContributionSource, Footprint, Inventory};
use pcf_ledger::codec::figures_digest;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::wide::{Wide, narrow, quotient};
use pcf_ledger::model::{
    Activity, ActorId, Co2e, Decimal, FootprintId, Product, PublicKey, Publication, PublicationStatus,
    RoundedFigures, RoundedSet, Statement, StatementId, StatementKind, Text, Year,
};
use pcf_ledger::pact;
use pcf_ledger::publish::{self, Openness, PublishError, assurances, finals, find, successor};
use pcf_ledger::store::Reader;
use pcf_pages::page::{self, Assured, ContributionRow, Page, SignedBy, Source, Standing};
use pcf_pages::site;

/// The page of a publication that holds. It shows as much as [`Openness`] has it.
///
/// # Errors
/// [`PublishError::UnknownPublication`]; [`DeskError::Calc`] where its figures cannot be calculated again; [`DeskError::Ledger`].
pub fn page_of<S: Reader>(
    ledger: &Ledger<S>,
    footprint: &FootprintId,
    openness: Openness,
) -> Result<String, DeskError> {
    let (exact, whole) = (openness != Openness::Rounded, openness == Openness::Whole);
    let (statement, publication) = find(ledger, footprint)?;
    let unknown = || PublishError::UnknownProduct { product: publication.product.clone() };
    let (_, maker) = ledger.book().actor(&publication.by)?.ok_or_else(unknown)?;
    let (inventory, calculated) = publish::recalculate(ledger, &publication)?;
    let product = &inventory.products.get(&calculated.product).ok_or_else(unknown)?.statement;
    let digest = figures_digest(&publication)?;
    let opinions = assurances(ledger, &digest)?;
    let signed_too = std::iter::once(statement).chain(opinions.iter().map(|(id, _)| *id));
    let headline = publication.figures.grave.as_ref().unwrap_or(&publication.figures.gate).excluding_uptake;
    let verifier_key = ledger.verifier_key().map(|key| key.to_string())?;
    let rounded = if exact { None } else { Some(in_intervals(&publication)?) };
    // How many factors entered is the other half of a recipe.
    let UsedIds { activities, sources: mut shown } = UsedIds::of(&inventory, &calculated.used);
    shown.retain(|_| whole);
    shown.extend(activities);
    let page = Page {
        publication: rounded.as_ref().map_or(&publication, |(stated, _)| stated),
        rounded: rounded.as_ref().map(|(_, rounded)| rounded),
        statement,
        figures_digest: digest,
        standing: standing(&finals(ledger, &publication.product)?, footprint),
        product,
        maker: &maker,
        ledger: ledger.id(),
        verifier_key: &verifier_key,
        proof_file: &format!("{footprint}.pcfproof"),
        withholds: !whole,
        notes: if whole { calculated.notes.clone() } else { Vec::new() },
        contributions: if whole { contributions(&calculated, headline)? } else { Vec::new() },
        signed: signed(ledger, shown.into_iter().chain(signed_too))?,
        sources: if whole { sources(ledger, &inventory, &calculated) } else { Vec::new() },
        assurances: opinions
            .iter()
            .map(|(_, assurance)| Ok(Assured { name: name_of(ledger, &assurance.by)?, assurance }))
            .collect::<Result<_, DeskError>>()?,
    };
    Ok(page::render(&page)?)
}

/// A publication with the middle of each interval in place of the exact figure, and the intervals.
fn in_intervals(publication: &Publication) -> Result<(Publication, RoundedFigures), DeskError> {
    let rounded = RoundedFigures::of(&publication.figures, publication.shows_stages)?;
    let mut stated = publish::rounded(publication)?;
    stated.figures.gate = rounded.gate.each_middle()?;
    stated.figures.grave = rounded.grave.as_ref().map(RoundedSet::each_middle).transpose()?;
    for (stage, cells) in stated.figures.stages.iter_mut().zip(&rounded.stages) {
        stage.figures = cells.figures.each_middle()?;
    }
    // A comment is written for every reader; how far the figures are rounded, the page says in its
    // own words.
    stated.comment = publication.comment.clone();
    Ok((stated, rounded))
}

/// The list of every publication that holds, the newest of each product first. Its figures are
/// rounded: it does not know whose documents show exact ones.
///
/// # Errors
/// As [`page_of`].
pub fn index_of<S: Reader>(ledger: &Ledger<S>) -> Result<String, DeskError> {
    let publications = ledger.book().publications()?;
    let all = publications.iter().map(|(_, publication)| publication);
    let finals: Vec<Publication> =
        all.filter(|publication| publication.status == PublicationStatus::Final).cloned().collect();
    let mut placed: Vec<(u64, site::Entry)> = Vec::new();
    for (id, publication) in publications {
        let (footprint, product) = (&publication.footprint, product_at(ledger, &publication)?);
        let rounded = RoundedFigures::of(&publication.figures, false)?;
        let set = rounded.grave.as_ref().unwrap_or(&rounded.gate);
        let entry = site::Entry {
            href: format!("{footprint}.html"),
            name: product.name.clone(),
            product: publication.product.clone(),
            maker: name_of(ledger, &publication.by)?,
            boundary: publication.boundary,
            kg: set.excluding_uptake,
            declared_unit: product.declared_unit,
            period: publication.period,
            status: publication.status,
            standing: standing(&finals, footprint),
            comment: publication.comment.clone(),
        };
        placed.push((ledger.book().entry(&id)?.map(|(_, e)| e.index).unwrap_or_default(), entry));
    }
    placed.sort_by(|(a, x), (b, y)| x.product.cmp(&y.product).then(b.cmp(a)));
    Ok(site::index(&placed.into_iter().map(|(_, entry)| entry).collect::<Vec<_>>())?)
}

/// The product as it was stated where the publication rests: its figures are per the unit that was declared then.
fn product_at<S: Reader>(ledger: &Ledger<S>, publication: &Publication) -> Result<Product, DeskError> {
    let (book, size) = (ledger.book(), publication.log.size.as_u64());
    for number in book.found(&Sought::Declares(&publication.product))?.into_iter().rev() {
        let Some(entry) = book.entry_at(number)?.filter(|entry| entry.by == publication.by) else { continue };
        if book.held_at(number, &entry, size)?
            && let Statement::Product(product) = ledger.statement(&entry.id)?
            && product.ids.contains(&publication.product)
        {
            return Ok(product);
        }
    }
    Err(PublishError::UnknownProduct { product: publication.product.clone() }.into())
}

/// The newest publication that follows it, where there is one.
fn standing(finals: &[Publication], footprint: &FootprintId) -> Standing {
    match successor(finals, footprint) {
        Some(later) => Standing::Superseded { by: later.clone() },
        None => Standing::Stands,
    }
}

/// The actor's name: the operator's claim.
fn name_of<S: Reader>(ledger: &Ledger<S>, actor: &ActorId) -> Result<Text, DeskError> {
    match ledger.book().actor(actor)? {
        Some((_, held)) => Ok(held.name),
        None => Ok(actor.as_str().parse()?),
    }
}

fn contributions(footprint: &Footprint, headline: Co2e) -> Result<Vec<ContributionRow>, DeskError> {
    let row = |part: &Contribution| {
        let share = Wide::new(part.excluding_uptake.quanta()) * Wide::new(10_000); // OK: far below 256 bits.
        let hundredths = match headline.is_zero() {
            true => Wide::ZERO,
            false => quotient(share, Wide::new(headline.quanta()), "share of a figure")?,
        };
        let percent =
            Decimal::from_quanta(narrow(hundredths * Wide::new(Decimal::ONE_QUANTA / 100), "percent")?)?;
        Ok(ContributionRow {
            stage: part.stage,
            process: part.process.clone(),
            flow: part.name.clone(),
            source: source_in_words(part),
            kg: part.excluding_uptake,
            percent,
        })
    };
    footprint.contributions.iter().map(row).collect()
}

fn source_in_words(part: &Contribution) -> String {
    let upstream = matches!(part.source, ContributionSource::Factor { .. }) && part.upstream;
    format!("{}{}", part.source, if upstream { ", upstream" } else { "" })
}

/// `1 product`, `2 activities (production)`.
fn counted(kind: &str, count: usize) -> String {
    match kind.strip_prefix("activity") {
        _ if count == 1 => format!("1 {kind}"),
        Some(stage) => format!("{count} activities{stage}"),
        None => format!("{count} {kind}s"),
    }
}

/// What one key signed: how many of each kind, under which seals.
#[derive(Default)]
struct Signed {
    kinds: BTreeMap<String, usize>,
    seals: BTreeSet<u64>,
}

/// Who signed what, by actor and key, in the order of their names.
fn signed<S: Reader>(
    ledger: &Ledger<S>,
    statements: impl Iterator<Item = StatementId>,
) -> Result<Vec<SignedBy>, DeskError> {
    let mut signers: BTreeMap<(ActorId, PublicKey), Signed> = BTreeMap::new();
    for id in statements {
        let Some((_, entry)) = ledger.book().entry(&id)? else { continue };
        let Some(key) = ledger.book().key_at(entry.index)? else { continue };
        let signed = signers.entry((entry.by.clone(), key)).or_default();
        *signed.kinds.entry(what(ledger, &id, entry.kind)?).or_default() += 1;
        signed.seals.insert(entry.index);
    }
    let mut rows = Vec::new();
    for ((actor, key), Signed { kinds, seals }) in signers {
        let what: Vec<String> = kinds.iter().map(|(kind, count)| counted(kind, *count)).collect();
        let seals: Vec<String> = seals.iter().map(u64::to_string).collect();
        let name = name_of(ledger, &actor)?;
        rows.push(SignedBy {
            actor,
            name,
            what: what.join(", "),
            key: key.to_string(),
            seals: seals.join(", "),
        });
    }
    Ok(rows)
}

fn what<S: Reader>(ledger: &Ledger<S>, id: &StatementId, kind: StatementKind) -> Result<String, DeskError> {
    Ok(match kind {
        StatementKind::Activity => match ledger.said(id)? {
            Said::Whole(Statement::Activity(Activity { stage, .. })) => format!("activity ({stage})"),
            _ => kind.to_string(),
        },
        StatementKind::SupplierFootprint => "supplier's footprint".to_owned(),
        _ => kind.to_string(),
    })
}

/// Factors by name, then the suppliers' footprints, also those that enter through other products of the ledger.
fn sources<S: Reader>(ledger: &Ledger<S>, inventory: &Inventory, footprint: &Footprint) -> Vec<Source> {
    let mut sources: Vec<Source> = inventory
        .factors
        .values()
        .filter(|held| footprint.used.contains(&held.id))
        .map(|held| Source::from(&held.statement))
        .collect();
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    for (id, held) in inventory.bought.iter().filter(|(_, held)| footprint.used.contains(&held.id)) {
        sources.extend(bought(ledger, id, &held.id));
    }
    sources
}

/// A supplier's footprint as its document names itself.
fn bought<S: Reader>(ledger: &Ledger<S>, id: &FootprintId, statement: &StatementId) -> Option<Source> {
    let Ok(Statement::SupplierFootprint(held)) = ledger.statement(statement) else { return None };
    let (document, _) = pact::read(held.document.as_bytes()).ok()?;
    let year = document.pcf.reference_period_start.0.date().year();
    Some(Source {
        id: id.to_string(),
        name: document.product_name_company.clone(),
        source: format!("{}, PACT {}", document.company_name, document.spec_version),
        year: format!("{year:04}").parse::<Year>().ok(),
        geography: document.pcf.geography_country.as_ref().map(ToString::to_string),
        licence: None,
    })
}
