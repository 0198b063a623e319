//! The errors of the command as they are typed: command line, exit code, cause and hint, in `command.md`. Every hint is a command that the
//! command line takes, and every sentence that `src/cli` has for an error stands in the catalogue
//! or in a list with the reason.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use pcf_testing::calendar::moved;
use pcf_testing::desk::{Desk, Ran, finish};

use super::catalogue::{TURN, golden, settled};
use crate::PCF;

/// What a hint shows of a publication in 2026.
const EXAMPLE: &str = "--period 2024 --valid-until 2027-12-31";

pub struct Page<'a> {
    pub desk: &'a Desk,
    pub text: String,
    hints: Vec<String>,
}

impl Page<'_> {
    /// A line that is refused: words as a shell splits them at spaces; `␣` stands for a space inside a word.
    #[track_caller]
    pub fn refused(&mut self, code: i32, line: &str) {
        let words: Vec<String> = line.split(' ').map(|word| word.replace('␣', " ")).collect();
        let ran = self.desk.run(&words.iter().map(String::as_str).collect::<Vec<_>>());
        self.put(code, &format!("pcf {}", line.replace('␣', "\\ ")), ran);
    }

    #[track_caller]
    fn put(&mut self, code: i32, line: &str, ran: Ran) {
        assert_eq!(ran.code, code, "{line}: {}{}", ran.out, ran.err);
        let from = ran.err.find("error: ").unwrap_or_else(|| panic!("{line}: no error: {}", ran.err));
        let message = settled(&ran.err[from..]).replace(&*self.desk.dir.path().to_string_lossy(), "…");
        // An example's years move with the clock.
        let message = message.replace(&moved(EXAMPLE), EXAMPLE);
        let _ = write!(self.text, "\n`{}` (exit {code})\n\n", settled(line));
        for part in message.lines() {
            // Who holds the lock: another process and host in every run.
            let part = match part.split_once("(process ").and_then(|(a, b)| Some((a, b.split_once(", ")?.1)))
            {
                Some((before, after)) => format!("{before}(process … on …, {after}"),
                None => part.to_owned(),
            };
            let _ = writeln!(self.text, "> {}", if part.is_empty() { "" } else { &part });
        }
        let hint = ran.err.lines().find_map(|line| line.strip_prefix("hint: "));
        self.hints.extend(hint.map(|hint| hint.split("   (").next().unwrap_or_default().to_owned()));
    }

    pub fn heading(&mut self, text: &str) {
        let _ = write!(self.text, "\n## {text}\n");
    }
}

#[test]
fn every_error_of_the_command_stands_in_the_catalogue_with_its_exit_code_and_a_hint_that_can_be_typed() {
    let _turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let desk = Desk::with_product(PCF);
    desk.pcf("key new stranger.pem --no-passphrase").ok();
    desk.pcf("actor add acme --type publication --sign-with led-keys/operator.pem").ok();
    let mut page = Page { desk: &desk, text: String::new(), hints: Vec::new() };
    page.text.push_str(
        "# Errors of the command\n\nWhat was typed, the exit code, and what standard error said. Made by `tests/command/errors`; do not edit. \
         Exit codes: 1 checked, and the answer is no; 2 wrong usage; 3 could not be carried out.\n",
    );
    beginnings(&mut page);
    keys(&mut page);
    actors(&mut page);
    files(&mut page);
    statements(&mut page);
    figures(&mut page);
    proofs(&mut page);
    states(&mut page);
    super::desk::projects(&mut page);
    redaction(&mut page);
    damage(&mut page);
    let (text, hints) = (page.text, page.hints);
    golden("command.md", &text);
    assert!(hints.len() > 40, "only {} hints", hints.len());
    hints.iter().for_each(|hint| can_be_typed(hint));
    super::sentences::every_one_is_in(&text);
}

fn beginnings(page: &mut Page<'_>) {
    page.heading("Beginning");
    page.refused(2, "no-such-verb");
    page.refused(2, "record");
    page.refused(2, "log show --form json");
    page.refused(2, "init three --origin has+plus --no-passphrase");
    page.refused(2, "init three --origin https://a.example/log --no-passphrase");
    page.refused(3, "init led --origin a.example/log --no-passphrase");
    page.refused(3, "init two --origin a.example/log --no-passphrase --keys led-keys");
    page.refused(3, "--ledger nowhere log show");
    page.refused(3, "--ledger . log show");
    fs::write(page.desk.path("file"), "").unwrap();
    page.refused(3, "init file --origin a.example/log --no-passphrase");
    page.refused(2, "demo led");
    page.refused(3, "template activities.csv");
    page.refused(1, "template activities.ods");
    page.refused(3, "man --dir file/man");
    page.refused(1, "log export out");
}

fn keys(page: &mut Page<'_>) {
    page.heading("Keys");
    page.refused(3, "key new acme.pem --no-passphrase");
    page.refused(3, "key new file/k.pem --no-passphrase");
    page.refused(3, "key new locked.pem");
    page.refused(3, "key show absent.pem");
    page.refused(1, "key show products.csv");
    let desk = page.desk;
    for (name, text) in [("right", "correct horse\n"), ("wrong", "battery staple\n"), ("empty", "\n")] {
        desk.write(name, text.as_bytes());
    }
    let with = |file: &str, line: &str| {
        let mut command = desk.command(&line.split(' ').collect::<Vec<_>>());
        command.env("PCF_PASSPHRASE_FILE", file);
        finish(command)
    };
    with("right", "key new locked.pem").ok();
    page.put(3, "PCF_PASSPHRASE_FILE=wrong pcf key show locked.pem", with("wrong", "key show locked.pem"));
    page.put(3, "PCF_PASSPHRASE_FILE=absent pcf key show locked.pem", with("absent", "key show locked.pem"));
    page.put(2, "PCF_PASSPHRASE_FILE=empty pcf key new other.pem", with("empty", "key new other.pem"));
    desk.write("endless", &[b'x'; 100_000]);
    page.put(
        3,
        "PCF_PASSPHRASE_FILE=endless pcf key show locked.pem",
        with("endless", "key show locked.pem"),
    );
    page.refused(3, "key show locked.pem");
    page.refused(2, "key show acme.pem --name a+b");
}

fn actors(page: &mut Page<'_>) {
    page.heading("Actors and rights");
    page.refused(2, "actor add new --sign-with led-keys/operator.pem");
    page.refused(1, "actor add x --name X --sign-with acme.pem");
    page.refused(2, "actor add acme --key absent.pem --sign-with led-keys/operator.pem");
    page.refused(3, "actor add acme --stage use --sign-with operator.pem");
    page.refused(1, "actor show nobody");
    page.refused(1, "actor revoke nobody --key acme.pem --sign-with led-keys/operator.pem");
    page.refused(1, "actor revoke acme --key stranger.pem --sign-with led-keys/operator.pem");
    page.refused(1, "record activities.csv --sign-with stranger.pem");
    page.desk
        .pcf("actor add carrier --name Carrier --key stranger.pem --type activity --sign-with led-keys/operator.pem")
        .ok();
    page.refused(1, "record activities.csv --sign-with stranger.pem");
    page.desk.pcf("actor add carrier --stage production --sign-with led-keys/operator.pem").ok();
    page.refused(1, "record activities.csv --sign-with stranger.pem");
    page.refused(1, "factor add factors.csv --sign-with stranger.pem");
    page.refused(2, "record activities.csv --sign-with acme.pem --by carrier");
    page.refused(1, "actor add acme --key stranger.pem --sign-with led-keys/operator.pem");
    page.refused(1, "authority replace --log stranger.pem --sign-with acme.pem");
    page.refused(1, "authority replace --recovery stranger.pem --sign-with led-keys/operator.pem");
}

fn files(page: &mut Page<'_>) {
    page.heading("Files");
    let desk = page.desk;
    let good = fs::read_to_string(desk.path("activities.csv")).unwrap();
    desk.write("empty.csv", b"");
    desk.write("column.csv", good.replacen("process", "proces", 1).as_bytes());
    desk.write("ghost.csv", good.replace("urn:gtin:06901234000016", "urn:gtin:06901234000023").as_bytes());
    desk.write("process.csv", good.replace("die casting", "painting").as_bytes());
    page.refused(3, "record absent.csv --sign-with acme.pem");
    page.refused(1, "record empty.csv --sign-with acme.pem");
    page.refused(1, "record column.csv --sign-with acme.pem");
    page.refused(1, "record src --sign-with acme.pem".replace("src", "led").as_str());
    page.refused(1, "record ghost.csv --sign-with acme.pem");
    page.refused(1, "record process.csv --sign-with acme.pem");
    page.refused(1, "product add factors.csv --sign-with acme.pem");
    page.refused(2, "record activities.csv --sign-with acme.pem --batch-size 0");
    desk.pcf("record activities.csv --sign-with acme.pem").ok();
    desk.write("changed.csv", good.replace("53000", "54000").as_bytes());
    page.refused(1, "record changed.csv --sign-with acme.pem");
    page.refused(1, "record activities.csv --split-at 2025-02-01 --sign-with acme.pem");
    page.refused(1, "record activities.csv --split-at 2025-04-01 --sign-with acme.pem");
    page.refused(2, "record activities.csv --split-at April --sign-with acme.pem");
    splits(page);
    page.refused(1, "product add products.csv --sign-with stranger.pem");
    desk.write("none.json", b"{}");
    page.refused(1, "supplier add none.json --sign-with acme.pem");
    let cap = include_str!("../../../src/cli/demo/cap-pact.json");
    desk.write("cap.json", cap.as_bytes());
    desk.pcf("supplier add cap.json --sign-with acme.pem").ok();
    desk.write("cap.json", cap.replacen('{', "{ ", 1).as_bytes());
    page.refused(1, "supplier add cap.json --sign-with acme.pem");
    page.refused(3, "supplier add absent.json --sign-with acme.pem");
    page.refused(1, "factor use cn.mee.elec_footprint.2024.natonal --sign-with acme.pem");
    page.refused(1, "factor use nothing.like.that --sign-with acme.pem");
}

/// Activities that days do not divide.
fn splits(page: &mut Page<'_>) {
    let head = "stage,process,recipe,start,end,applies_to_start,applies_to_end,product,output,output_unit,flow,kind,amount,unit,source,instrument,instrument_kwh,instrument_start,instrument_end";
    let row = |recipe: &str, applies: &str, certificate: &str| {
        format!(
            "production,die casting,{recipe},2025-01-01,2025-04-01,{applies},urn:gtin:06901234000016,1,piece,power,energy,1,kWh,factor:grid,{certificate}"
        )
    };
    let rows = [
        row("yes", ",", ",,,"),
        row("", "2025-01-01,2027-01-01", ",,,"),
        row("", ",", "REC-1,1,2025-01-01,2026-01-01"),
    ];
    page.desk.write("whole.csv", format!("{head}\n{}\n", rows[0]).as_bytes());
    page.refused(1, "record whole.csv --split-at 2025-02-01 --sign-with acme.pem");
    page.desk.write("whole.csv", format!("{head}\n{}\n", rows[1]).as_bytes());
    page.refused(1, "record whole.csv --split-at 2025-02-01 --sign-with acme.pem");
    page.desk.write("whole.csv", format!("{head}\n{}\n", rows[2]).as_bytes());
    page.refused(1, "record whole.csv --split-at 2025-02-01 --sign-with acme.pem");
    let parts = row("", ",", ",,,").replace("2025", "2019");
    page.desk.write("whole.csv", format!("{head}\n{parts}\n").as_bytes());
    page.desk.pcf("record whole.csv --split-at 2019-02-01 --sign-with acme.pem").ok();
    page.refused(1, "record whole.csv --sign-with acme.pem");
}

fn statements(page: &mut Page<'_>) {
    page.heading("Statements and submissions");
    let desk = page.desk;
    let ledger_id = desk.json("log show")["ledgerId"].as_str().unwrap().to_owned();
    let zeros = "0".repeat(64);
    page.refused(2, "log statement 12345");
    page.refused(1, "log statement 123456");
    page.refused(1, &format!("log statement {zeros}"));
    page.refused(1, &format!("withdraw {zeros} --reason twice --sign-with acme.pem"));
    page.refused(1, "product show urn:gtin:06901234000023");
    page.refused(2, "sign activities.csv --by acme --sign-with acme.pem --ledger-id abc --out a.pcfs");
    let sign =
        format!("sign factors.csv --by acme --sign-with acme.pem --ledger-id {ledger_id} --out a.pcfs");
    desk.pcf(&sign).ok();
    page.refused(3, &sign);
    page.refused(1, "submit a.pcfs");
    desk.edit("a.pcfs", "\"licence\":\"", "\"licence\":\"not ");
    page.refused(1, "submit a.pcfs");
    page.refused(1, "submit activities.csv");
    page.refused(3, "submit absent.pcfs");
    let elsewhere =
        format!("sign changed.csv --by acme --sign-with acme.pem --ledger-id {zeros} --out b.pcfs");
    page.refused(1, &elsewhere);
    page.refused(1, &format!("{elsewhere} --products factors.csv"));
    desk.product_statements();
    desk.pcf(&format!("{elsewhere} --products products.jsonl")).ok();
    page.refused(1, "submit b.pcfs");
    let held = pcf_ledger::ledger::Ledger::open(
        &desk.path("led"),
        &pcf_ledger::store::Holder {
            label: "a test that writes".into(),
            started: "2025-01-01T00:00:00Z".into(),
        },
    );
    page.refused(3, "record activities.csv --sign-with acme.pem");
    drop(held);
}

fn figures(page: &mut Page<'_>) {
    page.heading("Figures and publications");
    let desk = page.desk;
    let (product, year) = ("urn:gtin:06901234000016", "--period 2025-01-01..2025-04-01");
    page.refused(1, &format!("footprint nothing {year}"));
    page.refused(2, &format!("footprint {product} --period 2025-13"));
    page.refused(2, &format!("footprint {product}"));
    page.refused(2, &format!("footprint {product} {year} --as-of 999"));
    page.refused(1, &format!("footprint {product} {year}"));
    page.refused(1, &format!("trace {product} --period 2024"));
    page.refused(1, &format!("trace {product} --period 2025-02"));
    page.refused(
        1,
        &format!("assure {product} --level limited --standard ISO␣14064-3 --scope all --sign-with acme.pem"),
    );
    page.refused(1, "assure 3f0a7c3e-0000-4000-8000-000000000001 --level limited --standard ISO␣14064-3 --scope all --sign-with acme.pem");
    let publish =
        |more: &str| format!("publish {product} {year} --valid-until 2099-12-31 --draft --sign-with {more}");
    page.refused(2, &publish("acme.pem --log-key led-keys/operator.pem"));
    page.refused(2, &publish("acme.pem --log-key led-keys/log.pem --accept everything"));
    page.refused(3, &publish("acme.pem --log-key log.pem"));
    page.refused(1, &publish("acme.pem --log-key led-keys/log.pem"));
    let used = "factor use cn.mee.elec_footprint.2024.national uk.desnz2025.27_304_3132_14_1 uk.desnz2025.28_907_3132_14_1";
    desk.pcf(&format!("{used} --sign-with acme.pem")).ok();
    let good = fs::read_to_string(desk.path("activities.csv")).unwrap();
    desk.write(
        "parts.csv",
        good.replace("production,die casting", "procurement,materials and parts").as_bytes(),
    );
    desk.pcf("record parts.csv --sign-with acme.pem").ok();
    page.refused(1, &publish("stranger.pem --log-key led-keys/log.pem"));
    desk.pcf(&format!("footprint {product} {year}")).ok();
    let products = fs::read_to_string(desk.path("products.csv")).unwrap();
    desk.write("twin.csv", products.replace(product, "urn:gtin:06901234000023").as_bytes());
    desk.pcf("product add twin.csv --sign-with acme.pem").ok();
    let name = desk.json(&format!("product show {product}"))["name"].as_str().unwrap().replace(' ', "␣");
    page.refused(2, &format!("footprint {name} {year}"));
}

fn states(page: &mut Page<'_>) {
    page.heading("States, and proofs made anew");
    let desk = page.desk;
    let (product, uuid) = ("urn:gtin:06901234000016", "3f0a7c3e-0000-4000-8000-000000000001");
    page.refused(1, "log state --sign-with acme.pem");
    page.refused(1, &format!("prove {uuid}"));
    let publish = format!(
        "publish {product} --period 2025-01-01..2025-04-01 --valid-until 2099-12-31 --draft --sign-with acme.pem --log-key led-keys/log.pem"
    );
    page.refused(1, &format!("{publish} --operator-key acme.pem"));
    let draft = desk.json(&publish);
    desk.pcf("actor add acme --type assurance --sign-with led-keys/operator.pem").ok();
    page.refused(
        1,
        &format!(
            "assure {product} --level limited --standard ISO␣14064-3 --scope all --state --sign-with acme.pem"
        ),
    );
    let earlier = desk.path("earlier.pcfproof");
    fs::copy(desk.path(draft["files"][0].as_str().unwrap()), earlier).unwrap();
    page.refused(1, &format!("prove {uuid} --earlier earlier.pcfproof"));
    page.text = page.text.replace(draft["footprint"].as_str().unwrap(), "UUID");
    page.refused(1, &format!("prove {uuid} --earlier whole.pcfproof"));
}

fn redaction(page: &mut Page<'_>) {
    page.heading("Redaction");
    let desk = page.desk;
    let id = |query: &str, place: &str| desk.json(query)[place].as_str().unwrap_or_default().to_owned();
    let product = id("product show urn:gtin:06901234000016", "statement");
    let factors = desk.json("factor list");
    let factors = factors["factors"].as_array().unwrap();
    let factor = factors.iter().find(|f| f["factor"] == "uk.desnz2025.27_304_3132_14_1").unwrap();
    let factor = factor["statement"].as_str().unwrap().to_owned();
    let made = desk.json("list statements --type activity --product urn:gtin:06901234000016 --period 2025Q1");
    let made = made["statements"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!((product.len(), factor.len()), (64, 64));
    let reason = "--reason names␣a␣person";
    page.refused(1, &format!("redact {product} {reason} --sign-with led-keys/operator.pem --yes"));
    page.refused(1, &format!("redact {factor} {reason} --sign-with led-keys/operator.pem --yes"));
    page.refused(1, &format!("redact {made} {reason} --sign-with acme.pem --yes"));
    page.refused(2, &format!("redact {made} {reason} --sign-with led-keys/operator.pem"));
    page.refused(2, &format!("redact {made} {reason}"));
    desk.pcf(&format!("redact {made} {reason} --sign-with led-keys/operator.pem --yes")).ok();
    page.refused(1, "footprint urn:gtin:06901234000016 --period 2025-01-01..2025-04-01");
}

fn proofs(page: &mut Page<'_>) {
    page.heading("Log and proofs");
    let desk = page.desk;
    let shown = desk.json("product show urn:gtin:06901234000016");
    let id = shown["statement"].as_str().unwrap_or_default().to_owned();
    assert_eq!(id.len(), 64, "{shown}");
    let short = |text: &mut String| *text = text.replace(&id, "ID");
    page.refused(1, &format!("log prove {id}"));
    page.refused(2, "log checkpoint --sign-with led-keys/operator.pem");
    desk.write("led-keys/log.pem.checkpoint", b"hello\n");
    page.refused(3, "log checkpoint --sign-with led-keys/log.pem");
    fs::remove_file(desk.path("led-keys/log.pem.checkpoint")).unwrap();
    desk.pcf("log checkpoint --sign-with led-keys/log.pem").ok();
    page.refused(1, "log consistency --from 999");
    page.refused(1, "log cosign");
    desk.write("w.policy", b"quorum one\n");
    page.refused(1, "log policy w.policy");
    page.refused(2, &format!("log receipt {id} --sign-with led-keys/operator.pem --out a.cose"));
    page.refused(3, &format!("log prove {id} --out file/a.tlog-proof"));
    short(&mut page.text);
    let key = "0".repeat(64);
    desk.write("page.html", b"<!DOCTYPE html>");
    desk.write("page.pcfproof", b"{\"a\":\"b");
    desk.write("whole.pcfproof", b"{}");
    desk.write("long.pcfproof", b"");
    fs::File::options().write(true).open(desk.path("long.pcfproof")).unwrap().set_len(200 << 20).unwrap();
    desk.write("trust", b"hello\n");
    page.refused(1, &format!("verify page.html --key {key}"));
    page.refused(1, &format!("verify page.pcfproof --key {key}"));
    page.refused(1, &format!("verify whole.pcfproof --key {key}"));
    page.refused(1, &format!("verify long.pcfproof --key {key}"));
    page.refused(3, &format!("verify absent.pcfproof --key {key}"));
    page.refused(2, "verify whole.pcfproof --key hello");
    page.refused(2, &format!("verify whole.pcfproof --key {key} --trust trust"));
    page.refused(2, &format!("verify whole.pcfproof --key {key} --witness hello"));
}

fn damage(page: &mut Page<'_>) {
    page.heading("Damage");
    let desk = page.desk;
    let segment = desk.path("led/segments/000000");
    let whole = fs::read(&segment).unwrap();
    let earlier = fs::read(desk.path("led/head")).unwrap();
    let mut flipped = whole.clone();
    flipped[150] ^= 1;
    fs::write(&segment, &flipped).unwrap();
    page.refused(3, "log show");
    fs::write(&segment, &whole[..200]).unwrap();
    page.refused(3, "record activities.csv --sign-with acme.pem");
    fs::remove_file(&segment).unwrap();
    page.refused(3, "log show");
    fs::write(&segment, &whole).unwrap();
    fs::write(desk.path("led/head"), &earlier[..100]).unwrap();
    page.refused(3, "log show");
    fs::write(desk.path("led/head"), &earlier).unwrap();
    fs::remove_file(desk.path("led/ledger.toml")).unwrap();
    page.refused(3, "log show");
}

/// Runs the hint as a shell does, in a folder of its own: whatever comes of it there, the command line takes it.
#[track_caller]
fn can_be_typed(hint: &str) {
    let scratch = tempfile::TempDir::new().unwrap();
    let binary = Path::new(PCF).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap_or_default());
    assert!(hint.starts_with("pcf ") || hint.contains(" pcf ") || hint == "date", "no command: {hint}");
    let mut shell = Command::new("sh");
    shell.args(["-c", hint]).current_dir(scratch.path()).env("PATH", path).env_remove("PCF_LEDGER");
    let ran = finish(shell);
    // A word in capitals stands for what only the reader knows.
    let stands_for = ran.err.contains("invalid value '")
        && ran.err.split('\'').nth(1).is_some_and(|word| word == word.to_uppercase());
    let understood = !ran.err.contains("For more information, try '--help'") && ran.code != 127;
    assert!(understood || stands_for, "the hint `{hint}` cannot be typed: {}", ran.err);
}
