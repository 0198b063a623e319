//! What the template of the page prints, made ready: aligned columns, shortened headlines, sentences. Owns the layout of the data; never
//! changes a digit.

use askama::Template;

use pcf_core::model::{
    Boundary, Category, Co2e, Decimal, FigureSet, Product, PublicationStatus, RoundedSet, Stage,
};
use pcf_core::pact::claims::EXEMPTED_PERCENT_MAX;

use super::chart::{Chart, Measured};
use super::page::{Page, Standing, mismatch};
use super::{PageError, Shortened, shorten, shorten_decimal, words};

/// Contributions that the page shows.
const CONTRIBUTIONS_SHOWN: usize = 10;
#[derive(Template)]
#[template(path = "page.html", config = "askama.toml")]
pub(super) struct PageView<'a> {
    page: &'a Page<'a>,
    is_draft: bool,
    /// The width of the intervals, where the figures are rounded.
    width: Option<String>,
    superseded_by: Option<String>,
    withdrawn: Option<String>,
    unit: String,
    headlines: Vec<Headline>,
    any_shortened: bool,
    chart: Chart,
    stages: Vec<Row>,
    processes: Vec<Row>,
    categories: Vec<Row>,
    has_grave: bool,
    facts: Vec<Fact>,
    quality: Vec<Fact>,
    gwp_caution: Option<&'static str>,
    contributions: Vec<Contributed<'a>>,
    opinions: Vec<Opinion<'a>>,
    command: String,
}

/// One of the page's large figures.
struct Headline {
    name: &'static str,
    is_stated: bool,
    short: Shortened,
    exact: String,
    including: String,
    /// Between what the figure and the one including uptake lie, where they are rounded.
    between: Option<[String; 2]>,
}

/// A line of a table of figures.
struct Row {
    class: &'static str,
    label: String,
    note: String,
    cells: Vec<Number>,
}

/// An exact figure with the room that aligns its point with the others of its column.
struct Number {
    text: String,
    pad: usize,
    lacks_point: bool,
}

struct Fact {
    name: &'static str,
    value: String,
}

struct Contributed<'a> {
    row: &'a super::page::ContributionRow,
    stage: &'static str,
    kg: Number,
    percent: String,
}

struct Opinion<'a> {
    by: &'a super::page::Assured<'a>,
    level: &'static str,
    opinion: &'static str,
    is_own: bool,
}

type Line = (&'static str, String, String, Vec<Co2e>);

impl<'a> PageView<'a> {
    pub(super) fn new(page: &'a Page<'a>) -> Result<Self, PageError> {
        let publication = page.publication;
        let figures = &publication.figures;
        if publication.boundary == Boundary::Grave && figures.grave.is_none() {
            return mismatch(
                "figures to the grave, as the boundary says".into(),
                "figures to the gate".into(),
            );
        }
        let headlines = headlines(page);
        let measured = figures.stages.iter().map(|s| Measured {
            label: words::stage(s.stage).into(),
            mass: s.figures.excluding_uptake,
            is_secondary: !at_gate(page.product, s.stage),
        });
        let (superseded_by, withdrawn) = match &page.standing {
            Standing::Stands => (None, None),
            Standing::Superseded { by } => (Some(by.to_string()), None),
            Standing::Withdrawn { reason } => (None, Some(reason.to_string())),
        };
        let processes = figures.processes.iter().map(|p| {
            ("", p.process.to_string(), words::stage(p.stage).into(), vec![p.figures.excluding_uptake])
        });
        Ok(Self {
            page,
            is_draft: publication.status == PublicationStatus::Draft,
            width: page.rounded.map(|rounded| rounded.unit.to_string()),
            superseded_by,
            withdrawn,
            unit: format!("{} {}", page.product.declared_unit.amount, page.product.declared_unit.unit),
            any_shortened: headlines.iter().any(|h| !h.short.is_exact),
            headlines,
            chart: Chart::new(measured.collect()),
            stages: table(stage_lines(page)),
            processes: table(processes.collect()),
            categories: table(category_lines(&figures.gate, figures.grave.as_ref())),
            has_grave: figures.grave.is_some(),
            facts: facts(page)?,
            quality: quality(page),
            gwp_caution: words::gwp_sets(&figures.gwp).1,
            contributions: contributions(page),
            opinions: page.assurances.iter().map(|a| opinion(page, a)).collect(),
            command: format!("pcf verify {} --key {}", shell_file(page.proof_file), shell(page.verifier_key)),
        })
    }
}

fn at_gate(product: &Product, stage: Stage) -> bool {
    stage.is_before_gate() || (stage == Stage::Design && product.design_at_gate)
}

fn headlines(page: &Page<'_>) -> Vec<Headline> {
    let stated = page.publication.boundary;
    let cells = |set: &RoundedSet| {
        [set.excluding_uptake, set.including_uptake].map(|cell| format!("{} and {}", cell.low, cell.high))
    };
    let make = |name, boundary, set: &FigureSet, rounded: Option<&RoundedSet>| Headline {
        name,
        is_stated: boundary == stated,
        short: shorten(set.excluding_uptake),
        exact: set.excluding_uptake.to_string(),
        including: set.including_uptake.to_string(),
        between: rounded.map(cells),
    };
    let (figures, rounded) = (&page.publication.figures, page.rounded);
    let gate = rounded.map(|rounded| &rounded.gate);
    let mut all = vec![make("Cradle to gate", Boundary::Gate, &figures.gate, gate)];
    if let Some(grave) = &figures.grave {
        let cells = rounded.and_then(|rounded| rounded.grave.as_ref());
        all.push(make("Cradle to grave", Boundary::Grave, grave, cells));
    }
    all.sort_by_key(|headline| !headline.is_stated);
    all
}

fn stage_lines(page: &Page<'_>) -> Vec<Line> {
    let figures = &page.publication.figures;
    let both = |set: &FigureSet| vec![set.excluding_uptake, set.including_uptake];
    let mut lines: Vec<Line> = Vec::new();
    for stage in &figures.stages {
        let note = if at_gate(page.product, stage.stage) { "counts at the gate" } else { "" };
        lines.push(("", words::stage(stage.stage).into(), note.into(), both(&stage.figures)));
    }
    lines.push(("total", "Cradle to gate".into(), String::new(), both(&figures.gate)));
    if let Some(grave) = &figures.grave {
        lines.push(("total", "Cradle to grave".into(), String::new(), both(grave)));
    }
    lines
}

/// All twelve categories and the two totals, each total below what it adds up.
fn category_lines(gate: &FigureSet, grave: Option<&FigureSet>) -> Vec<Line> {
    const EXCLUDING: [Category; 8] = [
        Category::Fossil,
        Category::LandManagementFossil,
        Category::BiogenicNonCo2,
        Category::LandUseChange,
        Category::LandManagementCo2,
        Category::LandManagementRemovals,
        Category::TechnologicalRemovals,
        Category::CcsCapture,
    ];
    const UPTAKE: [Category; 2] = [Category::BiogenicUptake, Category::BiogenicReleased];
    const INSIDE: [Category; 2] = [Category::Aircraft, Category::Packaging];
    let values = |of: &dyn Fn(&FigureSet) -> Co2e| std::iter::once(gate).chain(grave).map(of).collect();
    let line = |category: Category| -> Line {
        let class = if category.is_of_which() { "inside" } else { "" };
        let note = match words::inside(category) {
            "" => category.to_string(),
            inside => format!("{category}: {inside}"),
        };
        (class, words::category(category).into(), note, values(&|set| set.categories[category]))
    };
    let mut lines: Vec<Line> = EXCLUDING.map(line).into();
    lines.push(("total", "Excluding uptake".into(), String::new(), values(&|set| set.excluding_uptake)));
    lines.extend(UPTAKE.map(line));
    lines.push(("total", "Including uptake".into(), String::new(), values(&|set| set.including_uptake)));
    lines.extend(INSIDE.map(line));
    lines
}

/// Aligns every column of `lines` at the point.
fn table(lines: Vec<Line>) -> Vec<Row> {
    let decimals = |mass: &Co2e| mass.to_string().split_once('.').map_or(0, |(_, digits)| digits.len());
    let columns = lines.iter().map(|line| line.3.len()).max().unwrap_or(0);
    let widest = |column| lines.iter().filter_map(|l| l.3.get(column)).map(decimals).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(widest).collect();
    let number = |(mass, width): (Co2e, &usize)| {
        let own = decimals(&mass);
        Number { text: mass.to_string(), pad: width.saturating_sub(own), lacks_point: own == 0 && *width > 0 }
    };
    let row = |(class, label, note, masses): Line| Row {
        class,
        label,
        note,
        cells: masses.into_iter().zip(&widths).map(number).collect(),
    };
    lines.into_iter().map(row).collect()
}

fn contributions<'a>(page: &'a Page<'a>) -> Vec<Contributed<'a>> {
    let shown = page.contributions.iter().take(CONTRIBUTIONS_SHOWN);
    let column = table(shown.clone().map(|row| ("", String::new(), String::new(), vec![row.kg])).collect());
    let numbers = column.into_iter().flat_map(|row| row.cells);
    shown
        .zip(numbers)
        .map(|(row, kg)| Contributed { row, stage: words::stage(row.stage), kg, percent: share(row.percent) })
        .collect()
}

fn opinion<'a>(page: &Page<'_>, by: &'a super::page::Assured<'a>) -> Opinion<'a> {
    Opinion {
        by,
        level: words::level(by.assurance.level),
        opinion: words::opinion(by.assurance.opinion),
        is_own: by.assurance.by == page.publication.by,
    }
}

/// A percentage, shortened where it is long and then with all its digits beside it.
fn share(percent: Decimal) -> String {
    let short = shorten_decimal(percent);
    if short.is_exact { format!("{percent} %") } else { format!("{} % (exactly {percent} %)", short.text) }
}

fn facts(page: &Page<'_>) -> Result<Vec<Fact>, PageError> {
    let (publication, product) = (page.publication, page.product);
    let mut facts = Vec::new();
    let mut add = |name, value| facts.push(Fact { name, value });
    let stated = |value: Option<String>| value.unwrap_or_else(|| "not stated".into());
    add("Boundary", words::boundary(publication.boundary).to_owned());
    add("Declared unit", format!("{} {}", product.declared_unit.amount, product.declared_unit.unit));
    add("Mass per declared unit", stated(product.mass_per_declared_unit.map(|kg| format!("{kg} kg"))));
    add("Reference period", format!("{}, both days included", words::days(publication.reference_period())?));
    if let Some(coverage) = publication.coverage {
        add("Data to the gate", words::coverage(&coverage));
    }
    add("Valid", format!("{}, both days included", words::days(publication.validity)?));
    add("Scenario", publication.scenario.as_ref().map_or("none asked for".into(), ToString::to_string));
    add("Batch", publication.batch.as_ref().map_or("all batches".into(), ToString::to_string));
    let default = "not stated; cut-off applies";
    let recycling = product.recycling.as_ref().map_or(default, |r| words::recycling(r.method));
    add("Recycling", recycling.to_owned());
    let rules: Vec<String> = product.rules.iter().map(|r| format!("{} ({})", r.name, r.operator)).collect();
    add("Standards", words::claims(&publication.claims));
    add("Product rules", if rules.is_empty() { "none named".into() } else { rules.join("; ") });
    let yes = |is: bool| if is { "included" } else { "not included" };
    add("Packaging", stated(product.packaging.as_ref().map(|p| yes(p.included).into())));
    add("Carbon capture and storage", stated(product.ccs_included.map(|is| yes(is).into())));
    let carbon = product.carbon.as_ref();
    add("Fossil carbon content", stated(carbon.map(|c| format!("{} kg C", c.fossil))));
    add("Biogenic carbon content", stated(carbon.and_then(|c| c.biogenic).map(|kg| format!("{kg} kg C"))));
    add("GWP sets that entered", words::gwp_sets(&publication.figures.gwp).0);
    let (set, version) = (publication.method.gwp, publication.method.version);
    add("Method", format!("calculation version {version}; gases characterised with {set} (100 years)"));
    add("Made", format!("{} (the publisher’s claim)", publication.created));
    add("Footprint id", publication.footprint.to_string());
    let preceding: Vec<String> = publication.preceding.iter().map(ToString::to_string).collect();
    if !preceding.is_empty() {
        add("Follows", preceding.join(", "));
    }
    Ok(facts)
}

fn quality(page: &Page<'_>) -> Vec<Fact> {
    let figures = &page.publication.figures;
    let mut facts = vec![Fact { name: "Primary data share", value: share(figures.primary_data_share) }];
    let mut rating = |name, value: Option<Decimal>| {
        let value = value.map_or("not rated".into(), |v| {
            let short = shorten_decimal(v);
            if short.is_exact { short.text } else { format!("{} (exactly {v})", short.text) }
        });
        facts.push(Fact { name, value });
    };
    rating("Technology rating", figures.data_quality.map(|q| q.technology));
    rating("Geography rating", figures.data_quality.map(|q| q.geography));
    rating("Time rating", figures.data_quality.map(|q| q.time));
    let exempted = match figures.exempted_emissions_percent {
        None => "not stated, which is not the same as none".into(),
        Some(percent) if percent > Decimal::from_i32(EXEMPTED_PERCENT_MAX) => {
            format!("{}: outside PACT’s limit of {EXEMPTED_PERCENT_MAX} %", share(percent))
        }
        Some(percent) => share(percent),
    };
    facts.push(Fact { name: "Exempted emissions", value: exempted });
    facts
}

/// A word that a shell takes as it stands; anything else is quoted, so that a pasted command runs nothing of a stranger's.
fn shell(word: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./+=:@".contains(&b);
    if !word.is_empty() && word.bytes().all(plain) {
        return word.into();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// A file name, which is never taken for an option.
fn shell_file(name: &str) -> String {
    if name.starts_with('-') { shell(&format!("./{name}")) } else { shell(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_command_runs_nothing_of_a_strangers() {
        assert_eq!(shell("example.org/log+0a1b2c3d+AbC="), "example.org/log+0a1b2c3d+AbC=");
        assert_eq!(shell("a; rm -rf ~"), "'a; rm -rf ~'");
        assert_eq!(shell("a'$(b)"), r"'a'\''$(b)'");
        assert_eq!(shell(""), "''");
        assert_eq!(shell_file("--help"), "./--help");
    }

    #[test]
    fn a_column_is_aligned_at_its_point() {
        let lines =
            ["1", "0.25", "-3.125"].map(|t| ("", String::new(), String::new(), vec![t.parse().unwrap()]));
        let pads: Vec<_> =
            table(lines.into()).iter().flat_map(|r| &r.cells).map(|n| (n.pad, n.lacks_point)).collect();
        assert_eq!(pads, [(3, true), (1, false), (0, false)]);
    }
}
