//! Changes carried out one after the other give the inventory, and the figures and errors, of what
//! holds in the end; one product has the figures that it has among all.

use std::collections::BTreeMap;

use pcf_files::jsonl;
use pcf_ledger::calc::{self, Change, Held, Inventory};
use pcf_ledger::codec::{encode_draft, statement_id};
use pcf_ledger::model::{Statement, StatementId};
use pcf_testing::asked;
use proptest::prelude::*;

use crate::wild::without_means;

const PRODUCTS: usize = 7;

fn product(n: usize) -> String {
    format!("urn:uuid:00000000-0000-4000-8000-{n:012}")
}

fn held(line: &str) -> (StatementId, Statement) {
    let by = "lab".parse().unwrap();
    let draft =
        jsonl::read_statements(line.as_bytes(), "x", &by).unwrap_or_else(|e| panic!("{e}: {line}")).remove(0);
    (statement_id(&encode_draft(&draft.statement).unwrap()), draft.statement)
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

/// What holds under each name.
type Live = BTreeMap<String, (StatementId, Change)>;

/// What an edit changes.
fn changes(edit: &Edit, live: &mut Live) -> Vec<Change> {
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
    if next.as_ref().is_some_and(|(id, _)| live.get(&name).is_some_and(|(held, _)| held == id)) {
        return changes;
    }
    changes.extend(live.remove(&name).map(|(id, _)| Change::Ends(id)));
    if let Some((id, change)) = next {
        live.insert(name, (id, change.clone()));
        changes.push(change);
    }
    changes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    #[test]
    fn after_any_change_the_inventory_is_that_of_what_holds_and_one_product_is_as_among_all(edits in edits()) {
        let mut live = Live::new();
        let mut whole = Inventory::default();
        let begin = (0..PRODUCTS).map(|n| Edit::Declared(n, 1)).chain([Edit::Factor(5)]);
        let begin = begin.chain((0..PRODUCTS).map(|n| Edit::Made {
            product: n,
            inputs: if n == 0 { vec![] } else { vec![(n - 1, 300)] },
            output: 2,
            beside: None,
        }));
        for edit in begin.chain(edits) {
            whole.apply(changes(&edit, &mut live));
            let mut fresh = Inventory::default();
            fresh.apply(live.values().map(|(_, change)| change.clone()));
            prop_assert_eq!(&whole.products, &fresh.products);
            prop_assert_eq!((&whole.aliases, &whole.factors), (&fresh.aliases, &fresh.factors));
            let all = calc::footprints(&whole, &asked("2017")).unwrap();
            prop_assert_eq!(&all, &calc::footprints(&fresh, &asked("2017")).unwrap(), "after {:?}", edit);
            for (id, figures) in all {
                let one = calc::footprint(&whole, &id, &asked("2017"));
                let one = one.ok().map(|one| without_means(&one.figures));
                prop_assert_eq!(one, figures.ok().map(|all| without_means(&all)), "{} after {:?}", id, edit);
            }
        }
    }
}
