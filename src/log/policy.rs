//! Trust policies: which logs, which witnesses, and how many of them are enough, as C2SP tlog-policy writes them. It owns that text and the
//! counting; it never asks a witness anything.

use std::collections::{BTreeMap, BTreeSet};

use super::{LogError, SignedCheckpoint};
use crate::sign::{KeyKind, VerifierKey};

/// The longest policy that is read, in bytes: room for far more than what follows, and comments.
pub const POLICY_BYTES_MAX: usize = 256 * 1024;

/// The most logs, witnesses and groups each; the format asks for at least 32. A note carries at most 100 signatures.
pub const POLICY_ITEMS_MAX: usize = 64;

/// A log that the policy knows.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PolicyLog {
    /// Its verifier key, whose name is its origin.
    pub key: VerifierKey,
    /// Where it is, where the policy says so.
    pub url: Option<String>,
}

/// A witness that the policy knows.
#[derive(Clone, Debug, Eq, PartialEq)]
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
/// use pcf_ledger::log::Policy;
///
/// let witness = "witness.example/w1+495f0091+BIkQnGBOFq1mtwnCN4ZrfblIH84KOYwJJ1TduRN+rq9W";
/// let policy = Policy::parse(format!("# ours\nwitness one {witness}\nquorum one\n").as_bytes())?;
/// assert_eq!(policy.witnesses()[0].name, "one");
/// assert!(policy.is_met(&[true]) && !policy.is_met(&[false]));
/// assert!(Policy::parse(b"quorum two\n").is_err());
/// # Ok::<(), pcf_ledger::log::LogError>(())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::SigningKey;

    fn vkey(n: u8, kind: KeyKind) -> String {
        VerifierKey::new(&format!("w{n}.example"), kind, SigningKey::generate([n; 32]).verifying_key())
            .unwrap()
            .to_string()
    }

    fn witness(n: u8) -> String {
        format!("witness w{n} {} https://w{n}.example\n", vkey(n, KeyKind::Cosignature))
    }

    fn parse(text: &str) -> Result<Policy, LogError> {
        Policy::parse(text.as_bytes())
    }

    /// The example of the format: two of three X, and any of three Y.
    fn two_levels() -> Policy {
        let witnesses: String = (1..=6).map(witness).collect();
        parse(&format!(
            "log {}\n\n{witnesses}  # spaces and\ttabs\ngroup x 2 w1 w2 w3\n\tgroup  y any w4 w5 w6 \ngroup both all x y\nquorum both\n",
            vkey(9, KeyKind::Ed25519)
        ))
        .unwrap()
    }

    #[test]
    fn a_quorum_of_groups_counts_what_each_group_asks_for() {
        let policy = two_levels();
        assert_eq!(policy.rule(), "all of (2 of (w1, w2, w3), any of (w4, w5, w6))");
        assert_eq!(policy.witnesses()[0].url.as_deref(), Some("https://w1.example"));
        for set in 0_u8..64 {
            let cosigned: Vec<bool> = (0..6).map(|n| set & (1 << n) != 0).collect();
            let expected = (set & 7).count_ones() >= 2 && set & 56 != 0;
            assert_eq!(policy.is_met(&cosigned), expected, "{set:06b}");
        }
        assert!(!policy.is_met(&[]), "a witness that is not listed has not cosigned");
    }

    #[test]
    fn a_policy_may_ask_for_no_witness_and_name_no_log() {
        let policy = parse("quorum none\n").unwrap();
        assert!(policy.asks_for_none() && policy.is_met(&[]));
        let log: VerifierKey = vkey(9, KeyKind::Ed25519).parse().unwrap();
        assert!(policy.knows_log(&log), "no log is named, so none is excluded");
        assert!(two_levels().knows_log(&log));
        let other: VerifierKey = vkey(8, KeyKind::Ed25519).parse().unwrap();
        assert!(!two_levels().knows_log(&other));
    }

    #[test]
    fn what_the_format_does_not_allow_is_refused_with_its_line() {
        let (w1, w2, log) = (witness(1), witness(2), vkey(9, KeyKind::Ed25519));
        let same_key = w1.replacen("w1", "other", 1);
        let cases = [
            ("".to_owned(), 1),
            (w1.clone(), 1),
            ("quorum none".into(), 1),
            ("quorum none\nquorum none\n".into(), 2),
            ("quorum w1\n".into(), 1),
            (format!("quorum w1\n{w1}"), 1),
            (format!("{w1}{same_key}quorum w1\n"), 2),
            (format!("{w1}{}quorum w1\n", w2.replacen("w2", "w1", 1)), 2),
            (format!("{}quorum none\n", w1.replacen("w1", "none", 1)), 1),
            (format!("{w1}group g 0 w1\nquorum g\n"), 2),
            (format!("{w1}group g 2 w1\nquorum g\n"), 2),
            (format!("{w1}group g 01 w1\nquorum g\n"), 2),
            (format!("{w1}group g all\nquorum g\n"), 2),
            (format!("{w1}group g all w1 w1\nquorum g\n"), 2),
            (format!("{w1}group g all g\nquorum g\n"), 2),
            (format!("{w1}group g all none\nquorum g\n"), 2),
            (format!("{w1}{w2}group g all w1\ngroup h all w1 w2\nquorum h\n"), 4),
            (format!("log {log}\nlog {log}\nquorum none\n"), 2),
            (format!("log {}\nquorum none\n", vkey(1, KeyKind::Cosignature)), 1),
            (format!("witness w {log}\nquorum none\n"), 1),
            (format!("{}\r\nquorum w1\n", w1.trim_end()), 1),
            (format!("{} more\nquorum w1\n", w1.trim_end()), 1),
            ("quorum none\u{7f}\n".into(), 1),
            ("Quorum none\n".into(), 1),
        ];
        for (text, at) in cases {
            match parse(&text) {
                Err(LogError::InvalidPolicy { line, .. }) => assert_eq!(line, at, "{text:?}"),
                other => panic!("{text:?}: {other:?}"),
            }
        }
        let many: String = (0..=POLICY_ITEMS_MAX)
            .map(|n| witness(u8::try_from(n).unwrap()))
            .collect();
        assert!(matches!(parse(&many), Err(LogError::InvalidPolicy { line: 65, .. })));
        let long = format!("#{}\nquorum none\n", "a".repeat(POLICY_BYTES_MAX));
        assert!(parse(&long).is_err());
    }
}
