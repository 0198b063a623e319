//! A proof that withholds bodies: what it proves, what it says it does not, and that nothing of
//! what is withheld is in it.

use pcf_ledger::codec::{decode, encode};
use pcf_ledger::model::{PublicationStatus, Statement, StatementKind};
use pcf_ledger::proof::{Document, Outcome, PROOF_BYTES_MAX, Proof, Report, Verdict, check_document};
use pcf_ledger::publish::{self, Bodies, ChoicePart, Disclosure, Order};
use pcf_testing::world::{CASING, World, key_of, used_ids};
use serde_json::{Value, json};

use crate::attacks::vault::{failing, why};

/// A published casing, whose maker states everything that a document asks for.
fn published(stages: bool) -> (World, publish::Prepared) {
    let mut world = World::new(1);
    let created = "2025-05-01T00:00:00Z".parse().unwrap();
    let period = "2025-01-01..2025-04-01".parse().unwrap();
    let mut order =
        Order::draft(CASING.parse().unwrap(), period, created, *b"0123456789abcdef0123456789abcdef").unwrap();
    (order.status, order.shows_stages) = (PublicationStatus::Final, stages);
    let prepared = publish::prepare(&world.ledger, &order).unwrap();
    let maker = key_of(&world.maker);
    world.ledger.append(&maker, 0, &[prepared.publication.clone().into()]).unwrap();
    (world, prepared)
}

fn proof(world: &World, prepared: &publish::Prepared, disclosure: &Disclosure) -> Proof {
    let checkpoint = world.ledger.sign_checkpoint(&world.log, &[]).unwrap();
    let footprint = &prepared.publication.footprint;
    Proof::new(publish::gather(&world.ledger, footprint, &checkpoint, disclosure).unwrap()).unwrap()
}

/// What comes of a proof after its document was changed.
fn bent(world: &World, proof: &Proof, change: impl FnOnce(&mut Value)) -> Report {
    let mut document: Value = decode(&proof.to_bytes().unwrap(), "proof", PROOF_BYTES_MAX).unwrap();
    change(&mut document);
    let _: Document = serde_json::from_value(document.clone()).unwrap();
    Proof::parse(&encode(&document).unwrap()).unwrap().verify(&world.trust())
}

fn parts(text: &[&str]) -> Vec<ChoicePart> {
    text.iter().map(|part| part.parse().unwrap()).collect()
}

/// Everything that the bodies behind a publication say, and what only its own body says: none of it
/// is public.
fn secrets(world: &World, prepared: &publish::Prepared) -> Vec<String> {
    let mut texts = Vec::new();
    for id in prepared.used.all() {
        let said = world.ledger.statement(id).unwrap();
        match said {
            Statement::Activity(said) => {
                let value = serde_json::to_value(&said).unwrap();
                for flow in value["flows"].as_array().unwrap() {
                    texts.push(flow["name"].as_str().unwrap().to_owned());
                    texts.push(flow["amount"].to_string());
                }
                texts.extend(said.outputs.iter().map(|output| format!("\"{}\"", output.amount)));
                texts.push(said.salt.to_string());
            }
            Statement::Factor(factor) => texts.extend([factor.factor.to_string(), factor.name.to_string()]),
            _ => {}
        }
    }
    let figures = &prepared.publication.figures;
    texts.extend([figures.gate.excluding_uptake.to_string(), prepared.publication.salt.to_string()]);
    texts.extend(prepared.publication.figures_salt.map(|salt| salt.to_string()));
    texts
}

#[test]
fn nothing_of_what_is_withheld_is_in_a_public_file_and_all_of_it_is_in_the_partners() {
    let (world, prepared) = published(true);
    let secrets = secrets(&world, &prepared);
    assert!(secrets.len() > 8, "{secrets:?}");
    let read = |disclosure: &Disclosure| {
        let bytes = proof(&world, &prepared, disclosure).to_bytes().unwrap();
        // Statements are texts in a text.
        String::from_utf8(bytes).unwrap().replace('\\', "")
    };
    let (public, partner) = (read(&Disclosure::default()), read(&Disclosure::all()));
    let page =
        pcf_desk::pages::page_of(&world.ledger, &prepared.publication.footprint, publish::Openness::Rounded)
            .unwrap();
    let index = pcf_desk::pages::index_of(&world.ledger).unwrap();
    // A page has style beside words.
    let words = |page: &str| {
        let shown = page.split_once("</style>").unwrap().1;
        shown
            .split(|c: char| !c.is_ascii_alphanumeric() && !"._-".contains(c))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let (page, index) = (words(&page), words(&index));
    for secret in &secrets {
        assert!(partner.contains(secret.as_str()), "{secret} is looked for as a proof has it");
        assert!(!public.contains(secret.as_str()), "the proof gives {secret} away");
        let word = secret.trim_matches('"').to_owned();
        assert!(!page.contains(&word) && !index.contains(&word), "a page gives {word} away");
    }
}

#[test]
fn a_withheld_proof_holds_with_rounded_figures_and_says_whose_word_they_are() {
    let (world, prepared) = published(true);
    let proof = proof(&world, &prepared, &Disclosure::default());
    let report = proof.verify(&world.trust());
    assert_eq!(report.verdict(), Verdict::Holds, "{:#?}", report.checks);
    let exact = prepared.publication.figures.gate.excluding_uptake;
    let cell = report.rounded.as_ref().unwrap().gate.excluding_uptake;
    assert!(cell.holds(exact) && cell.low < cell.high && !proof.is_exact() && proof.hides_sources());
    let why = why(&report, "figures-recalculated");
    for part in [
        "rests on 1 withheld body of `maker`",
        "that the exact figures round to these is the word of `maker`",
    ] {
        assert!(why.contains(part), "{why}");
    }
    for check in ["figures-add-up", "used-set", "disclosed-statements"] {
        assert_eq!(report.check(check).unwrap().outcome, Outcome::Holds, "{check}");
    }
    let again = Proof::parse(&proof.to_bytes().unwrap()).unwrap();
    assert_eq!(again.to_bytes().unwrap(), proof.to_bytes().unwrap());
    assert!(again.used().is_none() && !again.is_whole());
}

#[test]
fn rounded_figures_are_calculated_again_where_every_body_is_shown() {
    for stages in [false, true] {
        let (world, prepared) = published(stages);
        let shown = Disclosure { bodies: Bodies::All, figures: false };
        let report = proof(&world, &prepared, &shown).verify(&world.trust());
        let check = report.check("figures-recalculated").unwrap();
        assert_eq!(check.outcome, Outcome::Holds);
        assert!(check.detail.starts_with("the rounded figures follow from 5 statements"), "{}", check.detail);
    }
}

#[test]
fn a_proof_that_shows_every_activity_and_hides_a_factor_is_not_called_calculated() {
    let (world, prepared) = published(false);
    let whole = proof(&world, &prepared, &Disclosure::all());
    let report = bent(&world, &whole, |document| {
        document["used"].as_object_mut().unwrap().remove("sources");
    });
    assert_eq!(failing(&report), Vec::<&str>::new());
    assert!(matches!(report.check("figures-recalculated").unwrap().outcome, Outcome::NotChecked(_)));
    let report = bent(&world, &whole, |document| {
        document["used"]["sources"].as_array_mut().unwrap().pop();
    });
    assert!(failing(&report).contains(&"used-set"), "{:?}", failing(&report));
    let report = bent(&world, &whole, |document| {
        document["used"]["activities"].as_array_mut().unwrap().pop();
    });
    assert!(failing(&report).contains(&"used-set"), "{:?}", failing(&report));
}

#[test]
fn a_source_that_no_shown_body_names_is_refused_where_sources_are_hidden() {
    let (world, prepared) = published(false);
    let some = proof(&world, &prepared, &Disclosure::only(&parts(&["figures"])));
    assert_eq!(failing(&some.verify(&world.trust())), Vec::<&str>::new());
    // The factor with its place, from the proof that shows everything.
    let all: Value =
        decode(&proof(&world, &prepared, &Disclosure::all()).to_bytes().unwrap(), "proof", PROOF_BYTES_MAX)
            .unwrap();
    let is_factor =
        |statement: &&Value| statement["header"].as_str().unwrap().contains("\"type\":\"factor\"");
    let factor = all["statements"].as_array().unwrap().iter().find(is_factor).unwrap().clone();
    let seal =
        all["seals"].as_array().unwrap().iter().find(|seal| seal["index"] == factor["seal"]).unwrap().clone();
    let report = bent(&world, &some, |document| {
        let place = |entry: &Value| {
            let number = |key: &str| entry[key].as_str().map_or(0, |text| text.parse::<u64>().unwrap());
            (number("index").max(number("seal")), number("ordinal"))
        };
        for (table, entry) in [("seals", seal), ("statements", factor)] {
            let table = document[table].as_array_mut().unwrap();
            if !table.contains(&entry) {
                table.push(entry);
            }
            // A seal is text in base64, its place a number beside it.
            table.sort_by_key(|entry| match entry.get("index") {
                Some(index) => (index.as_str().unwrap().parse::<u64>().unwrap(), 0),
                None => place(entry),
            });
        }
    });
    assert_eq!(failing(&report), ["disclosed-statements"]);
    assert!(why(&report, "disclosed-statements").contains("is not among the used ones"));
}

#[test]
fn a_chosen_process_is_shown_with_what_it_names_and_nothing_else() {
    let (world, prepared) = published(false);
    let one = prepared.used.activities.first().unwrap();
    let Statement::Activity(said) = world.ledger.statement(one).unwrap() else { unreachable!() };
    let process = format!("process={}", said.process);
    let some = proof(&world, &prepared, &Disclosure::only(&parts(&[&process])));
    assert!(some.activities_shown().any(|id| id == one) && !some.is_exact());
    let except = proof(&world, &prepared, &Disclosure::except(&parts(&[&process])));
    assert!(!except.activities_shown().any(|id| id == one) && !except.is_exact());
    for proof in [some, except] {
        let report = proof.verify(&world.trust());
        assert_eq!(report.verdict(), Verdict::Holds, "{:#?}", report.checks);
        let ids = proof.publication_header().used.activities.count.as_u64();
        assert_eq!(ids, prepared.used.activities.len() as u64);
    }
    let kinds: Vec<StatementKind> = prepared
        .used
        .sources
        .iter()
        .map(|id| world.ledger.book().entry(id).unwrap().unwrap().1.kind)
        .collect();
    assert!(!kinds.contains(&StatementKind::Activity));
}

#[test]
fn a_document_without_exact_figures_says_what_its_proof_says_and_no_other_figure() {
    let (world, prepared) = published(false);
    let proof = proof(&world, &prepared, &Disclosure::default());
    let report = proof.verify(&world.trust());
    let exact = &prepared.publication;
    let rounded = publish::rounded(exact).unwrap();
    assert_eq!(rounded.figures, proof.publication().figures);
    assert_ne!(rounded.figures.gate, exact.figures.gate);
    let text = include_str!("../vectors/pact/figures-1.json");
    let (mut document, _) = pcf_ledger::pact::read(text.as_bytes()).unwrap();
    let figure = |document: &pcf_ledger::pact::ProductFootprint| {
        let check = check_document(document, &proof, &report);
        let Outcome::Fails(why) = check.outcome else { panic!("another footprint") };
        why.contains("pcf.pcfExcludingBiogenicUptake")
    };
    document.pcf.pcf_excluding_biogenic_uptake = rounded.figures.gate.excluding_uptake.into();
    assert!(!figure(&document), "the rounded figure is the one that is compared");
    document.pcf.pcf_excluding_biogenic_uptake = exact.figures.gate.excluding_uptake.into();
    assert!(figure(&document), "an exact figure is not what the proof shows");
    assert!(
        json!(rounded.comment).as_str().unwrap().starts_with("Rounded figures: each category lies within")
    );
}

#[test]
fn an_activity_that_a_publisher_lists_among_the_sources_is_found() {
    let mut world = World::new(1);
    let (mut publication, used) = world.figures("final");
    let mut parted = used_ids(&world.ledger, &used);
    let hidden = parted.activities.pop_first().unwrap();
    parted.sources.insert(hidden);
    publication.used = parted.stated().unwrap();
    let maker = key_of(&world.maker);
    let id = world.ledger.append(&maker, 0, &[publication.into()]).unwrap().ids[0];
    let mut parts = world.parts(id, &used);
    parts.used = parted;
    let report = Proof::new(parts).unwrap().verify(&world.trust());
    assert!(failing(&report).contains(&"used-set"), "{:?}", failing(&report));
    assert!(why(&report, "used-set").contains("of type `activity`, is listed among the others"));
}
