//! The factor statement: an emission factor with its source.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::word_list;
use super::statement::{FactorType, Version};
use super::{
    ActorId, Category, DataKind, Decimal, FactorId, Gas, Quality, Salt, StatedGwp, StatementId, Text,
    Uncertainty, Unit, ValueError, Year,
};

word_list! {
    /// What a factor is for.
    pub enum FactorCategory as "factor category", "one of biogenic_co2, electricity.generation, electricity.lifecycle, electricity.td_loss, electricity.wtt, fuel.bioenergy, fuel.bioenergy_wtt, fuel.combustion, fuel.wtt, heat, heat.wtt, material, process, service, transport.freight, transport.freight_wtt, waste, water" {
        /// Biogenic CO2 of burning biomass, reported apart.
        BiogenicCo2 = "biogenic_co2",
        /// Direct emissions of generation: for organisations, not for products.
        ElectricityGeneration = "electricity.generation",
        /// Life cycle of electricity: for products.
        ElectricityLifecycle = "electricity.lifecycle",
        /// Losses of transmission and distribution.
        ElectricityGridLosses = "electricity.td_loss",
        /// Upstream of generation.
        ElectricityUpstream = "electricity.wtt",
        /// Combustion of biomass fuels.
        BioenergyCombustion = "fuel.bioenergy",
        /// Upstream of biomass fuels.
        BioenergyUpstream = "fuel.bioenergy_wtt",
        /// Combustion of fuels.
        FuelCombustion = "fuel.combustion",
        /// Upstream of fuels.
        FuelUpstream = "fuel.wtt",
        /// Heat and steam.
        Heat = "heat",
        /// Upstream of heat and steam.
        HeatUpstream = "heat.wtt",
        /// Material to the factory gate.
        Material = "material",
        /// Direct emissions of a process.
        Process = "process",
        /// Services.
        Service = "service",
        /// Freight, operation of the vehicle.
        Freight = "transport.freight",
        /// Freight, upstream of the fuel.
        FreightUpstream = "transport.freight_wtt",
        /// Waste treatment.
        Waste = "waste",
        /// Water supply and treatment.
        Water = "water",
    }
}

impl FactorCategory {
    /// True for what is counted per amount of electricity: generation, its life cycle, the losses of
    /// the grid, and what lies before the power plant.
    pub const fn is_electricity(self) -> bool {
        matches!(
            self,
            Self::ElectricityGeneration
                | Self::ElectricityLifecycle
                | Self::ElectricityGridLosses
                | Self::ElectricityUpstream
        )
    }
}

word_list! {
    /// How much of the life of its subject a factor holds.
    pub enum Scope as "scope", "one of direct, life-cycle, upstream" {
        /// What leaves the chimney or exhaust only.
        Direct = "direct",
        /// From cradle to the user.
        LifeCycle = "life-cycle",
        /// Everything before the direct emissions.
        Upstream = "upstream",
    }
}

word_list! {
    /// What a factor leaves out.
    pub enum Exclusion as "exclusion", "one of biogenic-co2, combustion, grid-losses" {
        /// Biogenic CO2.
        BiogenicCo2 = "biogenic-co2",
        /// Combustion of the waste.
        Combustion = "combustion",
        /// Losses between power plant and user.
        GridLosses = "grid-losses",
    }
}

/// An emission factor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Factor {
    /// Who says it.
    pub by: ActorId,
    /// What it is for.
    pub category: FactorCategory,
    /// Measured for this very thing, or from a source about its kind.
    pub data: DataKind,
    /// What it leaves out, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclusions: Vec<Exclusion>,
    /// Its id.
    pub factor: FactorId,
    /// kg of each gas per unit; this or `values`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gases: Option<BTreeMap<Gas, Decimal>>,
    /// Where it holds, as its source names the place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geography: Option<Text>,
    /// The GWP set that `values` rest on; absent with `gases`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gwp: Option<StatedGwp>,
    /// Under which licence its source gives it.
    pub licence: Text,
    /// Its name with its source.
    pub name: Text,
    /// What a user of it should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
    /// True where everything that it says is public: it then has no body, and its text cannot be taken out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub open: bool,
    /// Data quality ratings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
    /// The statement this one replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<StatementId>,
    /// 16 random bytes.
    pub salt: Salt,
    /// How much of the life of its subject it holds.
    pub scope: Scope,
    /// Who published it, and where.
    pub source: Text,
    /// The edition of the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_version: Option<Text>,
    /// Always `factor`.
    pub r#type: FactorType,
    /// How uncertain its values are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uncertainty: Option<Uncertainty>,
    /// What the values are per.
    pub unit: Unit,
    /// The version of the format.
    pub v: Version,
    /// kg CO2e per unit and category; this or `gases`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<BTreeMap<Category, Decimal>>,
    /// The year it describes.
    pub year: Year,
}

/// What a factor gives per unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorValue<'a> {
    /// kg CO2e by category, characterised by its source with the named set.
    Characterised(&'a BTreeMap<Category, Decimal>, StatedGwp),
    /// kg of each gas.
    Gases(&'a BTreeMap<Gas, Decimal>),
}

impl Factor {
    /// Its values, in whichever of the two forms it has.
    ///
    /// # Errors
    /// [`ValueError::Combination`] where it has both forms, none, or values without their GWP set.
    pub fn value(&self) -> Result<FactorValue<'_>, ValueError> {
        match (&self.values, &self.gases, self.gwp) {
            (Some(values), None, Some(set)) if !values.is_empty() => {
                Ok(FactorValue::Characterised(values, set))
            }
            (None, Some(gases), None) if !gases.is_empty() => Ok(FactorValue::Gases(gases)),
            _ => Err(self.unfit("needs either `values` with their `gwp` set or `gases`")),
        }
    }

    /// What has to hold between its parts.
    ///
    /// # Errors
    /// [`ValueError::Combination`] naming the part.
    pub fn check(&self) -> Result<(), ValueError> {
        if let FactorValue::Characterised(values, _) = self.value()?
            && let Some((category, kg)) = values.iter().find(|(c, kg)| !c.admits(**kg))
        {
            return Err(self.unfit(&format!("gives {kg} kg for {category}, which has the other sign")));
        }
        if !self.exclusions.is_sorted_by(|a, b| a < b) {
            return Err(self.unfit("must list its exclusions once each, sorted"));
        }
        Ok(())
    }

    fn unfit(&self, problem: &str) -> ValueError {
        ValueError::Combination { what: "factor", problem: format!("`{}` {problem}", self.factor) }
    }
}
