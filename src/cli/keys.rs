//! Key files at the command line: the passphrase from a prompt or from the file that `PCF_PASSPHRASE_FILE` names, reading, and making new ones.
//! It never prints a secret.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use pcf_desk::DeskError;
use pcf_desk::project::{FILE_NAME, Project};
use pcf_ledger::admission::Book;
use pcf_ledger::keyfile::{self, KeyFileError};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::PublicKey;
use pcf_ledger::sign::pem;
use pcf_ledger::sign::{SignError, SigningKey};
use pcf_ledger::store::Reader;
use zeroize::Zeroizing;

use crate::context::Context;
use crate::error::CliError;
use crate::hints::{self, same_command};

pub use crate::args::Signing;
pub use pcf_desk::keys::public;

/// The variable that names the file with the passphrase: its first line.
const PASSPHRASE_FILE: &str = "PCF_PASSPHRASE_FILE";

/// The variable that names the file with the passphrase that a key is to have from now on.
const NEW_PASSPHRASE_FILE: &str = "PCF_NEW_PASSPHRASE_FILE";

/// A passphrase is a line; a longer file is not one.
const PASSPHRASE_BYTES_MAX: u64 = 4096;

/// A passphrase; its bytes are overwritten when it is dropped.
type Passphrase = Zeroizing<Vec<u8>>;

/// Checks that a key that was read from `file`, named by `option`, is the log key in force.
///
/// # Errors
/// It is another one.
pub fn check_log_key<S: Reader>(
    context: &Context,
    ledger: &Ledger<S>,
    key: &SigningKey,
    option: &str,
    file: &Path,
) -> Result<(), CliError> {
    if ledger.is_log_key(key)? {
        return Ok(());
    }
    let cause = format!("{} is not the log key {}", file.display(), ledger.verifier_key()?);
    let hint = hints::key_file(&context.dir, "log.pem")
        .map(|file| hints::same_command_with(option, &file.to_string_lossy()));
    Err(CliError::usage(cause).hint(hint.unwrap_or_else(|| "pcf log key".into())))
}

/// Checks that a key that was read from `file`, named by `option`, is an operator key in force.
///
/// # Errors
/// It is another one.
pub fn check_operator_key(
    context: &Context,
    book: &Book,
    key: &SigningKey,
    option: &str,
    file: &Path,
) -> Result<(), CliError> {
    let actor = match pcf_desk::keys::check_operator(book, key) {
        Err(DeskError::NotOperator { actor }) => actor,
        checked => return Ok(checked?),
    };
    let cause = format!("{} is the key of `{actor}`; only the operator says what holds", file.display());
    let hint = hints::key_file(&context.dir, "operator.pem")
        .map(|file| hints::same_command_with(option, &file.to_string_lossy()));
    Err(CliError::no(cause).hint(hint.unwrap_or_else(|| "pcf authority show".into())))
}

/// Which of its keys a project is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// That of whoever signs statements here.
    Signer,
    /// The operator's.
    Operator,
    /// The log's.
    Log,
}

impl Role {
    const fn in_words(self) -> &'static str {
        match self {
            Self::Signer => "the signer’s key",
            Self::Operator => "the operator’s key",
            Self::Log => "the log’s key",
        }
    }

    fn of(self, project: &Project) -> Option<&PathBuf> {
        match self {
            Self::Signer => project.keys.signer.as_ref(),
            Self::Operator => project.keys.operator.as_ref(),
            Self::Log => project.keys.log.as_ref(),
        }
    }
}

/// The key file that was given by `option`, else the one that the project names.
///
/// # Errors
/// Neither names one.
pub fn file(
    context: &Context,
    given: Option<&PathBuf>,
    role: Role,
    option: &str,
) -> Result<PathBuf, CliError> {
    let known = || context.project.as_ref().and_then(|project| role.of(project));
    if let Some(file) = given.or_else(known) {
        return Ok(file.clone());
    }
    let usual = match role {
        Role::Signer => None,
        Role::Operator => hints::key_file(&context.dir, "operator.pem"),
        Role::Log => hints::key_file(&context.dir, "log.pem"),
    };
    let usual = usual.map_or_else(|| "KEY".into(), |file| file.to_string_lossy().into_owned());
    let cause = format!("expected {option} KEY with {}, which no {FILE_NAME} names here", role.in_words());
    Err(CliError::usage(cause).hint(hints::same_command_with(option, &usual)))
}

/// The key file of a role where the project names one that is on this machine.
pub fn at_hand(context: &Context, role: Role) -> Option<PathBuf> {
    let project = context.project.as_ref()?;
    role.of(project).filter(|file| file.is_file()).cloned()
}

/// Reads a signing key, asking for its passphrase where it has one that opened no other key of this
/// command.
///
/// # Errors
/// The file cannot be read, is no key, or the passphrase is missing or wrong.
pub fn load(context: &Context, path: &Path) -> Result<SigningKey, CliError> {
    let text = keyfile::read(path).map_err(|e| match e {
        KeyFileError::File { .. } => CliError::from(e),
        // What is wrong with the text says nothing of whose it is.
        e => CliError::from(e).within(path.display()),
    })?;
    let encrypted = pem::is_encrypted(&text).map_err(|e| CliError::from(e).within(path.display()))?;
    if keyfile::is_open_to_others(path)? {
        context.output.warning(&format!(
            "{0} can be read by others; chmod 600 {1}",
            path.display(),
            hints::path(path)
        ));
    }
    if encrypted
        && let Some(kept) = context.passphrase()
        && let Ok(key) = SigningKey::from_pem(&text, Some(kept.as_slice()))
    {
        return Ok(key);
    }
    let passphrase = if encrypted {
        Some(passphrase(&format!("Passphrase of {}: ", path.display()), PASSPHRASE_FILE)?)
    } else {
        None
    };
    let key = SigningKey::from_pem(&text, passphrase.as_ref().map(|p| p.as_slice()));
    if let (Ok(_), Some(passphrase)) = (&key, &passphrase) {
        context.keep_passphrase(passphrase);
    }
    key.map_err(|e| match (&e, std::env::var_os(PASSPHRASE_FILE)) {
        (SignError::WrongPassphrase, Some(file)) => {
            let file = PathBuf::from(file);
            let tried =
                format!("{e}; it is the first line of {}, which {PASSPHRASE_FILE} names", file.display());
            CliError::failed(tried).within(path.display())
        }
        (SignError::WrongPassphrase, None) => {
            CliError::failed(&e).within(path.display()).hint(same_command())
        }
        _ => CliError::from(e).within(path.display()),
    })
}

/// A key named on the command line: a public key in base64, or the file of its private key.
///
/// # Errors
/// It is neither.
pub fn public_or_file(context: &Context, text: &str) -> Result<PublicKey, CliError> {
    let path = Path::new(text);
    if let (Ok(key), false) = (text.parse::<PublicKey>(), path.exists()) {
        return Ok(key);
    }
    if !path.exists() {
        let cause = format!("expected a public key in base64 or a key file, got `{text}`");
        return Err(CliError::usage(cause).hint(format!("pcf key new {}", hints::quoted(text))));
    }
    Ok(public(&load(context, path)?))
}

/// How new key files are protected.
pub struct Protection(Option<Passphrase>);

impl Protection {
    /// Asks for a new passphrase, twice at a prompt; none where that is wanted.
    ///
    /// # Errors
    /// There is nobody to ask, or the two do not agree.
    pub fn ask(no_passphrase: bool) -> Result<Self, CliError> {
        Self::asked(no_passphrase, PASSPHRASE_FILE)
    }

    /// As [`Self::ask`], for a key that has a passphrase already.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub fn ask_anew(no_passphrase: bool) -> Result<Self, CliError> {
        Self::asked(no_passphrase, NEW_PASSPHRASE_FILE)
    }

    /// The passphrase, where there is one.
    pub fn passphrase(&self) -> Option<&[u8]> {
        self.0.as_ref().map(|passphrase| passphrase.as_slice())
    }

    fn asked(no_passphrase: bool, variable: &str) -> Result<Self, CliError> {
        if no_passphrase {
            return Ok(Self(None));
        }
        let first = passphrase("New passphrase: ", variable)?;
        if first.is_empty() {
            return Err(CliError::usage("the passphrase is empty")
                .hint(format!("{} --no-passphrase", same_command())));
        }
        if std::env::var_os(variable).is_none() && *passphrase("The same again: ", variable)? != *first {
            return Err(CliError::failed("the two passphrases differ; nothing was written"));
        }
        Ok(Self(Some(first)))
    }
}

/// Makes a new key and writes its file, mode 0600; an existing file is never overwritten.
///
/// # Errors
/// The file is there already or cannot be written.
pub fn create(context: &Context, path: &Path, protection: &Protection) -> Result<SigningKey, CliError> {
    Ok(pcf_desk::keys::create(context, path, protection.passphrase())?)
}

/// Writes a key file anew under another passphrase.
///
/// # Errors
/// The new file cannot be written or does not hold the key; the old one is then as it was.
pub fn protect_anew(
    context: &Context,
    path: &Path,
    key: &SigningKey,
    protection: &Protection,
) -> Result<(), CliError> {
    Ok(pcf_desk::keys::protect_anew(context, path, key, protection.passphrase())?)
}

fn passphrase(prompt: &str, variable: &str) -> Result<Passphrase, CliError> {
    if let Some(file) = std::env::var_os(variable) {
        return from_file(&PathBuf::from(file), variable);
    }
    if !std::io::stdin().is_terminal() {
        return Err(CliError::failed("a passphrase is needed and there is no terminal to ask for it")
            .hint(format!("{variable}=passphrase.txt {}", same_command())));
    }
    let answer = rpassword::prompt_password(prompt);
    answer
        .map(|p| Zeroizing::new(p.into_bytes()))
        .map_err(|e| CliError::failed(format!("no passphrase: {e}")))
}

/// The first line of the file.
fn from_file(path: &Path, variable: &str) -> Result<Passphrase, CliError> {
    use std::io::Read as _;
    let failed = |e: std::io::Error| CliError::io("read", path, &e).within(variable);
    let mut bytes = Zeroizing::new(Vec::with_capacity(4097)); // grown at once, so that no copies stay behind
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(PASSPHRASE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > 4096 {
        return Err(CliError::failed(format!(
            "{variable}: expected a file of at most {PASSPHRASE_BYTES_MAX} bytes, got a longer one"
        )));
    }
    let end = bytes.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(bytes.len());
    bytes.truncate(end);
    Ok(bytes)
}
