//! Which elementary flow is which greenhouse gas: by CAS number where the flow has one, else by the plain name. What is in neither table has no
//! GWP here.

use pcf_core::model::Gas;

/// What an elementary flow means for a footprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Elementary {
    /// Emitted as this gas.
    Gas(Gas),
    /// Methane whose origin the flow does not tell: counted as fossil, which is the larger value.
    MethaneOfUnknownOrigin(Gas),
    /// CO2 from a change of land use.
    LandUseChange,
    /// CO2 out of or back into the short carbon cycle: left out, since a package does not state the carbon that products hold.
    BiogenicCo2,
    /// No greenhouse gas with a GWP.
    None,
}

/// CAS numbers of gases with one meaning whatever the flow's name says (IPCC AR6 WG1, table 7.SM.7).
const BY_CAS: &[(&str, &str)] = &[
    ("10024-97-2", "N2O"),
    ("2551-62-4", "SF6"),
    ("7783-54-2", "NF3"),
    ("75-73-0", "CF4"),
    ("76-16-4", "C2F6"),
    ("76-19-7", "C3F8"),
    ("75-46-7", "HFC23"),
    ("75-10-5", "HFC32"),
    ("354-33-6", "HFC125"),
    ("811-97-2", "HFC134a"),
    ("359-35-3", "HFC134"),
    ("420-46-2", "HFC143a"),
    ("75-37-6", "HFC152a"),
    ("431-89-0", "HFC227ea"),
    ("690-39-1", "HFC236fa"),
    ("460-73-1", "HFC245fa"),
    ("406-58-6", "HFC365mfc"),
    ("75-45-6", "HCFC22"),
    ("306-83-2", "HCFC123"),
    ("2837-89-0", "HCFC124"),
    ("1717-00-6", "HCFC141b"),
    ("75-68-3", "HCFC142b"),
    ("75-69-4", "CFC11"),
    ("75-71-8", "CFC12"),
    ("75-72-9", "CFC13"),
    ("76-13-1", "CFC113"),
    ("76-14-2", "CFC114"),
    ("76-15-3", "CFC115"),
    ("56-23-5", "CCl4"),
    ("71-55-6", "CH3CCl3"),
    ("75-09-2", "CH2Cl2"),
    ("67-66-3", "CHCl3"),
    ("74-87-3", "CH3Cl"),
    ("74-83-9", "CH3Br"),
];

/// Names of flows without a CAS number.
const BY_NAME: &[(&str, &str)] = &[
    ("dinitrogen monoxide", "10024-97-2"),
    ("nitrous oxide", "10024-97-2"),
    ("sulfur hexafluoride", "2551-62-4"),
    ("nitrogen fluoride", "7783-54-2"),
    ("nitrogen trifluoride", "7783-54-2"),
];

const CO2_CAS: &str = "124-38-9";
const METHANE_CAS: &str = "74-82-8";

/// What a flow of this name and CAS number is.
pub fn classify(name: &str, cas: Option<&str>) -> Elementary {
    let name = name.to_lowercase();
    let named = |word: &str| name.contains(word);
    let cas = cas.map(|text| text.trim().trim_start_matches('0')).filter(|text| !text.is_empty());
    let known = |id: &str| id.parse::<Gas>().map_or(Elementary::None, Elementary::Gas);
    let is = |number: &str, word: &str| {
        cas.map_or_else(|| name == word || name.starts_with(&format!("{word},")), |cas| cas == number)
    };
    if is(CO2_CAS, "carbon dioxide") {
        return match () {
            () if named("land") || named("soil") => Elementary::LandUseChange,
            () if named("non-fossil") || named("biogenic") || named("in air") => Elementary::BiogenicCo2,
            () => known("CO2"),
        };
    }
    if is(METHANE_CAS, "methane") {
        return match () {
            () if named("non-fossil") || named("biogenic") => known("CH4_biogenic"),
            () if named("fossil") => known("CH4_fossil"),
            () => "CH4_fossil".parse().map_or(Elementary::None, Elementary::MethaneOfUnknownOrigin),
        };
    }
    let by_name = || BY_NAME.iter().find(|(word, _)| name == *word).map(|(_, cas)| *cas);
    let number = cas.or_else(by_name);
    let found = number.and_then(|number| BY_CAS.iter().find(|(cas, _)| *cas == number));
    found.map_or(Elementary::None, |(_, gas)| known(gas))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_gas_of_the_table_is_one_of_the_gwp_table() {
        for (cas, gas) in BY_CAS {
            assert!(gas.parse::<Gas>().is_ok(), "{cas} {gas}");
        }
        for (name, cas) in BY_NAME {
            assert!(BY_CAS.iter().any(|(known, _)| known == cas), "{name}");
        }
    }

    #[test]
    fn carbon_dioxide_and_methane_are_told_apart_by_their_origin() {
        let gas = |name: &str| Elementary::Gas(name.parse().unwrap());
        for (name, cas, expected) in [
            ("Carbon dioxide, fossil", Some("000124-38-9"), gas("CO2")),
            ("Carbon dioxide", None, gas("CO2")),
            ("Carbon dioxide, biogenic", Some("124-38-9"), Elementary::BiogenicCo2),
            ("Carbon dioxide, in air", Some("000124-38-9"), Elementary::BiogenicCo2),
            ("Carbon dioxide, non-fossil", None, Elementary::BiogenicCo2),
            ("Carbon dioxide, land transformation", Some("124-38-9"), Elementary::LandUseChange),
            ("Methane, biogenic", Some("74-82-8"), gas("CH4_biogenic")),
            ("Methane, fossil", None, gas("CH4_fossil")),
            ("Methane", None, Elementary::MethaneOfUnknownOrigin("CH4_fossil".parse().unwrap())),
            ("Methane, tetrafluoro-, CFC-14", Some("000075-73-0"), gas("CF4")),
            ("Dinitrogen monoxide", None, gas("N2O")),
            ("Sulfur dioxide", Some("7446-09-5"), Elementary::None),
            ("Methanol", None, Elementary::None),
        ] {
            assert_eq!(classify(name, cas), expected, "{name}");
        }
    }
}
