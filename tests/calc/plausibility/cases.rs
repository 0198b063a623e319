//! One fault for each rule, and what is honest beside it.

use std::collections::BTreeMap;

use pcf_ledger::plausibility::{Asked, Offer, Severity};
use pcf_testing::inventory::{Ledger, flow, id, with};
use serde_json::{Value, json};

use Severity::{Attention, Note, Stops};

/// A rule, how much its finding weighs, and the fault that it is for. The first argument of the
/// fault is false where the honest inventory beside it is built.
pub type Case = (&'static str, Severity, fn(bool, &mut Ledger, &mut Asked));

fn period(start: &str, end: &str) -> Value {
    json!({"start": start, "end": end})
}

pub fn days(from: &str, to: &str) -> Value {
    json!({"period": period(from, to)})
}

/// Both, the second over the first; `null` stays.
pub fn and(mut base: Value, changes: Value) -> Value {
    base.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    base
}

pub fn process(stage: &str, name: &str) -> Value {
    json!({"stage": stage, "name": name, "signers": ["acme"]})
}

pub fn energy(amount: &str, factor: &str) -> Value {
    json!({"name": "electricity", "kind": "energy", "amount": amount, "unit": "kWh", "factor": factor})
}

pub fn pieces(amount: &str) -> Value {
    json!([{"product": id("p"), "amount": amount, "unit": "piece"}])
}

/// Output of `p`, with electricity, and `changes` over it.
pub fn made(ledger: &mut Ledger, amount: &str, changes: Value) {
    let base = json!({"flows": [energy("50", "grid")], "outputs": pieces(amount)});
    ledger.activity(with(base, changes));
}

/// A reading of `p` alone.
pub fn read(ledger: &mut Ledger, flows: Value, changes: Value) {
    ledger.activity(with(json!({"flows": flows, "for": [id("p")]}), changes));
}

/// A process before production, whose flows are per 100 pieces.
fn bought(ledger: &mut Ledger, flows: Value) {
    let procurement =
        json!({"processes": [process("procurement", "materials"), process("production", "make")]});
    change(ledger, procurement);
    made(ledger, "100", json!({}));
    made(ledger, "100", json!({"stage": "procurement", "process": "materials", "flows": flows}));
}

/// The product `p` with `changes` over what it states.
pub fn change(ledger: &mut Ledger, changes: Value) {
    let held = ledger.inventory.products.get(&id("p")).unwrap().statement.clone();
    ledger.product("p", with(serde_json::to_value(held).unwrap(), changes));
}

/// 100 kg of a material, per 100 pieces, delivered.
pub fn steel(changes: Value) -> Value {
    with(flow("100", "kg", "steel"), with(json!({"name": "plate", "delivered": true}), changes))
}

pub fn haulage(mass: &str) -> Value {
    json!({"name": "lorry", "kind": "transport", "factor": "freight",
        "of": [{"name": "mass", "amount": mass, "unit": "kg"}, {"name": "distance", "amount": "50", "unit": "km"}]})
}

fn certificate(kwh: &str, from: &str, to: &str) -> Value {
    with(
        energy("50", "wind"),
        json!({"instruments": [{"id": "GEC1", "kWh": kwh, "period": period(from, to)}]}),
    )
}

/// Every rule once.
pub const CASES: &[Case] = &[
    ("calculation", Stops, |faulty, ledger, _| {
        made(ledger, "100", json!({"flows": [energy("50", if faulty { "unheard-of" } else { "grid" })]}));
    }),
    ("process-missing", Stops, |faulty, ledger, _| {
        let listed = [process("production", "make"), process("production", "pack")];
        change(ledger, json!({"processes": if faulty { &listed[..] } else { &listed[..1] }}));
        made(ledger, "100", json!({}));
    }),
    ("overlapping-periods", Stops, |faulty, ledger, _| {
        made(ledger, "50", days("2025-01-01", if faulty { "2025-07-02" } else { "2025-07-01" }));
        made(ledger, "50", days("2025-07-01", "2026-01-01"));
    }),
    ("output-days", Attention, |faulty, ledger, _| {
        made(ledger, "50", days("2025-01-01", "2025-06-01"));
        made(ledger, "50", days("2025-07-01", "2026-01-01"));
        let june = and(days("2025-06-01", "2025-07-01"), json!({"flows": [energy("0", "grid")]}));
        if !faulty {
            made(ledger, "0", june);
        }
    }),
    ("reading-beyond-output", Attention, |faulty, ledger, _| {
        read(ledger, json!([with(energy("9", "grid"), json!({"name": "drying"}))]), json!({}));
        made(ledger, "100", days("2025-01-01", if faulty { "2025-10-01" } else { "2026-01-01" }));
    }),
    ("flow-coverage", Attention, |faulty, ledger, _| {
        made(ledger, "100", json!({"flows": null}));
        let end = if faulty { "2025-12-01" } else { "2026-01-01" };
        read(ledger, json!([energy("50", "grid")]), days("2025-01-01", end));
    }),
    ("energy-missing", Attention, |faulty, ledger, _| {
        made(
            ledger,
            "100",
            json!({"flows": if faulty { json!([steel(json!({}))]) } else { json!([energy("0", "grid")]) }}),
        );
    }),
    ("short-period", Attention, |faulty, ledger, _| {
        made(ledger, "100", days(if faulty { "2025-01-02" } else { "2025-01-01" }, "2026-01-01"));
    }),
    ("uneven-units", Attention, |faulty, ledger, _| {
        change(ledger, json!({"processes": [process("production", "make"), process("production", "pack")]}));
        made(ledger, "100", json!({}));
        let packed = json!({"process": "pack", "flows": [energy("7", "grid")]});
        made(ledger, if faulty { "97" } else { "98" }, packed);
    }),
    ("biogenic-balance", Attention, |faulty, ledger, _| {
        ledger.factor_with(
            "wood",
            "kg",
            json!({"values": {"fossilGhgEmissions": "0", "biogenicCO2Uptake": "-1.1"}}),
        );
        let carbon = if faulty { "0.31" } else { "0.3" };
        change(ledger, json!({"carbon": {"biogenic": carbon, "fossil": "0"}}));
        made(
            ledger,
            "100",
            json!({"flows": [energy("50", "grid"), with(flow("100", "kg", "wood"), json!({"delivered": true}))]}),
        );
    }),
    ("certificate-claims", Stops, |faulty, ledger, _| {
        let kwh = if faulty { "99" } else { "100" };
        let claimed = certificate(kwh, "2025-01-01", "2026-01-01");
        let second = with(claimed.clone(), json!({"name": "cooling"}));
        made(ledger, "100", json!({"flows": [claimed, second]}));
    }),
    ("mass-balance", Attention, |faulty, ledger, _| {
        let kg = if faulty { "106" } else { "105" };
        made(ledger, "100", json!({"flows": [energy("50", "grid"), steel(json!({"amount": kg}))]}));
    }),
    ("end-of-life-shares", Attention, |faulty, ledger, _| {
        let whole = [process("production", "make"), process("recycling", "end")];
        change(ledger, json!({"boundary": "cradle-to-grave", "processes": whole}));
        made(ledger, "100", json!({}));
        let kg = if faulty { "90" } else { "100" };
        let waste = with(flow(kg, "kg", "shredding"), json!({"kind": "waste"}));
        made(ledger, "100", json!({"stage": "recycling", "process": "end", "flows": [waste]}));
    }),
    ("declared-mass", Attention, |faulty, ledger, _| {
        let kg = if faulty { "2" } else { "1" };
        change(ledger, json!({"declaredUnit": {"amount": "1", "unit": "kg"}, "massPerDeclaredUnit": kg}));
        let output = json!([{"product": id("p"), "amount": "100", "unit": "kg"}]);
        made(ledger, "100", json!({"outputs": output}));
    }),
    ("packaging-included", Attention, |faulty, ledger, _| {
        change(ledger, json!({"packaging": {"included": !faulty}}));
        let carton = with(steel(json!({})), json!({"name": "carton", "kind": "packaging"}));
        made(ledger, "100", json!({"flows": [energy("50", "grid"), carton]}));
    }),
    ("far-from-before", Attention, |faulty, ledger, _| {
        let later = if faulty { "101" } else { "100" };
        for (quarter, kwh) in [("01", "50"), ("04", "50"), ("07", "50"), ("10", later)] {
            let end = match quarter {
                "01" => "2025-04-01",
                "04" => "2025-07-01",
                "07" => "2025-10-01",
                _ => "2026-01-01",
            };
            let flows = json!({"flows": [energy(kwh, "grid")]});
            made(ledger, "100", and(days(&format!("2025-{quarter}-01"), end), flows));
        }
    }),
    ("transport-missing", Attention, |faulty, ledger, _| {
        bought(ledger, json!([steel(json!({"delivered": if faulty { Value::Null } else { json!(true) }}))]));
    }),
    ("inbound-haulage", Attention, |faulty, ledger, _| {
        let stage = if faulty { "transport" } else { "procurement" };
        let listed =
            [process("procurement", "materials"), process("production", "make"), process(stage, "inbound")];
        change(ledger, json!({"boundary": "cradle-to-grave", "processes": listed}));
        made(ledger, "100", json!({}));
        let plate = steel(json!({"delivered": null}));
        made(ledger, "100", json!({"stage": "procurement", "process": "materials", "flows": [plate]}));
        let lorry = with(haulage("100"), json!({"name": "plate from the works"}));
        made(ledger, "100", json!({"stage": stage, "process": "inbound", "flows": [lorry]}));
    }),
    ("haulage-mass", Attention, |faulty, ledger, _| {
        let kg = if faulty { "2100" } else { "100" };
        bought(ledger, json!([steel(json!({"delivered": null})), haulage(kg)]));
    }),
    ("name-twice", Attention, |faulty, ledger, _| {
        let other = if faulty { "electricity" } else { "cooling" };
        let second = with(energy("7", "grid"), json!({"name": other}));
        made(ledger, "100", json!({"flows": [energy("50", "grid"), second]}));
    }),
    ("counted-twice", Attention, |faulty, ledger, _| {
        change(ledger, json!({"processes": [process("production", "make"), process("production", "pack")]}));
        made(ledger, "100", json!({}));
        let kwh = if faulty { "50" } else { "51" };
        made(ledger, "100", json!({"process": "pack", "flows": [energy(kwh, "grid")]}));
    }),
    ("stated-again", Attention, |faulty, ledger, _| {
        made(ledger, "100", json!({}));
        read(ledger, json!([steel(json!({"amount": "50"}))]), json!({}));
        let again = if faulty { "50" } else { "51" };
        read(ledger, json!([steel(json!({"amount": again}))]), json!({}));
    }),
    ("total-beside-parts", Attention, |faulty, ledger, _| {
        let named = |name: &str, kwh: &str| json!([with(energy(kwh, "grid"), json!({"name": name}))]);
        made(ledger, "100", json!({"flows": null}));
        read(ledger, named("press", "30"), json!({}));
        read(ledger, named("oven", "20"), json!({}));
        read(ledger, named("hall", if faulty { "50" } else { "49" }), json!({}));
    }),
    ("recipe-beside-measured", Attention, |faulty, ledger, _| {
        made(ledger, "100", json!({}));
        let name = if faulty { "Electricity" } else { "paint" };
        let listed = with(energy("1", "grid"), json!({"name": name}));
        made(ledger, "1", json!({"recipe": true, "flows": [listed]}));
    }),
    ("recipes-averaged", Attention, |faulty, ledger, _| {
        made(ledger, "100", json!({}));
        let plate = json!({"recipe": true, "flows": [steel(json!({"amount": "1"}))]});
        made(ledger, "1", with(plate.clone(), json!({"site": {"name": "P"}})));
        if faulty {
            made(ledger, "10", with(plate, json!({"site": {"name": "Q"}})));
        }
    }),
    ("one-site-as-two", Attention, |faulty, ledger, _| {
        for (start, end) in [("2025-01-01", "2025-07-01"), ("2025-07-01", "2026-01-01")] {
            made(ledger, "100", and(days(start, end), json!({"site": {"name": "Plant 7"}})));
            let other = if faulty { "101" } else { "102" };
            made(ledger, other, and(days(start, end), json!({"site": {"name": "Seventh Street"}})));
        }
    }),
    ("scrap-as-output", Attention, |faulty, ledger, _| {
        ledger.product(
            "q",
            json!({"name": if faulty { "Steel scrap" } else { "Lid" }, "massPerDeclaredUnit": "1"}),
        );
        let both = json!([{"product": id("p"), "amount": "100", "unit": "piece"}, {"product": id("q"), "amount": "100", "unit": "piece"}]);
        made(ledger, "100", json!({"outputs": both, "allocation": "pieces"}));
    }),
    ("negative-amount", Attention, |faulty, ledger, _| {
        let kwh = if faulty { "-1" } else { "1" };
        let second = with(energy(kwh, "grid"), json!({"name": "cooling"}));
        made(ledger, "100", json!({"flows": [energy("50", "grid"), second]}));
    }),
    ("period-end", Attention, |faulty, ledger, _| {
        made(ledger, "50", days("2025-01-01", if faulty { "2025-06-30" } else { "2025-07-01" }));
        made(ledger, "50", days(if faulty { "2025-06-30" } else { "2025-07-01" }, "2026-01-01"));
    }),
    ("offset", Attention, |faulty, ledger, _| {
        ledger.factor_with("credit", "kg", json!({"name": if faulty { "Verra carbon credit" } else { "Paint" }, "values": {"fossilGhgEmissions": if faulty { "-1" } else { "1" }}}));
        made(
            ledger,
            "100",
            json!({"flows": [energy("50", "grid"), with(flow("100", "kg", "credit"), json!({"delivered": true}))]}),
        );
    }),
    ("older-edition", Attention, |faulty, ledger, asked| {
        let old = if faulty { "cn-grid-2024" } else { "cn-grid-2025" };
        let year = if faulty { "2024" } else { "2025" };
        ledger.factor_with(old, "kWh", json!({"category": "electricity.lifecycle", "year": year, "values": {"fossilGhgEmissions": "0.5"}}));
        let (category, unit) = ("electricity.lifecycle".parse().unwrap(), "kWh".parse().unwrap());
        let factor = "cn-grid-2025".parse().unwrap();
        asked.offers = vec![Offer { factor, category, unit, year: "2025".parse().unwrap() }];
        made(ledger, "100", json!({"flows": [energy("50", old)]}));
    }),
    ("electricity-factor", Attention, |faulty, ledger, _| {
        let kg = if faulty { "2.000001" } else { "2" };
        ledger.factor_with(
            "coal",
            "kWh",
            json!({"category": "electricity.lifecycle", "values": {"fossilGhgEmissions": kg}}),
        );
        made(ledger, "100", json!({"flows": [energy("50", "coal")]}));
    }),
    ("carbon-and-mass", Attention, |faulty, ledger, _| {
        change(ledger, json!({"carbon": {"biogenic": "0", "fossil": if faulty { "1.01" } else { "1" }}}));
        made(ledger, "100", json!({}));
    }),
    ("recycling-at-gate", Attention, |faulty, ledger, _| {
        let steel = json!({"material": "steel", "kg": "1", "A": if faulty { "0.2" } else { "1" }, "R1": "0.3", "R2": "0", "R3": "0",
            "Ev": "steel", "Erec": "steel", "Ed": "shredding"});
        change(ledger, json!({"recycling": {"method": "cff", "materials": [steel]}}));
        made(ledger, "100", json!({}));
    }),
    ("period-ahead", Attention, |faulty, ledger, asked| {
        asked.today = Some(if faulty { "2025-12-30" } else { "2025-12-31" }.parse().unwrap());
        made(ledger, "100", json!({}));
    }),
    ("factor-year", Attention, |faulty, ledger, _| {
        let year = if faulty { "2021" } else { "2022" };
        ledger.factor_with("old", "kWh", json!({"category": "electricity.lifecycle", "year": year, "values": {"fossilGhgEmissions": "0.5"}}));
        made(ledger, "100", json!({"flows": [energy("50", "old")]}));
    }),
    ("factor-region", Attention, |faulty, ledger, _| {
        ledger.factor_with("national", "kWh", json!({"category": "electricity.lifecycle", "geography": "CN", "values": {"fossilGhgEmissions": "0.5"}}));
        let site = json!({"name": "works", "country": if faulty { "DE" } else { "CN" }});
        made(ledger, "100", json!({"site": site, "flows": [energy("50", "national")]}));
    }),
    ("generation-without-claim", Attention, |faulty, ledger, _| {
        let claimed = certificate("50", "2025-01-01", "2026-01-01");
        made(ledger, "100", json!({"flows": [if faulty { energy("50", "wind") } else { claimed }]}));
    }),
    ("certificate-age", Attention, |faulty, ledger, _| {
        let (from, to) = if faulty { ("2023-01-01", "2023-12-31") } else { ("2023-01-01", "2024-01-01") };
        made(ledger, "100", json!({"flows": [certificate("50", from, to)]}));
    }),
    ("factor-licence", Attention, |faulty, ledger, _| {
        let licence = if faulty { "until 2024-12-31" } else { "until 2025-01-01" };
        ledger.factor_with("lent", "kWh", json!({"category": "electricity.lifecycle", "licence": licence, "values": {"fossilGhgEmissions": "0.5"}}));
        made(ledger, "100", json!({"flows": [energy("50", "lent")]}));
    }),
    ("gwp-unstated", Note, |faulty, ledger, _| {
        let set = if faulty { "unstated" } else { "AR6" };
        ledger.factor_with(
            "official",
            "kWh",
            json!({"category": "electricity.lifecycle", "gwp": set, "values": {"fossilGhgEmissions": "0.5"}}),
        );
        made(ledger, "100", json!({"flows": [energy("50", "official")]}));
    }),
    ("gwp-sets", Attention, |faulty, ledger, _| {
        let set = if faulty { "AR4" } else { "AR6" };
        ledger.factor_with(
            "other",
            "kWh",
            json!({"category": "electricity.lifecycle", "gwp": set, "values": {"fossilGhgEmissions": "0.5"}}),
        );
        let second = with(energy("7", "other"), json!({"name": "cooling"}));
        made(ledger, "100", json!({"flows": [energy("50", "grid"), second]}));
    }),
    ("declared-amount", Note, |faulty, ledger, _| {
        let uuid = "00000000-0000-4000-8000-000000000001";
        ledger.bought(uuid, (if faulty { "12.5" } else { "1" }, "kg"), "1");
        let paint = json!({"name": "paint", "kind": "material", "amount": "100", "unit": "kg", "footprint": uuid, "delivered": true});
        made(ledger, "100", json!({"flows": [energy("50", "grid"), paint]}));
    }),
    ("superseded", Attention, |faulty, ledger, asked| {
        let (old, new) = ("00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002");
        ledger.bought(old, ("1", "kg"), "1");
        if faulty {
            asked.superseded = BTreeMap::from([(old.parse().unwrap(), new.parse().unwrap())]);
        }
        let paint = json!({"name": "paint", "kind": "material", "amount": "100", "unit": "kg", "footprint": old, "delivered": true});
        made(ledger, "100", json!({"flows": [energy("50", "grid"), paint]}));
    }),
    ("publication-behind", Attention, |faulty, ledger, _| {
        made(ledger, "100", json!({}));
        let footprint = ledger.footprint("p");
        let now = json!({"period": period("2025-01-01", "2026-01-01"), "validity": period("2025-01-01", "2027-01-01")});
        ledger.published(&footprint, "00000000-0000-4000-8000-000000000001", now);
        if faulty {
            let held = ledger.inventory.factors.get_mut(&"grid".parse().unwrap()).unwrap();
            held.statement.name = "corrected".parse().unwrap();
            ledger.factor_with(
                "grid",
                "kWh",
                json!({"category": "electricity.lifecycle", "values": {"fossilGhgEmissions": "0.6"}}),
            );
        }
    }),
];
