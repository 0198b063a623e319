//! Slips that a single statement shows: scrap as a product, amounts below zero, a period that ends a day early, credits that lower the figure.

use std::collections::BTreeMap;

use super::amounts;
use super::view::{Line, View};
use super::{Finding, Severity};
use crate::calc::concerned;
use crate::model::{
    Activity, Category, Decimal, Factor, FactorValue, FlowKind, FlowSource, FootprintId, Gas, Output,
    ProductId,
};

/// Parts of names that mean scrap, in English and Chinese.
const SCRAP: &[&str] = &[
    "scrap",
    "waste",
    "offcut",
    "off-cut",
    "reject",
    "dross",
    "skimming",
    "sludge",
    "swarf",
    "废",
    "边角料",
    "渣",
];

/// Parts of names that mean credits bought elsewhere, in English and Chinese.
const CREDITS: &[&str] = &[
    "offset",
    "carbon credit",
    "carbon-credit",
    "verra",
    "gold standard",
    "ccer",
    "vcs ",
    "抵消",
    "碳信用",
    "碳汇",
];

pub(super) fn look(view: &View<'_>, findings: &mut Vec<Finding>) {
    for process in &view.processes {
        for held in process.statements() {
            scrap(view, &held.statement, held.id, findings);
            period_end(view, &held.statement, held.id, findings);
        }
    }
    packaging(view, findings);
    for line in view.lines() {
        if !offset(view, &line, findings) {
            negative(view, &line, findings);
        }
    }
}

fn scrap(
    view: &View<'_>,
    activity: &crate::model::Activity,
    statement: crate::model::StatementId,
    findings: &mut Vec<Finding>,
) {
    let beside =
        if activity.is_reading() { beside(view, activity) } else { activity.outputs.iter().collect() };
    if beside.len() < 2 {
        return;
    }
    for output in beside {
        let Some(product) = amounts::find(view.inventory, &output.product) else { continue };
        let name = product.name.as_str().to_lowercase();
        let is_own = view.product.ids.contains(&output.product);
        if !(is_own && activity.is_reading()) && SCRAP.iter().any(|word| name.contains(word)) {
            let sentence = format!(
                "{} process `{}`: the output {} {} `{}` takes a share of the burdens away from the good product",
                activity.stage, activity.process, output.amount, output.unit, product.name
            );
            let remedy = "scrap, returns and waste are flows of kind waste, never outputs: state it as a flow with the factor of its treatment and record with --correct";
            findings.push(view.found("scrap-as-output", Severity::Attention, [statement], sentence, remedy));
        }
    }
}

/// One output of each product that a reading is shared among.
fn beside<'a>(view: &View<'a>, reading: &Activity) -> Vec<&'a Output> {
    let products = concerned(view.inventory, reading);
    if products.len() < 2 {
        return Vec::new();
    }
    let mut found: BTreeMap<&ProductId, &Output> = BTreeMap::new();
    for held in &view.inventory.activities {
        let made = &held.statement;
        if made.stage == reading.stage
            && made.process == reading.process
            && made.period.overlaps(reading.period)
        {
            for output in &made.outputs {
                let filed = view.inventory.aliases.get(&output.product).unwrap_or(&output.product);
                if products.contains(filed) {
                    found.entry(filed).or_insert(output);
                }
            }
        }
    }
    found.into_values().collect()
}

fn period_end(
    view: &View<'_>,
    activity: &crate::model::Activity,
    statement: crate::model::StatementId,
    findings: &mut Vec<Finding>,
) {
    // Months and years begin with a first day; a day or a week may end with any.
    let end = activity.period.end();
    if activity.period.start().day() != 1 {
        return;
    }
    let Some(next) = end.next_day().ok().filter(|next| next.day() == 1) else { return };
    let sentence = format!(
        "{} process `{}`: the period {} ends before {end}, so that day is not in it",
        activity.stage, activity.process, activity.period
    );
    let remedy = format!(
        concat!(
            "the end is the first day after the period: withdraw the statement first (",
            withdrawing!(),
            "), then record its rows with the end {}"
        ),
        next
    );
    findings.push(view.found("period-end", Severity::Attention, [statement], sentence, remedy));
}

fn packaging(view: &View<'_>, findings: &mut Vec<Finding>) {
    if view.product.packaging.as_ref().is_none_or(|packaging| packaging.included) {
        return;
    }
    let packed =
        |line: &Line<'_, '_>| line.flow.kind == FlowKind::Packaging && line.process.stage.is_before_gate();
    for line in view.lines().filter(packed) {
        let sentence = format!(
            "{line}: packaging is part of the footprint, and the product says that it is not included"
        );
        let remedy = "state packaging_included yes in the product's file, or leave the flow out, and record with --correct";
        findings.push(view.found(
            "packaging-included",
            Severity::Attention,
            [line.statement()],
            sentence,
            remedy,
        ));
    }
}

fn negative(view: &View<'_>, line: &Line<'_, '_>, findings: &mut Vec<Finding>) {
    let biogenic = matches!(&line.flow.source, FlowSource::Gas(gas) if is_uptake(*gas));
    if biogenic
        || line.flow.substitutes.is_some()
        || amounts::amount(line.flow).is_none_or(|(amount, _)| amount >= 0)
    {
        return;
    }
    let remedy = match line.flow.kind {
        FlowKind::Material | FlowKind::Packaging => {
            "state what was used; what went back or out is a flow of its own, of kind waste where it is waste; correct the sign and record with --correct"
        }
        _ => {
            "a credit for something avoided elsewhere is no part of a footprint unless a co-product replaces it: name that in `substitutes`; else correct the sign, or withdraw the flow with --correct"
        }
    };
    let amount = line.flow.amount.as_ref().map(crate::calc::amount::amount_text).unwrap_or_default();
    let sentence = format!(
        "{line} of kind {}: the amount is below zero ({amount}) and lowers the footprint",
        line.flow.kind
    );
    findings.push(view.found("negative-amount", Severity::Attention, [line.statement()], sentence, remedy));
}

/// Credits and removals; true where something was found.
fn offset(view: &View<'_>, line: &Line<'_, '_>, findings: &mut Vec<Finding>) -> bool {
    let factor = match &line.flow.source {
        FlowSource::Factor { factor, .. } => factor,
        FlowSource::Footprint(id) => return bought_offset(view, line, id, findings),
        _ => return false,
    };
    let Some(held) = view.factors.get(factor) else { return false };
    let credit = names_a_credit(line.flow.name.as_str()) || view.factors.is_credit(factor);
    if !credit && !view.factors.lowers(factor) {
        return false;
    }
    let sentence = format!(
        "{line}: the factor {factor} ({}) {}",
        held.statement.name,
        if credit {
            "is named like an offset, and offsets are never netted in"
        } else {
            "lowers the footprint"
        },
    );
    let remedy = "delete the flow and record with --correct: credits and offsets bought elsewhere stand beside a footprint, never in it; a removal counts only where this very process takes CO2 out of the air and stores it";
    findings.push(view.found("offset", Severity::Attention, [line.statement()], sentence, remedy));
    true
}

/// A supplier's footprint below zero, or with a removal or captured CO2 in it.
fn bought_offset(
    view: &View<'_>,
    line: &Line<'_, '_>,
    id: &FootprintId,
    findings: &mut Vec<Finding>,
) -> bool {
    let Some(held) = view.inventory.bought.get(id) else { return false };
    let below: Vec<String> = held
        .statement
        .categories
        .iter()
        .filter(|(category, kg)| *category != Category::BiogenicUptake && kg.quanta() < 0)
        .map(|(category, kg)| format!("{category} {kg} kg"))
        .collect();
    if below.is_empty() {
        return false;
    }
    let sentence = format!(
        "{line}: the supplier's footprint {id} lowers the footprint ({}; a headline that differs from its categories counts in fossil)",
        below.join(", "),
    );
    let remedy = "ask the supplier for a footprint without credits and offsets; a removal or capture counts only where it happens in the making of the good itself: accept it with that reason";
    findings.push(view.found("offset", Severity::Attention, [line.statement()], sentence, remedy));
    true
}

fn names_a_credit(name: &str) -> bool {
    let name = name.to_lowercase();
    CREDITS.iter().any(|word| name.contains(word))
}

/// True where a factor's id or name means a credit that was bought elsewhere.
pub(super) fn is_credit(factor: &Factor) -> bool {
    [factor.name.as_str(), factor.factor.as_str()].into_iter().any(names_a_credit)
}

/// True where a factor has a removal, or anything below zero that is no biogenic uptake.
pub(super) fn lowers(factor: &Factor) -> bool {
    match factor.value() {
        Ok(FactorValue::Characterised(values, _)) => {
            values.iter().any(|(category, kg)| *category != Category::BiogenicUptake && *kg < Decimal::ZERO)
        }
        Ok(FactorValue::Gases(gases)) => {
            gases.iter().any(|(gas, kg)| !is_uptake(*gas) && *kg < Decimal::ZERO)
        }
        Err(_) => false,
    }
}

/// True for the gas whose negative amounts are what plants took out of the air.
fn is_uptake(gas: Gas) -> bool {
    gas.category(true) == Category::BiogenicUptake
}
