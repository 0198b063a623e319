//! Where the publication stands: under its seal, in the log, and on which log it rests.

use super::Judged;
use crate::merkle::verify_consistency;
use crate::model::PublicKey;
use crate::proof::evidence::Evidence;

pub(super) fn publication_seal(evidence: &Evidence<'_>) -> Judged {
    let proof = evidence.proof;
    let held = proof.statements.get(proof.publication_at);
    let Some(seal) = held.and_then(|held| proof.seals.get(held.seal)).map(|held| &held.seal) else {
        return Err("there is no publication".to_owned().into());
    };
    seal.verify_signature().map_err(|e| e.to_string())?;
    if let Some(why) = evidence.not_in_seal.get(proof.publication_at).cloned().flatten() {
        return Err(format!("its place under the seal: {why}").into());
    }
    let (by, key) = (&proof.publication.by, PublicKey::from_bytes(*seal.signer()));
    Ok(format!("signed by `{by}` with the key {key}, among {} statements", seal.count()))
}

pub(super) fn publication_in_log(evidence: &Evidence<'_>) -> Judged {
    let proof = evidence.proof;
    let number = proof.statements.get(proof.publication_at).map(|held| held.seal);
    let Some((number, held)) = number.and_then(|n| Some((n, proof.seals.get(n)?))) else {
        return Err("there is no publication".to_owned().into());
    };
    if let Some(why) = evidence.not_in_log.get(number).cloned().flatten() {
        return Err(format!("index {}: {why}", held.index).into());
    }
    Ok(format!("index {} of {}", held.index, proof.checkpoint.size()))
}

pub(super) fn consistency(evidence: &Evidence<'_>) -> Judged {
    let proof = evidence.proof;
    let rests_on = proof.publication.log;
    let (size, root) = (proof.checkpoint.size(), proof.checkpoint.root());
    let old = rests_on.size.as_u64();
    let held = proof.statements.get(proof.publication_at).and_then(|held| proof.seals.get(held.seal));
    if let Some(held) = held.filter(|held| held.index < old) {
        let index = held.index;
        return Err(format!("it rests on the log of size {old}, but stands in it at index {index}").into());
    }
    verify_consistency(old, rests_on.root.as_bytes(), size, root, &proof.consistency)
        .map_err(|e| format!("from size {old} to size {size}: {e}"))?;
    Ok(format!("the log of size {old}, root {}, is the beginning of this one", rests_on.root))
}
