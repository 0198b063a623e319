//! Bad files, foreign keys, a second writer and wrong usage are refused in plain words; every verb
//! has its help and its JSON.

use std::fs;

use pcf_ledger::ledger::Ledger;
use pcf_ledger::store::Holder;
use pcf_testing::calendar::moved;
use pcf_testing::desk::{Desk, finish};

use crate::PCF;

#[test]
fn files_that_are_no_clean_csv_are_refused_with_a_sentence_each() {
    let desk = Desk::with_product(PCF);
    let good = fs::read_to_string(desk.path("activities.csv")).unwrap();
    desk.write("empty.csv", b"");
    desk.write("column.csv", good.replacen("process", "proces", 1).as_bytes());
    desk.write("latin.csv", good.replacen("die", "di\u{e9}", 1).replace('\u{e9}', "?").as_bytes());
    let latin = fs::read(desk.path("latin.csv")).unwrap();
    let latin: Vec<u8> = latin.iter().map(|b| if *b == b'?' { 0xE9 } else { *b }).collect();
    desk.write("latin.csv", &latin);
    desk.write("comma.csv", good.replace("4.1,", "\"4,100\",").as_bytes());
    let huge = fs::File::create(desk.path("huge.csv")).unwrap();
    huge.set_len(200 << 20).unwrap();
    let cases = [
        ("empty.csv", "empty.csv: the file is empty"),
        ("column.csv", "column.csv:1:proces: no column of activities has this name; did you mean `process`?"),
        ("latin.csv", "latin.csv: expected UTF-8 text, got bytes that are not UTF-8 at offset"),
        ("comma.csv", "comma.csv:3:amount: "),
        ("huge.csv", "huge.csv: expected text, got zero bytes"),
    ];
    let before = desk.size();
    for (file, sentence) in cases {
        desk.pcf(&format!("record {file} --sign-with acme.pem")).refused(1, &[sentence]);
    }
    // A file that is not there is no answer.
    desk.pcf("record absent.csv --sign-with acme.pem")
        .refused(3, &["absent.csv: cannot be read", "hint: pcf template absent.csv"]);
    // All files at once, and the good one beside them is not appended either.
    let all = desk.pcf("record activities.csv empty.csv comma.csv --sign-with acme.pem");
    all.refused(1, &["empty.csv: the file is empty", "comma.csv:3:amount"]);
    assert_eq!(desk.size(), before);
}

#[test]
fn keys_that_may_not_sign_are_refused_with_who_and_why() {
    let desk = Desk::with_product(PCF);
    desk.pcf("key new stranger.pem --no-passphrase").ok();
    let public = desk.json("key show stranger.pem")["publicKey"].as_str().unwrap().to_owned();
    let record = "record activities.csv --sign-with";
    desk.pcf(&format!("{record} stranger.pem"))
        .refused(1, &[&public, "is unknown here", "hint: pcf actor add"]);

    desk.pcf("actor add carrier --name Carrier --key stranger.pem --type activity --sign-with led-keys/operator.pem")
        .ok();
    desk.pcf(&format!("{record} stranger.pem")).refused(
        1,
        &[
            "activities.csv:2: `carrier` may not sign activities of the stage `production`",
            "hint: pcf actor add carrier --stage production",
        ],
    );
    desk.pcf("product add products.csv --sign-with stranger.pem")
        .refused(1, &["`acme` has said this already"]);
    desk.pcf("actor add x --name X --sign-with acme.pem").refused(1, &["belongs to `acme`"]);
    desk.pcf(&format!("{record} acme.pem --by carrier"))
        .refused(2, &["belongs to `acme`, but --by names `carrier`"]);

    desk.pcf("actor revoke acme --key acme.pem --sign-with led-keys/operator.pem").ok();
    desk.pcf(&format!("{record} acme.pem"))
        .refused(1, &["of `acme` is revoked since index", "hint: pcf actor show acme"]);
    desk.pcf("actor add acme --key acme.pem --sign-with led-keys/operator.pem")
        .refused(1, &["cannot come back"]);
}

#[test]
fn an_actor_keeps_its_keys_and_rights_when_more_are_added() {
    let desk = Desk::with_acme(PCF);
    desk.pcf("key new second.pem --no-passphrase").ok();
    desk.pcf("actor add acme --key second.pem --stage transport --sign-with led-keys/operator.pem").ok();
    let acme = desk.json("actor show acme");
    assert_eq!(acme["keys"].as_array().unwrap().len(), 2);
    assert_eq!(acme["stages"], serde_json::json!(["procurement", "production", "transport"]));
    desk.pcf("actor add acme --rights-anew --type product --sign-with led-keys/operator.pem").ok();
    let acme = desk.json("actor show acme");
    assert_eq!((&acme["types"], &acme["stages"]), (&serde_json::json!(["product"]), &serde_json::json!([])));
    assert_eq!(acme["history"].as_array().unwrap().len(), 3);
    desk.pcf("actor show nobody").refused(1, &["no actor `nobody`", "hint: pcf actor list"]);
}

#[test]
fn a_second_writer_is_told_who_holds_the_lock_and_readers_are_not_disturbed() {
    let desk = Desk::with_product(PCF);
    let holder = Holder { label: "a test that writes".into(), started: "2025-01-01T00:00:00Z".into() };
    let held = Ledger::open(&desk.path("led"), &holder).unwrap();
    let process = format!("process {}", std::process::id());
    let parts =
        ["held by another writer", &process, "a test that writes, since 2025-01-01T00:00:00Z", "hint: pcf "];
    desk.pcf("record activities.csv --sign-with acme.pem").refused(3, &parts);
    desk.pcf("log show").ok();
    drop(held);
    desk.pcf("record activities.csv --sign-with acme.pem").ok();
}

#[test]
fn nothing_is_overwritten_and_a_missing_ledger_is_told_how_to_begin() {
    let desk = Desk::new(PCF);
    desk.pcf("log show").refused(3, &["holds no ledger", "hint: pcf init led --origin"]);
    desk.pcf("init led --origin a.example/log --no-passphrase").ok();
    desk.pcf("init led --origin a.example/log --no-passphrase").refused(3, &["holds a ledger already"]);
    desk.pcf("init two --origin a.example/log --no-passphrase --keys led-keys")
        .refused(3, &["is there already"]);
    desk.pcf("init three --origin has+plus --no-passphrase").refused(2, &["without spaces", "has+plus"]);
    assert!(!desk.path("three-keys").exists(), "no keys are left behind");
    desk.pcf("key new led-keys/log.pem --no-passphrase").refused(3, &["could not be written"]);
    desk.pcf("key show absent.pem").refused(3, &["absent.pem", "hint: pcf key new absent.pem"]);
    desk.pcf("template t.csv").ok();
    desk.pcf("template t.csv").refused(3, &["cannot create t.csv"]);
    assert_eq!(desk.pcf("no-such-verb").code, 2);
    assert_eq!(desk.pcf("init led").code, 2, "the origin is missing");
    desk.pcf("log statement 12345").refused(2, &["at least its first 6"]);
    desk.pcf("log checkpoint --sign-with led-keys/operator.pem").refused(2, &["expected the log key"]);
}

#[cfg(unix)]
#[test]
fn key_files_are_for_their_owner_and_open_with_their_passphrase_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new(PCF);
    desk.write("right", b"correct horse\n");
    desk.write("wrong", b"battery staple\n");
    let with = |file: &str, line: &str| {
        let mut command = desk.command(&line.split_whitespace().collect::<Vec<_>>());
        command.env("PCF_PASSPHRASE_FILE", file);
        finish(command)
    };
    let made = with("right", "key new k.pem --name k.example").ok();
    assert!(made.contains("verifier key  k.example+"), "{made}");
    assert_eq!(fs::metadata(desk.path("k.pem")).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(fs::read_to_string(desk.path("k.pem")).unwrap().contains("ENCRYPTED PRIVATE KEY"));
    let public = |text: String| {
        let line = text.lines().find(|l| l.starts_with("public")).unwrap();
        line.split_whitespace().last().unwrap().to_owned()
    };
    assert_eq!(public(with("right", "key show k.pem").ok()), public(made));
    with("wrong", "key show k.pem").refused(3, &["k.pem", "passphrase"]);
    let change = |old: &str, new: &str| {
        let mut command = desk.command(&["key", "change-passphrase", "k.pem"]);
        command.env("PCF_PASSPHRASE_FILE", old).env("PCF_NEW_PASSPHRASE_FILE", new);
        finish(command)
    };
    let before = fs::read(desk.path("k.pem")).unwrap();
    change("wrong", "right").refused(3, &["passphrase"]);
    assert_eq!(fs::read(desk.path("k.pem")).unwrap(), before, "a wrong passphrase changes nothing");
    let held = public(with("right", "key show k.pem").ok());
    change("right", "wrong").ok();
    assert_eq!(public(with("wrong", "key show k.pem").ok()), held);
    with("right", "key show k.pem").refused(3, &["passphrase"]);
    assert_eq!(fs::metadata(desk.path("k.pem")).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!desk.path("k.pem.new").exists());
    change("wrong", "right").ok();
    desk.pcf("key show k.pem")
        .refused(3, &["no terminal", "hint: PCF_PASSPHRASE_FILE=passphrase.txt pcf key show k.pem"]);
}

#[test]
fn every_verb_has_help_with_an_example_and_prints_one_json_object() {
    let desk = Desk::with_product(PCF);
    let mut pages = 0;
    let mut open = vec![Vec::<String>::new()];
    while let Some(verb) = open.pop() {
        let mut line: Vec<&str> = verb.iter().map(String::as_str).collect();
        line.push("--help");
        let help = desk.run(&line).ok();
        assert!(help.contains("Example:\n  pcf "), "pcf {} has no example:\n{help}", verb.join(" "));
        pages += 1;
        let prints_no_object = ["completions", "man"].contains(&line[0]);
        assert!(
            prints_no_object || help.contains("JSON: ") || help.contains("Commands:\n"),
            "pcf {} does not say what its JSON holds:\n{help}",
            verb.join(" ")
        );
        let commands = help.split("Commands:\n").nth(1).unwrap_or_default();
        let names = commands
            .lines()
            .take_while(|l| !l.is_empty())
            .filter(|l| l.starts_with("  ") && !l.starts_with("   "));
        for name in names.filter_map(|l| l.split_whitespace().next()).filter(|name| *name != "help") {
            open.push([verb.as_slice(), &[name.to_owned()]].concat());
        }
    }
    assert!(pages > 25, "only {pages} help pages were found");
    for line in
        ["actor list", "actor show acme", "factor list", "factor search electricity --country CN", "log show"]
    {
        desk.json(line);
    }
    for line in ["product list", "product show urn:gtin:06901234000016", "supplier list", "template x.csv"] {
        desk.json(line);
    }
    assert!(desk.pcf("completions bash").ok().contains("_pcf"));
    assert!(desk.pcf("man").ok().contains(".TH pcf"));
    desk.pcf("man --dir man").ok();
    assert!(desk.path("man/pcf-record.1").exists());
    assert_eq!(desk.pcf("factor search no-such-word-anywhere").code, 1);
}

#[test]
fn hints_name_the_files_that_are_there_and_quote_them() {
    let desk = Desk::with_product(PCF);
    desk.pcf("actor add acme --stage use --sign-with operator.pem").refused(
        3,
        &[
            "operator.pem could not be read: no such file",
            "hint: pcf actor add acme --stage use --sign-with led-keys/operator.pem",
        ],
    );
    let key = "key new my\u{a0}key.pem --no-passphrase";
    desk.run(&key.split(' ').collect::<Vec<_>>()).ok();
    let mut elsewhere = desk.command(&["product", "list"]);
    elsewhere.env_remove("PCF_LEDGER");
    finish(elsewhere).refused(3, &["holds no ledger", "hint: pcf --ledger led product list"]);
    let ran = desk.run(&["--ledger", "led", "record", "activities.csv", "--sign-with", "my\u{a0}key.pem"]);
    ran.refused(
        1,
        &["is unknown here", "hint: pcf --ledger led actor add", "--sign-with led-keys/operator.pem"],
    );
    desk.pcf("factor use cn.mee.elec_footprint.2024.natonal --sign-with acme.pem")
        .refused(1, &["did you mean `cn.mee.elec_footprint.2024.national`", "--sign-with acme.pem"]);
    desk.run(&["init", "a box", "--origin", "a.example/log", "--no-passphrase"]).ok();
    desk.run(&["init", "a box", "--origin", "a.example/log", "--no-passphrase"])
        .refused(3, &["hint: pcf --ledger 'a box' log show"]);
}

#[test]
fn what_is_most_often_a_slip_is_noted_and_taken() {
    let desk = Desk::with_product(PCF);
    desk.edit("activities.csv", "2025-04-01", "2025-03-31");
    let ran = desk.pcf("record activities.csv --sign-with acme.pem --dry-run");
    assert!(ran.err.contains("note: activities.csv:2: the period ends before 2025-03-31"), "{}", ran.err);
    assert!(ran.err.contains("write 2025-04-01"), "{}", ran.err);
    assert_eq!(ran.code, 1, "a dry run says that something should be looked at: {}", ran.out);
    assert!(ran.out.contains("period-end") && ran.out.contains("footprint.2024.national"), "{}", ran.out);
    desk.edit("products.csv", ",acme,", ",acmee,");
    let ran = desk.pcf("record products.csv --sign-with acme.pem --correct --dry-run");
    assert!(ran.err.contains("the signer `acmee` is not enrolled here yet"), "{}", ran.err);
}

#[test]
fn a_file_that_is_no_proof_is_named_as_what_it_is() {
    let desk = Desk::new(PCF);
    let key = "0".repeat(64);
    let cases = [("page.html", "<!DOCTYPE html>", "got a web page"), ("e.pcfproof", "", "an empty file")];
    for (name, text, says) in
        cases.into_iter().chain([("cut.pcfproof", "{\"a\":\"b", "cut off after 7 bytes")])
    {
        desk.write(name, text.as_bytes());
        desk.pcf(&format!("verify {name} --key {key}")).refused(1, &[name, says]);
    }
}

#[test]
fn a_damaged_index_stands_in_nobodys_way() {
    let desk = Desk::with_product(PCF);
    let index = desk.path("led/index");
    let files = fs::read_dir(&index).unwrap().map(|entry| entry.unwrap().path());
    for file in files.filter(|path| path.is_file()) {
        let bytes = fs::read(&file).unwrap();
        fs::write(&file, bytes.iter().map(|byte| byte ^ 0x5a).collect::<Vec<u8>>()).unwrap();
    }
    desk.pcf("record activities.csv --sign-with acme.pem").ok();
}

#[test]
fn what_a_hand_slips_on_is_refused_before_anything_is_written() {
    let desk = Desk::with_bottle(PCF);
    desk.pcf("init other --origin https://a.example/log --no-passphrase")
        .refused(2, &["leave out what stands before ://", "hint: pcf init other --origin a.example/log"]);
    assert!(!desk.path("other").exists() && !desk.path("other-keys").exists());
    desk.pcf("record activities.csv --sign-with led-keys/operator.pem").refused(1, &["hint: pcf actor list"]);
    desk.write("pact.json", b"{\n  \"specVersion\": \"3.0.0\",\n  \"id\": \"x\"\n}\n");
    let ran = desk.pcf("record pact.json --sign-with acme.pem");
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    ran.refused(1, &["got one JSON document over several lines; where it is a PACT file"]);
    // An older copy of the ledger than the one that the log key has signed.
    desk.pcf("record activities.csv --sign-with acme.pem").ok();
    let copy = |from: &str, to: &str| {
        assert!(
            std::process::Command::new("cp")
                .args(["-r", from, to])
                .current_dir(desk.path("."))
                .status()
                .unwrap()
                .success()
        );
    };
    copy("led", "older");
    desk.edit("activities.csv", "900", "901");
    desk.pcf("record activities.csv --correct --sign-with acme.pem").ok();
    desk.pcf("log checkpoint --sign-with led-keys/log.pem").ok();
    let publish = &moved(
        "publish urn:gtin:06901234000016 --period 2024 --valid-until 2027-12-31 --sign-with acme.pem --log-key led-keys/log.pem",
    );
    let size = || pcf_ledger::ledger::Ledger::read(&desk.path("older")).unwrap().size();
    let before = size();
    let ran = desk.pcf(&format!("--ledger older {publish}"));
    assert!(!ran.err.contains("recorded and not published"), "{}", ran.err);
    ran.refused(3, &["refused to sign: this ledger has", "does not agree with it"]);
    assert_eq!(size(), before, "nothing was appended");
}
