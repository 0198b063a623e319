//! How the flows of one statement are shared among outputs: shares to 1e-30 that sum to exactly 1.
//! Decides no method; it applies the one that the statement names.

mod keys;
mod order;

use std::fmt;

use super::amount::plain_decimal;
use crate::model::wide::{Wide, narrow, product, sum};
use crate::model::{ProductId, ValueError};

/// A fraction of a statement's flows, from 0 to 1, as a whole number of 1e-30: a 3 mg output beside
/// 10 Mt still gets its part to 14 significant digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(i128);

impl Share {
    /// Fractional digits of the scale.
    pub const SCALE: u32 = 30;
    /// Everything.
    pub const ONE: Self = Self(10_i128.pow(Self::SCALE));
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// As a whole number of 1e-30.
    pub const fn quanta(self) -> i128 {
        self.0
    }

    /// So many of the equal parts that make the whole.
    pub(super) const fn of_parts(taken: i128, parts: i128) -> Self {
        Self(taken * (Self::ONE.0 / parts)) // OK because parts divide the whole and taken is at most that.
    }
}

/// The number of equal parts of the whole by which all of these shares are whole numbers of them: 1
/// where each is everything or nothing. It keeps the sums of nearly all processes short.
pub(super) fn parts(shares: impl Iterator<Item = Share>) -> i128 {
    let whole = Share::ONE.0.unsigned_abs();
    let common = shares.fold(whole, |common, share| gcd(common, share.0.unsigned_abs()));
    i128::try_from(whole / common).unwrap_or(Share::ONE.0) // OK because the whole is below 2^127.
}

const fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&plain_decimal(Wide::new(self.0), Self::SCALE as usize))
    }
}

/// The share of each product in proportion to its key, in the order given: rounded down to 1e-30,
/// the rest to the largest remainders, ties to the smaller product id. The shares sum to exactly 1.
///
/// # Errors
/// [`ValueError::Combination`] where a key is below zero or all are zero; [`ValueError::Overflow`]
/// for keys beyond 256 bits.
///
/// ```
/// use pcf_core::calc::allocation::shares;
/// use pcf_core::model::{ProductId, wide::Wide};
/// let main: ProductId = "urn:gtin:06901234000016".parse()?;
/// let beside: ProductId = "urn:gtin:06901234000023".parse()?;
/// let of = shares(&[(&main, Wide::new(1)), (&beside, Wide::new(2))])?;
/// assert_eq!(of[0].to_string(), "0.333333333333333333333333333333");
/// assert_eq!(of[1].to_string(), "0.666666666666666666666666666667");
/// assert!(shares(&[(&main, Wide::ZERO), (&beside, Wide::ZERO)]).is_err());
/// # Ok::<(), pcf_core::model::ValueError>(())
/// ```
pub fn shares(keys: &[(&ProductId, Wide)]) -> Result<Vec<Share>, ValueError> {
    let what = "allocation";
    let unfit = |problem: &str| ValueError::Combination { what, problem: problem.to_owned() };
    let mut total = Wide::ZERO;
    for (_, key) in keys {
        if *key < 0 {
            return Err(unfit("expected keys of at least 0, got one below"));
        }
        total = sum(total, *key, what)?;
    }
    if total <= 0 {
        return Err(unfit("expected at least one key above 0, got none"));
    }
    let mut parts = Vec::with_capacity(keys.len());
    let mut left = Share::ONE.0;
    for (index, (id, key)) in keys.iter().enumerate() {
        let scaled = product(*key, Wide::new(Share::ONE.0), what)?;
        let floor = narrow(scaled / total, what)?; // OK because total is above zero.
        left -= floor;
        parts.push((index, *id, floor, scaled % total));
    }
    parts.sort_by(|a, b| b.3.cmp(&a.3).then_with(|| a.1.cmp(b.1)).then(a.0.cmp(&b.0)));
    for part in &mut parts {
        if left == 0 {
            break;
        }
        part.2 += 1;
        left -= 1;
    }
    parts.sort_by_key(|part| part.0);
    Ok(parts.into_iter().map(|part| Share(part.2)).collect())
}
