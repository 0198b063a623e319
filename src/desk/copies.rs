//! Which files of a project still have the body of a statement. A body is found by its salt: 16
//! random bytes that stand nowhere else, spelled the same in a proof, a PACT file, a submission
//! file and an export. It changes nothing.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use pcf_ledger::model::Salt;
use serde::Serialize;

/// Bytes that are read at a time.
const BLOCK_BYTES: usize = 1 << 18;

/// What a search found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Copies {
    /// Files that have the body.
    pub files: Vec<PathBuf>,
    /// Files and directories that could not be read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<PathBuf>,
}

/// Searches every file below these directories except `but`, the ledger itself. A directory that is
/// given may be a link; links below it are not followed.
pub fn find(salt: &Salt, below: &[PathBuf], but: &Path) -> Copies {
    let follow = |path: &PathBuf| path.canonicalize().ok().filter(|_| path.is_symlink());
    let mut left: Vec<PathBuf> =
        below.iter().map(|path| follow(path).unwrap_or_else(|| path.clone())).collect();
    let mut copies = Copies::default();
    let (but, salt) = (but.canonicalize().ok(), salt.to_string());
    while let Some(path) = left.pop() {
        let Ok(about) = fs::symlink_metadata(&path) else { continue };
        if about.is_dir() {
            if path.canonicalize().ok() == but {
                continue;
            }
            match fs::read_dir(&path) {
                Ok(entries) => left.extend(entries.filter_map(|entry| Some(entry.ok()?.path()))),
                Err(_) => copies.unread.push(path),
            }
        } else if about.is_file() {
            match holds(&path, salt.as_bytes()) {
                Ok(true) => copies.files.push(path),
                Ok(false) => {}
                Err(_) => copies.unread.push(path),
            }
        }
    }
    copies.files.sort();
    copies.unread.sort();
    copies
}

fn holds(path: &Path, wanted: &[u8]) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let mut block = Vec::with_capacity(BLOCK_BYTES + wanted.len());
    loop {
        let before = block.len();
        file.by_ref().take(BLOCK_BYTES as u64).read_to_end(&mut block)?; // OK because a usize has at most 64 bits.
        if block.windows(wanted.len()).any(|part| part == wanted) {
            return Ok(true);
        }
        if block.len() == before {
            return Ok(false);
        }
        // What is looked for may lie across two blocks.
        block.drain(..block.len().saturating_sub(wanted.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_found_across_blocks_and_in_any_depth_and_the_ledger_is_left_out() {
        let dir = tempfile::tempdir().unwrap();
        let salt = Salt::from_bytes(*b"0123456789abcdef");
        let inside = |name: &str, bytes: &[u8]| {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, bytes).unwrap();
            path
        };
        let mut long = vec![b'x'; BLOCK_BYTES - 5];
        long.extend(salt.to_string().as_bytes());
        long.extend([b'y'; 100]);
        let found = [inside("a/b/long.pcfproof", &long), inside("c.json", salt.to_string().as_bytes())];
        inside("ledger/segments/000000", salt.to_string().as_bytes());
        inside("other.html", b"nothing");
        let copies = find(&salt, &[dir.path().to_path_buf()], &dir.path().join("ledger"));
        assert_eq!(copies, Copies { files: found.to_vec(), unread: Vec::new() });
    }
}
