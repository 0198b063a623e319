//! Every fuzz target keeps its promise for every seed and for every input that once broke it:
//! `tests/vectors/defects/TARGET/NAME-OF-THE-DEFECT`.

use std::fs;
use std::path::{Path, PathBuf};

#[path = "../fuzz/src/lib.rs"]
mod targets;

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).unwrap_or_else(|e| panic!("{}: {e}", dir.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn no_defect_comes_back() {
    for dir in files(&vectors().join("defects")).into_iter().filter(|path| path.is_dir()) {
        let name = dir.file_name().unwrap().to_str().unwrap();
        let (_, target) = targets::TARGETS.iter().find(|(target, _)| *target == name).unwrap();
        for file in files(&dir) {
            println!("{name}: {}", file.display());
            target(&fs::read(file).unwrap());
        }
    }
}

#[test]
fn what_the_vectors_hold_breaks_no_promise_of_any_target() {
    let areas = ["bundle", "files", "inventories", "keys", "pact", "seal", "tlog/log5"];
    let seeds: Vec<PathBuf> = areas.iter().flat_map(|area| files(&vectors().join(area))).collect();
    assert!(seeds.len() > 30);
    for file in seeds.iter().filter(|path| path.is_file()) {
        let bytes = fs::read(file).unwrap();
        for (name, target) in targets::TARGETS {
            println!("{name}: {}", file.display());
            target(&bytes);
        }
    }
}

#[test]
fn small_changes_of_a_proof_and_of_a_ledger_are_found() {
    // Every kind of change at places all over: the fuzzer goes on from here.
    for n in 0..120_u32 {
        let [_, b, c, d] = (n.wrapping_mul(2_654_435_761)).to_be_bytes();
        for how in 0..4 {
            targets::sound_proof(&[how, b, c, n as u8, d, b ^ d]);
            targets::sound_ledger(&[how, n as u8, b, c, n as u8, d, c ^ d]);
        }
    }
}
