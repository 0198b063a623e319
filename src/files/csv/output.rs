//! What a row says was made: the product, how much of it, its keys and its value.

use std::collections::BTreeMap;

use super::cells::Cells;
use super::numbers;
use pcf_core::model::{Allocation, Decimal, Output, Text};

/// The output of a row; `None` where a cell of it is wrong.
pub(super) fn read(allocation: Option<&Allocation>, cells: &mut Cells<'_, '_>) -> Option<Output> {
    let product = cells.required("product");
    let (amount, unit) = cells.required_measured("output", "output_unit");
    if amount.is_some_and(Decimal::is_negative) {
        cells.refuse("output", "expected an amount of at least zero: good product finally delivered");
    }
    let keys = keys(allocation, cells);
    let value = value(cells);
    Some(Output { amount: amount?, keys, product: product?, split_from: None, unit: unit?, value })
}

/// The keys of an output: `name=amount`, several separated by `|`, and in `key` the amount of the
/// one that `allocation` names.
fn keys(allocation: Option<&Allocation>, cells: &mut Cells<'_, '_>) -> BTreeMap<Text, Decimal> {
    let mut keys = BTreeMap::new();
    if let Some(amount) = cells.number("key") {
        match allocation {
            Some(Allocation::Key(name)) => drop(keys.insert(name.clone(), amount)),
            _ => cells.refuse(
                "key",
                "a key needs its name, such as machine hours, in the column allocation; or write name=amount in the column allocation_keys",
            ),
        }
    }
    for part in
        cells.text("allocation_keys").unwrap_or_default().split('|').map(str::trim).filter(|p| !p.is_empty())
    {
        let named = part.rsplit_once('=').map(|(name, amount)| (name.trim(), amount.trim()));
        let read =
            named.map(|(name, amount)| (name.parse::<Text>(), cells.amount_in("allocation_keys", amount)));
        match read {
            Some((Ok(name), Some(amount))) if !keys.contains_key(&name) => drop(keys.insert(name, amount)),
            Some((Ok(_), None)) => {}
            _ => {
                let got: String = part.chars().take(80).collect();
                cells.refuse(
                    "allocation_keys",
                    format!("expected NAME=AMOUNT, each name once, several separated by |, got `{got}`"),
                );
            }
        }
    }
    keys
}

/// What the whole output is worth: stated, or its price times its amount.
fn value(cells: &mut Cells<'_, '_>) -> Option<Decimal> {
    let (price, value) = (cells.number("unit_price"), cells.number("output_value"));
    let Some(price) = price else { return value };
    if value.is_some() {
        cells.refuse("unit_price", "state the price of one unit or the value of the whole output, not both");
        return None;
    }
    // A price is per unit as it is written, before anything is converted.
    let whole = numbers::times(price, cells.number("output")?);
    if whole.is_none() {
        cells.refuse(
            "unit_price",
            "price times output has more digits than a statement keeps exactly; state output_value",
        );
    }
    whole
}
