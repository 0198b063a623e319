//! The numbers of the circular footprint formula for one material, as stated, as the method fixes
//! them or as the defaults give them, and the terms that follow from them. Knows no factor's value.

use num_bigint::BigInt;

use super::defaults::{self, Defaults};
use super::exact::times;
use crate::calc::amount::plain_decimal;
use crate::model::wide::Wide;
use crate::model::{Decimal, FactorId, FlowKind, RecycledMaterial, RecycledPart, RecyclingMethod, Unit};

/// The numbers of one material that a method or a default may give, each as a whole number of
/// 1e-12.
struct Parameters {
    a: i128,
    b: i128,
    quality_in: i128,
    quality_out: i128,
    /// The European defaults that entered, as a reader sees them.
    defaults: Vec<String>,
}

/// One term of the formula before its factor is looked up.
pub(super) struct Stated<'a> {
    pub(super) name: &'static str,
    pub(super) factor: &'a FactorId,
    pub(super) part: RecycledPart,
    pub(super) kind: FlowKind,
    /// kg or MJ, as a whole number of 1e-60; below zero for a credit.
    pub(super) amount: BigInt,
    pub(super) unit: Unit,
}

/// What counts of one material.
pub(super) struct Counted<'a> {
    pub(super) terms: Vec<Stated<'a>>,
    /// The material's own A, where its content counts with another one to the gate.
    pub(super) own_a: Option<String>,
    /// The European defaults that entered, as a reader sees them.
    pub(super) defaults: Vec<String>,
}

impl<'a> Counted<'a> {
    /// The terms of a material. Under the formula its content counts to the gate with A at 1, and
    /// what its own A adds to that counts with the end of life.
    ///
    /// # Errors
    /// A sentence where a number or a factor is missing.
    pub(super) fn of(material: &'a RecycledMaterial, method: RecyclingMethod) -> Result<Self, String> {
        let own = Parameters::of(material, method)?;
        let terms = own.terms(material, method)?;
        let shared = terms.iter().any(|term| term.part == RecycledPart::SharedContentCredits);
        Ok(Self { terms, own_a: shared.then(|| own.a()), defaults: own.defaults })
    }
}

impl Parameters {
    /// As stated, as the method fixes them, or the European default.
    ///
    /// # Errors
    /// A sentence where a ratio of quality is needed that has no default.
    fn of(material: &RecycledMaterial, method: RecyclingMethod) -> Result<Self, String> {
        let fixed = method.fixes();
        let found: Defaults = defaults::of(material.material.as_str());
        let mut taken = Vec::new();
        let a = material.A.or(fixed.A).unwrap_or_else(|| {
            let of = if found.listed { "" } else { ", of a material that is not listed" };
            taken.push(format!("A {}{of}", found.a));
            found.a
        });
        let b = material.B.or(fixed.B).unwrap_or_else(|| {
            if material.R3.is_positive() {
                taken.push("B 0".to_owned());
            }
            Decimal::ZERO
        });
        let shared = a != Decimal::ONE; // With A at 1 no quality enters.
        let mut quality = |name, stated: Option<Decimal>, default: Option<Decimal>, enters: bool| {
            let known = stated.or(fixed.Q).or((!enters).then_some(Decimal::ONE));
            if let Some(known) = known {
                return Ok(known.quanta());
            }
            let missing = || format!("state {name}: `{}` has no default of it", material.material);
            let default = default.ok_or_else(missing)?;
            taken.push(format!("{name} {default}"));
            Ok::<i128, String>(default.quanta())
        };
        let (into, out) = (found.qualities.map(|q| q.0), found.qualities.map(|q| q.1));
        let quality_in = quality("QsinQp", material.QsinQp, into, shared && material.R1.is_positive())?;
        let quality_out = quality("QsoutQp", material.QsoutQp, out, shared && material.R2.is_positive())?;
        Ok(Self { a: a.quanta(), b: b.quanta(), quality_in, quality_out, defaults: taken })
    }

    /// A as a reader sees it.
    fn a(&self) -> String {
        plain_decimal(Wide::new(self.a), Decimal::SCALE as usize)
    }

    /// Every term that is not zero.
    ///
    /// # Errors
    /// A sentence where a term that is not zero names no factor.
    fn terms<'a>(&self, m: &'a RecycledMaterial, method: RecyclingMethod) -> Result<Vec<Stated<'a>>, String> {
        let one = Decimal::ONE.quanta();
        let part = |x: Option<Decimal>| x.map_or(0, Decimal::quanta);
        let (kg, r1, r2, r3) = (m.kg.quanta(), m.R1.quanta(), m.R2.quanta(), m.R3.quanta());
        let (a, not_a, not_b, lhv) = (self.a, one - self.a, one - self.b, part(m.LHV));
        let is_formula = method == RecyclingMethod::CircularFootprint;
        let content = (RecycledPart::Content, FlowKind::Material, Unit::Kilogram);
        let given = (RecycledPart::SharedContentCredits, FlowKind::Material, Unit::Kilogram);
        let end = (RecycledPart::EndOfLife, FlowKind::Waste, Unit::Kilogram);
        let replaced = (RecycledPart::EndOfLifeCredits, FlowKind::Waste, Unit::Kilogram);
        let energy = (RecycledPart::EndOfLifeCredits, FlowKind::Energy, Unit::Megajoule);
        let heat = -times(&[kg, not_b, r3, lhv, part(m.Xheat)]);
        let power = -times(&[kg, not_b, r3, lhv, part(m.Xelec)]);
        let (ev, erec) = (Some(&m.Ev), m.Erec.as_ref());
        let taken = times(&[kg, r1, not_a, self.quality_in]);
        let recycled = if is_formula {
            let shared = (RecycledPart::SharedContent, FlowKind::Material, Unit::Kilogram);
            vec![
                ("recycled material R1*Erec", erec, content, times(&[kg, r1])),
                ("recycled material R1*(1-A)*Ev*Qsin/Qp", ev, shared, taken),
                ("recycled material R1*(1-A)*Erec", erec, given, -times(&[kg, r1, not_a])),
            ]
        } else {
            vec![
                ("recycled material R1*A*Erec", erec, content, times(&[kg, r1, a])),
                ("recycled material R1*(1-A)*Ev*Qsin/Qp", ev, content, taken),
            ]
        };
        let ends = [
            ("recycling (1-A)*R2*ErecEoL", m.ErecEoL.as_ref(), end, times(&[kg, not_a, r2])),
            (
                "replaced material (1-A)*R2*EvStar*Qsout/Qp",
                m.EvStar.as_ref(),
                replaced,
                -times(&[kg, not_a, r2, self.quality_out]),
            ),
            ("energy recovery (1-B)*R3*Eer", m.Eer.as_ref(), end, times(&[kg, not_b, r3])),
            ("replaced heat (1-B)*R3*LHV*Xheat*Eheat", m.Eheat.as_ref(), energy, heat),
            ("replaced electricity (1-B)*R3*LHV*Xelec*Eelec", m.Eelec.as_ref(), energy, power),
            ("disposal (1-R2-R3)*Ed", m.Ed.as_ref(), end, times(&[kg, one - r2 - r3])),
        ];
        let virgin = ("virgin material (1-R1)*Ev", ev, content, times(&[kg, one - r1]));
        let all = std::iter::once(virgin).chain(recycled).chain(ends);
        let entering = all.filter(|(.., amount)| *amount != BigInt::default());
        let stated = |(name, factor, (part, kind, unit), amount): (_, Option<&'a FactorId>, _, _)| {
            let factor = factor.ok_or_else(|| format!("{name} names no factor"))?;
            Ok(Stated { name, factor, part, kind, amount, unit })
        };
        entering.map(stated).collect()
    }
}
