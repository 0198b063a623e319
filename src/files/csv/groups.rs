//! Activities as a stream: rows that belong to one statement are held until no more of them can
//! come, statements go out one by one, and memory does not grow with the file. A statement's rows
//! may stand in any order as long as two neighbours among them are less than [`APART_MAX`] rows
//! apart.

use std::collections::{HashMap, HashSet, VecDeque};

use super::activity::{self, COLUMNS, Head, Places, RowKind};
use super::names::Seen;
use super::table::{Header, Row, fetch};
use super::{Problems, Reading};
use crate::source::{Record, Source};
use crate::{Draft, ExchangeError};
use pcf_core::codec::digest::sha256;

/// How far apart two rows of one statement may stand.
pub const APART_MAX: u64 = 32_768;

/// After so many rows it is looked which statements are whole.
const STEP: u64 = 512;

/// The most rows of one statement: with more it could not be written, a statement being at most 1
/// MiB.
const ROWS_MAX: usize = 16_384;

/// The most statements about the same work whose difference is looked up.
const TWINS_MAX: usize = 100;

/// Rows that belong together so far.
struct Group {
    key: u128,
    rows: Vec<Record>,
    /// The row of the table, counted from 0, that came last.
    touched: u64,
}

/// Reads the activities of a table.
pub(super) fn read(
    source: &dyn Source,
    reading: &Reading<'_>,
    problems: &mut Problems,
    sink: &mut dyn FnMut(Draft) -> bool,
) -> Result<(), ExchangeError> {
    let header = Header::new(source, &COLUMNS, problems);
    let header_is_right = COLUMNS.required.iter().all(|column| header.position(column).is_some());
    let places = Places::of(&header);
    let joint = look_through(source, &header, &places, problems)?;
    let Some(joint) = joint.filter(|_| header_is_right) else { return Ok(()) };
    let mut stream = Stream {
        header: &header,
        places,
        joint,
        open: VecDeque::new(),
        first: 0,
        places_of: HashMap::new(),
        spare: Vec::new(),
        head: Head::default(),
        seen: HashMap::new(),
        twins: Vec::new(),
        more: true,
    };
    let mut count = 0;
    source.each(&mut |record| {
        stream.take(record, count, problems);
        count += 1;
        // A few at a time, so that who takes the statements need not wait while rows are gathered.
        let whole = match count.checked_sub(APART_MAX) {
            Some(before) if count % APART_MAX == 0 => stream.close(before),
            Some(before) if count % STEP == 0 => stream.close_first(before),
            _ => Vec::new(),
        };
        whole.into_iter().for_each(|group| stream.say(group, reading, problems, sink));
        stream.more
    })?;
    let rest = stream.close(u64::MAX);
    rest.into_iter().for_each(|group| stream.say(group, reading, problems, sink));
    stream.refuse_twins(source, problems)
}

/// The first pass: rows that do not fit, and the works of which some rows state an output and no
/// flow and others both: these are one statement of several products. `None` where no row can be
/// taken.
fn look_through(
    source: &dyn Source,
    header: &Header,
    places: &Places,
    problems: &mut Problems,
) -> Result<Option<HashSet<u128>>, ExchangeError> {
    let (mut outputs, mut whole, mut rows) = (HashSet::new(), true, 0_u64);
    let mut seen = Seen::default();
    source.each(&mut |record| {
        rows += 1;
        whole &= header.fits(record, problems);
        let row = Row::new(header, record);
        seen.look(row, problems);
        if places.kind(row) == RowKind::Output {
            outputs.insert(digest(&[&places.shared(row)]));
        }
        true
    })?;
    if rows == 0 && problems.is_empty() {
        header.refuse_no_rows(source, problems);
    }
    let mut joint = HashSet::new();
    if !outputs.is_empty() {
        source.each(&mut |record| {
            let row = Row::new(header, record);
            if places.kind(row) == RowKind::Production {
                joint.extend(Some(digest(&[&places.shared(row)])).filter(|key| outputs.contains(key)));
            }
            true
        })?;
    }
    // Rows that belong to a shifted one would lack what it says, and each such sentence would lead
    // astray.
    Ok((whole && rows > 0).then_some(joint))
}

/// The first half of SHA-256 of cells, each with its length before it: two different rows never
/// share one.
fn digest(cells: &[&[&str]]) -> u128 {
    let mut text = Vec::with_capacity(512);
    for cell in cells.iter().copied().flatten() {
        text.extend_from_slice(&cell.len().to_le_bytes());
        text.extend_from_slice(cell.as_bytes());
    }
    sha256(&[&text]).first_chunk().copied().map_or(0, u128::from_le_bytes)
}

struct Stream<'h> {
    header: &'h Header,
    places: Places,
    joint: HashSet<u128>,
    /// Groups that rows may still come to, in the order of their first rows.
    open: VecDeque<Group>,
    /// How many groups stood before these and are closed.
    first: usize,
    /// Which one of all groups has a key, among those that are open.
    places_of: HashMap<u128, usize>,
    /// Records of rows that went out, to be filled again.
    spare: Vec<Record>,
    head: Head,
    /// The first row of the statement about each subject, which stands here as 96 bits of its
    /// SHA-256: two of a million are the same in one of 10^17 files.
    seen: HashMap<[u8; 12], u32>,
    /// The first rows of two statements about the same work.
    twins: Vec<(u64, u64)>,
    more: bool,
}

impl Stream<'_> {
    fn take(&mut self, record: &mut Record, count: u64, problems: &mut Problems) {
        let row = Row::new(self.header, record);
        let shared = self.places.shared(row);
        let key = if self.places.kind(row) == RowKind::Reading {
            let (products, flow) = self.places.reading(row);
            digest(&[&shared, &["reading", products, &flow]])
        } else {
            // Rows that each name their product are statements of their own, unless one without a
            // flow names a further product.
            let joint =
                (!self.joint.is_empty()).then(|| digest(&[&shared])).filter(|key| self.joint.contains(key));
            joint.unwrap_or_else(|| digest(&[&shared, &self.places.output(row)]))
        };
        let next = self.first + self.open.len();
        let place = *self.places_of.entry(key).or_insert(next);
        if place == next {
            self.open.push_back(Group { key, rows: Vec::new(), touched: count });
        }
        let Some(group) = self.open.get_mut(place - self.first) else { return };
        group.touched = count;
        if group.rows.len() == ROWS_MAX {
            let sentence = format!(
                "expected at most {ROWS_MAX} rows of one statement, got more; give its parts a batch or a process of their own"
            );
            problems.push(record.line, "", sentence);
        } else {
            let spare = self.spare.pop().unwrap_or_default();
            group.rows.push(std::mem::replace(record, spare));
        }
    }

    /// The groups that no row has come to since `before`, in the order of their first rows: they
    /// are whole.
    fn close(&mut self, before: u64) -> Vec<Group> {
        let all = std::mem::take(&mut self.open).into_iter();
        let (closed, open): (Vec<_>, Vec<_>) = all.partition(|group| group.touched < before);
        self.first += closed.len();
        self.places_of.clear();
        self.places_of.extend((self.first..).zip(&open).map(|(place, group)| (group.key, place)));
        self.open = open.into();
        closed
    }

    /// The first of them, as far as they follow each other.
    fn close_first(&mut self, before: u64) -> Vec<Group> {
        let count = self.open.iter().take_while(|group| group.touched < before).count();
        let closed: Vec<Group> = self.open.drain(..count).collect();
        self.first += count;
        for group in &closed {
            self.places_of.remove(&group.key);
        }
        closed
    }

    /// Makes a statement of a group.
    fn say(
        &mut self,
        group: Group,
        reading: &Reading<'_>,
        problems: &mut Problems,
        sink: &mut dyn FnMut(Draft) -> bool,
    ) {
        let rows: Vec<Row<'_>> = group.rows.iter().map(|record| Row::new(self.header, record)).collect();
        let draft = activity::read(&rows, &self.places, &mut self.head, reading.by, problems);
        self.spare.extend(group.rows);
        if let Some(draft) = draft
            && self.is_first(&draft)
            && problems.is_empty()
            && self.more
        {
            self.more = sink(draft);
        }
    }

    fn is_first(&mut self, draft: &Draft) -> bool {
        let line = draft.rows.first().copied().unwrap_or(0);
        let row = u32::try_from(line).unwrap_or(u32::MAX); // OK because a table has fewer bytes
        match draft.subject.first_chunk().and_then(|subject| self.seen.insert(*subject, row)) {
            None => true,
            Some(first) => {
                self.twins.push((first.into(), line));
                false
            }
        }
    }

    /// Two statements of one file about the same work would be counted twice or refused later; the
    /// column they differ in is the slip.
    fn refuse_twins(self, source: &dyn Source, problems: &mut Problems) -> Result<(), ExchangeError> {
        let looked_up: Vec<u64> = self.twins.iter().take(TWINS_MAX).flat_map(|(a, b)| [*a, *b]).collect();
        let rows = if looked_up.is_empty() { Default::default() } else { fetch(source, &looked_up)? };
        for (first, line) in &self.twins {
            let pair = rows.get(first).zip(rows.get(line));
            let (column, there, here) = pair.map_or(("", "", ""), |(one, other)| {
                activity::difference(Row::new(self.header, one), Row::new(self.header, other))
            });
            let about = format!(
                "row {first} describes the same work (product, stage, process, site, period, batch, scenario; of a reading its flow and meter)"
            );
            let sentence = if there == here {
                format!(
                    "{about} and stands more than {APART_MAX} rows away: sort the rows so that those of one statement stand together"
                )
            } else {
                format!("{about} and differs in this column: `{there}` there, `{here}` here; make them agree")
            };
            problems.push(*line, column, sentence);
        }
        Ok(())
    }
}
