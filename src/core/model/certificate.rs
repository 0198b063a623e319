//! Certificates and contracts for electricity, as a flow claims them. Spellings of one id are
//! compared folded, and a range of ids is spelt out. How much is claimed of a certificate, the
//! calculation judges.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::text_value;
use super::{Decimal, Period, Quantity, Text, Unit, ValueError, folded};
use crate::limits::CERTIFICATES_MAX;

/// How many years may lie between generation and use before a reader is told.
pub(crate) const YEARS_NEAR: i16 = 1;

/// How many years may lie between generation and use at all.
pub(crate) const YEARS_MAX: i16 = 2;

/// The most digits at the end of an id that count as its number; further digits belong to the text
/// before it.
const NUMBER_DIGITS_MAX: usize = 18;

/// What stands between the first and the last id of a range.
const TO: &str = "..";

const WHAT: &str = "certificate";

/// A certificate or contract for electricity, or a range of certificates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Instrument {
    /// Its number in its registry, or a range such as `GEC1..GEC3`.
    pub id: CertificateId,
    /// How many kWh it covers, of a range all its certificates together; above zero.
    #[serde(rename = "kWh")]
    pub kwh: Decimal,
    /// When the electricity of a certificate was generated, or the days of a contract.
    pub period: Period,
}

/// The id of a certificate or contract in its registry, or the first and the last id of a range.
///
/// ```
/// use pcf_core::model::CertificateId;
/// let range: CertificateId = "GEC-0009..GEC-0011".parse()?;
/// assert_eq!(range.certificates().ids().collect::<Vec<_>>(), ["gec0009", "gec0010", "gec0011"]);
/// assert!("GEC-0009..REC-0011".parse::<CertificateId>().is_err());
/// # Ok::<(), pcf_core::model::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CertificateId(Text);

/// The certificates that an id names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Certificates(Vec<Run>);

/// Certificates whose folded ids differ in a number of a fixed length at their end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Run {
    prefix: String,
    /// How many digits the number has; 0 where the id ends with none.
    digits: usize,
    first: u64,
    last: u64,
}

impl Instrument {
    /// How much electricity it covers.
    pub fn covers(&self) -> Quantity {
        Quantity { amount: self.kwh, unit: Unit::KilowattHour }
    }
}

impl CertificateId {
    /// The id as it is spelt.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The certificates that it names.
    pub fn certificates(&self) -> Certificates {
        // OK because the id was read the same way before.
        Certificates::read(self.as_str()).unwrap_or_else(|_| Certificates(Vec::new()))
    }
}

impl FromStr for CertificateId {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let id = text.parse().map(Self)?;
        Certificates::read(text).map_err(|problem| ValueError::Combination { what: WHAT, problem })?;
        Ok(id)
    }
}

impl fmt::Display for CertificateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

text_value!(
    CertificateId,
    "CertificateId",
    r"^\S(.*\S)?$",
    "the number of a certificate or contract in its registry, or a range such as GEC1..GEC3",
    |id, serializer| serializer.serialize_str(id.as_str())
);

impl Certificates {
    fn read(text: &str) -> Result<Self, String> {
        let folded: String = folded(text).chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        if !folded.chars().any(char::is_alphanumeric) {
            return Err(format!("`{text}` holds no letter and no digit"));
        }
        match folded.split_once(TO) {
            Some((first, last)) => {
                Self::range(first, last).map_err(|why| format!("the range `{text}` {why}"))
            }
            None => {
                let (prefix, digits, number) = Run::split(&folded);
                Ok(Self(vec![Run { prefix: prefix.to_owned(), digits, first: number, last: number }]))
            }
        }
    }

    fn range(first: &str, last: &str) -> Result<Self, String> {
        let ((prefix, digits, from), (other, digits_last, to)) = (Run::split(first), Run::split(last));
        if digits == 0 || digits_last == 0 || prefix != other {
            return Err(
                "needs two ids with the same text and a number behind it, such as GEC1..GEC3".to_owned()
            );
        }
        let padded = |id: &str, digits: usize| digits > 1 && id.as_bytes().get(prefix.len()) == Some(&b'0');
        if digits != digits_last && (padded(first, digits) || padded(last, digits_last)) {
            return Err("has zeros in front of a number, so both numbers need as many digits".to_owned());
        }
        if from > to {
            return Err("ends before it begins".to_owned());
        }
        let count = to - from + 1; // OK because numbers of 18 digits are below 2^60.
        if count > CERTIFICATES_MAX {
            return Err(format!("names {count} certificates, expected at most {CERTIFICATES_MAX}"));
        }
        let mut runs = Vec::new();
        for digits in digits..=digits_last {
            let least_of_more = (0..digits).fold(1_u64, |power, _| power * 10); // OK because 10^18 fits.
            let last = to.min(least_of_more - 1);
            let first = if runs.is_empty() { from } else { least_of_more / 10 };
            runs.push(Run { prefix: prefix.to_owned(), digits, first, last });
        }
        Ok(Self(runs))
    }

    /// The folded id of each.
    pub fn ids(&self) -> impl Iterator<Item = String> + '_ {
        self.0.iter().flat_map(|run| {
            let Run { prefix, digits, .. } = run;
            (run.first..=run.last).map(move |number| match digits {
                0 => prefix.clone(),
                digits => format!("{prefix}{number:0>digits$}"),
            })
        })
    }

    /// How many there are, 1 to [`CERTIFICATES_MAX`].
    pub fn count(&self) -> u64 {
        self.0.iter().map(|run| run.last - run.first + 1).sum()
    }

    /// Pairs, by place, that have a certificate in common: enough of them to lead from each to
    /// every other that it hangs together with.
    pub(crate) fn shared(all: &[Self]) -> Vec<(usize, usize)> {
        let mut runs: Vec<(&Run, usize)> = Vec::with_capacity(all.len());
        for (place, certificates) in all.iter().enumerate() {
            runs.extend(certificates.0.iter().map(|run| (run, place)));
        }
        runs.sort_unstable();
        let mut pairs = Vec::new();
        let mut longest: Option<(&Run, usize)> = None;
        for (run, place) in runs {
            match longest.filter(|(before, _)| before.meets(run)) {
                Some((before, earlier)) => {
                    pairs.push((earlier.min(place), earlier.max(place)));
                    longest = Some(if run.last > before.last { (run, place) } else { (before, earlier) });
                }
                None => longest = Some((run, place)),
            }
        }
        pairs
    }
}

impl Run {
    /// A folded id as its text, how many digits its number has, and that number.
    fn split(id: &str) -> (&str, usize, u64) {
        let digits = id.bytes().rev().take(NUMBER_DIGITS_MAX).take_while(u8::is_ascii_digit).count();
        let (prefix, number) = id.split_at(id.len() - digits); // OK because digits are ASCII.
        (prefix, digits, number.parse().unwrap_or_default()) // OK because there are none, or 18 at most.
    }

    fn meets(&self, other: &Self) -> bool {
        self.prefix == other.prefix
            && self.digits == other.digits
            && self.first <= other.last
            && other.first <= self.last
    }
}

/// What is wrong with how many certificates one statement claims.
pub(super) fn too_many<'i>(claimed: impl Iterator<Item = &'i CertificateId>) -> Option<String> {
    let count: u64 = claimed.map(|id| id.certificates().count()).sum();
    (count > CERTIFICATES_MAX)
        .then(|| format!("claims {count} certificates, expected at most {CERTIFICATES_MAX} in one statement"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Vec<String> {
        text.parse::<CertificateId>().unwrap().certificates().ids().collect()
    }

    fn why(text: &str) -> String {
        text.parse::<CertificateId>().unwrap_err().to_string()
    }

    #[test]
    fn spellings_of_one_certificate_are_one() {
        for other in ["gec 0001", "GEC0001", "Gec\u{2011}00 01", "ＧＥＣ０００１", "-GEC-0001"] {
            assert_eq!(ids(other), ["gec0001"], "{other}");
        }
        assert_ne!(ids("GEC-1"), ids("GEC-01"), "a registry may count both");
        assert_eq!(ids("PPA of 2025, north"), ["ppaof2025,north"]);
        let long = "1".repeat(40);
        assert_eq!(ids(&long), [long]);
    }

    #[test]
    fn a_range_is_spelt_out_as_its_ids_are_spelt_one_by_one() {
        assert_eq!(ids("GEC1..GEC3"), ["gec1", "gec2", "gec3"]);
        assert_eq!(ids("GEC-8 .. GEC-11"), ["gec8", "gec9", "gec10", "gec11"]);
        assert_eq!(ids("GEC008..GEC011"), ["gec008", "gec009", "gec010", "gec011"]);
        assert_eq!(ids("GEC0..GEC1"), ["gec0", "gec1"]);
        assert_eq!(ids("GEC7..gec-7"), ids("GEC7"));
        let all = ids("GEC1..GEC10000");
        assert_eq!(
            (all.len(), all.first().unwrap().as_str(), all.last().unwrap().as_str()),
            (10_000, "gec1", "gec10000")
        );
        for one in &all {
            assert_eq!(&ids(one)[0], one);
        }
    }

    #[test]
    fn certificates_meet_where_some_id_is_in_both() {
        let of = |text: &str| text.parse::<CertificateId>().unwrap().certificates();
        for (one, other, meet) in [
            ("GEC8..GEC12", "GEC-10", true),
            ("GEC8..GEC12", "GEC-010", false),
            ("GEC8..GEC12", "GEC12..GEC20", true),
            ("GEC8..GEC12", "GEC13..GEC20", false),
            ("GEC8..GEC12", "REC9", false),
            ("A", "a", true),
            ("A", "B", false),
        ] {
            let found = Certificates::shared(&[of(one), of(other)]).len();
            assert_eq!(found, usize::from(meet), "{one} {other}");
            let shared = of(one).ids().any(|id| of(other).ids().any(|same| id == same));
            assert_eq!(shared, meet, "{one} {other}");
        }
    }

    #[test]
    fn what_hangs_together_is_found_over_others() {
        let all = ["GEC1..GEC9", "REC1", "GEC2..GEC3", "GEC8..GEC12", "GEC11", "GEC13"];
        let all = all.map(|text| text.parse::<CertificateId>().unwrap().certificates());
        assert_eq!(Certificates::shared(&all), [(0, 2), (0, 3), (3, 4)]);
    }

    #[test]
    fn what_is_no_range_is_refused_and_says_why() {
        assert!(why("GEC1..REC3").contains("same text"));
        assert!(why("GEC1..3").contains("same text"));
        assert!(why("GEC..GEC3").contains("same text"));
        assert!(why("GEC1\u{2026}GEC3").contains("same text"), "three dots are no range");
        assert!(why("GEC3..GEC1").contains("ends before"));
        assert!(why("GEC01..GEC3").contains("as many digits"));
        assert!(why("GEC1..GEC10001").contains("10001 certificates, expected at most 10000"));
        assert!(why("--").contains("no letter"));
        assert!(" ".parse::<CertificateId>().is_err());
    }
}
