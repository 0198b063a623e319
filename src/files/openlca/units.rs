//! Units and flow properties of a package: an exchange's amount in the unit and in the property
//! that its flow is counted in, by the ids of the package's own documents, and by name where it has
//! none.

use std::collections::BTreeMap;

use serde_json::Number;

use super::amount::{Measured, by_name};
use super::schema::{Exchange, Flow, FlowProperty, UnitGroup};

/// What the package says of units.
#[derive(Debug, Clone, Default)]
pub(super) struct Units {
    groups: BTreeMap<String, UnitGroup>,
    properties: BTreeMap<String, FlowProperty>,
    /// The group of each unit, and its place there.
    by_id: BTreeMap<String, (String, usize)>,
}

/// The reference units of flow properties in openLCA's reference data, for packages without these
/// documents.
const OF_PROPERTIES: &[(&str, &str)] = &[
    ("mass", "kg"),
    ("dry mass", "kg"),
    ("energy", "MJ"),
    ("net calorific value", "MJ"),
    ("gross calorific value", "MJ"),
    ("volume", "m3"),
    ("normal volume", "m3"),
    ("area", "m2"),
    ("length", "m"),
    ("duration", "h"),
    ("goods transport (mass*distance)", "t*km"),
    ("number of items", "Item(s)"),
];

/// Units of openLCA's reference data by their ids.
const OF_REFERENCE_DATA: &[(&str, &str)] = &[
    ("20aadc24-a391-41cf-b340-3e4529f44bde", "kg"),
    ("aeb45cf7-0b80-49f4-afd1-4c7d5ba2ff69", "g"),
    ("52765a6c-3896-43c2-b2f4-c679acf13efe", "MJ"),
    ("86ad2244-1f0e-4912-af53-7865283103e4", "kWh"),
];

impl Units {
    pub(super) fn add_group(&mut self, group: UnitGroup) -> bool {
        for (at, unit) in group.units.iter().enumerate() {
            self.by_id.insert(unit.id.clone(), (group.id.clone(), at));
        }
        self.groups.insert(group.id.clone(), group).is_some()
    }

    pub(super) fn add_property(&mut self, property: FlowProperty) -> bool {
        self.properties.insert(property.id.clone(), property).is_some()
    }

    /// The amount of an exchange in the reference property of its flow, and whether digits were
    /// lost on the way.
    ///
    /// # Errors
    /// A sentence that says why it cannot be told how much it is.
    pub(super) fn measured(
        &self,
        exchange: &Exchange,
        flow: Option<&Flow>,
    ) -> Result<(Measured, bool), String> {
        let (group, amount) = self.in_unit(exchange, flow)?;
        let Some((of_property, reference)) =
            flow.and_then(|flow| properties(exchange, flow).transpose()).transpose()?
        else {
            return Ok((amount, false));
        };
        // A factor links the reference units of two properties.
        let amount = self.in_reference_unit(exchange, group, amount, &of_property.name, &of_property.id)?;
        let unit = self.reference_unit(&reference.id, &reference.name)?;
        let (digits, lost) = amount.divided(&of_property.factor, &unit)?;
        Ok((digits, lost))
    }

    /// The amount in a unit that is known, and the group that the unit is of.
    fn in_unit(
        &self,
        exchange: &Exchange,
        flow: Option<&Flow>,
    ) -> Result<(Option<&UnitGroup>, Measured), String> {
        let said = |e: pcf_core::model::ValueError| e.to_string();
        let reference = flow.and_then(|flow| flow.flow_properties.iter().find(|of| of.is_reference));
        // Without a unit of its own, an amount is in the one that its flow is counted in.
        if let (None, Some(reference)) = (&exchange.unit, reference) {
            let property = &reference.flow_property;
            let unit = self.reference_unit(&property.id, &property.name)?;
            return Ok((None, Measured::new(&exchange.amount, &unit).map_err(said)?));
        }
        let (id, stated) =
            exchange.unit.as_ref().map_or(("", ""), |unit| (unit.id.as_str(), unit.name.as_str()));
        let known = self.by_id.get(id).and_then(|(group, at)| {
            let group = self.groups.get(group)?;
            Some((group, group.units.get(*at)?))
        });
        let Some((group, unit)) = known else {
            let of_reference_data = || OF_REFERENCE_DATA.iter().find(|(known, _)| *known == id);
            let name =
                if stated.is_empty() { of_reference_data().map_or("", |(_, name)| *name) } else { stated };
            if name.is_empty() {
                return Err(format!("its unit has no name, and the package has no unit `{id}`"));
            }
            return Ok((None, Measured::new(&exchange.amount, name).map_err(said)?));
        };
        let reference = group.reference().map_or("", |reference| reference.name.as_str());
        let plain = |number: &Number| Measured::new(number, &unit.name).map_err(said);
        let by_group = |number: &Number| {
            Measured::new(number, reference)
                .and_then(|amount| amount.times(&unit.conversion_factor))
                .map_err(said)
        };
        // A name that this program knows is exact where the group means the same by it; else the
        // group has the word.
        let one = Number::from(1);
        let is_same = by_name(&unit.name) && plain(&one)?.is_about(&by_group(&one)?);
        let amount = if is_same || !by_name(reference) {
            plain(&exchange.amount)?
        } else {
            by_group(&exchange.amount)?
        };
        Ok((Some(group), amount))
    }

    /// The amount in the reference unit of the property it is stated in.
    fn in_reference_unit(
        &self,
        exchange: &Exchange,
        group: Option<&UnitGroup>,
        amount: Measured,
        property: &str,
        property_id: &str,
    ) -> Result<Measured, String> {
        if let Some((group, factor)) = group.and_then(|group| Some((group, self.factor(exchange)?))) {
            let reference = group.reference().map_or("", |unit| unit.name.as_str());
            let amount = Measured::new(&exchange.amount, reference).and_then(|amount| amount.times(factor));
            return amount.map_err(|e| e.to_string());
        }
        amount.in_unit_of(&self.reference_unit(property_id, property)?)
    }

    fn factor(&self, exchange: &Exchange) -> Option<&Number> {
        let (group, at) = self.by_id.get(&exchange.unit.as_ref()?.id)?;
        Some(&self.groups.get(group)?.units.get(*at)?.conversion_factor)
    }

    /// The name of the reference unit of a flow property.
    fn reference_unit(&self, id: &str, name: &str) -> Result<String, String> {
        let property = self.properties.get(id);
        let group = property.and_then(|property| self.groups.get(&property.unit_group.as_ref()?.id));
        if let Some(unit) = group.and_then(UnitGroup::reference) {
            return Ok(unit.name.clone());
        }
        let name = property.map_or(name, |property| property.name.as_str()).to_lowercase();
        let known = OF_PROPERTIES.iter().find(|(property, _)| *property == name);
        known.map(|(_, unit)| (*unit).to_owned()).ok_or_else(|| {
            format!("the package does not say in which unit its flow property `{name}` is counted")
        })
    }
}

/// A flow property, how much of it one of the reference property is, and its name.
struct Property {
    id: String,
    name: String,
    factor: Number,
}

/// The property that an exchange is stated in and the reference property of its flow, where these
/// are two.
fn properties(exchange: &Exchange, flow: &Flow) -> Result<Option<(Property, Property)>, String> {
    let Some(stated) = exchange.flow_property.as_ref().filter(|property| !property.id.is_empty()) else {
        return Ok(None);
    };
    let property = |of: &super::schema::PropertyFactor| Property {
        id: of.flow_property.id.clone(),
        name: of.flow_property.name.clone(),
        factor: of.conversion_factor.clone(),
    };
    let Some(reference) = flow.flow_properties.iter().find(|of| of.is_reference) else { return Ok(None) };
    if reference.flow_property.id == stated.id {
        return Ok(None);
    }
    let own = flow.flow_properties.iter().find(|of| of.flow_property.id == stated.id);
    let own = own.ok_or_else(|| {
        format!("it is stated in the flow property `{}`, which its flow does not have", stated.name)
    })?;
    Ok(Some((property(own), property(reference))))
}
