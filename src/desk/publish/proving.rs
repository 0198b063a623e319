//! The proof of a publication, made anew with what the log says by now.

use std::path::{Path, PathBuf};

use pcf_ledger::ledger::Ledger;
use pcf_ledger::log::SignedCheckpoint;
use pcf_ledger::model::FootprintId;
use pcf_ledger::proof::Proof;
use pcf_ledger::publish::{self, Disclosure, PublishError};
use pcf_ledger::store::Reader;
use serde::Serialize;

use super::documents::{pact_file, well_made};
use crate::{DeskError, write};

/// A proof to be made.
#[derive(Debug)]
pub struct Proving<'a> {
    /// The publication's UUID.
    pub footprint: FootprintId,
    /// Which statements it shows.
    pub disclosure: Disclosure,
    /// An earlier proof of it, which names the used statements where one was redacted since.
    pub earlier: Option<&'a Proof>,
    /// The file of the proof.
    pub file: PathBuf,
    /// The PACT file, where it is written anew too.
    pub pact: Option<&'a Path>,
}

/// A proof that was made.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Made {
    /// The publication's UUID.
    pub footprint: FootprintId,
    /// The file of the proof.
    pub file: PathBuf,
    /// The PACT file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pact: Option<PathBuf>,
    /// The size of the log that it rests on.
    pub log_size: u64,
    /// The sizes of the log that its states speak of.
    pub states: Vec<u64>,
    /// What verifies the log's checkpoints.
    pub verifier_key: String,
}

/// Makes a proof and writes it. Nothing is signed or appended.
///
/// # Errors
/// [`DeskError::OtherFootprint`]; [`DeskError::RedactedSince`] where only an earlier proof names the used statements; [`DeskError::Publish`];
/// [`DeskError::IllMade`]; [`DeskError::File`].
pub fn prove<S: Reader>(
    ledger: &Ledger<S>,
    checkpoint: &SignedCheckpoint,
    wanted: Proving<'_>,
) -> Result<Made, DeskError> {
    let Proving { footprint, disclosure, earlier, file, pact } = wanted;
    let parts = match earlier {
        Some(earlier) => {
            let got = &earlier.publication().footprint;
            if footprint != *got {
                return Err(DeskError::OtherFootprint { expected: footprint, got: got.clone() });
            }
            publish::gather_after(ledger, earlier, checkpoint, &disclosure)?
        }
        None => match publish::gather(ledger, &footprint, checkpoint, &disclosure) {
            Err(PublishError::Calc(errors)) if errors.are_redactions() => {
                return Err(DeskError::RedactedSince { footprint, errors });
            }
            gathered => gathered?,
        },
    };
    let proof = Proof::new(parts)?;
    well_made(ledger, &proof)?;
    // Both are made before either is written.
    let document = pact.map(|_| {
        let (_, publication) = publish::find_ever(ledger, &footprint)?;
        pact_file(ledger, &publication, checkpoint, &proof)
    });
    let document = document.transpose()?;
    write::durably(&file, &proof.to_bytes()?)?;
    if let Some((path, bytes)) = pact.zip(document) {
        write::durably(path, &bytes)?;
    }
    Ok(Made {
        footprint,
        file,
        pact: pact.map(Path::to_path_buf),
        log_size: checkpoint.checkpoint().size(),
        states: proof.state_sizes().collect(),
        verifier_key: ledger.verifier_key()?.to_string(),
    })
}
