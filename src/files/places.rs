//! Countries and their parts by the tables of ISO 3166: codes, and names in several languages. A
//! code that is none is refused with the one that was probably meant.

mod countries;

use countries::COUNTRIES;

use crate::{fold, likeness};

/// Codes that are often written and are none of ISO 3166-1, with what to write.
const OFTEN: &[(&str, &str)] = &[
    ("UK", "the United Kingdom is GB"),
    ("EL", "Greece is GR"),
    ("EU", "the European Union is no country: write the country of the site, such as DE"),
    ("EN", "England is part of GB"),
    ("SP", "Spain is ES"),
    ("JA", "Japan is JP"),
    ("CH-CN", "China is CN"),
    ("ROW", "write the country of the site"),
    ("RER", "write the country of the site"),
    ("GLO", "write the country of the site"),
    ("YU", "Yugoslavia is no more: write RS, ME or another"),
    ("SU", "the Soviet Union is no more: write RU or another"),
    ("ENGLAND", "England is part of GB"),
    ("SCOTLAND", "Scotland is part of GB"),
    ("WALES", "Wales is part of GB"),
    ("KOREA", "South Korea is KR, North Korea KP"),
    ("P.R. CHINA", "China is CN"),
    ("CHN", "China is CN"),
    ("TWN", "Taiwan is TW"),
    ("JPN", "Japan is JP"),
    ("KOR", "South Korea is KR"),
    ("VNM", "Viet Nam is VN"),
    ("IND", "India is IN"),
    ("DEU", "Germany is DE"),
    ("GER", "Germany is DE"),
    ("GBR", "the United Kingdom is GB"),
    ("FRA", "France is FR"),
    ("ITA", "Italy is IT"),
    ("ESP", "Spain is ES"),
    ("POL", "Poland is PL"),
    ("CZE", "Czechia is CZ"),
    ("U.S.", "the United States are US"),
    ("AN", "the Netherlands Antilles are no more: write CW, SX or BQ"),
];

/// The parts of countries whose codes are known one by one (ISO 3166-2): the country, and the
/// letters behind the hyphen.
const PARTS: &[(&str, &str)] = &[
    (
        "CN",
        "AH BJ CQ FJ GD GS GX GZ HA HB HE HI HK HL HN JL JS JX LN MO NM NX QH SC SD SH SN SX TJ TW XJ XZ YN ZJ",
    ),
    ("DE", "BB BE BW BY HB HE HH MV NI NW RP SH SL SN ST TH"),
    (
        "US",
        "AK AL AR AS AZ CA CO CT DC DE FL GA GU HI IA ID IL IN KS KY LA MA MD ME MI MN MO MP MS MT NC ND NE NH NJ NM NV NY OH OK OR PA PR RI SC SD TN TX UM UT VA VI VT WA WI WV WY",
    ),
    ("CA", "AB BC MB NB NL NS NT NU ON PE QC SK YT"),
    ("AU", "ACT NSW NT QLD SA TAS VIC WA"),
    ("AT", "1 2 3 4 5 6 7 8 9"),
    ("CH", "AG AI AR BE BL BS FR GE GL GR JU LU NE NW OW SG SH SO SZ TG TI UR VD VS ZG ZH"),
    ("GB", "ENG NIR SCT WLS EAW GBN UKM"),
    ("BR", "AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO"),
];

/// The provinces of China: the letters behind `CN-`, and their names.
pub(crate) const PROVINCES: &[(&str, &[&str])] = &[
    ("AH", &["Anhui", "安徽"]),
    ("BJ", &["Beijing", "北京"]),
    ("CQ", &["Chongqing", "重庆", "重慶"]),
    ("FJ", &["Fujian", "福建"]),
    ("GD", &["Guangdong", "广东", "廣東"]),
    ("GS", &["Gansu", "甘肃", "甘肅"]),
    ("GX", &["Guangxi", "广西", "廣西"]),
    ("GZ", &["Guizhou", "贵州", "貴州"]),
    ("HA", &["Henan", "河南"]),
    ("HB", &["Hubei", "湖北"]),
    ("HE", &["Hebei", "河北"]),
    ("HI", &["Hainan", "海南"]),
    ("HL", &["Heilongjiang", "黑龙江", "黑龍江"]),
    ("HN", &["Hunan", "湖南"]),
    ("JL", &["Jilin", "吉林"]),
    ("JS", &["Jiangsu", "江苏", "江蘇"]),
    ("JX", &["Jiangxi", "江西"]),
    ("LN", &["Liaoning", "辽宁", "遼寧"]),
    ("NM", &["Inner Mongolia", "内蒙古", "內蒙古"]),
    ("NX", &["Ningxia", "宁夏", "寧夏"]),
    ("QH", &["Qinghai", "青海"]),
    ("SC", &["Sichuan", "四川"]),
    ("SD", &["Shandong", "山东", "山東"]),
    ("SH", &["Shanghai", "上海"]),
    ("SN", &["Shaanxi", "陕西", "陝西"]),
    ("SX", &["Shanxi", "山西"]),
    ("TJ", &["Tianjin", "天津"]),
    ("XJ", &["Xinjiang", "新疆"]),
    ("XZ", &["Tibet", "Xizang", "西藏"]),
    ("YN", &["Yunnan", "云南", "雲南"]),
    ("ZJ", &["Zhejiang", "浙江"]),
];

/// The ISO 3166-1 code that a text is or names.
///
/// # Errors
/// A sentence with the code that was probably meant.
pub(crate) fn country(text: &str) -> Result<&'static str, String> {
    if let Some((code, _)) = COUNTRIES.iter().find(|(code, _)| *code == text) {
        return Ok(code);
    }
    let plain = fold::folded(text);
    let named = |names: &[&str]| names.iter().any(|name| fold::folded(name) == plain);
    if let Some((code, _)) = COUNTRIES.iter().find(|(_, names)| named(names)) {
        return Ok(code);
    }
    let upper = plain.to_uppercase();
    let meant = OFTEN.iter().find(|(wrong, _)| *wrong == upper).map(|(_, meant)| (*meant).to_owned());
    let in_case =
        || COUNTRIES.iter().find(|(code, _)| *code == upper).map(|(code, _)| format!("write {code}"));
    let near = || {
        let names = COUNTRIES.iter().flat_map(|(_, names)| names.iter().copied());
        let near = likeness::nearest(text, names).filter(|_| text.chars().count() > 3)?;
        let (code, _) = COUNTRIES.iter().find(|(_, names)| names.contains(&near))?;
        Some(format!("{near} is {code}"))
    };
    let part = || {
        let (of, _) = text.split_once('-').filter(|(of, part)| country(of).is_ok() && !part.is_empty())?;
        Some(format!("write {of} here and the whole code in the column subdivision"))
    };
    let hint = meant.or_else(part).or_else(in_case).or_else(near).unwrap_or_else(|| {
        "the list is ISO 3166-1 alpha-2, such as CN, DE, GB, US, JP, KR, IN, VN, TW".to_owned()
    });
    Err(format!("country: expected two capital letters of ISO 3166-1, got `{}`: {hint}", fold::shown(text)))
}

/// Where a factor holds: the code of a country or of a part of one where the text is one or names
/// one, else the text as it stands, since sources name regions of their own.
///
/// # Errors
/// A sentence for what is no code of a country and looks like one.
pub(crate) fn region(text: &str) -> Result<String, String> {
    if let Ok(code) = country(text) {
        return Ok(code.to_owned());
    }
    if let Ok(code) = subdivision(text) {
        return Ok(code);
    }
    let upper = text.to_uppercase();
    let wrong = OFTEN.iter().any(|(wrong, _)| *wrong == upper) && !REGIONS.contains(&&*upper);
    let in_small = text.len() == 2 && COUNTRIES.iter().any(|(code, _)| *code == upper);
    if wrong || in_small {
        return country(text).map(str::to_owned);
    }
    Ok(text.to_owned())
}

/// What is no country and may be where a factor holds.
const REGIONS: [&str; 4] = ["EU", "ROW", "RER", "GLO"];

/// The ISO 3166-2 code that a text is, or that the name of a Chinese province names.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub(crate) fn subdivision(text: &str) -> Result<String, String> {
    let plain = fold::folded(text);
    let province = PROVINCES.iter().find(|(_, names)| {
        let ended =
            |name: &str| ["", "省", "市"].iter().any(|end| plain == format!("{}{end}", fold::folded(name)));
        names.iter().any(|name| ended(name))
    });
    if let Some((letters, _)) = province {
        return Ok(format!("CN-{letters}"));
    }
    let refuse = |hint: String| {
        Err(format!(
            "subdivision: expected country, hyphen and 1 to 3 letters or digits (ISO 3166-2), such as CN-ZJ, got `{}`{hint}",
            fold::shown(text)
        ))
    };
    let Some((of, part)) = text.split_once('-') else { return refuse(String::new()) };
    if let Err(sentence) = country(of) {
        return refuse(format!(": {sentence}"));
    }
    match PARTS.iter().find(|(country, _)| *country == of) {
        Some((_, parts)) if !parts.split(' ').any(|known| known == part) => {
            refuse(format!(": the parts of {of} are {parts}"))
        }
        _ => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_has_one_code_and_no_name_two() {
        let mut names: Vec<String> =
            COUNTRIES.iter().flat_map(|(_, names)| names.iter().map(|name| fold::folded(name))).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!((COUNTRIES.len(), names.len()), (249, count));
        assert!(COUNTRIES.is_sorted_by_key(|(code, _)| *code));
    }

    #[test]
    fn a_country_is_read_by_its_code_or_name_and_one_that_is_none_is_refused_with_what_was_meant() {
        for (text, code) in [("CN", "CN"), ("中国", "CN"), ("Deutschland", "DE"), ("united kingdom", "GB")]
        {
            assert_eq!(country(text), Ok(code));
        }
        for (text, says) in
            [("UK", "GB"), ("XX", "ISO 3166-1"), ("EU", "no country"), ("cn", "write CN"), ("Germny", "DE")]
        {
            let sentence = country(text).unwrap_err();
            assert!(sentence.contains(says), "{text}: {sentence}");
        }
    }

    #[test]
    fn a_region_is_a_code_where_it_names_a_country_and_else_as_its_source_calls_it() {
        for (text, code) in [
            ("CN", "CN"),
            ("China", "CN"),
            ("浙江", "CN-ZJ"),
            ("GLO", "GLO"),
            ("RoW", "RoW"),
            ("EU", "EU"),
            ("EU-27", "EU-27"),
            ("Europe without Switzerland", "Europe without Switzerland"),
        ] {
            assert_eq!(region(text).as_deref(), Ok(code));
        }
        for (text, says) in [("UK", "GB"), ("cn", "write CN"), ("CHN", "CN")] {
            assert!(region(text).unwrap_err().contains(says), "{text}");
        }
        assert!(country("CN-33").unwrap_err().contains("column subdivision"));
        assert!(country("England").unwrap_err().contains("part of GB"));
    }

    #[test]
    fn a_part_of_a_country_is_one_of_its_own() {
        assert_eq!(subdivision("CN-ZJ").as_deref(), Ok("CN-ZJ"));
        assert_eq!(subdivision("山东省").as_deref(), Ok("CN-SD"));
        assert_eq!(subdivision("Zhejiang").as_deref(), Ok("CN-ZJ"));
        assert_eq!(subdivision("JP-13").as_deref(), Ok("JP-13"));
        for text in ["CN-QQ", "UK-ENG", "ZJ", "US-XX"] {
            assert!(subdivision(text).is_err(), "{text}");
        }
    }
}
