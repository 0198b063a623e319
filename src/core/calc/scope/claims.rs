//! Certificates and contracts: each may be claimed once in an inventory. Judges; calculates
//! nothing.

use std::collections::{BTreeMap, HashMap};

use crate::calc::{CalcError, Inventory};
use crate::model::{StatementId, Text};

/// Certificates that are claimed more than once, by statement.
pub(in crate::calc) fn claimed_twice(inventory: &Inventory) -> HashMap<usize, Vec<CalcError>> {
    let mut by_id: BTreeMap<&Text, Vec<(StatementId, usize, usize, &Text)>> = BTreeMap::new();
    for (activity, held) in inventory.activities.iter().enumerate() {
        for (index, flow) in held.statement.flows.iter().enumerate() {
            if let Some(instrument) = &flow.instrument {
                by_id.entry(&instrument.id).or_default().push((held.id, index, activity, &flow.name));
            }
        }
    }
    let mut errors: HashMap<usize, Vec<CalcError>> = HashMap::new();
    for redacted in &inventory.redacted.activities {
        for instrument in &redacted.statement.instruments {
            for (statement, _, activity, flow) in by_id.get(instrument).into_iter().flatten() {
                errors.entry(*activity).or_default().push(CalcError::InstrumentRedacted {
                    instrument: instrument.clone(),
                    statement: *statement,
                    flow: (*flow).clone(),
                    redacted: redacted.id,
                });
            }
        }
    }
    for (instrument, mut claims) in by_id {
        claims.sort_unstable();
        let Some((first, again)) = claims.split_first() else { continue };
        for second in again {
            let error = CalcError::InstrumentTwice {
                instrument: instrument.clone(),
                first: first.0,
                first_flow: first.3.clone(),
                second: second.0,
                second_flow: second.3.clone(),
            };
            errors.entry(first.2).or_default().push(error.clone());
            errors.entry(second.2).or_default().push(error);
        }
    }
    errors
}
