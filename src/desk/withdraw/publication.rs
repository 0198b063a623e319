//! A published footprint is taken back: the withdrawal, the state and the checkpoint that show it,
//! and every document beside it. Copies elsewhere are named, not reached.

use std::path::{Path, PathBuf};

use pcf_ledger::ledger::{Ledger, Post};
use pcf_ledger::log::SignedCheckpoint;
use pcf_ledger::model::{FootprintId, Publication, Statement, StatementId, Text};
use pcf_ledger::proof::Proof;
use pcf_ledger::publish::{self, Disclosure, PublishError};
use pcf_ledger::sign::SigningKey;
use pcf_ledger::store::Reader;
use pcf_ledger::store::file::FileStore;
use serde::Serialize;

use super::notice::Notice;
use super::{Withdrawn, withdraw};
use crate::files::load;
use crate::import::Signer;
use crate::publish::{LogSigner, Stated, Witnessed, deprecated, pact_file_of, partner_file, say, shown_in};
use crate::session::Session;
use crate::{DeskError, pages, write};

/// A footprint to be taken back.
pub struct TakingBack<'a> {
    /// The statement that publishes it.
    pub target: StatementId,
    /// Why.
    pub reason: Text,
    /// Who withdraws it.
    pub signer: Signer<'a>,
    /// The log's key with the copy of the newest signed checkpoint beside it, where it is here.
    pub log: Option<(&'a SigningKey, &'a Path)>,
    /// The operator's key, where it is here.
    pub operator: Option<&'a SigningKey>,
    /// The way to the witnesses, where they are asked.
    pub post: Option<&'a dyn Post>,
    /// The directory of the documents.
    pub out: &'a Path,
}

/// What follows for a footprint that was taken back.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TakenBack {
    /// Its UUID.
    pub footprint: FootprintId,
    /// The product's name.
    pub product: String,
    /// What the operator stated.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<Stated>,
    /// The size of the checkpoint that covers the withdrawal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_size: Option<u64>,
    /// What the witnesses said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub witnesses: Option<Witnessed>,
    /// The footprint that is in force again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_force_again: Option<FootprintId>,
    /// The documents that were written anew.
    pub files: Vec<PathBuf>,
    /// What could not be done here, and how it is done.
    pub left: Vec<String>,
    /// Copies that nothing here reaches.
    pub elsewhere: Vec<String>,
}

/// Returns the publication that a statement is; none for a statement of another type.
///
/// # Errors
/// [`DeskError::Ledger`].
pub fn publication_of<S: Reader>(
    ledger: &Ledger<S>,
    target: &StatementId,
) -> Result<Option<Publication>, DeskError> {
    Ok(match ledger.said(target)? {
        pcf_ledger::admission::Said::Whole(Statement::Publication(publication)) => Some(publication),
        _ => None,
    })
}

/// Takes a published footprint back, with everything that follows from it.
///
/// # Errors
/// [`DeskError::Ledger`], also where the rules refuse it; [`DeskError::Unwitnessed`] before anything is
/// appended; [`DeskError::Unpublished`] where the log could not be signed after; [`DeskError::File`].
pub fn take_back(
    session: &dyn Session,
    ledger: &mut Ledger<FileStore>,
    publication: &Publication,
    wanted: &TakingBack<'_>,
) -> Result<Withdrawn, DeskError> {
    let signer = wanted.log.map(|(key, beside)| LogSigner::compare(ledger, key, beside, wanted.post));
    let signer = signer.transpose()?;
    let mut withdrawn = withdraw(session, ledger, wanted.signer, wanted.target, wanted.reason.clone())?;
    let name = ledger.book().product(&publication.product)?.map(|held| held.statement.name.to_string());
    let mut back = TakenBack {
        footprint: publication.footprint.clone(),
        product: name.unwrap_or_else(|| publication.product.to_string()),
        states: Vec::new(),
        signed_size: None,
        witnesses: None,
        in_force_again: in_force_again(ledger, publication)?,
        files: Vec::new(),
        left: Vec::new(),
        elsewhere: elsewhere(publication),
    };
    let unsigned = |error: DeskError| DeskError::Unpublished(Box::new(error));
    match wanted.operator {
        Some(operator) => back.states = say(session, ledger, operator).map_err(unsigned)?.1,
        None => {
            back.left.push("the operator states what holds: pcf log state --sign-with operator.pem".into())
        }
    }
    let mut checkpoint = None;
    match &signer {
        Some(signer) => {
            let (signed, witnesses) = signer.sign(ledger).map_err(unsigned)?;
            back.signed_size = Some(signed.checkpoint().size());
            (checkpoint, back.witnesses) = (Some(signed), witnesses);
        }
        None => back.left.push("a checkpoint that covers it: pcf log checkpoint --sign-with log.pem".into()),
    }
    ledger.flush()?;
    rewrite(session, ledger, publication, (wanted, checkpoint.as_ref()), &mut back)?;
    withdrawn.publication = Some(back);
    Ok(withdrawn)
}

/// The newest footprint that the withdrawn one followed, where nothing else follows it.
fn in_force_again<S: Reader>(
    ledger: &Ledger<S>,
    publication: &Publication,
) -> Result<Option<FootprintId>, DeskError> {
    let finals = publish::finals(ledger, &publication.product)?;
    let open = |id: &&FootprintId| publish::successor(&finals, id).is_none();
    let mut earlier = finals.iter().rev().map(|publication| &publication.footprint).filter(open);
    Ok(earlier.find(|id| publication.preceding.contains(id)).cloned())
}

fn elsewhere(publication: &Publication) -> Vec<String> {
    let id = &publication.footprint;
    vec![
        format!("PACT files {id}.json that customers have say Active until they get the new one"),
        format!("proofs {id}.pcfproof that were given out verify as of their own log size"),
        "pages and files that were copied to a web server are replaced by copying them again".into(),
    ]
}

/// Writes what lies in the folder of documents anew.
fn rewrite(
    session: &dyn Session,
    ledger: &Ledger<FileStore>,
    publication: &Publication,
    (wanted, checkpoint): (&TakingBack<'_>, Option<&SignedCheckpoint>),
    back: &mut TakenBack,
) -> Result<(), DeskError> {
    let (id, out) = (&publication.footprint, wanted.out);
    let page = out.join(format!("{id}.html"));
    if page.is_file() {
        let notice = Notice {
            name: &back.product,
            footprint: id,
            period: publication.period,
            reason: &wanted.reason,
            on: session.now()?.date(),
            earlier: back.in_force_again.as_ref(),
        };
        write::durably(&page, notice.html().as_bytes())?;
        back.files.push(page);
    } else {
        back.left
            .push(format!("{}: no page is there; where it lies elsewhere, take it down", page.display()));
    }
    anew(ledger, publication, (out, checkpoint), back)?;
    if let Some(earlier) = back.in_force_again.clone() {
        let (_, standing) = publish::find(ledger, &earlier)?;
        anew(ledger, &standing, (out, checkpoint), back)?;
        let page = out.join(format!("{earlier}.html"));
        if page.is_file() {
            let openness = shown_before(out, &earlier).openness();
            write::durably(&page, pages::page_of(ledger, &earlier, openness)?.as_bytes())?;
            back.files.push(page);
        }
    }
    let index = out.join("index.html");
    if index.is_file() {
        write::durably(&index, pages::index_of(ledger)?.as_bytes())?;
        back.files.push(index);
    }
    Ok(())
}

/// Writes the proof and the PACT file of a publication anew where they are there.
fn anew(
    ledger: &Ledger<FileStore>,
    publication: &Publication,
    (out, checkpoint): (&Path, Option<&SignedCheckpoint>),
    back: &mut TakenBack,
) -> Result<(), DeskError> {
    let id = &publication.footprint;
    let (proof_file, pact) = (out.join(format!("{id}.pcfproof")), out.join(format!("{id}.json")));
    let Some(checkpoint) = checkpoint else {
        for file in [proof_file, pact].into_iter().filter(|file| file.is_file()) {
            back.left
                .push(format!("{} is as it was: pcf prove {id} once a checkpoint covers it", file.display()));
        }
        return Ok(());
    };
    if !proof_file.is_file() && !pact.is_file() {
        return Ok(());
    }
    // What an earlier proof kept back stays back.
    let disclosure = shown_before(out, id);
    let gathered = match publish::gather(ledger, id, checkpoint, &disclosure) {
        Err(PublishError::Calc(errors)) if errors.are_redactions() => {
            return as_far_as_possible(id, (&proof_file, &pact), back);
        }
        gathered => gathered?,
    };
    let made = Proof::new(gathered)?;
    if proof_file.is_file() {
        write::durably(&proof_file, &made.to_bytes()?)?;
        back.files.push(proof_file);
    }
    let partner = partner_file(out, id);
    if partner.is_file() {
        let whole = Proof::new(publish::gather(ledger, id, checkpoint, &Disclosure::all())?)?;
        write::privately(&partner, &whole.to_bytes()?)?;
        back.files.push(partner);
    }
    if pact.is_file() {
        write::durably(&pact, &pact_file_of(ledger, publication, checkpoint, &made)?)?;
        back.files.push(pact);
    }
    Ok(())
}

/// What can be done where a publication rests on what was redacted, so that nothing is calculated
/// again: the PACT file of the withdrawn footprint is marked, and the proof is named.
fn as_far_as_possible(
    id: &FootprintId,
    (proof_file, pact): (&Path, &Path),
    back: &mut TakenBack,
) -> Result<(), DeskError> {
    if proof_file.is_file() {
        let file = proof_file.display();
        back.left.push(format!(
            "{file} is as it was: pcf prove {id} --earlier FILE.pcfproof, with the proof for partners"
        ));
    }
    let marked = if *id == back.footprint { load(pact).ok() } else { None };
    match marked.and_then(|bytes| deprecated(&bytes, id)) {
        Some(bytes) => {
            write::durably(pact, &bytes)?;
            back.files.push(pact.to_path_buf());
        }
        None if pact.is_file() => back.left.push(format!("{} is as it was", pact.display())),
        None => {}
    }
    Ok(())
}

/// What the proof of a publication among the documents shows; nothing where there is none.
fn shown_before(out: &Path, id: &FootprintId) -> Disclosure {
    shown_in(&out.join(format!("{id}.pcfproof")), id).unwrap_or_default()
}
