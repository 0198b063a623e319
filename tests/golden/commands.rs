//! Which commands run: those that only read, on every ledger; those that write, on a copy; those
//! that need no
//! ledger. Placeholders in braces stand for what the ledger holds. Left out, because their output
//! depends on
//! the year or on the network: `pcf demo` and a final `pcf publish` (their validity begins today),
//! and asking
//! witnesses (`pcf log cosign` with a policy).

use std::collections::BTreeMap;
use std::fs;

use pcf_ledger::model::{PublicKey, StatementKind};
use pcf_ledger::sign::{KeyKind, VerifierKey};

use crate::desk::Desk;
use crate::maker::{Maker, key, public};
use crate::verbs;

/// What most commands of a ledger are about.
pub struct Asked {
    product: String,
    other: String,
    period: String,
    /// The name of the key that the product's owner signs with.
    signer: String,
}

impl Asked {
    pub fn of(product: &str, period: &str, signer: &str) -> Self {
        let [product, period, signer] = [product, period, signer].map(str::to_owned);
        Self { other: String::new(), product, period, signer }
    }

    /// With another product of the same ledger, or another name of the same one.
    pub fn beside(self, other: &str) -> Self {
        Self { other: other.to_owned(), ..self }
    }
}

/// What the words in braces stand for.
#[derive(Default)]
pub struct Words {
    words: BTreeMap<String, String>,
    /// The first and the last statement of each type.
    statements: Vec<String>,
    footprints: Vec<String>,
}

impl Words {
    pub fn new(maker: &Maker, asked: Asked) -> Self {
        let (ledger, book) = (&maker.ledger, maker.ledger.book());
        let of_kind =
            |kind| book.all_entries().map(Result::unwrap).filter(move |e| e.kind == kind).map(|e| e.id);
        let mut statements = Vec::new();
        for kind in StatementKind::ALL {
            let ids: Vec<String> = of_kind(*kind).map(|id| id.to_string()).collect();
            statements.extend(ids.first().cloned());
            statements.extend(ids.last().filter(|last| ids.first() != Some(last)).cloned());
        }
        let published = pcf_ledger::publish::publications(ledger).unwrap();
        let footprints: Vec<String> = published.iter().map(|p| p.footprint.to_string()).collect();
        let origin = book.origin().unwrap().to_string();
        let vkey = |name: &str, kind| VerifierKey::new(&origin, kind, key(name).verifying_key()).unwrap();
        let activity = of_kind(StatementKind::Activity).next().unwrap().to_string();
        let owner = book.signer_now(&public(&asked.signer)).unwrap().to_string();
        let words = [
            ("product", asked.product),
            ("other", asked.other),
            ("period", asked.period),
            ("owner", owner),
            ("footprint", footprints.last().unwrap().clone()),
            ("first", footprints[0].clone()),
            ("short", activity[..8].to_owned()),
            ("statement", activity),
            ("key", format!("keys/{}.pem", asked.signer)),
            ("signer", asked.signer),
            ("operator", format!("keys/{}.pem", maker.operator)),
            ("log", format!("keys/{}.pem", maker.log)),
            ("vkey", ledger.verifier_key().unwrap().to_string()),
            ("first-vkey", vkey("log", KeyKind::Ed25519).to_string()),
            ("wrong-vkey", vkey("stranger", KeyKind::Ed25519).to_string()),
            ("witness", vkey("stranger", KeyKind::Cosignature).to_string()),
            ("ledger", ledger.id().to_string()),
            ("half", (ledger.size() / 2).to_string()),
            ("size", ledger.size().to_string()),
            ("beyond", (ledger.size() + 1).to_string()),
        ];
        let words = words.into_iter().map(|(name, word)| (name.to_owned(), word)).collect();
        Self { words, statements, footprints }
    }

    /// Files that a verifier has: pinned keys, a policy, and proofs with one character changed.
    pub fn lay_out(&self, maker: &Maker) {
        let (owner, signer) = (&self.words["owner"], &self.words["signer"]);
        let pinned =
            |key: PublicKey| format!("version = 1\n[[actor]]\nactor = \"{owner}\"\nkeys = [\"{key}\"]\n");
        maker.write("trust.toml", pinned(public(signer)));
        maker.write("other-trust.toml", pinned(public("stranger")));
        let witness = &self.words["witness"];
        maker.write("witnesses.policy", format!("witness w {witness} https://w.example\nquorum w\n"));
        let newest = &self.words["footprint"];
        for kind in ["pcfproof", "json"] {
            let bytes = fs::read(maker.path(&format!("published/{newest}.{kind}"))).unwrap();
            for n in 0..BENT {
                maker.write(&format!("bent-{n}.{kind}"), bent(&bytes, n));
            }
            maker.write(&format!("short.{kind}"), &bytes[..bytes.len() / 2]);
        }
    }

    /// The words of a command line, which quotes keep together, with their values in place of the
    /// braces.
    pub fn split(&self, line: &str) -> Vec<String> {
        let mut words = vec![String::new()];
        let mut quoted = false;
        for c in line.chars() {
            match c {
                '\'' => quoted = !quoted,
                ' ' if !quoted => words.push(String::new()),
                _ => words.last_mut().unwrap().push(c),
            }
        }
        words.retain(|word| !word.is_empty());
        for (name, value) in &self.words {
            let name = format!("{{{name}}}");
            words.iter_mut().for_each(|word| *word = word.replace(&name, value));
        }
        words
    }
}

/// Proofs with one character changed, each at another place.
const BENT: usize = 12;

/// The first digit from the `n`-th part on is another one, so that most of them still parse; the
/// very first
/// is a letter.
fn bent(bytes: &[u8], n: usize) -> Vec<u8> {
    let mut bent = bytes.to_vec();
    let from = bytes.len() * n / BENT;
    let counts = |byte: u8| if n == 0 { byte.is_ascii_alphabetic() } else { byte.is_ascii_digit() };
    if let Some(at) = (from..bytes.len()).find(|at| counts(bytes[*at])) {
        bent[at] = if bytes[at] == b'9' { b'8' } else { bytes[at] + 1 };
    }
    bent
}

/// Lines that change nothing in the ledger.
pub fn reading(desk: &Desk) -> Vec<String> {
    if desk.name == "large" {
        return owned(verbs::LARGE);
    }
    let mut lines = owned(verbs::READING);
    for id in &desk.words.statements {
        lines.push(format!("log statement {id}"));
        lines.push(format!("log prove {id} --out out/place.tlog-proof"));
        lines.push(format!("redact {id} --reason 'names a person' --dry-run"));
    }
    for id in &desk.words.footprints {
        lines.push(format!("prove {id} --out out/proof.pcfproof --pact out/pact.json"));
        lines.push(format!("prove {id} --out out/proof.pcfproof --withhold"));
        lines.push(format!("verify published/{id}.pcfproof --key {{vkey}}"));
        lines.push(format!("verify published/{id}.json --key {{vkey}}"));
        lines.push(format!("verify published/{id}.pcfproof published/{id}.json --key {{first-vkey}}"));
        lines.push(format!("footprint --difference {} {id}", desk.words.footprints[0]));
    }
    for n in 0..BENT {
        lines.push(format!("verify bent-{n}.pcfproof --key {{vkey}}"));
        lines.push(format!("verify bent-{n}.json --key {{vkey}}"));
    }
    lines.extend(desk.lines.iter().cloned());
    lines
}

/// Lines that write, in their order on one copy.
pub fn writing(desk: &Desk) -> Vec<&'static str> {
    let own = if desk.name == "demo" { verbs::WRITING_DEMO } else { &[] };
    own.iter().chain(verbs::WRITING).copied().collect()
}

/// Lines that need no ledger, or find none.
pub fn without_a_ledger() -> Vec<String> {
    let mut lines = owned(verbs::ALONE);
    lines.extend(
        verbs::NO_LEDGER.iter().flat_map(|line| [format!("{line} --format json"), (*line).to_owned()]),
    );
    for (verb, below) in verbs::VERBS {
        lines.push(format!("{verb} --help"));
        lines.extend(below.iter().map(|below| format!("{verb} {below} --help")));
        lines.extend(below.iter().map(|below| format!("{verb} {below} --no-such-option")));
        lines.push(format!("{verb} --no-such-option"));
        if !below.is_empty() {
            lines.push((*verb).to_owned());
        }
    }
    lines
}

fn owned(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|&line| line.to_owned()).collect()
}
