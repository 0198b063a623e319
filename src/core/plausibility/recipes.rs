//! Recipes: a flow that stands in a bill of materials and among what was measured of its process;
//! several recipes of one process, which count by the units that each is written for.

use std::collections::{BTreeMap, BTreeSet};

use super::view::{Line, ProcessView, View};
use super::{Finding, Severity};
use crate::model::{StatementId, folded};

pub(super) fn look(view: &View<'_>, findings: &mut Vec<Finding>) {
    for recipes in view.processes.iter().filter(|process| process.is_recipe()) {
        let mut of_name: BTreeMap<String, Vec<Line<'_, '_>>> = BTreeMap::new();
        for line in recipes.lines() {
            of_name.entry(folded(line.flow.name.as_str())).or_default().push(line);
        }
        averaged(view, recipes, &of_name, findings);
        let measured = view
            .processes
            .iter()
            .find(|p| !p.is_recipe() && (p.stage, p.name) == (recipes.stage, recipes.name));
        for line in measured.into_iter().flat_map(ProcessView::lines) {
            let beside = of_name.get(&folded(line.flow.name.as_str())).and_then(|lines| lines.first());
            findings.extend(beside.map(|recipe| beside_measured(view, recipe, &line)));
        }
    }
}

fn beside_measured(view: &View<'_>, recipe: &Line<'_, '_>, measured: &Line<'_, '_>) -> Finding {
    let sentence = format!(
        "{} process `{}`: `{}` stands in a recipe ({}) and among what was measured ({}), and both count",
        recipe.process.stage,
        recipe.process.name,
        recipe.flow.name,
        recipe.part.held.statement.period,
        measured.part.held.statement.period,
    );
    let remedy = "leave it in one of the two: withdraw the recipe where it was measured, or the measured row where the recipe is meant";
    let statements = [recipe.statement(), measured.statement()];
    view.found("recipe-beside-measured", Severity::Attention, statements, sentence, remedy)
}

/// Several recipes with a flow in common are a mean, weighted by the units each is written for.
fn averaged(
    view: &View<'_>,
    recipes: &ProcessView<'_>,
    of_name: &BTreeMap<String, Vec<Line<'_, '_>>>,
    findings: &mut Vec<Finding>,
) {
    let of =
        |lines: &Vec<Line<'_, '_>>| -> BTreeSet<StatementId> { lines.iter().map(Line::statement).collect() };
    let Some((lines, statements)) =
        of_name.values().map(|lines| (lines, of(lines))).find(|(_, statements)| statements.len() > 1)
    else {
        return;
    };
    let units = |made: &&crate::calc::ChosenOutput<'_>| statements.contains(&made.held.id);
    let units: BTreeSet<String> = recipes
        .made
        .iter()
        .filter(units)
        .filter_map(|made| made.held.statement.outputs.first())
        .map(|output| format!("{} {}", output.amount, output.unit))
        .collect();
    let sentence = format!(
        "{} process `{}`: {} recipes state `{}`, and the figure is their mean, weighted by the units that each is written for ({})",
        recipes.stage,
        recipes.name,
        statements.len(),
        lines.first().map_or("", |line| line.flow.name.as_str()),
        units.into_iter().collect::<Vec<_>>().join(", "),
    );
    let remedy = "where each holds for other days or another site, write each for the units that were made by it: withdraw it and record it with that output and its amounts; else withdraw all but one";
    findings.push(view.found("recipes-averaged", Severity::Attention, statements, sentence, remedy));
}
