//! What one unit of a source gives: factors, gases, suppliers' footprints and publications turned
//! into kg CO2e by category with all that belongs to them. Knows nothing of amounts or products'
//! own calculation.

use crate::calc::amount::Exact;
use crate::calc::result::quality::Primary;
use crate::calc::{BoughtFootprint, ContributionSource, Declared, FlowProblem, Held};
use crate::model::wide::{Wide, narrow, power_of_ten, product as multiplied, quotient, sum};
use crate::model::{
    ByCategory, Category, Co2e, DataKind, Decimal, Factor, FactorValue, Gas, GwpSet, Product, ProductId,
    Publication, Quality, Quantity, RATIO_SCALE, StatedGwp, StatementId, Unit, ValueError,
};

/// GWP sets that entered a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::calc) struct GwpSets(u8);

impl GwpSets {
    pub(in crate::calc) fn of(sets: impl IntoIterator<Item = StatedGwp>) -> Self {
        Self(sets.into_iter().fold(0, |bits, set| bits | 1 << set as u8)) // OK because there are seven sets.
    }

    pub(in crate::calc) fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Sorted by name.
    pub(in crate::calc) fn list(self) -> Vec<StatedGwp> {
        StatedGwp::ALL.iter().copied().filter(|set| self.0 & (1 << *set as u8) != 0).collect()
    }
}

/// What one declared amount of a source gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::calc) struct SourceValue {
    /// kg CO2e by category.
    pub(in crate::calc) categories: ByCategory<Co2e>,
    /// Their sum excluding uptake.
    pub(in crate::calc) excluding_uptake: Co2e,
    pub(in crate::calc) gwp: GwpSets,
    pub(in crate::calc) primary: Primary,
    pub(in crate::calc) quality: Option<Quality>,
}

impl SourceValue {
    /// A source that gives nothing.
    pub(in crate::calc) fn nothing() -> Self {
        Self {
            categories: ByCategory::default(),
            excluding_uptake: Co2e::ZERO,
            gwp: GwpSets::default(),
            primary: Primary::Percent(Decimal::ZERO),
            quality: None,
        }
    }

    pub(in crate::calc) fn new(
        categories: ByCategory<Co2e>,
        gwp: GwpSets,
        primary: Primary,
        quality: Option<Quality>,
    ) -> Result<Self, ValueError> {
        let excluding_uptake = categories.excluding_uptake()?;
        Ok(Self { categories, excluding_uptake, gwp, primary, quality })
    }
}

/// A source outside the product graph.
#[derive(Debug, Clone)]
pub(in crate::calc) struct FixedSource {
    pub(in crate::calc) value: SourceValue,
    /// What the value is per.
    pub(in crate::calc) declared: Quantity,
    /// Links a mass to the declared unit.
    pub(in crate::calc) mass: Option<Decimal>,
    /// The statement it stands in; none for a gas.
    pub(in crate::calc) statement: Option<StatementId>,
    pub(in crate::calc) origin: ContributionSource,
    /// What a reader must know who uses it.
    pub(in crate::calc) notes: Vec<String>,
}

/// A factor's value per one of its unit, its gases characterised with `set`.
pub(in crate::calc) fn from_factor(held: &Held<Factor>, set: GwpSet) -> Result<FixedSource, FlowProblem> {
    let factor = &held.statement;
    factor.check()?;
    let mut categories = ByCategory::<Co2e>::default();
    let mut notes = Vec::new();
    let gwp = match factor.value()? {
        FactorValue::Characterised(values, stated) => {
            for (category, kg) in values {
                categories[*category] = Co2e::from_kg(*kg);
            }
            if stated == StatedGwp::Unstated {
                notes.push(format!("factor {}: its source does not state its GWP set", factor.factor));
            }
            stated
        }
        FactorValue::Gases(gases) => {
            for (gas, kg) in gases {
                let category = gas.category(kg.is_negative());
                categories[category] = categories[category].plus(characterised(*gas, *kg, set)?)?;
                notes.extend(one_methane(*gas, set));
                notes.extend(disputed(*gas, set));
                notes.extend(mixed(*gas, set));
            }
            set.into()
        }
    };
    let primary = match factor.data {
        DataKind::Primary => Primary::WithActivity,
        DataKind::Secondary | DataKind::Estimated => Primary::Percent(Decimal::ZERO),
    };
    Ok(FixedSource {
        value: SourceValue::new(categories, GwpSets::of([gwp]), primary, factor.quality)?,
        declared: Quantity { amount: Decimal::ONE, unit: factor.unit },
        mass: None,
        statement: Some(held.id),
        origin: ContributionSource::Factor { factor: factor.factor.clone(), statement: held.id },
        notes,
    })
}

/// kg CO2e of one unit of a factor, excluding uptake; none where it has none that holds.
pub(crate) fn factor_headline(held: &Held<Factor>, set: GwpSet) -> Option<Co2e> {
    from_factor(held, set).ok().map(|source| source.value.excluding_uptake)
}

/// A gas emitted here, per kg; its category depends on the sign of the amount.
pub(super) fn from_gas(gas: Gas, negative: bool, set: GwpSet) -> Result<FixedSource, FlowProblem> {
    let mut categories = ByCategory::<Co2e>::default();
    categories[gas.category(negative)] = characterised(gas, Decimal::ONE, set)?;
    Ok(FixedSource {
        value: SourceValue::new(categories, GwpSets::of([set.into()]), Primary::WithActivity, None)?,
        declared: Quantity { amount: Decimal::ONE, unit: Unit::Kilogram },
        mass: None,
        statement: None,
        origin: ContributionSource::Gas(gas),
        notes: [one_methane(gas, set), disputed(gas, set), mixed(gas, set)].into_iter().flatten().collect(),
    })
}

/// A supplier's footprint.
pub(super) fn from_bought(
    id: &crate::model::FootprintId,
    held: &Held<BoughtFootprint>,
) -> Result<FixedSource, ValueError> {
    let bought = &held.statement;
    let declared = bought.declared_unit;
    if !declared.amount.is_positive() {
        let problem = format!("needs a declared amount above 0, got {} {}", declared.amount, declared.unit);
        return Err(ValueError::Combination { what: "supplier's footprint", problem });
    }
    let mut notes = Vec::new();
    if !bought.unexplained.is_zero() {
        notes.push(format!(
            "footprint {id}: {} kg of its headline are in none of its named categories and count as fossil",
            bought.unexplained
        ));
    }
    if bought.validity.is_none() {
        notes.push(format!("footprint {id}: its document states no validity"));
    }
    if bought.primary_data_share.is_none() {
        notes.push(format!(
            "footprint {id}: its document states no primary data share; it counts as secondary"
        ));
    }
    let primary = Primary::Percent(bought.primary_data_share.unwrap_or(Decimal::ZERO));
    let gwp = GwpSets::of(bought.gwp.iter().copied());
    let gwp = if bought.gwp.is_empty() { GwpSets::of([StatedGwp::Unstated]) } else { gwp };
    Ok(FixedSource {
        value: SourceValue::new(bought.categories, gwp, primary, bought.quality)?,
        declared,
        mass: bought.mass_per_declared_unit,
        statement: Some(held.id),
        origin: ContributionSource::Footprint { footprint: id.clone(), statement: held.id },
        notes,
    })
}

/// The gate figures of a publication, which are per `then`, per declared unit of the product whose
/// place it takes, filed under `id`; none where the one does not convert to the other.
pub(super) fn from_publication(
    held: &Held<Publication>,
    id: &ProductId,
    product: &Product,
    then: Declared,
) -> Result<Option<FixedSource>, ValueError> {
    let Publication { figures, footprint, .. } = &held.statement;
    let Some(ratio) = Exact::from(product.declared_unit).per_declared(then.unit, then.mass)? else {
        return Ok(None);
    };
    let what = "figures of a publication per declared unit";
    let of = |_, kg: &Co2e| {
        let exact = multiplied(ratio, Wide::new(kg.quanta()), what)?;
        Co2e::from_quanta(narrow(quotient(exact, power_of_ten(RATIO_SCALE)?, what)?, what)?)
    };
    let value = SourceValue::new(
        figures.gate.categories.try_map(of)?,
        GwpSets::of(figures.gwp.iter().copied()),
        Primary::Percent(figures.primary_data_share),
        figures.data_quality,
    )?;
    Ok(Some(FixedSource {
        value,
        declared: product.declared_unit,
        mass: product.mass_per_declared_unit,
        statement: Some(held.id),
        origin: ContributionSource::Publication {
            product: id.clone(),
            footprint: footprint.clone(),
            statement: held.id,
        },
        notes: Vec::new(),
    }))
}

fn characterised(gas: Gas, kg: Decimal, set: GwpSet) -> Result<Co2e, FlowProblem> {
    let gwp = gas.gwp100(set).ok_or_else(|| {
        let lacking = gas.components(set).map(|(part, _)| part).find(|part| part.gwp100(set).is_none());
        FlowProblem::NoGwp { gas, lacking: lacking.unwrap_or(gas), set }
    })?;
    let what = "characterised mass";
    let exact = multiplied(Wide::new(kg.quanta()), Wide::new(gwp.quanta()), what)?; // 1e-24 kg
    let quantum = Wide::new(10_i128.pow(2 * Decimal::SCALE - Co2e::SCALE));
    if exact % quantum != 0 {
        let problem = format!("{kg} kg of {gas} times {gwp} has more than {} fractional digits", Co2e::SCALE);
        return Err(ValueError::Combination { what, problem }.into());
    }
    Ok(Co2e::from_quanta(narrow(quotient(exact, quantum, what)?, what)?)?)
}

/// A blend that the set has no value for counts by its components.
fn mixed(gas: Gas, set: GwpSet) -> Option<String> {
    let per_cent = |(part, share): (Gas, u16)| match (share / 10, share % 10) {
        (whole, 0) => format!("{whole} % {part}"),
        (whole, tenth) => format!("{whole}.{tenth} % {part}"),
    };
    let parts: Vec<String> = gas.components(set).map(per_cent).collect();
    (!parts.is_empty()).then(|| format!("{gas} counts by its mass shares (ASHRAE 34): {}", parts.join(", ")))
}

/// Before AR5 there is one value for methane, used for both kinds.
fn one_methane(gas: Gas, set: GwpSet) -> Option<String> {
    let methane = gas.as_str().starts_with("CH4_");
    (methane && matches!(set, GwpSet::Sar | GwpSet::Tar | GwpSet::Ar4))
        .then(|| format!("{set} has one value for methane; it is used for fossil and biogenic"))
}

/// The one value of AR6 that two authorities give differently: which was chosen is said wherever it
/// enters.
fn disputed(gas: Gas, set: GwpSet) -> Option<String> {
    let (here, there) = match set {
        GwpSet::Ar6 => {
            ("25200, as in IPCC AR6 table 7.SM.7", "the GHG Protocol's list of August 2024 has 24300")
        }
        GwpSet::Ar6GhgProtocolSf6 => {
            ("24300, as in the GHG Protocol's list of August 2024", "IPCC AR6 table 7.SM.7 has 25200")
        }
        _ => return None,
    };
    (gas.as_str() == "SF6").then(|| format!("SF6 counts {here}; {there}"))
}

/// Adds `factor * value` of every category that is not zero, and `whole` instead where an of-which
/// line holds the whole flow.
pub(in crate::calc) fn accumulate(
    into: &mut ByCategory<Wide>,
    factor: Wide,
    value: &SourceValue,
    whole: Option<Category>,
) -> Result<(), ValueError> {
    let what = "sum of flows";
    for (category, kg) in value.categories.iter() {
        let kg = if whole == Some(category) { value.excluding_uptake } else { *kg };
        if !kg.is_zero() {
            let part = multiplied(factor, Wide::new(kg.quanta()), what)?;
            into[category] = sum(into[category], part, what)?;
        }
    }
    Ok(())
}
