//! `pcf log state`, `pcf publish --operator-key` and `pcf prove` make states that `pcf verify`
//! reports as the operator's claim.

use std::fs;

use pcf_testing::calendar::moved;
use pcf_testing::desk::Desk;
use serde_json::Value;

use crate::PCF;

const BOTTLE: &str = "urn:gtin:06901234000016";
const STATE: &str = "log state --sign-with led-keys/operator.pem";
const SIGN: &str = "log checkpoint --sign-with led-keys/log.pem";

fn publish(desk: &Desk, more: &str) -> (String, String) {
    let published = desk.json(&moved(&format!(
        "publish {BOTTLE} --period 2024 --valid-until 2027-12-31 --sign-with acme.pem --log-key led-keys/log.pem --out out --show all {more}"
    )));
    let id = published["footprint"].as_str().unwrap().to_owned();
    (format!("out/{id}.pcfproof"), id)
}

fn verify(desk: &Desk, file: &str) -> (String, Value) {
    let key = desk.json("log key")["verifierKey"].as_str().unwrap().to_owned();
    let text = desk.run(&["verify", file, "--key", &key]);
    let json = desk.run(&["verify", file, "--key", &key, "--format", "json"]);
    assert_eq!(text.code, json.code);
    let json: Value = serde_json::from_str(&json.out).unwrap();
    (text.out, json["proofs"][0].clone())
}

fn recorded() -> Desk {
    let desk = Desk::with_bottle(PCF);
    desk.pcf("record activities.csv --sign-with acme.pem").ok();
    desk
}

#[test]
fn with_the_operators_key_a_publication_is_complete_and_current() {
    let desk = recorded();
    let (proof, _) = publish(&desk, "--operator-key led-keys/operator.pem");
    let (text, json) = verify(&desk, &proof);
    let size = desk.size();
    assert!(text.contains(&format!("current as of size {}; the operator’s claim", size - 1)), "{text}");
    assert!(
        text.contains(&format!("complete: 3 of 3 statements, as of size {}; the operator’s claim", size - 2)),
        "{text}"
    );
    assert_eq!(json["standing"]["current"], true);
    assert_eq!(json["completeness"]["used"], json["completeness"]["all"]);
    assert_eq!(desk.json("audit")["verdict"], "holds");
}

#[test]
fn without_it_nothing_is_said_to_be_current() {
    let desk = recorded();
    let (proof, _) = publish(&desk, "");
    let (text, json) = verify(&desk, &proof);
    assert!(!text.contains("current") && text.contains("this file carries no state"), "{text}");
    assert!(json.get("standing").is_none() && json.get("completeness").is_none());
}

#[test]
fn the_operator_speaks_later_and_a_proof_is_made_anew() {
    let desk = recorded();
    let (old, id) = publish(&desk, "");
    let stated = desk.json(STATE);
    let size = desk.size();
    let sizes: Vec<_> =
        stated["states"].as_array().unwrap().iter().map(|one| one["size"].as_u64().unwrap()).collect();
    assert_eq!(sizes, [size - 2, size - 1], "the size that the publication rests on, and the one with it");
    let again = desk.pcf(STATE).ok();
    assert!(again.starts_with(&format!("Nothing was said since the state of size {}", size - 1)), "{again}");
    assert_eq!(desk.size(), size);
    // What no signed checkpoint covers is not shown.
    let early = desk.json(&format!("prove {id} --show all --out early.pcfproof"));
    assert_eq!(early["states"], serde_json::json!([]));
    desk.pcf(SIGN).ok();
    let made = desk.json(&format!("prove {id} --show all -o new.pcfproof"));
    assert_eq!((&made["logSize"], &made["states"]), (&size.into(), &serde_json::json!([size - 2, size - 1])));
    assert!(verify(&desk, "new.pcfproof").0.contains("current as of size"));

    // A later footprint: the old files go on holding, and the one made anew says what follows.
    desk.edit("activities.csv", "100", "101");
    desk.pcf("record activities.csv --sign-with acme.pem --correct").ok();
    let (_, later) = publish(&desk, "--operator-key led-keys/operator.pem");
    for file in [&*old, "early.pcfproof", "new.pcfproof"] {
        assert_eq!(verify(&desk, file).1["verdict"], "verified", "{file}");
    }
    desk.pcf(&format!("prove {id} --show all -o newer.pcfproof")).ok();
    let (text, json) = verify(&desk, "newer.pcfproof");
    assert_eq!(json["verdict"], "verified");
    assert_eq!(json["standing"]["supersededBy"]["footprint"], later.as_str());
    assert!(text.contains(&format!("superseded by {later}")) && !text.contains("current"), "{text}");
    assert_eq!(json["standing"]["usedEnded"].as_array().unwrap().len(), 1, "the corrected activity");
}

#[test]
fn a_withdrawn_publication_is_proven_to_be_so() {
    let desk = recorded();
    let (_, id) = publish(&desk, "");
    let shown = desk.json("log show");
    let publication = shown["submissions"].as_array().unwrap().last().unwrap()["index"].as_u64().unwrap();
    let held = pcf_ledger::ledger::Ledger::read(&desk.path("led")).unwrap();
    let entry =
        held.book().all_entries().map(Result::unwrap).find(|entry| entry.index == publication).unwrap().id;
    desk.run(&["withdraw", &entry.to_string(), "--reason", "wrong", "--sign-with", "acme.pem"]).ok();
    desk.pcf(STATE).ok();
    desk.pcf(SIGN).ok();
    desk.pcf(&format!("prove {id} --show all -o gone.pcfproof")).ok();
    let (text, json) = verify(&desk, "gone.pcfproof");
    assert_eq!(json["verdict"], "not verified");
    assert!(text.contains("the publication no longer holds: withdrawn by"), "{text}");
    // Its PACT file, made anew, says that it is not to be used.
    let status = |file: &str| {
        let json: Value = serde_json::from_slice(&fs::read(desk.path(file)).unwrap()).unwrap();
        json["status"].as_str().unwrap().to_owned()
    };
    assert_eq!(status(&format!("out/{id}.json")), "Active");
    let made = desk.json(&format!("prove {id} --show all -o gone.pcfproof --pact gone.json"));
    assert_eq!((made["pact"].as_str(), status("gone.json").as_str()), (Some("gone.json"), "Deprecated"));
    assert!(verify(&desk, "gone.json").0.contains("the publication no longer holds"));
}

#[test]
fn a_publication_names_the_earlier_files_that_it_did_not_find() {
    let desk = recorded();
    let (_, id) = publish(&desk, "");
    let again = |out: &str, more: &str| {
        moved(&format!(
            "publish {BOTTLE} --period 2024 --valid-until 2027-12-31 --sign-with acme.pem --log-key led-keys/log.pem --out {out} {more}"
        ))
    };
    // Another comment makes it another publication; the same one again changes nothing.
    let before = desk.size();
    let same = desk.pcf(&again("elsewhere", "")).ok();
    assert!(same.starts_with("Published already:") && same.contains(&id), "{same}");
    assert_eq!(desk.size(), before);
    let said = desk.pcf(&again("another", "--comment anew")).ok();
    assert!(said.contains(&format!("no PACT file of {id} is there")), "{said}");
    assert!(said.contains(&format!("pcf prove {id} --pact {id}.json")), "{said}");
    desk.pcf(&format!("prove {id} --show all --pact anew.json")).ok();
    let json: Value = serde_json::from_slice(&fs::read(desk.path("anew.json")).unwrap()).unwrap();
    assert_eq!(json["status"], "Deprecated");
    // Standards: none that is blank, each once, and what PACT does not name is said.
    let size = desk.size();
    desk.run(&[again("out", "--standard").split_whitespace().collect(), vec![" "]].concat())
        .refused(2, &["expected the name of a standard, such as ISO14067"]);
    assert_eq!(desk.size(), size);
    let ran = desk.pcf(&again("out", "--standard PEF --standard ISO-14067 --standard PEF --format json"));
    assert!(ran.err.contains("PACT does not know the standard `ISO-14067`"), "{}", ran.err);
    let published: Value = serde_json::from_str(&ran.ok()).unwrap();
    let file = format!("out/{}.json", published["footprint"].as_str().unwrap());
    let json: Value = serde_json::from_slice(&fs::read(desk.path(&file)).unwrap()).unwrap();
    assert_eq!(json["pcf"]["crossSectoralStandards"], serde_json::json!(["ISO-14067", "PACT-3.0", "PEF"]));
}

#[test]
fn a_footprint_that_never_had_a_pact_file_is_offered_none() {
    let desk = recorded();
    let factors = moved(
        "id,name,category,unit,kgco2e,gwp_set,scope,year,source,licence,data\n\
         ev,Virgin,material,kg,2.8,AR6,life-cycle,2024,x,x,secondary\n\
         er,Recycled,material,kg,1.8,AR6,life-cycle,2024,x,x,secondary\n\
         ed,Landfill,waste,kg,0.01,AR6,life-cycle,2024,x,x,secondary\n",
    );
    desk.write("more.csv", factors.as_bytes());
    desk.pcf("factor add more.csv --sign-with acme.pem").ok();
    let table = String::from_utf8(pcf_testing::desk::BOTTLE.to_vec()).unwrap();
    let mut lines: Vec<String> = table.lines().map(|line| line.trim().to_owned()).collect();
    lines[0] += ",recycling_method,material,material_kg,a,r1,r2,r3,qsinqp,qsoutqp,ev,erec,ereceol,evstar,ed";
    lines[1] += ",cff,steel,1,1,0.3,0.85,0,1,1,factor:ev,factor:er,factor:er,factor:ev,factor:ed";
    desk.write("products.csv", (lines.join("\n") + "\n").as_bytes());
    desk.pcf("product add products.csv --correct --sign-with acme.pem").ok();
    let line = |comment: &str| {
        moved(&format!(
            "publish {BOTTLE} --period 2024 --valid-until 2027-12-31 --sign-with acme.pem --log-key led-keys/log.pem --out out --comment {comment}"
        ))
    };
    let first = desk.json(&line("one"))["footprint"].as_str().unwrap().to_owned();
    let said = desk.pcf(&line("two")).ok();
    assert!(said.contains("no PACT file: what it needs is not stated"), "{said}");
    assert!(!said.contains("pcf prove"), "{said}");
    let ran = desk.pcf(&format!("prove {first} --pact anew.json"));
    assert!(ran.code == 1 && !ran.err.contains("hint: pcf product add"), "{}", ran.err);
}

#[test]
fn a_proof_is_made_anew_after_a_redaction_with_the_help_of_an_earlier_one() {
    let desk = recorded();
    let (old, id) = publish(&desk, "--operator-key led-keys/operator.pem");
    let held = pcf_ledger::ledger::Ledger::read(&desk.path("led")).unwrap();
    let kind = pcf_ledger::model::StatementKind::Activity;
    let activity = held.book().all_entries().map(Result::unwrap).find(|entry| entry.kind == kind).unwrap().id;
    drop(held);
    desk.pcf(&format!("redact {activity} --reason personal --sign-with led-keys/operator.pem --yes")).ok();
    desk.pcf(STATE).ok();
    desk.pcf(SIGN).ok();
    desk.pcf(&format!("prove {id}"))
        .refused(1, &["is redacted", &format!("hint: pcf prove {id} --earlier FILE.pcfproof")]);
    desk.pcf(&format!("prove {id} --show all --earlier {old} -o new.pcfproof")).ok();
    let (text, json) = verify(&desk, "new.pcfproof");
    assert_eq!(
        (&json["verdict"], &json["standing"]["current"]),
        (&"verified".into(), &true.into()),
        "{text}"
    );
    assert!(text.contains("complete: 3 of 3 statements"), "{text}");
    assert!(!fs::read_to_string(desk.path("new.pcfproof")).unwrap().contains("activityBody"));
}

#[test]
fn an_opinion_on_the_state_counts_with_a_pinned_key() {
    let desk = recorded();
    desk.pcf("key new auditor.pem --no-passphrase").ok();
    desk.pcf("actor add auditor --name Auditor --key auditor.pem --type assurance --sign-with led-keys/operator.pem").ok();
    publish(&desk, "--draft --operator-key led-keys/operator.pem");
    let assured = desk.run(&[
        "assure",
        BOTTLE,
        "--level",
        "limited",
        "--standard",
        "ISO 14064-3",
        "--scope",
        "all",
        "--state",
        "--sign-with",
        "auditor.pem",
        "--format",
        "json",
    ]);
    let assured: Value = serde_json::from_str(&assured.ok()).unwrap();
    assert_eq!(assured["stateRoot"].as_str().unwrap().len(), 64);
    let (proof, _) = publish(&desk, "--operator-key led-keys/operator.pem");
    let auditor = desk.json("actor show auditor")["keys"][0]["key"].as_str().unwrap().to_owned();
    desk.write(
        "trust.toml",
        format!("version = 1\n[[actor]]\nactor = \"auditor\"\nkeys = [\"{auditor}\"]\n").as_bytes(),
    );
    let key = desk.json("log key")["verifierKey"].as_str().unwrap().to_owned();
    let text = desk.run(&["verify", &proof, "--key", &key, "--trust", "trust.toml"]).ok();
    assert!(text.contains("the operator’s claim, vouched for by `auditor`"), "{text}");
    let (unpinned, json) = verify(&desk, &proof);
    assert!(!unpinned.contains("vouched for") && json["standing"].get("vouchedBy").is_none(), "{unpinned}");
}
