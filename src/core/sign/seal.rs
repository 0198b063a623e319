#![doc = include_str!("../../../schemas/seal.md")]

use super::{SignError, SigningKey, known};
use crate::limits::{SEAL_BYTES, SEAL_MESSAGE_BYTES, STATEMENTS_MAX};
use crate::merkle::{Hash, root};

/// What a seal begins with, so that a leaf of the log is never taken for a statement.
pub const MAGIC: [u8; 8] = *b"PCFSEAL1";

/// Where each field lies, from the start of the seal.
const LEDGER_ID_AT: usize = MAGIC.len();
const SIGNER_AT: usize = LEDGER_ID_AT + 32;
const SIGNED_AT_AT: usize = SIGNER_AT + 32;
const COUNT_AT: usize = SIGNED_AT_AT + 8;
const ROOT_AT: usize = COUNT_AT + 8;
const SIGNATURE_AT: usize = ROOT_AT + 32;
const _: () = assert!(SIGNATURE_AT == SEAL_MESSAGE_BYTES && SIGNATURE_AT + 64 == SEAL_BYTES);

/// One signer's signature over the Merkle root of one or more statements; the table is in the [module](self).
///
/// Its count is 1 to 65,536. Its signature need not hold: see [`Seal::verify_signature`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Seal {
    ledger_id: Hash,
    signer: [u8; 32],
    signed_at_s: u64,
    count: u64,
    root: Hash,
    signature: [u8; 64],
}

impl Seal {
    /// Signs statements, given by their leaf hashes in order, for one ledger.
    ///
    /// # Errors
    ///
    /// [`SignError::InvalidSeal`] for no statements or more than 65,536.
    pub fn sign(
        key: &SigningKey,
        ledger_id: Hash,
        signed_at_s: u64,
        leaf_hashes: &[Hash],
    ) -> Result<Self, SignError> {
        let count = leaf_hashes.len() as u64; // OK because a usize has at most 64 bits
        check_count(count)?;
        let mut seal = Self {
            ledger_id,
            signer: key.verifying_key().to_bytes(),
            signed_at_s,
            count,
            root: root(leaf_hashes),
            signature: [0; 64],
        };
        seal.signature = key.sign(&seal.message());
        Ok(seal)
    }

    /// Reads a seal; neither the key nor the signature is checked here.
    ///
    /// # Errors
    ///
    /// [`SignError::InvalidSeal`] for another length, another magic, or a count out of range.
    pub fn parse(bytes: &[u8]) -> Result<Self, SignError> {
        let bytes: &[u8; SEAL_BYTES] = bytes.try_into().map_err(|_| SignError::InvalidSeal {
            expected: "184 bytes",
            got: format!("{} bytes", bytes.len()),
        })?;
        let magic: [u8; 8] = field(bytes, 0);
        if magic != MAGIC {
            let got = magic.escape_ascii().to_string();
            return Err(SignError::InvalidSeal { expected: "the magic PCFSEAL1", got });
        }
        let count = u64::from_be_bytes(field(bytes, COUNT_AT));
        check_count(count)?;
        Ok(Self {
            ledger_id: field(bytes, LEDGER_ID_AT),
            signer: field(bytes, SIGNER_AT),
            signed_at_s: u64::from_be_bytes(field(bytes, SIGNED_AT_AT)),
            count,
            root: field(bytes, ROOT_AT),
            signature: field(bytes, SIGNATURE_AT),
        })
    }

    /// The seal's one spelling.
    pub fn to_bytes(&self) -> [u8; SEAL_BYTES] {
        let mut bytes = [0; SEAL_BYTES];
        bytes[..SEAL_MESSAGE_BYTES].copy_from_slice(&self.message());
        bytes[SEAL_MESSAGE_BYTES..].copy_from_slice(&self.signature);
        bytes
    }

    /// What is signed: the first 120 bytes.
    pub fn message(&self) -> [u8; SEAL_MESSAGE_BYTES] {
        let mut bytes = [0; SEAL_MESSAGE_BYTES];
        bytes[..LEDGER_ID_AT].copy_from_slice(&MAGIC);
        bytes[LEDGER_ID_AT..SIGNER_AT].copy_from_slice(&self.ledger_id);
        bytes[SIGNER_AT..SIGNED_AT_AT].copy_from_slice(&self.signer);
        bytes[SIGNED_AT_AT..COUNT_AT].copy_from_slice(&self.signed_at_s.to_be_bytes());
        bytes[COUNT_AT..ROOT_AT].copy_from_slice(&self.count.to_be_bytes());
        bytes[ROOT_AT..].copy_from_slice(&self.root);
        bytes
    }

    /// The signed part and the signer of bytes in a seal's place, also where they are no seal: an
    /// audit records both of every place in the log.
    pub fn parts(bytes: &[u8; SEAL_BYTES]) -> ([u8; SEAL_MESSAGE_BYTES], [u8; 32]) {
        (field(bytes, 0), field(bytes, SIGNER_AT))
    }

    /// Checks that the signer's key signed this seal.
    ///
    /// # Errors
    ///
    /// [`SignError::InvalidPublicKey`] and [`SignError::BadSignature`].
    pub fn verify_signature(&self) -> Result<(), SignError> {
        known::key(&self.signer)?.verify(&self.message(), &self.signature)
    }

    /// Checks that these are the sealed statements: all of them, in order.
    ///
    /// # Errors
    ///
    /// [`SignError::SealedCountMismatch`] and [`SignError::SealedRootMismatch`].
    pub fn check_statements(&self, leaf_hashes: &[Hash]) -> Result<(), SignError> {
        let got = leaf_hashes.len() as u64; // OK because a usize has at most 64 bits
        if got != self.count {
            return Err(SignError::SealedCountMismatch { expected: self.count, got });
        }
        let got = root(leaf_hashes);
        if got != self.root {
            return Err(SignError::SealedRootMismatch { expected: self.root, got });
        }
        Ok(())
    }

    /// Whether both say the same: their first 120 bytes are equal.
    pub fn same_content(&self, other: &Self) -> bool {
        self.message() == other.message()
    }

    /// The ledger it is made for: the statement id of its genesis.
    pub fn ledger_id(&self) -> &Hash {
        &self.ledger_id
    }

    /// The bytes of the signer's public key.
    pub fn signer(&self) -> &[u8; 32] {
        &self.signer
    }

    /// When the signer says it was signed, in Unix seconds.
    pub fn signed_at_s(&self) -> u64 {
        self.signed_at_s
    }

    /// The number of statements, 1 to 65,536.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The RFC 6962 root over the statements' leaf hashes.
    pub fn root(&self) -> &Hash {
        &self.root
    }

    /// The Ed25519 signature over [`Seal::message`].
    pub fn signature(&self) -> &[u8; 64] {
        &self.signature
    }
}

fn check_count(count: u64) -> Result<(), SignError> {
    if (1..=STATEMENTS_MAX).contains(&count) {
        Ok(())
    } else {
        Err(SignError::InvalidSeal { expected: "1 to 65536 statements", got: count.to_string() })
    }
}

/// The `N` bytes at `at`, which every caller's constants keep within the seal.
fn field<const N: usize>(bytes: &[u8; SEAL_BYTES], at: usize) -> [u8; N] {
    let mut field = [0; N];
    field.copy_from_slice(&bytes[at..at + N]);
    field
}
