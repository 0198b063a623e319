//! The page and the site are complete, exact and self-contained, and show markup in strangers'
//! texts as text.

use pcf_ledger::model::{
    Actor, Assurance, Boundary, ByCategory, Category, Co2e, FigureSet, Interval, Product, Publication,
    PublicationStatus, Stage,
};
use pcf_pages::page::{Assured, ContributionRow, Page, SignedBy, Source, Standing, render};
use pcf_pages::site::{Entry, index};
use serde_json::{from_value, json, to_value};

const ATTACK: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;";
const SALT: &str = "AAAAAAAAAAAAAAAAAAAAAA";

struct Sample {
    product: Product,
    maker: Actor,
    publication: Publication,
    assurance: Assurance,
}

fn set(fossil: &str, biogenic: &str, packaging: &str) -> FigureSet {
    FigureSet::new(ByCategory::from_fn(|category| match category {
        Category::Fossil => fossil.parse().unwrap(),
        Category::BiogenicUptake => biogenic.parse().unwrap(),
        Category::Packaging => packaging.parse().unwrap(),
        _ => Co2e::ZERO,
    }))
    .unwrap()
}

fn sample(name: &str) -> Sample {
    let digest = "ab".repeat(32);
    let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let life = [
        ("design", "Drawing and tools", set("0.004210337", "0", "0")),
        (
            "procurement",
            "Aluminium ingot, inbound haulage and lacquer from three suppliers",
            set("1.318203944817205", "-0.0165", "0.0412"),
        ),
        ("production", "铝瓶冲压 Impact extrusion", set("0.4127", "0", "0")),
        ("production", "Necking, washing and internal coating", set("0.2093381", "0", "0")),
        ("transport", "Road freight to the filler", set("0.061530000000001", "0", "0")),
        ("storage", "Warehouse", set("0.00083", "0", "0")),
        ("use", "Washing by hand", set("0.25", "0", "0")),
        ("recycling", "Remelting, with credit", set("-0.683111500000002", "0", "0")),
    ];
    let sum = |wanted: &dyn Fn(&str) -> bool| {
        let parts = life.iter().filter(|l| wanted(l.0));
        parts.fold(set("0", "0", "0"), |total, l| total.plus(&l.2).unwrap())
    };
    let stages: Vec<_> = Stage::ALL
        .iter()
        .map(|s| json!({ "stage": s, "figures": sum(&|name| name == s.as_str()) }))
        .collect();
    let processes: Vec<_> = life
        .iter()
        .map(|(stage, process, figures)| json!({ "stage": stage, "process": process, "figures": figures }))
        .collect();
    let gate = sum(&|name| matches!(name, "procurement" | "production"));
    let position = json!({ "root": digest, "size": "42" });
    let year = json!({ "start": "2025-01-01", "end": "2026-01-01" });
    let product = json!({
        "boundary": "cradle-to-grave", "by": "xinghe", "declaredUnit": { "amount": "1", "unit": "piece" },
        "ids": ["urn:gtin:06901234000016"], "name": name, "description": name, "processes": [], "salt": SALT,
        "massPerDeclaredUnit": "0.152", "type": "product", "v": "1"
    });
    let maker = json!({
        "actor": "xinghe", "by": "operator", "keys": [key], "name": name, "rights": { "types": ["product"] },
        "salt": SALT, "type": "actor", "v": "1"
    });
    let publication = json!({
        "boundary": "cradle-to-grave", "by": "xinghe", "comment": name, "created": "2026-02-03T04:05:06Z",
        "figures": {
            "dataQuality": { "geography": "1.5", "technology": "2.123456", "time": "1" },
            "exemptedEmissionsPercent": "6.25", "gate": gate, "grave": sum(&|_| true), "gwp": ["AR6", "unstated"],
            "primaryDataShare": "61.803398874989", "processes": processes, "stages": stages
        },
        "footprint": "3f0a7c3e-0000-4000-8000-000000000001", "log": position,
        "method": { "gwp": "AR6", "version": "1" }, "period": year, "product": "urn:gtin:06901234000016",
        "salt": SALT, "status": "final", "type": "publication", "used": { "activities": { "count": "17", "root": digest }, "sources": { "root": digest } },
        "v": "1", "validity": { "start": "2026-01-01", "end": "2029-01-01" }
    });
    let assurance = json!({
        "by": "auditor", "figures": digest, "findings": [name], "level": "limited", "log": position,
        "opinion": "qualified", "salt": SALT, "scope": name, "standard": "ISO 14064-3:2019",
        "type": "assurance", "v": "1"
    });
    Sample {
        product: from_value(product).unwrap(),
        maker: from_value(maker).unwrap(),
        publication: from_value(publication).unwrap(),
        assurance: from_value(assurance).unwrap(),
    }
}

fn page<'a>(sample: &'a Sample, text: &'a str) -> Page<'a> {
    let contribution = |n: usize| ContributionRow {
        stage: Stage::Procurement,
        process: text.parse().unwrap(),
        flow: format!("Flow {n}: {text}").parse().unwrap(),
        source: text.into(),
        kg: if n == 3 { "-0.5".parse().unwrap() } else { "1.000000000000001".parse().unwrap() },
        percent: "12.5".parse().unwrap(),
    };
    Page {
        publication: &sample.publication,
        rounded: None,
        withholds: false,
        statement: "cd".repeat(32).parse().unwrap(),
        figures_digest: sample.assurance.figures,
        standing: Standing::Stands,
        product: &sample.product,
        maker: &sample.maker,
        ledger: "ef".repeat(32).parse().unwrap(),
        verifier_key: "example.org/xinghe+0a1b2c3d+AcDeFgH=",
        proof_file: "bottle.pcfproof",
        notes: vec![format!("Note: {text}")],
        contributions: (1..=12).map(contribution).collect(),
        signed: vec![SignedBy {
            actor: "xinghe".parse().unwrap(),
            name: text.parse().unwrap(),
            what: text.into(),
            key: "0a1b2c3d4e5f".into(),
            seals: "5, 7".into(),
        }],
        sources: vec![Source {
            id: "grid-cn-2024".into(),
            name: text.into(),
            source: "Ministry of Ecology and Environment".into(),
            year: Some("2024".parse().unwrap()),
            geography: Some("China".into()),
            licence: Some("CC BY 4.0".into()),
        }],
        assurances: vec![Assured { name: text.parse().unwrap(), assurance: &sample.assurance }],
    }
}

/// Every tag is closed in order; panics where one is not.
fn assert_balanced(html: &str) {
    let mut open: Vec<&str> = Vec::new();
    for part in html.split('<').skip(1) {
        let (tag, _) = part.split_once('>').unwrap_or_else(|| panic!("a tag is not closed: {part}"));
        let name = tag.split_whitespace().next().unwrap();
        if name.starts_with('!') || tag.ends_with('/') || ["meta", "br"].contains(&name) {
            continue;
        }
        match name.strip_prefix('/') {
            Some(closed) => assert_eq!(open.pop(), Some(closed), "{part}"),
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

fn assert_self_contained(html: &str) {
    for loads in [
        "<script",
        " src=",
        "url(",
        "@import",
        "<link",
        "<iframe",
        "<img",
        "javascript:",
        "href=\"http",
        "<form",
    ] {
        assert!(!html.contains(loads), "{loads}");
    }
}

/// Leaves the page in the directory that `PCF_PAGES` names, for a person to look at.
fn look(name: &str, html: &str) {
    if let Some(dir) = std::env::var_os("PCF_PAGES") {
        std::fs::write(std::path::Path::new(&dir).join(name), html).unwrap();
    }
}

#[test]
fn every_figure_stands_on_the_page_with_all_its_digits() {
    let sample = sample("星河 Xinghe aluminium drinking bottle, 750 mL, natural");
    let html = render(&page(&sample, "Ordinary words")).unwrap();
    look("page.html", &html);
    assert_balanced(&html);
    assert_self_contained(&html);
    fn masses(value: &serde_json::Value, into: &mut Vec<String>) {
        match value {
            serde_json::Value::String(text) => into.push(text.clone()),
            serde_json::Value::Object(map) => map.values().for_each(|v| masses(v, into)),
            _ => {}
        }
    }
    let figures = &sample.publication.figures;
    let mut all = Vec::new();
    masses(&to_value(figures.gate).unwrap(), &mut all);
    masses(&to_value(figures.grave).unwrap(), &mut all);
    for process in &figures.processes {
        all.push(process.figures.excluding_uptake.to_string());
    }
    for stage in &figures.stages {
        all.push(stage.figures.excluding_uptake.to_string());
        all.push(stage.figures.including_uptake.to_string());
    }
    for text in all {
        assert!(html.contains(&format!(">{text}</span>")), "{text}");
    }
    for category in Category::ALL {
        assert!(html.contains(category.as_str()), "{category}");
    }
    for text in [
        "<html lang=\"en\">",
        "1.574",
        "Shortened to 4 significant digits",
        "61.80 % (exactly 61.803398874989 %)",
        "does not say which GWP set",
        "1 (best) to 5 (worst)",
        "outside PACT’s limit",
        "2025-01-01 to 2025-12-31",
        "banner comment",
        "pcf verify bottle.pcfproof --key example.org/xinghe+0a1b2c3d+AcDeFgH=",
        "CC BY 4.0",
        "ISO 14064-3:2019",
        "10 largest of 12",
        "size 42",
        "星河",
    ] {
        assert!(html.contains(text), "{text}");
    }
    assert!(!html.contains("Flow 11"), "only ten contributions");
    assert!(!html.contains("class=\"draft\"") && !html.contains("Superseded"));
}

#[test]
fn markup_in_a_strangers_text_stays_text() {
    let sample = sample(ATTACK);
    let mut hostile = page(&sample, ATTACK);
    hostile.verifier_key = "a'<b>; rm -rf ~";
    hostile.proof_file = "--help";
    hostile.standing = Standing::Withdrawn { reason: ATTACK.parse().unwrap() };
    hostile.sources[0].source = ATTACK.into();
    hostile.sources[0].geography = Some(ATTACK.into());
    hostile.sources[0].licence = Some(ATTACK.into());
    hostile.signed[0].key = ATTACK.into();
    hostile.signed[0].seals = ATTACK.into();
    let html = render(&hostile).unwrap();
    assert_balanced(&html);
    assert!(!html.contains("<script") && !html.contains("<img"), "markup got through");
    assert!(html.contains("pcf verify ./--help --key &#39;a"), "the command is quoted and escaped");
}

#[test]
fn a_draft_and_a_superseded_footprint_say_so_first() {
    let mut sample = sample("Bottle");
    sample.publication.status = PublicationStatus::Draft;
    let mut draft = page(&sample, "Words");
    draft.standing = Standing::Superseded { by: "3f0a7c3e-0000-4000-8000-000000000002".parse().unwrap() };
    let html = render(&draft).unwrap();
    look("draft.html", &html);
    assert!(
        html.contains("<body class=\"draft\">") && html.contains("<title>DRAFT: Bottle"),
        "{}",
        &html[..400]
    );
    let (draft, later) = (html.find("<strong>DRAFT.").unwrap(), html.find("000000000002").unwrap());
    assert!(draft < html.find("<h1>").unwrap() && later < html.find("<h1>").unwrap());
}

#[test]
fn what_belongs_to_another_footprint_is_refused() {
    let sample = sample("Bottle");
    let mut other = page(&sample, "Words");
    other.figures_digest = "00".repeat(32).parse().unwrap();
    assert!(render(&other).unwrap_err().to_string().contains("assurance of the figures 00"));
    let maker = Actor { actor: "other".parse().unwrap(), ..sample.maker.clone() };
    assert!(render(&Page { maker: &maker, ..page(&sample, "Words") }).is_err());
    let product = Product { ids: Vec::new(), ..sample.product.clone() };
    assert!(render(&Page { product: &product, ..page(&sample, "Words") }).is_err());
    let mut publication = sample.publication.clone();
    publication.figures.grave = None;
    assert!(render(&Page { publication: &publication, ..page(&sample, "Words") }).is_err());
    publication.boundary = Boundary::Gate;
    assert!(render(&Page { publication: &publication, ..page(&sample, "Words") }).is_ok());
}

fn entry(href: &str, name: &str) -> Entry {
    let sample = sample("Bottle");
    Entry {
        href: href.into(),
        name: name.parse().unwrap(),
        product: sample.publication.product.clone(),
        maker: name.parse().unwrap(),
        boundary: Boundary::Gate,
        kg: Interval { high: "1.945".parse().unwrap(), low: "1.935".parse().unwrap() },
        declared_unit: sample.product.declared_unit,
        period: sample.publication.period,
        status: PublicationStatus::Draft,
        standing: Standing::Stands,
        comment: Some("The amounts are the example's own.".parse().unwrap()),
    }
}

#[test]
fn the_list_is_self_contained_and_links_nowhere_else() {
    let html = index(&[entry("bottle.html", "Bottle"), entry("b/can.html", ATTACK)]).unwrap();
    look("site.html", &html);
    assert_balanced(&html);
    assert_self_contained(&html.replace("onerror", "").replace("&#60;img src=x", ""));
    assert!(html.contains("1.94</strong>") && html.contains("between 1.935 and 1.945 kg"));
    assert_eq!(html.matches("The amounts are the example").count(), 1);
    for bad in
        ["javascript:alert(1)", "//evil.example", "/a", "../a", "a/../b", "", "a b", "a\"b", "http://x"]
    {
        assert!(index(&[entry(bad, "Bottle")]).is_err(), "{bad}");
    }
    assert!(index(&[]).unwrap().contains("Nothing is published yet"));
}
