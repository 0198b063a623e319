//! What a footprint proof says and what of it holds, or a PACT file that carries one.

use pcf_ledger::pact;
use pcf_ledger::proof::{CarriedProof, Proof, Report, Trust, Verdict, check_document};
use serde::Serialize;

use crate::DeskError;

/// What was found, one entry a file.
#[derive(Debug, Clone, Default, Serialize)]
#[non_exhaustive]
pub struct ProofAnswers {
    /// The files in the order asked.
    pub proofs: Vec<ProofAnswer>,
}

/// What was found of one file.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct ProofAnswer {
    /// The file's name.
    pub file: String,
    /// The proof, check by check.
    #[serde(flatten)]
    pub report: Report,
    /// The log's verifier key, where a PACT file states it.
    #[serde(skip)]
    pub stated_key: Option<String>,
}

impl ProofAnswers {
    /// True where a check of any file fails.
    pub fn fail(&self) -> bool {
        self.proofs.iter().any(|proof| proof.report.verdict() == Verdict::Fails)
    }
}

/// Verifies the bytes of a proof, or of a PACT file that carries one; of the latter also that it
/// says what the proof proves.
///
/// # Errors
/// [`DeskError::NotAProof`]; [`DeskError::CutOff`]; [`DeskError::NoProofCarried`]; [`DeskError::Bundle`]; [`DeskError::Pact`].
pub fn verify(file: String, bytes: &[u8], trust: &Trust) -> Result<ProofAnswer, DeskError> {
    let (report, stated_key) = read(bytes, trust).map_err(|error| unlike_a_proof(bytes, error))?;
    Ok(ProofAnswer { file, report, stated_key })
}

fn read(bytes: &[u8], trust: &Trust) -> Result<(Report, Option<String>), DeskError> {
    if !is_pact(bytes) {
        return Ok((Proof::parse(bytes)?.verify(trust), None));
    }
    let (footprint, _) = pact::read(bytes)?;
    let carried = CarriedProof::find(&footprint)?.ok_or(DeskError::NoProofCarried)?;
    let proof = carried.proof()?;
    let mut report = proof.verify(trust);
    report.checks.push(check_document(&footprint, &proof, &report));
    Ok((report, Some(carried.verifier_key)))
}

/// True for a JSON object with a `specVersion`, which no proof has.
fn is_pact(bytes: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Head {
        #[serde(rename = "specVersion")]
        _spec_version: serde::de::IgnoredAny,
    }
    serde_json::from_slice::<Head>(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)).is_ok()
}

/// What stands in the way of bytes being a proof: first of all that they are something else, or not
/// all there.
fn unlike_a_proof(bytes: &[u8], error: DeskError) -> DeskError {
    let text = bytes.trim_ascii();
    if matches!(error, DeskError::NoProofCarried) {
        return error;
    }
    if !text.starts_with(b"{") {
        return DeskError::NotAProof {
            got: match text.first() {
                None => "an empty file",
                Some(b'<') => "a web page",
                Some(_) => "something else",
            },
        };
    }
    if text.ends_with(b"}") { error } else { DeskError::CutOff(bytes.len()) }
}
