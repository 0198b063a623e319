//! A smaller footprint by leaving a process or a stage out.

use pcf_ledger::calc;
use pcf_ledger::model::{Digest, Statement, StatementId};
use pcf_testing::world;
use pcf_testing::{ACME, PUMP, activity, asked, product, publication, submit, with, withdrawal};
use serde_json::{Value, json};

use super::hall::{audited, finds, has, ledger};

const PAINTED: &str = "urn:pact:acme.example:product-id:painted";

/// A product with two processes, of which only one has data.
fn painted() -> Value {
    let mut value = product("acme", &[PAINTED], &["acme"]);
    let second = json!({"name": "painting", "stage": "production", "signers": ["acme"]});
    value["processes"].as_array_mut().unwrap().push(second);
    value
}

#[test]
fn a_listed_process_without_data_stops_the_calculation_and_no_publication_gets_round_it() {
    let mut ledger = ledger();
    submit(&mut ledger, ACME, &[painted(), activity("acme", &[PAINTED])]);
    let request = asked("2025");
    let answer = calc::footprint(&ledger.inventory().unwrap(), &PAINTED.parse().unwrap(), &request);
    has(&answer.unwrap_err().to_string(), "painting");
    // Figures without the process, written by hand: those of another product with the same single process.
    let told = with(publication(&ledger, "acme", PUMP, 1), "product", PAINTED);
    submit(&mut ledger, ACME, &[told]);
    finds(&audited(&ledger.into_store()), "publication-figures", "painting");
}

#[test]
fn a_process_taken_out_of_the_product_after_the_fact_changes_no_publication_that_was_made_before() {
    let mut ledger = ledger();
    let mut paint = activity("acme", &[PAINTED]);
    paint["process"] = "painting".into();
    submit(&mut ledger, ACME, &[painted(), activity("acme", &[PAINTED]), paint]);
    let paint = ledger.book().all_entries().map(Result::unwrap).last().unwrap().id;
    let both = publication(&ledger, "acme", PAINTED, 1);
    let size = ledger.size();
    let held = ledger.book().product(&PAINTED.parse().unwrap()).unwrap().unwrap().id;
    submit(&mut ledger, ACME, &[with(product("acme", &[PAINTED], &["acme"]), "replaces", held)]);
    submit(&mut ledger, ACME, &[withdrawal("acme", &paint)]);
    // He claims that his new, smaller figures rest on the log from before.
    let mut smaller = publication(&ledger, "acme", PAINTED, 2);
    assert_ne!(smaller["figures"], both["figures"]);
    smaller["log"] = json!({"size": size.to_string(), "root": Digest::from_bytes(ledger.book().root_at(size).unwrap().unwrap())});
    submit(&mut ledger, ACME, &[smaller]);
    finds(&audited(&ledger.into_store()), "publication-figures", "expected");
}

/// The maker publishes these figures as resting on exactly these statements.
fn published_with(
    world: &mut world::World,
    mut publication: pcf_ledger::model::Publication,
    used: &std::collections::BTreeSet<StatementId>,
) -> pcf_ledger::proof::Report {
    publication.used = world::used_ids(&world.ledger, used).stated().unwrap();
    let maker = world::key_of(&world.maker);
    let receipt = world.ledger.append(&maker, 0, &[publication.into()]).unwrap();
    world.proof(receipt.ids[0], used).verify(&world.trust())
}

#[test]
fn a_statement_that_enters_no_figure_lends_it_no_weight() {
    use super::vault::refuses;
    use pcf_testing::world::{World, key_of};
    let mut world = World::new(1);
    let measured = json!({
        "factor": "measured", "name": "a measured factor", "category": "material", "data": "primary", "gwp": "AR6", "licence": "CC0",
        "scope": "life-cycle", "source": "a meter", "unit": "kg", "values": {"fossilGhgEmissions": "1"}, "year": "2025",
    });
    let maker = key_of(&world.maker);
    world.append(&maker, &[world::statement("factor", "maker", measured)]);
    let idle = world.ledger.book().all_entries().map(Result::unwrap).last().unwrap().id;
    let (publication, mut used) = world.figures("final");
    used.insert(idle);
    let report = published_with(&mut world, publication, &used);
    refuses(
        &report,
        "figures-recalculated",
        &format!("statement {idle} is listed as used but enters no figure"),
    );
}

#[test]
fn the_verifier_calculates_again_and_misses_what_was_left_out_of_the_used_set() {
    use super::vault::{refuses, why};
    use pcf_testing::world::World;
    let mut world = World::new(1);
    let (publication, mut used) = world.figures("final");
    // The power of the casting is left out of the figures and of the used set.
    let activity = *used
        .iter()
        .find(
            |id| matches!(world.ledger.statement(id), Ok(Statement::Activity(a)) if a.by.as_str() == "maker"),
        )
        .unwrap();
    used.remove(&activity);
    let report = published_with(&mut world, publication, &used);
    refuses(&report, "figures-recalculated", "die casting");
    // A whole supplier left out leaves figures that follow from what is there: no file shows what is not in it, and the check says so.
    assert!(why(&report, "status").contains("left out of the figures"), "{}", why(&report, "status"));
}
