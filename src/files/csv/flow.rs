//! One row of an activities file as a flow: its amount, its source, and what its parts must agree
//! in.

use super::cells::Cells;
use pcf_core::model::{
    Amount, CertificateId, FactorId, Flow, FlowKind, FlowSource, FootprintId, Gas, Instrument, Measure,
    ProductId, Quantity, Text, ValueError,
};

/// The flow of a row; `None` where a cell of it is wrong.
pub(super) fn flow(cells: &mut Cells<'_, '_>) -> Option<Flow> {
    let name = cells.required::<Text>("flow");
    let kind = cells.required::<FlowKind>("kind");
    let excluded = kind == Some(FlowKind::Excluded);
    let amount = amount(cells, excluded);
    let source = if excluded { excluded_source(cells) } else { source(cells, kind) };
    let carbon = (cells.number("biogenic_carbon"), cells.number("fossil_carbon"));
    let data = cells.optional("data");
    let delivered = cells.yes_no("delivered").unwrap_or(false);
    let (instruments, uncertainty) = (instruments(cells), cells.uncertainty());
    let substitutes = cells.optional("substitutes");
    let flow = Flow {
        amount: amount?,
        biogenic_carbon: carbon.0,
        data,
        delivered,
        fossil_carbon: carbon.1,
        instruments,
        kind: kind?,
        name: name?,
        source: source?,
        split_from: None,
        substitutes,
        uncertainty,
    };
    agreeing(flow).map_err(|sentence| cells.refuse("flow", sentence)).ok()
}

/// The flow, where its parts agree.
pub(super) fn agreeing(flow: Flow) -> Result<Flow, String> {
    flow.checked().map_err(|e| e.to_string())
}

/// The outer option is empty where a cell is wrong.
fn amount(cells: &mut Cells<'_, '_>, excluded: bool) -> Option<Option<Amount>> {
    let columns = ["amount", "unit", "times", "times_unit"];
    if excluded && columns.iter().all(|column| cells.text(column).is_none()) {
        return Some(None);
    }
    let (amount, unit) = cells.required_measured("amount", "unit");
    if cells.text("times").is_none() && cells.text("times_unit").is_none() {
        return Some(Some(Amount::Given(Quantity { amount: amount?, unit: unit? })));
    }
    let (times, times_unit) = cells.required_measured("times", "times_unit");
    let measure = |name: &str, amount, unit| Some(Measure { amount, name: name.parse().ok()?, unit });
    Some(Some(Amount::Of([measure("amount", amount?, unit?)?, measure("times", times?, times_unit?)?])))
}

fn excluded_source(cells: &mut Cells<'_, '_>) -> Option<FlowSource> {
    for column in ["source", "upstream"] {
        if cells.text(column).is_some() {
            cells.refuse(column, "an excluded flow has an estimate and a reason, and no source");
        }
    }
    let (estimate, reason) = (cells.required_mass("estimate"), cells.required::<Text>("reason"));
    Some(FlowSource::Excluded { estimate: estimate?, reason: reason? })
}

fn source(cells: &mut Cells<'_, '_>, kind: Option<FlowKind>) -> Option<FlowSource> {
    for column in ["estimate", "reason"] {
        if cells.text(column).is_some() {
            cells.refuse(column, "only a flow of kind excluded has this");
        }
    }
    let upstream = cells.text("upstream").map(|text| text.strip_prefix("factor:").unwrap_or(text));
    let upstream = upstream.map(|text| text.parse::<FactorId>());
    let Some(text) = cells.text("source") else {
        cells.refuse("source", "a value is missing: factor:, product:, footprint: or gas: and an id");
        return None;
    };
    let parsed = parse_source(text, kind);
    match (parsed, upstream) {
        (Ok(FlowSource::Factor { factor, .. }), Some(Ok(upstream))) => {
            Some(FlowSource::Factor { factor, upstream: Some(upstream) })
        }
        (Ok(_), Some(Ok(_))) => {
            cells.refuse("upstream", "only a flow whose source is a factor has an upstream factor");
            None
        }
        (Ok(source), None) => Some(source),
        (parsed, upstream) => {
            if let Some(Err(e)) = upstream {
                cells.refuse("upstream", e.to_string());
            }
            if let Err(sentence) = parsed {
                cells.refuse("source", sentence);
            }
            None
        }
    }
}

/// A source with its prefix, or without where there is one meaning: a URN is a product, a UUID a
/// footprint, the name of a gas a gas where the flow is an emission, and anything else a factor.
pub(super) fn parse_source(text: &str, kind: Option<FlowKind>) -> Result<FlowSource, String> {
    // Refrigerants by their number too, but only where no factor could be meant.
    let is_gas = || text.parse::<Gas>().is_ok();
    let is_named = || Gas::named(text).is_ok();
    let (prefix, id) = match text.split_once(':') {
        Some((prefix @ ("factor" | "product" | "footprint" | "gas"), id)) => (prefix, id.trim()),
        Some(("urn", _)) => ("product", text),
        Some((other, _)) => {
            return Err(format!("expected factor:, product:, footprint: or gas: and an id, got `{other}:`"));
        }
        None if text.to_ascii_lowercase().parse::<FootprintId>().is_ok() => ("footprint", text),
        None if kind == Some(FlowKind::Emission) && is_named() => ("gas", text),
        None if is_gas() => {
            return Err(format!(
                "`{text}` is a gas, which only a flow of kind emission emits; write factor:{text} if a factor has this name"
            ));
        }
        None => ("factor", text),
    };
    let fault = |e: ValueError| e.to_string();
    match prefix {
        "product" => id.parse::<ProductId>().map(FlowSource::Product).map_err(fault),
        "footprint" => {
            id.to_ascii_lowercase().parse::<FootprintId>().map(FlowSource::Footprint).map_err(fault)
        }
        "gas" => Gas::named(id).map(FlowSource::Gas).map_err(fault),
        _ => id.parse().map(|factor| FlowSource::Factor { factor, upstream: None }).map_err(fault),
    }
}

/// What stands between the certificates of one cell.
const BETWEEN: char = '|';

/// The certificates of a row: one, or several in the same order in each of the four columns.
fn instruments(cells: &mut Cells<'_, '_>) -> Vec<Instrument> {
    let columns = ["instrument", "instrument_kwh", "instrument_start", "instrument_end"];
    if columns.iter().all(|column| cells.text(column).is_none()) {
        return Vec::new();
    }
    let lists = columns.map(|column| {
        let parts = cells.text(column).map(|text| text.split(BETWEEN).map(str::trim));
        parts.map(Iterator::collect::<Vec<&str>>).unwrap_or_default()
    });
    let mut complete = true;
    for (column, list) in columns.iter().zip(&lists) {
        let expected = lists[0].len();
        if list.is_empty() {
            cells.refuse(column, "a value is missing");
        } else if expected > 0 && list.len() != expected {
            let got = list.len();
            cells.refuse(
                column,
                format!("expected as many values as instrument has, separated by {BETWEEN} and in its order: {expected}, got {got}"),
            );
        }
        complete &= list.len() == expected && expected > 0;
    }
    if !complete {
        return Vec::new();
    }
    let [ids, kwh, starts, ends] = lists;
    let mut found = Vec::with_capacity(ids.len());
    for (((id, kwh), start), end) in ids.into_iter().zip(kwh).zip(starts).zip(ends) {
        let id = cells.kept(columns[0], id.parse::<CertificateId>().map_err(|e| e.to_string()));
        let kwh = cells.number_in(columns[1], kwh);
        let period = cells.period_in((columns[2], Some(start)), (columns[3], Some(end)));
        if let (Some(id), Some(kwh), Some(period)) = (id, kwh, period) {
            found.push(Instrument { id, kwh, period });
        }
    }
    found
}
