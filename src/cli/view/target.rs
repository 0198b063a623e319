//! The years of a site or product line against a base year, as text.

use pcf_desk::questions::{ProductYears, TargetReport};
use pcf_ledger::calc::target::{GoalStatus, Measure, Target, TargetYear};
use pcf_ledger::model::{Co2e, Decimal};

use crate::output::{Page, Report, bar};

impl Report for TargetReport {
    fn text(&self, page: &mut Page) {
        let target = &self.target;
        page.heading(&format!("{}, against {}", target.subject, target.base_year));
        let percent = |d: Option<Decimal>| d.map_or_else(|| "unknown".to_owned(), |d| format!("{d} %"));
        let rows: Vec<Vec<String>> = target
            .years
            .iter()
            .map(|y| {
                vec![
                    y.year.to_string(),
                    percent(y.energy_intensity_decrease),
                    percent(y.emission_intensity_decrease),
                    percent(y.energy_per_output_decrease),
                    percent(y.emission_per_output_decrease),
                ]
            })
            .collect();
        let headers = [
            "decrease of",
            ">energy per value added",
            ">emissions per value added",
            ">energy per output",
            ">emissions per output",
        ];
        page.table(&headers, &rows);
        page.blank();
        let most = target.years.iter().map(|y| y.emissions.quanta().unsigned_abs()).max().unwrap_or_default();
        let rows: Vec<Vec<String>> = target.years.iter().map(|y| emissions(y, most)).collect();
        page.table(&["kg CO2e", ">emissions", ">by activity", ">by factors", "~", "electricity"], &rows);
        page.blank();
        let peak = &target.peak;
        page.line(format!("Highest year {}: {}.", peak.year, peak.status.as_str()));
        goal(target, page);
        if let Some(years) = &self.product {
            product(years, page);
        }
        for note in &target.notes {
            page.line(format!("Note: {note}"));
        }
    }
}

fn goal(target: &Target, page: &mut Page) {
    let Some(goal) = &target.goal else { return };
    let what = match goal.measure {
        Measure::Energy => "energy",
        Measure::Emissions => "emissions",
    };
    page.line(format!(
        "Goal: {what} per value added {} % below {} by {}, that is {} % a year: {}.",
        goal.percent,
        target.base_year,
        goal.year,
        goal.percent_a_year,
        goal.status.as_str()
    ));
    if let (Some(year), Some(asked), Some(reached)) = (goal.judged_year, goal.asked_by_then, goal.reached) {
        page.line(format!("  {year}: {reached} % reached, {asked} % asked by then."));
    }
    page.line(match goal.benchmark {
        Some(benchmark) => {
            format!(
                "  Against the society's own {benchmark} %: {}.",
                match goal.against_benchmark {
                    GoalStatus::Met => "at least as far",
                    GoalStatus::Missed => "less far",
                    _ => "unknown",
                }
            )
        }
        None => "  Against the society's own decrease: unknown (--benchmark is not given).".to_owned(),
    });
}

fn product(product: &ProductYears, page: &mut Page) {
    page.blank();
    let text = |kg: Option<Co2e>| kg.map_or_else(|| "none".to_owned(), |kg| kg.to_string());
    let rows: Vec<Vec<String>> = product
        .years
        .iter()
        .map(|y| {
            let parts = [y.kg_co2e, y.by_activity, y.by_factors, y.by_inputs].map(text);
            std::iter::once(y.year.to_string()).chain(parts).collect()
        })
        .collect();
    let headers =
        ["kg CO2e per declared unit", ">footprint", ">by activity", ">by factors", ">by looped inputs"];
    page.line(product.product.as_str());
    page.table(&headers, &rows);
    for year in product.years.iter().filter(|y| y.problem.is_some()) {
        page.line(format!("{}: {}", year.year, year.problem.as_deref().unwrap_or_default()));
    }
}

fn emissions(year: &TargetYear, most: u128) -> Vec<String> {
    let electricity = match (&year.electricity_kwh, &year.electricity_factor) {
        (Some(kwh), Some(factor)) => format!("{kwh} kWh by {factor}"),
        _ => String::new(),
    };
    vec![
        year.year.to_string(),
        year.emissions.to_string(),
        year.change_by_activity.to_string(),
        year.change_by_factors.to_string(),
        bar(year.emissions.quanta(), most),
        electricity,
    ]
}
