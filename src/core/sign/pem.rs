//! Private keys as PKCS#8 PEM (RFC 5958, RFC 8410), plain or encrypted (PBES2, RFC 8018), as OpenSSL reads and writes
//! them. It owns the text of a key file; it never touches the file system and takes its randomness from the caller.

use ed25519_dalek::pkcs8::{ALGORITHM_ID, ALGORITHM_OID, KeypairBytes};
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::{EncryptionScheme as Cipher, Kdf, Parameters, ScryptParams};
use pkcs8::{EncryptedPrivateKeyInfo, LineEnding, PrivateKeyInfo, SecretDocument};
use zeroize::Zeroizing;

use super::{SignError, SigningKey};
use crate::limits::KEY_FILE_BYTES_MAX;

/// scrypt's N: with r = 8 it takes 16 MiB. Twice that is more than OpenSSL 3.0 accepts without being told.
const SCRYPT_COST: u64 = 1 << 14;

/// scrypt's r, as usual.
const SCRYPT_BLOCK_SIZE: u16 = 8;

/// scrypt's p: it makes up in work for what the memory lacks (OWASP asks for 5 beside this N and r).
const SCRYPT_PARALLELIZATION: u16 = 5;

/// The most memory scrypt may ask for on reading, in bytes (128 * N * r): a hostile file must not exhaust the machine.
const SCRYPT_MEMORY_BYTES_MAX: u64 = 256 << 20;

/// The most work scrypt may ask for on reading, in bytes passed (128 * N * r * p): a second or two.
const SCRYPT_WORK_BYTES_MAX: u64 = 1 << 30;

/// The most rounds of PBKDF2 on reading: a few seconds. OpenSSL writes 2,048 unless told otherwise.
const PBKDF2_ROUNDS_MAX: u32 = 10_000_000;

const PLAIN_LABEL: &str = "PRIVATE KEY";
const ENCRYPTED_LABEL: &str = "ENCRYPTED PRIVATE KEY";

/// How a key file is to be encrypted. Salt and initialisation vector are the caller's randomness, new for each file.
#[derive(Clone, Copy)]
pub struct Encryption<'a> {
    /// The passphrase's bytes; the command gives UTF-8.
    pub passphrase: &'a [u8],
    /// 16 random bytes for scrypt.
    pub salt: [u8; 16],
    /// 16 random bytes for AES-256-CBC.
    pub iv: [u8; 16],
}

/// Whether the text is an encrypted key file, so that a passphrase must be asked for.
///
/// # Errors
///
/// [`SignError::TooLong`] and [`SignError::NotPem`].
pub fn is_encrypted(text: &str) -> Result<bool, SignError> {
    Ok(decode(text)?.0 == ENCRYPTED_LABEL)
}

impl SigningKey {
    /// Writes the key as PKCS#8 version 1, which OpenSSL 3.0 reads; encrypted with scrypt and AES-256-CBC where asked.
    ///
    /// ```
    /// use pcf_core::sign::{SignError, SigningKey, pem::Encryption};
    ///
    /// let key = SigningKey::generate([7; 32]);
    /// let pem = key.to_pem(Some(Encryption { passphrase: b"open", salt: [1; 16], iv: [2; 16] }))?;
    /// let read = SigningKey::from_pem(&pem, Some(b"open"))?;
    /// assert_eq!(read.verifying_key(), key.verifying_key());
    /// assert!(matches!(SigningKey::from_pem(&pem, Some(b"closed")), Err(SignError::WrongPassphrase)));
    /// # Ok::<(), SignError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`SignError::UnsupportedEncryption`] where the cryptography refuses the parameters, which it does not.
    pub fn to_pem(&self, encryption: Option<Encryption<'_>>) -> Result<Zeroizing<String>, SignError> {
        let refused =
            |error: &dyn std::fmt::Display| SignError::UnsupportedEncryption { got: error.to_string() };
        let mut secret = Zeroizing::new([0; 34]);
        // RFC 8410, 7: the private key is an OCTET STRING of 32 bytes within the OCTET STRING.
        secret[..2].copy_from_slice(&[0x04, 0x20]);
        secret[2..].copy_from_slice(self.0.as_bytes());
        let info = PrivateKeyInfo::new(ALGORITHM_ID, secret.as_slice());
        let (label, document) = match &encryption {
            None => (PLAIN_LABEL, SecretDocument::encode_msg(&info).map_err(|error| refused(&error))?),
            Some(Encryption { passphrase, salt, iv }) => {
                let scrypt = ScryptParams {
                    salt,
                    cost_parameter: SCRYPT_COST,
                    block_size: SCRYPT_BLOCK_SIZE,
                    parallelization: SCRYPT_PARALLELIZATION,
                    key_length: None,
                };
                let parameters = Parameters { kdf: scrypt.into(), encryption: Cipher::Aes256Cbc { iv } };
                let document = info.encrypt_with_params(parameters, passphrase);
                (ENCRYPTED_LABEL, document.map_err(|error| refused(&error))?)
            }
        };
        document.to_pem(label, LineEnding::LF).map_err(|error| refused(&error))
    }

    /// Reads a key file: PKCS#8 version 1 or 2, plain or encrypted with PBES2. A passphrase for a plain file is not used.
    ///
    /// # Errors
    ///
    /// [`SignError::TooLong`], [`SignError::NotPem`], [`SignError::PassphraseMissing`], [`SignError::WrongPassphrase`],
    /// [`SignError::UnsupportedEncryption`] and [`SignError::NotEd25519`].
    pub fn from_pem(text: &str, passphrase: Option<&[u8]>) -> Result<Self, SignError> {
        let (label, document) = decode(text)?;
        if label == PLAIN_LABEL {
            let info = PrivateKeyInfo::try_from(document.as_bytes())
                .map_err(|error| SignError::NotEd25519 { got: format!("malformed PKCS#8: {error}") })?;
            return from_info(info);
        }
        let Some(passphrase) = passphrase else {
            return Err(SignError::PassphraseMissing);
        };
        let encrypted = EncryptedPrivateKeyInfo::try_from(document.as_bytes())
            .map_err(|error| SignError::UnsupportedEncryption { got: error.to_string() })?;
        check_cost(&encrypted.encryption_algorithm)?;
        let decrypted = encrypted.decrypt(passphrase).map_err(|_| SignError::WrongPassphrase)?;
        // One wrong passphrase in 256 leaves a valid padding; what comes out then is no PKCS#8.
        let info = PrivateKeyInfo::try_from(decrypted.as_bytes()).map_err(|_| SignError::WrongPassphrase)?;
        from_info(info)
    }
}

/// Takes the armour off.
fn decode(text: &str) -> Result<(&str, SecretDocument), SignError> {
    if text.len() > KEY_FILE_BYTES_MAX {
        return Err(SignError::TooLong { what: "a key file", limit: KEY_FILE_BYTES_MAX, got: text.len() });
    }
    if !text.contains("-----BEGIN ") {
        return Err(SignError::NotPem { got: "a text without a line `-----BEGIN …`".into() });
    }
    let (label, document) =
        SecretDocument::from_pem(text).map_err(|error| SignError::NotPem { got: error.to_string() })?;
    if label != PLAIN_LABEL && label != ENCRYPTED_LABEL {
        return Err(SignError::NotPem { got: format!("a PEM file that says {label}") });
    }
    Ok((label, document))
}

/// Takes the Ed25519 key out of PKCS#8; a public key that stands beside it must belong to it.
fn from_info(info: PrivateKeyInfo<'_>) -> Result<SigningKey, SignError> {
    let oid = info.algorithm.oid;
    if oid != ALGORITHM_OID {
        return Err(SignError::NotEd25519 { got: format!("a key of algorithm {oid}") });
    }
    let pair = KeypairBytes::try_from(info)
        .map_err(|error| SignError::NotEd25519 { got: format!("a malformed one: {error}") })?;
    let key = SigningKey(ed25519_dalek::SigningKey::from_bytes(&pair.secret_key));
    match pair.public_key {
        Some(public) if public.to_bytes() != key.verifying_key().to_bytes() => {
            Err(SignError::NotEd25519 { got: "one with a public key that is not its own".into() })
        }
        _ => Ok(key),
    }
}

/// Refuses parameters that would take more memory or time than any honest file asks for.
fn check_cost(scheme: &EncryptionScheme<'_>) -> Result<(), SignError> {
    let refused = |got: String| Err(SignError::UnsupportedEncryption { got });
    let EncryptionScheme::Pbes2(parameters) = scheme else {
        return refused("PBES1".into());
    };
    match &parameters.kdf {
        Kdf::Scrypt(scrypt) => {
            let (n, r, p) = (scrypt.cost_parameter, scrypt.block_size, scrypt.parallelization);
            let memory = u128::from(n) * u128::from(r) * 128;
            let work = memory * u128::from(p);
            if memory > u128::from(SCRYPT_MEMORY_BYTES_MAX) || work > u128::from(SCRYPT_WORK_BYTES_MAX) {
                return refused(format!("scrypt with N {n}, r {r}, p {p}"));
            }
            Ok(())
        }
        Kdf::Pbkdf2(pbkdf2) if pbkdf2.iteration_count > PBKDF2_ROUNDS_MAX => {
            refused(format!("PBKDF2 with {} rounds", pbkdf2.iteration_count))
        }
        Kdf::Pbkdf2(_) => Ok(()),
        _ => refused("another key derivation".into()),
    }
}
