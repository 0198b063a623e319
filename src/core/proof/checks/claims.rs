//! The standards that the publication names as checked: their conditions, as far as the proof shows
//! what they ask.

use super::Judged;
use crate::model::ClaimBasis;
use crate::pact::claims::{PACT, unmet, unmet_in_rounded};
use crate::proof::evidence::Evidence;

/// # Errors
/// A condition that is not met, and a standard whose conditions this program does not know.
pub(super) fn met(evidence: &Evidence<'_>) -> Judged {
    let publication = &evidence.proof.publication;
    let of_basis = |basis: ClaimBasis| {
        let claims = publication.claims.iter().filter(move |claim| claim.basis == basis);
        claims.map(|claim| claim.standard.as_str()).collect::<Vec<&str>>()
    };
    let (checked, stated) = (of_basis(ClaimBasis::Checked), of_basis(ClaimBasis::Stated));
    if let Some(unknown) = checked.iter().find(|name| **name != PACT) {
        return Err(format!("`{unknown}` is said to be checked, and only {PACT} has conditions").into());
    }
    if !checked.is_empty() {
        let judge = if evidence.proof.is_exact() { unmet } else { unmet_in_rounded };
        let unmet = judge(publication, evidence.product());
        if !unmet.is_empty() {
            return Err(format!("{PACT} is claimed, and {}", unmet.join("; ")).into());
        }
    }
    Ok(match (checked.is_empty(), stated.is_empty()) {
        (true, true) => "no standard is named".to_owned(),
        (true, false) => format!("the publisher's own, not checked: {}", stated.join(", ")),
        (false, true) => PACT.to_owned(),
        (false, false) => format!("{PACT}; the publisher's own, not checked: {}", stated.join(", ")),
    })
}
