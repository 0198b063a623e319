//! Gases by the names that people write: refrigerants by their ASHRAE 34 number, any case, with
//! spaces and dashes. For tables that people fill in; a statement knows one spelling.

use super::error::ValueError;
use super::{Gas, gas_table::GASES};

const EXPECTED: &str = "a gas of the GWP table such as CO2, CH4_fossil, N2O, HFC134a, or a refrigerant's number such as R32 or R410A";

/// Numbers and names that do not follow from the table's own.
const ALIASES: &[(&str, &str)] = &[
    ("isobutane", "iC4H10"),
    ("propane", "C3H8"),
    ("r116", "C2F6"),
    ("r12b1", "Halon1211"),
    ("r13b1", "Halon1301"),
    ("r14", "CF4"),
    ("r218", "C3F8"),
    ("r290", "C3H8"),
    ("r600a", "iC4H10"),
    ("r744a", "N2O"),
    ("r846", "SF6"),
    ("rc318", "cC4F8"),
];

/// Families whose members an ASHRAE number names without saying so: R134a is HFC134a.
const FAMILIES: [&str; 4] = ["hfc", "hcfc", "cfc", "hfo"];

/// Names of gases whose origin decides how they count, with what to write instead.
const ORIGIN: &[(&str, &str)] = &[
    ("carbondioxide", "CO2 where it is fossil, CO2_biogenic where it is biogenic"),
    ("ch4", "CH4_fossil or CH4_biogenic"),
    ("methane", "CH4_fossil or CH4_biogenic"),
    ("r50", "CH4_fossil or CH4_biogenic"),
    ("r744", "CO2 where it is fossil, CO2_biogenic where it is biogenic"),
];

impl Gas {
    /// A gas by its name in the table or by a refrigerant's number, in any case, with spaces and
    /// dashes.
    ///
    /// # Errors
    /// [`ValueError::Spelling`] where there is none; [`ValueError::Combination`] where the name says
    /// nothing about the origin (fossil or biogenic), which must be said.
    ///
    /// ```
    /// use pcf_core::model::Gas;
    /// assert_eq!(Gas::named("HFC-134a")?.as_str(), "HFC134a");
    /// assert_eq!(Gas::named("r 410a")?.as_str(), "R410A");
    /// assert!(Gas::named("methane").is_err(), "fossil or biogenic");
    /// # Ok::<(), pcf_core::model::ValueError>(())
    /// ```
    pub fn named(text: &str) -> Result<Self, ValueError> {
        let strict = text.parse::<Self>();
        if strict.is_ok() {
            return strict;
        }
        let folded = fold(text);
        if let Some((_, instead)) = ORIGIN.iter().find(|(name, _)| *name == folded) {
            let problem = format!("`{text}` does not say where it comes from; write {instead}");
            return Err(ValueError::Combination { what: "gas", problem });
        }
        let known = |name: &str| GASES.iter().map(|row| row.name()).find(|own| fold(own) == name);
        let alias = ALIASES.iter().find(|(alias, _)| *alias == folded).map(|(_, name)| *name);
        let number = folded.strip_prefix('r');
        let in_family = |number: &str| FAMILIES.iter().find_map(|family| known(&format!("{family}{number}")));
        let found = alias.or_else(|| known(&folded)).or_else(|| number.and_then(in_family));
        found.map_or_else(|| Err(ValueError::spelling("gas", EXPECTED, text)), str::parse)
    }
}

/// Lower case, without what separates the parts of a name.
fn fold(text: &str) -> String {
    let kept = text.chars().filter(|c| !matches!(c, ' ' | '-' | '_' | '(' | ')'));
    kept.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::{Decimal, GwpSet, gas_table::BLENDS};
    use super::*;

    #[test]
    fn refrigerants_are_found_by_number_in_every_spelling() {
        for (text, name) in [
            ("R32", "HFC32"),
            ("R-134a", "HFC134a"),
            ("r134A", "HFC134a"),
            ("HFC-134a", "HFC134a"),
            ("R 22", "HCFC22"),
            ("R12", "CFC12"),
            ("R1234yf", "HFO1234yf"),
            ("HFO-1234ze(E)", "HFO1234zeE"),
            ("R290", "C3H8"),
            ("R600a", "iC4H10"),
            ("R-410A", "R410A"),
            ("r454b", "R454B"),
            ("R-513A", "R513A"),
            ("R507a", "R507A"),
            ("RC318", "cC4F8"),
            ("co2", "CO2"),
            ("CH4 biogenic", "CH4_biogenic"),
        ] {
            assert_eq!(Gas::named(text).map(Gas::as_str), Ok(name), "{text}");
        }
        for text in ["R999", "R", "", "410A", "R4100A"] {
            assert!(Gas::named(text).is_err(), "{text}");
        }
        for text in ["R744", "methane", "CH4", "R50", "carbon dioxide"] {
            assert!(Gas::named(text).unwrap_err().to_string().contains("biogenic"), "{text}");
        }
    }

    #[test]
    fn no_two_gases_have_one_name_and_every_alias_is_in_the_table() {
        let folded: BTreeSet<String> = GASES.iter().map(|row| fold(row.name())).collect();
        assert_eq!(folded.len(), GASES.len());
        for (alias, name) in ALIASES {
            assert!(name.parse::<Gas>().is_ok() && !folded.contains(*alias), "{alias}");
            assert_eq!(fold(alias), **alias);
        }
        // An ASHRAE number belongs to one family.
        for row in GASES {
            let of = |family: &&str| fold(row.name()).strip_prefix(*family).map(str::to_owned);
            let Some(number) = FAMILIES.iter().find_map(of) else { continue };
            let families = FAMILIES.iter().filter(|family| folded.contains(&format!("{family}{number}")));
            assert_eq!(families.count(), 1, "{number}");
            assert!(!folded.contains(&format!("r{number}")), "{number}");
        }
    }

    #[test]
    fn blends_are_made_of_gases_of_the_table_and_their_shares_make_the_whole() {
        for (name, parts) in BLENDS {
            assert!(name.parse::<Gas>().is_ok(), "{name}");
            assert_eq!(parts.iter().map(|(_, share)| share).sum::<u16>(), 1000, "{name}");
            for (part, _) in *parts {
                assert!(part.parse::<Gas>().is_ok(), "{part} of {name}");
            }
        }
    }

    #[test]
    fn a_blend_counts_what_its_components_do_in_every_set_that_has_them() {
        let gwp = |name: &str, set| Gas::named(name).unwrap().gwp100(set).map(|gwp: Decimal| gwp.to_string());
        // AR4 and SAR as in the annex of Regulation (EU) 517/2014 and DEFRA 2012.
        for (name, set, expected) in [
            ("R404A", GwpSet::Ar4, Some("3921.6")),
            ("R410A", GwpSet::Ar4, Some("2087.5")),
            ("R407C", GwpSet::Ar4, Some("1773.85")),
            ("R507A", GwpSet::Ar4, Some("3985")),
            ("R410A", GwpSet::Sar, Some("1725")),
            ("R410A", GwpSet::Ar6, Some("2255.5")),
            ("R454B", GwpSet::Ar6, Some("531.374811")),
            ("R513A", GwpSet::Ar6, Some("673.48056")),
            ("R454B", GwpSet::Ar5, None),
            ("R600a", GwpSet::Ar6, None),
            ("R508B", GwpSet::Ar4, None),
        ] {
            assert_eq!(gwp(name, set).as_deref(), expected, "{name} {set}");
        }
        // Where a set has a value of its own for a blend, it is what the components give, rounded by
        // its source to one digit.
        for (name, parts) in BLENDS {
            for set in [GwpSet::Ar5, GwpSet::Ar6] {
                let gas: Gas = name.parse().unwrap();
                let Some(own) = gas.gwp100(set) else { continue };
                let part = |(gas, share): &(&str, u16)| {
                    gas.parse::<Gas>().unwrap().gwp100(set).unwrap().quanta() * i128::from(*share)
                };
                let apart = own.quanta() - parts.iter().map(part).sum::<i128>() / 1000;
                let most = if gas.components(set).next().is_some() { 0 } else { Decimal::ONE.quanta() / 20 };
                assert!(apart.abs() <= most, "{name} {set}: {apart}");
            }
        }
    }
}
