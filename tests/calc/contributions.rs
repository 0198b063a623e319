//! The contributions of a whole chain reach known levels and sum, as printed, to the figure: with
//! loops, credits, stages, batches and the network.

use pcf_ledger::calc::{Chain, ContributionSource, Grouping, Request, TopFlows, footprint};
use pcf_ledger::model::{Boundary, Co2e};
use pcf_testing::inventory::{Ledger, flow, id, input, year};
use proptest::prelude::*;
use serde_json::json;

use crate::published::{case, matrix};

fn top(ledger: &Ledger, product: &str, request: &Request, count: usize) -> TopFlows {
    let chain = Chain::of(&ledger.inventory, &[&id(product)], request).unwrap();
    chain.trace(&id(product)).unwrap().top(count).unwrap()
}

/// Product, level and kg of every flow that is not zero.
fn flows(top: &TopFlows) -> Vec<(String, String, String)> {
    let told = |f: &pcf_ledger::calc::Contribution| {
        let name = f.product.as_str().rsplit(':').next().unwrap().to_owned();
        (name, f.level.to_string(), f.excluding_uptake.to_string())
    };
    top.flows.iter().filter(|f| !f.excluding_uptake.is_zero()).map(told).collect()
}

fn told(rows: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    rows.iter().map(|(a, b, c)| ((*a).to_owned(), (*b).to_owned(), (*c).to_owned())).collect()
}

/// A bottle of two caps and a body; the body holds one cap more. Electricity everywhere, and a credit.
fn bottle() -> Ledger {
    let mut ledger = Ledger::new();
    ledger.factor("grid", "kWh", "0.5").factor("avoided", "kg", "-2");
    for name in ["cap", "body", "bottle"] {
        ledger.product(name, json!({}));
    }
    ledger.made("cap", "10", json!([flow("20", "kWh", "grid")]));
    ledger.made("body", "2", json!([flow("3", "kWh", "grid"), input("2", "piece", "cap")]));
    ledger.made(
        "bottle",
        "1",
        json!([
            flow("0.3", "kWh", "grid"),
            input("2", "piece", "cap"),
            input("1", "piece", "body"),
            flow("0.4", "kg", "avoided")
        ]),
    );
    ledger
}

#[test]
fn a_part_counts_at_the_level_of_all_its_ways() {
    let ledger = bottle();
    assert_eq!(ledger.gate("bottle"), "3.1", "0.15 + 2 * 1 + 0.75 + 1 - 0.8");
    let all = top(&ledger, "bottle", &year(), 25);
    let expected =
        [("cap", "3", "3"), ("bottle", "1", "-0.8"), ("body", "1", "0.75"), ("bottle", "1", "0.15")];
    assert_eq!(flows(&all), told(&expected));
    assert_eq!((all.burdens.to_string().as_str(), all.credits.to_string().as_str()), ("3.9", "-0.8"));
    assert_eq!((all.rest_count, all.rest.is_zero(), all.rounding.is_zero()), (0, true, true));
    let two = top(&ledger, "bottle", &year(), 2);
    assert_eq!(flows(&two), told(&expected[..2]));
    assert_eq!((two.rest_count, two.rest.to_string().as_str()), (2, "0.9"));
    assert_eq!(top(&ledger, "bottle", &year(), 0).rest.to_string(), "3.1");
}

#[test]
fn own_flows_stop_at_what_is_consumed() {
    let ledger = bottle();
    let request = year();
    let chain = Chain::of(&ledger.inventory, &[&id("bottle")], &request).unwrap();
    let own = chain.trace(&id("bottle")).unwrap().own().unwrap();
    let whole = ledger.footprint("bottle");
    assert_eq!(own.flows, whole.contributions, "one list, whoever asks");
    assert!(
        matches!(&own.flows[0].source, ContributionSource::Product { product, .. } if *product == id("cap"))
    );
}

#[test]
fn groups_add_up_to_the_footprint_with_burdens_and_credits_apart() {
    let mut ledger = bottle();
    let uuid = "3f0a7c3e-0000-4000-8000-000000000001";
    ledger.bought(uuid, ("1", "piece"), "0.7");
    ledger.product("case", json!({}));
    ledger.activity(json!({"by": "packer", "outputs": [{"product": id("case"), "amount": "1", "unit": "piece"}], "flows": [
        input("6", "piece", "bottle"), {"name": "lid", "kind": "material", "amount": "2", "unit": "piece", "footprint": uuid},
        {"name": "leak", "kind": "emission", "amount": "0.001", "unit": "kg", "gas": "SF6"}]}));
    let request = year();
    let chain = Chain::of(&ledger.inventory, &[&id("case")], &request).unwrap();
    let trace = chain.trace(&id("case")).unwrap();
    let rows = |grouping| {
        let broken = trace.by(grouping).unwrap();
        let sum = Co2e::total(broken.groups.iter().map(|g| g.kg)).unwrap().plus(broken.rounding).unwrap();
        assert_eq!(sum, trace.total(), "{grouping:?}");
        let row =
            |g: &pcf_ledger::calc::Group| (g.name.clone(), g.burdens.to_string(), g.credits.to_string());
        broken.groups.iter().map(row).collect::<Vec<_>>()
    };
    let lid = format!("footprint {uuid}");
    assert_eq!(
        rows(Grouping::Supplier),
        told(&[("packer", "25.2", "0"), ("acme", "23.4", "-4.8"), (&lid, "1.4", "0")])
    );
    assert_eq!(rows(Grouping::Stage), told(&[("production", "50", "-4.8")]));
    assert_eq!(rows(Grouping::Category), told(&[("fossilGhgEmissions", "50", "-4.8")]));
    let process = |name: &str| format!("production / make / {}", id(name));
    let expected = [
        (process("case"), "26.6".to_owned(), "0".to_owned()),
        (process("cap"), "18".to_owned(), "0".to_owned()),
        (process("body"), "4.5".to_owned(), "0".to_owned()),
        (process("bottle"), "0.9".to_owned(), "-4.8".to_owned()),
    ];
    assert_eq!(rows(Grouping::Process), expected);
}

#[test]
fn a_loop_is_followed_to_its_published_levels() {
    // openLCA's mutual loop: two of p1 ask for 4 of each, direct emissions 8 and 4.
    let ledger = matrix(&case("03_openlca_mutual_loop"), "f2");
    let all = top(&ledger, "p1", &year(), 9);
    assert_eq!(flows(&all), told(&[("p1", "2", "4"), ("p2", "2", "2")]));
    // Brightway's loop with outputs of 2 and 4: eight of the second run either process 8/3 times, emitting 4/3 and 8/3.
    let ledger = matrix(&case("10_brightway_nonunit_recursion"), "a");
    let all = top(&ledger, "2", &year(), 9);
    let expected = [
        ("2", "1.333333333333333333", "0.333333333333333"),
        ("1", "0.666666666666666667", "0.166666666666667"),
    ];
    assert_eq!(flows(&all), told(&expected));
    assert_eq!((all.rest.is_zero(), all.rounding.is_zero()), (true, true));
    let request = year();
    let chain = Chain::of(&ledger.inventory, &[&id("2")], &request).unwrap();
    let network = chain.trace(&id("2")).unwrap().sankey(99).unwrap();
    let into = |to: &str, from: &str| {
        network.links.iter().any(|l| l.target == id(to).as_str() && l.source == id(from).as_str())
    };
    assert!(into("1", "2") && into("2", "1"), "{network:?}");
    assert!(network.rounding.quanta().abs() <= 3, "{network:?}");
}

#[test]
fn what_lies_beyond_the_gate_counts_once_and_by_its_stage() {
    let mut ledger = bottle();
    ledger.product("bottle", json!({"boundary": "cradle-to-grave", "processes": [
        {"stage": "production", "name": "make", "signers": ["acme"]}, {"stage": "use", "name": "wash", "signers": ["acme"]}]}));
    ledger.activity(json!({"stage": "use", "process": "wash", "flows": [flow("2", "kWh", "grid"), input("1", "piece", "cap")],
        "outputs": [{"product": id("bottle"), "amount": "1", "unit": "piece"}]}));
    // Design without a place in the boundary asked for never shows.
    for (boundary, total, stages) in [
        (Boundary::Grave, "5.1", vec![("production", "3.1"), ("use", "2")]),
        (Boundary::Gate, "3.1", vec![("production", "3.1")]),
    ] {
        let request = Request { boundary: Some(boundary), ..year() };
        let chain = Chain::of(&ledger.inventory, &[&id("bottle")], &request).unwrap();
        let trace = chain.trace(&id("bottle")).unwrap();
        assert_eq!(trace.total().to_string(), total);
        let broken = trace.by(Grouping::Stage).unwrap();
        let found: Vec<_> = broken.groups.iter().map(|g| (g.name.as_str(), g.kg.to_string())).collect();
        assert_eq!(found, stages.into_iter().map(|(s, kg)| (s, kg.to_owned())).collect::<Vec<_>>());
        assert!(trace.top(9).unwrap().rounding.is_zero());
    }
}

#[test]
fn a_batch_is_traced_as_it_was_asked_for() {
    let mut ledger = Ledger::new();
    ledger.factor("grid", "kWh", "0.5").product("p", json!({}));
    for (batch, kwh, month) in [("A", "2", "01"), ("B", "6", "02")] {
        let period = json!({"start": format!("2025-{month}-01"), "end": format!("2025-{month}-28")});
        ledger.activity(json!({"batch": batch, "period": period, "flows": [flow(kwh, "kWh", "grid")],
            "outputs": [{"product": id("p"), "amount": "1", "unit": "piece"}]}));
    }
    let request = Request { batch: Some("B".parse().unwrap()), ..year() };
    assert_eq!(flows(&top(&ledger, "p", &request, 9)), told(&[("p", "1", "3")]));
    assert_eq!(flows(&top(&ledger, "p", &year(), 9)), told(&[("p", "1", "1.5"), ("p", "1", "0.5")]));
}

#[test]
fn the_network_keeps_its_balance_when_it_is_cut() {
    let ledger = bottle();
    let request = year();
    let chain = Chain::of(&ledger.inventory, &[&id("bottle")], &request).unwrap();
    let trace = chain.trace(&id("bottle")).unwrap();
    let all = trace.sankey(99).unwrap();
    let link = |from: &str, to: &str| {
        let found = all.links.iter().find(|l| l.source.ends_with(from) && l.target.ends_with(to));
        found.map(|l| l.kg.to_string()).unwrap_or_default()
    };
    assert_eq!(
        [link(":cap", ":bottle"), link(":cap", ":body"), link("factor:grid", ":cap")],
        ["2", "1", "3"]
    );
    assert_eq!([link(":body", ":bottle"), link("factor:avoided", ":bottle")], ["1.75", "-0.8"]);
    for count in 0..8 {
        let cut = trace.sankey(count).unwrap();
        assert!(cut.rounding.is_zero(), "{count}: {cut:?}");
        let named: Vec<&str> = cut.nodes.iter().map(|n| n.id.as_str()).collect();
        assert!(
            cut.links
                .iter()
                .all(|l| named.contains(&l.source.as_str()) && named.contains(&l.target.as_str()))
        );
    }
}

#[test]
fn a_product_outside_the_chain_and_one_that_fails_say_so() {
    let ledger = bottle();
    let request = year();
    let chain = Chain::of(&ledger.inventory, &[&id("cap")], &request).unwrap();
    assert!(chain.trace(&id("bottle")).is_err());
    let mut broken = bottle();
    broken.made("cap", "1", json!([flow("1", "kWh", "nowhere")]));
    assert!(Chain::of(&broken.inventory, &[&id("cap")], &request).is_err());
    let all = Chain::all(&broken.inventory, &request).unwrap();
    assert_eq!(all.products().count(), 0, "everything here needs the cap");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Random chains, some with loops: amount of factor, pieces made, from which product, how much of it in thousandths.
    #[test]
    fn what_is_printed_adds_up_to_the_last_digit(
        seeds in prop::collection::vec((-10_i64.pow(9)..10_i64.pow(9), 1..10_u64.pow(4), any::<u8>(), 0..400_u64), 1..20),
        count in 0_usize..12,
    ) {
        let mut ledger = Ledger::new();
        ledger.factor("f", "kg", "0.000000123457");
        for (i, (kg, made, from, amount)) in seeds.iter().enumerate() {
            ledger.product(&format!("n{i:02}"), json!({}));
            let amount = amount * made; // At most 0.4 of a piece goes into a piece, so no loop fails.
            let amount = format!("{}.{:03}", amount / 1000, amount % 1000);
            let amount = amount.trim_end_matches('0').trim_end_matches('.');
            let from = usize::from(*from) % seeds.len();
            ledger.made(&format!("n{i:02}"), &made.to_string(),
                json!([flow(&kg.to_string(), "kg", "f"), input(amount, "piece", &format!("n{from:02}"))]));
        }
        let request = year();
        let chain = Chain::all(&ledger.inventory, &request).unwrap();
        prop_assert_eq!(chain.products().count(), seeds.len());
        for product in chain.products() {
            let trace = chain.trace(product).unwrap();
            let official = footprint(&ledger.inventory, product, &request).unwrap().figures.gate.excluding_uptake;
            prop_assert_eq!(trace.total(), official);
            let top = trace.top(count).unwrap();
            let shown = Co2e::total(top.flows.iter().map(|f| f.excluding_uptake)).unwrap();
            let sum = shown.plus(top.rest).unwrap().plus(top.rounding).unwrap();
            prop_assert_eq!(sum, official);
            prop_assert!(top.rounding.quanta().abs() < 100, "{}: only roundings of 1e-15 kg are left", top.rounding);
            prop_assert!(top.flows.len() <= count && top.burdens.quanta() >= 0 && top.credits.quanta() <= 0);
            for grouping in [Grouping::Supplier, Grouping::Stage, Grouping::Process, Grouping::Category] {
                let broken = trace.by(grouping).unwrap();
                let sum = Co2e::total(broken.groups.iter().map(|g| g.kg)).unwrap().plus(broken.rounding).unwrap();
                prop_assert_eq!(sum, official);
                prop_assert!(broken.rounding.quanta().abs() < 200);
            }
            let alone = Chain::of(&ledger.inventory, &[product], &request).unwrap();
            prop_assert_eq!(alone.trace(product).unwrap().top(count).unwrap(), top, "alone or with all");
        }
    }
}
