//! What stages, categories and opinions are called for a reader. Owns the page's vocabulary; never decides anything.

use pcf_core::model::{
    AssuranceLevel, Boundary, Category, Claim, ClaimBasis, DataCoverage, Instant, Opinion, Period,
    RecyclingMethod, Stage, StatedGwp, ValueError,
};

pub(super) const fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Design => "Design",
        Stage::Procurement => "Procurement",
        Stage::Production => "Production",
        Stage::Transport => "Transport",
        Stage::Storage => "Storage",
        Stage::Use => "Use",
        Stage::Recycling => "Recycling",
    }
}

pub(super) const fn category(category: Category) -> &'static str {
    match category {
        Category::Aircraft => "of which aircraft",
        Category::BiogenicReleased => "Biogenic CO2 released",
        Category::BiogenicUptake => "Biogenic CO2 taken up",
        Category::BiogenicNonCo2 => "Biogenic, other than CO2",
        Category::CcsCapture => "Capture for storage",
        Category::Fossil => "Fossil",
        Category::LandManagementCo2 => "Land management, CO2",
        Category::LandManagementRemovals => "Land management, removals",
        Category::LandManagementFossil => "of which land management",
        Category::LandUseChange => "Land-use change",
        Category::Packaging => "of which packaging",
        Category::TechnologicalRemovals => "Technological removals",
    }
}

/// The lines that an of-which line lies inside; empty for the others.
pub(super) const fn inside(category: Category) -> &'static str {
    match category {
        Category::LandManagementFossil => "inside Fossil, not added",
        Category::Aircraft | Category::Packaging => "inside the lines above, not added",
        _ => "",
    }
}

pub(super) const fn boundary(boundary: Boundary) -> &'static str {
    match boundary {
        Boundary::Gate => "Cradle to gate",
        Boundary::Grave => "Cradle to grave",
    }
}

pub(super) const fn level(level: AssuranceLevel) -> &'static str {
    match level {
        AssuranceLevel::Limited => "Limited assurance",
        AssuranceLevel::Reasonable => "Reasonable assurance",
    }
}

pub(super) const fn opinion(opinion: Opinion) -> &'static str {
    match opinion {
        Opinion::Adverse => "Adverse: the figures are wrong",
        Opinion::Qualified => "Qualified: right except for the findings",
        Opinion::Unmodified => "Unmodified: right",
    }
}

pub(super) const fn recycling(method: RecyclingMethod) -> &'static str {
    match method {
        RecyclingMethod::FiftyFifty => "50:50: half to each side",
        RecyclingMethod::CircularFootprint => "Circular footprint formula (PEF)",
        RecyclingMethod::ClosedLoop => "Closed loop, 0:100: credited at the end of life",
        RecyclingMethod::CutOff => {
            "Cut-off: recycled content carries its recycling burden, end of life carries disposal only"
        }
    }
}

/// On how many days there are data: `351 days measured and 14 estimated of 365`.
pub(super) fn coverage(coverage: &DataCoverage) -> String {
    let DataCoverage { days, estimated, measured, .. } = coverage;
    match estimated.as_u64() {
        0 => format!("{measured} days measured of {days}"),
        estimated => format!("{measured} days measured and {estimated} estimated of {days}"),
    }
}

/// The standards that figures follow, each with what the claim rests on.
pub(super) fn claims(claims: &[Claim]) -> String {
    let basis = |claim: &Claim| match claim.basis {
        ClaimBasis::Checked => "conditions checked",
        ClaimBasis::Stated => "the publisher’s own claim",
    };
    let all: Vec<String> =
        claims.iter().map(|claim| format!("{} ({})", claim.standard, basis(claim))).collect();
    if all.is_empty() { "none named".to_owned() } else { all.join("; ") }
}

/// `2025-01-01 to 2025-12-31`: both days belong to it.
///
/// # Errors
/// [`ValueError::Range`] where the last day lies outside the calendar, which no valid period allows.
pub(super) fn days(period: Period) -> Result<String, ValueError> {
    const DAY_S: i64 = 86_400;
    let last = Instant::from_unix_s(Instant::at_start_of(period.end()).unix_s() - DAY_S)?;
    Ok(format!("{} to {}", period.start(), last.date()))
}

/// The sets that entered, and what a reader must know about them.
pub(super) fn gwp_sets(sets: &[StatedGwp]) -> (String, Option<&'static str>) {
    let named: Vec<&str> = sets.iter().map(|set| set.as_str()).collect();
    let stated = sets.iter().filter(|set| **set != StatedGwp::Unstated).count();
    let caution = if stated < named.len() {
        Some(
            "At least one source does not say which GWP set its value rests on (shown as “unstated”). Such values entered as \
             their source gives them, so part of this footprint may rest on another set than the rest.",
        )
    } else if stated > 1 {
        Some("More than one GWP set entered: parts of this footprint are characterised differently.")
    } else {
        None
    };
    let list =
        if named.is_empty() { "none: no characterised value entered".into() } else { named.join(", ") };
    (list, caution)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_of_a_period_belongs_to_it() {
        assert_eq!(days("2024-02-01..2024-03-01".parse().unwrap()).unwrap(), "2024-02-01 to 2024-02-29");
        assert_eq!(days("2025-05-05..2025-05-06".parse().unwrap()).unwrap(), "2025-05-05 to 2025-05-05");
        assert_eq!(days("0001-01-01..0001-01-02".parse().unwrap()).unwrap(), "0001-01-01 to 0001-01-01");
    }

    #[test]
    fn an_unstated_set_always_comes_with_its_sentence() {
        let (list, caution) = gwp_sets(&[StatedGwp::Ar6, StatedGwp::Unstated]);
        assert_eq!(list, "AR6, unstated");
        assert!(caution.is_some_and(|c| c.contains("does not say")));
        assert_eq!(gwp_sets(&[StatedGwp::Ar6]).1, None);
        assert!(gwp_sets(&[StatedGwp::Ar5, StatedGwp::Ar6]).1.is_some());
    }
}
