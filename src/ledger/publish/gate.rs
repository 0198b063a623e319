//! The publication gate: what a final publication needs, each with whether it is met. Absent is never zero: a field that nobody stated is
//! named, with the column or verb that states it. What weighs how much is the policy's.

use super::PublishError;
use super::found::assurances;
use super::policy::{ASKS, Limits, Policy, Weight};
use crate::calc::{Footprint, Inventory};
use crate::checks::{Check, Outcome};
use crate::ledger::Ledger;
use crate::model::{
    Activity, AssuranceLevel, Boundary, Category, Date, Digest, Factor, Opinion, Product, Publication,
    StatedGwp,
};
use crate::pact::claims;
use crate::plausibility::Finding;
use crate::store::Reader;

/// One thing that the gate asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateItem {
    /// One of [`ASKS`]: where it holds what was found, else how to mend it.
    pub check: Check,
    /// True where a final publication cannot do without.
    pub required: bool,
}

/// How what a product's file says is mended.
const CORRECT: &str = "correct it in the product's file and record it with --correct";

/// What was found: in words where it is met, else how to mend it.
type Found = Result<String, String>;

/// What a publication is judged by.
pub(super) struct Asked<'a, S> {
    pub ledger: &'a Ledger<S>,
    pub product: &'a Product,
    pub publication: &'a Publication,
    pub digest: &'a Digest,
    pub inventory: &'a Inventory,
    pub footprint: &'a Footprint,
    pub policy: &'a Policy,
    pub findings: &'a [Finding],
}

fn found(met: bool, seen: &str, remedy: &str) -> Found {
    if met { Ok(seen.to_owned()) } else { Err(remedy.to_owned()) }
}

/// Everything the gate asks of a publication, met or not, in the order of [`ASKS`].
///
/// # Errors
/// [`PublishError::Ledger`] where a statement cannot be read.
pub(super) fn check<S: Reader>(asked: &Asked<'_, S>) -> Result<Vec<GateItem>, PublishError> {
    let mut items = Vec::with_capacity(ASKS.len());
    for ask in ASKS {
        let found = asked.judge(ask.name)?;
        let required = asked.policy.weight(ask) == Weight::Required;
        let (outcome, detail) = match found {
            Ok(seen) => (Outcome::Holds, seen),
            Err(remedy) => (Outcome::Fails(remedy), ask.asks.to_owned()),
        };
        items.push(GateItem { check: Check::new(ask.name, outcome, detail), required });
    }
    Ok(items)
}

impl<S: Reader> Asked<'_, S> {
    fn judge(&self, name: &str) -> Result<Found, PublishError> {
        let (product, limits) = (self.product, self.policy.limits());
        let stated = |column: &str, known: bool| {
            let remedy = format!("state `{column}` in the product's file and record it with --correct");
            found(known, "stated", &remedy)
        };
        Ok(match name {
            "stated-boundary" => self.stated_boundary(),
            "mass-per-declared-unit" => match product.mass_apart() {
                Some((declared, got)) => {
                    Err(format!("a declared unit is {declared} kg, and `mass_kg` says {got}: {CORRECT}"))
                }
                None => stated("mass_kg", product.mass_per_declared_unit.is_some()),
            },
            "fossil-carbon-content" => stated("fossil_carbon_kg", product.carbon.is_some()),
            "packaging-included" => {
                self.packaging().unwrap_or_else(|| stated("packaging_included", product.packaging.is_some()))
            }
            "ccs-included" => stated("ccs_included", product.ccs_included.is_some()),
            "exempted-emissions" => stated("exemptions", product.exemptions.is_some()),
            "product-rule" => found(
                !product.rules.is_empty(),
                "a product rule is named",
                "no product or sector rule is named; where one exists for this product, name it",
            ),
            "company-ids" => self.owner_ids()?,
            "exempted-within-limit" => self.exempted(limits),
            "primary-data-share" => self.primary(limits),
            "data-quality" => self.ratings(limits),
            "gwp-stated" => self.gwp(),
            "validity-within-three-years" => self.validity(),
            "activity-data-age" => self.activity_age(limits),
            "factor-years" => self.factor_years(limits),
            "suppliers-valid-throughout" => self.suppliers(),
            "assurance" => self.assured(limits)?,
            "no-adverse-opinion" => self.adverse()?,
            "scenario-to-the-gate" => self.scenario(),
            "pact-conditions" => self.pact_conditions(),
            "findings" => self.unaccepted(),
            // Where one has none, there is no footprint to publish.
            "processes-with-data" => {
                Ok(format!("all that are listed, {} statements in all", self.footprint.used.len()))
            }
            // Listed and not judged: never met by default.
            other => Err(format!("this program does not make the check `{other}`")),
        })
    }

    fn stated_boundary(&self) -> Found {
        let met = self.product.boundary == Boundary::Gate || self.publication.boundary == Boundary::Grave;
        let (stated, got) = (self.product.boundary, self.publication.boundary);
        found(
            met,
            "as stated",
            &format!("the product is stated {stated}, the figures reach {got}: leave --boundary out"),
        )
    }

    /// What is said not to be there is not in the figure.
    fn packaging(&self) -> Option<Found> {
        let kg = self.publication.figures.gate.categories[Category::Packaging];
        let left_out = self.product.packaging.as_ref().is_some_and(|packaging| !packaging.included);
        (left_out && !kg.is_zero()).then(|| {
            Err(format!(
                "`packaging_included` says no, and the figures hold {kg} kg CO2e of packaging: {CORRECT}"
            ))
        })
    }

    fn owner_ids(&self) -> Result<Found, PublishError> {
        let by = &self.publication.by;
        let owner = self.ledger.book().actor(by)?;
        let known = owner.is_some_and(|(_, actor)| !actor.company_ids.is_empty());
        let remedy = format!(
            "the operator states a company id of `{by}` with `pcf actor add {by} --company-id URN --sign-with operator.pem`"
        );
        Ok(found(known, "stated", &remedy))
    }

    fn exempted(&self, limits: &Limits) -> Found {
        let (exempted, limit) =
            (self.publication.figures.exempted_emissions_percent, limits.exempted_percent_max);
        let got = exempted.map(|percent| percent.to_string()).unwrap_or_default();
        found(
            exempted.is_none_or(|percent| percent <= limit),
            &format!("at most {limit} %"),
            &format!("{got} % of the emissions are left out, more than {limit} %"),
        )
    }

    fn primary(&self, limits: &Limits) -> Found {
        let (share, least) =
            (self.publication.figures.primary_data_share, limits.primary_data_share_percent_min);
        let remedy = format!(
            "{share} % rests on primary data, at least {least} % is asked for: measure more, or ask suppliers for their footprints"
        );
        found(share >= least, &format!("{share} %"), &remedy)
    }

    fn ratings(&self, limits: &Limits) -> Found {
        let worst = limits.rating_max;
        let Some(quality) = self.publication.figures.data_quality else {
            return Err(
                "nothing is rated; state quality_technology, quality_geography and quality_time".into()
            );
        };
        let ratings =
            [("technology", quality.technology), ("geography", quality.geography), ("time", quality.time)];
        let worse: Vec<String> = ratings
            .iter()
            .filter(|(_, rating)| *rating > worst)
            .map(|(name, rating)| format!("{name} {rating}"))
            .collect();
        found(worse.is_empty(), "rated", &format!("worse than {worst}: {}", worse.join(", ")))
    }

    fn gwp(&self) -> Found {
        let sets = &self.publication.figures.gwp;
        let stated: Vec<&str> =
            sets.iter().filter(|set| **set != StatedGwp::Unstated).map(|set| set.as_str()).collect();
        let remedy =
            format!("besides {} a factor entered whose source does not state its GWP set", stated.join(", "));
        found(!sets.contains(&StatedGwp::Unstated), "every GWP set that entered is stated", &remedy)
    }

    /// ISO 14067 and PACT ask for what happened; a scenario is for use and end of life.
    fn scenario(&self) -> Found {
        let replaces = |activity: &&Activity| activity.scenario.is_some() && activity.stage.is_before_gate();
        let found_at = self.used_activities().find(replaces);
        let named = found_at.map(|activity| format!("{} process `{}`", activity.stage, activity.process));
        let remedy = format!(
            "the scenario stands in place of what was measured in the {}: publish a draft, or ask without --scenario",
            named.clone().unwrap_or_default()
        );
        found(named.is_none(), "none", &remedy)
    }

    fn pact_conditions(&self) -> Found {
        let unmet = claims::unmet(self.publication, Some(self.product));
        let open = self.findings.iter().find(|finding| finding.rule == claims::ASSUMED_GWP);
        // Once a set is assumed, something else is missing.
        let open = open.filter(|_| claims::assumed_gwp(self.publication).is_none());
        let accept =
            open.map(|finding| format!(": --accept {}='AR5 is assumed, because …'", finding.short_id()));
        let remedy =
            format!("{} is not claimed: {}{}", claims::PACT, unmet.join("; "), accept.unwrap_or_default());
        found(unmet.is_empty(), "met", &remedy)
    }

    /// PACT v3: a footprint is valid for at most three years after its reference period.
    fn validity(&self) -> Found {
        let end = self.publication.validity.end();
        let limit = self
            .publication
            .reference_period()
            .end()
            .plus_years(claims::VALID_YEARS_MAX)
            .map_err(|e| e.to_string())?;
        let remedy = format!(
            "the last day of the validity must come before {limit}, three years after the period; it reaches to the day before {end}"
        );
        found(end <= limit, "within three years of the period", &remedy)
    }

    fn used_activities(&self) -> impl Iterator<Item = &Activity> {
        let used = self.inventory.activities.iter().filter(|held| self.footprint.used.contains(&held.id));
        used.map(|held| &held.statement)
    }

    /// Data measured in the period are as old as the period allows; what serves it from before has an age of its own.
    fn activity_age(&self, limits: &Limits) -> Found {
        let (period, end) = (self.publication.period, self.publication.validity.end());
        let too_old = |measured: Date| {
            measured.plus_years(i16::from(limits.activity_years_max)).is_ok_and(|last| last < end)
        };
        let old: Vec<String> = self
            .used_activities()
            .filter(|activity| !period.covers(activity.period) && too_old(activity.period.end()))
            .map(|activity| format!("{} `{}` of {}", activity.stage, activity.process, activity.period))
            .collect();
        let years = limits.activity_years_max;
        let remedy =
            format!("more than {years} years old when the validity ends: {}; measure again", old.join(", "));
        found(old.is_empty(), &format!("none is older than {years} years when the validity ends"), &remedy)
    }

    fn factor_years(&self, limits: &Limits) -> Found {
        let (from, to) = (self.publication.period.start().year(), self.publication.period.end().year());
        let far = |factor: &Factor| {
            let most = if factor.category.is_electricity() {
                limits.electricity_factor_years_max
            } else {
                limits.factor_years_max
            };
            let year = factor.year.as_i16();
            // OK because all years lie between 1 and 9999.
            from - year > i16::from(most) || year - to > i16::from(most)
        };
        let used = self.inventory.factors.iter().filter(|(_, held)| self.footprint.used.contains(&held.id));
        let far: Vec<String> = used
            .filter(|(_, held)| far(&held.statement))
            .map(|(id, held)| format!("{id} ({})", held.statement.year))
            .collect();
        found(
            far.is_empty(),
            "all within reach of the period",
            &format!("far from the period: {}", far.join(", ")),
        )
    }

    /// The suppliers' footprints that enter should be valid as long as what rests on them.
    fn suppliers(&self) -> Found {
        let end = self.publication.validity.end();
        let outlived: Vec<String> = self
            .inventory
            .bought
            .iter()
            .filter(|(_, held)| self.footprint.used.contains(&held.id))
            .filter(|(_, held)| held.statement.validity.is_some_and(|v| v.end() < end))
            .map(|(id, _)| id.to_string())
            .collect();
        let remedy = format!("the publication outlives the suppliers' footprints {}", outlived.join(", "));
        found(outlived.is_empty(), "none ends earlier", &remedy)
    }

    /// An assurance of the very same figures by somebody else than their publisher.
    fn assured(&self, limits: &Limits) -> Result<Found, PublishError> {
        let sure = |level: AssuranceLevel| {
            limits.assurance == AssuranceLevel::Limited || level == AssuranceLevel::Reasonable
        };
        let favourable: Vec<String> = assurances(self.ledger, self.digest)?
            .iter()
            .map(|(_, assurance)| assurance)
            .filter(|a| a.opinion != Opinion::Adverse && a.by != self.publication.by && sure(a.level))
            .map(|assurance| format!("{} assurance by `{}`", assurance.level, assurance.by))
            .collect();
        let level = match limits.assurance {
            AssuranceLevel::Limited => "",
            AssuranceLevel::Reasonable => " with reasonable assurance",
        };
        let remedy = format!(
            "nobody assured these figures{level}: publish a draft and have it assured with `pcf assure`"
        );
        Ok(found(!favourable.is_empty(), &favourable.join(", "), &remedy))
    }

    /// Each finding that needs attention was mended, or is accepted.
    fn unaccepted(&self) -> Found {
        let accepted = &self.publication.accepted;
        let open: Vec<String> = self
            .findings
            .iter()
            .filter(|finding| finding.weighs() && !accepted.iter().any(|a| a.finding == finding.id()))
            .map(|finding| format!("{} {}: {}", finding.short_id(), finding.rule, finding.sentence))
            .collect();
        let seen = match accepted.len() {
            0 => "nothing is found that needs attention".to_owned(),
            count => format!("{count} found and accepted"),
        };
        let remedy = format!(
            "{} found that need attention (`pcf check` says how to mend each; `--accept ID='reason'` stands by one): {}",
            open.len(),
            open.join("; ")
        );
        found(open.is_empty(), &seen, &remedy)
    }

    /// Nobody says that the figures are wrong.
    fn adverse(&self) -> Result<Found, PublishError> {
        let adverse: Vec<String> = assurances(self.ledger, self.digest)?
            .iter()
            .filter(|(_, assurance)| assurance.opinion == Opinion::Adverse)
            .map(|(id, assurance)| format!("`{}` ({id})", assurance.by))
            .collect();
        let remedy =
            format!("these figures are wrong in the opinion of {}: correct them", adverse.join(", "));
        Ok(found(adverse.is_empty(), "none", &remedy))
    }
}
