//! What the runs answer is what a model in memory answers, whatever was flushed and merged.

use pcf_ledger::merkle::{LeafHashes as _, consistency_proof, inclusion_proof};
use pcf_ledger::runs::{Batch, EndedRow, Posting, Runs, RunsError, Writer};

use super::{ID, Model, tag, writer};
use crate::store::losing_disk::Random;

#[test]
fn the_runs_answer_like_a_model_after_every_flush_and_merge_also_reopened() {
    for seed in [1, 2, 3] {
        let (dir, mut random) = (tempfile::tempdir().unwrap(), Random(seed));
        let (mut writer, mut model) = (writer(dir.path()), Model::new(1));
        assert!(Runs::open_reader(dir.path(), &ID).unwrap().is_none());
        for step in 0..40 {
            let seals = [0, 1, 2, 1 + random.below(30), 300][random.below(5)];
            let before = writer.runs().cloned();
            let runs = writer.flush(model.grow(seals, &mut random)).unwrap();
            if seals == 0 {
                assert_eq!(runs.run_count(), before.map_or(0, |runs| runs.run_count()));
            }
            if step % 5 == 0 {
                model.check(&runs);
            }
            while random.below(3) > 0 && writer.merge_step().unwrap() {}
            let reader = Runs::open_reader(dir.path(), &ID).unwrap().unwrap();
            assert_eq!(reader.run_count(), writer.runs().unwrap().run_count());
            if step % 7 == 0 {
                model.check(&reader);
                writer = super::writer(dir.path());
            }
        }
        while writer.merge_step().unwrap() {}
        model.check(writer.runs().unwrap());
        model.check(&Runs::open_reader(dir.path(), &ID).unwrap().unwrap());
        let files = std::fs::read_dir(dir.path()).unwrap().count();
        assert_eq!(files, 1 + writer.runs().unwrap().run_count());
    }
}

/// Eight runs that fill many blocks, with a tag that fills several of them.
#[test]
fn tables_of_many_blocks_answer_like_small_ones_and_merging_keeps_them() {
    let (dir, mut random) = (tempfile::tempdir().unwrap(), Random(9));
    let (mut writer, mut model) = (writer(dir.path()), Model::new(1));
    for _ in 0..8 {
        writer.flush(model.grow(257, &mut random)).unwrap();
    }
    model.check(writer.runs().unwrap());
    let before = writer.runs().unwrap().clone();
    assert!(writer.merge_step().unwrap() && !writer.merge_step().unwrap());
    assert_eq!((before.run_count(), writer.runs().unwrap().run_count()), (8, 1));
    model.check(writer.runs().unwrap());
    model.check(&before);
}

#[test]
fn many_small_flushes_leave_few_files() {
    let (dir, mut random) = (tempfile::tempdir().unwrap(), Random(5));
    let (mut writer, mut model) = (writer(dir.path()), Model::new(1));
    for _ in 0..300 {
        writer.flush(model.grow(1, &mut random)).unwrap();
        while writer.merge_step().unwrap() {}
        assert!(writer.runs().unwrap().run_count() <= 8);
    }
    model.check(writer.runs().unwrap());
}

#[test]
fn scratch_runs_answer_the_same_and_leave_no_name() {
    let (dir, mut random) = (tempfile::tempdir().unwrap(), Random(6));
    let (mut writer, mut model) = (Writer::scratch(dir.path(), &ID), Model::new(1));
    for _ in 0..9 {
        writer.flush(model.grow(20, &mut random)).unwrap();
    }
    while writer.merge_step().unwrap() {}
    model.check(writer.runs().unwrap());
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    let gone = dir.path().join("gone");
    let refused = Writer::scratch(&gone, &ID).flush(model.clone().grow(1, &mut random));
    assert!(matches!(refused, Err(RunsError::Batch { .. })));
    let failed = Writer::scratch(&gone, &ID).flush(Model::new(2).grow(1, &mut random));
    assert!(matches!(failed, Err(RunsError::Io { .. })));
}

#[test]
fn a_reset_forgets_everything_and_another_history_begins() {
    let (dir, mut random) = (tempfile::tempdir().unwrap(), Random(7));
    let (mut writer, mut model, mut other) = (writer(dir.path()), Model::new(1), Model::new(2));
    let old = writer.flush(model.grow(9, &mut random)).unwrap();
    writer.reset().unwrap();
    assert!(writer.runs().is_none() && Runs::open_reader(dir.path(), &ID).unwrap().is_none());
    let new = writer.flush(other.grow(9, &mut random)).unwrap();
    model.check(&old);
    other.check(&new);
}

#[test]
fn what_is_not_there_is_an_error_and_unsorted_tags_are_refused() {
    let (dir, mut random) = (tempfile::tempdir().unwrap(), Random(8));
    let mut model = Model::new(1);
    let runs = writer(dir.path()).flush(model.grow(256, &mut random)).unwrap();
    let (statements, seals) = (runs.statements(), runs.seals());
    let errors = [
        runs.statement(statements).unwrap_err(),
        runs.seal(seals).unwrap_err(),
        runs.first_statement(seals + 1).unwrap_err(),
        runs.tile(1).unwrap_err(),
        runs.leaves(0..seals + 1).unwrap_err(),
    ];
    assert!(errors.iter().all(|error| matches!(error, RunsError::OutOfRange { .. })), "{errors:?}");
    let mut calls = 0;
    let tags = [tag(0).max(tag(1)), tag(0).min(tag(1))];
    assert!(matches!(runs.find_all(&tags, |_, _| calls += 1), Err(RunsError::UnsortedTags)));
    assert_eq!(calls, 0);
}

#[test]
fn a_batch_that_does_not_continue_the_runs_changes_nothing() {
    let (dir, mut random) = (tempfile::tempdir().unwrap(), Random(4));
    let (mut writer, mut model) = (writer(dir.path()), Model::new(1));
    writer.flush(model.grow(250, &mut random)).unwrap();
    let before = model.clone();
    let good = model.grow(20, &mut random);
    let (first, end) = (before.statements.len() as u32, model.statements.len() as u32);
    let posting = |number| Posting { tag: 1, number };
    let ended = |number, cause| EndedRow { number, cause, way: 0, since: 0 };
    type Fault<'a> = (&'a str, &'a dyn Fn(&mut Batch));
    let faults: [Fault<'_>; 15] = [
        ("a size that the seals do not give", &|b| b.head.size += 1),
        ("another root", &|b| b.head.root = [0; 32]),
        ("another tree", &|b| b.frontier.push([0; 32])),
        ("a missing tile", &|b| b.tiles.clear()),
        ("a tile too many", &|b| b.tiles.push([0; 32])),
        ("a missing statement", &|b| b.statements.truncate(1)),
        ("a first seal elsewhere", &|b| b.seals[0].first += 1),
        ("seals out of order", &|b| b.seals[2].first = b.seals[0].first),
        ("an index of another seal", &|b| b.statements[0].index += 1),
        ("a place of another statement", &|b| b.statements[0].ordinal += 1),
        ("an actor without a name", &|b| b.statements[0].by = 10_000),
        ("a tag of an earlier statement", &|b| b.postings.push(posting(first - 1))),
        ("a tag of a later statement", &|b| b.postings.push(posting(end))),
        ("an earlier cause", &|b| b.ended.push(ended(0, first - 1))),
        ("the end of a later statement", &|b| b.ended.push(ended(end, first))),
    ];
    for (name, fault) in faults {
        let mut batch = good.clone();
        fault(&mut batch);
        assert!(matches!(writer.flush(batch), Err(RunsError::Batch { .. })), "{name}");
        assert_eq!(writer.runs().unwrap().head(), before.head());
    }
    model.check(&writer.flush(good).unwrap());
}

#[test]
fn paths_in_the_log_are_made_from_leaves_and_tiles() {
    let (dir, mut random) = (tempfile::tempdir().unwrap(), Random(10));
    let (mut writer, mut model) = (writer(dir.path()), Model::new(1));
    for seals in [200, 400, 700, 3] {
        writer.flush(model.grow(seals, &mut random)).unwrap();
    }
    let (runs, leaves) = (writer.runs().unwrap(), model.leaves());
    let size = runs.seals();
    for index in (0..size).step_by(97).chain([255, 256, size - 1]) {
        let path = inclusion_proof(runs, index, size).unwrap();
        assert_eq!(path, inclusion_proof(&leaves, index, size).unwrap(), "leaf {index}");
        let older = consistency_proof(runs, index + 1, size).unwrap();
        assert_eq!(older, consistency_proof(&leaves, index + 1, size).unwrap(), "size {index}");
    }
    for (level, index) in
        [(0, size), (3, size / 8), (8, size / 256), (9, size / 512), (10, 1), (63, 2), (72, 0), (80, 1)]
    {
        assert!(runs.node(level, index).is_err(), "node {index} of level {level}");
    }
}
