//! The tables that map boundary texts, unit spellings, GWP sets and years of the library to the
//! words of a factor statement.

use std::collections::BTreeMap;

use super::Row;
use pcf_core::model::{
    ActorId, Category, DataKind, Decimal, Exclusion, Factor, FactorCategory, Gas, Salt, Scope, StatedGwp,
    Text, Unit, ValueError,
};

/// What a boundary text means: how much of the life, what is left out, and where the CO2e counts.
struct Meaning {
    category: FactorCategory,
    scope: Scope,
    exclusions: &'static [Exclusion],
    counts_in: Category,
}

/// Translates a row, or says why it cannot.
pub(super) fn factor(row: &Row, by: &ActorId) -> Result<Factor, String> {
    let meaning = meaning(row)?;
    let (unit, thousandth) = unit(&row.unit)?;
    let value = number(&row.kgco2e_per_unit, thousandth)?;
    let (values, gases, gwp, said) = values(row, &meaning, value)?;
    let factor = Factor {
        by: by.clone(),
        category: meaning.category,
        data: DataKind::Secondary,
        exclusions: meaning.exclusions.to_vec(),
        factor: row.id.parse().map_err(sentence)?,
        gases,
        geography: Some(text(&row.geography)?),
        gwp,
        licence: text(&row.licence)?,
        name: text(&row.name)?,
        note: Some(note(row, said, thousandth)?),
        open: true,
        quality: None,
        replaces: None,
        salt: Salt::from_bytes([0; 16]),
        scope: meaning.scope,
        source: text(&format!("{}, {}", row.source, row.source_url))?,
        source_version: edition(row),
        r#type: Default::default(),
        uncertainty: None,
        unit,
        v: Default::default(),
        values,
        year: last_year(&row.year).parse().map_err(sentence)?,
    };
    factor.check().map_err(sentence)?;
    Ok(factor)
}

fn sentence(error: ValueError) -> String {
    error.to_string()
}

fn text(value: &str) -> Result<Text, String> {
    value.trim().parse().map_err(sentence)
}

/// The table of boundary texts. A text that is not in it is refused.
fn meaning(row: &Row) -> Result<Meaning, String> {
    use Exclusion::{BiogenicCo2, Combustion, GridLosses};
    let mut category: FactorCategory = row.category.parse().map_err(sentence)?;
    let mut counts_in = Category::Fossil;
    let (scope, exclusions): (Scope, &[Exclusion]) = match row.boundary.as_str() {
        "combustion (TTW), scope 1"
        | "combustion; 100% oxidation"
        | "combustion CO2 only; add CH4/N2O and upstream"
        | "vehicle operation (TTW)"
        | "direct process CO2 only"
        | "direct process CO2 only (not life cycle)"
        | "direct process PFC only"
        | "calcination CO2 only"
        | "generation" => (Scope::Direct, &[]),
        "combustion (HHV basis)" if !row.id.ends_with(".msw") => (Scope::Direct, &[]),
        "combustion (HHV basis); check biogenic flag for biomass fuels" if !is_biomass(row) => {
            (Scope::Direct, &[])
        }
        b if b.starts_with("combustion (HHV basis)") => {
            return Err("fossil and biogenic CO2 of the fuel are not told apart".into());
        }
        // Methane and N2O of burning biomass are biogenic emissions other than CO2.
        "combustion CH4+N2O only; biogenic CO2 is under outside_of_scopes"
        | "combustion; 100% oxidation; biogenic CO2 in kg_co2 excluded from kgco2e, report separately" => {
            counts_in = Category::BiogenicNonCo2;
            (Scope::Direct, &[BiogenicCo2])
        }
        "direct biogenic CO2 (report separately)" => {
            counts_in = Category::BiogenicReleased;
            (Scope::Direct, &[])
        }
        "well-to-tank (upstream)" | "well-to-tank" | "well-to-tank of generation/T&D" => {
            (Scope::Upstream, &[])
        }
        // Per kWh generated, before the grid.
        "grid-average direct CO2 of generation (energy-statistics/organisational accounting; NOT life-cycle)"
        | "direct CO2 of generation"
        | "generation (direct, location-based)" => (Scope::Direct, &[GridLosses]),
        // Ember's figures aim at the whole life cycle of generation (its methodology, section on
        // emissions).
        "generation intensity (Ember; documented by OWID as gCO2e/kWh); excludes T&D losses" => {
            category = FactorCategory::ElectricityLifecycle;
            (Scope::LifeCycle, &[GridLosses])
        }
        "life cycle" => (Scope::LifeCycle, &[GridLosses]),
        b if b.starts_with("life cycle (cradle-to-user for national average;") => {
            let subject = row.id.rsplit('.').next().unwrap_or_default();
            if subject.starts_with("td_") {
                category = FactorCategory::ElectricityGridLosses;
            }
            let at_the_user = subject == "national" || subject.starts_with("td_");
            (Scope::LifeCycle, if at_the_user { &[] } else { &[GridLosses] })
        }
        "T&D losses" if row.name.contains("electricity") => (Scope::Direct, &[]),
        "T&D losses" => return Err("losses of a heat network have no category of factors".into()),
        "cradle-to-factory-gate of material (Column: production route)" | "supply" | "treatment" => {
            (Scope::LifeCycle, &[])
        }
        // Each of these begins with what it holds and says in its note what it leaves out.
        b if [
            "cradle-to-gate",
            "recycled material: collection and processing only",
            "waste treatment, collection",
        ]
        .iter()
        .any(|start| b.starts_with(start)) =>
        {
            (Scope::LifeCycle, &[])
        }
        // Recycling and energy recovery are the way to the plant only; only the latter leaves a
        // combustion out.
        "collection/transport + treatment only; recycling = transport to facility, no avoided burden" => {
            let burnt = row.name.ends_with("Incineration with Energy Recovery");
            (Scope::LifeCycle, if burnt { &[Combustion] } else { &[] })
        }
        other => return Err(format!("the boundary `{other}` is in no table")),
    };
    Ok(Meaning { category, scope, exclusions, counts_in })
}

/// Rows of the US list whose value is biogenic CO2, which its fossil total leaves out.
fn is_biomass(row: &Row) -> bool {
    row.id.ends_with(".wood_and_wood_residuals") || row.id.ends_with(".landfill_gas")
}

/// The unit, and whether the value is divided by a thousand for it.
fn unit(spelling: &str) -> Result<(Unit, bool), String> {
    match spelling {
        "t.km" => Ok((Unit::TonKilometre, false)),
        "ML" => Ok((Unit::CubicMetre, true)),
        "mmBtu_hhv" => {
            Err("1 mmBtu is 1055.05585262 MJ (gross), by which the value does not divide exactly".into())
        }
        other => other.parse().map(|unit| (unit, false)).map_err(sentence),
    }
}

fn number(text: &str, thousandth: bool) -> Result<Decimal, String> {
    let trimmed = match text.split_once('.') {
        Some((whole, fraction)) => match fraction.trim_end_matches('0') {
            "" => whole.to_owned(),
            rest => format!("{whole}.{rest}"),
        },
        None => text.to_owned(),
    };
    let value: Decimal = trimmed.parse().map_err(sentence)?;
    if !thousandth {
        return Ok(value);
    }
    if value.quanta() % 1000 != 0 {
        return Err(format!("a thousandth of {value} has more than 12 fractional digits"));
    }
    Decimal::from_quanta(value.quanta() / 1000).map_err(sentence)
}

type Values =
    (Option<BTreeMap<Category, Decimal>>, Option<BTreeMap<Gas, Decimal>>, Option<StatedGwp>, &'static str);

/// The published CO2e with its set; where the row is CO2 alone, its mass as a gas, because every
/// set counts CO2 as 1.
fn values(row: &Row, meaning: &Meaning, value: Decimal) -> Result<Values, String> {
    let gwp = match row.gwp_set.as_str() {
        "AR5" => StatedGwp::Ar5,
        "AR6" => StatedGwp::Ar6,
        "AR5-era" | "as Ember" | "not stated in table (ISO14067-type)" => StatedGwp::Unstated,
        "n/a (CO2 only)" if meaning.counts_in == Category::Fossil => {
            let co2: Gas = "CO2".parse().map_err(sentence)?;
            return Ok((None, Some(BTreeMap::from([(co2, value)])), None, "CO2 only."));
        }
        other => return Err(format!("the GWP set `{other}` is in no table")),
    };
    let said = match meaning.counts_in {
        Category::BiogenicNonCo2 => {
            "The published kg CO2e, methane and N2O of biomass, counted as biogenic non-CO2."
        }
        Category::BiogenicReleased => "Biogenic CO2 only, counted as released.",
        _ => "The published kg CO2e of all gases, counted as fossil.",
    };
    Ok((Some(BTreeMap::from([(meaning.counts_in, value)])), None, Some(gwp), said))
}

fn note(row: &Row, said: &str, thousandth: bool) -> Result<Text, String> {
    let mut sentences = vec![said.to_owned(), format!("Boundary: {}.", row.boundary)];
    if thousandth {
        sentences.push(format!("Published per {}; a thousandth per m3.", row.unit));
    }
    sentences.push(format!("GWP set as published: {}. Confidence: {}.", row.gwp_set, row.confidence));
    if !row.notes.is_empty() {
        sentences.push(format!("Note of the library: {}.", row.notes));
    }
    text(&sentences.join(" "))
}

/// The edition of the source, where it is the year of the row.
fn edition(row: &Row) -> Option<Text> {
    row.source
        .split(|c: char| !c.is_ascii_digit())
        .find(|part| *part == row.year)
        .and_then(|year| year.parse().ok())
}

/// `2006/2019` and `c.2021-2023` count as their last year.
fn last_year(text: &str) -> &str {
    text.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or(text)
}
