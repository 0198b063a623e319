//! Whether the proof comes from the log or ledger that the reader trusts: genesis, ledger id, log key, checkpoint.

use super::{Judged, Unmet};
use crate::log::SignedCheckpoint;
use crate::model::{PublicKey, Statement, StatementId};
use crate::proof::evidence::{Evidence, is_proven};
use crate::sign::{KeyKind, VerifierKey, VerifyingKey};

/// The ledger id given is that of the genesis; the log key given is the one in force at the checkpoint. A log key that was replaced since is
/// enough only beside the ledger id: anybody can write a genesis that names somebody else's log key.
pub(super) fn trust_anchor(evidence: &Evidence<'_>) -> Judged {
    let trust = evidence.trust;
    let genesis = evidence.proof.ledger_id();
    if let (Some(expected), Some(got)) = (trust.ledger_id, genesis)
        && expected != got
    {
        return Err(format!("expected a proof of the ledger {expected}, got one of {got}").into());
    }
    let Some(given) = &trust.log_key else {
        return match trust.ledger_id {
            Some(id) => Ok(format!("the ledger id is the one given, {id}")),
            None => {
                Err(Unmet::NotChecked("neither the log's verifier key nor the ledger id was given".into()))
            }
        };
    };
    if given.kind() != KeyKind::Ed25519 {
        return Err(format!("the key given, {given}, is a witness's, not a log's").into());
    }
    let origin = evidence.proof.checkpoint.origin();
    if given.name() != origin {
        return Err(
            format!("expected the log {}, got the log {}", given.name(), origin.escape_debug()).into()
        );
    }
    let key = PublicKey::from_bytes(given.key().to_bytes());
    if evidence.log_key() == Some(&key) {
        return Ok(format!("the log key in force is the one given, {given}"));
    }
    let earlier = evidence.log_keys.iter().find(|earlier| earlier.key == key);
    match (earlier, trust.ledger_id, evidence.log_keys.last()) {
        (Some(_), Some(id), Some(newest)) => Ok(format!(
            "the ledger id is the one given, {id}; its log key was replaced at index {}",
            newest.index
        )),
        (Some(_), None, Some(newest)) => Err(Unmet::Fails(format!(
            "the log key given was replaced at index {}; give the new one, {}, or the ledger id too",
            newest.index, newest.key
        ))),
        _ => {
            let got = evidence.log_key().map_or_else(|| "none".to_owned(), ToString::to_string);
            Err(format!("expected the log key {key}, got {got} as the one in force").into())
        }
    }
}

pub(super) fn ledger_id(evidence: &Evidence<'_>) -> Judged {
    let proof = evidence.proof;
    let Some(ledger) = proof.ledger_id() else { return Err("there is no genesis".to_owned().into()) };
    match proof.seals.iter().find(|held| held.seal.ledger_id() != ledger.as_bytes()) {
        None => Ok(format!("all {} seals name the ledger {ledger}", proof.seals.len())),
        Some(other) => {
            let got = StatementId::from_bytes(*other.seal.ledger_id());
            Err(format!("expected seals for the ledger {ledger}, got one for {got} at index {}", other.index)
                .into())
        }
    }
}

pub(super) fn genesis(evidence: &Evidence<'_>) -> Judged {
    let proof = evidence.proof;
    let (Some(Statement::Ledger(genesis)), Some(held)) =
        (proof.statements.first().and_then(|s| s.said.statement()), proof.seals.first())
    else {
        return Err("there is no genesis".to_owned().into());
    };
    held.seal.verify_signature().map_err(|e| format!("its seal: {e}"))?;
    if held.seal.count() != 1 {
        return Err(format!("expected it sealed alone, got {} statements", held.seal.count()).into());
    }
    if genesis.operator_key.as_bytes() != held.seal.signer() {
        let got = PublicKey::from_bytes(*held.seal.signer());
        return Err(format!("expected a seal by the operator key {}, got {got}", genesis.operator_key).into());
    }
    for against in [&evidence.not_in_seal, &evidence.not_in_log] {
        if let Some(why) = against.first().cloned().flatten() {
            return Err(format!("its place: {why}").into());
        }
    }
    if let Some(why) = evidence.refused.first().cloned().flatten() {
        return Err(why.into());
    }
    let origin = proof.checkpoint.origin();
    if genesis.origin.as_str() != origin {
        let (expected, got) = (&genesis.origin, origin.escape_debug());
        return Err(format!("expected a checkpoint of the log {expected}, got one of {got}").into());
    }
    Ok(format!("of the log {origin}, sealed alone by its operator key"))
}

pub(super) fn checkpoint_signature(evidence: &Evidence<'_>) -> Judged {
    let signed = signed_checkpoint(evidence)?;
    let newest = evidence.log_keys.last().map_or(0, |newest| newest.index);
    let checkpoint = signed.checkpoint();
    Ok(format!(
        "size {}, signed by the log key of index {newest}, the newest in this file",
        checkpoint.size()
    ))
}

/// The checkpoint where the log key in force signed it.
pub(super) fn signed_checkpoint(evidence: &Evidence<'_>) -> Result<SignedCheckpoint, String> {
    if !is_proven(&evidence.refused, 0) {
        return Err("the genesis, which names the first log key, was refused".to_owned());
    }
    let Some(key) = evidence.log_key() else {
        return Err("no genesis in its place names a log key".to_owned());
    };
    let key = VerifyingKey::from_bytes(key.as_bytes()).map_err(|e| e.to_string())?;
    let origin = evidence.folded.origin.as_ref().map(ToString::to_string).unwrap_or_default();
    let verifier = VerifierKey::new(&origin, KeyKind::Ed25519, key).map_err(|e| e.to_string())?;
    SignedCheckpoint::from_note(evidence.proof.note.clone(), &verifier).map_err(|e| e.to_string())
}
