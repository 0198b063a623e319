//! The recycling methods give the published and the derived answers, keep their identities, and
//! agree on every path of the calculation.

use std::collections::BTreeMap;

use num_rational::BigRational;
use pcf_ledger::calc::{
    self, CalcError, Chain, FlowProblem, Footprint, Request, explain, footprints, uncertainty,
};
use pcf_ledger::model::{Boundary, Co2e, Product, Stage};
use pcf_testing::inventory::{Ledger, flow, id, input, with, year};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::oracle::{decimal, rounded, ten_to};
use crate::published::case;

const FACTORS: [&str; 8] = ["Ev", "Erec", "ErecEoL", "EvStar", "Ed", "Eer", "Eheat", "Eelec"];

fn steel() -> Value {
    json!({"material": "steel", "kg": "1", "A": "0.2", "B": "0", "R1": "0.3", "R2": "0.85", "R3": "0", "QsinQp": "1", "QsoutQp": "1",
        "Ev": "Ev", "Erec": "Erec", "ErecEoL": "ErecEoL", "EvStar": "EvStar", "Ed": "Ed"})
}

/// A product of one material, cradle to grave, beside a process that gives nothing.
fn shop(method: &str, material: &Value, factors: &BTreeMap<&str, String>) -> Ledger {
    let mut ledger = Ledger::new();
    for (name, kg) in factors {
        ledger.factor(name, if ["Eheat", "Eelec"].contains(name) { "MJ" } else { "kg" }, kg);
    }
    ledger.factor("nothing", "kg", "0");
    ledger.product(
        "p",
        json!({"boundary": "cradle-to-grave", "recycling": {"method": method, "materials": [material]}}),
    );
    ledger.made("p", "1", json!([flow("1", "kg", "nothing")]));
    ledger
}

fn steel_factors() -> BTreeMap<&'static str, String> {
    let all = [
        ("Ev", "2.86390131"),
        ("Erec", "1.82390131"),
        ("ErecEoL", "1.82390131"),
        ("EvStar", "2.86390131"),
        ("Ed", "0.00898311"),
    ];
    all.into_iter().map(|(name, kg)| (name, kg.to_owned())).collect()
}

fn steel_shop(method: &str, changes: Value) -> Ledger {
    shop(method, &with(steel(), changes), &steel_factors())
}

fn grave(footprint: &Footprint) -> String {
    footprint.figures.grave.as_ref().unwrap().excluding_uptake.to_string()
}

/// The figures of processes that are not zero, by name.
fn processes(footprint: &Footprint) -> Vec<(String, String)> {
    let all = footprint.figures.processes.iter().filter(|p| !p.figures.excluding_uptake.is_zero());
    all.map(|p| (format!("{} / {}", p.stage, p.process), p.figures.excluding_uptake.to_string())).collect()
}

fn told(rows: &[(&str, &str)]) -> Vec<(String, String)> {
    rows.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

#[test]
fn steel_comes_out_exactly_with_its_credits_apart() {
    let footprint = steel_shop("cff", json!({})).footprint("p");
    assert_eq!(grave(&footprint), "2.0956487765");
    let expected = [
        ("procurement / steel (content)", "2.55190131"),
        ("recycling / steel (credits at the end of life)", "-1.9474528908"),
        ("recycling / steel (credits of shared content)", "-0.4377363144"),
        ("recycling / steel (end of life)", "1.2416003573"),
        ("recycling / steel (shared content)", "0.6873363144"),
    ];
    assert_eq!(processes(&footprint), told(&expected));
    assert_eq!(
        footprint.figures.gate.excluding_uptake.to_string(),
        "2.55190131",
        "at the gate the content alone, with A at 1"
    );
    assert_eq!(footprint.notes.len(), 1, "everything is stated: {:?}", footprint.notes);
}

#[test]
fn at_the_gate_the_formula_counts_with_a_at_one_and_tells_the_figure_with_the_own_a() {
    let asked = Request { boundary: Some(Boundary::Gate), ..year() };
    let footprint = steel_shop("cff", json!({})).asked("p", &asked);
    // 0.7 * 2.86390131 + 0.3 * 1.82390131
    assert_eq!(footprint.figures.gate.excluding_uptake.to_string(), "2.55190131");
    let said = "recycling of `steel`: at the gate A is 1, PEF's default for intermediate products, and its content gives 2.55190131 kg; with its own A of 0.2 it would give 2.80150131 kg";
    assert_eq!(footprint.notes, [said]);
    for (method, changes) in
        [("cff", json!({"A": "1"})), ("cff", json!({"R1": "0"})), ("50:50", json!({"A": null}))]
    {
        let own = steel_shop(method, changes).asked("p", &asked);
        assert_eq!(own.notes, [""; 0], "{method}: nothing to tell");
    }
}

#[test]
fn the_gate_of_an_input_hangs_on_no_boundary() {
    let mut ledger = steel_shop("cff", json!({}));
    ledger.product("q", json!({"boundary": "cradle-to-grave"}));
    ledger.made("q", "1", json!([input("1", "piece", "p")]));
    for boundary in [None, Some(Boundary::Gate), Some(Boundary::Grave)] {
        let asked = Request { boundary, ..year() };
        for product in ["p", "q"] {
            let gate = ledger.asked(product, &asked).figures.gate.excluding_uptake;
            assert_eq!(gate.to_string(), "2.55190131", "{product}, {boundary:?}");
        }
    }
}

/// `n/d` with a denominator that ends.
fn fraction(text: &Value) -> String {
    let (n, d) = text.as_str().unwrap().split_once('/').unwrap_or((text.as_str().unwrap(), "1"));
    let (n, d): (i64, i64) = (n.parse().unwrap(), d.parse().unwrap());
    assert_eq!(1_000_000 % d, 0);
    decimal(u64::try_from(n * 1_000_000 / d).unwrap()).0
}

#[test]
fn every_case_of_the_exact_grid_comes_out_in_all_its_parts() {
    let cases = case("17_cff_exact_grid");
    let cases = cases["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 7);
    for case in cases {
        let given = |key: &str| fraction(&case["input"][key]);
        let material = json!({"material": "m", "kg": "1", "A": given("A"), "B": given("B"), "R1": given("R1"), "R2": given("R2"),
            "R3": given("R3"), "QsinQp": given("Qi"), "QsoutQp": given("Qo"), "LHV": given("LHV"), "Xheat": given("Xh"), "Xelec": given("Xe"),
            "Ev": "Ev", "Erec": "Erec", "ErecEoL": "ErecEoL", "EvStar": "EvStar", "Ed": "Ed", "Eer": "Eer", "Eheat": "Eheat", "Eelec": "Eelec"});
        let keys = ["Ev", "Erec", "EoL", "Evs", "ED", "EER", "Eh", "Ee"];
        let factors = FACTORS.into_iter().zip(keys.map(given)).collect();
        let footprint = shop("cff", &material, &factors).footprint("p");
        let expected = &case["expected_exact"];
        let name = &case["name"];
        assert_eq!(grave(&footprint), fraction(&expected["total"]), "{name}");
        let of = |words: &[&str]| {
            let all =
                footprint.contributions.iter().filter(|c| words.iter().any(|w| c.name.as_str().ends_with(w)));
            Co2e::total(all.map(|c| c.excluding_uptake)).unwrap().to_string()
        };
        assert_eq!(of(&["Ev", "Erec", "Qp", "ErecEoL"]), fraction(&expected["material"]), "{name}");
        assert_eq!(of(&["Eer", "Eheat", "Eelec"]), fraction(&expected["energy"]), "{name}");
        assert_eq!(of(&["*Ed"]), fraction(&expected["disposal"]), "{name}");
    }
}

#[test]
fn every_test_vector_of_the_formula_comes_out_exactly() {
    let path = format!("{}/tests/vectors/calc/cff_test_vectors.csv", env!("CARGO_MANIFEST_DIR"));
    let mut rows = csv::Reader::from_path(path).unwrap();
    let mut count = 0;
    for row in rows.deserialize::<BTreeMap<String, String>>() {
        let row = row.unwrap();
        let plain = |key: &str| if row[key] == "-0.0000000000" { "0".to_owned() } else { row[key].clone() };
        let mut material = json!({"material": row["case"], "kg": "1"});
        for (name, column) in [
            ("A", "A"),
            ("B", "B"),
            ("R1", "R1"),
            ("R2", "R2"),
            ("R3", "R3"),
            ("QsinQp", "Qsin_Qp"),
            ("QsoutQp", "Qsout_Qp"),
            ("LHV", "LHV"),
            ("Xheat", "X_heat"),
            ("Xelec", "X_elec"),
        ] {
            material[name] = json!(row[column]);
        }
        let columns = ["Ev", "Erec", "ErecEoL", "Evstar", "Ed", "Eer", "E_SE_heat", "E_SE_elec"];
        for name in FACTORS {
            material[name] = json!(name);
        }
        let footprint =
            shop("cff", &material, &FACTORS.into_iter().zip(columns.map(plain)).collect()).footprint("p");
        // The table is rounded to ten digits.
        let quanta = footprint.figures.grave.unwrap().excluding_uptake.quanta();
        let total: i128 = row["total"].replace('.', "").parse().unwrap();
        let found = rounded(&BigRational::new(quanta.into(), ten_to(15)), 10);
        assert_eq!(found, BigRational::new(total.into(), ten_to(10)), "{}", row["case"]);
        count += 1;
    }
    assert_eq!(count, 6);
}

#[test]
fn a_method_is_the_formula_with_its_parts_fixed() {
    let none = json!({"A": null, "B": null, "QsinQp": null, "QsoutQp": null});
    let of = |method: &str, changes: Value| grave(&steel_shop(method, changes).footprint("p"));
    for (method, a) in [("closed-loop 0:100", "0"), ("50:50", "0.5")] {
        assert_eq!(of(method, none.clone()), of("cff", json!({"A": a})), "{method}");
    }
    assert_eq!(of("cut-off", none.clone()), of("cff", json!({"A": "1", "B": "1"})));
    assert_eq!(of("cut-off", none), "2.5532487765");
    assert_eq!(
        of("closed-loop 0:100", json!({"A": null, "R1": "0"})),
        of("closed-loop 0:100", json!({"A": null, "R1": "1"}))
    );
}

#[test]
fn cut_off_needs_no_factor_of_what_it_leaves_out() {
    let changes = json!({"A": null, "B": null, "QsinQp": null, "QsoutQp": null, "ErecEoL": null, "EvStar": null, "R3": "0.1"});
    let footprint = steel_shop("cut-off", changes).footprint("p");
    let expected = [
        ("procurement / steel (content)", "2.55190131"),
        ("recycling / steel (end of life)", "0.0004491555"),
    ];
    assert_eq!(processes(&footprint), told(&expected));
    assert!(footprint.notes.is_empty(), "no default enters: {:?}", footprint.notes);
}

#[test]
fn european_defaults_are_named_in_the_result_and_so_is_where_they_are_used() {
    let bare = json!({"A": null, "B": null, "QsinQp": null, "QsoutQp": null});
    let note = |changes: Value| {
        let footprint = steel_shop("cff", with(bare.clone(), changes)).footprint("p");
        assert_eq!(grave(&footprint).len(), 12, "{}", grave(&footprint));
        footprint.notes.into_iter().filter(|note| note.contains("defaults")).collect::<Vec<_>>()
    };
    let taken = "recycling of `steel`: A 0.2, QsinQp 1, QsoutQp 1 taken from the European defaults (PEF Annex C v2.1, May 2020)";
    assert_eq!(note(json!({"region": "DE"})), [taken.to_owned()]);
    assert_eq!(note(json!({"region": "CN"})), [format!("{taken}, used for CN")]);
    assert_eq!(note(json!({})), [format!("{taken}, used for a region that is not stated")]);
    let other = steel_shop("cff", with(bare, json!({"material": "magnesium"})));
    let said = other.refusal("p");
    assert!(
        said.contains("recycling of `magnesium`: state QsinQp: `magnesium` has no default of it"),
        "{said}"
    );
}

#[test]
fn what_mixes_two_methods_is_refused() {
    let none = json!({"A": null, "B": null, "QsinQp": null, "QsoutQp": null});
    for (method, changes, means) in [
        ("cut-off", json!({"A": "0"}), "cut-off means A 1, got 0"),
        ("cut-off", json!({"B": "0"}), "cut-off means B 1, got 0"),
        ("closed-loop 0:100", json!({"A": "0.2"}), "closed-loop 0:100 means A 0, got 0.2"),
        ("closed-loop 0:100", json!({"QsoutQp": "0.9"}), "closed-loop 0:100 means QsoutQp 1, got 0.9"),
        ("50:50", json!({"A": "0.2"}), "50:50 means A 0.5, got 0.2"),
    ] {
        let said = steel_shop(method, with(none.clone(), changes)).refusal("p");
        assert!(said.contains("mixes two recycling methods") && said.contains(means), "{said}");
    }
}

#[test]
fn a_credit_stated_at_the_end_of_life_beside_the_method_is_refused() {
    // Cut-off on the way in and a full credit on the way out once made -2.25 kg for a kg of aluminium.
    let mut ledger = Ledger::new();
    ledger
        .factor("recycled", "kg", "0.55")
        .factor("primary", "kg", "8.2")
        .factor("melting", "kg", "0.6")
        .factor("avoided", "kg", "-8.2");
    let listed = json!([{"stage": "production", "name": "make", "signers": ["acme"]}, {"stage": "recycling", "name": "end", "signers": ["acme"]}]);
    ledger.product("p", json!({"boundary": "cradle-to-grave", "processes": listed}));
    ledger.made("p", "1", json!([flow("1", "kg", "recycled")]));
    for credit in [flow("-0.4", "kg", "primary"), flow("0.4", "kg", "avoided")] {
        let mut ledger = ledger.clone();
        ledger.activity(
            json!({"stage": "recycling", "process": "end", "flows": [flow("0.4", "kg", "melting"), credit],
            "outputs": [{"product": id("p"), "amount": "1", "unit": "piece"}]}),
        );
        let FlowProblem::RecyclingCredit { fossil, method, .. } = ledger.problem("p") else {
            panic!("another error")
        };
        assert_eq!((fossil.as_str(), method.to_string().as_str()), ("-3.28", "cut-off"));
    }
    ledger.activity(json!({"stage": "recycling", "process": "end", "flows": [flow("0.4", "kg", "melting")],
        "outputs": [{"product": id("p"), "amount": "1", "unit": "piece"}]}));
    assert_eq!(grave(&ledger.footprint("p")), "0.79");
}

#[test]
fn parameters_that_cannot_be_are_refused_by_name() {
    for (changes, said) in [
        (json!({"R1": "1.1"}), "gives R1 of the recycled material `steel` as 1.1, expected 0 to 1"),
        (
            json!({"R3": "0.2"}),
            "gives R2 + R3 of the recycled material `steel` as 0.85 + 0.2, expected at most 1",
        ),
        (json!({"A": "-0.1"}), "gives A of the recycled material `steel` as -0.1, expected 0 to 1"),
        (json!({"R3": "0.1"}), "needs Eer of the recycled material `steel`"),
        (json!({"R3": "0.1", "Eer": "Ed", "Xheat": "0.2"}), "needs LHV of the recycled material `steel`"),
        (json!({"R3": "0.1", "Eer": "Ed", "Xheat": "0.6", "Xelec": "0.5"}), "than its heating value holds"),
        (json!({"Ed": null}), "needs Ed of the recycled material `steel`"),
        (json!({"EvStar": null}), "needs EvStar of the recycled material `steel`"),
        (json!({"kg": "0"}), "needs kg of the recycled material `steel` above 0"),
    ] {
        let refusal = steel_shop("cff", changes).refusal("p");
        assert!(refusal.contains(said), "{refusal}");
    }
    let statement = &steel_shop("cff", json!({})).inventory.products[&id("p")].statement;
    let text = serde_json::to_value(statement).unwrap();
    let check =
        |changes: Value| serde_json::from_value::<Product>(with(text.clone(), changes)).unwrap().check();
    assert!(check(json!({})).is_ok());
    let taken =
        json!({"processes": [{"stage": "procurement", "name": "steel (content)", "signers": ["acme"]}]});
    assert!(
        check(taken)
            .unwrap_err()
            .to_string()
            .contains("names the process `steel (content)`, which its recycled material has")
    );
    let twice = json!({"recycling": {"method": "cff", "materials": [steel(), steel()]}});
    assert!(check(twice).unwrap_err().to_string().contains("names the recycled material `steel` twice"));
    let bare = json!({"recycling": {"method": "cff"}});
    assert!(check(bare).unwrap_err().to_string().contains("names the recycling method cff and no material"));
}

#[test]
fn a_factor_that_cannot_stand_in_the_formula_is_refused_by_name() {
    let with_factor = |name: &str, unit: &str, changes: Value| {
        let material = json!({"R3": "0.1", "Eer": "Ed", "LHV": "10", "Xheat": "0.2", "Eheat": "Ed"});
        let mut ledger = steel_shop("cff", material);
        ledger.factor_with(name, unit, with(json!({"values": {"fossilGhgEmissions": "1"}}), changes));
        ledger
    };
    let said = with_factor("x", "kg", json!({})).refusal("p");
    assert!(said.contains("replaced heat (1-B)*R3*LHV*Xheat*Eheat: the factor Ed is per kg, expected a unit of energy as delivered"), "{said}");
    let burnt = with_factor("Ed", "MJ", json!({}));
    let errors: Vec<String> = burnt.errors("p").iter().map(ToString::to_string).collect();
    assert!(
        errors.iter().any(|e| e.contains("the factor Ed is per MJ, expected a unit of mass")),
        "{errors:?}"
    );
    let mut waste = steel_shop("cff", json!({}));
    waste.factor_with(
        "Ed",
        "kg",
        json!({"values": {"fossilGhgEmissions": "1"}, "category": "waste", "exclusions": ["combustion"]}),
    );
    assert!(waste.refusal("p").contains("Ed leaves combustion out"), "{}", waste.refusal("p"));
    let mut unknown = steel_shop("cff", json!({}));
    unknown.inventory.factors.remove(&"Erec".parse().unwrap());
    assert!(
        matches!(&unknown.errors("p")[..], [CalcError::Recycling { problem, .. }, CalcError::Recycling { .. }] if problem.contains("Erec is not in the ledger"))
    );
    assert!(footprints(&unknown.inventory, &year()).unwrap()[&id("p")].is_err());
}

#[test]
fn recycled_material_of_a_part_enters_what_is_made_of_it_also_in_a_loop() {
    let mut ledger = steel_shop("cff", json!({"kg": "2"}));
    ledger.product("q", json!({}));
    ledger.made("q", "4", json!([input("2", "piece", "p"), flow("1", "kg", "Ed")]));
    // Content of two kg is 5.10380262: half of it, and a quarter of 0.00898311.
    assert_eq!(ledger.gate("q"), "2.5541470875");
    // Scrap of q goes back into p: p = 5.10380262 + 0.1 q, q = p / 2 + 0.0022457775, so 0.95 p = 5.10402719775.
    ledger.inventory.activities.remove(0);
    ledger.made("p", "1", json!([input("0.1", "piece", "q"), flow("0", "kg", "Ed")]));
    assert_eq!(ledger.gate("p"), "5.372660208157895");
    let all = footprints(&ledger.inventory, &year()).unwrap();
    assert_eq!(all[&id("p")].as_ref().unwrap(), &ledger.footprint("p").figures);
    for product in ["p", "q"] {
        let asked = year();
        let chain = Chain::of(&ledger.inventory, &[&id(product)], &asked).unwrap();
        let top = chain.trace(&id(product)).unwrap().top(30).unwrap();
        let sum = Co2e::total(top.flows.iter().map(|f| f.excluding_uptake).chain([top.rest, top.rounding]))
            .unwrap();
        let footprint = ledger.footprint(product);
        assert_eq!(
            sum,
            footprint.figures.grave.unwrap_or(footprint.figures.gate).excluding_uptake,
            "{product}"
        );
        assert!(top.rounding.quanta().abs() < 20, "{}", top.rounding);
    }
}

#[test]
fn contributions_of_every_kind_hold_the_terms_of_recycling() {
    let ledger = steel_shop("cff", json!({}));
    let asked = year();
    let chain = Chain::of(&ledger.inventory, &[&id("p")], &asked).unwrap();
    let trace = chain.trace(&id("p")).unwrap();
    for flows in [trace.own().unwrap(), trace.top(20).unwrap()] {
        assert_eq!(
            (flows.burdens.to_string(), flows.credits.to_string()),
            ("4.4808379817".into(), "-2.3851892052".into())
        );
        assert!(flows.rounding.is_zero() && flows.rest.is_zero());
        let largest: Vec<String> =
            flows.flows.iter().take(2).map(|f| format!("{} {}", f.name, f.excluding_uptake)).collect();
        assert_eq!(
            largest,
            [
                "virgin material (1-R1)*Ev 2.004730917",
                "replaced material (1-A)*R2*EvStar*Qsout/Qp -1.9474528908"
            ]
        );
        let of = &flows.flows[1];
        assert_eq!((of.stage, of.statement), (Stage::Recycling, ledger.inventory.products[&id("p")].id));
        assert_eq!(of.converted.to_string(), "-0.68");
    }
    for grouping in
        [calc::Grouping::Supplier, calc::Grouping::Stage, calc::Grouping::Process, calc::Grouping::Category]
    {
        let by = trace.by(grouping).unwrap();
        assert!(by.rounding.is_zero());
        assert!(by.groups.iter().all(|group| !group.name.is_empty()));
        assert_eq!(Co2e::total(by.groups.iter().map(|g| g.kg)).unwrap().to_string(), "2.0956487765");
    }
    let mut own = ledger.footprint("p").contributions;
    let mut traced = trace.own().unwrap().flows;
    own.sort_by_key(|c| (c.statement, c.flow));
    traced.sort_by_key(|c| (c.statement, c.flow));
    assert_eq!(own, traced, "the footprint and its trace tell the same");
}

#[test]
fn a_factor_that_is_burden_and_credit_of_one_product_is_two_links_of_the_network() {
    let ledger = steel_shop("cff", json!({"EvStar": "Ev"}));
    let asked = year();
    let chain = Chain::of(&ledger.inventory, &[&id("p")], &asked).unwrap();
    let trace = chain.trace(&id("p")).unwrap();
    let network = trace.sankey(99).unwrap();
    let of = |source: &str, network: &calc::Sankey| -> Vec<String> {
        network.links.iter().filter(|l| l.source == source).map(|l| l.kg.to_string()).collect()
    };
    assert_eq!(of("factor:Ev", &network), ["2.6920672314", "-1.9474528908"]);
    let parts = |network: &calc::Sankey, is_credit: bool| {
        let kg = network.links.iter().map(|l| l.kg).filter(|kg| (kg.quanta() < 0) == is_credit);
        Co2e::total(kg).unwrap().to_string()
    };
    let flows = trace.own().unwrap();
    for count in 0..6 {
        let cut = trace.sankey(count).unwrap();
        assert!(cut.rounding.is_zero());
        assert_eq!(parts(&cut, false), flows.burdens.to_string(), "{count}: {cut:?}");
        assert_eq!(parts(&cut, true), flows.credits.to_string(), "{count}: {cut:?}");
    }
}

#[test]
fn the_mass_of_recycled_material_goes_in_at_the_gate_and_is_treated_at_the_end_of_life() {
    let found = |kg: &str, more: Value| {
        let mut ledger = steel_shop("cff", json!({"kg": kg}));
        let material = with(steel(), json!({"kg": kg}));
        let recycling = json!({"method": "cff", "materials": [material]});
        ledger.product(
            "p",
            with(
                json!({"boundary": "cradle-to-grave", "recycling": recycling, "massPerDeclaredUnit": "1"}),
                more,
            ),
        );
        ledger.factor("grid", "kWh", "1");
        ledger.inventory.activities.clear();
        ledger.made("p", "1", json!([with(flow("1", "kWh", "grid"), json!({"kind": "energy"}))]));
        let found =
            pcf_ledger::plausibility::check(&ledger.inventory, &pcf_ledger::plausibility::Asked::default());
        let about = ["mass-balance", "end-of-life-shares"];
        let found = found.findings.into_iter().filter(|f| about.contains(&f.rule));
        found.map(|f| (f.rule, f.sentence)).collect::<Vec<_>>()
    };
    assert_eq!(found("1", json!({})), vec![]);
    let twice = found("2", json!({}));
    assert_eq!(
        twice.iter().map(|(rule, _)| *rule).collect::<Vec<_>>(),
        ["mass-balance", "end-of-life-shares"]
    );
    assert!(twice[0].1.contains("go in 2 kg (steel 2 kg) and come out 1 kg"), "{twice:?}");
    assert!(twice[1].1.contains("2 kg of each 1 piece are treated (steel 2 kg)"), "{twice:?}");
    // To the gate nothing is treated yet.
    let gate = found("2", json!({"boundary": "cradle-to-gate"}));
    assert_eq!(gate.iter().map(|(rule, _)| *rule).collect::<Vec<_>>(), ["mass-balance"]);
}

#[test]
fn an_uncertain_factor_of_the_formula_makes_the_footprint_uncertain() {
    let mut ledger = steel_shop("cff", json!({}));
    ledger.factor_with(
        "Ev",
        "kg",
        json!({"values": {"fossilGhgEmissions": "2.86390131"}, "uncertainty": "1.21"}),
    );
    let asked = year();
    let chain = Chain::of(&ledger.inventory, &[&id("p")], &asked).unwrap();
    let found = uncertainty::first_order(&chain.trace(&id("p")).unwrap()).unwrap();
    let causes: Vec<_> = found.causes.iter().map(|c| (c.name.as_str(), c.percent.to_string())).collect();
    assert_eq!(causes, [("Ev", "100".to_owned())]);
    // (0.7 + 0.3 * 0.8) * Ev.
    assert_eq!(found.causes[0].kg.to_string(), "2.69207");
    let plan = uncertainty::Plan { iterations: 4, seed: 1 };
    let draws = uncertainty::monte_carlo(&chain, &plan).unwrap();
    assert!(draws.of(&id("p")).unwrap().windows(2).all(|w| (w[0] - w[1]).abs() > 1e-9));
}

#[test]
fn a_difference_names_the_terms_that_changed() {
    let (before, after) = (steel_shop("cff", json!({})), steel_shop("cff", json!({"R1": "0.5"})));
    let asked = year();
    let side = |ledger: &'_ Ledger| ledger.inventory.clone();
    let (old, new) = (side(&before), side(&after));
    let difference = explain::difference(
        &id("p"),
        explain::Side { inventory: &old, request: &asked },
        explain::Side { inventory: &new, request: &asked },
    )
    .unwrap();
    // 0.2 more of A * (Erec - Ev): 0.2 * 0.2 * -1.04.
    assert_eq!(difference.split.activity.to_string(), "-0.0416");
    assert!(difference.split.factor.is_zero() && difference.rounding.is_zero());
    assert_eq!(difference.lines.len(), 4);
}

#[test]
fn what_consumes_a_product_follows_a_factor_of_the_formula_and_the_method() {
    let mut ledger = steel_shop("cff", json!({}));
    ledger.product("q", json!({}));
    ledger.made("q", "1", json!([input("1", "piece", "p")]));
    assert_eq!(ledger.gate("q"), ledger.gate("p"));
    let before = ledger.gate("q");
    ledger.factor("Ev", "kg", "3");
    assert_eq!(ledger.gate("q"), ledger.gate("p"));
    assert_ne!(ledger.gate("q"), before);
    ledger.product("p", json!({"boundary": "cradle-to-grave", "recycling": {"method": "cut-off"}}));
    assert_eq!(ledger.gate("q"), "0");
}

#[test]
fn the_statements_of_its_factors_are_used_as_far_as_the_boundary_reaches() {
    let ledger = steel_shop("cff", json!({}));
    let used = |boundary| {
        let request = Request { boundary: Some(boundary), ..year() };
        let used = ledger.asked("p", &request).used;
        FACTORS
            .into_iter()
            .filter(|f| {
                ledger.inventory.factors.get(&f.parse().unwrap()).is_some_and(|h| used.contains(&h.id))
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(used(Boundary::Gate), ["Ev", "Erec"]);
    assert_eq!(used(Boundary::Grave), ["Ev", "Erec", "ErecEoL", "EvStar", "Ed"]);
}

#[test]
fn recycled_material_stands_beside_what_the_product_consumes() {
    let mut ledger = steel_shop("cff", json!({}));
    ledger.product("r", json!({})).factor("heat", "kg", "1");
    ledger.made("r", "2", json!([flow("4", "kg", "heat")]));
    ledger.inventory.activities.remove(0);
    ledger.made("p", "1", json!([input("1", "piece", "r")]));
    assert_eq!(ledger.gate("p"), "4.55190131");
}

/// Random parameters of 1e-6: rates, qualities, kg, LHV, and the factors in 1e-6 kg.
type Random = ([u64; 9], u64, u64, [u64; 8]);

fn random() -> impl Strategy<Value = Random> {
    let rate = 0..1_000_001_u64;
    (
        prop::array::uniform9(rate),
        1..50_000_000_u64,
        0..50_000_000_u64,
        prop::array::uniform8(0..20_000_000_u64),
    )
}

fn material((rates, kg, lhv, _): &Random, scale: u64) -> Value {
    let mut all = json!({"material": "m", "kg": decimal(*kg * scale).0, "LHV": decimal(*lhv).0});
    let [a, b, r1, r2, r3, qi, qo, xh, xe] = *rates;
    // R2 + R3 and the two X at most one.
    let (r3, xe) = (r3 % (1_000_001 - r2), xe % (1_000_001 - xh));
    for (name, rate) in [
        ("A", a),
        ("B", b),
        ("R1", r1),
        ("R2", r2),
        ("R3", r3),
        ("QsinQp", qi),
        ("QsoutQp", qo),
        ("Xheat", xh),
        ("Xelec", xe),
    ] {
        all[name] = json!(decimal(rate).0);
    }
    for name in FACTORS {
        all[name] = json!(name);
    }
    all
}

fn factors((.., values): &Random) -> BTreeMap<&'static str, String> {
    FACTORS.into_iter().zip(values.iter().map(|v| decimal(*v).0)).collect()
}

/// The formula in fractions: content, what of it is shared with the earlier life, burdens and credits of
/// the end of life, each rounded once.
fn expected(random: &Random) -> BigRational {
    let (rates, kg, lhv, values) = random;
    let of = |n: u64| decimal(n).1;
    let [a, b, r1, r2, r3, qi, qo, xh, xe] = *rates;
    let (r3, xe) = (of(r3 % (1_000_001 - r2)), of(xe % (1_000_001 - xh)));
    let (a, b, r1, r2, qi, qo, xh) = (of(a), of(b), of(r1), of(r2), of(qi), of(qo), of(xh));
    let [ev, erec, eol, star, ed, eer, heat, elec] = values.map(of);
    let (kg, lhv, one) = (of(*kg), of(*lhv), BigRational::from(ten_to(0)));
    let content = (&one - &r1) * &ev + &r1 * &erec;
    let (taken, given) = (&r1 * (&one - &a) * &ev * qi, -(&r1 * (&one - &a) * erec));
    let burdens = (&one - &a) * &r2 * eol + (&one - &b) * &r3 * eer + (&one - &r2 - &r3) * ed;
    let credits = -((&one - &a) * r2 * star * qo) - (&one - b) * r3 * lhv * (xh * heat + xe * elec);
    [content, taken, given, burdens, credits].iter().map(|part| rounded(&(part * &kg), 15)).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_digit_of_the_formula_agrees_with_exact_fractions(random in random()) {
        let footprint = shop("cff", &material(&random, 1), &factors(&random)).footprint("p");
        let quanta = footprint.figures.grave.unwrap().excluding_uptake.quanta();
        prop_assert_eq!(BigRational::new(quanta.into(), ten_to(15)), expected(&random));
    }

    #[test]
    fn with_a_and_b_at_one_the_formula_is_cut_off(random in random()) {
        let mut at_one = material(&random, 1);
        (at_one["A"], at_one["B"]) = (json!("1"), json!("1"));
        let cut_off = with(at_one.clone(), json!({"A": null, "B": null, "ErecEoL": null, "EvStar": null, "Eer": null, "Eheat": null, "Eelec": null}));
        let factors = factors(&random);
        let [formula, method] = [("cff", at_one), ("cut-off", cut_off)].map(|(name, m)| shop(name, &m, &factors).footprint("p").figures);
        prop_assert_eq!(formula, method);
    }

    #[test]
    fn the_formula_is_linear_in_a_and_in_the_mass(random in random()) {
        let factors = factors(&random);
        let at = |a: &str, scale: u64| {
            let mut m = material(&random, scale);
            m["A"] = json!(a);
            shop("cff", &m, &factors).footprint("p").figures.grave.unwrap().excluding_uptake.quanta()
        };
        // Five parts, each rounded by half of one.
        prop_assert!((2 * at("0.5", 1) - at("0", 1) - at("1", 1)).abs() <= 10);
        prop_assert!((3 * at("0.25", 1) - at("0.25", 3)).abs() <= 10);
    }

    #[test]
    fn a_chain_of_two_products_counts_nothing_twice_whatever_a(a in 0..1_000_001_u64, q in 0..1_000_001_u64, values in prop::array::uniform8(0..20_000_000_u64)) {
        // The first is virgin and recycled, the second recycled and disposed of: together Ev + Erec + Ed.
        let (a, q) = (decimal(a).0, decimal(q).0);
        let all: BTreeMap<_, _> = FACTORS.into_iter().zip(values.iter().map(|v| decimal(*v).0)).collect();
        let of = |r1: &str, r2: &str| {
            let m = json!({"material": "m", "kg": "1", "A": a, "B": "0", "R1": r1, "R2": r2, "R3": "0", "QsinQp": q, "QsoutQp": q,
                "Ev": "Ev", "EvStar": "Ev", "Erec": "Erec", "ErecEoL": "Erec", "Ed": "Ed"});
            shop("cff", &m, &all).footprint("p").figures.grave.unwrap().excluding_uptake.quanta()
        };
        let kg = |at: usize| i128::from(values[at]) * 1_000_000_000;
        prop_assert!((of("0", "1") + of("1", "0") - kg(0) - kg(1) - kg(4)).abs() <= 10);
    }
}

#[test]
fn what_the_file_of_identities_asks_for_is_tested_here() {
    let properties = case("24_recycling_methods_from_cff");
    let tested = [
        "with_a_and_b_at_one_the_formula_is_cut_off",
        "a_method_is_the_formula_with_its_parts_fixed",
        "the_formula_is_linear_in_a_and_in_the_mass",
        "nothing_recycled_is_virgin_and_disposed_of",
        "a_chain_of_two_products_counts_nothing_twice_whatever_a",
    ];
    assert_eq!(properties["properties"].as_array().unwrap().len(), tested.len());
}

#[test]
fn nothing_recycled_is_virgin_and_disposed_of() {
    for method in ["cut-off", "closed-loop 0:100", "50:50", "cff"] {
        let changes = json!({"A": null, "B": null, "QsinQp": null, "QsoutQp": null, "R1": "0", "R2": "0"});
        assert_eq!(grave(&steel_shop(method, changes).footprint("p")), "2.87288442", "{method}");
    }
}
