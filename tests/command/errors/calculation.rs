//! Catalogue cases: all that stops a calculation.

use pcf_ledger::calc::{CalcError, CalcErrors, Change, Request, footprint, footprints};
use pcf_ledger::model::{Boundary, GwpSet};
use pcf_testing::inventory::{Ledger, flow, id, input, number, with, year};
use serde_json::{Value, json};

use super::catalogue::Catalogue;

const UUID: &str = "3f0a7c3e-0000-4000-8000-000000000001";

/// Takes in every error of the footprint of `p`, and what is wrong with a flow by itself too.
fn refused_as(c: &mut Catalogue, input: &str, ledger: &Ledger, product: &str, request: &Request) {
    taken(c, input, &footprint(&ledger.inventory, &id(product), request).expect_err(input));
}

pub fn taken(c: &mut Catalogue, input: &str, errors: &CalcErrors) {
    for error in errors.errors() {
        c.error(input, error);
        match error {
            CalcError::Flow { problem, .. } => c.error(input, problem),
            CalcError::Loop { problem, .. } => c.error(input, problem),
            _ => {}
        }
    }
}

fn refused(c: &mut Catalogue, input: &str, ledger: &Ledger) {
    refused_as(c, input, ledger, "p", &year());
}

/// A product `p` of one process and a factor of 1 kg per kg.
fn shop() -> Ledger {
    let mut ledger = Ledger::new();
    ledger.product("p", json!({})).factor("f", "kg", "1");
    ledger
}

fn run(ledger: &mut Ledger, pieces: &str, changes: Value) {
    let base = json!({"flows": [flow("1", "kg", "f")], "outputs": [{"product": id("p"), "amount": pieces, "unit": "piece"}]});
    ledger.activity(with(base, changes));
}

/// The product's one flow, with factors: name, unit and what is different.
fn one(flow: Value, factors: &[(&str, &str, Value)]) -> Ledger {
    let mut ledger = Ledger::new();
    ledger.product("p", json!({}));
    for (name, unit, changes) in factors {
        ledger.factor_with(name, unit, with(json!({"values": {"fossilGhgEmissions": "1"}}), changes.clone()));
    }
    ledger.made("p", "1", json!([flow]));
    ledger
}

pub fn provoke(c: &mut Catalogue) {
    guards(c);
    outputs(c);
    sources(c);
    factors(c);
    instruments(c);
    carbon(c);
}

fn period(start: &str, end: &str) -> Value {
    json!({"start": start, "end": end})
}

fn guards(c: &mut Catalogue) {
    refused_as(c, "a product that nobody declared", &shop(), "ghost", &year());
    let mut twice = shop();
    run(&mut twice, "1", json!({"period": period("2025-01-01", "2025-04-01")}));
    run(&mut twice, "1", json!({}));
    refused(c, "a quarter and the whole year of one process", &twice);
    let mut partly = shop();
    run(&mut partly, "1", json!({"period": period("2024-07-01", "2025-07-01")}));
    refused(c, "half of the measured year lies in the year before", &partly);
    let mut study = shop();
    run(
        &mut study,
        "1",
        json!({"period": period("2024-07-01", "2025-07-01"), "appliesTo": period("2024-07-01", "2025-10-01")}),
    );
    refused(c, "a study that applies to a part of the year", &study);
    let mut unlisted = shop();
    run(&mut unlisted, "1", json!({}));
    run(&mut unlisted, "1", json!({"process": "paint"}));
    refused(c, "a process that the product does not list", &unlisted);
    refused(c, "a process without data", &shop());
    let mut gate = shop();
    run(&mut gate, "1", json!({}));
    refused_as(
        c,
        "the grave of a product that ends at the gate",
        &gate,
        "p",
        &Request { boundary: Some(Boundary::Grave), ..year() },
    );
    refused_others(c);
    readings(c);
}

fn readings(c: &mut Catalogue) {
    let reading = |kg: &str, more: Value| with(json!({"for": [id("p")], "flows": [power(kg)]}), more);
    let mut alone = shop();
    alone.activity(reading("1", json!({})));
    refused(c, "a bill of a year in which nothing was recorded as made", &alone);
    let mut twice = shop();
    run(&mut twice, "1", json!({}));
    twice.activity(reading("1", json!({"period": period("2025-01-01", "2025-02-01")})));
    twice.activity(reading("12", json!({})));
    refused(c, "the year's electricity beside that of January", &twice);
    let mut idle = shop();
    run(&mut idle, "0", json!({}));
    refused(c, "a product of which nothing was made", &idle);
    let mut shared = shop();
    shared.product("q", json!({}));
    shared.activity(json!({"outputs": [{"product": id("p"), "amount": "1", "unit": "piece"}]}));
    shared.activity(json!({"outputs": [{"product": id("q"), "amount": "1", "unit": "piece"}]}));
    let all = shared.activity(json!({"for": ["*"], "flows": [power("1")]}));
    refused(c, "one meter of two products without an allocation", &shared);
    let mut priced = shared.clone();
    for held in &mut priced.inventory.activities {
        held.statement.allocation = Some("price".parse().unwrap()).filter(|_| held.id == all);
    }
    refused(c, "one meter of two products that is shared by price", &priced);
    for held in &mut shared.inventory.activities {
        held.statement.outputs.iter_mut().for_each(|output| output.amount = "0".parse().unwrap());
        held.statement.allocation = Some("pieces".parse().unwrap()).filter(|_| held.id == all);
    }
    refused(c, "one meter of two products that stood still all year", &shared);
    let study = json!({"period": period("2023-01-01", "2024-01-01"), "appliesTo": period("2023-01-01", "2027-01-01")});
    let mut studies = shop();
    run(&mut studies, "1", study.clone());
    run(&mut studies, "2", study);
    refused(c, "two studies of one year that apply to this one", &studies);
    refused(
        c,
        "a part without data, and a publication of it from before it was declared per kg",
        &redeclared(),
    );
    let process =
        |name: &str, of: Value| with(json!({"stage": "production", "name": name, "signers": ["acme"]}), of);
    let mut own = shop();
    own.product(
        "p",
        json!({"processes": [process("make", json!({})), process("melt", json!({"unitsOf": "make"}))]}),
    );
    run(&mut own, "1", json!({}));
    run(&mut own, "1", json!({"process": "melt"}));
    refused(c, "outputs of a process that has the units of another", &own);
}

/// `p` consumes a part that was published per piece and then declared per kg.
fn redeclared() -> Ledger {
    let mut ledger = shop();
    ledger.product("part", json!({}));
    let before = period("2024-01-01", "2025-01-01");
    let out = json!([{"product": id("part"), "amount": "1", "unit": "piece"}]);
    ledger.activity(json!({"period": before, "flows": [flow("1", "kg", "f")], "outputs": out}));
    let then = ledger.asked("part", &Request { period: "2024".parse().unwrap(), ..year() });
    ledger.published(&then, UUID, json!({}));
    ledger.made("p", "1", json!([input("2", "kg", "part")]));
    let mut held = ledger.inventory.products[&id("part")].clone();
    (held.id, held.statement.declared_unit.unit) = (number(1000), "kg".parse().unwrap());
    ledger.inventory.apply([Change::Product(held)]);
    ledger
}

fn power(kg: &str) -> Value {
    json!({"name": "power", "kind": "energy", "amount": kg, "unit": "kg", "factor": "f"})
}

fn refused_others(c: &mut Catalogue) {
    let mut melt = shop();
    melt.made("p", "1", json!([input("1.1", "piece", "p")]));
    refused(c, "a product that takes in more of itself than it gives out", &melt);
    let mut recycled = shop();
    let material = json!({"material": "magnesium", "kg": "1", "R1": "0.3", "R2": "0", "R3": "0", "Ev": "f", "Erec": "f", "Ed": "f"});
    recycled.product("p", json!({"recycling": {"method": "cff", "materials": [material]}}));
    run(&mut recycled, "1", json!({}));
    refused(c, "a material without a default of its quality", &recycled);
    let mut credited = shop();
    let end = json!([{"stage": "production", "name": "make", "signers": ["acme"]}, {"stage": "recycling", "name": "end", "signers": ["acme"]}]);
    credited.product("p", json!({"boundary": "cradle-to-grave", "processes": end}));
    run(&mut credited, "1", json!({}));
    let out = json!([{"product": id("p"), "amount": "1", "unit": "piece"}]);
    credited.activity(
        json!({"stage": "recycling", "process": "end", "flows": [flow("-1", "kg", "f")], "outputs": out}),
    );
    refused(c, "a credit at the end of life under cut-off", &credited);
    let mut dear = shop();
    dear.product("q", json!({}));
    let output = |product: &str, value: &str| json!({"product": id(product), "amount": "1", "unit": "piece", "value": value});
    dear.activity(json!({"allocation": "pieces", "flows": [flow("1", "kg", "f")], "outputs": [output("p", "6"), output("q", "1")]}));
    refused(c, "co-products of very different value, shared by pieces", &dear);
}

fn outputs(c: &mut Catalogue) {
    let out = |product: &str, unit: &str| json!({"product": id(product), "amount": "1", "unit": unit});
    let mut litres = shop();
    litres.activity(json!({"flows": [flow("1", "kg", "f")], "outputs": [out("p", "L")]}));
    refused(c, "pieces stated in litres", &litres);
    let mut aliases = shop();
    aliases.product("p", json!({"ids": [id("p"), id("alias")]}));
    aliases.activity(json!({"flows": [flow("1", "kg", "f")], "allocation": "pieces", "outputs": [out("p", "piece"), out("alias", "piece")]}));
    refused(c, "one product by two of its ids", &aliases);
    let mut keyless = shop();
    keyless.product("q", json!({}));
    keyless.activity(json!({"flows": [flow("1", "kg", "f")], "allocation": "mass", "outputs": [out("p", "piece"), out("q", "piece")]}));
    refused(c, "allocation by mass among products whose mass nobody stated", &keyless);
    let mut zero = shop();
    zero.product("q", json!({}));
    let nothing = |product: &str| with(out(product, "piece"), json!({"keys": {"key": "0"}}));
    zero.activity(json!({"flows": [flow("1", "kg", "f")], "allocation": "key", "outputs": [nothing("p"), nothing("q")]}));
    refused(c, "allocation by keys that are all zero", &zero);
    let mut little = shop();
    little.product("p", json!({"declaredUnit": {"amount": "7", "unit": "piece"}}));
    run(&mut little, "0.000000000002", json!({}));
    refused(c, "2e-12 pieces of something declared per 7 pieces", &little);
    let mut crumbs = shop();
    crumbs.product("q", json!({"declaredUnit": {"amount": "3", "unit": "piece"}}));
    crumbs.made("q", "3", json!([flow("1", "kg", "f")]));
    crumbs.made("p", "1", json!([input("0.000000000001", "piece", "q")]));
    refused(c, "1e-12 pieces of an input declared per 3 pieces", &crumbs);
}

fn sources(c: &mut Catalogue) {
    refused(c, "an input that nobody declared", &one(input("1", "piece", "ghost"), &[]));
    refused(c, "a factor that is not there", &one(flow("1", "kg", "ghost"), &[]));
    let cap =
        || json!({"name": "cap", "kind": "material", "amount": "1", "unit": "piece", "footprint": UUID});
    refused(c, "a bought footprint that is not there", &one(cap(), &[]));
    refused(c, "kWh of something per kg", &one(flow("1", "kWh", "f"), &[("f", "kg", json!({}))]));
    let measure = |amount: &str| json!({"name": "energy", "amount": amount, "unit": "kWh"});
    let of = with(
        flow("1", "kWh", "f"),
        json!({"amount": null, "unit": null, "of": [measure("1"), measure("2")]}),
    );
    refused(c, "kWh times kWh", &one(of, &[("f", "kWh", json!({}))]));
    let mut old = one(cap(), &[]);
    old.bought(UUID, ("1", "piece"), "2").validity = Some("2024".parse().unwrap());
    refused(c, "a bought footprint of the year before", &old);
    let mut empty = one(cap(), &[]);
    empty.bought(UUID, ("0", "piece"), "2");
    refused(c, "a bought footprint per zero pieces", &empty);
    let lost = json!({"name": "leak", "kind": "emission", "amount": "1", "unit": "kg", "gas": "NF3"});
    refused_as(
        c,
        "NF3 with the first assessment report",
        &one(lost, &[]),
        "p",
        &Request { gwp: GwpSet::Sar, ..year() },
    );
    let left = |estimate: &str| json!({"name": "tools", "kind": "excluded", "estimate": estimate, "reason": "small", "amount": "1", "unit": "piece"});
    refused(c, "a flow left out where the product says nothing of exemptions", &one(left("1"), &[]));
    let mut negative = one(left("-1"), &[]);
    negative.product("p", json!({"exemptions": "listed"}));
    refused(c, "a flow left out with an estimate below zero", &negative);
}

fn factors(c: &mut Catalogue) {
    let burnt = |upstream: Option<&str>| with(flow("10", "kWh_ncv", "burn"), json!({"upstream": upstream}));
    let burn = |scope: &str| ("burn", "kWh_ncv", json!({"category": "fuel.combustion", "scope": scope}));
    let well = |scope: &str| ("well", "kWh_ncv", json!({"category": "fuel.wtt", "scope": scope}));
    refused(c, "diesel burnt without its upstream", &one(burnt(None), &[burn("direct")]));
    refused(
        c,
        "an upstream factor of the whole life cycle",
        &one(burnt(Some("well")), &[burn("direct"), well("life-cycle")]),
    );
    refused(
        c,
        "an upstream beside a life-cycle factor",
        &one(burnt(Some("well")), &[burn("life-cycle"), well("upstream")]),
    );
    let plant = ("plant", "kWh", json!({"category": "electricity.lifecycle", "exclusions": ["grid-losses"]}));
    refused(
        c,
        "electricity at the busbar without the grid's losses",
        &one(flow("10", "kWh", "plant"), &[plant]),
    );
    let grid = ("grid", "kWh", json!({"category": "electricity.generation", "scope": "direct"}));
    refused(c, "a grid's CO2 factor, which is for organisations", &one(flow("1", "kWh", "grid"), &[grid]));
    let oven = || ("oven", "kg", json!({"category": "waste", "exclusions": ["combustion"]}));
    let waste = |more: Value| with(with(flow("1", "kg", "oven"), json!({"kind": "waste"})), more);
    refused(
        c,
        "waste burnt by a factor without combustion, its carbon not stated",
        &one(waste(json!({})), &[oven()]),
    );
    let holds = json!({"fossilCarbon": "0.8", "biogenicCarbon": "0"});
    refused(c, "the same, with 0.8 kg of carbon", &one(waste(holds), &[oven()]));
}

fn instruments(c: &mut Catalogue) {
    let grid = || ("grid", "kWh", json!({"category": "electricity.lifecycle"}));
    let certificate = |name: &str, kwh: &str, year: &str| {
        let period = period(&format!("{year}-01-01"), &format!("{year}-12-31"));
        json!({"id": name, "kWh": kwh, "period": period})
    };
    let claim = |amount: &str, of: Value| with(flow(amount, "kWh", "grid"), json!({"instruments": [of]}));
    let power = |amount: &str, year: &str| claim(amount, certificate("GEC-1", "100", year));
    refused(c, "a certificate of 100 kWh for 200", &one(power("200", "2025"), &[grid()]));
    refused(c, "a certificate of 2022", &one(power("100", "2022"), &[grid()]));
    let beside = |other: Value| {
        let mut ledger = one(power("60", "2025"), &[grid()]);
        ledger.activity(json!({"flows": [other], "batch": "b",
            "outputs": [{"product": id("p"), "amount": "1", "unit": "piece"}]}));
        ledger
    };
    refused(c, "101 kWh of a certificate of 100", &beside(claim("41", certificate("gec 1", "100", "2025"))));
    refused(
        c,
        "one certificate with two numbers of kWh",
        &beside(claim("1", certificate("GEC-1", "90", "2025"))),
    );
    refused(
        c,
        "a certificate beside a range that holds it",
        &beside(claim("1", certificate("GEC1..GEC3", "300", "2025"))),
    );
}

fn carbon(c: &mut Catalogue) {
    let huge = ("huge", "kg", json!({"values": {"fossilGhgEmissions": "999999999999999999"}}));
    refused(c, "10^18 kg at 10^18 kg CO2e each", &one(flow("999999999999999999", "kg", "huge"), &[huge]));
    let mut dependent = shop();
    dependent.product("q", json!({}));
    dependent.made("q", "1", json!([input("1", "piece", "p")]));
    for errors in footprints(&dependent.inventory, &year()).unwrap().into_values().filter_map(Result::err) {
        taken(c, "all products at once, where one takes in another that has no data", &errors);
    }
    let wood = || {
        one(
            flow("1", "kg", "wood"),
            &[("wood", "kg", json!({"values": {"fossilGhgEmissions": "0.1", "biogenicCO2Uptake": "-1.8"}}))],
        )
    };
    refused(c, "wood in a product whose carbon content nobody stated", &wood());
    let mut stated = wood();
    stated.product("p", json!({"carbon": {"biogenic": "0.1", "fossil": "0"}}));
    refused(c, "wood in a product that holds less carbon than was taken up", &stated);
}
