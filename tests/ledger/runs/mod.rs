//! The derived runs by their public API: what they answer against a model, crashes at every change
//! of the disk, and damage at every byte.

mod damage;
mod faults;
mod model;
mod together;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use pcf_ledger::codec::digest::sha256;
use pcf_ledger::merkle::{Frontier, Hash, leaf_hash, root};
use pcf_ledger::runs::{Batch, EndedRow, Posting, Runs, RunsError, SealRow, StatementRow, Writer};
use pcf_ledger::store::medium::Disk;
use pcf_ledger::store::{Head, Position};

use crate::store::losing_disk::Random;

const ID: [u8; 32] = [7; 32];
/// Keys that statements have at random; each statement has key 0 too.
const KEYS: usize = 40;

fn tag(key: usize) -> u64 {
    u64::from_be_bytes(*sha256(&[&key.to_be_bytes()]).first_chunk().unwrap())
}

fn writer(dir: &Path) -> Writer {
    Writer::open(dir, &ID, Arc::new(Disk)).unwrap().0
}

/// All that the runs should know.
#[derive(Clone)]
struct Model {
    salt: u8,
    statements: Vec<StatementRow>,
    seals: Vec<SealRow>,
    tagged: BTreeMap<u64, Vec<u32>>,
    ended: Vec<EndedRow>,
    names: Vec<String>,
}

impl Model {
    /// Before the genesis; models with another salt are of other histories.
    fn new(salt: u8) -> Self {
        let (statements, seals, tagged) = (Vec::new(), Vec::new(), BTreeMap::new());
        Self { salt, statements, seals, tagged, ended: Vec::new(), names: Vec::new() }
    }

    fn leaves(&self) -> Vec<Hash> {
        self.seals.iter().map(|seal| seal.leaf).collect()
    }

    fn head(&self) -> Head {
        let position = self.seals.last().map_or(Position::from_bytes([0; 16]), |seal| seal.end);
        Head { size: self.seals.len() as u64, root: root(&self.leaves()), position }
    }

    /// As many further seals, with one to four statements each.
    fn grow(&mut self, seals: usize, random: &mut Random) -> Batch {
        let (old_statements, old_seals) = (self.statements.len(), self.seals.len());
        let (mut postings, mut ended, mut new_names) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..seals {
            let (first, index) = (self.statements.len() as u32, self.seals.len() as u64);
            for ordinal in 0..1 + random.below(4) as u32 {
                let number = self.statements.len() as u32;
                if self.names.is_empty() || random.below(20) == 0 {
                    self.names.push(format!("actor-{}", self.names.len()));
                    new_names.extend(self.names.last().cloned());
                }
                for key in [0, 1 + random.below(KEYS), 1 + random.below(KEYS)] {
                    postings.push(Posting { tag: tag(key), number });
                    let tagged = self.tagged.entry(tag(key)).or_default();
                    if tagged.last() != Some(&number) {
                        tagged.push(number);
                    }
                }
                if random.below(3) == 0 {
                    let other = random.below(number as usize + 1) as u32;
                    let (way, since) = (random.below(256) as u8, index + random.below(9) as u64);
                    ended.push(EndedRow { number: other, cause: number, way, since });
                }
                self.statements.push(StatementRow {
                    id: sha256(&[b"id", &[self.salt], &number.to_be_bytes()]),
                    subject: sha256(&[b"subject", &number.to_be_bytes()]),
                    position: Position::from_bytes([(number % 251) as u8; 16]),
                    index,
                    ordinal,
                    kind: random.below(13) as u8,
                    by: random.below(self.names.len()) as u32,
                    replaces: (random.below(3) == 0).then(|| random.below(number as usize + 1) as u32),
                });
            }
            let leaf = leaf_hash(&[&[self.salt], &index.to_be_bytes()[..]].concat());
            self.seals.push(SealRow {
                leaf,
                end: Position::from_bytes([(index % 250) as u8 + 1; 16]),
                first,
            });
        }
        self.ended.extend(&ended);
        let leaves = self.leaves();
        let tiles = (old_seals / 256..self.seals.len() / 256).map(|n| root(&leaves[n * 256..(n + 1) * 256]));
        postings.reverse();
        ended.reverse();
        Batch {
            statements: self.statements[old_statements..].to_vec(),
            seals: self.seals[old_seals..].to_vec(),
            tiles: tiles.collect(),
            postings,
            ended,
            new_names,
            head: self.head(),
            frontier: Frontier::from_leaves(&leaves),
        }
    }

    /// The row that counts: that of the first cause.
    fn ended(&self, number: u32) -> Option<EndedRow> {
        self.ended.iter().filter(|row| row.number == number).min_by_key(|row| row.cause).copied()
    }

    /// Asks everything. An answer that is not this model's fails; errors are given back.
    fn ask(&self, runs: &Runs) -> Vec<RunsError> {
        assert_eq!(
            (runs.statements() as usize, runs.seals() as usize),
            (self.statements.len(), self.seals.len())
        );
        assert_eq!((runs.head(), runs.names()), (self.head(), self.names.as_slice()));
        assert_eq!(*runs.frontier(), Frontier::from_leaves(&self.leaves()));
        let mut errors = Vec::new();
        self.ask_rows(runs, &mut errors);
        self.ask_tags(runs, &mut errors);
        let mut asked = Asked(&mut errors);
        for number in 0..runs.statements() + 2 {
            asked.same(runs.ended(number), &self.ended(number));
        }
        if let Some(all) = asked.all(runs.ended_all()) {
            let mut firsts = BTreeMap::new();
            for row in &all {
                firsts.entry(row.number).or_insert(*row);
            }
            assert!(firsts.values().all(|row| self.ended(row.number) == Some(*row)));
            assert_eq!(all.len(), self.ended.len());
        }
        errors
    }

    fn ask_rows(&self, runs: &Runs, errors: &mut Vec<RunsError>) {
        let mut asked = Asked(errors);
        for (number, row) in self.statements.iter().enumerate() {
            asked.same(runs.statement(number as u32), row);
        }
        for (index, row) in self.seals.iter().enumerate() {
            asked.same(runs.seal(index as u64), row);
            asked.same(runs.first_statement(index as u64), &row.first);
        }
        asked.same(runs.first_statement(runs.seals()), &runs.statements());
        for (number, tile) in self.leaves().as_chunks::<256>().0.iter().enumerate() {
            asked.same(runs.tile(number as u64), &root(tile));
        }
        let (statements, seals) = (self.statements.len(), self.seals.len());
        for from in [0, 1, statements / 2, statements.saturating_sub(1), statements, statements + 5] {
            if let Some(rows) = asked.all(runs.statements_from(from as u32)) {
                assert_eq!(rows, self.statements.get(from..).unwrap_or_default());
            }
        }
        for from in [0, seals / 3, seals] {
            if let Some(rows) = asked.all(runs.seals_from(from as u64)) {
                assert_eq!(rows, self.seals[from..]);
            }
            asked.same(runs.leaves(from as u64..seals as u64), &self.leaves()[from..].to_vec());
        }
    }

    fn ask_tags(&self, runs: &Runs, errors: &mut Vec<RunsError>) {
        let mut asked = Asked(errors);
        let mut tags: Vec<u64> = (0..KEYS + 10).map(tag).chain([0, u64::MAX]).collect();
        for tag in &tags {
            let expected = self.tagged.get(tag).cloned().unwrap_or_default();
            asked.same(runs.find(*tag), &expected);
            if let Some(mut newest) = asked.all(runs.find_newest(*tag)) {
                newest.reverse();
                assert_eq!(newest, expected);
            }
        }
        tags.sort_unstable();
        for tags in [&tags[..], &tags[3..5], &[tags[7], tags[7]], &[]] {
            let mut found: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
            let answer = runs.find_all(tags, |tag, number| found.entry(tag).or_default().push(number));
            let mut expected = self.tagged.clone();
            expected.retain(|tag, _| tags.contains(tag));
            asked.same(answer.map(|()| found), &expected);
        }
    }

    /// Asks everything of runs that are whole.
    fn check(&self, runs: &Runs) {
        let errors = self.ask(runs);
        assert!(errors.is_empty(), "{}", errors[0]);
    }
}

/// Errors of the questions asked so far.
struct Asked<'a>(&'a mut Vec<RunsError>);

impl Asked<'_> {
    fn same<T: PartialEq + std::fmt::Debug>(&mut self, answer: Result<T, RunsError>, expected: &T) {
        match answer {
            Ok(answer) => assert_eq!(answer, *expected),
            Err(error) => self.0.push(error),
        }
    }

    fn all<T>(&mut self, answers: impl Iterator<Item = Result<T, RunsError>>) -> Option<Vec<T>> {
        match answers.collect() {
            Ok(all) => Some(all),
            Err(error) => {
                self.0.push(error);
                None
            }
        }
    }
}
