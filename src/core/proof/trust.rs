#![doc = include_str!("../../../schemas/trust.md")]

use std::collections::BTreeMap;

use serde::Deserialize;

use super::BundleError;
use crate::admission::Keyring;
use crate::codec::settings;
use crate::limits::TRUST_FILE_BYTES_MAX;
use crate::log::Policy;
use crate::model::{ActorId, PublicKey, StatementId, Text, look_alike};
use crate::sign::{VerifierKey, VerifyingKey};

/// What the reader trusts before reading. The log's key or the ledger id is needed; with neither, nothing is anchored.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// The log's verifier key, from a source other than the proof.
    pub log_key: Option<VerifierKey>,
    /// The ledger id, from a source other than the proof.
    pub ledger_id: Option<StatementId>,
    /// Keys of actors that the reader has checked.
    pub pins: Pins,
    /// Witnesses: each of them must have cosigned the checkpoint.
    pub witnesses: Vec<VerifierKey>,
    /// Which witnesses together are enough.
    pub policy: Option<Policy>,
}

/// An actor whose keys the reader has checked by another way than the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// The actor's id in the ledger.
    pub actor: ActorId,
    /// All keys that it may sign with.
    pub keys: Vec<PublicKey>,
    /// The name that belongs to the keys; nobody else may bear it, or one that looks like it.
    pub name: Option<Text>,
    /// The one ledger that the pin is for; every ledger where it is absent.
    pub ledger: Option<StatementId>,
}

/// Whose keys the reader has checked: what a trust file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pins(Vec<Pin>);

/// What a reader knows of a key that an actor signs with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// It is one of the actor's pinned keys.
    Pinned,
    /// Nothing: the name is the operator's claim.
    Claimed,
    /// Actor or key is pinned to something else, and what.
    Refused(String),
}

impl Known {
    /// What the reader knows, in words.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Pinned => "pinned",
            Self::Claimed => "claimed by the operator",
            Self::Refused(_) => "not the pinned key",
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "version")]
    _version: i64,
    #[serde(default)]
    actor: Vec<Pin>,
}

impl Pins {
    /// Reads a trust file (TOML).
    ///
    /// # Errors
    /// [`BundleError::TrustFile`] for another version, an unknown or missing field, an actor pinned twice, without a key, or with one that
    /// cannot sign, and a key pinned to two actors.
    pub fn from_toml(text: &str) -> Result<Self, BundleError> {
        let refuse = |problem: String| BundleError::TrustFile { problem };
        let file: File = settings::read(text, TRUST_FILE_BYTES_MAX).map_err(refuse)?;
        Self::new(file.actor)
    }

    /// Pins, checked against each other.
    ///
    /// # Errors
    /// As [`Self::from_toml`].
    pub fn new(pins: Vec<Pin>) -> Result<Self, BundleError> {
        let refuse = |problem: String| Err(BundleError::TrustFile { problem });
        let mut seen: BTreeMap<PublicKey, &ActorId> = BTreeMap::new();
        for (number, pin) in pins.iter().enumerate() {
            if pin.keys.is_empty() {
                return refuse(format!("`{}` is pinned to no key", pin.actor));
            }
            let overlaps = |other: &&Pin| {
                other.actor == pin.actor
                    && (other.ledger.is_none() || pin.ledger.is_none() || other.ledger == pin.ledger)
            };
            if pins.iter().take(number).any(|other| overlaps(&other)) {
                return refuse(format!("`{}` is pinned twice; one entry lists all its keys", pin.actor));
            }
            for key in &pin.keys {
                if let Err(error) = VerifyingKey::from_bytes(key.as_bytes()) {
                    return refuse(format!("the key {key} of `{}`: {error}", pin.actor));
                }
                if let Some(other) = seen.insert(*key, &pin.actor).filter(|other| **other != pin.actor) {
                    return refuse(format!("the key {key} is pinned to `{other}` and to `{}`", pin.actor));
                }
            }
        }
        Ok(Self(pins))
    }

    /// True where nothing is pinned.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is known of a key that signs for an actor of a ledger.
    pub fn judge(&self, ledger: StatementId, actor: &ActorId, name: Option<&Text>, key: &PublicKey) -> Known {
        let here = || self.0.iter().filter(|pin| pin.ledger.is_none_or(|only| only == ledger));
        if let Some(pin) = here().find(|pin| pin.actor == *actor) {
            if !pin.keys.contains(key) {
                let some: Vec<String> = pin.keys.iter().map(ToString::to_string).collect();
                let expected = some.join(" or ");
                return Known::Refused(format!(
                    "`{actor}` is pinned to the key {expected}, and {key} signs in its name"
                ));
            }
            return match (&pin.name, name) {
                (Some(expected), Some(got)) if expected != got => {
                    let got = got.as_str().escape_debug();
                    Known::Refused(format!(
                        "`{actor}` is pinned as {expected}, and the operator names it {got}"
                    ))
                }
                _ => Known::Pinned,
            };
        }
        if let Some(pin) = here().find(|pin| pin.keys.contains(key)) {
            return Known::Refused(format!(
                "the key {key} is pinned to `{}`, and here it is one of `{actor}`",
                pin.actor
            ));
        }
        let alike = |pin: &&Pin| match (&pin.name, name) {
            (Some(pinned), Some(name)) => look_alike(pinned.as_str(), name.as_str()),
            _ => false,
        };
        if let Some(pin) = here().find(alike) {
            let name = name.map(|name| name.as_str().escape_unicode().to_string()).unwrap_or_default();
            let shown = char_names(&name);
            return Known::Refused(format!(
                "`{actor}` bears a name that looks like that of the pinned `{}`, with another key: {shown}",
                pin.actor
            ));
        }
        Known::Claimed
    }

    /// Pinned keys that a ledger enrols for another actor, whether or not they signed anything: one sentence each.
    pub fn misplaced(&self, ledger: Option<StatementId>, keyring: &Keyring) -> Vec<String> {
        let Some(ledger) = ledger else { return Vec::new() };
        let here = self.0.iter().filter(|pin| pin.ledger.is_none_or(|only| only == ledger));
        let mut found = Vec::new();
        for pin in here {
            for key in &pin.keys {
                if let Some(owner) = keyring.owner(key).filter(|owner| owner.actor != pin.actor) {
                    let (actor, other) = (&pin.actor, &owner.actor);
                    found.push(format!(
                        "the key {key} is pinned to `{actor}`, and here it is one of `{other}`"
                    ));
                }
            }
        }
        found
    }
}

/// Code points without the escapes' braces, so that look-alike letters can be told apart: `U+0410 U+0063`.
fn char_names(escaped: &str) -> String {
    let codes = escaped.split("\\u{").filter(|part| !part.is_empty());
    let named = codes.map(|code| format!("U+{:0>4}", code.trim_end_matches('}').to_uppercase()));
    named.collect::<Vec<_>>().join(" ")
}
