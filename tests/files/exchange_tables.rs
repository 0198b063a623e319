//! Workbooks and separated values in either language become statements: parts lists, variant
//! families, shared meters and exports of other systems. Wrong and hostile tables are refused.

use std::sync::Arc;

use pcf_files::catalog::{Catalog, Entry};
use pcf_files::csv::{DecimalMark, TableKind};
use pcf_files::mapping::Mapping;
use pcf_files::tables::{self, File, Options, Table};
use pcf_files::{Draft, template};
use pcf_ledger::codec::encode_draft;
use pcf_ledger::model::{Activity, ActorId, Statement, Unit};
use pcf_testing::workbook::edited;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

const HEADER: [&str; 13] = [
    "stage",
    "process",
    "site",
    "start",
    "end",
    "product",
    "output",
    "output_unit",
    "flow",
    "kind",
    "amount",
    "unit",
    "source",
];

fn by() -> ActorId {
    "acme".parse().unwrap()
}

fn open(bytes: &[u8], file: &str, options: &Options) -> Result<Vec<Table>, String> {
    match tables::open_bytes(bytes.to_vec(), file, options) {
        Ok(File::Tables(tables)) => Ok(tables),
        Ok(File::Json(_)) => Err("JSON".into()),
        Err(error) => Err(error.to_string()),
    }
}

fn drafts(table: &Table, catalog: &Catalog) -> Result<Vec<Draft>, String> {
    let mut drafts = Vec::new();
    let read = table.read(&by(), catalog, &mut |draft| {
        drafts.push(draft);
        true
    });
    read.map(|_| drafts).map_err(|error| error.to_string())
}

fn read(bytes: &[u8], file: &str) -> Result<Vec<Draft>, String> {
    let mut all = Vec::new();
    for table in open(bytes, file, &Options::default())? {
        all.extend(drafts(&table, &Catalog::default())?);
    }
    Ok(all)
}

fn activities(drafts: &[Draft]) -> Vec<&Activity> {
    let activity = |draft| match draft {
        &Draft { statement: Statement::Activity(ref activity), .. } => Some(activity),
        _ => None,
    };
    drafts.iter().filter_map(activity).collect()
}

fn json(draft: &Draft) -> String {
    String::from_utf8(encode_draft(&draft.statement).unwrap()).unwrap()
}

/// What a call on a sheet gives back is the sheet.
fn ignore(_: &mut rust_xlsxwriter::Worksheet) {}

/// A workbook of one sheet of activities with one row as spreadsheets store it; `change` spoils it.
fn book(change: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Activities").unwrap();
    let day = Format::new().set_num_format("yyyy/m/d");
    for (column, name) in (0_u16..).zip(HEADER) {
        sheet.write(0, column, name).unwrap();
    }
    for (column, text) in [
        (0, "production"),
        (1, "casting"),
        (2, "Plant 7"),
        (5, "urn:gtin:06901234000016"),
        (7, "piece"),
        (8, "power"),
        (9, "energy"),
        (11, "kWh"),
        (12, "cn-2024"),
    ] {
        sheet.write(1, column, text).unwrap();
    }
    sheet.write_with_format(1, 3, ExcelDateTime::from_ymd(2025, 1, 1).unwrap(), &day).unwrap();
    sheet.write_with_format(1, 4, ExcelDateTime::from_ymd(2025, 4, 1).unwrap(), &day).unwrap();
    sheet.write(1, 6, 12000).unwrap();
    sheet.write(1, 10, 0.1).unwrap();
    change(sheet);
    book.save_to_buffer().unwrap()
}

fn refused(bytes: &[u8]) -> String {
    read(bytes, "a.xlsx").unwrap_err()
}

#[test]
fn a_cell_is_read_as_it_was_typed() {
    let all = read(&book(|_| {}), "a.xlsx").unwrap();
    let text = json(&all[0]);
    assert!(text.contains(r#""amount":"0.1""#), "{text}");
    assert!(text.contains(r#""period":{"end":"2025-04-01","start":"2025-01-01"}"#), "{text}");
    let noise = read(&book(|s| ignore(s.write(1, 10, 0.1 + 0.2).unwrap())), "a.xlsx").unwrap();
    assert!(json(&noise[0]).contains(r#""amount":"0.3""#));
    let percent = Format::new().set_num_format("0.0%");
    let share = refused(&book(|s| ignore(s.write_with_format(1, 10, 0.125, &percent).unwrap())));
    assert!(
        share.contains("a.xlsx:Activities:2:amount: expected an amount, got the percentage `12.5%`"),
        "{share}"
    );
    let formula = read(
        &book(|s| ignore(s.write_formula(1, 10, Formula::new("=2*26500").set_result("53000")).unwrap())),
        "a.xlsx",
    );
    assert!(json(&formula.unwrap()[0]).contains(r#""amount":"53000""#));
}

#[test]
fn a_day_is_the_same_in_both_of_the_systems_that_count_days() {
    let of_1904 = |xml: &str| xml.replace("<workbookPr ", "<workbookPr date1904=\"1\" ");
    let shifted = edited(&book(|_| {}), "xl/workbook.xml", of_1904);
    // 1462 days lie between the two.
    assert!(json(&read(&shifted, "a.xlsx").unwrap()[0]).contains(r#""start":"2029-01-02""#));
}

#[test]
fn what_is_no_value_is_refused_by_sheet_row_and_column() {
    let said = refused(&book(|s| ignore(s.write(1, 10, 1.0 / 3.0).unwrap())));
    assert!(
        said.starts_with("a.xlsx:Activities:2:amount: the cell holds 0.333") && said.contains("=ROUND"),
        "{said}"
    );
    let error = book(|s| ignore(s.write_formula(1, 10, Formula::new("=#REF!").set_result("#REF!")).unwrap()));
    let said = refused(&error);
    assert!(said.starts_with("a.xlsx:Activities:2:amount:") && said.contains("#REF!"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    let time = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    let said = refused(&book(|s| ignore(s.write_with_format(1, 3, 45658.5, &time).unwrap())));
    assert!(said.contains("Activities:2:start: expected a day, got 2025-01-01 12:00"), "{said}");
    let said = refused(&book(|s| ignore(s.write(1, 3, 45658).unwrap())));
    assert!(said.contains("day number"), "{said}");
    let said = refused(&book(|s| {
        s.write(2, 8, "gas").unwrap();
        s.write(2, 10, "1,234").unwrap();
    }));
    assert!(said.contains("Activities:3:stage: a value is missing"), "{said}");
    assert!(
        said.contains("1234 with a comma between the thousands, or 1.234 with a decimal comma"),
        "{said}"
    );
}

#[test]
fn merged_cells_are_refused_hidden_rows_said_and_formulas_without_a_value_found() {
    let merged = book(|s| {
        s.merge_range(1, 2, 2, 2, "Plant 7", &Format::new()).unwrap();
    });
    assert!(refused(&merged).contains("the cells C2:C3 are merged"), "{}", refused(&merged));
    let hidden = book(|s| ignore(s.set_row_hidden(1).unwrap()));
    let tables = open(&hidden, "a.xlsx", &Options::default()).unwrap();
    assert!(
        tables[0].notes()[0].contains("1 rows are hidden (the first is row 2)"),
        "{:?}",
        tables[0].notes()
    );
    assert_eq!(drafts(&tables[0], &Catalog::default()).unwrap().len(), 1);
    let formula = book(|s| ignore(s.write_formula(1, 10, "=2*26500").unwrap()));
    let unvalued = edited(&formula, "xl/worksheets/sheet1.xml", |xml| xml.replace("</f><v>0</v>", "</f>"));
    assert!(
        refused(&unvalued).contains("1 formulas have no value yet (the first in K2)"),
        "{}",
        refused(&unvalued)
    );
}

#[test]
fn the_template_is_read_as_it_is_in_either_language() {
    for chinese in [false, true] {
        let bytes = template::workbook(chinese).unwrap();
        assert_eq!(bytes, template::workbook(chinese).unwrap(), "the same whenever it is written");
        let tables = open(&bytes, "t.xlsx", &Options::default()).unwrap();
        assert_eq!(tables.iter().map(Table::kind).collect::<Vec<_>>(), TableKind::ALL);
        let mut catalog = Catalog::complete();
        for (source, name) in [
            ("product:urn:pact:acme.example:product-id:spring-2", "Spring 2 mm"),
            ("factor:example.heat.2025", "heat"),
        ] {
            catalog.add(Entry { source: source.into(), name: name.into(), unit: None, held: true }, []);
        }
        // Digit for digit what the template of separated values says.
        for kind in [TableKind::Factors, TableKind::Products, TableKind::Variants, TableKind::Activities] {
            let sheet = tables.iter().find(|t| t.kind() == kind).unwrap();
            let text = open(template::table(kind).as_bytes(), "t.csv", &Options::default()).unwrap();
            let said = |table: &Table| drafts(table, &catalog).unwrap().iter().map(json).collect::<Vec<_>>();
            assert_eq!(said(sheet), said(&text[0]), "{kind:?}");
        }
        let count = |kind| {
            let table = tables.iter().find(|t| t.kind() == kind).unwrap();
            drafts(table, &catalog).unwrap_or_else(|e| panic!("{kind:?} {chinese}: {e}")).len()
        };
        assert_eq!(count(TableKind::Factors), 1);
        assert_eq!(count(TableKind::Products), 1);
        assert_eq!(count(TableKind::Activities), 4, "what was made, two readings, and a shared meter");
        assert_eq!(count(TableKind::Parts), 1);
        assert_eq!(count(TableKind::Variants), 5, "two products, their wire each, and the hall they share");
        let actors = tables.iter().find(|t| t.kind() == TableKind::Actors).unwrap();
        assert!(drafts(actors, &catalog).unwrap_err().contains(if chinese { "公钥" } else { "keys" }));
    }
}

#[test]
fn columns_and_words_may_be_chinese() {
    let text = "产品,产量,产量单位,阶段,工序,开始日期,结束日期,流名称,类别,数量,单位,来源\n\
        urn:gtin:06901234000016,１２,件,生产,压铸,2025/1/1,2025年4月1日,电,能源,５３０.５,千瓦时,factor:cn\n";
    let all = read(text.as_bytes(), "a.csv").unwrap();
    let said = json(&all[0]);
    for part in [r#""stage":"production""#, r#""amount":"530.5""#, r#""unit":"kWh""#, r#""kind":"energy""#] {
        assert!(said.contains(part), "{part} {said}");
    }
    let wrong = read(text.replace("530", "x").replace("５３０", "x").as_bytes(), "a.csv").unwrap_err();
    assert!(wrong.starts_with("a.csv:2:数量: "), "the file's own name: {wrong}");
}

#[test]
fn a_stated_decimal_mark_reads_what_is_else_refused() {
    let text = format!(
        "{}\nproduction,p,,2025-01-01,2025-04-01,urn:gtin:06901234000016,1,piece,f,energy,\"1,234\",kWh,x\n",
        HEADER.join(",")
    );
    let with = |decimal| {
        let options = Options { decimal, ..Options::default() };
        drafts(&open(text.as_bytes(), "a.csv", &options).unwrap()[0], &Catalog::default())
    };
    assert!(with(None).is_err());
    assert!(json(&with(Some(DecimalMark::Comma)).unwrap()[0]).contains(r#""1.234""#));
    assert!(json(&with(Some(DecimalMark::Point)).unwrap()[0]).contains(r#""1234""#));
}

#[test]
fn one_meter_serves_two_hundred_products_by_hours_pieces_or_mass() {
    for (allocation, key) in [("key", true), ("pieces", false), ("mass", false)] {
        let shared = format!("production,hall,Plant 7,2025-01-01,2025-04-01,{allocation}");
        let mut text = String::from(
            "stage,process,site,start,end,allocation,product,output,output_unit,key,flow,kind,amount,unit,source\n",
        );
        text.push_str(&format!("{shared},*,,,,electricity,energy,53000,kWh,factor:cn\n"));
        text.push_str(&format!("{shared},,,,,gas,energy,900,m3,factor:gas\n"));
        for n in 0..200 {
            let hours = if key { format!("{}.5", n + 1) } else { String::new() };
            text.push_str(&format!(
                "{shared},urn:pact:acme.example:product-id:sku-{n},{},piece,{hours},,,,,\n",
                n + 10
            ));
        }
        let all = read(text.as_bytes(), "hall.csv").unwrap();
        let hall = activities(&all);
        let (readings, made): (Vec<&&Activity>, Vec<&&Activity>) =
            hall.iter().partition(|activity| activity.is_reading());
        assert_eq!((all.len(), readings.len(), made.len()), (202, 2, 200), "{allocation}");
        assert!(readings.iter().all(|reading| reading.is_for_all() && reading.flows.len() == 1));
        assert!(made.iter().all(|made| made.outputs[0].keys.is_empty() != key));
    }
}

#[test]
fn a_family_is_one_table_with_its_products_their_flows_and_what_they_share() {
    let header = "id,name,boundary,declared_amount,declared_unit,stage,process,signers,start,end,output,\
        wire | material | kg | factor:w | procurement | wire,heat | energy | MJ | factor:h | production | hall = 36000";
    let row = |n: u32, hours: u32| {
        format!(
            "urn:pact:a.b:product-id:v{n},V{n},cradle-to-gate,1,piece,procurement,wire,acme,2025-01-01,2025-04-01,{n}00,{n}.5,{hours}"
        )
    };
    let all = read(format!("{header}\n{}\n{}\n", row(1, 30), row(2, 70)).as_bytes(), "v.csv").unwrap();
    let kinds: Vec<String> = all.iter().map(|d| d.statement.kind().to_string()).collect();
    assert_eq!(kinds, ["product", "activity", "product", "activity", "activity"]);
    assert!(json(&all[0]).contains(r#""process":"#) || json(&all[0]).contains("hall"));
    let family = activities(&all);
    let hall = family.last().unwrap();
    assert_eq!((hall.outputs.len(), hall.flows.len()), (2, 1));
    assert_eq!(hall.outputs[1].keys.values().next().unwrap().to_string(), "70");
    assert!(json(&all[4]).contains(r#""36000""#));
    let twice = read(format!("{header}\n{}\n{}\n", row(1, 30), row(1, 30)).as_bytes(), "v.csv").unwrap_err();
    assert!(twice.contains("v.csv:3:id:"), "{twice}");
}

fn parts(rows: &str) -> String {
    format!(
        "product,process,start,end,output,part,part_name,quantity,unit,part_mass_kg,source,level\nurn:gtin:06901234000016,parts,2025-01-01,2025-04-01,100,{rows}"
    )
}

fn catalog() -> Catalog {
    let mut catalog = Catalog::complete();
    for (source, name, unit, number) in [
        ("factor:steel", "Galvanised steel sheet", Some(Unit::Kilogram), None),
        ("product:urn:pact:a.b:product-id:frame", "Frame", None, Some("4711")),
        ("footprint:3f0a7c3e-0000-4000-8000-000000000000", "Motor", None, Some("4712")),
    ] {
        let entry = Entry { source: source.into(), name: name.into(), unit, held: true };
        catalog.add(entry, number.map(str::to_owned));
    }
    catalog
}

fn bill(rows: &str) -> Result<Vec<Draft>, String> {
    let table = open(parts(rows).as_bytes(), "bom.csv", &Options::default()).unwrap();
    assert_eq!(table[0].kind(), TableKind::Parts);
    drafts(&table[0], &catalog())
}

#[test]
fn a_parts_list_becomes_the_procurement_of_its_product() {
    let all = bill(
        "4711,frame,1,piece,,,\n,,,,,4712,motor,2,piece,,,\n,,,,,4713,cover,3,piece,0.25,factor:steel,\n",
    )
    .unwrap();
    let said = json(&all[0]);
    assert_eq!(activities(&all)[0].flows.len(), 3);
    for part in [
        r#""stage":"procurement""#,
        r#""product":"urn:pact:a.b:product-id:frame""#,
        r#""footprint":"3f0a7c3e-0000-4000-8000-000000000000""#,
        r#""amount":"75","data":"primary","factor":"steel""#,
    ] {
        assert!(said.contains(part), "{part} {said}");
    }
}

#[test]
fn an_assembly_is_replaced_by_its_parts_with_their_quantities_multiplied() {
    let all = bill(
        "A1,assembly,2,piece,,,1\n,,,,,4713,cover,3,piece,0.25,factor:steel,2\n,,,,,4711,frame,1,piece,,,1\n",
    )
    .unwrap();
    let flows = &activities(&all)[0].flows;
    assert_eq!(flows.len(), 2);
    assert!(json(&all[0]).contains(r#""amount":"150""#), "100 x 2 x 3 x 0.25 kg: {}", json(&all[0]));
    let double = bill("4711,frame,2,piece,,,1\n,,,,,4713,cover,3,piece,0.25,factor:steel,2\n").unwrap_err();
    assert!(
        double.contains("bom.csv:2:source: this assembly is product:") && double.contains("twice"),
        "{double}"
    );
    let gap = bill("A1,assembly,2,piece,,,1\n,,,,,4713,cover,3,piece,0.25,factor:steel,3\n").unwrap_err();
    assert!(gap.contains("bom.csv:3:level: level 3"), "{gap}");
}

#[test]
fn every_unmatched_part_is_listed_with_what_it_may_be() {
    let said = bill("99,steel sheet galvanised,1,kg,,,\n,,,,,98,unheard of,1,piece,,,\n,,,,,97,cover,1,piece,,factor:steel,\n").unwrap_err();
    assert!(said.contains("bom.csv:2:source: nothing matches the part `99 steel sheet galvanised`: the nearest are factor:steel"), "{said}");
    assert!(said.contains("bom.csv:3:source: nothing matches the part `98 unheard of`"), "{said}");
    assert!(said.contains("bom.csv:4:part_mass_kg: a value is missing"), "{said}");
}

const EXPORT: &str =
    "Werk;Matnr;Materialkurztext;Menge;ME\nP7;100;Stahlblech verzinkt;1.250,5;KG\nP7;200;Frame;3;ST\n";

const MAPPING: &str = r#"
kind = "activities"
material_column = "Matnr"
material_name_column = "Materialkurztext"
[columns]
site = "Werk"
flow = "Materialkurztext"
amount = "Menge"
unit = "ME"
[fixed]
stage = "procurement"
process = "parts"
start = "2025-01-01"
end = "2025-04-01"
product = "urn:gtin:06901234000016"
output = "100"
output_unit = "piece"
kind = "material"
[values.unit]
KG = "kg"
ST = "piece"
[materials]
100 = { source = "factor:steel" }
200 = { source = "factor:steel", unit = "kg", times = "2.5" }
"#;

fn through(mapping: &str, export: &str) -> Result<Vec<Draft>, String> {
    through_with(mapping, export, None)
}

fn through_with(mapping: &str, export: &str, decimal: Option<DecimalMark>) -> Result<Vec<Draft>, String> {
    let mapping = Mapping::read(mapping.as_bytes(), "m.toml").map_err(|e| e.to_string())?;
    let mapping = Some(Arc::new(mapping.with_catalog(catalog())));
    let options = Options { decimal, mapping, ..Options::default() };
    drafts(&open(export.as_bytes(), "e.csv", &options)?[0], &Catalog::default())
}

#[test]
fn an_export_is_read_through_its_mapping_month_after_month() {
    let all = through(MAPPING, EXPORT).unwrap();
    let said = json(&all[0]);
    assert!(
        said.contains(r#""amount":"1250.5","factor":"steel""#) && said.contains(r#""amount":"7.5""#),
        "{said}"
    );
    assert_eq!(activities(&all)[0].flows.len(), 2);
    let unmatched = through(MAPPING, &EXPORT.replace(";200;Frame", ";201;steel sheet")).unwrap_err();
    assert!(
        unmatched.contains(
            "the material `201` (steel sheet) has no source in m.toml: the nearest are factor:steel"
        ),
        "{unmatched}"
    );
    let renamed = through(MAPPING, &EXPORT.replace("Menge", "Qty")).unwrap_err();
    assert!(renamed.contains("m.toml names the column `Menge`"), "{renamed}");
    for (from, to) in [
        ("kind = \"activities\"", "kind = \"x\""),
        ("site =", "sight ="),
        ("times = \"2.5\"", "times = \"x\""),
    ] {
        assert!(through(&MAPPING.replacen(from, to, 1), EXPORT).is_err(), "{to}");
    }
}

#[test]
fn a_mapping_names_what_it_leaves_out_and_refuses_what_says_two_things() {
    let mapping = Mapping::read(MAPPING.as_bytes(), "m.toml").unwrap();
    let mapping = Some(Arc::new(mapping.with_catalog(catalog())));
    let period = "2025-01-01..2025-04-01".parse().ok();
    let options = Options { mapping: mapping.clone(), period, ..Options::default() };
    let twice = open(EXPORT.as_bytes(), "e.csv", &options).err().unwrap();
    assert!(twice.contains("m.toml says so too by `start`"), "{twice}");
    let stands_twice = through(MAPPING, &EXPORT.replacen("ME", "ME;Menge", 1)).unwrap_err();
    assert!(stands_twice.contains("`Menge`, which stands twice in the header"), "{stands_twice}");

    let (first, rest) = EXPORT.split_once('\n').unwrap();
    let wider: Vec<String> = rest.lines().map(|line| format!("{line};x")).collect();
    let export = format!("{first};Kostenstelle\n{}\n9000;;Summe;4;KG;x\n", wider.join("\n"));
    let options = Options { mapping, ..Options::default() };
    let tables = open(export.as_bytes(), "e.csv", &options).unwrap();
    assert!(tables[0].notes().iter().any(|note| note.contains("the columns `Kostenstelle`")));
    let added_up = drafts(&tables[0], &Catalog::default()).unwrap_err();
    assert!(added_up.contains("this row adds others up (`Summe`)"), "{added_up}");

    let only = MAPPING.replace("[fixed]", "[only]\nWerk = \"P7\"\n[fixed]");
    let mapping = Mapping::read(only.as_bytes(), "m.toml").unwrap().with_catalog(catalog());
    let options = Options { mapping: Some(Arc::new(mapping)), skip_totals: true, ..Options::default() };
    let tables = open(export.replace("9000;;", "P7;;").as_bytes(), "e.csv", &options).unwrap();
    let read = tables[0].read(&by(), &Catalog::default(), &mut |_| true).unwrap().join("\n");
    assert!(read.contains("1 row that adds others up is left out"), "{read}");
    let none = export.replace("P7;", "P8;");
    let tables = open(none.as_bytes(), "e.csv", &options).unwrap();
    let none = drafts(&tables[0], &Catalog::default()).unwrap_err();
    assert!(none.contains("no row is left to read") && none.contains("left out by [only]"), "{none}");
}

#[test]
fn a_converted_amount_is_what_it_comes_to_whatever_mark_is_stated() {
    // 0.45 pieces of 2.5 kg: 1.125 kg, in which a decimal comma would see thousands.
    let all =
        through_with(MAPPING, &EXPORT.replace("Frame;3;", "Frame;0,45;"), Some(DecimalMark::Comma)).unwrap();
    let said = json(&all[0]);
    assert!(said.contains(r#""amount":"1250.5""#) && said.contains(r#""amount":"1.125""#), "{said}");
    // With the mark stated, 1.250 pieces are twelve hundred and fifty.
    let all =
        through_with(MAPPING, &EXPORT.replace("Frame;3;", "Frame;1.250;"), Some(DecimalMark::Comma)).unwrap();
    assert!(json(&all[0]).contains(r#""amount":"3125""#), "{}", json(&all[0]));
}

#[test]
fn a_first_mapping_matches_what_its_names_tell_and_can_be_completed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("e.csv");
    std::fs::write(&path, EXPORT).unwrap();
    let first = pcf_desk::files::first_mapping(&path, &Options::default(), &catalog()).unwrap();
    for line in [
        "material_column = \"Matnr\"",
        "amount = \"Menge\"",
        "unit = \"ME\"",
        "site = \"Werk\"",
        "ST = \"piece\"",
        "flow = \"Materialkurztext\"",
        "[materials]",
    ] {
        assert!(first.contains(line) || first.contains(&line.replace("ST", "\"ST\"")), "{line}\n{first}");
    }
    assert!(Mapping::read(first.as_bytes(), "m.toml").is_ok(), "{first}");
}

#[test]
fn rows_of_a_statement_may_stand_apart_and_where_too_far_it_is_said() {
    let row = |n: u32, flow: &str| {
        format!(
            "production,p,,2025-01-01,2025-04-01,urn:pact:a.b:product-id:p{n},1,piece,{flow},energy,1,kWh,x\n"
        )
    };
    let header = format!("{}\n", HEADER.join(","));
    let by_flow: String = ["a", "b"].iter().flat_map(|flow| (0..20_000).map(move |n| row(n, flow))).collect();
    let all = read(format!("{header}{by_flow}").as_bytes(), "a.csv").unwrap();
    assert_eq!(all.len(), 20_000);
    assert!(activities(&all).iter().all(|activity| activity.flows.len() == 2));
    let far: String = ["a", "b"].iter().flat_map(|flow| (0..70_000).map(move |n| row(n, flow))).collect();
    let said = read(format!("{header}{far}").as_bytes(), "a.csv").unwrap_err();
    assert!(said.contains("sort the rows so that those of one statement stand together"), "{}", &said[..400]);
}

#[test]
fn a_workbook_that_swells_is_refused_before_it_is_read() {
    let swollen = edited(&book(|_| {}), "xl/sharedStrings.xml", |_| " ".repeat(70 << 20));
    assert!(swollen.len() < 1 << 20);
    assert!(refused(&swollen).contains("has more than 64 MiB when it is inflated"), "{}", refused(&swollen));
    let wide = book(|s| ignore(s.write(1, 16_000, "x").unwrap()));
    assert!(refused(&wide).contains("expected at most 512 columns"), "{}", refused(&wide));
}

#[test]
fn no_bytes_crash_the_reader_of_workbooks() {
    let whole = book(|_| {});
    let sheet = "xl/worksheets/sheet1.xml";
    let mut state = 1_u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap()
    };
    for _ in 0..300 {
        let mut bytes = whole.clone();
        let at = random() % bytes.len();
        bytes[at] = u8::try_from(random() % 256).unwrap();
        let _ = read(&bytes, "a.xlsx");
        let cut = random() % whole.len();
        let _ = read(&whole[..cut], "a.xlsx");
    }
    for part in [sheet, "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"] {
        for _ in 0..150 {
            let (place, with) = (random(), random());
            let spoiled = edited(&whole, part, |xml| {
                let mut bytes = xml.as_bytes().to_vec();
                let at = place % bytes.len();
                bytes[at] = *b"<>\"/=0199AZ&; "[..].get(with % 14).unwrap();
                String::from_utf8(bytes).unwrap_or_default()
            });
            let _ = read(&spoiled, "a.xlsx");
        }
    }
    for reference in ["ZZZZZZZZ1", "A0", "A99999999999", "A", "1", "", "A-1", "ÄÖ1"] {
        let spoiled = edited(&whole, sheet, |xml| xml.replace("r=\"A2\"", &format!("r=\"{reference}\"")));
        let _ = read(&spoiled, "a.xlsx");
    }
}
