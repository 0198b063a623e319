//! The tree agrees with published vectors and with another implementation, and every flipped bit of
//! a proof is refused.

use std::fs;
use std::path::{Path, PathBuf};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use pcf_ledger::codec::digest::sha256;
use pcf_ledger::merkle::{
    Frontier, Hash, MerkleError, consistency_proof, empty_root, inclusion_proof, leaf_hash, root,
    subtree_consistency_proof, subtree_inclusion_proof, subtree_root, verify_consistency, verify_inclusion,
    verify_subtree_consistency, verify_subtree_inclusion,
};
use serde_json::Value;

const SIZES: u64 = 130;

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|i| leaf_hash(&i.to_be_bytes())).collect()
}

fn prefix(leaves: &[Hash], size: u64) -> &[Hash] {
    &leaves[..usize::try_from(size).unwrap()]
}

/// Each proof that differs from `proof` in one bit of one hash, lacks a hash, or has one too many.
fn damaged(proof: &[Hash]) -> Vec<Vec<Hash>> {
    let mut all = vec![[proof, &[[0; 32]]].concat(), [&[empty_root()], proof].concat()];
    for at in 0..proof.len() {
        let mut flipped = proof.to_vec();
        flipped[at][at % 32] ^= 1 << (at % 8);
        all.push(flipped);
        let mut shorter = proof.to_vec();
        shorter.remove(at);
        all.push(shorter);
    }
    all
}

#[test]
fn every_leaf_of_every_size_is_proven_and_no_damaged_proof_holds() {
    let leaves = leaves(SIZES);
    for size in 1..=SIZES {
        let root = root(prefix(&leaves, size));
        for index in 0..size {
            let leaf = &leaves[usize::try_from(index).unwrap()];
            let proof = inclusion_proof(&leaves, index, size).unwrap();
            verify_inclusion(leaf, index, size, &proof, &root).unwrap();
            for bad in damaged(&proof) {
                assert!(verify_inclusion(leaf, index, size, &bad, &root).is_err(), "{index} of {size}");
            }
            assert!(verify_inclusion(&empty_root(), index, size, &proof, &root).is_err());
            assert!(verify_inclusion(leaf, index, size, &proof, leaf).is_err() || size == 1);
            assert!(verify_inclusion(leaf, index ^ 1, size, &proof, &root).is_err());
        }
    }
}

#[test]
fn every_older_tree_is_proven_and_no_damaged_proof_holds() {
    let leaves = leaves(SIZES);
    let roots: Vec<Hash> = (0..=SIZES).map(|size| root(prefix(&leaves, size))).collect();
    let root_at = |size: u64| &roots[usize::try_from(size).unwrap()];
    for new in 1..=SIZES {
        for old in 1..=new {
            let proof = consistency_proof(&leaves, old, new).unwrap();
            verify_consistency(old, root_at(old), new, root_at(new), &proof).unwrap();
            verify_subtree_consistency(0, old, root_at(old), new, root_at(new), &proof).unwrap();
            for bad in damaged(&proof) {
                assert!(
                    verify_consistency(old, root_at(old), new, root_at(new), &bad).is_err(),
                    "{old} {new}"
                );
            }
            assert!(verify_consistency(old, root_at(old - 1), new, root_at(new), &proof).is_err());
            assert!(verify_consistency(old, root_at(old), new, root_at(new - 1), &proof).is_err());
        }
    }
}

#[test]
fn every_subtree_is_proven_and_no_damaged_proof_holds() {
    let size_max = 36;
    let leaves = leaves(size_max);
    for (start, end) in (0..size_max).flat_map(|start| (start + 1..=size_max).map(move |end| (start, end))) {
        let Ok(part) = subtree_root(&leaves, start, end) else {
            assert!(start % (end - start).next_power_of_two() != 0);
            continue;
        };
        for index in start..end {
            let leaf = &leaves[usize::try_from(index).unwrap()];
            let proof = subtree_inclusion_proof(&leaves, index, start, end).unwrap();
            verify_subtree_inclusion(leaf, index, start, end, &proof, &part).unwrap();
            for bad in damaged(&proof) {
                assert!(verify_subtree_inclusion(leaf, index, start, end, &bad, &part).is_err());
            }
        }
        for size in end..=size_max {
            let whole = root(prefix(&leaves, size));
            let proof = subtree_consistency_proof(&leaves, start, end, size).unwrap();
            verify_subtree_consistency(start, end, &part, size, &whole, &proof)
                .unwrap_or_else(|error| panic!("{start}..{end} of {size}: {error}"));
            for bad in damaged(&proof) {
                assert!(verify_subtree_consistency(start, end, &part, size, &whole, &bad).is_err());
            }
        }
    }
}

#[test]
fn another_implementation_accepts_our_roots_and_proofs() {
    let leaves = leaves(SIZES);
    let theirs = |hash: &Hash| tlog_tiles::tlog::Hash(*hash);
    let roots: Vec<_> = (0..=SIZES).map(|size| theirs(&root(prefix(&leaves, size)))).collect();
    let root_at = |size: u64| roots[usize::try_from(size).unwrap()];
    for size in 1..=SIZES {
        for index in 0..size {
            let proof: Vec<_> = inclusion_proof(&leaves, index, size).unwrap().iter().map(theirs).collect();
            let leaf = theirs(&leaves[usize::try_from(index).unwrap()]);
            tlog_tiles::tlog::check_record(&proof, size, root_at(size), index, leaf).unwrap();
            let old = index + 1;
            let proof: Vec<_> = consistency_proof(&leaves, old, size).unwrap().iter().map(theirs).collect();
            tlog_tiles::tlog::check_tree(&proof, size, root_at(size), old, root_at(old)).unwrap();
        }
    }
}

#[test]
fn a_tree_grown_leaf_by_leaf_has_the_roots_of_the_definition() {
    fn by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => empty_root(),
            [leaf] => *leaf,
            _ => {
                let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
                pcf_ledger::merkle::node_hash(&by_definition(left), &by_definition(right))
            }
        }
    }
    let leaves = leaves(SIZES);
    let mut frontier = Frontier::new();
    for size in 0..SIZES {
        assert_eq!(frontier.size(), size);
        assert_eq!(frontier.root(), by_definition(prefix(&leaves, size)));
        frontier.push(leaves[usize::try_from(size).unwrap()]);
    }
}

#[test]
fn sizes_and_positions_out_of_range_are_errors_that_say_so() {
    let leaves = leaves(4);
    let root = root(&leaves);
    let outside = MerkleError::IndexOutOfRange { index: 4, size: 4 };
    assert_eq!(inclusion_proof(&leaves, 4, 4).unwrap_err(), outside);
    assert_eq!(verify_inclusion(&root, 4, 4, &[], &root).unwrap_err(), outside);
    assert_eq!(consistency_proof(&leaves, 0, 4).unwrap_err(), MerkleError::EmptyOldTree);
    assert_eq!(
        verify_consistency(0, &empty_root(), 0, &empty_root(), &[]).unwrap_err(),
        MerkleError::EmptyOldTree
    );
    let order = MerkleError::SizesOutOfOrder { old: 5, new: 4 };
    assert_eq!(consistency_proof(&leaves, 5, 4).unwrap_err(), order);
    assert_eq!(verify_consistency(5, &root, 4, &root, &[]).unwrap_err(), order);
    let length = verify_inclusion(&leaves[0], 0, 4, &[root], &root).unwrap_err();
    assert_eq!(length.to_string(), "expected a proof of 2 hashes, got 1");
}

#[test]
fn the_largest_sizes_are_answered_without_overflow() {
    let hash = leaf_hash(b"x");
    for length in 0..70 {
        let proof = vec![hash; length];
        for (a, b) in [(u64::MAX - 1, u64::MAX), (1 << 63, u64::MAX), (u64::MAX, u64::MAX), (1, u64::MAX)] {
            assert!(verify_inclusion(&hash, a, b, &proof, &hash).is_err());
            let same = a == b && length == 0;
            assert_eq!(verify_consistency(a, &hash, b, &hash, &proof).is_ok(), same);
            assert_eq!(verify_subtree_consistency(0, a, &hash, b, &hash, &proof).is_ok(), same);
            assert!(verify_subtree_consistency(a, b, &hash, b, &hash, &proof).is_err());
        }
    }
}

fn vector_files(under: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(under).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            vector_files(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "json") {
            found.push(path);
        }
    }
}

/// The hash of a case; a text of another length is replaced by a hash of it, so that equal texts stay equal.
fn hash_of(value: &Value) -> Hash {
    let bytes = BASE64_STANDARD.decode(value.as_str().unwrap()).unwrap();
    Hash::try_from(bytes.as_slice()).unwrap_or_else(|_| sha256(&[b"no hash: ", &bytes]))
}

/// Runs all cases of one kind and returns how many there are, and how many of them hold.
fn run_vectors(kind: &str, verify: impl Fn(&Value, &[Hash]) -> Result<(), MerkleError>) -> (usize, usize) {
    let mut files = Vec::new();
    vector_files(&Path::new("tests/vectors/tlog/merkle").join(kind), &mut files);
    let mut holding = 0;
    for file in &files {
        let case: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
        let proof: Vec<Hash> =
            case["proof"].as_array().map(|hashes| hashes.iter().map(hash_of).collect()).unwrap_or_default();
        let refused = case["wantErr"].as_bool().unwrap();
        let result = verify(&case, &proof);
        // Where a hash should be, nothing is: the type refuses it before any proof is looked at.
        let missing = ["leafHash", "root", "root1", "root2"].iter().any(|key| case[*key] == "");
        assert_eq!(missing || result.is_err(), refused, "{}: {result:?}", file.display());
        holding += usize::from(!refused);
    }
    (files.len(), holding)
}

#[test]
fn the_inclusion_vectors_behave() {
    let counts = run_vectors("inclusion", |case, proof| {
        let (index, size) = (case["leafIdx"].as_u64().unwrap(), case["treeSize"].as_u64().unwrap());
        verify_inclusion(&hash_of(&case["leafHash"]), index, size, proof, &hash_of(&case["root"]))
    });
    assert_eq!(counts, (98, 6));
}

#[test]
fn the_consistency_vectors_behave() {
    let counts = run_vectors("consistency", |case, proof| {
        let (old, new) = (case["size1"].as_u64().unwrap(), case["size2"].as_u64().unwrap());
        verify_consistency(old, &hash_of(&case["root1"]), new, &hash_of(&case["root2"]), proof)
    });
    assert_eq!(counts, (98, 6));
}

#[test]
fn the_subtree_inclusion_vectors_behave() {
    let counts = run_vectors("subtreeinclusion", |case, proof| {
        let [index, start, end] = ["leafIdx", "start", "end"].map(|key| case[key].as_u64().unwrap());
        verify_subtree_inclusion(
            &hash_of(&case["leafHash"]),
            index,
            start,
            end,
            proof,
            &hash_of(&case["root"]),
        )
    });
    assert_eq!(counts, (204, 12));
}

#[test]
fn the_subtree_consistency_vectors_behave() {
    let counts = run_vectors("subtreeconsistency", |case, proof| {
        let [start, end, size] = ["start", "end", "size"].map(|key| case[key].as_u64().unwrap());
        let (part, whole) = (hash_of(&case["root1"]), hash_of(&case["root2"]));
        verify_subtree_consistency(start, end, &part, size, &whole, proof)
    });
    assert_eq!(counts, (118, 12));
}
