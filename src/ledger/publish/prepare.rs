//! From a question to a publication statement that is ready to be signed: the calculation, the set of statements it used, and the gate.

use std::collections::BTreeMap;

use super::findings::{self, Acceptance};
use super::found::{ever, finals};
use super::gate::{self, GateItem};
use super::{Policy, PublishError};
use crate::admission::{Owned, UsedIds};
use crate::calc::{self, Footprint, Inventory, Request};
use crate::codec::{derived_salt, figures_digest, shared_figures};
use crate::ledger::Ledger;
use crate::limits::METHOD_VERSION;
use crate::model::{
    Accepted, ActorId, Claim, ClaimBasis, DataCoverage, Digest, FootprintId, GwpSet, Instant, LogPosition,
    Method, Period, Product, ProductId, Publication, PublicationStatus, Salt, Text, Whole,
};
use crate::pact;
use crate::plausibility::{self, Finding};
use crate::store::Reader;

/// What a publisher asks for.
#[derive(Debug, Clone)]
pub struct Order {
    /// The product, by any of its ids.
    pub product: ProductId,
    /// Period, boundary, scenario, batch and GWP set.
    pub request: Request,
    /// Draft or final.
    pub status: PublicationStatus,
    /// How long the publisher will stand by it.
    pub validity: Period,
    /// When it is made.
    pub created: Instant,
    /// The new footprint's UUID.
    pub footprint: FootprintId,
    /// 16 random bytes.
    pub salt: Salt,
    /// What a reader should know.
    pub comment: Option<Text>,
    /// Findings that the publisher stands by.
    pub accepted: Vec<Acceptance>,
    /// What the publisher declares.
    pub declared: Declared,
    /// True where the public part of the publication shows the figures of each stage, rounded, too.
    pub shows_stages: bool,
    /// What the plausibility rules may know beside the ledger.
    pub known: plausibility::Asked,
}

/// What a publisher declares and no statement of the product says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declared {
    /// Standards that the publisher says were followed, beside those whose conditions are checked.
    pub standards: Vec<Text>,
    /// True where somebody else answers for transport and storage after the gate.
    pub outbound_excluded: bool,
}

impl Order {
    /// A draft of one product's footprint over a period, as far as its statement says, characterised with AR6 and valid for a year from the day it is
    /// made. `random` gives the UUID and the salt: 32 random bytes.
    ///
    /// # Errors
    /// [`PublishError::Value`] where the validity would end past year 9999.
    pub fn draft(
        product: ProductId,
        period: Period,
        created: Instant,
        random: [u8; 32],
    ) -> Result<Self, PublishError> {
        let (mut uuid, mut salt) = ([0; 16], [0; 16]);
        uuid.copy_from_slice(&random[..16]);
        salt.copy_from_slice(&random[16..]);
        let made = created.date();
        Ok(Self {
            product,
            request: Request { period, boundary: None, scenario: None, batch: None, gwp: GwpSet::Ar6 },
            status: PublicationStatus::Draft,
            validity: Period::new(made, made.plus_years(1)?)?,
            created,
            footprint: FootprintId::from_random(uuid),
            salt: Salt::from_bytes(salt),
            comment: None,
            accepted: Vec::new(),
            declared: Declared::default(),
            shows_stages: false,
            known: plausibility::Asked::default(),
        })
    }
}

/// A publication that is ready to be signed.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Prepared {
    /// The statement.
    pub publication: Publication,
    /// The calculation behind it.
    pub footprint: Footprint,
    /// The statements that it uses.
    pub used: UsedIds,
    /// The digest of its figures, which an assurance names.
    pub digest: Digest,
    /// What the gate asks, and what is met.
    pub gate: Vec<GateItem>,
    /// What the plausibility rules found that needs attention.
    pub findings: Vec<Finding>,
}

impl Prepared {
    /// What the gate requires and is not met; empty where the publication may be final.
    pub fn unmet(&self) -> impl Iterator<Item = &GateItem> {
        self.gate.iter().filter(|item| item.required && !item.check.holds())
    }
}

/// Calculates a footprint on the ledger as it is and puts the publication together. Nothing is signed or appended.
///
/// # Errors
/// [`PublishError::UnknownProduct`]; [`PublishError::Calc`] with everything that stops the calculation; [`PublishError::Ledger`].
pub fn prepare<S: Reader>(ledger: &Ledger<S>, order: &Order) -> Result<Prepared, PublishError> {
    prepare_with(ledger, order, &Policy::default())
}

/// As [`prepare`], with the gate that a policy makes.
///
/// # Errors
/// As [`prepare`].
pub fn prepare_with<S: Reader>(
    ledger: &Ledger<S>,
    order: &Order,
    policy: &Policy,
) -> Result<Prepared, PublishError> {
    let unknown = || PublishError::UnknownProduct { product: order.product.clone() };
    let held = ledger.book().product(&order.product)?.ok_or_else(unknown)?;
    let product = &held.statement;
    let filed = product.id().map_err(|_| unknown())?.clone();
    let owner = ledger.book().owner(&Owned::Product(&filed))?;
    let owner = owner.ok_or_else(unknown)?;
    let inventory = ledger.inventory_of(std::slice::from_ref(&filed))?;
    let mut footprint = calc::footprint(&inventory, &filed, &order.request)?;
    let mut findings =
        findings::found(&inventory, &filed, &footprint, order, policy.limits().gap_percent_max);
    let accepted = findings::accepted(&findings, &order.accepted)?;
    footprint.exempt(&accepted)?;
    let coverage = plausibility::coverage(&inventory, &filed, &order.request);
    let used = UsedIds::of(&inventory, &footprint.used);
    let mut publication =
        publication(ledger, order, (owner, filed), &footprint, (accepted, coverage, &used))?;
    publication.claims = claims(&publication, product, &order.declared);
    publication.figures_salt = Some(figures_salt(ledger, &publication)?);
    let digest = figures_digest(&publication)?;
    let gate = gate::check(&gate::Asked {
        ledger,
        product,
        publication: &publication,
        digest: &digest,
        inventory: &inventory,
        footprint: &footprint,
        policy,
        findings: &findings,
    })?;
    findings.retain(Finding::weighs);
    Ok(Prepared { publication, footprint, used, digest, gate, findings })
}

/// The salt of the figures digest: that of an earlier publication of the same figures, so that the opinions on them
/// are on these too; else a new one.
fn figures_salt<S: Reader>(ledger: &Ledger<S>, publication: &Publication) -> Result<Salt, PublishError> {
    let shared = shared_figures(publication)?;
    for status in [PublicationStatus::Draft, PublicationStatus::Final] {
        for (_, earlier) in ever(ledger, &publication.product, status)?.into_iter().rev() {
            if let Some(salt) = earlier.figures_salt
                && shared_figures(&earlier)? == shared
            {
                return Ok(salt);
            }
        }
    }
    Ok(derived_salt("figuresSalt", &publication.salt))
}

/// What may be claimed, and what the publisher claims beside it.
fn claims(publication: &Publication, product: &Product, declared: &Declared) -> Vec<Claim> {
    let stated = declared.standards.iter().cloned();
    let mut claims: BTreeMap<Text, ClaimBasis> =
        stated.map(|standard| (standard, ClaimBasis::Stated)).collect();
    if pact::claims::unmet(publication, Some(product)).is_empty() {
        let pact = pact::claims::PACT.parse();
        claims.extend(pact.map(|standard| (standard, ClaimBasis::Checked)));
    }
    claims.into_iter().map(|(standard, basis)| Claim { basis, standard }).collect()
}

fn publication<S: Reader>(
    ledger: &Ledger<S>,
    order: &Order,
    (by, product): (ActorId, ProductId),
    footprint: &Footprint,
    (accepted, coverage, used): (Vec<Accepted>, Option<DataCoverage>, &UsedIds),
) -> Result<Publication, PublishError> {
    let preceding = if order.status == PublicationStatus::Final {
        preceding(ledger, &product, order)?
    } else {
        Vec::new()
    };
    Ok(Publication {
        accepted,
        batch: order.request.batch.clone(),
        boundary: footprint.boundary,
        by,
        claims: Vec::new(),
        comment: order.comment.clone(),
        coverage,
        created: order.created,
        figures: Box::new(footprint.figures.clone()),
        figures_salt: None,
        footprint: order.footprint.clone(),
        log: LogPosition { root: Digest::from_bytes(ledger.root()), size: Whole::new(ledger.size())? },
        method: Method { gwp: order.request.gwp, version: Whole::new(METHOD_VERSION)? },
        outbound_excluded: order.declared.outbound_excluded,
        period: order.request.period,
        preceding,
        product,
        replaces: None,
        salt: order.salt,
        scenario: order.request.scenario.clone(),
        shows_stages: order.shows_stages,
        status: order.status,
        r#type: Default::default(),
        used: used.stated()?,
        v: Default::default(),
        validity: order.validity,
    })
}

/// The final publications of the same product, batch and scenario that hold, newest first; none whose period ends later: an older year that is published
/// late takes the place of nothing newer.
fn preceding<S: Reader>(
    ledger: &Ledger<S>,
    product: &ProductId,
    order: &Order,
) -> Result<Vec<FootprintId>, PublishError> {
    let same = |p: &Publication| {
        let (asked, end) = (&order.request, p.period.end());
        p.batch == asked.batch && p.scenario == asked.scenario && end <= asked.period.end()
    };
    let earlier = finals(ledger, product)?.into_iter().rev().filter(same);
    Ok(earlier.map(|p| p.footprint).collect())
}

/// Calculates a publication again on what held at the log size that it rests on, whatever came since; gives that inventory too.
///
/// # Errors
/// [`PublishError::Calc`] where the calculation stops; [`PublishError::Ledger`].
pub fn recalculate<S: Reader>(
    ledger: &Ledger<S>,
    publication: &Publication,
) -> Result<(Inventory, Footprint), PublishError> {
    let product = std::slice::from_ref(&publication.product);
    let inventory = ledger.inventory_at(product, publication.log.size.as_u64(), None)?;
    let mut footprint = calc::footprint(&inventory, &publication.product, &Request::of(publication))?;
    footprint.exempt(&publication.accepted)?;
    Ok((inventory, footprint))
}
