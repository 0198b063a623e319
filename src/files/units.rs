//! The one table of units: what files call them in English, German, French and Chinese, and the
//! unit that a statement is written in with how many of it one is, exactly. A name with two
//! meanings is refused with both, and nothing is guessed between dimensions.

mod names;

use pcf_core::model::{Decimal, Unit, ValueError};

use crate::fold;
use crate::likeness;
use names::{NAMED, UNCLEAR};

/// A unit as a file states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stated {
    /// The unit that a statement is written in.
    pub(crate) unit: Unit,
    /// How many of it one of the stated unit is.
    pub(crate) times: Decimal,
}

/// What calorific values are called behind a unit of energy.
const CALORIFIC: &[(&str, &[&str])] = &[
    ("_ncv", &["net", "netcv", "ncv", "lhv", "hi", "hu", "pci", "低位"]),
    ("_gcv", &["gross", "grosscv", "gcv", "hhv", "hs", "ho", "pcs", "高位"]),
];

/// The unit that a text names.
///
/// # Errors
/// A sentence with the meanings that the text may have, or the nearest unit.
pub(crate) fn read(text: &str) -> Result<Stated, String> {
    if let Ok(unit) = text.parse::<Unit>() {
        return Ok(Stated { unit, times: Decimal::ONE });
    }
    let name = compact(text);
    if let Some(unit) = calorific(&name) {
        return Ok(Stated { unit, times: Decimal::ONE });
    }
    if let Some((_, meanings)) = UNCLEAR.iter().find(|(unclear, _)| unclear.contains(&&*name)) {
        return Err(format!("`{}` has no one meaning: {meanings}", fold::shown(text)));
    }
    let exact = NAMED.iter().find(|(.., names)| names.contains(&&*name));
    let folded = || NAMED.iter().find(|(.., names)| names.iter().any(|known| is_alike(known, &name)));
    match exact.or_else(folded) {
        Some((unit, times, _)) => {
            let times = times.parse().map_err(|e: ValueError| e.to_string())?;
            Ok(Stated { unit: *unit, times })
        }
        None => Err(unknown(text, &name)),
    }
}

/// What files call units.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    NAMED.iter().flat_map(|(.., names)| names.iter().copied())
}

fn unknown(text: &str, name: &str) -> String {
    let listed = Unit::ALL.iter().map(|unit| unit.as_str());
    let all = listed.clone().chain(names());
    // Of one or two letters, most are near.
    let near = (name.chars().count() > 2).then(|| likeness::nearest(name, all)).flatten();
    let near = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
    format!(
        "unit: expected one of {}, or a name of one, got `{}`{near}",
        listed.collect::<Vec<_>>().join(", "),
        fold::shown(text)
    )
}

/// The name without what stands between its parts.
fn compact(text: &str) -> String {
    let dropped = |c: &char| {
        !c.is_whitespace() && !matches!(c, '·' | '⋅' | '*' | '×' | '^' | '.' | '-' | '(' | ')' | '_')
    };
    fold::plain(text).chars().filter(dropped).collect()
}

/// Energy of a fuel whose calorific value is named.
fn calorific(name: &str) -> Option<Unit> {
    let lower = name.to_lowercase();
    ["kWh", "MJ", "GJ"].into_iter().find_map(|unit| {
        let rest = lower.strip_prefix(&unit.to_lowercase())?;
        let (suffix, _) = CALORIFIC.iter().find(|(_, names)| names.contains(&rest))?;
        format!("{unit}{suffix}").parse().ok()
    })
}

/// The same in another case; a first `m` before a letter keeps its own, since it is milli where `M`
/// is mega.
fn is_alike(known: &str, name: &str) -> bool {
    let prefixed = |text: &str| {
        let mut letters = text.chars();
        let first = letters.next().filter(|c| matches!(c, 'm' | 'M'));
        first.filter(|_| letters.next().is_some_and(|c| c.is_ascii_alphabetic() && text.len() < 5))
    };
    known.to_lowercase() == name.to_lowercase() && prefixed(known) == prefixed(name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn said(text: &str) -> String {
        let stated = read(text).unwrap_or_else(|e| panic!("{text}: {e}"));
        format!("{} {}", stated.times, stated.unit)
    }

    #[test]
    fn a_unit_is_read_by_any_of_its_names() {
        for (text, expected) in [
            ("kWh", "1 kWh"),
            ("KWH", "1 kWh"),
            ("kwh", "1 kWh"),
            ("MWh", "1000 kWh"),
            ("MWH", "1000 kWh"),
            ("GWh", "1000000 kWh"),
            ("兆瓦时", "1000 kWh"),
            ("万千瓦时", "10000 kWh"),
            ("千瓦·时", "1 kWh"),
            ("kJ", "0.001 MJ"),
            ("KG", "1 kg"),
            ("mg", "0.001 g"),
            ("tonne", "1 t"),
            ("Tonnen", "1 t"),
            ("吨标煤", "1 tce"),
            ("short tons", "2000 lb"),
            ("m³", "1 m3"),
            ("㎥", "1 m3"),
            ("M3", "1 m3"),
            ("Nm³", "1 Nm3"),
            ("l", "1 L"),
            ("ml", "0.001 L"),
            ("ha", "10000 m2"),
            ("t·km", "1 tkm"),
            ("t*km", "1 tkm"),
            ("TKM", "1 tkm"),
            ("Stück", "1 piece"),
            ("Stu\u{308}ck", "1 piece"),
            ("PCS", "1 piece"),
            ("条", "1 piece"),
            ("day", "24 h"),
            ("kWh (gross)", "1 kWh_gcv"),
            ("MJ Hi", "1 MJ_ncv"),
            ("Mbit.s", "1 Mbit.s"),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }

    #[test]
    fn a_name_with_two_meanings_is_refused_with_both_and_an_unknown_one_with_the_nearest() {
        for (text, says) in [
            ("ton", "short ton"),
            ("ST", "piece"),
            ("TO", "write t"),
            ("MG", "milligram"),
            ("mwh", "did you mean MWh?"),
            ("ML", "did you mean"),
            ("MMBtu", "1055.05585262 MJ"),
            ("therm", "105.505585262 MJ"),
            ("gal", "3.785411784"),
            ("year", "8760 h"),
            ("pkm", "passenger"),
            ("kWhh", "did you mean kWh?"),
            ("kg\u{200b}x", "<U+200B>"),
            ("blorb", "expected one of kg, g, t"),
        ] {
            let sentence = match read(text) {
                Err(sentence) => sentence,
                Ok(stated) => panic!("{text}: {stated:?}"),
            };
            assert!(sentence.contains(says) || says == "did you mean", "{text}: {sentence}");
        }
    }

    #[test]
    fn no_name_stands_for_two_units() {
        let mut seen: BTreeMap<&str, Unit> = BTreeMap::new();
        for (unit, times, names) in NAMED {
            assert!(times.parse::<Decimal>().is_ok(), "{times}");
            for name in *names {
                assert_eq!(seen.insert(name, *unit), None, "{name}");
                assert_eq!(compact(name), *name, "a name stands in the table as it is looked up");
                assert!(!UNCLEAR.iter().any(|(unclear, _)| unclear.contains(name)), "{name}");
            }
        }
    }
}
