//! `pcf guide`: the handbook.

use pcf_files::csv::TableKind;
use pcf_files::likeness::edits;
use pcf_files::template::{described, table};
use serde::Serialize;

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::output::{Page, Report};

/// Shows the handbook: its list of topics, or one of them
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf guide\n  pcf guide first-hour\n  pcf guide tables activities\n\n\
    JSON: {topic, title, text}; without a topic {topics: [{topic, title}]}")]
pub struct Args {
    /// The topic
    #[arg(value_name = "TOPIC")]
    topic: Option<String>,
    /// Of the topic tables, the table: actors, factors, products, variants, parts, activities or years
    #[arg(value_name = "TABLE")]
    table: Option<String>,
}

/// The topics in the order in which a newcomer reads them. A topic's first line is its title.
const TOPICS: [(&str, &str); 18] = [
    ("first-hour", include_str!("../guide/first-hour.md")),
    ("project", include_str!("../guide/project.md")),
    ("tables", include_str!("../guide/tables.md")),
    ("correcting", include_str!("../guide/correcting.md")),
    ("recycling", include_str!("../guide/recycling.md")),
    ("multi-site", include_str!("../guide/multi-site.md")),
    ("electricity", include_str!("../guide/electricity.md")),
    ("publishing", include_str!("../guide/publishing.md")),
    ("questions", include_str!("../guide/questions.md")),
    ("auditing", include_str!("../guide/auditing.md")),
    ("site", include_str!("../guide/site.md")),
    ("witnesses", include_str!("../guide/witnesses.md")),
    ("redaction", include_str!("../guide/redaction.md")),
    ("keys", include_str!("../guide/keys.md")),
    ("by-hand", include_str!("../guide/by-hand.md")),
    ("formats", include_str!("../guide/formats.md")),
    ("speed", include_str!("../guide/speed.md")),
    ("limits", include_str!("../guide/limits.md")),
];

/// The list of topics.
#[derive(Debug, Serialize)]
struct Topics {
    topics: Vec<Line>,
}

/// One of them.
#[derive(Debug, Serialize)]
struct Line {
    topic: &'static str,
    title: &'static str,
}

/// One topic.
#[derive(Debug, Serialize)]
struct Topic {
    topic: String,
    title: &'static str,
    text: String,
}

/// Shows it.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let Some(wanted) = args.topic else {
        let topics = TOPICS.iter().map(|(topic, text)| Line { topic, title: title(text) }).collect();
        context.output.report(&Topics { topics })?;
        return Ok(Outcome::Done);
    };
    let found = TOPICS.iter().find(|(topic, _)| *topic == wanted);
    let (topic, text) = found.ok_or_else(|| unknown(&wanted))?;
    let (title, mut text) = (title(text), (*text).to_owned());
    if *topic == "tables" {
        text.push_str(&match args.table {
            Some(table) => columns(kind(&table)?),
            None => TableKind::ALL.iter().map(|kind| columns(*kind)).collect(),
        });
    }
    context.output.report(&Topic { topic: wanted, title, text })?;
    Ok(Outcome::Done)
}

/// The title, without its mark.
fn title(text: &'static str) -> &'static str {
    text.lines().next().unwrap_or_default().trim_start_matches('#').trim()
}

fn unknown(wanted: &str) -> CliError {
    let near = TOPICS.iter().map(|(topic, _)| *topic).min_by_key(|topic| edits(wanted, topic));
    let near = near.unwrap_or("first-hour");
    CliError::usage(format!("the handbook has no topic `{wanted}`; did you mean {near}?"))
        .hint(format!("pcf guide {near}"))
}

fn kind(name: &str) -> Result<TableKind, CliError> {
    let named = |kind: &TableKind| name_of(*kind) == name.to_lowercase();
    TableKind::ALL.into_iter().find(named).ok_or_else(|| {
        let known: Vec<&str> = TableKind::ALL.into_iter().map(name_of).collect();
        CliError::usage(format!("expected one of the tables {}, got `{name}`", known.join(", ")))
            .hint("pcf guide tables activities")
    })
}

const fn name_of(kind: TableKind) -> &'static str {
    match kind {
        TableKind::Actors => "actors",
        TableKind::Factors => "factors",
        TableKind::Products => "products",
        TableKind::Variants => "variants",
        TableKind::Parts => "parts",
        TableKind::Activities => "activities",
        TableKind::Years => "years",
    }
}

/// The columns of a table, from the code that reads them, and a filled example.
fn columns(kind: TableKind) -> String {
    let mut text = format!("\n## {}: the sheet {}\n\n", name_of(kind), kind.sheet());
    for column in described(kind) {
        let needed = if column.required { "needed" } else { "      " };
        text.push_str(&format!("{needed}  {} ({})", column.name, column.chinese));
        if let Some(explained) = column.explained {
            text.push_str(&format!(": {explained}"));
        }
        if let Some(words) = column.words {
            text.push_str(&format!(" [{}]", words.join(", ")));
        }
        text.push('\n');
    }
    text.push_str(&format!("\nAn example, as CSV:\n\n{}", table(kind)));
    text
}

impl Report for Topics {
    fn text(&self, page: &mut Page) {
        page.heading("The handbook: pcf guide TOPIC");
        let rows: Vec<Vec<String>> =
            self.topics.iter().map(|line| vec![line.topic.to_owned(), line.title.to_owned()]).collect();
        page.table(&["topic", "about"], &rows);
    }
}

impl Report for Topic {
    fn text(&self, page: &mut Page) {
        // As it is: commands in it are copied.
        self.text.lines().for_each(|line| page.line(line));
    }
}
