//! Catalogue cases: loops without figures, and targets without answers.

use pcf_ledger::calc::footprint;
use pcf_ledger::calc::target::{Goal, Measure, TargetError, TargetRequest, target};
use pcf_ledger::model::{Annual, FactorId, GwpSet, Text, Year};
use pcf_testing::inventory::{Ledger, id, input, with, year};
use serde_json::{Value, json};

use super::calculation::taken;
use super::catalogue::Catalogue;

pub fn provoke(c: &mut Catalogue) {
    loops(c);
    targets(c);
}

/// A ring in which each product takes `amount` of the next and emits `kg`.
fn ring(count: usize, amount: &str, kg: &str) -> Ledger {
    let mut ledger = Ledger::new();
    ledger.factor("f", "kg", "1");
    for at in 0..count {
        ledger.product(&format!("p{at}"), json!({}));
    }
    for at in 0..count {
        let next = format!("p{}", (at + 1) % count);
        let own = pcf_testing::inventory::flow(kg, "kg", "f");
        ledger.made(&format!("p{at}"), "1", json!([own, input(amount, "piece", &next)]));
    }
    ledger
}

/// Two cycles with a gain of a half each, and a long one that gives next to nothing: neither more
/// nor less goes in than comes out.
fn balanced() -> Ledger {
    let mut ledger = Ledger::new();
    for at in 0..70 {
        ledger.product(&format!("p{at}"), json!({}));
    }
    for at in 0..70 {
        let takes = |amount: &str, of: usize| input(amount, "piece", &format!("p{of}"));
        let flows = match at {
            0 => vec![takes("0.8", 1), takes("0.4", 2), takes("0.5", 3)],
            1 => vec![takes("0.625", 0)],
            2 => vec![takes("1.25", 0)],
            69 => vec![takes("0.5", 0)],
            _ => vec![takes("0.5", at + 1)],
        };
        ledger.made(&format!("p{at}"), "1", json!(flows));
    }
    ledger
}

fn looped(c: &mut Catalogue, input: &str, ledger: &Ledger) {
    taken(c, input, &footprint(&ledger.inventory, &id("p0"), &year()).expect_err(input));
}

fn loops(c: &mut Catalogue) {
    looped(c, "two products that take 1.1 of each other for each of their own", &ring(2, "1.1", "1"));
    looped(c, "two products that give each other back 1 for each of their own", &ring(2, "-1", "1"));
    looped(c, "70 products in a ring that give back 1.1 for each of their own", &ring(70, "-1.1", "1"));
    looped(c, "70 products in cycles that together take exactly what they make", &balanced());
    looped(
        c,
        "a million million tonnes, and a millionth of a millionth left in the loop",
        &ring(2, "0.999999999999", "999999999999999"),
    );
}

pub fn annual(changes: Value) -> Annual {
    let base = json!({"v": "1", "type": "annual", "salt": "AAECAwQFBgcICQoLDA0ODw", "by": "acme", "subject": "Plant 7", "year": "2020",
        "valueAdded": "100", "energy": {"amount": "10", "unit": "tce"}, "directEmissions": "5", "output": {"amount": "7", "unit": "t"}});
    serde_json::from_value(with(base, changes)).unwrap()
}

/// A plant that used 10 kWh, and three factors.
pub fn plant(period: Value) -> Ledger {
    let mut ledger = Ledger::new();
    ledger.product("p", json!({})).factor("notdirect", "kg", "1");
    for (name, year, part) in [
        ("direct2021", "2021", json!({"values": {"fossilGhgEmissions": "0.5"}})),
        ("gases", "2020", json!({"gases": {"HFC23": "1"}, "values": null})),
    ] {
        let about = json!({"category": "electricity.generation", "scope": "direct", "year": year});
        ledger.factor_with(name, "kWh", with(about, part));
    }
    let electricity = pcf_testing::inventory::flow("10", "kWh", "direct2021");
    let output = json!([{"product": id("p"), "amount": "1", "unit": "piece"}]);
    let site = json!({"name": "Plant 7", "country": "CN"});
    ledger.activity(json!({"flows": [electricity], "outputs": output, "period": period, "site": site}));
    ledger
}

pub fn asked(
    ledger: &Ledger,
    annuals: &[Annual],
    factor: Option<&str>,
    goal: Option<Goal>,
) -> Result<(), TargetError> {
    let subject: Text = "Plant 7".parse().unwrap();
    let electricity = factor
        .map(|name| &ledger.inventory.factors[&name.parse::<FactorId>().unwrap()])
        .into_iter()
        .collect();
    let base_year: Year = "2020".parse().unwrap();
    let request =
        TargetRequest { subject: &subject, base_year, goal, benchmark: None, electricity, gwp: GwpSet::Sar };
    target(annuals, &ledger.inventory, &request).map(drop)
}

fn targets(c: &mut Catalogue) {
    let year = |start: &str, end: &str| json!({"start": start, "end": end});
    let plain = plant(year("2020-01-01", "2021-01-01"));
    let base = annual(json!({}));
    let goal = |percent: &str, year: &str| {
        Some(Goal {
            measure: Measure::Energy,
            percent: percent.parse().unwrap(),
            year: year.parse().unwrap(),
        })
    };
    let only = std::slice::from_ref(&base);
    c.case("years without the base year", asked(&plain, &[annual(json!({"year": "2021"}))], None, None));
    c.case("a goal for the base year", asked(&plain, only, None, goal("13.5", "2020")));
    c.case("a decrease of 100 %", asked(&plain, only, None, goal("100", "2025")));
    let other = annual(json!({"year": "2021", "output": {"amount": "7", "unit": "piece"}}));
    c.case("tonnes in one year and pieces in another", asked(&plain, &[base.clone(), other], None, None));
    c.case("a factor of materials for electricity", asked(&plain, only, Some("notdirect"), None));
    c.case("electricity of 2020 and a factor of 2021", asked(&plain, only, Some("direct2021"), None));
    c.case(
        "a factor with masses of gases and a GWP set beside them",
        asked(&plain, only, Some("gases"), None),
    );
    let across = plant(year("2020-07-01", "2021-07-01"));
    c.case(
        "half of the measured year lies in the year after",
        asked(&across, only, Some("direct2021"), None),
    );
    let huge = annual(json!({"directEmissions": "999999999999999999"}));
    let most = annual(json!({"year": "2021", "directEmissions": "-999999999999999999"}));
    c.case("emissions at both ends of the range", asked(&plain, &[huge, most], None, None));
}
