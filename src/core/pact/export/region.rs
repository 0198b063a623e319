//! The region of PACT that several countries share: the sub-regions of the United Nations' M49 standard where there is one, else its regions.

use std::collections::BTreeSet;

use crate::model::Country;

/// Countries by ISO 3166-1 alpha-2, per sub-region, as M49 (Standard Country or Area Codes for Statistical Use) groups them.
const SUB_REGIONS: [(&str, &str, &str); 17] = [
    ("Northern Africa", "Africa", "DZ EG LY MA SD TN EH"),
    (
        "Sub-Saharan Africa",
        "Africa",
        "IO BI KM DJ ER ET TF KE MG MW MU YT MZ RE RW SC SO SS UG TZ ZM ZW AO CM CF TD CG CD GQ GA ST BW SZ LS NA ZA \
         BJ BF CV CI GM GH GN GW LR ML MR NE NG SH SN SL TG",
    ),
    (
        "Latin America and the Caribbean",
        "Americas",
        "AI AG AW BS BB BQ VG KY CU CW DM DO GD GP HT JM MQ MS PR BL KN LC MF VC SX TT TC VI BZ CR SV GT HN MX NI PA \
         AR BO BV BR CL CO EC FK GF GY PY PE GS SR UY VE",
    ),
    ("Northern America", "Americas", "BM CA GL PM US"),
    ("Central Asia", "Asia", "KZ KG TJ TM UZ"),
    ("Eastern Asia", "Asia", "CN HK MO KP JP MN KR TW"),
    ("South-eastern Asia", "Asia", "BN KH ID LA MY MM PH SG TH TL VN"),
    ("Southern Asia", "Asia", "AF BD BT IN IR MV NP PK LK"),
    ("Western Asia", "Asia", "AM AZ BH CY GE IQ IL JO KW LB OM QA SA PS SY TR AE YE"),
    ("Eastern Europe", "Europe", "BY BG CZ HU PL MD RO RU SK UA"),
    ("Northern Europe", "Europe", "AX GG JE DK EE FO FI IS IE IM LV LT NO SJ SE GB"),
    ("Southern Europe", "Europe", "AL AD BA HR GI GR VA IT MT ME MK PT SM RS SI ES"),
    ("Western Europe", "Europe", "AT BE FR DE LI LU MC NL CH"),
    ("Australia and New Zealand", "Oceania", "AU CX CC HM NZ NF"),
    ("Melanesia", "Oceania", "FJ NC PG SB VU"),
    ("Micronesia", "Oceania", "GU KI MH FM NR MP PW UM"),
    ("Polynesia", "Oceania", "AS CK PF NU PN WS TK TO TV WF"),
];

/// The narrowest region that holds all of these countries; none where there is no such region, or a country that no region lists.
pub(super) fn common<'a>(countries: impl IntoIterator<Item = &'a Country>) -> Option<&'static str> {
    let mut narrow = BTreeSet::new();
    let mut wide = BTreeSet::new();
    for country in countries {
        let listed = |list: &str| list.split_ascii_whitespace().any(|code| code == country.as_str());
        let (sub_region, region, _) = SUB_REGIONS.iter().find(|(_, _, list)| listed(list))?;
        narrow.insert(*sub_region);
        wide.insert(*region);
    }
    let only = |set: BTreeSet<&'static str>| if set.len() == 1 { set.into_iter().next() } else { None };
    only(narrow).or_else(|| only(wide))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn region(codes: &str) -> Option<&'static str> {
        let countries: Vec<Country> = codes.split(' ').map(|code| code.parse().unwrap()).collect();
        common(&countries)
    }

    #[test]
    fn the_narrowest_region_that_holds_all_is_named_and_none_for_the_world() {
        assert_eq!(region("CN JP"), Some("Eastern Asia"));
        assert_eq!(region("CN VN"), Some("Asia"));
        assert_eq!(region("DE FR NL"), Some("Western Europe"));
        assert_eq!(region("US MX"), Some("Americas"));
        assert_eq!(region("CN DE"), None);
        assert_eq!(region("CN XX"), None, "a code that no region lists is nowhere");
    }

    #[test]
    fn no_country_stands_in_two_regions_and_each_is_a_code_of_two_letters() {
        let codes: Vec<&str> =
            SUB_REGIONS.iter().flat_map(|(_, _, list)| list.split_ascii_whitespace()).collect();
        assert!(codes.iter().all(|code| code.parse::<Country>().is_ok()), "{codes:?}");
        assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len());
        assert_eq!(
            codes.len(),
            248,
            "all alpha-2 codes of ISO 3166-1 but Antarctica's, which lies in no region"
        );
    }
}
