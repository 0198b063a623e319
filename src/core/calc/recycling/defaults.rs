//! European defaults of the circular footprint formula: A and the ratios of quality, by material.
//! Whoever uses one sees it in the result.
//!
//! The numbers are those of Annex C of the PEF method (version 2.1, May 2020, European Commission,
//! reuse allowed with acknowledgement under Decision 2011/833/EU), taken down from public code that
//! transcribes it; those of copper, zinc, lead and of what is not listed were not compared with the
//! original, those of textiles are of the draft category rules for apparel and footwear 1.2.

use crate::model::{Country, Decimal};

/// Where the defaults come from, as a reader sees it.
pub(super) const SOURCE: &str = "PEF Annex C v2.1, May 2020";

/// The defaults of one material.
#[derive(Debug, Clone, Copy)]
pub(super) struct Defaults {
    pub(super) a: Decimal,
    /// Of what goes in and of what comes out; none where the method asks for a documented one.
    pub(super) qualities: Option<(Decimal, Decimal)>,
    /// False where the material is not in the table.
    pub(super) listed: bool,
}

const A_UNLISTED: &str = "0.5";

/// A material's name, A, and the ratios of quality of what goes in and of what comes out.
type Row = (&'static str, &'static str, Option<(&'static str, &'static str)>);

const TABLE: &[Row] = &[
    ("steel", "0.2", Some(("1", "1"))),
    ("aluminium", "0.2", Some(("1", "1"))),
    ("copper", "0.2", Some(("1", "1"))),
    ("zinc", "0.2", Some(("1", "1"))),
    ("lead", "0.2", Some(("1", "1"))),
    ("glass", "0.2", Some(("1", "1"))),
    ("paper", "0.2", Some(("0.85", "0.85"))),
    ("cardboard", "0.2", Some(("0.85", "0.85"))),
    ("PET", "0.5", Some(("0.9", "0.9"))),
    ("HDPE", "0.5", Some(("0.9", "0.9"))),
    ("PP", "0.5", Some(("0.9", "0.9"))),
    ("LDPE", "0.5", Some(("0.75", "0.75"))),
    ("plastics", "0.5", Some(("0.9", "0.9"))),
    ("synthetic textile fibre", "0.8", Some(("1", "0.5"))),
    ("natural textile fibre", "0.8", Some(("0.5", "0.5"))),
    ("rPET in polyester", "0.5", Some(("0.7", "0.7"))),
    ("rubber", "0.5", None),
];

/// The defaults of a material by its name, whatever the case of its letters; of others A alone.
pub(super) fn of(material: &str) -> Defaults {
    let found = TABLE.iter().find(|row| row.0.eq_ignore_ascii_case(material));
    let (a, qualities) = found.map_or((A_UNLISTED, None), |row| (row.1, row.2));
    let number = Decimal::literal;
    let qualities = qualities.map(|(into, out)| (number(into), number(out)));
    Defaults { a: number(a), qualities, listed: found.is_some() }
}

/// Countries whose recycling the defaults describe: the European Economic Area, Switzerland and the
/// United Kingdom.
pub(super) fn describe(country: &Country) -> bool {
    const EUROPE: &[&str] = &[
        "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE",
        "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
    ];
    EUROPE.contains(&country.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_material_is_found_whatever_its_letters_and_one_that_is_not_listed_has_a_alone() {
        assert_eq!(of("Steel").a.to_string(), "0.2");
        assert_eq!(of("pet").qualities.map(|q| q.1.to_string()).as_deref(), Some("0.9"));
        let unlisted = of("magnesium");
        assert_eq!(
            (unlisted.a.to_string().as_str(), unlisted.qualities, unlisted.listed),
            ("0.5", None, false)
        );
    }

    #[test]
    fn every_row_of_the_table_parses_and_lies_between_zero_and_one() {
        for (name, ..) in TABLE {
            let row = of(name);
            let all = [Some(row.a), row.qualities.map(|q| q.0), row.qualities.map(|q| q.1)];
            assert!(all.into_iter().flatten().all(|n| n.is_positive() && n <= Decimal::ONE), "{name}");
        }
    }
}
