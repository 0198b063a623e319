//! Catalogue cases: redacted texts that an operation needs, and texts that cannot be redacted.

use pcf_ledger::calc::Held;
use pcf_ledger::calc::footprint;
use pcf_ledger::codec::{decode_header, encode_statement, parts_of};
use pcf_ledger::ledger::Ledger as OpenLedger;
use pcf_ledger::model::{FactorId, Header, Statement};
use pcf_ledger::proof::Proof;
use pcf_ledger::publish::{self, Disclosure};
use pcf_ledger::store::Store as _;
use pcf_testing::inventory::{Ledger, flow, id, with, year};
use pcf_testing::world::World;
use pcf_testing::{OPERATOR, fill, genesis, key};
use serde_json::{Value, json};

use super::ahead;
use super::calculation::taken;
use super::catalogue::Catalogue;

pub fn provoke(c: &mut Catalogue) {
    figures(c);
    targets(c);
    ledgers(c);
    proofs(c);
}

/// The last activity was redacted.
pub fn redact_activity(ledger: &mut Ledger) {
    let held = ledger.inventory.activities.pop().unwrap();
    let text = encode_statement(&Statement::Activity(held.statement)).unwrap();
    let Header::Activity(statement) = decode_header(parts_of(&text).0).unwrap() else { unreachable!() };
    ledger.inventory.redacted.activities.push(Held { id: held.id, statement });
}

pub fn redact_factor(ledger: &mut Ledger, name: &str) {
    let factor: FactorId = name.parse().unwrap();
    let held = ledger.inventory.factors.remove(&factor).unwrap();
    ledger.inventory.redacted.factors.insert(factor, held.id);
}

fn made(changes: Value) -> Ledger {
    let mut ledger = Ledger::new();
    ledger.product("p", json!({})).factor("f", "kg", "1").factor("g", "kWh", "1");
    let output = json!([{"product": id("p"), "amount": "1", "unit": "piece"}]);
    ledger.activity(with(json!({"flows": [flow("1", "kg", "f")], "outputs": output}), changes));
    ledger
}

fn figures(c: &mut Catalogue) {
    let mut refused = |input: &str, ledger: &Ledger| {
        taken(c, input, &footprint(&ledger.inventory, &id("p"), &year()).expect_err(input));
    };
    let mut activity = made(json!({}));
    redact_activity(&mut activity);
    refused("an activity that was redacted", &activity);
    let mut factor = made(json!({}));
    redact_factor(&mut factor, "f");
    refused("a factor that was redacted", &factor);
    let uuid = "3f0a7c3e-0000-4000-8000-000000000001";
    let cap = json!({"name": "cap", "kind": "material", "amount": "1", "unit": "piece", "footprint": uuid});
    let mut bought = made(json!({"flows": [cap]}));
    bought.inventory.redacted.bought.insert(uuid.parse().unwrap(), pcf_testing::inventory::number(9));
    refused("a supplier's document that was redacted", &bought);
    let mut recycled = made(json!({}));
    let material = json!({"material": "steel", "kg": "1", "R1": "0.3", "R2": "0", "R3": "0", "Ev": "v", "Erec": "v", "Ed": "v"});
    recycled.product("p", json!({"recycling": {"method": "cut-off", "materials": [material]}}));
    recycled.factor("v", "kg", "1");
    redact_factor(&mut recycled, "v");
    refused("a factor of recycled material that was redacted", &recycled);
}

fn targets(c: &mut Catalogue) {
    let mut plant = ahead::plant(json!({"start": "2020-01-01", "end": "2021-01-01"}));
    let annual = ahead::annual(json!({}));
    redact_activity(&mut plant);
    let only = std::slice::from_ref(&annual);
    let answer = ahead::asked(&plant, only, Some("direct2021"), None);
    c.case("a year of a site with a redacted activity that may be of it", answer);
}

fn ledgers(c: &mut Catalogue) {
    let mut ledger = OpenLedger::in_memory(genesis(), &key(OPERATOR), 0).unwrap();
    fill(&mut ledger);
    let target = ledger.book().all_entries().map(Result::unwrap).last().unwrap().id;
    let redaction = ledger.redaction(&target, "names a person".parse().unwrap(), pcf_testing::salt_of(1));
    ledger.redact(&key(OPERATOR), 0, redaction.unwrap()).unwrap();
    c.case("a statement that was redacted", ledger.statement(&target));
    let grid = ledger.book().factor(&"grid".parse().unwrap()).unwrap().unwrap().0;
    let mut store = ledger.into_store();
    let all: Vec<_> = pcf_ledger::store::Reader::read(&store, None).unwrap().map(Result::unwrap).collect();
    let at = all[2].positions[0];
    store.remove_body(at).unwrap();
    c.case("the bytes of a statement that was redacted", pcf_ledger::store::Reader::statement(&store, at));
    let ledger = OpenLedger::over_store(store).unwrap();
    c.case("a statement that was redacted and nobody said so", ledger.statement(&grid));
}

fn proofs(c: &mut Catalogue) {
    let mut world = World::new(1);
    let (publication, used) = world.life();
    let mut earlier = world.parts(publication, &used);
    earlier.used.sources.pop_last();
    let earlier = Proof::new(earlier).unwrap();
    let checkpoint = world.ledger.sign_checkpoint(&world.log, &[]).unwrap();
    let answer = publish::gather_after(&world.ledger, &earlier, &checkpoint, &Disclosure::all());
    c.case("a proof after an earlier one that leaves a used statement out", answer.map(drop));
    let mut public = world.parts(publication, &used);
    public.hides_sources = true;
    let public = Proof::new(public).unwrap();
    let answer = publish::gather_after(&world.ledger, &public, &checkpoint, &Disclosure::all());
    c.case("a proof after an earlier one that withholds bodies", answer.map(drop));
}
