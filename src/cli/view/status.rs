//! Where everything stands, as text.

use pcf_desk::questions::{ProductStatus, PublishedState, Status};
use pcf_desk::words::counted;
use pcf_ledger::plausibility::Known;
use pcf_pages::shorten;

use crate::output::{Page, Report};

impl Report for Status {
    fn text(&self, page: &mut Page) {
        if self.products.is_empty() {
            page.line("No product is recorded yet.");
        } else {
            let rows: Vec<Vec<String>> = self.products.iter().map(row).collect();
            let headers = ["product", "period", "months", ">kg CO2e", "per", "findings", "published"];
            page.table(&headers, &rows);
            page.line("months: # every day  ~ with estimates  + some days  . no day");
        }
        if self.more > 0 {
            page.line(format!("and {}; name one: pcf status PRODUCT", counted(self.more, "further product")));
        }
        for product in &self.products {
            if let Some(problem) = &product.problem {
                page.paragraph(&format!("{}: ", product.name), "  ", problem);
            }
        }
        page.blank();
        page.line(log(self));
        if !self.next.is_empty() {
            page.line("Next:");
            for command in &self.next {
                page.line(format!("  {command}"));
            }
        }
    }
}

fn log(status: &Status) -> String {
    let size = counted(usize::try_from(status.log_size).unwrap_or(usize::MAX), "submission");
    let signed = match status.signed_size {
        None => "no checkpoint is signed yet".to_owned(),
        Some(signed) if signed == status.log_size => "the newest checkpoint covers all".to_owned(),
        Some(signed) => format!("the newest checkpoint covers {signed}"),
    };
    let witnesses = status.witnesses.as_ref().map(|rule| format!("; witnesses: {rule}")).unwrap_or_default();
    format!("Log: {size}, {signed}{witnesses}")
}

fn row(product: &ProductStatus) -> Vec<String> {
    let mark = |known: &Known| match known {
        Known::Measured => '#',
        Known::Estimated => '~',
        Known::Part => '+',
        Known::Nothing => '.',
    };
    let count = |number: usize, what: &str| (number > 0).then(|| format!("{number} {what}"));
    let findings: Vec<String> =
        [count(product.stops, "stop"), count(product.attention, "attention"), count(product.notes, "note")]
            .into_iter()
            .flatten()
            .collect();
    let published = product.published.as_ref().map(|published| {
        let state = match published.state {
            PublishedState::Current => "current",
            PublishedState::Behind => "behind the data",
            PublishedState::Expired => "expired",
            PublishedState::Draft => "draft",
            _ => "",
        };
        format!("{} {state}", published.short)
    });
    vec![
        product.name.clone(),
        product.period.map(|period| period.to_string()).unwrap_or_default(),
        product.months.iter().map(mark).collect(),
        product.kg_co2e.map_or_else(|| "none".to_owned(), |kg| shorten(kg).text),
        product.declared_unit.clone(),
        if findings.is_empty() { "none".to_owned() } else { findings.join(", ") },
        published.unwrap_or_else(|| "no".to_owned()),
    ]
}
