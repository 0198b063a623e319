//! Tiles: the static files in which a log is given out (C2SP tlog-tiles). It owns their names and bytes; where they are kept, and which
//! checkpoint stands beside them, is for others.

use std::fmt;

use crate::limits::TILE_WIDTH;
use crate::merkle::{Hash, root};

/// Which kind of tile.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum TileKind {
    /// Hashes of this level; level 0 are the leaf hashes, each level above is over full tiles of the one below.
    Hashes(u8),
    /// The entries themselves, each behind its length.
    Entries,
}

/// One file of the static log. Its [`Display`](fmt::Display) is its path.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Tile {
    /// What it holds.
    pub kind: TileKind,
    /// Its number in its level, from 0.
    pub index: u64,
    /// How many hashes or entries it holds: 1 to [`TILE_WIDTH`].
    pub width: usize,
}

impl fmt::Display for Tile {
    /// `tile/0/x001/x234/067` and, where it is not full, `.p/112` behind it.
    ///
    /// ```
    /// use pcf_core::log::tile::{Tile, TileKind};
    /// let tile = Tile { kind: TileKind::Hashes(0), index: 1_234_067, width: 256 };
    /// assert_eq!(tile.to_string(), "tile/0/x001/x234/067");
    /// ```
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Hashes(level) => write!(f, "tile/{level}")?,
            TileKind::Entries => f.write_str("tile/entries")?,
        }
        let mut groups = vec![self.index % 1000];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        while let Some(group) = groups.pop() {
            write!(f, "/{}{group:03}", if groups.is_empty() { "" } else { "x" })?;
        }
        if self.width < TILE_WIDTH { write!(f, ".p/{}", self.width) } else { Ok(()) }
    }
}

/// The hash tiles of a log with these leaves, each with its bytes, level by level from the leaves up. None is empty.
///
/// ```
/// use pcf_core::log::tile::hash_tiles;
/// use pcf_core::merkle::leaf_hash;
/// let leaves: Vec<_> = (0..=256_u32).map(|n| leaf_hash(&n.to_be_bytes())).collect();
/// let paths: Vec<String> = hash_tiles(&leaves).map(|(tile, _)| tile.to_string()).collect();
/// assert_eq!(paths, ["tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1"]);
/// ```
pub fn hash_tiles(leaves: &[Hash]) -> impl Iterator<Item = (Tile, Vec<u8>)> {
    let mut levels: Vec<Vec<Hash>> = vec![leaves.to_vec()];
    while let Some(below) = levels.last() {
        // Only full tiles have a hash in the level above.
        let above: Vec<Hash> = below.chunks_exact(TILE_WIDTH).map(root).collect();
        if above.is_empty() {
            break;
        }
        levels.push(above);
    }
    levels.into_iter().zip(0_u8..).flat_map(|(hashes, level)| {
        let tiles: Vec<(Tile, Vec<u8>)> = hashes
            .chunks(TILE_WIDTH)
            .zip(0_u64..)
            .map(|(part, index)| {
                (Tile { kind: TileKind::Hashes(level), index, width: part.len() }, part.concat())
            })
            .collect();
        tiles
    })
}

/// The entry tiles of a log of this size, without their bytes.
pub fn entry_tiles(size: u64) -> impl Iterator<Item = Tile> {
    let full = size / TILE_WIDTH as u64; // OK because a usize of 256 fits.
    let rest = usize::try_from(size % TILE_WIDTH as u64).unwrap_or_default(); // OK because it is below 256.
    let partial = (rest > 0).then_some(Tile { kind: TileKind::Entries, index: full, width: rest });
    (0..full).map(|index| Tile { kind: TileKind::Entries, index, width: TILE_WIDTH }).chain(partial)
}

/// The bytes of an entry tile: each entry behind its length as two big-endian bytes. `None` for an entry above 65,535 bytes.
pub fn entries<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for entry in entries {
        bytes.extend(u16::try_from(entry.len()).ok()?.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merkle::leaf_hash;

    fn path(index: u64, width: usize) -> String {
        Tile { kind: TileKind::Entries, index, width }.to_string()
    }

    #[test]
    fn a_path_has_groups_of_three_digits_and_names_a_tile_that_is_not_full() {
        assert_eq!(path(0, 256), "tile/entries/000");
        assert_eq!(path(999, 1), "tile/entries/999.p/1");
        assert_eq!(path(1000, 255), "tile/entries/x001/000.p/255");
        assert_eq!(path(67, 256), "tile/entries/067");
    }

    #[test]
    fn seventy_thousand_leaves_have_the_tiles_that_the_format_names() {
        let leaves: Vec<Hash> = (0..70_000_u32).map(|n| leaf_hash(&n.to_be_bytes())).collect();
        let tiles: Vec<(Tile, Vec<u8>)> = hash_tiles(&leaves).collect();
        let paths: Vec<String> = tiles.iter().map(|(tile, _)| tile.to_string()).collect();
        assert_eq!(paths.len(), 274 + 2 + 1);
        assert_eq!(paths[273..], ["tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"]);
        assert!(tiles.iter().all(|(tile, bytes)| bytes.len() == 32 * tile.width));
        assert_eq!(entry_tiles(70_000).count(), 274);
        assert_eq!(entry_tiles(512).last().map(|tile| tile.width), Some(256), "no tile is empty");
        assert_eq!(entry_tiles(0).count() + hash_tiles(&[]).count(), 0);
    }
}
