//! The command as its user meets it: the real binary, exit codes, sentences, JSON, and what survives a kill.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::StatementKind;
use pcf_ledger::store::Holder;
use serde_json::Value;
use tempfile::TempDir;

/// A directory to work in, with the ledger `led` in it.
struct Desk {
    dir: TempDir,
}

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

    /// Refused with this exit code, a sentence that holds every one of `parts`, and a hint where one is `hint: …`.
    #[track_caller]
    fn refused(self, code: i32, parts: &[&str]) {
        assert_eq!(self.code, code, "stdout: {}\nstderr: {}", self.out, self.err);
        assert!(self.err.starts_with("error: "), "{}", self.err);
        for part in parts {
            assert!(self.err.contains(part), "expected `{part}` in: {}", self.err);
        }
        assert!(!self.err.contains("panicked"), "{}", self.err);
    }
}

impl Desk {
    fn new() -> Self {
        Self { dir: TempDir::new().unwrap() }
    }

    /// With a ledger, and the enrolled actor `acme` whose key is `acme.pem`.
    fn with_acme() -> Self {
        let desk = Self::new();
        desk.pcf("init led --origin footprints.acme.example --no-passphrase").ok();
        desk.pcf("key new acme.pem --no-passphrase").ok();
        desk.pcf(
            "actor add acme --name Acme --key acme.pem --type product --type factor --type activity \
             --type supplierFootprint --stage procurement --stage production --sign-with led-keys/operator.pem",
        )
        .ok();
        desk
    }

    /// With acme's product and factor too, and the file `activities.csv`.
    fn with_product() -> Self {
        let desk = Self::with_acme();
        desk.pcf("template products.csv --kind products").ok();
        desk.pcf("template factors.csv --kind factors").ok();
        desk.pcf("template activities.csv").ok();
        desk.pcf("product add products.csv --sign-with acme.pem").ok();
        desk.pcf("factor add factors.csv --sign-with acme.pem").ok();
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pcf"));
        command.args(arguments).current_dir(self.dir.path()).stdin(Stdio::null());
        command.env("PCF_LEDGER", "led").env_remove("PCF_PASSPHRASE_FILE");
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        finish(self.command(arguments))
    }

    fn pcf(&self, line: &str) -> Ran {
        self.run(&line.split_whitespace().collect::<Vec<_>>())
    }

    fn json(&self, line: &str) -> Value {
        let out = self.pcf(&format!("{line} --format json")).ok();
        let value: Value = serde_json::from_str(&out).unwrap_or_else(|e| panic!("{line}: {e}: {out}"));
        assert!(value.is_object(), "{line}: {out}");
        value
    }

    fn size(&self) -> u64 {
        Ledger::read(&self.path("led")).unwrap().size()
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    fn edit(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        assert!(text.contains(from), "{name} has no {from}");
        self.write(name, text.replace(from, to).as_bytes());
    }
}

fn finish(mut command: Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn a_spreadsheet_becomes_a_log_that_can_be_proven() {
    let desk = Desk::with_product();
    let out = desk.pcf("record activities.csv --sign-with acme.pem").ok();
    assert!(out.starts_with("index 4: 1 statement\nRecorded 1 statement in 1 submission\n"), "{out}");
    assert!(out.contains("factor:cn.mee.elec_footprint.2024.national (1 flow)"), "{out}");
    desk.pcf("factor use cn.mee.elec_footprint.2024.national --by acme --sign-with acme.pem").ok();

    let recorded = desk.json("record activities.csv --sign-with acme.pem");
    assert_eq!((&recorded["recorded"], &recorded["skipped"]), (&0.into(), &1.into()), "the same rows again");

    let id = desk.json("log show --from 4 --limit 1");
    assert_eq!(id["submissions"][0]["types"]["activity"], 1);
    let entries = Ledger::read(&desk.path("led")).unwrap();
    let activity = entries.book().entries().iter().find(|e| e.kind == StatementKind::Activity).unwrap().id;
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
    let desk = Desk::with_product();
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
    let activities = ledger.book().entries().iter().filter(|e| e.kind == StatementKind::Activity);
    let live: Vec<bool> = activities.map(|e| ledger.book().holds(&e.id)).collect();
    assert_eq!(live, [false, true]);
}

#[test]
fn a_statement_that_was_withdrawn_no_longer_holds_and_stays_readable() {
    let desk = Desk::with_product();
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
    let desk = Desk::with_product();
    let ledger_id = desk.json("log show")["ledgerId"].as_str().unwrap().to_owned();
    let sign =
        format!("sign activities.csv --by acme --sign-with acme.pem --ledger-id {ledger_id} --out a.pcfs");
    desk.pcf(&sign).ok();
    desk.pcf(&sign).refused(3, &["cannot create a.pcfs"]);
    let first = desk.json("submit a.pcfs");
    let second = desk.json("submit a.pcfs");
    assert_eq!(first["submissions"][0]["already"], false);
    assert_eq!(second["submissions"][0]["already"], true);
    assert_eq!(first["submissions"][0]["index"], second["submissions"][0]["index"]);

    desk.edit("a.pcfs", "53000", "53001");
    desk.pcf("submit a.pcfs").refused(1, &["a.pcfs: expected statements with the root"]);
    let other = "00".repeat(32);
    desk.pcf(&format!("sign activities.csv --by acme --sign-with acme.pem --ledger-id {other} --out b.pcfs"))
        .ok();
    desk.pcf("submit b.pcfs").refused(1, &["the seal is for ledger 0000", "this is ledger"]);
}

#[test]
fn a_supplier_footprint_is_taken_in_once_and_pinned() {
    let desk = Desk::with_acme();
    let cap = concat!(env!("CARGO_MANIFEST_DIR"), "/src/bin/pcf/demo/cap-pact.json");
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
}

#[test]
fn files_that_are_no_clean_csv_are_refused_with_a_sentence_each() {
    let desk = Desk::with_product();
    let good = fs::read_to_string(desk.path("activities.csv")).unwrap();
    desk.write("empty.csv", b"");
    desk.write("column.csv", good.replacen("process", "proces", 1).as_bytes());
    desk.write("gb18030.csv", &[good.as_bytes(), b"\xd6\xd0\xb9\xfa"].concat());
    desk.write("comma.csv", good.replace("4.1,", "\"4,1\",").as_bytes());
    let huge = fs::File::create(desk.path("huge.csv")).unwrap();
    huge.set_len(200 << 20).unwrap();
    let cases = [
        ("empty.csv", "empty.csv: the file is empty"),
        ("column.csv", "column.csv:1:proces: no column of activities has this name; did you mean `process`?"),
        ("gb18030.csv", "gb18030.csv: expected UTF-8 text, got the byte 0xD6"),
        ("comma.csv", "comma.csv:3:amount: "),
        ("huge.csv", "huge.csv: expected at most 64 MiB, got 209715200 bytes"),
        ("absent.csv", "absent.csv: cannot be read"),
    ];
    let before = desk.size();
    for (file, sentence) in cases {
        desk.pcf(&format!("record {file} --sign-with acme.pem")).refused(1, &[sentence]);
    }
    // All files at once, and the good one beside them is not appended either.
    let all = desk.pcf("record activities.csv empty.csv comma.csv --sign-with acme.pem");
    all.refused(1, &["empty.csv: the file is empty", "comma.csv:3:amount"]);
    assert_eq!(desk.size(), before);
}

#[test]
fn keys_that_may_not_sign_are_refused_with_who_and_why() {
    let desk = Desk::with_product();
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
    let desk = Desk::with_acme();
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
    let desk = Desk::with_product();
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
    let desk = Desk::new();
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
    let desk = Desk::new();
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
    desk.pcf("key show k.pem")
        .refused(3, &["no terminal", "hint: PCF_PASSPHRASE_FILE=passphrase.txt pcf key show k.pem"]);
}

#[test]
fn every_verb_has_help_with_an_example_and_prints_one_json_object() {
    let desk = Desk::with_product();
    let mut pages = 0;
    let mut open = vec![Vec::<String>::new()];
    while let Some(verb) = open.pop() {
        let mut line: Vec<&str> = verb.iter().map(String::as_str).collect();
        line.push("--help");
        let help = desk.run(&line).ok();
        assert!(help.contains("Example:\n  pcf "), "pcf {} has no example:\n{help}", verb.join(" "));
        pages += 1;
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

const STATEMENTS: usize = 2_000;
const BATCH: usize = 100;

/// As many activity statements as an import of some seconds has: they differ in their batch.
fn many(desk: &Desk) {
    let good = fs::read_to_string(desk.path("activities.csv")).unwrap();
    let (header, row) = (good.lines().next().unwrap(), good.lines().nth(1).unwrap());
    let batch = header.split(',').position(|name| name == "batch").unwrap();
    let mut text = format!("{header}\n");
    for n in 0..STATEMENTS {
        let mut cells: Vec<String> = row.split(',').map(str::to_owned).collect();
        cells[batch] = format!("B{n:05}");
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    desk.write("many.csv", text.as_bytes());
}

fn copy_dir(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_dir(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Starts the import, kills it after `lines` answered submissions and a little more, and returns every index that was answered.
fn import_and_kill(desk: &Desk, ledger: &str, lines: usize, more: Duration) -> Vec<u64> {
    let batch = BATCH.to_string();
    let mut command = desk.command(&[
        "record",
        "many.csv",
        "--sign-with",
        "acme.pem",
        "--batch-size",
        &batch,
        "--ledger",
        ledger,
    ]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    for _ in 0..lines {
        out.read_line(&mut text).unwrap();
    }
    std::thread::sleep(more);
    child.kill().unwrap();
    child.wait().unwrap();
    out.read_to_string(&mut text).unwrap();
    let index = |line: &str| line.strip_prefix("index ")?.split_once(':')?.0.parse().ok();
    text.lines().filter_map(index).collect()
}

#[test]
fn an_import_that_is_killed_loses_nothing_that_was_answered_and_leaves_no_half_submission() {
    let desk = Desk::with_product();
    many(&desk);
    let before = usize::try_from(desk.size()).unwrap();
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |below: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed % below
    };
    let mut cut_short = 0;
    for round in 0..20 {
        let name = format!("led{round}");
        copy_dir(&desk.path("led"), &desk.path(&name));
        let lines = usize::try_from(random((STATEMENTS / BATCH) as u64)).unwrap();
        let answered = import_and_kill(&desk, &name, lines, Duration::from_micros(random(6_000)));
        assert!(
            answered.len() >= lines,
            "round {round}: it was killed after {lines}, and answered {answered:?}"
        );

        let visible = Ledger::read(&desk.path(&name)).unwrap_or_else(|e| panic!("round {round}: {e}")).size();
        let holder = Holder { label: "a test".into(), started: "now".into() };
        let reopened =
            Ledger::open(&desk.path(&name), &holder).unwrap_or_else(|e| panic!("round {round}: {e}"));
        // What was synced and not yet visible is kept by the writer's recovery.
        assert!(reopened.size() == visible || reopened.size() == visible + 1, "round {round}: {visible}");
        let size = usize::try_from(reopened.size()).unwrap();
        assert!(size >= before + answered.len(), "round {round}: {size} of {before} + {answered:?}");
        // An answer can be lost on its way out, more than one in writing cannot be there.
        assert!(size <= before + answered.len() + 1, "round {round}: {size} of {before} + {answered:?}");
        for index in before..size {
            let submission = reopened.submission(index as u64).unwrap();
            let leaves: Vec<_> =
                submission.statements.iter().map(|s| pcf_ledger::codec::leaf_hash(s)).collect();
            submission.seal.check_statements(&leaves).unwrap();
            submission.seal.verify_signature().unwrap();
            assert_eq!(leaves.len(), BATCH, "round {round}: half a submission at {index}");
        }
        drop(reopened);
        cut_short += usize::from(size < before + STATEMENTS / BATCH);
        if round % 5 == 0 {
            let rest = desk.json(&format!("record many.csv --sign-with acme.pem --ledger {name}"));
            assert_eq!(rest["skipped"], (size - before) * BATCH, "round {round}: what is in is skipped");
            assert_eq!(rest["recorded"], STATEMENTS - (size - before) * BATCH, "round {round}");
        }
        fs::remove_dir_all(desk.path(&name)).unwrap();
    }
    assert!(cut_short >= 10, "only {cut_short} of 20 imports were cut short: the kill comes too late");
}
