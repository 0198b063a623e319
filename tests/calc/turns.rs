//! Products in turns, each turn with an inventory of what its products rest on, and products whose
//! activities are lowered while they are read: figures, errors and findings are those over
//! everything.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::num::NonZero;

use pcf_ledger::admission::{Holdings, InventoryError, Said, Sought, Turn, Turns};
use pcf_ledger::calc::{Activities, CalcError, CalcErrors, Inventory, Reading, Request, footprints};
use pcf_ledger::codec::tags_of;
use pcf_ledger::model::{Activity, Boundary, Figures, Header, ProductId, Statement, StatementId};
use pcf_ledger::plausibility::{Asked, Survey, check};
use pcf_testing::inventory::{Ledger, id, year};
use serde_json::json;

use crate::wild::{Random, ledger};

type All = BTreeMap<ProductId, Result<Figures, CalcErrors>>;

/// The statements of an inventory, as a log has them.
struct Log(Vec<(StatementId, Said)>);

impl Log {
    fn of(inventory: &Inventory) -> Self {
        let mut all: Vec<(StatementId, Said)> = Vec::new();
        let whole = |statement| Said::Whole(statement);
        all.extend(
            inventory.products.values().map(|h| (h.id, whole(Statement::Product(h.statement.clone())))),
        );
        all.extend(inventory.factors.values().map(|h| (h.id, whole(Statement::Factor(h.statement.clone())))));
        all.extend(
            inventory.activities.iter().map(|h| (h.id, whole(Statement::Activity(h.statement.clone())))),
        );
        let published = inventory.publications.iter();
        all.extend(published.map(|h| (h.id, whole(Statement::Publication(h.statement.clone())))));
        let headers = inventory.redacted.activities.iter();
        all.extend(headers.map(|h| (h.id, Said::Header(Header::Activity(h.statement.clone())))));
        let factors = inventory.redacted.factors.iter();
        all.extend(factors.map(|(factor, id)| {
            let header = json!({"body": id, "by": "acme", "factor": factor, "type": "factor", "v": "1"});
            (*id, Said::Header(Header::Factor(serde_json::from_value(header).unwrap())))
        }));
        Self(all)
    }
}

fn claims(said: &Activity, certificate: &str) -> bool {
    let mut claimed = said.flows.iter().flat_map(|flow| &flow.instruments);
    claimed.any(|claimed| claimed.id.certificates().ids().any(|id| *id == *certificate))
}

fn is_sought(said: &Said, sought: &Sought<'_>) -> bool {
    match (sought, said) {
        (Sought::Kind(kind), said) => said.kind() == *kind,
        (Sought::Declares(id), Said::Whole(Statement::Product(said))) => said.ids.contains(id),
        (Sought::Lists(stage, process), Said::Whole(Statement::Product(said))) => {
            said.process(*stage, process).is_some()
        }
        (Sought::Tagged(tag), Said::Whole(Statement::Product(said))) => {
            tags_of(said).any(|(_, own)| own == **tag)
        }
        (Sought::Makes(tag), said) => said.tags().contains(tag),
        (Sought::ReadsAll(stage, process), Said::Whole(Statement::Activity(said))) => {
            said.is_for_all() && said.stage == *stage && said.process == **process
        }
        (Sought::ReadsAll(stage, process), Said::Header(Header::Activity(said))) => {
            said.is_for_all() && said.stage == *stage && said.process == **process
        }
        (Sought::Publishes(id), Said::Whole(Statement::Publication(said))) => said.product == **id,
        (Sought::Factor(id), Said::Whole(Statement::Factor(said))) => said.factor == **id,
        (Sought::Factor(id), Said::Header(Header::Factor(said))) => said.factor == **id,
        (Sought::Instrument(id), Said::Whole(Statement::Activity(said))) => claims(said, id),
        _ => false,
    }
}

impl Holdings for Log {
    type Error = InventoryError<Infallible>;

    fn held(&self, sought: &Sought<'_>) -> Result<Vec<usize>, Self::Error> {
        let found = self.0.iter().enumerate().filter(|(_, (_, said))| is_sought(said, sought));
        Ok(found.map(|(number, _)| number).collect())
    }

    fn held_then(&self, sought: &Sought<'_>, _: u64) -> Result<Vec<usize>, Self::Error> {
        self.held(sought)
    }

    fn said(&self, number: usize) -> Result<(StatementId, Said), Self::Error> {
        Ok(self.0[number].clone())
    }
}

fn all_turns(log: &Log, statements: usize) -> Vec<Turn> {
    let turns = Turns::new(log, NonZero::new(statements).unwrap()).unwrap();
    std::iter::from_fn(|| turns.next().unwrap()).collect()
}

#[test]
fn products_in_turns_have_the_figures_and_findings_that_they_have_over_everything() {
    let (mut several, mut found) = (0, 0);
    for seed in 1..=300 {
        let mut inventory = ledger(&mut Random::new(seed)).inventory;
        inventory.bought.clear(); // Their documents are not there to be read again.
        let log = Log::of(&inventory);
        let all = footprints(&inventory, &year()).unwrap();
        for period in [None, Some("2025".parse().unwrap())] {
            let asked = Asked { period, ..Asked::default() };
            let expected = check(&inventory, &asked);
            found += expected.findings.len();
            for statements in [1, 8, 1 << 14] {
                let turns = all_turns(&log, statements);
                let (mut survey, mut count) = (Survey::default(), 0);
                several += usize::from(turns.len() > 1);
                for turn in turns {
                    let figures = footprints(&turn.inventory, &year()).unwrap();
                    let same = |id| figures.get(id) == all.get(id);
                    assert!(turn.products.iter().all(same), "seed {seed}, {statements}");
                    count += turn.products.len();
                    let mut other = Survey::default();
                    let asked = Asked { products: Some(turn.products), ..asked.clone() };
                    other.look(&turn.inventory, &asked);
                    other.join(std::mem::take(&mut survey)); // The last turn first.
                    survey = other;
                }
                assert_eq!(count, inventory.products.len(), "seed {seed}: each product has one turn");
                assert_eq!(survey.finish(), expected, "seed {seed}, {statements}");
            }
        }
    }
    assert!(several > 300 && found > 3_000, "{several} with several turns, {found} findings");
}

/// The figures of all products, each activity lowered as it is read.
fn read(all: &Inventory, request: &Request) -> All {
    let mut rest = Inventory { activities: Vec::new(), ..all.clone() };
    rest.redacted.activities.clear();
    let (mut activities, mut reading) = (Activities::default(), Reading::new(&rest, request));
    for held in &all.activities {
        reading.activity(held.clone(), &mut activities);
    }
    for held in &all.redacted.activities {
        reading.redacted(held.clone(), &mut activities);
    }
    let mut found = All::new();
    reading.products(&activities).solve().each(|id, figures| drop(found.insert(id.clone(), figures)));
    found
}

#[test]
fn activities_that_are_lowered_while_they_are_read_give_the_same_figures_and_errors() {
    let (mut with, mut without) = (0, 0);
    for seed in 1..=300 {
        let all = ledger(&mut Random::new(seed)).inventory;
        for request in [
            year(),
            Request { boundary: Some(Boundary::Grave), ..year() },
            Request { scenario: Some("sc0".parse().unwrap()), ..year() },
            Request { batch: Some("b0".parse().unwrap()), ..year() },
            Request { period: "2024".parse().unwrap(), ..year() },
        ] {
            let found = read(&all, &request);
            with += found.values().filter(|figures| figures.is_ok()).count();
            without += found.values().filter(|figures| figures.is_err()).count();
            assert_eq!(found, footprints(&all, &request).unwrap(), "seed {seed}, {request:?}");
        }
    }
    assert!(with > 500 && without > 500, "{with} with figures, {without} without");
}

#[test]
fn a_flow_that_was_let_go_is_still_read_twice_where_a_reading_has_it_too() {
    let mut ledger = Ledger::new();
    ledger.product("mug", json!({})).factor("grid", "kWh", "1");
    let grid = |name: &str| json!([{"name": name, "kind": "energy", "amount": "3", "unit": "kWh", "factor": "grid"}]);
    ledger.made("mug", "10", grid("Grid"));
    assert!(read(&ledger.inventory, &year())[&id("mug")].is_ok());
    ledger.activity(json!({"for": [id("mug")], "flows": grid("grid")}));
    let found = read(&ledger.inventory, &year());
    assert_eq!(found, footprints(&ledger.inventory, &year()).unwrap());
    let errors = found[&id("mug")].as_ref().unwrap_err();
    assert!(matches!(errors.errors(), [CalcError::ReadTwice { .. }]), "{errors}");
}
