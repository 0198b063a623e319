//! Greenhouse gases and the characterisation factors (GWP-100) of each IPCC assessment report.

use std::fmt;
use std::str::FromStr;

use super::error::{ValueError, text_value, word_list};
use super::gas_table::{BLENDS, GASES};
use super::{Category, Decimal};

word_list! {
    /// A set of characterisation factors: GWP over 100 years, by IPCC assessment report.
    pub enum GwpSet as "GWP set", "one of AR4, AR5, AR6, AR6-SF6-24300, SAR, TAR" {
        /// Fourth assessment report (2007).
        Ar4 = "AR4",
        /// Fifth assessment report (2013).
        Ar5 = "AR5",
        /// Sixth assessment report (2021).
        Ar6 = "AR6",
        /// Sixth assessment report, with the GHG Protocol's value for SF6 (24,300) where table 7.SM.7 has 25,200.
        Ar6GhgProtocolSf6 = "AR6-SF6-24300",
        /// Second assessment report (1995).
        Sar = "SAR",
        /// Third assessment report (2001).
        Tar = "TAR",
    }
}

word_list! {
    /// The set a published value rests on, where its source names one.
    pub enum StatedGwp as "GWP set", "one of AR4, AR5, AR6, AR6-SF6-24300, SAR, TAR, unstated" {
        /// Fourth assessment report.
        Ar4 = "AR4",
        /// Fifth assessment report.
        Ar5 = "AR5",
        /// Sixth assessment report.
        Ar6 = "AR6",
        /// Sixth assessment report, with 24,300 for SF6.
        Ar6GhgProtocolSf6 = "AR6-SF6-24300",
        /// Second assessment report.
        Sar = "SAR",
        /// Third assessment report.
        Tar = "TAR",
        /// The source does not say.
        Unstated = "unstated",
    }
}

impl From<GwpSet> for StatedGwp {
    fn from(set: GwpSet) -> Self {
        match set {
            GwpSet::Ar4 => Self::Ar4,
            GwpSet::Ar5 => Self::Ar5,
            GwpSet::Ar6 => Self::Ar6,
            GwpSet::Ar6GhgProtocolSf6 => Self::Ar6GhgProtocolSf6,
            GwpSet::Sar => Self::Sar,
            GwpSet::Tar => Self::Tar,
        }
    }
}

/// kg CO2e per kg of SF6 in the GHG Protocol's list of August 2024 for AR6; table 7.SM.7 of AR6 has 25,200.
const SF6_GHG_PROTOCOL: Decimal = Decimal::literal("24300");

/// One line of the table: name, then the values of SAR, TAR, AR4, AR5, AR6.
pub(super) struct GasRow {
    name: &'static str,
    values: [Option<Decimal>; 5],
}

impl GasRow {
    pub(super) const fn new(name: &'static str, texts: [&str; 5]) -> Self {
        let mut values = [None; 5];
        let mut i = 0;
        while i < 5 {
            if texts[i].as_bytes()[0] != b'-' {
                values[i] = Some(Decimal::literal(texts[i]));
            }
            i += 1;
        }
        Self { name, values }
    }

    /// The gas's name in the table.
    pub(super) const fn name(&self) -> &'static str {
        self.name
    }
}

/// A greenhouse gas of the table, by its name there (`CO2`, `CH4_fossil`, `HFC134a`, …).
///
/// ```
/// use pcf_core::model::{Gas, GwpSet};
/// let methane: Gas = "CH4_fossil".parse()?;
/// assert_eq!(methane.gwp100(GwpSet::Ar6).unwrap().to_string(), "29.8");
/// assert!("CH4".parse::<Gas>().is_err(), "methane is named fossil or biogenic");
/// # Ok::<(), pcf_core::model::ValueError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gas(u8);

impl Gas {
    /// Every gas, sorted by name.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..=u8::MAX).take(GASES.len()).map(Self)
    }

    /// Its name in the table.
    pub fn as_str(self) -> &'static str {
        GASES.get(usize::from(self.0)).map_or("", |row| row.name) // OK because only the parser makes a Gas.
    }

    /// kg CO2e per kg of the gas; of a blend the set has no value for, that of its components by
    /// mass. `None` where the set has no value for it or one of its components.
    pub fn gwp100(self, set: GwpSet) -> Option<Decimal> {
        self.published(set).or_else(|| self.blended(set))
    }

    /// The components of a blend with their mass shares in per mille; none where the set has a
    /// value for the whole, or the gas is no blend.
    pub fn components(self, set: GwpSet) -> impl Iterator<Item = (Self, u16)> {
        let blend = BLENDS.iter().find(|(name, _)| *name == self.as_str() && self.published(set).is_none());
        let parts = blend.into_iter().flat_map(|(_, parts)| parts.iter());
        parts.filter_map(|(name, share)| Some((name.parse().ok()?, *share)))
    }

    fn blended(self, set: GwpSet) -> Option<Decimal> {
        let (mut total, mut parts) = (0_i128, 0);
        for (gas, share) in self.components(set) {
            total += gas.published(set)?.quanta() * i128::from(share); // OK because a GWP is below 10^5.
            parts += 1;
        }
        // OK because a GWP has at most three fractional digits, so nothing is left over.
        Decimal::from_quanta(total / 1000).ok().filter(|_| parts > 0)
    }

    /// The value of the set itself.
    fn published(self, set: GwpSet) -> Option<Decimal> {
        if set == GwpSet::Ar6GhgProtocolSf6 && self.as_str() == "SF6" {
            return Some(SF6_GHG_PROTOCOL);
        }
        let column = match set {
            GwpSet::Sar => 0,
            GwpSet::Tar => 1,
            GwpSet::Ar4 => 2,
            GwpSet::Ar5 => 3,
            GwpSet::Ar6 | GwpSet::Ar6GhgProtocolSf6 => 4,
        };
        GASES.get(usize::from(self.0)).and_then(|row| row.values.get(column).copied().flatten())
    }

    /// The category its CO2e counts in (`CO2_biogenic`: uptake where negative, released where positive).
    pub fn category(self, negative: bool) -> Category {
        match self.as_str() {
            "CO2_biogenic" if negative => Category::BiogenicUptake,
            "CO2_biogenic" => Category::BiogenicReleased,
            "CH4_biogenic" => Category::BiogenicNonCo2,
            _ => Category::Fossil,
        }
    }
}

/// The first eight bytes of every name, which sort as the names do: a number is compared faster than a text.
static BEGINNINGS: [u64; GASES.len()] = {
    let (mut all, mut at) = ([0; GASES.len()], 0);
    while at < all.len() {
        all[at] = beginning(GASES[at].name);
        at += 1;
    }
    all
};

const fn beginning(name: &str) -> u64 {
    let (bytes, mut begin, mut at) = (name.as_bytes(), 0, 0);
    while at < 8 {
        begin = begin << 8 | if at < bytes.len() { bytes[at] as u64 } else { 0 };
        at += 1;
    }
    begin
}

impl FromStr for Gas {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let begin = beginning(text);
        let first = BEGINNINGS.partition_point(|other| *other < begin);
        let alike =
            (0_u8..).zip(GASES).zip(&BEGINNINGS).skip(first).take_while(|(_, other)| **other == begin);
        let found = alike.map(|(numbered, _)| numbered).find(|(_, row)| row.name == text);
        found.map(|(number, _)| Self(number)).ok_or_else(|| {
            ValueError::spelling(
                "gas",
                "a gas of the GWP table such as CO2, CH4_fossil, CH4_biogenic, CO2_biogenic, N2O, HFC134a",
                text,
            )
        })
    }
}

impl fmt::Display for Gas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

text_value!(Gas, "Gas", "^[A-Za-z0-9_]+$", "the name of a gas in the GWP table");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_every_name_parses_to_itself() {
        assert!(GASES.is_sorted_by(|a, b| a.name < b.name) && GASES.len() < 256);
        for gas in Gas::all() {
            let name = gas.as_str();
            assert_eq!(name.parse::<Gas>().unwrap(), gas);
            for other in [format!("{name}_"), format!("{name}\0"), name[1..].to_owned()] {
                let known = GASES.iter().any(|row| row.name == other);
                assert_eq!(other.parse::<Gas>().is_ok(), known, "{other}");
            }
        }
        assert!("".parse::<Gas>().is_err());
    }

    #[test]
    fn published_values_are_in_the_table() {
        // IPCC AR6 WG1 table 7.15, AR5 WG1 table 8.A.1, AR4 WG1 table 2.14.
        for (name, set, value) in [
            ("CH4_fossil", GwpSet::Ar6, "29.8"),
            ("CH4_biogenic", GwpSet::Ar6, "27"),
            ("N2O", GwpSet::Ar6, "273"),
            ("CH4_fossil", GwpSet::Ar5, "30"),
            ("N2O", GwpSet::Ar5, "265"),
            ("CH4_biogenic", GwpSet::Ar4, "25"),
            ("SF6", GwpSet::Ar6, "25200"),
            ("SF6_ghgp2024", GwpSet::Ar6, "24300"),
            ("SF6", GwpSet::Ar6GhgProtocolSf6, "24300"),
            ("SF6", GwpSet::Ar5, "23500"),
            ("CH4_fossil", GwpSet::Ar6GhgProtocolSf6, "29.8"),
            ("HFC134a", GwpSet::Ar6, "1530"),
            ("CH4_fossil", GwpSet::Sar, "21"),
        ] {
            let gas: Gas = name.parse().unwrap();
            assert_eq!(gas.gwp100(set).unwrap().to_string(), value, "{name} {set}");
        }
    }
}
