//! The documents of a publication: the proof, the page, the index and the PACT file.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use pcf_ledger::admission::UsedIds;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::log::SignedCheckpoint;
use pcf_ledger::model::{FootprintId, Publication, PublicationStatus};
use pcf_ledger::pact::export::{ExportError, STANDARDS_FIELD};
use pcf_ledger::pact::{self, PactError, PactStatus};
use pcf_ledger::proof::{self, Check, Proof, Trust};
use pcf_ledger::publish::{self, Disclosure, Openness, PublishError};
use pcf_ledger::store::Reader;

use crate::{DeskError, pages, write};

/// What the documents are made from.
pub(super) struct Writing<'a, S> {
    /// The ledger that the publication is in.
    pub ledger: &'a Ledger<S>,
    /// The checkpoint that covers it.
    pub checkpoint: &'a SignedCheckpoint,
    /// The directory of the public documents.
    pub out: &'a Path,
    /// What the public documents show beside headers.
    pub disclosure: &'a Disclosure,
    /// What the publication uses.
    pub used: &'a UsedIds,
}

/// What was written.
pub(super) struct Written {
    /// The public files, the proof first.
    pub files: Vec<PathBuf>,
    /// The proof with all bodies, where the public one withholds some.
    pub partner: Option<PathBuf>,
    /// Earlier footprints whose PACT files are not beside it.
    pub not_found: Vec<FootprintId>,
}

impl<S: Reader> Writing<'_, S> {
    /// Writes them all, and where the public ones withhold something, the proof for partners and
    /// auditors. A draft that lacks what PACT makes mandatory has no PACT file, and neither has a
    /// publication that follows no standard.
    ///
    /// # Errors
    /// A proof that does not hold; what the calculation or PACT refuse; a file that cannot be written.
    pub fn write(&self, publication: &Publication) -> Result<Written, DeskError> {
        let (id, disclosure) = (&publication.footprint, self.disclosure);
        let proof = self.proof(id, disclosure)?;
        let whole = if disclosure.is_all() { None } else { Some(self.proof(id, &Disclosure::all())?) };
        let mut files = Vec::new();
        let mut put = |path: PathBuf, bytes: &[u8]| -> Result<(), DeskError> {
            write::durably(&path, bytes)?;
            files.push(path);
            Ok(())
        };
        put(self.out.join(format!("{id}.pcfproof")), &proof.to_bytes()?)?;
        put(
            self.out.join(format!("{id}.html")),
            pages::page_of(self.ledger, id, disclosure.openness())?.as_bytes(),
        )?;
        let written = pact_file(self.ledger, publication, self.checkpoint, &proof);
        let kind = if publication.status == PublicationStatus::Draft { "draft.json" } else { "json" };
        if let Some(bytes) = where_possible(publication, written)? {
            put(self.out.join(format!("{id}.{kind}")), &bytes)?;
        }
        let partner = whole.as_ref().map(|_| partner_file(self.out, id));
        if let Some((file, whole)) = partner.as_ref().zip(whole) {
            write::privately(file, &whole.to_bytes()?)?;
        }
        let mut not_found = Vec::new();
        for earlier in &publication.preceding {
            let document = self.out.join(format!("{earlier}.json"));
            let beside = std::fs::read(&document).ok();
            match beside.and_then(|bytes| deprecated(&bytes, earlier)) {
                Some(bytes) => put(document, &bytes)?,
                None if self.can_be_written(earlier) => not_found.push(earlier.clone()),
                // It never had one, or its figures can no longer be calculated.
                None => {}
            }
        }
        put(self.out.join("index.html"), pages::index_of(self.ledger)?.as_bytes())?;
        Ok(Written { files, partner, not_found })
    }

    fn proof(&self, id: &FootprintId, disclosure: &Disclosure) -> Result<Proof, DeskError> {
        let proof =
            Proof::new(publish::gather_known(self.ledger, id, self.checkpoint, disclosure, self.used)?)?;
        well_made(self.ledger, &proof)?;
        Ok(proof)
    }
}

/// Where the proof with all bodies goes: into a directory of its own beside that of the public
/// documents, so that whoever copies those to a web server does not give it out.
pub(crate) fn partner_file(out: &Path, id: &FootprintId) -> PathBuf {
    partner_dir(out).join(format!("{id}.partner.pcfproof"))
}

/// The directory of the proofs for partners.
pub fn partner_dir(out: &Path) -> PathBuf {
    // `.` and `..` have no name of their own.
    let whole = if out.file_name().is_none() { out.canonicalize().ok() } else { None };
    let out = whole.as_deref().unwrap_or(out);
    let mut name = out.file_name().unwrap_or(OsStr::new("published")).to_os_string();
    name.push("-partner");
    out.with_file_name(name)
}

impl<S: Reader> Writing<'_, S> {
    /// True where `pcf prove --pact` writes the PACT file of an earlier footprint anew.
    fn can_be_written(&self, earlier: &FootprintId) -> bool {
        let found = publish::find(self.ledger, earlier);
        found.is_ok_and(|(_, publication)| {
            publish::pact(self.ledger, &publication, Openness::Whole, None).is_ok()
        })
    }
}

/// The PACT file; none of a draft that lacks what PACT makes mandatory, and none where only a
/// standard is missing, which the figures do not depend on.
///
/// # Errors
/// Everything else that stops it.
pub(super) fn where_possible(
    publication: &Publication,
    written: Result<Vec<u8>, PublishError>,
) -> Result<Option<Vec<u8>>, PublishError> {
    match written {
        Err(PublishError::Pact(ExportError::Missing { fields }))
            if publication.status == PublicationStatus::Draft
                || fields.iter().all(|missing| missing.field == STANDARDS_FIELD) =>
        {
            Ok(None)
        }
        written => written.map(Some),
    }
}

/// Verifies a proof before it leaves.
///
/// # Errors
/// It does not hold.
pub(super) fn well_made<S: Reader>(ledger: &Ledger<S>, proof: &Proof) -> Result<(), DeskError> {
    let trust =
        Trust { log_key: Some(ledger.verifier_key()?), ledger_id: Some(ledger.id()), ..Trust::default() };
    let verified = proof::verify(proof, &trust);
    // An adverse opinion, or a withdrawal, fails in the hands of whoever verifies; it says nothing against how the proof was made.
    let says_no = |check: &Check| matches!(check.name, "assurance" | "status");
    let flaw = |check: &Check| match &check.outcome {
        proof::Outcome::Fails(why) if !says_no(check) => Some(format!("{}: {why}", check.name)),
        _ => None,
    };
    let flaws: Vec<String> = verified.checks.iter().filter_map(flaw).collect();
    if flaws.is_empty() { Ok(()) } else { Err(DeskError::IllMade(flaws.join("; "))) }
}

/// The PACT file with its proof inside, as far as it stays small enough for a receiver to take in: else with a proof that shows no statements behind
/// the figures, else with none, since the proof lies beside it.
///
/// # Errors
/// Those of [`publish::pact`].
pub(crate) fn pact_file<S: Reader>(
    ledger: &Ledger<S>,
    publication: &Publication,
    checkpoint: &SignedCheckpoint,
    proof: &Proof,
) -> Result<Vec<u8>, PublishError> {
    let openness = Openness::of(proof);
    let with = |proof: Option<&Proof>| match publish::pact(ledger, publication, openness, proof) {
        Err(PublishError::Pact(ExportError::Pact(PactError::TooLong { .. }))) if proof.is_some() => Ok(None),
        written => written.map(Some),
    };
    if let Some(bytes) = with(Some(proof))? {
        return Ok(bytes);
    }
    let withheld = Disclosure { figures: openness != Openness::Rounded, ..Disclosure::default() };
    let withheld = publish::gather(ledger, &publication.footprint, checkpoint, &withheld)?;
    if let Some(bytes) = with(Some(&Proof::new(withheld)?))? {
        return Ok(bytes);
    }
    publish::pact(ledger, publication, openness, None)
}

/// The PACT file of a footprint that a later one follows now says so, and nothing else in it changes: neither what its proof discloses, nor what
/// was declared for it. `None` for a file that is not that footprint's.
pub(crate) fn deprecated(bytes: &[u8], footprint: &FootprintId) -> Option<Vec<u8>> {
    let (mut document, _) = pact::read(bytes).ok().filter(|(document, _)| document.id == *footprint)?;
    document.status = PactStatus::Deprecated;
    pact::write(&document).ok()
}
