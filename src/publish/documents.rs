//! A publication as a PACT v3 document, with what the ledger knows beside the figures.

use std::collections::BTreeSet;

use super::gather::{finals, successor};
use super::{PublishError, assurances, prepare};
use crate::bundle::{CarriedProof, Proof};
use crate::calc::{ContributionSource, Footprint, Inventory};
use crate::codec::figures_digest;
use crate::codec::pact::{DOCUMENT_BYTES_MAX, FactorSource, PactError};
use crate::exchange::ExchangeError;
use crate::exchange::pact::{self, Context};
use crate::ledger::Ledger;
use crate::model::{Activity, DataKind, FlowSource, Instant, Opinion, Publication, Site, Stage, StatementId};
use crate::store::Reader;

/// What the publisher declares for a PACT document and no statement says.
#[derive(Debug, Clone, Default)]
pub struct PactOptions {
    /// The cross-sectoral standards that were followed, such as `ISO14067`.
    pub standards: Vec<String>,
    /// True where the maker answers for transport and storage after the gate.
    pub outbound: bool,
}

/// Writes a publication as a PACT v3 `ProductFootprint`, with its proof inside where one is given, so that a receiver of this one file can
/// verify it.
///
/// # Errors
/// [`PactError::TooLong`] for a document with a proof that is too large for a receiver to take in;
/// [`PublishError::Exchange`] naming every mandatory field that nobody stated; [`PublishError::Calc`]; [`PublishError::Ledger`].
pub fn pact<S: Reader>(
    ledger: &Ledger<S>,
    publication: &Publication,
    options: &PactOptions,
    proof: Option<&Proof>,
) -> Result<Vec<u8>, PublishError> {
    let unknown = || PublishError::UnknownProduct { product: publication.product.clone() };
    let (_, owner) = ledger.book().actor(&publication.by).ok_or_else(unknown)?;
    let (inventory, footprint) = prepare::recalculate(ledger, publication)?;
    let product = &inventory.products.get(&footprint.product).ok_or_else(unknown)?.statement;
    let own = own_activities(&inventory, &footprint);
    let sites: Vec<Site> = own
        .iter()
        .filter(|a| a.stage.is_before_gate())
        .map(|a| a.site.clone())
        .collect::<Option<Vec<_>>>()
        .unwrap_or_default(); // A process whose site is not stated could be anywhere: no common country then.
    let sources = sources(&inventory, &footprint);
    let counted = |stage: Stage| stage.is_before_gate() || (product.design_at_gate && stage == Stage::Design);
    let gate = product.processes.iter().filter(|p| counted(p.stage));
    let processes: Vec<String> =
        gate.map(|p| format!("{}: {} ({})", p.stage, p.name, join(&p.signers))).collect();
    let opinions = assurances(ledger, &figures_digest(publication)?)?;
    // An adverse opinion is not passed over for a later one, and the publisher's own favourable one is none.
    let adverse = opinions.iter().rfind(|(_, assurance)| assurance.opinion == Opinion::Adverse);
    let by_others = || opinions.iter().rfind(|(_, assurance)| assurance.by != publication.by);
    let assured = adverse.or_else(by_others).map(|(id, assurance)| {
        let name = ledger.book().actor(&assurance.by).map(|(_, a)| a.name.to_string()).unwrap_or_default();
        (name, assurance, signed_at(ledger, id))
    });
    let finals = finals(ledger)?;
    let verifier_key = || Ok::<_, PublishError>(ledger.verifier_key()?.to_string());
    let carried = proof.map(|proof| Ok::<_, PublishError>(CarriedProof::extension(proof, verifier_key()?)?));
    let context = Context {
        deprecated: successor(&finals, &publication.footprint).is_some(),
        sites: &sites,
        standards: &options.standards,
        sources: &sources,
        outbound: options.outbound,
        assurance: assured.as_ref().map(|(name, assurance, at)| (name.as_str(), *assurance, *at)),
        processes: Some(processes.join("; ")),
        allocation: allocation(&own),
        exempted: exempted(&own),
        extensions: carried.transpose()?.into_iter().collect(),
    };
    let bytes = pact::write(publication, product, owner, &context)?;
    if bytes.len() > DOCUMENT_BYTES_MAX {
        let error = PactError::TooLong { limit: DOCUMENT_BYTES_MAX, got: bytes.len() };
        return Err(ExchangeError::from(error).into());
    }
    Ok(bytes)
}

fn join(names: &[crate::model::ActorId]) -> String {
    let names: Vec<&str> = names.iter().map(crate::model::ActorId::as_str).collect();
    names.join(", ")
}

/// The activity statements that speak of the product itself.
fn own_activities(inventory: &Inventory, footprint: &Footprint) -> Vec<Activity> {
    let speaks_of_it = |activity: &Activity| {
        activity.outputs.iter().any(|o| inventory.aliases.get(&o.product) == Some(&footprint.product))
    };
    let used = inventory.activities.iter().filter(|held| footprint.used.contains(&held.id));
    used.map(|held| &held.statement).filter(|activity| speaks_of_it(activity)).cloned().collect()
}

/// Source and edition of each secondary factor that enters.
fn sources(inventory: &Inventory, footprint: &Footprint) -> Vec<FactorSource> {
    let mut sources = BTreeSet::new();
    for part in &footprint.contributions {
        if let ContributionSource::Factor { factor, .. } = &part.source
            && let Some(factor) = inventory.factors.get(factor).map(|held| &held.statement)
            && factor.data == DataKind::Secondary
        {
            let version =
                factor.source_version.as_ref().map_or_else(|| factor.year.to_string(), ToString::to_string);
            sources.insert(FactorSource { name: factor.source.to_string(), version });
        }
    }
    sources.into_iter().collect()
}

fn signed_at<S: Reader>(ledger: &Ledger<S>, id: &StatementId) -> Option<Instant> {
    let (_, entry) = ledger.book().entry(id)?;
    let seal = ledger.seal(entry.index).ok()?;
    Instant::from_unix_s(i64::try_from(seal.signed_at_s()).ok()?).ok()
}

fn allocation(own: &[Activity]) -> Option<String> {
    let rules: BTreeSet<String> = own
        .iter()
        .filter_map(|a| Some(format!("{} / {}: by {}", a.stage, a.process, a.allocation?)))
        .collect();
    (!rules.is_empty()).then(|| rules.into_iter().collect::<Vec<_>>().join("; "))
}

fn exempted(own: &[Activity]) -> Option<String> {
    let mut left_out = BTreeSet::new();
    for flow in own.iter().flat_map(|a| &a.flows) {
        if let FlowSource::Excluded { reason, .. } = &flow.source {
            left_out.insert(format!("{}: {reason}", flow.name));
        }
    }
    (!left_out.is_empty()).then(|| left_out.into_iter().collect::<Vec<_>>().join("; "))
}
