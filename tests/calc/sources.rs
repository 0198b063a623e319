//! A flow takes its figure from a factor, a product, a supplier or a publication, and each source
//! follows its own rules.

use pcf_ledger::calc::{ContributionSource, FlowProblem, Request};
use pcf_ledger::model::{Category, GwpSet};
use pcf_testing::inventory::{Ledger, flow, id, input, with, year};
use serde_json::{Value, json};

const UUID: &str = "3f0a7c3e-0000-4000-8000-000000000001";

/// A product whose one flow is `flow`, with the factors of `factors`: name, unit and what is different.
fn one(flow: Value, factors: &[(&str, &str, Value)]) -> Ledger {
    let mut ledger = Ledger::new();
    ledger.product("p", json!({}));
    for (name, unit, changes) in factors {
        let mut changes = changes.clone();
        if changes.get("values").is_none() {
            changes["values"] = json!({"fossilGhgEmissions": "1"});
        }
        ledger.factor_with(name, unit, changes);
    }
    ledger.made("p", "1", json!([flow]));
    ledger
}

fn burnt(upstream: Option<&str>) -> Value {
    with(flow("10", "kWh_ncv", "burn"), json!({"upstream": upstream}))
}

#[test]
fn a_direct_factor_needs_the_upstream_of_its_fuel() {
    let burn = || ("burn", "kWh_ncv", json!({"category": "fuel.combustion", "scope": "direct"}));
    let well = |scope: &str| {
        let changes =
            json!({"category": "fuel.wtt", "scope": scope, "values": {"fossilGhgEmissions": "0.5"}});
        ("well", "kWh_ncv", changes)
    };
    assert!(matches!(one(burnt(None), &[burn()]).problem("p"), FlowProblem::UpstreamMissing { .. }));
    let both = one(burnt(Some("well")), &[burn(), well("upstream")]);
    assert_eq!(both.gate("p"), "15");
    let parts = both.footprint("p").contributions;
    assert_eq!(parts.iter().map(|c| (c.flow, c.upstream)).collect::<Vec<_>>(), [(0, false), (0, true)]);
    let wrong = one(burnt(Some("well")), &[burn(), well("life-cycle")]).problem("p");
    assert!(matches!(wrong, FlowProblem::UpstreamScope { .. }), "{wrong}");
    assert!(matches!(one(burnt(Some("well")), &[burn()]).problem("p"), FlowProblem::UnknownFactor { .. }));
    let litres = ("well", "L", json!({"category": "fuel.wtt", "scope": "upstream"}));
    let message = one(burnt(Some("well")), &[burn(), litres]).problem("p").to_string();
    assert!(message.contains("the upstream factor well"), "{message}");
}

#[test]
fn an_upstream_beside_a_life_cycle_factor_would_count_twice() {
    let whole = ("burn", "kWh_ncv", json!({"category": "fuel.combustion"}));
    let well = ("well", "kWh_ncv", json!({"category": "fuel.wtt", "scope": "upstream"}));
    assert!(matches!(
        one(burnt(Some("well")), &[whole, well]).problem("p"),
        FlowProblem::UpstreamTwice { .. }
    ));
}

#[test]
fn a_product_takes_no_electricity_factor_of_organisations() {
    let grid = ("grid", "kWh", json!({"category": "electricity.generation", "scope": "direct"}));
    let message = one(flow("1", "kWh", "grid"), &[grid]).problem("p").to_string();
    assert!(message.contains("electricity footprint factor"), "{message}");
}

#[test]
fn electricity_at_the_busbar_adds_the_losses() {
    let plant =
        || ("plant", "kWh", json!({"category": "electricity.lifecycle", "exclusions": ["grid-losses"]}));
    let losses = (
        "losses",
        "kWh",
        json!({"category": "electricity.td_loss", "values": {"fossilGhgEmissions": "0.05"}}),
    );
    let used = |upstream: Value| with(flow("10", "kWh", "plant"), json!({"upstream": upstream}));
    assert!(matches!(one(used(Value::Null), &[plant()]).problem("p"), FlowProblem::GridLossesMissing { .. }));
    assert_eq!(one(used(json!("losses")), &[plant(), losses.clone()]).gate("p"), "10.5");
    let whole = ("plant", "kWh", json!({"category": "electricity.lifecycle"}));
    assert!(matches!(
        one(used(json!("losses")), &[whole, losses]).problem("p"),
        FlowProblem::UpstreamTwice { .. }
    ));
}

#[test]
fn waste_that_holds_carbon_takes_no_factor_without_its_combustion() {
    let oven = || ("oven", "kg", json!({"category": "waste", "exclusions": ["combustion"]}));
    let waste = |fossil: Value, biogenic: Value| {
        with(
            flow("1", "kg", "oven"),
            json!({"kind": "waste", "fossilCarbon": fossil, "biogenicCarbon": biogenic}),
        )
    };
    for (fossil, biogenic) in
        [(Value::Null, Value::Null), (json!("0"), Value::Null), (Value::Null, json!("0"))]
    {
        let problem = one(waste(fossil, biogenic), &[oven()]).problem("p");
        assert!(matches!(problem, FlowProblem::WasteCarbonUnstated { .. }), "{problem}");
    }
    for (fossil, biogenic) in [("0.8", "0"), ("0", "0.4")] {
        let problem = one(waste(json!(fossil), json!(biogenic)), &[oven()]).problem("p");
        assert!(matches!(problem, FlowProblem::WasteHoldsCarbon { .. }), "{problem}");
    }
    assert_eq!(one(waste(json!("0"), json!("0")), &[oven()]).gate("p"), "1");
}

#[test]
fn gases_are_characterised_with_the_set_asked_for() {
    let gases = json!({"values": null, "gwp": null, "gases": {"CO2": "2", "CH4_fossil": "0.1", "CH4_biogenic": "0.1",
        "N2O": "0.01", "CO2_biogenic": "-3"}});
    let mut ledger = one(flow("1", "kg", "mix"), &[("mix", "kg", gases)]);
    ledger.product("p", json!({"carbon": {"biogenic": "0.818181818181", "fossil": "0"}}));
    let asked = |set: GwpSet| ledger.asked("p", &Request { gwp: set, ..year() });
    let gate = asked(GwpSet::Ar6).figures.gate;
    assert_eq!(gate.categories[Category::Fossil].to_string(), "7.71");
    assert_eq!(gate.categories[Category::BiogenicNonCo2].to_string(), "2.7");
    assert_eq!(gate.categories[Category::BiogenicUptake].to_string(), "-3");
    let old = asked(GwpSet::Ar4);
    assert_eq!(old.figures.gate.excluding_uptake.to_string(), "9.98");
    assert_eq!(old.figures.gwp.iter().map(|g| g.as_str()).collect::<Vec<_>>(), ["AR4"]);
    assert!(old.notes.iter().any(|n| n.contains("AR4 has one value for methane")), "{:?}", old.notes);
}

#[test]
fn the_disputed_value_of_sf6_is_a_named_choice_that_shows() {
    let lost = json!({"name": "leak", "kind": "emission", "amount": "0.01", "unit": "kg", "gas": "SF6"});
    let ledger = one(lost, &[]);
    for (set, kg, says) in [
        (GwpSet::Ar4, "228", None),
        (GwpSet::Ar5, "235", None),
        (GwpSet::Ar6, "252", Some("SF6 counts 25200, as in IPCC AR6 table 7.SM.7")),
        (GwpSet::Ar6GhgProtocolSf6, "243", Some("SF6 counts 24300, as in the GHG Protocol's list")),
    ] {
        let found = ledger.asked("p", &Request { gwp: set, ..year() });
        assert_eq!(found.figures.gate.excluding_uptake.to_string(), kg, "{set}");
        assert_eq!(found.figures.gwp.iter().map(|g| g.as_str()).collect::<Vec<_>>(), [set.as_str()]);
        assert_eq!(
            found.notes.iter().find(|n| n.starts_with("SF6")).map(|n| n.contains(says.unwrap_or("nothing"))),
            says.map(|_| true)
        );
    }
}

#[test]
fn a_gas_without_a_value_in_the_set_is_an_error() {
    let lost = json!({"name": "leak", "kind": "emission", "amount": "1", "unit": "kg", "gas": "NF3"});
    let ledger = one(lost, &[]);
    let errors = ledger.errors_of("p", &Request { gwp: GwpSet::Sar, ..year() });
    assert!(errors[0].to_string().contains("SAR has no characterisation factor for NF3"), "{errors:?}");
    assert_eq!(ledger.gate("p"), "17400");
}

#[test]
fn a_blend_stays_itself_and_counts_what_its_components_do() {
    let lost = |gas: &str| {
        one(json!({"name": "leak", "kind": "emission", "amount": "2", "unit": "kg", "gas": gas}), &[])
    };
    let ledger = lost("R454B");
    let found = ledger.asked("p", &year());
    // 2 * (0.689 * 771 + 0.311 * 0.501)
    assert_eq!(found.figures.gate.excluding_uptake.to_string(), "1062.749622");
    assert_eq!(found.contributions[0].source.id(), "gas R454B");
    let said = "R454B counts by its mass shares (ASHRAE 34): 68.9 % HFC32, 31.1 % HFO1234yf";
    assert!(found.notes.iter().any(|note| note == said), "{:?}", found.notes);
    let old = ledger.errors_of("p", &Request { gwp: GwpSet::Ar5, ..year() });
    let said = "AR5 has no characterisation factor for HFO1234yf, a component of R454B; ask for another set";
    assert!(old[0].to_string().ends_with(said), "{old:?}");
    let known = lost("R404A");
    let at =
        |set| known.asked("p", &Request { gwp: set, ..year() }).figures.gate.excluding_uptake.to_string();
    assert_eq!((at(GwpSet::Ar6), at(GwpSet::Ar4)), ("9456".to_owned(), "7843.2".to_owned()));
    let factor = json!({"values": null, "gwp": null, "gases": {"R410A": "0.1", "R513A": "0.01"}});
    let mixed = one(flow("1", "kg", "chiller"), &[("chiller", "kg", factor)]);
    assert_eq!(mixed.gate("p"), "232.2848056", "0.1 * 2255.5 + 0.01 * 673.48056");
}

#[test]
fn what_would_lose_digits_is_refused_with_how_to_state_more() {
    let mut ledger = one(flow("0.000000000001", "kg", "f"), &[("f", "kg", json!({}))]);
    assert_eq!(ledger.gate("p"), "0.000000000001", "exact when small");
    ledger.product("q", json!({"declaredUnit": {"amount": "3", "unit": "piece"}}));
    ledger.made("q", "3", json!([flow("1", "kg", "f")]));
    ledger.made("p", "1", json!([input("0.000000000001", "piece", "q")]));
    let said = ledger.errors("p").iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    assert!(said.contains("0.000000000001 piece is less than 0.000000000001 of 3 piece"), "{said}");
    assert!(said.contains("for 1,000 pieces in place of one, with 1,000 times every amount"), "{said}");
    let mut little = one(flow("1", "kg", "f"), &[("f", "kg", json!({}))]);
    little.product("p", json!({"declaredUnit": {"amount": "7", "unit": "piece"}}));
    little.made("p", "0.000000000002", json!([flow("1", "kg", "f")]));
    let said = little.errors("p").iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("0.000000000002 piece, is less than 0.000000000001 declared units (7 piece)"),
        "{said}"
    );
}

#[test]
fn a_process_whose_figure_rounds_to_nothing_is_told_and_is_no_silent_zero() {
    let small = json!({"values": {"fossilGhgEmissions": "0.000000000001"}});
    let mut ledger = one(flow("0.0001", "kg", "f"), &[("f", "kg", small)]);
    let told = |ledger: &Ledger| {
        let notes = ledger.asked("p", &year()).notes;
        notes.into_iter().filter(|note| note.contains("a larger declared unit")).collect::<Vec<_>>()
    };
    let found = told(&ledger);
    assert!(found[0].starts_with("production process `make` gives less than half of"), "{found:?}");
    ledger.product("p", json!({"declaredUnit": {"amount": "1000", "unit": "piece"}}));
    assert_eq!(told(&ledger), [""; 0], "1e-13 kg per 1,000 pieces");
    assert_eq!(ledger.gate("p"), "0.0000000000001");
    let nothing = one(flow("1", "kg", "f"), &[("f", "kg", json!({"values": {"fossilGhgEmissions": "0"}}))]);
    assert_eq!(told(&nothing), [""; 0], "what is nothing is shown as nothing");
}

#[test]
fn every_gwp_set_that_entered_is_listed_also_through_other_products() {
    let mut ledger = Ledger::new();
    ledger.product("p", json!({})).product("part", json!({})).factor("f", "kg", "1");
    ledger.factor_with("grid", "kWh", json!({"values": {"fossilGhgEmissions": "0.5777"}, "gwp": "unstated"}));
    ledger.made("part", "1", json!([flow("1", "kWh", "grid")]));
    ledger.made("p", "1", json!([flow("1", "kg", "f"), input("1", "piece", "part")]));
    let footprint = ledger.footprint("p");
    assert_eq!(footprint.figures.gwp.iter().map(|g| g.as_str()).collect::<Vec<_>>(), ["AR6", "unstated"]);
    assert!(footprint.notes.iter().any(|n| n.contains("grid")), "{:?}", footprint.notes);
}

fn cap(amount: &str, unit: &str) -> Value {
    json!({"name": "cap", "kind": "material", "amount": amount, "unit": unit, "footprint": UUID})
}

#[test]
fn a_bought_footprint_counts_per_its_declared_unit_and_amount() {
    let mut ledger = one(cap("30", "piece"), &[]);
    let bought = ledger.bought(UUID, ("1000", "piece"), "50");
    (bought.unexplained, bought.primary_data_share) = ("0.5".parse().unwrap(), Some("40".parse().unwrap()));
    let footprint = ledger.footprint("p");
    assert_eq!(footprint.figures.gate.excluding_uptake.to_string(), "1.5");
    assert_eq!(footprint.figures.primary_data_share.to_string(), "40");
    assert!(footprint.notes.iter().any(|n| n.contains("0.5 kg of its headline")), "{:?}", footprint.notes);
    assert!(footprint.notes.iter().any(|n| n.contains("states no validity")));
    let mut heavy = one(cap("5", "kg"), &[]);
    heavy.bought(UUID, ("1000", "piece"), "50").mass_per_declared_unit = Some("10".parse().unwrap());
    assert_eq!(heavy.gate("p"), "25");
    let mut empty = one(cap("1", "piece"), &[]);
    empty.bought(UUID, ("0", "piece"), "50");
    assert!(matches!(empty.problem("p"), FlowProblem::Value(_)));
    assert!(matches!(one(cap("1", "piece"), &[]).problem("p"), FlowProblem::UnknownFootprint { .. }));
}

#[test]
fn a_bought_footprint_must_be_valid_throughout_the_period() {
    for (validity, valid) in
        [("2025-01-01..2026-01-01", true), ("2025-01-02..2026-01-01", false), ("2024", false)]
    {
        let mut ledger = one(cap("1", "piece"), &[]);
        ledger.bought(UUID, ("1", "piece"), "2").validity = Some(validity.parse().unwrap());
        if valid {
            assert_eq!(ledger.gate("p"), "2");
        } else {
            assert!(matches!(ledger.problem("p"), FlowProblem::FootprintNotValid { .. }), "{validity}");
        }
    }
}

/// `p` consumes two of `part`, which was made in 2024 for 3 kg and published.
fn published(changes: Value) -> Ledger {
    let mut ledger = Ledger::new();
    ledger.product("p", json!({})).product("part", json!({})).factor("f", "kg", "1");
    let before = json!({"start": "2024-01-01", "end": "2025-01-01"});
    ledger.activity(json!({"period": before, "flows": [flow("3", "kg", "f")],
        "outputs": [{"product": id("part"), "amount": "1", "unit": "piece"}]}));
    let then = ledger.asked("part", &Request { period: "2024".parse().unwrap(), ..year() });
    ledger.made("p", "1", json!([input("2", "piece", "part")]));
    ledger.published(&then, UUID, changes);
    ledger
}

#[test]
fn a_product_without_data_enters_at_its_last_published_gate() {
    let mut ledger = published(json!({}));
    let footprint = ledger.footprint("p");
    assert_eq!(footprint.figures.gate.excluding_uptake.to_string(), "6");
    assert!(matches!(footprint.contributions[0].source, ContributionSource::Publication { .. }));
    let publication = &ledger.inventory.publications[0];
    assert!(footprint.used.contains(&publication.id));
    assert!(footprint.notes.iter().any(|n| n.contains(UUID)), "{:?}", footprint.notes);
    let mut newer = footprint.clone();
    (newer.product, newer.figures.gate.categories[Category::Fossil]) = (id("part"), "4".parse().unwrap());
    ledger.published(&newer, "3f0a7c3e-0000-4000-8000-000000000002", json!({}));
    assert_eq!(ledger.gate("p"), "8", "the newest counts");
}

/// The same after the declared unit of the part was corrected; the publication rests on the earlier one.
fn corrected(declared: Value) -> Ledger {
    use pcf_ledger::calc::Change;
    let mut ledger = published(json!({}));
    let mut held = ledger.inventory.products[&id("part")].clone();
    let before = held.id;
    held.id = pcf_testing::inventory::number(1000);
    let text = with(serde_json::to_value(&held.statement).unwrap(), declared);
    held.statement = serde_json::from_value(text).unwrap();
    ledger.inventory.apply([Change::Ends(before), Change::Product(held)]);
    ledger
}

#[test]
fn a_publication_counts_per_the_declared_unit_that_it_rests_on() {
    let thousand = corrected(json!({"declaredUnit": {"amount": "1000", "unit": "piece"}}));
    assert_eq!(thousand.gate("p"), "6", "two pieces of 3 kg");
    let used = &thousand.footprint("p").contributions[0];
    assert_eq!(used.source_unit.amount.to_string(), "1000");
    let third = corrected(json!({"declaredUnit": {"amount": "0.3", "unit": "piece"}}));
    assert_eq!(third.gate("p"), "6");
}

#[test]
fn a_publication_per_another_quantity_stands_for_nothing_and_says_so() {
    let mut ledger = corrected(json!({"declaredUnit": {"amount": "1", "unit": "kg"}}));
    ledger.inventory.activities[1].statement.flows[0] =
        serde_json::from_value(input("2", "kg", "part")).unwrap();
    let errors = ledger.errors("p");
    let said: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert!(said.iter().any(|said| said.contains(UUID) && said.contains("publish")), "{said:?}");
}

#[test]
fn drafts_batches_and_other_validities_stand_for_nothing() {
    for changes in [
        json!({"status": "draft"}),
        json!({"batch": "b1"}),
        json!({"validity": {"start": "2024-01-01", "end": "2025-12-31"}}),
    ] {
        let errors = published(changes).errors("p");
        assert!(matches!(errors[..], [pcf_ledger::calc::CalcError::NoData { .. }]), "{errors:?}");
    }
}

#[test]
fn a_publication_never_hides_other_errors_and_own_data_come_first() {
    let mut wrong = published(json!({}));
    wrong.made("part", "1", json!([flow("1", "L", "f")]));
    assert!(matches!(wrong.problem("p"), FlowProblem::UnitMismatch { .. }));
    let mut fresh = published(json!({}));
    fresh.made("part", "1", json!([flow("7", "kg", "f")]));
    assert_eq!(fresh.gate("p"), "14");
}

#[test]
fn an_unknown_product_is_named_with_statement_and_flow() {
    let message = one(input("1", "piece", "ghost"), &[]).refusal("p");
    assert!(message.contains("`ghost used`") && message.contains("product-id:ghost"), "{message}");
}
