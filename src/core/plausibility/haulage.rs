//! The way of the materials to the door: what nobody hauls in, and haulage of materials that stands after the gate. Compares masses and names;
//! knows no routes.

use super::amounts::{self, apart, percent, shown};
use super::mass::{Side, gate_is_whole};
use super::view::{Line, View};
use super::{Finding, Severity};
use crate::model::wide::Wide;
use crate::model::{Amount, Decimal, Dimension, FlowKind, FlowSource, Quantity, Stage, StatementId, Unit};

/// How much of the mass bought may come in without haulage, in percent.
const UNHAULED_PERCENT: i128 = 5;

/// How near a hauled mass must be to a material's to be taken for it, in percent.
const SAME_PERCENT: i128 = 1;

/// How many times all that is bought, or the product, one transport may carry: goods change vehicles a few times, and not more often.
const TIMES_MAX: i128 = 20;

fn is_transport(line: &Line<'_, '_>) -> bool {
    matches!(line.flow.kind, FlowKind::Transport | FlowKind::Aircraft)
}

fn is_bought(line: &Line<'_, '_>) -> bool {
    let sourced = !matches!(line.flow.source, FlowSource::Gas(_) | FlowSource::Excluded { .. });
    matches!(line.flow.kind, FlowKind::Material | FlowKind::Packaging) && !line.flow.delivered && sourced
}

/// The mass that a transport carries, per declared unit in 1e-18 kg; none where it states its work alone.
fn hauled(line: &Line<'_, '_>) -> Option<Wide> {
    let Some(Amount::Of(of)) = &line.flow.amount else { return None };
    let mass = of.iter().find(|measure| measure.unit.dimension() == Dimension::Mass)?;
    let kg = Quantity { amount: mass.amount, unit: mass.unit };
    line.per_unit(kg.per(Quantity { amount: Decimal::ONE, unit: Unit::Kilogram }).ok()?)
}

/// Materials and packaging that come in without haulage and are not marked as delivered.
pub(super) fn missing(view: &View<'_>, findings: &mut Vec<Finding>) {
    if !gate_is_whole(view) {
        return;
    }
    // What goes from one own plant to the next, in production, brings in nothing but own parts.
    let shuttle =
        view.gate_lines().any(|line| is_transport(&line) && line.process.stage == Stage::Production);
    let own = |line: &Line<'_, '_>| shuttle && matches!(line.flow.source, FlowSource::Product(_));
    let bought = Side::of(view, view.gate_lines().filter(|line| is_bought(line) && !own(line)));
    let inbound =
        view.gate_lines().filter(|line| is_transport(line) && line.process.stage == Stage::Procurement);
    let transports: Vec<Option<Wide>> = inbound.map(|line| hauled(&line)).collect();
    // A transport in tkm does not say how much it carries.
    if bought.flows.is_empty() || transports.iter().any(Option::is_none) {
        return;
    }
    let masses: Vec<Wide> = transports.into_iter().flatten().collect();
    let carried =
        masses.iter().try_fold(Wide::ZERO, |sum, mass| sum.checked_add(*mass)).unwrap_or(bought.total);
    if carried >= bought.total || !apart(carried, bought.total, UNHAULED_PERCENT) {
        return;
    }
    let unmatched: Vec<&(Wide, &str, StatementId)> = bought
        .flows
        .iter()
        .filter(|(mass, ..)| !masses.iter().any(|carried| !apart(*carried, *mass, SAME_PERCENT)))
        .collect();
    let names: Vec<String> =
        unmatched.iter().map(|(mass, name, _)| format!("{name} {} kg", shown(*mass))).collect();
    let declared = view.product.declared_unit;
    let sentence = format!(
        "of {} kg bought per {} {} transport flows haul in {} % ({} kg), expected at least {} %{}",
        shown(bought.total),
        declared.amount,
        declared.unit,
        percent(carried, bought.total),
        shown(carried),
        100 - UNHAULED_PERCENT,
        if names.is_empty() {
            String::new()
        } else {
            format!("; without haulage of their own: {}", names.join(", "))
        },
    );
    let remedy = "add a flow of kind transport to a procurement process (amount = mass, times = distance), or put yes into the column delivered where the factor holds the way to the door";
    let statements: Vec<StatementId> = unmatched.iter().map(|flow| flow.2).collect();
    findings.push(view.found("transport-missing", Severity::Attention, statements, sentence, remedy));
}

/// A transport that carries many times what there is to carry: most often kilograms in a column of tonnes.
pub(super) fn too_much(view: &View<'_>, findings: &mut Vec<Finding>) {
    let bought = Side::of(view, view.gate_lines().filter(is_bought));
    let product = amounts::unit_mass(view.product).unwrap_or(Wide::ZERO);
    let most = bought.total.max(product);
    let Some(limit) = most.checked_mul(Wide::new(TIMES_MAX)).filter(|limit| *limit > 0 && !bought.unknown)
    else {
        return;
    };
    for line in view.lines().filter(is_transport) {
        let Some(mass) = hauled(&line).filter(|mass| *mass > limit) else { continue };
        let sentence = format!(
            "{line} carries {} kg per declared unit, more than {TIMES_MAX} times what there is to carry, {} kg",
            shown(mass),
            shown(most),
        );
        let remedy = "look at the unit of the mass (t or kg) and at the output, and record with --correct";
        findings.push(view.found("haulage-mass", Severity::Attention, [line.statement()], sentence, remedy));
    }
}

/// Haulage of a material that stands in a stage after the gate.
pub(super) fn wrong_stage(view: &View<'_>, findings: &mut Vec<Finding>) {
    let bought = Side::of(view, view.gate_lines().filter(is_bought));
    let packaging = Side::of(view, view.gate_lines().filter(|l| l.flow.kind == FlowKind::Packaging));
    let product = amounts::unit_mass(view.product);
    let packed = product.and_then(|p| p.checked_add(packaging.total));
    for line in view.lines().filter(is_transport) {
        if !matches!(line.process.stage, Stage::Transport | Stage::Storage) {
            continue;
        }
        let Some(mass) = hauled(&line) else { continue };
        let like_product =
            [product, packed].into_iter().flatten().any(|own| !apart(mass, own, UNHAULED_PERCENT));
        let of_material = bought.flows.iter().find(|(material, name, _)| {
            !apart(mass, *material, SAME_PERCENT) && (!like_product || shares_a_word(view, &line, name))
        });
        if let Some((_, material, _)) = of_material {
            let sentence = format!(
                "{line} carries {} kg per declared unit, which is the mass of `{material}`: haulage of a material stands after the gate and is missing in the gate footprint",
                shown(mass),
            );
            let remedy = "state it in a process of the stage procurement (between own plants: production), and withdraw it here; transport and storage are for the finished product";
            findings.push(view.found(
                "inbound-haulage",
                Severity::Attention,
                [line.statement()],
                sentence,
                remedy,
            ));
        }
    }
}

/// True where the transport's name holds a word of the material's name that the product's name does not hold.
fn shares_a_word(view: &View<'_>, line: &Line<'_, '_>, material: &str) -> bool {
    let (transport, product) =
        (line.flow.name.as_str().to_lowercase(), view.product.name.as_str().to_lowercase());
    let material = material.to_lowercase();
    let mut words = material.split(|c: char| !c.is_alphanumeric());
    words.any(|word| {
        let long = word.chars().count() >= if word.is_ascii() { 4 } else { 2 };
        long && transport.contains(word) && !product.contains(word)
    })
}
