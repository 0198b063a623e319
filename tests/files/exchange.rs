//! CSV and JSON lines become statements, and every slip that people and programs make in them is
//! refused with its place. Templates and the factor library are read too.

use std::collections::BTreeMap;

use pcf_files::library::Library;
use pcf_files::{self, Draft, ExchangeError, FILE_BYTES_MAX, csv, jsonl, template};
use pcf_ledger::codec::encode_draft;
use pcf_ledger::model::{
    Activity, ActorId, Allocation, Amount, Category, Exclusion, Factor, FactorCategory, FlowSource, Product,
    Scope, StatedGwp, Statement, Unit,
};

const HEADER: &str = "stage,process,site,start,end,product,output,output_unit,flow,kind,amount,unit,source";
const ROW: &str = "production,casting,Plant 7,2025-01-01,2025-04-01,urn:gtin:06901234000016,12000,piece,grid electricity,energy,53000,kWh,cn-2024";

fn by() -> ActorId {
    "acme".parse().unwrap()
}

fn read(text: &str) -> Result<Vec<Draft>, ExchangeError> {
    csv::read_statements(text.as_bytes(), "a.csv", &by())
}

fn with_rows(rows: &[&str]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

fn sentences(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

fn activity(draft: &Draft) -> &Activity {
    match &draft.statement {
        Statement::Activity(a) => a,
        other => panic!("expected an activity, got {}", other.kind()),
    }
}

fn product(draft: &Draft) -> &Product {
    match &draft.statement {
        Statement::Product(p) => p,
        other => panic!("expected a product, got {}", other.kind()),
    }
}

fn factor(draft: &Draft) -> &Factor {
    match &draft.statement {
        Statement::Factor(f) => f,
        other => panic!("expected a factor, got {}", other.kind()),
    }
}

#[test]
fn rows_that_agree_in_all_but_the_flow_make_one_statement() {
    let gas =
        ROW.replace("grid electricity,energy,53000,kWh,cn-2024", "natural gas,energy,81.50,m3,factor:gas-1");
    let other_quarter = ROW.replace("2025-01-01,2025-04-01", "2025-04-01,2025-07-01");
    let drafts = read(&with_rows(&[ROW, &other_quarter, &gas])).unwrap();
    assert_eq!(drafts.iter().map(|d| d.rows.clone()).collect::<Vec<_>>(), [vec![2, 4], vec![3]]);
    let first = activity(&drafts[0]);
    assert_eq!(first.flows.len(), 2);
    assert_eq!(first.by, by());
    assert!(first.salt.is_weak(), "the caller salts");
    assert_eq!(
        first.flows[1].amount,
        Some(Amount::Given(pcf_ledger::model::Quantity {
            amount: "81.5".parse().unwrap(),
            unit: Unit::CubicMetre
        }))
    );
    assert!(encode_draft(&drafts[0].statement.clone().with_salt(pcf_testing::salt_of(7))).is_ok());
}

#[test]
fn further_products_of_a_statement_are_rows_without_a_flow() {
    let header =
        "allocation,stage,process,start,end,product,output,output_unit,key,flow,kind,amount,unit,source";
    let shared = "key,production,casting,2025-01-01,2025-04-01";
    let text = format!(
        "{header}\n{shared},urn:gtin:06901234000016,10,piece,3,power,energy,5,kWh,f1\n{shared},urn:gtin:06901234000016,10,piece,3,gas,energy,5,m3,f2\n{shared},urn:pact:a.b:product-id:x,20,piece,1,,,,,\n"
    );
    let drafts = read(&text).unwrap();
    assert_eq!(drafts.len(), 1);
    let statement = activity(&drafts[0]);
    assert_eq!(
        (statement.outputs.len(), statement.flows.len(), drafts[0].rows.clone()),
        (2, 2, vec![2, 3, 4])
    );
    assert_eq!(statement.outputs[1].keys.values().next().unwrap().to_string(), "1");
    let without_key = text.replace("key,production", ",production");
    assert!(
        sentences(&without_key)
            .contains("a.csv:2:allocation: activity: has several outputs and needs an allocation"),
        "{}",
        sentences(&without_key)
    );
}

#[test]
fn two_products_with_flows_of_their_own_are_two_statements() {
    let other = ROW.replace("06901234000016,12000", "00012345600012,500");
    assert_eq!(read(&with_rows(&[ROW, &other])).unwrap().len(), 2);
    let bare = ROW.replace(
        "urn:gtin:06901234000016,12000,piece,grid electricity,energy,53000,kWh,cn-2024",
        "urn:pact:a.b:product-id:x,1,piece,,,,,",
    );
    assert!(
        sentences(&with_rows(&[ROW, &other, &bare])).starts_with("a.csv:4:product: this row without a flow")
    );
}

#[test]
fn one_work_that_is_split_by_a_slip_is_found_with_the_column_that_differs() {
    let slip = ROW.replace("12000,piece,grid electricity", "12001,piece,natural gas");
    let said = sentences(&with_rows(&[ROW, &slip]));
    assert!(
        said.starts_with("a.csv:3:output: row 2 describes the same work")
            && said.contains("`12000` there, `12001` here"),
        "{said}"
    );
}

#[test]
fn a_source_is_read_by_its_prefix_or_where_it_has_one_meaning() {
    let source = |kind: &str, text: &str| {
        let row = ROW.replace("energy,53000,kWh,cn-2024", &format!("{kind},1,kg,{text}"));
        read(&with_rows(&[&row])).map(|d| activity(&d[0]).flows[0].source.clone()).map_err(|e| e.to_string())
    };
    let uuid = "3F0A7C3E-0000-4000-8000-000000000000";
    assert!(matches!(source("material", "product:urn:gtin:06901234000016"), Ok(FlowSource::Product(_))));
    assert!(matches!(source("material", "urn:gtin:06901234000016"), Ok(FlowSource::Product(_))));
    assert!(matches!(source("material", uuid), Ok(FlowSource::Footprint(_))));
    assert!(matches!(source("material", &format!("footprint:{uuid}")), Ok(FlowSource::Footprint(_))));
    assert!(matches!(source("emission", "HFC134a"), Ok(FlowSource::Gas(_))));
    assert!(matches!(source("emission", "gas:HFC134a"), Ok(FlowSource::Gas(_))));
    for named in ["R-134a", "gas:r134a", "gas: HFC-134a"] {
        let gas = source("emission", named).unwrap();
        assert!(matches!(gas, FlowSource::Gas(gas) if gas.as_str() == "HFC134a"), "{named}");
    }
    let blend = source("emission", "R-410A").unwrap();
    assert!(matches!(blend, FlowSource::Gas(gas) if gas.as_str() == "R410A"), "a blend stays itself");
    assert!(matches!(source("material", "r134a"), Ok(FlowSource::Factor { .. })), "a factor may be named so");
    assert!(source("emission", "gas:methane").unwrap_err().contains("write CH4_fossil or CH4_biogenic"));
    assert!(source("emission", "gas:R9999").unwrap_err().contains("a refrigerant's number such as R32"));
    assert!(matches!(source("material", "factor:CO2"), Ok(FlowSource::Factor { .. })));
    assert!(source("material", "CO2").unwrap_err().contains("a.csv:2:source: `CO2` is a gas"));
    assert!(source("material", "urn:gtin:06901234000017").unwrap_err().contains("check digit"));
    assert!(
        source("material", "http://x")
            .unwrap_err()
            .contains("expected factor:, product:, footprint: or gas:")
    );
    assert!(source("material", "").unwrap_err().contains("a.csv:2:source: a value is missing"));
    assert!(source("material", "gas:CO2").unwrap_err().contains("its kind is emission"));
}

#[test]
fn a_quantity_may_be_the_product_of_two() {
    let text = "stage,process,start,end,product,output,output_unit,flow,kind,amount,unit,times,times_unit,source,upstream\n\
        procurement,inbound,2025-01-01,2026-01-01,urn:gtin:06901234000016,1,piece,lorry,transport,4.1,t,800,km,factor:ttw,factor:wtt\n";
    let drafts = read(text).unwrap();
    let flow = &activity(&drafts[0]).flows[0];
    let Some(Amount::Of(of)) = &flow.amount else { panic!("expected two quantities") };
    assert_eq!((of[0].name.as_str(), of[1].name.as_str(), of[1].unit), ("amount", "times", Unit::Kilometre));
    assert!(matches!(&flow.source, FlowSource::Factor { upstream: Some(u), .. } if u.as_str() == "wtt"));
    assert!(sentences(&text.replace("800,km", "800,")).contains(":2:times_unit: a value is missing"));
    assert!(
        sentences(&text.replace("factor:ttw", "urn:gtin:06901234000016"))
            .contains(":2:upstream: only a flow whose source is a factor")
    );
}

#[test]
fn an_excluded_flow_has_an_estimate_and_a_reason_and_nothing_else() {
    let header = format!("{HEADER},estimate,reason");
    let row = ROW.replace("energy,53000,kWh,cn-2024", "excluded,,,");
    let text = format!("{header}\n{row},0.120,below the cut-off\n");
    assert!(matches!(activity(&read(&text).unwrap()[0]).flows[0].source, FlowSource::Excluded { .. }));
    let said = sentences(&format!("{header}\n{row},,\n"));
    assert!(
        said.contains(":2:estimate: a value is missing") && said.contains(":2:reason: a value is missing"),
        "{said}"
    );
    let said = sentences(&format!("{header}\n{ROW},1,because\n"));
    assert!(said.contains(":2:estimate: only a flow of kind excluded has this"), "{said}");
}

#[test]
fn all_problems_of_a_file_come_at_once_each_with_row_and_column_and_nothing_is_taken() {
    let bad = "productoin,,Plant 7,1/2/2025,2025-04-01,urn:gtin:1,\"1,234\",blorbs,,heat,1x3,,";
    let said = sentences(&with_rows(&[ROW, bad]));
    for expected in [
        "a.csv:3:stage: stage: expected one of design",
        "a.csv:3:process: a value is missing",
        "a.csv:3:start: in `1/2/2025` day and month may be swapped: say which with --dates",
        "a.csv:3:product: product id: expected urn:gtin:",
        "a.csv:3:output: expected a number of one meaning: this is 1234 with a comma between the thousands, or 1.234 with a decimal comma",
        "a.csv:3:output_unit: unit: expected one of kg",
        "a.csv:3:flow: a value is missing",
        "a.csv:3:kind: flow kind: expected one of material",
        "a.csv:3:amount: expected a plain decimal such as 12 or -0.5 with at most 18 digits before and 12 after the point, got `1x3`",
        "a.csv:3:unit: a value is missing",
        "a.csv:3:source: a value is missing",
    ] {
        assert!(said.contains(expected), "{expected}\n{said}");
    }
    assert_eq!(said.lines().count(), 11, "{said}");
    let rows: Vec<u64> = match read(&with_rows(&[ROW, bad])) {
        Err(ExchangeError::Problems(p)) => p.problems.iter().map(|p| p.row).collect(),
        other => panic!("{other:?}"),
    };
    assert!(rows.is_sorted());
}

#[test]
fn a_list_of_problems_is_capped_and_says_how_many_more() {
    let bad: Vec<String> =
        (0..2500).map(|i| ROW.replace("53000", "x").replace("grid electricity", &format!("f{i}"))).collect();
    let text = with_rows(&bad.iter().map(String::as_str).collect::<Vec<_>>());
    let Err(ExchangeError::Problems(problems)) = read(&text) else { panic!("expected problems") };
    assert_eq!((problems.problems.len(), problems.more), (1000, 1500));
    assert!(problems.to_string().ends_with("a.csv: and 1500 more"));
}

#[test]
fn the_end_is_the_first_day_after_and_an_empty_period_says_so() {
    let said = sentences(&with_rows(&[&ROW.replace("2025-04-01", "2025-01-01")]));
    assert!(said.starts_with("a.csv:2:end: period: the end 2025-01-01 is the first day after it"), "{said}");
    let said = sentences(&with_rows(&[&ROW.replace("2025-04-01", "45747")]));
    assert!(
        said.contains("a.csv:2:end: date: expected YYYY-MM-DD")
            && said.contains("first day after the period"),
        "{said}"
    );
}

#[test]
fn a_header_is_held_to_the_known_names() {
    let said = sentences(&with_rows(&[ROW]).replace("output_unit", "outputunit"));
    assert!(
        said.contains(
            "a.csv:1:outputunit: no column of activities has this name; did you mean `output_unit`?"
        ),
        "{said}"
    );
    assert!(said.contains("a.csv:1:output_unit: this column is missing"), "{said}");
    let said = sentences(&with_rows(&[ROW]).replace("site,", "stage,"));
    assert!(said.contains("a.csv:1:stage: this column stands twice"), "{said}");
    let said = sentences(&with_rows(&[ROW]).replace("site,", "wetter,"));
    assert!(said.contains("a.csv:1:wetter: no column of activities has this name"), "{said}");
    let said = sentences("name,age\nx,1\n");
    assert!(said.contains("the first line must hold the headers of activities"), "{said}");
    assert!(
        sentences(HEADER).contains("a.csv:1: the file has a header and no rows"),
        "{}",
        sentences(HEADER)
    );
}

#[test]
fn rows_that_do_not_fit_the_header_are_found() {
    let said = sentences(&with_rows(&[&format!("{ROW},surplus"), "production,casting"]));
    assert!(said.contains("a.csv:2: expected 13 cells as in the header, got 14"), "{said}");
    assert!(said.contains("a.csv:3: expected 13 cells as in the header, got 2"), "{said}");
    assert!(
        read(&with_rows(&[&format!("{ROW},,,")])).is_ok(),
        "empty cells at the end are what spreadsheets write"
    );
    assert!(
        read(&with_rows(&[",,,,,,,,,,,,", ROW, "", ROW.replace("grid", "other").as_str()])).is_ok(),
        "empty rows"
    );
    assert!(
        sentences(&with_rows(&[&ROW.replace("casting", "\"casting")]))
            .contains("quotation marks do not pair up")
    );
}

#[test]
fn a_comma_too_many_is_one_sentence_and_none_about_rows_that_lean_on_that_one() {
    let text = "id,name,boundary,declared_amount,declared_unit,stage,process,signers\n\
        urn:gtin:06901234000016,Box, brown,cradle-to-gate,1,piece,procurement,board,acme\n\
        urn:gtin:06901234000016,,,,,production,converting,acme\n";
    let said = sentences(text);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("a.csv:2: expected 8 cells as in the header, got 9"), "{said}");
    assert_eq!(read(&text.replacen("Box, brown", "\"Box, brown\"", 1)).unwrap().len(), 1);
}

#[test]
fn encodings_are_read_or_refused_with_a_sentence() {
    let text = with_rows(&[ROW]);
    let with_mark = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    assert_eq!(csv::read_statements(&with_mark, "a.csv", &by()).unwrap().len(), 1);
    assert_eq!(read(&text.replace('\n', "\r\n")).unwrap().len(), 1);
    assert_eq!(read(&text.replace(',', ";")).unwrap().len(), 1, "separated by semicolons");
    assert_eq!(read(&text.replace(',', "\t")).unwrap().len(), 1, "separated by tabs");
    let comma_inside = text.replace(',', ";").replace("53000", "53,5");
    let with_comma = read(&comma_inside).unwrap();
    assert!(encode_draft(&with_comma[0].statement).unwrap().windows(6).any(|w| w == b"\"53.5\""));
    let refusal = |bytes: &[u8]| csv::read_statements(bytes, "a.csv", &by()).unwrap_err().to_string();
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(csv::read_statements(&utf16, "a.csv", &by()).unwrap().len(), 1, "UTF-16 with its mark");
    assert!(refusal(&utf16[2..]).contains("zero bytes"));
    let chinese = text.replace("casting", "\u{538b}\u{94f8}\u{5de5}\u{5e8f}");
    let (gb18030, ..) = encoding_rs::GB18030.encode(&chinese);
    let read_back = csv::read_statements(&gb18030, "a.csv", &by()).unwrap();
    assert_eq!(activity(&read_back[0]).process.as_str(), "\u{538b}\u{94f8}\u{5de5}\u{5e8f}");
    let latin = [&b"Gr\xF6\xDFe,"[..], text.as_bytes()].concat();
    assert!(refusal(&latin).contains("state --encoding"), "{}", refusal(&latin));
    assert!(refusal(b"PK\x03\x04....").contains("an Excel workbook (XLSX)"));
    assert!(refusal(b"\xD0\xCF\x11\xE0....").contains("XLS"));
    assert!(refusal(text.replace('\n', "\r").as_bytes()).contains("carriage return"));
    for empty in [&b""[..], b"\n\n", b"\xEF\xBB\xBF", b"   "] {
        assert!(refusal(empty).contains("the file is empty"));
    }
}

#[test]
fn a_statement_that_is_too_long_is_said_at_its_first_row() {
    let name = "m".repeat(400);
    let rows: Vec<String> =
        (0..2500).map(|n| ROW.replace("grid electricity", &format!("{name} {n}"))).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let said = sentences(&with_rows(&rows));
    assert!(said.starts_with("a.csv:2:flow: "), "{said}");
    assert!(said.contains("at most 1048576 bytes, got 1"), "{said}");
    assert_eq!(read(&with_rows(&rows[..2000])).unwrap().len(), 1);
}

#[test]
fn a_file_that_is_too_long_is_refused_before_it_is_read() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("big.csv");
    // A sparse file: 200 MB that take no room.
    std::fs::File::create(&path).unwrap().set_len(200_000_000).unwrap();
    let said = pcf_desk::files::load(&path).unwrap_err().to_string();
    assert!(
        said.ends_with("expected at most 64 MiB, got 200000000 bytes: split it into several files"),
        "{said}"
    );
    assert!(pcf_desk::files::load(directory.path()).unwrap_err().to_string().contains("got a directory"));
    assert!(
        pcf_desk::files::load(&directory.path().join("none"))
            .unwrap_err()
            .to_string()
            .contains("cannot be read")
    );
    let too_long = vec![b'a'; usize::try_from(FILE_BYTES_MAX).unwrap() + 1];
    assert!(
        csv::read_statements(&too_long, "a.csv", &by()).unwrap_err().to_string().contains("at most 64 MiB")
    );
    std::fs::write(&path, with_rows(&[ROW])).unwrap();
    assert_eq!(
        pcf_files::read_statements(&pcf_desk::files::load(&path).unwrap(), "big.csv", &by()).unwrap().len(),
        1
    );
}

#[test]
fn damaged_anywhere_a_file_is_an_error_or_still_a_statement_and_never_a_crash() {
    let text = with_rows(&[ROW]);
    for i in 0..text.len() {
        for byte in [0, b'"', b',', b'\n', 0xFF, b'9'] {
            let mut bytes = text.clone().into_bytes();
            bytes[i] = byte;
            let _ = csv::read_statements(&bytes, "a.csv", &by());
        }
        let _ = csv::read_statements(&text.as_bytes()[..i], "a.csv", &by());
    }
}

#[test]
fn recycled_material_is_read_one_a_row_under_the_names_of_the_formula() {
    let head = "id,name,boundary,declared_amount,declared_unit,stage,process,signers,recycling_method,material,material_kg,material_region,A,R1,R2,R3,Ev,Erec,ErecEoL,EvStar,Ed";
    let rows = "urn:pact:a.b:product-id:x,Can,cradle-to-grave,1,piece,production,casting,acme,cff,steel,0.05,CN,,0.3,0.85,0,v,r,e,s,d\n\
        urn:pact:a.b:product-id:x,,,,,,,,,paper,0.002,,0.2,0,0,0,v2,,,,d\n";
    let text = format!("{head}\n{rows}");
    let drafts = read(&text).unwrap();
    let can = product(&drafts[0]);
    let recycling = can.recycling.as_ref().unwrap();
    assert_eq!((can.processes.len(), recycling.materials.len(), recycling.method.as_str()), (1, 2, "cff"));
    let steel = &recycling.materials[0];
    assert_eq!(
        (steel.R1.to_string().as_str(), steel.A, steel.region.as_ref().unwrap().as_str()),
        ("0.3", None, "CN")
    );
    assert_eq!(recycling.materials[1].A.unwrap().to_string(), "0.2");
    for (wrong, said) in [
        (text.replace(",cff,", ",,"), "a.csv:2:recycling_method: a value is missing"),
        (text.replace(",paper,0.002", ",,0.002"), "a.csv:3:material_kg: this is about a recycled material"),
        (text.replace("0,v2,", "0,,"), "a.csv:3:Ev: a value is missing"),
        (text.replace(",CN,,0.3", ",CN,,"), "a.csv:2:R1: a value is missing"),
        (
            text.replace("0.85,0,v", "0.85,0.2,v"),
            "gives R2 + R3 of the recycled material `steel` as 0.85 + 0.2",
        ),
        (text.replace(",cff,", ",cut-off,"), "mixes two recycling methods: cut-off means A 1, got 0.2"),
    ] {
        let got = sentences(&wrong);
        assert!(got.contains(said), "{got}");
    }
}

#[test]
fn products_are_read_one_process_a_row() {
    let text = "id,name,boundary,declared_amount,declared_unit,mass_kg,fossil_carbon_kg,packaging_included,ccs_included,exemptions,stage,process,signers,rule,rule_operator\n\
        urn:gtin:06901234000016 urn:pact:a.b:product-id:x,Bottle,cradle-to-grave,1,piece,0.110,0,yes,no,none,procurement,parts,acme ingot,PCR 1,EPD International\n\
        urn:pact:a.b:product-id:x urn:gtin:06901234000016,,,,,,,,,,production,casting,acme,,\n";
    let drafts = read(text).unwrap();
    let bottle = product(&drafts[0]);
    assert_eq!((drafts.len(), bottle.processes.len(), bottle.ids.len()), (1, 2, 2));
    assert_eq!(bottle.processes[0].signers.len(), 2);
    assert_eq!(bottle.mass_per_declared_unit.unwrap().to_string(), "0.11");
    assert_eq!(
        (bottle.ccs_included, bottle.packaging.as_ref().map(|p| p.included)),
        (Some(false), Some(true))
    );
    let said = sentences(&text.replace("urn:gtin:06901234000016,,,,", "urn:gtin:06901234000016,Flask,,,"));
    assert!(
        said.starts_with("a.csv:3:name: row 2 says `Bottle` of the same product, this one `Flask`"),
        "{said}"
    );
    let said = sentences(
        &text.replace("urn:pact:a.b:product-id:x urn:gtin:06901234000016,", "urn:gtin:06901234000016,"),
    );
    assert!(
        said.contains("a.csv:3:id: urn:gtin:06901234000016 is also an id of the product in row 2"),
        "{said}"
    );
    let said = sentences(&text.replace(",yes,", ",maybe,"));
    assert!(said.contains("a.csv:2:packaging_included: expected yes or no, got `maybe`"), "{said}");
    let said = sentences(&text.replace("production,casting,acme", "procurement,parts,acme"));
    assert!(said.contains("names the process `parts` of procurement twice"), "{said}");
}

#[test]
fn factors_give_co2e_with_its_set_or_gases() {
    let header = "id,name,category,unit,kgco2e,landUseChangeGhgEmissions,gas:CO2,gas:CH4_fossil,gwp_set,scope,exclusions,geography,year,source,licence,data";
    let text = format!(
        "{header}\nf1,Steel,material,kg,1.9,0.010,,,AR6,life-cycle,,CN,2024,the maker,own,primary\nf2,Gas,fuel.combustion,m3,,,2.1,0.0001,,direct,combustion biogenic-co2,,2024,the maker,own,primary\n"
    );
    let drafts = read(&text).unwrap();
    let (steel, gas) = (factor(&drafts[0]), factor(&drafts[1]));
    assert_eq!(steel.values.as_ref().unwrap()[&Category::LandUseChange].to_string(), "0.01");
    assert_eq!(
        (steel.gwp, gas.gwp, gas.gases.as_ref().map(BTreeMap::len)),
        (Some(StatedGwp::Ar6), None, Some(2))
    );
    assert_eq!(gas.exclusions, [Exclusion::BiogenicCo2, Exclusion::Combustion], "sorted");
    for (from, to, says) in [
        (",AR6,", ",,", "a.csv:2:gwp_set: a value is missing"),
        (",AR6,", ",GWP,", "a.csv:2:gwp_set: GWP set: expected"),
        (",1.9,0.010,,,", ",,,,,", "a.csv:2:kgco2e: a value is missing"),
        (",1.9,0.010,,,", ",1.9,,1,,", "a.csv:2:kgco2e: expected either kg CO2e or kg of each gas, got both"),
        (",,direct,", ",AR6,direct,", "a.csv:3:gwp_set: gases are characterised"),
        ("f2,Gas", "f1,Gas", "a.csv:3:id: the factor f1 stands in row 2 too"),
        ("gas:CO2", "gas:CO3", "a.csv:1:gas:CO3: no column of factors has this name"),
        (",2024,", ",24,", "a.csv:2:year: year: expected four digits"),
    ] {
        let said = sentences(&text.replace(from, to));
        assert!(said.contains(says), "{says}\n{said}");
    }
}

#[test]
fn a_factor_names_its_gases_by_refrigerant_number_too_and_each_once() {
    let header = "id,name,category,unit,gas:HFC-32,gas:R410A,gas:r32,scope,year,source,licence,data";
    let row =
        |cells: &str| format!("{header}\nf1,Chiller,process,h,{cells},direct,2024,the maker,own,primary\n");
    let drafts = read(&row("0.1,0.2,")).unwrap();
    let gases = factor(&drafts[0]).gases.clone().unwrap();
    let named: Vec<(&str, String)> = gases.iter().map(|(gas, kg)| (gas.as_str(), kg.to_string())).collect();
    assert_eq!(named, [("HFC32", "0.1".to_owned()), ("R410A", "0.2".to_owned())]);
    let said = sentences(&row("0.1,,0.2"));
    assert!(said.contains("a.csv:2:gas:r32: HFC32 stands in two columns"), "{said}");
}

#[test]
fn json_lines_are_statements_without_what_the_caller_supplies() {
    let line = r#"{"type":"activity","stage":"production","process":"casting","period":{"start":"2025-01-01","end":"2025-04-01"},"outputs":[{"product":"urn:gtin:06901234000016","amount":"1","unit":"piece"}],"flows":[{"name":"power","kind":"energy","amount":"1","unit":"kWh","factor":"f"}]}"#;
    let read = |text: &str| jsonl::read_statements(text.as_bytes(), "a.jsonl", &by());
    let drafts =
        pcf_files::read_statements(format!("{line}\n\n{line}\n").as_bytes(), "a.jsonl", &by()).unwrap();
    assert_eq!(drafts.iter().map(|d| d.rows.clone()).collect::<Vec<_>>(), [vec![1], vec![3]]);
    assert_eq!(activity(&drafts[0]).by, by());
    for (from, to, says) in [
        (
            r#"{"type""#,
            r#"{"salt":"AAAAAAAAAAAAAAAAAAAAAA","type""#,
            "a.jsonl:1:salt: `salt` is supplied when the statement is signed",
        ),
        (r#"{"type""#, r#"{"by":"eve","type""#, "`by` is supplied"),
        (
            r#""factor":"f""#,
            r#""factor":null"#,
            "a.jsonl:1:flows[0].factor: expected a value or no key at all, got null",
        ),
        (
            r#""amount":"1","unit":"kWh""#,
            r#""amount":"1","amount":"2","unit":"kWh""#,
            "a.jsonl:1:flows[0].amount: the key stands twice",
        ),
        (
            r#""amount":"1","unit":"kWh""#,
            r#""amount":1,"unit":"kWh""#,
            "expected an exact decimal as a string",
        ),
        (r#""flows""#, r#""flow""#, "unknown field `flow`"),
        (
            r#""activity""#,
            r#""actor""#,
            "a.jsonl:1:type: expected activity, annual, factor or product, got actor",
        ),
        (r#""activity""#, r#""activty""#, "a.jsonl:1:type: "),
        (r#"{"type":"activity","#, "{", "a.jsonl:1:type: a value is missing"),
        (r#"2025-04-01"}"#, r#"2025-01-01"}"#, "a.jsonl:1:period: period: the end"),
        (r#"}]}"#, r#"}]"#, "this is not JSON"),
        (line, "{}", "a value is missing"),
        (line, "[1]", "expected a JSON object"),
    ] {
        let said = read(&line.replace(from, to)).unwrap_err().to_string();
        assert!(said.contains(says), "{says}\n{said}");
    }
    let two = read(&format!("{}\n{}", line.replace("kWh", "x"), line.replace("piece", "y")))
        .unwrap_err()
        .to_string();
    assert_eq!(two.lines().count(), 2, "all at once: {two}");
}

#[test]
fn the_templates_are_files_that_can_be_read() {
    for (text, count, kind) in [
        (template::activities(), 4, "activity"),
        (template::products(), 1, "product"),
        (template::factors(), 1, "factor"),
    ] {
        let drafts = read(&text).unwrap();
        assert_eq!((drafts.len(), drafts[0].statement.kind().as_str()), (count, kind), "{text}");
    }
}

#[test]
fn the_template_of_activities_shows_an_output_readings_and_a_shared_meter_by_themselves() {
    let said: Vec<Activity> = read(&template::activities())
        .unwrap()
        .into_iter()
        .map(|draft| match draft.statement {
            Statement::Activity(activity) => activity,
            other => panic!("{other:?}"),
        })
        .collect();
    let [made, electricity, lorry, steam] = <[Activity; 4]>::try_from(said).unwrap();
    assert!(made.flows.is_empty() && made.outputs.len() == 1);
    for reading in [&electricity, &lorry] {
        assert!(reading.is_reading() && !reading.is_for_all() && reading.flows.len() == 1);
    }
    assert!(steam.is_reading() && steam.is_for_all() && steam.meter.is_some());
    let Some(Allocation::Key(key)) = &steam.allocation else { panic!("{:?}", steam.allocation) };
    assert!(made.outputs[0].keys.contains_key(key), "the output states the key that the meter is shared by");
}

#[test]
fn every_shipped_row_becomes_a_factor_or_has_a_reason() {
    let library = Library::shipped().unwrap();
    assert_eq!(library.rows().len(), 1401 + 792);
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for row in library.rows() {
        assert!(row.shippable.starts_with("yes"), "{}", row.id);
        match row.to_factor(&by()) {
            Ok(factor) => {
                assert!(encode_draft(&factor.clone().into()).is_ok(), "{}", row.id);
                assert_eq!(factor.factor.as_str(), row.id);
            }
            Err(ExchangeError::Factor { id, reason }) if id == row.id => {
                *reasons.entry(reason).or_default() += 1
            }
            Err(other) => panic!("{}: {other}", row.id),
        }
    }
    for (reason, count) in &reasons {
        println!("{count:5}  {reason}");
    }
    assert_eq!(reasons.values().sum::<usize>(), 22, "{reasons:#?}");
    assert!(reasons.keys().all(|r| !r.contains("is in no table")), "{reasons:#?}");
}

#[test]
fn the_rows_of_an_aluminium_bottle_come_out_as_their_source_means_them() {
    let library = Library::shipped().unwrap();
    let of = |id: &str| library.find(id).unwrap().to_factor(&by()).unwrap();
    let expected = [
        ("uk.desnz2025.19_504_5104_15_1", FactorCategory::Material, Scope::LifeCycle, Unit::Ton),
        ("uk.desnz2025.19_504_5107_15_1", FactorCategory::Material, Scope::LifeCycle, Unit::Ton),
        ("uk.desnz2025.1_100_1004_1_1", FactorCategory::FuelCombustion, Scope::Direct, Unit::CubicMetre),
        ("uk.desnz2025.11_100_1004_1_1", FactorCategory::FuelUpstream, Scope::Upstream, Unit::CubicMetre),
        ("uk.desnz2025.27_304_3132_14_1", FactorCategory::Freight, Scope::Direct, Unit::TonKilometre),
        (
            "uk.desnz2025.28_907_3132_14_1",
            FactorCategory::FreightUpstream,
            Scope::Upstream,
            Unit::TonKilometre,
        ),
        ("uk.desnz2025.20_505_5425_15_1", FactorCategory::Waste, Scope::LifeCycle, Unit::Ton),
        ("uk.desnz2025.20_504_5352_15_1", FactorCategory::Waste, Scope::LifeCycle, Unit::Ton),
        ("uk.desnz2025.17_404_4005_1_1", FactorCategory::Water, Scope::LifeCycle, Unit::CubicMetre),
    ];
    for (id, category, scope, unit) in expected {
        let factor = of(id);
        assert_eq!((factor.category, factor.scope, factor.unit), (category, scope, unit), "{id}");
        assert_eq!((factor.gwp, factor.exclusions.len()), (Some(StatedGwp::Ar5), 0), "{id}");
        assert_eq!(factor.licence.as_str(), "OGL-UK-3.0");
        assert_eq!(factor.source_version.as_ref().map(|v| v.as_str()), Some("2025"));
    }
    let electricity = of("cn.mee.elec_footprint.2024.national");
    assert_eq!(electricity.values.unwrap()[&Category::Fossil].to_string(), "0.5777");
    assert_eq!((electricity.gwp, electricity.scope), (Some(StatedGwp::Unstated), Scope::LifeCycle));
    assert_eq!(electricity.exclusions, []);
}

#[test]
fn boundaries_that_are_traps_are_marked() {
    let library = Library::shipped().unwrap();
    let of = |id: &str| library.find(id).unwrap().to_factor(&by()).unwrap();
    assert_eq!(of("cn.mee.elec_footprint.2024.coal").exclusions, [Exclusion::GridLosses]);
    assert_eq!(
        of("cn.mee.elec_footprint.2024.td_incl_losses").category,
        FactorCategory::ElectricityGridLosses
    );
    assert_eq!(of("uk.desnz2025.20_504_5353_15_1").exclusions, [Exclusion::Combustion], "energy recovery");
    let ember = library.rows().iter().find(|r| r.id.starts_with("ember.")).unwrap().to_factor(&by()).unwrap();
    assert_eq!((ember.exclusions, ember.gwp), (vec![Exclusion::GridLosses], Some(StatedGwp::Unstated)));
    let grid = of("cn.mee.grid_co2.2023.cn_national");
    assert_eq!((grid.scope, grid.gwp, grid.values), (Scope::Direct, None, None), "CO2 is a gas of every set");
    assert_eq!(grid.gases.unwrap().values().next().unwrap().to_string(), "0.5306");
    let ethanol = of("uk.desnz2025.2_103_1031_2_1");
    assert_eq!(ethanol.exclusions, [Exclusion::BiogenicCo2]);
    assert!(ethanol.values.unwrap().contains_key(&Category::BiogenicNonCo2));
    assert!(of("uk.desnz2025.99_103_1031_2_2").values.unwrap().contains_key(&Category::BiogenicReleased));
    let megalitre = of("uk.desnz2025.17_404_4005_10_1");
    assert_eq!(
        (megalitre.unit, megalitre.values.unwrap()[&Category::Fossil].to_string()),
        (Unit::CubicMetre, "0.19130156".into())
    );
    assert_eq!(of("ipcc.2006.stationary.oil").year.to_string(), "2019");
    let refused =
        library.find("us.epa2024.stationary.anthracite").unwrap().to_factor(&by()).unwrap_err().to_string();
    assert!(refused.contains("us.epa2024.stationary.anthracite: 1 mmBtu is 1055.05585262 MJ"), "{refused}");
}

#[test]
fn a_search_needs_every_word_and_the_place_and_year_asked_for() {
    let library = Library::shipped().unwrap();
    let found = library.search("Electricity NATIONAL footprint", Some("CN"), Some("2024"));
    assert_eq!(
        found.rows.iter().map(|r| r.id.as_str()).collect::<Vec<_>>(),
        ["cn.mee.elec_footprint.2024.national"]
    );
    assert!(!library.search("electricity unobtainium", None, None).whole);
    let aluminium = library.search("aluminium", Some("GB"), None);
    assert!(aluminium.whole && aluminium.rows.len() > 3);
}
