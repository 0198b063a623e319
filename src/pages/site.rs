//! The page that lists several published footprints. Owns what a line of it says; never compares products and never links outside.

use askama::Template;

use pcf_core::model::{Boundary, Co2e, Interval, Period, ProductId, PublicationStatus, Quantity, Text};

use super::page::Standing;
use super::{PageError, words};

/// One published footprint in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The page's file name, relative to the list.
    pub href: String,
    /// The product's name.
    pub name: Text,
    /// The product.
    pub product: ProductId,
    /// The maker's name.
    pub maker: Text,
    /// How far the figure reaches.
    pub boundary: Boundary,
    /// Between what the headline lies, kg CO2e per declared unit excluding uptake.
    pub kg: Interval,
    /// What the figure is per.
    pub declared_unit: Quantity,
    /// The reference period.
    pub period: Period,
    /// Draft or final.
    pub status: PublicationStatus,
    /// Whether it still holds.
    pub standing: Standing,
    /// The publisher's comment, shown at the top of the list; one that several entries share is shown once.
    pub comment: Option<Text>,
}

#[derive(Template)]
#[template(path = "site.html", config = "askama.toml")]
struct SiteView<'a> {
    lines: Vec<LineView<'a>>,
    comments: Vec<&'a str>,
    any_draft: bool,
}

struct LineView<'a> {
    entry: &'a Entry,
    middle: Co2e,
    boundary: &'static str,
    days: String,
    marks: Vec<&'static str>,
}

/// Writes the list as one HTML document, in the order given.
///
/// # Errors
/// [`PageError::Link`] for an address that is not a plain relative file name.
pub fn index(entries: &[Entry]) -> Result<String, PageError> {
    let mut comments: Vec<&str> = Vec::new();
    for text in entries.iter().filter_map(|e| e.comment.as_ref()) {
        if !comments.contains(&text.as_str()) {
            comments.push(text.as_str());
        }
    }
    let lines = entries.iter().map(line).collect::<Result<_, _>>()?;
    let any_draft = entries.iter().any(|e| e.status == PublicationStatus::Draft);
    Ok(SiteView { lines, comments, any_draft }.render()?)
}

fn line(entry: &Entry) -> Result<LineView<'_>, PageError> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-/".contains(&b);
    let is_inside = entry.href.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
    if !is_inside || !entry.href.bytes().all(plain) {
        return Err(PageError::Link { got: entry.href.clone() });
    }
    let mut marks = Vec::new();
    if entry.status == PublicationStatus::Draft {
        marks.push("DRAFT");
    }
    match entry.standing {
        Standing::Stands => {}
        Standing::Superseded { .. } => marks.push("Superseded"),
        Standing::Withdrawn { .. } => marks.push("Withdrawn"),
    }
    let boundary = words::boundary(entry.boundary);
    let middle = Co2e::from_quanta(entry.kg.middle())?;
    Ok(LineView { entry, middle, boundary, days: words::days(entry.period)?, marks })
}
