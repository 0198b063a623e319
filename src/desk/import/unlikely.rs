//! Numbers that are allowed and hardly what was meant, looked for before a statement is signed:
//! factors of electricity beyond any grid, factors of zero or below, more carbon than a product
//! weighs. It refuses nothing.

use pcf_ledger::model::{Category, Decimal, Dimension, Factor, FactorCategory, Product, Unit};

/// kg CO2e per kWh above which no grid or power plant emits.
const GRID_KG_MAX: i64 = 2;

/// What is hardly meant in a factor.
pub fn factor(factor: &Factor) -> Option<String> {
    let values = factor.values.as_ref()?;
    let total = values.values().map(|kg| kg.quanta()).sum::<i128>();
    // What plants take out of the air is below zero by its nature.
    let removes = |category: &Category| {
        matches!(
            category,
            Category::BiogenicUptake
                | Category::LandManagementRemovals
                | Category::TechnologicalRemovals
                | Category::CcsCapture
        )
    };
    let below = values.iter().find(|(category, kg)| kg.is_negative() && !removes(category));
    let (id, unit) = (&factor.factor, factor.unit);
    if let Some((category, kg)) = below {
        return Some(format!(
            "the factor {id} is below zero: {kg} kg CO2e per {unit} ({category}); is the sign meant?"
        ));
    }
    if total == 0 {
        return Some(format!(
            "the factor {id} is 0 kg CO2e per {unit}: whatever names it counts nothing; is that meant?"
        ));
    }
    let electric = matches!(
        factor.category,
        FactorCategory::ElectricityLifecycle | FactorCategory::ElectricityGeneration
    );
    let (n, d) =
        unit.ratio_to(Unit::KilowattHour).filter(|_| electric && unit.dimension() == Dimension::Energy)?;
    let most = i128::from(GRID_KG_MAX) * Decimal::ONE_QUANTA;
    let above = total.checked_mul(i128::from(d)).zip(most.checked_mul(i128::from(n)));
    above.is_some_and(|(total, most)| total > most).then(|| {
        format!(
            "the factor {id} says more than {GRID_KG_MAX} kg CO2e per kWh of electricity, which no grid emits: is it in g, or per MWh?"
        )
    })
}

/// What is hardly meant in a product.
pub fn product(product: &Product) -> Option<String> {
    let mass = product.mass_per_declared_unit;
    let id = product.ids.first()?;
    if product.declared_unit.unit == Unit::Piece && mass.is_some_and(Decimal::is_zero) {
        return Some(format!(
            "{id} weighs 0 kg a piece: leave the mass empty where the product is a service"
        ));
    }
    let carbon = product.carbon.as_ref()?;
    let biogenic = carbon.biogenic.map_or(0, Decimal::quanta);
    let total = carbon.fossil.quanta().checked_add(biogenic)?;
    let mass = mass.filter(|mass| mass.is_positive() && total > mass.quanta())?;
    Some(format!("{id} holds more carbon than its {mass} kg: the content is in kg of carbon, not of CO2e"))
}
