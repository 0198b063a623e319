//! Electricity and what stands behind it: generation that nobody claims, certificates of another
//! year. Compares what flows, factors and certificates say; how much is claimed, the calculation
//! judges.

use super::view::{Line, View};
use super::{Finding, Severity};
use crate::model::{Amount, Factor, FlowSource, YEARS_NEAR};

/// Words of ids and names that mean electricity of one kind of plant that certificates are traded
/// of.
const PLANTS: &[&str] = &["wind", "solar", "hydro"];

/// The same as beginnings of words, and within Chinese names.
const PLANT_BEGINNINGS: &[&str] = &["photovoltaic", "windpower", "solarpower", "hydropower", "hydroelectric"];
const PLANTS_IN_CHINESE: &[&str] = &["风", "光伏", "太阳能", "水电"];

pub(super) fn look(view: &View<'_>, findings: &mut Vec<Finding>) {
    for line in view.lines() {
        without_claim(view, &line, findings);
        age(view, &line, findings);
    }
}

/// Electricity of one kind of plant, without a certificate, a contract or a meter on the site.
fn without_claim(view: &View<'_>, line: &Line<'_, '_>, findings: &mut Vec<Finding>) {
    let FlowSource::Factor { factor, .. } = &line.flow.source else { return };
    let Some(held) = view.factors.get(factor).filter(|_| view.factors.is_of_plant(factor)) else { return };
    let claimed = !line.flow.instruments.is_empty() || line.part.held.statement.meter.is_some();
    // A credit uses no electricity, and nothing can be claimed for it.
    let credit = line.flow.amount.as_ref().is_some_and(Amount::is_negative);
    if claimed || credit {
        return;
    }
    let sentence = format!(
        "{line}: the factor {factor} ({}) is that of one kind of plant, and neither a certificate or contract nor a meter on the site says that the electricity came from there",
        held.statement.name
    );
    let remedy = concat!(
        "state the certificate or contract in the columns instrument, instrument_kwh, instrument_start and instrument_end and record with --correct; where the plant stands on the site, withdraw the statement first (",
        withdrawing!(),
        "), then record its row as a reading with its meter in the column meter; where there is neither, take the residual or national mix and record with --correct"
    );
    findings.push(view.found(
        "generation-without-claim",
        Severity::Attention,
        [line.statement()],
        sentence,
        remedy,
    ));
}

/// True for electricity whose id or name says that one kind of plant generates it.
pub(super) fn is_of_plant(factor: &Factor) -> bool {
    let names = [factor.factor.as_str(), factor.name.as_str()];
    factor.category.is_electricity() && names.into_iter().any(names_a_plant)
}

fn names_a_plant(name: &str) -> bool {
    let name = name.to_lowercase();
    let mut words = name.split(|c: char| !c.is_alphanumeric());
    // Hydrogen and windows are no plants.
    words.any(|word| PLANTS.contains(&word) || PLANT_BEGINNINGS.iter().any(|begins| word.starts_with(begins)))
        || PLANTS_IN_CHINESE.iter().any(|part| name.contains(part))
}

/// Certificates whose electricity was generated long before or after it was used.
fn age(view: &View<'_>, line: &Line<'_, '_>, findings: &mut Vec<Finding>) {
    let period = line.part.held.statement.period;
    let far = line.flow.instruments.iter().filter(|i| !i.period.is_within_years(period, YEARS_NEAR));
    for instrument in far {
        let sentence = format!(
            "{line}: the instrument `{}` is of {}, and the electricity was used in {period}; more than 12 months lie between them",
            instrument.id, instrument.period
        );
        let remedy = "claim a certificate of electricity that was generated in the period of use or within 12 months of it; record with --correct";
        findings.push(view.found(
            "certificate-age",
            Severity::Attention,
            [line.statement()],
            sentence,
            remedy,
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plants_are_known_by_whole_words() {
        for name in [
            "cn.mee.elec_footprint.2024.solar_pv",
            "China electricity carbon footprint factor wind 2023",
            "Hydroelectric power, run-of-river",
            "Photovoltaics on the roof",
            "WIND",
            "全国风电电力碳足迹因子",
            "光伏发电",
        ] {
            assert!(names_a_plant(name), "{name}");
        }
        for name in
            ["Electricity from hydrogen", "Grid of Windhoek", "winding shop", "全国电力平均", "residual mix"]
        {
            assert!(!names_a_plant(name), "{name}");
        }
    }
}
