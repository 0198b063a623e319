//! What follows from rounded figures alone: figures that stand for them in a document, and whether
//! their sums can hold.

use super::rounded::{UNIT_MIN, two_digits, width_of};
use super::{
    Co2e, FigureSet, Figures, Interval, RoundedFigures, RoundedSet, RoundedStage, Stage, StageFigures,
    ValueError,
};

/// 1 kg, in 1e-15 kg.
const KILOGRAM: i128 = 1_000_000_000_000_000;

impl RoundedSet {
    /// The middle of each interval, the totals' own among them: they need not be the sum of the
    /// others.
    ///
    /// # Errors
    /// [`ValueError::Overflow`] for an interval at the end of the range of [`Co2e`].
    pub fn each_middle(&self) -> Result<FigureSet, ValueError> {
        let middle = |cell: &Interval| Co2e::from_quanta(cell.middle());
        Ok(FigureSet {
            categories: self.categories.try_map(|_, cell| middle(cell))?,
            excluding_uptake: middle(&self.excluding_uptake)?,
            including_uptake: middle(&self.including_uptake)?,
        })
    }
}

impl RoundedFigures {
    /// What no exact figures can round to; none where some can.
    pub(super) fn problem(&self) -> Option<&'static str> {
        let unit = self.unit.quanta();
        if unit < UNIT_MIN || 10_i128.pow(unit.ilog10()) != unit {
            return Some("has a width that is no power of ten");
        }
        let sets = self.stages.iter().map(|stage| &stage.figures).chain([&self.gate]).chain(&self.grave);
        let is_cell = |cell: &Interval| {
            cell.high.quanta().checked_sub(cell.low.quanta()) == Some(unit) && cell.middle() % unit == 0
        };
        for set in sets {
            let totals = [set.excluding_uptake, set.including_uptake];
            if !set.categories.iter().map(|(_, cell)| cell).chain(&totals).all(is_cell) {
                return Some("has an interval that is not one of its width around a multiple of it");
            }
        }
        if !self.has_its_width() {
            return Some("has a width that is not the third digit of its total");
        }
        if !self.stages.is_sorted_by(|a, b| a.stage < b.stage) {
            return Some("lists its stages out of the order of life, or one twice");
        }
        if !self.gwp.is_sorted_by(|a, b| a < b) {
            return Some("lists its GWP sets out of order, or one twice");
        }
        let ratings = self.data_quality.iter().flat_map(|q| [q.geography, q.technology, q.time]);
        let shares = ratings.chain(self.exempted_emissions_percent).chain([self.primary_data_share]);
        shares
            .into_iter()
            .any(|share| two_digits(share) != share)
            .then_some("has a share of more than two digits")
    }

    /// True where some total inside its interval has this width for its third digit.
    fn has_its_width(&self) -> bool {
        let unit = self.unit.quanta();
        let leads = |cell: &Interval| {
            let values = [cell.low.quanta(), cell.middle(), cell.high.quanta()];
            values.into_iter().any(|value| value != 0 && width_of(value.unsigned_abs()) == unit)
        };
        let total = &self.gate.excluding_uptake;
        if leads(total) {
            return true;
        }
        // A total of zero takes the width of the largest category; where all are zero, it is one
        // kilogram.
        let categories = self.gate.categories.iter().map(|(_, cell)| cell);
        let largest = categories.max_by_key(|cell| cell.middle().unsigned_abs());
        total.middle() == 0
            && largest.is_none_or(|cell| leads(cell) || (cell.middle() == 0 && unit == KILOGRAM))
    }

    /// The figures that have the middle of each interval for its part, and the sum of the parts for
    /// each total.
    ///
    /// # Errors
    /// [`ValueError::Overflow`] where a sum leaves the range of [`Co2e`].
    pub fn middles(&self) -> Result<Figures, ValueError> {
        let of = |set: &RoundedSet| {
            FigureSet::new(set.categories.try_map(|_, cell| Co2e::from_quanta(cell.middle()))?)
        };
        let of_stage =
            |stage: &RoundedStage| Ok(StageFigures { figures: of(&stage.figures)?, stage: stage.stage });
        Ok(Figures {
            data_quality: self.data_quality,
            exempted_emissions_percent: self.exempted_emissions_percent,
            gate: of(&self.gate)?,
            grave: self.grave.as_ref().map(of).transpose()?,
            gwp: self.gwp.clone(),
            primary_data_share: self.primary_data_share,
            processes: Vec::new(),
            stages: self.stages.iter().map(of_stage).collect::<Result<_, ValueError>>()?,
        })
    }

    /// How far the exact figures can lie from the middles, as a sentence.
    ///
    /// # Errors
    /// None that can happen: half of a width is within the range of [`Co2e`].
    pub fn in_words(&self) -> Result<String, ValueError> {
        let half = Co2e::from_quanta(self.unit.quanta() / 2)?;
        Ok(format!(
            "Rounded figures: each category lies within {half} kg CO2e of the exact one, a total within the sum of its categories' distances."
        ))
    }

    /// The first sum that cannot hold, whatever the exact figures are; none where all can.
    ///
    /// # Errors
    /// [`ValueError::Overflow`] where a sum leaves the range of [`Co2e`].
    pub fn impossible_sum(&self, design_at_gate: Option<bool>) -> Result<Option<String>, ValueError> {
        let stages = self.stages.iter().map(|stage| (stage.stage.as_str(), &stage.figures));
        let sets =
            stages.chain([("gate", &self.gate)]).chain(self.grave.iter().map(|grave| ("grave", grave)));
        for (place, set) in sets {
            let of =
                |end: fn(&Interval) -> Co2e| FigureSet::new(set.categories.try_map(|_, cell| Ok(end(cell)))?);
            let (low, high) = (of(|cell| cell.low)?, of(|cell| cell.high)?);
            let excluding = Interval { high: high.excluding_uptake, low: low.excluding_uptake };
            let including = Interval { high: high.including_uptake, low: low.including_uptake };
            if !excluding.overlaps(&set.excluding_uptake) || !including.overlaps(&set.including_uptake) {
                return Ok(Some(format!("{place}: a total that its categories cannot add up to")));
            }
        }
        if self.stages.is_empty() {
            return Ok(None);
        }
        let sum = |counts: &dyn Fn(Stage) -> bool| {
            let cells =
                self.stages.iter().filter(|stage| counts(stage.stage)).map(|s| s.figures.excluding_uptake);
            let (low, high): (Vec<Co2e>, Vec<Co2e>) = cells.map(|cell| (cell.low, cell.high)).unzip();
            Ok::<_, ValueError>(Interval { high: Co2e::total(high)?, low: Co2e::total(low)? })
        };
        if let Some(grave) = &self.grave
            && !sum(&|_| true)?.overlaps(&grave.excluding_uptake)
        {
            return Ok(Some("grave: a total that its stages cannot add up to".to_owned()));
        }
        let gate = |design: bool| {
            let cell = sum(&|stage| stage.is_before_gate() || (design && stage == Stage::Design))?;
            Ok::<_, ValueError>(cell.overlaps(&self.gate.excluding_uptake))
        };
        let fits = match design_at_gate {
            Some(design) => gate(design)?,
            None => gate(false)? || gate(true)?,
        };
        Ok((!fits).then(|| "gate: a total that its stages cannot add up to".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ByCategory, Category, StatedGwp};

    fn figures(fossil: &str, other: &str) -> RoundedFigures {
        let kg = |text: &str| text.parse::<Co2e>().unwrap();
        let categories = ByCategory::from_fn(|category| match category {
            Category::Fossil => kg(fossil),
            Category::BiogenicNonCo2 => kg(other),
            _ => Co2e::ZERO,
        });
        let gate = FigureSet::new(categories).unwrap();
        let stages = vec![StageFigures { figures: gate, stage: Stage::Production }];
        let exact = Figures {
            data_quality: None,
            exempted_emissions_percent: None,
            gate,
            grave: Some(gate),
            gwp: Vec::new(),
            primary_data_share: "100".parse().unwrap(),
            processes: Vec::new(),
            stages,
        };
        RoundedFigures::of(&exact, true).unwrap()
    }

    #[test]
    fn a_document_has_the_middles_and_their_sum() {
        let rounded = figures("1.004", "1.004");
        let stated = rounded.middles().unwrap();
        assert_eq!(stated.gate.categories[Category::Fossil].to_string(), "1");
        assert_eq!(stated.gate.excluding_uptake.to_string(), "2", "the sum of the parts");
        assert_eq!(rounded.gate.excluding_uptake.middle(), "2.01".parse::<Co2e>().unwrap().quanta());
        assert!(rounded.in_words().unwrap().contains("within 0.005 kg CO2e"));
    }

    #[test]
    fn a_form_that_no_exact_figures_round_to_is_refused() {
        for (exact, other) in
            [("1.004", "1.004"), ("99.97", "0"), ("-0.5", "0.5"), ("0", "0"), ("1000", "-0.4")]
        {
            assert_eq!(figures(exact, other).problem(), None, "{exact} and {other}");
        }
        let kg = |text: &str| text.parse::<Co2e>().unwrap();
        type Change = fn(&mut RoundedFigures);
        let changes: [(&str, Change); 7] = [
            ("no power of ten", |f| f.unit = "0.03".parse().unwrap()),
            ("not the third digit", |f| {
                f.unit = "1".parse().unwrap();
                let wide = Interval { high: "0.5".parse().unwrap(), low: "-0.5".parse().unwrap() };
                for set in [Some(&mut f.gate), f.grave.as_mut()].into_iter().flatten() {
                    set.categories = ByCategory::from_fn(|_| wide);
                    (set.excluding_uptake, set.including_uptake) = (wide, wide);
                }
                f.gate.excluding_uptake =
                    Interval { high: "2.5".parse().unwrap(), low: "1.5".parse().unwrap() };
                f.stages.clear();
            }),
            ("not one of its width", |f| f.gate.excluding_uptake.high = "9".parse().unwrap()),
            ("not one of its width", |f| {
                let cell = &mut f.gate.categories[Category::Fossil];
                *cell = Interval { high: "1.008".parse().unwrap(), low: "0.998".parse().unwrap() };
            }),
            ("stages out of the order", |f| f.stages.push(f.stages[0])),
            ("GWP sets out of order", |f| f.gwp = vec![StatedGwp::Ar6, StatedGwp::Ar5]),
            ("more than two digits", |f| f.primary_data_share = "12.3".parse().unwrap()),
        ];
        for (says, change) in changes {
            let mut bent = figures("1.004", "1.004");
            change(&mut bent);
            assert!(
                bent.problem().is_some_and(|problem| problem.contains(says)),
                "{says}: {:?}",
                bent.problem()
            );
        }
        assert_eq!(figures("0", "0").unit, kg("1"));
    }

    #[test]
    fn a_total_outside_what_its_parts_can_come_to_is_found() {
        let rounded = figures("1.004", "1.004");
        assert_eq!(rounded.impossible_sum(Some(false)).unwrap(), None);
        let moved = |cell: &mut Interval| {
            let further = |kg: Co2e| kg.plus("0.2".parse().unwrap()).unwrap();
            *cell = Interval { high: further(cell.high), low: further(cell.low) };
        };
        for (place, change) in [
            (
                "gate: a total that its categories",
                (|f: &mut RoundedFigures| &mut f.gate.excluding_uptake) as fn(&mut _) -> &mut Interval,
            ),
            ("gate: a total that its categories", |f| &mut f.gate.including_uptake),
            ("grave: a total that its categories", |f| &mut f.grave.as_mut().unwrap().excluding_uptake),
            ("production: a total that its categories", |f| &mut f.stages[0].figures.excluding_uptake),
        ] {
            let mut other = rounded.clone();
            moved(change(&mut other));
            assert!(other.impossible_sum(Some(false)).unwrap().unwrap().starts_with(place), "{place}");
        }
        let mut other = rounded.clone();
        other.stages[0].stage = Stage::Use;
        assert!(
            other.impossible_sum(Some(false)).unwrap().unwrap().starts_with("gate: a total that its stages")
        );
        other.stages[0].stage = Stage::Design;
        assert_eq!(other.impossible_sum(None).unwrap(), None, "design may count at the gate");
        assert!(other.impossible_sum(Some(false)).unwrap().is_some());
    }
}
