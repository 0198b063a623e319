//! Which elementary flow is which greenhouse gas: by its compartment first, then by CAS number
//! where the flow has one, else by the plain name. Names are read in whole parts between commas,
//! never by a word inside one. What is in no table has no GWP here.

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
    /// CO2 out of or back into the short carbon cycle: left out, since a package does not state the
    /// carbon that products hold.
    BiogenicCo2,
    /// A greenhouse gas that nature gives or that goes to soil or water: no emission to air.
    NotToAir,
    /// No greenhouse gas with a GWP.
    None,
}

/// Where an elementary flow comes from or goes to, by its categories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compartment {
    /// Emitted to air.
    Air,
    /// Emitted to soil or water.
    SoilOrWater,
    /// Taken from nature.
    Resource,
    /// Its categories do not tell.
    Unknown,
}

impl Compartment {
    /// The compartment that a path of categories names, such as `Elementary flows/emission to
    /// air/unspecified`.
    pub fn of(path: &str) -> Self {
        for part in path.split('/').map(|part| part.trim().to_lowercase()) {
            let plain = part.replace("emissions", "emission");
            match plain.as_str() {
                "resource" | "resources" | "natural resource" => return Self::Resource,
                "air" | "emission to air" => return Self::Air,
                "soil" | "water" | "emission to soil" | "emission to water" => return Self::SoilOrWater,
                _ if plain.starts_with("resources from ") => return Self::Resource,
                _ if plain.starts_with("emission to air") => return Self::Air,
                _ if plain.starts_with("emission to soil") || plain.starts_with("emission to water") => {
                    return Self::SoilOrWater;
                }
                _ => {}
            }
        }
        Self::Unknown
    }
}

/// True where the last of a path's categories says that land changed its use.
fn is_land_use(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default().trim().to_lowercase();
    LAND_USE.contains(&last.as_str())
}

/// What parts of names and categories say that carbon came from land that changed its use, or went
/// back into it.
const LAND_USE: &[&str] = &[
    "land transformation",
    "land use change",
    "from land use change",
    "from soil or biomass stock",
    "to soil or biomass stock",
    "peat oxidation",
];

/// What parts of names say that carbon belongs to the short cycle.
const BIOGENIC: &[&str] = &["biogenic", "non-fossil", "nonfossil", "in air"];

/// CAS numbers of gases with one meaning whatever the flow's name says (IPCC AR6 WG1, table
/// 7.SM.7).
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
    ("sulphur hexafluoride", "2551-62-4"),
];

const CO2_CAS: &str = "124-38-9";
const METHANE_CAS: &str = "74-82-8";

/// An elementary flow as a package describes it.
#[derive(Debug, Clone, Copy)]
pub struct Described<'f> {
    /// Its name.
    pub name: &'f str,
    /// Its CAS number.
    pub cas: Option<&'f str>,
    /// The path of its categories.
    pub category: &'f str,
    /// Whether the process takes it in.
    pub is_input: bool,
}

/// What an elementary flow is.
pub fn classify(flow: Described<'_>) -> Elementary {
    let gas = by_name_and_cas(flow);
    let taken = match Compartment::of(flow.category) {
        Compartment::Resource => true,
        Compartment::SoilOrWater => return if is_none(gas) { gas } else { soil_or_water(gas) },
        Compartment::Air => false,
        Compartment::Unknown => flow.is_input,
    };
    match gas {
        // What a plant takes out of the air, whatever its origin is called.
        Elementary::Gas(co2) if taken && Some(co2) == "CO2".parse().ok() => Elementary::BiogenicCo2,
        Elementary::Gas(_) | Elementary::MethaneOfUnknownOrigin(_) if taken => Elementary::NotToAir,
        other => other,
    }
}

const fn is_none(gas: Elementary) -> bool {
    matches!(gas, Elementary::None)
}

/// Carbon that soil keeps is a change of land use; gases dissolved in water or soil are no emission
/// to air.
const fn soil_or_water(gas: Elementary) -> Elementary {
    match gas {
        Elementary::LandUseChange => gas,
        _ => Elementary::NotToAir,
    }
}

fn by_name_and_cas(flow: Described<'_>) -> Elementary {
    let name = flow.name.to_lowercase();
    // `Carbon dioxide (fossil)` as ILCD writes it is `Carbon dioxide, fossil`.
    let plain = name.replace(" (", ",").replace(')', "");
    let parts: Vec<&str> = plain.split(',').map(str::trim).collect();
    let says = |words: &[&str]| parts.iter().skip(1).any(|part| words.contains(part));
    let cas = flow.cas.map(|text| text.trim().trim_start_matches('0')).filter(|text| !text.is_empty());
    let known = |id: &str| id.parse::<Gas>().map_or(Elementary::None, Elementary::Gas);
    // `Methane, tetrafluoro-, CFC-14` is named after what its atoms replace, and is no methane.
    let substituted = parts
        .iter()
        .skip(1)
        .any(|part| part.ends_with('-') || part.starts_with("halon") || refrigerant(part).is_some());
    let is = |number: &str, words: &[&str]| {
        let named = || !substituted && parts.first().is_some_and(|first| words.contains(first));
        cas.map_or_else(named, |cas| cas == number)
    };
    if is(CO2_CAS, &["carbon dioxide", "co2"]) {
        return match () {
            () if says(LAND_USE) || is_land_use(flow.category) => Elementary::LandUseChange,
            () if says(BIOGENIC) => Elementary::BiogenicCo2,
            () => known("CO2"),
        };
    }
    if is(METHANE_CAS, &["methane", "ch4"]) {
        return match () {
            () if says(BIOGENIC) => known("CH4_biogenic"),
            () if says(&["fossil"]) || says(LAND_USE) => known("CH4_fossil"),
            () => "CH4_fossil".parse().map_or(Elementary::None, Elementary::MethaneOfUnknownOrigin),
        };
    }
    let by_name = || BY_NAME.iter().find(|(word, _)| parts.first() == Some(word)).map(|(_, cas)| *cas);
    let number = cas.or_else(by_name);
    let found = number.and_then(|number| BY_CAS.iter().find(|(cas, _)| *cas == number));
    let named = || parts.iter().find_map(|part| refrigerant(part)).filter(|_| cas.is_none());
    found.map(|(_, gas)| known(gas)).or_else(|| named().map(Elementary::Gas)).unwrap_or(Elementary::None)
}

/// The gas that a whole part of a name is the number of, such as `HFC-134a`.
fn refrigerant(part: &str) -> Option<Gas> {
    // Inventories call perfluorocarbons so, which hold no chlorine.
    match part {
        "cfc-14" => return "CF4".parse().ok(),
        "cfc-116" => return "C2F6".parse().ok(),
        _ => {}
    }
    let numbered = ["hfc", "hcfc", "cfc", "pfc", "r-"].iter().any(|start| part.starts_with(start));
    let numbered = numbered && part.bytes().any(|b| b.is_ascii_digit());
    Some(part).filter(|_| numbered).and_then(|part| Gas::named(part).ok())
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
            ("Methane, tetrafluoro-, CFC-14", None, gas("CF4")),
            ("Methane, chlorodifluoro-, HCFC-22", None, gas("HCFC22")),
            ("Methane, bromo-, Halon 1001", None, Elementary::None),
            ("Ethane, 1,1,1,2-tetrafluoro-, HFC-134a", None, gas("HFC134a")),
            ("CO2", None, gas("CO2")),
            ("Methane, from soil or biomass stock", None, gas("CH4_fossil")),
            ("Dinitrogen monoxide", None, gas("N2O")),
            ("Sulfur dioxide", Some("7446-09-5"), Elementary::None),
            ("Methanol", None, Elementary::None),
        ] {
            let flow = Described { name, cas, category: "", is_input: false };
            assert_eq!(classify(flow), expected, "{name}");
        }
    }

    #[test]
    fn a_word_inside_a_name_tells_nothing() {
        let of = |name| classify(Described { name, cas: Some("124-38-9"), category: "", is_input: false });
        let co2 = Elementary::Gas("CO2".parse().unwrap());
        assert_eq!(of("Carbon dioxide, fossil, Poland"), co2);
        assert_eq!(of("Carbon dioxide, biogenic, landfill"), Elementary::BiogenicCo2);
        assert_eq!(of("Carbon dioxide (fossil)"), co2);
        assert_eq!(of("Carbon dioxide, from soil or biomass stock"), Elementary::LandUseChange);
    }

    #[test]
    fn categories_tell_an_emission_from_what_nature_gives() {
        let co2 = Elementary::Gas("CO2".parse().unwrap());
        let methane = Elementary::MethaneOfUnknownOrigin("CH4_fossil".parse().unwrap());
        for (name, category, is_input, expected) in [
            ("Carbon dioxide", "Elementary flows/resource/air", true, Elementary::BiogenicCo2),
            ("Carbon dioxide", "Resource/in air", true, Elementary::BiogenicCo2),
            ("Carbon dioxide", "Elementary flows/emission to air/unspecified", false, co2),
            ("Carbon dioxide", "Emissions/Emissions to air/Emissions to air, unspecified", false, co2),
            ("Carbon dioxide", "", true, Elementary::BiogenicCo2),
            ("Methane", "Elementary flows/resource/in ground", true, Elementary::NotToAir),
            ("Methane", "Elementary flows/emission to water/river", false, Elementary::NotToAir),
            ("Methane", "Elementary flows/emission to air", false, methane),
            (
                "Carbon dioxide",
                "Elementary flows/emission to air/land use change",
                false,
                Elementary::LandUseChange,
            ),
            (
                "Carbon dioxide, to soil or biomass stock",
                "Elementary flows/emission to soil",
                false,
                Elementary::LandUseChange,
            ),
            ("Sand", "Elementary flows/resource/in ground", true, Elementary::None),
        ] {
            let flow = Described { name, cas: None, category, is_input };
            assert_eq!(classify(flow), expected, "{name} {category}");
        }
    }
}
