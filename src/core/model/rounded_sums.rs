//! What follows from rounded figures alone: figures that stand for them in a document, and whether their sums can hold.

use super::{Co2e, FigureSet, Figures, Interval, RoundedFigures, RoundedSet, RoundedStage, Stage, StageFigures, ValueError};

impl RoundedSet {
    /// The middle of each interval, the totals' own among them: they need not be the sum of the others.
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
    /// The figures that have the middle of each interval for its part, and the sum of the parts for each total.
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
        let sets = stages.chain([("gate", &self.gate)]).chain(self.grave.iter().map(|grave| ("grave", grave)));
        for (place, set) in sets {
            let of = |end: fn(&Interval) -> Co2e| FigureSet::new(set.categories.try_map(|_, cell| Ok(end(cell)))?);
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
            let cells = self.stages.iter().filter(|stage| counts(stage.stage)).map(|s| s.figures.excluding_uptake);
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
    use crate::model::{ByCategory, Category};

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
    fn a_total_outside_what_its_parts_can_come_to_is_found() {
        let rounded = figures("1.004", "1.004");
        assert_eq!(rounded.impossible_sum(Some(false)).unwrap(), None);
        let moved = |cell: &mut Interval| {
            let further = |kg: Co2e| kg.plus("0.02".parse().unwrap()).unwrap();
            *cell = Interval { high: further(cell.high), low: further(cell.low) };
        };
        for (place, change) in [
            ("gate: a total that its categories", (|f: &mut RoundedFigures| &mut f.gate.excluding_uptake) as fn(&mut _) -> &mut Interval),
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
        assert!(other.impossible_sum(Some(false)).unwrap().unwrap().starts_with("gate: a total that its stages"));
        other.stages[0].stage = Stage::Design;
        assert_eq!(other.impossible_sum(None).unwrap(), None, "design may count at the gate");
        assert!(other.impossible_sum(Some(false)).unwrap().is_some());
    }
}
