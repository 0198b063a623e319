//! From an order to signed figures and the documents that carry them: the proof, the page, the
//! index and the PACT file. The figures and the gate
//! are the ledger's.

mod accepting;
mod documents;
mod proving;
mod revealing;
mod several;
mod state;
mod witnessing;

use std::path::{Path, PathBuf};

use pcf_ledger::ledger::{Ledger, Post, Receipt};
use pcf_ledger::model::{Co2e, Digest, FootprintId, Publication, PublicationStatus, StatementId};
use pcf_ledger::pact::claims;
use pcf_ledger::publish::{self, Disclosure, GateItem, Order, Policy, Prepared, PublishError, Standing};
use pcf_ledger::sign::SigningKey;
use pcf_ledger::store::file::FileStore;
use serde::Serialize;

use crate::import::Signer;
use crate::plausibility::asked;
use crate::session::Session;
use crate::words::declared_unit;
use crate::{DeskError, Note};
use documents::{Writing, Written};

pub use accepting::is_rule;
pub use documents::partner_dir;
pub(crate) use documents::{deprecated, pact_file as pact_file_of, partner_file};
pub use proving::{Made, Proving, prove};
pub use revealing::{reveals, shown_in};
pub use several::{Failed, Several, Unchanged, owned, publish_all};
pub use state::{Stated, say};
pub use witnessing::{LogSigner, Witnessed, beside};

/// A publication to be made. The keys are known to be the log's, the operator's and the signer's.
pub struct Publishing<'a> {
    /// The question, and how long its answer is valid.
    pub order: Order,
    /// The product in the caller's words.
    pub product: &'a str,
    /// What the gate requires and what it only advises.
    pub gate: &'a Policy,
    /// Publishes figures again that were withdrawn.
    pub again: bool,
    /// Does nothing where the same figures are published and in force.
    pub only_changed: bool,
    /// Accepts findings of this product alone, where the acceptances are those of several products.
    pub only_matching: bool,
    /// Appends and writes nothing; says what would be published.
    pub dry_run: bool,
    /// Which statements the proof shows.
    pub disclosure: Disclosure,
    /// Who signs the figures.
    pub signer: Signer<'a>,
    /// The private key of the log.
    pub log_key: &'a SigningKey,
    /// The copy of the newest signed checkpoint beside that key; see [`beside`].
    pub beside: &'a Path,
    /// The operator's key, where what holds is stated too.
    pub operator: Option<&'a SigningKey>,
    /// The way to the witnesses, where they are asked.
    pub post: Option<&'a dyn Post>,
    /// The directory of the documents.
    pub out: &'a Path,
}

impl Publishing<'_> {
    fn signers(&self) -> publish::Signers<'_> {
        let (publisher, log, operator) = (self.signer.key, self.log_key, self.operator);
        publish::Signers { publisher, log, operator }
    }
}

/// What came of an order.
#[derive(Debug)]
pub enum Answer {
    /// It is published.
    Published(Box<Published>),
    /// The gate stops it; nothing was appended.
    Stopped(Stopped),
    /// This publication says the same and is in force; nothing was done.
    Unchanged(FootprintId),
    /// What would be published; nothing was done.
    Foreseen(Box<Foreseen>),
}

/// A publication that would be made.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Foreseen {
    /// The product in the caller's words.
    pub product: String,
    /// The figure to the grave, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grave_kg_co2e: Option<Co2e>,
    /// The figure to the gate.
    pub gate_kg_co2e: Co2e,
    /// What the public documents would show.
    pub reveals: String,
    /// The publication that says the same already and is in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stands: Option<FootprintId>,
    /// Everything that the gate asks.
    pub gate: Vec<Asked>,
}

/// A publication that is in the log, with its documents.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Published {
    /// True where it stood in the log already: only its documents were made anew.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub stood_already: bool,
    /// Its UUID.
    pub footprint: FootprintId,
    /// Draft or final.
    pub status: PublicationStatus,
    /// The product's name.
    pub product: String,
    /// The amount and unit that the figures are per.
    pub declared_unit: String,
    /// The figure to the grave, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grave_kg_co2e: Option<Co2e>,
    /// The figure to the gate.
    pub gate_kg_co2e: Co2e,
    /// The digest that an assurance names.
    pub figures_digest: Digest,
    /// The publication's statement.
    pub statement: StatementId,
    /// Its index in the log.
    pub index: u64,
    /// What verifies the log's checkpoints.
    pub verifier_key: String,
    /// The public documents that were written, the proof first.
    pub files: Vec<PathBuf>,
    /// The proof with all bodies, for partners and auditors, where the public one withholds some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner: Option<PathBuf>,
    /// What the public documents show.
    pub reveals: String,
    /// Earlier footprints whose PACT files are not where the new one is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_found: Vec<FootprintId>,
    /// What the operator stated.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<Stated>,
    /// What the witnesses said, where a policy is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub witnesses: Option<Witnessed>,
    /// What the gate asks for and did not find.
    pub advice: Vec<String>,
    /// Everything that the gate asks.
    pub gate: Vec<Asked>,
}

/// A final publication that lacks what the gate requires.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stopped {
    /// The product in the caller's words.
    pub product: String,
    /// Everything that the gate asks.
    pub gate: Vec<Asked>,
}

/// One thing that the gate asks.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Asked {
    /// Its stable name.
    pub name: &'static str,
    /// True where a final publication cannot do without.
    pub required: bool,
    /// Whether it is met.
    pub met: bool,
    /// What was found, and how to mend it where it is not met.
    pub detail: String,
}

impl From<&GateItem> for Asked {
    fn from(item: &GateItem) -> Self {
        let GateItem { check, required } = item;
        Self { name: check.name, required: *required, met: check.holds(), detail: check.said().to_owned() }
    }
}

/// Publishes a product's footprint, or says what the gate stops it for.
///
/// # Errors
/// [`DeskError::OtherOwner`]; [`DeskError::Publish`] for what the calculation, the gate or PACT
/// refuse, and [`DeskError::IllMade`] where the proof would not verify: then nothing was appended.
/// [`DeskError::Unpublished`] where the log could not be signed after. [`DeskError::File`] for
/// documents.
pub fn publish(
    session: &dyn Session,
    ledger: &mut Ledger<FileStore>,
    wanted: &Publishing<'_>,
) -> Result<Answer, DeskError> {
    if wanted.only_changed
        && let Some(footprint) = several::unchanged(ledger, &wanted.order, session.now()?.date())?
    {
        return Ok(Answer::Unchanged(footprint));
    }
    let order = with_known(session, ledger, &wanted.order)?;
    let order = accepting::by_finding(ledger, order, wanted.gate, wanted.only_matching)?;
    let mut prepared = publish::prepare_with(ledger, &order, wanted.gate)?;
    let publication = &prepared.publication;
    if publication.by != *wanted.signer.by {
        let (owner, signer) = (publication.by.clone(), wanted.signer.by.clone());
        return Err(DeskError::OtherOwner { owner, signer });
    }
    unknown_standards(session, publication);
    if wanted.order.status == PublicationStatus::Final && prepared.unmet().next().is_some() {
        let gate = prepared.gate.iter().map(Asked::from).collect();
        return Ok(Answer::Stopped(Stopped { product: wanted.product.to_owned(), gate }));
    }
    let standing = match publish::standing(ledger, &prepared)? {
        Standing::Withdrawn(footprint) if !wanted.again => {
            return Err(PublishError::Withdrawn { footprint }.into());
        }
        Standing::Published(standing) => Some(standing),
        Standing::Withdrawn(_) | Standing::New => None,
    };
    if wanted.dry_run {
        return Ok(Answer::Foreseen(Box::new(foreseen(wanted, &prepared, standing.as_ref()))));
    }
    let stood_already = standing.is_some();
    // Written once before anything is appended, so that a field that PACT misses stops the
    // publication and not its documents.
    documents::where_possible(
        publication,
        publish::pact(ledger, publication, wanted.disclosure.openness(), None),
    )?;
    let signer = LogSigner::compare(ledger, wanted.log_key, wanted.beside, wanted.post)?;
    // Of several products it is said once.
    if !wanted.only_matching {
        session.note(&Note::Reveals(reveals(&wanted.disclosure)));
    }
    let place = match standing {
        // An earlier run may have ended between the log and the documents.
        Some((statement, publication)) => {
            prepared.publication = *publication;
            (statement, index_of(ledger, &statement)?)
        }
        None => {
            let statement = publication.clone().into();
            let now_s = session.now_s()?;
            let keys = wanted.signers();
            documents::well_made(
                ledger,
                &publish::rehearse(ledger, &prepared, keys, now_s, &wanted.disclosure)?,
            )?;
            let receipt = ledger.append(wanted.signer.key, now_s, &[statement])?;
            (only_statement(&receipt)?, receipt.index)
        }
    };
    let publication = &prepared.publication;
    let unpublished = |error: DeskError| DeskError::Unpublished(Box::new(error));
    let stated = wanted.operator.map(|operator| say(session, ledger, operator)).transpose();
    let (_, states) = stated.map_err(unpublished)?.unwrap_or_default();
    let (checkpoint, witnesses) = signer.sign(ledger).map_err(unpublished)?;
    ledger.flush()?;
    let disclosure = &wanted.disclosure;
    let (out, used) = (wanted.out, &prepared.used);
    let written = Writing { ledger, checkpoint: &checkpoint, out, disclosure, used }.write(publication)?;
    let held = ledger.book().product(&publication.product)?;
    let product = held.as_ref().map(|held| &held.statement);
    let name = product.map_or_else(|| wanted.product.to_owned(), |product| product.name.to_string());
    let unit = product.map(declared_unit).unwrap_or_default();
    let verifier_key = ledger.verifier_key()?.to_string();
    let mut published = Published::new(prepared, (name, unit), place, verifier_key, written);
    (published.states, published.witnesses) = (states, witnesses);
    published.reveals = reveals(disclosure);
    published.stood_already = stood_already;
    Ok(Answer::Published(Box::new(published)))
}

fn foreseen(
    wanted: &Publishing<'_>,
    prepared: &Prepared,
    standing: Option<&(StatementId, Box<Publication>)>,
) -> Foreseen {
    let figures = &prepared.publication.figures;
    Foreseen {
        product: wanted.product.to_owned(),
        grave_kg_co2e: figures.grave.as_ref().map(|set| set.excluding_uptake),
        gate_kg_co2e: figures.gate.excluding_uptake,
        reveals: reveals(&wanted.disclosure),
        stands: standing.map(|(_, publication)| publication.footprint.clone()),
        gate: prepared.gate.iter().map(Asked::from).collect(),
    }
}

/// Notes each standard that the publisher states and PACT does not name.
fn unknown_standards(session: &dyn Session, publication: &Publication) {
    let names = publication.claims.iter().map(|claim| claim.standard.as_str());
    for name in names.filter(|name| !claims::STANDARDS.contains(name)) {
        session.note(&Note::UnknownStandard { standard: name.to_owned(), known: claims::STANDARDS });
    }
}

/// The order with what the rules may know beside the ledger: shipped factors, the day, newer
/// versions of suppliers' footprints.
fn with_known(session: &dyn Session, ledger: &Ledger<FileStore>, order: &Order) -> Result<Order, DeskError> {
    let inventory = ledger.inventory_of(std::slice::from_ref(&order.product))?;
    let known = asked(ledger, &inventory, session.now()?.date())?;
    Ok(Order { known, ..order.clone() })
}

fn index_of(ledger: &Ledger<FileStore>, statement: &StatementId) -> Result<u64, DeskError> {
    let known = ledger.book().entry(statement)?;
    known.map(|(_, entry)| entry.index).ok_or(DeskError::NotOneStatement)
}

/// The statement of a submission that has one.
pub(crate) fn only_statement(receipt: &Receipt) -> Result<StatementId, DeskError> {
    match receipt.ids.as_slice() {
        [statement] => Ok(*statement),
        _ => Err(DeskError::NotOneStatement),
    }
}

impl Published {
    fn new(
        prepared: Prepared,
        (product, declared_unit): (String, String),
        (statement, index): (StatementId, u64),
        verifier_key: String,
        written: Written,
    ) -> Self {
        let unmet = prepared.gate.iter().filter(|item| !item.check.holds());
        let figures = &prepared.publication.figures;
        Self {
            stood_already: false,
            footprint: prepared.publication.footprint.clone(),
            status: prepared.publication.status,
            product,
            declared_unit,
            grave_kg_co2e: figures.grave.as_ref().map(|set| set.excluding_uptake),
            gate_kg_co2e: figures.gate.excluding_uptake,
            figures_digest: prepared.digest,
            statement,
            index,
            verifier_key,
            files: written.files,
            partner: written.partner,
            reveals: String::new(),
            not_found: written.not_found,
            states: Vec::new(),
            witnesses: None,
            advice: unmet.map(|item| format!("{}: {}", item.check.name, item.check.said())).collect(),
            gate: prepared.gate.iter().map(Asked::from).collect(),
        }
    }
}
