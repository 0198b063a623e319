//! Hints and help show dates that the command accepts on the day it prints them.

use pcf_testing::desk::{Desk, Ran, finish};
use pcf_testing::tools::{on_day, required};

use crate::PCF;

const BOTTLE: &str = "urn:gtin:06901234000016";

/// Runs a line on another day.
fn on(day: &str, desk: &Desk, line: &str) -> Ran {
    let mut command = on_day(day, PCF);
    command.args(line.split_whitespace()).current_dir(desk.dir.path()).env("PCF_LEDGER", "led");
    finish(command)
}

#[test]
fn hints_and_help_show_a_publication_that_is_accepted_years_from_now() {
    if !required(&["faketime"]) {
        return;
    }
    let desk = Desk::with_product(PCF);
    let assure = format!("assure {BOTTLE} --level limited --standard ISO --scope all --sign-with acme.pem");
    for (day, shown) in [
        ("2026-06-01", "--period 2024 --valid-until 2027-12-31"),
        ("2028-01-01", "--period 2026 --valid-until 2029-12-31"),
        ("2031-12-31", "--period 2029 --valid-until 2032-12-31"),
    ] {
        on(day, &desk, &assure).refused(1, &["no draft of", &format!("publish {BOTTLE} --draft {shown} ")]);
        for line in ["publish --help", "help publish", "publish -h"] {
            let help = on(day, &desk, line).ok();
            assert!(help.contains(&format!("pcf publish {BOTTLE} {shown} ")), "{line} on {day}: {help}");
        }
        on(day, &desk, "man --dir man").ok();
        let page = std::fs::read_to_string(desk.path("man/pcf-publish.1")).unwrap().replace('\\', "");
        assert!(page.contains(shown), "the manual page on {day}: {page}");
    }
}
