//! The tables of an engineer pass through the command: actors, parts lists, mapped exports, variant
//! families and foreign encodings.

use pcf_ledger::admission::Said;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::Statement;
use pcf_testing::desk::Desk;

use crate::PCF;

const FILM: &str = "factor:uk.desnz2025.19_505_5124_15_1";
const CAP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/cli/demo/cap-pact.json");

/// With a kit that is put together, and a frame that is made here.
fn desk() -> Desk {
    let desk = Desk::with_acme(PCF);
    desk.write(
        "products.csv",
        "id,name,boundary,declared_amount,declared_unit,mass_kg,stage,process,signers\n\
         urn:pact:acme.example:product-id:kit,Kit,cradle-to-gate,1,piece,0.5,procurement,parts,acme\n\
         urn:pact:acme.example:product-id:frame,Frame,cradle-to-gate,1,piece,0.2,production,弯曲,acme\n"
            .as_bytes(),
    );
    desk.pcf("product add products.csv --sign-with acme.pem").ok();
    desk.pcf("factor use uk.desnz2025.19_505_5124_15_1 --sign-with acme.pem").ok();
    desk
}

/// The flows of every activity: name, amount as it is written in the statement, and source.
fn statements(desk: &Desk) -> Vec<String> {
    let ledger = Ledger::read(&desk.path("led")).unwrap();
    let entries = ledger
        .book()
        .all_entries()
        .map(Result::unwrap)
        .filter(|entry| ledger.book().holds(&entry.id).unwrap());
    let said = entries.map(|entry| ledger.said(&entry.id).unwrap());
    said.filter_map(|said| match said {
        Said::Whole(Statement::Activity(activity)) => Some(serde_json::to_string(&activity).unwrap()),
        _ => None,
    })
    .collect()
}

#[test]
fn actors_of_a_table_are_enrolled_by_the_operator_alone() {
    let desk = Desk::new(PCF);
    desk.pcf("init led --origin footprints.acme.example --no-passphrase").ok();
    let key = desk.json("key new bolt.pem --no-passphrase")["publicKey"].as_str().unwrap().to_owned();
    let table = format!("actor,name,types,keys,stages\nbolt,Bolt Works,product activity,{key},production\n");
    desk.write("actors.csv", table.as_bytes());
    let import = "actor import actors.csv --sign-with led-keys/operator.pem";
    desk.pcf(import).ok();
    assert!(desk.pcf(import).ok().starts_with("Nothing is new"));
    assert_eq!(desk.json("actor show bolt")["name"], "Bolt Works");
    desk.pcf("record actors.csv --sign-with bolt.pem")
        .refused(1, &["actors are enrolled by the operator", "hint: pcf actor import actors.csv"]);
    desk.edit("actors.csv", "Bolt Works", "Bolt & Nut Works");
    desk.pcf(import)
        .refused(1, &["actors.csv:2: differs from the live actor", "hint: pcf actor import", "--correct"]);
    desk.pcf("actor import actors.csv --correct --sign-with bolt.pem")
        .refused(1, &["is said by `operator`, but `bolt` sealed it"]);
    desk.edit("actors.csv", "production", "prodution");
    desk.pcf(import).refused(1, &["actors.csv:2:stages: "]);
}

#[test]
fn a_parts_list_takes_parts_from_the_ledger_from_a_supplier_and_by_factor() {
    let desk = desk();
    let added = desk.json(&format!("supplier add {CAP} --sign-with acme.pem"));
    let cap = added["footprint"].as_str().unwrap().to_owned();
    let list = format!(
        "product,process,start,end,output,part,part_name,quantity,unit,source\n\
         urn:pact:acme.example:product-id:kit,parts,2025-01-01,2026-01-01,1000,frame,Frame,2,piece,\n\
         ,,,,,4711,Screw cap,1,piece,footprint:{cap}\n\
         ,,,,,bag,PE bag,5,g,{FILM}\n"
    );
    desk.write("parts.csv", format!("{list},,,,,label,paper label,1,piece,\n").as_bytes());
    desk.pcf("record parts.csv --sign-with acme.pem")
        .refused(1, &["parts.csv:5:source: nothing matches the part `label paper label`", "the nearest are"]);
    assert_eq!(statements(&desk), Vec::<String>::new(), "nothing of a list that is not whole");
    desk.write("parts.csv", list.as_bytes());
    desk.pcf("record parts.csv --sign-with acme.pem").ok();
    let all = statements(&desk).join("\n");
    for part in [
        r#""amount":"2000","data":"primary","kind":"material","name":"frame Frame","product":"urn:pact:acme.example:product-id:frame","unit":"piece""#.to_owned(),
        format!(r#""amount":"1000","data":"primary","footprint":"{cap}","kind":"material","name":"4711 Screw cap","unit":"piece""#),
        r#""amount":"5000","data":"primary","factor":"uk.desnz2025.19_505_5124_15_1","kind":"material","name":"bag PE bag","unit":"g""#.to_owned(),
    ] {
        assert!(all.contains(&part), "expected {part} in {all}");
    }
}

#[test]
fn an_export_is_read_through_a_mapping_that_is_written_once() {
    let desk = desk();
    desk.write(
        "export.csv",
        b"Werk;Matnr;Materialkurztext;Menge;ME\nP7;100;PE film;1.250,5;KG\nP7;200;Bag;0,45;ST\n",
    );
    desk.pcf("template mapping.toml --mapping-for export.csv").ok();
    for (name, value) in [
        ("stage", "procurement"),
        ("process", "parts"),
        ("start", "2025-01-01"),
        ("end", "2026-01-01"),
        ("product", "urn:pact:acme.example:product-id:kit"),
        ("output", "1000"),
        ("output_unit", "piece"),
        ("kind", "material"),
    ] {
        desk.edit("mapping.toml", &format!("\n{name} = \"\""), &format!("\n{name} = \"{value}\""));
    }
    let first = format!("\"100\" = {{ source = \"{FILM}\" }}");
    desk.edit("mapping.toml", "\"100\" = { source = \"\" }", &first);
    let record = "record export.csv --mapping mapping.toml --sign-with acme.pem";
    desk.pcf(record)
        .refused(1, &["export.csv:3:source: the material `200` (Bag) has no source in mapping.toml"]);
    let second = format!("\"200\" = {{ source = \"{FILM}\", unit = \"kg\", times = \"2.5\" }}");
    desk.edit("mapping.toml", "\"200\" = { source = \"\" }", &second);
    desk.pcf(&format!("{record} --decimal comma")).ok();
    let all = statements(&desk).join("\n");
    assert!(all.contains(r#""amount":"1250.5""#) && all.contains(r#""amount":"1.125""#), "{all}");
    // Next month the same mapping reads the next export; here it is the same one.
    assert!(desk.pcf(&format!("{record} --decimal comma")).ok().starts_with("Nothing is new"));
}

#[test]
fn a_family_of_variants_is_one_table() {
    let desk = Desk::with_acme(PCF);
    desk.write(
        "springs.csv",
        format!(
            "id,name,boundary,declared_amount,declared_unit,mass_kg,stage,process,signers,start,end,output,wire | material | kg | {FILM}\n\
             urn:pact:acme.example:product-id:s2,Spring 2 mm,cradle-to-gate,1,piece,0.02,procurement,wire,acme,2025-01-01,2026-01-01,10000,205\n\
             urn:pact:acme.example:product-id:s3,Spring 3 mm,cradle-to-gate,1,piece,0.05,procurement,wire,acme,2025-01-01,2026-01-01,4000,204\n"
        )
        .as_bytes(),
    );
    let out = desk.pcf("record springs.csv --sign-with acme.pem").ok();
    assert!(out.contains("Recorded 4 statements"), "two products and what each took: {out}");
    let all = statements(&desk).join("\n");
    assert!(all.contains(r#""amount":"205""#) && all.contains(r#""amount":"204""#), "{all}");
}

#[test]
fn a_file_of_another_encoding_is_read_and_said_or_refused_with_what_to_state() {
    let desk = desk();
    let text = "阶段,工序,开始日期,结束日期,产品,产量,产量单位,流,类别,数量,单位,来源\n\
                生产,弯曲,2025-01-01,2026-01-01,urn:pact:acme.example:product-id:frame,500,件,聚乙烯薄膜,材料,12,千克,FILM\n"
        .replace("FILM", FILM);
    desk.write("gb.csv", &encoding_rs::GB18030.encode(&text).0);
    let ran = desk.pcf("record gb.csv --sign-with acme.pem");
    assert!(ran.err.contains("note: gb.csv: read as GB18030"), "{}", ran.err);
    ran.ok();
    let unmarked: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    desk.write("wide.csv", &unmarked);
    desk.pcf("record wide.csv --sign-with acme.pem").refused(1, &["zero bytes", "state --encoding utf-16"]);
    // Read as what it is, it says what the first file said.
    let again = desk.pcf("record wide.csv --sign-with acme.pem --encoding utf-16").ok();
    assert!(again.starts_with("Nothing is new"), "{again}");
    assert!(statements(&desk)[0].contains("聚乙烯薄膜"));
}

#[test]
fn lines_of_one_file_that_say_the_same_are_found_before_anything_is_appended() {
    let desk = desk();
    let line = |film: u32| {
        format!(
            r#"{{"type":"activity","stage":"production","process":"弯曲","period":{{"start":"2025-01-01","end":"2026-01-01"}},"outputs":[{{"product":"urn:pact:acme.example:product-id:frame","amount":"500","unit":"piece"}}],"flows":[{{"name":"film","kind":"material","amount":"{film}","unit":"kg","factor":"uk.desnz2025.19_505_5124_15_1","data":"primary"}}]}}"#
        )
    };
    let before = desk.size();
    desk.write("two.jsonl", format!("{}\n{}\n", line(12), line(13)).as_bytes());
    // Also where they are not of one submission.
    for options in ["", " --batch-size 1"] {
        desk.pcf(&format!("record two.jsonl --sign-with acme.pem{options}"))
            .refused(1, &["two.jsonl:2: says something else about the same activity as two.jsonl:1"]);
        assert_eq!(desk.size(), before, "nothing of a file that is refused{options}");
    }
    desk.write("two.jsonl", format!("{}\n{}\n", line(12), line(12)).as_bytes());
    let out = desk.pcf("record two.jsonl --sign-with acme.pem --batch-size 1").ok();
    assert!(out.contains("Recorded 1 statement") && statements(&desk).len() == 1, "{out}");
}
