//! An auditor's opinion on published figures, after calculating them again.

use pcf_ledger::admission::UsedIds;
use pcf_ledger::codec::figures_digest;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{
    Assurance, AssuranceLevel, Digest, LogPosition, Opinion, ProductId, Publication, PublicationStatus,
    StatementId, Text, Whole,
};
use pcf_ledger::publish;
use pcf_ledger::store::{Reader, Store};
use serde::Serialize;

use crate::DeskError;
use crate::import::Signer;
use crate::publish::only_statement;
use crate::session::Session;

/// An opinion to be signed.
#[derive(Debug)]
pub struct Assuring {
    /// How sure the auditor is.
    pub level: AssuranceLevel,
    /// The standard followed.
    pub standard: Text,
    /// What was examined.
    pub scope: Text,
    /// The opinion.
    pub opinion: Opinion,
    /// The findings, one sentence each.
    pub findings: Vec<Text>,
    /// True where the newest state is named too, after making it again.
    pub state: bool,
}

/// An opinion that was appended.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Assured {
    /// The auditor.
    pub by: String,
    /// How sure the auditor is.
    pub level: AssuranceLevel,
    /// The opinion.
    pub opinion: Opinion,
    /// The digest of the figures.
    pub figures_digest: Digest,
    /// The root of the newest state, where it is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_root: Option<Digest>,
    /// The assurance's statement.
    pub statement: StatementId,
    /// Its index in the log.
    pub index: u64,
}

/// Calculates the figures of a publication again and appends an opinion on them.
///
/// # Errors
/// [`DeskError::FiguresDoNotFollow`] for an opinion other than adverse; [`DeskError::NoState`] and [`DeskError::StateRoot`]; [`DeskError::Ledger`];
/// [`DeskError::Publish`].
pub fn assure<S: Store>(
    session: &dyn Session,
    ledger: &mut Ledger<S>,
    signer: Signer<'_>,
    publication: &Publication,
    wanted: Assuring,
) -> Result<Assured, DeskError> {
    let (inventory, again) = publish::recalculate(ledger, publication)?;
    let used = UsedIds::of(&inventory, &again.used).stated()?;
    let follows = again.figures == *publication.figures && used == publication.used;
    if !follows && wanted.opinion != Opinion::Adverse {
        return Err(DeskError::FiguresDoNotFollow);
    }
    let state_root = if wanted.state { Some(state_root(ledger)?) } else { None };
    let digest = figures_digest(publication)?;
    let assurance = Assurance {
        by: signer.by.clone(),
        figures: digest,
        findings: wanted.findings,
        level: wanted.level,
        log: LogPosition { root: Digest::from_bytes(ledger.root()), size: Whole::new(ledger.size())? },
        opinion: wanted.opinion,
        replaces: None,
        salt: session.salt()?,
        scope: wanted.scope,
        standard: wanted.standard,
        state_root,
        r#type: Default::default(),
        v: Default::default(),
    };
    let receipt = ledger.append(signer.key, session.now_s()?, &[assurance.into()])?;
    Ok(Assured {
        by: signer.by.to_string(),
        level: wanted.level,
        opinion: wanted.opinion,
        figures_digest: digest,
        state_root,
        statement: only_statement(&receipt)?,
        index: receipt.index,
    })
}

/// The root of the newest state, where it says what held.
fn state_root<S: Reader>(ledger: &Ledger<S>) -> Result<Digest, DeskError> {
    let (size, (_, got)) = ledger.book().states()?.last_key_value().ok_or(DeskError::NoState)?;
    let (size, got) = (*size, *got);
    let expected = Digest::from_bytes(ledger.book().state_root_at(size)?);
    if expected == got { Ok(got) } else { Err(DeskError::StateRoot { size, expected, got }) }
}

/// Returns the newest draft of a product.
///
/// # Errors
/// [`DeskError::NoDraft`]; [`DeskError::Publish`].
pub fn newest_draft<S: Reader>(ledger: &Ledger<S>, product: &ProductId) -> Result<Publication, DeskError> {
    let drafts = publish::held(ledger, product, PublicationStatus::Draft)?;
    drafts.into_iter().next_back().ok_or_else(|| DeskError::NoDraft { product: product.clone() })
}
