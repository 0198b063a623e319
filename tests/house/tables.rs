//! The tables in `schemas/data`, which a second implementation takes, hold the numbers that this
//! program calculates with.

use std::collections::BTreeSet;
use std::fs;

use pcf_ledger::model::{Gas, GwpSet};

use super::tidy::root;

/// The rows of a table below its header, each as its cells.
fn rows(name: &str, header: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(root().join("schemas/data").join(name)).unwrap();
    let (first, rest) = text.split_once('\n').unwrap();
    assert_eq!(first, header, "{name}");
    let mut rows: Vec<Vec<String>> =
        rest.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
    rows.sort();
    rows
}

/// Every quoted text and every whole number of a table in the source code, row by row. A row is what
/// stands between the outermost brackets.
fn table(path: &str, name: &str) -> Vec<Vec<String>> {
    let code = fs::read_to_string(root().join(path)).unwrap();
    let after = code.split_once(&format!(" {name}: ")).unwrap().1.split_once("= ").unwrap().1;
    let body = after.split_once("\n];").unwrap().0;
    let (mut rows, mut depth, mut at) = (Vec::new(), 0, body.chars().peekable());
    while let Some(c) = at.next() {
        match c {
            '(' => {
                depth += 1;
                if depth == 1 {
                    rows.push(Vec::new());
                }
            }
            ')' => depth -= 1,
            '"' => {
                let mut text = String::new();
                while let Some(c) = at.next().filter(|c| *c != '"') {
                    match c {
                        // A line that goes on below begins again at its first letter.
                        '\\' => while at.next_if(|c| c.is_whitespace()).is_some() {},
                        c => text.push(c),
                    }
                }
                rows.last_mut().unwrap().push(text);
            }
            c if c.is_ascii_digit() => {
                let mut number = c.to_string();
                while let Some(c) = at.next_if(char::is_ascii_digit) {
                    number.push(c);
                }
                rows.last_mut().unwrap().push(number);
            }
            _ => {}
        }
    }
    rows
}

fn sorted(mut rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
    rows.sort();
    rows
}

#[test]
fn the_warming_potentials_are_those_of_the_code() {
    let sets = ["SAR", "TAR", "AR4", "AR5", "AR6", "AR6-SF6-24300"];
    let expected = Gas::all().map(|gas| {
        let of = |set: &str| {
            let set: GwpSet = set.parse().unwrap();
            let own = gas.gwp100(set).filter(|_| gas.components(set).next().is_none());
            own.map(|value| value.to_string()).unwrap_or_default()
        };
        std::iter::once(gas.as_str().to_owned()).chain(sets.map(of)).collect()
    });
    assert_eq!(rows("gwp.csv", &format!("gas,{}", sets.join(","))), sorted(expected.collect()));
}

#[test]
fn the_blends_are_those_of_the_code() {
    let of = |row: Vec<String>| {
        let (blend, parts) = row.split_first().unwrap();
        let line = |part: &[String]| vec![blend.clone(), part[0].clone(), part[1].clone()];
        parts.chunks(2).map(line).collect::<Vec<_>>()
    };
    let expected: Vec<_> = table("src/core/model/gas_table.rs", "BLENDS").into_iter().flat_map(of).collect();
    let kept = rows("blends.csv", "blend,component,per_mille");
    assert_eq!(kept, sorted(expected));
    let blends: BTreeSet<&String> = kept.iter().map(|row| &row[0]).collect();
    for blend in blends {
        let parts = kept.iter().filter(|row| row[0] == *blend);
        assert_eq!(parts.map(|row| row[2].parse::<u32>().unwrap()).sum::<u32>(), 1000, "{blend}");
    }
}

#[test]
fn the_defaults_of_recycling_are_those_of_the_code() {
    let of = |mut row: Vec<String>| {
        row.resize(4, String::new());
        row
    };
    let expected = table("src/core/calc/recycling/defaults.rs", "TABLE").into_iter().map(of).collect();
    assert_eq!(rows("cff_defaults.csv", "material,A,QsinQp,QsoutQp"), sorted(expected));
}

#[test]
fn the_regions_are_those_of_the_code() {
    let of = |row: Vec<String>| {
        let line = |country: &str| vec![country.to_owned(), row[0].clone(), row[1].clone()];
        row[2].split_whitespace().map(line).collect::<Vec<_>>()
    };
    let expected = table("src/core/pact/export/region.rs", "SUB_REGIONS").into_iter().flat_map(of).collect();
    assert_eq!(rows("regions.csv", "country,sub_region,region"), sorted(expected));
}
