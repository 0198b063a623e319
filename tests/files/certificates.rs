//! Certificates of a row: one, a range, or several in the same order in four columns.

use pcf_files::csv;
use pcf_ledger::model::{Instrument, Statement};

const HEADER: &str = "stage,process,start,end,product,output,output_unit,flow,kind,amount,unit,source,instrument,instrument_kwh,instrument_start,instrument_end";
const ROW: &str =
    "production,casting,2025-01-01,2026-01-01,urn:gtin:06901234000016,,,wind,energy,900,kWh,wind";

fn read(certificates: &str) -> Result<Vec<Instrument>, String> {
    let text = format!("{HEADER}\n{ROW},{certificates}\n");
    let drafts = csv::read_statements(text.as_bytes(), "a.csv", &"acme".parse().unwrap());
    let mut drafts = drafts.map_err(|error| error.to_string())?;
    match drafts.pop().map(|draft| draft.statement) {
        Some(Statement::Activity(mut said)) => Ok(said.flows.pop().unwrap().instruments),
        other => panic!("expected an activity, got {other:?}"),
    }
}

#[test]
fn a_row_claims_one_certificate_a_range_or_several() {
    assert!(read(",,,").unwrap().is_empty());
    let one = read("GEC-0001,1000,2025-01-01,2026-01-01").unwrap();
    let [Instrument { id, kwh, period }] = &one[..] else { panic!("{one:?}") };
    assert_eq!((id.as_str(), kwh.to_string()), ("GEC-0001", "1000".to_owned()));
    assert_eq!(*period, "2025".parse().unwrap());
    let range = read("GEC1..GEC3,3000,2025-01-01,2026-01-01").unwrap();
    assert_eq!(range[0].id.certificates().count(), 3);
    let several =
        read("GEC-1 | GEC-2|PPA 7,500|250.5 | 300,2025-01-01|2025-04-01|2025-01-01,2025-04-01 | 2025-07-01|2026-01-01")
            .unwrap();
    let said: Vec<String> =
        several.iter().map(|Instrument { id, kwh, period }| format!("{id} {kwh} {period}")).collect();
    assert_eq!(
        said,
        [
            "GEC-1 500 2025-01-01..2025-04-01",
            "GEC-2 250.5 2025-04-01..2025-07-01",
            "PPA 7 300 2025-01-01..2026-01-01"
        ]
    );
}

#[test]
fn what_does_not_belong_together_is_refused_with_its_column() {
    for (certificates, why) in [
        ("GEC-1,,2025-01-01,2026-01-01", "2:instrument_kwh: a value is missing"),
        (",5,2025-01-01,2026-01-01", "2:instrument: a value is missing"),
        (
            "GEC-1|GEC-2,500,2025-01-01|2025-04-01,2025-04-01|2025-07-01",
            "2:instrument_kwh: expected as many values",
        ),
        ("GEC-1|GEC-2,5|6,2025-01-01,2025-04-01|2025-07-01", "2:instrument_start: expected as many values"),
        ("GEC-1|,5|6,2025-01-01|2025-01-01,2025-04-01|2025-04-01", "2:instrument: text"),
        ("GEC-1|GEC-2,5|x,2025-01-01|2025-01-01,2025-04-01|2025-04-01", "2:instrument_kwh: "),
        ("GEC-1|GEC-2,5|6,2025-01-01|2025-05-01,2025-04-01|2025-04-01", "2:instrument_end: period"),
        ("GEC3..GEC1,5,2025-01-01,2026-01-01", "ends before it begins"),
        ("GEC-1|gec 1,5|6,2025-01-01|2025-01-01,2025-04-01|2025-04-01", "name a certificate twice"),
        ("GEC-1,0,2025-01-01,2026-01-01", "of 0 kWh"),
    ] {
        let said = read(certificates).unwrap_err();
        assert!(said.contains(why), "{why}: {said}");
    }
}
