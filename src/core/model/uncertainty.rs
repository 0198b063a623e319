//! How uncertain an amount or a factor is, as it is stated: a squared geometric standard deviation, or the scores of the pedigree matrix
//! from which one follows. Holds what was said; the mathematics is in `calc`.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Decimal;
use super::error::{ValueError, word_list};

word_list! {
    /// One indicator of the pedigree matrix.
    pub enum Score as "pedigree score", "a whole number from 1 (best) to 5" {
        /// Best.
        One = "1",
        /// Good.
        Two = "2",
        /// Fair.
        Three = "3",
        /// Poor.
        Four = "4",
        /// Worst, or unknown.
        Five = "5",
    }
}

/// Scores of the pedigree matrix (Weidema & Wesnaes 1996).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Pedigree {
    /// Squared geometric standard deviation that even perfect data of this kind has; absent: the usual one of the kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basic: Option<Decimal>,
    /// How much of what there is was sampled.
    pub completeness: Score,
    /// How near the place of the data is.
    pub geographical: Score,
    /// How the data was obtained and verified.
    pub reliability: Score,
    /// How many samples; absent counts as 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample_size: Option<Score>,
    /// How near the technology of the data is.
    pub technological: Score,
    /// How near the year of the data is.
    pub temporal: Score,
}

/// How uncertain a value is: the value itself is taken as the median of a log-normal distribution.
///
/// ```
/// use pcf_core::model::Uncertainty;
/// assert!(matches!("1.21".parse()?, Uncertainty::Gsd2(_)));
/// assert!(matches!("2 3 1 2 3 5".parse()?, Uncertainty::Pedigree(_)));
/// assert!("0.9".parse::<Uncertainty>().is_err(), "a squared geometric standard deviation is at least 1");
/// # Ok::<(), pcf_core::model::ValueError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uncertainty {
    /// Squared geometric standard deviation, 1 to 1,000,000: 95 % of the distribution lie between the value divided by it and times it.
    Gsd2(Decimal),
    /// Scores from which one follows.
    Pedigree(Pedigree),
}

/// More than this is no knowledge at all, and would leave the range of floats when many are multiplied.
const GSD2_MAX: i32 = 1_000_000;

const WHAT: &str = "uncertainty";

impl Uncertainty {
    /// From a squared geometric standard deviation.
    ///
    /// # Errors
    /// [`ValueError::Range`] outside 1 to 1,000,000.
    pub fn gsd2(value: Decimal) -> Result<Self, ValueError> {
        in_range(value).map(Self::Gsd2)
    }

    /// From scores.
    ///
    /// # Errors
    /// [`ValueError::Range`] where the basic one lies outside 1 to 1,000,000.
    pub fn pedigree(pedigree: Pedigree) -> Result<Self, ValueError> {
        pedigree.basic.map(in_range).transpose()?;
        Ok(Self::Pedigree(pedigree))
    }
}

fn in_range(value: Decimal) -> Result<Decimal, ValueError> {
    if value < Decimal::ONE || value > Decimal::from_i32(GSD2_MAX) {
        let expected = "a squared geometric standard deviation from 1 to 1000000";
        return Err(ValueError::Range { what: WHAT, expected, got: value.to_string() });
    }
    Ok(value)
}

/// One number is a squared geometric standard deviation; five or six scores, separated by spaces, are reliability, completeness, temporal,
/// geographical and technological correlation, sample size.
impl FromStr for Uncertainty {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let parts: Vec<&str> = text.split_ascii_whitespace().collect();
        let (scores, sample_size) = match parts.as_slice() {
            [one] => return Self::gsd2(one.parse()?),
            [scores @ .., last] if parts.len() == 6 => (scores, Some(last.parse()?)),
            scores => (scores, None),
        };
        let [reliability, completeness, temporal, geographical, technological] = scores else {
            let expected = "one squared geometric standard deviation such as 1.21, or five or six pedigree scores such as 2 3 1 2 3";
            return Err(ValueError::spelling(WHAT, expected, text));
        };
        Self::pedigree(Pedigree {
            basic: None,
            completeness: completeness.parse()?,
            geographical: geographical.parse()?,
            reliability: reliability.parse()?,
            sample_size,
            technological: technological.parse()?,
            temporal: temporal.parse()?,
        })
    }
}

impl fmt::Display for Uncertainty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gsd2(value) => write!(f, "{value}"),
            Self::Pedigree(p) => {
                write!(f, "{} {} {}", p.reliability, p.completeness, p.temporal)?;
                write!(f, " {} {}", p.geographical, p.technological)?;
                p.sample_size.map_or(Ok(()), |score| write!(f, " {score}"))
            }
        }
    }
}

impl Serialize for Uncertainty {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Gsd2(value) => value.serialize(serializer),
            Self::Pedigree(pedigree) => pedigree.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Uncertainty {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Uncertainty;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a squared geometric standard deviation, or an object of pedigree scores")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Uncertainty, E> {
                text.parse().and_then(Uncertainty::gsd2).map_err(E::custom)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Uncertainty, A::Error> {
                let pedigree = Pedigree::deserialize(MapAccessDeserializer::new(map))?;
                Uncertainty::pedigree(pedigree).map_err(A::Error::custom)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl JsonSchema for Uncertainty {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Uncertainty".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let (number, scores) = (generator.subschema_for::<Decimal>(), generator.subschema_for::<Pedigree>());
        schemars::json_schema!({
            "description": "How uncertain the value is: a squared geometric standard deviation from 1 on, or pedigree scores.",
            "anyOf": [number, scores]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_has_one_spelling_as_json() {
        let scores = r#"{"basic":"1.05","completeness":"3","geographical":"2","reliability":"2","sampleSize":"5","technological":"3","temporal":"1"}"#;
        for text in [r#""1.21""#, scores] {
            let value: Uncertainty = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&value).unwrap(), text);
        }
    }

    #[test]
    fn what_is_no_uncertainty_is_refused_with_both_sides() {
        for (text, says) in [
            (r#""0.99""#, "from 1 to 1000000, got 0.99"),
            (r#""1000001""#, "from 1 to 1000000"),
            (r#""2 3 1 2 3""#, "plain decimal"),
            (r#"{"completeness":"6"}"#, "whole number from 1 (best) to 5"),
            (r#"{"completeness":"1"}"#, "missing field"),
            ("1.21", "squared geometric standard deviation, or an object"),
        ] {
            let error = serde_json::from_str::<Uncertainty>(text).unwrap_err().to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
        for text in ["1.1 2", "1 2 3 4 5 6", "1 2 3 4 5 1 1", "", "0"] {
            assert!(text.parse::<Uncertainty>().is_err(), "{text}");
        }
    }

    #[test]
    fn scores_are_written_in_the_order_in_which_they_are_read() {
        let text = "1 2 3 4 5";
        let Uncertainty::Pedigree(p) = text.parse().unwrap() else { panic!("scores") };
        assert_eq!((p.reliability, p.completeness, p.temporal), (Score::One, Score::Two, Score::Three));
        assert_eq!((p.geographical, p.technological, p.sample_size), (Score::Four, Score::Five, None));
        assert_eq!(Uncertainty::Pedigree(p).to_string(), text);
    }
}
