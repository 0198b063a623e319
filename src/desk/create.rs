//! A new ledger with its three keys.

use std::path::{Path, PathBuf};

use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{ActorId, Genesis, Text};
use pcf_ledger::sign::{KeyKind, SigningKey, VerifierKey};
use pcf_ledger::store::{Holder, manifest};
use serde::Serialize;

use crate::session::Session;
use crate::{DeskError, keys};

/// A ledger to be created.
#[derive(Debug)]
pub struct Creation {
    /// Its directory.
    pub dir: PathBuf,
    /// The files of its keys.
    pub keys: KeyFiles,
    /// The log's name.
    pub origin: Text,
}

/// The files of a ledger's keys.
#[derive(Debug, Serialize)]
pub struct KeyFiles {
    /// Enrols actors.
    pub operator: PathBuf,
    /// Replaces a lost operator key.
    pub recovery: PathBuf,
    /// Signs checkpoints.
    pub log: PathBuf,
}

/// A ledger that was created.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Created {
    /// Its directory.
    pub ledger: PathBuf,
    /// The statement id of its genesis.
    pub ledger_id: String,
    /// The log's name.
    pub origin: String,
    /// What verifies its checkpoints; give it to whoever verifies.
    pub verifier_key: String,
    /// The key files.
    pub keys: KeyFiles,
}

impl KeyFiles {
    /// Returns the usual files in a directory.
    pub fn within(dir: &Path) -> Self {
        Self {
            operator: dir.join("operator.pem"),
            recovery: dir.join("recovery.pem"),
            log: dir.join("log.pem"),
        }
    }

    const fn all(&self) -> [&PathBuf; 3] {
        [&self.operator, &self.recovery, &self.log]
    }
}

impl Creation {
    /// Checks what can be checked before a passphrase is asked for.
    ///
    /// # Errors
    /// [`DeskError::LedgerThere`]; [`DeskError::KeyThere`]; [`DeskError::OriginIsAddress`]; [`DeskError::Name`].
    pub fn check(&self) -> Result<(), DeskError> {
        if self.dir.join(manifest::FILE_NAME).exists() {
            return Err(DeskError::LedgerThere { dir: self.dir.clone() });
        }
        if let Some(file) = self.keys.all().into_iter().find(|file| file.exists()) {
            return Err(DeskError::KeyThere { file: file.clone() });
        }
        if let Some((_, name)) = self.origin.as_str().split_once("://") {
            return Err(DeskError::OriginIsAddress { name: name.to_owned() });
        }
        // A name that no log can have is refused before a key is written.
        let example = SigningKey::generate([1; 32]).verifying_key();
        VerifierKey::new(self.origin.as_str(), KeyKind::Ed25519, example).map_err(DeskError::Name)?;
        Ok(())
    }
}

/// Creates a ledger and its keys. Nothing is ever overwritten.
///
/// # Errors
/// Those of [`keys::create`]; [`DeskError::Ledger`]: then the keys are removed again.
pub fn create(
    session: &dyn Session,
    wanted: Creation,
    passphrase: Option<&[u8]>,
    holder: &Holder,
) -> Result<Created, DeskError> {
    let Creation { dir, keys: files, origin } = wanted;
    let operator = keys::create(session, &files.operator, passphrase)?;
    let recovery = keys::create(session, &files.recovery, passphrase)?;
    let log = keys::create(session, &files.log, passphrase)?;
    let genesis = Genesis {
        by: ActorId::operator(),
        log_key: keys::public(&log),
        operator_key: keys::public(&operator),
        origin: origin.clone(),
        recovery_key: keys::public(&recovery),
        salt: session.salt()?,
        r#type: Default::default(),
        v: Default::default(),
    };
    let created = Ledger::create(&dir, genesis, &operator, session.now_s()?, holder);
    let ledger = created.inspect_err(|_| {
        // Keys of a ledger that does not exist would only stand in the way of the next attempt.
        for file in files.all() {
            let _ = std::fs::remove_file(file);
        }
    })?;
    Ok(Created {
        ledger_id: ledger.id().to_string(),
        origin: origin.to_string(),
        verifier_key: ledger.verifier_key()?.to_string(),
        ledger: dir,
        keys: files,
    })
}
