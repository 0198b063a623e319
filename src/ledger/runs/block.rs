//! Blocks of 1,024 bytes, each with a check of its bytes and its place. It owns the check and never
//! reads a file.

use crate::codec::digest::sha256;

/// Bytes of a block: a lookup reads and checks one, so that larger ones cost time and smaller ones
/// room.
pub(super) const BLOCK_LEN: usize = 1 << 10;
/// Bytes of a block that hold rows.
pub(super) const PAYLOAD_LEN: usize = BLOCK_LEN - CHECK_LEN;
/// Bytes of a block's check: the first of a SHA-256.
const CHECK_LEN: usize = 8;

/// A block with its check.
pub(super) type Block = [u8; BLOCK_LEN];

/// The key of one run's checks: blocks of another run, ledger or layout do not pass under it.
#[derive(Debug, Clone, Copy)]
pub(super) struct RunKey([u8; 32]);

impl RunKey {
    pub(super) fn new(ledger_id: &[u8; 32], name: &[u8; 16], layout: u32) -> Self {
        Self(sha256(&[b"pcf run", ledger_id, name, &layout.to_le_bytes()]))
    }

    /// Appends the block with number `number` that holds `payload`, filled up with zeros.
    pub(super) fn append(&self, number: u64, payload: &[u8], into: &mut Vec<u8>) {
        let start = into.len();
        into.extend_from_slice(payload);
        into.resize(start + PAYLOAD_LEN, 0);
        let check = self.check(number, into.get(start..).unwrap_or_default());
        into.extend_from_slice(&check);
    }

    /// Whether `block` is the block with number `number` of this run, unchanged.
    pub(super) fn holds(&self, number: u64, block: &Block) -> bool {
        let (payload, check) = block.split_at(PAYLOAD_LEN);
        self.check(number, payload) == check
    }

    fn check(&self, number: u64, payload: &[u8]) -> [u8; CHECK_LEN] {
        let [a, b, c, d, e, f, g, h, ..] = sha256(&[&self.0, &number.to_le_bytes(), payload]);
        [a, b, c, d, e, f, g, h]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_passes_only_as_it_is_in_its_place_of_its_run() {
        let key = RunKey::new(&[1; 32], &[2; 16], 1);
        let mut bytes = Vec::new();
        key.append(7, b"rows", &mut bytes);
        let block: Block = bytes.try_into().unwrap();
        assert!(key.holds(7, &block) && !key.holds(8, &block));
        let others = [([3; 32], [2; 16], 1), ([1; 32], [3; 16], 1), ([1; 32], [2; 16], 2)];
        for (ledger_id, name, layout) in others {
            assert!(!RunKey::new(&ledger_id, &name, layout).holds(7, &block));
        }
        for at in 0..BLOCK_LEN {
            let mut changed = block;
            changed[at] ^= 1;
            assert!(!key.holds(7, &changed), "byte {at}");
        }
    }
}
