//! How recycled material counts: cut-off, closed loop 0:100, 50:50 and the circular footprint
//! formula (PEF method, section 4.4.8.1), all as one formula of which the method fixes parts.
//! Credits stand apart from burdens, each a process of its own. Knows a product's statement and the
//! factors it names; nothing of activities.
//!
//! ```text
//! material  (1-R1)*Ev + R1*(A*Erec + (1-A)*Ev*Qsin/Qp) + (1-A)*R2*(ErecEoL - Ev'*Qsout/Qp)
//! energy    (1-B)*R3*(Eer - LHV*Xheat*Eheat - LHV*Xelec*Eelec)
//! disposal  (1-R2-R3)*Ed
//! ```
//!
//! The first two terms of the material are its content and stand in procurement; the rest is its
//! end of life and stands in recycling. Under the formula the content counts to the gate with A at 1,
//! and what its own A changes, `R1*(1-A)*(Ev*Qsin/Qp - Erec)`, stands in recycling, too: so the gate
//! is one figure, whatever boundary is asked for and whoever consumes the product.

mod defaults;
mod exact;
mod parameters;

use std::borrow::Cow;

use num_bigint::BigInt;

use super::CalcError;
use super::allocation::Share;
use super::amount::Ratio;
use super::contribution::{Contribution, chain};
use super::lower::source::{FixedSource, GwpSets, SourceValue};
use super::lower::{LineSource, Lowering, Sources, factor_use};
use super::result::quality::Weights;
use super::scope::Half;
use super::solve::gate::RowResult;
use crate::model::wide::{Wide, power_of_ten};
use crate::model::{
    Amount, Boundary, ByCategory, Co2e, Decimal, Dimension, Exclusion, FactorId, FigureSet, FlowKind,
    ProductId, Quantity, RATIO_SCALE, RecycledMaterial, RecycledPart, RecyclingMethod, Stage, StatementId,
    Text, Unit, ValueError,
};
use exact::Fraction;
use parameters::{Counted, Stated};

/// One term of the formula, with its factor.
#[derive(Debug)]
pub(super) struct Term {
    /// Its place among the terms of the product.
    pub(super) place: usize,
    pub(super) name: Text,
    pub(super) kind: FlowKind,
    /// Per declared unit, rounded to 1e-12 for display.
    pub(super) amount: Quantity,
    /// Units of the factor per declared unit, in 1e-18.
    pub(super) ratio: Wide,
    /// The same in 2^-96.
    pub(super) coefficient: Wide,
    pub(super) source: LineSource,
    /// kg CO2e per declared unit, rounded for display.
    contribution: ByCategory<Co2e>,
}

/// Burdens or credits of one material in one stage: a process of its own.
#[derive(Debug)]
pub(super) struct Recycled {
    pub(super) stage: Stage,
    pub(super) process: Text,
    pub(super) terms: Vec<Term>,
    /// What a reader must know: the defaults that entered, and the figure with the material's own A.
    pub(super) notes: Vec<String>,
    result: Result<Summed, Vec<CalcError>>,
}

/// The figures of one part, and what belongs to them.
#[derive(Debug, Clone)]
struct Summed {
    figures: FigureSet,
    weights: Weights,
    gwp: GwpSets,
}

impl Recycled {
    /// True where it counts in this half of the product's life.
    pub(super) fn is_of(&self, half: Half) -> bool {
        match half {
            Half::Gate => self.stage == Stage::Procurement,
            Half::Beyond(boundary) => self.stage == Stage::Recycling && boundary == Boundary::Grave,
        }
    }

    /// True where something is wrong with it.
    pub(super) const fn fails(&self) -> bool {
        self.result.is_err()
    }

    /// As a unit process; `None` where something was added to `errors`.
    pub(super) fn result<'a>(&self, errors: &mut Vec<CalcError>) -> Option<RowResult<'a>> {
        let summed = match &self.result {
            Ok(summed) => summed,
            Err(found) => {
                errors.extend_from_slice(found);
                return None;
            }
        };
        Some(RowResult {
            stage: self.stage,
            process: Cow::Owned(self.process.clone()),
            figures: summed.figures,
            weights: summed.weights,
            excluded: Co2e::ZERO,
            gwp: summed.gwp,
        })
    }

    /// What each term gave.
    pub(super) fn contributions(
        &self,
        sources: &Sources<'_>,
        (product, statement): (&ProductId, StatementId),
    ) -> Result<Vec<Contribution>, ValueError> {
        let declared_units = Ratio::from_quanta(power_of_ten(RATIO_SCALE)?);
        let mut all = Vec::with_capacity(self.terms.len());
        for term in &self.terms {
            let Some(source) = sources.get(term.source) else { continue };
            all.push(Contribution {
                product: product.clone(),
                level: Ratio::ONE,
                statement,
                stage: self.stage,
                process: self.process.clone(),
                flow: term.place,
                name: term.name.clone(),
                kind: term.kind,
                source: source.origin.clone(),
                upstream: false,
                amount: Amount::Given(term.amount),
                source_unit: source.declared,
                converted: Ratio::from_quanta(term.ratio),
                source_figures: source.value.categories,
                share: Share::ONE,
                declared_units,
                contribution: term.contribution,
                excluding_uptake: term.contribution.excluding_uptake()?,
            });
        }
        Ok(all)
    }
}

impl Lowering<'_> {
    /// Everything that a product's recycling gives, ready to be counted; what is wrong is kept with
    /// it.
    pub(super) fn recycled(&mut self, number: usize) -> Vec<Recycled> {
        let Some((id, held)) = self.catalogue.products.get(number).copied() else { return Vec::new() };
        // A statement that does not hold together is refused as a whole elsewhere.
        let recycling = held.statement.recycling.as_ref().filter(|_| held.statement.check().is_ok());
        let (mut parts, mut place) = (Vec::new(), 0);
        for material in recycling.iter().flat_map(|r| &r.materials) {
            let method = recycling.map_or(RecyclingMethod::CutOff, |r| r.method);
            let fails = |problem: String| CalcError::Recycling {
                product: id.clone(),
                material: material.material.clone(),
                problem: problem.into(),
            };
            let Counted { terms, own_a, defaults } = match Counted::of(material, method) {
                Ok(counted) => counted,
                Err(problem) => {
                    // Without its numbers nothing of it is known, at the gate or beyond.
                    let errors = vec![fails(problem)];
                    let whole = [RecycledPart::Content, RecycledPart::EndOfLife];
                    parts.extend(whole.into_iter().filter_map(|part| failed(material, part, errors.clone())));
                    continue;
                }
            };
            let first = parts.len();
            for part in RecycledPart::ALL {
                let terms: Vec<&Stated<'_>> = terms.iter().filter(|term| term.part == part).collect();
                let Ok(process) = material.process(part) else { continue }; // OK because `check` refuses such a name.
                if terms.is_empty() {
                    continue;
                }
                let stage = part.stage();
                let gone: Vec<CalcError> =
                    terms.iter().filter_map(|term| self.redacted(id, material, term.factor)).collect();
                if !gone.is_empty() {
                    parts.push(Recycled {
                        stage,
                        process,
                        terms: Vec::new(),
                        notes: Vec::new(),
                        result: Err(gone),
                    });
                    continue;
                }
                let (terms, result) = self.part(&terms, &mut place);
                let result = result.map_err(|problems| problems.into_iter().map(fails).collect());
                let notes = Vec::from_iter(note(material, &defaults));
                parts.push(Recycled { stage, process, terms, notes, result });
            }
            let of = parts.get_mut(first..).unwrap_or_default();
            if let Some(note) = own_a.and_then(|a| with_own_a(material, &a, of)) {
                of.iter_mut()
                    .filter(|part| part.is_of(Half::Gate))
                    .for_each(|part| part.notes.push(note.clone()));
            }
        }
        parts
    }

    /// That a factor of a material cannot be used because it was redacted.
    fn redacted(
        &self,
        product: &ProductId,
        material: &RecycledMaterial,
        factor: &FactorId,
    ) -> Option<CalcError> {
        let statement = *self.catalogue.inventory.redacted.factors.get(factor)?;
        let (product, material) = (product.clone(), material.material.clone());
        Some(CalcError::RedactedMaterial { product, material, factor: factor.clone(), statement })
    }

    /// The terms of one part with their sum; every problem of theirs.
    fn part(
        &mut self,
        stated: &[&Stated<'_>],
        place: &mut usize,
    ) -> (Vec<Term>, Result<Summed, Vec<String>>) {
        let (mut terms, mut problems) = (Vec::with_capacity(stated.len()), Vec::new());
        let (mut sums, mut weights, mut gwp) =
            (ByCategory::from_fn(|_| Fraction::zero()), Weights::default(), GwpSets::default());
        for one in stated {
            match self.term(one, *place, &mut sums, &mut weights) {
                Ok((term, sets)) => {
                    gwp.add(sets);
                    terms.push(term);
                }
                Err(problem) => problems.push(format!("{}: {problem}", one.name)),
            }
            *place += 1;
        }
        let figures = sums.try_map(|_, sum| sum.co2e()).and_then(FigureSet::new);
        let result = match figures {
            _ if !problems.is_empty() => Err(problems),
            Ok(figures) => Ok(Summed { figures, weights, gwp }),
            Err(problem) => Err(vec![problem.to_string()]),
        };
        (terms, result)
    }

    fn term(
        &mut self,
        stated: &Stated<'_>,
        place: usize,
        sums: &mut ByCategory<Fraction>,
        weights: &mut Weights,
    ) -> Result<(Term, GwpSets), String> {
        let said = |problem: ValueError| problem.to_string();
        let source = self.recycling_factor(stated)?;
        let found = self.sources.get(source).ok_or("its factor has no place")?;
        let FixedSource { value, declared, .. } = found;
        let SourceValue { categories, .. } = value;
        let amount = Fraction::of(&stated.amount, ratio(stated, declared.unit)?);
        let mut each = ByCategory::<Co2e>::default();
        for (category, kg) in categories.iter().filter(|(_, kg)| !kg.is_zero()) {
            let part = amount.times(kg.quanta());
            each[category] = part.co2e().map_err(said)?;
            sums[category] = sums[category].plus(&part);
        }
        let excluding_uptake = each.excluding_uptake().map_err(said)?;
        // The rates are no activity data: nothing here is primary.
        let percent = value.primary.percent(None);
        weights.count(excluding_uptake, percent, value.quality).map_err(said)?;
        let shown = Fraction::of(&stated.amount, (1, 1)).times(Decimal::ONE.quanta()).narrow();
        let shown = shown.and_then(Decimal::from_quanta).map_err(said)?;
        let term = Term {
            place,
            name: stated.name.parse().map_err(said)?,
            kind: stated.kind,
            amount: Quantity { amount: shown, unit: stated.unit },
            ratio: amount.wide(&BigInt::from(10).pow(RATIO_SCALE)).map_err(said)?,
            coefficient: amount.wide(&(BigInt::from(1) << chain::BITS)).map_err(said)?,
            source,
            contribution: each,
        };
        Ok((term, value.gwp))
    }

    /// The factor of a term.
    fn recycling_factor(&mut self, stated: &Stated<'_>) -> Result<LineSource, String> {
        let held = self.catalogue.inventory.factors.get(stated.factor);
        let held = held
            .ok_or_else(|| format!("the factor {} is not in the ledger; record it first", stated.factor))?;
        factor_use::check_factor(&held.statement, None).map_err(|problem| problem.to_string())?;
        if held.statement.exclusions.contains(&Exclusion::Combustion) {
            return Err(format!("{} leaves combustion out; take a factor that holds it", stated.factor));
        }
        self.sources.factor(held).map_err(|problem| problem.to_string())
    }
}

/// Factor units in one kg or MJ. What is replaced is heat or electricity as delivered, so calorific
/// values do not stand for it.
fn ratio(stated: &Stated<'_>, per: Unit) -> Result<(u64, u64), String> {
    stated.unit.ratio_to(per).ok_or_else(|| {
        let expected =
            if stated.unit.dimension() == Dimension::Mass { "mass" } else { "energy as delivered" };
        format!("the factor {} is per {per}, expected a unit of {expected}", stated.factor)
    })
}

/// At the gate A is 1, PEF's default for intermediate products (PEF method, section 4.4.8.7); what the
/// content gives with the material's own A is told beside it.
fn with_own_a(material: &RecycledMaterial, a: &str, parts: &[Recycled]) -> Option<String> {
    let of = |names: &[RecycledPart]| -> Option<Co2e> {
        let names: Vec<Text> = names.iter().filter_map(|part| material.process(*part).ok()).collect();
        let counted = parts.iter().filter(|part| names.contains(&part.process));
        let sums: Option<Vec<Co2e>> =
            counted.map(|part| part.result.as_ref().ok().map(|of| of.figures.excluding_uptake)).collect();
        Co2e::total(sums?).ok()
    };
    let content = of(&[RecycledPart::Content])?;
    let own = of(&[RecycledPart::Content, RecycledPart::SharedContent, RecycledPart::SharedContentCredits])?;
    Some(format!(
        "recycling of `{}`: at the gate A is 1, PEF's default for intermediate products, and its content gives {content} kg; with its own A of {a} it would give {own} kg",
        material.material
    ))
}

fn failed(material: &RecycledMaterial, part: RecycledPart, errors: Vec<CalcError>) -> Option<Recycled> {
    let (process, stage) = (material.process(part).ok()?, part.stage());
    Some(Recycled { stage, process, terms: Vec::new(), notes: Vec::new(), result: Err(errors) })
}

fn note(material: &RecycledMaterial, taken: &[String]) -> Option<String> {
    let place = match &material.region {
        Some(country) if defaults::describe(country) => String::new(),
        Some(country) => format!(", used for {country}"),
        None => ", used for a region that is not stated".to_owned(),
    };
    let source = defaults::SOURCE;
    let taken = Some(taken.join(", ")).filter(|taken| !taken.is_empty())?;
    Some(format!(
        "recycling of `{}`: {taken} taken from the European defaults ({source}){place}",
        material.material
    ))
}
