//! Many writers and readers share one ledger: groups share their syncs, readers see whole prefixes,
//! and broken postings change no answer.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::ThreadId;

use pcf_ledger::admission::Said;
use pcf_ledger::calc::{Held, Request, footprint};
use pcf_ledger::ledger::{Ledger, LedgerError, Options, Shared, Submission};
use pcf_ledger::model::{Activity, GwpSet, ProductId, Statement, StatementId};
use pcf_ledger::store::fault::{Fault, FaultStore};
use pcf_ledger::store::file::{self, FileStore};
use pcf_ledger::store::index::{Index, panic_is_contained};
use pcf_ledger::store::memory::MemoryStore;
use pcf_ledger::store::{
    AppendError, Body, Head, LogState, Position, Reader, Store, StoreError, Submission as Frames, Submissions,
};
use pcf_testing::{
    ACME, OPERATOR, PUMP, SCREW, activity, copy, factor, files, fill, genesis, holder, id, key, product,
    reading, statement, submission, submit, with, withdrawal,
};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Segments and runs so short that a few statements fill several.
fn short() -> Options {
    let store = file::Options { segment_bytes_max: 6_000, ..file::Options::default() };
    Options { store, run_statements: 8, ..Options::default() }
}

fn filled(dir: &Path) -> Ledger<FileStore> {
    let mut ledger = Ledger::create_with(dir, genesis(), &key(OPERATOR), 0, &holder(), short()).unwrap();
    fill(&mut ledger);
    ledger
}

fn factors(names: &[String]) -> Vec<Value> {
    names.iter().map(|name| factor("acme", name)).collect()
}

/// Index and ids of every submission, as the store itself has them.
fn log(dir: &Path) -> Vec<Vec<StatementId>> {
    let ledger = Ledger::read(dir).unwrap();
    let mut log = vec![Vec::new(); usize::try_from(ledger.size()).unwrap()];
    for entry in ledger.book().all_entries().map(Result::unwrap) {
        log[usize::try_from(entry.index).unwrap()].push(entry.id);
    }
    log
}

/// What a reader in a process of its own does; without the variable it is no test.
#[test]
fn a_reader_or_writer_of_its_own_process() {
    let Ok(task) = std::env::var("PCF_TEST_TASK") else { return };
    let (what, dir) = task.split_once(' ').unwrap();
    match what {
        "open" => match Ledger::open(Path::new(dir), &holder()) {
            Ok(_) => println!("OPENED"),
            Err(error) => println!("REFUSED {error}"),
        },
        _ => {
            let (size, until) =
                (watch(Path::new(dir), &mut || !Path::new(dir).join("done").exists()), log(Path::new(dir)));
            println!("SAW {} {size}", until.len());
        }
    }
}

fn in_a_process(task: &str, dir: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "writers::a_reader_or_writer_of_its_own_process", "--nocapture"]);
    command.env("PCF_TEST_TASK", format!("{task} {}", dir.display()));
    command
}

/// Reads again and again while `going`: every look shows a whole prefix that holds the one before. How often it grew.
fn watch(dir: &Path, going: &mut dyn FnMut() -> bool) -> usize {
    let (mut seen, mut grew) = (log(dir), 0);
    loop {
        let more = going();
        let now = log(dir);
        assert!(now.starts_with(&seen), "expected {} submissions to stay, got {}", seen.len(), now.len());
        grew += usize::from(now.len() > seen.len());
        seen = now;
        if !more {
            return grew;
        }
    }
}

#[test]
fn ten_writers_lose_nothing_and_readers_beside_them_see_whole_prefixes() {
    let dir = TempDir::new().unwrap();
    let ledger = filled(dir.path());
    let (before, ledger_id) = (ledger.size(), *ledger.id().as_bytes());
    let shared = Shared::new(ledger);
    let other = in_a_process("watch", dir.path()).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let done = AtomicBool::new(false);
    let write = |writer: usize| {
        let shared = shared.clone();
        let mut receipts = Vec::new();
        for n in 0..12 {
            let names: Vec<String> = (0..1 + n % 3).map(|k| format!("w{writer}-{n}-{k}")).collect();
            let said = submission(ledger_id, ACME, &factors(&names));
            let receipt = shared.submit(said.clone()).unwrap();
            assert!(shared.look(|ledger| ledger.size() > receipt.index).unwrap(), "answered, so it is there");
            assert_eq!(shared.submit(said).unwrap().index, receipt.index, "sent twice, appended once");
            // A refusal harms nobody else in the group.
            let refused = shared.submit(submission(ledger_id, ACME, &[factor("bolt", "x")]));
            assert!(matches!(refused, Err(LedgerError::Refused(_))));
            receipts.push(receipt);
        }
        receipts
    };
    let mut receipts = Vec::new();
    std::thread::scope(|scope| {
        let watching = scope.spawn(|| watch(dir.path(), &mut || !done.load(Ordering::SeqCst)));
        let write = &write;
        let writing: Vec<_> = (0..10).map(|writer| scope.spawn(move || write(writer))).collect();
        receipts = writing.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
        done.store(true, Ordering::SeqCst);
        assert!(watching.join().unwrap() > 0);
    });
    fs::write(dir.path().join("done"), "").unwrap();
    let seen = String::from_utf8(other.wait_with_output().unwrap().stdout).unwrap();
    assert!(seen.contains(&format!("SAW {} ", before + 120)), "{seen}");
    let indices: BTreeSet<u64> = receipts.iter().map(|receipt| receipt.index).collect();
    assert_eq!(indices, (before..before + 120).collect());
    let mut ledger = shared.into_ledger().unwrap();
    ledger.flush().unwrap();
    drop(ledger);
    let ledger = Ledger::open_with(dir.path(), &holder(), short()).unwrap();
    for receipt in &receipts {
        let found: Vec<_> = ledger.submission(receipt.index).unwrap().statements;
        let ids: Vec<_> = found.iter().map(|bytes| pcf_ledger::codec::statement_id(bytes)).collect();
        assert_eq!(ids, receipt.ids);
    }
    assert!(fs::read_dir(dir.path().join("segments")).unwrap().count() > 5, "the segments rotated");
}

#[test]
fn a_second_process_is_refused_and_told_who_writes() {
    let dir = TempDir::new().unwrap();
    let ledger = filled(dir.path());
    let said = |dir: &Path| String::from_utf8(in_a_process("open", dir).output().unwrap().stdout).unwrap();
    let refusal = said(dir.path());
    assert!(refusal.contains("held by another writer"), "{refusal}");
    assert!(refusal.contains(&format!("process {}", std::process::id())), "{refusal}");
    drop(ledger);
    assert!(said(dir.path()).contains("OPENED"));
}

/// A store whose appends wait for a sign.
struct Gated<S> {
    inner: S,
    gate: Arc<(Mutex<bool>, Condvar)>,
    /// How many submissions each group had, and who wrote it.
    groups: Groups,
}

type Groups = Arc<Mutex<Vec<(usize, ThreadId)>>>;

impl<S: Reader> Reader for Gated<S> {
    fn ledger_id(&self) -> [u8; 32] {
        self.inner.ledger_id()
    }
    fn head(&self) -> Result<Head, StoreError> {
        self.inner.head()
    }
    fn read(&self, from: Option<Position>) -> Result<Submissions<'_>, StoreError> {
        self.inner.read(from)
    }
    fn statement(&self, at: Position) -> Result<Vec<u8>, StoreError> {
        self.inner.statement(at)
    }
    fn body(&self, at: Position) -> Result<Body, StoreError> {
        self.inner.body(at)
    }
    fn ending(&self, end: Position) -> Result<(LogState, [u8; 184]), StoreError> {
        self.inner.ending(end)
    }
}

impl<S: Store> Store for Gated<S> {
    fn append(&mut self, expected: &Head, group: &[Frames<'_>]) -> Result<Vec<Head>, AppendError> {
        let (open, changed) = &*self.gate;
        drop(changed.wait_while(open.lock().unwrap(), |open| !*open).unwrap());
        self.groups.lock().unwrap().push((group.len(), std::thread::current().id()));
        self.inner.append(expected, group)
    }
    fn remove_body(&mut self, at: Position) -> Result<(), AppendError> {
        self.inner.remove_body(at)
    }
}

fn memory() -> MemoryStore {
    let mut ledger = Ledger::in_memory(genesis(), &key(OPERATOR), 0).unwrap();
    fill(&mut ledger);
    ledger.into_store()
}

type Answers = Vec<Result<pcf_ledger::ledger::Receipt, LedgerError>>;

/// Nine who submit at the same time: one is being written when the other eight come.
fn nine(nth: u64, fault: Fault) -> (Vec<Submission>, Answers, Vec<usize>, Ledger<FaultStore<MemoryStore>>) {
    let (gate, groups) = (Arc::new((Mutex::new(false), Condvar::new())), Arc::new(Mutex::new(Vec::new())));
    let store =
        Gated { inner: FaultStore::new(memory(), nth, fault), gate: gate.clone(), groups: groups.clone() };
    let ledger = Ledger::over_store(store).unwrap();
    let ledger_id = *ledger.id().as_bytes();
    let shared = Shared::new(ledger);
    let said: Vec<_> =
        (0..9).map(|n| submission(ledger_id, ACME, &factors(&[format!("a{n}"), format!("b{n}")]))).collect();
    let answers = std::thread::scope(|scope| {
        let mut threads = Vec::new();
        for (n, said) in said.iter().enumerate() {
            let (handle, said) = (shared.clone(), said.clone());
            threads.push(scope.spawn(move || handle.submit(said)));
            // The first has begun to write, and the others wait, before anything is written.
            while shared_waits(&shared, n) {
                std::thread::yield_now();
            }
        }
        *gate.0.lock().unwrap() = true;
        gate.1.notify_all();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    if nth > 0 {
        let late = shared.submit(submission(ledger_id, ACME, &[factor("acme", "late")]));
        assert!(matches!(late, Err(LedgerError::Append(AppendError::Poisoned))));
        assert!(matches!(shared.look(Ledger::size), Err(LedgerError::Append(AppendError::Poisoned))));
    }
    let store = shared.into_ledger().unwrap().into_store().inner.reopen();
    let groups = groups.lock().unwrap().iter().map(|(len, _)| *len).collect();
    (said, answers, groups, Ledger::over_store(store).unwrap())
}

/// A store that breaks down in the middle of the first write.
struct Breaks(Gated<MemoryStore>);

impl Reader for Breaks {
    fn ledger_id(&self) -> [u8; 32] {
        self.0.ledger_id()
    }
    fn head(&self) -> Result<Head, StoreError> {
        self.0.head()
    }
    fn read(&self, from: Option<Position>) -> Result<Submissions<'_>, StoreError> {
        self.0.read(from)
    }
    fn statement(&self, at: Position) -> Result<Vec<u8>, StoreError> {
        self.0.statement(at)
    }
    fn body(&self, at: Position) -> Result<Body, StoreError> {
        self.0.body(at)
    }
    fn ending(&self, end: Position) -> Result<(LogState, [u8; 184]), StoreError> {
        self.0.ending(end)
    }
}

impl Store for Breaks {
    fn append(&mut self, expected: &Head, group: &[Frames<'_>]) -> Result<Vec<Head>, AppendError> {
        self.0.append(expected, group).map(|_| panic!("on purpose"))
    }
    fn remove_body(&mut self, at: Position) -> Result<(), AppendError> {
        self.0.remove_body(at)
    }
}

#[test]
fn where_the_one_who_writes_for_all_breaks_down_the_others_hear_of_it_and_nobody_waits_for_ever() {
    let gate = Arc::new((Mutex::new(false), Condvar::new()));
    let store = Breaks(Gated { inner: memory(), gate: gate.clone(), groups: Arc::default() });
    let ledger = Ledger::over_store(store).unwrap();
    let ledger_id = *ledger.id().as_bytes();
    let shared = Shared::new(ledger);
    let unknown = |error: LedgerError| {
        matches!(error, LedgerError::Append(AppendError::Unknown(_) | AppendError::Poisoned))
    };
    std::thread::scope(|scope| {
        let mut threads = Vec::new();
        for n in 0..3 {
            let (handle, said) = (shared.clone(), submission(ledger_id, ACME, &factors(&[format!("a{n}")])));
            threads.push(scope.spawn(move || handle.submit(said)));
            while shared_waits(&shared, n) {
                std::thread::yield_now();
            }
        }
        let looks = scope.spawn(|| shared.look(Ledger::size));
        *gate.0.lock().unwrap() = true;
        gate.1.notify_all();
        let mut answers = threads.into_iter().map(std::thread::ScopedJoinHandle::join);
        assert!(answers.next().unwrap().is_err(), "the first breaks down");
        for answer in answers {
            assert!(unknown(answer.unwrap().unwrap_err()));
        }
        assert!(unknown(looks.join().unwrap().unwrap_err()));
    });
    let late = shared.submit(submission(ledger_id, ACME, &[factor("acme", "late")]));
    assert!(unknown(late.unwrap_err()));
}

/// Whether the submission numbered `n` has still to come: the first is taken at once, each other adds one who waits.
fn shared_waits<S: Store>(shared: &Shared<S>, n: usize) -> bool {
    match n {
        0 => !shared.is_writing(),
        n => shared.waiting() < n,
    }
}

#[test]
fn who_waits_at_the_same_time_is_written_together() {
    let (said, answers, groups, ledger) = nine(0, Fault::Lost);
    assert_eq!(groups, [1, 8]);
    assert_eq!((answers.len(), ledger.size()), (9, 5 + 9));
    for (said, answer) in said.iter().zip(answers) {
        assert_eq!(ledger.submission(answer.unwrap().index).unwrap(), *said);
    }
}

#[test]
fn what_is_large_is_written_by_the_one_who_says_it() {
    for (count, large) in [(2, false), (900, true)] {
        let (gate, groups) = (Arc::default(), Groups::default());
        let inner = Gated { inner: memory(), gate: Arc::clone(&gate), groups: groups.clone() };
        let shared = Shared::new(Ledger::over_store(inner).unwrap());
        let id = shared.look(|ledger| *ledger.id().as_bytes()).unwrap();
        let names: Vec<String> = (0..count).map(|n| format!("f{n}")).collect();
        let said = [submission(id, ACME, &[factor("acme", "first")]), submission(id, ACME, &factors(&names))];
        std::thread::scope(|scope| {
            for (n, said) in said.into_iter().enumerate() {
                let handle = shared.clone();
                scope.spawn(move || handle.submit(said).unwrap());
                while shared_waits(&shared, n) {
                    std::thread::yield_now();
                }
            }
            *gate.0.lock().unwrap() = true;
            gate.1.notify_all();
        });
        let groups = groups.lock().unwrap();
        let [(1, first), (1, second)] = groups[..] else { panic!("{groups:?}") };
        assert_eq!(first != second, large, "{count}");
    }
}

/// What is handed in while the first is being written, in one group: its answers, and the ledger opened again.
fn in_one_group(said: &[Submission], nth: u64) -> (Answers, Ledger<FaultStore<MemoryStore>>) {
    let (gate, groups) = (Arc::new((Mutex::new(false), Condvar::new())), Arc::new(Mutex::new(Vec::new())));
    let inner = FaultStore::new(memory(), nth, Fault::Lost);
    let shared = Shared::new(Ledger::over_store(Gated { inner, gate: gate.clone(), groups }).unwrap());
    let answers = std::thread::scope(|scope| {
        let mut threads = Vec::new();
        for (n, said) in said.iter().enumerate() {
            let (handle, said) = (shared.clone(), said.clone());
            threads.push(scope.spawn(move || handle.submit(said)));
            while shared_waits(&shared, n) {
                std::thread::yield_now();
            }
        }
        *gate.0.lock().unwrap() = true;
        gate.1.notify_all();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let store = shared.into_ledger().unwrap().into_store().inner.reopen();
    (answers, Ledger::over_store(store).unwrap())
}

#[test]
fn a_statement_and_its_redaction_may_be_written_together() {
    let ledger_id = *Ledger::over_store(memory()).unwrap().id().as_bytes();
    let told = statement(factor("acme", "secret"));
    let told_by = |signer: u8, said: &Statement| {
        Submission::sign(&key(signer), ledger_id, 0, std::slice::from_ref(said)).unwrap()
    };
    let redaction = |target: &Statement| {
        statement(json!({"type": "redaction", "by": "operator", "statement": id(target), "reason": "r"}))
    };
    let first = submission(ledger_id, ACME, &[factor("acme", "first")]);
    let behind = submission(ledger_id, ACME, &[factor("acme", "behind")]);
    let group = [first.clone(), told_by(ACME, &told), told_by(OPERATOR, &redaction(&told)), behind.clone()];
    let (answers, ledger) = in_one_group(&group, 0);
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert!(matches!(ledger.said(&id(&told)).unwrap(), Said::Header(_)));
    // One of nothing is refused, and its neighbours are not.
    let unsaid = statement(factor("acme", "unsaid"));
    let lie = [first, told_by(ACME, &told), told_by(OPERATOR, &redaction(&unsaid)), behind];
    let (answers, ledger) = in_one_group(&lie, 0);
    let refused: Vec<bool> = answers.iter().map(Result::is_err).collect();
    assert_eq!(refused, [false, false, true, false]);
    assert!(matches!(ledger.said(&id(&told)).unwrap(), Said::Whole(_)));
    // Where the text could not be taken out, who ordered it hears so; what was written with it is durable and answered.
    let (answers, ledger) = in_one_group(&group, 3);
    let unknown: Vec<bool> = answers.iter().map(Result::is_err).collect();
    assert_eq!(unknown, [false, false, true, false], "{answers:?}");
    assert_eq!(ledger.size(), 5 + 4);
    assert!(ledger.book().redaction_of(&id(&told)).unwrap().is_some());
}

#[test]
fn when_a_write_fails_everyone_who_waits_hears_that_nothing_is_known() {
    for fault in [Fault::Lost, Fault::Persisted, Fault::Torn] {
        for nth in [1, 2] {
            let (said, answers, groups, mut ledger) = nine(nth, fault);
            let failed = if nth == 1 { vec![1] } else { vec![1, 8] };
            assert_eq!(groups, failed, "the groups that were tried");
            let mut kept = 0;
            for (n, answer) in answers.iter().enumerate() {
                match answer {
                    Ok(receipt) => {
                        assert!(nth == 2 && n == 0, "only the first group was written");
                        assert_eq!(ledger.submission(receipt.index).unwrap(), said[0]);
                    }
                    Err(LedgerError::Append(AppendError::Unknown(_))) => {}
                    Err(other) => panic!("{fault:?} {nth}: {other}"),
                }
                kept += usize::from(answer.is_ok());
            }
            let whole = match (nth, fault) {
                (_, Fault::Lost) | (1, Fault::Torn) => kept,
                (1, _) => 1,
                (_, Fault::Persisted) => 9,
                (_, Fault::Torn) => 5,
            };
            assert_eq!(usize::try_from(ledger.size()).unwrap(), 5 + whole, "{fault:?} {nth}");
            // Trying again is safe, whatever happened: each lands once.
            for said in &said {
                ledger.submit(said).unwrap();
            }
            assert_eq!(ledger.size(), 5 + 9);
        }
    }
}

fn chain(n: usize) -> String {
    format!("urn:pact:acme.example:product-id:p{n}")
}

/// Ten products, each made of the next and of electricity; corrections, withdrawals and an alias among them.
fn products(dir: &Path) -> Ledger<FileStore> {
    let mut ledger = filled(dir);
    let made = |n: usize| match n {
        0 => product("acme", &[&chain(0), "urn:gtin:06901234000023"], &["acme"]),
        n => product("acme", &[&chain(n)], &["acme"]),
    };
    submit(&mut ledger, ACME, &(0..10).map(made).collect::<Vec<_>>());
    let said = |n: usize, kwh: &str| {
        let mut value = activity("acme", &[&chain(n)]);
        value["flows"][0]["amount"] = kwh.into();
        if n < 9 {
            let part = json!({"name": "part", "kind": "material", "amount": "1000", "unit": "piece", "product": chain(n + 1)});
            value["flows"].as_array_mut().unwrap().push(part);
        }
        value
    };
    for n in 0..10 {
        submit(&mut ledger, ACME, &[said(n, "100")]);
    }
    let first = id_of(&ledger, &chain(3));
    submit(&mut ledger, ACME, &[with(said(3, "250"), "replaces", first)]);
    let gone = submit(&mut ledger, ACME, &[with(said(4, "999"), "batch", "again")]);
    let gone = log(dir)[usize::try_from(gone).unwrap()][0];
    submit(&mut ledger, ACME, &[withdrawal("acme", &gone)]);
    submit(
        &mut ledger,
        ACME,
        &[with(
            said(0, "7"),
            "outputs",
            json!([{"product": "urn:gtin:06901234000023", "amount": "1", "unit": "piece"}]),
        )],
    );
    ledger
}

fn id_of<S: Reader>(ledger: &Ledger<S>, product: &str) -> StatementId {
    activities_of(ledger, &product.parse().unwrap())[0].id
}

fn activities_of<S: Reader>(ledger: &Ledger<S>, product: &ProductId) -> Vec<Held<Activity>> {
    let part = ledger.inventory_of(std::slice::from_ref(product)).unwrap();
    let same = |other: &ProductId| part.aliases.get(other) == part.aliases.get(product);
    let ours = |held: &&Held<Activity>| held.statement.outputs.iter().any(|output| same(&output.product));
    part.activities.iter().filter(ours).cloned().collect()
}

/// Compares what postings find with what reading everything finds, for every product; how many statements were found.
fn postings_hold<S: Reader>(ledger: &Ledger<S>) -> usize {
    let all = ledger.inventory().unwrap();
    let year = Request {
        period: "2025".parse().unwrap(),
        boundary: None,
        scenario: None,
        batch: None,
        gwp: GwpSet::Ar6,
    };
    let mut found = 0;
    let ids: Vec<ProductId> = all.aliases.keys().cloned().collect();
    for id in ids {
        let same = |other: &ProductId| all.aliases.get(other) == all.aliases.get(&id);
        let expected: Vec<_> = all
            .activities
            .iter()
            .filter(|a| a.statement.outputs.iter().any(|o| same(&o.product)))
            .cloned()
            .collect();
        let got = activities_of(ledger, &id);
        assert_eq!(format!("{got:?}"), format!("{expected:?}"), "{id}");
        found += got.len();
        let part = ledger.inventory_of(std::slice::from_ref(&id)).unwrap();
        assert_eq!(
            format!("{:?}", footprint(&part, &id, &year)),
            format!("{:?}", footprint(&all, &id, &year)),
            "{id}"
        );
    }
    found
}

#[test]
fn postings_find_what_reading_everything_finds() {
    let dir = TempDir::new().unwrap();
    let mut ledger = products(dir.path());
    let found = postings_hold(&ledger);
    assert!(found > 12, "got {found}");
    let last = ledger.inventory_of(&[chain(9).parse().unwrap()]).unwrap();
    assert_eq!(last.activities.len(), 1, "of all the activities only its own");
    ledger.flush().unwrap();
    assert_eq!(postings_hold(&ledger), found, "with the index");
    assert_eq!(postings_hold(&Ledger::read(dir.path()).unwrap()), found, "beside the writer");
    drop(ledger);
    let mut ledger = Ledger::open_with(dir.path(), &holder(), short()).unwrap();
    assert_eq!(postings_hold(&ledger), found, "opened again");
    let more: Vec<String> = (0..40).map(|n| format!("more{n}")).collect();
    submit(&mut ledger, ACME, &factors(&more));
    ledger.flush().unwrap();
    submit(&mut ledger, ACME, &[with(activity("acme", &[&chain(5)]), "batch", "again")]);
    assert_eq!(postings_hold(&ledger), found + 1, "from the index and from memory");
    assert!(activities_of(&ledger, &SCREW.parse().unwrap()).is_empty());
}

#[test]
fn statements_that_name_many_certificates_do_not_stop_the_derived_files() {
    let dir = TempDir::new().unwrap();
    let mut ledger = Ledger::create(dir.path(), genesis(), &key(OPERATOR), 0, &holder()).unwrap();
    fill(&mut ledger);
    let claim = |n: usize| {
        let mut value = reading("acme", PUMP, &format!("wind {n}"));
        value["flows"][0]["instruments"] = json!([{"id": format!("G{n}N1..G{n}N10000"), "kWh": "5000",
            "period": {"start": "2025-01-01", "end": "2026-01-01"}}]);
        value
    };
    submit(&mut ledger, ACME, &(0..3).map(claim).collect::<Vec<_>>());
    submit(&mut ledger, ACME, &factors(&(0..1_100).map(|n| format!("many{n}")).collect::<Vec<_>>()));
    ledger.flush().unwrap();
    drop(ledger);
    let ledger = Ledger::open(dir.path(), &holder()).unwrap();
    let found = ledger.inventory_of(&[PUMP.parse().unwrap()]).unwrap().activities;
    assert_eq!(
        found.iter().filter(|held| !held.statement.flows.iter().all(|f| f.instruments.is_empty())).count(),
        3
    );
}

static PANICS: AtomicU32 = AtomicU32::new(0);

/// Counts the panics of sled, which are expected, and keeps them out of the output.
fn count_contained_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if panic_is_contained() {
                PANICS.fetch_add(1, Ordering::SeqCst);
            } else {
                usual(info);
            }
        }));
    });
}

#[test]
fn derived_files_broken_in_many_ways_never_change_an_answer() {
    count_contained_panics();
    let dir = TempDir::new().unwrap();
    let mut ledger = products(dir.path());
    let found = postings_hold(&ledger);
    ledger.flush().unwrap();
    drop(ledger);
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below.max(1) as u64).unwrap()
    };
    let mut shorter = 0;
    let log = files(&dir.path().join("log"));
    let log = log.iter().map(|file| format!("log/{}", file.file_name().unwrap().to_str().unwrap()));
    let names: Vec<String> = ["index/db", "index/conf"].map(String::from).into_iter().chain(log).collect();
    for round in 0..64 {
        let name = names[round % names.len()].as_str();
        let scratch = TempDir::new().unwrap();
        copy(dir.path(), scratch.path());
        let path = scratch.path().join(name);
        let mut bytes = fs::read(&path).unwrap();
        let used = bytes.iter().rposition(|byte| *byte != 0).map_or(1, |n| n + 1);
        match random(4) {
            0 => bytes.truncate(random(used)),
            1 => {
                let at = random(used);
                bytes.iter_mut().skip(at).take(64).for_each(|byte| *byte = 0);
            }
            2 => {
                let at = random(used);
                bytes.iter_mut().skip(at).take(8).for_each(|byte| *byte ^= 0xa5);
            }
            _ => {
                let at = random(used);
                bytes[at] ^= 1 << random(8);
            }
        }
        fs::write(&path, &bytes).unwrap();
        let what = format!("round {round}: {name}");
        let id = *Ledger::read(scratch.path()).unwrap_or_else(|e| panic!("{what}: {e}")).id().as_bytes();
        if name == "index/db" {
            let twin = TempDir::new().unwrap();
            copy(scratch.path(), twin.path());
            let index = pcf_ledger::store::index::Index::open(&twin.path().join("index"), &id);
            shorter += u32::from(index.is_ok_and(|index| index.scan(b"").unwrap().is_empty()));
        }
        let mut ledger = Ledger::open_with(scratch.path(), &holder(), short()).unwrap();
        assert_eq!(postings_hold(&ledger), found, "{what}");
        ledger.flush().unwrap_or_else(|e| panic!("{what}: {e}"));
        assert_eq!(postings_hold(&ledger), found, "{what}, made again");
        submit(&mut ledger, ACME, &[with(activity("acme", &[&chain(5)]), "batch", "again")]);
        drop(ledger);
        let ledger = Ledger::open_with(scratch.path(), &holder(), short()).unwrap();
        assert_eq!(postings_hold(&ledger), found + 1, "{what}, opened again");
    }
    assert!(shorter > 0, "expected sled to come back empty at least once");
    assert!(!files(&dir.path().join("index")).iter().any(|file| file.to_string_lossy().contains("blobs/")));
}

/// An index of some megabytes, so that sled has several segments of its own, the older ones rewritten.
fn large_index(dir: &Path, ledger_id: &[u8; 32], head: Head) {
    let mut index = Index::open(dir, ledger_id).unwrap();
    for round in 0..6_u8 {
        let entry = |n: u8| (vec![n], Some(vec![n ^ round; 60_000]));
        index.apply(&(0..30).step_by(1 + usize::from(round)).map(entry).collect::<Vec<_>>(), head).unwrap();
    }
    index.flush().unwrap();
}

#[test]
fn where_sled_panics_the_index_is_made_again_and_nobody_notices() {
    count_contained_panics();
    let dir = TempDir::new().unwrap();
    let mut ledger = products(dir.path());
    ledger.flush().unwrap();
    let (found, id) = (postings_hold(&ledger), *ledger.id().as_bytes());
    let head = ledger.into_store().head().unwrap();
    fs::remove_dir_all(dir.path().join("index")).unwrap();
    large_index(&dir.path().join("index"), &id, head);
    let whole = fs::read(dir.path().join("index/db")).unwrap();
    // sled's segments are 512 KiB long; each in turn loses its beginning, gets another's, or the file ends in it.
    let segment = 512 << 10;
    let mut panicked = 0;
    for at in (0..whole.len()).step_by(segment) {
        for how in 0..4 {
            let mut bytes = whole.clone();
            let next = (at + segment) % whole.len().next_multiple_of(segment);
            match how {
                0 => bytes[at..].iter_mut().take(64).for_each(|byte| *byte = 0),
                1 => bytes.truncate(at + 30_000),
                2 => {
                    let other: Vec<u8> =
                        whole[next.min(whole.len() - 1)..].iter().take(4096).copied().collect();
                    bytes[at..].iter_mut().zip(other).for_each(|(byte, other)| *byte = other);
                }
                _ => bytes.extend_from_slice(&whole[at..]),
            }
            fs::write(dir.path().join("index/db"), bytes).unwrap();
            let before = PANICS.load(Ordering::SeqCst);
            let ledger = Ledger::open_with(dir.path(), &holder(), short()).unwrap();
            assert_eq!(postings_hold(&ledger), found, "segment at {at}, way {how}");
            drop(ledger);
            panicked += PANICS.load(Ordering::SeqCst) - before;
            let mut ledger = Ledger::open_with(dir.path(), &holder(), short()).unwrap();
            ledger.flush().unwrap();
            assert_eq!(postings_hold(&ledger), found, "made again");
        }
    }
    assert!(panicked > 0, "expected sled to panic at least once");
}
