//! A project: what it knows need not be typed, from wherever below it, and what is typed wins.

use std::fs;
use std::process::Command;

use pcf_testing::calendar::{moved, year};
use pcf_testing::desk::{Desk, Ran, finish};

use crate::PCF;

/// Runs in a folder of the desk, without a variable that names a ledger.
fn within(desk: &Desk, folder: &str, line: &str) -> Ran {
    let mut command = desk.command(&line.split_whitespace().collect::<Vec<_>>());
    command.current_dir(desk.path(folder)).env_remove("PCF_LEDGER");
    finish(command)
}

/// A project in `mine` with a product and its year, all by acme.
fn project() -> Desk {
    let desk = Desk::with_bottle(PCF);
    let begin =
        format!("init mine --company Acme --domain acme.example --period {} --no-passphrase", year(2024));
    desk.pcf(&begin).ok();
    fs::create_dir_all(desk.path("mine/deep/er")).unwrap();
    for name in ["products.csv", "factors.csv", "activities.csv"] {
        fs::copy(desk.path(name), desk.path("mine").join(name)).unwrap();
    }
    desk
}

#[test]
fn what_the_project_knows_is_not_asked_for_from_any_folder_below() {
    let desk = project();
    let below = "mine/deep/er";
    let import = "import ../../products.csv ../../factors.csv ../../activities.csv --yes";
    let said = within(&desk, below, import).ok();
    assert!(said.contains("Recorded 3 statements in 1 submission"), "{said}");
    assert!(within(&desk, below, import).ok().contains("Nothing is new"), "the same again");
    let figure = within(&desk, below, "footprint urn:gtin:06901234000016").ok();
    assert!(figure.contains(&moved("2024-01-01..2025-01-01")), "the period in use: {figure}");
    within(&desk, below, "actor add carrier --name Carrier").ok();
    within(&desk, below, "log state").ok();
    within(&desk, below, "log checkpoint").ok();
    let tried = within(&desk, below, "publish --all --dry-run");
    assert!(tried.out.contains("Would publish") || tried.out.contains("Not published"), "{}", tried.out);
    assert!(!desk.path("mine/published").exists(), "nothing was written");
    let hint = within(&desk, below, "status").ok();
    assert!(!hint.contains("--sign-with"), "{hint}");
}

#[test]
fn what_is_typed_wins_over_the_project_and_another_ledger_leaves_it_aside() {
    let desk = project();
    let said = within(&desk, "mine/deep", "import ../products.csv ../factors.csv --yes");
    said.ok();
    let other = within(&desk, "mine", "footprint urn:gtin:06901234000016 --period 2023Q3");
    assert!(other.err.contains("2023-07-01..2023-10-01"), "{}", other.err);
    // Another ledger has other keys, which no file names.
    within(&desk, "mine", "--ledger ../led record activities.csv").refused(2, &["no pcf.toml names here"]);
    let mut command = desk.command(&["log", "show"]);
    command.current_dir(desk.path("mine")).env("PCF_LEDGER", "../led");
    let aside = finish(command);
    assert!(
        aside.err.contains("note: pcf.toml is left aside: PCF_LEDGER names the ledger ../led"),
        "{}",
        aside.err
    );
    assert!(aside.out.contains("footprints.acme.example"), "{}", aside.out);
    // The same ledger by its name is the project's.
    within(&desk, "mine", "--ledger ledger import activities.csv --yes").ok();
    // Somebody else's key is refused where the project says who signs.
    within(
        &desk,
        "mine",
        "actor add other --name Other --key ../acme.pem --type activity --stage production",
    )
    .ok();
    let by = within(&desk, "mine", "withdraw 000000 --reason trial --sign-with ../acme.pem --by acme");
    by.refused(2, &["belongs to `other`, but --by names `acme`"]);
}

#[test]
fn a_key_that_is_not_on_this_machine_is_done_without_and_that_is_said() {
    let desk = project();
    within(&desk, "mine", "import products.csv factors.csv activities.csv --yes").ok();
    fs::remove_file(desk.path("mine/keys/operator.pem")).unwrap();
    let draft = within(&desk, "mine", "publish --all --draft");
    assert_eq!(draft.code, 0, "{}{}", draft.out, draft.err);
    assert!(draft.err.contains("the proof cannot say that it is complete and current"), "{}", draft.err);
    fs::remove_file(desk.path("mine/keys/log.pem")).unwrap();
    within(&desk, "mine", "publish --all --draft").refused(3, &["keys/log.pem"]);
    let listed = within(&desk, "mine", "list publications --format json").ok();
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    let short = listed["publications"][0]["short"].as_str().unwrap();
    let withdrawn = within(&desk, "mine", &format!("withdraw {short} --reason trial")).ok();
    for left in ["pcf log state", "pcf log checkpoint", "is as it was: pcf prove"] {
        assert!(withdrawn.contains(left), "{left}: {withdrawn}");
    }
}

#[test]
fn no_key_and_no_passphrase_stands_in_the_project_and_its_keys_are_their_owners() {
    let desk = Desk::new(PCF);
    desk.write("secret", b"correct horse\n");
    let line = "init here --company Acme --domain acme.example";
    let mut command: Command = desk.command(&line.split_whitespace().collect::<Vec<_>>());
    command.env("PCF_PASSPHRASE_FILE", "secret");
    finish(command).ok();
    let text = fs::read_to_string(desk.path("here/pcf.toml")).unwrap();
    for secret in ["correct horse", "BEGIN", "passphrase ="] {
        assert!(!text.contains(secret), "{text}");
    }
    for key in ["acme", "operator", "log", "recovery"] {
        let pem = fs::read_to_string(desk.path(&format!("here/keys/{key}.pem"))).unwrap();
        assert!(pem.contains("ENCRYPTED"), "{key}");
    }
}
