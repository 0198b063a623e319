//! Random bits by place: Threefry-4x64 with 20 rounds (Salmon, Moraes, Dror, Shaw, "Parallel random
//! numbers: as easy as 1, 2, 3", SC 2011, section 4.2). No state: the same key and counter give the
//! same bits, whoever asks and when.

/// Rotations of the eight rounds that repeat (table 3 of the paper).
const ROTATIONS: [[u32; 2]; 8] =
    [[14, 16], [52, 57], [23, 40], [5, 37], [25, 33], [46, 12], [58, 22], [32, 32]];

/// Parity constant of the key schedule (Skein 1.3, section 3.3.2).
const PARITY: u64 = 0x1BD1_1BDA_A9FC_1A22;

/// 256 bits for a key of 256 and a counter of 256.
pub(super) fn threefry(key: [u64; 4], counter: [u64; 4]) -> [u64; 4] {
    let [k0, k1, k2, k3] = key;
    let schedule = [k0, k1, k2, k3, PARITY ^ k0 ^ k1 ^ k2 ^ k3];
    let mut x = counter;
    for (word, key) in x.iter_mut().zip(key) {
        *word = word.wrapping_add(key);
    }
    for round in 0..20_usize {
        let [left, right] = ROTATIONS[round % 8];
        // Even rounds mix (0, 1) and (2, 3), odd ones (0, 3) and (2, 1).
        let (a, b) = if round % 2 == 0 { (1, 3) } else { (3, 1) };
        x[0] = x[0].wrapping_add(x[a]);
        x[a] = x[a].rotate_left(left) ^ x[0];
        x[2] = x[2].wrapping_add(x[b]);
        x[b] = x[b].rotate_left(right) ^ x[2];
        if round % 4 == 3 {
            let injected = round / 4 + 1;
            for (at, word) in x.iter_mut().enumerate() {
                *word = word.wrapping_add(schedule[(injected + at) % 5]);
            }
            x[3] = x[3].wrapping_add(injected as u64); // OK because it is at most 5.
        }
    }
    x
}

#[cfg(test)]
mod tests {
    use super::threefry;

    /// The known answers that come with Random123 (`kat_vectors`, threefry4x64 20).
    #[test]
    fn the_bits_are_those_of_the_published_known_answers() {
        assert_eq!(
            threefry([0; 4], [0; 4]),
            [0x09218ebde6c85537, 0x55941f5266d86105, 0x4bd25e16282434dc, 0xee29ec846bd2e40b]
        );
        assert_eq!(
            threefry([u64::MAX; 4], [u64::MAX; 4]),
            [0x29c24097942bba1b, 0x0371bbfb0f6f4e11, 0x3c231ffa33f83a1c, 0xcd29113fde32d168]
        );
        let counter = [0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89];
        let key = [0x452821e638d01377, 0xbe5466cf34e90c6c, 0xbe5466cf34e90c6c, 0xc0ac29b7c97c50dd];
        assert_eq!(
            threefry(key, counter),
            [0xa7e8fde591651bd9, 0xbaafd0c30138319b, 0x84a5c1a729e685b9, 0x901d406ccebc1ba4]
        );
    }
}
