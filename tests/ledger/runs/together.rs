//! Readers beside the writer.

use std::sync::atomic::{AtomicBool, Ordering};

use pcf_ledger::runs::Runs;

use super::{ID, Model, writer};
use crate::store::losing_disk::Random;

#[test]
fn readers_that_open_and_ask_while_the_writer_flushes_and_merges_are_never_wrong() {
    let (dir, mut random, mut model) = (tempfile::tempdir().unwrap(), Random(11), Model::new(1));
    let mut models = Vec::new();
    let batches: Vec<_> = (0..60)
        .map(|_| {
            let batch = model.grow(2, &mut random);
            models.push(model.clone());
            batch
        })
        .collect();
    let mut writer = writer(dir.path());
    let mut batches = batches.into_iter();
    let kept = writer.flush(batches.next().unwrap()).unwrap();
    let (done, models, dir) = (AtomicBool::new(false), &models, dir.path());
    let check = |runs: &Runs| {
        let model = models.iter().find(|model| model.seals.len() as u64 == runs.seals()).unwrap();
        model.check(runs);
    };
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..2)
            .map(|_| {
                let (done, check) = (&done, &check);
                scope.spawn(move || {
                    let mut opened = 0;
                    while !done.load(Ordering::SeqCst) || opened == 0 {
                        if let Some(runs) = Runs::open_reader(dir, &ID).unwrap() {
                            check(&runs);
                            opened += 1;
                        }
                    }
                    opened
                })
            })
            .collect();
        for batch in batches {
            let view = writer.flush(batch).unwrap();
            while writer.merge_step().unwrap() {}
            check(&view);
        }
        done.store(true, Ordering::SeqCst);
        assert!(readers.into_iter().all(|reader| reader.join().unwrap() > 0));
    });
    check(&kept);
    check(writer.runs().unwrap());
}

#[test]
fn threads_share_one_view() {
    let (dir, mut random, mut model) = (tempfile::tempdir().unwrap(), Random(12), Model::new(1));
    let mut writer = writer(dir.path());
    for _ in 0..3 {
        writer.flush(model.grow(50, &mut random)).unwrap();
    }
    let runs = Runs::open_reader(dir.path(), &ID).unwrap().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let (runs, model) = (runs.clone(), &model);
            scope.spawn(move || model.check(&runs));
        }
    });
}
