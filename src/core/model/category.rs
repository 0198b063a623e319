//! The categories a footprint is kept apart in, and one value for each.

use std::fmt;
use std::ops::{Index, IndexMut};

use schemars::JsonSchema;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::error::{ValueError, word_list};
use super::{Co2e, Decimal};

word_list! {
    /// A category of CO2e, named as PACT v3 names it; in the order of its names, which is the order in every document.
    pub enum Category as "category", "the PACT v3 name of a category of emissions, such as fossilGhgEmissions" {
        /// Of which by aircraft; inside the others.
        Aircraft = "aircraftGhgEmissions",
        /// Biogenic CO2 released; at least 0.
        BiogenicReleased = "biogenicCO2Released",
        /// Biogenic CO2 taken up; at most 0.
        BiogenicUptake = "biogenicCO2Uptake",
        /// Biogenic emissions other than CO2.
        BiogenicNonCo2 = "biogenicNonCO2Emissions",
        /// Capture for storage; at most 0.
        CcsCapture = "ccsTechnologicalCO2Capture",
        /// Fossil.
        Fossil = "fossilGhgEmissions",
        /// CO2 from land management.
        LandManagementCo2 = "landManagementBiogenicCO2Emissions",
        /// Removals by land management; at most 0.
        LandManagementRemovals = "landManagementBiogenicCO2Removals",
        /// Of which fossil from land management; inside fossil.
        LandManagementFossil = "landManagementFossilGhgEmissions",
        /// Land-use change.
        LandUseChange = "landUseChangeGhgEmissions",
        /// Of which packaging; inside the others.
        Packaging = "packagingGhgEmissions",
        /// Technological removals; at most 0.
        TechnologicalRemovals = "technologicalCO2Removals",
    }
}

impl Category {
    /// How many there are.
    pub const COUNT: usize = 12;

    /// True for the lines that lie inside others and never enter a sum.
    pub const fn is_of_which(self) -> bool {
        matches!(self, Self::Aircraft | Self::LandManagementFossil | Self::Packaging)
    }

    /// True where the category enters the footprint excluding biogenic uptake.
    pub const fn counts_excluding_uptake(self) -> bool {
        !self.is_of_which() && !matches!(self, Self::BiogenicUptake | Self::BiogenicReleased)
    }

    /// Whether a value has a sign that the category can have.
    pub const fn admits(self, kg: Decimal) -> bool {
        match self {
            Self::BiogenicUptake
            | Self::CcsCapture
            | Self::LandManagementRemovals
            | Self::TechnologicalRemovals => !kg.is_positive(),
            Self::BiogenicReleased => !kg.is_negative(),
            _ => true,
        }
    }
}

/// One value for each category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ByCategory<T>([T; Category::COUNT]);

impl<T> ByCategory<T> {
    /// One value for each, made by `make`.
    pub fn from_fn(mut make: impl FnMut(Category) -> T) -> Self {
        Self(std::array::from_fn(|i| make(Category::ALL[i]))) // OK because the list has exactly COUNT words.
    }

    /// Every category with its value, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (Category, &T)> {
        Category::ALL.iter().copied().zip(&self.0)
    }

    /// The same shape with every value mapped; stops at the first error.
    ///
    /// # Errors
    /// The first that `map` returns.
    pub fn try_map<U: Default, E>(
        &self,
        mut map: impl FnMut(Category, &T) -> Result<U, E>,
    ) -> Result<ByCategory<U>, E> {
        let mut mapped = ByCategory::<U>::default();
        for (category, value) in self.iter() {
            mapped[category] = map(category, value)?;
        }
        Ok(mapped)
    }
}

impl<T> Index<Category> for ByCategory<T> {
    type Output = T;
    fn index(&self, category: Category) -> &T {
        &self.0[category as usize]
    }
}

impl<T> IndexMut<Category> for ByCategory<T> {
    fn index_mut(&mut self, category: Category) -> &mut T {
        &mut self.0[category as usize]
    }
}

impl ByCategory<Co2e> {
    /// Fossil + biogenic non-CO2 + land-use change + land management CO2 + removals + capture: the headline.
    ///
    /// # Errors
    /// [`ValueError::Overflow`] from 10^18 kg on.
    pub fn excluding_uptake(&self) -> Result<Co2e, ValueError> {
        Co2e::total(self.iter().filter(|(c, _)| c.counts_excluding_uptake()).map(|(_, v)| *v))
    }

    /// The headline + biogenic uptake + biogenic CO2 released.
    ///
    /// # Errors
    /// [`ValueError::Overflow`] from 10^18 kg on.
    pub fn including_uptake(&self) -> Result<Co2e, ValueError> {
        Co2e::total(self.iter().filter(|(c, _)| !c.is_of_which()).map(|(_, v)| *v))
    }

    /// The sum, category by category.
    ///
    /// # Errors
    /// [`ValueError::Overflow`] from 10^18 kg on.
    pub fn plus(&self, other: &Self) -> Result<Self, ValueError> {
        self.try_map(|category, value| value.plus(other[category]))
    }
}

impl<T: Serialize> Serialize for ByCategory<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(Category::COUNT))?;
        for (category, value) in self.iter() {
            map.serialize_entry(category.as_str(), value)?;
        }
        map.end()
    }
}

impl<'de, T: Deserialize<'de> + Default> Deserialize<'de> for ByCategory<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de> + Default> Visitor<'de> for All<T> {
            type Value = ByCategory<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value for each of the twelve categories, in the order of their names")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut all = ByCategory::<T>::default();
                for &expected in Category::ALL {
                    let found = map.next_key::<Category>()?;
                    if found != Some(expected) {
                        let got = found.map_or("the end", Category::as_str);
                        return Err(A::Error::custom(format!("expected {expected}, got {got}")));
                    }
                    all[expected] = map.next_value()?;
                }
                match map.next_key::<Category>()? {
                    None => Ok(all),
                    Some(twice) => Err(A::Error::custom(format!("{twice} stands twice"))),
                }
            }
        }
        deserializer.deserialize_map(All(std::marker::PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for ByCategory<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("ByCategoryOf{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let value = generator.subschema_for::<T>();
        let names: Vec<&str> = Category::ALL.iter().map(|c| c.as_str()).collect();
        let properties: serde_json::Map<String, serde_json::Value> =
            names.iter().map(|n| ((*n).to_owned(), value.clone().to_value())).collect();
        schemars::json_schema!({
            "type": "object", "properties": properties, "required": names, "additionalProperties": false
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_the_categories_is_the_order_of_their_names() {
        assert!(Category::ALL.is_sorted_by_key(|c| c.as_str()));
        assert_eq!(Category::ALL.len(), Category::COUNT);
    }

    #[test]
    fn of_which_lines_never_enter_a_total() {
        let kg = Co2e::from_kg(Decimal::ONE);
        let all = ByCategory::from_fn(|_| kg);
        assert_eq!(all.excluding_uptake().unwrap().to_string(), "7");
        assert_eq!(all.including_uptake().unwrap().to_string(), "9");
    }
}
