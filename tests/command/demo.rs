//! The demo succeeds with the figures that were checked by hand, in any year, and every damage to
//! its ledger or its proofs is found.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use pcf_ledger::ledger::Ledger;
use pcf_ledger::sign::VerifierKey;
use pcf_testing::calendar::{moved, year};
use pcf_testing::copy;
use serde_json::Value;
use tempfile::TempDir;

use crate::PCF;

const BOTTLE: &str = "urn:gtin:06901234000016";

/// What a run left behind.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    #[track_caller]
    fn ok(self) -> String {
        assert_eq!(self.code, 0, "stdout: {}\nstderr: {}", self.out, self.err);
        self.out
    }

    /// The answer is no, and both texts together say why.
    #[track_caller]
    fn no(self, parts: &[&str]) -> String {
        assert_eq!(self.code, 1, "stdout: {}\nstderr: {}", self.out, self.err);
        let said = format!("{}{}", self.out, self.err);
        for part in parts {
            assert!(said.contains(part), "expected `{part}` in: {said}");
        }
        said
    }
}

fn pcf(dir: &Path, arguments: &[&str]) -> Ran {
    let mut command = Command::new(PCF);
    command.args(arguments).current_dir(dir).stdin(Stdio::null());
    command.env("PCF_LEDGER", "demo/ledger").env_remove("PCF_PASSPHRASE_FILE");
    let output = command.output().unwrap();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(!err.contains("panicked"), "{arguments:?}: {err}");
    Ran { code: output.status.code().unwrap_or(-1), out, err }
}

/// The demo, run once; every test works on a copy of its own.
fn made() -> &'static Path {
    static MADE: OnceLock<TempDir> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let dir = TempDir::new().unwrap();
        let out = pcf(dir.path(), &["demo", "demo"]).ok();
        assert!(out.contains("\nholds\n") && out.contains("verified"), "{out}");
        dir
    });
    made.path()
}

struct Demo {
    dir: TempDir,
}

impl Demo {
    fn new() -> Self {
        let dir = TempDir::new().unwrap();
        copy(made(), dir.path());
        Self { dir }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join("demo").join(name)
    }

    fn pcf(&self, line: &str) -> Ran {
        pcf(self.dir.path(), &line.split_whitespace().collect::<Vec<_>>())
    }

    #[track_caller]
    fn json(&self, line: &str) -> Value {
        let out = self.pcf(&format!("{line} --format json")).ok();
        serde_json::from_str(&out).unwrap_or_else(|e| panic!("{line}: {e}: {out}"))
    }

    fn key(&self) -> String {
        Ledger::read(&self.path("ledger")).unwrap().verifier_key().unwrap().to_string()
    }

    /// The published files with this ending, sorted; `json` are the PACT files of finals, `draft.json` those of drafts.
    fn published(&self, ending: &str) -> Vec<PathBuf> {
        let files = fs::read_dir(self.path("published")).unwrap().map(|entry| entry.unwrap().path());
        let is_one = |path: &PathBuf| {
            let (_, ends) = path.file_name().unwrap().to_str().unwrap().split_once('.').unwrap();
            ends == ending
        };
        let mut files: Vec<PathBuf> = files.filter(is_one).collect();
        files.sort();
        files
    }

    /// The proof of the final publication.
    fn final_proof(&self) -> PathBuf {
        self.published("json")[0].with_extension("pcfproof")
    }

    fn verify(&self, proof: &Path, key: &str) -> Ran {
        pcf(self.dir.path(), &["verify", &proof.display().to_string(), "--key", key, "--details"])
    }

    fn record(&self, more: &str) -> Ran {
        self.pcf(&format!(
            "record demo/inputs/activities-bottle.csv --sign-with demo/keys/linhu-bottle.pem {more}"
        ))
    }

    fn flip(&self, name: &str, place: usize) {
        let mut bytes = fs::read(self.path(name)).unwrap();
        bytes[place] ^= 0x10;
        fs::write(self.path(name), bytes).unwrap();
    }
}

#[test]
fn the_demo_leaves_a_ledger_two_proofs_pages_and_a_document() {
    let demo = Demo::new();
    let (drafts, finals) = (demo.published("draft.json"), demo.published("json"));
    assert_eq!((demo.published("pcfproof").len(), finals.len(), drafts.len()), (2, 1, 1));
    let pages = demo.published("html");
    assert_eq!(pages.len(), 3, "two publications and the list");
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        for load in ["<script", "<link", "<iframe", "<img", "src=", "@import", "url("] {
            assert!(!text.contains(load), "{} loads something by {load}", page.display());
        }
        assert!(text.contains("no such company or bottle exists"), "the disclaimer is on every page");
    }
    let read = |file: &Path| -> Value { serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap() };
    let draft = read(&drafts[0]);
    assert_eq!(draft["status"], "Deprecated", "nobody takes a draft for a footprint to calculate with");
    assert!(draft["comment"].as_str().unwrap().starts_with("DRAFT:"));
    let pact = read(&finals[0]);
    assert_eq!(
        (&pact["status"], &pact["companyName"]),
        (&"Active".into(), &"Linhu Bottle 临湖瓶业 (example)".into())
    );
}

#[test]
fn the_figures_of_the_demo_are_those_that_were_checked_by_hand() {
    let demo = Demo::new();
    let footprint = demo.json(&moved(&format!("footprint {BOTTLE} --period 2024")));
    let figures = &footprint["figures"];
    assert_eq!(figures["gate"]["excludingUptake"], "1.139051302437334");
    assert_eq!(figures["grave"]["excludingUptake"], "4.668754171962334");
    // 190 kg left out over 240,000 bottles, against the gate and itself.
    assert_eq!(figures["exemptedEmissionsPercent"], "0.069454");
    // 0.4 kg of HFC-134a at 1,530, measured, and 35 % of the caps' 0.0875355 kg, against the gate.
    assert_eq!(figures["primaryDataShare"], "2.913602");
    // 4,800 kWh at 0.5777 kg over 720,000 bottles.
    let design = &figures["processes"][0];
    assert_eq!(design["process"], "design and tooling");
    assert_eq!(design["figures"]["excludingUptake"], "0.003851333333333");
    let pact: Value = serde_json::from_str(&fs::read_to_string(&demo.published("json")[0]).unwrap()).unwrap();
    assert_eq!(pact["pcf"]["pcfExcludingBiogenicUptake"], "1.139051302437334");
}

#[test]
fn both_proofs_verify_with_the_key_or_the_id_of_the_ledger_and_with_no_other() {
    let demo = Demo::new();
    let id = Ledger::read(&demo.path("ledger")).unwrap().id().to_string();
    let own: VerifierKey = demo.key().parse().unwrap();
    let other = pcf_ledger::sign::SigningKey::generate([9; 32]).verifying_key();
    let other = VerifierKey::new(own.name(), pcf_ledger::sign::KeyKind::Ed25519, other).unwrap().to_string();
    for proof in demo.published("pcfproof") {
        demo.verify(&proof, &demo.key()).ok();
        demo.verify(&proof, &id).ok();
        demo.verify(&proof, &other).no(&["trust-anchor", "not verified"]);
        demo.verify(&proof, &"00".repeat(32)).no(&["trust-anchor", "not verified"]);
    }
}

#[test]
fn a_proof_with_one_changed_byte_is_refused_with_a_reason() {
    let demo = Demo::new();
    let (proof, key) = (demo.final_proof(), demo.key());
    let bytes = fs::read(&proof).unwrap();
    let bent = demo.path("bent.pcfproof");
    let steps = 24;
    for step in 0..steps {
        let place = step * (bytes.len() - 1) / (steps - 1);
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        fs::write(&bent, &changed).unwrap();
        let said = demo.verify(&bent, &key).no(&[]);
        let reason = said.contains("FAILS") || said.starts_with("error: ");
        assert!(reason && !said.starts_with("verified\n"), "byte {place}: {said}");
    }
    fs::write(&bent, &bytes[..bytes.len() / 2]).unwrap();
    demo.verify(&bent, &key).no(&["error: "]);
}

#[test]
fn an_audit_names_file_and_offset_of_a_flipped_byte_and_never_says_that_it_holds() {
    let length = fs::metadata(made().join("demo/ledger/segments/000000")).unwrap().len();
    let length = usize::try_from(length).unwrap();
    let mut places: Vec<(&str, usize)> =
        (0..16).map(|n| ("ledger/segments/000000", 64 + n * (length - 65) / 15)).collect();
    places.extend([0, 9, 20].map(|place| ("ledger/segments/000000", place)));
    // Both slots of the head: which of the two counts makes no difference.
    places.extend([0, 10, 50, 4096, 4106, 4146].map(|place| ("ledger/head", place)));
    places.extend([("ledger/ledger.toml", 30), ("ledger/ledger.toml", 120)]);
    for (name, place) in places {
        let demo = Demo::new();
        demo.flip(name, place);
        let ran = demo.pcf("audit");
        let said = format!("{}{}", ran.out, ran.err);
        assert!([1, 3].contains(&ran.code), "{name} byte {place}: exit {}: {said}", ran.code);
        let file = name.rsplit('/').next().unwrap();
        assert!(said.contains(file), "{name} byte {place}: {said}");
        if file != "ledger.toml" {
            assert!(said.contains("byte ") || said.contains("offset "), "{name} byte {place}: {said}");
        }
        assert!(!said.ends_with("\nholds\n"), "{name} byte {place}: {said}");
    }
}

#[test]
fn derived_files_that_are_lost_or_damaged_change_no_answer() {
    let answers = |demo: &Demo| {
        (
            demo.json("log show"),
            demo.json(&moved(&format!("footprint {BOTTLE} --period 2024")))["figures"].clone(),
        )
    };
    let before = answers(&Demo::new());
    let damages: [fn(&Demo); 4] = [
        |demo| fs::remove_dir_all(demo.path("ledger/index")).unwrap(),
        |demo| fs::remove_dir_all(demo.path("ledger/log")).unwrap(),
        |demo| {
            for entry in fs::read_dir(demo.path("ledger/index")).unwrap().map(Result::unwrap) {
                if entry.file_type().unwrap().is_file() {
                    let bytes = fs::read(entry.path()).unwrap();
                    fs::write(entry.path(), bytes.iter().map(|byte| byte ^ 0x55).collect::<Vec<_>>())
                        .unwrap();
                }
            }
        },
        |demo| {
            for entry in fs::read_dir(demo.path("ledger/log")).unwrap().map(Result::unwrap) {
                let name = entry.file_name().into_string().unwrap();
                let len = usize::try_from(entry.metadata().unwrap().len()).unwrap();
                (0..len).step_by(1000).for_each(|place| demo.flip(&format!("ledger/log/{name}"), place));
            }
        },
    ];
    for (number, damage) in damages.into_iter().enumerate() {
        let demo = Demo::new();
        damage(&demo);
        assert_eq!(answers(&demo), before, "damage {number}, read");
        demo.record("").ok();
        assert_eq!(answers(&demo), before, "damage {number}, written");
        assert!(demo.pcf("audit").ok().ends_with("\nholds\n"), "damage {number}");
    }
}

#[test]
fn the_same_file_again_records_nothing() {
    let demo = Demo::new();
    let size = Ledger::read(&demo.path("ledger")).unwrap().size();
    let again = demo.json("record demo/inputs/activities-bottle.csv --sign-with demo/keys/linhu-bottle.pem");
    assert_eq!(again["recorded"], 0);
    assert!(again["skipped"].as_u64().unwrap() > 0);
    assert_eq!(Ledger::read(&demo.path("ledger")).unwrap().size(), size);
}

#[test]
fn a_second_demo_in_the_same_place_is_refused_and_touches_nothing() {
    let demo = Demo::new();
    let before = fs::read(demo.path("ledger/head")).unwrap();
    let ran = demo.pcf("demo demo");
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("demo is there already and not empty"), "{}", ran.err);
    assert_eq!(fs::read(demo.path("ledger/head")).unwrap(), before);
}

#[test]
fn a_corrected_amount_is_published_anew_and_the_old_proof_still_verifies() {
    let demo = Demo::new();
    let (old_proof, old_key) = (demo.final_proof(), demo.key());
    let old = old_proof.file_stem().unwrap().to_str().unwrap().to_owned();
    let csv = demo.path("inputs/activities-bottle.csv");
    let text = fs::read_to_string(&csv).unwrap();
    assert!(text.contains(",26400,kg,"));
    fs::write(&csv, text.replace(",26400,kg,", ",26500,kg,")).unwrap();

    let size = Ledger::read(&demo.path("ledger")).unwrap().size();
    let said =
        demo.record("").no(&["activities-bottle.csv:4", "differs from the live activity", "--correct"]);
    let ledger = Ledger::read(&demo.path("ledger")).unwrap();
    let live =
        ledger.book().all_entries().map(Result::unwrap).filter(|e| ledger.book().holds(&e.id).unwrap());
    assert!(
        live.map(|e| e.id.to_string()).any(|id| said.contains(&id)),
        "the live statement is named: {said}"
    );
    assert_eq!(ledger.size(), size, "nothing was appended");
    demo.record("--correct").ok();

    let published = demo.json(&demo.to_publish(""));
    let new = published["footprint"].as_str().unwrap().to_owned();
    assert_ne!(new, old);
    assert_ne!(published["gateKgCo2e"], "1.139051302437334");
    let pact: Value = serde_json::from_str(
        &fs::read_to_string(demo.path("published").join(format!("{new}.json"))).unwrap(),
    )
    .unwrap();
    assert_eq!(pact["precedingPfIds"], serde_json::json!([old]));
    let old_pact = demo.path("published").join(format!("{old}.json"));
    let deprecated: Value = serde_json::from_str(&fs::read_to_string(&old_pact).unwrap()).unwrap();
    assert_eq!(
        deprecated["status"], "Deprecated",
        "the PACT file beside the new one says that it has been followed"
    );
    demo.verify(&old_pact, &old_key).ok();
    assert_eq!(demo.key(), old_key);
    demo.verify(&old_proof, &old_key).ok();
    demo.verify(&demo.path("published").join(format!("{new}.pcfproof")), &old_key).ok();
    let index = fs::read_to_string(demo.path("published/index.html")).unwrap();
    assert!(index.contains(&old) && index.contains(&new));
    assert!(demo.pcf("audit").ok().ends_with("\nholds\n"));
    // The auditor may still look at the draft, which rests on what held then.
    demo.pcf(
        "assure urn:gtin:06901234000016 --level reasonable --standard ISO14064-3 --scope everything \
         --sign-with demo/keys/zhongheng-assurance.pem",
    )
    .ok();
}

#[test]
fn a_ledger_restored_from_a_backup_signs_no_second_history_with_either_verb() {
    let demo = Demo::new();
    let (ledger, backup) = (demo.path("ledger"), demo.path("backup"));
    copy(&ledger, &backup);
    demo.pcf(&demo.to_publish("")).ok(); // signed at size 20
    fs::remove_dir_all(&ledger).unwrap();
    fs::rename(&backup, &ledger).unwrap();
    let add = "actor add newcomer --name Newcomer --key demo/keys/log.pem --type factor --sign-with demo/keys/operator.pem";
    demo.pcf(add).no(&["log key"]);
    demo.pcf("key new demo/keys/newcomer.pem --no-passphrase").ok();
    demo.pcf(&add.replace("log.pem", "newcomer.pem")).ok(); // another submission at size 20
    let refused = demo.pcf("log checkpoint --sign-with demo/keys/log.pem");
    assert_eq!(refused.code, 3, "{}{}", refused.out, refused.err);
    assert!(refused.err.contains("signed at size 20"), "{}", refused.err);
}

#[test]
fn whoever_has_only_the_pact_file_verifies_it_and_no_figure_in_it_can_be_changed() {
    let demo = Demo::new();
    let (path, key) = (demo.published("json")[0].clone(), demo.key());
    let said = demo.verify(&path, &key).ok();
    assert!(said.contains("pact-document: id, product, periods, totals and categories are the same, and so are declared unit, mass and carbon"), "{said}");

    let whole = fs::read_to_string(&path).unwrap();
    let document: Value = serde_json::from_str(&whole).unwrap();
    let changes: [(&str, Value, &str); 18] = [
        (
            "/pcf/pcfExcludingBiogenicUptake",
            "1.1".into(),
            "pcf.pcfExcludingBiogenicUptake: expected 1.139051302437334",
        ),
        ("/pcf/pcfIncludingBiogenicUptake", "1.1".into(), "pcf.pcfIncludingBiogenicUptake: expected"),
        ("/pcf/fossilGhgEmissions", "1.1".into(), "pcf.fossilGhgEmissions: expected"),
        ("/pcf/aircraftGhgEmissions", "0.1".into(), "pcf.aircraftGhgEmissions: expected 0"),
        ("/pcf/declaredUnitAmount", "2".into(), "pcf.declaredUnitAmount: expected 1"),
        ("/pcf/declaredUnitOfMeasurement", "kilogram".into(), "pcf.declaredUnitAmount: expected 1"),
        ("/pcf/primaryDataShare", "99".into(), "pcf.primaryDataShare: expected 2.913602, got 99"),
        ("/pcf/exemptedEmissionsPercent", "0".into(), "pcf.exemptedEmissionsPercent: expected 0.069454"),
        (
            "/pcf/referencePeriodStart",
            moved("2023-01-01T00:00:00Z").into(),
            &format!("pcf.referencePeriodStart: expected {}", year(2024)),
        ),
        (
            "/validityPeriodEnd",
            moved("2029-01-01T00:00:00Z").into(),
            &format!("validityPeriodEnd: expected {}", year(2028)),
        ),
        (
            "/productIds",
            serde_json::json!(["urn:gtin:06901234000023"]),
            "productIds: expected urn:gtin:06901234000016",
        ),
        ("/id", "3f0a7c3e-0000-4000-8000-00000000000f".into(), "id: expected"),
        ("/created", "2020-01-01T00:00:00Z".into(), "created: expected"),
        ("/pcf/productMassPerDeclaredUnit", "9".into(), "pcf.productMassPerDeclaredUnit: expected"),
        ("/pcf/fossilCarbonContent", "9".into(), "pcf.fossilCarbonContent: expected"),
        (
            "/pcf/packagingEmissionsIncluded",
            false.into(),
            "pcf.packagingEmissionsIncluded: expected true, got false",
        ),
        ("/pcf/outboundLogisticsGhgEmissions", "9".into(), "pcf.outboundLogisticsGhgEmissions: expected"),
        ("/pcf/dqi/temporalDQR", "1".into(), "pcf.dqi.temporalDQR: expected"),
    ];
    let bent = demo.path("bent.json");
    for (pointer, value, expected) in changes {
        let mut document = document.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        document.pointer_mut(parent).unwrap()[name] = value;
        fs::write(&bent, serde_json::to_vec(&document).unwrap()).unwrap();
        let ran = demo.verify(&bent, &key);
        assert_eq!(ran.code, 1, "{pointer}: {}{}", ran.out, ran.err);
        assert!(ran.out.contains(expected), "{pointer}: {}", ran.out);
    }

    let mut other = document.clone();
    other["extensions"][0]["data"]["proof"]["statements"][0]["header"] = "{}".into();
    fs::write(&bent, serde_json::to_vec(&other).unwrap()).unwrap();
    demo.verify(&bent, &key).no(&["bent.json", "statements[0]"]);
    other["extensions"] = serde_json::json!([]);
    fs::write(&bent, serde_json::to_vec(&other).unwrap()).unwrap();
    demo.verify(&bent, &key).no(&["carries no proof"]);
}

#[test]
fn the_verdict_comes_first_and_a_check_that_fails_is_named_without_details() {
    let demo = Demo::new();
    let (file, key) = (demo.final_proof().display().to_string(), demo.key());
    let short = pcf(demo.dir.path(), &["verify", &file, "--key", &key]).ok();
    let lines: Vec<&str> = short.lines().collect();
    assert_eq!(lines[0], "verified");
    assert!(lines[2].contains(" kg CO2e per declared unit to the grave, "), "{short}");
    assert!(lines[3].contains("current as of size 18") && lines[3].contains("checks hold"), "{short}");
    let other = "00".repeat(32);
    let refused = pcf(demo.dir.path(), &["verify", &file, "--key", &other]);
    let said = refused.no(&["not verified", "FAILS  trust-anchor"]);
    assert!(!said.contains("holds  "), "{said}");
}

#[test]
fn without_a_key_everything_else_is_checked_and_nothing_is_called_verified() {
    let demo = Demo::new();
    for file in [demo.final_proof(), demo.published("json")[0].clone()] {
        let ran = pcf(demo.dir.path(), &["verify", &file.display().to_string()]);
        assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
        assert!(ran.out.starts_with("not verified: no key was given to compare with\n"), "{}", ran.out);
        assert!(ran.err.contains("hint: pcf verify") && ran.err.contains("--key"), "{}", ran.err);
    }
    let bytes = fs::read_to_string(demo.final_proof()).unwrap().replacen(
        "\"activities\":[\"",
        "\"activities\":[\"0",
        1,
    );
    fs::write(demo.path("bent.pcfproof"), bytes).unwrap();
    assert_eq!(
        demo.pcf("verify demo/bent.pcfproof").code,
        1,
        "a broken file is broken with or without a key"
    );
}

#[test]
fn a_newer_footprint_of_a_supplier_names_the_flows_that_are_stale() {
    let demo = Demo::new();
    let mut newer: Value = serde_json::from_str(include_str!("../../src/cli/demo/cap-pact.json")).unwrap();
    let older = newer["id"].as_str().unwrap().to_owned();
    newer["id"] = "11111111-2222-4333-8444-555555555555".into();
    newer["precedingPfIds"] = serde_json::json!([older]);
    fs::write(demo.path("newer.json"), newer.to_string()).unwrap();
    let added = demo.json("supplier add demo/newer.json --sign-with demo/keys/linhu-bottle.pem");
    assert_eq!(added["stale"][0]["footprint"], older);
    assert_eq!(added["stale"][0]["products"], serde_json::json!([BOTTLE]));
    let listed = demo.json("supplier list");
    assert_eq!(listed["footprints"][0]["flows"], 1);
}

impl Demo {
    /// The command that publishes the bottle again; the factors stay as old as they are, so that a
    /// late clock asks for a reason.
    fn to_publish(&self, more: &str) -> String {
        let checked = self.pcf(&moved("check --period 2024 --format json")).out;
        let report: Value = serde_json::from_str(&checked).unwrap();
        let findings = report["findings"].as_array().unwrap().iter();
        let stood_by =
            findings.filter(|found| found["rule"] == "factor-year" || found["rule"] == "gwp-unstated");
        let accepted: String = stood_by
            .map(|found| format!(" --accept {}=AR6-assumed", found["id"].as_str().unwrap()))
            .collect();
        let shown = if more.contains("--withhold") { "" } else { " --show all" };
        moved(&format!(
            "publish {BOTTLE} --period 2024 --valid-until 2027-12-31 --sign-with demo/keys/linhu-bottle.pem \
             --log-key demo/keys/log.pem --out demo/published {more}{accepted}{shown}"
        ))
    }

    /// Publishes the bottle again, and returns the new footprint.
    fn publish(&self, more: &str) -> String {
        self.json(&self.to_publish(more))["footprint"].as_str().unwrap().to_owned()
    }

    /// The PACT file of a footprint.
    fn pact(&self, footprint: &str) -> Value {
        let text = fs::read_to_string(self.path("published").join(format!("{footprint}.json"))).unwrap();
        serde_json::from_str(&text).unwrap()
    }
}

#[test]
fn what_a_publisher_withheld_stays_withheld_when_a_later_footprint_follows() {
    let demo = Demo::new();
    let old = demo.publish("--withhold --no-outbound --standard ISO14067");
    let before = demo.pact(&old);
    let new = demo.publish("");
    let mut after = demo.pact(&old);
    assert_eq!((&before["status"], &after["status"]), (&"Active".into(), &"Deprecated".into()));
    after["status"] = "Active".into();
    assert_eq!(before, after, "nothing but the status was changed");
    assert_ne!(demo.pact(&new)["pcf"].get("outboundLogisticsGhgEmissions"), None);
    fs::write(demo.path("published").join(format!("{new}.json")), "{}").unwrap();
    demo.publish("--comment again");
    let left = fs::read_to_string(demo.path("published").join(format!("{new}.json"))).unwrap();
    assert_eq!(left, "{}", "what is not that footprint's file is left alone");
}

#[test]
fn a_verification_that_nobody_gave_is_found() {
    let demo = Demo::new();
    let csv = demo.path("inputs/activities-bottle.csv");
    let text = fs::read_to_string(&csv).unwrap();
    fs::write(&csv, text.replace(",26400,kg,", ",26500,kg,")).unwrap();
    demo.record("--correct").ok(); // other figures than the ones that were assured
    let (id, key) = (demo.publish(""), demo.key());
    let mut document = demo.pact(&id);
    assert_eq!(document["pcf"].get("verification"), None);
    document["pcf"]["verification"] =
        serde_json::json!({"coverage": "product level", "providerName": "Somebody"});
    let path = demo.path("bent.json");
    fs::write(&path, document.to_string()).unwrap();
    let ran = demo.verify(&path, &key);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("pcf.verification: expected none"), "{}", ran.out);
}

/// The demo with as many more statements about washing, each a batch of its own.
fn with_readings(count: usize) -> (Demo, String) {
    let demo = Demo::new();
    let header = "stage,process,site,start,end,product,output,output_unit,flow,kind,amount,unit,source,data";
    let mut text = format!("{header}\n");
    for n in 0..count {
        // A reading for each: what was used, beside the one statement that says how many were
        // washed.
        text.push_str(&format!(
            "use,washing,households,2024-01-01,2025-01-01,{BOTTLE},,,household {n},energy,1,kWh,factor:cn.mee.elec_footprint.2024.national,secondary\n"
        ));
    }
    fs::write(demo.path("many.csv"), moved(&text)).unwrap();
    demo.pcf("record demo/many.csv --sign-with demo/keys/linhu-bottle.pem").ok();
    let id = demo.publish("");
    (demo, id)
}

#[test]
fn a_large_proof_goes_into_the_pact_file_without_the_statements_behind_the_figures() {
    let (demo, id) = with_readings(420);
    let file = demo.path("published").join(format!("{id}.json"));
    let (file, key) = (file.display().to_string(), demo.key());
    let said = pcf(demo.dir.path(), &["verify", &file, "--key", &key, "--details"]).ok();
    assert!(said.contains("not checked  figures-recalculated"), "{said}");
    assert!(said.contains(", and so are declared unit, mass and carbon; "), "{said}");
}

#[test]
fn a_proof_too_large_for_a_pact_file_lies_beside_it_and_the_footprint_is_published_all_the_same() {
    let (demo, id) = with_readings(9_000);
    let key = demo.key();
    assert_eq!(demo.pact(&id).get("extensions"), None);
    demo.verify(&demo.path("published").join(format!("{id}.json")), &key).no(&[
        "carries no proof",
        "hint: pcf verify",
        ".pcfproof",
        " --key VERIFIER-KEY",
    ]);
    demo.verify(&demo.path("published").join(format!("{id}.pcfproof")), &key).ok();
}
