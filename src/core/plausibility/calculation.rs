//! What stops the calculation, as findings with their remedies, and publications that the statements have moved away from. Calculates through
//! the same functions as everybody; judges no number.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::survey::grouped;
use super::{Asked, Finding, Severity, Subject, biogenic};
use crate::calc::{
    CalcError, CalcErrors, FlowProblem, Held, Inventory, Products, Request, footprint, split_options,
};
use crate::model::{Figures, Period, ProductId, Publication, StatementId};

/// From how many products on all are calculated in one pass.
const ONE_BY_ONE_MAX: usize = 8;

type Results = BTreeMap<ProductId, Result<Figures, CalcErrors>>;

/// What stops the calculation of each product, and how its biogenic carbon balances.
pub(super) fn look(
    inventory: &Inventory,
    request: &Request,
    products: &BTreeSet<&ProductId>,
) -> Vec<(ProductId, Vec<Finding>)> {
    let found = |(product, result): (ProductId, Result<Figures, CalcErrors>)| {
        let findings = match result {
            Ok(figures) => {
                let mut findings = Vec::new();
                biogenic::look(inventory, &product, request, &figures, &mut findings);
                findings
            }
            Err(errors) => {
                errors.errors().iter().map(|error| stopped(&product, request.period, error)).collect()
            }
        };
        (product, findings)
    };
    results(inventory, request, products).into_iter().map(found).collect()
}

/// The figures of each product, or all that stops it.
fn results(inventory: &Inventory, request: &Request, products: &BTreeSet<&ProductId>) -> Results {
    if products.len() <= ONE_BY_ONE_MAX {
        let one = |id: &ProductId| footprint(inventory, id, request).map(|footprint| footprint.figures);
        return products.iter().map(|id| ((*id).clone(), one(id))).collect();
    }
    let gates = Products::lower(inventory, request).solve();
    products.iter().map(|id| ((*id).clone(), gates.explained(id))).collect()
}

fn stopped(product: &ProductId, period: Period, error: &CalcError) -> Finding {
    let (mut statements, remedy) = remedy(error);
    statements.dedup();
    let split = match error {
        CalcError::PartialPeriod { split_at, .. } => split_options(split_at),
        _ => None,
    };
    let remedy = match split {
        Some(options) => format!(
            "withdraw the statement and record its file again in parts, pcf record FILE {options}; or ask for a period that holds it"
        ),
        None => remedy.to_owned(),
    };
    let names = match error {
        CalcError::Flow { problem: FlowProblem::UnknownFactor { factor }, .. } => Some(factor.to_string()),
        _ => None,
    };
    Finding {
        rule: rule(error),
        severity: Severity::Stops,
        about: Subject { names, ..Subject::new(of(error).unwrap_or(product).clone(), period, statements) },
        sentence: error.to_string(),
        remedy,
    }
}

const fn rule(error: &CalcError) -> &'static str {
    match error {
        CalcError::NoData { .. } => "process-missing",
        CalcError::OverlappingPeriods { .. } => "overlapping-periods",
        CalcError::InstrumentOver { .. } | CalcError::InstrumentApart { .. } => "certificate-claims",
        _ => "calculation",
    }
}

/// The product that an error is about, where it says so.
fn of(error: &CalcError) -> Option<&ProductId> {
    match error {
        CalcError::OverlappingPeriods { product, .. }
        | CalcError::ReadTwice { product, .. }
        | CalcError::ReadingWithoutProduction { product, .. }
        | CalcError::AppliesTwice { product, .. }
        | CalcError::OwnOutputs { product, .. }
        | CalcError::NothingMade { product, .. }
        | CalcError::PartialPeriod { product, .. }
        | CalcError::UnlistedProcess { product, .. }
        | CalcError::NoData { product, .. }
        | CalcError::PublishedPer { product, .. }
        | CalcError::CarbonUnstated { product, .. }
        | CalcError::CarbonBalance { product, .. } => Some(product),
        _ => None,
    }
}

/// The statements an error is about, and how to mend it.
fn remedy(error: &CalcError) -> (Vec<StatementId>, &'static str) {
    match error {
        CalcError::Flow { statement, problem, .. } => (vec![*statement], flow_remedy(problem)),
        CalcError::OutputUnit { statement, .. } => (
            vec![*statement],
            "correct the output's unit, or state mass_kg in the product's file; record with --correct",
        ),
        CalcError::OutputTwice { statement, .. } => {
            (vec![*statement], "name the product once, by one of its ids; record with --correct")
        }
        CalcError::OverlappingPeriods { first, second, .. } => (
            vec![*first, *second],
            concat!(
                "take the output out of one of them: withdraw it first (",
                withdrawing!(),
                "), then record what it used as a reading, its rows with the output left empty; only where the two say one thing twice is one withdrawn and nothing recorded"
            ),
        ),
        CalcError::ReadTwice { first, second, .. } => (
            vec![first.statement, second.statement],
            concat!(
                "withdraw the one that is a total of the others; where there are two meters, withdraw both first (",
                withdrawing!(),
                "), then record their rows with the column meter filled in"
            ),
        ),
        CalcError::ReadingWithoutProduction { statement, .. }
        | CalcError::NothingToShareBy { statement, .. } => (
            vec![*statement],
            concat!(
                "record what was made, as a row with an output and without a flow; where the site or batch of the reading is wrong, withdraw it first (",
                withdrawing!(),
                "), then record its row with the right one"
            ),
        ),
        CalcError::NeedsAllocation { statement, .. } => (
            vec![*statement],
            "fill in the column allocation of the reading: mass, pieces, or the name of a key that each production states; price only where the product's file names a product rule; record with --correct",
        ),
        CalcError::PublishedPer { .. } => {
            (Vec::new(), "record what was made in the period, or publish the product again")
        }
        CalcError::AppliesTwice { first, second, .. } => {
            (vec![*first, *second], "withdraw the one that no longer applies")
        }
        CalcError::OwnOutputs { statement, .. } => (
            vec![*statement],
            concat!(
                "withdraw what this process made (",
                withdrawing!(),
                "), then record what it used as readings, rows without output; the outputs count at the process whose units these are. Or take units_of off the product's file and record that with --correct"
            ),
        ),
        CalcError::NothingMade { .. } => {
            (Vec::new(), "record the output of this process, or ask for days in which something was made")
        }
        CalcError::PartialPeriod { statement, .. } => (
            vec![*statement],
            // Where days divide it, [`stopped`] names them.
            "ask for a period that holds the whole statement, or state its parts one by one",
        ),
        CalcError::UnlistedProcess { statement, .. } => (
            vec![*statement],
            concat!(
                "list the process in the product's file and record that with --correct; where the row names a wrong process, withdraw the statement first (",
                withdrawing!(),
                "), then record the row with the right one"
            ),
        ),
        CalcError::NoData { .. } => (
            Vec::new(),
            "record an activity of this process; where it no longer exists, take it off the product's file and record that with --correct",
        ),
        CalcError::InstrumentOver { uses, .. } => (
            uses.iter().map(|claim| claim.statement).collect(),
            "correct the amounts, or split a row: what the certificate covers, and the rest with another certificate, the residual or the national mix; record with --correct",
        ),
        CalcError::InstrumentApart { first, second, .. } => (
            vec![*first, *second],
            "write the certificate with the same kWh and the same period in every row, and a range of certificates with the same ends; record with --correct",
        ),
        CalcError::AllocationKey { statement, .. } => (
            vec![*statement],
            "state what is missing in the row of the output, in the column key, allocation_keys, unit_price or output_value; record with --correct",
        ),
        CalcError::CarbonUnstated { .. } => (
            Vec::new(),
            "state biogenic_carbon_kg (and packaging_biogenic_carbon_kg) in the product's file and record it with --correct",
        ),
        CalcError::CarbonBalance { .. } => (
            Vec::new(),
            "correct biogenic_carbon_kg in the product's file, or the uptake and release of CO2_biogenic in the activities: a flow of kind emission with the source gas:CO2_biogenic, negative for what was taken up, 44/12 kg for each kg of biogenic carbon",
        ),
        CalcError::Value { statement, .. } => {
            (vec![*statement], "correct the row and record it with --correct")
        }
        CalcError::Loop { .. } => {
            (Vec::new(), "correct the amounts of the loop and record them with --correct")
        }
        _ => (Vec::new(), "correct the product's file and record it with --correct"),
    }
}

const fn flow_remedy(problem: &FlowProblem) -> &'static str {
    match problem {
        FlowProblem::UnknownFactor { .. } => {
            "take the factor into the ledger, or correct the name in the column source"
        }
        FlowProblem::UnknownInput { .. } => "record the product, or correct the id in the column source",
        FlowProblem::UnknownFootprint { .. } => {
            "take the supplier's document in, or correct the id in the column source"
        }
        FlowProblem::UnitMismatch { .. } | FlowProblem::NoProductUnit { .. } => {
            "state the amount in the unit of its source (a transport: amount in t, times in km), or take a source in this unit; record with --correct"
        }
        FlowProblem::TooSmall { .. } => "state more of the output in the rows and record them with --correct",
        FlowProblem::InputFails { .. } => "mend the product that is consumed first",
        FlowProblem::UpstreamMissing { .. } | FlowProblem::GridLossesMissing { .. } => {
            "name the second factor in the column upstream of the same row and record it with --correct"
        }
        FlowProblem::UpstreamTwice { .. } | FlowProblem::UpstreamScope { .. } => {
            "empty or correct the column upstream of the row and record it with --correct"
        }
        FlowProblem::DirectElectricity { .. } => {
            "name the electricity footprint factor of the same country in the column source and record it with --correct"
        }
        FlowProblem::WasteCarbonUnstated { .. } => {
            "fill in the columns fossil_carbon and biogenic_carbon of the row and record it with --correct"
        }
        FlowProblem::WasteHoldsCarbon { .. } => {
            "name a factor that holds the combustion of this waste in the column source and record it with --correct"
        }
        FlowProblem::FootprintNotValid { .. } => {
            "ask the supplier for a footprint that is valid in the period, take it in and name it in the row"
        }
        FlowProblem::InstrumentShort { .. } => {
            "split the row: what the certificate covers, and the rest with the residual or national mix; record with --correct"
        }
        FlowProblem::InstrumentPeriod { .. } => {
            "claim a certificate of electricity that was generated in the period of use or within 12 months of it, or take the residual or national mix; record with --correct"
        }
        FlowProblem::Excluded { .. } => {
            "state exemptions as listed in the product's file, or give the flow a source; record with --correct"
        }
        _ => "correct the row and record it with --correct",
    }
}

/// Each product's newest publication of a period, scenario and batch, against what the statements
/// give now.
pub(super) fn publications(
    inventory: &Inventory,
    asked: &Asked,
    looked_at: &BTreeMap<ProductId, Vec<Request>>,
) -> Vec<(ProductId, Finding)> {
    let mut newest: BTreeMap<_, &Held<Publication>> = BTreeMap::new();
    for held in &inventory.publications {
        let p = &held.statement;
        let filed = inventory.aliases.get(&p.product).unwrap_or(&p.product);
        if looked_at.contains_key(filed) && asked.period.is_none_or(|period| period == p.period) {
            newest.insert((filed, p.period, p.boundary, p.scenario.as_ref(), p.batch.as_ref()), held);
        }
    }
    let published: Vec<(Request, &ProductId, &Held<Publication>)> =
        newest.into_iter().map(|((id, ..), held)| (Request::of(&held.statement), id, held)).collect();
    let mut now: HashMap<&Request, Results> = HashMap::new();
    for (request, products) in grouped(published.iter().map(|(request, id, _)| (request, *id))) {
        now.insert(request, results(inventory, request, &products));
    }
    let behind = |(request, id, held): &(Request, &ProductId, &Held<Publication>)| {
        let figures = now.get(request)?.get(*id)?.as_ref().ok()?;
        Some(((*id).clone(), behind(id, held, figures)?))
    };
    published.iter().filter_map(behind).collect()
}

fn behind(product: &ProductId, held: &Held<Publication>, now: &Figures) -> Option<Finding> {
    let published = &held.statement.figures;
    let headline = |figures: &Figures| figures.grave.as_ref().unwrap_or(&figures.gate).excluding_uptake;
    if published.gate == now.gate && published.grave == now.grave {
        return None;
    }
    let sentence = format!(
        "the publication {} says {} kg CO2e, and the statements that hold now give {} kg CO2e",
        held.statement.footprint,
        headline(published),
        headline(now),
    );
    Some(Finding {
        rule: "publication-behind",
        severity: Severity::Attention,
        about: Subject {
            names: Some(held.statement.footprint.to_string()),
            ..Subject::new(product.clone(), held.statement.period, vec![held.id])
        },
        sentence,
        remedy: "publish again: the new publication follows the old one and names it".to_owned(),
    })
}
