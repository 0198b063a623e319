//! Turns a supplier's PACT document into the figures that a calculation takes. It decides what of the document counts and says what it
//! changed; whether the supplier may be believed is decided elsewhere.

use crate::calc::BoughtFootprint;
use crate::model::{
    ByCategory, Category, Co2e, Date, Decimal, FootprintId, Instant, Period, Quality, Quantity, StatedGwp,
    ValueError,
};
use crate::pact::{self, CarbonFootprint, LintCode, PactDecimal, PactError, ProductFootprint, Warning};

/// How many years a PACT footprint is valid for after its reference period where it does not say (PACT, validity period).
const VALID_YEARS: i16 = 3;

/// Reads a PACT document as a bought footprint, with what a reader of it should know.
///
/// The headline excluding biogenic uptake counts. Where the named categories do not add up to it, the difference goes to fossil and is
/// shown. Uptake is taken as given, else as including minus excluding.
///
/// # Errors
/// Those of [`pact::read`]; [`PactError::Field`] for a number that needs more digits than a calculation keeps.
pub fn bought(document: &[u8]) -> Result<(BoughtFootprint, Vec<Warning>), PactError> {
    let (footprint, warnings) = pact::read(document)?;
    figures(&footprint, warnings)
}

/// Checks that a document can be used in a calculation, and that it is the footprint that it is recorded as.
///
/// # Errors
/// Those of [`bought`]; [`PactError::Field`] at `id` for another footprint.
pub(crate) fn check(document: &[u8], expected: &FootprintId) -> Result<(), PactError> {
    let (footprint, warnings) = pact::read(document)?;
    if footprint.id != *expected {
        let problem = format!("expected the footprint {expected}, got {}", footprint.id);
        return Err(PactError::Field { place: "id".into(), problem });
    }
    figures(&footprint, warnings).map(drop)
}

fn figures(
    footprint: &ProductFootprint,
    mut notes: Vec<Warning>,
) -> Result<(BoughtFootprint, Vec<Warning>), PactError> {
    let pcf = &footprint.pcf;
    let (categories, unexplained) =
        categories(pcf).map_err(|e| field("pcf.pcfExcludingBiogenicUptake", &e))?;
    let amount = pcf.declared_unit_amount.decimal().map_err(|e| field("pcf.declaredUnitAmount", &e))?;
    let mass = pcf
        .product_mass_per_declared_unit
        .decimal()
        .map_err(|e| field("pcf.productMassPerDeclaredUnit", &e))?;
    let primary_data_share = match pcf.primary_data_share {
        Some(share) => Some(share.decimal().map_err(|e| field("pcf.primaryDataShare", &e))?),
        None => None,
    };
    let quality = quality(pcf).unwrap_or_else(|problem| {
        let problem = format!("the ratings are not used: {problem}");
        notes.push(Warning::new(LintCode::RatingsNotUsed, "pcf.dqi", problem));
        None
    });
    let bought = BoughtFootprint {
        declared_unit: Quantity { amount, unit: pcf.declared_unit_of_measurement.unit() },
        mass_per_declared_unit: Some(mass).filter(|m| m.is_positive()),
        categories,
        unexplained,
        primary_data_share,
        quality,
        gwp: gwp(&pcf.ipcc_characterization_factors),
        validity: validity(footprint, &mut notes)?,
    };
    Ok((bought, notes))
}

fn field(place: &str, error: &ValueError) -> PactError {
    PactError::Field { place: place.into(), problem: error.to_string() }
}

fn categories(pcf: &CarbonFootprint) -> Result<(ByCategory<Co2e>, Co2e), ValueError> {
    let stated = |value: Option<PactDecimal>| value.unwrap_or_default().co2e();
    let headline = pcf.pcf_excluding_biogenic_uptake.co2e();
    let unexplained = headline.minus(pcf.sum_excluding_uptake()?)?;
    let mut by = ByCategory::<Co2e>::default();
    by[Category::Fossil] = pcf.fossil_ghg_emissions.co2e().plus(unexplained)?;
    by[Category::LandUseChange] = stated(pcf.land_use_change_ghg_emissions);
    by[Category::LandManagementCo2] = stated(pcf.land_management_biogenic_co2_emissions);
    by[Category::LandManagementRemovals] = stated(pcf.land_management_biogenic_co2_removals);
    by[Category::BiogenicNonCo2] = stated(pcf.biogenic_non_co2_emissions);
    by[Category::TechnologicalRemovals] = stated(pcf.technological_co2_removals);
    by[Category::CcsCapture] = stated(pcf.ccs_technological_co2_capture);
    by[Category::Aircraft] = stated(pcf.aircraft_ghg_emissions);
    by[Category::Packaging] = stated(pcf.packaging_ghg_emissions);
    by[Category::LandManagementFossil] = stated(pcf.land_management_fossil_ghg_emissions);
    let uptake = match pcf.biogenic_co2_uptake {
        Some(given) => given.co2e(),
        None => pcf.pcf_including_biogenic_uptake.co2e().minus(headline)?,
    };
    let line = if uptake.quanta() < 0 { Category::BiogenicUptake } else { Category::BiogenicReleased };
    by[line] = uptake;
    Ok((by, unexplained))
}

fn quality(pcf: &CarbonFootprint) -> Result<Option<Quality>, ValueError> {
    let Some(dqi) = &pcf.dqi else { return Ok(None) };
    let rating = |value: PactDecimal| -> Result<Decimal, ValueError> { value.decimal() };
    Quality::new(rating(dqi.geographical)?, rating(dqi.technological)?, rating(dqi.temporal)?).map(Some)
}

/// The reports as sets; AR2 is the second report (SAR), AR3 the third (TAR). Reports this program has no set for count as unstated.
fn gwp(reports: &[String]) -> Vec<StatedGwp> {
    let mut sets: Vec<StatedGwp> = reports
        .iter()
        .map(|report| match report.as_str() {
            "AR2" => StatedGwp::Sar,
            "AR3" => StatedGwp::Tar,
            "AR4" => StatedGwp::Ar4,
            "AR5" => StatedGwp::Ar5,
            "AR6" => StatedGwp::Ar6,
            _ => StatedGwp::Unstated,
        })
        .collect();
    sets.sort_unstable();
    sets.dedup();
    sets
}

/// The days on which the document may be used: a day counts where the document is valid at some moment of it. Where it states one end
/// only, the other follows from the reference period, as PACT has it.
fn validity(footprint: &ProductFootprint, notes: &mut Vec<Warning>) -> Result<Option<Period>, PactError> {
    let reference_end = footprint.pcf.reference_period_end.0;
    let (start, end) = match (footprint.validity_period_start, footprint.validity_period_end) {
        (None, None) => return Ok(None),
        (Some(start), Some(end)) => (start.0.date(), first_day_after(end.0)?),
        (Some(start), None) => {
            let problem = format!("none is stated; {VALID_YEARS} years after the reference period are taken");
            notes.push(Warning::new(LintCode::ValidityAssumed, "validityPeriodEnd", problem));
            let last = first_day_after(reference_end)?.plus_years(VALID_YEARS);
            (start.0.date(), last.map_err(|e| field("pcf.referencePeriodEnd", &e))?)
        }
        (None, Some(end)) => {
            let problem = "none is stated; the end of the reference period is taken";
            notes.push(Warning::new(LintCode::ValidityAssumed, "validityPeriodStart", problem));
            (reference_end.date(), first_day_after(end.0)?)
        }
    };
    Period::new(start, end).map(Some).map_err(|e| field("validityPeriodEnd", &e))
}

fn first_day_after(end: Instant) -> Result<Date, PactError> {
    const LAST_SECOND_OF_DAY: i64 = 86_399;
    let next = Instant::from_unix_s(end.unix_s() + LAST_SECOND_OF_DAY);
    next.map(Instant::date).map_err(|e| field("validityPeriodEnd", &e))
}
