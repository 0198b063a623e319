//! Ed25519 for keys that sign often: with the multiples of a point laid out once, a signature's equation takes additions alone, and less than
//! half the time. What is accepted here is what strict verification accepts; what is not is left to `ed25519_dalek` to refuse.

use std::sync::LazyLock;

use curve25519_dalek::constants::ED25519_BASEPOINT_POINT;
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::{Identity as _, IsIdentity as _};

use crate::codec::digest::sha512;

/// The multiples of a point by which any scalar is reached in one addition a byte: in row `i` stand `1..=128` times `256^i` times the point.
/// Some 655 kB.
pub(super) struct Multiples(Vec<[EdwardsPoint; HALF]>);

/// A byte stands for -127 to 128, so that half as many multiples serve.
const HALF: usize = 128;

/// The multiples of the generator B.
static GENERATOR: LazyLock<Multiples> = LazyLock::new(|| Multiples::of(ED25519_BASEPOINT_POINT));

impl Multiples {
    fn of(point: EdwardsPoint) -> Self {
        let mut first = point;
        Self(std::iter::repeat_with(|| next_row(&mut first)).take(32).collect())
    }

    /// Those of a public key, with its sign changed; none where the bytes are no point.
    pub(super) fn of_key(key: &[u8; 32]) -> Option<Self> {
        CompressedEdwardsY(*key).decompress().map(|point| Self::of(-point))
    }

    /// `sum` and so many times the point.
    fn add(&self, mut sum: EdwardsPoint, times: &Scalar) -> EdwardsPoint {
        let mut carry = 0;
        for (row, byte) in self.0.iter().zip(times.as_bytes()) {
            let digit = usize::from(*byte) + carry;
            carry = usize::from(digit > HALF);
            // The highest byte of a scalar is at most 16, so that nothing is carried out of it. Of nothing, nothing is added.
            if carry == 0 {
                row.get(digit.wrapping_sub(1)).into_iter().for_each(|point| sum += point);
            } else {
                row.get((2 * HALF).wrapping_sub(digit + 1)).into_iter().for_each(|point| sum -= point);
            }
        }
        sum
    }
}

/// `1..=128` times the point, which becomes 256 times itself.
fn next_row(first: &mut EdwardsPoint) -> [EdwardsPoint; HALF] {
    let mut last = EdwardsPoint::identity();
    let row = std::array::from_fn(|_| {
        last += *first;
        last
    });
    *first = last + last;
    row
}

/// True where the signature is one by `key` over `message`, whose [`Multiples::of_key`] are `minus_key`: its scalar S is canonical, its R is the
/// canonical spelling of `S·B - k·A` (RFC 8032, 5.1.7, without cofactor) and not of small order.
pub(super) fn accepts(key: &[u8; 32], minus_key: &Multiples, message: &[u8], signature: &[u8; 64]) -> bool {
    let (Some(r), Some(s)) = (signature.first_chunk::<32>(), signature.last_chunk::<32>()) else {
        return false;
    };
    let Some(s) = Option::<Scalar>::from(Scalar::from_canonical_bytes(*s)) else { return false };
    let k = Scalar::from_bytes_mod_order_wide(&sha512(&[r, key, message]));
    let point = GENERATOR.add(minus_key.add(EdwardsPoint::identity(), &k), &s);
    point.compress().as_bytes() == r && !point.mul_by_cofactor().is_identity()
}

#[cfg(test)]
mod tests {
    use curve25519_dalek::constants::EIGHT_TORSION;

    use super::*;
    use crate::sign::{SigningKey, VerifyingKey};

    fn by_tables(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
        accepts(key, &Multiples::of_key(key).unwrap(), message, signature)
    }

    #[test]
    fn multiples_add_up_to_every_scalar() {
        let mut random = [9; 64];
        for n in 0..200_u8 {
            random = sha512(&[&random, &[n]]);
            let mut times = Scalar::from_bytes_mod_order_wide(&random);
            match n {
                0 => times = Scalar::ZERO,
                1 => times = -Scalar::ONE,
                // Digits around the half, where the sign changes and a carry goes on.
                2..130 => times = Scalar::from_bytes_mod_order([n + 0x3f; 32]),
                _ => {}
            }
            assert_eq!(GENERATOR.add(EdwardsPoint::identity(), &times), ED25519_BASEPOINT_POINT * times);
        }
    }

    #[test]
    fn a_signature_is_accepted_where_strict_verification_accepts_it_and_nowhere_else() {
        let key = SigningKey::generate([3; 32]);
        let public = key.verifying_key();
        let bytes = public.to_bytes();
        let multiples = Multiples::of_key(&bytes).unwrap();
        let message = [5; 120];
        let signature = key.sign(&message);
        assert!(accepts(&bytes, &multiples, &message, &signature));
        for bit in 0..512 {
            let mut other = signature;
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(
                !accepts(&bytes, &multiples, &message, &other) && public.verify(&message, &other).is_err()
            );
        }
        for bit in 0..message.len() * 8 {
            let mut other = message;
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(!accepts(&bytes, &multiples, &other, &signature));
        }
        // The scalar's second spelling: S + L, which is below 2^256.
        let order = hex::decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").unwrap();
        let (mut second, mut carry) = (signature, 0_u16);
        for (byte, more) in second[32..].iter_mut().zip(order) {
            let sum = u16::from(*byte) + u16::from(more) + carry;
            (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
        }
        assert!(!accepts(&bytes, &multiples, &message, &second) && public.verify(&message, &second).is_err());
    }

    #[test]
    fn an_r_of_small_order_is_not_accepted_although_the_equation_holds() {
        // Who knows the secret scalar a makes R = 0 hold with S = k·a.
        let secret = Scalar::from_bytes_mod_order([0x42; 32]);
        let key = (ED25519_BASEPOINT_POINT * secret).compress().to_bytes();
        let r = EdwardsPoint::identity().compress().to_bytes();
        let k = Scalar::from_bytes_mod_order_wide(&sha512(&[&r, &key, b"message"]));
        let mut signature = [0; 64];
        signature[..32].copy_from_slice(&r);
        signature[32..].copy_from_slice((k * secret).as_bytes());
        assert!(!by_tables(&key, b"message", &signature));
        assert!(VerifyingKey::from_bytes(&key).unwrap().verify(b"message", &signature).is_err());
    }

    #[test]
    fn a_key_with_a_part_of_small_order_verifies_as_strictly_as_in_the_library() {
        let (secret, nonce) =
            (Scalar::from_bytes_mod_order([0x42; 32]), Scalar::from_bytes_mod_order([0x17; 32]));
        let key = (ED25519_BASEPOINT_POINT * secret + EIGHT_TORSION[1]).compress().to_bytes();
        let public = VerifyingKey::from_bytes(&key).unwrap();
        let (r, mut accepted) = ((ED25519_BASEPOINT_POINT * nonce).compress().to_bytes(), 0);
        for n in 0..64_u8 {
            let k = Scalar::from_bytes_mod_order_wide(&sha512(&[&r, &key, &[n]]));
            let mut signature = [0; 64];
            signature[..32].copy_from_slice(&r);
            signature[32..].copy_from_slice((nonce + k * secret).as_bytes());
            let strict = public.verify(&[n], &signature).is_ok();
            assert_eq!(by_tables(&key, &[n], &signature), strict, "{n}");
            accepted += usize::from(strict);
        }
        // It holds where k is a multiple of eight.
        assert!((1..64).contains(&accepted), "{accepted}");
    }
}
