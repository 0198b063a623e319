//! The figures: calculated once more from the disclosed statements alone, and added up.

use std::collections::BTreeSet;

use super::{Judged, Unmet, standing, statements};
use crate::calc::{Footprint, Inventory, Request, footprint};
use crate::limits::METHOD_VERSION;
use crate::model::{
    Boundary, ByCategory, DataCoverage, FigureSet, Figures, Interval, Product, Publication,
    PublicationHeader, RoundedFigures, Stage, StatementId, ValueError,
};
use crate::plausibility;
use crate::proof::evidence::Evidence;

/// How many processes a sentence names whose bodies are withheld.
const NAMED_MAX: usize = 20;

pub(super) fn recalculated(evidence: &Evidence<'_>) -> Judged {
    let proof = evidence.proof;
    let stated = &proof.publication;
    let (inventory, request) = (whole(evidence)?, Request::of(stated));
    let mut calculated = footprint(inventory, &stated.product, &request).map_err(|e| e.to_string())?;
    if proof.is_exact() {
        calculated.exempt(&stated.accepted).map_err(|e| e.to_string())?;
    }
    let differs = match proof.is_exact() {
        true => difference(stated, &calculated),
        false => difference_in_rounded(&proof.header, &calculated)?,
    };
    if let Some(difference) = differs {
        return Err(difference.into());
    }
    let used: BTreeSet<StatementId> = proof.used.iter().copied().collect();
    if let Some(id) = calculated.used.symmetric_difference(&used).next() {
        let side =
            if used.contains(id) { "listed as used but enters no figure" } else { "used but not listed" };
        return Err(format!("statement {id} is {side}").into());
    }
    let (kg, count) = (calculated.figures.gate.excluding_uptake, proof.used.len());
    let how = if proof.is_exact() { "every digit follows" } else { "the rounded figures follow" };
    Ok(format!("{how} from {count} statements; to the gate {kg} kg CO2e excluding uptake"))
}

/// What was used, where all of it is disclosed and this program calculates by the same method.
fn whole<'a>(evidence: &'a Evidence<'_>) -> Result<&'a Inventory, Unmet> {
    let proof = evidence.proof;
    let (some, all) = (statements::disclosed_ids(proof).count(), proof.used.len());
    if some < all || proof.hides_sources() {
        return Err(Unmet::NotChecked(rests_on(evidence)));
    }
    if proof.publication.method.version.as_u64() != METHOD_VERSION {
        let version = proof.publication.method.version;
        return Err(Unmet::NotChecked(format!(
            "this program calculates by method {METHOD_VERSION}, the figures were made by method {version}"
        )));
    }
    evidence.inventory.as_ref().map_err(|why| Unmet::Fails(why.clone()))
}

/// Whose word the figures are, where not everything behind them is shown.
fn rests_on(evidence: &Evidence<'_>) -> String {
    let proof = evidence.proof;
    let shown = proof.activities_shown().count();
    let mut why =
        format!("the bodies of {shown} of {} used activities are shown", proof.listed.activities.len());
    let withheld = statements::withheld(evidence);
    for (what, by, count) in withheld.iter().take(NAMED_MAX) {
        let plural = if *count == 1 { "body" } else { "bodies" };
        why.push_str(&format!("; {what} rests on {count} withheld {plural} of `{by}`"));
    }
    if let Some(more) = withheld.len().checked_sub(NAMED_MAX).filter(|more| *more > 0) {
        why.push_str(&format!("; so do {more} more processes on other withheld bodies"));
    }
    for (id, announced) in statements::redacted(evidence) {
        why.push_str(&format!("; {id} was redacted by the operator, as {} says", announced.by));
    }
    if proof.hides_sources() {
        why.push_str("; the factors and other sources are not listed");
    }
    let by = &proof.publication.by;
    let what = if proof.is_exact() { "the figures are" } else { "that the exact figures round to these is" };
    let auditors: Vec<String> = standing::vouching(evidence).iter().map(|by| format!("`{by}`")).collect();
    let beside =
        if auditors.is_empty() { String::new() } else { format!(", and of {}", auditors.join(", ")) };
    format!("{why}; {what} the word of `{by}`{beside}")
}

/// How the rounded figures differ from those that were calculated.
///
/// # Errors
/// Not checked, where all but the exempted emissions agree and the publication accepts an estimate:
/// the estimate is in the body.
fn difference_in_rounded(
    header: &PublicationHeader,
    calculated: &Footprint,
) -> Result<Option<String>, Unmet> {
    let shows_stages = !header.figures.stages.is_empty();
    let mut expected = RoundedFigures::of(&calculated.figures, shows_stages).map_err(|e| e.to_string())?;
    let accepts = header.accepted.iter().any(|accepted| accepted.percent.is_some());
    if accepts {
        expected.exempted_emissions_percent = header.figures.exempted_emissions_percent;
    }
    if expected != *header.figures || header.boundary != calculated.boundary {
        let cell = |figures: &RoundedFigures| {
            let Interval { low, high } = figures.gate.excluding_uptake;
            format!("{low} to {high}")
        };
        let (expected, got) = (cell(&expected), cell(&header.figures));
        return Ok(Some(format!(
            "expected the rounded figures that follow (gate {expected} kg CO2e), got others (gate {got} kg CO2e)"
        )));
    }
    if accepts {
        let why = "all but the exempted emissions follows; what was accepted as left out is in the publication's body, which is withheld";
        return Err(Unmet::NotChecked(why.to_owned()));
    }
    Ok(None)
}

pub(super) fn covered(evidence: &Evidence<'_>) -> Judged {
    let stated = &evidence.proof.publication;
    let Some(coverage) = stated.coverage else {
        return Err(Unmet::NotChecked(
            "the publication does not say how many days its data cover".to_owned(),
        ));
    };
    let inventory = whole(evidence)?;
    let text = |coverage: &DataCoverage| {
        let DataCoverage { days, estimated, measured, reference_period } = coverage;
        format!("{measured} measured and {estimated} estimated of {days} days, from {reference_period}")
    };
    match plausibility::coverage(inventory, &stated.product, &Request::of(stated)) {
        Some(found) if found == coverage => Ok(text(&coverage)),
        found => {
            let found = found.as_ref().map_or_else(|| "no data".to_owned(), text);
            Err(format!("expected {found}, got {}", text(&coverage)).into())
        }
    }
}

/// The first part of the figures that differs, with both sides.
fn difference(stated: &Publication, calculated: &Footprint) -> Option<String> {
    let (a, b) = (&*stated.figures, &calculated.figures);
    if a.gate != b.gate {
        let (a, b) = (a.gate.excluding_uptake, b.gate.excluding_uptake);
        return Some(format!(
            "gate: expected {b} kg CO2e excluding uptake (calculated), got {a} (published)"
        ));
    }
    if a.grave != b.grave {
        let text = |set: &Option<FigureSet>| match set {
            Some(set) => format!("{} kg CO2e excluding uptake", set.excluding_uptake),
            None => "none".to_owned(),
        };
        let (a, b) = (text(&a.grave), text(&b.grave));
        return Some(format!("grave: expected {b} (calculated), got {a} (published)"));
    }
    if stated.boundary != calculated.boundary {
        return Some(format!("expected the boundary {}, got {}", calculated.boundary, stated.boundary));
    }
    let parts = [
        ("processes", a.processes == b.processes),
        ("stages", a.stages == b.stages),
        ("data quality", a.data_quality == b.data_quality),
        ("exempted emissions", a.exempted_emissions_percent == b.exempted_emissions_percent),
        ("GWP sets", a.gwp == b.gwp),
        ("primary data share", a.primary_data_share == b.primary_data_share),
    ];
    let differs = parts.into_iter().find(|(_, same)| !same).map(|(name, _)| name);
    let differs = differs.or_else(|| (a != b).then_some("figures"));
    differs.map(|name| format!("{name}: expected what is calculated, got something else in the publication"))
}

pub(super) fn add_up(evidence: &Evidence<'_>) -> Judged {
    let proof = evidence.proof;
    let product = evidence.product();
    if !proof.is_exact() {
        let rounded = &proof.header.figures;
        return match rounded.impossible_sum(product.map(|product| product.design_at_gate)) {
            Ok(None) => Ok(format!("rounded to {} kg CO2e, each sum can hold", rounded.unit)),
            Ok(Some(problem)) => Err(problem.into()),
            Err(e) => Err(e.to_string().into()),
        };
    }
    match sums(&proof.publication, product) {
        Ok(None) => {
            let figures = &proof.publication.figures;
            let plural = |count: usize, one, more| format!("{count} {}", if count == 1 { one } else { more });
            let processes = plural(figures.processes.len(), "process", "processes");
            Ok(format!("{processes} in {}", plural(figures.stages.len(), "stage", "stages")))
        }
        Ok(Some(problem)) => Err(problem.into()),
        Err(e) => Err(e.to_string().into()),
    }
}

/// The first sum that does not hold.
fn sums(publication: &Publication, product: Option<&Product>) -> Result<Option<String>, ValueError> {
    let figures = &publication.figures;
    let sets = figures.stages.iter().map(|s| s.figures).chain(figures.processes.iter().map(|p| p.figures));
    for set in sets.chain([figures.gate]).chain(figures.grave) {
        let expected = FigureSet::new(set.categories)?;
        if set != expected {
            let (expected, got) = (expected.excluding_uptake, set.excluding_uptake);
            return Ok(Some(format!("a total: expected {expected} kg excluding uptake, got {got}")));
        }
    }
    if !figures.stages.is_sorted_by(|a, b| a.stage < b.stage) {
        return Ok(Some("expected each stage once, in the order of life".to_owned()));
    }
    if !figures.processes.is_sorted_by(|a, b| (a.stage, &a.process) < (b.stage, &b.process)) {
        return Ok(Some("expected each process once, by stage and name".to_owned()));
    }
    if let Some(lost) = figures.processes.iter().find(|p| figures.stages.iter().all(|s| s.stage != p.stage)) {
        return Ok(Some(format!("the process `{}` is in no stage that is listed", lost.process)));
    }
    for stage in &figures.stages {
        let parts = figures.processes.iter().filter(|p| p.stage == stage.stage).map(|p| p.figures);
        let expected = total(parts)?;
        if stage.figures != expected {
            return Ok(Some(unequal(stage.stage.as_str(), &expected, &stage.figures)));
        }
    }
    let grave = total(figures.stages.iter().map(|s| s.figures))?;
    match (publication.boundary, &figures.grave) {
        (Boundary::Grave, Some(got)) if *got != grave => return Ok(Some(unequal("grave", &grave, got))),
        (Boundary::Grave, None) => return Ok(Some("grave: expected figures, got none".to_owned())),
        (Boundary::Gate, Some(_)) => return Ok(Some("grave: expected none, got figures".to_owned())),
        _ => {}
    }
    let without = gate(figures, false)?;
    let with_design = gate(figures, true)?;
    let fits = match product.map(|p| p.design_at_gate) {
        Some(true) => figures.gate == with_design,
        Some(false) => figures.gate == without,
        None => figures.gate == without || figures.gate == with_design,
    };
    let expected = if product.is_some_and(|p| p.design_at_gate) { with_design } else { without };
    Ok((!fits).then(|| unequal("gate", &expected, &figures.gate)))
}

fn gate(figures: &Figures, design: bool) -> Result<FigureSet, ValueError> {
    let counts = |stage: Stage| stage.is_before_gate() || (design && stage == Stage::Design);
    total(figures.stages.iter().filter(|s| counts(s.stage)).map(|s| s.figures))
}

fn total(parts: impl Iterator<Item = FigureSet>) -> Result<FigureSet, ValueError> {
    let mut sum = FigureSet::new(ByCategory::default())?;
    for part in parts {
        sum = sum.plus(&part)?;
    }
    Ok(sum)
}

fn unequal(what: &str, expected: &FigureSet, got: &FigureSet) -> String {
    let (expected, got) = (expected.excluding_uptake, got.excluding_uptake);
    format!(
        "{what}: expected {expected} kg CO2e excluding uptake as the sum of its parts, got {got}, or a category differs"
    )
}
