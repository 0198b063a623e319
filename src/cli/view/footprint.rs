//! A footprint, and the figures of it, as text.

use pcf_desk::questions::{Answer, Main};
use pcf_ledger::model::{DataCoverage, Decimal, FigureSet, Figures, Period};
use pcf_ledger::plausibility::{Known, MonthRow, Months};
use pcf_pages::shorten;

use super::spread;
use crate::output::{Page, Report, bar};

impl Report for Answer {
    fn text(&self, page: &mut Page) {
        page.heading(&format!("{} ({})", self.name, self.product));
        page.sentence(format!("{}, {}, per {}", self.boundary, self.period, self.declared_unit));
        page.blank();
        figures(page, &self.figures);
        page.blank();
        views(page, self);
        if let Some(coverage) = &self.coverage {
            page.line(covered(coverage));
        }
        by_month(page, &self.by_month);
        page.line(format!("{} statements enter, log size {}.", self.used_statements, self.log_size));
        for note in &self.notes {
            page.paragraph("Note: ", "      ", note);
        }
        spread::text(&self.spread, page);
    }
}

/// The processes that make most of it, and the credits inside the total.
fn views(page: &mut Page, answer: &Answer) {
    if let Some(last) = answer.main_processes.last() {
        let of = |main: &Main| format!("{} / {} {} %", main.stage, main.process, whole(main.percent));
        let named: Vec<String> = answer.main_processes.iter().map(of).collect();
        let said = format!("{} % are made by {}.", whole(last.together_percent), named.join(", "));
        page.paragraph("", "  ", &said);
    }
    for credit in &answer.credits {
        let said = format!(
            "Credit inside the total: {} / {}, {}, {} kg CO2e.",
            credit.stage, credit.process, credit.flow, credit.kg_co2e
        );
        page.paragraph("", "  ", &said);
    }
}

/// Whole percent, rounded down.
fn whole(percent: Decimal) -> i128 {
    percent.quanta() / Decimal::ONE.quanta()
}

/// `351 measured and 14 estimated of 365 days`.
fn covered(coverage: &DataCoverage) -> String {
    let estimated = match coverage.estimated.as_u64() {
        0 => String::new(),
        days => format!(" and {days} estimated"),
    };
    format!(
        "Data to the gate cover {} measured{estimated} of {} days, from {}.",
        coverage.measured, coverage.days, coverage.reference_period
    )
}

/// A row of months for each output and reading, where one of them is not measured throughout.
fn by_month(page: &mut Page, known: &Months) {
    if known.rows.iter().all(|row| row.months.iter().all(|month| *month == Known::Measured)) {
        return;
    }
    let initials: String = known.months.iter().filter_map(initial).collect();
    let rows: Vec<Vec<String>> = known.rows.iter().map(months).collect();
    page.blank();
    page.table(&["by month", "data", &initials], &rows);
    page.line("# every day  ~ with estimates  + some days  . no day");
}

fn initial(month: &Period) -> Option<char> {
    "JFMAMJJASOND".chars().nth(usize::try_from(month.start().month() - 1).ok()?)
}

fn months(row: &MonthRow) -> Vec<String> {
    let site = row.site.as_ref().map(|site| format!(", {site}")).unwrap_or_default();
    let mark = |month: &Known| match month {
        Known::Measured => '#',
        Known::Estimated => '~',
        Known::Part => '+',
        Known::Nothing => '.',
    };
    let marks = row.months.iter().map(mark).collect();
    vec![format!("{} / {}{site}", row.stage, row.process), row.what.clone(), marks]
}

/// Stages with bars, totals, categories that are not zero, quality.
pub fn figures(page: &mut Page, figures: &Figures) {
    let largest = figures.stages.iter().map(|s| s.figures.excluding_uptake.quanta().unsigned_abs()).max();
    let row = |name: &str, set: &FigureSet| {
        let value = set.excluding_uptake;
        vec![name.to_owned(), value.to_string(), bar(value.quanta(), largest.unwrap_or_default())]
    };
    let mut rows: Vec<Vec<String>> =
        figures.stages.iter().map(|s| row(s.stage.as_str(), &s.figures)).collect();
    let total = |name: &str, set: &FigureSet| {
        let short = shorten(set.excluding_uptake);
        let about = if short.is_exact { String::new() } else { format!("about {}", short.text) };
        vec![name.to_owned(), set.excluding_uptake.to_string(), about]
    };
    rows.push(total("to the gate", &figures.gate));
    rows.extend(figures.grave.iter().map(|set| total("to the grave", set)));
    page.table(&["excluding biogenic uptake", ">kg CO2e", "~"], &rows);
    page.blank();
    let whole = figures.grave.as_ref().unwrap_or(&figures.gate);
    let shown = whole.categories.iter().filter(|(_, value)| !value.is_zero());
    let categories: Vec<Vec<String>> = shown
        .map(|(category, value)| {
            let inside = if category.is_of_which() { "  of which " } else { "" };
            vec![format!("{inside}{category}"), value.to_string()]
        })
        .collect();
    page.table(&["by category", ">kg CO2e"], &categories);
    page.blank();
    let sets: Vec<&str> = figures.gwp.iter().map(|set| set.as_str()).collect();
    let mut pairs = vec![
        ("including biogenic uptake", format!("{} kg CO2e", whole.including_uptake)),
        ("primary data share, to the gate", format!("{} %", figures.primary_data_share)),
        ("GWP sets that entered", sets.join(", ")),
    ];
    pairs.extend(
        figures.exempted_emissions_percent.map(|p| ("exempted emissions, to the gate", format!("{p} %"))),
    );
    pairs.extend(figures.data_quality.map(|q| {
        let text = format!("technology {}, geography {}, time {}", q.technology, q.geography, q.time);
        ("data quality to the gate, 1 best to 5", text)
    }));
    page.pairs(&pairs);
}
