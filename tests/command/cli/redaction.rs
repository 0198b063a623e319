//! `pcf redact` removes a text for good, and every other verb works with what is left.

use std::fs;

use pcf_testing::calendar::moved;
use pcf_testing::desk::Desk;
use pcf_testing::files;
use serde_json::Value;

use crate::PCF;

const BOTTLE: &str = "urn:gtin:06901234000016";
const BY_OPERATOR: &str = "--reason personal --sign-with led-keys/operator.pem --yes";

/// A published bottle, and the activity behind it.
fn published() -> (Desk, String) {
    let desk = Desk::with_bottle(PCF);
    let recorded = desk.json("record activities.csv --sign-with acme.pem");
    let id = recorded["submissions"][0]["statements"][0].as_str().unwrap().to_owned();
    publish(&desk);
    (desk, id)
}

fn publish(desk: &Desk) -> Value {
    desk.json(&moved(&format!(
        "publish {BOTTLE} --period 2024 --valid-until 2027-12-31 --sign-with acme.pem --log-key led-keys/log.pem \
         --out out"
    )))
}

#[test]
fn a_dry_run_shows_what_depends_on_the_statement_and_changes_nothing() {
    let (desk, id) = published();
    let before: Vec<_> = files(&desk.path("led")).into_iter().map(|path| fs::read(path).unwrap()).collect();
    let shown = desk.json(&format!("redact {} --reason personal --dry-run", &id[..8]));
    assert_eq!((&shown["redacted"], &shown["statement"]), (&false.into(), &id.clone().into()));
    assert_eq!(shown["products"][0]["product"], BOTTLE);
    assert_eq!(shown["publications"].as_array().unwrap().len(), 1);
    assert_eq!(shown["publications"][0]["status"], "final");
    let text = desk.pcf(&format!("redact {id} --reason personal --dry-run")).ok();
    for part in
        ["Not redacted yet: the activity", "could no longer be calculated", "Not erased: copies elsewhere"]
    {
        assert!(text.contains(part), "{text}");
    }
    let after: Vec<_> = files(&desk.path("led")).into_iter().map(|path| fs::read(path).unwrap()).collect();
    assert_eq!(before, after);
}

#[test]
fn nothing_is_taken_out_unasked_and_what_was_says_so_everywhere() {
    let (desk, id) = published();
    let key = desk.json("log key")["verifierKey"].as_str().unwrap().to_owned();
    let size = desk.size();
    let publication = desk.json("list statements --type publication")["statements"][0]["id"].clone();
    let publication = publication.as_str().unwrap();
    for how in ["--reason personal --dry-run", BY_OPERATOR] {
        desk.pcf(&format!("redact {publication} {how}"))
            .refused(1, &["a statement of type `publication` has no body that could go"]);
    }
    desk.pcf(&format!("redact {id} --reason personal --sign-with led-keys/operator.pem"))
        .refused(2, &["taken out for ever", "hint: pcf redact", "--yes"]);
    desk.pcf(&format!("redact {id} --reason personal --sign-with acme.pem --yes"))
        .refused(1, &["the operator redacts, and this key belongs to `acme`"]);
    assert_eq!(desk.size(), size, "nothing was appended");
    let done = desk.json(&format!("redact {id} {BY_OPERATOR}"));
    assert_eq!((&done["redacted"], &done["index"]), (&true.into(), &size.into()));
    let by = done["redaction"].as_str().unwrap().to_owned();

    let shown = desk.pcf(&format!("log statement {id}"));
    assert!(shown.err.contains("its body was removed, as") && shown.err.contains(&by), "{}", shown.err);
    assert_eq!(shown.ok().lines().count(), 1, "its header");
    assert!(desk.pcf(&format!("log statement {by}")).ok().contains("\"reason\":\"personal\""));
    let footprint = desk.pcf(&moved(&format!("footprint {BOTTLE} --period 2024")));
    footprint
        .refused(1, &[&id, BOTTLE, "is redacted and what it said is no longer there", "hint: pcf record"]);
    let history = desk.json(&format!("trace {BOTTLE} --history"));
    let said =
        history["statements"].as_array().unwrap().iter().find(|s| s["statement"] == id.as_str()).unwrap();
    assert_eq!((&said["holds"], &said["redactedBy"]), (&true.into(), &by.clone().into()));
    assert!(said["what"].as_str().unwrap().contains("redacted: what else it said"), "{said}");
    let listed = desk.json(&format!("list statements --product {BOTTLE} --type activity"));
    let line = listed["statements"].as_array().unwrap().iter().find(|s| s["id"] == id.as_str()).unwrap();
    assert!(line["says"].as_str().unwrap().contains(" / casting, "), "{line}");
    let checked = desk.run(&["check", "--format", "json"]);
    assert!(checked.code == 1 && checked.out.contains("is redacted"), "{}", checked.out);

    let audit = desk.json("audit");
    assert_eq!(
        (&audit["verdict"], &audit["redacted"], &audit["publications"]),
        (&"holds".into(), &1.into(), &0.into())
    );
    assert!(desk.pcf("audit").ok().contains("1 of the statements are redacted"));
    // What was given out still verifies, and the log is given out as before.
    for file in
        files(&desk.path("out")).iter().filter(|path| path.extension().is_some_and(|e| e == "pcfproof"))
    {
        desk.run(&["verify", &file.to_string_lossy(), "--key", &key]).ok();
    }
    desk.pcf("log checkpoint --sign-with led-keys/log.pem").ok();
    desk.pcf(&format!("log prove {id}")).ok();
    desk.pcf("log export tiles").ok();
    desk.pcf("log show").ok();
    desk.pcf("supplier list").ok();
    desk.pcf(&format!("redact {id} {BY_OPERATOR}")).refused(1, &["is redacted by", &by]);
    desk.pcf(&format!("redact {by} {BY_OPERATOR}"))
        .refused(1, &["a statement of type `redaction` has no body that could go"]);
}

#[test]
fn the_same_row_takes_its_place_with_correct_and_the_product_is_published_again() {
    let (desk, id) = published();
    desk.pcf(&format!("redact {id} {BY_OPERATOR}")).ok();
    desk.pcf("record activities.csv --sign-with acme.pem").refused(
        1,
        &["activities.csv:2: the live activity statement about this", "is redacted; nothing was appended"],
    );
    let again = desk.json("record activities.csv --sign-with acme.pem --correct");
    assert_eq!((&again["recorded"], &again["corrected"]), (&1.into(), &1.into()));
    desk.pcf(&moved(&format!("footprint {BOTTLE} --period 2024"))).ok();
    let second = publish(&desk);
    let key = desk.json("log key")["verifierKey"].as_str().unwrap().to_owned();
    let proof = format!("out/{}.pcfproof", second["footprint"].as_str().unwrap());
    desk.run(&["verify", &proof, "--key", &key]).ok();
    let audit = desk.json("audit");
    assert_eq!(
        (&audit["verdict"], &audit["redacted"], &audit["publications"]),
        (&"holds".into(), &1.into(), &1.into())
    );
}

#[test]
fn a_factor_that_was_redacted_is_named_where_it_is_used_and_what_does_not_use_it_calculates() {
    let (desk, _) = published();
    let factors = desk.json("factor list");
    let factor = factors["factors"][0].clone();
    let (id, name) = (factor["statement"].as_str().unwrap(), factor["factor"].as_str().unwrap());
    desk.pcf(&format!("redact {id} {BY_OPERATOR}")).ok();
    let listed = desk.json("factor list");
    assert!(listed["factors"].as_array().unwrap().iter().all(|f| f["factor"] != name), "{listed}");
    desk.pcf(&moved(&format!("footprint {BOTTLE} --period 2024")))
        .refused(1, &[&format!("the factor {name} is redacted (statement {id})"), "hint: pcf factor add"]);
    assert_eq!(desk.json("audit")["verdict"], "holds");
}

#[test]
fn the_files_that_still_have_what_was_taken_out_are_named_and_what_withholds_it_is_not_among_them() {
    let desk = Desk::with_bottle(PCF);
    let recorded = desk.json("record activities.csv --sign-with acme.pem");
    let id = recorded["submissions"][0]["statements"][0].as_str().unwrap().to_owned();
    let published = desk.json(&moved(&format!(
        "publish {BOTTLE} --period 2024 --valid-until 2027-12-31 --sign-with acme.pem --log-key led-keys/log.pem"
    )));
    let partner = published["partner"].as_str().unwrap();
    assert!(partner.starts_with("published-partner/") && desk.path(partner).is_file(), "{partner}");
    assert!(published["reveals"].as_str().unwrap().contains("the figures rounded"), "{published}");
    let planned = desk.json(&format!("redact {id} --reason personal --dry-run"));
    assert_eq!(planned["copies"]["files"], serde_json::json!([partner]));
    let done = desk.pcf(&format!("redact {id} {BY_OPERATOR}")).ok();
    assert!(done.contains("still has what it says") && done.contains(partner), "{done}");
}
