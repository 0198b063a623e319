//! Trust policies: which logs, which witnesses, and how many of them are enough, as C2SP tlog-policy writes them. It owns that text and the
//! counting; it never asks a witness anything.

use std::collections::{BTreeMap, BTreeSet};

use super::{LogError, SignedCheckpoint};
pub use crate::limits::WITNESS_POLICY_BYTES_MAX as POLICY_BYTES_MAX;
use crate::sign::{KeyKind, VerifierKey};

/// The most logs, witnesses and groups each; the format asks for at least 32. A note carries at most 100 signatures.
pub const POLICY_ITEMS_MAX: usize = 64;

/// A log that the policy knows.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct PolicyLog {
    /// Its verifier key, whose name is its origin.
    pub key: VerifierKey,
    /// Where it is, where the policy says so.
    pub url: Option<String>,
}

/// A witness that the policy knows.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct PolicyWitness {
    /// What it is called in this policy, and nowhere else.
    pub name: String,
    /// Its verifier key.
    pub key: VerifierKey,
    /// Its submission prefix, where the policy names one.
    pub url: Option<String>,
}

/// A witness or a group, by its number among its kind.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Member {
    Witness(usize),
    Group(usize),
}

/// So many of these.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Group {
    threshold: usize,
    members: Vec<Member>,
}

/// Which logs and witnesses are known, and which witnesses together are enough.
///
/// ```
/// use pcf_core::log::Policy;
///
/// let witness = "witness.example/w1+495f0091+BIkQnGBOFq1mtwnCN4ZrfblIH84KOYwJJ1TduRN+rq9W";
/// let policy = Policy::parse(format!("# ours\nwitness one {witness}\nquorum one\n").as_bytes())?;
/// assert_eq!(policy.witnesses()[0].name, "one");
/// assert!(policy.is_met(&[true]) && !policy.is_met(&[false]));
/// assert!(Policy::parse(b"quorum two\n").is_err());
/// # Ok::<(), pcf_core::log::LogError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Policy {
    logs: Vec<PolicyLog>,
    witnesses: Vec<PolicyWitness>,
    groups: Vec<Group>,
    quorum: Option<Member>,
}

impl Policy {
    /// Reads a policy.
    ///
    /// # Errors
    ///
    /// [`LogError::InvalidPolicy`] names the first line that is not as it should be.
    pub fn parse(bytes: &[u8]) -> Result<Self, LogError> {
        if bytes.len() > POLICY_BYTES_MAX {
            let got = format!("{} bytes", bytes.len());
            return Err(LogError::InvalidPolicy {
                expected: "in a policy of at most 256 KiB".into(),
                got,
                line: 1,
            });
        }
        let mut reading = Reading::default();
        let (body, last) = match bytes.strip_suffix(b"\n") {
            Some(body) => (body, None),
            None => (bytes, Some(bytes.split(|byte| *byte == b'\n').count())),
        };
        if let Some(line) = last {
            return Err(invalid(
                line,
                "ended by a line feed",
                bytes.rsplit(|b| *b == b'\n').next().unwrap_or(bytes),
            ));
        }
        for (line, number) in body.split(|byte| *byte == b'\n').zip(1..) {
            if line.iter().any(|byte| (*byte < b' ' && *byte != b'\t') || *byte == 0x7F) {
                return Err(invalid(number, "without control characters", line));
            }
            let items: Vec<&[u8]> =
                line.split(|byte| matches!(byte, b' ' | b'\t')).filter(|item| !item.is_empty()).collect();
            if items.first().is_some_and(|first| !first.starts_with(b"#")) {
                reading.line(&items).map_err(|expected| invalid(number, &expected, line))?;
            }
        }
        let Reading { logs, witnesses, groups, quorum, .. } = reading;
        let lines = body.split(|byte| *byte == b'\n').count();
        let quorum = quorum.ok_or_else(|| invalid(lines, "followed by a quorum", b""))?;
        Ok(Self { logs, witnesses, groups, quorum })
    }

    /// The logs in the order of the file.
    pub fn logs(&self) -> &[PolicyLog] {
        &self.logs
    }

    /// The witnesses in the order of the file.
    pub fn witnesses(&self) -> &[PolicyWitness] {
        &self.witnesses
    }

    /// True where a log is among those that the policy knows, or where it names none.
    pub fn knows_log(&self, key: &VerifierKey) -> bool {
        self.logs.is_empty() || self.logs.iter().any(|log| log.key == *key)
    }

    /// True where no cosignature is asked for.
    pub fn asks_for_none(&self) -> bool {
        self.quorum.is_none()
    }

    /// Whether these witnesses, by their place in [`Policy::witnesses`], are enough.
    pub fn is_met(&self, cosigned: &[bool]) -> bool {
        self.quorum.is_none_or(|quorum| self.counts(quorum, cosigned))
    }

    // Ends, because a group has only members that were defined before it.
    fn counts(&self, member: Member, cosigned: &[bool]) -> bool {
        match member {
            Member::Witness(number) => cosigned.get(number).copied().unwrap_or(false),
            Member::Group(number) => self.groups.get(number).is_some_and(|group| {
                group.members.iter().filter(|member| self.counts(**member, cosigned)).count()
                    >= group.threshold
            }),
        }
    }

    /// The rule in words: `2 of (a, b, any of (c, d))`.
    pub fn rule(&self) -> String {
        self.quorum.map_or_else(|| "none".to_owned(), |quorum| self.words(quorum))
    }

    fn words(&self, member: Member) -> String {
        match member {
            Member::Witness(number) => {
                self.witnesses.get(number).map_or_else(String::new, |w| w.name.clone())
            }
            Member::Group(number) => self.groups.get(number).map_or_else(String::new, |group| {
                let members: Vec<String> = group.members.iter().map(|member| self.words(*member)).collect();
                match (group.threshold, members.len()) {
                    (1, 1) => members.concat(),
                    (k, n) if k == n => format!("all of ({})", members.join(", ")),
                    (1, _) => format!("any of ({})", members.join(", ")),
                    (k, _) => format!("{k} of ({})", members.join(", ")),
                }
            }),
        }
    }

    /// For each witness, in the order of the file, the time of its cosignature on the checkpoint (Unix seconds, its own claim). One without a time
    /// says nothing about the log and does not count.
    ///
    /// # Errors
    ///
    /// [`LogError::Sign`] where a known witness's name and id stands on a cosignature that does not hold.
    pub fn cosigned(&self, signed: &SignedCheckpoint) -> Result<Vec<Option<u64>>, LogError> {
        let keys: Vec<VerifierKey> = self.witnesses.iter().map(|witness| witness.key.clone()).collect();
        let found = signed.cosignatures(&keys)?;
        let time = |witness: &PolicyWitness| {
            let held = found.iter().find(|verified| *verified.key == witness.key)?;
            held.time_s.filter(|time_s| *time_s > 0)
        };
        Ok(self.witnesses.iter().map(time).collect())
    }

    /// Checks that enough witnesses have cosigned the checkpoint and returns their names.
    ///
    /// # Errors
    ///
    /// [`LogError::Quorum`] where they are not enough; [`LogError::Sign`] as for [`Policy::cosigned`].
    pub fn check(&self, signed: &SignedCheckpoint) -> Result<Vec<&str>, LogError> {
        let times = self.cosigned(signed)?;
        let cosigned: Vec<bool> = times.iter().map(Option::is_some).collect();
        let names = |has: bool| {
            let those = self.witnesses.iter().zip(&cosigned).filter(move |(_, cosigned)| **cosigned == has);
            those.map(|(witness, _)| witness.name.as_str()).collect::<Vec<_>>()
        };
        if self.is_met(&cosigned) {
            return Ok(names(true));
        }
        let got = if names(true).is_empty() { "none".to_owned() } else { names(true).join(", ") };
        Err(LogError::Quorum { expected: self.rule(), got })
    }
}

/// A policy as far as it was read.
#[derive(Default)]
struct Reading {
    logs: Vec<PolicyLog>,
    witnesses: Vec<PolicyWitness>,
    groups: Vec<Group>,
    /// `Some(None)` after `quorum none`.
    quorum: Option<Option<Member>>,
    names: BTreeMap<Vec<u8>, Member>,
    /// Names that are members of a group already.
    taken: BTreeSet<Vec<u8>>,
}

impl Reading {
    /// Takes one line that is neither empty nor a comment; the error says what was expected.
    fn line(&mut self, items: &[&[u8]]) -> Result<(), String> {
        match items {
            [b"log", key, url @ ..] if url.len() <= 1 => self.log(key, url.first()),
            [b"witness", name, key, url @ ..] if url.len() <= 1 => self.witness(name, key, url.first()),
            [b"group", name, threshold, members @ ..] if !members.is_empty() => {
                self.group(name, threshold, members)
            }
            [b"quorum", name] => self.quorum(name),
            _ => Err("`log VKEY [URL]`, `witness NAME VKEY [URL]`, `group NAME all|any|K NAME…` or `quorum NAME|none`"
                .into()),
        }
    }

    fn log(&mut self, key: &[u8], url: Option<&&[u8]>) -> Result<(), String> {
        let key = read_key(key, KeyKind::Ed25519)?;
        if self.logs.iter().any(|log| log.key.key() == key.key()) {
            return Err("a log whose key no line before names".into());
        }
        at_most(self.logs.len())?;
        self.logs.push(PolicyLog { key, url: read_url(url)? });
        Ok(())
    }

    fn witness(&mut self, name: &[u8], key: &[u8], url: Option<&&[u8]>) -> Result<(), String> {
        let key = read_key(key, KeyKind::Cosignature)?;
        if self.witnesses.iter().any(|witness| witness.key.key() == key.key()) {
            return Err("a witness whose key no line before names".into());
        }
        at_most(self.witnesses.len())?;
        self.define(name, Member::Witness(self.witnesses.len()))?;
        let name = String::from_utf8_lossy(name).into_owned();
        self.witnesses.push(PolicyWitness { name, key, url: read_url(url)? });
        Ok(())
    }

    fn group(&mut self, name: &[u8], threshold: &[u8], names: &[&[u8]]) -> Result<(), String> {
        let members = names.iter().map(|name| {
            let member = self.names.get(*name).ok_or("members that lines before define")?;
            if self.taken.insert(name.to_vec()) {
                Ok(*member)
            } else {
                Err("members that are in no group yet")
            }
        });
        let members = members.collect::<Result<Vec<Member>, _>>()?;
        let threshold = match threshold {
            b"all" => members.len(),
            b"any" => 1,
            number => std::str::from_utf8(number)
                .ok()
                .and_then(super::checkpoint::parse_decimal)
                .and_then(|k| usize::try_from(k).ok())
                .filter(|k| (1..=members.len()).contains(k))
                .ok_or_else(|| format!("`all`, `any` or a number from 1 to {}", members.len()))?,
        };
        at_most(self.groups.len())?;
        self.define(name, Member::Group(self.groups.len()))?;
        self.groups.push(Group { threshold, members });
        Ok(())
    }

    fn quorum(&mut self, name: &[u8]) -> Result<(), String> {
        if self.quorum.is_some() {
            return Err("no second quorum".into());
        }
        self.quorum = Some(match name {
            b"none" => None,
            name => Some(*self.names.get(name).ok_or("a quorum that a line before defines")?),
        });
        Ok(())
    }

    fn define(&mut self, name: &[u8], member: Member) -> Result<(), String> {
        if name == b"none" || self.names.insert(name.to_vec(), member).is_some() {
            return Err("a name that is new, and not `none`".into());
        }
        Ok(())
    }
}

fn at_most(count: usize) -> Result<(), String> {
    if count < POLICY_ITEMS_MAX {
        Ok(())
    } else {
        Err(format!("no more than {POLICY_ITEMS_MAX} of one kind"))
    }
}

fn read_key(text: &[u8], kind: KeyKind) -> Result<VerifierKey, String> {
    let text = std::str::from_utf8(text).map_err(|_| "a verifier key in UTF-8")?;
    let key: VerifierKey = text.parse().map_err(|e| format!("a verifier key ({e})"))?;
    if key.kind() == kind { Ok(key) } else { Err(format!("a verifier key of type {:02x}", kind.type_byte())) }
}

fn read_url(text: Option<&&[u8]>) -> Result<Option<String>, String> {
    text.map(|text| std::str::from_utf8(text).map(str::to_owned).map_err(|_| "a URL in UTF-8".into()))
        .transpose()
}

fn invalid(line: usize, expected: &str, got: &[u8]) -> LogError {
    let got = String::from_utf8_lossy(got).chars().take(200).collect();
    LogError::InvalidPolicy { expected: expected.to_owned(), got, line }
}
