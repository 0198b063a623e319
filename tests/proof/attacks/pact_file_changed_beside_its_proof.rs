//! A PACT file whose figures are changed while the proof inside it stays as it was.

use pcf_ledger::pact;
use pcf_ledger::proof::{CarriedProof, check_document};
use pcf_ledger::proof::{Outcome, Proof, Verdict};
use serde_json::json;

use super::vault::published;

/// A document as a forger writes it: everything of the publication, and the proof, but for what `change` does.
fn judged(change: impl FnOnce(&mut serde_json::Value)) -> Outcome {
    let (world, _, parts) = published(1);
    let proof = Proof::new(parts).unwrap();
    let report = proof.verify(&world.trust());
    assert_eq!(report.verdict(), Verdict::Holds);
    let mut document: serde_json::Value =
        serde_json::from_str(include_str!("../../vectors/pact/figures-1.json")).unwrap();
    let publication = &report.publication;
    let gate = &publication.figures.gate;
    let at = |date: pcf_ledger::model::Date| format!("{date}T00:00:00Z");
    document["id"] = publication.footprint.to_string().into();
    document["productIds"] = json!([publication.product.to_string()]);
    document["created"] = publication.created.to_string().into();
    document["validityPeriodStart"] = at(publication.validity.start()).into();
    document["validityPeriodEnd"] = at(publication.validity.end()).into();
    document.as_object_mut().unwrap().remove("precedingPfIds");
    let pcf = document["pcf"].as_object_mut().unwrap();
    pcf.retain(|name, _| {
        !name.contains("Emissions") && !name.contains("Removals") && !name.contains("Uptake")
            || name.contains("exempted")
    });
    document["pcf"]["referencePeriodStart"] = at(publication.period.start()).into();
    document["pcf"]["referencePeriodEnd"] = at(publication.period.end()).into();
    document["pcf"]["pcfExcludingBiogenicUptake"] = gate.excluding_uptake.to_string().into();
    document["pcf"]["pcfIncludingBiogenicUptake"] = gate.including_uptake.to_string().into();
    document["pcf"]["fossilGhgEmissions"] = gate.excluding_uptake.to_string().into();
    change(&mut document);
    let (document, _) = pact::read(&serde_json::to_vec(&document).unwrap()).unwrap();
    check_document(&document, &proof, &report).outcome
}

#[test]
fn every_changed_figure_is_named_with_both_sides() {
    let lower = judged(|document| {
        document["pcf"]["pcfExcludingBiogenicUptake"] = "1".into();
        document["pcf"]["fossilGhgEmissions"] = "1".into();
    });
    let Outcome::Fails(why) = lower else { panic!("{lower:?}") };
    assert!(
        why.contains("pcf.pcfExcludingBiogenicUptake: expected 11.417598611111111 kg CO2e, got 1"),
        "{why}"
    );
    assert!(why.contains("pcf.fossilGhgEmissions: expected 11.417598611111111 kg CO2e, got 1"), "{why}");
    let other = judged(|document| document["productIds"] = json!(["urn:gtin:00012345600012"]));
    let Outcome::Fails(why) = other else { panic!("{other:?}") };
    assert!(why.contains("productIds: expected urn:gtin:06901234000016 among them"), "{why}");
}

#[test]
fn two_proofs_in_one_file_are_one_too_many_and_a_bent_one_is_none() {
    let (_, _, parts) = published(1);
    let proof = Proof::new(parts).unwrap();
    let extension = serde_json::to_value(CarriedProof::extension(&proof, "a key".into()).unwrap()).unwrap();
    let mut document: serde_json::Value =
        serde_json::from_str(include_str!("../../vectors/pact/figures-1.json")).unwrap();
    document["extensions"] = json!([extension, extension]);
    let read = |document: &serde_json::Value| pact::read(&serde_json::to_vec(document).unwrap()).unwrap().0;
    let twice = CarriedProof::find(&read(&document)).unwrap_err().to_string();
    assert!(twice.contains("the ledger's evidence once, got several"), "{twice}");
    document["extensions"] = json!([extension]);
    document["extensions"][0]["data"]["figuresDigest"] = "00".repeat(32).into();
    let bent = CarriedProof::find(&read(&document)).unwrap().unwrap().proof().unwrap_err().to_string();
    assert!(bent.contains("figuresDigest: expected"), "{bent}");
}

#[test]
fn another_company_product_name_or_gwp_set_is_named_with_both_sides() {
    let failed = |change: &dyn Fn(&mut serde_json::Value)| match judged(change) {
        Outcome::Fails(why) => why,
        other => panic!("{other:?}"),
    };
    let company = failed(&|document| document["companyName"] = "Other Ltd".into());
    assert!(company.contains("companyName: expected `") && company.contains("got `Other Ltd`"), "{company}");
    let ids = failed(&|document| document["companyIds"] = json!(["urn:pact:other.example:company-id:9"]));
    assert!(ids.contains("companyIds: expected those of `"), "{ids}");
    assert!(ids.contains("got urn:pact:other.example:company-id:9"), "{ids}");
    let named = failed(&|document| document["productNameCompany"] = "Another".into());
    assert!(named.contains("productNameCompany: expected `"), "{named}");
    let sets = failed(&|document| document["pcf"]["ipccCharacterizationFactors"] = json!(["AR4"]));
    assert!(
        sets.contains("pcf.ipccCharacterizationFactors: expected ") && sets.contains("got AR4"),
        "{sets}"
    );
}
