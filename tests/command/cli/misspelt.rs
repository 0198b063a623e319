//! A misspelt name or a number in another country's format is refused with the probable meaning and
//! a hint that can be typed.

use pcf_testing::calendar::moved;
use pcf_testing::desk::Desk;

use crate::PCF;

#[test]
fn a_misspelt_file_key_or_product_is_answered_with_the_one_that_is_there() {
    let desk = Desk::with_bottle(PCF);
    desk.pcf("record activites.csv --sign-with acme.pem").refused(
        3,
        &["activites.csv: cannot be read", "hint: pcf record activities.csv --sign-with acme.pem"],
    );
    desk.pcf("record activities.csv --sign-with acne.pem")
        .refused(3, &["acne.pem", "hint: pcf record activities.csv --sign-with acme.pem"]);
    for (there, asked) in
        [("2024-01.csv", "2024-02.csv"), ("feb.csv", "jan.csv"), ("meters.xlsx", "meters.csv")]
    {
        desk.write(there, b"x");
        let other = desk.pcf(&format!("record {asked} --sign-with acme.pem"));
        assert!(!other.err.contains(there), "another month or kind is no slip: {}", other.err);
    }
    // The ledger's own key is meant where its name is right, whatever else lies here.
    desk.write("operatr.pem", b"");
    desk.pcf("actor add b --name B --sign-with operator.pem")
        .refused(3, &["hint: pcf actor add b --name B --sign-with led-keys/operator.pem"]);
    desk.pcf("record activities.csv --sign-with acme.pem").ok();
    desk.pcf(&moved("footprint Botle --period 2024"))
        .refused(1, &["no product `Botle`", "did you mean `Bottle`, urn:gtin:06901234000016?"]);
    desk.pcf(&moved("footprint urn:gtin:06901234000023 --period 2024"))
        .refused(1, &["did you mean `Bottle`, urn:gtin:06901234000016?"]);
    for far in ["Anvil", "urn:gtin:09501101530003", "urn:pact:acme.example:product-id:anvil"] {
        let far = desk.pcf(&moved(&format!("footprint {far} --period 2024")));
        assert!(!far.err.contains("did you mean"), "{}", far.err);
    }
    desk.pcf(&moved("footprint Bottle --period 2025")).refused(
        1,
        &[
            "no data for its production process `casting`",
            &moved("it has statements of 2024-01-01..2025-01-01"),
        ],
    );
}

#[test]
fn a_wrong_cell_is_said_without_an_example_that_does_not_help_and_a_wrong_header_with_one() {
    let desk = Desk::with_bottle(PCF);
    desk.edit("activities.csv", ",900,", ",nine,");
    let cell = desk.pcf("record activities.csv --sign-with acme.pem");
    assert!(cell.err.contains("activities.csv:2:amount") && !cell.err.contains("hint:"), "{}", cell.err);
    desk.edit("activities.csv", "process", "proces");
    desk.pcf("record activities.csv --sign-with acme.pem").refused(1, &["hint: pcf template example.csv"]);
}

#[test]
fn days_whose_year_stands_last_are_read_in_the_order_that_is_stated_or_that_the_mapping_keeps() {
    let desk = Desk::with_bottle(PCF);
    desk.edit("activities.csv", &moved("2024-01-01,2025-01-01"), "01.02.2024,1.3.2024");
    let record = "record activities.csv --sign-with acme.pem";
    desk.pcf(record).refused(
        1,
        &["activities.csv:2:start: in `01.02.2024` day and month may be swapped: say which with --dates day-first"],
    );
    desk.pcf(&format!("{record} --dates first")).refused(2, &["day-first or month-first"]);
    desk.pcf(&format!("{record} --dates day-first")).ok();
    desk.pcf("footprint Bottle --period 2024-02-01..2024-03-01").ok();

    desk.write(
        "export.csv",
        b"Von;Bis;Text;Menge;ME\n01.04.2024;01.05.2024;Strom;1.250,5;KWH\n31.05.2024;01.07.2024;Strom;3,5;KWH\n",
    );
    desk.pcf("template mapping.toml --mapping-for export.csv").ok();
    let mapping = std::fs::read_to_string(desk.path("mapping.toml")).unwrap();
    assert!(mapping.contains("dates = \"day-first\"") && mapping.contains("start = \"Von\""), "{mapping}");
    assert!(mapping.contains("kind = \"\"  # What the flow is: aircraft, emission, energy"), "{mapping}");
    for (name, value) in [
        ("stage", "production"),
        ("process", "casting"),
        ("product", "urn:gtin:06901234000016"),
        ("output", "100"),
        ("output_unit", "piece"),
        ("kind", "energy"),
        ("source", "factor:grid"),
    ] {
        desk.edit("mapping.toml", &format!("\n{name} = \"\""), &format!("\n{name} = \"{value}\""));
    }
    desk.edit("mapping.toml", "kind = \"activities\"", "kind = \"activities\"\ndecimal = \"comma\"");
    desk.pcf("record export.csv --mapping mapping.toml --sign-with acme.pem").ok();
    // What is said on the line counts before what the mapping keeps.
    desk.pcf("record export.csv --mapping mapping.toml --dates month-first --sign-with acme.pem").refused(
        1,
        &["export.csv:3:start: expected a day of the calendar, the month first, got `31.05.2024`"],
    );
    desk.edit("mapping.toml", "\"day-first\"", "\"\"");
    desk.pcf("record export.csv --mapping mapping.toml --sign-with acme.pem")
        .refused(1, &["mapping.toml: dates: ", "expected day-first or month-first"]);
}

#[test]
fn a_key_file_that_is_none_is_named_and_a_wrong_passphrase_says_where_it_came_from() {
    let desk = Desk::new(PCF);
    desk.write("key.pem", &[0xFF, 0xFE]);
    desk.pcf("key show key.pem").refused(1, &["key.pem: expected a private key in PKCS#8 PEM"]);
    for (file, text) in [("right", "correct horse\n"), ("wrong", "battery staple\n")] {
        desk.write(file, text.as_bytes());
    }
    let with = |file: &str, line: &str| {
        let mut command = desk.command(&line.split_whitespace().collect::<Vec<_>>());
        command.env("PCF_PASSPHRASE_FILE", file);
        pcf_testing::desk::finish(command)
    };
    with("right", "key new k.pem").ok();
    with("wrong", "key show k.pem").refused(
        3,
        &[
            "k.pem: expected the key file's passphrase, got another",
            "the first line of wrong, which PCF_PASSPHRASE_FILE names",
        ],
    );
}
