//! After any change of an inventory, the figures that are kept up to date equal those of a full
//! run.

use std::collections::BTreeMap;

use pcf_files::jsonl;
use pcf_ledger::calc::{self, Change, Held, Incremental, Inventory};
use pcf_ledger::codec::{encode_statement, statement_id};
use pcf_ledger::model::{ProductId, Statement, StatementId};
use pcf_testing::asked;
use proptest::prelude::*;

const PRODUCTS: usize = 7;

fn product(n: usize) -> String {
    format!("urn:uuid:00000000-0000-4000-8000-{n:012}")
}

fn held(line: &str) -> (StatementId, Statement) {
    let by = "lab".parse().unwrap();
    let draft =
        jsonl::read_statements(line.as_bytes(), "x", &by).unwrap_or_else(|e| panic!("{e}: {line}")).remove(0);
    (statement_id(&encode_statement(&draft.statement).unwrap()), draft.statement)
}

fn change(line: &str) -> (StatementId, Change) {
    let (id, statement) = held(line);
    let change = match statement {
        Statement::Activity(statement) => Change::Activity(Held { id, statement }),
        Statement::Product(statement) => Change::Product(Held { id, statement }),
        Statement::Factor(statement) => Change::Factor(Held { id, statement }),
        _ => unreachable!(),
    };
    (id, change)
}

fn product_line(n: usize, declared: u32) -> String {
    format!(
        r#"{{"type":"product","ids":["{}"],"name":"p{n}","boundary":"cradle-to-gate","declaredUnit":{{"amount":"{declared}","unit":"kg"}},"processes":[{{"name":"make","stage":"production","signers":["lab"]}}]}}"#,
        product(n)
    )
}

fn factor_line(value: u32) -> String {
    format!(
        r#"{{"type":"factor","factor":"heat","name":"Heat","category":"material","unit":"kg","scope":"life-cycle","year":"2017","source":"x","licence":"x","data":"primary","gwp":"AR6","values":{{"fossilGhgEmissions":"0.{value}","landUseChangeGhgEmissions":"0.25"}}}}"#
    )
}

/// One edit: what a product is made of now (inputs with thousandths), or what becomes of its statement or the factor.
#[derive(Debug, Clone)]
enum Edit {
    Made { product: usize, inputs: Vec<(usize, u64)>, output: u32, beside: Option<usize> },
    Stopped(usize),
    Declared(usize, u32),
    Delisted(usize),
    Factor(u32),
    NoFactor,
}

fn activity_line(
    product_number: usize,
    inputs: &[(usize, u64)],
    output: u32,
    beside: Option<usize>,
) -> String {
    let mut flows = vec![
        r#"{"name":"heat","kind":"material","amount":"3","unit":"kg","factor":"heat","data":"primary"}"#
            .to_owned(),
        r#"{"name":"smoke","kind":"emission","amount":"0.7","unit":"kg","gas":"CH4_fossil"}"#.to_owned(),
    ];
    for (input, thousandths) in inputs {
        flows.push(format!(
            r#"{{"name":"part {input}","kind":"material","amount":"{}.{:03}1","unit":"kg","product":"{}"}}"#,
            thousandths / 1000,
            thousandths % 1000,
            product(*input)
        ));
    }
    let mut outputs =
        format!(r#"{{"product":"{}","amount":"{output}","unit":"kg"}}"#, product(product_number));
    let mut allocation = "";
    if let Some(other) = beside.filter(|other| *other != product_number) {
        outputs.push_str(&format!(r#",{{"product":"{}","amount":"2","unit":"kg"}}"#, product(other)));
        allocation = r#""allocation":"mass","#;
    }
    format!(
        r#"{{"type":"activity",{allocation}"stage":"production","process":"make","site":{{"name":"s{product_number}"}},"period":{{"start":"2017-01-01","end":"2018-01-01"}},"outputs":[{outputs}],"flows":[{}]}}"#,
        flows.join(",")
    )
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    // Some amounts are so large that sums may leave the exact range.
    let thousandths = prop_oneof![9 => 1..600_u64, 1 => 10_u64.pow(11)..10_u64.pow(17)];
    let inputs = prop::collection::vec((0..PRODUCTS, thousandths), 0..3);
    let edit = prop_oneof![
        8 => (0..PRODUCTS, inputs, 1..9_u32, prop::option::weighted(0.2, 0..PRODUCTS))
            .prop_map(|(product, inputs, output, beside)| Edit::Made { product, inputs, output, beside }),
        2 => (0..PRODUCTS).prop_map(Edit::Stopped),
        2 => (0..PRODUCTS, 1..4_u32).prop_map(|(n, d)| Edit::Declared(n, d)),
        1 => (0..PRODUCTS).prop_map(Edit::Delisted),
        2 => (1..9_u32).prop_map(Edit::Factor),
        1 => Just(Edit::NoFactor),
    ];
    prop::collection::vec(edit, 1..24)
}

/// What an edit changes, given what holds under each name.
fn changes(edit: &Edit, live: &mut BTreeMap<String, StatementId>) -> Vec<Change> {
    let (name, line) = match edit {
        Edit::Made { product, inputs, output, beside } => {
            (format!("a{product}"), Some(activity_line(*product, inputs, *output, *beside)))
        }
        Edit::Stopped(n) => (format!("a{n}"), None),
        Edit::Declared(n, amount) => (format!("p{n}"), Some(product_line(*n, *amount))),
        Edit::Delisted(n) => (format!("p{n}"), None),
        Edit::Factor(value) => ("f".to_owned(), Some(factor_line(*value))),
        Edit::NoFactor => ("f".to_owned(), None),
    };
    let mut changes = Vec::new();
    let next = line.map(|line| change(&line));
    if next.as_ref().is_some_and(|(id, _)| live.get(&name) == Some(id)) {
        return changes;
    }
    changes.extend(live.remove(&name).map(Change::Ends));
    if let Some((id, change)) = next {
        live.insert(name, id);
        changes.push(change);
    }
    changes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    #[test]
    fn after_any_change_every_figure_and_every_error_is_that_of_a_full_run(edits in edits()) {
        let mut live = BTreeMap::new();
        let mut whole = Inventory::default();
        let begin = (0..PRODUCTS).map(|n| Edit::Declared(n, 1)).chain([Edit::Factor(5)]);
        let begin = begin.chain((0..PRODUCTS).map(|n| Edit::Made {
            product: n,
            inputs: if n == 0 { vec![] } else { vec![(n - 1, 300)] },
            output: 2,
            beside: None,
        }));
        for edit in begin {
            whole.apply(changes(&edit, &mut live));
        }
        let mut kept = Incremental::new(whole.clone(), asked("2017")).unwrap();
        for edit in &edits {
            let changed = changes(edit, &mut live);
            whole.apply(changed.clone());
            kept.apply(changed).unwrap();
            let full = calc::footprints(&whole, &asked("2017")).unwrap();
            for n in 0..PRODUCTS {
                let id: ProductId = product(n).parse().unwrap();
                match full.get(&id) {
                    Some(expected) => {
                        prop_assert_eq!(&kept.figures(&id), expected, "{} after {:?}", id, edit);
                        if let Ok(figures) = expected {
                            prop_assert_eq!(kept.gate(&id), Some(&figures.gate.categories));
                        }
                    }
                    None => prop_assert!(kept.figures(&id).is_err()),
                }
            }
        }
    }
}

#[test]
fn a_change_reaches_only_what_lies_downstream() {
    let mut live = BTreeMap::new();
    let mut whole = Inventory::default();
    for n in 0..PRODUCTS {
        let inputs = if n == 0 || n == 4 { vec![] } else { vec![(n - 1, 300)] };
        for edit in [
            Edit::Declared(n, 1),
            Edit::Factor(5),
            Edit::Made { product: n, inputs, output: 2, beside: None },
        ] {
            whole.apply(changes(&edit, &mut live));
        }
    }
    let mut kept = Incremental::new(whole, asked("2017")).unwrap();
    let edit = Edit::Made { product: 1, inputs: vec![(0, 400)], output: 2, beside: None };
    let done = kept.apply(changes(&edit, &mut live)).unwrap();
    let expected: Vec<ProductId> = (1..4).map(|n| product(n).parse().unwrap()).collect();
    assert_eq!((done.calculated, done.changed), (3, expected.iter().collect()));
}

#[test]
fn what_changed_is_in_the_order_of_ids_also_with_a_product_that_came_later() {
    let (mut live, mut whole) = (BTreeMap::new(), Inventory::default());
    let made = |n: usize, inputs| {
        [Edit::Declared(n, 1), Edit::Factor(5), Edit::Made { product: n, inputs, output: 2, beside: None }]
    };
    for edit in made(1, vec![]) {
        whole.apply(changes(&edit, &mut live));
    }
    let mut kept = Incremental::new(whole, asked("2017")).unwrap();
    let mut later: Vec<_> = made(0, vec![]).iter().flat_map(|edit| changes(edit, &mut live)).collect();
    later.extend(changes(
        &Edit::Made { product: 1, inputs: vec![(0, 400)], output: 2, beside: None },
        &mut live,
    ));
    let expected: Vec<ProductId> = (0..2).map(|n| product(n).parse().unwrap()).collect();
    assert_eq!(kept.apply(later).unwrap().changed, expected.iter().collect::<Vec<_>>());
}
