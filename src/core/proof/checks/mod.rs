//! The list of checks. Each is a small pure function over the evidence; all of them run, whatever the others say.

mod anchor;
mod claims;
mod figures;
mod names;
mod place;
mod standing;
mod statements;
mod states;
mod status;

use super::evidence::Evidence;
use super::footprint_proof::Proof;
use super::report::{Assured, Report, TRUST_ANCHOR};
use super::trust::Trust;
use crate::checks::{Check, Outcome};
use crate::model::{StatementId, StatementKind};
use standing::assured;

/// Why a check does not hold.
enum Unmet {
    Fails(String),
    NotChecked(String),
}

impl From<String> for Unmet {
    fn from(why: String) -> Self {
        Self::Fails(why)
    }
}

/// What was seen where the check holds.
type Judged = Result<String, Unmet>;

/// Name, what is asked, and how it is answered.
type Question = (&'static str, &'static str, fn(&Evidence<'_>) -> Judged);

const QUESTIONS: &[Question] = &[
    (TRUST_ANCHOR, "the proof comes from the log or ledger that the reader trusts", anchor::trust_anchor),
    ("ledger-id", "every seal names the ledger of the genesis", anchor::ledger_id),
    ("genesis", "the genesis stands alone at index 0, sealed by the operator key it names", anchor::genesis),
    ("checkpoint-signature", "the log key in force signed the checkpoint", anchor::checkpoint_signature),
    ("publication-seal", "the publisher's signature covers the publication", place::publication_seal),
    ("publication-in-log", "the publication's seal is in the log", place::publication_in_log),
    ("consistency", "the log that the publication rests on is the beginning of this one", place::consistency),
    (
        "signers-enrolled",
        "every signer could sign what it signed, where it signed it",
        statements::signers_enrolled,
    ),
    ("used-set", "the list of used statements is the one that the publication names", statements::used_set),
    ("disclosed-statements", "what is disclosed was used and in the log before", statements::disclosed),
    (
        "figures-recalculated",
        "the figures follow from the used statements, digit for digit",
        figures::recalculated,
    ),
    ("coverage", "the data cover the days that the publication says", figures::covered),
    ("figures-add-up", "processes, stages, gate and grave add up", figures::add_up),
    ("claims", "the conditions of each standard that was checked are met", claims::met),
    ("assurance", "an auditor's opinion names these figures", standing::assurance),
    ("states", "what is shown of states is in them", states::shown),
    ("complete", "nothing was left out of the figures", states::complete),
    ("status", "the publication was not replaced or withdrawn", status::status),
    ("split-view", "the log shows everybody the same", standing::split_view),
    ("names", "the names belong to the keys", names::names),
];

impl Proof {
    /// Runs every check that the proof and `trust` allow. Needs no ledger, no network and no clock; never panics.
    pub fn verify(&self, trust: &Trust) -> Report {
        let evidence = Evidence::gather(self, trust);
        let checks = QUESTIONS.iter().map(|(name, asks, answer)| run(name, asks, answer(&evidence)));
        let checks: Vec<Check> = checks.collect();
        // What a state says is worth nothing where anything that it rests on fails.
        let whole = checks.iter().all(|check| !matches!(check.outcome, Outcome::Fails(_)));
        let publication = self.statements.get(self.publication_at);
        let seal = publication.and_then(|held| self.seals.get(held.seal));
        let nothing = StatementId::from_bytes([0; 32]);
        let digest = self.header.figures_digest;
        let assurances = assured(&evidence).map(|(held, assurance)| Assured {
            id: held.id,
            by: assurance.by.clone(),
            name: evidence.folded.name_of(&assurance.by).cloned(),
            level: assurance.level,
            opinion: assurance.opinion,
            standard: assurance.standard.clone(),
            findings: assurance.findings.clone(),
            log: assurance.log,
            key: evidence.key_of(held),
            known: evidence.known(held),
            names_these_figures: assurance.figures == digest,
            is_own: assurance.by == self.publication.by,
        });
        Report {
            checks,
            ledger_id: self.ledger_id().unwrap_or(nothing), // OK because no proof is made without a genesis
            origin: self.checkpoint.origin().to_owned(),
            checkpoint_size: self.checkpoint.size(),
            publication_id: publication.map_or(nothing, |held| held.id), // or without its publication.
            publication_index: seal.map_or(0, |held| held.index),
            publication: self.publication.clone(),
            rounded: (!self.is_exact()).then(|| self.header.figures.clone()),
            publisher: evidence.folded.name_of(&self.publication.by).cloned(),
            assurances: assurances.collect(),
            used: self.used.len(),
            disclosed: statements::disclosed_ids(self).count(),
            completeness: states::completeness(&evidence).ok().filter(|_| whole),
            standing: status::standing(&evidence).ok().filter(|_| whole),
        }
    }
}

/// Verifies a proof: see [`Proof::verify`].
pub fn verify(proof: &Proof, trust: &Trust) -> Report {
    proof.verify(trust)
}

fn run(name: &'static str, asks: &str, judged: Judged) -> Check {
    let (outcome, detail) = match judged {
        Ok(seen) => (Outcome::Holds, seen),
        Err(Unmet::Fails(why)) => (Outcome::Fails(why), asks.to_owned()),
        Err(Unmet::NotChecked(why)) => (Outcome::NotChecked(why), asks.to_owned()),
    };
    Check::new(name, outcome, detail)
}

/// True for what no used statement is: it says who may sign, gives an opinion, or takes something back.
const fn is_beside_the_figures(kind: StatementKind) -> bool {
    matches!(
        kind,
        StatementKind::Actor
            | StatementKind::Assurance
            | StatementKind::Authority
            | StatementKind::Ledger
            | StatementKind::Redaction
            | StatementKind::State
            | StatementKind::Withdrawal
    )
}
