//! Lists of statements, submissions and publications, as text.

use pcf_desk::questions::{PublicationList, StatementList, SubmissionList};

use crate::output::{Page, Report};

fn more(count: usize, page: &mut Page) {
    if count > 0 {
        page.line(format!("and {count} more; --limit shows them"));
    }
}

impl Report for StatementList {
    fn text(&self, page: &mut Page) {
        let row = |line: &pcf_desk::questions::StatementLine| {
            let ended = line.ended.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
            vec![line.short.clone(), line.r#type.to_owned(), line.by.clone(), format!("{}{ended}", line.says)]
        };
        let rows: Vec<Vec<String>> = self.statements.iter().map(row).collect();
        page.table(&["id", "type", "by", "says"], &rows);
        more(self.more, page);
    }
}

impl Report for SubmissionList {
    fn text(&self, page: &mut Page) {
        let row = |line: &pcf_desk::questions::SubmissionLine| {
            let of = &line.submission;
            let types: Vec<String> = of.types.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
            let hold = format!("{} of {}", line.holding, of.statements);
            vec![of.index.to_string(), of.signed_at.clone(), of.signer.clone(), types.join(", "), hold]
        };
        let rows: Vec<Vec<String>> = self.submissions.iter().map(row).collect();
        page.table(&[">index", "signed", "by", "statements", "hold"], &rows);
        more(self.more, page);
    }
}

impl Report for PublicationList {
    fn text(&self, page: &mut Page) {
        let row = |line: &pcf_desk::questions::PublicationLine| {
            let state = match (line.holds, &line.followed_by) {
                (false, _) => "withdrawn".to_owned(),
                (true, Some(_)) => "superseded".to_owned(),
                (true, None) => line.status.to_string(),
            };
            let kg = line.gate_kg_co2e.to_string();
            vec![
                line.short.clone(),
                line.name.clone(),
                line.period.to_string(),
                kg,
                state,
                line.ends.to_string(),
            ]
        };
        let rows: Vec<Vec<String>> = self.publications.iter().map(row).collect();
        page.table(&["uuid", "product", "period", ">kg CO2e to the gate", "state", "valid before"], &rows);
        more(self.more, page);
    }
}
