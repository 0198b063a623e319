//! A publication as a PACT v3 document, with what the ledger knows beside the figures.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::found::{finals, successor};
use super::{Openness, PublishError, assurances, prepare, texts};
use crate::calc::{Footprint, Inventory, concerned};
use crate::codec::{figures_digest, rounded};
use crate::ledger::{Ledger, LedgerError};
use crate::limits::DOCUMENT_BYTES_MAX;
use crate::model::{
    Activity, Actor, ActorId, DataKind, Instant, Opinion, Publication, Site, Stage, StatementId,
    StatementKind, Text,
};
use crate::pact::export::{self, Context, ExportError};
use crate::pact::{FactorSource, PactError};
use crate::proof::{CarriedProof, Proof};
use crate::store::Reader;

/// Writes a publication as a PACT v3 `ProductFootprint`, with its proof inside where one is given, so that a receiver of this one file can
/// verify it. It says as much as [`Openness`] has it: short of the whole no
/// place of work, no source of a factor, nothing of allocation and of what is left out.
///
/// # Errors
/// [`PactError::TooLong`] for a document with a proof that is too large for a receiver to take in;
/// [`PublishError::Pact`] naming every mandatory field that nobody stated; [`PublishError::Calc`]; [`PublishError::Ledger`].
pub fn pact<S: Reader>(
    ledger: &Ledger<S>,
    publication: &Publication,
    openness: Openness,
    proof: Option<&Proof>,
) -> Result<Vec<u8>, PublishError> {
    let unknown = || PublishError::UnknownProduct { product: publication.product.clone() };
    let (exact, whole) = (openness != Openness::Rounded, openness == Openness::Whole);
    let (_, owner) = actor(ledger, &publication.by)?.ok_or_else(unknown)?;
    let (inventory, footprint) = prepare::recalculate(ledger, publication)?;
    let product = &inventory.products.get(&footprint.product).ok_or_else(unknown)?.statement;
    let counted = |stage: Stage| stage.is_before_gate() || (product.design_at_gate && stage == Stage::Design);
    let mut own = own_activities(&inventory, &footprint);
    own.retain(|activity| counted(activity.stage)); // PACT speaks of the way to the gate alone.
    // A process whose site is not stated could be anywhere: no common country then.
    let sites = own.iter().filter(|_| whole).map(|a| a.site.clone()).collect::<Option<Vec<Site>>>();
    let sites = sites.unwrap_or_default();
    let sources = if whole { sources(&inventory, &footprint) } else { Vec::new() };
    let gate = product.processes.iter().filter(|p| counted(p.stage));
    let processes: Vec<String> =
        gate.map(|p| format!("{}: {} ({})", p.stage, p.name, join(&p.signers))).collect();
    let opinions = assurances(ledger, &figures_digest(publication)?)?;
    // An adverse opinion is not passed over for a later one, and the publisher's own favourable one is none.
    let adverse = opinions.iter().rfind(|(_, assurance)| assurance.opinion == Opinion::Adverse);
    let by_others = || opinions.iter().rfind(|(_, assurance)| assurance.by != publication.by);
    let assured = adverse.or_else(by_others).map(|(id, assurance)| {
        let name = actor(ledger, &assurance.by)?.map(|(_, a)| a.name.to_string()).unwrap_or_default();
        Ok::<_, LedgerError>((name, assurance, signed_at(ledger, id)?))
    });
    let assured = assured.transpose()?;
    let finals = finals(ledger, &publication.product)?;
    let verifier_key = || Ok::<_, PublishError>(ledger.verifier_key()?.to_string());
    let carried = proof.map(|proof| Ok::<_, PublishError>(CarriedProof::extension(proof, verifier_key()?)?));
    let context = Context {
        rounded: !exact,
        comment: publication.comment.as_ref().filter(|_| !exact).map(Text::as_str),
        deprecated: successor(&finals, &publication.footprint).is_some()
            || no_longer_holds(ledger, publication)?,
        sites: &sites,
        sources: &sources,
        assurance: assured.as_ref().map(|(name, assurance, at)| (name.as_str(), *assurance, *at)),
        processes: Some(processes.join("; ")),
        allocation: texts::allocation(&own, product).filter(|_| whole),
        exempted: texts::exempted(&own).filter(|_| whole),
        extensions: carried.transpose()?.into_iter().collect(),
    };
    let stated = if exact { Cow::Borrowed(publication) } else { Cow::Owned(rounded(publication)?) };
    let bytes = export::write(&stated, product, &owner, &context)?;
    if bytes.len() > DOCUMENT_BYTES_MAX {
        let error = PactError::TooLong { limit: DOCUMENT_BYTES_MAX, got: bytes.len() };
        return Err(ExportError::from(error).into());
    }
    Ok(bytes)
}

fn join(names: &[crate::model::ActorId]) -> String {
    let names: Vec<&str> = names.iter().map(crate::model::ActorId::as_str).collect();
    names.join(", ")
}

/// The activity statements that speak of the product itself.
fn own_activities(inventory: &Inventory, footprint: &Footprint) -> Vec<Activity> {
    let speaks_of_it = |activity: &Activity| concerned(inventory, activity).contains(&footprint.product);
    let used = inventory.activities.iter().filter(|held| footprint.used.contains(&held.id));
    used.map(|held| &held.statement).filter(|activity| speaks_of_it(activity)).cloned().collect()
}

/// Source and edition of each secondary factor that enters up to the gate, also through the products that it is made of.
fn sources(inventory: &Inventory, footprint: &Footprint) -> Vec<FactorSource> {
    let used = inventory.factors.values().filter(|held| footprint.used_to_gate.contains(&held.id));
    let secondary = used.map(|held| &held.statement).filter(|factor| factor.data == DataKind::Secondary);
    let sources: BTreeSet<FactorSource> = secondary
        .map(|factor| {
            let version = factor.source_version.as_ref().map(ToString::to_string);
            FactorSource {
                name: factor.source.to_string(),
                version: version.unwrap_or_else(|| factor.year.to_string()),
            }
        })
        .collect();
    sources.into_iter().collect()
}

/// True where the ledger knows the publication and it was withdrawn.
fn no_longer_holds<S: Reader>(ledger: &Ledger<S>, publication: &Publication) -> Result<bool, LedgerError> {
    let (book, id) = (ledger.book(), &publication.footprint);
    let known = book.product_of_footprint(id)?.is_some();
    Ok(known && book.live(StatementKind::Publication, id.as_str())?.is_none())
}

fn actor<S: Reader>(ledger: &Ledger<S>, id: &ActorId) -> Result<Option<(StatementId, Actor)>, LedgerError> {
    Ok(ledger.book().actor(id)?)
}

fn signed_at<S: Reader>(ledger: &Ledger<S>, id: &StatementId) -> Result<Option<Instant>, LedgerError> {
    let Some((_, entry)) = ledger.book().entry(id)? else { return Ok(None) };
    let seal = ledger.seal(entry.index)?;
    Ok(i64::try_from(seal.signed_at_s()).ok().and_then(|s| Instant::from_unix_s(s).ok()))
}
