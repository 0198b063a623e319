//! Catalogue cases: keys, seals, notes, checkpoints and trees.

use std::path::Path;

use pcf_ledger::ledger::{Ledger, LedgerError};
use pcf_ledger::log::{Checkpoint, Policy, SignedCheckpoint, TlogProof, receipt, witness};
use pcf_ledger::merkle::{self, LeafHashes};
use pcf_ledger::sign::{KeyKind, Note, Seal, SigningKey, VerifierKey, VerifyingKey, note};
use pcf_ledger::{
    keyfile,
    ledger::{Post, Reply, Round},
};
use pcf_testing::{LOG, OPERATOR, genesis, key};

use super::catalogue::Catalogue;

fn pem(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/keys").join(name);
    std::fs::read_to_string(path).unwrap()
}

fn verifier(name: &str, n: u8, kind: KeyKind) -> VerifierKey {
    VerifierKey::new(name, kind, key(n).verifying_key()).unwrap()
}

pub fn provoke(c: &mut Catalogue) {
    keys(c);
    seals(c);
    notes(c);
    witnesses(c);
    trees(c);
}

fn keys(c: &mut Catalogue) {
    let mut weak = [0; 32];
    weak[0] = 1;
    c.case("the public key of order 1", VerifyingKey::from_bytes(&weak));
    c.case("a signature of zeros", key(1).verifying_key().verify(b"a message", &[0; 64]));
    c.case("a key file of 100,000 bytes", SigningKey::from_pem(&" ".repeat(100_000), None).map(drop));
    c.case("a key file that says `hello`", SigningKey::from_pem("hello", None).map(drop));
    c.case("a key file with an X25519 key", SigningKey::from_pem(&pem("x25519.pem"), None).map(drop));
    c.case(
        "an encrypted key file without a passphrase",
        SigningKey::from_pem(&pem("pbkdf2.pem"), None).map(drop),
    );
    c.case(
        "an encrypted key file and another passphrase",
        SigningKey::from_pem(&pem("pbkdf2.pem"), Some(b"x")).map(drop),
    );
    c.case(
        "a key file that costs 16 GB to open",
        SigningKey::from_pem(&pem("scrypt-hostile.pem"), Some(b"x")).map(drop),
    );
    c.case("a key file that is not there", keyfile::read(Path::new("absent.pem")).map(drop));
    c.case("a key named `a b`", VerifierKey::new("a b", KeyKind::Ed25519, key(1).verifying_key()));
    c.case("the verifier key `a+b`", "a+b".parse::<VerifierKey>());
}

fn seals(c: &mut Catalogue) {
    let leaves = [[1; 32], [2; 32]];
    let seal = Seal::sign(&key(1), [9; 32], 0, &leaves).unwrap();
    c.case("a seal of 3 bytes", Seal::parse(b"PCF"));
    c.case("a seal over two statements, held to one", seal.check_statements(&leaves[..1]));
    c.case("a seal held to its statements in another order", seal.check_statements(&[[2; 32], [1; 32]]));
}

fn notes(c: &mut Catalogue) {
    let log = verifier("example.com/log", LOG, KeyKind::Ed25519);
    let good = Checkpoint::new("example.com/log", 5, [7; 32]).unwrap().sign(&key(LOG)).unwrap();
    let text = good.to_string();
    c.case("a note that says `hello`", Note::parse(b"hello"));
    let altered = Note::parse(text.replacen("\n5\n", "\n6\n", 1).as_bytes()).unwrap();
    c.case("a checkpoint of size 5 with a 6 in its place", altered.verify(std::slice::from_ref(&log)));
    let other = verifier("example.com/log", 1, KeyKind::Ed25519);
    c.case("a note and a key that did not sign it", good.verify(std::slice::from_ref(&other)));
    let signature = &good.signatures()[0];
    c.case("a log's signature taken for a witness's", note::verify_cosignature(good.text(), signature, &log));

    c.case("a checkpoint whose size is `5.0`", Checkpoint::parse("example.com/log\n5.0\n"));
    c.case("a checkpoint and another log's key", SignedCheckpoint::parse(text.as_bytes(), &other));
    let renamed = Note::sign(
        "elsewhere.com/log\n5\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n",
        "example.com/log",
        &key(LOG),
    );
    c.case(
        "a checkpoint signed under another log's name",
        SignedCheckpoint::from_note(renamed.unwrap(), &log),
    );
    c.case(
        "a checkpoint of size 5 with a 6 in its place, read as signed",
        SignedCheckpoint::from_note(altered, &log),
    );
    c.case("a tlog-proof that says `hello`", TlogProof::parse(b"hello\n"));
    let signed = SignedCheckpoint::from_note(good, &log).unwrap();
    let proof = TlogProof::new(2, vec![[1; 32]; 3], &signed).unwrap();
    c.case("a tlog-proof with an invented path", proof.verify(&[3; 32], &log));
}

/// Leaves that cannot be read.
struct Unreadable;

impl LeafHashes for Unreadable {
    fn leaf(&self, index: u64) -> Result<merkle::Hash, merkle::MerkleError> {
        Err(merkle::MerkleError::Unreadable { index, cause: "the disk is gone".into() })
    }
}

/// A witness that says the same whatever it is told.
struct Says(Reply);

impl Post for Says {
    fn post(&self, _: &str, _: &str) -> Result<Reply, String> {
        Ok(self.0.clone())
    }
}

fn witnesses(c: &mut Catalogue) {
    let leaf = merkle::leaf_hash(b"a seal");
    let note = Checkpoint::new("log.example", 1, leaf).unwrap().sign(&key(1)).unwrap();
    let signed = SignedCheckpoint::from_note(note, &verifier("log.example", 1, KeyKind::Ed25519)).unwrap();
    let known = verifier("witness.example", 2, KeyKind::Cosignature);
    c.case("a policy without a quorum", Policy::parse(format!("witness one {known}\n").as_bytes()));
    let policy = Policy::parse(format!("witness one {known}\nquorum one\n").as_bytes()).unwrap();
    c.case("a checkpoint that no witness has cosigned", policy.check(&signed).map(|names| names.len()));
    let answered =
        |status, body: &str| witness::read_answer(status, "text/plain", body.as_bytes(), &signed, &known);
    c.case("a witness that does not know the log", answered(404, "unknown origin\n"));
    c.case("a witness that answers with a web page", answered(200, "<html>\n"));
    let with_url =
        Policy::parse(format!("witness one {known} http://w.example\nquorum one\n").as_bytes()).unwrap();
    let asked = |size: &str| {
        let reply = Reply {
            status: if size.is_empty() { 422 } else { 409 },
            content_type: "text/x.tlog.size".into(),
            body: size.as_bytes().to_vec(),
        };
        let round = Round::ask(&with_url, &signed, &vec![leaf], 1, &Says(reply)).unwrap();
        round.check(&with_url).map(|names| names.len())
    };
    c.case("a witness that knows the log at size 7", asked("7\n"));
    c.case("a witness that knows another log of this size", asked(""));
    c.case("a witness that was told the size that it knows", asked("1\n"));
    let ledger = Ledger::in_memory(genesis(), &key(OPERATOR), 0).unwrap();
    let kept = |text: String| match ledger.keep_policy(text.as_bytes()) {
        Err(LedgerError::Log(error)) => Err(error),
        other => Ok(other.unwrap()),
    };
    c.case("a policy without URLs, to be kept", kept(format!("witness one {known}\nquorum one\n")));
    let other = verifier("other.example", 1, KeyKind::Ed25519);
    c.case("a policy of another log, to be kept", kept(format!("log {other}\nquorum none\n")));
    c.case("a receipt about nothing", receipt(&signed, &leaf, 0, &[], "", &key(1)));
}

fn trees(c: &mut Catalogue) {
    let leaves = [[1; 32], [2; 32], [3; 32]];
    c.case("the path of leaf 3 of 3", merkle::inclusion_proof(&leaves[..], 3, 3));
    c.case("that a tree of 4 is an older one of 3", merkle::consistency_proof(&leaves[..], 4, 3));
    c.case("that an empty tree is an older one", merkle::consistency_proof(&leaves[..], 0, 3));
    c.case("the subtree of leaves 1 to 3", merkle::subtree_root(&leaves[..], 1, 3));
    c.case("a path without hashes in a tree of 3", merkle::verify_inclusion(&[1; 32], 0, 3, &[], &[9; 32]));
    c.case(
        "a path of invented hashes",
        merkle::verify_inclusion(&[1; 32], 0, 3, &[[1; 32], [2; 32]], &[9; 32]),
    );
    c.case("a tree of 3 with one hash", merkle::Frontier::from_parts(3, vec![[1; 32]]));
    c.case("leaves that the disk does not give", merkle::inclusion_proof(&Unreadable, 0, 3));
}
