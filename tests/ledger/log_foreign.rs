//! Crates that are not ours accept the log: `signed_note` reads its checkpoint, `ct-merkle` its
//! proofs of inclusion and growth.

use ct_merkle::digest::array::Array;
use ct_merkle::digest::{FixedOutput, HashMarker, Output, OutputSizeUser, Update, typenum};
use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::log::SignedCheckpoint;
use pcf_ledger::merkle::{Hash, consistency_proof, inclusion_proof};
use pcf_ledger::store::memory::MemoryStore;
use pcf_testing::{ACME, LOG, OPERATOR, actor, factor, genesis, key, statement};
use sha2::Digest as _;
use signed_note::{StandardVerifier, VerifierList};

/// SHA-256 for the newer generation of traits that `ct-merkle` asks for.
#[derive(Clone, Default)]
struct Sha256(sha2::Sha256);

impl HashMarker for Sha256 {}

impl OutputSizeUser for Sha256 {
    type OutputSize = typenum::U32;
}

impl Update for Sha256 {
    fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }
}

impl FixedOutput for Sha256 {
    fn finalize_into(self, out: &mut Output<Self>) {
        let hash: Hash = self.0.finalize().into();
        out.copy_from_slice(&hash);
    }
}

fn digests(hashes: &[Hash]) -> Vec<Output<Sha256>> {
    hashes.iter().map(|hash| Array(*hash)).collect()
}

fn root_of(root: &Hash, size: u64) -> RootHash<Sha256> {
    RootHash::new(Array(*root), size)
}

fn ledger(size: u64) -> Ledger<MemoryStore> {
    let mut ledger = Ledger::in_memory(genesis(), &key(OPERATOR), 0).unwrap();
    ledger.append(&key(OPERATOR), 0, &[statement(actor("acme", &[ACME]))]).unwrap();
    for n in ledger.size()..size {
        ledger.append(&key(ACME), n, &[statement(factor("acme", &format!("f-{n}")))]).unwrap();
    }
    ledger
}

fn signed(ledger: &Ledger<MemoryStore>) -> SignedCheckpoint {
    ledger.sign_checkpoint(&key(LOG), &[]).unwrap()
}

#[test]
fn another_implementation_reads_the_checkpoint_by_the_verifier_key() {
    let ledger = ledger(5);
    let note = signed(&ledger).note().to_string();
    let vkey = ledger.verifier_key().unwrap().to_string();
    let known = || VerifierList::new(vec![Box::new(StandardVerifier::new(&vkey).unwrap())]);
    let theirs = signed_note::Note::from_bytes(note.as_bytes()).unwrap();
    assert_eq!(theirs.verify(&known()).unwrap().0.len(), 1);
    assert!(theirs.text().starts_with(format!("{}\n5\n", vkey.split('+').next().unwrap()).as_bytes()));
    let changed = note.replacen("\n5\n", "\n6\n", 1);
    let theirs = signed_note::Note::from_bytes(changed.as_bytes()).unwrap();
    assert!(theirs.verify(&known()).is_err());
}

#[test]
fn another_implementation_finds_every_seal_in_its_place_and_nowhere_else() {
    for size in [1, 2, 3, 8, 21] {
        let ledger =
            if size == 1 { Ledger::in_memory(genesis(), &key(OPERATOR), 0).unwrap() } else { ledger(size) };
        let root = root_of(signed(&ledger).checkpoint().root(), size);
        for index in 0..size {
            let seal = ledger.submission(index).unwrap().seal.to_bytes();
            let path = digests(&inclusion_proof(&ledger.leaves(), index, size).unwrap());
            let proof = InclusionProof::from_digests(path.iter());
            root.verify_inclusion(&seal, index, &proof).unwrap();
            let mut changed = seal;
            changed[100] ^= 1;
            assert!(root.verify_inclusion(&changed, index, &proof).is_err());
            for other in (0..size).filter(|other| *other != index) {
                assert!(root.verify_inclusion(&seal, other, &proof).is_err(), "{index} at {other} of {size}");
            }
        }
    }
}

#[test]
fn another_implementation_sees_that_the_log_only_grew() {
    let ledger = ledger(21);
    let new = root_of(signed(&ledger).checkpoint().root(), 21);
    for size in 1..=21 {
        let path = digests(&consistency_proof(&ledger.leaves(), size, 21).unwrap());
        let proof = ConsistencyProof::from_digests(path.iter());
        let old = ledger.book().root_at(size).unwrap().unwrap();
        new.verify_consistency(&root_of(&old, size), &proof).unwrap();
        let mut forked = old;
        forked[0] ^= 1;
        assert!(new.verify_consistency(&root_of(&forked, size), &proof).is_err(), "a fork at {size}");
    }
}
