//! Random ledgers with loops, stand-ins, batches, scenarios, joint production, recycling,
//! redactions, credits, huge numbers and every kind of fault: one product has the figures that it
//! has among all, where each figure is summed in small numbers if they fit, and the order of
//! statements does not matter.

use pcf_ledger::calc::{Chain, Grouping, Held, Request, footprint, footprints};
use pcf_ledger::model::{Boundary, Decimal, Figures, GwpSet, Header};
use pcf_testing::header_of;
use pcf_testing::inventory::{Ledger, id, year};
use serde_json::{Value, json};

/// Numbers from a seed (SplitMix64), and how odd the ledger is, in percent.
pub struct Random {
    state: u64,
    /// Products, faults, huge numbers, loops and credits.
    count: u64,
    wild: u64,
    big: u64,
    loops: u64,
    credits: u64,
}

impl Random {
    pub fn new(seed: u64) -> Self {
        let mut random = Self { state: seed * 7919, count: 0, wild: 0, big: 0, loops: 0, credits: 0 };
        random.wild = [0, 0, 2, 8, 25][random.below(5) as usize];
        random.big = [0, 0, 3, 30][random.below(4) as usize];
        random.loops = [0, 10, 40, 100][random.below(4) as usize];
        random.credits = [0, 0, 15][random.below(3) as usize];
        random.count = 2 + random.below(8);
        random
    }

    fn below(&mut self, end: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % end
    }

    fn percent(&mut self, times: u64) -> bool {
        self.below(100) < times
    }

    /// A decimal above zero, of thousandths.
    fn decimal(&mut self, below_thousandths: u64) -> String {
        let m = 1 + self.below(below_thousandths);
        let text = format!("{}.{:03}", m / 1000, m % 1000);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    fn pick<'s>(&mut self, of: &[&'s str]) -> &'s str {
        of[self.below(of.len() as u64) as usize]
    }

    fn quality(&mut self) -> Value {
        let mut one = || (1 + self.below(5)).to_string();
        json!({"geography": one(), "technology": one(), "time": one()})
    }

    /// Puts a field in so many of a hundred times.
    fn put(&mut self, into: &mut Value, times: u64, field: &str, value: impl FnOnce(&mut Self) -> Value) {
        if self.percent(times) {
            into[field] = value(self);
        }
    }
}

fn name(i: u64) -> String {
    format!("n{i:03}")
}

const BOUGHT: &str = "7c9d4e12-5b6f-4a83-9d21-0c4f8e6a1b35";

fn sources(r: &mut Random, ledger: &mut Ledger) {
    for f in 0..6 {
        let mut values = json!({"fossilGhgEmissions": r.decimal(9_000)});
        let huge = |r: &mut Random| json!((1_000_000_000 * (1 + r.below(900_000_000))).to_string());
        r.put(&mut values, r.big, "fossilGhgEmissions", huge);
        r.put(&mut values, 30, "landUseChangeGhgEmissions", |r| json!(r.decimal(2_000)));
        r.put(&mut values, 3, "biogenicCO2Uptake", |r| json!(format!("-{}", r.decimal(500))));
        r.put(&mut values, 10, "aircraftGhgEmissions", |r| json!(r.decimal(500)));
        let mut factor = json!({"values": values});
        r.put(&mut factor, 30, "data", |_| json!("primary"));
        r.put(&mut factor, 30, "quality", |r| r.quality());
        r.put(&mut factor, 30, "uncertainty", |_| json!("1.3"));
        r.put(&mut factor, 20, "gwp", |_| json!("unstated"));
        let unit = if r.percent(r.wild) { "kWh" } else { "kg" };
        ledger.factor_with(&format!("f{f}"), unit, factor);
    }
    ledger.factor_with("gases", "kg", json!({"gwp": null, "gases": {"CH4_fossil": "0.5", "SF6": "0.001"}}));
    let fossil = |kg: &str| json!({"fossilGhgEmissions": kg});
    let direct = json!({"category": "fuel.combustion", "scope": "direct", "values": fossil("2.5")});
    ledger.factor_with("direct", "kg", direct);
    ledger.factor_with("up", "kg", json!({"scope": "upstream", "values": fossil("0.5")}));
    let bought = ledger.bought(BOUGHT, ("2", "piece"), "3.5");
    bought.primary_data_share = Some("33.3".parse().unwrap());
    bought.mass_per_declared_unit = Some("0.25".parse().unwrap());
}

const PROCESSES: [(&str, &str); 6] = [
    ("production", "make"),
    ("procurement", "buy"),
    ("use", "run"),
    ("recycling", "scrap"),
    ("design", "draw"),
    ("production", "unlisted"),
];

/// A product; the processes that it lists.
fn product(r: &mut Random, ledger: &mut Ledger, i: u64) -> Vec<(&'static str, &'static str)> {
    let grave = r.percent(30);
    let after = if grave { 100 } else { 10 };
    let mut listed = vec![PROCESSES[0]];
    listed.extend(r.percent(40).then_some(PROCESSES[1]));
    if r.percent(after) {
        listed.extend([PROCESSES[2], PROCESSES[3]]);
    }
    listed.extend(r.percent(10).then_some(PROCESSES[4]));
    let process = |(stage, name): &(&str, &str)| json!({"stage": stage, "name": name, "signers": ["acme"]});
    let mut said = json!({"processes": listed.iter().map(process).collect::<Vec<_>>()});
    r.put(&mut said, if grave { 100 } else { 0 }, "boundary", |_| json!("cradle-to-grave"));
    r.put(&mut said, 10, "designAtGate", |_| json!(true));
    r.put(&mut said, 60, "massPerDeclaredUnit", |r| json!(r.decimal(3_000)));
    r.put(&mut said, 20, "declaredUnit", |r| json!({"amount": r.decimal(5_000), "unit": "piece"}));
    r.put(&mut said, r.wild / 2, "declaredUnit", |_| json!({"amount": "2", "unit": "kg"}));
    r.put(&mut said, 95, "exemptions", |_| json!("listed"));
    r.put(&mut said, r.wild, "exemptions", |_| json!("none"));
    let carbon = |r: &mut Random| if r.percent(50) { "0".to_owned() } else { r.decimal(100) };
    r.put(&mut said, 10, "carbon", |r| json!({"biogenic": carbon(r), "fossil": "0"}));
    r.put(&mut said, 100 - r.wild, "unitTolerancePercent", |_| json!("100"));
    r.put(&mut said, 10, "ids", |_| json!([id(&name(i)), id(&format!("alias{i}"))]));
    r.put(&mut said, 12, "recycling", |r| {
        let mut steel = json!({"material": "steel", "kg": r.decimal(2_000), "A": "0.2", "B": "0", "R1": "0.3", "R2": "0.85",
            "R3": "0", "QsinQp": "1", "QsoutQp": "1", "Ev": "f0", "Erec": "f1", "ErecEoL": "f2", "EvStar": "f0", "Ed": "f3"});
        r.put(&mut steel, 10, "Ev", |_| json!("none"));
        json!({"method": "cff", "materials": [steel]})
    });
    ledger.product(&name(i), said);
    listed
}

fn flow(r: &mut Random, i: u64, place: u64) -> Value {
    if r.percent(4) {
        return json!({"name": format!("flow {place}"), "kind": "excluded", "reason": "small", "estimate": r.decimal(900)});
    }
    let kinds = ["material", "material", "material", "packaging", "aircraft", "energy", "transport"];
    let huge = r.percent(r.big);
    let amount = if huge { r.below(u64::MAX >> 5).to_string() } else { r.decimal(4_000) };
    let credit = r.percent(r.credits) && amount != "0";
    let amount = if credit { format!("-{amount}") } else { amount };
    let mut flow =
        json!({"name": format!("flow {place}"), "kind": r.pick(&kinds), "amount": amount, "unit": "kg"});
    match r.below(11) {
        0..=5 => {
            flow["factor"] = json!(format!("f{}", r.below(6)));
            r.put(&mut flow, r.wild, "factor", |_| json!("missing"));
        }
        6..=8 => {
            let any = r.percent(r.loops) || i == 0;
            let to = r.below(if any { r.count } else { i });
            flow["product"] = json!(id(&name(to)));
            r.put(&mut flow, r.wild, "product", |_| json!(id("nobody")));
            r.put(&mut flow, 100 - r.wild, "unit", |_| json!("piece"));
            let little = if r.big == 0 { 70 } else { 0 };
            r.put(&mut flow, little, "amount", |r| json!(format!("0.{:02}1", r.below(60))));
        }
        9 => {
            flow["gas"] = json!(r.pick(&["CO2", "CH4_fossil", "N2O", "SF6"]));
            r.put(&mut flow, r.wild, "gas", |_| json!("CO2_biogenic"));
            flow["kind"] = json!("emission");
        }
        _ => match r.below(3) {
            0 => flow["footprint"] = json!(BOUGHT),
            1 => (flow["factor"], flow["upstream"]) = (json!("direct"), json!("up")),
            _ => flow["factor"] = json!("gases"),
        },
    }
    r.put(&mut flow, 40, "data", |r| json!(r.pick(&["primary", "secondary"])));
    r.put(&mut flow, 30, "uncertainty", |r| json!(r.pick(&["1.2", "1.05", "2"])));
    let below_zero = flow["amount"].as_str().is_some_and(|amount| amount.starts_with('-'));
    if r.percent(r.wild / 2) && !below_zero {
        let valid = json!({"start": "2025-01-01", "end": "2026-01-01"});
        let number = r.below(6);
        let covers = (100 * number).max(1).to_string();
        flow["unit"] = json!("kWh");
        flow["instruments"] = json!([{"id": format!("GEC{number}"), "kWh": covers, "period": valid}]);
    }
    flow
}

/// Adds a second output.
fn share(r: &mut Random, activity: &mut Value, i: u64) {
    let other = (i + 1 + r.below(r.count - 1)) % r.count;
    let method = r.pick(if r.wild == 0 { &["pieces", "key"] } else { &["mass", "pieces", "price", "key"] });
    activity["allocation"] = json!(method);
    r.put(activity, 100 - r.wild, "site", |_| json!({"name": format!("joint {i} {other}")}));
    let beside = json!({"product": id(&name(other)), "amount": r.decimal(3_000), "unit": "piece"});
    let Some(outputs) = activity["outputs"].as_array_mut() else { return };
    outputs.push(beside);
    let keyed = if ["price", "key"].contains(&method) { 100 - r.wild } else { 0 };
    for output in outputs {
        let key = if method == "price" { "value" } else { "keys" };
        r.put(output, keyed, key, |r| {
            let amount = json!(r.decimal(3_000));
            if method == "price" { amount } else { json!({"key": amount}) }
        });
        r.put(output, r.wild, "value", |r| json!(r.decimal(3_000)));
    }
}

fn activity(r: &mut Random, i: u64, (stage, process): (&str, &str), span: (&str, &str)) -> Value {
    let flows: Vec<Value> = (0..1 + r.below(4)).map(|place| flow(r, i, place)).collect();
    let little = r.percent(r.big / 3);
    let pieces = if little { "0.000000000001".to_owned() } else { r.decimal(9_000) };
    let unit = if r.percent(r.wild) { "kg" } else { "piece" };
    let mut activity = json!({"stage": stage, "process": process, "period": {"start": span.0, "end": span.1}, "flows": flows,
        "outputs": [{"product": id(&name(i)), "amount": pieces, "unit": unit}]});
    r.put(&mut activity, 20, "site", |r| json!({"name": format!("s{}", r.below(3))}));
    if r.percent(15) {
        share(r, &mut activity, i);
    }
    r.put(&mut activity, 15, "batch", |r| json!(format!("b{}", r.below(2))));
    r.put(&mut activity, 3, "scenario", |r| json!(format!("sc{}", r.below(2))));
    if r.percent(2) {
        activity["period"] = json!({"start": "2024-01-01", "end": "2024-07-01"});
        r.put(&mut activity, 60, "appliesTo", |_| json!({"start": "2024-01-01", "end": "2026-01-01"}));
    }
    if r.percent(r.wild / 3) {
        activity["period"] = json!({"start": "2024-10-01", "end": "2025-03-01"});
        activity.as_object_mut().unwrap().remove("appliesTo");
    }
    r.put(&mut activity, 30, "quality", |r| r.quality());
    activity
}

/// A ledger with everything that statements can say, part of it wrong.
pub fn ledger(r: &mut Random) -> Ledger {
    let mut ledger = Ledger::new();
    sources(r, &mut ledger);
    for i in 0..r.count {
        let mut listed = product(r, &mut ledger, i);
        listed.extend(r.percent(r.wild).then_some(PROCESSES[5]));
        for process in listed {
            if r.percent(r.wild) {
                continue;
            }
            let spans: &[(&str, &str)] = match r.below(50) {
                0..=39 => &[("2025-01-01", "2026-01-01")],
                40..=48 => &[("2025-01-01", "2025-05-01"), ("2025-05-01", "2026-01-01")],
                _ => &[("2025-01-01", "2025-05-01"), ("2025-04-01", "2026-01-01")],
            };
            for span in spans {
                ledger.activity(activity(r, i, process, *span));
            }
        }
    }
    publish(r, &mut ledger);
    redact(r, &mut ledger);
    ledger
}

/// Publications, some of products whose data go.
fn publish(r: &mut Random, ledger: &mut Ledger) {
    for i in (0..r.count).map(name) {
        if !r.percent(25) {
            continue;
        }
        let mut simple = Ledger::new();
        simple.product(&i, json!({})).factor("x", "kg", &r.decimal(5_000));
        simple.made(
            &i,
            "1",
            json!([{"name": "x", "kind": "material", "amount": "1", "unit": "kg", "factor": "x"}]),
        );
        ledger.published(&simple.footprint(&i), "0d8f7f5e-1111-4a83-9d21-0c4f8e6a1b35", json!({}));
        if r.percent(60) {
            ledger.inventory.activities.retain(|held| held.statement.outputs[0].product != id(&i));
        }
    }
}

fn redact(r: &mut Random, ledger: &mut Ledger) {
    let inventory = &mut ledger.inventory;
    if r.percent(r.wild) && !inventory.activities.is_empty() {
        let held = inventory.activities.remove(r.below(inventory.activities.len() as u64) as usize);
        let Header::Activity(statement) = header_of(&held.statement.into()) else { unreachable!() };
        inventory.redacted.activities.push(Held { id: held.id, statement });
    }
    if r.percent(r.wild) {
        let (factor, held) = inventory.factors.pop_first().unwrap();
        inventory.redacted.factors.insert(factor, held.id);
    }
}

/// Figures without the means over flows. Those of a loop are repeated at most 64 times, and once
/// more for the product that is asked for: where they have not settled by then, the last digits
/// differ.
pub fn without_means(figures: &Figures) -> Figures {
    Figures { data_quality: None, primary_data_share: Decimal::ZERO, ..figures.clone() }
}

fn check(ledger: &Ledger, request: &Request, what: &str) -> [usize; 3] {
    let (inventory, mut found, mut unsettled) = (&ledger.inventory, [0, 0], 0);
    let mut turned = inventory.clone();
    turned.activities.reverse();
    let all = footprints(inventory, request).unwrap();
    assert_eq!(all, footprints(&turned, request).unwrap(), "{what}, turned");
    for (product, among) in &all {
        let alone = footprint(inventory, product, request);
        assert_eq!(alone, footprint(&turned, product, request), "{what}, {product}, turned");
        found[usize::from(alone.is_err())] += 1;
        let figures = alone.as_ref().ok().map(|alone| &alone.figures);
        assert_eq!(figures.map(without_means), among.as_ref().ok().map(without_means), "{what}, {product}");
        unsettled += usize::from(figures != among.as_ref().ok());
        let chain = Chain::of(inventory, &[product], request);
        assert_eq!(chain.as_ref().err(), alone.as_ref().err(), "{what}, {product}");
        let (Ok(chain), Ok(alone)) = (chain, alone) else { continue };
        let Ok(trace) = chain.trace(product) else { continue };
        assert_eq!(trace.figures(), &alone.figures, "{what}, {product}");
        if let Ok(own) = trace.own() {
            assert!(own.flows.len() <= alone.contributions.len(), "{what}, {product}");
        }
        if let Ok(by) = trace.by(Grouping::Stage) {
            let sum: i128 = by.groups.iter().map(|group| group.kg.quanta()).sum();
            assert_eq!(sum + by.rounding.quanta(), trace.total().quanta(), "{what}, {product}");
        }
    }
    [found[0], found[1], unsettled]
}

#[test]
fn one_product_is_as_among_all_whatever_the_ledger_says() {
    let mut found = [0, 0, 0];
    for seed in 1..=250 {
        let ledger = ledger(&mut Random::new(seed));
        for request in [
            year(),
            Request { boundary: Some(Boundary::Gate), gwp: GwpSet::Ar4, ..year() },
            Request { boundary: Some(Boundary::Grave), scenario: Some("sc0".parse().unwrap()), ..year() },
            Request { batch: Some("b0".parse().unwrap()), ..year() },
        ] {
            let of = check(&ledger, &request, &format!("seed {seed}, {request:?}"));
            found = [found[0] + of[0], found[1] + of[1], found[2] + of[2]];
        }
    }
    let [with, without, unsettled] = found;
    assert!(with > 500 && without > 500, "{with} with figures, {without} without");
    assert!(unsettled * 100 < with, "{unsettled} of {with} with means that have not settled");
}
