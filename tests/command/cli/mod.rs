//! The command does what its user asks through the real binary, with the documented exit codes,
//! sentences and JSON.

mod accepted;
mod corrections;
mod dates;
mod forecast;
mod history;
mod misspelt;
mod projects;
mod redaction;
mod refusals;
mod split;
mod spread;
mod states;
mod strict;
mod tables;
mod views;

use std::fs;

use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::StatementKind;
use pcf_testing::desk::Desk;

use crate::PCF;

#[test]
fn a_spreadsheet_becomes_a_log_that_can_be_proven() {
    let desk = Desk::with_product(PCF);
    let out = desk.pcf("record activities.csv --sign-with acme.pem").ok();
    assert!(out.starts_with("index 4: 1 statement\nRecorded 1 statement in 1 submission\n"), "{out}");
    assert!(out.contains("factor:cn.mee.elec_footprint.2024.national (1 flow)"), "{out}");
    desk.pcf("factor use cn.mee.elec_footprint.2024.national --by acme --sign-with acme.pem").ok();

    let recorded = desk.json("record activities.csv --sign-with acme.pem");
    assert_eq!((&recorded["recorded"], &recorded["skipped"]), (&0.into(), &1.into()), "the same rows again");

    let id = desk.json("log show --from 4 --limit 1");
    assert_eq!(id["submissions"][0]["types"]["activity"], 1);
    let entries = Ledger::read(&desk.path("led")).unwrap();
    let activity = entries
        .book()
        .all_entries()
        .map(Result::unwrap)
        .find(|e| e.kind == StatementKind::Activity)
        .unwrap()
        .id;
    desk.pcf(&format!("log prove {activity}")).refused(1, &["not yet provable", "hint: pcf log checkpoint"]);
    desk.pcf("log checkpoint --sign-with led-keys/log.pem").ok();
    assert!(desk.path("led-keys/log.pem.checkpoint").exists());
    let proof = desk.json(&format!("log prove {activity} --out a.tlog-proof"));
    assert!(proof["tlogProof"].as_str().unwrap().starts_with("c2sp.org/tlog-proof@v1\nindex 4\n"));
    let shown = desk.pcf(&format!("log statement {}", &activity.to_string()[..8])).ok();
    assert_eq!(pcf_ledger::codec::statement_id(shown.trim_end().as_bytes()), activity);
}

#[test]
fn a_changed_row_is_refused_without_correct_and_replaces_with_it() {
    let desk = Desk::with_product(PCF);
    desk.pcf("factor use cn.mee.elec_footprint.2024.national uk.desnz2025.27_304_3132_14_1 uk.desnz2025.28_907_3132_14_1 --sign-with acme.pem").ok();
    desk.pcf("record activities.csv --sign-with acme.pem").ok();
    desk.edit("activities.csv", "53000", "54000");
    let before = desk.size();
    desk.pcf("record activities.csv --sign-with acme.pem")
        .refused(1, &["activities.csv:2: differs from the live activity", "hint: pcf record activities.csv"]);
    let tried = desk.json("record activities.csv --sign-with acme.pem --correct --dry-run");
    assert_eq!((&tried["recorded"], &tried["dryRun"]), (&1.into(), &true.into()));
    assert_eq!(desk.size(), before, "nothing was appended");
    let corrected = desk.json("record activities.csv --sign-with acme.pem --correct");
    assert_eq!((&corrected["recorded"], &corrected["corrected"]), (&1.into(), &1.into()));
    let ledger = Ledger::read(&desk.path("led")).unwrap();
    let activities =
        ledger.book().all_entries().map(Result::unwrap).filter(|e| e.kind == StatementKind::Activity);
    let live: Vec<bool> = activities.map(|e| ledger.book().holds(&e.id).unwrap()).collect();
    assert_eq!(live, [false, true]);
}

#[test]
fn a_statement_that_was_withdrawn_no_longer_holds_and_stays_readable() {
    let desk = Desk::with_product(PCF);
    let recorded = desk.json("record activities.csv --sign-with acme.pem");
    let id = recorded["submissions"][0]["statements"][0].as_str().unwrap().to_owned();
    desk.run(&["withdraw", &id, "--reason", "read twice", "--sign-with", "acme.pem"]).ok();
    let shown = desk.json(&format!("log statement {id}"));
    assert_eq!(shown["holds"], false);
    assert!(shown["why"].as_str().unwrap().starts_with("withdrawn by "), "{shown}");
    let again = desk.run(&["withdraw", &id, "--reason", "once more", "--sign-with", "acme.pem"]);
    again.refused(1, &[&id, "hint: pcf log statement"]);
}

#[test]
fn a_submission_signed_elsewhere_is_appended_once() {
    let desk = Desk::with_product(PCF);
    let ledger_id = desk.json("log show")["ledgerId"].as_str().unwrap().to_owned();
    desk.product_statements();
    let sign = |id: &str, out: &str| {
        format!(
            "sign activities.csv --by acme --sign-with acme.pem --ledger-id {id} --products products.jsonl --out {out}"
        )
    };
    let (sign_other, sign) = (sign(&"00".repeat(32), "b.pcfs"), sign(&ledger_id, "a.pcfs"));
    desk.pcf(&sign).ok();
    desk.pcf(&sign).refused(3, &["cannot create a.pcfs"]);
    let first = desk.json("submit a.pcfs");
    let second = desk.json("submit a.pcfs");
    assert_eq!(first["submissions"][0]["already"], false);
    assert_eq!(second["submissions"][0]["already"], true);
    assert_eq!(first["submissions"][0]["index"], second["submissions"][0]["index"]);

    desk.edit("a.pcfs", "53000", "53001");
    desk.pcf("submit a.pcfs").refused(1, &["expected the body with the digest"]);
    desk.pcf(&sign_other).ok();
    desk.pcf("submit b.pcfs").refused(1, &["the seal is for ledger 0000", "this is ledger"]);
}

#[test]
fn a_row_that_is_gone_from_its_file_is_named_and_withdrawn_where_that_is_wanted() {
    let desk = Desk::with_bottle(PCF);
    let made = fs::read_to_string(desk.path("activities.csv")).unwrap();
    let reading = made.lines().nth(1).unwrap().replace(",100,piece,electricity,", ",,,lighting,");
    let both = format!("{made}{reading}\n");
    desk.write("activities.csv", both.as_bytes());
    let record = "record activities.csv --sign-with acme.pem";
    assert_eq!(desk.json(record)["recorded"], 2);
    assert_eq!(desk.json(record).get("gone"), None);

    // What was recorded for itself is not gone where another file says nothing of it.
    desk.write("other.csv", both.replace("Plant 7", "Plant 8").as_bytes());
    assert_eq!(desk.json("record other.csv --sign-with acme.pem").get("gone"), None);

    desk.write("activities.csv", made.as_bytes());
    let gone = &desk.json(record)["gone"];
    assert_eq!(gone.as_array().unwrap().len(), 1);
    assert!(gone[0]["says"].as_str().unwrap().ends_with("1 flow (lighting)"), "{gone}");
    desk.pcf(&format!("{record} --withdraw-missing")).refused(2, &["--correct"]);
    let tried = desk.json(&format!("{record} --correct --withdraw-missing --dry-run"));
    assert_eq!((&tried["withdrawn"], &tried["dryRun"]), (&1.into(), &true.into()));
    let withdrawn = desk.json(&format!("{record} --correct --withdraw-missing"));
    assert_eq!(withdrawn["withdrawn"], 1);
    assert_eq!(desk.json(record).get("gone"), None);
    // A row that says something else now is refused, and not gone.
    desk.write("activities.csv", made.replace(",900,", ",901,").as_bytes());
    desk.pcf(record).refused(1, &["differs from the live activity statement"]);
    // The row that comes back is recorded anew.
    desk.write("activities.csv", both.as_bytes());
    assert_eq!(desk.json(record)["recorded"], 1);
}

#[test]
fn a_supplier_footprint_tells_all_its_problems_and_one_whose_totals_contradict_waits() {
    let desk = Desk::with_acme(PCF);
    let cap = concat!(env!("CARGO_MANIFEST_DIR"), "/src/cli/demo/cap-pact.json");
    let text = fs::read_to_string(cap).unwrap();
    let changed = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut document: serde_json::Value = serde_json::from_str(&text).unwrap();
        change(&mut document);
        desk.write("cap.json", document.to_string().as_bytes());
    };
    let add = "supplier add cap.json --sign-with acme.pem";
    changed(&|document| {
        document["status"] = "active".into();
        document["pcf"]["declaredUnitAmount"] = "-1".into();
        document["pcf"]["fossilGhgEmissions"] = "8E-02".into();
    });
    desk.pcf(add).refused(
        1,
        &[
            "cap.json: at status: unknown variant `active`",
            "cap.json: at pcf.declaredUnitAmount: expected an amount above zero, got -1",
            "write \"0.08\"",
        ],
    );
    changed(&|document| document["pcf"]["pcfExcludingBiogenicUptake"] = "0.2".into());
    for tried in [add.to_owned(), format!("{add} --dry-run")] {
        desk.pcf(&tried).refused(1, &["not the sum of their parts", "--as-it-is"]);
    }
    assert_eq!(desk.json("supplier list")["footprints"], serde_json::json!([]));
    assert_eq!(desk.json(&format!("{add} --as-it-is"))["already"], false);
    // Two digits less are rounding, and a warning.
    let desk = Desk::with_acme(PCF);
    let rounded = text.replace("\"0.0871\"", "\"0.087\"");
    assert_ne!(rounded, text);
    desk.write("cap.json", rounded.as_bytes());
    assert_eq!(desk.json(add)["already"], false);
}

#[test]
fn a_supplier_footprint_is_taken_in_once_and_pinned() {
    let desk = Desk::with_acme(PCF);
    let cap = concat!(env!("CARGO_MANIFEST_DIR"), "/src/cli/demo/cap-pact.json");
    let added = desk.json(&format!("supplier add {cap} --sign-with acme.pem"));
    assert_eq!(added["already"], false);
    assert_eq!(desk.json(&format!("supplier add {cap} --sign-with acme.pem"))["already"], true);
    let text = fs::read_to_string(cap).unwrap();
    desk.write("cap.json", text.replacen("{", "{ ", 1).as_bytes());
    desk.pcf("supplier add cap.json --sign-with acme.pem")
        .refused(1, &["another document of footprint", "--correct"]);
    assert_eq!(desk.json("supplier list")["footprints"].as_array().unwrap().len(), 1);
    desk.write("cap.json", b"{\"specVersion\": \"2.0.0\"}");
    desk.pcf("supplier add cap.json --sign-with acme.pem").refused(1, &["cap.json: "]);

    let mut newer: serde_json::Value = serde_json::from_str(&text).unwrap();
    let older = newer["id"].as_str().unwrap().to_owned();
    newer["id"] = "11111111-2222-4333-8444-555555555555".into();
    newer["precedingPfIds"] = serde_json::json!([older]);
    desk.write("newer.json", newer.to_string().as_bytes());
    let added = desk.json("supplier add newer.json --sign-with acme.pem");
    assert_eq!(added["stale"], serde_json::json!([]), "no flow names the older one yet");
    let listed = desk.json("supplier list");
    assert_eq!(listed["footprints"][0]["followedBy"], "11111111-2222-4333-8444-555555555555");
    assert_eq!(listed["footprints"][1].get("followedBy"), None);
}
