//! Tables saved by other programs read as the same statement, or are refused with the format to
//! save them as.

use std::fs;
use std::path::{Path, PathBuf};

use pcf_files::catalog::Catalog;
use pcf_files::csv::DecimalMark;
use pcf_files::tables::{self, File, Options};
use pcf_ledger::model::{Activity, Amount, Statement};
use pcf_testing::workbook::edited;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/spreadsheets").join(name)
}

/// The only statement of a file.
fn read(bytes: Vec<u8>, decimal: Option<DecimalMark>) -> Result<Activity, String> {
    let options = Options { decimal, ..Options::default() };
    let File::Tables(tables) = tables::open_bytes(bytes, "file", &options).map_err(|e| e.to_string())? else {
        return Err("JSON".into());
    };
    let mut all = Vec::new();
    for table in tables {
        let by = "acme".parse().unwrap();
        let mut keep = |draft: pcf_files::Draft| {
            all.push(draft.statement);
            true
        };
        table.read(&by, &Catalog::default(), &mut keep).map_err(|e| e.to_string())?;
    }
    match all.as_slice() {
        [Statement::Activity(one)] => Ok(one.clone()),
        _ => Err(format!("{} statements", all.len())),
    }
}

fn amounts(activity: &Activity) -> Vec<String> {
    let amount = |amount: &Option<Amount>| match amount {
        Some(Amount::Given(given)) => format!("{} {}", given.amount, given.unit),
        _ => panic!("{amount:?}"),
    };
    activity.flows.iter().map(|flow| amount(&flow.amount)).collect()
}

#[test]
fn every_file_of_the_same_rows_reads_as_the_same_statement() {
    for name in [
        "days-of-1900.xlsx",
        "days-of-1904.xlsx",
        "chinese.xlsx",
        "chinese-gb18030.csv",
        "tabs-utf16.csv",
        "semicolons.csv",
    ] {
        let read = read(fs::read(file(name)).unwrap(), None).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(read.period.to_string(), "2024-02-29..2025-01-01", "{name}");
        assert_eq!(amounts(&read), ["52999.2 kWh", "0.1 m3", "1234.5 kg"], "{name}");
        assert_eq!(read.outputs[0].amount.to_string(), "12000", "{name}");
        assert_eq!(read.flows[1].name.as_str(), r#"water & steam, hall "1""#, "{name}");
        let chinese = name.starts_with("chinese");
        assert_eq!(read.process.as_str(), if chinese { "压铸 A380" } else { "casting" }, "{name}");
    }
}

#[test]
fn a_text_of_another_byte_order_or_with_a_mark_is_the_same_text() {
    let little = fs::read(file("tabs-utf16.csv")).unwrap();
    let big: Vec<u8> = little.as_chunks::<2>().0.iter().flat_map(|[low, high]| [*high, *low]).collect();
    assert_eq!(amounts(&read(big.clone(), None).unwrap()).len(), 3);
    assert!(
        read(big[2..].to_vec(), None).unwrap_err().contains("state --encoding utf-16"),
        "without its mark"
    );
    let plain = fs::read(file("semicolons.csv")).unwrap();
    let marked = [&b"\xEF\xBB\xBF"[..], &plain].concat();
    assert_eq!(read(marked, None).unwrap(), read(plain, None).unwrap());
}

#[test]
fn a_number_that_a_workbook_stores_as_one_has_no_mark_that_could_mean_two_things() {
    let bytes = fs::read(file("days-of-1900.xlsx")).unwrap();
    let sheet = "xl/worksheets/sheet1.xml";
    // 1.234 m3 as a number is not 1234 m3, whatever the texts of the file write.
    let thousandth = edited(&bytes, sheet, |xml| xml.replace("<v>0.1</v>", "<v>1.234</v>"));
    for decimal in [None, Some(DecimalMark::Comma)] {
        let read = read(thousandth.clone(), decimal).unwrap();
        assert_eq!(amounts(&read), ["52999.2 kWh", "1.234 m3", "1234.5 kg"], "{decimal:?}");
    }
    let refused = read(thousandth, Some(DecimalMark::Point)).unwrap_err();
    assert!(refused.contains("Activities:4:amount: "), "the text has a comma: {refused}");
}

#[test]
fn what_other_writers_of_workbooks_do_is_read_too() {
    let bytes = fs::read(file("days-of-1900.xlsx")).unwrap();
    let expected = read(bytes.clone(), None).unwrap();
    // Rich text with a reading aid, as Asian versions store it.
    let rich = edited(&bytes, "xl/sharedStrings.xml", |xml| {
        xml.replacen(
            r#"<t xml:space="preserve">casting</t>"#,
            r#"<r><rPr><b/></rPr><t>cas</t></r><r><t>ting</t></r><rPh sb="0" eb="2"><t>zhu</t></rPh><phoneticPr fontId="1"/>"#,
            1,
        )
    });
    assert_ne!(rich, bytes, "the text stands there");
    assert_eq!(read(rich, None).unwrap(), expected);
    let sheet = "xl/worksheets/sheet1.xml";
    // A day in the words of a Chinese version.
    let days = edited(&bytes, "xl/styles.xml", |xml| {
        xml.replace(
            r#"formatCode="yyyy\-mm\-dd""#,
            r#"formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@""#,
        )
    });
    assert_eq!(read(days, None).unwrap(), expected);
    // The text of a formula, and text in the cell itself.
    let own = edited(&bytes, sheet, |xml| {
        let text = |cell: &str, attributes: &str, inner: &str| {
            let at = xml.find(&format!(r#"<c r="{cell}""#)).unwrap();
            let end = at + xml[at..].find("</c>").unwrap() + 4;
            (xml[at..end].to_owned(), format!(r#"<c r="{cell}" {attributes}>{inner}</c>"#))
        };
        let (formula, as_formula) = text(
            "I2",
            r#"t="str""#,
            "<f>CONCATENATE(&quot;grid&quot;,&quot; electricity&quot;)</f><v>grid electricity</v>",
        );
        let (inline, as_inline) =
            text("J2", r#"t="inlineStr""#, "<is><r><t>ener</t></r><r><t>gy</t></r></is>");
        xml.replace(&formula, &as_formula).replace(&inline, &as_inline)
    });
    assert_eq!(read(own, None).unwrap(), expected);
}

#[test]
fn what_is_no_workbook_and_no_text_says_what_to_save_it_as() {
    for (name, kind) in [
        ("open-document.ods", "an OpenDocument file (ODS)"),
        ("flat-open-document.fods", "an XML document"),
        ("before-2007.xls", "an old Excel workbook (XLS)"),
        ("web-page.xls", "a web page"),
    ] {
        let refused = read(fs::read(file(name)).unwrap(), None).unwrap_err();
        assert!(refused.contains(kind) && refused.contains("save it as XLSX"), "{name}: {refused}");
    }
}
