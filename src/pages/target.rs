//! The drawing of an organisation's years: one bar of emissions a year as a standalone SVG. It draws what it is given and writes no file.

use askama::Template as _;

use super::PageError;
use super::chart::{Chart, Measured};
use pcf_core::calc::target::Target;

#[derive(askama::Template)]
#[template(path = "target.svg", config = "askama.toml")]
struct Drawing {
    title: String,
    subtitle: String,
    chart: Chart,
    height_px: usize,
}

/// Room above the bars for the two lines of heading, and a margin below, in CSS pixels.
const HEADING_PX: usize = 76;

/// The years of a target as SVG: a bar of absolute emissions each, its decrease of intensity in the label, the peak year dark.
///
/// # Errors
/// [`PageError`] where the template cannot be filled.
pub fn target_svg(target: &Target) -> Result<String, PageError> {
    let label = |year: &pcf_core::calc::target::TargetYear| {
        let decrease = year.emission_intensity_decrease;
        let decrease = decrease.map(|d| format!(", intensity {} %", super::shorten_decimal(minus(d)).text));
        format!("{}{}", year.year, decrease.unwrap_or_default())
    };
    let bars = target.years.iter().map(|year| Measured {
        label: label(year),
        mass: year.emissions,
        is_secondary: year.year != target.peak.year,
    });
    let chart = Chart::new(bars.collect());
    let peak = &target.peak;
    let drawing = Drawing {
        title: format!("{}: emissions a year, kg CO2e", target.subject),
        subtitle: format!(
            "highest in {} ({}); intensity per value added against {}",
            peak.year,
            peak.status.as_str(),
            target.base_year
        ),
        height_px: chart.height_px + HEADING_PX,
        chart,
    };
    Ok(drawing.render()?)
}

/// A decrease as a change, the way a chart shows it.
fn minus(decrease: pcf_core::model::Decimal) -> pcf_core::model::Decimal {
    // OK because the limits of a decimal are the same on both sides of zero.
    pcf_core::model::Decimal::from_quanta(-decrease.quanta()).unwrap_or(decrease)
}
