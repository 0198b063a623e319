//! Activities as rows: one flow a row, and one product a row.

use pcf_ledger::model::{Activity, Amount, Flow, FlowSource, Instrument, Output};

use super::cells::Row;

/// The rows of an activity.
pub fn rows(activity: &Activity) -> Vec<Vec<(String, String)>> {
    let head = head(activity);
    let mut rows = Vec::new();
    match activity.outputs.split_first() {
        None => {
            let served = Row::default().with_list("product", &activity.r#for, "|");
            for flow in &activity.flows {
                rows.push(head.clone().and(served.clone()).and(self::flow(flow)));
            }
        }
        Some((first, further)) => {
            // A production without flows says what was made alone.
            let flows: Vec<Row> = match activity.flows.as_slice() {
                [] => vec![Row::default()],
                flows => flows.iter().map(flow).collect(),
            };
            rows.extend(flows.into_iter().map(|flow| head.clone().and(output(first)).and(flow)));
            rows.extend(further.iter().map(|output| head.clone().and(self::output(output))));
        }
    }
    rows.into_iter().map(Row::cells).collect()
}

fn head(activity: &Activity) -> Row {
    let site = activity.site.as_ref();
    let evidence: Vec<String> =
        activity.evidence.iter().map(|file| format!("{}={}", file.name, file.sha256)).collect();
    Row::default()
        .with("stage", activity.stage)
        .with("process", &activity.process)
        .with("start", activity.period.start())
        .with("end", activity.period.end())
        .with_some("meter", activity.meter.as_ref())
        .with_yes("recipe", activity.recipe)
        .with_some("site", site.map(|site| &site.name))
        .with_some("country", site.and_then(|site| site.country.as_ref()))
        .with_some("subdivision", site.and_then(|site| site.subdivision.as_ref()))
        .with_some("applies_to_start", activity.applies_to.map(|period| period.start()))
        .with_some("applies_to_end", activity.applies_to.map(|period| period.end()))
        .with_some("scenario", activity.scenario.as_ref())
        .with_some("batch", activity.batch.as_ref())
        .with_some("allocation", activity.allocation.as_ref())
        .with_list("evidence", &evidence, "|")
        .with_quality(activity.quality.as_ref())
}

fn output(output: &Output) -> Row {
    let keys: Vec<String> = output.keys.iter().map(|(name, amount)| format!("{name}={amount}")).collect();
    Row::default()
        .with("product", &output.product)
        .with("output", output.amount)
        .with("output_unit", output.unit)
        .with_list("allocation_keys", &keys, "|")
        .with_some("output_value", output.value)
}

fn flow(flow: &Flow) -> Row {
    let row = Row::default()
        .with("flow", &flow.name)
        .with("kind", flow.kind)
        .with_some("fossil_carbon", flow.fossil_carbon)
        .with_some("biogenic_carbon", flow.biogenic_carbon)
        .with_some("data", flow.data)
        .with_yes("delivered", flow.delivered)
        .with_some("substitutes", flow.substitutes.as_ref())
        .with_some("uncertainty", flow.uncertainty)
        .and(instruments(&flow.instruments));
    source(amount(row, flow.amount.as_ref()), &flow.source)
}

fn amount(row: Row, amount: Option<&Amount>) -> Row {
    match amount {
        None => row,
        Some(Amount::Given(quantity)) => row.with("amount", quantity.amount).with("unit", quantity.unit),
        Some(Amount::Of([first, second])) => row
            .with("amount", first.amount)
            .with("unit", first.unit)
            .with("times", second.amount)
            .with("times_unit", second.unit),
    }
}

fn source(row: Row, source: &FlowSource) -> Row {
    match source {
        FlowSource::Factor { factor, upstream } => {
            let upstream = upstream.as_ref().map(|id| format!("factor:{id}"));
            row.with("source", format!("factor:{factor}")).with_some("upstream", upstream)
        }
        FlowSource::Product(id) => row.with("source", format!("product:{id}")),
        FlowSource::Footprint(id) => row.with("source", format!("footprint:{id}")),
        FlowSource::Gas(gas) => row.with("source", format!("gas:{gas}")),
        FlowSource::Excluded { estimate, reason } => row.with("estimate", estimate).with("reason", reason),
    }
}

fn instruments(instruments: &[Instrument]) -> Row {
    let each = |of: fn(&Instrument) -> String| instruments.iter().map(of).collect::<Vec<_>>();
    Row::default()
        .with_list("instrument", &each(|instrument| instrument.id.to_string()), "|")
        .with_list("instrument_kwh", &each(|instrument| instrument.kwh.to_string()), "|")
        .with_list("instrument_start", &each(|instrument| instrument.period.start().to_string()), "|")
        .with_list("instrument_end", &each(|instrument| instrument.period.end().to_string()), "|")
}
