//! The pedigree matrix: from scores to a squared geometric standard deviation.
//!
//! `GSD2 = exp(sqrt(sum_k ln^2 U_k + ln^2 U_b))` with a factor `U_k` for each indicator's score and
//! a basic one `U_b` for the kind of flow. The factors are those of ecoinvent 2 (Frischknecht et
//! al. 2007, after Weidema & Wesnaes 1996), which the GHG Protocol's guidance on quantitative
//! uncertainty uses too, as carried by the package `pedigree-matrix` 0.2.2 (BSD-3-Clause,
//! `data.py`, `version_1` and the block on basic uncertainty).

use crate::model::{FlowKind, FlowSource, Pedigree, Score, Uncertainty};

/// An indicator's factors for the scores 1 to 5.
type Row = [f64; 5];

const RELIABILITY: Row = [1.0, 1.05, 1.1, 1.2, 1.5];
const COMPLETENESS: Row = [1.0, 1.02, 1.05, 1.1, 1.2];
const TEMPORAL: Row = [1.0, 1.03, 1.1, 1.2, 1.5];
const GEOGRAPHICAL: Row = [1.0, 1.01, 1.02, 1.02, 1.1];
const TECHNOLOGICAL: Row = [1.0, 1.0, 1.2, 1.5, 2.0];
const SAMPLE_SIZE: Row = [1.0, 1.02, 1.05, 1.1, 1.2];

/// Indicators in the order of the source's table, with their factors.
pub const TABLE: [(&str, Row); 6] = [
    ("reliability", RELIABILITY),
    ("completeness", COMPLETENESS),
    ("temporal_correlation", TEMPORAL),
    ("geographical_correlation", GEOGRAPHICAL),
    ("further_technological_correlation", TECHNOLOGICAL),
    ("sample_size", SAMPLE_SIZE),
];

/// Basic uncertainty of demand: energy, materials, waste treatment; and of CO2.
pub const BASIC_DEMAND: f64 = 1.05;
/// Basic uncertainty of transport.
pub const BASIC_TRANSPORT: f64 = 2.0;
/// Basic uncertainty of infrastructure.
pub const BASIC_INFRASTRUCTURE: f64 = 3.0;
/// Basic uncertainty of emissions of methane and nitrous oxide; also used for the gases that the
/// source does not list.
pub const BASIC_OTHER_GAS: f64 = 1.5;

/// The squared geometric standard deviation that follows from scores; `basic` where they state
/// none.
pub fn gsd2_of_scores(scores: &Pedigree, basic: f64) -> f64 {
    let basic = scores.basic.map_or(basic, float);
    let factors = [
        at(RELIABILITY, scores.reliability),
        at(COMPLETENESS, scores.completeness),
        at(TEMPORAL, scores.temporal),
        at(GEOGRAPHICAL, scores.geographical),
        at(TECHNOLOGICAL, scores.technological),
        scores.sample_size.map_or(1.0, |score| at(SAMPLE_SIZE, score)),
        basic,
    ];
    let squares = factors.iter().map(|u| libm::log(*u) * libm::log(*u));
    libm::exp(libm::sqrt(squares.fold(0.0, |sum, square| sum + square)))
}

/// `ln(GSD2) / 2`: the standard deviation of the logarithm.
pub(super) fn sigma(stated: &Uncertainty, basic: f64) -> f64 {
    let gsd2 = match stated {
        Uncertainty::Gsd2(value) => float(*value),
        Uncertainty::Pedigree(scores) => gsd2_of_scores(scores, basic),
    };
    libm::log(gsd2) / 2.0
}

/// The basic uncertainty of a flow's amount.
pub(super) fn basic_of(kind: FlowKind, source: &FlowSource) -> f64 {
    match (kind, source) {
        (FlowKind::Transport | FlowKind::Aircraft, _) => BASIC_TRANSPORT,
        (FlowKind::Infrastructure, _) => BASIC_INFRASTRUCTURE,
        (_, FlowSource::Gas(gas)) if !gas.as_str().starts_with("CO2") => BASIC_OTHER_GAS,
        _ => BASIC_DEMAND,
    }
}

fn at(row: Row, score: Score) -> f64 {
    row[score as usize] // OK because there are five scores, from 0 on.
}

/// The nearest float; for a decimal of at most 15 significant digits the one that its text would
/// parse to.
fn float(value: crate::model::Decimal) -> f64 {
    value.quanta() as f64 / 1e12
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gsd2(text: &str, basic: f64) -> f64 {
        let Uncertainty::Pedigree(scores) = text.parse().unwrap() else { panic!("scores") };
        gsd2_of_scores(&scores, basic)
    }

    #[test]
    fn scores_combine_as_the_formula_says() {
        // By hand: only completeness 5 (1.2) and the basic 1.05: ln 1.2 = 0.182321556793955, ln
        // 1.05 = 0.048790164169432; squares 0.033241150071 + 0.002380480119 = 0.035621630190, root
        // 0.188736934889, exp 1.207723200.
        assert!((gsd2("1 5 1 1 1", 1.05) - 1.207_723_200).abs() < 5e-9);
        assert_eq!(gsd2("1 1 1 1 1 1", 1.0), 1.0, "perfect data without basic uncertainty is exact");
        assert!((gsd2("1 1 1 1 1", 2.0) - 2.0).abs() < 1e-15);
    }

    #[test]
    fn scores_that_state_their_basic_uncertainty_use_it() {
        let stated = r#"{"basic":"3","completeness":"1","geographical":"1","reliability":"1","technological":"1","temporal":"1"}"#;
        let Uncertainty::Pedigree(scores) = serde_json::from_str(stated).unwrap() else { panic!("scores") };
        assert!((gsd2_of_scores(&scores, 1.05) - 3.0).abs() < 1e-15);
    }

    #[test]
    fn half_the_logarithm_is_the_deviation() {
        let stated = "1.21".parse().unwrap();
        assert!((sigma(&stated, 9.0) - libm::log(1.1)).abs() < 1e-16);
    }
}
