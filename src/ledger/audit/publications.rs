//! After the pass, where there are publications: what held at the log size that one rests on is put together again from the statements
//! that it can depend on, and the figures are calculated from it. Several threads do this at the same time.

use std::num::NonZero;

use super::difference::difference;
use super::log::Log;
use super::reach;
use super::report::found;
use super::source::Source;
use super::{Finding, Place, Progress, Report, Severity};
use crate::admission::UsedIds;
use crate::batches::in_turns;
use crate::calc::{self, Request};
use crate::codec::decode_statement;
use crate::limits::METHOD_VERSION;
use crate::model::{Publication, Statement, StatementId};
use crate::plausibility;
use crate::store::Body;

/// What became of one publication.
struct Outcome {
    place: Place,
    calculated: bool,
    followed: bool,
    findings: Vec<Finding>,
}

impl Outcome {
    fn find(&mut self, check: &'static str, severity: Severity, message: impl Into<String>) {
        self.findings.push(found(check, severity, self.place.clone(), message));
    }
}

pub(super) fn check(
    source: &dyn Source,
    threads: NonZero<usize>,
    log: &Log,
    report: &mut Report,
    progress: &mut Progress<'_>,
) {
    if log.publications.is_empty() {
        return;
    }
    let total = log.publications.len() as u64; // OK because a usize has at most 64 bits.
    let mut left = log.publications.iter();
    let take = move || left.next().copied();
    let work = |(number, size)| again(source, log, number, size);
    in_turns(threads, (report, progress, 0), take, work, |(report, progress, done), outcome: Outcome| {
        report.looked_at("publication-figures", u64::from(outcome.calculated));
        report.looked_at("publication-used", u64::from(outcome.followed));
        for finding in outcome.findings {
            report.add(finding);
        }
        report.publications += u64::from(outcome.calculated);
        *done += 1;
        progress(*done, total);
    });
}

/// Calculates one publication again.
fn again(source: &dyn Source, log: &Log, number: usize, size: u64) -> Outcome {
    let mut outcome =
        Outcome { place: Place::default(), calculated: false, followed: false, findings: Vec::new() };
    let check = "publication-figures";
    let entry = log.scratch.answer(log.book.entry_at(number)).flatten();
    if let (Some(entry), Some(at)) = (entry, log.position(number)) {
        let (file, offset) = source.place(at);
        outcome.place = Place {
            file,
            offset,
            index: Some(entry.index),
            ordinal: Some(u64::from(entry.ordinal) + 1),
            statement: Some(entry.id),
        };
    }
    if let Some(unread) = log.unread.filter(|unread| *unread < size) {
        let message = format!("not checked: it rests on size {size}, and index {unread} could not be read");
        outcome.find(check, Severity::Note, message);
        return outcome;
    }
    let publication = match publication(source, log, number) {
        Ok((_, publication)) => publication,
        Err(problem) => {
            outcome.find(check, Severity::Stops, problem);
            return outcome;
        }
    };
    if let Err(problem) = compare(source, log, size, &publication, &mut outcome) {
        outcome.find(check, Severity::Stops, problem);
    }
    outcome
}

fn publication(source: &dyn Source, log: &Log, number: usize) -> Result<(StatementId, Publication), String> {
    let entry = log.scratch.answer(log.book.entry_at(number)).flatten();
    let (Some(entry), Some(at)) = (entry, log.position(number)) else {
        return Err("its place in the store is not known".into());
    };
    let Body::Statement(bytes) = source.body(at).map_err(|error| error.to_string())? else {
        return Err("expected a publication, got a redacted statement".into());
    };
    match decode_statement(&bytes).map_err(|error| error.to_string())? {
        Statement::Publication(publication) => Ok((entry.id, publication)),
        other => Err(format!("expected a publication, got a statement of type `{}`", other.kind())),
    }
}

/// An error says what could not be read.
fn compare(
    source: &dyn Source,
    log: &Log,
    size: u64,
    publication: &Publication,
    outcome: &mut Outcome,
) -> Result<(), String> {
    let version = publication.method.version.as_u64();
    if version != METHOD_VERSION {
        let message =
            format!("not checked: this program calculates by version {METHOD_VERSION}, got {version}");
        outcome.find("publication-figures", Severity::Note, message);
        return Ok(());
    }
    let request = Request::of(publication);
    let product = &publication.product;
    let figures = |request_only| {
        let inventory = reach::inventory(log, source, size, product, request_only)?;
        let calculated = calc::footprint(&inventory, product, &request).map(|footprint| {
            let used = UsedIds::of(&inventory, &footprint.used);
            (footprint, used)
        });
        Ok::<_, String>((calculated, plausibility::coverage(&inventory, product, &request)))
    };
    let (mut calculated, mut coverage) = figures(Some(&request))?;
    if calculated.is_err() {
        // What there is beside the request, such as data of another year, tells what is wrong.
        (calculated, coverage) = figures(None)?;
    }
    outcome.calculated = true;
    let (mut footprint, used) = match calculated {
        Ok((footprint, used)) => (footprint, used.stated().map_err(|error| error.to_string())?),
        Err(errors) if errors.are_redactions() => {
            outcome.calculated = false;
            let message = format!("not checked: what it rests on was redacted: {errors}");
            outcome.find("publication-figures", Severity::Note, message);
            return Ok(());
        }
        Err(errors) => {
            let message = format!("the figures cannot be calculated again: {errors}");
            outcome.find("publication-figures", Severity::Stops, message);
            return Ok(());
        }
    };
    footprint.exempt(&publication.accepted).map_err(|error| error.to_string())?;
    // Absent where the publication says nothing of it.
    if publication.coverage.is_some() && coverage != publication.coverage {
        let message = "coverage: expected the days that the statements cover, got something else";
        outcome.find("publication-figures", Severity::Stops, message.to_owned());
    }
    if footprint.figures != *publication.figures {
        let message = difference(&footprint, publication);
        outcome.find("publication-figures", Severity::Stops, message);
    }
    outcome.followed = true;
    if used != publication.used {
        let message = format!("expected {used}, got {}", publication.used);
        outcome.find("publication-used", Severity::Stops, message);
    }
    Ok(())
}
