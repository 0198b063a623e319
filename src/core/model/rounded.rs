//! Published figures as everybody may know them: each as the interval of one common width that holds the exact one,
//! so that no recipe can be worked out from them. Shares and ratings have two significant digits.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ByCategory, Co2e, Decimal, FigureSet, Figures, Quality, Stage, StatedGwp, ValueError};

/// Between what an exact figure lies, in kg CO2e.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    /// The upper end.
    pub high: Co2e,
    /// The lower end.
    pub low: Co2e,
}

/// One set of figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoundedSet {
    /// By category.
    pub categories: ByCategory<Interval>,
    /// Without biogenic uptake and release.
    pub excluding_uptake: Interval,
    /// With both.
    pub including_uptake: Interval,
}

/// The figures of one stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoundedStage {
    /// The sum over its unit processes.
    pub figures: RoundedSet,
    /// The stage.
    pub stage: Stage,
}

/// Figures per declared unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoundedFigures {
    /// Ratings of the data behind the gate figure, two significant digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_quality: Option<Quality>,
    /// What is left out to the gate in percent, two significant digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exempted_emissions_percent: Option<Decimal>,
    /// To the gate.
    pub gate: RoundedSet,
    /// Over the whole life; only where the boundary is the grave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grave: Option<RoundedSet>,
    /// Every GWP set that entered, sorted.
    pub gwp: Vec<StatedGwp>,
    /// Share of primary data, 0 to 100, two significant digits.
    pub primary_data_share: Decimal,
    /// Each stage, only where the publisher shows them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<RoundedStage>,
    /// The width of every interval: 10^k kg, the third significant digit of the total to the gate excluding uptake.
    pub unit: Co2e,
}

/// The least width: half of it is a whole number of 1e-15 kg.
pub(super) const UNIT_MIN: i128 = 10;

impl RoundedFigures {
    /// Of exact figures; with `stages` the stages too.
    ///
    /// # Errors
    /// [`ValueError::Overflow`] where an end leaves the range of [`Co2e`].
    pub fn of(figures: &Figures, stages: bool) -> Result<Self, ValueError> {
        let unit = unit_of(&figures.gate);
        let of_stage = |stage: &super::StageFigures| {
            Ok(RoundedStage { figures: set(&stage.figures, unit)?, stage: stage.stage })
        };
        let shown = figures.stages.iter().filter(|_| stages);
        Ok(Self {
            data_quality: figures.data_quality.map(rated),
            exempted_emissions_percent: figures.exempted_emissions_percent.map(two_digits),
            gate: set(&figures.gate, unit)?,
            grave: figures.grave.as_ref().map(|grave| set(grave, unit)).transpose()?,
            gwp: figures.gwp.clone(),
            primary_data_share: two_digits(figures.primary_data_share),
            stages: shown.map(of_stage).collect::<Result<_, ValueError>>()?,
            unit: Co2e::from_quanta(unit)?,
        })
    }
}

impl Interval {
    /// The cell of width `unit` around a whole multiple of it that holds the exact value; of two, that of the even
    /// multiple. Both in 1e-15 kg.
    fn around(exact: Co2e, unit: i128) -> Result<Self, ValueError> {
        let middle = nearest_even(exact.quanta(), unit) * unit; // OK because it lies within a unit of the value.
        Ok(Self { high: Co2e::from_quanta(middle + unit / 2)?, low: Co2e::from_quanta(middle - unit / 2)? })
    }

    /// The middle.
    pub const fn middle(&self) -> i128 {
        i128::midpoint(self.low.quanta(), self.high.quanta())
    }

    /// True where the exact value may be this one.
    pub fn holds(&self, exact: Co2e) -> bool {
        self.low <= exact && exact <= self.high
    }

    /// True where two exact values cannot be told apart by their intervals.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.low <= other.high && other.low <= self.high
    }
}

/// The width of the intervals, in 1e-15 kg: by the total to the gate; where that is zero, by the largest category.
fn unit_of(gate: &FigureSet) -> i128 {
    let total = gate.excluding_uptake.quanta().unsigned_abs();
    let largest = gate.categories.iter().map(|(_, kg)| kg.quanta().unsigned_abs()).max().unwrap_or_default();
    let of = if total == 0 { largest } else { total };
    if of == 0 {
        return Co2e::from_kg(Decimal::ONE).quanta();
    }
    width_of(of)
}

/// 10^k for the third significant digit of a figure that is not zero, both in 1e-15 kg.
pub(super) fn width_of(figure: u128) -> i128 {
    let exponent = figure.ilog10().saturating_sub(2);
    10_i128.pow(exponent).max(UNIT_MIN) // OK because a mass is below 10^33.
}

fn set(exact: &FigureSet, unit: i128) -> Result<RoundedSet, ValueError> {
    Ok(RoundedSet {
        categories: exact.categories.try_map(|_, kg| Interval::around(*kg, unit))?,
        excluding_uptake: Interval::around(exact.excluding_uptake, unit)?,
        including_uptake: Interval::around(exact.including_uptake, unit)?,
    })
}

/// The whole multiple of `unit` that is nearest; of two, the even one.
const fn nearest_even(value: i128, unit: i128) -> i128 {
    let (down, rest) = (value.div_euclid(unit), value.rem_euclid(unit));
    let up = 2 * rest > unit || (2 * rest == unit && down % 2 != 0);
    if up { down + 1 } else { down }
}

/// Two significant digits; of two values that are as near, the even one.
pub fn two_digits(value: Decimal) -> Decimal {
    let magnitude = value.quanta().unsigned_abs();
    if magnitude == 0 {
        return value;
    }
    let unit = 10_i128.pow(magnitude.ilog10().saturating_sub(1));
    // OK because rounding to two digits leaves the range of a decimal only where it was at its very end.
    Decimal::from_quanta(nearest_even(value.quanta(), unit) * unit).unwrap_or(value)
}

fn rated(quality: Quality) -> Quality {
    Quality {
        geography: two_digits(quality.geography),
        technology: two_digits(quality.technology),
        time: two_digits(quality.time),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Category;

    fn kg(text: &str) -> Co2e {
        text.parse().unwrap()
    }

    fn figures(fossil: &str, uptake: &str) -> Figures {
        let categories = ByCategory::from_fn(|category| match category {
            Category::Fossil => kg(fossil),
            Category::BiogenicUptake => kg(uptake),
            _ => Co2e::ZERO,
        });
        let gate = FigureSet::new(categories).unwrap();
        Figures {
            data_quality: None,
            exempted_emissions_percent: Some("0.12345".parse().unwrap()),
            gate,
            grave: None,
            gwp: Vec::new(),
            primary_data_share: "87.5".parse().unwrap(),
            processes: Vec::new(),
            stages: vec![crate::model::StageFigures { figures: gate, stage: Stage::Production }],
        }
    }

    fn fossil(of: &RoundedFigures) -> (String, String) {
        let cell = of.gate.categories[Category::Fossil];
        (cell.low.to_string(), cell.high.to_string())
    }

    #[test]
    fn every_figure_is_a_cell_of_the_third_digit_of_the_total() {
        for (exact, unit, low, high) in [
            ("11.417598611111111", "0.1", "11.35", "11.45"),
            ("999.49", "1", "998.5", "999.5"),
            // The middle may have another number of digits; the width stays.
            ("999.5", "1", "999.5", "1000.5"),
            ("1", "0.01", "0.995", "1.005"),
            ("-0.123456", "0.001", "-0.1235", "-0.1225"),
            // A tie goes to the even multiple.
            ("11.35", "0.1", "11.35", "11.45"),
            ("11.45", "0.1", "11.35", "11.45"),
            // The least width that can be halved.
            ("0.00000000000001", "0.00000000000001", "0.000000000000005", "0.000000000000015"),
        ] {
            let rounded = RoundedFigures::of(&figures(exact, "0"), false).unwrap();
            assert_eq!(rounded.unit.to_string(), unit, "{exact}");
            assert_eq!(fossil(&rounded), (low.to_owned(), high.to_owned()), "{exact}");
            assert!(rounded.gate.excluding_uptake.holds(kg(exact)));
        }
    }

    #[test]
    fn a_total_of_zero_takes_the_width_of_the_largest_category_and_nothing_at_all_one_kilogram() {
        let rounded = RoundedFigures::of(&figures("0", "-5.4321"), false).unwrap();
        assert_eq!(rounded.unit.to_string(), "0.01");
        assert_eq!(rounded.gate.including_uptake.middle(), kg("-5.43").quanta());
        assert_eq!(RoundedFigures::of(&figures("0", "0"), false).unwrap().unit.to_string(), "1");
    }

    #[test]
    fn shares_have_two_digits_and_stages_are_shown_where_that_is_wanted() {
        let rounded = RoundedFigures::of(&figures("1", "0"), false).unwrap();
        assert_eq!(rounded.primary_data_share.to_string(), "88");
        assert_eq!(rounded.exempted_emissions_percent.unwrap().to_string(), "0.12");
        assert!(rounded.stages.is_empty());
        assert_eq!(RoundedFigures::of(&figures("1", "0"), true).unwrap().stages.len(), 1);
    }

    #[test]
    fn intervals_that_touch_cannot_be_told_apart() {
        let cell = |low: &str, high: &str| Interval { low: kg(low), high: kg(high) };
        assert!(cell("1", "2").overlaps(&cell("2", "3")) && !cell("1", "2").overlaps(&cell("2.1", "3")));
    }

    #[test]
    fn an_end_outside_the_range_is_an_error() {
        let largest = format!("{}.9", "9".repeat(18));
        assert!(RoundedFigures::of(&figures(&largest, "0"), false).is_err());
    }
}
