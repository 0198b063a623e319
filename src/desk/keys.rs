//! Keys in use: which actor a key belongs to, and key files that are made or protected anew. It
//! asks nobody for a passphrase.

use std::path::{Path, PathBuf};

use pcf_ledger::admission::Book;
use pcf_ledger::durable;
use pcf_ledger::keyfile::{self, KeyFileError};
use pcf_ledger::ledger::LedgerError;
use pcf_ledger::model::{ActorId, PublicKey};
use pcf_ledger::sign::pem::Encryption;
use pcf_ledger::sign::{KeyKind, SigningKey, VerifierKey};
use serde::Serialize;

use crate::DeskError;
use crate::session::Session;
use crate::write::failed;

/// Returns the public key that a key has in statements.
pub fn public(key: &SigningKey) -> PublicKey {
    PublicKey::from_bytes(key.verifying_key().to_bytes())
}

/// Returns the actor whose key this is by the ledger's keyring; where `by` is given, it must agree.
///
/// # Errors
/// [`DeskError::Ledger`] for a key that is unknown or revoked; [`DeskError::OtherSigner`].
pub fn signer(book: &Book, key: &SigningKey, by: Option<&ActorId>) -> Result<ActorId, DeskError> {
    let key = public(key);
    let actor = book.signer_now(&key).map_err(LedgerError::from)?;
    match by {
        Some(by) if by != actor => Err(DeskError::OtherSigner { key, actor: actor.clone(), by: by.clone() }),
        _ => Ok(actor.clone()),
    }
}

/// Checks that a key is an operator key in force.
///
/// # Errors
/// As [`signer`]; [`DeskError::NotOperator`].
pub fn check_operator(book: &Book, key: &SigningKey) -> Result<(), DeskError> {
    let actor = signer(book, key, None)?;
    if actor.as_str() == ActorId::OPERATOR { Ok(()) } else { Err(DeskError::NotOperator { actor }) }
}

/// Makes a new key and writes its file, mode 0600; an existing file is never overwritten.
///
/// # Errors
/// [`DeskError::KeyFile`] where the file is there already or cannot be written; [`DeskError::File`] for its directory.
pub fn create(
    session: &dyn Session,
    path: &Path,
    passphrase: Option<&[u8]>,
) -> Result<SigningKey, DeskError> {
    let key = SigningKey::generate(session.random()?);
    let encryption = encryption(session, passphrase)?;
    let pem = key.to_pem(encryption).map_err(KeyFileError::from)?;
    if let Some(parent) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        std::fs::create_dir_all(parent).map_err(failed("create", parent))?;
    }
    keyfile::write_new(path, &pem)?;
    Ok(key)
}

/// Reads a signing key whose passphrase is known.
///
/// # Errors
/// [`DeskError::KeyFile`].
pub fn read(path: &Path, passphrase: Option<&[u8]>) -> Result<SigningKey, DeskError> {
    let text = keyfile::read(path)?;
    Ok(SigningKey::from_pem(&text, passphrase).map_err(KeyFileError::from)?)
}

/// Writes a key file anew under another passphrase: beside it first, read back, and then in its
/// place, so that at every moment one whole
/// file holds the key.
///
/// # Errors
/// [`DeskError::KeyFile`] and [`DeskError::File`] where the new file cannot be written, [`DeskError::KeyLost`] where it does not hold the key; the old
/// one is then as it was.
pub fn protect_anew(
    session: &dyn Session,
    path: &Path,
    key: &SigningKey,
    passphrase: Option<&[u8]>,
) -> Result<(), DeskError> {
    let path = path.canonicalize().map_err(failed("read", path))?; // a link stays a link
    let mut beside = path.clone().into_os_string();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let pem = key.to_pem(encryption(session, passphrase)?).map_err(KeyFileError::from)?;
    keyfile::write_new(&beside, &pem)?;
    let replaced = || {
        let text = keyfile::read(&beside)?;
        let again = SigningKey::from_pem(&text, passphrase).map_err(KeyFileError::from)?;
        if public(&again) != public(key) {
            return Err(DeskError::KeyLost { path: beside.clone() });
        }
        durable::replace(&beside, &path).map_err(failed("replace", &path))
    };
    replaced().inspect_err(|_| drop(std::fs::remove_file(&beside)))
}

fn encryption<'a>(
    session: &dyn Session,
    passphrase: Option<&'a [u8]>,
) -> Result<Option<Encryption<'a>>, DeskError> {
    let with = |passphrase| Ok(Encryption { passphrase, salt: session.random()?, iv: session.random()? });
    passphrase.map(with).transpose()
}

/// The public half of a key.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    /// The key file.
    pub file: PathBuf,
    /// The key in base64, as statements carry it.
    pub public_key: String,
    /// `name+id+base64`, where a name was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verifier_key: Option<String>,
}

impl Shown {
    /// Returns the public half of the key in `file`, under `name` where one is given.
    ///
    /// # Errors
    /// [`DeskError::Name`].
    pub fn of(file: PathBuf, name: Option<&str>, key: &SigningKey) -> Result<Self, DeskError> {
        let verifier_key = name.map(|name| verifier(name, key)).transpose()?;
        Ok(Self { file, public_key: public(key).to_string(), verifier_key })
    }
}

/// Checks a name that a verifier key is to have.
///
/// # Errors
/// [`DeskError::Name`].
pub fn check_name(name: &str) -> Result<(), DeskError> {
    verifier(name, &SigningKey::generate([1; 32])).map(drop)
}

fn verifier(name: &str, key: &SigningKey) -> Result<String, DeskError> {
    let key = VerifierKey::new(name, KeyKind::Ed25519, key.verifying_key());
    Ok(key.map_err(DeskError::Name)?.to_string())
}
