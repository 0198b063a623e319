//! COSE receipts (RFC 9942) for users of SCITT (RFC 9943): one leaf's inclusion in the RFC 9162 tree, signed over the root by the log key. It
//! owns these bytes, in deterministic CBOR (RFC 8949, 4.2.1); whether this root may be signed is for those who keep what was signed.

use super::{LogError, SignedCheckpoint};
use crate::codec::digest::sha256;
use crate::merkle::{Hash, verify_inclusion};
use crate::sign::{SigningKey, VerifyingKey};

/// The longest subject, in bytes.
pub const SUBJECT_BYTES_MAX: usize = 255;

/// `alg`, `kid`, CWT claims, `vds` and `vdp` (RFC 9052, 3.1; RFC 9597, 2; RFC 9942, 2).
const ALGORITHM: u64 = 1;
const KEY_ID: u64 = 4;
const CLAIMS: u64 = 15;
const DATA_STRUCTURE: u64 = 395;
const PROOFS: u64 = 396;

/// `RFC9162_SHA256` (RFC 9942, 5.1).
const RFC9162_SHA256: u64 = 1;

/// The tag of COSE_Sign1 (RFC 9052, 2).
const SIGN1_TAG: u64 = 18;

/// Makes the receipt of a leaf under the root of a signed checkpoint: issuer is the log's origin, `subject` what the leaf is about, and the key id
/// is the key's thumbprint (RFC 9679).
///
/// # Errors
///
/// [`LogError::Merkle`] where the path does not lead to the root; [`LogError::InvalidReceipt`] for a subject that is empty or too long.
pub fn receipt(
    signed: &SignedCheckpoint,
    leaf: &Hash,
    index: u64,
    path: &[Hash],
    subject: &str,
    key: &SigningKey,
) -> Result<Vec<u8>, LogError> {
    if subject.is_empty() || subject.len() > SUBJECT_BYTES_MAX {
        let got = subject.chars().take(SUBJECT_BYTES_MAX).collect();
        return Err(LogError::InvalidReceipt { expected: "a subject of 1 to 255 bytes", got });
    }
    let checkpoint = signed.checkpoint();
    verify_inclusion(leaf, index, checkpoint.size(), path, checkpoint.root())?;
    let mut protected = Cbor::default();
    protected.map(4);
    protected.unsigned(ALGORITHM);
    protected.negative(7); // -8, EdDSA
    protected.unsigned(KEY_ID);
    protected.bytes(&thumbprint(&key.verifying_key()));
    protected.unsigned(CLAIMS);
    protected.map(2);
    protected.unsigned(1); // iss
    protected.text(checkpoint.origin());
    protected.unsigned(2); // sub
    protected.text(subject);
    protected.unsigned(DATA_STRUCTURE);
    protected.unsigned(RFC9162_SHA256);
    let signature = key.sign(&to_be_signed(&protected.0, checkpoint.root()));

    let mut proof = Cbor::default();
    proof.array(3);
    proof.unsigned(checkpoint.size());
    proof.unsigned(index);
    proof.array(path.len());
    path.iter().for_each(|hash| proof.bytes(hash));

    let mut message = Cbor::default();
    message.head(6, SIGN1_TAG);
    message.array(4);
    message.bytes(&protected.0);
    message.map(1);
    message.unsigned(PROOFS);
    message.map(1);
    message.negative(0); // -1, inclusion proofs
    message.array(1);
    message.bytes(&proof.0);
    message.null(); // the root is detached: a verifier climbs to it from the leaf
    message.bytes(&signature);
    Ok(message.0)
}

/// The Sig_structure of COSE_Sign1 (RFC 9052, 4.4): what the log key signs. No checkpoint's text begins so.
fn to_be_signed(protected: &[u8], root: &Hash) -> Vec<u8> {
    let mut structure = Cbor::default();
    structure.array(4);
    structure.text("Signature1");
    structure.bytes(protected);
    structure.bytes(&[]);
    structure.bytes(root);
    structure.0
}

/// The COSE key thumbprint with SHA-256 (RFC 9679, 3): of key type OKP, curve Ed25519, x.
fn thumbprint(key: &VerifyingKey) -> [u8; 32] {
    let mut cose_key = Cbor::default();
    cose_key.map(3);
    cose_key.unsigned(1); // kty
    cose_key.unsigned(1); // OKP
    cose_key.negative(0); // -1, crv
    cose_key.unsigned(6); // Ed25519
    cose_key.negative(1); // -2, x
    cose_key.bytes(&key.to_bytes());
    sha256(&[&cose_key.0])
}

/// A writer of the few kinds of CBOR item that a receipt has, each in its shortest form.
#[derive(Default)]
struct Cbor(Vec<u8>);

impl Cbor {
    fn head(&mut self, kind: u8, value: u64) {
        let kind = kind << 5;
        if let Ok(small) = u8::try_from(value) {
            match small {
                0..=23 => self.0.push(kind | small),
                _ => self.0.extend_from_slice(&[kind | 24, small]),
            }
        } else if let Ok(short) = u16::try_from(value) {
            self.0.push(kind | 25);
            self.0.extend_from_slice(&short.to_be_bytes());
        } else if let Ok(word) = u32::try_from(value) {
            self.0.push(kind | 26);
            self.0.extend_from_slice(&word.to_be_bytes());
        } else {
            self.0.push(kind | 27);
            self.0.extend_from_slice(&value.to_be_bytes());
        }
    }

    fn unsigned(&mut self, value: u64) {
        self.head(0, value);
    }

    /// The number -1 - `value`.
    fn negative(&mut self, value: u64) {
        self.head(1, value);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.head(2, bytes.len() as u64); // OK because a usize has at most 64 bits.
        self.0.extend_from_slice(bytes);
    }

    fn text(&mut self, text: &str) {
        self.head(3, text.len() as u64); // OK because a usize has at most 64 bits.
        self.0.extend_from_slice(text.as_bytes());
    }

    fn array(&mut self, items: usize) {
        self.head(4, items as u64); // OK because a usize has at most 64 bits.
    }

    fn map(&mut self, pairs: u64) {
        self.head(5, pairs);
    }

    fn null(&mut self) {
        self.0.push(0xF6);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::Checkpoint;
    use crate::merkle::{inclusion_proof, leaf_hash, root};
    use crate::sign::{KeyKind, VerifierKey};

    #[test]
    fn numbers_and_lengths_take_their_shortest_form() {
        // RFC 8949, appendix A.
        let cases: [(u64, &str); 10] = [
            (0, "00"),
            (10, "0a"),
            (23, "17"),
            (24, "1818"),
            (100, "1864"),
            (1000, "1903e8"),
            (1_000_000, "1a000f4240"),
            (1_000_000_000_000, "1b000000e8d4a51000"),
            (u64::MAX, "1bffffffffffffffff"),
            (255, "18ff"),
        ];
        for (value, expected) in cases {
            let mut cbor = Cbor::default();
            cbor.unsigned(value);
            assert_eq!(hex::encode(&cbor.0), expected);
        }
        let mut cbor = Cbor::default();
        cbor.negative(999);
        assert_eq!(hex::encode(&cbor.0), "3903e7"); // -1000
    }

    #[test]
    fn the_thumbprint_is_that_of_a_cose_key() {
        // The OKP key of RFC 8037, appendix A.1, as {1: 1, -1: 6, -2: x}.
        let x = hex::decode("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a").unwrap();
        let key = VerifyingKey::from_bytes(x.as_slice().try_into().unwrap()).unwrap();
        let bytes = [hex::decode("a3010120062158 20".replace(' ', "")).unwrap(), x].concat();
        assert_eq!(thumbprint(&key), sha256(&[&bytes]));
    }

    #[test]
    fn a_receipt_names_its_leaf_and_no_other_gets_one() {
        let key = SigningKey::generate([1; 32]);
        let log = VerifierKey::new("log.example", KeyKind::Ed25519, key.verifying_key()).unwrap();
        let leaves = [leaf_hash(b"a"), leaf_hash(b"b"), leaf_hash(b"c")];
        let note = Checkpoint::new("log.example", 3, root(&leaves)).unwrap().sign(&key).unwrap();
        let signed = SignedCheckpoint::from_note(note, &log).unwrap();
        let path = inclusion_proof(leaves.as_slice(), 1, 3).unwrap();
        let made = receipt(&signed, &leaves[1], 1, &path, "b", &key).unwrap();
        assert_eq!(made[..2], [0xD2, 0x84]);
        let signature: [u8; 64] = made[made.len() - 64..].try_into().unwrap();
        let protected = &made[4..4 + usize::from(made[3])];
        key.verifying_key().verify(&to_be_signed(protected, &root(&leaves)), &signature).unwrap();
        assert!(receipt(&signed, &leaves[2], 1, &path, "b", &key).is_err());
        assert!(receipt(&signed, &leaves[1], 2, &path, "b", &key).is_err());
        assert!(receipt(&signed, &leaves[1], 1, &path, "", &key).is_err());
    }
}
