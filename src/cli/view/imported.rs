//! The text of what came of an import, and of what would come of one.

use pcf_desk::import::{Caused, Change, Foreseen, Imported, SplitRow, Whole};
use pcf_desk::words::counted;
use pcf_ledger::model::{Co2e, Period};

use super::findings;
use crate::output::{Page, Report};

/// How many statements are listed; further ones are counted.
const LISTED_MAX: usize = 30;

impl Report for Whole {
    fn text(&self, page: &mut Page) {
        for file in &self.files {
            page.line(format!("{}: {}", file.file, file.is));
        }
        for part in self.parts() {
            part.text(page);
        }
    }
}

impl Report for Imported {
    fn text(&self, page: &mut Page) {
        if self.recorded == 0 {
            page.line(format!(
                "Nothing is new: the ledger holds {} already",
                counted(self.skipped, "such statement")
            ));
            return;
        }
        let verb = if self.dry_run { "Would record" } else { "Recorded" };
        let mut line = format!("{verb} {}", counted(self.recorded, "statement"));
        if !self.dry_run {
            line.push_str(&format!(" in {}", counted(self.submissions.len(), "submission")));
        }
        if self.corrected > 0 {
            line.push_str(&format!(", {} of them in place of an earlier one", self.corrected));
        }
        if self.withdrawn > 0 {
            line.push_str(&format!(", {} of them withdrawals of what is gone", self.withdrawn));
        }
        if self.skipped > 0 {
            line.push_str(&format!("; skipped {} that the ledger holds already", self.skipped));
        }
        page.line(line);
        replaced_nothing_text(&self.replaced_nothing, page);
        taken_away_text(&self.taken_away, page);
        split_text(&self.split, page);
        if !self.unresolved.is_empty() {
            page.line("Not in the ledger yet; a calculation that needs it stops there:");
            for (name, flows) in &self.unresolved {
                page.line(format!("  {name} ({})", counted(*flows, "flow")));
            }
            if let Some(command) = &self.next {
                page.line(format!("From the library that comes with the program:\n  {command}"));
            }
        }
        if let Some(foreseen) = &self.foreseen {
            foreseen_text(foreseen, page);
        }
        if let Some(caused) = self.caused.as_ref().filter(|caused| !caused.findings.is_empty()) {
            caused_text(caused, page);
        }
    }
}

/// Which rows of a correction found nothing to correct.
fn replaced_nothing_text(rows: &[String], page: &mut Page) {
    if rows.is_empty() {
        return;
    }
    let (row, they) = if rows.len() == 1 { ("row", "it stands") } else { ("rows", "they stand") };
    let list = listed(rows);
    page.sentence(format!("{} {row} replaced nothing: {they} beside what is there: {list}", rows.len()));
    page.line("Where one was meant in place of an earlier one, withdraw that: pcf withdraw ID --reason 'recorded anew' --sign-with KEY");
}

/// Which rows of a correction took flows away.
fn taken_away_text(rows: &[String], page: &mut Page) {
    if rows.is_empty() {
        return;
    }
    let row = if rows.len() == 1 { "row states" } else { "rows state" };
    let list = listed(rows);
    page.sentence(format!(
        "{} {row} less than what was replaced, so that flows are gone: {list}",
        rows.len()
    ));
}

fn listed(rows: &[String]) -> String {
    let shown = rows.iter().take(LISTED_MAX).map(String::as_str).collect::<Vec<_>>().join(", ");
    match rows.len().saturating_sub(LISTED_MAX) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// Which activities were split by days, and how.
fn split_text(rows: &[SplitRow], page: &mut Page) {
    if rows.is_empty() {
        return;
    }
    page.line("Split by days; every part is estimated and names the whole:");
    for row in rows.iter().take(LISTED_MAX) {
        let parts: Vec<String> = row.parts.iter().map(|part| days(*part)).collect();
        page.paragraph(
            "  ",
            "    ",
            &format!("{}  {} into {}", row.place, days(row.period), parts.join(", ")),
        );
        for amount in &row.amounts {
            let unit = if amount.unit.is_empty() { String::new() } else { format!(" {}", amount.unit) };
            let sum = amount.parts.join(" + ");
            page.paragraph("    ", "      ", &format!("{}: {}{unit} = {sum}", amount.name, amount.whole));
        }
    }
    if rows.len() > LISTED_MAX {
        page.line(format!("  and {} more; --format json has all", rows.len() - LISTED_MAX));
    }
}

fn days(period: Period) -> String {
    format!("{period} ({} {})", period.days(), if period.days() == 1 { "day" } else { "days" })
}

fn caused_text(caused: &Caused, page: &mut Page) {
    page.line(format!("They cause {}; pcf check says how to mend each:", caused.counts()));
    for line in caused.lines() {
        page.paragraph("  ", "    ", &line);
    }
}

fn foreseen_text(foreseen: &Foreseen, page: &mut Page) {
    for coming in foreseen.statements.iter().take(LISTED_MAX) {
        let instead = coming.replaces.map(|id| format!("; in place of {id}")).unwrap_or_default();
        page.paragraph("  ", "    ", &format!("{}  {}{instead}", coming.place, coming.says));
    }
    if foreseen.statements.len() > LISTED_MAX {
        page.line(format!("  and {} more", foreseen.statements.len() - LISTED_MAX));
    }
    if !foreseen.footprints.is_empty() {
        page.blank();
        let kg = |kg: Option<Co2e>| kg.map_or_else(|| "none".to_owned(), |kg| kg.to_string());
        let row = |change: &Change| {
            let scenario = change.scenario.as_ref().map(|s| format!(", {s}")).unwrap_or_default();
            let name = format!("{}{scenario}", change.name);
            let (before, after) = (kg(change.before_kg_co2e), kg(change.after_kg_co2e));
            vec![name, change.period.to_string(), change.per.clone(), before, after]
        };
        let rows: Vec<Vec<String>> = foreseen.footprints.iter().map(row).collect();
        page.table(&["product", "period", "per", ">kg CO2e before", ">kg CO2e after"], &rows);
    }
    findings::list(&foreseen.findings, page);
    if foreseen.stood_before > 0 {
        page.blank();
        page.line(format!(
            "{} about these products stood before; pcf check shows them.",
            counted(foreseen.stood_before, "finding")
        ));
    }
}
